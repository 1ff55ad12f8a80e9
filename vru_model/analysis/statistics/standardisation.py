"""Directly age-standardised rates to the 2013 European Standard Population.

Source of the method: Fingertips Public Health Technical Guidance, "Directly standardised rates";
of the limits: Dobson AJ, Kuulasmaa K, Eberle E, Scherer J (1991), Confidence intervals for
weighted sums of Poisson parameters, Statistics in Medicine 10:457-462, with Byar's limits of the
total count. Source of the weights: Eurostat (2013), Revision of the European Standard Population.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from vru_model.analysis.statistics.rates import PER, Limits, byar_limits

EUROPEAN_STANDARD_POPULATION = {
    0: 5000, 5: 5500, 10: 5500, 15: 5500, 20: 6000, 25: 6000, 30: 6500, 35: 7000, 40: 7000,
    45: 7000, 50: 7000, 55: 6500, 60: 6000, 65: 5500, 70: 5000, 75: 4000, 80: 2500, 85: 1500,
    90: 1000,
}  # fmt: skip
"""First year of age of each band → its people, of 100,000; both sexes have the same."""

FEWEST_EVENTS = 10
"""Below so many events in all, a standardised rate is not given (Fingertips guidance)."""
POOLED_YEARS = 3
"""Years that the published indicator of admissions for violence pools."""


def standard_band(age_band: str) -> int:
    """Return the first year of age of the standard's band that holds an age band of the model.

    The model's bands ("15", "16-17", "18-19", "90+") nest into the standard's.

    Raises
    ------
    ValueError
        Where the band does not nest.
    """
    found = re.fullmatch(r"(\d+)(?:-(\d+)|\+)?", age_band)
    if found is None:
        raise ValueError(f"{age_band!r} is no age band such as 15, 16-17 or 90+")
    first = int(found[1])
    last = int(found[2] or (first if "+" not in age_band else 200))
    start = max(band for band in EUROPEAN_STANDARD_POPULATION if band <= first)
    following = [band for band in EUROPEAN_STANDARD_POPULATION if band > start]
    if last >= min(following, default=1000):
        raise ValueError(f"the age band {age_band} does not lie within one of the standard's")
    return start


def standard_weights(bands: Iterable[int]) -> np.ndarray:
    """Return the standard's people in each of its bands, by first year of age."""
    return np.array([EUROPEAN_STANDARD_POPULATION[band] for band in bands], dtype=float)


def directly_standardised(
    events: ArrayLike,
    person_years: ArrayLike,
    weights: ArrayLike,
    per: float = PER,
    confidence: float = 0.95,
) -> Limits:
    """Return directly standardised rates with Dobson's limits; ages lie along the last axis.

    Parameters
    ----------
    events, person_years
        By age band, of the period (of three years, where the indicator is pooled).
    weights
        The standard population by the same bands.
    per
        The rate is for so many person-years.

    Not a number where fewer than ten events are counted, or where nobody of some age is at risk.

    Raises ValueError where events or person-years lie below zero.
    """
    observed, at_risk = np.asarray(events, float), np.asarray(person_years, float)
    standard = np.asarray(weights, float) / np.sum(weights)
    if np.any(observed < 0) or np.any(at_risk < 0):
        raise ValueError("events and person-years are never below zero")
    total = observed.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = (standard * observed / at_risk).sum(axis=-1)
        variance = (standard**2 * observed / at_risk**2).sum(axis=-1)
        # The weighted sum has the shape of the count: its limits are stretched to its variance.
        stretch = np.sqrt(variance / total)
    low, high = byar_limits(total, confidence)
    found = [rate, rate + stretch * (low - total), rate + stretch * (high - total)]
    given = (total >= FEWEST_EVENTS) & np.all(at_risk > 0, axis=-1)
    return Limits(*(np.where(given, each * per, np.nan) for each in found))
