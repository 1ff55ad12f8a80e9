"""A whole analysis: on differences that are known, and on a tiny model from the command line."""

import io
import re
from dataclasses import replace
from zlib import crc32

import numpy as np
import pandas as pd
import pytest
import yaml
from rich.console import Console
from typer.testing import CliRunner
from worlds import changed

from vru_model.analysis.sensitivity import Design, biggest_assumption, sensitivity, study
from vru_model.analysis.sensitivity.asking import ask
from vru_model.analysis.sensitivity.assumptions import assumptions, varied
from vru_model.analysis.sensitivity.pairs import Pair, Pairs
from vru_model.analysis.sensitivity.rendering import render_study
from vru_model.cli import app
from vru_model.errors import InputError
from vru_model.experiments.results import Run
from vru_model.parameters import load_model_parameters
from vru_model.reporting.lettering import outside
from vru_model.reporting.sensitivity.chart import alt, message, tornado
from vru_model.reporting.sensitivity.writing import write_study
from vru_model.reporting.verification.runs import verify_run
from vru_model.scenario import Scenario

STRONG, WEAK = "acting.male", "grievance.decay"
DESIGN = Design(16, 2, 8, 60, 1, 8, 5, 8)
MANIFEST = {
    "place": {"title": "Somewhere"}, "run_id": "a-run", "attribution": ["Contains data."],
    "scenario": {"title": "Things as they are"},
}  # fmt: skip


class Known(Pairs):
    """Differences known in closed form, with chance: 20 - 100 (male - 1.2) + (decay - 2)."""

    def at(self, points, replicates, title):
        found = []
        for values in points:
            seed = crc32(repr(sorted(values.items())).encode())
            chance = np.random.default_rng(seed).normal(0.0, 2.0, replicates)
            averted = 20.0 - 100.0 * (values.get(STRONG, 1.2) - 1.2) + values.get(WEAK, 2.0) - 2.0
            before = np.full(replicates, 1000.0)
            found.append(Pair(values, before, before - averted - chance, "b-1", "o-1",
                              self.relative))  # fmt: skip
        return found


@pytest.fixture
def known(monkeypatch, tmp_path):
    """Let an analysis meet the known differences instead of the model."""
    monkeypatch.setattr(study, "Pairs", Known)
    monkeypatch.setattr(Run, "manifest", MANIFEST)
    options = {"only": ["acting", "grievance"], "design": DESIGN, "out": tmp_path}
    return lambda **changes: sensitivity("baseline", "quick", **(options | changes))


def shown(found):
    console = Console(file=io.StringIO(), width=220)
    for block in render_study(found):
        console.print(block, highlight=False)
    return console.file.getvalue()


def test_the_assumption_that_moves_the_difference_comes_first_and_its_zero_is_found(known):
    found = known()
    first = found.table.iloc[0]
    assert first["name"] == STRONG and first["verdict"] == "flips"
    assert first["switch"] == pytest.approx(1.4, abs=0.02)
    assert first["at_low"] == pytest.approx(50.0, abs=4.0)
    assert first["total"] == pytest.approx(1.0, abs=0.1)
    assert found.emulator.predicts and STRONG in found.emulated
    assert found.central.difference == pytest.approx(20.0, abs=2.0)
    dismissed = found.table.set_index("name")["dismissed"]
    assert not dismissed[STRONG] and dismissed.mean() > 0.7
    others = found.table.set_index("name").drop(STRONG)
    assert not others["verdict"].isin(["flips", "may flip"]).any()
    assert found.enough.chance == pytest.approx(2.0, rel=0.3)
    assert found.ranked_by.startswith("Sobol")


def test_a_relative_difference_is_read_in_per_cent_of_the_base(known):
    number, share = known(), known(relative=True)
    assert share.central.difference == pytest.approx(number.central.difference / 10.0)
    assert share.table.iloc[0]["switch"] == pytest.approx(number.table.iloc[0]["switch"])
    assert share.enough.replicates == number.enough.replicates
    assert "per cent of the admissions" in share.headline


def test_without_an_emulator_morris_ranks(known):
    found = known(design=replace(DESIGN, emulator_points=0))
    assert found.emulator is None and found.ranked_by.startswith("Morris")
    assert found.table.iloc[0]["name"] == STRONG and found.table["total"].isna().all()
    assert found.enough.draws is None


