"""The map of the model: its loops as a diagram, and what acts on what as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text

from vru_model.parameters.switches import SWITCHES
from vru_model.reporting.blocks import Block, Chart, Table
from vru_model.reporting.board.assurance.pages import tables_of
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.charts import GREY, INK, STYLES, look, png
from vru_model.reporting.lettering import TITLE_SIZE, wrapped_to
from vru_model.reporting.register import theory_of_change
from vru_model.reporting.words import in_words, sentence_case, slug

PAGE = "model_map.md"
TITLE = "Violence feeds itself within months through grievance, and over decades through childhood"


class Arrow(NamedTuple):
    """What acts on what: after how long, under which switch ("" for none), and how it bends."""

    start: str
    end: str
    pace: str
    switch: str = ""
    bend: float = 0.12


BOXES: Mapping[str, tuple[float, float]] = {
    "Violent acts": (0.50, 0.54), "People hurt, witnesses": (0.84, 0.54),
    "Grievance": (0.67, 0.90), "Post-traumatic stress": (0.74, 0.20),
    "Peers’ norms": (0.41, 0.93), "Fear, collective efficacy": (0.52, -0.02),
    "Exclusion, out of work": (0.12, 0.54), "Self-regulation": (0.12, 0.20),
    "ACEs of children": (0.33, 0.08), "Records, charges, custody": (0.10, 0.86),
}  # fmt: skip
ARROWS = (
    Arrow("Violent acts", "People hurt, witnesses", "at once", bend=0.0),
    Arrow("People hurt, witnesses", "Grievance", "at once", "retaliation"),
    Arrow("Grievance", "Violent acts", "months", "retaliation"),
    Arrow("People hurt, witnesses", "Post-traumatic stress", "months", "trauma", -0.12),
    Arrow("Post-traumatic stress", "Violent acts", "months", "trauma", -0.12),
    Arrow("Violent acts", "Peers’ norms", "months", "peers", 0.2),
    Arrow("Peers’ norms", "Violent acts", "months", "peers", 0.2),
    Arrow("Violent acts", "Fear, collective efficacy", "months", "fear_and_efficacy", -0.35),
    Arrow("Fear, collective efficacy", "Violent acts", "months", "fear_and_efficacy", -0.35),
    Arrow("Violent acts", "ACEs of children", "years", "intergenerational_ace", 0.1),
    Arrow("ACEs of children", "Self-regulation", "years"),
    Arrow("Self-regulation", "Exclusion, out of work", "years", bend=0.0),
    Arrow("Exclusion, out of work", "Violent acts", "years", "exclusion", 0.0),
    Arrow("Self-regulation", "Violent acts", "years"),
    Arrow("Violent acts", "Records, charges, custody", "months", bend=0.12),
    Arrow("Records, charges, custody", "Violent acts", "months", "incapacitation"),
)
_PACES = {"at once": STYLES[3], "months": STYLES[0], "years": STYLES[2]}
_DASHES = {"at once": ":", "months": "--", "years": "-."}
_SIZE = (9.2, 5.6)  # inches
_PLACE = (0.01, 0.01, 0.98, 0.9)  # of the diagram in the figure, as shares of it
_LOWEST = -0.12
_SMALL = 7.0  # points


def blocks(case: BoardCase) -> list[Block]:
    """Return the loops, the tables of what acts on what, and the strategy's theory of change."""
    loops = Chart(
        name="assurance-loops",
        png=png(draw()),
        alt=alternative_text(),
        caption="The loops of the model; the words at an arrow are the switch that cuts it. Two "
        f"switches are no loop of this kind and are not drawn: {uncut()}",
        source=f"docs/assurance/{PAGE}, vru_model/parameters/switches.py",
    )
    change = Chart(
        name="assurance-theory-of-change",
        png=png(theory_of_change.draw(case.strategy)),
        alt=f"{theory_of_change.alternative_text(case.strategy)} The table says the same.",
        caption="From programmes to what they change and where that is seen",
        source=f"parameters/programmes, the strategy {case.strategy.name}",
    )
    table = theory_of_change.table(case.strategy)
    words = Table(
        name="assurance-theory-of-change-table",
        caption="The same in words",
        frame=table,
        source=f"parameters/programmes, the strategy {case.strategy.name}",
        text_columns=list(table.columns)[1:],
    )
    return [loops, *_tables(), change, words]


