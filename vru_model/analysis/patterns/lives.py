"""What lives add up to: adverse childhood experiences and what goes with them, trauma."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from vru_model.analysis.patterns.registry import statistic
from vru_model.analysis.patterns.tables import WorldTables, ratio

_SURVEYED = (18, 69)  # the ages of the survey of adverse childhood experiences in England
_MANY = 4
_BANDS_UNDER_18 = ((10, 14), (15, 15), (16, 17))


@statistic
def ace_any_share(world: WorldTables) -> float:
    """Share of people of 18 to 69 with at least one adverse childhood experience."""
    return float((_surveyed(world)["ace"] >= 1).mean())


@statistic
def ace_four_share(world: WorldTables) -> float:
    """Share of people of 18 to 69 with four or more adverse childhood experiences."""
    return float((_surveyed(world)["ace"] >= _MANY).mean())


@statistic
def ace_log_odds_ratio(world: WorldTables) -> float:
    """Log odds ratio of committing violence in a year, four or more ACEs against none, adjusted."""
    return adjusted_log_odds_ratio(world, world.happened["aggressor"])


@statistic
def trauma_by_18_share(world: WorldTables) -> float:
    """Share of children who have had post-traumatic stress by 18, at this year's rates."""
    total = 0.0
    for low, high in _BANDS_UNDER_18:
        onsets = world.total("trauma_onsets", "resident", ages=(low, high))
        total += (high - low + 1) * ratio(onsets, world.person_years((low, high)))
    return 1.0 - math.exp(-total)


def adjusted_log_odds_ratio(world: WorldTables, who: pd.Series) -> float:
    """Return the Mantel-Haenszel log odds ratio of being among `who`, 4+ ACEs against none.

    Strata are age (ten years), sex and fifth of deprivation, as the survey adjusted for them. A
    year's outcome is taken in each year of the horizon.
    """
    people = _surveyed(world)
    people = people[(people["ace"] == 0) | (people["ace"] >= _MANY)]
    years = world.happened["year"]
    above = below = 0.0
    strata = [people["age"] // 10, people["male"], (people["deprivation_decile"] - 1) // 2]
    exposed = people["ace"] >= _MANY
    for year in range(1, world.years + 1):
        case = people.index.isin(who[years == year].unique())
        counts = pd.DataFrame({
            "a": exposed & case, "b": exposed & ~case, "c": ~exposed & case, "d": ~exposed & ~case,
        }).groupby(strata).sum()  # fmt: skip
        size = counts.sum(axis=1)
        above += float((counts["a"] * counts["d"] / size).sum())
        below += float((counts["b"] * counts["c"] / size).sum())
    odds_ratio = ratio(above, below)
    return float(np.log(odds_ratio)) if odds_ratio > 0 else float("nan")


def _surveyed(world: WorldTables) -> pd.DataFrame:
    return world.start[world.start["age"].between(*_SURVEYED)]
