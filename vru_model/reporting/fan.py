"""The fan chart: what strategies avert against business as usual, year by year, with intervals."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from vru_model.reporting.charts import GREY, INK, look, styles
from vru_model.reporting.estimates import Estimate, Estimates
from vru_model.reporting.lettering import headed, legend_below
from vru_model.reporting.measures import ALL_AGES, GROUPS, Measure
from vru_model.reporting.words import MINUS, in_words, sentence_case

_ALONE = 2
"""So many strategies still leave room for the wider band."""


def fan_chart(measure: Measure, estimates: Estimates, years: Sequence[int],
              titles: Sequence[str], message: str) -> Figure:
    """Return averted incidents since the start over the years, one panel a group of victims.

    Parameters
    ----------
    years
        Every year to draw.
    titles
        What the strategies are called, in the order of the estimates.
    message
        What the chart states, over it.

    Each strategy has a line of its own style and marker with its 80% band; with one or two there
    is the 95% band too.
    """
    drawn = dict(zip(estimates.strategies, titles, strict=True))
    with matplotlib.rc_context(look()):
        figure = headed(message, 9.2, 4.1)
        panels = figure.subplots(1, len(GROUPS), sharey=True)
        for axes, group in zip(panels, GROUPS, strict=True):
            for name, style in styles(list(drawn)).items():
                found = [estimates.get(name, measure, group, year) for year in years]
                if len(drawn) <= _ALONE:
                    _band(axes, years, found, "95", style.colour, 0.10)
                _band(axes, years, found, "80", style.colour, 0.18)
                axes.plot(years, [one.averted for one in found], linestyle=style.line,
                          color=style.colour, marker=style.marker, markersize=5, linewidth=2,
                          label=drawn[name])  # fmt: skip
            _dress(axes, group, years)
        panels[0].set_ylabel(f"{sentence_case(measure.plural)}\naverted since the start")
        legend_below(figure, panels[0], columns=2)
    return figure


def fan_alt(measure: Measure, estimates: Estimates, years: Sequence[int],
            titles: Sequence[str]) -> str:
    """Return the words for :func:`fan_chart`: what is drawn, and where each line ends."""
    last = years[-1]
    ends = []
    for name, title in zip(estimates.strategies, titles, strict=True):
        for group in GROUPS:
            found = estimates.get(name, measure, group, last)
            ends.append(f"{title}, {group}: {found.central} by year {last} (80% interval "
                        f"{found.interval80}, 95% interval {found.interval95}).")
    return (f"Two panels, victims of all ages and under 25, of {measure.plural} averted since the "
            f"start over years {years[0]} to {last}, with bands of the intervals, for "
            f"{in_words(list(titles))}. {' '.join(ends)} The table beside it gives the numbers.")


def _band(axes: Axes, years: Sequence[int], found: Sequence[Estimate], share: str, colour: str,
          alpha: float) -> None:
    low, high = ([getattr(one, f"{end}{share}") for one in found] for end in ("low", "high"))
    axes.fill_between(years, low, high, color=colour, alpha=alpha, linewidth=0)
    if share == "80":
        for edge in (low, high):
            axes.plot(years, edge, color=colour, linewidth=0.7, linestyle=":")


def _dress(axes: Axes, group: str, years: Sequence[int]) -> None:
    axes.axhline(0, color=INK, linewidth=1)
    axes.annotate("business as usual", (years[-1], 0), xytext=(0, -4), ha="right", va="top",
                  textcoords="offset points", fontsize=8, color=GREY)  # fmt: skip
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_title(f"Victims of {group}" if group == ALL_AGES else f"Victims {group}",
                   loc="left", fontsize=10)  # fmt: skip
    axes.set_xlabel("By the end of year")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:,.6g}".replace("-", MINUS)))