def alternative_text() -> str:
    """Return the loops in words."""
    told = [
        f"{arrow.start} to {arrow.end} ({arrow.pace}"
        + (f", switch {arrow.switch})" if arrow.switch else ")")
        for arrow in ARROWS
    ]
    return (
        f"A diagram of {len(BOXES)} boxes and {len(ARROWS)} arrows, each line style a pace. "
        f"{'; '.join(told)}. The tables that follow hold every arrow of the model."
    )


def draw() -> Figure:
    """Return the diagram of the loops."""
    with matplotlib.rc_context(look() | {"font.size": 9.0}):
        figure = Figure(figsize=_SIZE)
        figure.suptitle(wrapped_to(TITLE, 9.0, TITLE_SIZE, bold=True), x=0.01, y=0.99, ha="left",
                        va="top", fontsize=TITLE_SIZE, fontweight="bold")  # fmt: skip
        axes = figure.add_axes(_PLACE)
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(_LOWEST, 1.0)
        boxes = {
            name: axes.text(x, y, name.replace(", ", ",\n"), ha="center", va="center", color=INK,
                            bbox={"boxstyle": "round,pad=0.45", "fc": "white", "ec": GREY})
            for name, (x, y) in BOXES.items()
        }  # fmt: skip
        for arrow in ARROWS:
            _arrow(axes, arrow, boxes)
        _key(axes)
    return figure


def _arrow(axes: Axes, arrow: Arrow, boxes: Mapping[str, Text]) -> None:
    """Draw an arrow from the edge of one box to the edge of another, and name its switch."""
    start, end = boxes[arrow.start], boxes[arrow.end]
    style = _PACES[arrow.pace]
    axes.add_patch(FancyArrowPatch(
        start.get_position(), end.get_position(), arrowstyle="-|>", mutation_scale=13,
        patchA=start.get_bbox_patch(), patchB=end.get_bbox_patch(), shrinkA=1, shrinkB=1,
        connectionstyle=f"arc3,rad={arrow.bend}", color=style.colour, linewidth=1.6,
        linestyle=_DASHES[arrow.pace],
        zorder=start.get_zorder() + 1,  # boxes know their edges only once they are drawn
    ))  # fmt: skip
    if arrow.switch:
        words = wrapped_to(arrow.switch.replace("_", " "), 0.9, _SMALL)
        axes.text(*middle(arrow), words, fontsize=_SMALL, ha="center", va="center",
                  color=style.colour, zorder=start.get_zorder() + 2,
                  bbox={"fc": "white", "ec": "none", "pad": 0.6})  # fmt: skip


def middle(arrow: Arrow) -> tuple[float, float]:
    """Return the middle of an arrow's arc: half of the bend, at a right angle to its line."""
    (x0, y0), (x1, y1) = BOXES[arrow.start], BOXES[arrow.end]
    # The bend is of inches on the page, of which the diagram has fewer upward than across.
    taller = _SIZE[1] * _PLACE[3] / (1.0 - _LOWEST) / (_SIZE[0] * _PLACE[2])
    return ((x0 + x1) / 2 + arrow.bend * (y1 - y0) * taller / 2,
            (y0 + y1) / 2 - arrow.bend * (x1 - x0) / taller / 2)


def _key(axes: Axes) -> None:
    for place, (pace, style) in enumerate(_PACES.items()):
        x, y = 0.74, 0.06 - 0.055 * place
        axes.plot([x, x + 0.06], [y, y], color=style.colour, linestyle=_DASHES[pace], linewidth=2)
        axes.text(x + 0.075, y, f"acts {pace if pace == 'at once' else 'within ' + pace}",
                  va="center", color=INK)  # fmt: skip


def _tables() -> list[Block]:
    found = []
    for heading, frame in tables_of(PAGE):
        found.append(Table(
            name=f"map-{slug(heading)}",
            caption=sentence_case(heading),
            frame=frame,
            source=f"docs/assurance/{PAGE}",
            text_columns=list(frame.columns)[1:],
        ))  # fmt: skip
    return [*found]


def uncut() -> str:
    """Return the switches that no arrow of the diagram names, in words."""
    drawn = {arrow.switch for arrow in ARROWS}
    return in_words([name for name in SWITCHES if name not in drawn])
