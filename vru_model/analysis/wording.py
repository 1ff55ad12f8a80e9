"""Differences in words, no more precise than their intervals.

A range says how far the last figure can be trusted, so the figures are rounded to a step that the
width of the 95% interval supports; where there is no interval, two figures are kept.
"""

from __future__ import annotations

import math
from typing import Any

from vru_model.experiments.compare import BY_YEAR, COMPARED, UNDER_25

_STEPS_IN_INTERVAL = 10


def rounding_step(value: float, low: float = math.nan, high: float = math.nan) -> float:
    """Return the 1, 2 or 5 times a power of ten to which a value and its interval are rounded.

    The interval spans at least ten steps, and the step leaves the value two figures at the most.
    """
    figures = _two_figures(value)
    width = high - low
    if not (math.isfinite(width) and width > 0):
        return figures or 1.0
    finest = width / _STEPS_IN_INTERVAL
    # A hair of tolerance, so that a width of exactly ten steps is not lost to rounding.
    power = 10.0 ** math.floor(math.log10(finest) + 1e-9)
    return max(
        figures, *(step * power for step in (1, 2, 5) if step * power <= finest * (1 + 1e-9))
    )


def _two_figures(value: float) -> float:
    """Return the step that keeps two figures of a value; 0 where it has none."""
    if value == 0 or not math.isfinite(value):
        return 0.0
    return 10.0 ** (math.floor(math.log10(abs(value))) - 1)


def figure(value: float, step: float) -> str:
    """Return a number rounded to a step: figure(1234, 50) is "1,250"."""
    if not math.isfinite(value):
        return "not known"
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    # Adding zero turns a rounded -0.0 into 0.
    return f"{round(value / step) * step + 0.0:,.{decimals}f}"


def sign_as_printed(low: float, high: float, step: float) -> int:
    """Return on which side of zero an interval lies as it is printed: 1, -1, or 0 if it holds it.

    A reader who sees "0 to 60" would not believe that it is clear of zero.
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return 0
    return 1 if round(low / step) > 0 else -1 if round(high / step) < 0 else 0


def pounds(amount: float) -> str:
    """Return money: millions to two places, thousands to the nearest thousand, else in full."""
    sign, size = ("\N{MINUS SIGN}" if amount < 0 else ""), abs(amount)
    if size >= 999_500:
        return f"{sign}£{size / 1e6:,.2f} million"
    return f"{sign}£{round(size, -3) if size >= 10_000 else size:,.0f}"


def signed(value: float, step: float, *, fewer: str = "fewer", more: str = "more") -> str:
    """Return a difference in words: "40 fewer", "10 more"."""
    text = figure(abs(value), step)
    return f"{text} {fewer if value >= 0 else more}"


def averted_sentence(row: Any) -> str:
    """Return one row of a comparison's table as a sentence without its full stop.

    "about 40 fewer admissions by year 3 (95% interval 10 to 75); better than the baseline in 94
    of 100 draws". Where the interval includes zero it says "10 more to 75 fewer".
    """
    step = rounding_step(row["averted"], row["low95"], row["high95"])
    what = COMPARED.get(row["measure"], row["measure"])
    if row["group"] == UNDER_25:
        what += " of under-25s"
    when = f"{'by' if row['window'] == BY_YEAR else 'in'} year {row['year']}"
    change = signed(row["averted"], step).split(" ")
    return f"about {change[0]} {change[1]} {what} {when}{_interval(row, step)}; {_chance(row)}"


def _interval(row: Any, step: float) -> str:
    low, high = row["low95"], row["high95"]
    if not (math.isfinite(low) and math.isfinite(high)):
        return " (no interval)"
    if low >= 0:
        return f" (95% interval {figure(low, step)} to {figure(high, step)})"
    if high <= 0:
        return f" (95% interval {figure(-high, step)} to {figure(-low, step)})"
    return f" (95% interval {signed(low, step)} to {signed(high, step)})"


def _chance(row: Any) -> str:
    return f"better than the baseline in {chance_of(row)}"


def chance_of(row: Any) -> str:
    """Return how often the scenario did better: "94 of 100 draws", "3 of 4 replicates"."""
    better, number, unit = _times_better(row)
    return f"{better} of {number} {unit}{'' if number == 1 else 's'}"


def times_better(row: Any) -> str:
    """Return how often the scenario did better, without saying of what: "94 of 100"."""
    better, number, _ = _times_better(row)
    return f"{better} of {number}"


def _times_better(row: Any) -> tuple[int, int, str]:
    several = row["draws"] > 1
    number = int(row["draws"] if several else row["replicates"])
    return round(row["chance_better"] * number), number, "draw" if several else "replicate"
