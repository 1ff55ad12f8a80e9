"""The theory-of-change map of a strategy: from programmes, through what they change, to measures.

It is drawn from the declarations alone (what a programme changes; through which states of the model
that reaches violence; in which measures it shows first), so it cannot go stale.
"""

from __future__ import annotations

from typing import NamedTuple

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from vru_model.parameters.accounts.measures import load_measures
from vru_model.parameters.programmes import TARGETS, Programme
from vru_model.reporting.charts import GREY, INK, STYLES, look
from vru_model.reporting.lettering import (
    MARGIN,
    TITLE_SIZE,
    line_height,
    rows_height,
    wrapped_to,
)
from vru_model.reporting.register.cards import size
from vru_model.reporting.words import in_words, plural
from vru_model.scenario import Scenario

_COLUMNS = ("Programme", "What it changes", "Through", "Seen in")
_PLACES = (0.0, 0.27, 0.53, 0.84)  # left edges of the columns
_WIDTHS = (0.2, 0.19, 0.22, 0.155)
_ARROW = " → "
_DASHES = ("-", "--", ":", "-.")
_WIDTH = 11.0  # inches
_SIZE = 8.0  # points


class Link(NamedTuple):
    """One arrow: from a box of one column to a box of the next."""

    programme: str
    column: int  # of the box that it leaves
    start: str
    end: str


def table(scenario: Scenario) -> pd.DataFrame:
    """Return one row a programme and change: the same as the map, in words."""
    measures = load_measures().measures
    rows = []
    for programme in programmes(scenario):
        for change in programme.changes:
            target = TARGETS[change.target]
            rows.append({
                "Programme": programme.title,
                "Changes": target.title,
                "By": size(change),
                "Through": _ARROW.join(target.through),
                "Seen first in": in_words([measures[name].title for name in target.measures])
                or "nothing of its own",
                "Expect": programme.standing,
            })  # fmt: skip
    return pd.DataFrame(rows)


def links(scenario: Scenario) -> list[Link]:
    """Return the arrows of the map, each once for each programme."""
    measures = load_measures().measures
    found = []
    for programme in programmes(scenario):
        for change in programme.changes:
            target = TARGETS[change.target]
            path = _ARROW.join(target.through)
            found.append(Link(programme.title, 0, programme.title, target.title))
            found.append(Link(programme.title, 1, target.title, path))
            found += [Link(programme.title, 2, path, measures[each].title)
                      for each in target.measures]
    return list(dict.fromkeys(found))


def title(scenario: Scenario) -> str:
    """Return what the map says, in a sentence."""
    funded = programmes(scenario)
    paths = {TARGETS[change.target].through for each in funded for change in each.changes}
    return (f"{scenario.title}: {plural(len(funded), 'programme')} reach violence by "
            f"{plural(len(paths), 'path')}")


def alternative_text(scenario: Scenario) -> str:
    """Return the map in words."""
    parts = []
    for programme in programmes(scenario):
        ways = [
            f"{TARGETS[change.target].title} ({' then '.join(TARGETS[change.target].through)})"
            for change in programme.changes
        ]
        parts.append(f"{programme.title} changes {in_words(ways)}")
    return (f"A map of {plural(len(parts), 'programme')} in four columns: programme, what it "
            f"changes, through which state of the model, and the measures in which that shows. "
            f"{'; '.join(parts)}. All end in incidents, attendances and admissions.")


