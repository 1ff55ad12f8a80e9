"""Whether a value and its range make sense: the same checks for every kind of document."""

from __future__ import annotations

from typing import NamedTuple

from vru_model.parameters.documents import NOTHING
from vru_model.parameters.units import Unit


class Fault(NamedTuple):
    """One field that is wrong: which, what was given, what is allowed."""

    field: str
    given: object
    allowed: str


def range_faults(unit: Unit, value: float, low: float | None, high: float | None,
                 distribution: str) -> list[Fault]:
    """Return everything wrong with a value, its low and high, and its distribution."""
    faults = [
        Fault(field, number, bounds_in_words(unit))
        for field, number in (("value", value), ("low", low), ("high", high))
        if number is not None and not unit.allows(number)
    ]
    if distribution != "fixed":
        faults += [
            Fault(field, NOTHING, f"a number, as the distribution is {distribution}")
            for field, bound in (("low", low), ("high", high)) if bound is None
        ]
    if low is not None and high is not None and low > high:
        return [*faults, Fault("low", low, f"at most high, which is {high:g}")]
    inside = unit.allows(value)  # or it has been told already
    if inside and low is not None and value < low:
        faults.append(Fault("value", value, f"low or more, which is {low:g}"))
    if inside and high is not None and value > high:
        faults.append(Fault("value", value, f"high or less, which is {high:g}"))
    if distribution == "lognormal" and min(value, 1.0 if low is None else low) <= 0.0:
        faults.append(Fault("distribution", "lognormal", "lognormal only above 0"))
    near = low if value >= 0.0 else high
    if distribution == "gamma" and near not in (None, 0.0):
        faults.append(Fault("low" if value >= 0.0 else "high", near, "0, where a gamma begins"))
    return faults


def bounds_in_words(unit: Unit) -> str:
    """Return "0 to 1 (share)", or "any number (unit)" where the unit has no bounds."""
    low = "" if unit.minimum == float("-inf") else f"{unit.minimum:g}"
    high = "" if unit.maximum == float("inf") else f"{unit.maximum:g}"
    if low and high:
        return f"{low} to {high} ({unit.name})"
    if low or high:
        return f"{low} or more ({unit.name})" if low else f"{high} or less ({unit.name})"
    return f"any number ({unit.name})"
