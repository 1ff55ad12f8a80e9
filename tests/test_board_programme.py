"""The programme paper says what its numbers say, and no more than they allow."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from board_doubles import GAINS, MadeUpStudy, assumptions
from board_programme_doubles import MadeUpReadings, programme_paper, uptake_row

from vru_model.parameters.accounts.appraisal import load_rules
from vru_model.reporting.blocks import Chart, Panel, Prose, Table
from vru_model.reporting.board import decision
from vru_model.reporting.board.case import ENDED, MAXIMUM, MINIMUM, STRATEGY
from vru_model.reporting.board.programme import (
    ending_section,
    equality_section,
    fans,
    finance_section,
    grant_section,
    milestones_section,
    needs_section,
    options_section,
    risks_section,
)
from vru_model.reporting.board.programme.spells import financial_year, spells, year_words
from vru_model.reporting.measures import HEADLINE_MEASURE, HOME_OFFICE_MEASURES

NOTHING = {part: np.zeros(10) for part in GAINS}
SECTIONS = (
    "front", "decision", "needs", "options", "strategies", "theory", "evidence", "crossing",
    "ending", "grant", "finance", "equality", "place", "assumptions", "switching", "risks",
    "milestones", "plausibility", "changes", "standing", "statements", "provenance", "licence",
)  # fmt: skip


@pytest.fixture(scope="module")
def paper():
    return programme_paper()


@pytest.fixture(scope="module")
def still():
    """Return the paper of a strategy that does nothing."""
    return programme_paper(gains=NOTHING)


def text(blocks):
    return "\n".join(block.markdown() for block in blocks)


def prose(blocks):
    return "\n".join(block.text for block in blocks if isinstance(block, Prose))


def tables(blocks):
    return {block.name: block for block in blocks if isinstance(block, Table)}


def test_every_chart_and_table_says_what_it_is_and_where_its_numbers_come_from(paper):
    blocks = [block for name in SECTIONS for block in getattr(paper, name)()]
    for measure in HOME_OFFICE_MEASURES:
        blocks += paper.measure(measure.key)
    shown = [block for block in blocks if isinstance(block, Table | Chart)]
    assert len(shown) > 40
    assert all(block.source and block.caption for block in shown)
    for kind in (Table, Chart):
        names = [block.name for block in shown if isinstance(block, kind)]
        assert len(names) == len(set(names))
    for chart in (block for block in shown if isinstance(block, Chart)):
        assert len(chart.alt) > 30 and chart.png.startswith(b"\x89PNG")


def test_each_issue_of_the_needs_assessment_has_its_programmes_contribution_and_gap(paper):
    blocks = paper.needs()
    frame = tables(blocks)["needs"].frame
    exclusion = frame[frame["Issue"] == "Exclusion from school"].iloc[0]
    assert exclusion["Programmes in the strategy"] == "School inclusion"
    assert exclusion["Contribution in year 10 (80% interval)"] == "1.0 to 5.0 (mean 3.0)"
    assert exclusion["Gap"] == "addressed"
    assert "11 of the 18 issues" in prose(blocks)
    assert "11 of the 11 that the model measures" in prose(blocks)
    assert set(tables(blocks)["needs-open"].frame["Issue"]) == set(
        frame.loc[frame["Gap"] != "addressed", "Issue"]
    )


def test_a_contribution_that_goes_the_wrong_way_is_said_plainly(paper, still):
    worse = programme_paper(gains={STRATEGY: -GAINS[STRATEGY]})
    assert "goes the wrong way" in prose(worse.needs())
    assert "goes the wrong way" not in prose(paper.needs())
    assert "told from nothing (80% interval) on 0 of the 11" in prose(still.needs())


def test_a_share_is_shown_in_points_and_a_missing_number_as_not_known():
    row = pd.Series({"kind": "share", "contribution": 0.02, "low80": 0.01, "high80": 0.03,
                     "low95": 0.0, "high95": 0.04})  # fmt: skip
    assert needs_section.contribution(row) == "1.0 to 3.0 points (mean 2.0 points)"
    assert needs_section.contribution(pd.Series({"contribution": np.nan})) == "not known"
    nothing = row.map(lambda each: each if each == "share" else 0.0)
    assert needs_section.contribution(nothing) == "none seen among the residents simulated"


def test_the_options_stand_side_by_side(paper):
    frame = tables(paper.options())["options"].frame.set_index("What the board asks")
    assert list(frame.columns) == [
        "Business as usual", "Do minimum", "Preferred: balanced", "Do maximum"
    ]  # fmt: skip
    assert frame.loc["Money a year", "Do maximum"] == "£6.74 million"
    averted = frame.loc["Sharp-object admissions of under-25s averted by year 10, 80% and 95% "
                        "interval"]  # fmt: skip
    assert averted["Business as usual"] == "0 of 1,100"
    assert averted["Do maximum"] == "15 to 75; 0 to 95 (mean 45)"
    assert frame.loc["Absolute inequality over deprivation", "Do minimum"] == "narrows"


def test_what_the_options_are_said_to_do_follows_the_intervals(paper, still):
    assert "the do maximum strategy averts 15 to 75" in options_section.message(paper.case)
    assert "no option can be told from business as usual" in options_section.message(still.case)
    poor = programme_paper(events=2.0)
    assert "For no option are benefits more likely than not" in options_section.message(poor.case)


def test_an_option_that_plays_two_parts_is_shown_once():
    same = programme_paper(minimum="balanced", gains={MINIMUM: GAINS[STRATEGY]})
    frame = tables(same.options())["options"].frame
    assert list(frame.columns)[1:] == ["Business as usual", "Preferred: balanced", "Do maximum"]


def test_a_fan_chart_names_the_years_in_which_a_difference_can_be_told(paper):
    found = fans.yearly(paper.case, HEADLINE_MEASURE)
    assert fans.message(HEADLINE_MEASURE, "balanced", found) == (
        "The balanced strategy has fewer sharp-object admissions than business as usual in years "
        "1 to 10"
    )
    wide = programme_paper(spread=3.0)
    found = fans.yearly(wide.case, HEADLINE_MEASURE)
    assert fans.message(HEADLINE_MEASURE, "balanced", found).startswith("In no single year")
    mixed = programme_paper(gains={STRATEGY: np.r_[np.full(5, -0.02), np.full(5, 0.02)]})
    found = fans.yearly(mixed.case, HEADLINE_MEASURE)
    assert "fewer sharp-object admissions in years 6 to 10 and more in years 1 to 5" in (
        fans.message(HEADLINE_MEASURE, "balanced", found)
    )


def test_the_fan_chart_s_table_holds_both_levels_and_the_difference(paper):
    table = tables(paper.measure(HEADLINE_MEASURE.key))["sharp-object-admissions-course"]
    assert len(table.frame) == 10
    assert {"baseline_low95", "strategy_mean", "difference_averted"} <= set(table.data.columns)


def test_the_end_of_the_grant_costs_what_the_runs_say(paper):
    case = paper.case
    assert ending_section.last_funded_year(case) == 3
    found = ending_section.read_ending(case, paper.readings, 3)
    gains = case.gains
    assert found.lost.averted == pytest.approx(250 * (gains[STRATEGY] - gains[ENDED])[3:].sum())
    assert found.unspent == 7 * 3_370_000
    words = ending_section.message(case, found)
    assert "If the money ends after year 3" in words and "are not averted" in words
    assert "about 26% of what the money would buy" in words
    assert "£23.59 million" in words


def test_an_end_that_costs_nothing_is_not_called_a_loss():
    same = programme_paper(gains={ENDED: GAINS[STRATEGY]})
    assert "cannot be told from nothing" in prose(same.ending())
    later = programme_paper(ending="contagion_off")
    assert "changes no money" in prose(later.ending())


def test_conditions_of_the_grant_that_are_missed_are_named_with_the_sum(paper):
    blocks = paper.grant()
    assert "match funding, as a share of the grant (every year; up to £674,000" in prose(blocks)
    (panel,) = [block for block in blocks if isinstance(block, Panel)]
    assert panel.kind == "warning" and "illustrative" in panel.markdown()
    match = tables(blocks)["match-funding"].frame
    assert list(match["Years"]) == ["Year 1", "Year 2", "Years 3 to 10"]
    assert list(match["Still to be found"]) == ["£337,000", "£505,500", "£674,000"]
    room = tables(blocks)["grant-rules"].frame["Room a year"]
    assert list(room[:3]) == ["−£337,000", "−£505,500", "−£674,000"]


def test_a_strategy_that_keeps_all_conditions_is_said_to(paper):
    table = pd.DataFrame([{"rule": "a", "title": "A", "year": 1, "kept": True, "headroom": 1.0}])
    assert "keeps every condition" in grant_section.grant_message(paper.case, table)
    assert "no condition" in grant_section.grant_message(paper.case, table.head(0))


def test_money_is_shown_real_and_in_cash(paper):
    rules = load_rules()
    growth = finance_section.price_growth(rules)
    assert growth.low == pytest.approx(0.02)
    assert growth.high == pytest.approx((100 / 74.1) ** 0.1 - 1)
    data = tables(paper.finance())["finance"].data.set_index("year")
    assert data.loc[1, "cash_low"] == pytest.approx(3_370_000 * 1.02**3)
    assert data.loc[10, "flat_low"] == pytest.approx(3_370_000 / (1 + growth.high) ** 12)
    assert "buy 21% to 30% less" in prose(paper.finance())
    shown = tables(paper.finance())["finance"].frame
    first, last = (shown["Cash needed at 3.04% a year"].iloc[each] for each in (0, -1))
    assert (first, last) == ("£3.69 million", "£4.83 million")
    assert [round(3.37 * 1.0304**years, 2) for years in (3, 12)] == [3.69, 4.83]
    assert "The rates, 2% and 3.04% a year" in prose(paper.finance())
    programmes = tables(paper.finance())["finance-programmes"].frame
    assert programmes.iloc[-1, 1] == "3,370,000"


def test_years_are_written_as_people_say_them():
    assert financial_year("2027/28", 1) == "2027/28"
    assert financial_year("2098/99", 2) == "2099/00"
    assert [year_words(years) for years in ([3], [1, 2], [1, 2, 3], [1, 3, 4])] == [
        "year 3", "years 1 and 2", "years 1 to 3", "years 1, 3 and 4"
    ]  # fmt: skip
    table = pd.DataFrame({"year": [1, 2, 3], "money": [5, 5, 7], "gap": [np.nan] * 3})
    assert [years for years, _ in spells(table, ["money", "gap"])] == ["years 1 and 2", "year 3"]


def test_who_benefits_is_said_as_far_as_it_can_be_told(paper, still):
    assert "gain about 60% of what is averted" in prose(paper.equality())
    assert "cannot be told from nothing" in prose(still.equality())
    groups = {"Age": paper.readings.by_age}
    assert equality_section.benefit_title(paper.case, groups).endswith(
        "aged 10 to 17, aged 18 to 24, aged 25 to 44, aged 45 and over"
    )
    shown = tables(paper.equality())["who-benefits"].frame["Group"]
    assert "Aged under 10" not in set(shown) and "Most deprived fifth" in set(shown)


def test_take_up_that_misses_need_is_named(paper):
    assert "1 programme reaches the less deprived more than need" in prose(paper.equality())
    fair = uptake_row(for_need_reached_more="the more deprived")
    readings = MadeUpReadings(paper.case, (fair,))
    words = prose(equality_section.uptake_blocks(paper.case, readings))
    assert "For no programme can it be said" in words


def test_authorities_stand_in_the_order_of_their_codes_whatever_they_gain(paper):
    blocks = paper.place()
    assert list(tables(blocks)["authorities"].frame["Authority"]) == ["Zedtown", "Aytown"]
    assert "not ranked" in text(blocks) and "There is no map" in prose(blocks)


def test_assumptions_that_alone_turn_gain_into_loss_are_named(paper):
    assert "At no end of its believed range" in risks_section.assumption_message(paper.case)
    table = assumptions()
    table.loc[1, "at_low"] = -50.0
    turned = replace(paper.case, search=MadeUpStudy(table=table))
    assert "less than nothing by one assumption alone: Pairs" in (
        risks_section.assumption_message(turned)
    )
    assert "alone turns gain into harm: Pairs" in decision.hangs_on(turned)
    assert "gain into harm" not in decision.hangs_on(paper.case)


@pytest.mark.parametrize(
    ("factor", "words"),
    [(0.5, "still be worth its money if it did 50%"), (2.0, "do not reach its costs"),
     (np.nan, "not worth its money at any size")],
)  # fmt: skip
def test_how_far_the_effect_may_fall_short(paper, factor, words):
    table = pd.DataFrame([{"factor": factor, "factor_low95": np.nan, "factor_high95": np.nan}])
    assert words in risks_section.money_message(paper.case, table)


def test_milestones_follow_from_the_timing_of_the_programmes(paper):
    quarter = milestones_section.quarter_of
    assert [quarter(month) for month in (0, 2.9, 3, 11.9, 12, 26)] == [
        (1, 1), (1, 1), (1, 2), (1, 4), (2, 1), (3, 1)
    ]  # fmt: skip
    frame = tables(paper.milestones())["milestones"].frame.set_index("Programme")
    timing = paper.case.strategy.programmes["mentoring"].timing
    expected = quarter(timing.lag_months + timing.hiring_months).words
    assert frame.loc["Mentoring", "Full staff"].lower() == expected
    assert frame.loc["Mentoring", "Money ends"] == "no end planned"


def test_the_first_milestone_names_all_that_begin_and_calls_only_those_enrolled_people(paper):
    assert prose(paper.milestones()).startswith(
        "The first people start (hospital navigators) and the first places are covered (hot-spot "
        "patrol) in year 1, quarter 1; all programmes are fully staffed by"
    )


def test_a_known_end_of_the_money_is_a_milestone_and_a_review():
    ends = programme_paper(strategy="balanced+grant_ends_after_3")
    blocks = ends.milestones()
    frame = tables(blocks)["milestones"].frame.set_index("Programme")
    assert frame.loc["Hospital navigators", "Money ends"] == "After year 3"
    assert frame.loc["Hospital navigators", "Staff begin to leave"] == "Year 3, quarter 4"
    assert "decide a year before" in text(blocks)


def test_people_who_should_have_started_add_up(paper):
    data = tables(paper.milestones())["reach"].data.set_index("programme")
    assert data.loc["mentoring", "by_year_10"] == pytest.approx(10 * 380_000 / 5_000)


def test_a_result_far_above_the_national_one_carries_a_warning():
    great = programme_paper(gains={MAXIMUM: np.full(10, 0.4)})
    panels = [block for block in great.plausibility() if isinstance(block, Panel)]
    assert [(panel.kind, panel.title) for panel in panels] == [
        ("note", "No warning: the balanced strategy"),
        ("warning", "Warning: the do maximum strategy"),
    ]
    frame = tables(great.options())["options"].frame.set_index("What the board asks")
    assert "Far too good" in frame.loc["Admissions averted beside the national evaluation",
                                       "Do maximum"]  # fmt: skip
