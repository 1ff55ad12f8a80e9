"""Stand-ins for the model, quick enough to test stores, pools and comparisons by the hundred.

Everything stands at the top of the module, because tasks travel to other processes.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vru_model.experiments.request import Request
from vru_model.experiments.runner import carry_out
from vru_model.experiments.world import Outcome, Setting, Timing, World

AGE_BANDS = ("5-9", "10-14", "16-17", "20-24", "25-29", "90+")
VICTIM_MEASURES = {
    "incidents": 40.0,
    "expected_emergency_department_attendances": 4.0,
    "expected_admissions": 0.5,
    "expected_homicides": 0.01,
    "expected_sharp_object_admissions": 0.1,
    "expected_knife_enabled_serious_violence": 1.0,
    "expected_non_domestic_homicides": 0.005,
}
ABOUT_PLACE = {
    "title": "Somewhere",
    "residents": 1_000_000,
    "source": "Made up for tests.",
    "attribution": "Contains public sector information licensed under the OGL v3.0.",
}


@dataclass(frozen=True)
class DoubleScenario:
    """As much of a scenario as the store reads; `reduction` is the share of violence averted."""

    name: str = "baseline"
    reduction: float = 0.0
    spend: float = 0.0

    @property
    def title(self) -> str:
        return self.name.capitalize()

    @property
    def digest(self) -> str:
        text = f"{self.name} {self.reduction} {self.spend}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def sentence(self) -> str:
        return f"{self.title} averts {self.reduction:.0%}."

    def resolved(self) -> dict[str, Any]:
        return {"name": self.name, "reduction": self.reduction, "spend": self.spend}


def setting(scenario: DoubleScenario | None = None, **changes: Any) -> Setting:
    """Return a setting of the double, with some fields changed."""
    fields: dict[str, Any] = {
        "scenario": scenario or DoubleScenario(),
        "place": "somewhere",
        "place_digest": "p1",
        "scale": 0.1,
        "years": 3,
        "step": "month",
        "seed": 1,
        "population_seed": 1,
        "parameter_values": "sampled",
        "parameters_digest": "m1",
        "code_version": "c1",
    }
    return Setting(**(fields | changes))


def run_double(
    out: Path, scenario: DoubleScenario | None = None, *, draws=2, replicates=2, **options: Any
):
    """Run the double and return its Run; options are those of Request, Setting or carry_out."""
    asked = {name: options.pop(name) for name in ("incidents", "people") if name in options}
    work = {"simulate": simulate, "workers": 1}
    work |= {name: options.pop(name) for name in ("simulate", "workers", "cluster", "progress")
             if name in options}  # fmt: skip
    request = Request(setting(scenario, **options), draws, replicates, **asked)
    return carry_out(request, ABOUT_PLACE, out, **work)


def simulate(world: World, incidents: bool, people: bool) -> Outcome:
    """Return a world whose level depends on the draw, and whose chance on the replicate.

    Common random numbers: the chance is the same whatever the scenario.
    """
    chance = np.random.default_rng([world.setting.seed, world.key.replicate])
    level = 1.0 + 0.2 * world.key.draw
    kept = 1.0 - world.setting.scenario.reduction
    rows = [
        (year, measure, "victim", authority, decile, band, sex,
         round(each * level * kept * chance.uniform(0.5, 1.5), 6))
        for year in range(1, world.setting.years + 1)
        for measure, each in VICTIM_MEASURES.items()
        for authority in ("E08000026", "E08000025")
        for decile in (1, 10)
        for band in AGE_BANDS
        for sex in ("male", "female")
    ]  # fmt: skip
    rows.append((1, "incidents", "aggressor", "E08000025", 1, "16-17", "male", 99.0))
    rows.append((1, "exclusions", "resident", "E08000025", 1, "10-14", "male", 0.0))
    rows += [
        (year, "spend:navigators", "programme", "all", 0, "all", "all",
         world.setting.scenario.spend)
        for year in range(1, world.setting.years + 1)
    ]  # fmt: skip
    columns = ["year", "measure", "role", "local_authority", "deprivation_decile", "age_band",
               "sex", "value"]  # fmt: skip
    measures = pd.DataFrame(rows, columns=columns).astype({"deprivation_decile": "Int8"})
    return Outcome(
        measures=measures.sample(frac=1.0, random_state=world.key.replicate),
        neighbourhoods=pd.DataFrame(
            {"year": [1, 1], "neighbourhood": ["N2", "N1"], "measure": "incidents", "value": 2.0}
        ),
        incidents=_incidents(chance) if incidents else None,
        people=_people(world) if people else None,
        timing=Timing(
            setting_up=0.002, simulating=0.02, residents=1000,
            months=12 * world.setting.years, phases={"violence": 0.01},
        ),  # fmt: skip
    )


def _incidents(chance: np.random.Generator) -> pd.DataFrame:
    number = 5
    return pd.DataFrame(
        {
            "incident": np.arange(number),
            "victim": chance.integers(0, 2**63, number, dtype="uint64"),
            "venue": chance.choice(["peer", "household"], number),
            "convicted": chance.uniform(size=number) < 0.5,
        }
    )


def _people(world: World) -> pd.DataFrame:
    # A generator of its own: what is kept must not change what happens.
    chance = np.random.default_rng([world.key.draw, world.key.replicate, 1])
    return pd.DataFrame(
        {
            "when": ["start", "end"],
            "resident": np.arange(2, dtype="uint64"),
            "liability": chance.normal(size=2).astype("float32"),
            "partner": [np.nan, 1.0],
        }
    )


def simulate_slowly(world: World, incidents: bool, people: bool) -> Outcome:
    """Take a while, so that a test can stop the run half-way."""
    time.sleep(0.3)
    return simulate(world, incidents, people)


def fail_in_third_world(world: World, incidents: bool, people: bool) -> Outcome:
    """Fail as a bug in the model would, half-way through a run."""
    if world.key.replicate == 2:
        raise ArithmeticError("the third world is wrong")
    return simulate(world, incidents, people)


def die_in_third_world(world: World, incidents: bool, people: bool) -> Outcome:
    """End the process without a word, as the system does where memory runs out."""
    if world.key.replicate == 2:
        os._exit(9)
    return simulate(world, incidents, people)


def drifting(world: World, incidents: bool, people: bool) -> Outcome:
    """Repeat no world exactly, as a machine with other libraries might."""
    outcome = simulate(world, incidents, people)
    outcome.measures["value"] *= 1.0 + 1e-9
    return outcome


if __name__ == "__main__":
    # tests/test_experiments_resume.py starts this file and stops it half-way.
    run_double(
        Path(sys.argv[1]), draws=1, replicates=8, workers=int(sys.argv[2]), simulate=simulate_slowly
    )
