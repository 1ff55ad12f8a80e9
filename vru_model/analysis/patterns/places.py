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
    recorded = lives.incidents["recorded_by_police"].to_numpy(bool)
    recorded = recorded & lives.incidents["severity"].isin(INJURIES).to_numpy()
    of = neighbourhoods.set_index("neighbourhood")["local_authority"]
    counted = lives.incidents.loc[recorded, "neighbourhood"].map(of).value_counts()
    residents = lives.people.loc[lives.people["at_start"], "local_authority"].value_counts()
    rate = counted.reindex(residents.index).fillna(0.0) / residents
    found = {}
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
    recorded = lives.incidents["recorded_by_police"].to_numpy(bool)
    recorded = recorded & lives.incidents["severity"].isin(INJURIES).to_numpy()
    decile = neighbourhoods.set_index("neighbourhood")["deprivation_decile"]
    counted = lives.incidents.loc[recorded, "neighbourhood"].map(decile).value_counts()
    start = lives.people[lives.people["at_start"]]
    residents = start["neighbourhood"].map(decile).value_counts()
    rate = 1000.0 * counted.reindex(residents.index).fillna(0.0) / residents / lives.years
    return {f"decile {number}": float(rate.get(number, np.nan)) for number in range(1, 11)}


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
