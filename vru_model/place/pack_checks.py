"""What must agree inside a place pack: codes, names and sums, across its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from vru_model.errors import nearest
from vru_model.place.ages import BANDS, sum_bands
from vru_model.place.pack_files import AGE_COLUMNS, BAND_COLUMNS, Findings, Table
from vru_model.place.published import ROUNDING

BAND_TOLERANCE = 0.5
"""Residents by which single years of age may miss their band: the rounding of 26 or more
fractions written to two decimal places, with room to spare."""


def check_tables(tables: Mapping[str, Table], findings: Findings) -> None:
    """Note everything that does not agree within or between the tables of a pack."""
    neighbourhoods = tables["neighbourhoods.csv"]
    check_unique(neighbourhoods, "neighbourhood", findings)
    _check_names(neighbourhoods, findings)
    _check_bands(neighbourhoods, findings)
    _check_households(neighbourhoods, findings)
    ages = tables["residents_by_age.csv"]
    check_unique(ages, "neighbourhood", findings)
    _check_known(ages, "neighbourhood", neighbourhoods, "neighbourhood", findings)
    _check_complete(ages, "neighbourhood", neighbourhoods, "neighbourhood", findings)
    _check_ages(ages, neighbourhoods, findings)
    sexes = tables["residents_by_sex.csv"]
    check_unique(sexes, "local_authority", findings)
    _check_known(sexes, "local_authority", neighbourhoods, "local_authority", findings)
    _check_complete(sexes, "local_authority", neighbourhoods, "local_authority", findings)
    _check_sexes(sexes, neighbourhoods, findings)
    for column in ("neighbourhood", "neighbour"):
        _check_known(tables["adjacency.csv"], column, neighbourhoods, "neighbourhood", findings)
    _check_pairs(tables["adjacency.csv"], findings)
    check_unique(tables["schools.csv"], "urn", findings)
    check_unique(tables["emergency_departments.csv"], "name", findings)
    for name in ("schools.csv", "emergency_departments.csv"):
        _check_known(tables[name], "neighbourhood", neighbourhoods, "neighbourhood", findings)


def check_unique(table: Table, column: str, findings: Findings) -> None:
    """Note values that stand more than once in a column where each may stand once."""
    first: dict[object, int] = {}
    for line, value in zip(table.lines, table.columns.get(column, ()), strict=False):
        if value in first:
            allowed = f"each {column} once"
            given = f"{_in_words(value)}, which stands in line {first[value]} too"
            findings.add(table.file, int(line), column, given, allowed)
        elif value != "" and value == value:  # NaN, reported already, equals nothing
            first[value] = int(line)


def _check_known(
    table: Table, column: str, home: Table, home_column: str, findings: Findings
) -> None:
    """Note codes that do not stand in neighbourhoods.csv."""
    if not home.has(home_column) or not table.has(column) or not len(home):
        return
    known = set(home[home_column])
    for line, value in zip(table.lines, table[column], strict=True):
        if value and value not in known:
            allowed = f"a {home_column} of neighbourhoods.csv"
            hint = nearest(value, known) if len(known) < 100 else ""
            findings.add(table.file, int(line), column, repr(value), allowed, hint)


def _check_complete(
    table: Table, column: str, home: Table, home_column: str, findings: Findings
) -> None:
    """Note codes of neighbourhoods.csv that a table lacks."""
    if not home.has(home_column) or not table.has(column) or not len(table):
        return
    for value in sorted(set(home[home_column]) - set(table[column]) - {""}):
        allowed = f"a row for every {home_column} of neighbourhoods.csv"
        findings.add(table.file, None, column, f"no row for {value!r}", allowed)


def _check_names(table: Table, findings: Findings) -> None:
    """Note authorities whose code stands with two names, or whose name with two codes."""
    if not table.has("local_authority", "local_authority_name"):
        return
    names: dict[str, str] = {}
    codes: dict[str, str] = {}
    pairs = zip(table["local_authority"], table["local_authority_name"], strict=True)
    for line, (code, name) in zip(table.lines, pairs, strict=True):
        if names.setdefault(code, name) != name:
            allowed = f"{names[code]!r}, the name that {code} has above"
            findings.add(table.file, int(line), "local_authority_name", repr(name), allowed)
        elif codes.setdefault(name, code) != code:
            allowed = f"{codes[name]!r}, the code that {name} has above"
            findings.add(table.file, int(line), "local_authority", repr(code), allowed)


def _check_bands(table: Table, findings: Findings) -> None:
    """Note neighbourhoods whose six bands do not add up to their residents."""
    if not table.has("residents", *BAND_COLUMNS):
        return
    sums = np.sum([table[column] for column in BAND_COLUMNS], axis=0)
    for i in _where(sums != table["residents"], sums, table["residents"]):
        given = f"six bands that add up to {sums[i]:,.0f}"
        allowed = "bands that add up to the residents"
        hint = f"{table['residents'][i]:,.0f} residents"
        findings.add(table.file, int(table.lines[i]), "residents", given, allowed, hint)


def _check_households(table: Table, findings: Findings) -> None:
    """Note neighbourhoods with more households than residents."""
    if not table.has("residents", "households"):
        return
    residents, households = table["residents"], table["households"]
    for i in _where(households > residents, residents, households):
        given = f"{households[i]:,.0f} households of {residents[i]:,.0f} residents"
        findings.add(
            table.file, int(table.lines[i]), "households", given, "at most as many as residents"
        )


def _check_ages(ages: Table, home: Table, findings: Findings) -> None:
    """Note neighbourhoods whose single years do not add up to their bands."""
    if not ages.has("neighbourhood", *AGE_COLUMNS) or not len(ages):
        return
    if not home.has("neighbourhood", *BAND_COLUMNS):
        return
    row_of = {code: row for row, code in enumerate(home["neighbourhood"])}
    published = np.column_stack([home[column] for column in BAND_COLUMNS])
    sums = sum_bands(np.column_stack([ages[column] for column in AGE_COLUMNS]))
    for i, code in enumerate(ages["neighbourhood"]):
        if code not in row_of:
            continue
        wanted = published[row_of[code]]
        for band in _where(np.abs(sums[i] - wanted) > BAND_TOLERANCE, sums[i], wanted):
            given = f"{sums[i, band]:,.2f} residents aged {BANDS[band]}"
            allowed = f"the {BAND_COLUMNS[band]} of neighbourhoods.csv, within {BAND_TOLERANCE}"
            hint = f"{wanted[band]:,.0f} in {code}"
            findings.add(ages.file, int(ages.lines[i]), BAND_COLUMNS[band], given, allowed, hint)


def _check_sexes(sexes: Table, home: Table, findings: Findings) -> None:
    """Note authorities whose females and males are far from their residents, or named otherwise."""
    if not sexes.has("local_authority", "female", "male", "local_authority_name"):
        return
    if not home.has("local_authority", "residents", "local_authority_name"):
        return
    for i, code in enumerate(sexes["local_authority"]):
        here = home["local_authority"] == code
        if not here.any():
            continue
        line = int(sexes.lines[i])
        name = home["local_authority_name"][here][0]
        if sexes["local_authority_name"][i] != name:
            given = repr(sexes["local_authority_name"][i])
            allowed = f"{name!r}, as in neighbourhoods.csv"
            findings.add(sexes.file, line, "local_authority_name", given, allowed)
        residents = home["residents"][here].sum()
        both = sexes["female"][i] + sexes["male"][i]
        if abs(both - residents) > ROUNDING * residents:
            given = f"{both:,.0f} females and males"
            allowed = f"the {residents:,.0f} residents, within {ROUNDING:.1%} for rounding"
            findings.add(sexes.file, line, "female + male", given, allowed)


def _check_pairs(table: Table, findings: Findings) -> None:
    """Note pairs of neighbours that are out of order or stand twice."""
    if not table.has("neighbourhood", "neighbour"):
        return
    first: dict[tuple[str, str], int] = {}
    pairs = zip(table["neighbourhood"], table["neighbour"], strict=True)
    for line, pair in zip(table.lines.tolist(), pairs, strict=True):
        one, other = pair
        if one and other and not one < other:
            allowed = "each pair once, the lower code first"
            findings.add(table.file, line, "neighbour", f"{one}, {other}", allowed)
        elif first.setdefault(pair, line) != line:
            given = f"{one}, {other}, which stands in line {first[pair]} too"
            findings.add(table.file, line, "neighbour", given, "each pair once")


def _where(wrong: np.ndarray, *needed: np.ndarray) -> np.ndarray:
    """Return where something is wrong and all the numbers that say so were readable."""
    readable: Callable[[np.ndarray], np.ndarray] = np.isfinite
    return np.flatnonzero(wrong & np.all([readable(values) for values in needed], axis=0))


def _in_words(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) else repr(value)
