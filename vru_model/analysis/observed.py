"""Observed counts that a user brings, checked: admissions or offences by area, period and age."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from vru_model.errors import InputError, Problem
from vru_model.parameters.documents import shown
from vru_model.place.pack_files import Column, Findings, Table, read_columns

COLUMNS = (
    Column("measure"), Column("area"), Column("period"), Column("age_band"),
    Column("count", 0, whole=True),
)  # fmt: skip
NAMES = tuple(column.name for column in COLUMNS)
PERIODS = {
    "years": r"\d{4}",
    "financial years": r"\d{4}/\d{2}",
    "quarters": r"\d{4} Q[1-4]",
    "months": r"\d{4}-(0[1-9]|1[0-2])",
}
"""Kind of period → how one is written: 2024, 2023/24, 2024 Q1, 2024-05."""

OLDEST = 120
_AGES = re.compile(r"(\d{1,3})(?:-(\d{1,3})|(\+))?")
_TOTALS = ("all", "total", "all ages", "all areas", "persons")
_FORMULA = tuple("=+-@\t\r")


@dataclass(frozen=True)
class Observed:
    """Counts of real people, as they were brought.

    Attributes
    ----------
    file
        Where they stand.
    frame
        measure, area, period, age_band, count: one row a cell, without totals.
    periods
        One of :data:`PERIODS`.
    lines
        The line of the file in which each row stands.
    """

    file: str
    frame: pd.DataFrame
    periods: str
    lines: tuple[int, ...] = ()


def read_observed(
    path: str | Path, also: Callable[[Observed], Iterable[Problem]] = lambda found: ()
) -> Observed:
    """Return the counts of a CSV file with the columns measure, area, period, age_band, count.

    A cell that is absent is taken to be 0. Totals are refused: they are worked out. ``also``
    yields what else the caller finds wrong with the cells, to be told with the rest; it is given
    them as they stand, wrong ones included.

    Raises
    ------
    InputError
        Listing everything that is wrong: form, columns, cells given twice, ages that overlap,
        periods of several kinds, numbers that are no counts.
    """
    file, findings = Path(path), Findings()
    table = read_columns(file, COLUMNS, findings)
    name = shown(file)
    if len(table.others) == 1 and table.others[0].count(";") >= len(COLUMNS) - 1:
        raise InputError([Problem(name, 1, "", "cells parted by semicolons", "commas between cells",
                                  "a spreadsheet saves them as CSV UTF-8, comma delimited")])
    for column in table.others:
        # With it left out, a cell would stand for part of a group.
        findings.add(name, 1, column, "a column of its own", f"{', '.join(NAMES)}",
                     "what it tells apart can stand in the measure's name")  # fmt: skip
    if table.has(*NAMES):
        _check_cells(table, name, findings)
        _check_ages(table, name, findings)
    kind = _check_periods(table, name, findings) if table.has("period") else ""
    problems = findings.all()
    if table.has(*NAMES):
        frame = pd.DataFrame({column: table[column] for column in NAMES})
        found = Observed(name, frame, kind, tuple(int(line) for line in table.lines))
        told = {(problem.line, problem.name) for problem in problems}
        problems += [each for each in also(found) if (each.line, each.name) not in told]
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    return replace(found, frame=found.frame.astype({"count": "int64"}))


def ages_of(band: str) -> tuple[int, int] | None:
    """Return the first and last year of a band ("15-19", "16", "90+"); None where it is none."""
    found = _AGES.fullmatch(band)
    if not found:
        return None
    first = int(found[1])
    last = OLDEST if found[3] else int(found[2] or first)
    return (first, last) if first <= last <= OLDEST else None


def _check_cells(table: Table, name: str, findings: Findings) -> None:
    """Note totals, formulas, and cells that stand twice."""
    first: dict[tuple[str, ...], int] = {}
    for row, line in enumerate(int(each) for each in table.lines):
        cell = tuple(str(table[column][row]) for column in NAMES[:-1])
        for column, text in zip(NAMES, cell, strict=False):
            if column in ("area", "age_band") and text.lower() in _TOTALS:
                findings.add(name, line, column, repr(text), "no totals: they are worked out")
            elif text.startswith(_FORMULA):
                findings.add(name, line, column, repr(text),
                             "text that no spreadsheet takes for a formula")  # fmt: skip
        if cell in first:
            findings.add(name, line, "count", "a cell that stands twice",
                         "each measure, area, period and age once", f"also in line {first[cell]}")
        first.setdefault(cell, line)


def _check_ages(table: Table, name: str, findings: Findings) -> None:
    """Note bands that are none, and those of one measure that overlap."""
    for measure, bands in _bands(table).items():
        found = []
        for band, line in bands.items():
            ages = ages_of(band)
            if ages is not None:
                found.append((*ages, band, line))
            elif band and band.lower() not in _TOTALS:
                findings.add(name, line, "age_band", repr(band),
                             f"15-19, 16 or 90+, ages from 0 to {OLDEST}")  # fmt: skip
        found.sort()
        for (_, last, band, _), (low, _, other, line) in zip(found, found[1:], strict=False):
            if low <= last:
                findings.add(name, line, "age_band", f"{other!r} beside {band!r} in {measure}",
                             "bands that do not overlap")  # fmt: skip


def _bands(table: Table) -> dict[str, dict[str, int]]:
    """Return measure → band → the line in which it first stands."""
    found: dict[str, dict[str, int]] = {}
    for row, line in enumerate(table.lines):
        bands = found.setdefault(str(table["measure"][row]), {})
        bands.setdefault(str(table["age_band"][row]), int(line))
    return found


def _check_periods(table: Table, name: str, findings: Findings) -> str:
    """Return the kind of the periods, noting those that are none or of another kind."""
    kind = ""
    for line, text in _first_lines(table["period"], table.lines):
        found = period_kind(text)
        if not found:
            findings.add(name, line, "period", repr(text), "2024, 2023/24, 2024 Q1 or 2024-05")
        elif kind and found != kind:
            findings.add(name, line, "period", f"{text!r} among {kind}", "periods of one kind")
        kind = kind or found
    return kind


def period_kind(text: str) -> str:
    """Return which kind of period a text names, "" where it names none."""
    for kind, pattern in PERIODS.items():
        if re.fullmatch(pattern, text):
            ends_next = text[5:] == f"{(int(text[:4]) + 1) % 100:02d}"
            return kind if kind != "financial years" or ends_next else ""
    return ""


def _first_lines(column: np.ndarray, lines: np.ndarray) -> Iterator[tuple[int, str]]:
    told = set()
    for text, line in zip(column, lines, strict=True):
        if text and text not in told:
            told.add(text)
            yield int(line), str(text)
