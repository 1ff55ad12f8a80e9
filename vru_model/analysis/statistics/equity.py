"""Distributional cost-effectiveness: who gains health, and who bears the opportunity cost.

Money spent here cannot be spent elsewhere. What it would have bought elsewhere is health too, and
it would have gone to somebody: the net gain of a group is what it gains less its share of the
health that is given up.

Source: Asaria M, Griffin S, Cookson R (2016), Distributional cost-effectiveness analysis: a
tutorial, Medical Decision Making 36:8-19; Cookson R and others (2021), Distributional
Cost-Effectiveness Analysis, Oxford University Press.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from vru_model.analysis.statistics.concentration import equally_distributed_equivalent


@dataclass(frozen=True)
class EquityImpact:
    """Health gained and given up by group, most deprived first, and what it is worth.

    Attributes
    ----------
    gained, given_up, net
        QALYs of each group.
    aversions
        Atkinson's parameters over which the net gain is weighed; 0 counts every QALY the same.
    weighted
        For each of them, the net gain in equally distributed QALYs of the whole population.
    """

    gained: np.ndarray
    given_up: np.ndarray
    net: np.ndarray
    aversions: tuple[float, ...]
    weighted: np.ndarray

    @property
    def total(self) -> float:
        """Return the net QALYs of all groups together."""
        return float(self.net.sum())


def equity_impact(
    people: ArrayLike,
    lifetime_health: ArrayLike,
    gained: ArrayLike,
    net_cost: float,
    price_of_health: float,
    bearers: ArrayLike,
    aversions: Sequence[float],
) -> EquityImpact:
    """Return the equity impact of a programme on groups from most to least deprived.

    Parameters
    ----------
    people
        Residents of each group.
    lifetime_health
        Quality-adjusted life expectancy at birth of each, before, in QALYs.
    gained
        QALYs that each group gains.
    net_cost
        £ that the budget bears; below zero, money is set free.
    price_of_health
        £ that produce one QALY elsewhere in the same budget.
    bearers
        Share of each group in the health given up; they add up to 1.
    aversions
        Atkinson's parameters to weigh over.

    Raises
    ------
    ValueError
        Where the shares do not add up to 1, or the price is not above zero.
    """
    residents, before = np.asarray(people, float), np.asarray(lifetime_health, float)
    shares, gains = np.asarray(bearers, float), np.asarray(gained, float)
    if not np.isclose(shares.sum(), 1.0) or np.any(shares < 0) or price_of_health <= 0:
        raise ValueError("shares add up to 1, and a QALY elsewhere has a price above zero")
    given_up = shares * net_cost / price_of_health
    net = gains - given_up
    after = before + net / residents
    weighted = [
        (
            equally_distributed_equivalent(after, residents, aversion)
            - equally_distributed_equivalent(before, residents, aversion)
        )
        * residents.sum()
        for aversion in aversions
    ]
    return EquityImpact(gains, given_up, net, tuple(aversions), np.array(weighted, float))


def switching_aversion(impact: EquityImpact) -> float | None:
    """Return the least aversion shown at which the verdict differs from plain counting.

    None where more concern for equality never turns a gain into a loss, or a loss into a gain.
    """
    plain = np.sign(impact.total)
    for aversion, worth in zip(impact.aversions, impact.weighted, strict=True):
        if np.sign(worth) != plain:
            return aversion
    return None
