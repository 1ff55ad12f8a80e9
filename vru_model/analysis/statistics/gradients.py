"""How a rate differs along deprivation: slope and relative index of inequality, and gaps.

Groups always stand in order from the most to the least deprived. An index above zero (a ratio
above one) means that the more deprived bear more.

Sources: Mackenbach JP, Kunst AE (1997), Social Science & Medicine 44:757-771; Low A, Low A
(2004), Measuring the gap, Journal of Public Health 26:388-395; the simulated limits as in UKHSA's
`PHEindicatormethods` (function `phe_sii`) and the Fingertips guidance: rates are drawn on the log
scale with the standard error of their limits, and the regression is repeated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

REPETITIONS = 10_000
_Z = 1.959963984540054
_SURE_OF_CURVATURE = 0.95


@dataclass(frozen=True)
class Gradient:
    """A gradient along deprivation; each statistic as (value, lower 95%, upper 95%).

    Attributes
    ----------
    slope_index
        Predicted rate at the most deprived end less that at the least deprived, in the rate's unit.
    relative_index
        The first of these over the second; not a number where the line falls to zero.
    relative_to_mean
        The slope index over the population's mean rate, another use of the same name.
    absolute_gap, relative_gap
        Most deprived group less (over) the least deprived group.
    convex
        Whether the rate rises faster towards the deprived end than a straight line, so that
        the fit on the log scale is to be preferred.
    fit
        "linear" or "log".
    """

    slope_index: tuple[float, float, float]
    relative_index: tuple[float, float, float]
    relative_to_mean: tuple[float, float, float]
    absolute_gap: tuple[float, float, float]
    relative_gap: tuple[float, float, float]
    convex: bool
    fit: str


def ridits(populations: ArrayLike) -> np.ndarray:
    """Return each group's midpoint in the population ranked by deprivation, in (0, 1).

    Shape (groups,), in the order of deprivation. Raises ValueError where a group is empty.
    """
    people = np.asarray(populations, dtype=float)
    if np.any(people <= 0):
        raise ValueError("every group needs people")
    share = people / people.sum()
    return np.cumsum(share) - share / 2


def weighted_line(values: ArrayLike, populations: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return intercept and slope of values on ridits by least squares, weighted by population.

    Groups lie along the last axis. The weights of a group's mean are its people, which is the
    same as the square-root-of-weights regression of the published method.
    """
    rank, outcome = ridits(populations), np.asarray(values, dtype=float)
    share = np.asarray(populations, dtype=float) / np.sum(populations)
    centred = rank - (share * rank).sum()
    slope = (outcome * share * centred).sum(axis=-1) / (share * centred**2).sum()
    return (outcome * share).sum(axis=-1) - slope * (share * rank).sum(), slope


def curvature(values: ArrayLike, populations: ArrayLike) -> np.ndarray:
    """Return the quadratic coefficient of values on ridits, weighted by population.

    Above zero the gradient is convex: steeper at one end than a line.
    """
    rank = ridits(populations)
    root = np.sqrt(np.asarray(populations, dtype=float) / np.sum(populations))
    design = np.stack([np.ones_like(rank), rank, rank**2], axis=1) * root[:, None]
    outcome = np.asarray(values, dtype=float) * root
    return np.linalg.pinv(design)[2] @ np.atleast_2d(outcome).T


def slope_and_ratio(
    values: ArrayLike, populations: ArrayLike, fit: str = "linear"
) -> tuple[np.ndarray, np.ndarray]:
    """Return the slope index and the relative index, from a linear fit or one to the logarithm.

    Raises
    ------
    ValueError
        Where a log fit is asked for and a value is not above zero.
    """
    outcome = np.asarray(values, dtype=float)
    if fit == "log":
        if np.any(outcome <= 0):
            raise ValueError("a fit on the log scale needs rates above zero")
        intercept, slope = weighted_line(np.log(outcome), populations)
        deprived, affluent = np.exp(intercept), np.exp(intercept + slope)
    else:
        intercept, slope = weighted_line(outcome, populations)
        deprived, affluent = intercept, intercept + slope
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(affluent > 0, deprived / affluent, np.nan)
    return deprived - affluent, ratio


def gradient(
    values: ArrayLike,
    populations: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    fit: str = "auto",
    repetitions: int = REPETITIONS,
    seed: int = 1,
) -> Gradient:
    """Return the gradient of rates along deprivation, with simulated 95% limits.

    Parameters
    ----------
    values, low, high
        Rates of the groups, from most to least deprived, and their 95% limits.
    populations
        People (or person-years) in each group.
    fit
        "linear", "log", or "auto": the log fit where the gradient is convex in at least 95% of
        the simulated sets and every rate is above zero.
    repetitions, seed
        Of the simulation.
    """
    rates, people = np.asarray(values, float), np.asarray(populations, float)
    ends = np.asarray(low, float), np.asarray(high, float)
    sets = simulated_rates(rates, *ends, repetitions, seed)
    positive = bool(np.all(rates > 0))
    convex = bool(np.mean(curvature(sets, people) > 0) >= _SURE_OF_CURVATURE)
    chosen = ("log" if convex and positive else "linear") if fit == "auto" else fit
    found = [slope_and_ratio(each, people, chosen) for each in (rates, sets)]
    mean = [(each * people).sum(axis=-1) / people.sum() for each in (rates, sets)]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = [each[..., 0] / each[..., -1] for each in (rates, sets)]
        to_mean = [found[n][0] / mean[n] for n in (0, 1)]
    return Gradient(
        slope_index=_with_limits(found[0][0], found[1][0]),
        relative_index=_with_limits(found[0][1], found[1][1]),
        relative_to_mean=_with_limits(*to_mean),
        absolute_gap=_with_limits(rates[0] - rates[-1], sets[:, 0] - sets[:, -1]),
        relative_gap=_with_limits(*ratios),
        convex=convex,
        fit=chosen,
    )


def simulated_rates(
    rates: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    repetitions: int = REPETITIONS,
    seed: int = 1,
) -> np.ndarray:
    """Return sets of rates drawn around the observed ones, shape (repetitions, groups)."""
    chance = np.random.default_rng(seed).standard_normal((repetitions, len(rates)))
    with np.errstate(divide="ignore", invalid="ignore"):
        log_error = np.where((low > 0) & (rates > 0), (np.log(high) - np.log(low)) / (2 * _Z), 0)
        drawn = np.exp(np.log(rates) + log_error * chance)
    # A rate of zero has no logarithm: it is drawn from half a normal distribution.
    return np.where(rates > 0, drawn, np.abs(chance) * high / _Z)


def _with_limits(value: np.ndarray | float, drawn: np.ndarray) -> tuple[float, float, float]:
    known = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or len(known) < 0.95 * len(drawn):
        return float(value), float("nan"), float("nan")
    low, high = np.percentile(known, [2.5, 97.5])
    return float(value), float(low), float(high)
