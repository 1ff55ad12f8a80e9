"""What a series can show, and what must not be shown."""

from __future__ import annotations

import math

import measure_doubles
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from vru_model.analysis.detectability import detectable_table, visibility
from vru_model.analysis.disclosure import HIDDEN, protect, protect_nested, rounded
from vru_model.analysis.statistics.detection import (
    detectable_fall,
    dispersion,
    expected_fall_by_chance,
)

tables = arrays(
    np.int64, st.tuples(st.integers(1, 4), st.integers(1, 5)), elements=st.integers(0, 60)
)


@pytest.mark.parametrize("excess", [1, 2])
@pytest.mark.parametrize("count", [60, 250, 450, 1750])
def test_the_smallest_visible_fall_solves_its_equation(count, excess):
    """By bisection, apart from the program: -ln(1 - d) is 2.801585 standard errors of it at d."""
    for years in (1, 2, 3, 5, 10):
        low, high = 0.0, 1.0 - 1e-12
        for _ in range(100):
            fall = (low + high) / 2
            error = math.sqrt(excess * (1 / (3 * count) + 1 / (years * count * (1 - fall))))
            low, high = (low, fall) if -math.log1p(-fall) > 2.801585 * error else (fall, high)
        assert float(detectable_fall(count, years, excess)) == pytest.approx(fall, abs=1e-4)


def test_a_visible_fall_by_hand():
    # 1,000 a year, three before and one after. At d = 0.1: variance 1/3000 + 1/900 = 0.00144444,
    # root 0.0380058, times 2.801585 is 0.106476; -ln(0.9) is 0.105361. So d is just above 0.1.
    found = float(detectable_fall(1000, 1))
    assert found == pytest.approx(0.1010, abs=2e-4)
    error = math.sqrt(1 / 3000 + 1 / (1000 * (1 - found)))
    assert -math.log(1 - found) == pytest.approx(2.801585 * error, rel=1e-6)


@given(st.floats(5, 1e5), st.floats(1, 20), st.integers(1, 10))
def test_more_data_show_smaller_falls(count, excess, years):
    fall = detectable_fall(count, years, excess)
    assert 0 < fall <= 1
    assert detectable_fall(count, years + 1, excess) <= fall + 1e-9
    assert detectable_fall(count * 2, years, excess) <= fall + 1e-9
    assert detectable_fall(count, years, excess * 2) >= fall - 1e-9


def test_a_tiny_series_shows_nothing():
    assert detectable_fall(1, 1) == 1.0


def test_large_series_move_by_more_than_counting():
    # 3% from year to year on 10,000: (300 + 0)^2 over 10,000 is 9 more than Poisson's 1.
    assert dispersion(10_000, 0.03) == pytest.approx(10.0)


def test_chance_falls_back_by_hand():
    # Usual 50, variance between places 100: believable share 100 / 150. A place with 80 has an
    # excess of 30, of which 10 is chance: 10 / 80.
    assert expected_fall_by_chance(80, 50, 100) == pytest.approx(0.125)
    assert expected_fall_by_chance(80, 50, 0) == pytest.approx(30 / 80), "all of it is chance"
    assert expected_fall_by_chance(50, 50, 100) == 0


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    return measure_doubles.run(out), measure_doubles.run(out, "better", 0.9)


def test_every_published_series_has_its_limits(runs):
    table = detectable_table(runs[0])
    assert set(table["years_after"]) == {1, 2, 3, 5, 10} and set(table["group"]) == {
        "all ages", "under 25"
    }  # fmt: skip
    assert ((table["fall_low"] <= table["fall"]) & (table["fall"] <= table["fall_high"])).all()
    admissions = table[(table["measure"] == "admissions") & (table["group"] == "all ages")]
    count = admissions["yearly_count"].iloc[0]
    assert admissions["fall"].iloc[0] == pytest.approx(
        float(detectable_fall(count, 1, 1 + 0.03**2 * count))
    )


def test_a_large_change_is_visible_and_none_is_not(runs):
    seen = visibility(*runs).set_index(["measure", "group"])
    row = seen.loc[("police_recorded_violence_with_injury", "all ages")]
    # Quintile 1 has 1.9 of 5.5 and loses 90% of it.
    assert row["change"] == pytest.approx(0.9 * 1.9 / 5.5)
    assert row["first_year_visible"] == 1 and row["chance_visible"] == 1
    same = visibility(runs[0], runs[0])
    assert same["first_year_visible"].isna().all() and (same["chance_visible"] == 0).all()
    assert same["sentence"].str.startswith("Not visible").all()


