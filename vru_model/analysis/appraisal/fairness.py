"""Whose health a strategy gives and takes: quintiles, opportunity cost, aversion to inequality."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vru_model.analysis.appraisal.prices import discount_factors
from vru_model.analysis.appraisal.streams import QUINTILES, Streams
from vru_model.analysis.statistics.equity import EquityImpact, equity_impact, switching_aversion
from vru_model.experiments.intervals import spread

if TYPE_CHECKING:
    from collections.abc import Sequence


def health_by_quintile(streams: Streams) -> pd.DataFrame:
    """Return QALYs gained, given up and net by quintile, 1 the most deprived.

    Columns: deprivation_quintile, people, gained with its 95% interval, given_up, net with its 95%
    interval, the 95% interval of what all gain together, draws. Health is discounted at the
    health rate; what is given up is what the cost, discounted at the general rate and uplifted for
    optimism, would produce elsewhere.
    """
    gained, impacts = _gained(streams), _impacts(streams)
    found = spread(gained)
    given_up = bearers(streams) * _cost(streams) / _price_of_health(streams)
    net, whole = spread(gained - given_up), spread(gained.sum(axis=-1, keepdims=True))
    return pd.DataFrame({
        "deprivation_quintile": range(1, QUINTILES + 1), "people": streams.people,
        "gained": found.mean, "gained_low95": found.low95, "gained_high95": found.high95,
        "given_up": given_up, "net": net.mean, "net_low95": net.low95, "net_high95": net.high95,
        "all_gained_low95": whole.low95[0], "all_gained_high95": whole.high95[0],
        "draws": len(impacts),
    })  # fmt: skip


def equity_table(streams: Streams) -> pd.DataFrame:
    """Return the worth of the net gain over a range of aversion to inequality.

    Columns: aversion, weighted (net gain in equally distributed QALYs) with its 95% interval, the
    chance that it is above zero, draws.
    """
    impacts = _impacts(streams)
    worth = np.array([each.weighted for each in impacts])[:, None, :]
    found = spread(worth)
    return pd.DataFrame({
        "aversion": impacts[0].aversions, "weighted": found.mean, "low95": found.low95,
        "high95": found.high95, "chance_above_zero": found.chance_better, "draws": len(impacts),
    })  # fmt: skip


def turning_aversion(streams: Streams) -> float | None:
    """Return the aversion at which the verdict of the mean differs from plain counting, or None."""
    mean = _gained(streams)
    return switching_aversion(_impact(streams, np.nanmean(mean, axis=1).mean(axis=0)))


def bearers(streams: Streams) -> np.ndarray:
    """Return each quintile's share of the health that is given up.

    The published shares are of national fifths of equal size. Here the money is taken to come from
    services to the same place, so each resident bears what a resident of such a neighbourhood does
    nationally.
    """
    weights = np.asarray(streams.profile.equity.opportunity_cost) * streams.people
    return weights / weights.sum()


def _gained(streams: Streams) -> np.ndarray:
    """Return QALYs gained by world and quintile, discounted and corrected for optimism."""
    factors = discount_factors(streams.profile, streams.years, "health")[:, None]
    return (streams.qalys() * factors).sum(axis=2) * (1 - streams.benefit_cut())


def _impacts(streams: Streams) -> Sequence[EquityImpact]:
    return [_impact(streams, gains) for gains in np.nanmean(_gained(streams), axis=1)]


def _impact(streams: Streams, gains: np.ndarray) -> EquityImpact:
    given = streams.profile.equity
    return equity_impact(
        streams.people, given.lifetime_health, gains, _cost(streams), _price_of_health(streams),
        bearers(streams), given.aversions,
    )  # fmt: skip


def _cost(streams: Streams) -> float:
    return float((streams.costs() * discount_factors(streams.profile, streams.years)).sum())


def _price_of_health(streams: Streams) -> float:
    given = streams.profile.equity
    return streams.rules.deflated(
        given.price_of_health, given.price_of_health_year, streams.profile.price_base
    )
