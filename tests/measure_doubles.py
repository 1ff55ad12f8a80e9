"""A stand-in for the model whose every count can be worked out by hand.

One resident-year rate for each deprivation decile and age; a scenario averts a share of violence
in the most deprived deciles alone. Everything stands at the top, because tasks travel.
"""

from __future__ import annotations

import doubles
import numpy as np
import pandas as pd

from vru_model.experiments.world import Outcome, World
from vru_model.people import AGE_BANDS
from vru_model.processes.counters import RESIDENT_MEASURES, VICTIM_MEASURES

AUTHORITIES = ("E08000025", "E08000026")
DECILES = tuple(range(1, 11))
PERSON_MONTHS = 12_000.0  # in every cell, every year: a thousand residents
COUNTERS = {name: 1.0 for name in VICTIM_MEASURES} | {
    "incidents": 40.0, "injuries": 20.0, "expected_emergency_department_attendances": 4.0,
    "emergency_department_attendances": 4.0, "police_recorded_violence_with_injury": 5.0,
    "expected_admissions": 0.5, "expected_homicides": 0.01,
}  # fmt: skip
RESIDENT = {name: 0.1 for name in RESIDENT_MEASURES} | {"person_months": PERSON_MONTHS}


def simulate(world: World, incidents: bool, people: bool) -> Outcome:
    """Return a world: level by draw (1.0, 1.2...), gradient by decile, no chance but replicate 1's.

    A scenario's `reduction` applies to deciles 1 and 2.
    """
    level = (1.0 + 0.2 * world.key.draw) * (1.0 + 0.1 * world.key.replicate)
    rows = []
    for year in range(1, world.setting.years + 1):
        for authority in AUTHORITIES:
            for decile in DECILES:
                kept = 1.0 - world.setting.scenario.reduction * (decile <= 2)
                gradient = (11 - decile) / 10
                for band in AGE_BANDS:
                    for sex in ("female", "male"):
                        cell = (year, authority, decile, band, sex)
                        rows += [(*cell, "victim", name, each * level * kept * gradient)
                                 for name, each in COUNTERS.items()]  # fmt: skip
                        rows += [(*cell, "resident", name, each)
                                 for name, each in RESIDENT.items()]  # fmt: skip
                        rows.append((*cell, "aggressor", "incidents", 40.0 * level * gradient))
        rows.append((year, "all", 0, "all", "all", "programme", "spend:navigators",
                     world.setting.scenario.spend))  # fmt: skip
    columns = ["year", "local_authority", "deprivation_decile", "age_band", "sex", "role",
               "measure", "value"]  # fmt: skip
    measures = pd.DataFrame(rows, columns=columns)
    places = pd.DataFrame({"year": [1], "neighbourhood": ["N1"], "measure": "incidents",
                           "value": 2.0})  # fmt: skip
    return Outcome(
        measures=measures, neighbourhoods=places,
        incidents=_incidents(world) if incidents else None,
        people=_people(world) if people else None,
    )  # fmt: skip


def _incidents(world: World) -> pd.DataFrame:
    """Return six incidents: victim 1 three times in year 1, 2 once; 1 and 3 once in year 2."""
    return pd.DataFrame({
        "incident": np.arange(6),
        "date": pd.to_datetime(["2027-04-01", "2027-06-01", "2028-03-01", "2027-05-01",
                                "2028-04-01", "2029-03-01"]),
        "victim": np.array([1, 1, 1, 2, 1, 3], dtype="uint64"),
        "recorded_by_police": [True, True, False, False, True, False],
        "recorded_by_ambulance": [False] * 6,
        "recorded_by_emergency_department": [True] + [False] * 5,
        "recorded_by_hospital": [False] * 6,
    })  # fmt: skip


def _people(world: World) -> pd.DataFrame:
    """Return victim 1 (24 at the start: 25 from year 2), 2 (aged 40) and 3 (aged 10)."""
    months = [12 * 24, 12 * 40, 12 * 10]
    return pd.DataFrame({
        "when": ["start"] * 3 + ["end"] * 3,
        "resident": np.array([1, 2, 3] * 2, dtype="uint64"),
        "age_months": months + [each + 12 * world.setting.years for each in months],
    })  # fmt: skip


def run(out, name="baseline", reduction=0.0, spend=0.0, **options):
    """Return a stored run of the stand-in."""
    scenario = doubles.DoubleScenario(name, reduction, spend)
    return doubles.run_double(out, scenario, simulate=simulate, **options)
