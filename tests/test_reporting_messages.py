"""What a paper says follows from its numbers, and never says more than they do."""

from dataclasses import replace

import numpy as np
import pytest
from reporting_doubles import comparison_table, estimates, findings, options

from vru_model.reporting import crossing, recorded
from vru_model.reporting.estimates import Estimate, Estimates, averted_message
from vru_model.reporting.measures import ALL_AGES, HEADLINE_MEASURE, HOME_OFFICE_MEASURES, UNDER_25


def estimate(averted, half):
    return Estimate(
        baseline=100.0, scenario=100.0 - averted, averted=averted,
        low80=averted - half, high80=averted + half,
        low95=averted - 2 * half, high95=averted + 2 * half, chance_better=0.9, worlds=24,
    )  # fmt: skip


def message(**found):
    return averted_message(HEADLINE_MEASURE, ALL_AGES, 10, found)


def test_a_clear_result_is_named_with_its_interval_and_the_larger_comes_first():
    assert message(quick=estimate(10, 4), slow=estimate(30, 9)) == (
        "By year 10 the slow strategy averts 20 to 40 sharp-object admissions and the quick "
        "strategy 6 to 14 (80% intervals)"
    )


def test_more_incidents_are_said_as_plainly_as_fewer():
    assert message(quick=estimate(10, 4), slow=estimate(-30, 9)) == (
        "By year 10 the quick strategy averts 6 to 14 sharp-object admissions and the slow "
        "strategy adds 20 to 40 (80% intervals)"
    )


def test_an_interval_that_holds_zero_is_never_called_a_difference():
    assert message(quick=estimate(3, 4), slow=estimate(30, 9)) == (
        "By year 10 the slow strategy averts 20 to 40 sharp-object admissions (80% interval); "
        "the quick strategy cannot be told from the baseline"
    )
    assert message(quick=estimate(3, 4), slow=estimate(-3, 9)) == (
        "By year 10 neither strategy can be told from the baseline in sharp-object admissions"
    )


@pytest.mark.parametrize(("better", "equal", "worlds", "told"), [
    (0.9, 0.0, 20, "90%"), (0.2, 0.7, 20, "20%, same 70%"), (0.25, 0.5, 4, "1 of 4, same 2 of 4"),
])
def test_a_chance_says_how_often_both_have_as_many(better, equal, worlds, told):
    found = replace(estimate(1, 4), chance_better=better, chance_equal=equal, worlds=worlds)
    assert found.chance == told


def test_an_unknown_interval_counts_as_unclear():
    nothing = estimate(3, float("nan"))
    assert nothing.verdict == "unclear"
    assert nothing.interval80 == "not known"


def test_nothing_is_shown_that_the_interval_does_not_bear():
    found = estimate(51.3, 36.0)
    assert (found.central, found.interval80, found.interval95) == ("50", "20 to 90", "−20 to 120")
    barely = estimate(40.0, 38.0)
    assert barely.low80 > 0 and barely.interval80 == "0 to 80"
    assert message(quick=barely) == (
        "By year 10 the quick strategy cannot be told from the baseline in sharp-object admissions"
    )
    assert estimate(0.03, 0.02).verdict == "unclear"


def test_a_comparison_that_lacks_a_cell_is_named():
    with pytest.raises(LookupError, match="no comparison of 'quick'.*year"):
        estimates().get("quick", HEADLINE_MEASURE, UNDER_25, 99)


def test_the_home_office_s_measures_are_those_of_the_analysis():
    from vru_model.analysis import headline

    ours = tuple(measure.name for measure in HOME_OFFICE_MEASURES)
    assert ours == headline.HOME_OFFICE_MEASURES


def test_the_chance_is_counted_over_draws_or_with_one_draw_over_replicates():
    table = comparison_table(np.full(10, 0.02), draws=1)
    table["replicates"] = 8
    found = Estimates({"quick": table}).get("quick", HEADLINE_MEASURE, ALL_AGES, 3)
    assert found.worlds == 8


def leads(*course):
    return {year: estimate(averted, 4) for year, averted in enumerate(course, 1)}


@pytest.mark.parametrize(
    ("course", "text", "year"),
    [
        ((-9, -6, 2, 9), "the slow strategy is behind in year 2 and ahead by year 4", 3),
        ((-9, -9, -9, -9), "the quick strategy is ahead by year 1 and still is by year 4", None),
        ((9, 9, 9, 9), "the slow strategy is ahead by year 1 and stays so", None),
        ((1, -1, 1, 2), "the quick strategy and the slow strategy cannot be told apart in any "
         "year", 3),
        ((-9, -9, -1, 1), "the quick strategy is ahead until year 2; by year 4 the two cannot be "
         "told apart", 4),
        ((-9, -1, -1, -1), "the quick strategy is ahead in year 1; by year 4 the two cannot be "
         "told apart", None),
    ],
)  # fmt: skip
def test_when_one_strategy_overtakes_another(course, text, year):
    lead = leads(*course)
    assert crossing.message(lead, ("quick", "slow")) == text
    assert crossing.crossing_year(lead) == year


def test_one_strategy_alone_overtakes_nobody():
    (block,) = crossing.crossing_blocks(findings(options(strategies=["quick"])))
    assert "one strategy" in block.text


def test_a_baseline_unlike_what_is_recorded_is_said():
    found = findings(options())
    assert "within what is recorded" in recorded.sentence(recorded.checks(found))
    table = found.comparisons["quick"].table
    admissions = table["measure"] == "expected_admissions"
    table["baseline"] = table["baseline"].where(~admissions, 3 * table["baseline"])
    assert "outside what is recorded in admissions (4,400, above 1,300 to 2,100)" in (
        recorded.sentence(recorded.checks(found))
    )
