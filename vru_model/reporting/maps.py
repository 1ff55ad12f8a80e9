"""A map of what a strategy changes, where real boundaries exist.

It shows rates of change by kind of neighbourhood, with what cannot be told left grey, and names no
neighbourhood: a map is no ranking of places. Synthetic neighbourhoods stand nowhere and are never
drawn.
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
from matplotlib.patheffects import withStroke

from vru_model.analysis.wording import rounding_step
from vru_model.experiments import Comparison, Run
from vru_model.experiments.intervals import limits_of_draws
from vru_model.place import Place
from vru_model.place.pack_shapes import read_shapes
from vru_model.reporting.blocks import Chart, Table
from vru_model.reporting.charts import look, png
from vru_model.reporting.lettering import headed
from vru_model.reporting.words import count, in_words, interval, percentage, slug

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
_FIFTHS = {1: "1st fifth (most deprived)", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th (least)"}


def change_map(place: Place, comparison: Comparison, title: str,
               source: str) -> tuple[Chart, Table]:
    """Return the map of averted admissions a year for 100,000 residents, and its table.

    A single neighbourhood is too small for its change to be told from chance. So each has the
    colour of its kind, the neighbourhoods of one authority in one fifth of deprivation, and is
    coloured only where the 80% interval over draws of that kind lies on one side of nought.
    """
    if place.folder is None:
        raise ValueError(f"{place.name} has no boundaries")
    kinds = kinds_of(place)
    rates = kind_rates(comparison, kinds)
    classes = _classes(rates)
    of_neighbourhoods = classes.reindex(pd.MultiIndex.from_frame(kinds)).set_axis(kinds.index)
    people = place.neighbourhoods.set_index("neighbourhood")["residents"].reindex(kinds.index)
    message = _message(title, of_neighbourhoods, people)
    with matplotlib.rc_context(look()):
        figure = headed(message, 9.2, 5.6)
        axes = figure.subplots()
        _draw(axes, place, place.folder, of_neighbourhoods)
        figure.legend(handles=[Patch(facecolor=one.colour, hatch=one.hatch, edgecolor="white",
                                     label=one.words) for one in _CLASSES],
                      title="Admissions for violence", frameon=False, fontsize=9,
                      title_fontsize=9, alignment="left", ncols=2,
                      loc="outside lower left")  # fmt: skip
    rows = "; ".join(
        f"{one.words}: {count((of_neighbourhoods == number).sum())} with "
        f"{count(float(people[of_neighbourhoods == number].sum()))} residents"
        for number, one in enumerate(_CLASSES)
    )
    alt = (f"Map of the {count(len(kinds))} neighbourhoods of {place.title} by the change in "
           f"admissions for violence with {title}, by authority and fifth of deprivation. "
           f"{message}. Neighbourhoods: {rows}. The table that follows gives every interval.")
    caption = html.unescape(
        f"{title}: admissions averted, each neighbourhood in the colour of its kind (one fifth of "
        f"deprivation of one authority). {place.attribution}")
    return (Chart(f"map-{slug(title)}", png(figure), alt, caption, source),
            _table(place, rates, title, source))


def kinds_of(place: Place) -> pd.DataFrame:
    """Return the authority and fifth of deprivation (1 the most deprived) of neighbourhoods."""
    table = place.neighbourhoods.set_index("neighbourhood")
    codes = [each.code for each in place.authorities]
    return pd.DataFrame({
        "local_authority": [codes[number] for number in table["local_authority"]],
        "fifth": (table["deprivation_decile"].astype(int) + 1) // 2,
    })  # fmt: skip


def kind_rates(comparison: Comparison, kinds: pd.DataFrame) -> pd.DataFrame:
    """Return averted admissions a year for 100,000 by kind: mean, low80 and high80 over draws."""
    base, other = (_by_draw(run, comparison, kinds) for run in (comparison.base, comparison.other))
    difference = (base - other).to_numpy()
    return pd.DataFrame({
        "averted": difference.mean(axis=1),
        "low80": limits_of_draws(difference, 10, axis=1),
        "high80": limits_of_draws(difference, 90, axis=1),
    }, index=base.index)  # fmt: skip


def _by_draw(run: Run, comparison: Comparison, kinds: pd.DataFrame) -> pd.DataFrame:
    """Return the yearly rate for 100,000, kinds of neighbourhood by draws."""
    cells = run.query(
        "select draw, neighbourhood, measure, sum(value) as value from neighbourhoods "
        "where measure in (?, 'person_months') group by draw, neighbourhood, measure",
        [_MEASURE], comparison.worlds,
    )  # fmt: skip
    cells = cells.join(kinds, on="neighbourhood", how="inner")
    wide = cells.pivot_table(index=list(kinds.columns), columns=["measure", "draw"], values="value",
                             aggfunc="sum", fill_value=0.0).sort_index()  # fmt: skip
    months = wide["person_months"]
    events = wide[_MEASURE].reindex(columns=months.columns, fill_value=0.0)
    return events / months * _MONTHS * _PER


def _classes(rates: pd.DataFrame) -> pd.Series:
    fewer, more = rates["low80"] > 0, rates["high80"] < 0
    found = np.where(fewer & (rates["averted"] >= _LARGE), 0,
                     np.where(fewer, 1, np.where(more, 3, 2)))  # fmt: skip
    return pd.Series(found, index=rates.index)


def _message(title: str, classes: pd.Series, people: pd.Series) -> str:
    """Return the shares of residents where the change can be told, in a sentence."""
    fewer, more = (
        float(people[classes.isin(which)].sum() / people.sum()) for which in ([0, 1], [3])
    )
    if not fewer and not more:
        return (f"{title}: in no kind of neighbourhood can the change in admissions be told from "
                "nothing (80% intervals)")  # fmt: skip
    told = (("fewer admissions", fewer), ("more admissions", more))
    parts = [f"{words} where {percentage(share)} of residents live"
             for words, share in told if share]  # fmt: skip
    return f"{title}: {in_words(parts)} (80% intervals)"


def _table(place: Place, rates: pd.DataFrame, title: str, source: str) -> Table:
    """Return the 80% interval of every kind, authorities in the order of their codes."""
    names = {each.code: each.name for each in place.authorities}
    rows = []
    for code in sorted(rates.index.get_level_values("local_authority").unique()):
        row = {"Authority": names.get(str(code), str(code))}
        for fifth, words in _FIFTHS.items():
            key = (code, fifth)
            row[words] = _interval(rates.loc[key]) if key in rates.index else "no such place"
        rows.append(row)
    return Table(
        f"map-{slug(title)}",
        f"{title}: admissions averted a year for 100,000 residents, 80% interval over draws, by "
        "authority (in the order of codes, not ranked) and fifth of deprivation of the "
        "neighbourhood (below 0: more than as usual)",
        pd.DataFrame(rows), rates.reset_index(), source,
    )  # fmt: skip


def _interval(row: pd.Series) -> str:
    step = rounding_step(row["averted"], row["low80"], row["high80"])
    return interval(row["low80"], row["high80"], max(step, 0.1))


def _draw(axes: Axes, place: Place, folder: Path, classes: pd.Series) -> None:
    shapes = read_shapes(folder, "boundaries.geojson")
    middle = np.mean([ring[:, 1].mean() for rings in shapes.values() for ring in rings])
    # Degrees of longitude are shorter than those of latitude.
    stretch = np.array([np.cos(np.radians(middle)), 1.0])
    for number, one in enumerate(_CLASSES):
        rings = [ring * stretch for code in classes.index[classes == number]
                 for ring in shapes.get(code, ())]
        axes.add_collection(PolyCollection(rings, facecolors=one.colour, hatch=one.hatch or None,
                                           edgecolors="white", linewidths=0.15))  # fmt: skip
    outlines = read_shapes(folder, "local_authorities.geojson")
    for authority in place.authorities:
        rings = [ring * stretch for ring in outlines.get(authority.code, ())]
        for ring in rings:
            axes.plot(ring[:, 0], ring[:, 1], color="black", linewidth=0.8)
        if rings:
            largest = max(rings, key=len)
            x, y = (largest.min(axis=0) + largest.max(axis=0)) / 2
            axes.text(x, y, authority.name, ha="center", va="center", fontsize=8, weight="bold",
                      path_effects=[withStroke(linewidth=2.5, foreground="white")])  # fmt: skip
    axes.set_aspect("equal")
    axes.autoscale_view()
    axes.set_axis_off()
