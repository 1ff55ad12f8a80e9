"""Changing single values of a document's text, so that comments and layout stay as people wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from vru_model.parameters.documents import Document, Location, read_document

_ENTRY = re.compile(r"^(?P<head>\s*(?:- )?[A-Za-z_]+:\s*)(?P<value>[^#\n]*?)(?P<tail>\s*(?:#.*)?)$")


def rewritten(text: str, document: Document, values: Mapping[Location, str]) -> str:
    """Return a document's text with some values on their own lines replaced or added.

    Parameters
    ----------
    text
        The text that the document was read from.
    document
        The document: it says on which line each value stands.
    values
        Location → the new value as it is to be written. A name that is not there yet is added
        after the last line of its mapping.

    Raises
    ------
    ValueError
        Where a value does not stand on one line of its own.
    """
    lines = text.split("\n")
    for where, value in sorted(values.items(), key=lambda item: -_line(document, item[0])):
        line = _line(document, where)
        if where not in document.lines:
            first = lines[document.lines[where[:-1]] - 1]
            indent = len(first) - len(first.lstrip(" -"))
            lines.insert(line, f"{' ' * indent}{where[-1]}: {value}")
            continue
        entry = _ENTRY.match(lines[line - 1])
        if entry is None or entry["value"].startswith((">", "|")):
            raise ValueError(f"{document.file}:{line}: not a value on a line of its own")
        lines[line - 1] = f"{entry['head']}{value}{entry['tail']}"
    return "\n".join(lines)


def _line(document: Document, where: Location) -> int:
    """Return the line of a value, or of the last single line of the mapping it is added to."""
    if where in document.lines:
        return document.lines[where]
    inside = [line for location, line in document.lines.items()
              if location[: len(where) - 1] == where[:-1] and len(location) == len(where)]
    return max(inside)


def rewrite(path: Path, values: Mapping[Location, str]) -> None:
    """Replace or add some values in a file, as :func:`rewritten` does."""
    text = path.read_text("utf-8")
    path.write_text(rewritten(text, read_document(path), values), "utf-8")
