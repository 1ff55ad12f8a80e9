"""What the four documents share: reading, problems with their lines, one error for everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from vru_model.errors import InputError, Problem
from vru_model.parameters.documents import Document, Location, read_document
from vru_model.parameters.schema import Schema, validate
from vru_model.paths import PARAMETERS

Part = TypeVar("Part", bound=Schema)

FINANCIAL_YEAR = r"^\d{4}/\d{2}$"


class Fault(NamedTuple):
    """Something wrong in a document that reads well: where, what was given, what is allowed."""

    location: Location
    given: object
    allowed: str
    hint: str = ""


def read_account(
    schema: type[Part], document: Document, faults: Callable[[Part], Iterable[Fault]]
) -> tuple[Part | None, list[Problem]]:
    """Return what a document holds, and everything wrong with it, by line.

    `faults` finds what no single field shows: shares that do not add up, unknown names.
    """
    content, problems = validate(schema, document)
    problems = [*document.problems, *problems]
    if content is not None:
        problems += [document.problem(*fault) for fault in faults(content)]
    return content, sorted(problems, key=lambda problem: problem.line or 0)


def load_account(
    schema: type[Part],
    name: str,
    faults: Callable[[Part], Iterable[Fault]],
    path: str | Path | None = None,
) -> Part:
    """Return a document, the built-in one of this name unless a path is given.

    Raises
    ------
    InputError
        Listing everything that is wrong with it.
    """
    file = PARAMETERS / f"{name}.yaml" if path is None else Path(path)
    changed = file.stat().st_mtime_ns if file.is_file() else None
    return _read(schema, file, faults, changed)


@lru_cache(maxsize=16)
def _read(
    schema: type[Part], file: Path, faults: Callable[[Part], Iterable[Fault]], changed: int | None
) -> Part:
    """Return a document that holds; it is read once until it changes, for it is asked for often."""
    content, problems = read_account(schema, read_document(file), faults)
    if content is None or problems:
        raise InputError(problems)
    return content


def account_problems(
    schema: type[Part], faults: Callable[[Part], Iterable[Fault]], path: str | Path
) -> list[Problem]:
    """Return everything that is wrong with a file, for `vru check`."""
    try:
        return read_account(schema, read_document(path), faults)[1]
    except InputError as error:
        return error.problems


def out_of_order(location: Location, low: float, value: float, high: float) -> Iterable[Fault]:
    """Yield a fault where a value lies outside its range."""
    if not low <= value <= high:
        yield Fault(location, value, f"a value from low to high, {low:g} to {high:g}")


def not_one(location: Location, shares: Iterable[float], what: str) -> Iterable[Fault]:
    """Yield a fault where shares do not add up to 1."""
    total: Any = sum(shares)
    if abs(total - 1.0) > 1e-9:
        yield Fault(location, f"{what} that add up to {total:.10g}", "shares that add up to 1")
