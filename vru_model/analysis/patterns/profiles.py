"""Age and sex of aggressors, of those who use knives, of victims and of patients."""

from __future__ import annotations

import numpy as np

from vru_model.analysis.patterns.world_lives import ATTENDED, Lives

_OLDEST = 100
_WINDOW = 3
"""Years of age over which rates are averaged before a peak is looked for."""


def profiles(lives: Lives) -> dict[str, float]:
    """Return male share, share aged 10 to 24 and age at the peak of the rate, by group.

    The groups: aggressors, aggressors of serious violence (emergency department or worse), those
    who used a knife, victims, patients of emergency departments, patients admitted, admitted for
    a knife. Counted by incident.
    """
    incidents = lives.incidents
    severity, knife = incidents["severity"], (incidents["weapon"] == "knife").to_numpy()
    admitted = (severity == "admission").to_numpy()
    serious = severity.isin(ATTENDED).to_numpy()
    groups = {
        "aggressors": ("aggressor", np.ones(len(incidents), bool)),
        "aggressors, serious": ("aggressor", serious),
        "knife users": ("aggressor", knife),
        "victims": ("victim", np.ones(len(incidents), bool)),
        "emergency patients": ("victim", serious & (severity != "death").to_numpy()),
        "admitted": ("victim", admitted),
        "admitted, knife": ("victim", admitted & knife),
    }
    at_risk = np.array([lives.years_at(age, age + 1).sum() for age in range(_OLDEST)])
    found = {}
    for name, (role, which) in groups.items():
        rows, age = (incidents[f"{role}_{kind}"].to_numpy()[which] for kind in ("row", "age"))
        male = lives.people["male"].to_numpy()[rows]
        found[f"male share, {name}"] = _mean(male)
        found[f"aged 10 to 24, {name}"] = _mean((age >= 10) & (age < 25))
        found[f"under 18, {name}"] = _mean(age < 18)
        found[f"peak age, {name}"] = peak_age(age, at_risk)
    return found


def peak_age(ages: np.ndarray, at_risk: np.ndarray) -> float:
    """Return the age at which the rate, averaged over three years of age, is highest.

    Parameters
    ----------
    ages
        Whole years, one an event.
    at_risk
        Person-years by single year of age from 0.

    Not a number without events. Of equal peaks, the youngest.
    """
    events = np.bincount(np.asarray(ages, int), minlength=len(at_risk))[: len(at_risk)]
    if events.sum() == 0:
        return float("nan")
    window = np.ones(_WINDOW)
    over, under = (np.convolve(each, window, mode="same") for each in (events, at_risk))
    rate = np.where(under > 0, over / np.maximum(under, 1e-9), 0.0)
    return float(np.argmax(rate))


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
