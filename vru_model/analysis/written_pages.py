"""Pages of which the program writes some blocks, so that these cannot go stale.

A block stands between two markers that name it and the command that renews it. Everything else
on the page is written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

_BEGIN = "<!-- begin {0}: written by {1} -->"
_END = "<!-- end {0} -->"


def renewed(text: str, blocks: Mapping[str, str], command: str, page: str) -> str:
    """Return a page with its blocks rewritten.

    Parameters
    ----------
    text, page
        The page and what it is called in an error.
    blocks
        Name → Markdown of each block.
    command
        What renews the page, as its markers say.

    Raises
    ------
    ValueError
        Where the markers of a block do not stand on the page exactly once.
    """
    for name, block in blocks.items():
        begin, end = _BEGIN.format(name, command), _END.format(name)
        if text.count(begin) != 1 or text.count(end) != 1:
            raise ValueError(f"{page} must hold once: {begin} and {end}")
        before, rest = text.split(begin)
        text = f"{before}{begin}\n\n{block}\n\n{end}{rest.split(end)[1]}"
    return text


def write(pages: Mapping[Path, Callable[[str], str]]) -> list[Path]:
    """Renew pages in place and return them; each comes with what renews its text.

    All are renewed before the first is written, so that a fault leaves every page as it was.
    """
    texts = {page: renew(page.read_text("utf-8")) for page, renew in pages.items()}
    for page, text in texts.items():
        page.write_text(text, encoding="utf-8")
    return list(texts)
