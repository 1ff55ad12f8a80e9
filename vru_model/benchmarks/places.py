"""Places to measure with: the county, and several copies of it side by side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from vru_model.place import Place, load_place

_APART_KM = 1_000.0  # the county's authorities stand in a row of 250 km


def county(scale: float, copies: int = 1) -> Place:
    """Return the county at a scale, or a place of several copies of it, far apart."""
    one = load_place("west_midlands", scale)
    if copies == 1:
        return one
    tables, authorities = [], []
    for copy in range(copies):
        table = one.neighbourhoods.copy()
        table["neighbourhood"] = table["neighbourhood"] + f"-{copy}"
        table["local_authority"] += copy * len(one.authorities)
        table["peer_area"] += copy * (int(one.neighbourhoods["peer_area"].max()) + 1)
        table["x_km"] += copy * _APART_KM
        tables.append(table)
        authorities += [replace(each, code=f"{each.code}-{copy}") for each in one.authorities]
    return replace(
        one,
        name=f"{one.name}_{copies}",
        authorities=tuple(authorities),
        neighbourhoods=pd.concat(tables, ignore_index=True),
        residents_by_age=np.tile(one.residents_by_age, (copies, 1)),
        males=np.tile(one.males, copies),
        adjacency=np.concatenate(
            [one.adjacency + copy * len(one.neighbourhoods) for copy in range(copies)]
        ),
    )
