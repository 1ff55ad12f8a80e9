"""The 2018 New York model of violence interrupters against hot-spot police, under its own rules.

Cerdá M, Tracy M, Keyes KM (2018), Reducing urban violence: a contrast of public health and
criminal justice approaches, Epidemiology 29:142-150, simulated adults for ten years and read
victimisation once a year. Interrupters halve the risk of the ten residents at highest risk in
each area; police in hot spots prevent incidents in their place.

Here, in our world and under our mechanisms: adults; the last year's share of victims against the
same world without; as many residents as ten to a neighbourhood, those at highest true risk in the
county, whose rate of acting is halved; police in the tenth of neighbourhoods with most violence
preventing the documented share of street incidents every day, twice as many places for a doubled
force and 40% more for the combination. How the study laid out its police is known only from its
abstract, so the police rows are ours in this.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from vru_model.analysis.patterns.world_lives import Lives
from vru_model.analysis.validation.trials.worlds import (
    A_POUND,
    AT_ONCE,
    Line,
    Report,
    Size,
    by_world,
    changed,
    funded,
    pairs,
    with_size,
)
from vru_model.experiments import Run
from vru_model.parameters.loading import load_model_parameters
from vru_model.parameters.register import load_programme
from vru_model.place import load_place
from vru_model.scenario import Scenario

TITLE = "The 2018 New York model, made again"
NO_INTERVENTION = "victims a year, no intervention"
INTERRUPTERS = "change of victims, interrupters"
POLICE = "change of victims, hot-spot police doubled"
BOTH = "change of victims, police plus 40% and interrupters"
TARGETS = {INTERRUPTERS: "new_york_interrupters", POLICE: "new_york_police", BOTH: "new_york_both"}
YEARS = 10
ADULT = 18
_RESIDENTS_PER_AREA, _SHARE_OF_PLACES = 10, 0.1
_OBSERVED = {"selection.observability": (1.0, "The study's interrupters know who is at risk")}


def scenarios(neighbourhoods: int) -> dict[str, Scenario]:
    """Return group → scenario of the three interventions over so many neighbourhoods."""
    places = _SHARE_OF_PLACES * neighbourhoods
    force = {"doubled": 2.0, "plus 40%": 1.4}
    people: Line = (_interrupters(), _RESIDENTS_PER_AREA * neighbourhoods, {})
    police: dict[str, Line] = {
        name: (_police(), math.ceil(more * places), {}) for name, more in force.items()
    }
    return {
        INTERRUPTERS: funded("new_york_interrupters", "Interrupters", [people], _OBSERVED),
        POLICE: funded("new_york_police", "Hot-spot police doubled", [police["doubled"]]),
        BOTH: funded("new_york_both", "Hot-spot police plus 40% and interrupters",
                     [people, police["plus 40%"]], _OBSERVED),
    }  # fmt: skip


def run_all(size: Size, report: Report | None = None) -> tuple[Run, dict[str, Run]]:
    """Run ten years without and with each intervention, or find them; baseline, group → run."""
    neighbourhoods = len(load_place(size.place, size.scale).neighbourhoods)
    options = {"years": YEARS, "incidents": True, "people": True}
    base = size.run("baseline", report, **options)
    return base, {group: size.run(scenario, report, **options)
                  for group, scenario in scenarios(neighbourhoods).items()}  # fmt: skip


def carry_out(size: Size, report: Report | None = None) -> pd.DataFrame:
    """Return the share of adults victimised in year 10, and its changes, by world."""
    base, treated_runs = run_all(size, report)
    found: dict = {}
    for group, run in treated_runs.items():
        for key, without, treated in pairs(base, run, "incidents"):
            before, after = (
                adult_victims(Lives.of(whose.query("select * from people", worlds=[key]), table,
                                       YEARS))
                for whose, table in ((base, without), (run, treated))
            )  # fmt: skip
            world = found.setdefault(key, {NO_INTERVENTION: before})
            world[group] = after / before - 1.0 if before > 0 else float("nan")
    return by_world(found)


def adult_victims(lives: Lives) -> float:
    """Return the share of adults, 18 and over at the end, who were victims in the last year."""
    people = lives.people
    age = (12 * lives.years - people["birth_month"].to_numpy()) / 12.0
    adult = people["at_end"].to_numpy() & (age >= ADULT)
    victim = lives.counts("victim", lives.incidents["year"] == lives.years) > 0
    return float(np.mean(victim[adult])) if adult.any() else float("nan")


def _interrupters():
    """Return interrupters who halve the rate of acting of the adults whom they choose."""
    # The model lets protections saturate, so that the sum has to be larger than its effect.
    ceiling = float(load_model_parameters().central().acting.protection_ceiling)
    size = ceiling * math.log(1.0 - math.log(2.0) / ceiling)
    programme = changed(
        load_programme("focused_deterrence"),
        eligibility={"minimum_age": ADULT, "maximum_age": 110, "sex": "any", "statuses": (),
                     "deprivation_deciles": (), "selection": "score"},
        reach={"reached_per_unit": 1.0, "take_up": 1.0, "drop_out_per_month": 0.0},
        timing={**AT_ONCE, "ramp_up_months": 0.0, "duration_months": 12.0,
                "half_life_months": 0.03},
        cost=A_POUND,
    )  # fmt: skip
    return with_size(programme, "acting", size)


def _police():
    """Return police who prevent street incidents every day over the whole of a neighbourhood."""
    return changed(
        load_programme("hot_spot_patrol"),
        reach={"share_of_days": 1.0, "share_of_place": 1.0, "reached_per_unit": 1.0},
        timing=AT_ONCE, cost=A_POUND,
    )  # fmt: skip
