"""What a community sheet may not be: hard to read, full of jargon, or unkind to a place.

A sheet that breaks one of these rules is not made. What a person or a document is quoted with
(who challenged what, and why) is not judged for its style, but may name no place either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from vru_model.reporting.blocks import Block, Chart, Panel, Prose, Table, Terms
from vru_model.reporting.board.community.readability import LIMIT, LONGEST, banned_words, read
from vru_model.reporting.render import PaperError

QUOTED = frozenset({"Why", "What you said", "What we changed", "To"})
"""Columns of tables that hold the words of others."""
_MARKUP = re.compile(r"\[([^\]]*)\]\{[^}]*\}|\\(.)|[*`#]|^[-•]\s+|^\d+\.\s+", re.MULTILINE)


def sentences(blocks: Iterable[Block]) -> list[str]:
    """Return what a sheet says outside tables, without marks of Markdown."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Prose):
            found.append(_plain(block.text))
        elif isinstance(block, Terms):
            found += [_plain(each) for row in block.rows.items() for each in row]
        elif isinstance(block, Panel):
            found += [block.title, *sentences(block.content)]
        elif isinstance(block, Chart):
            found.append(block.caption)
    return [each for each in found if each.strip()]


def cells(blocks: Iterable[Block]) -> list[str]:
    """Return what the tables say in a sheet's own words: captions, headers and cells."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Panel):
            found += cells(block.content)
        elif isinstance(block, Table):
            found += [block.caption, *_own_cells(block)]
    return found


def everything(blocks: Iterable[Block]) -> str:
    """Return all that a reader may see or hear of a sheet, quotations and descriptions too."""
    found = []
    for block in blocks:
        found.append(_plain(block.markdown()))
        if isinstance(block, Chart):
            found += [block.alt, block.caption]
    return "\n".join(found)


def problems(blocks: Sequence[Block], places: Iterable[str]) -> list[str]:
    """Return everything for which a sheet is refused; an empty list where nothing is wrong.

    Parameters
    ----------
    places
        Names of authorities and neighbourhoods, which may not stand on the sheet.
    """
    found = []
    for what, told in (("text", sentences(blocks)), ("tables", cells(blocks))):
        reading = read(told)
        if reading.grade > LIMIT:
            hard = "; ".join(f"“{each}”" for each in reading.hardest)
            found.append(
                f"its {what} at grade {reading.grade:.1f}, above {LIMIT:g}; the hardest: {hard}"
            )
        found += [f"more than {LONGEST} words in a sentence: “{one}”" for one in reading.too_long]
        found += [f"a word of the trade: {word}" for word in banned_words("\n".join(told))]
    text = everything(blocks).casefold()
    found += [
        f"the name of a place: {place}"
        for place in dict.fromkeys(places)
        if re.search(rf"(?<!\w){re.escape(place.casefold())}(?!\w)", text)
    ]
    return found


def refuse(blocks: Sequence[Block], places: Iterable[str]) -> None:
    """Raise PaperError with everything for which the sheet is refused."""
    found = problems(blocks, places)
    if found:
        raise PaperError("the community sheet is refused:\n" + "\n".join(found))


def _own_cells(table: Table) -> list[str]:
    own = [column for column in table.frame.columns if column not in QUOTED]
    cells = [str(cell) for column in own for cell in table.frame[column]]
    # Cells of figures alone say nothing about how hard the words are.
    return [*map(str, own), *(cell for cell in cells if len(re.findall(r"[a-z]{2,}", cell)) > 2)]


def _plain(markdown: str) -> str:
    return _MARKUP.sub(lambda found: found[1] or found[2] or "", markdown)
