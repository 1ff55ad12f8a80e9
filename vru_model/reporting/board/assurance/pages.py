"""The pages of ``docs/assurance`` as tables, so that the pack shows what is signed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from vru_model import paths
from vru_model.reporting.words import sentence_case

FOLDER = paths.ROOT / "docs" / "assurance"
_HEADING = re.compile(r"^#{2,3} (.+)$")
_RULE = re.compile(r"^\|[\s:|-]+\|$")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_CELL_END = re.compile(r"(?<!\\)\|")


class PageTable(NamedTuple):
    """A table of a page: the heading above it, and its cells without marks of Markdown."""

    heading: str
    frame: pd.DataFrame


@lru_cache(maxsize=16)
def text_of(page: str) -> str:
    """Return a page of ``docs/assurance``."""
    return (FOLDER / page).read_text(encoding="utf-8")


def tables_of(page: str) -> list[PageTable]:
    """Return the tables of a page of ``docs/assurance`` in order."""
    return parsed(text_of(page))


def parsed(text: str) -> list[PageTable]:
    """Return the pipe tables of a Markdown text, each with the heading above it."""
    found: list[PageTable] = []
    heading, head, rows = "", [], []  # type: str, list[str], list[list[str]]
    for line in [*text.splitlines(), ""]:
        named = _HEADING.match(line)
        if line.startswith("|"):
            if not head:
                head = _cells(line)
            elif not _RULE.match(line):
                rows.append(_cells(line))
            continue
        if head:
            columns = [sentence_case(name) for name in head]
            found.append(PageTable(heading, pd.DataFrame(rows, columns=columns)))
            head, rows = [], []
        if named:
            heading = named[1]
    return found


def plain(markdown: str) -> str:
    """Return a line of Markdown without links, code marks and stars."""
    text = _LINK.sub(r"\1", markdown).replace("`", "").replace("**", "").replace("\\|", "|")
    return re.sub(r"(?<!\w)\*([^*]+)\*(?!\w)", r"\1", text).strip()


def missing_of(page: str) -> list[tuple[str, str]]:
    """Return the headings of a page with what each says is missing."""
    parts = re.split(r"^## ", text_of(page), flags=re.MULTILINE)[1:]
    found = []
    for part in parts:
        heading, _, body = part.partition("\n")
        said = re.search(r"\*Missing:\*\s+(.+?)(?:\n\n|\Z)", body, re.DOTALL)
        name = re.sub(r"^\d+\. ", "", plain(heading))
        found.append((name, plain(" ".join(said[1].split())) if said else ""))
    return found


def _cells(line: str) -> list[str]:
    return [plain(cell) for cell in _CELL_END.split(line.strip()[1:-1])]
