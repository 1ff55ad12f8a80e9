"""What can be checked by machine of WCAG 2.2 AA in a finished paper, so that a breach is refused.

It reads the structure alone: language, title, landmarks, headings, pictures, tables and anything
that would be fetched from elsewhere. It does not replace a reader with a screen reader.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from vru_model.reporting.formats.source import EMPTY_WORDS

_FETCHING = {"src": None, "srcset": None, "poster": None, "data": {"object"}, "href": {"link"}}


class _Reader(HTMLParser):
    """Walk the page once and note what breaks a rule."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.seen: dict[str, int] = {}
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.level = 0
        self.title = ""
        self._in_title = False
        self._captioned = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        given = {name: value or "" for name, value in attrs}
        self.seen[tag] = self.seen.get(tag, 0) + 1
        self._in_title = tag == "title"
        self._identifier(given)
        self._fetched(tag, given)
        if tag == "html" and not given.get("lang"):
            self.problems.append("the page has no language")
        if re.fullmatch("h[1-6]", tag):
            self._heading(int(tag[1]))
        if tag == "img" and not given.get("alt", "").strip():
            self.problems.append(f"a picture has no alternative text: {given.get('src', '')[:60]}")
        if tag == "th" and given.get("scope") not in ("col", "row"):
            self.problems.append("a table header does not say what it heads (scope)")
        if tag == "a":
            self.links.append(given.get("href", ""))
        self._table(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave the title."""
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        """Keep the title's words."""
        if self._in_title:
            self.title += data

    def _identifier(self, given: dict[str, str]) -> None:
        name = given.get("id")
        if name in self.ids:
            self.problems.append(f"two elements have the id {name!r}")
        if name:
            self.ids.add(name)

    def _fetched(self, tag: str, given: dict[str, str]) -> None:
        for name, only in _FETCHING.items():
            value = given.get(name, "")
            if value and (only is None or tag in only) and not value.startswith("data:"):
                self.problems.append(f"<{tag}> would fetch {value[:80]}")

    def _heading(self, level: int) -> None:
        if level > self.level + 1:
            self.problems.append(f"a heading of level {level} follows one of level {self.level}")
        self.level = level

    def _table(self, tag: str) -> None:
        if not self._captioned and tag != "caption":
            self.problems.append("a table has no caption")
        self._captioned = tag != "table"


def problems(page: str) -> list[str]:
    """Return what is wrong with an HTML page, in words; an empty list where nothing is."""
    reader = _Reader()
    reader.feed(page)
    found = list(reader.problems)
    if reader.seen.get("h1", 0) != 1:
        found.append(f"the page has {reader.seen.get('h1', 0)} headings of level 1, not one")
    if reader.seen.get("main", 0) != 1:
        found.append("the page has no main landmark, or several")
    if not reader.title.strip():
        found.append("the page has no title")
    if EMPTY_WORDS in page:
        found.append(f"the page says {EMPTY_WORDS!r}")
    if re.search(r"url\((?!['\"]?data:)|@import", page):
        found.append("a style would fetch something from elsewhere")
    broken = [link for link in reader.links if link.startswith("#") and link[1:] not in reader.ids]
    found += [f"a link leads to nothing: {link}" for link in broken]
    return found
