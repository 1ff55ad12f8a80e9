"""The charts of this paper: what each programme adds, where people are lost, what money buys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vru_model.reporting.charts import GREY, INK, STYLES, look, png, wrapped
from vru_model.reporting.estimates import Estimate
from vru_model.reporting.lettering import headed, legend_below, rows_height, wrapped_to
from vru_model.reporting.words import MINUS

__all__ = ["funnel_chart", "is_clear", "png", "ranked_chart", "scaling_chart"]

_WIDTH = 9.2
_NAMES = 2.7  # inches of a programme's name beside its row
_SEGMENTS = (
    ("#00825F", ""), ("#D55E00", "///"), ("#9a5b8f", "xxx"), ("#ffffff", "..."), ("#d9d9d9", ""),
)  # fmt: skip
"""Fill and hatching of the parts of a bar, so that colour is never the only cue."""


def is_clear(found: Estimate) -> bool:
    """Return whether the 80% interval lies on one side of zero even as it is printed, rounded."""
    return found.verdict != "unclear"


def ranked_chart(
    title: str, label: str, estimates: Mapping[str, Estimate], at_zero: str
) -> Figure:
    """Return dots with 80% (thick) and 95% (thin) intervals, one line each, as given.

    A filled circle marks an 80% interval clear of zero, a hollow square one that holds it.
    """
    with matplotlib.rc_context(look()):
        names = [wrapped_to(name, _NAMES) for name in estimates]
        figure, axes = _axes(title, 1.7 + rows_height(names, 0.46))
        for row, found in enumerate(estimates.values()):
            clear = is_clear(found)
            style = STYLES[0] if clear else STYLES[1]
            axes.hlines(row, found.low95, found.high95, style.colour, linewidth=1.2)
            axes.hlines(row, found.low80, found.high80, style.colour, linewidth=4.5)
            axes.plot(
                found.averted, row, style.marker, markersize=9, markeredgewidth=1.6,
                color=style.colour if clear else "white", markeredgecolor=style.colour, zorder=3,
            )  # fmt: skip
        axes.set_yticks(range(len(estimates)), names)
        axes.set_ylim(len(estimates) - 0.4, -0.8)
        axes.axvline(0, color=INK, linewidth=1)
        axes.annotate(at_zero, (0, -0.62), xytext=(4, 0), textcoords="offset points", fontsize=8.5,
                      va="center")  # fmt: skip
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.set_xlabel(label)
        axes.xaxis.set_major_formatter(_signed)
    return figure


def funnel_chart(
    title: str, parts: Sequence[str], shares: Mapping[str, Sequence[float]], label: str
) -> Figure:
    """Return one bar a programme, split into what becomes of those whom it could reach.

    Parameters
    ----------
    parts
        What the parts are, from the left; five at most.
    shares
        Programme → the share of each part; they add up to 1.
    """
    with matplotlib.rc_context(look()):
        names = [wrapped_to(name, _NAMES) for name in shares]
        figure, axes = _axes(title, 2.2 + rows_height(names, 0.5))
        for row, values in enumerate(shares.values()):
            left = 0.0
            for number, value in enumerate(values):
                fill, hatch = _SEGMENTS[number]
                axes.barh(row, 100 * value, left=100 * left, color=fill, hatch=hatch,
                          edgecolor=INK, linewidth=0.6, height=0.62,
                          label=parts[number] if row == 0 else None)  # fmt: skip
                if value >= 0.07:
                    axes.text(
                        100 * (left + value / 2), row, f"{100 * value:.0f}%", ha="center",
                        va="center", fontsize=9,
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2},
                    )  # fmt: skip
                left += value
        axes.set_yticks(range(len(shares)), names)
        axes.set_ylim(len(shares) - 0.5, -0.6)
        axes.set_xlim(0, 100)
        axes.set_xlabel(label)
        legend_below(figure, axes, columns=3)
    return figure


def scaling_chart(
    title: str, labels: tuple[str, str], points: Mapping[float, Estimate | None]
) -> Figure:
    """Return what the money averts at each level, with 80% (thick) and 95% (thin) bands.

    Parameters
    ----------
    labels
        Of the horizontal axis (£ million) and of the vertical one.
    points
        £ million a year → what it averts; None at no money, where nothing is averted.
    """
    style = STYLES[0]
    with matplotlib.rc_context(look()):
        figure, axes = _axes(title, 4.2)
        x = list(points)
        for low, high, shade in (("low95", "high95", 0.12), ("low80", "high80", 0.22)):
            lows = [0.0 if one is None else getattr(one, low) for one in points.values()]
            highs = [0.0 if one is None else getattr(one, high) for one in points.values()]
            axes.fill_between(x, lows, highs, color=style.colour, alpha=shade, linewidth=0)
            axes.plot(x, lows, color=style.colour, linewidth=0.8, linestyle=":")
            axes.plot(x, highs, color=style.colour, linewidth=0.8, linestyle=":")
        middle = [0.0 if one is None else one.averted for one in points.values()]
        axes.plot(x, middle, style.marker + style.line, color=style.colour, linewidth=2,
                  markersize=7, markeredgecolor="white")  # fmt: skip
        for place, found in points.items():
            if found is not None:
                axes.annotate(
                    found.central, (place, found.averted), xytext=(0, 9),
                    textcoords="offset points", ha="center", fontweight="bold",
                )  # fmt: skip
        axes.axhline(0, color=INK, linewidth=1)
        axes.set_xlim(0, max(x) * 1.04)
        axes.set_xticks(x, [f"{place:.2f}".rstrip("0").rstrip(".") for place in x])
        axes.set_xlabel(labels[0])
        axes.set_ylabel(wrapped(labels[1], 40))
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        axes.yaxis.set_major_formatter(_signed)
    return figure


def _axes(title: str, height: float) -> tuple[Figure, Axes]:
    figure = headed(title, _WIDTH, height)
    axes = figure.subplots()
    axes.set_axisbelow(True)
    axes.spines["left"].set_color(GREY)
    return figure, axes


def _signed(value: float, _: object = None) -> str:
    return f"{value:,.4g}".replace("-", MINUS)

