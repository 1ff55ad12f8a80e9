"""The decision box in Word: in the largest type in which it keeps to one page.

Word sets a document when it is opened, so that nobody knows here where its lines will break. They
are counted in DejaVu, the widest of the letters that take Arial's place where it is not installed:
what fits in DejaVu fits in Arial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise, takewhile
from typing import Any

from docx.document import Document as DocumentType
from docx.oxml.ns import qn
from docx.shared import Length, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from vru_model.reporting.lettering import letters_width

SIZES = (9.0, 8.5, 8.0, 7.5)
"""Points, best first. Below 7.5 nobody reads it; it may then run on."""
_BOX = "Panel decision"
_LINE_HEIGHT = 1.17  # of DejaVu, as a share of its size
_SPARE = 1.03  # lines break a little earlier or later than counted
CLOSE = 15
"""Above and below the words of a table's cell in a panel, in twentieths of a point."""
_CELL_SIDES, _RULE = 7.0, 0.5  # points at the sides of a cell's words, and of the rule below it


def fit_decision(document: DocumentType) -> None:
    """Set the decision box in the largest type in which it ends on the page where it begins.

    Where none does, it begins a page of its own, in the largest type in which that holds it.
    """
    blocks = [*document.iter_inner_content()]
    start = next((n for n, pair in enumerate(pairwise(blocks)) if _begins_box(*pair)), None)
    if start is None:
        return
    box = [*takewhile(lambda each: _name(each) != "Panel End", blocks[start:])]
    section = document.sections[0]
    page = _points(section.page_height, section.top_margin, section.bottom_margin)
    width = _points(section.page_width, section.left_margin, section.right_margin)
    above = _SPARE * _height(blocks[:start], width, None)
    heights = {size: _SPARE * _height(box, width, size) for size in SIZES}
    here = [size for size in SIZES if above + heights[size] < page]
    alone = [size for size in SIZES if heights[size] < page]
    size = (here or alone or SIZES[-1:])[0]
    heading = blocks[start]
    if not here and alone and isinstance(heading, Paragraph):
        heading.paragraph_format.page_break_before = True
    _set(document, box, size)


def _begins_box(block: Any, following: Any) -> bool:
    """Whether a block begins the decision box: its heading, which keeps a heading's style."""
    return _name(block).startswith("Heading") and _name(following).startswith(_BOX)


def _name(block: Any) -> str:
    return str(block.style.name) if isinstance(block, Paragraph) and block.style else ""


def _points(whole: Length | None, *less: Length | None) -> float:
    return (whole or Pt(0)).pt - sum((each or Pt(0)).pt for each in less)


def _set(document: DocumentType, box: Iterable[Any], size: float) -> None:
    for style in document.styles:
        if style.name and style.name.startswith(_BOX) and not style.name.endswith("Source"):
            style.font.size = Pt(size)
    for block in box:
        if isinstance(block, Table):
            for run in block._tbl.iter(qn("w:r")):
                for mark in run.rPr.xpath("w:sz | w:szCs"):
                    mark.set(qn("w:val"), str(round(2 * min(size, 8.5))))


def _height(blocks: Iterable[Any], width: float, size: float | None) -> float:
    """Return the height of blocks in points; those of the box in type of a size."""
    total = 0.0
    for block in blocks:
        if isinstance(block, Table):
            total += _table_height(block, min(size or 8.5, 8.5))
        else:
            total += _paragraph_height(block, width, size)
    return total


def _paragraph_height(paragraph: Paragraph, width: float, size: float | None) -> float:
    def of(field: str) -> float:
        found = _inherited(paragraph, lambda holder: getattr(holder.paragraph_format, field))
        return found.pt if isinstance(found, Length) else found or 0.0

    own = _inherited(paragraph, lambda holder: holder.font.size, own=False)
    points = own.pt if own else 10.0
    if size is not None and _name(paragraph).startswith(_BOX):
        points = points if _name(paragraph).endswith("Source") else size
    room = width - of("left_indent") - of("right_indent")
    words = paragraph.text.rpartition("\t")[2]  # a term hangs in the margin
    lines = _lines(words, room, points, bold=_name(paragraph).startswith(("Heading", "Title")))
    spacing = of("line_spacing") or 1.0
    return lines * points * _LINE_HEIGHT * spacing + of("space_before") + of("space_after")


def _inherited(paragraph: Paragraph, field: Callable[[Any], Any], own: bool = True) -> Any:
    """Return what a paragraph says, or else its style, or the one that this is based on."""
    holder: Any = paragraph if own else paragraph.style
    while holder is not None:
        found = field(holder)
        if found is not None:
            return found
        holder = holder.style if holder is paragraph else holder.base_style
    return None


def _table_height(table: Table, size: float) -> float:
    widths = [int(each.get(qn("w:w"))) / 20 for each in table._tbl.tblGrid.gridCol_lst]
    total = 0.0
    for number, row in enumerate(table._tbl.tr_lst):
        cells = zip((_Cell(each, table).text for each in row.tc_lst), widths, strict=False)
        lines = max(
            _lines(text, width - _CELL_SIDES, size, bold=number == 0) for text, width in cells
        )
        total += lines * size * _LINE_HEIGHT + 2 * CLOSE / 20 + _RULE
    return total


def _lines(text: str, room: float, size: float, bold: bool) -> int:
    """Return how many lines a text takes in a column, breaking between words."""
    lines, used, space = 1, 0.0, letters_width(" ", bold) * size
    for word in text.split():
        wide = letters_width(word, bold) * size
        if used and used + space + wide > room:
            lines, used = lines + 1, 0.0
        used += wide + (space if used else 0.0)
        while used > room > 0:
            lines, used = lines + 1, used - room
    return lines
