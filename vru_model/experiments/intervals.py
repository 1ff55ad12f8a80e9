"""Intervals of paired differences, with what we do not know and chance told apart.

Percentiles over draws of the replicate means carry parameter uncertainty; the Monte-Carlo error
is what chance alone leaves in the mean, and more replicates make it as small as one likes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEWEST_DRAWS = 20
"""Below this many draws the intervals do not cover parameter uncertainty."""

_TAILS = {"low80": 10.0, "high80": 90.0, "low95": 2.5, "high95": 97.5}


@dataclass(frozen=True)
class Spread:
    """The spread of many quantities over their worlds; every array has one entry a quantity.

    `chance_better` is the share of draws whose replicate mean is above zero (with one draw, of
    replicates). `monte_carlo_error` is the standard error of the mean for a fixed set of draws.
    Entries that the number of worlds cannot give are NaN.
    """

    mean: np.ndarray
    low80: np.ndarray
    high80: np.ndarray
    low95: np.ndarray
    high95: np.ndarray
    chance_better: np.ndarray
    monte_carlo_error: np.ndarray


def spread(differences: np.ndarray) -> Spread:
    """Return the spread of paired differences over worlds.

    Parameters
    ----------
    differences
        Shape (draws, replicates, quantities), NaN for a world that is not finished; each draw
        has at least one finished world.

    With two draws or more the intervals are percentiles over draws of the replicate means. With
    one they are Student's t intervals over replicates: chance only.
    """
    counts = np.sum(~np.isnan(differences[..., :1]), axis=1)  # worlds of each draw
    means = np.nanmean(differences, axis=1)
    mean = means.mean(axis=0)
    error = _monte_carlo_error(differences, means, counts)
    if len(means) > 1:
        limits = {name: np.percentile(means, tail, axis=0) for name, tail in _TAILS.items()}
        better = (means > 0).mean(axis=0)
    else:
        limits = _student_limits(mean, error, int(counts[0, 0]))
        better = np.nanmean(np.where(np.isnan(differences), np.nan, differences > 0), axis=(0, 1))
    return Spread(mean, **limits, chance_better=better, monte_carlo_error=error)


def _monte_carlo_error(
    differences: np.ndarray, means: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    """Return the standard error that replicates leave in the mean over draws.

    The variance between replicates is pooled over draws with two or more of them.
    """
    freedom = np.sum(counts - 1)
    if freedom == 0:
        return np.full(means.shape[1:], np.nan)
    squares = np.nansum((differences - means[:, None]) ** 2, axis=(0, 1))
    return np.sqrt(squares / freedom * np.mean(1.0 / counts) / len(means))


def _student_limits(mean: np.ndarray, error: np.ndarray, replicates: int) -> dict[str, np.ndarray]:
    if replicates < 2:
        return {name: np.full(mean.shape, np.nan) for name in _TAILS}
    from scipy.stats import t

    return {
        name: mean + t.ppf(tail / 100.0, replicates - 1) * error for name, tail in _TAILS.items()
    }
