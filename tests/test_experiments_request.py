"""What is asked is checked whole before the first byte is written."""

from __future__ import annotations

import doubles
import pytest

from vru_model.errors import InputError
from vru_model.experiments.request import STEPS, Request, check_numbers, check_out, make_folder
from vru_model.experiments.runner import in_turn
from vru_model.experiments.world import WorldKey
from vru_model.processes.calendar import STEPS_PER_YEAR
from vru_model.provenance import code_version

GOOD = {
    "scale": 0.1, "years": 10, "step": "month", "draws": 1, "replicates": 1, "seed": 1,
    "population_seed": 1, "workers": None, "cluster": None, "incidents": False, "people": False,
}  # fmt: skip


def test_good_numbers_pass_at_both_ends():
    assert check_numbers(GOOD) == []
    assert check_numbers(GOOD | {"scale": 1, "years": 25, "workers": 1, "seed": 0}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scale", 0), ("scale", 1.01), ("scale", float("nan")), ("scale", "0.1"), ("scale", True),
        ("years", 0), ("years", 26), ("years", 2.5), ("draws", 0), ("replicates", -1),
        ("seed", -1), ("seed", 2**63), ("population_seed", None), ("workers", 0), ("step", "mnth"),
    ],
)  # fmt: skip
def test_each_wrong_number_is_named_with_what_was_given(name, value):
    (problem,) = check_numbers(GOOD | {name: value})
    assert problem.name == name
    assert problem.given == repr(value)


def test_every_wrong_number_is_named_at_once():
    wrong = {"scale": 2, "years": 0, "draws": 0, "replicates": 0, "seed": -1, "workers": 0}
    assert {problem.name for problem in check_numbers(GOOD | wrong)} == set(wrong)


def test_a_folder_that_cannot_be_written_is_refused_without_a_trace(tmp_path):
    (tmp_path / "file").write_text("")
    assert check_out(tmp_path / "new" / "deep") == []
    assert not (tmp_path / "new").exists()
    (problem,) = check_out(tmp_path / "file" / "runs")
    assert "is a file" in problem.hint
    with pytest.raises(InputError, match="written"):
        make_folder(tmp_path / "file" / "runs")


def test_a_request_names_its_worlds_and_tables():
    request = Request(doubles.setting(), draws=2, replicates=2, people=True)
    keys = [world.key for world in request.worlds]
    assert keys == [WorldKey(0, 0), WorldKey(0, 1), WorldKey(1, 0), WorldKey(1, 1)]
    assert request.tables == ("measures", "neighbourhoods", "people")
    assert [world.draw for world in request.worlds] == [0, 0, 1, 1]
    central = Request(doubles.setting(parameter_values="central"), draws=1, replicates=2)
    assert [world.draw for world in central.worlds] == [None, None]


def test_processes_take_different_draws_before_further_replicates():
    worlds = Request(doubles.setting(), draws=3, replicates=2).worlds
    keys = [(world.key.draw, world.key.replicate) for world in in_turn(worlds, 2)]
    assert keys == [(0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (2, 1)]
    assert in_turn(worlds, 1) == worlds


def test_labels_of_worlds_are_read_back():
    for key in (WorldKey(0, 3), WorldKey(12345, 9)):
        assert WorldKey.from_label(key.label) == key
    with pytest.raises(ValueError):
        WorldKey.from_label("measures")


def test_the_code_version_follows_the_sources_that_make_numbers(tmp_path, monkeypatch):
    package = tmp_path / "vru_model"
    (package / "processes").mkdir(parents=True)
    (package / "analysis").mkdir()
    for name in ("__init__.py", "model.py", "cli.py", "processes/acting.py", "analysis/words.py"):
        (package / name).write_text(f"# {name}\n")
    monkeypatch.setattr("vru_model.provenance.__file__", str(package / "provenance.py"))

    def version() -> str:
        code_version.cache_clear()
        return code_version()

    try:
        first = version()
        (package / "analysis" / "words.py").write_text("new words\n")
        (package / "cli.py").write_text("new options\n")
        (package / "model.py").write_bytes(b"# model.py\r\n")
        assert version() == first
        (package / "processes" / "acting.py").write_text("new numbers\n")
        assert version() != first
    finally:
        code_version.cache_clear()


def test_the_steps_are_those_of_the_calendar():
    assert tuple(STEPS_PER_YEAR) == STEPS


def test_the_code_version_is_twelve_digits_and_stays():
    assert code_version() == code_version() and len(code_version()) == 12
