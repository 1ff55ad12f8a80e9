"""The compared measures of a run as one block of numbers, world by world."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vru_model.experiments.results import Run
from vru_model.experiments.world import WorldKey

ALL_AGES, UNDER_25 = "all ages", "under 25"
GROUPS = (ALL_AGES, UNDER_25)

COMPARED = {
    "incidents": "incidents",
    "expected_emergency_department_attendances": "emergency-department attendances",
    "expected_admissions": "admissions",
    "expected_homicides": "homicides",
    "expected_sharp_object_admissions": "sharp-object admissions",
    "expected_knife_enabled_serious_violence": "knife-enabled serious violence offences",
    "expected_non_domestic_homicides": "non-domestic homicides",
}
"""The compared measures, and their plain names. Expected counts add up each incident's own
probabilities: the same mean as the count, with less noise."""

def compared(measure: str) -> str | None:
    """Return the full name of a compared measure, given by any of its names; None if unknown."""
    plain = {title: name for name, title in COMPARED.items()}
    for name in (measure, f"expected_{measure}", plain.get(measure)):
        if name in COMPARED:
            return name
    return None


_CELLS = """
select draw, replicate, year, measure,
       sum(value) as "all ages",
       coalesce(sum(value) filter (
           try_cast(regexp_extract(age_band, '^[0-9]+') as integer) < 25
       ), 0) as "under 25"
from measures
where role = 'victim' and measure in (select unnest(?))
group by draw, replicate, year, measure
"""


def cube_of(run: Run, worlds: Sequence[WorldKey]) -> np.ndarray:
    """Return the counts, shape (worlds, measures, groups, years); absent cells are zero."""
    cells = run.query(_CELLS, [list(COMPARED)], worlds)
    cube = np.zeros((len(worlds), len(COMPARED), len(GROUPS), run.years))
    row = {key: position for position, key in enumerate(worlds)}
    column = {name: position for position, name in enumerate(COMPARED)}
    world = [row[WorldKey(*pair)] for pair in zip(cells["draw"], cells["replicate"], strict=True)]
    measure = cells["measure"].map(column).to_numpy()
    year = cells["year"].to_numpy() - 1
    for position, group in enumerate(GROUPS):
        cube[world, measure, position, year] = cells[group].to_numpy()
    return cube


def by_draw(values: np.ndarray, worlds: Sequence[WorldKey]) -> np.ndarray:
    """Return (worlds, quantities) as (draws, replicates, quantities), NaN where none finished."""
    draws = {draw: row for row, draw in enumerate(sorted({key.draw for key in worlds}))}
    replicates = {name: row for row, name in enumerate(sorted({key.replicate for key in worlds}))}
    arranged = np.full((len(draws), len(replicates), values.shape[1]), np.nan)
    for key, row in zip(worlds, values, strict=True):
        arranged[draws[key.draw], replicates[key.replicate]] = row
    return arranged
