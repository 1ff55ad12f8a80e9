"""Charts for papers: the title states the message, and colour is never the only cue.

Every chart is drawn with matplotlib's own canvas (no pyplot, no state left behind), in a font
that matplotlib carries, without dates or versions in the file, so that the same numbers give
the same bytes.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vru_model.reporting.estimates import Estimate, Estimates, averted_message, label
from vru_model.reporting.lettering import canvas, headed, name_ends, spoken, wrapped_to
from vru_model.reporting.measures import ALL_AGES, GROUPS, Measure
from vru_model.reporting.words import MINUS, in_words, sentence_case

INK = "#1a1a1a"
GREY = "#6b6b6b"
RESOLUTION = 160  # dots per inch: sharp in print at A4 width, some 60 kB a chart


class Style(NamedTuple):
    """How a strategy is drawn: three cues, of which colour is one."""

    colour: str
    line: str
    marker: str


# Okabe and Ito's palette, told apart by colour-blind readers; of it, the colours that stand out
# from white by 3:1 or more.
STYLES = (
    Style("#0072B2", "-", "o"),
    Style("#D55E00", "--", "s"),
    Style("#00825F", "-.", "^"),
    Style("#000000", ":", "D"),
)
_LOOK: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.parse_math": False,  # a name may hold a dollar sign
}
_FIGURE = (9.2, 4.2)  # inches
_PANEL = 2.8  # inches of a panel's heading, where two stand side by side


def styles(strategies: Sequence[str]) -> dict[str, Style]:
    """Return each strategy's style, by its place in the list; four at most can be told apart."""
    if len(strategies) > len(STYLES):
        raise ValueError(f"a chart tells {len(STYLES)} strategies apart, not {len(strategies)}")
    return dict(zip(strategies, STYLES, strict=False))


def averted_chart(measure: Measure, estimates: Estimates, years: Sequence[int]) -> Figure:
    """Return averted incidents by the end of each year, with 80% (thick) and 95% (thin) bars.

    One panel for each group of victims on a common scale; strategies stand side by side.
    """
    last = years[-1]
    message = averted_message(measure, ALL_AGES, last, estimates.at(measure, ALL_AGES, last))
    title = f"{_panel_title(ALL_AGES)}: {message[:1].lower()}{message[1:]}"
    with matplotlib.rc_context(_LOOK):
        figure, panels = _figure(title, columns=len(GROUPS))
        for axes, group in zip(panels, GROUPS, strict=True):
            _bars(axes, measure, group, estimates, years)
            axes.axhline(0, color=INK, linewidth=1)
            axes.set_xticks(years)
            axes.set_xlabel("By the end of year")
            axes.set_title(_panel_title(group), loc="left", fontsize=10)
        panels[0].set_ylabel(_averted_label(measure))
        _minus_signs(panels)
    return figure


def averted_alt(measure: Measure, estimates: Estimates, years: Sequence[int]) -> str:
    """Return the words for :func:`averted_chart`: what is drawn, then the last year's numbers."""
    last = years[-1]
    ends = [
        f"{sentence_case(label(name))} by year {last}, {group}: {found.central} "
        f"(80% interval {found.interval80}, 95% interval {found.interval95})."
        for group in GROUPS
        for name, found in estimates.at(measure, group, last).items()
    ]
    strategies = in_words([label(name) for name in estimates.strategies])
    return (
        f"Two panels, victims of all ages and under 25, of {measure.plural} averted by the end of "
        f"years {in_words([str(year) for year in years])}, with 80% and 95% intervals, for "
        f"{strategies}. {' '.join(ends)} The table that follows gives every number."
    )


def trajectory_chart(
    title: str,
    measure: Measure,
    estimates: Estimates,
    differences: Mapping[int, Estimate],
    names: tuple[str, str],
) -> Figure:
    """Return two strategies' averted incidents over time, and how far the second is ahead.

    Parameters
    ----------
    differences
        Year → what the second strategy averts beyond the first (paired), since the start.
    names
        The first and the second strategy.
    """
    years = sorted(differences)
    with matplotlib.rc_context(_LOOK):
        figure, (left, right) = _figure(title, columns=2, share=False)
        drawn, ends = styles(names), {}
        for name, style in drawn.items():
            found = [estimates.get(name, measure, ALL_AGES, year) for year in years]
            _fan(left, years, found, style)
            ends[name] = (years[-1], found[-1].averted)
        name_ends(left, ends, [style.colour for style in drawn.values()])
        left.set_title("Averted, against the baseline (80% bands)", loc="left", fontsize=10)
        left.set_ylabel(_averted_label(measure))
        _fan(right, years, [differences[year] for year in years], STYLES[3], alone=True)
        first, second = (spoken(name) for name in names)
        what = f"{sentence_case(second)} less {first} (80% and 95% bands)"
        right.set_title(wrapped_to(what, _PANEL), loc="left", fontsize=10)
        right.set_ylabel(wrapped(f"Above 0: {second} has averted more", 34))
        for axes in (left, right):
            axes.axhline(0, color=INK, linewidth=1)
            axes.set_xlabel("By the end of year")
            axes.set_xticks(years)
            axes.set_xlim(years[0] - 0.3, years[-1] + 0.3)
        _minus_signs((left, right))
    return figure


