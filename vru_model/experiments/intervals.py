"""Intervals of paired differences, with what we do not know and chance told apart.

Percentiles over draws of the replicate means carry parameter uncertainty; the Monte-Carlo error
is what chance alone leaves in the mean, and more replicates make it as small as one likes. Worlds
of one replicate share their random numbers whatever the draw, so that more draws do not: what
chance leaves in the mean is judged between replicates, each taken over all draws.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, fields

import numpy as np

FEWEST_DRAWS = 20
"""Below this many draws the intervals do not cover parameter uncertainty."""

_TAILS = {"low80": 10.0, "high80": 90.0, "low95": 2.5, "high95": 97.5}
LIMITS = tuple(_TAILS)
CHANCE = ("monte_carlo_error", "monte_carlo_95", "parameter_spread")
"""The limits of the intervals; what tells chance from what we do not know."""


@dataclass(frozen=True)
class Spread:
    """The spread of many quantities over their worlds; every array has one entry a quantity.

    `chance_better` is the share of draws whose replicate mean is above zero (with one draw, of
    replicates), `chance_equal` of those whose mean is zero. `monte_carlo_error` is the standard
    error of the mean for a fixed set of draws, and `monte_carlo_95` half the width of its 95%
    interval (Student's t): what chance alone leaves. `parameter_spread` is the standard deviation
    between draws with chance taken out: what we do not know. Entries that the number of worlds
    cannot give are NaN.
    """

    mean: np.ndarray
    low80: np.ndarray
    high80: np.ndarray
    low95: np.ndarray
    high95: np.ndarray
    chance_better: np.ndarray
    chance_equal: np.ndarray
    monte_carlo_error: np.ndarray
    monte_carlo_95: np.ndarray
    parameter_spread: np.ndarray


def limits_of_draws(values: np.ndarray, percentiles: float | list[float], axis: int = 0):
    """Return percentiles of what draws gave, such that a further draw is as likely to lie beyond.

    Of n draws the k-th smallest stands for the share k / (n + 1) (Weibull; the sixth definition of
    Hyndman and Fan 1996). The usual percentiles lie between these and the middle: of 20 draws, an
    80% interval would hold 72% of further ones. What few draws cannot give is cut off at the least
    and the greatest: 95% intervals of fewer than 39 draws are narrower than they are called, and
    those of 20 hold 90%.
    """
    return np.percentile(values, percentiles, axis=axis, method="weibull")


def spread(differences: np.ndarray) -> Spread:
    """Return the spread of paired differences over worlds.

    Parameters
    ----------
    differences
        Shape (draws, replicates, quantities), NaN for a world that is not finished; each draw
        has at least one finished world.

    With two draws or more the intervals are percentiles over draws of the replicate means, as
    ``limits_of_draws`` takes them. With one they are Student's t intervals over replicates:
    chance only.
    """
    means = _mean(differences, axis=1)
    mean = means.mean(axis=0)
    of_mean, of_draws, freedom = _variances_of_chance(differences)
    error = np.sqrt(of_mean)
    half = _student(freedom) * error
    if len(means) > 1:
        limits = {name: limits_of_draws(means, tail) for name, tail in _TAILS.items()}
        better, equal = (means > 0).mean(axis=0), (means == 0).mean(axis=0)
        between = means.var(axis=0, ddof=1) - of_draws
        parameters = np.sqrt(np.maximum(between, 0.0))
    else:
        limits = {name: mean + _student(freedom, tail) * error for name, tail in _TAILS.items()}
        better, equal = (
            _mean(np.where(np.isnan(differences), np.nan, holds), axis=(0, 1))
            for holds in (differences > 0, differences == 0)
        )
        parameters = np.full(mean.shape, np.nan)
    return Spread(
        mean, **limits, chance_better=better, chance_equal=equal, monte_carlo_error=error,
        monte_carlo_95=half, parameter_spread=parameters,
    )  # fmt: skip


def nothing_known(quantities: int = 1) -> Spread:
    """Return the spread of quantities that exist in no world: every entry is NaN."""
    return Spread(**{each.name: np.full(quantities, np.nan) for each in fields(Spread)})


def spread_of_ratio(top: np.ndarray, bottom: np.ndarray) -> Spread:
    """Return the spread of a ratio over worlds, in the shapes of :func:`spread`.

    Quantities whose denominator is nought in any finished world have none: all their entries are
    NaN.
    """
    exists = ~np.any(bottom == 0, axis=(0, 1))
    whole = nothing_known(exists.size)
    if exists.any():
        found = spread(top[..., exists] / bottom[..., exists])
        for each in fields(Spread):
            getattr(whole, each.name)[exists] = getattr(found, each.name)
    return whole


def _mean(values: np.ndarray, axis: int | tuple[int, int]) -> np.ndarray:
    """Return the mean of finished worlds; NaN, without a warning, where a quantity has none."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Mean of empty slice", RuntimeWarning)
        return np.nanmean(values, axis=axis)


def _variances_of_chance(differences: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Return what chance leaves in the mean over draws, and between draws; degrees of freedom.

    The first is the variance of the replicates' means over draws, over their number; the second
    what is left of a draw's mean when what a replicate does to all draws alike is taken out (the
    interaction of an analysis of variance). Replicates that are not finished in every draw are
    left out; where fewer than two remain, draws are taken to share all their chance, which is the
    most that they can. NaN, and no freedom, where no draw has two replicates.
    """
    finished = ~np.isnan(differences[..., :1]).any(axis=(0, 2))
    worlds = differences[:, finished]
    draws, number = worlds.shape[:2]
    if number < 2:
        return _most_of_chance(differences)
    of_replicate = worlds.mean(axis=0)
    of_mean = of_replicate.var(axis=0, ddof=1) / number
    own = worlds - worlds.mean(axis=1, keepdims=True) - of_replicate + of_replicate.mean(axis=0)
    of_draws = np.sum(own**2, axis=(0, 1)) / (max(draws - 1, 1) * (number - 1)) / number
    return of_mean, of_draws, number - 1


def _most_of_chance(differences: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Return the same of draws that share all their chance, or none: whichever is more."""
    counts = np.sum(~np.isnan(differences[..., 0]), axis=1)
    freedom = int(np.sum(counts - 1))
    if freedom == 0:
        unknown = np.full(differences.shape[2:], np.nan)
        return unknown, unknown, 0
    means = np.nanmean(differences, axis=1, keepdims=True)
    variance = np.nansum((differences - means) ** 2, axis=(0, 1)) / freedom
    return variance * np.mean(1.0 / counts), variance * np.mean(1.0 / counts), freedom


def _student(freedom: int, percentile: float = 97.5) -> float:
    """Return a percentile of Student's t; NaN without a degree of freedom."""
    if freedom == 0:
        return float("nan")
    from scipy.stats import t

    return float(t.ppf(percentile / 100.0, freedom))
