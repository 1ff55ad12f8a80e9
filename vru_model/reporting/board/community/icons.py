"""The icon array: a thousand people as a thousand icons, told apart by their shape and filling."""

from __future__ import annotations

from typing import NamedTuple

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vru_model.reporting.board.community.frequencies import OF, Frequency
from vru_model.reporting.charts import GREY, INK, STYLES, look
from vru_model.reporting.lettering import TITLE_SIZE, wrapped_to

COLUMNS = 50
_GOOD, _BAD = STYLES[0].colour, STYLES[1].colour


class Kind(NamedTuple):
    """One kind of icon: what it stands for and how it is drawn, filled wholly, half or not."""

    label: str
    marker: str
    colour: str
    filling: str


SPARED = Kind("would not get hurt", "s", _GOOD, "full")
PERHAPS_SPARED = Kind("might not get hurt", "s", _GOOD, "left")
STILL_HURT = Kind("would get hurt with the plan or without it", "o", GREY, "none")
PERHAPS_HURT = Kind("more might get hurt", "D", _BAD, "left")
HURT = Kind("more would get hurt", "D", _BAD, "full")


def groups(found: Frequency) -> list[tuple[Kind, int]]:
    """Return the kinds of icon that a frequency needs, with how many of each; none is empty.

    Those whom the plan spares and those who are hurt anyway are the 1,000; whoever is hurt on top
    of them comes last.
    """
    numbers = (
        (SPARED, found.spared), (PERHAPS_SPARED, found.perhaps_spared),
        (STILL_HURT, found.still_hurt),
        (HURT, found.hurt_as_well), (PERHAPS_HURT, found.perhaps_hurt_as_well),
    )  # fmt: skip
    return [(kind, number) for kind, number in numbers if number]


def title(found: Frequency, who: str) -> str:
    """Return the message of the chart."""
    start = f"Of every {OF:,} {who},"
    if found.low == found.high == 0:
        return f"{start} the plan would change things for fewer than 1"
    if found.verdict == "fewer" and found.low >= 0:
        return f"{start} the plan would spare {_span(found.low, found.high)}"
    if found.verdict == "more" and found.high <= 0:
        return f"{start} {_span(-found.high, -found.low)} more would get hurt"
    return f"{start} we cannot tell if the plan spares any: {found.range}"


def alternative_text(found: Frequency, who: str) -> str:
    """Return the words that stand for the chart."""
    parts = "; ".join(f"{number:,} {_icon(kind)}: {kind.label}" for kind, number in groups(found))
    return (
        f"{OF:,} icons in rows of {COLUMNS}, one for each of {OF:,} {who}. {parts}. The table that "
        "follows gives every number."
    )


def draw(found: Frequency, who: str) -> Figure:
    """Return the icon array, its key beside it."""
    kinds = groups(found)
    extra = found.hurt_as_well + found.perhaps_hurt_as_well
    rows = OF // COLUMNS + (1 + -(-extra // COLUMNS) if extra else 0)
    with matplotlib.rc_context(look() | {"font.size": 10.0}):
        figure = Figure(figsize=(9.2, 0.55 + 0.125 * rows))
        message = wrapped_to(title(found, who), 9.0, TITLE_SIZE, bold=True)
        figure.suptitle(message, x=0.01, y=0.99, ha="left", va="top", fontsize=12,
                        fontweight="bold")  # fmt: skip
        axes = figure.add_axes((0.01, 0.02, 0.66, 1 - (0.35 + 0.2 * message.count("\n"))
                                / figure.get_figheight()))  # fmt: skip
        axes.set_axis_off()
        axes.set_xlim(-1, COLUMNS)
        axes.set_ylim(rows - 0.2, -0.8)
        _icons(axes, kinds)
        _key(figure, kinds)
    return figure


def _icons(axes: Axes, kinds: list[tuple[Kind, int]]) -> None:
    place = 0
    for kind, number in kinds:
        if kind in (HURT, PERHAPS_HURT) and place < OF + COLUMNS:
            place = max(place, OF + COLUMNS)  # an empty row parts them from the thousand
        places = np.arange(place, place + number)
        _mark(axes, places % COLUMNS, places // COLUMNS, kind)
        place += number


def _key(figure: Figure, kinds: list[tuple[Kind, int]]) -> None:
    axes = figure.add_axes((0.69, 0.02, 0.3, 0.8))
    axes.set_axis_off()
    axes.set_xlim(0, 10)
    axes.set_ylim(4.6, -0.6)
    for row, (kind, number) in enumerate(kinds):
        _mark(axes, np.array([0.5]), np.array([row]), kind, size=9)
        words = wrapped_to(f"{number:,} {kind.label}", 2.3)
        axes.text(1.3, row, words, va="center", color=INK)


def _mark(axes: Axes, x: np.ndarray, y: np.ndarray, kind: Kind, size: float = 5.4) -> None:
    axes.plot(
        x, y, linestyle="none", marker=kind.marker, markersize=size, color=kind.colour,
        fillstyle=kind.filling, markerfacecoloralt="white", markeredgecolor=kind.colour,
        markeredgewidth=0.9, clip_on=False,
    )  # fmt: skip


def _icon(kind: Kind) -> str:
    filling = {"full": "full", "left": "half full", "none": "empty"}[kind.filling]
    shape = {"s": "squares", "o": "circles", "D": "diamonds"}[kind.marker]
    return f"{filling} {shape}"


def _span(low: int, high: int) -> str:
    if low == high:
        return str(low)
    return f"up to {high}" if low == 0 else f"{low} to {high}"
