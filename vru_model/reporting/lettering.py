"""Words on charts: measured in the letters they are drawn in, so that none is cut off at an edge.

Nobody knows how long the name of a strategy will be. A title wraps at the width of its figure,
which grows with the lines; a label beside a line or a bar is wrapped too and, where it would push
the numbers out, shortened: the title and the table hold the whole name.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from matplotlib.transforms import Bbox

TITLE_SIZE = 12.0
LABEL_SIZE = 10.0
MARGIN = 0.01
"""Left of a title, as a share of the figure's width."""
_POINTS = 72  # in an inch
_MEASURED = 100  # points in which letters are measured
_SPARE = 1.03  # letters are drawn a little wider or narrower than measured, by whole dots
_LINE_HEIGHT = 1.2  # as a share of the size
_USUAL_LINES = 2  # of a title, for which a figure's height is meant
_BETWEEN = 0.06  # of a panel's width, between what panels hold and the next panel
_END_LABEL = 1.5  # inches beside the last point of a line
_NAME = 48  # characters of a name that a panel or an axis holds
_SQUARE = "\N{WHITE SQUARE}"
_TOLERANCE = 0.01  # inches, less than the width of a dot in print


def letters_width(text: str, bold: bool = False) -> float:
    """Return the width of one line of text in DejaVu Sans, in units of its size."""
    return sum(_advance(letter, bold) for letter in text)


def wrapped_to(text: str, width: float, size: float = LABEL_SIZE, bold: bool = False) -> str:
    """Return the text with line breaks, none of its lines wider than `width` (inches).

    It breaks between words, and within a word that is wider than a line. Signs that the letters do
    not have (an emoji, another script) are drawn as empty squares.
    """
    room = width * _POINTS / size / _SPARE
    lines: list[str] = []
    known = "".join(each if each.isspace() or _glyph(each, bold) else _SQUARE for each in text)
    for word in known.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and letters_width(joined, bold) <= room:
            lines[-1] = joined
        else:
            lines += _pieces(word, room, bold)
    return "\n".join(lines)


def shortened(text: str, characters: int = _NAME) -> str:
    """Return the text, or as many of its words as so many characters hold, and an ellipsis."""
    if len(text) <= characters:
        return text
    first = textwrap.wrap(text, characters - 1)[0]
    return f"{first.rstrip(' ,;:')}…"


def spoken(name: str) -> str:
    """Return a name as an axis or a panel's heading holds it: with blanks, not too long.

    Names of scenarios have no other letters than a to z.
    """
    return shortened(name.replace("_", " "))


def headed(title: str, width: float, height: float, size: float = TITLE_SIZE) -> Figure:
    """Return an empty figure under a title that wraps at its width.

    Parameters
    ----------
    title
        The chart's message.
    width, height
        Inches. The height is that of a figure with a title of up to two lines; each further line
        makes it taller, so that the numbers keep their room.
    """
    words = wrapped_to(title, width * (1 - 2 * MARGIN), size, bold=True)
    more = max(0, words.count("\n") + 1 - _USUAL_LINES)
    figure = Figure(figsize=(width, height + more * line_height(size)),
                    layout=ConstrainedLayoutEngine(wspace=_BETWEEN))  # fmt: skip
    figure.suptitle(words, x=MARGIN, ha="left", fontsize=size, fontweight="bold")
    return figure


def line_height(size: float = LABEL_SIZE) -> float:
    """Return the height of a line of text in inches."""
    return size * _LINE_HEIGHT / _POINTS


def rows_height(labels: Iterable[str], least: float, size: float = LABEL_SIZE) -> float:
    """Return the inches that as many rows as labels take, each as high as the highest of them."""
    lines = [label.count("\n") + 1 for label in labels]
    return len(lines) * max(least, max(lines, default=1) * line_height(size) + 0.06)


def name_ends(axes: Axes, ends: Mapping[str, tuple[float, float]], colours: Sequence[str]) -> None:
    """Name each line beside its last point (x, y), the names a line apart where points are close.

    `ends` has the names, as they are read; `colours` are theirs, in the same order.
    """
    words = {name: wrapped_to(spoken(name), _END_LABEL, LABEL_SIZE, bold=True) for name in ends}
    heights = {name: (text.count("\n") + 1) * LABEL_SIZE * 1.4 for name, text in words.items()}
    order = sorted(ends, key=lambda name: ends[name][1])
    low = -sum(heights.values()) / 2
    for name in order:
        axes.annotate(
            words[name], ends[name], xytext=(8, low + heights[name] / 2),
            textcoords="offset points", color=dict(zip(ends, colours, strict=True))[name],
            va="center", fontweight="bold", annotation_clip=False,
        )  # fmt: skip
        low += heights[name]


def legend_below(figure: Figure, source: Axes, columns: int, size: float = 9.0) -> None:
    """Put the legend of some axes below the figure's panels, its words wrapped to its columns."""
    handles, labels = source.get_legend_handles_labels()
    room = figure.get_figwidth() / columns - 0.7
    words = [wrapped_to(label, room, size) for label in labels]
    rows = [words[start : start + columns] for start in range(0, len(words), columns)]
    lines = sum(max(text.count("\n") + 1 for text in row) for row in rows)
    figure.set_figheight(figure.get_figheight() + max(0, lines - 1) * line_height(size))
    figure.legend(handles, words, loc="outside lower left", ncols=columns, frameon=False,
                  fontsize=size)  # fmt: skip


def canvas(figure: Figure) -> Bbox:
    """Return the part of the plane, in inches, that holds all of a figure: its page, if all fits.

    A picture is saved with it, so that whatever a chart draws beyond its page is still seen.
    """
    drawn, page = figure.get_tightbbox(_renderer(figure)), figure.bbox_inches
    fits = _holds(page.padded(_TOLERANCE), drawn)
    return page if fits else Bbox.union([page, drawn])


def outside(figure: Figure) -> list[str]:
    """Return what of a figure lies outside its page: its words, or "shapes" where they all fit."""
    if canvas(figure) == figure.bbox_inches:
        return []
    renderer, page = _renderer(figure), figure.bbox.padded(_TOLERANCE * figure.dpi)
    words = [
        text.get_text() for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip()
        and not _holds(page, text.get_window_extent(renderer))
    ]  # fmt: skip
    return words or ["shapes"]


def _holds(page: Bbox, drawn: Bbox) -> bool:
    return (page.x0 <= drawn.x0 and drawn.x1 <= page.x1
            and page.y0 <= drawn.y0 and drawn.y1 <= page.y1)  # fmt: skip


def _renderer(figure: Figure) -> Any:
    drawing = FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    return drawing.get_renderer()


def _pieces(word: str, room: float, bold: bool) -> list[str]:
    """Return a word in as many pieces as it takes lines: one, unless it is wider than a line."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and letters_width(pieces[-1] + letter, bold) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


@cache
def _advance(letter: str, bold: bool) -> float:
    glyph = _glyph(letter, bold) or _glyph(_SQUARE, bold)
    loaded = _font(bold).load_glyph(glyph, flags=LoadFlags.NO_HINTING)
    return loaded.linearHoriAdvance / 65536 / _MEASURED


def _glyph(letter: str, bold: bool) -> Any:
    """Return the number of the letter's glyph in DejaVu Sans; 0 where it has none."""
    return _font(bold).get_char_index(ord(letter))


@cache
def _font(bold: bool) -> FT2Font:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    font = FT2Font(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name))
    font.set_size(_MEASURED, _POINTS)
    return font
