from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vru_model.reporting.words import (
    build_date,
    chance,
    in_words,
    interval,
    long_date,
    money,
    plural,
    rounded,
    slug,
    two_figures,
    year_after,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (34, "34"), (3.44, "3.4"), (0.99, "0.99"), (99.6, "100"),
        (254.3, "250"), (1234, "1,200"), (-0.0349, "−0.035"), (float("nan"), "not known"),
    ],
)  # fmt: skip
def test_two_significant_figures(value, text):
    assert two_figures(value) == text


@given(st.floats(min_value=-1e9, max_value=1e9).filter(lambda value: abs(value) > 1e-6))
def test_two_figures_stay_within_five_per_cent(value):
    shown = float(two_figures(value).replace(",", "").replace("−", "-"))
    assert shown == pytest.approx(value, rel=0.0501)


def test_numbers_are_rounded_to_their_step_with_a_true_minus_sign():
    assert rounded(-1234.0, 50) == "−1,250"
    assert interval(-0.82, 14.1, 1) == "−1 to 14"
    assert interval(float("nan"), 3, 1) == "not known"


@pytest.mark.parametrize(
    ("probability", "worlds", "text"),
    [
        (0.5, 24, "50%"), (1.0, 24, "over 95%"), (0.0, 24, "under 5%"), (1.0, 100, "over 99%"),
        (1.0, 1, "not known"), (0.75, 4, "3 of 4"), (float("nan"), 24, "not known"),
    ],
)  # fmt: skip
def test_a_chance_never_claims_more_than_was_counted(probability, worlds, text):
    assert chance(probability, worlds) == text


def test_money_dates_and_lists_read_as_in_a_paper(monkeypatch):
    assert money(3_370_000) == "£3.37 million"
    assert money(4_000_000) == "£4 million"
    assert money(-75_000) == "−£75,000"
    assert long_date(date(2026, 11, 22)) == "22 November 2026"
    assert year_after(date(2028, 2, 29)) == date(2029, 2, 28)
    assert in_words(["a", "b", "c"]) == "a, b and c"
    assert plural(1, "draw") == "1 draw" and plural(1_200, "draw") == "1,200 draws"
    assert slug("quick+slow mix") == "quick-slow-mix"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    assert build_date() == date(2026, 11, 22)
