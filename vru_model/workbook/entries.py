"""What people type into a box, read generously; what cannot be read is explained, never dropped."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from vru_model.reporting.words import MINUS

LARGEST_SUM = 10_000_000_000
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000, "million": 1_000_000, "thousand": 1_000}
_SUM = re.compile(r"£?\s*(-?[\d,\s]*\.?\d*)\s*(k|m|thousand|million)?", re.IGNORECASE)


class Unreadable(ValueError):
    """An entry that cannot be read; the message says what would be."""


def pounds(text: str) -> int:
    """Return an amount of money in whole pounds: "£350,000", "350k" and "0.35m" are all read.

    Raises Unreadable, in words for the person who typed it.
    """
    written = text.strip()
    found = _SUM.fullmatch(written)
    digits = re.sub(r"[,\s]", "", found[1]) if found else ""
    if not found or not re.search(r"\d", digits):
        raise Unreadable(f"“{written}” is not an amount of money. Write it like 350,000 or 0.35m.")
    try:
        amount = Decimal(digits) * _UNITS[(found[2] or "").lower()]
    except InvalidOperation:
        raise Unreadable(f"“{written}” is not an amount of money.") from None
    if amount < 0:
        raise Unreadable("Money cannot be less than nought.")
    if amount != amount.to_integral_value():
        raise Unreadable(f"“{written}” is not whole pounds.")
    if amount > LARGEST_SUM:
        raise Unreadable(f"“{written}” is more than £{LARGEST_SUM:,}.")
    return int(amount)


def budgets(text: str) -> tuple[int, ...]:
    """Return a budget: one amount for every year, or one a year with ";" between them."""
    parts = [part for part in text.split(";") if part.strip()]
    if not parts:
        raise Unreadable("Write the budget for a year, such as 3.37m.")
    return tuple(pounds(part) for part in parts)


def year(text: str) -> int:
    """Return a year of the model, counted from 1."""
    written = text.strip()
    if not written.isdecimal() or not 1 <= int(written) <= 25:
        raise Unreadable(f"“{written}” is not a year from 1 to 25.")
    return int(written)


def last_year(text: str) -> int | None:
    """Return the last year of some money; None, to the end, where nothing is written."""
    return year(text) if text.strip() else None


def number(text: str) -> float:
    """Return a number as people write it: 1,200; 40%, which is 0.4; £75,000; a true minus sign."""
    written = text.strip().replace("\N{MINUS SIGN}", "-").replace(",", "").removeprefix("£")
    share = written.endswith("%")
    try:
        found = float(written.removesuffix("%"))
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise Unreadable(f"“{text.strip()}” is not a number.")
    return found / 100 if share else found


def words(text: str) -> str:
    """Return a name in one line; it must not be empty."""
    written = _one_line(text)
    if not written:
        raise Unreadable("Write a few words.")
    if len(written) > 80:
        raise Unreadable("Use 80 characters at most.")
    return written


def sentence(text: str) -> str:
    """Return a reason or a name in a few words; it must not be empty."""
    written = _one_line(text)
    if len(written) < 3:
        raise Unreadable("Write a few words: it is kept with the change.")
    return written


def _one_line(text: str) -> str:
    """Return a text in one line, without the control characters that come with pasting."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


def read(reader: Callable[[str], object], text: str) -> tuple[object, str]:
    """Return what a reader makes of a text, and "" or what is wrong with it."""
    try:
        return reader(text), ""
    except Unreadable as error:
        return None, str(error)


def figure(value: float) -> str:
    """Return a number as it is read: six figures at most, a true minus sign."""
    return f"{value:,.6g}".replace("-", MINUS)