def test_what_is_shown_and_written_says_the_same(known, tmp_path):
    found = known()
    text = " ".join(shown(found).split())
    for words in ("averted by year 5", "Acting: log rate ratio of males", "flips at 1.",
                  "It predicts", "Modelled, not recorded", "no longer calibrated",
                  "replicates"):  # fmt: skip
        assert words in text, words
    files = write_study(found, tmp_path / "out")
    assert [file.name for file in files] == [
        "assumptions.csv", "points.csv", "tornado.png", "tornado.svg", "sensitivity.md",
    ]  # fmt: skip
    table = pd.read_csv(files[0])
    assert list(table["name"]) == list(found.table["name"])
    assert table["source"].str.contains("Modelled").all() and (table["base_at_low"] == "b-1").all()
    page = files[-1].read_text("utf-8")
    assert alt(found) in page and message(found) in page and page.count("| `") == 0
    assert re.search(r"!\[.+\]\(tornado\.png\)", page)
    assert write_study(found, tmp_path / "again")[2].read_bytes() == files[2].read_bytes()


def test_a_paper_reads_the_biggest_assumption_from_the_study_or_its_folder(known, tmp_path):
    found = known()
    write_study(found, tmp_path / "out")
    for source in (found.table, tmp_path / "out"):
        biggest = biggest_assumption(source)
        assert biggest.name == STRONG and biggest.verdict == "flips"
        row = load_model_parameters().parameters[STRONG]
        words = (f"Acting: log rate ratio of males (taken as {row.value:.3g}, believed "
                 f"{row.low:g} to {row.high:g}; log ratio).")
        assert biggest.sentence.startswith(words)
        assert f"would turn the comparison round at {biggest.switch:.3g} (by" in biggest.sentence
    assert found.biggest == biggest_assumption(found.table)
    with pytest.raises(InputError, match="assumptions.csv"):
        biggest_assumption(tmp_path / "nothing")


def test_the_chart_says_its_message_and_labels_its_bars(known):
    found = known()
    figure = tornado(found)
    texts = [text.get_text() for text in figure.axes[0].texts]
    title = figure.get_suptitle().replace("\n", " ")
    assert title == message(found) and "1 of the 5" in title and "“Acting: log" in title
    assert "no difference" in texts and {"0.9", "1.6"} <= set(texts)
    assert not outside(figure)
    assert "(grey: chance, 95%)" in " ".join(texts)


def test_what_is_uncertain_is_found_and_what_a_scenario_chooses_is_not():
    base, quick = Scenario.baseline(), Scenario.load("quick")
    names = [each.name for each in assumptions(base, quick)]
    assert len(names) == len(set(names)) and "acting.male" in names
    assert "programmes.focused_deterrence.changes.acting.value" in names
    assert "programmes.focused_deterrence.cost.unit_cost" in names
    chosen = changed({"acting.male": 1.0}, base="quick")
    assert "acting.male" not in [each.name for each in assumptions(base, chosen)]
    few = assumptions(base, quick, ["acting", "programmes.hot_spot_patrol"])
    assert {each.name.split(".")[0] for each in few} == {"acting", "programmes"}
    with pytest.raises(InputError, match="acting"):
        assumptions(base, quick, ["actin"])


def test_a_varied_scenario_holds_its_values_and_loads_again(tmp_path):
    quick = Scenario.load("quick")
    values = {
        "acting.male": 1.0, "programmes.focused_deterrence.changes.acting.value": -0.5,
        "programmes.focused_deterrence.cost.unit_cost": 5000.0,
    }  # fmt: skip
    found = varied(quick, values)
    assert found.parameters().central().acting.male == 1.0
    deterrence = found.programmes["focused_deterrence"]
    assert deterrence.central()["acting"] == -0.5 and deterrence.cost.unit_cost == 5000.0
    assert found.funding == quick.funding and found.digest != quick.digest
    file = tmp_path / "scenario.yaml"
    file.write_text(yaml.safe_dump(found.resolved(), allow_unicode=True))
    assert Scenario.load(file).digest == found.digest
    assert varied(quick, dict(reversed(values.items()))).name == found.name


