"""Statistics against published worked examples, hand-worked figures, and what must always hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vru_model.analysis.statistics.concentration import (
    atkinson_index,
    concentration_index,
    equally_distributed_equivalent,
)
from vru_model.analysis.statistics.equity import equity_impact, switching_aversion
from vru_model.analysis.statistics.gradients import (
    curvature,
    gradient,
    ridits,
    slope_and_ratio,
    weighted_line,
)
from vru_model.analysis.statistics.rates import (
    byar_limits,
    count_limits,
    crude_rate,
    exact_poisson_limits,
    proportion,
)
from vru_model.analysis.statistics.standardisation import (
    EUROPEAN_STANDARD_POPULATION,
    directly_standardised,
    standard_band,
    standard_weights,
)
from vru_model.analysis.statistics.verdict import verdict
from vru_model.people import AGE_BANDS

groups = st.integers(3, 10).flatmap(
    lambda n: st.tuples(
        st.lists(st.floats(0.5, 500), min_size=n, max_size=n),
        st.lists(st.floats(100, 1e6), min_size=n, max_size=n),
    )
)


def test_exact_limits_are_those_of_the_published_tables():
    # Exact 95% limits of a Poisson count, as in the tables of Documenta Geigy and of
    # Armitage, Berry and Matthews: 0: 0-3.69; 1: 0.03-5.57; 5: 1.62-11.67; 10: 4.80-18.39.
    low, high = exact_poisson_limits([0, 1, 5, 10])
    assert low == pytest.approx([0, 0.0253, 1.6235, 4.7954], abs=5e-5)
    assert high == pytest.approx([3.6889, 5.5716, 11.6683, 18.3904], abs=5e-5)


def test_byar_by_hand():
    # 100 events. Lower: 100 (1 - 1/900 - 1.959964/30)^3 = 100 x 0.9335568^3 = 81.363.
    # Upper: 101 (1 - 1/909 + 1.959964/30.149627)^3 = 101 x 1.0639077^3 = 121.628.
    low, high = byar_limits(100)
    assert low == pytest.approx(81.363, abs=2e-3)
    assert high == pytest.approx(121.628, abs=2e-3)


def test_the_method_changes_at_ten_events():
    found = count_limits([9, 10])
    exact, byar = exact_poisson_limits([9, 10]), byar_limits([9, 10])
    assert found.low == pytest.approx([exact[0][0], byar[0][1]])
    assert found.high == pytest.approx([exact[1][0], byar[1][1]])


def test_byar_is_as_near_to_exact_as_the_guidance_says():
    # Fingertips guidance: within 0.2% of the exact limits from ten events on.
    counts = np.arange(10, 500)
    for approximate, exact in zip(byar_limits(counts), exact_poisson_limits(counts), strict=True):
        assert np.max(np.abs(approximate / exact - 1)) < 0.0021


def test_wilson_by_hand():
    # 65 of 100 (the figures of the APHO briefing's style): (130 + 3.8415 -/+ 1.96 x
    # sqrt(3.8415 + 260 x 0.35)) / (2 x 103.8415) = 0.55254 to 0.73636.
    found = proportion(65, 100)
    assert (found.low, found.high) == (
        pytest.approx(0.55254, abs=5e-5), pytest.approx(0.73636, abs=5e-5)
    )  # fmt: skip
    with pytest.raises(ValueError, match="no more events"):
        proportion(5, 4)


def test_a_rate_scales_with_its_population_and_its_unit():
    found = crude_rate([65, 0], [32_500, 0])
    assert found.value[0] == pytest.approx(200.0) and math.isnan(found.value[1])
    assert crude_rate(65, 32_500, per=1000).high == pytest.approx(found.high[0] / 100)


@given(st.floats(0, 1e6), st.floats(0.5, 0.999))
def test_limits_hold_the_count(events, confidence):
    found = count_limits(events, confidence)
    assert 0 <= found.low <= events <= found.high


@pytest.mark.parametrize("events", [-1, math.nan, math.inf])
def test_impossible_counts_are_refused(events):
    with pytest.raises(ValueError, match="events"):
        count_limits(events)


# Down's syndrome by mother's age, fifth or later births, Michigan 1950-64 (Fleiss 1981, table
# 14.4; used by Fay and Feuer 1997 and by the R package dsrTest, whose vignette prints the
# standardised rate 75.52901 for 100,000 births).
CASES = [0, 8, 63, 112, 262, 295]
BIRTHS = [327, 30_666, 123_419, 149_919, 104_088, 34_392]
STANDARD = [319_933, 931_318, 786_511, 488_235, 237_863, 61_313]


def test_the_published_standardised_rate():
    assert directly_standardised(CASES, BIRTHS, STANDARD).value == pytest.approx(75.52901, abs=5e-6)


def test_dobson_limits_by_hand():
    # Two ages, standard 3:1. Events 20 and 30 among 10,000 and 5,000.
    # Rate: 0.75 x 0.002 + 0.25 x 0.006 = 0.003. Variance: 0.5625 x 20 / 1e8 + 0.0625 x 30 / 2.5e7
    # = 1.125e-7 + 0.75e-7 = 1.875e-7; over 50: 3.75e-9, root 6.1237e-5. Byar on 50: 37.108 to
    # 65.920. Limits for 100,000: 300 + 6.1237 x (37.108 - 50) = 221.05; 300 + 6.1237 x 15.920
    # = 397.49.
    found = directly_standardised([20, 30], [10_000, 5_000], [3, 1])
    assert found.value == pytest.approx(300.0)
    assert (found.low, found.high) == (
        pytest.approx(221.05, abs=0.01), pytest.approx(397.49, abs=0.01)
    )  # fmt: skip


def test_fewer_than_ten_events_give_no_standardised_rate():
    assert math.isnan(directly_standardised([4, 5], [1e4, 1e4], [1, 1]).value)
    assert math.isfinite(directly_standardised([5, 5], [1e4, 1e4], [1, 1]).value)


@given(st.lists(st.integers(1, 500), min_size=19, max_size=19))
def test_with_the_standard_as_population_standardising_changes_nothing(events):
    bands = list(EUROPEAN_STANDARD_POPULATION)
    weights = standard_weights(bands)
    found, crude = directly_standardised(events, weights, weights), crude_rate(sum(events), 1e5)
    assert found.value == pytest.approx(crude.value)
    assert (found.low, found.high) == (
        pytest.approx(byar_limits(sum(events))[0]), pytest.approx(byar_limits(sum(events))[1])
    )  # fmt: skip


def test_the_standard_is_whole_and_the_models_ages_nest_in_it():
    assert sum(EUROPEAN_STANDARD_POPULATION.values()) == 100_000
    assert {standard_band(band) for band in AGE_BANDS} == set(EUROPEAN_STANDARD_POPULATION)
    assert [standard_band(band) for band in ("15", "16-17", "18-19")] == [15, 15, 15]
    with pytest.raises(ValueError, match="within one"):
        standard_band("10-24")


# PHEindicatormethods' own test data (DSR_data, period 2010): rates by deprivation quintile.
QUINTILE_RATES = [150.2200205, 131.0221747, 127.4954973, 130.494241, 135.4664241]
QUINTILE_LOW = [147.3194185, 128.3676972, 125.0421198, 128.2469515, 133.2469515]
QUINTILE_HIGH = [153.1498241, 133.7051129, 129.975513, 132.7657553, 137.8657553]
QUINTILE_PEOPLE = [1_434_002, 1_450_590, 1_453_827, 1_440_980, 1_457_780]


def test_the_slope_is_that_of_the_published_regression():
    # The published method regresses sqrt(a) y on sqrt(a) and b sqrt(a), without an intercept,
    # where a is the share of people and b the midpoint rank.
    share = np.array(QUINTILE_PEOPLE) / sum(QUINTILE_PEOPLE)
    rank = np.cumsum(share) - share / 2
    design = np.stack([np.sqrt(share), rank * np.sqrt(share)], axis=1)
    (start, slope), *_ = np.linalg.lstsq(design, np.sqrt(share) * QUINTILE_RATES, rcond=None)
    sii, rii = slope_and_ratio(QUINTILE_RATES, QUINTILE_PEOPLE)
    assert sii == pytest.approx(-slope)
    assert rii == pytest.approx(start / (start + slope))


def test_slope_index_by_hand():
    # Five equal groups, ridits 0.1 to 0.9. Rates 50, 40, 30, 20, 10 lie on 55 - 50 x rank: the
    # ends are 55 and 5, so the slope index is 50 and the ratio 11.
    sii, rii = slope_and_ratio([50, 40, 30, 20, 10], [1] * 5)
    assert (sii, rii) == (pytest.approx(50), pytest.approx(11))
    # Populations 1, 1, 2: ridits 1/8, 3/8, 3/4. Rates 30, 20, 10: weighted means 1/2 and 17.5;
    # covariance (0.25)(-.375)(12.5) + .25(-.125)(2.5) + .5(.25)(-7.5) = -2.1875; variance
    # .25 x .140625 + .25 x .015625 + .5 x .0625 = .0703125. Slope -31.1111.
    assert ridits([1, 1, 2]) == pytest.approx([0.125, 0.375, 0.75])
    assert weighted_line([30, 20, 10], [1, 1, 2])[1] == pytest.approx(-31.1111, abs=1e-4)


def test_a_log_fit_recovers_an_exponential_gradient():
    # 100 exp(-2 x rank): ends 100 and 13.5335, so slope index 86.4665 and ratio e^2.
    rates = 100 * np.exp(-2 * ridits([1] * 10))
    sii, rii = slope_and_ratio(rates, [1] * 10, "log")
    assert (sii, rii) == (pytest.approx(86.4665, abs=1e-4), pytest.approx(math.exp(2)))
    found = gradient(rates, [1e5] * 10, rates * 0.97, rates * 1.03)
    assert found.convex and found.fit == "log"
    assert found.slope_index[1] < found.slope_index[0] < found.slope_index[2]


def test_a_straight_gradient_is_not_called_convex():
    rates = 100 - 60 * ridits([1] * 10)
    found = gradient(rates, [1e5] * 10, rates * 0.95, rates * 1.05)
    assert not found.convex and found.fit == "linear"


def test_simulated_limits_are_those_of_theory_and_of_the_seed():
    # With equal errors s of each rate the slope's variance is s^2 / sum((b - mean)^2); five
    # equal groups: sum = 0.4, so with s = 1 the standard error is 1.5811.
    rates = np.full(5, 100.0)
    found = gradient(rates, [1] * 5, rates * np.exp(-0.0196), rates * np.exp(0.0196))
    width = found.slope_index[2] - found.slope_index[1]
    assert width == pytest.approx(2 * 1.96 * 1.5811, rel=0.03)
    again = gradient(rates, [1] * 5, rates * np.exp(-0.0196), rates * np.exp(0.0196))
    assert again == found


@given(groups)
def test_perfect_equality_has_no_gradient(values):
    _, people = values
    equal = np.full(len(people), 42.0)
    sii, rii = slope_and_ratio(equal, people)
    assert sii == pytest.approx(0, abs=1e-8) and rii == pytest.approx(1)
    assert concentration_index(equal, people) == pytest.approx(0, abs=1e-9)
    assert atkinson_index(equal, people, 5.0) == pytest.approx(0, abs=1e-9)
    assert curvature(equal, people) == pytest.approx(0, abs=1e-6)


@given(groups, st.floats(0.01, 100))
def test_relative_indices_ignore_the_unit_and_absolute_ones_follow_it(values, factor):
    rates, people = np.array(values[0]), np.array(values[1])
    sii, rii = slope_and_ratio(rates, people)
    scaled = slope_and_ratio(rates * factor, people * 3)
    assert scaled[0] == pytest.approx(sii * factor, rel=1e-6, abs=1e-6 * factor)
    if np.isfinite(rii) and rii < 1e6:
        assert scaled[1] == pytest.approx(rii, rel=1e-5)
    assert concentration_index(rates * factor, people) == pytest.approx(
        concentration_index(rates, people), abs=1e-9
    )


@given(groups)
def test_turning_the_order_round_turns_the_sign(values):
    rates, people = np.array(values[0]), np.array(values[1])
    sii, _ = slope_and_ratio(rates, people)
    turned, _ = slope_and_ratio(rates[::-1], people[::-1])
    assert turned == pytest.approx(-sii, rel=1e-6, abs=1e-6)
    assert concentration_index(rates[::-1], people[::-1]) == pytest.approx(
        -concentration_index(rates, people), abs=1e-9
    )


def test_the_published_concentration_index():
    # Under-five mortality by wealth in India (World Bank, technical note 7, table 1): -0.1694.
    births = [29_939, 28_776, 26_528, 24_689, 19_739]
    mortality = [154.7, 152.9, 119.5, 86.9, 54.3]
    assert concentration_index(mortality, births) == pytest.approx(-0.1694, abs=5e-5)


def test_atkinson_by_hand():
    # Two equal groups with 60 and 70: aversion 1 gives the geometric mean 64.807; aversion 2
    # the harmonic mean 2/(1/60 + 1/70) = 64.615; aversion 0 the mean 65.
    levels, people = [60.0, 70.0], [1, 1]
    found = [equally_distributed_equivalent(levels, people, each) for each in (0, 1, 2)]
    assert found == pytest.approx([65.0, 64.8074, 64.6154], abs=5e-5)
    assert atkinson_index(levels, people, 2) == pytest.approx(1 - 64.6154 / 65, abs=1e-6)


@given(groups, st.floats(0, 30), st.randoms())
def test_the_equivalent_lies_between_worst_and_mean_and_ignores_order(values, aversion, chance):
    levels, people = np.array(values[0]), np.array(values[1])
    found = equally_distributed_equivalent(levels, people, aversion)
    mean = (levels * people).sum() / people.sum()
    assert levels.min() * (1 - 1e-9) <= found <= mean * (1 + 1e-9)
    order = list(range(len(levels)))
    chance.shuffle(order)
    assert equally_distributed_equivalent(levels[order], people[order], aversion) == pytest.approx(
        found
    )


def test_the_four_cells():
    draws = np.linspace(0.99, 1.01, 50)
    worse = [(100 * draws, 120 * draws), (2 * draws, 2.5 * draws)]
    assert verdict(*worse).cell == "worse both ways"
    # All fall by the same share: the absolute gap narrows, the ratio stays.
    same = verdict((100 * draws, 80 * draws), (2 * draws, 2 * draws))
    assert (same.absolute, same.relative) == ("narrows", "cannot be told")
    assert verdict((100 * draws, 90 * draws), (2 * draws, 2.2 * draws)).cell == (
        "absolute better, relative worse"
    )
    assert verdict((1.0, 2.0), (1.0, 2.0)).cell == "neither can be told"
    # Nineteen draws agree, and tell nothing; twenty do.
    few = [tuple(each[:19] for each in pair) for pair in worse]
    assert verdict(*few).cell == "neither can be told"
    assert verdict(*(tuple(each[:20] for each in pair) for pair in worse)).cell == "worse both ways"
    # The change is above nought in 85 draws of 100: not in 90, as an 80% interval asks.
    moved = np.where(np.arange(100) < 15, -1.0, 1.0)
    level = np.full(100, 50.0)
    assert verdict((level, level + moved), (level, level)).absolute == "cannot be told"
    moved[:6] = 1.0
    assert verdict((level, level + moved), (level, level)).absolute == "widens"
    # A ratio that falls below one by more than it was above it is no improvement.
    assert verdict((draws, 0.5 * draws), (1.2 * draws, 0.7 * draws)).relative == "widens"


def test_equity_impact_by_hand():
    # £2m at £20,000 a QALY gives up 100 QALYs, 30 and 20 and ... by share; gains 80, 40, 20.
    found = equity_impact(
        [1000, 1000, 1000], [60, 68, 75], [80, 40, 20], 2e6, 20_000, [0.5, 0.3, 0.2], (0.0, 10.0)
    )
    assert found.given_up == pytest.approx([50, 30, 20])
    assert found.net == pytest.approx([30, 10, 0]) and found.total == pytest.approx(40)
    assert found.weighted[0] == pytest.approx(40, rel=1e-9), "no aversion counts QALYs alike"
    assert found.weighted[1] > 40, "gains of the worst-off count for more"


def test_the_aversion_at_which_the_verdict_turns():
    # The deprived gain 10 and the affluent lose 12: plainly a loss, at some aversion a gain.
    found = equity_impact([1e4, 1e4], [60, 75], [10, -12], 0, 1, [0.5, 0.5], (0, 0.5, 1, 2, 5))
    turned = switching_aversion(found)
    assert turned == 1, "1.25 ** 0.5 weighs the worse-off by less than 1.2, 1.25 by more"
    more = equity_impact([1e4, 1e4], [60, 75], [10, 12], 0, 1, [0.5, 0.5], (0, 0.5, 1, 2, 5))
    assert switching_aversion(more) is None


@given(groups, st.floats(0, 1e7))
def test_health_given_up_adds_up_to_what_the_money_would_buy(values, cost):
    levels, people = np.array(values[0]) + 1, np.array(values[1])
    assume(len(people) > 1)
    shares = people / people.sum()
    found = equity_impact(people, levels * 100, levels, cost, 15_000, shares, (0.0,))
    assert found.given_up.sum() == pytest.approx(cost / 15_000)
    assert found.total == pytest.approx(levels.sum() - cost / 15_000, abs=1e-6)
