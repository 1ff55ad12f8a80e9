"""Where violence happens: authorities, and how it concentrates in neighbourhoods.

Places are compared with published series as a whole, by a rank correlation. No authority or
neighbourhood is named or ranked in what leaves this module.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vru_model.analysis.patterns.world_lives import INJURIES, Lives
from vru_model.analysis.statistics.clustering import gini, morans_i, rank_correlation, top_share

TOPS = (0.01, 0.05, 0.10, 0.20)


def authority_correlations(
    lives: Lives, published: Mapping[str, Mapping[str, float]], neighbourhoods: pd.DataFrame
) -> dict[str, float]:
    """Return the rank correlation of authorities' rates of recorded violence with each series.

    Parameters
    ----------
    lives
        The world.
    published
        Name of a published series → code of an authority → its value.
    neighbourhoods
        neighbourhood (code) and local_authority (code), one row each.

    Rates are police-recorded violence with injury, by where it happened, for each resident.
    """
    rate, found = _rate_by(lives, neighbourhoods, "local_authority"), {}
    for name, series in published.items():
        known = [code for code in series if code in rate.index]
        found[name] = rank_correlation(rate[known], [series[code] for code in known])
    found["highest over lowest"] = float(rate.max() / rate.min()) if rate.min() > 0 else np.nan
    return found


def recorded_by_decile(lives: Lives, neighbourhoods: pd.DataFrame) -> dict[str, float]:
    """Return police-recorded violence with injury a year for 1,000 residents, by decile.

    By the decile of the place where it happened, as the published rates are; these also count
    those who work there, whom the model does not place.
    """
    rate = _rate_by(lives, neighbourhoods, "deprivation_decile")
    return {f"decile {number}": float(rate.get(number, np.nan)) for number in range(1, 11)}


def rates_of_places(lives: Lives, neighbourhoods: pd.DataFrame) -> dict[str, float]:
    """Return how widely authorities and neighbourhoods are spread by recorded violence with injury.

    A year for 1,000 residents, by where it happened. The lowest, the middle and the highest
    authority; of neighbourhoods the rates below which a tenth, half and nine tenths of them lie.
    """
    authorities = _rate_by(lives, neighbourhoods, "local_authority")
    places = _rate_by(lives, neighbourhoods, "neighbourhood")
    ends = {"the lowest": 0.0, "the middle one": 0.5, "the highest": 1.0}
    return {
        **{f"authorities: {name}": float(authorities.quantile(at)) for name, at in ends.items()},
        **{f"neighbourhoods: {at:.0%} lie below": float(places.quantile(at))
           for at in (0.1, 0.5, 0.9)},
    }  # fmt: skip


def ranking_of_places(lives: Lives, neighbourhoods: pd.DataFrame) -> dict[str, float]:
    """Return how far the order of neighbourhoods by their rate of incidents lasts, and its slope.

    Rank correlations between the rates of the first and of the second half of the years, and
    with deprivation (its tenths, the most deprived highest).
    """
    half = lives.incidents["year"].to_numpy() <= max(lives.years // 2, 1)
    of = neighbourhoods.set_index("neighbourhood")
    where = lives.incidents["neighbourhood"]
    before, after = (where[some].value_counts().reindex(of.index).fillna(0.0) / of["residents"]
                     for some in (half, ~half))  # fmt: skip
    return {
        "ranking, one half of the years with the other": rank_correlation(before, after),
        "ranking with deprivation": rank_correlation(before + after, -of["deprivation_decile"]),
    }


def _rate_by(lives: Lives, neighbourhoods: pd.DataFrame, kind: str) -> pd.Series:
    """Return police-recorded violence with injury a year for 1,000 residents, by kind of place."""
    recorded = lives.incidents["recorded_by_police"].to_numpy(bool)
    recorded = recorded & lives.incidents["severity"].isin(INJURIES).to_numpy()
    of = neighbourhoods.set_index("neighbourhood", drop=False)[kind]
    counted = lives.incidents.loc[recorded, "neighbourhood"].map(of).value_counts()
    start = lives.people[lives.people["at_start"]]
    residents = start["neighbourhood"].map(of).value_counts()
    return 1000.0 * counted.reindex(residents.index).fillna(0.0) / residents / lives.years


def concentration_of_places(lives: Lives, neighbourhoods: pd.Index) -> dict[str, float]:
    """Return the Gini index and the shares of incidents in the top 1, 5, 10 and 20% of places.

    Twice: as counted over all years, and "kept", with places ranked by the first half of the
    years and incidents counted in the second. Few incidents look concentrated by chance; what is
    kept is a lower bound of what is real.
    """
    places = pd.Index(neighbourhoods)
    row = places.get_indexer(lives.incidents["neighbourhood"])
    half = lives.incidents["year"].to_numpy() <= max(lives.years // 2, 1)
    whole, before, after = (
        np.bincount(row[which], minlength=len(places)).astype(float)
        for which in (np.ones(len(row), bool), half, ~half)
    )
    found = {"gini": gini(whole)}
    for top in TOPS:
        found[f"top {top:.0%}"] = top_share(whole, top)
        found[f"top {top:.0%}, kept"] = top_share(after, top, rank_by=before)
    return found


def spatial_autocorrelation(
    lives: Lives, neighbourhoods: pd.DataFrame, adjacency: np.ndarray
) -> dict[str, float]:
    """Return Moran's I of incidents a resident over neighbourhoods that touch.

    `neighbourhoods` has neighbourhood (code) and residents; `adjacency` holds pairs of its rows.
    """
    places = pd.Index(neighbourhoods["neighbourhood"])
    row = places.get_indexer(lives.incidents["neighbourhood"])
    count = np.bincount(row, minlength=len(places)) / neighbourhoods["residents"].to_numpy()
    return {"Moran's I": morans_i(count, adjacency)}
