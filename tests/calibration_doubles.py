"""A stand-in for the model whose statistics are plain functions of three parameters.

Everything stands at the top, because tasks travel between processes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from vru_model.analysis.calibration.calibrating import Calibrated, calibrate_with
from vru_model.analysis.calibration.search import Search
from vru_model.analysis.calibration.space import Space
from vru_model.analysis.calibration.worlds import LEVEL, OWN, Workshop
from vru_model.experiments.request import load_request
from vru_model.experiments.world import Outcome, World
from vru_model.parameters.accounts.search import SearchPlan, Settings
from vru_model.parameters.accounts.targets import Target

SPACE = {
    "acting.base": ("fitted", -9.5, -8.0),
    "grievance.retaliation": ("deep", 0.2, 0.8),
    "age_curves.level.household": ("fitted", -1.0, 1.0),
    "schooling.exclusion": ("fitted", -10.8, -9.2),
}
ASKED = dict(scale=0.01, years=1, step="month", draws=1, replicates=1, seed=1, population_seed=1,
             workers=1, cluster=None, incidents=True, people=True)  # fmt: skip


def plan(**settings: object) -> SearchPlan:
    """Return a plan of a small search."""
    chosen = dict(waves=3, first_sets=60, sets=40, cut=3.0, repeats=3, scale=0.01, years=1,
                  level_step=0.1, other_populations=(2,), sets_elsewhere=10) | settings  # fmt: skip
    dimensions = {
        name: {"role": role, "distribution": "uniform", "value": (low + high) / 2, "low": low,
               "high": high}
        for name, (role, low, high) in SPACE.items()
    }  # fmt: skip
    return SearchPlan(settings=Settings(**chosen), space=dimensions)


def target(value: float, tolerance: float, use: str = "calibration") -> Target:
    """Return a target of a rate."""
    of_fit = dict(observation_sd=tolerance, discrepancy_sd=0.0) if use == "calibration" else {}
    return Target(pattern="something", lens="truth", value=value, unit="per 1,000", source="made",
                  status="prior", use=use, **of_fit)  # fmt: skip


def workshop(folder: Path, **more: object) -> Workshop:
    """Return a workshop in which worlds are doubles."""
    request, _ = load_request("baseline", "west_midlands", folder, ASKED)
    return Workshop(request.setting, folder, **{"simulate_world": simulate,
                                                "summarise": summarise} | more)  # fmt: skip


def chance(population_seed: int, size: float = 0.001) -> np.ndarray:
    """Return by how much residents and chance move level, violence at home and exclusions."""
    return np.exp(size * np.random.default_rng([population_seed, 17]).standard_normal(3))


def rates(world: World, size: float = 0.001) -> dict[str, float]:
    """Return the double's statistics: they can be worked out by hand."""
    values = world.setting.scenario.parameters().central()
    own = 1000.0 * np.exp(values.acting.base + 8.9)
    # ACEs carry a part of the level, excitation another; each set off makes half a further one.
    excited = world.setting.scenario.switches.get("retaliation", True)
    spread = 1.0 + 0.3 * (values.acting.ace > 0) + 0.2 * excited
    level, at_home, exclusions = chance(world.setting.population_seed, size)
    household = np.exp(values.age_curves.level[3]) * values.grievance.retaliation
    return {
        LEVEL: own * spread * level,
        OWN: 0.5,
        "at_home": own * household * at_home,
        "exclusions": 1e5 * np.exp(values.schooling.exclusion) * exclusions,
    }


def simulate(world: World, incidents: bool, people: bool) -> Outcome:
    """Return a world whose measures hold its level."""
    rows = [("victim", "incidents", rates(world)[LEVEL]),
            ("resident", "person_months", 12_000.0)]  # fmt: skip
    measures = pd.DataFrame(rows, columns=["role", "measure", "value"])
    return Outcome(measures, pd.DataFrame())


def summarise(world: World, outcome: Outcome) -> dict[str, float]:
    """Return the double's statistics."""
    return rates(world)


LOUD = 0.06
"""Chance twice as large as what the targets of the recovery are unsure by."""


def summarise_loudly(world: World, outcome: Outcome) -> dict[str, float]:
    """Return the double's statistics where chance is large."""
    return rates(world, LOUD)


TARGETS = {
    "incident_rate": target(1500.0, 60.0),
    "at_home": target(600.0, 30.0),
    "exclusions": target(4.5, 0.3),
    "ace_knockout": target(0.52, 0, "constraint"),
    "excitation_knockout": target(0.45, 0, "constraint"),
    "branching": target(0.8, 0, "constraint"),
}


def calibrated(folder: Path, **settings: object) -> Calibrated:
    """Return what a search among doubles finds."""
    return calibrate_with(plan(**settings), TARGETS, workshop(folder))


def search(folder: Path, **settings: object) -> Search:
    """Return a search among doubles."""
    asked = plan(**settings)
    return Search(workshop(folder), Space.of_plan(asked), asked.settings, TARGETS)