@pytest.mark.parametrize("probability", [0.001, 0.05, 0.5, 0.95, 0.999])
def test_every_point_of_a_design_loads_again_even_outside_the_printed_ranges(
    tmp_path, probability
):
    # A normal distribution reaches beyond the 95% interval that a document gives as its range, and
    # a gamma beyond that of the normal for which it stands.
    base, balanced = Scenario.baseline(), Scenario.load("balanced")
    asked = assumptions(base, balanced)
    found = varied(balanced, {each.name: each.at(probability) for each in asked})
    outside = [each for each in asked if not each.low <= each.at(probability) <= each.high
               and each.distribution != "gamma"]
    assert bool(outside) == (probability in (0.001, 0.999))
    file = tmp_path / "scenario.yaml"
    file.write_text(yaml.safe_dump(found.resolved(), allow_unicode=True))
    again = Scenario.load(file)
    assert again.digest == found.digest and again.resolved() == found.resolved()
    # The same in every draw, as an override of the model's own numbers is.
    for programme in found.programmes.values():
        for change in programme.changes:
            assert change.drawn(0.1) == change.value == change.drawn(0.9)
        assert programme.cost.drawn(0.1) == programme.cost.unit_cost


def test_only_what_concerns_a_scenario_changes_it():
    base = Scenario.baseline()
    cost = {"programmes.focused_deterrence.cost.unit_cost": 5000.0}
    assert varied(base, cost) is base and varied(base, {}) is base
    assert varied(base, cost | {"acting.male": 1.0}).digest == varied(
        base, {"acting.male": 1.0}).digest  # fmt: skip


def test_everything_wrong_is_told_at_once(tmp_path):
    with pytest.raises(InputError) as wrong:
        sensitivity("baseline", "quik", measure="admision", group="old", year=9, precision="2",
                    design=Design(trajectories=1), scale=3, out=tmp_path / "new")  # fmt: skip
    text = str(wrong.value)
    for words in ("'quick'", "'admissions'", "under 25", "1 to 5", "0.1%", "trajectories", "scale"):
        assert words in text, words
    assert not (tmp_path / "new").exists()
    with pytest.raises(InputError, match="two scenarios that differ"):
        sensitivity("quick", "quick")
    with pytest.raises(TypeError, match="sets these itself: draws"):
        sensitivity("baseline", "quick", draws=20)


def test_more_effort_is_more_worlds_in_every_part():
    half, twice = Design().times(0.05), Design().times(2)
    assert half.central_replicates == 2 and half.trajectories == 2 and half.replicates == 1
    assert twice.trajectories == 12 and twice.top == Design().top and not half.problems()
    question = ask("baseline", "quick", measure="admissions", group="all ages", year=None,
                   relative=False, only=None, precision=0.01, design=half, options={})  # fmt: skip
    assert question.year == 5 and question.options["scale"] == 0.03


TINY = ["--only", "acting.male", "--only", "programmes.focused_deterrence.changes.acting",
        "--scale", "0.003", "--years", "1", "--effort", "0.1", "--workers", "1"]  # fmt: skip


def test_the_command_prints_and_writes_and_answers_again_from_disk(tmp_path):
    call = CliRunner().invoke
    first = call(app, ["sensitivity", "quick", *TINY, "--out", str(tmp_path)])
    assert first.exit_code == 0, first.output
    assert "against things as they are" in first.stdout
    assert first.stdout.splitlines()[-1] == str(tmp_path / "sensitivity.md")
    points = pd.read_csv(tmp_path / "points.csv")
    assert set(points["stage"]) >= {"central values", "one at a time", "Morris screening"}
    run = Run.open(points["other_run"].iloc[-1])
    assert run.worlds() and run.manifest["scenario"]["name"].startswith("quick")
    assert verify_run(run, worlds=1, workers=1).same
    for each in (Run.open(name) for name in set(points["base_run"]) | set(points["other_run"])):
        again = Scenario.load(each.folder / "scenario.yaml")
        assert again.digest == each.manifest["identity"]["scenario"], each.run_id
    again = call(app, ["sensitivity", "baseline", "quick", *TINY])
    assert again.exit_code == 0 and again.stdout.splitlines()[0] == first.stdout.splitlines()[0]
    asked = re.findall(r"(\d+) worlds?, (\d+) of them on disk already", again.stderr)
    assert len(asked) >= 3 and all(total == there for total, there in asked)


def test_two_strategies_are_compared_with_each_other(tmp_path):
    found = CliRunner().invoke(app, ["sensitivity", "quick", "slow", *TINY[2:]])
    assert found.exit_code == 0, found.output
    assert "against quick programmes first" in found.stdout


def test_the_command_refuses_everything_wrong_at_once(tmp_path):
    (tmp_path / "file").write_text("")
    shown = CliRunner().invoke(app, ["sensitivity", "quick", "slow", "baseline", "--effort", "0",
                                     "--out", str(tmp_path / "file")])  # fmt: skip
    assert shown.exit_code == 2 and "3 things are wrong" in shown.stderr
