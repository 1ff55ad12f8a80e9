"""What can be checked by machine of PDF/UA-1 in a finished PDF, so that a breach is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf

from vru_model.reporting.formats.source import EMPTY_WORDS

LANGUAGE = "en-GB"
_HEADINGS = tuple(f"H{level}" for level in range(1, 7))
_A4 = (595.3, 841.9)  # points


@dataclass(frozen=True)
class Tag:
    """An element of a PDF's structure: its role, its description, what stands below it."""

    role: str
    alt: str = ""
    children: list[Tag] = field(default_factory=list)

    def all(self, *roles: str) -> list[Tag]:
        """Return the elements of these roles at and below this one, in reading order."""
        return [tag for tag in self._walk() if tag.role in roles]

    def _walk(self) -> Iterator[Tag]:
        yield self
        for child in self.children:
            yield from child._walk()


def tags(made: bytes) -> Tag:
    """Return the structure of a PDF; a root without children where it has none."""
    with pikepdf.open(BytesIO(made)) as pdf:
        tree = pdf.Root.get("/StructTreeRoot")
        return Tag("Root", children=[] if tree is None else list(_below(tree.get("/K"))))


def _below(node: Any) -> Iterator[Tag]:
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from _below(each)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        alt = str(node.get("/Alt", ""))
        yield Tag(str(node["/S"]).lstrip("/"), alt, list(_below(node.get("/K"))))


def pages(made: bytes) -> int:
    """Return how many pages a PDF has."""
    with pikepdf.open(BytesIO(made)) as pdf:
        return len(pdf.pages)


def problems(made: bytes) -> list[str]:
    """Return what is wrong with a PDF, in words; an empty list where nothing is."""
    return [*_of_the_file(made), *_of_the_tags(tags(made))]


def _of_the_file(made: bytes) -> Iterator[str]:
    with pikepdf.open(BytesIO(made)) as pdf:
        root: Any = pdf.Root
        if str(root.get("/Lang", "")) != LANGUAGE:
            yield f"its language is {root.get('/Lang', 'not given')}, not {LANGUAGE}"
        if not bool(_within(root, "/MarkInfo", "/Marked")):
            yield "it is not tagged"
        if not bool(_within(root, "/ViewerPreferences", "/DisplayDocTitle")):
            yield "a viewer would show its file name instead of its title"
        with pdf.open_metadata() as metadata:
            if metadata.get("pdfuaid:part") != "1":
                yield "it does not claim PDF/UA-1"
            if not str(metadata.get("dc:title") or "").strip():
                yield "it has no title"
        for number, page in enumerate(pdf.pages, 1):
            size = sorted(float(value) for value in page.mediabox[2:])
            if any(abs(got - wanted) > 1 for got, wanted in zip(size, _A4, strict=True)):
                yield f"page {number} is not A4"


def _within(root: Any, name: str, key: str) -> Any:
    return root[name].get(key, False) if name in root else False


def _of_the_tags(root: Tag) -> Iterator[str]:
    headings = [tag.role for tag in root.all(*_HEADINGS)]
    if headings.count("H1") != 1:
        yield f"it has {headings.count('H1')} headings of level 1, not one"
    for above, below in zip(["H0", *headings], headings, strict=False):
        if int(below[1]) > int(above[1]) + 1:
            yield f"a heading of level {below[1]} follows one of level {above[1]}"
    for figure in root.all("Figure"):
        if not figure.alt.strip():
            yield "a picture has no alternative text"
        if EMPTY_WORDS in figure.alt:
            yield f"a picture says {EMPTY_WORDS!r}"
    for table in root.all("Table"):
        rows = table.all("TR")
        if not rows or not rows[0].all("TH"):
            yield "a table has no header row"
        elif len({len(row.all("TH", "TD")) for row in rows}) != 1:
            yield "a table has rows of different lengths"
