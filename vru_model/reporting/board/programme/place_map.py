"""A map of the modelled change in violence, where the place pack has boundaries.

Synthetic neighbourhoods stand nowhere, so no map of them is drawn. No neighbourhood is named: the
outlines that carry names are those of authorities.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from vru_model.place import Place
from vru_model.place.pack_shapes import read_shapes
from vru_model.reporting.blocks import Block, Chart, Prose, Table
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.programme.readings import Readings
from vru_model.reporting.charts import look, png
from vru_model.reporting.lettering import headed
from vru_model.reporting.words import MINUS, count, interval, rounded

CLASSES = 5
_TENTHS = (10, 90)


def map_blocks(case: BoardCase, readings: Readings) -> list[Block]:
    """Return the map with its table by fifth of deprivation, or why there is none."""
    table = readings.neighbourhood_rates()
    if table is None:
        return [Prose(
            "There is no map: the neighbourhoods of this place are synthetic and stand nowhere. "
            "With the files of real neighbourhoods (a place pack) one is drawn here."
        )]  # fmt: skip
    bounds = class_bounds(table["change"])
    place = readings.place
    chart = Chart(
        name="map",
        png=png(draw(place, table, bounds, message(table))),
        alt=f"Map of the {len(table):,} neighbourhoods of {place.title}, shaded in {CLASSES} "
        f"classes of equal number by the modelled incidents averted a year for 1,000 residents, "
        f"from {words(bounds)[0]} to {words(bounds)[-1]}. {message(table)}. No neighbourhood is "
        "named. The table that follows says how the change lies over deprivation.",
        caption="Modelled incidents averted a year for 1,000 residents, by neighbourhood, the mean "
        "over years and draws; differences between neighbours are mostly chance",
        source=case.source,
    )
    note = (
        f"{place.attribution} Each neighbourhood is small, and its number is mostly chance: read "
        "the pattern, not a place. Nothing here was recorded."
    )
    return [chart, Prose(note), deprivation_table(case, table)]


def message(table: pd.DataFrame) -> str:
    """Return what the map says: the share of residents where violence falls."""
    falls = float(table.loc[table["change"] > 0, "residents"].sum() / table["residents"].sum())
    return (f"Neighbourhoods with {100 * falls:.0f}% of residents have fewer modelled incidents "
            "with the strategy, on average")  # fmt: skip


def class_bounds(change: pd.Series) -> np.ndarray:
    """Return the bounds of classes that hold equally many neighbourhoods."""
    return np.quantile(change, np.linspace(0, 1, CLASSES + 1))


def words(bounds: np.ndarray) -> list[str]:
    """Return each class in words: "0.1 to 0.4"."""
    return [interval(low, high, 0.1)
            for low, high in zip(bounds[:-1], bounds[1:], strict=True)]  # fmt: skip


def draw(place: Place, table: pd.DataFrame, bounds: np.ndarray, title: str) -> Figure:
    """Return the map: darker is more averted, and the legend says how much."""
    colours = colormaps["cividis_r"](np.linspace(0.05, 0.95, CLASSES))
    folder = Path(str(place.folder))
    shapes = read_shapes(folder, "boundaries.geojson")
    change = table.set_index("neighbourhood")["change"]
    rings = [outline for outlines in shapes.values() for outline in outlines]
    codes = [code for code, outlines in shapes.items() for _ in outlines]
    # Degrees of longitude are shorter than those of latitude.
    stretch = np.array([np.cos(np.radians(np.mean([ring[:, 1].mean() for ring in rings]))), 1.0])
    classes = np.clip(np.searchsorted(bounds[1:-1], change.loc[codes]), 0, CLASSES - 1)
    with matplotlib.rc_context(look()):
        figure = headed(title, 9.2, 5.6)
        axes = figure.subplots()
        axes.add_collection(PolyCollection(
            [ring * stretch for ring in rings], facecolors=colours[classes], edgecolors="white",
            linewidths=0.15))  # fmt: skip
        for authority in place.authorities:
            outlines = read_shapes(folder, "local_authorities.geojson")[authority.code]
            for outline in (ring * stretch for ring in outlines):
                axes.plot(outline[:, 0], outline[:, 1], color="black", linewidth=0.8)
            largest = max(outlines, key=len) * stretch
            x, y = (largest.min(axis=0) + largest.max(axis=0)) / 2
            axes.text(x, y, authority.name, ha="center", va="center", fontsize=8, weight="bold",
                      path_effects=[withStroke(linewidth=2.5, foreground="white")])  # fmt: skip
        handles = [Patch(color=colour, label=label)
                   for colour, label in zip(colours, words(bounds), strict=True)]  # fmt: skip
        axes.legend(handles=handles, title="Averted a year\nfor 1,000 residents", frameon=False,
                    fontsize=8, title_fontsize=8, loc="center left",
                    bbox_to_anchor=(1.0, 0.5))  # fmt: skip
        axes.set_aspect("equal")
        axes.autoscale_view()
        axes.set_axis_off()
    return figure


def deprivation_table(case: BoardCase, table: pd.DataFrame) -> Table:
    """Return how the mapped change lies over the fifths of deprivation."""
    rows, data = [], []
    fifth = (table["deprivation_decile"].astype(int) + 1) // 2
    for number, part in table.groupby(fifth):
        low, high = np.percentile(part["change"], _TENTHS)
        mean = float(np.average(part["change"], weights=part["residents"]))
        data.append({"deprivation_quintile": number, "neighbourhoods": len(part),
                     "residents": part["residents"].sum(), "mean": mean, "low": low, "high": high})
        rows.append({
            "Fifth of deprivation (1 the most deprived)": str(number),
            "Neighbourhoods": count(len(part)),
            "Eight in ten of them lie within": interval(low, high, 0.1),
            "Averted a year for 1,000 residents, mean": rounded(mean, 0.01),
        })  # fmt: skip
    return Table(
        name="map",
        caption="Modelled incidents averted a year for 1,000 residents over the neighbourhoods of "
        f"each fifth of deprivation (a {MINUS} means more)",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame(data),
        source=case.source,
    )
