"""A stand-in for the model whose every count can be worked out by hand.

One resident-year rate for each deprivation decile and age; a scenario averts a share of violence
in the most deprived deciles alone. Everything stands at the top, because tasks travel.
"""

from __future__ import annotations

from functools import lru_cache

import doubles
import numpy as np
import pandas as pd

from vru_model.experiments.world import Outcome, World
from vru_model.people import AGE_BANDS
from vru_model.processes.counters import AGGRESSOR_MEASURES, RESIDENT_MEASURES, VICTIM_MEASURES

AUTHORITIES = ("E08000025", "E08000026")
DECILES = tuple(range(1, 11))
PERSON_MONTHS = 12_000.0  # in every cell, every year: a thousand residents
COUNTERS = {name: 1.0 for name in VICTIM_MEASURES} | {
    "incidents": 40.0, "injuries": 20.0, "expected_emergency_department_attendances": 4.0,
    "emergency_department_attendances": 4.0, "police_recorded_violence_with_injury": 5.0,
    "expected_admissions": 0.5, "expected_homicides": 0.01, "victims": 30.0, "repeat_victims": 6.0,
    "police_recorded_incidents": 10.0, "domestic_incidents": 12.0,
}  # fmt: skip
AGGRESSOR = {name: 0.5 for name in AGGRESSOR_MEASURES} | {"incidents": 40.0}
AGES = {"exclusions": (10, 15), "aces": (0, 17), "first_sanctions": (10, 17)}
ENROLMENTS = "enrolments:navigators"
RESIDENT = {name: 0.1 for name in RESIDENT_MEASURES} | {"person_months": PERSON_MONTHS}


def simulate(world: World, incidents: bool, people: bool) -> Outcome:
    """Return a world: level by draw (1.0, 1.2...), gradient by decile, no chance but replicate 1's.

    A scenario's `reduction` applies to deciles 1 and 2; one that spends enrols two residents in
    every cell.
    """
    level = (1.0 + 0.2 * world.key.draw) * (1.0 + 0.1 * world.key.replicate)
    scenario, cells = world.setting.scenario, _cells(world.setting.years)
    decile = cells["deprivation_decile"]
    kept = np.where(decile <= 2, 1.0 - scenario.reduction, 1.0)
    measures = cells.assign(value=np.where(
        cells["role"] == "resident", cells["value"],
        cells["value"] * level * (11 - decile) / 10 * np.where(cells["role"] == "victim", kept, 1),
    ))  # fmt: skip
    parts = [measures]
    if scenario.spend:
        of_people = measures[measures["measure"] == "person_months"]
        parts.append(of_people.assign(role="programme", measure=ENROLMENTS, value=2.0 * level))
    money = pd.DataFrame({
        "year": range(1, world.setting.years + 1), "local_authority": "all",
        "deprivation_decile": 0, "age_band": "all", "sex": "all", "role": "programme",
        "measure": "spend:navigators", "value": scenario.spend,
    })  # fmt: skip
    places = pd.DataFrame({"year": [1], "neighbourhood": ["N1"], "measure": "incidents",
                           "value": 2.0})  # fmt: skip
    return Outcome(
        measures=pd.concat([*parts, money], ignore_index=True), neighbourhoods=places
    )


@lru_cache(maxsize=1)
def _cells(years: int) -> pd.DataFrame:
    """Return every cell and counter, with what it holds at level 1 and gradient 1."""
    cells = pd.MultiIndex.from_product(
        [range(1, years + 1), AUTHORITIES, DECILES, AGE_BANDS, ("female", "male")],
        names=["year", "local_authority", "deprivation_decile", "age_band", "sex"],
    ).to_frame(index=False)
    first = cells["age_band"].str.extract(r"^(\d+)")[0].astype(int)
    parts = []
    for role, counters in (("victim", COUNTERS), ("aggressor", AGGRESSOR), ("resident", RESIDENT)):
        for name, each in counters.items():
            low, high = AGES.get(name, (0, 200))
            some = cells[(first >= low) & (first <= high)]
            parts.append(some.assign(role=role, measure=name, value=each))
    return pd.concat(parts, ignore_index=True)


def run(out, name="baseline", reduction=0.0, spend=0.0, **options):
    """Return a stored run of the stand-in."""
    scenario = doubles.DoubleScenario(name, reduction, spend)
    return doubles.run_double(out, scenario, simulate=simulate, **options)
