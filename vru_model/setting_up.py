"""What a world needs before its first step: options, documents, residents and neighbourhoods."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import numpy as np

from vru_model.errors import InputError, Problem
from vru_model.paths import OUTPUTS
from vru_model.people import MOST_NEIGHBOURHOODS
from vru_model.place import (
    Place,
    cached_population,
    load_place,
    move_destinations,
    nearest_neighbourhoods,
)
from vru_model.processes.calendar import STEPS_PER_YEAR
from vru_model.processes.destinations import Destinations
from vru_model.processes.records import AREA, Geography
from vru_model.programmes.delivery import Delivered
from vru_model.programmes.eligibility import covered
from vru_model.programmes.funds import Funds
from vru_model.programmes.pathway import Cells, Pathway
from vru_model.programmes.portfolio import Portfolio
from vru_model.scenario import Scenario

LONGEST_HORIZON = 25
_USUAL_PEERS = 7
CACHE = OUTPUTS / "cache" / "population"
_NEAR = 8
_GREATEST_SEED = 2**63 - 1


def check_options(scale, years, step, seed, population_seed, draw, replicate) -> None:
    """Raise InputError listing every option out of its range."""
    checks = (
        ("scale", scale, 0 < scale <= 1, "above 0, at most 1"),
        ("years", years, 1 <= years <= LONGEST_HORIZON, f"1 to {LONGEST_HORIZON}"),
        ("step", step, step in STEPS_PER_YEAR, " or ".join(STEPS_PER_YEAR)),
        ("seed", seed, 0 <= seed <= _GREATEST_SEED, "0 to 2^63 - 1"),
        ("population_seed", population_seed, 0 <= population_seed <= _GREATEST_SEED,
         "0 to 2^63 - 1"),
        ("draw", draw, draw is None or draw >= 0, "0 or more, or none for the central values"),
        ("replicate", replicate, 0 <= replicate < 2**31, "0 or more"),
    )  # fmt: skip
    problems = [
        Problem(None, None, name, repr(given), allowed)
        for name, given, fine, allowed in checks
        if not fine
    ]
    if problems:
        raise InputError(problems)


def the_scenario(scenario: str | Path | Scenario) -> Scenario:
    """Return the scenario, loaded if it is a name or a file."""
    return scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)


def the_place(place: str | Path | Place, scale: float) -> Place:
    """Return the place at the scale, loaded if it is a name or a folder.

    Raises InputError where it has more neighbourhoods than a resident's row can tell apart.
    """
    found = place.at_scale(scale) if isinstance(place, Place) else load_place(place, scale)
    number = len(found.neighbourhoods)
    if number > MOST_NEIGHBOURHOODS:
        given, allowed = f"{number:,} in {found.name}", f"at most {MOST_NEIGHBOURHOODS:,}"
        raise InputError([Problem(None, None, "neighbourhoods", given, allowed)])
    return found


def the_coefficients(scenario: Scenario, draw: int | None, seed: int):
    """Return the scenario's coefficients: central values, or one draw of what is uncertain."""
    parameters = scenario.parameters()
    values = parameters.central() if draw is None else parameters.draw(draw, seed)
    number = offspring(values)
    if number >= 1.0:
        given = f"values by which one incident sets off {number:.2f} others in the long run"
        allowed = "less than 1, or violence would explode"
        raise InputError([Problem(None, None, "grievance", given, allowed)])
    return values


def offspring(values) -> float:
    """Return how many further incidents one incident sets off through grievance alone.

    The branching number of the Hawkes process, for a victim whose peers may all be witnesses
    and who is as ready to act as anybody: reckoned on the high side.
    """
    grievance, witnesses = values.grievance, values.witnesses
    injury = 1.0 / (1.0 + math.exp(-values.severity.injury))
    of_victim = injury * grievance.injured_victim + (1.0 - injury) * grievance.uninjured_victim
    of_witnesses = grievance.witness * witnesses.peer * _USUAL_PEERS
    readiness = 0.5 * (grievance.male + grievance.female)
    return grievance.acts_per_month * grievance.decay * readiness * (of_victim + of_witnesses)


