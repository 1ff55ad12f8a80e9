"""What can be contested on the page of scenarios: tables by one factor, and ranges that widen."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from vru_model.errors import InputError
from vru_model.parameters.accounts.search import load_search_plan
from vru_model.parameters.loading import load_model_parameters
from vru_model.parameters.register import load_programme
from vru_model.parameters.units import AXES, Table
from vru_model.scenario import Scenario
from vru_model.workbook.explore import contest, job, sharing
from vru_model.workbook.explore.contesting import contested_csv
from vru_model.workbook.explore.doubts import assumptions, problem
from vru_model.workbook.explore.draft import Draft
from vru_model.workbook.explore.factor import change_in_words, overridden_by
from vru_model.workbook.explore.saved import Contested, Question, Session

EFFECT = "programmes.focused_deterrence.changes.acting"


@pytest.fixture
def session(tmp_path, monkeypatch):
    monkeypatch.setattr("vru_model.paths.OUTPUTS", tmp_path)
    question = Question(scale=0.002, years=1, draws=2)
    return Session("tiny", "Tiny", question).adding(Draft.from_preset("balanced"))


def named(name, *programmes, overrides=None):
    return next(each for each in assumptions(programmes, overrides) if each.name == name)


def test_every_table_is_offered_and_says_what_a_factor_does_or_why_there_is_none():
    tables = {name: row for name, row in load_model_parameters().parameters.items()
              if isinstance(row.kind, Table)}  # fmt: skip
    found = {each.name: each for each in assumptions([]) if each.cells is not None}
    assert set(found) == set(tables) and len(found) > 15
    for name, each in found.items():
        said = dict(each.rows)
        if each.closed:
            assert each.unit == "years"  # ages: a curve has to begin before it peaks
            assert "vru run" in each.refuses(1.1) and f"{name}." in said["Contesting it"]
        else:
            number = len(AXES[tables[name].kind.axes[0]])
            assert f"All {number} numbers are multiplied by it" in said["What a factor does"]
            assert said["Range of the factor"]
    assert "square each ratio" in dict(found["victims.age"].rows)["What a factor does"]
    assert "square" not in dict(found["services.police"].rows)["What a factor does"]


def test_within_its_ends_a_factor_keeps_every_number_in_its_documented_range(session):
    space = load_search_plan().space
    for each in assumptions([]):
        if each.cells is None or each.closed:
            continue
        row = load_model_parameters().parameters[each.name]
        for factor in {each.cells.low, each.cells.high} - {1.0}:
            assert each.refuses(factor) == "" and problem(session, each.name, factor) == ""
            for name, number in overridden_by(each.name, factor).items():
                low, high = ((space[name].low, space[name].high) if name in space
                             else (row.unit.minimum, row.unit.maximum))
                assert low <= number <= high, (name, factor)
        beyond = each.refuses(each.cells.high + 0.01)
        assert "would leave its documented range" in beyond and each.name in beyond


def test_the_factor_of_recording_by_the_police_is_bounded_by_hand():
    # Emergency departments: 0.5723, believed to be 0.45 to 0.75; deaths: 1, a probability.
    police = named("services.police")
    assert (police.cells.low, police.cells.high) == (0.787, 1.0)
    assert "“emergency department” would leave" in police.refuses(0.7)
    assert "“death” would leave" in police.refuses(1.1)
    assert "nothing" in police.refuses(1.0)


def test_all_numbers_of_a_contested_table_are_times_the_factor_in_every_draw(session):
    contested = Contested("services.police", 1.0, 0.9, "fewer", "a reader", "today")
    _, asked = job.ask(session, job.CONTEST, contested, job.Stage(0.002, 2, 1))
    before = load_model_parameters().central().services.police
    for name in ("baseline_contested", "balanced_contested"):
        scenario = Scenario.load(asked.folder / "strategies" / f"{name}.yaml")
        assert len(scenario.overrides) == 5
        changed = load_model_parameters(overrides=scenario.overrides.values())
        for coefficients in (changed.central(), changed.draw(0, 1), changed.draw(1, 1)):
            assert np.allclose(coefficients.services.police, before * 0.9)


def test_what_was_contested_of_a_table_reads_as_a_factor():
    assert change_in_words("services.police", 1.0, 0.9) == "all its numbers times 0.9"
    assert change_in_words("acting.base", -9.3, -9.0) == "−9 instead of −9.3"
    contested = Contested("services.police", 1.0, 0.9, "fewer", "a reader", "today")
    assert "all its numbers times 0.9" in contested_csv((contested,))
    assert contest.change_in_words is change_in_words  # and so in the table of its effect


def test_a_value_outside_its_range_says_how_to_widen_it_and_that_works(session):
    effect = named(f"{EFFECT}.value", "focused_deterrence")
    said = effect.refuses(-0.9)
    change = next(each for each in load_programme("focused_deterrence").changes
                  if each.target == "acting")  # fmt: skip
    documented = f"{change.low:g} to {change.high:g}".replace("-", "−")
    assert f"outside its documented range, {documented}" in said and "under Range" in said
    line = dict(effect.rows)["Range"].partition("write ")[2].partition(" at the end")[0]
    assert line.startswith(f"overrides: {{{EFFECT}.low: {{value: NUMBER")
    line = line.replace("NUMBER", "-0.9")
    draft = sharing.read_strategy(session.drafts[0].yaml() + line + "\n")
    assert draft.problems == {} and list(draft.own_overrides) == [f"{EFFECT}.low"]
    assert "low: -0.9" not in draft.yaml() and yaml.safe_load(draft.yaml())["overrides"]
    assert Draft.from_document(draft.kept()) == draft  # and stays in the session
    opened = Session("two", "Two", session.question).adding(draft)
    wider = named(f"{EFFECT}.value", "focused_deterrence", overrides=draft.own_overrides)
    assert (wider.low, wider.high) == (-0.9, effect.high)
    assert wider.refuses(-0.9) == "" and problem(opened, wider.name, -0.9) == ""
    assert problem(session, wider.name, -0.9) != ""
    contested = Contested(wider.name, wider.value, -0.9, "more", "a reader", "today")
    _, asked = job.ask(opened, job.CONTEST, contested, job.Stage(0.002, 2, 1))
    scenario = Scenario.load(asked.folder / "strategies" / f"{draft.name}_contested.yaml")
    [programme] = [each for each in scenario.programmes_funded
                   if each.name == "focused_deterrence"]  # fmt: skip
    [change] = [each for each in programme.changes if each.target == "acting"]
    assert (change.low, change.value) == (-0.9, -0.9)


def test_overrides_of_a_programme_go_with_it():
    draft = Draft.from_preset("balanced")
    entry = {"value": 0.5, "reason": "seen here", "author": "the unit"}
    draft = draft.changed(overrides={"programmes.hospital_navigators.reach.take_up": entry})
    assert draft.problems == {} and "take_up" in draft.yaml()
    number = [line.programme for line in draft.lines].index("hospital_navigators")
    assert "take_up" not in draft.without_line(number).yaml()


@pytest.mark.parametrize("grant", [0, 2_000_000])
def test_what_a_file_says_of_the_grant_stays_with_its_strategy(grant):
    text = f"{Draft.from_preset('balanced').yaml()}grant_per_year: {grant}\n"
    draft = sharing.read_strategy(text)
    assert yaml.safe_load(draft.yaml())["grant_per_year"] == grant and draft.problems == {}
    assert Draft.from_document(draft.kept()) == draft


@pytest.mark.parametrize(("part", "said"), [
    ("overrides: {acting.male: {value: 1.2, reason: r, author: a}}", "contest it on the page"),
    ("switches: {trauma: false}", "vru run"),
])  # fmt: skip
def test_a_file_that_changes_the_model_itself_is_refused_and_not_opened_without_it(part, said):
    with pytest.raises(InputError, match=said):
        sharing.read_strategy(f"{Draft.from_preset('balanced').yaml()}{part}\n")


def test_a_range_that_a_programme_s_override_would_drop_silently_is_refused(tmp_path):
    text = Draft.from_preset("balanced").yaml()
    override = (f"overrides: {{{EFFECT}.value: {{value: -0.5, reason: r, author: a, low: -2, "
                "high: 0}}\n")  # fmt: skip
    with pytest.raises(InputError, match=f"override {EFFECT}.low and {EFFECT}.high beside it"):
        sharing.read_strategy(text + override)
