"""Whom a programme finds: eligibility, ranking and the register against plain versions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import world

from vru_model.parameters.documents import built_in_names
from vru_model.parameters.register import load_programme
from vru_model.people import AGE_BAND_STARTS, CUSTODY, DEAD
from vru_model.programmes.eligibility import STATUS_OF, all_able, criteria, eligible
from vru_model.programmes.pathway import Cells, Pathway
from vru_model.programmes.ranking import Ranking
from vru_model.programmes.register import EFFECT, Register


@pytest.fixture(scope="module")
def model():
    return world(scale=0.004, years=1)


def may_by_masks(people, residents, rule, places) -> np.ndarray:
    """Return who is eligible, one condition after the other for everybody."""
    state = people.rows.profile[residents]
    age = people.month - state["birth_month"]
    may = (age >= rule.minimum_age_months) & (age < rule.maximum_age_months)
    may &= places[state["neighbourhood"]]
    if rule.sex != "any":
        may &= state["male"] == (rule.sex == "male")
    if rule.statuses:
        may &= np.isin(state["status"], [STATUS_OF[name] for name in rule.statuses])
    else:
        may &= ~np.isin(state["status"], [DEAD, CUSTODY])
    return may


@pytest.mark.parametrize("name", built_in_names("programmes"))
def test_one_pass_finds_whom_masks_over_everybody_find(model, name):
    people, rule = model.people, load_programme(name).eligibility
    places = np.arange(len(model.areas)) % 3 != 0
    everybody = np.arange(people.count, dtype=np.int32)
    expected = everybody[may_by_masks(people, everybody, rule, places)]
    np.testing.assert_array_equal(eligible(people, everybody, rule, places), expected)
    taking_part = np.arange(people.room) % 5 == 0
    found = all_able(people.rows, people.count, people.month, criteria(rule, places), taking_part)
    np.testing.assert_array_equal(found, expected[~taking_part[expected]])


@given(
    scores=st.lists(st.integers(-40, 40), max_size=6000),
    steps=st.lists(st.tuples(st.integers(1, 900), st.integers(1, 900)), min_size=1, max_size=30),
)
@settings(deadline=None, max_examples=40)
def test_a_ranking_is_a_stable_sort_whoever_is_asked_for_and_dropped(scores, steps):
    scores = np.array(scores, float)
    residents = np.arange(len(scores), dtype=np.int32) + 7
    whole = residents[np.argsort(-scores, kind="stable")]
    ranking = Ranking(residents, scores)
    for asked, dropped in steps:
        assert len(ranking) == len(whole)
        np.testing.assert_array_equal(ranking.first(asked), whole[:asked])
        ranking.drop(min(asked, dropped))
        whole = whole[min(asked, dropped) :]


def test_a_large_ranking_is_sorted_whole_in_the_end():
    scores = np.random.default_rng(1).integers(0, 500, 30_000).astype(float)
    residents = np.arange(len(scores), dtype=np.int32)
    ranking = Ranking(residents, scores)
    first = ranking.first(10)
    np.testing.assert_array_equal(first, np.argsort(-scores, kind="stable")[:10])
    everybody = ranking.first(len(residents))
    np.testing.assert_array_equal(everybody, np.argsort(-scores, kind="stable"))


def test_stages_are_counted_by_home_age_and_sex(model):
    people, cells = model.people, Cells(model.place)
    residents = np.flatnonzero(people.alive)[::3].astype(np.int32)
    seen = np.zeros(cells.number, np.int64)
    cells.count(seen, residents, people)
    state, table = people.rows.profile[residents], model.place.neighbourhoods
    bands = np.searchsorted(AGE_BAND_STARTS, (people.month - state["birth_month"]) // 12, "right")
    rows = zip(
        table["local_authority"].to_numpy()[state["neighbourhood"]].tolist(),
        table["deprivation_decile"].to_numpy()[state["neighbourhood"]].tolist(),
        (bands - 1).tolist(),
        state["male"].astype(int).tolist(),
        strict=True,
    )  # fmt: skip
    expected: dict[tuple, int] = {}
    for row in rows:
        expected[row] = expected.get(row, 0) + 1
    filled = np.flatnonzero(seen)
    groups = zip(*(column.tolist() for column in cells.codes(filled).values()), strict=True)
    assert dict(zip(groups, seen[filled].tolist(), strict=True)) == expected


def test_nobody_reaches_a_stage_that_nobody_was_counted_at(model):
    counts = Pathway(Cells(model.place))
    counts.count("offered", np.empty(0, np.int32), model.people)
    assert [*counts.reached()] == [] and counts.total("offered") == 0


def test_two_lines_of_money_share_who_takes_part_and_others_do_not(model):
    effects = np.zeros(3, EFFECT)
    effects["tag"] = [11, 11, 12]
    register = Register(effects)
    register.enrol(0, np.array([3, 4], np.int32), 0, np.array([2, 6]), np.array([False, True]))
    register.enrol(2, np.array([5], np.int32), 0, np.array([9]), np.array([False]))
    marked = []
    for programme, step in ((0, 1), (1, 1), (1, 2), (2, 2)):
        with register.those_taking_part(programme, step, model.people) as taking_part:
            marked.append(np.flatnonzero(taking_part).tolist())
    assert marked == [[3, 4], [3, 4], [4], [5]]
    with register.those_taking_part(0, 6, model.people) as taking_part:
        assert not taking_part.any()
    assert register.number_present(2) == 2


def test_a_register_keeps_all_enrolments_however_many_there_are():
    register = Register(np.zeros(1, EFFECT))
    for start in range(40):
        who = np.arange(50 * start, 50 * (start + 1), dtype=np.int32)
        register.enrol(0, who, start, np.full(50, start + 9), np.zeros(50, bool))
    rows = register.rows
    assert rows["resident"].tolist() == list(range(2000))
    assert rows["start"].tolist() == np.repeat(np.arange(40), 50).tolist()
    assert not rows["dose"].any()
