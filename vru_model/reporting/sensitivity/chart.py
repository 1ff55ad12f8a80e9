"""The tornado: how far each assumption alone moves a comparison, and whether past zero.

What chance alone would do is drawn as a band, so that a bar within it is not taken for an effect.
"""

from __future__ import annotations

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vru_model.analysis.sensitivity.rendering import number, short, step_of
from vru_model.analysis.sensitivity.study import Study
from vru_model.reporting.charts import GREY, INK, STYLES, look
from vru_model.reporting.lettering import headed, wrapped_to
from vru_model.reporting.words import MINUS

BARS = 10
_LOW, _HIGH = STYLES[0], STYLES[1]


def shown(study: Study) -> pd.DataFrame:
    """Return the assumptions that the chart shows: those that move most alone, the most first."""
    return study.table.sort_values("swing", ascending=False, kind="stable").head(BARS)


def message(study: Study) -> str:
    """Return what the chart says, from the verdicts and not from the eye."""
    verdicts = [each.verdict for each in study.switchings]
    first = short(study.biggest.title, 80)
    matters = f"“{first}” matters most"
    if "undecided" in verdicts:
        return (
            f"{_what(study)} cannot be told from none at the central values; {matters}"
        )
    flips, may = verdicts.count("flips"), verdicts.count("may flip")
    if len(verdicts) == 1:
        verb = "turns" if flips else "might turn" if may else "does not turn"
        return f"“{first}” matters most; alone it {verb} the comparison round"
    some = f"{flips} of the {len(verdicts)} assumptions that matter most"
    if flips:
        verb = "turns" if flips == 1 else "turn"
        return f"{some[:1].upper()}{some[1:]} {verb} the comparison round alone; {matters}"
    none = f"None of the {len(verdicts)} assumptions that matter most"
    if may:
        return f"{none} surely turns the comparison round alone, {may} might; {matters}"
    return f"{none} turns the comparison round alone; {matters}"


def alt(study: Study) -> str:
    """Return the words for the chart: what is drawn, then each bar's ends."""
    step, unit = step_of(study), study.question.unit
    bars = [
        f"{short(row['title'], 90)}: {number(row['at_low'], step)} at {row['low']:g}, "
        f"{number(row['at_high'], step)} at {row['high']:g}."
        for _, row in shown(study).iterrows()
    ]
    return (
        f"Horizontal bars, one an assumption: the {unit} averted by year {study.question.year} "
        f"with that assumption alone at the low end (circle) and at the high end (square) of its "
        f"range. At the central values it is {number(study.central.difference, step)}; chance "
        f"alone moves an end by {number(_chance(study), step)} either way. {' '.join(bars)} The "
        "table that follows gives every number."
    )


def tornado(study: Study) -> Figure:
    """Return the chart."""
    rows = shown(study)
    with matplotlib.rc_context(look()):
        figure = headed(message(study), 9.2, 1.9 + 0.47 * len(rows))
        axes = figure.subplots()
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        _draw(axes, rows, study)
        _say(axes, study)
    return figure


def _draw(axes: Axes, rows: pd.DataFrame, study: Study) -> None:
    places = np.arange(len(rows))[::-1]
    central, chance = study.central.difference, _chance(study)
    axes.axvspan(central - chance, central + chance, color="#e4e4e4", linewidth=0, zorder=0)
    axes.axvline(central, color=GREY, linewidth=1)
    for (_, row), place in zip(rows.iterrows(), places, strict=True):
        axes.barh(place, row["at_high"] - row["at_low"], left=row["at_low"], height=0.42,
                  color="#c9d8e6", edgecolor=GREY, linewidth=0.6)  # fmt: skip
        for end, other, style in (("low", "high", _LOW), ("high", "low", _HIGH)):
            at = row[f"at_{end}"]
            axes.plot(at, place, style.marker, color=style.colour, markersize=8,
                      markeredgecolor="white")  # fmt: skip
            left = at < row[f"at_{other}"] or (at == row[f"at_{other}"] and end == "low")
            axes.annotate(f"{row[end]:g}", (at, place), xytext=(-9 if left else 9, 0),
                          textcoords="offset points", ha="right" if left else "left",
                          va="center", fontsize=8.5, color=style.colour)  # fmt: skip
    axes.set_yticks(places, [wrapped_to(short(each, 84), 3.1, 8.5) for each in rows["title"]],
                    fontsize=8.5)  # fmt: skip
    axes.set_ylim(-0.7, len(rows) - 0.2)


def _say(axes: Axes, study: Study) -> None:
    low, high = axes.get_xlim()
    low, high = min(low, 0.0), max(high, 0.0)
    axes.set_xlim(low - 0.06 * (high - low), high + 0.06 * (high - low))
    axes.axvline(0, color=INK, linewidth=1.2)
    top = axes.get_ylim()[1]
    axes.annotate("no difference", (0, top), xytext=(3, -2), textcoords="offset points",
                  va="top", fontsize=8.5)  # fmt: skip
    axes.annotate(
        f"central: {number(study.central.difference, step_of(study))} (grey: chance, 95%)",
        (study.central.difference, top), xytext=(3, -13), textcoords="offset points", va="top",
        fontsize=8.5,
    )  # fmt: skip
    axes.set_xlabel(
        wrapped_to(f"{_what(study)}, with one assumption alone at its low (●) or high (■) end "
                   "(figures: its values)", 6.2, 9),
        fontsize=9,
    )
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.4g}".replace("-", MINUS))


def _what(study: Study) -> str:
    question = study.question
    name = question.other.name.replace("_", " ")
    against = question.base.name.replace("_", " ")
    return f"{question.unit[:1].upper()}{question.unit[1:]} averted by {name} against {against}, " \
           f"by year {question.year}"  # fmt: skip


def _chance(study: Study) -> float:
    return float(study.table["error95"].iloc[0])
