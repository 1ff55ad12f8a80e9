"""The files of a place pack: what they must hold, and how they are read without ever failing.

Reading collects problems and goes on, so that whoever prepares a pack sees everything at once.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from vru_model.errors import Problem, nearest
from vru_model.parameters.documents import shown
from vru_model.place.ages import YEARS

MOST_ALIKE = 20  # problems of one kind that are listed one by one; the rest are counted
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Column:
    """What one column must hold: text, or numbers (whole or not) between two bounds."""

    name: str
    low: float | None = None  # None: text
    high: float = np.inf
    whole: bool = False
    blank: bool = False  # whether the publisher may leave cells blank

    @property
    def allowed(self) -> str:
        """Return in words what a cell may hold."""
        if self.low is None:
            return "text"
        kind = "a whole number" if self.whole else "a number"
        bounds = f"of {self.low:g} or more" if np.isinf(self.high) else ""
        bounds = bounds or f"from {self.low:g} to {self.high:g}"
        return f"{kind} {bounds}" + (", or blank" if self.blank else "")


def _counts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, 0, whole=True) for name in names)


_WHERE = (Column("latitude", 49, 61), Column("longitude", -9, 2))  # the United Kingdom, WGS 84
BAND_COLUMNS = (
    "residents_0_15", "residents_16_24", "residents_25_34", "residents_35_49",
    "residents_50_64", "residents_65_plus",
)  # fmt: skip
AGE_COLUMNS = (*(f"age_{year}" for year in range(YEARS - 1)), "age_90p")

FILES: dict[str, tuple[Column, ...]] = {
    "neighbourhoods.csv": (
        *(Column(name) for name in ("neighbourhood", "name", "ward", "ward_name")),
        *(Column(name) for name in ("local_authority", "local_authority_name")),
        *(Column(name) for name in ("msoa", "msoa_name")),
        *_WHERE,
        Column("area_km2", 0),
        Column("residents", 1, whole=True),
        *_counts(*BAND_COLUMNS),
        Column("households", 1, whole=True),
        Column("imd_score", 0, 100),
        Column("imd_rank", 1, whole=True),
        Column("imd_decile", 1, 10, whole=True),
        Column("income_score", 0, 1),
        Column("employment_score", 0, 1),
        Column("education_score", 0, 100),
        Column("health_score", -10, 10),
    ),
    "residents_by_age.csv": (
        Column("neighbourhood"),
        *(Column(name, 0) for name in AGE_COLUMNS),
    ),
    "residents_by_sex.csv": (
        Column("local_authority"),
        Column("local_authority_name"),
        *_counts("female", "male"),
    ),
    "adjacency.csv": (Column("neighbourhood"), Column("neighbour")),
    "schools.csv": (
        Column("urn", 1, whole=True),
        *(Column(name) for name in ("name", "phase", "type")),
        Column("pupils", 0, whole=True, blank=True),
        Column("free_school_meals_percent", 0, 100, blank=True),
        Column("neighbourhood"),
        *_WHERE,
    ),
    "emergency_departments.csv": (
        *(Column(name) for name in ("name", "trust", "neighbourhood")),
        *_WHERE,
    ),
}


@dataclass
class Findings:
    """The problems of a pack. Many of one kind are listed up to a point, then counted."""

    problems: list[Problem] = field(default_factory=list)
    _alike: Counter = field(default_factory=Counter)

    def add(
        self, file: str, line: int | None, name: str, given: str, allowed: str, hint: str = ""
    ) -> None:
        """Note one problem."""
        self._alike[file, name, allowed] += 1
        if self._alike[file, name, allowed] <= MOST_ALIKE:
            self.problems.append(Problem(file, line, name, given, allowed, hint))

    def all(self) -> list[Problem]:
        """Return the problems, and how many more there are of each kind that was cut short."""
        more = [
            Problem(file, None, name, f"{count - MOST_ALIKE:,} more like these", allowed)
            for (file, name, allowed), count in self._alike.items()
            if count > MOST_ALIKE
        ]
        return self.problems + more


@dataclass(frozen=True)
class Table:
    """One file, column by column. Cells that are no numbers are NaN and were reported.

    Columns that are missing from the file are missing here too; `others` names those that it has
    of its own.
    """

    file: str
    lines: np.ndarray
    columns: dict[str, np.ndarray]
    blanks: dict[str, int]
    others: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.lines)

    def has(self, *names: str) -> bool:
        """Say whether the file has all of these columns."""
        return all(name in self.columns for name in names)

    def __getitem__(self, name: str) -> np.ndarray:
        """Return a column."""
        return self.columns[name]


def read_table(folder: Path, name: str, findings: Findings) -> Table:
    """Read one file of a pack, noting everything that is wrong with its form."""
    return read_columns(folder / name, FILES[name], findings)


def read_columns(path: Path, wanted: Sequence[Column], findings: Findings) -> Table:
    """Read columns of a CSV file, noting everything that is wrong with its form."""
    file = shown(path)
    rows = _read_rows(path, file, findings)
    header = [cell.strip() for cell in rows[0][1]] if rows else []
    if rows:
        _check_header(file, header, wanted, findings)
        if len(rows) == 1:
            findings.add(file, 1, "", "no rows below the names of the columns", "at least one row")
    kept = [(line, cells) for line, cells in rows[1:] if len(cells) == len(header)]
    for line, cells in rows[1:]:
        if len(cells) != len(header):
            findings.add(file, line, "", f"{len(cells)} cells", f"{len(header)} cells, as line 1")
    lines = np.array([line for line, _ in kept], dtype=np.int64)
    columns: dict[str, np.ndarray] = {}
    blanks: dict[str, int] = {}
    for column in wanted:
        if column.name in header:
            at = header.index(column.name)
            cells = [row[at].strip() for _, row in kept]
            columns[column.name] = _read_column(file, lines, column, cells, findings)
            blanks[column.name] = cells.count("")
    others = tuple(name for name in header if name and name not in columns)
    return Table(file, lines, columns, blanks, others)


def _read_rows(path: Path, file: str, findings: Findings) -> list[tuple[int, list[str]]]:
    """Return the lines of a file with their numbers; empty where it cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            rows = [(reader.line_num, cells) for cells in reader if cells]
    except FileNotFoundError:
        findings.add(file, None, "", "no such file", "a file that exists")
        return []
    except OSError as error:
        findings.add(file, None, "", error.strerror or "an error", "a file that can be read")
        return []
    except UnicodeDecodeError:
        findings.add(file, None, "", "bytes that are not UTF-8", "text saved as CSV UTF-8")
        return []
    except csv.Error as error:
        findings.add(file, None, "", str(error), "comma-separated values")
        return []
    if not rows:
        findings.add(file, None, "", "an empty file", "the names of the columns, then rows")
    return rows


