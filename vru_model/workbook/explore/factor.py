"""A table of the model contested by one factor: all its numbers times the same."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from vru_model.parameters.accounts.search import Dimension, load_search_plan
from vru_model.parameters.loading import load_model_parameters
from vru_model.parameters.rows import Parameter
from vru_model.parameters.units import AXES, Table
from vru_model.workbook.entries import figure

_LOGARITHMS = "log ratio"
_TOGETHER = {"years"}
"""Units of tables whose numbers have to keep an order with those of other tables."""


@dataclass(frozen=True)
class Cells:
    """The numbers of a table along one axis, and how far one factor can move all of them.

    Parameters
    ----------
    name
        The table, as section.name.
    numbers
        Label → number.
    unit
        Of all of them.
    low, high
        Ends of the factor: beyond, a number would leave its documented range.
    ends
        Which number that would be, and its range, in words.
    """

    name: str
    numbers: Mapping[str, float]
    unit: str
    low: float
    high: float
    ends: tuple[str, str]

    @property
    def closed(self) -> str:
        """Return why one factor for all of it makes no sense, and what can be done; or ""."""
        if self.unit not in _TOGETHER:
            return ""
        label, number = next(iter(self.numbers.items()))
        return (
            "These are ages, or years of age, that belong together with others: a curve has to "
            "begin before it peaks, so one factor for all of them could make no sense, and it "
            "cannot be contested here. A scenario’s file can change one of them, as overrides: "
            f"{{{self.name}.{label}: {{value: {number:g}, reason: why, author: who}}}}; give it to "
            "vru run, both with the strategy and without."
        )

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Return what is known of the numbers and of the factor, as heading and words."""
        numbers = "; ".join(f"{label.replace('_', ' ')}: {figure(number)}"
                            for label, number in self.numbers.items())
        shown = [("Its numbers", f"{numbers} ({self.unit})")]
        if self.closed:
            return [*shown, ("Contesting it", self.closed)]
        logs = (" They are logarithms of ratios: 0 would leave no differences, 2 would "
                "square each ratio." if self.unit == _LOGARITHMS else "")
        return [
            *shown,
            ("What a factor does", f"All {len(self.numbers)} numbers are multiplied by it, from "
             "the values that stand here, and held there: what calibration left open in them no "
             f"longer varies. 1 changes none.{logs}"),
            ("Range of the factor", f"{figure(self.low)} to {figure(self.high)}. {self._beyond}"),
        ]

    @property
    def _beyond(self) -> str:
        return " ".join(words for words in self.ends if words)

    def refuses(self, factor: float) -> str:
        """Return why a factor makes no sense here, or ""."""
        if factor == 1:
            return "A factor of 1 changes nothing."
        if self.low <= factor <= self.high:
            return ""
        return (f"The factor lies between {figure(self.low)} and {figure(self.high)}. "
                f"{self._beyond} A scenario’s file can change single numbers of it, as "
                f"{self.name}.{next(iter(self.numbers))}.")


@lru_cache(maxsize=1)
def _documented() -> Mapping[str, Dimension]:
    return load_search_plan().space


def cells_of(row: Parameter) -> Cells:
    """Return the numbers of a table, with the factors at which all stay in their ranges.

    The range of a number is what was believed of it before it was calibrated, where it was
    (``parameters/calibration.yaml``), and else what its unit allows.
    """
    assert isinstance(row.kind, Table)
    low, high, ends = 0.0, math.inf, ["", ""]
    numbers = dict(zip(AXES[row.kind.axes[0]], map(float, row.value), strict=True))
    for label, number in numbers.items():
        known = _documented().get(f"{row.name}.{label}")
        span = (row.unit.minimum, row.unit.maximum) if known is None else (known.low, known.high)
        least, most = sorted(end / number for end in span) if number else (-math.inf, math.inf)
        words = (f"“{label.replace('_', ' ')}” would leave its documented range, "
                 f"{figure(span[0])} to {figure(span[1])}.")
        if least > low:
            low, ends[0] = least, f"Below, {words}"
        if most < high:
            high, ends[1] = most, f"Above, {words}"
    # Rounded inwards, so that no number leaves its range by the last digit.
    return Cells(row.name, numbers, row.unit.name, math.ceil(low * 1000) / 1000,
                 math.floor(high * 1000) / 1000, (ends[0], ends[1]))  # fmt: skip


def overridden_by(parameter: str, value: float) -> dict[str, float]:
    """Return what a contested value overrides: the number itself, or each number of a table."""
    row = load_model_parameters().parameters.get(parameter)
    if row is None or not isinstance(row.kind, Table):
        return {parameter: value}
    return {f"{parameter}.{label}": number * value
            for label, number in cells_of(row).numbers.items()}


def change_in_words(parameter: str, before: float, value: float) -> str:
    """Return what was contested: "0.5 instead of 0.4", or "all its numbers times 0.9"."""
    row = load_model_parameters().parameters.get(parameter)
    if row is not None and isinstance(row.kind, Table):
        return f"all its numbers times {figure(value)}"
    return f"{figure(value)} instead of {figure(before)}"
