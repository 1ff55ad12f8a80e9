"""What emergency departments, hospitals, courts and the registrar of deaths see, and of whom."""

from __future__ import annotations

import numpy as np

from vru_model.analysis.patterns.tables import WorldTables
from vru_model.analysis.patterns.world_lives import ATTENDED, Lives

_EVERY_AGE = (0, 200)
_PEAK = (19, 22)
_DIED = "expected_homicides"


def patients(lives: Lives) -> dict[str, float]:
    """Return attendances coded as violence, a year for 1,000, by sex; and admissions compared.

    Admissions: the rate in the most over the least deprived fifth of homes, at 19 to 21 over all
    ages, at 18 and 19 over 10 to 14, men over women; and shares of those for a knife by age.
    """
    incidents = lives.incidents
    attended = incidents["recorded_by_emergency_department"].to_numpy(bool)
    admitted = incidents["recorded_by_hospital"].to_numpy(bool)
    male, decile = (lives.people[name].to_numpy() for name in ("male", "deprivation_decile"))
    knife = admitted & (incidents["weapon"] == "knife").to_numpy()
    age = incidents["victim_age"].to_numpy()
    overall = _rate(lives, admitted, np.ones_like(male))
    return {
        "attendances, men": 1000.0 * _rate(lives, attended, male),
        "attendances, women": 1000.0 * _rate(lives, attended, ~male),
        "admissions, most over least deprived fifth": _over(
            _rate(lives, admitted, decile <= 2), _rate(lives, admitted, decile >= 9)),
        "admissions, 19 to 21 over all": _over(
            _rate(lives, admitted, np.ones_like(male), _PEAK), overall),
        "admissions, 18 and 19 over 10 to 14": _over(
            _rate(lives, admitted, np.ones_like(male), (18, 20)),
            _rate(lives, admitted, np.ones_like(male), (10, 15))),
        "admissions, men over women": _over(
            _rate(lives, admitted, male), _rate(lives, admitted, ~male)),
        "admissions for a knife, under 18": _share(age[knife] < 18),
        "admissions for a knife, 10 to 24": _share((age[knife] >= 10) & (age[knife] < 25)),
    }  # fmt: skip


def deaths(world: WorldTables, lives: Lives) -> dict[str, float]:
    """Return the homicide rate of males over females, and the share of victims aged 13 to 19.

    From the chance of death of each incident, because one world has few deaths. These chances are
    added up by bands of age; of the band from 10 to 14 as much counts as of its attended injuries
    is suffered at 13 and 14.
    """
    chances = {sex: world.total(_DIED, sex=sex) for sex in ("male", "female")}
    years = {sex: world.person_years(sex=sex) for sex in chances}
    hurt = lives.incidents[lives.incidents["severity"].isin(ATTENDED)]["victim_age"]
    children = int(hurt.between(10, 14).sum())
    older = int(hurt.between(13, 14).sum()) / children if children else 0.0
    teenage = world.total(_DIED, ages=(15, 19)) + older * world.total(_DIED, ages=(10, 14))
    return {
        "males over females": _over(
            _over(chances["male"], years["male"]), _over(chances["female"], years["female"])),
        "aged 13 to 19": _over(teenage, sum(chances.values())),
    }  # fmt: skip


def convicted(lives: Lives) -> dict[str, float]:
    """Return the share of males among convictions for violence."""
    rows = lives.incidents.loc[lives.incidents["convicted"], "aggressor_row"].to_numpy()
    return {"male": _share(lives.people["male"].to_numpy()[rows])}


def _rate(
    lives: Lives, which: np.ndarray, members: np.ndarray, ages: tuple[int, int] = _EVERY_AGE
) -> float:
    """Return incidents a person-year, of some victims, at ages from and below."""
    age, row = (lives.incidents[f"victim_{name}"].to_numpy() for name in ("age", "row"))
    counted = which & (age >= ages[0]) & (age < ages[1]) & np.asarray(members, bool)[row]
    return _over(float(counted.sum()), float(lives.years_at(*ages)[members].sum()))


def _over(one: float, other: float) -> float:
    return one / other if other > 0 else float("nan")


def _share(values: np.ndarray) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
