"""Blocks of a report as HTML, for pages that are made of nothing but HTML."""

from __future__ import annotations

from collections.abc import Iterable

from vru_model.reporting.blocks import Block, plain


def shown(blocks: Iterable[Block]) -> str:
    """Return blocks as HTML, one after the other."""
    return "\n".join(block_html(each) for each in blocks)


def block_html(block: Block) -> str:
    """Return a block as HTML, paragraphs, headings and lists included."""
    shown = block.html()
    if shown is not None:
        return shown
    text = block.markdown()
    if text.startswith("#"):
        level = len(text) - len(text.lstrip("#"))
        return f"<h{level}>{plain(text[level + 1:])}</h{level}>"
    if text.startswith("- "):
        items = "".join(f"<li>{plain(line[2:])}</li>" for line in text.splitlines())
        return f"<ul>{items}</ul>"
    return f"<p>{plain(text)}</p>"
