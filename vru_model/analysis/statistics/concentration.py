"""Concentration index, and Atkinson's index with the equally distributed equivalent."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from vru_model.analysis.statistics.gradients import ridits


def concentration_index(values: ArrayLike, populations: ArrayLike) -> np.ndarray:
    """Return the concentration index of grouped data, groups from most to least deprived.

    Twice the covariance of value and rank over the mean. Below zero: the deprived bear more than
    their share of a burden. Groups lie along the last axis; not a number where all are zero.

    Source: Kakwani N, Wagstaff A, van Doorslaer E (1997), Journal of Econometrics 77:87-103;
    World Bank, Quantitative Techniques for Health Equity Analysis, technical note 7.
    """
    outcome = np.asarray(values, dtype=float)
    share = np.asarray(populations, dtype=float) / np.sum(populations)
    mean = (outcome * share).sum(axis=-1)
    ranked = (outcome * share * ridits(populations)).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(mean != 0, 2 * ranked / mean - 1, np.nan)


def equally_distributed_equivalent(
    values: ArrayLike, populations: ArrayLike, aversion: float
) -> np.ndarray:
    """Return the level that, had everybody it, would be judged as good as the unequal levels.

    Values are a good, such as years of healthy life; groups lie along the last axis.
    `aversion` is Atkinson's parameter: 0 gives the mean, and the larger it is the more the
    worst-off weigh.

    Source: Atkinson AB (1970), On the measurement of inequality, Journal of Economic Theory
    2:244-263.

    Raises
    ------
    ValueError
        Where aversion is below zero, or a level is not above zero.
    """
    level = np.asarray(values, dtype=float)
    share = np.asarray(populations, dtype=float) / np.sum(populations)
    if aversion < 0 or np.any(level <= 0):
        raise ValueError("aversion is 0 or more, and every level is above zero")
    # Relative to the largest level, so that a high power does not leave the range of numbers.
    top = level.max(axis=-1, keepdims=True)
    relative = level / top
    if abs(aversion - 1) < 1e-9:
        return np.exp((share * np.log(relative)).sum(axis=-1)) * top[..., 0]
    power = 1 - aversion
    return (share * relative**power).sum(axis=-1) ** (1 / power) * top[..., 0]


def atkinson_index(values: ArrayLike, populations: ArrayLike, aversion: float) -> np.ndarray:
    """Return the share of the total that could be given up for equality, in [0, 1).

    Source: Atkinson (1970), as above.
    """
    level = np.asarray(values, dtype=float)
    share = np.asarray(populations, dtype=float) / np.sum(populations)
    mean = (level * share).sum(axis=-1)
    return 1 - equally_distributed_equivalent(level, populations, aversion) / mean
