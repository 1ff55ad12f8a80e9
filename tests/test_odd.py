"""docs/ODD.md says what the program does, and its written-out parts are up to date."""

import re

import pytest

from vru_model.analysis import odd
from vru_model.model import ViolenceModel
from vru_model.parameters import load_model_parameters

PAGE = odd.FILE.read_text("utf-8")


def test_the_page_is_up_to_date():
    assert odd.renewed(PAGE) == PAGE, "run `python -m vru_model.analysis.odd`"


def test_the_seven_elements_of_the_protocol_stand_in_their_order():
    headings = re.findall(r"^## (\d+)\. (.+)$", PAGE, re.MULTILINE)
    assert [title for _, title in headings[:7]] == [
        "Purpose and patterns", "Entities, state variables and scales",
        "Process overview and scheduling", "Design concepts", "Initialisation", "Input data",
        "Submodels",
    ]  # fmt: skip
    assert [int(number) for number, _ in headings] == list(range(1, len(headings) + 1))
    assert headings[-1][1] == "What the model cannot know"


def test_the_order_of_a_step_is_the_order_in_which_phases_run():
    order = odd.order_of_step()
    numbers = [phase.number for phase, _ in order]
    assert numbers == [1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 7, 8, 9, 10, 11, 12]
    assert [arguments for _, arguments in order if arguments] == ["echoes=True"]
    model = ViolenceModel(scale=0.002, years=1)
    model.schedule.calls.clear()
    model.schedule.seconds.clear()
    model.step()
    assert model.schedule.calls == list(dict.fromkeys(phase.method for phase, _ in order))


def test_the_warm_up_leaves_out_demography_early_life_programmes_and_counting():
    left_out = {phase.number for phase, _ in odd.order_of_step()} - {
        phase.number for phase, _ in odd.order_of_warm_up()
    }
    assert left_out == {2, 3, 6, 8, 12}


def test_every_parameter_stands_on_the_page():
    for name in load_model_parameters().parameters:
        section, _, field = name.partition(".")
        table = PAGE.split(f"**{section}**: ")[1].split("\n\n**")[0]
        assert f"| `{field}` |" in table, name


def test_a_page_without_its_markers_is_refused():
    with pytest.raises(ValueError, match="begin phases"):
        odd.renewed(PAGE.replace("<!-- begin phases", "<!-- start phases"))


def test_a_stale_block_is_seen():
    assert odd.renewed(PAGE.replace("| 12 | collection |", "| 12 | counting |")) == PAGE


def test_a_state_without_words_is_refused(monkeypatch):
    monkeypatch.delitem(odd.RESIDENT_MEANINGS, "trauma_until")
    with pytest.raises(ValueError, match="trauma"):
        odd.generated()
