"""The families of patterns: how each is counted, in which run, and which targets it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vru_model.analysis.patterns import (
    adversity,
    convictions,
    places,
    profiles,
    services_seen,
    timing,
    victimisation,
)
from vru_model.analysis.patterns.tables import WorldTables
from vru_model.analysis.patterns.world_lives import Lives
from vru_model.processes.records import VENUES

if TYPE_CHECKING:
    from vru_model.place import Place


@dataclass(frozen=True)
class World:
    """What a family is counted from: the lives of one world, its place and its services.

    Attributes
    ----------
    tables, lives
        Measures, residents and incidents; and residents and incidents as lives.
    neighbourhoods
        Those of the place; `local_authority` holds codes.
    adjacency
        Pairs of its rows that touch; None where the neighbourhoods are made up.
    services
        The section `services` of the world's coefficients.
    excluded
        The model's own coefficient of being excluded, a log rate ratio.
    published
        Published series → code of an authority → value.
    """

    tables: WorldTables
    lives: Lives
    neighbourhoods: pd.DataFrame
    adjacency: np.ndarray | None
    services: Any
    excluded: float
    published: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def survey(self) -> dict[str, float]:
        """Venue → chance that the Crime Survey sees an incident there."""
        return dict(zip(VENUES, (float(each) for each in self.services.survey), strict=True))


@dataclass(frozen=True)
class Family:
    """One family of patterns.

    Parameters
    ----------
    name, title
        Short name, and what its section is called.
    run
        Which run it is counted in: "years" (monthly steps), "weeks", or "cohort" (25 years).
    count
        Returns group → number for one world, or the parts of a ratio over all worlds.
    targets
        Group → name of its target; other groups are shown and not judged.
    unit
        The unit of groups without a target.
    """

    name: str
    title: str
    run: str
    count: Callable[[World], Mapping[str, Any]]
    targets: Mapping[str, str] = field(default_factory=dict)
    unit: str = "share"


def _places_of(world: World) -> dict[str, float]:
    found = places.concentration_of_places(
        world.lives, pd.Index(world.neighbourhoods["neighbourhood"])
    ) | places.ranking_of_places(world.lives, world.neighbourhoods)
    if world.adjacency is not None:
        found |= places.spatial_autocorrelation(
            world.lives, world.neighbourhoods, world.adjacency
        )
    return found


def _near_repeats(world: World) -> dict[str, float]:
    areas = world.neighbourhoods.set_index("neighbourhood")["peer_area"]
    return timing.near_repeat_ratios(world.lives, areas)


def _exclusion(world: World) -> dict[str, Any]:
    found = adversity.exclusion_rate_ratios(world.lives)
    return {**found, "the model's coefficient, taken whole as cause": float(np.exp(world.excluded))}


_DECILES = {f"decile {number}": f"recorded_violence_decile_{number}" for number in range(1, 11)}

FAMILIES: tuple[Family, ...] = (
    Family("survey", "Adults through the Crime Survey", "years",
           lambda world: victimisation.survey_prevalence(world.lives, world.survey),
           {"men": "crime_survey_prevalence_male", "women": "crime_survey_prevalence_female",
            "16 to 24": "crime_survey_prevalence_16_24",
            "most deprived fifth": "crime_survey_prevalence_deprived",
            "least deprived fifth": "crime_survey_prevalence_affluent"},
           "share a year"),
    Family("survey_incidents", "Incidents that the Crime Survey finds", "years",
           lambda world: victimisation.survey_shares(world.lives, world.survey),
           {"recorded by the police": "crime_survey_reported_share",
            "knife": "crime_survey_knife_share", "any weapon": "crime_survey_weapon_share",
            "men, by a stranger": "crime_survey_stranger_prevalence_male",
            "women, by a stranger": "crime_survey_stranger_prevalence_female"}),
    Family("children", "Children: physical violence in a year", "years",
           lambda world: {**victimisation.child_prevalence(world.lives),
                          **victimisation.child_violence(world.lives)},
           {"acted": "children_perpetrated_share",
            "the other was family": "children_other_family_share"}, "share a year"),
    Family("deciles", "Recorded violence with injury by deprivation of the place", "years",
           lambda world: places.recorded_by_decile(world.lives, world.neighbourhoods), _DECILES,
           "per 1,000 residents a year"),
    Family("patients", "Patients: rates, sex, age and deprivation", "years",
           lambda world: services_seen.patients(world.lives),
           {"attendances, men": "emergency_department_rate_male",
            "attendances, women": "emergency_department_rate_female",
            "admissions, most over least deprived fifth": "admission_gradient",
            "admissions, 19 to 21 over all": "admission_peak_rate",
            "admissions, 18 and 19 over 10 to 14": "admission_youth_ratio",
            "admissions, men over women": "admission_sex_ratio",
            "admissions for a knife, under 18": "admission_sharp_under_18_share",
            "admissions for a knife, 10 to 24": "admission_sharp_young_share"}),
    Family("deaths", "Homicide: sex and age", "years",
           lambda world: services_seen.deaths(world.tables, world.lives),
           {"males over females": "homicide_sex_ratio", "aged 13 to 19": "homicide_teenage_share"}),
    Family("convicted", "Those convicted", "years",
           lambda world: services_seen.convicted(world.lives), {"male": "offender_male_share"}),
    Family("profiles", "Age and sex of aggressors, knife users, victims and patients", "years",
           lambda world: profiles.profiles(world.lives),
           {"peak age, aggressors": "self_reported_peak_age"}, "share, or years of age"),
    Family("repeats", "Repeat and poly-victimisation within a year", "years",
           lambda world: victimisation.repeat_victimisation(world.lives)),
    Family("overlap", "Victims and aggressors at 13 to 17", "years",
           lambda world: victimisation.overlap(world.lives), {}, "share, or odds ratio"),
    Family("authorities", "Authorities: rank correlation with published series", "years",
           lambda world: places.authority_correlations(
               world.lives, world.published, world.neighbourhoods),
           {}, "rank correlation, or ratio"),
    Family("places", "Rates of recorded violence with injury: how widely places are spread",
           "years", lambda world: places.rates_of_places(world.lives, world.neighbourhoods),
           {}, "per 1,000 residents a year"),
    Family("neighbourhoods", "Neighbourhoods: how far violence concentrates", "years", _places_of,
           {}, "index, rank correlation, or share of incidents"),
    Family("aces", "Adverse childhood experiences and violence in a year", "years",
           lambda world: adversity.ace_odds_ratios(world.lives),
           {"victimisation, adjusted, log": "ace_victim_odds_ratio",
            "custody, adjusted, log": "ace_custody_odds_ratio"}, "odds ratio, or share"),
    Family("trauma", "Post-traumatic stress and violence in the year after", "years",
           lambda world: adversity.trauma_rate_ratios(world.lives),
           {"crude": "trauma_crude_hazard_ratio",
            "within strata": "trauma_hazard_ratio_within_strata"}),
    Family("exclusion", "Exclusion and violence in the three months after", "years", _exclusion,
           {"matched": "exclusion_hazard_ratio"}, "rate ratio"),
    Family("triggered", "What sets an incident off", "years",
           lambda world: timing.triggered_shares(world.lives)),
    Family("near_repeats", "Near repeats: pairs of public incidents in one area", "weeks",
           _near_repeats, {"within 2 weeks": "near_repeat_ratio"}, "observed over expected"),
    Family("exposure", "Acting after being a victim, against the same people before", "weeks",
           lambda world: timing.ratios_after_exposure(world.lives),
           {"week 1": "exposure_first_week_ratio"}, "ratio"),
    Family("cohort", "A cohort followed for 25 years", "cohort",
           lambda world: convictions.concentration(world.lives),
           {"ever convicted": "ever_convicted_share",
            "convictions held by 1%": "conviction_concentration",
            "convictions held by 0.12%": "conviction_concentration_top"}),
    Family("kin", "Convictions in families", "cohort",
           lambda world: convictions.familial_odds_ratios(world.lives),
           {"siblings": "sibling_odds_ratio"}, "odds ratio"),
)  # fmt: skip


def world_of(
    tables: WorldTables, lives: Lives, place: Place, coefficients: Any,
    published: Mapping[str, Mapping[str, float]],
) -> World:
    """Return what families are counted from, of one world in a place."""
    codes = np.array([authority.code for authority in place.authorities])
    table = place.neighbourhoods
    return World(
        tables,
        lives,
        table.assign(local_authority=codes[table["local_authority"].to_numpy()]),
        None if place.synthetic else place.adjacency,
        coefficients.services, float(coefficients.acting.excluded), published,
    )  # fmt: skip
