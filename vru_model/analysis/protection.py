"""Observed counts as they may leave the program, with what was released before in mind.

Each measure and period is a table of areas by ages, protected with its totals (``disclosure``).
Two releases can undo one another: the under-25s of one taken from the all-ages figure of another
leave the rest, and where that is a small number it has been published. So every figure of a new
release is held against every figure that an earlier one shows of the same measure and period:
where one group lies within the other and what is left over is 1 to 7, the new figure is hidden.

What this cannot see: three or more releases that only together give a number away, areas that are
parts of other areas under other names, measures that are parts of others (knife injuries of all
injuries), and whatever somebody else has published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from vru_model.analysis.disclosure import HIDDEN, LARGEST, ROUNDED_TO, SMALLEST, Also, protect
from vru_model.analysis.observed import NAMES, Observed, ages_of
from vru_model.errors import InputError, Problem

ALL = "All"
LIMITS = (
    "Not checked: releases that only together give a number away, areas and measures that are "
    "parts of others under other names, and what others have published."
)


class Figure(NamedTuple):
    """A number that a release shows: of which areas and ages, and the true count behind it."""

    areas: frozenset[str]
    ages: frozenset[int]
    number: int


@dataclass(frozen=True)
class Protected:
    """A release.

    Attributes
    ----------
    frame
        measure, area, period, age_band, count: as text, with totals ("All").
    note
        What was done, for every copy of the table.
    figures
        (measure, period) → what it shows, with true counts: never to be written.
    """

    frame: pd.DataFrame
    note: str
    figures: dict[tuple[str, str], list[Figure]]

    @property
    def hidden(self) -> int:
        """Return how many figures are hidden."""
        return int((self.frame["count"] == HIDDEN).sum())


def protect_observed(observed: Observed, earlier: Sequence[Observed] = ()) -> Protected:
    """Return counts as they may be released after earlier releases.

    Parameters
    ----------
    observed
        What is to be released.
    earlier
        The unprotected counts of what was released before, oldest first: each is protected as it
        was then, and what it showed is known.

    Raises
    ------
    InputError
        Where an earlier release has other kinds of periods, or a part is larger than its whole.
    """
    _refuse_other_periods(observed, earlier)
    known: dict[tuple[str, str], list[Figure]] = {}
    for one in earlier:
        for key, figures in _release(one, known, len(known)).figures.items():
            known.setdefault(key, []).extend(figures)
    return _release(observed, known, len(earlier))


def _release(
    observed: Observed, known: dict[tuple[str, str], list[Figure]], releases: int
) -> Protected:
    frames, figures, absent = [], {}, 0
    problems: list[Problem] = []
    for (measure, period), cells in observed.frame.groupby(["measure", "period"], sort=False):
        counts = cells.pivot(index="area", columns="age_band", values="count")
        counts = counts.loc[cells["area"].unique(), sorted(counts, key=_start)]
        absent += int(counts.isna().to_numpy().sum())
        before = known.get((measure, period), [])
        counts = counts.fillna(0).astype("int64")
        groups = _groups(counts)
        problems += _larger_parts(observed.file, measure, period, counts, groups, before)
        shown = _shown(counts, groups, before)
        figures[measure, period] = [
            each for row, each in zip(shown.to_numpy().ravel(), groups, strict=True)
            if row != HIDDEN
        ]  # fmt: skip
        frames.append(_long(shown).assign(measure=measure, period=period))
    if problems:
        raise InputError(problems)
    return Protected(
        pd.concat(frames, ignore_index=True)[list(NAMES)], _note(releases, absent), figures
    )


def _shown(counts: pd.DataFrame, groups: Sequence[Figure], before: Sequence[Figure]):
    """Return the protected table, once no figure of it gives away a small number with another."""
    by_areas: dict[frozenset[str], list[Figure]] = {}
    for figure in before:
        by_areas.setdefault(figure.areas, []).append(figure)
    rows, columns = counts.shape
    marks = np.array([_gives_away(each, by_areas) for each in groups])
    marks = marks.reshape(rows + 1, columns + 1)
    also = Also(marks[:-1, :-1], marks[:-1, -1], marks[-1, :-1], bool(marks[-1, -1]))
    return protect(counts, also=also)


def _groups(counts: pd.DataFrame) -> list[Figure]:
    """Return the figures of a table with its totals, row by row, the totals last."""
    areas = [frozenset([str(area)]) for area in counts.index]
    ages = [_years(str(band)) for band in counts.columns]
    everywhere, all_ages = frozenset().union(*areas), frozenset().union(*ages)
    values = counts.to_numpy()
    values = np.hstack([values, values.sum(axis=1, keepdims=True)])
    values = np.vstack([values, values.sum(axis=0, keepdims=True)])
    return [
        Figure(area, age, int(values[row, column]))
        for row, area in enumerate([*areas, everywhere])
        for column, age in enumerate([*ages, all_ages])
    ]


def _gives_away(figure: Figure, before: Mapping[frozenset[str], Sequence[Figure]]) -> bool:
    """Say whether a figure and one that is known leave a small number between them."""
    return any(
        SMALLEST <= abs(figure.number - other.number) <= LARGEST
        for areas, others in before.items()
        if areas <= figure.areas or figure.areas <= areas
        for other in others
        if _within(figure, other) or _within(other, figure)
    )


def _within(part: Figure, whole: Figure) -> bool:
    return part.areas <= whole.areas and part.ages <= whole.ages


def _larger_parts(
    file: str, measure: str, period: str, counts: pd.DataFrame, groups: Sequence[Figure],
    before: Sequence[Figure],
) -> list[Problem]:
    """Return the figures that are larger than a whole of which they are part, or smaller."""
    found = []
    for figure in groups:
        for other in before:
            same = figure[:2] == other[:2]
            smaller, larger = sorted((figure, other), key=lambda each: len(each.areas) * 1000
                                     + len(each.ages))  # fmt: skip
            if not same and _within(smaller, larger) and smaller.number > larger.number:
                found.append(Problem(
                    file, None, "count",
                    f"{measure}, {period}: {smaller.number:,} of {_named(smaller)}",
                    f"at most {larger.number:,}, as there are of {_named(larger)} in the other "
                    "file",
                    "releases of other versions of the data cannot be compared",
                ))  # fmt: skip
    return found


def _named(figure: Figure) -> str:
    ages = f"ages {min(figure.ages)} to {max(figure.ages)}"
    return f"{ages} in {', '.join(sorted(figure.areas))}"


def _years(band: str) -> frozenset[int]:
    ages = ages_of(band)
    if ages is None:
        raise ValueError(f"{band!r} is no band of ages")
    return frozenset(range(ages[0], ages[1] + 1))


def _start(band: object) -> int:
    return min(_years(str(band)))


def _long(shown: pd.DataFrame) -> pd.DataFrame:
    long = shown.rename_axis(index="area", columns="age_band").reset_index()
    return long.melt(id_vars="area", value_name="count")


def _refuse_other_periods(observed: Observed, earlier: Sequence[Observed]) -> None:
    problems = [
        Problem(each.file, None, "period", each.periods, f"{observed.periods}, as in "
                f"{observed.file}", "differences between kinds of periods cannot be ruled out")
        for each in earlier if each.periods != observed.periods
    ]  # fmt: skip
    if problems:
        raise InputError(problems)


def _note(releases: int, absent: int) -> str:
    held = (
        "No earlier release was named."
        if not releases
        else f"Held against {releases} earlier release{'' if releases == 1 else 's'}: what would "
        "leave a small number between two figures is hidden."
    )
    filled = f" {absent:,} cell{'' if absent == 1 else 's'} absent from the source count as 0."
    return (
        f"Recorded, and protected: {SMALLEST} to {LARGEST} and what would give them away by "
        f"subtraction are {HIDDEN}; all others are rounded to the nearest {ROUNDED_TO}. Totals are "
        f"of the true counts, rounded on their own.{filled * bool(absent)} {held} {LIMITS}"
    )
