"""The map of the paper, where the place pack has boundaries; where not, why there is none.

Synthetic neighbourhoods stand nowhere, so no map of them is drawn. No neighbourhood is named: the
outlines that carry names are those of authorities.
"""

from __future__ import annotations

from dataclasses import replace

from vru_model.reporting.blocks import Block, Prose
from vru_model.reporting.board.case import STRATEGY, BoardCase
from vru_model.reporting.board.programme.readings import Readings
from vru_model.reporting.maps import change_map

NOTE = (
    "Each neighbourhood has the colour of its kind: the neighbourhoods of one authority that "
    "belong to the same fifth of deprivation. A single neighbourhood is too small for its change "
    "to be told from chance, so the map shows none. Grey is no finding that nothing is gained "
    "there. Nothing here was recorded."
)


def map_blocks(case: BoardCase, readings: Readings) -> list[Block]:
    """Return the map with its table, or why there is none."""
    place = readings.place
    if place.synthetic or place.folder is None:
        return [Prose(
            "There is no map: the neighbourhoods of this place are synthetic and stand nowhere. "
            "With the files of real neighbourhoods (a place pack) one is drawn here."
        )]  # fmt: skip
    chart, table = change_map(place, case.comparison(STRATEGY), case.strategy.title, case.source)
    return [replace(chart, name="map"), Prose(NOTE), replace(table, name="map")]