def test_protection_by_hand():
    counts = pd.DataFrame({"a": [3, 12, 0], "b": [9, 40, 21]}, index=["x", "y", "z"])
    # 3 is small. Row x hides one cell, so 9 goes too; column a hides one, so 12 (the smallest
    # with people) goes; then row y hides one, so 40 goes, and column b has two by then.
    shown = protect(counts)
    assert shown.loc["x"].tolist() == [HIDDEN, HIDDEN, "10"]
    assert shown.loc["y"].tolist() == [HIDDEN, HIDDEN, "50"]
    assert shown.loc["z"].tolist() == ["0", "20", "20"]
    assert shown.loc["All"].tolist() == ["15", "70", "85"]


def test_a_total_hidden_alone_is_joined_by_a_second():
    # Columns of at most 17 and 42 and a first row of at least 58 would leave the other row one.
    shown = protect(pd.DataFrame({"a": [16, 1], "b": [42, 0]}, index=["x", "y"]))
    assert shown["All"].tolist() == [HIDDEN, HIDDEN, "60"]
    assert shown.loc["All"].tolist() == ["15", "40", "60"]


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (8, 10), (12, 10), (13, 15), (102, 100)])
def test_rounding_to_five(count, shown):
    assert rounded(count) == shown


@given(tables)
def test_no_small_number_is_shown_and_none_hides_alone(values):
    shown = protect(pd.DataFrame(values))
    for text in shown.to_numpy().ravel():
        assert text == HIDDEN or (int(text) % 5 == 0 and not 1 <= int(text) <= 4)
    inner = shown.iloc[:-1, :-1].to_numpy()
    assert (inner[(values >= 1) & (values <= 7)] == HIDDEN).all()
    for axis, size in ((1, values.shape[1]), (0, values.shape[0])):
        alone = (inner == HIDDEN).sum(axis=axis) == 1
        assert size == 1 or not alone.any()


@given(tables)
def test_subtraction_does_not_find_a_small_number(values):
    # Whoever knows the rules can solve for every hidden cell: all whole tables that would be shown
    # like this one. A small number must stay at least three apart in what is possible.
    shown = protect(pd.DataFrame(values))
    small = [tuple(each) for each in np.argwhere((values >= 1) & (values <= 7))]
    assume(small)
    rows, columns = values.shape
    limits = [_limits(text) for text in shown.iloc[:-1, :-1].to_numpy().ravel()]
    sums, bounds = [], []
    for n in range(rows):
        sums.append([1.0 if m // columns == n else 0.0 for m in range(rows * columns)])
        bounds.append(_limits(shown.iloc[n, -1]))
    for n in range(columns):
        sums.append([1.0 if m % columns == n else 0.0 for m in range(rows * columns)])
        bounds.append(_limits(shown.iloc[-1, n]))
    sums.append([1.0] * (rows * columns))
    bounds.append(_limits(shown.iloc[-1, -1]))
    matrix = np.array(sums + [[-each for each in row] for row in sums])
    limit = np.array([high for _, high in bounds] + [-low for low, _ in bounds])
    for row, column in small:
        target = np.zeros(rows * columns)
        target[row * columns + column] = 1.0
        found = [linprog(sign * target, matrix, limit, bounds=limits).fun for sign in (1, -1)]
        assert -found[1] - found[0] >= 3


def _limits(text):
    if text == HIDDEN:
        return (0.0, 1e4)
    if text == "0":
        return (0.0, 0.0)
    return (max(8.0, int(text) - 2), float(int(text) + 2))


def test_a_part_is_hidden_where_the_rest_is_small():
    whole = pd.DataFrame({"n": [20, 50, 30]})
    parts = protect_nested(whole, {"under 25": pd.DataFrame({"n": [15, 20, 3]})})
    # 20 - 15 leaves 5; 50 - 20 leaves 30; 3 is small itself.
    assert parts["under 25"]["n"].tolist() == [HIDDEN, "20", HIDDEN]
    with pytest.raises(ValueError, match="larger than the whole"):
        protect_nested(whole, {"under 25": pd.DataFrame({"n": [21, 0, 0]})})


@pytest.mark.parametrize("wrong", [-1, 2.5, math.nan])
def test_only_counts_can_be_protected(wrong):
    with pytest.raises(ValueError, match="whole numbers"):
        protect(pd.DataFrame({"n": [wrong, 4]}))
