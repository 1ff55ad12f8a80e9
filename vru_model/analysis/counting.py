"""Counts of named measures in a stored run, world by world, in the cells that a table asks for.

Everything above this module works on one shape: a frame with one row a world and cell, and one
column a measure, beside the person-years of that cell. Absent cells are zero, so a measure that
never happened is a nought and not a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from vru_model.errors import InputError, Problem, nearest
from vru_model.experiments.compare import ALL_AGES, GROUPS, UNDER_25
from vru_model.parameters.accounts.measures import Counted

if TYPE_CHECKING:
    from vru_model.experiments.results import Run
    from vru_model.experiments.world import WorldKey

WORLD = ("draw", "replicate")
PERSON_YEARS = "person_years"
DIMENSIONS = {
    "year": "year",
    "local_authority": "local_authority",
    "deprivation_decile": "deprivation_decile",
    "deprivation_quintile": "cast((deprivation_decile + 1) // 2 as integer)",
    "age_band": "age_band",
    "sex": "sex",
}
"""What a table may be by → how it is found in the stored measures."""

_FIRST_AGE = "try_cast(rtrim(split_part(age_band, '-', 1), '+') as integer)"
_ADULT = 25


def counts(
    run: Run,
    measures: Mapping[str, Counted],
    by: Sequence[str] = ("year",),
    group: str = ALL_AGES,
    worlds: Iterable[WorldKey] | None = None,
) -> pd.DataFrame:
    """Return the counts of measures by world and cell, and the person-years of each cell.

    Parameters
    ----------
    run
        A stored run.
    measures
        Name → measure. Left out are those that are weighed (see
        :func:`vru_model.analysis.measures.world_counts`), and those that the run did not count.
    by
        Some of :data:`DIMENSIONS`.
    group
        "all ages" or "under 25", by the age of whoever the measure counts.
    worlds
        Some of the finished worlds; all unless given.

    Returns
    -------
    pandas.DataFrame
        Index: draw, replicate and those of `by`. Columns: `person_years` (and those of some ages,
        where a measure is of these alone: :func:`at_risk`) and one a measure, at the full size of
        the place.

    Raises
    ------
    InputError
        Where a dimension or group is unknown.
    """
    refuse_unknown(by, group)
    keys = [*WORLD, *by]
    chosen = {name: each for name, each in measures.items() if _is_counted(run, each)}
    some = tuple(run.worlds()) if worlds is None else tuple(sorted(worlds))
    of_group = "young" if group == UNDER_25 else "value"
    # Tables by few cells are asked for again and again: all their counters are read at once.
    counters = None if len(by) <= 1 else _needed(chosen)
    cells = _cells(run, tuple(by), counters, some).dropna(subset=of_group)
    wide = _every_cell(cells.pivot(index=keys, columns="counter", values=of_group), by).fillna(0.0)
    found = pd.DataFrame({PERSON_YEARS: _column(wide, "resident:person_months") / 12.0})
    for ages in _limited_to(chosen):
        people = _people(run, tuple(by), some)
        last = min(ages[1], _ADULT - 1) if group == UNDER_25 else ages[1]
        people = people[people["first_age"].between(ages[0], last)]
        months = people.groupby(keys)["value"].sum().reindex(found.index, fill_value=0.0)
        found[_of_ages(ages)] = months / 12.0
    for name, measure in chosen.items():
        if measure.counters:
            plus, less = (
                sum((_column(wide, f"{measure.role}:{counter}") for counter in some),
                    start=pd.Series(0.0, index=wide.index))
                for some in (measure.counters, measure.less)
            )  # fmt: skip
            found[name] = (plus - less) / measure.divide_by
    return found


@lru_cache(maxsize=64)
def _cells(
    run: Run, by: tuple[str, ...], counters: tuple[str, ...] | None, worlds: tuple[WorldKey, ...]
) -> pd.DataFrame:
    """Return counts of counters (all, unless given) by world and cell: of all ages, of the young.

    Columns: draw, replicate, those of `by`, counter ("role:measure"), value, young (not a number
    where the cell has nobody under 25).
    """
    columns = ", ".join([*WORLD, *(f"{DIMENSIONS[name]} as {name}" for name in by)])
    only = "" if counters is None else "and measure in (select unnest(?))"
    return run.query(
        f"select {columns}, role || ':' || measure as counter, sum(value) as value, "
        f"sum(value) filter ({_FIRST_AGE} < {_ADULT}) as young from measures "
        f"where role <> 'programme' {only} group by all order by all",
        [] if counters is None else [list(counters)],
        worlds,
    )


@lru_cache(maxsize=32)
def _people(run: Run, by: tuple[str, ...], worlds: tuple[WorldKey, ...]) -> pd.DataFrame:
    """Return person-months by world, cell and first age of the band."""
    columns = ", ".join([*WORLD, *(f"{DIMENSIONS[name]} as {name}" for name in by)])
    return run.query(
        f"select {columns}, {_FIRST_AGE} as first_age, sum(value) as value from measures "
        "where role = 'resident' and measure = 'person_months' group by all order by all",
        worlds=worlds,
    )


def _limited_to(measures: Mapping[str, Counted]) -> list[tuple[int, int]]:
    """Return the first and last age of each group of ages to which a measure is limited."""
    limited = {getattr(each, "ages", None) for each in measures.values()}
    return sorted(each for each in limited if each)


def _needed(measures: Mapping[str, Counted]) -> tuple[str, ...]:
    counters = {name for each in measures.values() for name in (*each.counters, *each.less)}
    return tuple(sorted({*counters, "person_months"}))


def at_risk(measure: Counted) -> str:
    """Return the column that holds the person-years of whom a measure can happen to."""
    ages = getattr(measure, "ages", None)
    return PERSON_YEARS if ages is None else _of_ages(ages)


def _of_ages(ages: tuple[int, int]) -> str:
    return f"{PERSON_YEARS} at {ages[0]}-{ages[1]}"


def _is_counted(run: Run, measure: Counted) -> bool:
    needed = {f"{measure.role}:{name}" for name in (*measure.counters, *measure.less)}
    return needed <= run.counters


def refuse_unknown(by: Sequence[str], group: str) -> None:
    """Raise InputError where a table cannot be by what is asked, or of that group."""
    problems = [
        Problem(None, None, "by", name, ", ".join(DIMENSIONS), nearest(name, DIMENSIONS))
        for name in by
        if name not in DIMENSIONS
    ]
    if group not in GROUPS:
        problems.append(Problem(None, None, "group", group, ", ".join(GROUPS)))
    if problems:
        raise InputError(problems)


def _every_cell(wide: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the frame with every cell that any world has, in every world."""
    if not by:
        return wide
    worlds = wide.index.droplevel(list(by)).unique()
    cells = wide.index.droplevel(list(WORLD)).unique()
    full = pd.MultiIndex.from_tuples(
        [
            (*world, *(cell if isinstance(cell, tuple) else (cell,)))
            for world in worlds
            for cell in cells
        ],
        names=[*WORLD, *by],
    )
    return wide.reindex(full).sort_index()


def _column(wide: pd.DataFrame, name: str) -> pd.Series:
    return wide[name] if name in wide else pd.Series(0.0, index=wide.index)