def _check_header(
    file: str, header: list[str], wanted: Iterable[Column], findings: Findings
) -> None:
    """Note columns that are missing or stand twice. Columns of the user's own are let be."""
    known = [column.name for column in wanted]
    strangers = [name for name in header if name not in known]
    for name in known:
        if name not in header:
            findings.add(file, 1, name, "no such column", "every column of this file",
                         nearest(name, strangers))  # fmt: skip
        elif header.count(name) > 1:
            findings.add(file, 1, name, f"{header.count(name)} columns", "each column once")


def _read_column(
    file: str, lines: np.ndarray, column: Column, cells: list[str], findings: Findings
) -> np.ndarray:
    """Return the values of a column, noting every cell that it must not hold."""
    if column.low is None:
        for line, cell in zip(lines, cells, strict=True):
            if not cell:
                findings.add(file, int(line), column.name, "a blank cell", column.allowed)
        return np.array(cells, dtype=object)
    values = np.array([float(cell) if _NUMBER.fullmatch(cell) else np.nan for cell in cells])
    good = (values >= column.low) & (values <= column.high) & np.isfinite(values)
    if column.whole:
        good &= values == np.floor(values)
    for i in np.flatnonzero(~good):
        if cells[i] == "" and column.blank:
            continue
        given = repr(cells[i]) if cells[i] else "a blank cell"
        hint = "write numbers without commas or signs" if "," in cells[i] else ""
        findings.add(file, int(lines[i]), column.name, given, column.allowed, hint)
    return np.where(good, values, np.nan)
