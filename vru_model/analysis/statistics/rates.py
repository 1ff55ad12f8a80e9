"""Counts, crude rates and proportions with confidence limits, as public-health analysts give them.

The limits follow the Public Health Technical Guidance behind Fingertips (Office for Health
Improvement and Disparities, "Rates" and "Proportions"): Byar's approximation from ten events on,
the exact Poisson limits below, Wilson's score limits for proportions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

FEWEST_FOR_BYAR = 10
"""From so many events on Byar's approximation is used; below it the exact limits are."""
PER = 100_000
_HARDLY_ANY = 1e-9  # below it the chi-squared quantile leaves the range of numbers


@dataclass(frozen=True)
class Limits:
    """Values with their lower and upper confidence limits, as arrays of one shape."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


def byar_limits(events: ArrayLike, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return Byar's approximate limits of a Poisson count.

    Within 0.2% of the exact limits from ten events on (95%). Counts may be sums of
    probabilities, so need not be whole.

    Source: Breslow NE, Day NE (1987), Statistical Methods in Cancer Research, volume II, page 69;
    the formulae as printed in the Fingertips guidance on rates.
    """
    observed, z = _counts(events), _normal_quantile(confidence)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        low = observed * (1 - 1 / (9 * observed) - z / (3 * np.sqrt(observed))) ** 3
    more = observed + 1
    high = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    return np.where(observed > 0, np.maximum(low, 0.0), 0.0), high


def exact_poisson_limits(
    events: ArrayLike, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact limits of a Poisson count, by its link with the chi-squared distribution.

    Source: Armitage P, Berry G, Matthews JNS (2002), Statistical Methods in Medical Research,
    4th edition, section 5.2; Fingertips guidance on rates, counts below ten.
    """
    from scipy.stats import chi2

    observed, tail = _counts(events), (1 - confidence) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(observed > _HARDLY_ANY, chi2.ppf(tail, 2 * observed) / 2, 0.0)
    return low, chi2.ppf(1 - tail, 2 * observed + 2) / 2


def count_limits(events: ArrayLike, confidence: float = 0.95) -> Limits:
    """Return counts with limits: Byar's from ten events on, the exact ones below."""
    observed = _counts(events)
    exact, byar = (limits(observed, confidence) for limits in (exact_poisson_limits, byar_limits))
    large = observed >= FEWEST_FOR_BYAR
    return Limits(observed, np.where(large, byar[0], exact[0]), np.where(large, byar[1], exact[1]))


def crude_rate(
    events: ArrayLike, person_years: ArrayLike, per: float = PER, confidence: float = 0.95
) -> Limits:
    """Return events for every `per` person-years at risk, with the limits of the count.

    Where nobody is at risk the rate is not a number. Source: Fingertips guidance on rates.
    """
    found, at_risk = count_limits(events, confidence), np.asarray(person_years, dtype=float)
    _refuse_negative(at_risk, "person-years")
    with np.errstate(divide="ignore", invalid="ignore"):
        return Limits(*(np.where(at_risk > 0, each / at_risk * per, np.nan)
                        for each in (found.value, found.low, found.high)))  # fmt: skip


def proportion(events: ArrayLike, among: ArrayLike, confidence: float = 0.95) -> Limits:
    """Return a proportion with Wilson's score limits.

    Source: Wilson EB (1927), Journal of the American Statistical Association 22:209-212; as in
    the Fingertips guidance on proportions.

    Raises
    ------
    ValueError
        Where more events are counted than there are people, or there are none.
    """
    observed, total, z = _counts(events), np.asarray(among, dtype=float), 0.0
    if np.any(total <= 0) or np.any(observed > total):
        raise ValueError("a proportion needs people, and no more events than people")
    z = _normal_quantile(confidence)
    share = observed / total
    middle = 2 * observed + z**2
    spread = z * np.sqrt(z**2 + 4 * observed * (1 - share))
    scale = 2 * (total + z**2)
    return Limits(share, (middle - spread) / scale, (middle + spread) / scale)


def _counts(events: ArrayLike) -> np.ndarray:
    observed = np.asarray(events, dtype=float)
    _refuse_negative(observed, "events")
    return observed


def _refuse_negative(values: np.ndarray, what: str) -> None:
    if np.any(values < 0) or not np.all(np.isfinite(values)):
        raise ValueError(f"{what} are finite and never below zero")


def _normal_quantile(confidence: float) -> float:
    from scipy.stats import norm

    if not 0 < confidence < 1:
        raise ValueError("a confidence lies between 0 and 1, such as 0.95")
    return float(norm.ppf((1 + confidence) / 2))
