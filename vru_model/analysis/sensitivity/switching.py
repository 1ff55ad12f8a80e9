"""The value at which one assumption alone would turn a comparison round.

A profile is the difference at several values of one assumption, all others central. Between
neighbouring values it is taken as straight; where it crosses zero, a world there is run and the
crossing looked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from vru_model.analysis.sensitivity.assumptions import Assumption, six_figures

Verdict = Literal["flips", "may flip", "does not flip", "undecided"]
_GRID = 2001


class At(NamedTuple):
    """The difference at one value of an assumption, and half its 95% interval by chance."""

    value: float
    difference: float
    error95: float


@dataclass(frozen=True)
class Switching:
    """Whether one assumption alone turns a comparison round, and where.

    Parameters
    ----------
    assumption
        The assumption.
    profile
        The differences at the values that were run, by value.
    verdict
        "flips": the difference changes its sign and more than chance on both sides. "may flip":
        chance leaves open whether it does. "does not flip": it keeps its sign over the range.
        "undecided": at the central values it cannot be told from zero, so nothing can flip it.
    value, low, high
        Where the difference is zero, and between which values chance leaves it; NaN where the
        verdict is "does not flip" or "undecided", or where there is no crossing.
    """

    assumption: Assumption
    profile: tuple[At, ...]
    verdict: Verdict
    value: float
    low: float
    high: float

    @property
    def words(self) -> str:
        """Return the verdict with its value, as it stands in a table."""
        if self.verdict == "undecided":
            return "the comparison itself is undecided"
        if self.verdict == "does not flip":
            return "does not flip within its range"
        at = "" if np.isnan(self.value) else f" at {self.value:.3g}"
        between = f" ({self.low:.3g} to {self.high:.3g})" if np.isfinite(self.low) else ""
        return f"{self.verdict}{at}{between}"


def first_values(assumption: Assumption) -> list[float]:
    """Return the values of a profile beside the central one: both ends, and halfway to them."""
    low, middle, high = assumption.low, assumption.value, assumption.high
    values = {low, six_figures((low + middle) / 2), six_figures((middle + high) / 2), high}
    return sorted(values - {middle})


def switching(
    assumptions: Sequence[Assumption],
    central: At,
    run: Callable[[list[dict[str, float]]], list[At]],
    refinements: int = 2,
) -> list[Switching]:
    """Return where each assumption alone would turn the comparison round.

    Parameters
    ----------
    assumptions
        Those to be looked at.
    central
        The difference at the central values (its value is not read).
    run
        Returns the differences at points that move one assumption each.
    refinements
        How often a crossing is run and looked for again.
    """
    if not abs(central.difference) > central.error95:
        refinements = 0  # undecided: where chance crosses zero says nothing
    asked = {each.name: first_values(each) for each in assumptions}
    profiles = {
        each.name: [At(each.value, central.difference, central.error95)] for each in assumptions
    }
    for _ in range(1 + refinements):
        points = [(name, value) for name, values in asked.items() for value in values]
        for (name, _), at in zip(
            points, run([{name: value} for name, value in points]), strict=True
        ):
            profiles[name].append(at)
        asked = {each.name: _next(each, profiles[each.name]) for each in assumptions}
        if not any(asked.values()):
            break
    return [judge(each, profiles[each.name]) for each in assumptions]


def _next(assumption: Assumption, profile: Sequence[At]) -> list[float]:
    """Return the crossing where it has not been run yet, to a hundredth of the range."""
    found = crossing(assumption, profile)
    near = 0.01 * (assumption.high - assumption.low)
    if found is None or any(abs(found - at.value) < near for at in profile):
        return []
    return [six_figures(found)]


def crossing(assumption: Assumption, profile: Sequence[At]) -> float | None:
    """Return where the difference is zero, nearest to the central value; None if nowhere."""
    at = sorted(profile)
    found = [
        a.value + (b.value - a.value) * a.difference / (a.difference - b.difference)
        for a, b in zip(at, at[1:], strict=False)
        if a.difference * b.difference < 0
    ]
    found += [each.value for each in at if each.difference == 0]
    return min(found, key=lambda value: abs(value - assumption.value), default=None)


def judge(assumption: Assumption, profile: Sequence[At]) -> Switching:
    """Return the verdict on a profile that holds the central value."""
    at = tuple(sorted(profile))
    middle = min(at, key=lambda each: abs(each.value - assumption.value))
    sign = np.sign(middle.difference)
    nothing = (float("nan"),) * 3
    if not abs(middle.difference) > middle.error95:
        return Switching(assumption, at, "undecided", *nothing)
    # What lies beyond chance on the other side of zero has flipped for certain.
    flipped = any(sign * each.difference < -each.error95 for each in at)
    open_to_chance = any(sign * each.difference < each.error95 for each in at)
    if not open_to_chance:
        return Switching(assumption, at, "does not flip", *nothing)
    found = crossing(assumption, at)
    value = float("nan") if found is None else found
    return Switching(
        assumption, at, "flips" if flipped else "may flip", value, *_between(at, value)
    )


def _between(profile: Sequence[At], value: float) -> tuple[float, float]:
    """Return the values around a crossing at which chance alone could make the difference zero."""
    if np.isnan(value):
        return float("nan"), float("nan")
    values, differences, errors = (np.array(column) for column in zip(*profile, strict=True))
    grid = np.linspace(values[0], values[-1], _GRID)
    open_to_chance = np.abs(np.interp(grid, values, differences)) <= np.interp(
        grid, values, errors
    )
    start = int(np.argmin(np.abs(grid - value)))
    if not open_to_chance[start]:
        return value, value
    closed = np.flatnonzero(~open_to_chance)
    low = grid[max(closed[closed < start], default=-1) + 1]
    high = grid[min(closed[closed > start], default=_GRID) - 1]
    return float(low), float(high)

