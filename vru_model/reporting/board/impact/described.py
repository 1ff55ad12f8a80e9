"""The model in a page: a summary of its description (ODD), read from the page itself."""

from __future__ import annotations

import re

import pandas as pd

from vru_model import paths
from vru_model.reporting.blocks import Block, Prose, Table

PAGE = paths.ROOT / "docs" / "ODD.md"


def summary_blocks() -> list[Block]:
    """Return purpose, entities, schedule and limits, as the description of the model has them."""
    text = PAGE.read_text(encoding="utf-8")
    return [
        Prose(
            f"**Purpose.** {paragraph(text, 'Purpose')}\n\n**Scope.** {paragraph(text, 'Scope')}"
            f"\n\n**Scales.** {paragraph(text, 'Scales')}"
        ),
        _table_of(
            text, "phases", "schedule", ("phase", "title", "what it does"),
            "What happens in a month, in this order",
        ),
        _table_of(
            text, "switches", "loops", None,
            "Loops of the model that can be switched off, each to see what hangs on it",
        ),
        Prose(f"**What the model leaves out.**\n\n{section(text, 'What the model cannot know')}"),
    ]  # fmt: skip


def paragraph(text: str, name: str) -> str:
    """Return the paragraph that begins with a bold word; raise ValueError where there is none."""
    found = re.search(rf"^\*\*{name}\.\*\* (.+?)(?:\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"{PAGE.name} has no paragraph **{name}.**")
    return _plain(found[1])


def section(text: str, title: str) -> str:
    """Return what stands under a numbered heading; raise ValueError where there is none."""
    found = re.search(
        rf"^## \d+\. {re.escape(title)}\n+(.+?)(?:^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    if found is None:
        raise ValueError(f"{PAGE.name} has no section {title!r}")
    items = re.split(r"\n(?=- )", found[1].strip())
    return "\n".join(_plain(item) for item in items)


def _plain(markdown: str) -> str:
    """Return a paragraph on one line, links as their words."""
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", " ".join(markdown.split()))


def _table_of(
    text: str, block: str, name: str, columns: tuple[str, ...] | None, caption: str
) -> Table:
    """Return one of the page's written tables, some of its columns."""
    begin = re.search(rf"<!-- begin {block}:.*?-->(.+?)<!-- end {block} -->", text, re.DOTALL)
    if begin is None:
        raise ValueError(f"{PAGE.name} has no block {block!r}")
    lines = [line for line in begin[1].splitlines() if line.startswith("|")]
    cells = [[_cell(cell) for cell in line.strip("|").split("|")] for line in lines]
    frame = pd.DataFrame(cells[2:], columns=cells[0])
    chosen = frame if columns is None else frame[list(columns)]
    chosen = chosen.rename(columns=lambda column: column[:1].upper() + column[1:])
    return Table(
        name=f"model-{name}", caption=caption, frame=chosen,
        source="docs/ODD.md, written from the program",
        text_columns=tuple(chosen.columns[1:]),
    )  # fmt: skip


def _cell(text: str) -> str:
    return _plain(text.strip().replace("`", ""))
