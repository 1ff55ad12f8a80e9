"""Parameters moved one at a time, and Morris's screening of all of them together (SALib).

Morris's elementary effects (Morris 1991; Campolongo and others 2007) move one parameter at a time
from many places: their mean size `mu_star` says how much a parameter matters, their spread `sigma`
how far that depends on the others. Worlds differ by chance too, which alone makes `mu_star`
larger than zero; what lies within that is dismissed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from SALib.analyze import morris as analyse_morris
from SALib.sample import morris as sample_morris

from vru_model.analysis.sensitivity.assumptions import Assumption

LEVELS = 4
STEP = LEVELS / (2.0 * (LEVELS - 1.0))
"""How far a parameter moves in Morris's design, as a share of its range of probability."""

TAIL = 0.025
"""Morris's design reaches from this probability of each distribution to its complement."""

_ONE_SIDED_95 = 1.645


class Screened(NamedTuple):
    """A Morris design: probabilities and the points that they mean; one row a comparison."""

    probabilities: np.ndarray
    points: list[dict[str, float]]


def ends(assumptions: Sequence[Assumption]) -> list[dict[str, float]]:
    """Return the points at which each assumption in turn has the low end, then the high end."""
    return [{each.name: end} for each in assumptions for end in (each.low, each.high)]


def problem_of(names: Sequence[str], low: float, high: float) -> dict:
    """Return what SALib calls a problem: names and equal bounds for all."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[low, high]] * len(names)}


def design(assumptions: Sequence[Assumption], trajectories: int, seed: int) -> Screened:
    """Return Morris's design over the assumptions' distributions."""
    problem = problem_of([each.name for each in assumptions], TAIL, 1.0 - TAIL)
    probabilities = sample_morris.sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    return Screened(probabilities, points_at(assumptions, probabilities))


def points_at(
    assumptions: Sequence[Assumption], probabilities: np.ndarray
) -> list[dict[str, float]]:
    """Return the values of the assumptions at rows of probabilities."""
    return [
        {each.name: each.at(float(p)) for each, p in zip(assumptions, row, strict=True)}
        for row in probabilities
    ]


def screen(
    names: Sequence[str],
    probabilities: np.ndarray,
    outcomes: np.ndarray,
    chance: float,
    seed: int,
) -> pd.DataFrame:
    """Return Morris's measures, and which parameters chance alone would explain.

    Parameters
    ----------
    names, probabilities, outcomes
        The parameters, the design, and one outcome a row of it.
    chance
        The variance of one outcome by chance (0 for a function without chance).

    Returns
    -------
    pandas.DataFrame
        By name: mu, mu_star, mu_star_conf (half its 95% interval, by resampling trajectories),
        sigma, chance (the mu_star that nineteen of twenty parameters without any effect would
        stay below), dismissed.
    """
    problem = problem_of(names, TAIL, 1.0 - TAIL)
    found = analyse_morris.analyze(
        problem, probabilities, outcomes, num_levels=LEVELS, seed=seed, print_to_console=False
    )
    table = pd.DataFrame(
        {name: np.asarray(found[name]) for name in ("mu", "mu_star", "mu_star_conf", "sigma")},
        index=pd.Index(names, name="name"),
    )
    trajectories = len(outcomes) // (len(names) + 1)
    table["chance"] = _mu_star_by_chance(chance, trajectories)
    table["dismissed"] = table["mu_star"] <= table["chance"]
    return table


def _mu_star_by_chance(variance: float, trajectories: int) -> float:
    """Return the 95th percentile of mu_star where there is no effect: a mean of half normals."""
    spread = math.sqrt(2.0 * variance) / STEP
    mean, deviation = math.sqrt(2.0 / math.pi), math.sqrt(1.0 - 2.0 / math.pi)
    return spread * (mean + _ONE_SIDED_95 * deviation / math.sqrt(trajectories))


def screen_function(
    function: Callable[[np.ndarray], np.ndarray], names: Sequence[str], trajectories: int, seed: int
) -> pd.DataFrame:
    """Return Morris's measures of a function of probabilities, for functions that are known."""
    problem = problem_of(names, TAIL, 1.0 - TAIL)
    probabilities = sample_morris.sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    return screen(names, probabilities, function(probabilities), 0.0, seed)
