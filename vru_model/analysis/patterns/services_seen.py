"""What emergency departments, hospitals, courts and the registrar of deaths see, and of whom."""

from __future__ import annotations

import numpy as np

from vru_model.analysis.patterns.world_lives import Lives
from vru_model.analysis.statistics.association import Parts, rate_parts

_EVERY_AGE = (0, 200)
_PEAK = (19, 22)


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


def deaths(lives: Lives) -> dict[str, Parts]:
    """Return the homicide rate of males over females, and the share of victims aged 13 to 19.

    In parts, because one world has few deaths.
    """
    died = (lives.incidents["severity"] == "death").to_numpy()
    male, age = lives.people["male"].to_numpy(), lives.incidents["victim_age"].to_numpy()[died]
    victim = lives.incidents["victim_row"].to_numpy()[died]
    years, men = lives.years_at(*_EVERY_AGE), int(male[victim].sum())
    teenage = (age >= 13) & (age < 20)
    return {
        "males over females": rate_parts(
            men, float(years[male].sum()), len(victim) - men, float(years[~male].sum())),
        "aged 13 to 19": Parts(float(teenage.sum()), float(len(teenage))),
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