def the_population(place: Place, seed: int, liability_correlation: float):
    """Return the founders of the place, built once and mapped from disk the next time."""
    return cached_population(place, seed, CACHE, liability_correlation)


def room_for_births(founders: int, years: int) -> int:
    """Return rows to keep for those who will be born: 1.5% of the residents a year, and a few."""
    return 64 + founders * years * 15 // 1000


def the_areas(place: Place, founders, values) -> np.ndarray:
    """Return the neighbourhoods (dtype AREA) at their usual state; ``values`` of all sections."""
    parameters = values.neighbourhoods
    table = place.neighbourhoods
    areas = np.zeros(len(table), AREA)
    areas["deprivation"] = table["deprivation"]
    areas["authority"] = table["local_authority"]
    ends = np.arange(len(table) + 1, dtype=np.int32)  # founders stand by neighbourhood
    areas["residents"] = np.diff(np.searchsorted(founders.neighbourhood, ends))
    areas["own_efficacy"] = parameters.efficacy_deprivation * areas["deprivation"]
    areas["efficacy"] = areas["own_efficacy"]
    areas["fear"] = 1.0
    areas["recent"] = parameters.usual_incidents
    areas["ace_term"] = values.early_life.deprivation * areas["deprivation"]
    areas["exclusion_term"] = values.schooling.exclusion_deprivation * areas["deprivation"]
    return areas


@lru_cache(maxsize=2)
def the_geography(place: Place) -> Geography:
    """Return what lies near what, and where the nights are spent; worlds of a place share it."""
    table = place.neighbourhoods
    authority = table["local_authority"].to_numpy()
    night = np.flatnonzero(table["night_exposure"].to_numpy() > 0)
    night = night[np.argsort(authority[night], kind="stable")]
    rows = np.arange(len(place.authorities) + 1)
    sizes = np.bincount(authority, weights=table["residents"], minlength=len(place.authorities))
    return Geography(
        nearest=_nearest(place, len(table)),
        night_places=night.astype(np.int32),
        night_starts=np.searchsorted(authority[night], rows).astype(np.int32),
        regional_centre=int(np.argmax(sizes)),
    )


def _nearest(place: Place, count: int) -> np.ndarray:
    """Return the eight nearest neighbourhoods; a place of one has only itself near."""
    if count == 1:
        return np.zeros((1, 1), np.int32)
    return nearest_neighbourhoods(place, min(_NEAR, count - 1))


@lru_cache(maxsize=2)
def the_destinations(
    place: Place, distance_km: float, deprivation: float
) -> Destinations:
    """Return where people who move may go, and the running chances of each; shared likewise."""
    if len(place.neighbourhoods) == 1:
        return Destinations.of(np.zeros((1, 1), np.uint16), np.ones((1, 1), np.float32))
    return Destinations.of(*move_destinations(place, distance_km, deprivation))


def the_portfolio(
    scenario: Scenario, place: Place, scale: float, draw, seed, night_places
) -> Portfolio:
    """Return the programmes that the scenario funds, with their sizes and costs in this draw."""
    scenario.check_places(place)
    cells = Cells(place)
    deprivation = place.neighbourhoods["deprivation"].to_numpy()
    delivered = []
    for number, line in enumerate(scenario.funding):
        document = scenario.programmes[line.programme]
        sizes = document.central() if draw is None else document.draw(draw, seed)
        cost = None if draw is None else document.drawn_unit_cost(draw, seed)
        years = scenario.funded_years(line, scale, cost)
        terms = scenario.terms(document)
        delivered.append(
            Delivered(
                number, document, Funds(line, years, terms), sizes,
                covered(place, line, document.eligibility), deprivation, Pathway(cells),
            )
        )  # fmt: skip
    shock = scenario.shock
    return Portfolio(delivered, night_places, shock.displacement, shock.police_recording)
