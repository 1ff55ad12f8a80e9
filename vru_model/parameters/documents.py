"""YAML documents that remember on which line each value stands.

A document is read with the safe loader. Two things that YAML allows are refused, because a
reader would be misled: the same name twice in one mapping (YAML keeps the last, silently), and
aliases (a value changed in one place would change in another).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from vru_model.errors import InputError, Problem, nearest
from vru_model.paths import PARAMETERS

Location = tuple[str | int, ...]

_STANDARD_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = {_STANDARD_TAG + name for name in
               ("map", "seq", "str", "int", "float", "bool", "null", "timestamp")}


@dataclass(frozen=True)
class Document:
    """The content of one file and the lines on which it stands.

    Parameters
    ----------
    file
        The path as it is shown to the user.
    data
        The content in plain Python: mappings, lists, text, numbers, yes or no.
    lines
        The line, counted from 1, of each location, such as ``("acting", "beta_0", "value")``.
    problems
        What is wrong with the text itself: names given twice, aliases.
    """

    file: str
    data: Any
    lines: dict[Location, int]
    problems: tuple[Problem, ...] = ()

    def line(self, location: Location) -> int | None:
        """Return the line of a location, or of the nearest place that contains it."""
        for length in range(len(location), -1, -1):
            if (found := self.lines.get(tuple(location[:length]))) is not None:
                return found
        return None

    def problem(self, location: Location, given: object, allowed: str, hint: str = "") -> Problem:
        """Return a problem at this location."""
        name = ".".join(str(part) for part in location)
        return Problem(self.file, self.line(location), name, _in_words(given), allowed, hint)


def read_document(path: str | Path) -> Document:
    """Read one YAML file.

    Raises
    ------
    InputError
        When the file cannot be read, is not YAML, or is empty. What is only doubtful in it
        (names given twice) stands in ``Document.problems``, so that it can be told together
        with everything else that is wrong.
    """
    file = shown(path)
    try:
        return parse_document(Path(path).read_text(encoding="utf-8"), file)
    except OSError as error:
        given = error.strerror or type(error).__name__
        raise InputError([Problem(file, None, "", given, "a file that can be read")]) from None
    except UnicodeDecodeError as error:
        given = f"bytes that are not UTF-8 at position {error.start}"
        raise InputError([Problem(file, None, "", given, "text saved as UTF-8")]) from None


def parse_document(text: str, file: str) -> Document:
    """Return the document that this text holds; ``file`` is the name shown in messages."""
    try:
        loader = yaml.SafeLoader(text)
    except yaml.reader.ReaderError as error:
        raise InputError([_no_text(error, text, file)]) from None
    try:
        node = loader.get_single_node()
        reader = _Reader(loader, file)
        data = reader.read(node, ()) if node is not None else None
    except yaml.YAMLError as error:
        raise InputError([_syntax_problem(error, file)]) from None
    finally:
        loader.dispose()
    if data is None:
        raise InputError([Problem(file, None, "", "an empty file", "a YAML document")])
    return Document(file, data, reader.lines, tuple(reader.problems))


def built_in(kind: str, name: str) -> Path:
    """Return the path of a built-in document, ``parameters/KIND/NAME.yaml``.

    Raises
    ------
    InputError
        When there is none of that name; the nearest name is offered.
    """
    return built_in_of((kind,), name)


def built_in_of(kinds: Iterable[str], name: str) -> Path:
    """Return the path of a built-in document of one of several kinds; raise like ``built_in``.

    A name that leads to a file or folder is refused as what it is.
    """
    kinds = tuple(kinds)
    for kind in kinds:
        if name in built_in_names(kind):
            return PARAMETERS / kind / f"{name}.yaml"
    names = sorted(each for kind in kinds for each in built_in_names(kind))
    kind = kinds[0].removesuffix("s")
    if (path := _path_problem(kind, name, names)) is not None:
        raise InputError([path])
    problem = Problem(None, None, kind, repr(name), ", ".join(names) or "none yet",
                      nearest(name, names))
    raise InputError([problem])


def _path_problem(kind: str, text: str, names: list[str]) -> Problem | None:
    """Return why a path is no document of a kind; None where the text is no path."""
    path = Path(text)
    own, hint = path / f"{kind}.yaml", ""
    if text and path.is_dir():
        given = f"a folder, not a {kind}"
        hint = f"did you mean {own.as_posix()!r}?" if own.is_file() else ""
    elif path.is_file():
        given = f"a file, but not a {kind} (.yaml)"
    elif path.suffix or len(path.parts) > 1:
        given, hint = "a file that does not exist", nearest(path.stem, names)
    else:
        return None
    return Problem(text, None, "", given, f"a file that ends in .yaml, or the name of a {kind} "
                   "that is built in", hint)  # fmt: skip


def built_in_names(kind: str) -> list[str]:
    """Return the names of the built-in documents of a kind (a folder in ``parameters/``)."""
    return sorted(path.stem for path in (PARAMETERS / kind).glob("*.yaml"))


def shown(path: str | Path) -> str:
    """Return the path as a user would type it: relative to the working folder where it can be."""
    path = Path(path)
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


class _Reader:
    """Turns YAML nodes into plain Python, keeping lines."""

    def __init__(self, loader: yaml.SafeLoader, file: str) -> None:
        self.loader = loader
        self.file = file
        self.lines: dict[Location, int] = {}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def read(self, node: yaml.Node, location: Location) -> Any:
        """Return the content of a node. An alias is a node met twice."""
        self.lines.setdefault(location, node.start_mark.line + 1)
        if id(node) in self._seen:
            self._note(node, location, "an alias (*name)", "the value written out")
            return None
        self._seen.add(id(node))
        if node.tag not in _PLAIN_TAGS:
            self._note(node, location, f"the tag {node.tag.removeprefix(_STANDARD_TAG)}",
                       "plain values, without tags")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, location)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*location, i)) for i, item in enumerate(node.value)]
        return self.loader.construct_object(node)

    def _mapping(self, node: yaml.MappingNode, location: Location) -> dict[Any, Any]:
        content: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            # Names are taken as written: "10-12" and 1 and yes are names here, not values.
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else str(key_node.tag)
            here = (*location, key)
            if key in content:
                self._note(key_node, here, "the same name twice", "each name once")
                continue
            self.lines[here] = key_node.start_mark.line + 1
            content[key] = self.read(value_node, here)
        return content

    def _note(self, node: yaml.Node, location: Location, given: str, allowed: str) -> None:
        name = ".".join(str(part) for part in location)
        line = node.start_mark.line + 1
        self.problems.append(Problem(self.file, line, name, given, allowed))


def _syntax_problem(error: yaml.YAMLError, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line = None if mark is None else mark.line + 1
    given = getattr(error, "problem", None) or str(error)
    return Problem(file, line, "", str(given), "YAML", "look at this line and the one before it")


def _no_text(error: yaml.reader.ReaderError, text: str, file: str) -> Problem:
    """Return where a sign stands that no text holds, as comes with pasting from a document."""
    sign = error.character if isinstance(error.character, int) else ord(str(error.character))
    line = text.count("\n", 0, error.position) + 1
    return Problem(file, line, "", f"the control character {sign:#04x}", "text",
                   "delete it; it may not be seen")  # fmt: skip


def _in_words(value: object) -> str:
    """Return what was given, short enough for a one-line message."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = value if isinstance(value, _Words) else repr(value)
    return text if len(text) <= 70 else f"{text[:67]}..."


class _Words(str):
    """Words to be shown as they are, without quotation marks."""


NOTHING = _Words("nothing")


def words(text: str) -> str:
    """Return text that a problem shows as it is (other text is shown in quotation marks)."""
    return _Words(text)
