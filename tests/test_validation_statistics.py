"""Statistics of validation against values worked by hand, and what must hold whatever the data."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vru_model.analysis.statistics.association import (
    Parts,
    attributable_share,
    logistic_odds_ratios,
    odds_ratio,
    odds_ratio_of_counts,
    pair_odds_ratio,
    rate_parts,
    rate_ratio,
    stratified_rate_parts,
    stratified_rate_ratio,
)
from vru_model.analysis.statistics.clustering import (
    gini,
    morans_i,
    near_repeats,
    rank_correlation,
    top_share,
)
from vru_model.analysis.statistics.triggers import case_crossover_ratio

COUNTS = st.lists(st.integers(0, 20), min_size=2, max_size=12).filter(lambda found: sum(found) > 0)


def people(table):
    """Return exposure and outcome of the people in a fourfold table (a, b, c, d)."""
    a, b, c, d = table
    exposed = np.repeat([True, True, False, False], [a, b, c, d])
    return exposed, np.repeat([True, False, True, False], [a, b, c, d])


def test_odds_ratios():
    assert odds_ratio(*people((10, 20, 5, 40))) == pytest.approx(4.0)
    # An empty cell: (10.5 x 40.5) / (20.5 x 0.5).
    assert odds_ratio_of_counts(10, 20, 0, 40) == pytest.approx(10.5 * 40.5 / (20.5 * 0.5))
    assert np.isnan(odds_ratio_of_counts(0, 0, 5, 40))


def test_siblings_enter_as_either():
    # One pair both, two pairs one, four neither: 4 x 1 x 4 / 2^2.
    assert pair_odds_ratio(1, 2, 4) == pytest.approx(4.0)


def test_one_feature_gives_the_crude_odds_ratio():
    exposed, outcome = people((10, 20, 5, 40))
    assert logistic_odds_ratios(outcome, exposed[:, None])[0] == pytest.approx(4.0, rel=1e-6)


def test_adjusting_undoes_confounding():
    # Within each stratum the odds ratio is 1; the exposed are mostly in the stratum at risk.
    risky, safe = people((40, 40, 10, 10)), people((2, 18, 8, 72))
    exposed = np.concatenate([risky[0], safe[0]])
    outcome = np.concatenate([risky[1], safe[1]])
    stratum = np.repeat([1.0, 0.0], [100, 100])
    assert odds_ratio(exposed, outcome) == pytest.approx(42 * 82 / (58 * 18))
    adjusted = logistic_odds_ratios(outcome, np.column_stack([exposed, stratum]))
    assert adjusted[0] == pytest.approx(1.0, rel=1e-6)


def test_a_regression_says_when_it_cannot_answer():
    assert np.isnan(logistic_odds_ratios([0, 0, 0], [[0], [1], [1]])).all()
    assert np.isnan(logistic_odds_ratios([0, 1, 1, 0], [[1, 1], [2, 2], [3, 3], [4, 4]])).all()


def test_rate_ratios():
    assert rate_ratio(4, 10, 2, 20) == pytest.approx(4.0)
    assert np.isnan(rate_ratio(4, 10, 0, 20))
    # 2/10 against 1/10, and 8/10 against 4/10: 2 in each stratum.
    exposed, events = [True, False, True, False], [2, 1, 8, 4]
    assert stratified_rate_ratio(exposed, events, [10] * 4, [0, 0, 1, 1]) == pytest.approx(2.0)
    # Rates of 0.2 and 0.8 in both groups, unevenly mixed: 1 within, 2.2 crude.
    events, time = [2, 18, 64, 16], [10, 90, 80, 20]
    assert stratified_rate_ratio(exposed, events, time, [0, 0, 1, 1]) == pytest.approx(1.0)
    assert rate_ratio(66, 90, 34, 110) == pytest.approx(66 / 90 / (34 / 110))
    assert np.isnan(stratified_rate_ratio([True], [1], [1], [0]))


def test_parts_of_two_worlds_add_up_to_the_ratio_within_both():
    one = stratified_rate_parts([True, False], [2, 1], [10, 10], [0, 0])
    other = stratified_rate_parts([True, False], [8, 4], [10, 30], [0, 0])
    both = Parts(one.over + other.over, one.under + other.under)
    events, time = [2, 1, 8, 4], [10, 10, 10, 30]
    assert both.ratio == stratified_rate_ratio([True, False] * 2, events, time, [0, 0, 1, 1])
    assert one == rate_parts(2, 10, 1, 10)
    assert np.isnan(rate_parts(0, 0, 0, 0).ratio)


def test_attributable_share():
    # Half exposed to a threefold risk: 0.5 x 2 / (1 + 0.5 x 2).
    assert attributable_share([0.5], [3.0]) == pytest.approx(0.5)
    assert attributable_share([0.2, 0.1], [2.0, 5.0]) == pytest.approx(0.6 / 1.6)


def test_gini():
    assert gini([0, 0, 0, 4]) == pytest.approx(0.75)
    assert gini([1, 3]) == pytest.approx(0.25)
    # Lorenz points (0.75, 0.25), (1, 1): area 0.09375 + 0.15625.
    assert gini([1, 3], [3, 1]) == pytest.approx(0.5)
    assert np.isnan(gini([0, 0]))


@given(COUNTS)
def test_gini_is_nought_where_rates_are_equal_and_below_one(counts):
    present = np.array([max(count, 1) for count in counts])
    assert gini(present * 3, present) == pytest.approx(0.0, abs=1e-9)
    assert -1e-9 <= gini(counts) < 1


def test_top_shares():
    assert top_share([6, 2, 1, 1], 0.25) == pytest.approx(0.6)
    assert top_share([6, 2, 1, 1], 0.125) == pytest.approx(0.3)
    assert top_share([2, 2, 2, 2], 0.25) == pytest.approx(0.25)
    assert top_share([6, 2, 1, 1], 0.25, rank_by=[1, 2, 3, 4]) == pytest.approx(0.1)
    with pytest.raises(ValueError, match="top share"):
        top_share([1], 0.0)


@given(COUNTS, st.floats(0.01, 1.0), st.randoms(use_true_random=False))
def test_the_top_holds_at_least_its_share_in_any_order(counts, top, random):
    found = top_share(counts, top)
    assert top - 1e-9 <= found <= 1 + 1e-9
    random.shuffle(counts)
    assert top_share(counts, top) == pytest.approx(found)


def test_morans_i():
    line = [[0, 1], [1, 2], [2, 3]]
    assert morans_i([1, 1, 0, 0], line) == pytest.approx(1 / 3)
    assert morans_i([1, 0, 1, 0], line) == pytest.approx(-1.0)
    assert np.isnan(morans_i([1, 1, 1, 1], line))
    assert np.isnan(morans_i([1, 0], np.empty((0, 2), int)))


def test_near_repeats_by_hand():
    # One of six pairs lies in one place within a week; 2 x 3 / 6 are expected.
    assert near_repeats(list("AABB"), [0, 1, 0, 5], 0, 1) == pytest.approx((1.0, 1.0))
    assert near_repeats(list("AABB"), [0, 1, 0, 5], 2, 9) == pytest.approx((1.0, 1.0))
    assert near_repeats(["A"], [0], 0, 1)[0] == 0


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4)), min_size=2, max_size=5),
       st.integers(0, 2), st.integers(0, 2))
def test_expected_near_repeats_are_the_mean_over_all_shuffles(events, first, more):
    place, week = np.array(events).T
    shuffled = [near_repeats(place, np.array(dates), first, first + more)[0]
                for dates in itertools.permutations(week)]
    expected = near_repeats(place, week, first, first + more)[1]
    assert expected == pytest.approx(np.mean(shuffled))


def test_rank_correlation():
    assert rank_correlation([1, 2, 3, 4], [10, 20, 30, 1000]) == pytest.approx(1.0)
    # Ranks 1 2 3 against 2 1 3: 1 - 6 x 2 / (3 x 8).
    assert rank_correlation([1, 2, 3], [5, 4, 6]) == pytest.approx(0.5)
    assert np.isnan(rank_correlation([1, 2], [1, 2]))


def test_case_crossover_by_hand():
    # Exposed in the week before the act, and in one of four control weeks.
    assert case_crossover_ratio([7], [10], [7, 7], [9, 5], (1, 1), (3, 6)) == pytest.approx(4.0)
    # Somebody else's exposure, a second one in the same week and an early act change nothing.
    assert case_crossover_ratio(
        [7, 7], [10, 2], [7, 7, 7, 8], [9, 5, 5, 9], (1, 1), (3, 6)
    ) == pytest.approx(4.0)
    assert np.isnan(case_crossover_ratio([7], [10], [7], [9], (1, 1), (3, 6)))


def test_case_crossover_finds_nothing_in_what_does_not_trigger():
    draws = np.random.default_rng(3)
    person, week = draws.integers(0, 40, 6000), draws.integers(0, 100, 6000)
    exposed, when = draws.integers(0, 40, 900), draws.integers(0, 100, 900)
    ratio = case_crossover_ratio(person, week, exposed, when, (1, 1), (9, 30))
    assert ratio == pytest.approx(1.0, abs=0.06)