def draw(scenario: Scenario) -> Figure:
    """Return the map as a figure: one box a name, one line style and colour a programme."""
    arrows = links(scenario)
    boxes = [_boxes(arrows, column) for column in range(len(_COLUMNS))]
    words = [{name: _fitted(name, column) for name in names} for column, names in enumerate(boxes)]
    rows = max(len(column) for column in words)
    heights = rows_height([_highest(words)] * rows, 0.62, _SIZE)
    heading = wrapped_to(title(scenario), 0.98 * _WIDTH, TITLE_SIZE, bold=True)
    above = 0.5 + (heading.count("\n") + 1) * line_height(TITLE_SIZE)
    with matplotlib.rc_context(look() | {"font.size": _SIZE}):
        figure = Figure(figsize=(_WIDTH, max(2.8, heights) + above))
        figure.suptitle(heading, x=MARGIN, y=1 - 0.1 / figure.get_figheight(), ha="left",
                        va="top", fontsize=TITLE_SIZE, fontweight="bold")  # fmt: skip
        axes = figure.add_axes((0.01, 0.01, 0.98, 0.98 - above / figure.get_figheight() + 0.04))
        axes.set_axis_off()
        axes.set_xlim(-0.003, 1.003)
        axes.set_ylim(-0.02, 1.06)
        places = [_place(axes, column, names, rows) for column, names in enumerate(words)]
        _arrows(axes, arrows, places)
    return figure


def programmes(scenario: Scenario) -> list[Programme]:
    """Return the programmes of the map in its order: most money first."""
    funded = scenario.programmes
    names = dict.fromkeys(line.programme for line in sorted(
        scenario.funding, key=lambda line: -line.money_per_year))
    return [funded[name] for name in names]


def _fitted(name: str, column: int) -> str:
    """Return a name in the lines that its column's boxes are wide."""
    return wrapped_to(name, 0.98 * _WIDTH * _WIDTHS[column] - 0.16, _SIZE)


def _highest(words: list[dict[str, str]]) -> str:
    """Return the name with the most lines, and a line to spare: a box does not fill its row."""
    every = [each for column in words for each in column.values()]
    return max(every, key=lambda each: each.count("\n")) + "\n"


def _boxes(arrows: list[Link], column: int) -> list[str]:
    """Return the names in a column, in the order of the map."""
    names = [link.start for link in arrows if link.column == column]
    names += [link.end for link in arrows if link.column == column - 1]
    return list(dict.fromkeys(names))


def _place(axes: Axes, column: int, names: dict[str, str], rows: int) -> dict[str, float]:
    """Draw a column's heading and boxes; return where the middle of each is."""
    left, width = _PLACES[column], _WIDTHS[column]
    axes.text(left, 1.03, _COLUMNS[column], fontweight="bold", color=INK, va="center")
    middles = {}
    for number, (name, words) in enumerate(names.items()):
        middle = 1.0 - (number + 0.5) / len(names)
        height = 0.72 / rows
        axes.add_patch(FancyBboxPatch(
            (left, middle - height / 2), width, height,
            boxstyle="round,pad=0.0,rounding_size=0.006", facecolor="white", edgecolor=INK,
            linewidth=0.8, mutation_aspect=0.4, zorder=3))
        axes.text(left + 0.006, middle, words, va="center", color=INK, zorder=4, linespacing=1.05)
        middles[name] = middle
    return middles


def _arrows(axes: Axes, arrows: list[Link], places: list[dict[str, float]]) -> None:
    """Draw the arrows: grey where several programmes share one, else the programme's own style."""
    order = list(dict.fromkeys(link.programme for link in arrows))
    sharing: dict[tuple[int, str, str], list[str]] = {}
    for link in arrows:
        sharing.setdefault((link.column, link.start, link.end), []).append(link.programme)
    for (column, start, end), users in sharing.items():
        number = order.index(users[0])
        alone = len(users) == 1
        axes.annotate(
            "", xy=(_PLACES[column + 1], places[column + 1][end]),
            xytext=(_PLACES[column] + _WIDTHS[column], places[column][start]),
            arrowprops={
                "arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, "linewidth": 1.1,
                "color": STYLES[number % len(STYLES)].colour if alone else GREY,
                "linestyle": _DASHES[number // len(STYLES) % len(_DASHES)] if alone else "-",
            },
            zorder=2,
        )  # fmt: skip
