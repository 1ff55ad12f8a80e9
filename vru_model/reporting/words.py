"""Numbers, money and dates as a board reads them.

Two significant figures where precision ends, a range before a single number, a true minus sign,
and no mark that a screen reader would skip.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from vru_model.analysis.wording import figure, rounding_step

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_FEWEST_FOR_PERCENTAGES = 20
MINUS = "\N{MINUS SIGN}"


def two_figures(value: float) -> str:
    """Return the number with two significant figures: 1,234 → "1,200"; −0.0345 → "−0.035"."""
    return rounded(value, rounding_step(value))


def rounded(value: float, step: float) -> str:
    """Return the number rounded to a step, with a true minus sign: (−1,234, 50) → "−1,250"."""
    return figure(value, step).replace("-", MINUS)


def interval(low: float, high: float, step: float) -> str:
    """Return "low to high", both rounded to the step that the interval bears."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "not known"
    return f"{rounded(low, step)} to {rounded(high, step)}"


def count(value: float) -> str:
    """Return a count that is known exactly, in full: 2,919,651."""
    return f"{round(value):,}"


def percentage(share: float) -> str:
    """Return a share as a percentage with two significant figures."""
    return f"{two_figures(100 * share)}%"


def chance(probability: float, worlds: int) -> str:
    """Return a probability that was counted over so many worlds, as a whole percentage.

    Counting cannot tell certainty from "all that we tried": 24 of 24 reads "over 95%". Where
    the worlds are few, it stays a count: "3 of 4".
    """
    if not math.isfinite(probability) or worlds < 2:
        return "not known"
    if worlds < _FEWEST_FOR_PERCENTAGES:
        return f"{round(probability * worlds)} of {worlds}"
    finest = 1 / worlds
    if probability > 1 - finest / 2:
        return f"over {math.floor(100 * (1 - finest))}%"
    if probability < finest / 2:
        return f"under {math.ceil(100 * finest)}%"
    return f"{round(100 * probability)}%"


def money(pounds: float) -> str:
    """Return pounds: £3.37 million in millions, less in full (£75,000)."""
    sign = MINUS if pounds < 0 else ""
    if abs(pounds) >= 1_000_000:
        text = f"{abs(pounds) / 1_000_000:.2f}".rstrip("0").rstrip(".")
        return f"{sign}£{text} million"
    return f"{sign}£{abs(pounds):,.0f}"


def thousands(pounds: float) -> float:
    """Return an amount to the nearest thousand, for sums that no one knows more closely."""
    return float(round(pounds, -3)) + 0.0


def pounds(value: float) -> str:
    """Return small sums with two significant figures: −1.93 → "−£1.9"."""
    return f"{MINUS if value < 0 else ''}£{two_figures(abs(value))}"


def in_words(items: Sequence[str], joiner: str = "and") -> str:
    """Return "a", "a and b" or "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joiner} {items[-1]}"


def plural(number: int, singular: str, several: str | None = None) -> str:
    """Return "1 draw" or "24 draws"."""
    return f"{number:,} {singular if number == 1 else several or singular + 's'}"


def sentence_case(text: str) -> str:
    """Return the text with a capital first letter and the rest as it was."""
    return text[:1].upper() + text[1:]


def slug(name: str) -> str:
    """Return a name as files and anchors carry it: lower case, words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def long_date(day: date) -> str:
    """Return the date as "22 November 2026", whatever the machine's language."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def build_date() -> date:
    """Return today, or the day that SOURCE_DATE_EPOCH sets for builds that must not change."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    return date.today()


def year_after(day: date) -> date:
    """Return the same day of the next year (29 February gives 28 February)."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
