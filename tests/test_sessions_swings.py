"""Strategies compared by criteria that everybody weighs, over stored runs."""

from __future__ import annotations

import numpy as np
import pytest
import session_doubles

from vru_model.errors import InputError
from vru_model.people import AGE_BANDS
from vru_model.scenario import Scenario
from vru_model.workbook.sessions import outcomes, swings, verdict
from vru_model.workbook.sessions.stored import baselines, comparable, stored_runs

SCENARIOS = {name: Scenario.load(name) for name in session_doubles.REDUCTIONS}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def runs(folder):
    return session_doubles.stored(folder, years=4)


@pytest.fixture(scope="module")
def found(runs):
    strategies = {name: runs[name] for name in SCENARIOS}
    return outcomes(runs["baseline"], strategies, SCENARIOS, {"quick": 30.0, "slow": 80.0})


def test_outcomes_by_hand(found):
    # The double: 1 expected injury a cell at level 1; deciles 1 and 2 (weights 1.0 and 0.9) lose
    # the share; two authorities, two sexes, every age; levels 1.05 and 1.26 over two draws.
    in_the_fifth = 2 * 2 * len(AGE_BANDS) * (1.0 + 0.9)
    levels = np.array([1.0, 1.2]) * 1.05
    quick = found.found["injuries_by_year_3"].values[0]
    assert quick == pytest.approx(0.5 * 3 * in_the_fifth * levels)
    # 1,000 residents a cell: the rate of the fifth falls by half of 0.95 for 1,000.
    assert found.found["inequality"].values[0] == pytest.approx(0.5 * 0.95 * levels)
    assert found.found["cost"].values[1] == pytest.approx(4.0)
    assert found.strategies == ("quick", "slow")


def test_a_horizon_beyond_the_run_is_its_last_year_and_is_called_so(found):
    assert "injuries_by_year_4" in found.found and "injuries_by_year_10" not in found.found


def test_swings_run_from_the_worst_to_the_best_and_what_is_alike_is_told(found):
    criteria = found.criteria()
    assert criteria["injuries_by_year_3"].best > criteria["injuries_by_year_3"].worst
    assert found.alike() == ["Money spent on programmes over 4 years"]
    assert (criteria["community_support"].worst, criteria["community_support"].best) == (30, 80)


def test_support_that_is_not_rated_for_all_is_no_criterion(runs):
    strategies = {name: runs[name] for name in SCENARIOS}
    found = outcomes(runs["baseline"], strategies, SCENARIOS, {"quick": 30.0})
    assert swings.SUPPORT not in found.found


def test_less_is_better_turns_the_swing():
    outcome = swings.Outcome("Cost", "£ million", np.array([[4.0, 4.0], [1.0, 1.0]]), False)
    found = swings.Outcomes(("dear", "cheap"), {"cost": outcome}, 2)
    criteria = found.criteria()
    assert (criteria["cost"].worst, criteria["cost"].best) == (4.0, 1.0)
    said = verdict(found, criteria, [{"cost": 100.0}] * 5)
    assert dict(zip(said.strategies["strategy"], said.strategies["score"], strict=True)) == {
        "dear": 0.0, "cheap": 100.0}  # fmt: skip


def test_fewer_than_five_people_see_no_weights(found):
    criteria = found.criteria()
    given = [dict.fromkeys(criteria, 100.0)] * 4
    assert verdict(found, criteria, given) is None
    assert verdict(found, criteria, [*given, given[0]]) is not None


def test_places_over_people_and_draws_by_hand():
    # Two criteria, two strategies: a is best by the first in the first draw alone.
    first = swings.Outcome("First", "points", np.array([[3.0, 1.0], [0.0, 2.0]]))
    second = swings.Outcome("Second", "points", np.array([[0.0, 0.0], [1.0, 1.0]]))
    found = swings.Outcomes(("a", "b"), {"first": first, "second": second}, 2)
    criteria = found.criteria()  # first: 1 to 2; second: 0 to 1
    given = [{"first": 100.0, "second": 0.0}] * 3 + [{"first": 0.0, "second": 100.0}] * 2
    said = verdict(found, criteria, given).strategies.set_index("strategy")
    # Those for the first: a in one draw of two; those for the second: b always.
    assert said.loc["a", "first"] == pytest.approx(3 / 5 * 1 / 2)
    assert said.loc["a", "first_people"] == pytest.approx(3 / 5)
    assert said.loc["a", "first_draws"] == pytest.approx(1 / 2)
    assert said["first"].sum() == pytest.approx(1)
    assert said.loc["a", "mean_rank"] + said.loc["b", "mean_rank"] == pytest.approx(3)


def test_a_tie_is_shared():
    outcome = swings.Outcome("Same", "points", np.array([[1.0, 2.0], [1.0, 2.0], [0.0, 0.0]]))
    found = swings.Outcomes(("a", "b", "c"), {"same": outcome}, 2)
    said = verdict(found, found.criteria(), [{"same": 100.0}] * 5).strategies
    assert list(said["first"]) == [0.5, 0.5, 0.0]


def test_weights_are_shown_as_a_spread_that_adds_up_over_equal_people(found):
    criteria = found.criteria()
    said = verdict(found, criteria, [dict.fromkeys(criteria, 100.0)] * 6)
    assert said.weights["median"].sum() == pytest.approx(100)
    assert set(said.weights) & {"lowest", "highest", "who"} == set()


def test_what_is_not_settled_says_so(found):
    criteria = {name: each for name, each in found.criteria().items()
                if name in ("injuries_by_year_3", "community_support")}  # fmt: skip
    one = {"injuries_by_year_3": 100.0, "community_support": 90.0}
    other = {"injuries_by_year_3": 90.0, "community_support": 100.0}
    said = verdict(found, criteria, [one, one, one, other, other])
    assert "of 5 people" in said.sentence and "of 2 draws" in said.sentence
    sure = verdict(found, criteria, [one] * 5)
    assert "Quick comes first for 5 of 5 people" in sure.sentence


def test_one_strategy_is_no_comparison(runs):
    with pytest.raises(InputError, match="two or more"):
        outcomes(runs["baseline"], {"quick": runs["quick"]}, SCENARIOS)


def test_runs_on_disk_are_offered_where_they_can_be_paired(runs, folder):
    (folder / "broken").mkdir(exist_ok=True)
    (folder / "broken" / "manifest.json").write_text("{}", encoding="utf-8")
    known = stored_runs(folder)
    [baseline] = baselines(known)
    assert baseline.run.run_id == runs["baseline"].run_id
    assert {each.scenario for each in comparable(baseline, known)} == {"quick", "slow"}
