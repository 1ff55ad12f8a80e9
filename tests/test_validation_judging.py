"""The rule of verdicts, and what is said beside the patterns."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vru_model.analysis.statistics.association import Parts
from vru_model.analysis.validation.families import FAMILIES
from vru_model.analysis.validation.judging import (
    COLUMNS,
    FAIL,
    NOT_JUDGED,
    NOT_SHOWN,
    NOTHING,
    PARTIAL,
    PASS,
    TOGETHER,
    Range,
    judged,
    not_shown,
    over_all_worlds,
    over_worlds,
    row,
    verdict,
)
from vru_model.analysis.validation.looking import KNOCKOUTS, NOT_SHOWN_TITLE
from vru_model.analysis.validation.trials import (
    cardiff,
    hot_spots,
    national,
    navigators,
    new_york,
)
from vru_model.errors import InputError
from vru_model.parameters.accounts.targets import Target, load_targets
from vru_model.parameters.accounts.validation import load_validation_book
from vru_model.paths import ROOT

ORDER = [PASS, PARTIAL, FAIL]


def target(value=10.0, use="validation", observation=3.0, discrepancy=4.0):
    """Return a target whose tolerance is 5 unless told otherwise."""
    return Target(
        pattern="p", lens="truth", value=value, unit="u", observation_sd=observation,
        discrepancy_sd=discrepancy, discrepancy="d", source="s", status="read", use=use,
    )  # fmt: skip


def found(low, high, value=None):
    return Range((low + high) / 2 if value is None else value, low, high, float("nan"), 20, 20)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(4, 5, PASS), (15, 99, PASS), (9, 11, PASS), (-9, 4.9, PARTIAL), (15.1, 16, PARTIAL),
     (20, 21, PARTIAL), (20.1, 22, FAIL), (-5, -0.1, FAIL)],
)  # fmt: skip
def test_the_range_is_held_against_one_and_two_tolerances(low, high, expected):
    assert verdict(found(low, high), target()) == expected


@given(st.floats(-50, 50), st.floats(0, 30), st.floats(0, 30))
def test_a_wider_range_never_does_worse(value, width, more):
    narrow = verdict(found(value - width, value + width), target())
    wide = verdict(found(value - width - more, value + width + more), target())
    assert ORDER.index(wide) <= ORDER.index(narrow)


def test_a_constraint_is_a_limit():
    limit = target(0.52, "constraint", None, None)
    assert verdict(found(0.3, 0.5), limit) == PASS
    assert verdict(found(0.4, 0.6), limit) == PARTIAL
    assert verdict(found(0.5, 0.7), limit) == FAIL


def test_without_a_figure_or_a_number_nothing_is_judged():
    assert verdict(found(1, 2), None) == NOT_JUDGED
    assert verdict(NOTHING, target()) == NOT_SHOWN
    assert "Too few" in row("p", "g", NOTHING, target(), "t")["source"]
    one_world = Range(10.0, float("nan"), float("nan"), float("nan"), 1, 1)
    assert verdict(one_world, target()) == PASS


def test_the_range_is_over_draws_and_monte_carlo_error_over_replicates():
    index = pd.MultiIndex.from_product([range(3), range(2)], names=["draw", "replicate"])
    seen = over_worlds(pd.Series([1.0, 3.0, 4.0, 6.0, 7.0, 9.0], index=index))
    assert (seen.value, seen.worlds, seen.draws) == (5.0, 6, 3)
    # Draws' means 2, 5, 8: three are too few for limits inside the least and the greatest.
    assert (seen.low, seen.high) == pytest.approx((2.0, 8.0))
    # A replicate moves all draws alike: their means over draws are 4 and 6, sqrt(2 / 2).
    assert seen.monte_carlo_error == pytest.approx(1.0)


def test_worlds_that_cannot_say_are_left_out():
    index = pd.MultiIndex.from_product([range(3), [0]], names=["draw", "replicate"])
    seen = over_worlds(pd.Series([1.0, float("nan"), 3.0], index=index))
    assert (seen.value, seen.worlds) == (2.0, 2)
    assert over_worlds(pd.Series([float("nan")] * 3, index=index)).worlds == 0


def test_what_is_seldom_is_counted_over_all_worlds():
    index = pd.MultiIndex.from_product([range(3), range(2)], names=["draw", "replicate"])
    parts = [Parts(0, 2), Parts(1, 0), Parts(3, 1), Parts(0, 0), Parts(2, 4), Parts(0, 1)]
    seen = over_all_worlds(pd.Series(parts, index=index))
    # Draws' sums: 1 of 2, 3 of 1, 2 of 5. Of the 27 choices of three, the ends come once each.
    assert (seen.value, seen.worlds, seen.draws) == (6 / 8, 6, 3)
    assert (seen.low, seen.high) == pytest.approx((6 / 15, 3.0))
    values = pd.DataFrame({"a": parts}, index=index)
    (line,) = judged("family", values, {"t": target()}, {"a": "t"})
    assert line["group"] == f"a, {TOGETHER}" and line["name"] == "t" and line["value"] == 0.75
    few = [each._replace(events=4.0) for each in parts]
    (line,) = judged("family", pd.DataFrame({"a": few}, index=index), {"t": target()}, {"a": "t"})
    assert line["verdict"] == NOT_SHOWN and line["value"] == 0.75, "shown, and not judged"
    assert over_all_worlds(pd.Series([Parts(1, 0)] * 6, index=index)).worlds == 0
    alone = over_all_worlds(pd.Series(parts[:1], index=index[:1]))
    assert alone.value == 0 and math.isnan(alone.low)


def test_rows_have_the_columns_of_the_table():
    index = pd.MultiIndex.from_product([range(2), [0]], names=["draw", "replicate"])
    values = pd.DataFrame({"a": [9.0, 11.0], "b": [1.0, 2.0]}, index=index)
    judged_row, described = judged("family", values, {"t": target()}, {"a": "t"}, "metres")
    assert list(judged_row) == list(COLUMNS) == list(described)
    assert (judged_row["verdict"], judged_row["unit"], judged_row["name"]) == (PASS, "u", "t")
    assert (described["verdict"], described["unit"], described["use"]) == (
        NOT_JUDGED, "metres", "described")  # fmt: skip
    missing = not_shown(NOT_SHOWN_TITLE, "words", "the reason", target(), "t")
    assert (missing["verdict"], missing["source"], missing["use"]) == (
        NOT_SHOWN, "the reason", "validation")  # fmt: skip
    assert KNOCKOUTS != NOT_SHOWN_TITLE


def answered():
    names = {name for family in FAMILIES for name in family.targets.values()}
    for trial in (hot_spots, navigators, cardiff, new_york):
        names |= set(trial.TARGETS.values())
    return names | set(national.targets().values())


def test_every_pattern_that_is_held_back_is_looked_at_or_named_as_not_shown():
    held = {name for name, one in load_targets().targets.items() if one.use == "validation"}
    missing = set(load_validation_book().not_shown)
    assert held - answered() - missing == set()
    assert answered() <= held


def test_every_pattern_that_is_held_back_has_a_likely_cause():
    assert set(load_validation_book().cause_of) >= answered()


@pytest.mark.parametrize(
    ("right", "wrong", "field"),
    [("  crime_survey_prevalence_16_24:", "  crime_survey_16:", "crime_survey_16"),
     ("  children_broad_share:", "  cardiff_admissions_ratio:", "cardiff_admissions_ratio"),
     ("    reason: >-", "    because: >-", "because")],
)  # fmt: skip
def test_what_is_wrong_with_what_is_said_is_told(tmp_path, right, wrong, field):
    from vru_model.paths import PARAMETERS

    text = (PARAMETERS / "validation.yaml").read_text("utf-8")
    assert right in text
    path = tmp_path / "validation.yaml"
    path.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(InputError, match=field):
        load_validation_book(path)


def test_the_last_look_that_is_told_is_the_one_that_was_published():
    """Add to ``looks`` in parameters/validation.yaml when this fails: all of them are told."""
    table = pd.read_csv(ROOT / "docs" / "validation.csv")
    verdicts = table.loc[table["use"] == "validation", "verdict"].value_counts()
    last = load_validation_book().looks[-1]
    told = [last.passed, last.partly, last.failed]
    assert told == [verdicts[each] for each in (PASS, PARTIAL, FAIL)]
