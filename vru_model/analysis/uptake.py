"""Who is reached: enrolments along deprivation, beside the people there and the violence there.

A programme that the better-off take up more readily can widen a gap that it was meant to narrow
(Tudor Hart's inverse care law, Lancet 1971; 297:405-412). Uptake alone does not show it, because
need is not spread evenly either: so enrolments stand beside residents and beside the acts of
violence that residents of the same deciles commit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vru_model.analysis.counting import DIMENSIONS, PERSON_YEARS, WORLD, counts
from vru_model.analysis.measures import arranged
from vru_model.analysis.statistics.concentration import concentration_index
from vru_model.analysis.statistics.gradients import slope_and_ratio
from vru_model.analysis.statistics.verdict import UNCLEAR
from vru_model.experiments.intervals import FEWEST_DRAWS, nothing_known, spread, spread_of_ratio
from vru_model.parameters.accounts.measures import MeasureCatalogue, load_measures

if TYPE_CHECKING:
    from vru_model.experiments.intervals import Spread
    from vru_model.experiments.results import Run

PREFIX = "enrolments:"
"""What the names of the counters begin with; the programme's name follows. They are counted by the
home, age and sex of whoever is enrolled; totals of no place stand in decile 0."""

PER = 1000
_NOISE = 1e-9  # sums in another order differ in their last figures
NEED = "perpetration"
PER_NEED = 100
_TENTHS, _FIFTHS = "deprivation_decile", "deprivation_quintile"
_MORE, _LESS = "the more deprived", "the less deprived"
_ENROLMENTS = """
select draw, replicate, measure, {column} as {name}, sum(value) as value from measures
where starts_with(measure, '{prefix}') and deprivation_decile > 0 group by all order by all
"""


def uptake(run: Run, catalogue: MeasureCatalogue | None = None) -> pd.DataFrame:
    """Return enrolments by programme and deprivation quintile, all years together.

    Columns: programme, deprivation_quintile, person_years, enrolments with its intervals over
    draws, acts (of violence that residents of the quintile commit), rate (enrolments a year for
    1,000 residents of all ages) and for_each_100_acts (enrolments) with their own, draws. One
    row a quintile of each programme that enrolled anybody; none where the run did not count
    enrolments by place.
    """
    rows = []
    for programme, enrolled, people, acts in _programmes(run, catalogue, _FIFTHS):
        found = {
            "enrolments": spread(enrolled),
            "acts": spread(acts),
            "rate": spread_of_ratio(enrolled * PER, people),
            "for_each_100_acts": spread_of_ratio(enrolled * PER_NEED, acts),
        }
        table = pd.DataFrame({
            "programme": programme, _FIFTHS: _cells(run), PERSON_YEARS: _mean(people),
        })  # fmt: skip
        for name, each in found.items():
            table[name] = each.mean
            for limit in ("low80", "high80", "low95", "high95"):
                table[f"{name}_{limit}"] = getattr(each, limit)
        rows.append(table.assign(draws=len(people)))
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()


def uptake_gradient(run: Run, catalogue: MeasureCatalogue | None = None) -> pd.DataFrame:
    """Return how uptake changes along deprivation deciles: one row a programme.

    Columns: programme; enrolments, slope_index (difference in yearly enrolments for 1,000 residents
    between the most and the least deprived end), relative_index (their ratio) and
    concentration_index (below 0: the deprived are reached more), and index_to_need (the
    concentration index of enrolments less that of acts of violence: above 0, the deprived are
    reached less than their violence would call for), each with 95% limits over draws;
    reached_more and for_need_reached_more ("the more deprived", "the less deprived", "cannot be
    told": below 20 draws, or where the limits hold both), draws.
    """
    rows = []
    for programme, enrolled, people, acts in _programmes(run, catalogue, _TENTHS):
        found = _indices(enrolled, people, acts)
        row: dict[str, object] = {"programme": programme}
        found = {"enrolments": spread(enrolled.sum(axis=-1, keepdims=True))} | found
        for name, each in found.items():
            row |= {name: each.mean[0], f"{name}_low95": each.low95[0],
                    f"{name}_high95": each.high95[0]}  # fmt: skip
        row["reached_more"] = _who(found["concentration_index"], len(people))
        row["for_need_reached_more"] = _who(found["index_to_need"], len(people))
        rows.append(row | {"draws": len(people)})
    return pd.DataFrame(rows)


def _programmes(
    run: Run, catalogue: MeasureCatalogue | None, by: str
) -> Iterator[tuple[str, np.ndarray, np.ndarray, np.ndarray]]:
    """Yield each programme with enrolments, person-years and acts by world and cell of `by`."""
    measures = (catalogue or load_measures()).measures
    beside = counts(run, {NEED: measures[NEED]}, (by,))
    people, acts = (arranged(beside[name], (by,)).values for name in (PERSON_YEARS, NEED))
    found = run.query(_ENROLMENTS.format(column=DIMENSIONS[by], name=by, prefix=PREFIX))
    for name, rows in found.groupby("measure", sort=True):
        enrolled = rows.set_index([*WORLD, by])["value"].reindex(beside.index, fill_value=0.0)
        yield _programme(str(name)), arranged(enrolled, (by,)).values, people, acts


def _programme(counter: str) -> str:
    return counter.removeprefix(PREFIX).strip()


def _cells(run: Run) -> list[int]:
    return sorted(set(counts(run, {}, (_FIFTHS,)).index.get_level_values(_FIFTHS)))


def _indices(
    enrolled: np.ndarray, people: np.ndarray, acts: np.ndarray
) -> dict[str, Spread]:
    """Return each index with its spread over draws; worlds are (draws, replicates, deciles)."""
    names = ("slope_index", "relative_index", "concentration_index", "index_to_need")
    values = {name: np.full((*people.shape[:2], 1), np.nan) for name in names}
    for world in np.ndindex(people.shape[:2]):
        if np.isnan(people[world]).any() or enrolled[world].sum() == 0:
            continue
        at_risk = people[world]
        rate = enrolled[world] / at_risk
        slope, ratio = slope_and_ratio(rate * PER, at_risk)
        index, of_need = (
            float(concentration_index(each, at_risk)) for each in (rate, acts[world] / at_risk)
        )
        for name, value in zip(names, (slope, ratio, index, index - of_need), strict=True):
            values[name][world] = value
    return {name: _known(each) for name, each in values.items()}


def _known(values: np.ndarray) -> Spread:
    """Return the spread over the draws in which the index exists."""
    draws = ~np.isnan(values).all(axis=(1, 2))
    return spread(values[draws]) if draws.any() else nothing_known()


def _who(index: Spread, draws: int) -> str:
    """Say who is reached more, by the 95% limits of a concentration index."""
    if draws < FEWEST_DRAWS:
        return UNCLEAR
    if index.high95[0] < -_NOISE:
        return _MORE
    return _LESS if index.low95[0] > _NOISE else UNCLEAR


def _mean(values: np.ndarray) -> np.ndarray:
    return np.nanmean(values, axis=1).mean(axis=0)
