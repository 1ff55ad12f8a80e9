"""What the programme paper reads from stored runs agrees with what the comparison says of them."""

import pytest
from board_doubles import board_options

from vru_model.experiments.batch import run_many
from vru_model.reporting.board.case import BASELINE, ENDED, STRATEGY, BoardCase, load_case
from vru_model.reporting.board.programme.place_map import map_blocks
from vru_model.reporting.board.programme.readings import Readings
from vru_model.reporting.measures import ALL_AGES, HEADLINE_GROUP, HEADLINE_MEASURE, Measure

YEARS = 2
ADMISSIONS = Measure("expected_admissions", "Admissions.")


@pytest.fixture(scope="module")
def readings(tmp_path_factory):
    """Return readings of tiny runs of three scenarios."""
    options = board_options(years=YEARS, draws=2, scale=0.003, ending="grant_ends_after_1")
    scenarios = load_case(options)
    chosen = [scenarios[part] for part in (BASELINE, STRATEGY, ENDED)]
    runs = run_many(
        chosen, place=options.place, scale=options.scale, years=YEARS, draws=2, replicates=1,
        seed=1, out=tmp_path_factory.mktemp("runs"), workers=1,
    )  # fmt: skip
    named = {each.name: run for each, run in zip(chosen, runs, strict=True)}
    return Readings(BoardCase(options, scenarios, named))


def estimate(readings, measure, group, year, window="by year"):
    name = readings.case.strategy.name
    return readings.case.alone.estimates.get(name, measure, group, year, window)


def test_a_span_of_years_is_what_the_comparison_counts(readings):
    whole = readings.span(STRATEGY, 1, YEARS)
    expected = estimate(readings, HEADLINE_MEASURE, HEADLINE_GROUP, YEARS)
    for name in ("averted", "low80", "high95", "baseline"):
        assert getattr(whole, name) == pytest.approx(getattr(expected, name), abs=1e-6)
    after = readings.span(STRATEGY, 2, 2)
    in_year = estimate(readings, HEADLINE_MEASURE, HEADLINE_GROUP, 2, "in year")
    assert after.averted == pytest.approx(in_year.averted, abs=1e-6)


def test_what_the_end_of_the_money_loses_is_the_difference_of_the_two(readings):
    lost = readings.spans_lost(STRATEGY, ENDED, 2, 2)
    assert lost.averted == pytest.approx(
        readings.span(STRATEGY, 2, 2).averted - readings.span(ENDED, 2, 2).averted, abs=1e-6
    )


def test_a_course_is_the_baseline_s_count_year_by_year(readings):
    course = readings.course(HEADLINE_MEASURE.key, BASELINE)
    found = [estimate(readings, HEADLINE_MEASURE, ALL_AGES, year, "in year").baseline
             for year in (1, 2)]  # fmt: skip
    assert course["mean"].to_list() == pytest.approx(found)


@pytest.mark.parametrize("name", ["by_deprivation", "by_age", "by_sex", "by_authority"])
def test_groups_add_up_to_the_whole(readings, name):
    table = getattr(readings, name)
    whole = estimate(readings, ADMISSIONS, ALL_AGES, YEARS)
    assert table["baseline"].sum() == pytest.approx(whole.baseline)
    assert table["averted"].sum() == pytest.approx(whole.averted, abs=1e-6)
    assert 2.5e6 < table["people"].sum() < 3.3e6


def test_authorities_come_in_the_order_of_their_codes(readings):
    codes = {each.name: each.code for each in readings.place.authorities}
    found = [codes[name] for name in readings.by_authority["group"]]
    assert found == sorted(found) and len(found) == 7


def test_there_is_no_map_of_synthetic_neighbourhoods(readings):
    (words,) = map_blocks(readings.case, readings)
    assert words.text.startswith("There is no map")


def test_every_issue_of_the_needs_assessment_is_read(readings):
    assert readings.needs["issue"].is_unique and len(readings.needs) > 10
    assert readings.inequality(STRATEGY)["measure"].to_list() == ["admissions"]
