"""A map of what a strategy changes, where real boundaries exist.

It shows rates of change with what cannot be told left grey, and names no neighbourhood: a map is
no ranking of places. Synthetic neighbourhoods stand nowhere and are never drawn.
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch

from vru_model.experiments import Comparison, Run
from vru_model.place import Place
from vru_model.place.pack_shapes import read_shapes
from vru_model.reporting.blocks import Chart, Table
from vru_model.reporting.charts import look, png
from vru_model.reporting.lettering import headed
from vru_model.reporting.words import count, slug

_MEASURE = "expected_admissions"
_MONTHS = 12
_PER = 100_000


class Class(NamedTuple):
    """A class of change: its words, colour and hatching (colour is never the only cue)."""

    words: str
    colour: str
    hatch: str


_CLASSES = (
    Class("fewer, by 2 or more a year for 100,000", "#08519c", ""),
    Class("fewer, by less than 2", "#6baed6", "//"),
    Class("cannot be told (80% interval holds nought)", "#d9d9d9", ""),
    Class("more", "#D55E00", "xx"),
)
_LARGE = 2.0


def change_map(place: Place, comparison: Comparison, title: str,
               source: str) -> tuple[Chart, Table]:
    """Return the map of averted admissions a year for 100,000 residents, and its table.

    A neighbourhood is coloured only where the 80% interval over draws is on one side of nought.
    """
    if place.folder is None:
        raise ValueError(f"{place.name} has no boundaries")
    rates = neighbourhood_rates(comparison)
    classes = _classes(rates)
    table = _table(place, classes, title, source)
    told = int((classes != 2).sum())
    message = (f"{title}: admissions change for certain in {count(told)} of {count(len(classes))} "
               "neighbourhoods")
    with matplotlib.rc_context(look()):
        figure = headed(message, 8.2, 5.2)
        axes = figure.subplots()
        _draw(axes, place.folder, classes)
        axes.legend(handles=[Patch(facecolor=one.colour, hatch=one.hatch, edgecolor="white",
                                   label=one.words) for one in _CLASSES],
                    title="Admissions for violence", frameon=False, fontsize=8,
                    loc="upper left", bbox_to_anchor=(1.0, 1.0))  # fmt: skip
    rows = "; ".join(f"{one.words}: {count((classes == number).sum())}"
                     for number, one in enumerate(_CLASSES))
    alt = (f"Map of the {count(len(classes))} neighbourhoods of {place.title} by the change in "
           f"admissions for violence with {title}. Neighbourhoods: {rows}.")
    caption = html.unescape(f"{title}. {place.attribution}")
    return Chart(f"map-{slug(title)}", png(figure), alt, caption, source), table


def neighbourhood_rates(comparison: Comparison) -> pd.DataFrame:
    """Return averted admissions a year for 100,000, by neighbourhood: mean, low80 and high80."""
    base, other = (_by_draw(run, comparison) for run in (comparison.base, comparison.other))
    difference = (base - other).to_numpy()
    return pd.DataFrame({
        "averted": difference.mean(axis=1),
        "low80": np.percentile(difference, 10, axis=1),
        "high80": np.percentile(difference, 90, axis=1),
    }, index=base.index)  # fmt: skip


def _by_draw(run: Run, comparison: Comparison) -> pd.DataFrame:
    """Return the yearly rate for 100,000, neighbourhoods by draws."""
    cells = run.query(
        "select draw, neighbourhood, measure, sum(value) as value from neighbourhoods "
        "where measure in (?, 'person_months') group by draw, neighbourhood, measure",
        [_MEASURE], comparison.worlds,
    )  # fmt: skip
    wide = cells.pivot_table(index="neighbourhood", columns=["measure", "draw"], values="value",
                             aggfunc="sum", fill_value=0.0).sort_index()  # fmt: skip
    months = wide["person_months"]
    events = wide[_MEASURE].reindex(columns=months.columns, fill_value=0.0)
    return events / months * _MONTHS * _PER


def _classes(rates: pd.DataFrame) -> pd.Series:
    fewer, more = rates["low80"] > 0, rates["high80"] < 0
    found = np.where(fewer & (rates["averted"] >= _LARGE), 0,
                     np.where(fewer, 1, np.where(more, 3, 2)))  # fmt: skip
    return pd.Series(found, index=rates.index)


def _table(place: Place, classes: pd.Series, title: str, source: str) -> Table:
    people = place.neighbourhoods.set_index("neighbourhood")["residents"].reindex(classes.index)
    rows = [{"Admissions for violence": one.words,
             "Neighbourhoods": count((classes == number).sum()),
             "Residents": count(float(people[classes == number].sum()))}
            for number, one in enumerate(_CLASSES)]  # fmt: skip
    return Table(f"map-{slug(title)}", f"{title}: neighbourhoods by what happens to their rate",
                 pd.DataFrame(rows), None, source)


def _draw(axes: Axes, folder: Path, classes: pd.Series) -> None:
    shapes = read_shapes(folder, "boundaries.geojson")
    middle = np.mean([ring[:, 1].mean() for rings in shapes.values() for ring in rings])
    # Degrees of longitude are shorter than those of latitude.
    stretch = np.array([np.cos(np.radians(middle)), 1.0])
    for number, one in enumerate(_CLASSES):
        rings = [ring * stretch for code in classes.index[classes == number]
                 for ring in shapes.get(code, ())]
        axes.add_collection(PolyCollection(rings, facecolors=one.colour, hatch=one.hatch or None,
                                           edgecolors="white", linewidths=0.15))  # fmt: skip
    for rings in read_shapes(folder, "local_authorities.geojson").values():
        for ring in rings:
            axes.plot(*(ring * stretch).T, color="black", linewidth=0.7)
    axes.set_aspect("equal")
    axes.autoscale_view()
    axes.set_axis_off()
