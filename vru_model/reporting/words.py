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

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MINUS = "\N{MINUS SIGN}"


def two_figures(value: float, most_decimals: int = 9) -> str:
    """Return the number with two significant figures: 1,234 → "1,200"; −0.0345 → "−0.035".

    `most_decimals` stops the figures sooner; below zero it counts places left of the point.
    """
    if not math.isfinite(value):
        return "not known"
    decimals = min(_decimals(value), most_decimals)
    rounded = round(value, decimals)
    if rounded == 0:
        return "0"
    # Rounding may carry into a new figure (0.996 → 1.0), which changes how many decimals show.
    shown = max(min(_decimals(rounded), decimals), 0)
    text = f"{abs(rounded):,.{shown}f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def interval(low: float, high: float) -> str:
    """Return "low to high" with two significant figures, but no false precision at one end.

    Neither end has more decimal places than the larger one: 0.08 to 3.72 reads "0.1 to 3.7",
    −0.82 to 14.1 reads "−1 to 14", 15.3 to 110 reads "15 to 110".
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return "not known"
    most = max(_decimals(max(abs(low), abs(high))), 0)
    return f"{two_figures(low, most)} to {two_figures(high, most)}"


def _decimals(value: float) -> int:
    """Return the decimal places that two significant figures of a number take."""
    if not math.isfinite(value) or value == 0:
        return 0
    return 1 - math.floor(math.log10(abs(value)))


def count(value: float) -> str:
    """Return a count that is known exactly, in full: 2,919,651."""
    return f"{round(value):,}"


def percentage(share: float) -> str:
    """Return a share as a percentage with two significant figures."""
    return f"{two_figures(100 * share)}%"


def chance(probability: float, worlds: int) -> str:
    """Return a probability that was counted over so many worlds, as a whole percentage.

    Counting cannot tell certainty from "all that we tried": 24 of 24 reads "over 95%".
    """
    if not math.isfinite(probability) or worlds < 2:
        return "not known"
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