def look() -> Any:
    """Return the settings under which every chart is drawn, for `matplotlib.rc_context`."""
    return dict(_LOOK)


def png(figure: Figure) -> bytes:
    """Return the figure as PNG bytes that hold nothing but the picture."""
    buffer = io.BytesIO()
    with matplotlib.rc_context(_LOOK):
        figure.savefig(buffer, format="png", dpi=RESOLUTION, metadata={"Software": None},
                       bbox_inches=canvas(figure))  # fmt: skip
    return buffer.getvalue()


def _figure(title: str, columns: int, share: bool = True) -> tuple[Figure, Sequence[Axes]]:
    figure = headed(title, *_FIGURE)
    panels = figure.subplots(1, columns, sharey=share)
    for axes in panels:
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
    return figure, panels


def _bars(
    axes: Axes, measure: Measure, group: str, estimates: Estimates, years: Sequence[int]
) -> None:
    drawn = styles(estimates.strategies)
    apart = 0.045 * years[-1]
    for rank, (name, style) in enumerate(drawn.items()):
        offset = apart * (rank - (len(drawn) - 1) / 2)
        for year in years:
            found = estimates.get(name, measure, group, year)
            place = year + offset
            axes.vlines(place, found.low95, found.high95, style.colour, linewidth=1.2)
            axes.vlines(place, found.low80, found.high80, style.colour, linewidth=4.5)
            axes.plot(place, found.averted, style.marker, color=style.colour, markersize=8,
                      markeredgecolor="white", markeredgewidth=1.2)  # fmt: skip
    place = years[-1] + apart * (len(drawn) - 1) / 2
    # The panel ends with the bars, so that no line of it runs through the names beside them.
    axes.set_xlim(0, place + 0.03 * years[-1])
    last = {name: estimates.get(name, measure, group, years[-1]).averted for name in drawn}
    name_ends(axes, {name: (place, end) for name, end in last.items()},
              [style.colour for style in drawn.values()])  # fmt: skip


def _fan(
    axes: Axes, years: Sequence[int], found: Sequence[Estimate], style: Style, alone: bool = False
) -> None:
    """Draw estimates over the years: a line with its 80% band; alone, its 95% band too."""
    colour, line = style.colour, "-" if alone else style.line
    if alone:
        axes.fill_between(years, [e.low95 for e in found], [e.high95 for e in found],
                          color=colour, alpha=0.12, linewidth=0)  # fmt: skip
    axes.fill_between(years, [e.low80 for e in found], [e.high80 for e in found],
                      color=colour, alpha=0.18, linewidth=0)  # fmt: skip
    for edge in ("low80", "high80"):
        axes.plot(years, [getattr(e, edge) for e in found], linestyle=line,
                  color=colour, linewidth=0.8)  # fmt: skip
    middle = [estimate.averted for estimate in found]
    marker = None if alone else style.marker
    axes.plot(years, middle, linestyle=line, color=colour, linewidth=2, marker=marker,
              markersize=6, markeredgecolor="white")  # fmt: skip


def _panel_title(group: str) -> str:
    return f"Victims of {group}" if group == ALL_AGES else f"Victims {group}"


def _averted_label(measure: Measure) -> str:
    """Return the words at the axis, which say what nought means: on the line they hid the bars."""
    what = wrapped(f"{sentence_case(measure.plural)} averted", 34)
    return f"{what}\n(0: same as the baseline)"


def _minus_signs(panels: Sequence[Axes]) -> None:
    for axes in panels:
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.4g}".replace("-", MINUS))


def wrapped(text: str, width: int) -> str:
    """Return the text with line breaks, as wide as a title or label may be."""
    return "\n".join(textwrap.wrap(text, width))
