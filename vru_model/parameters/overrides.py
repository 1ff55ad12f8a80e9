"""Values that replace those of the documents, and the names by which they are called.

A parameter is called by section and name, ``acting.base``; one cell of a table along one axis by
its label too: ``age_curves.level.household``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from vru_model.errors import Problem, nearest
from vru_model.parameters.documents import Document
from vru_model.parameters.ranges import bounds_in_words
from vru_model.parameters.rows import Kind, Parameter, declared
from vru_model.parameters.units import AXES, Table, Unit


class Override(NamedTuple):
    """A value that replaces a document's, with the reason and the author.

    An overridden value is fixed in every draw, unless ``low`` and ``high`` give its new range.
    The distribution then stays that of the document, or is triangular where that was fixed.
    """

    name: str
    value: Any
    reason: str
    author: str
    low: float | None = None
    high: float | None = None


class Place(NamedTuple):
    """Where a number stands: its parameter, its place in the table (None: a number), its unit."""

    parameter: str
    cell: int | None
    unit: Unit


def model_coefficients() -> type:
    """Return the model's own declaration of sections."""
    from vru_model.parameters.sections import Coefficients

    return Coefficients


@lru_cache(maxsize=8)
def known_names(coefficients: type) -> Mapping[str, Kind]:
    """Return dotted name → unit or table of every parameter; asked for with every world."""
    return {f"{section}.{name}": field for section, fields in declared(coefficients).items()
            for name, field in fields.items()}


def place_of(name: str, known: Mapping[str, Kind]) -> Place | None:
    """Return where the number of a name stands; None where no single number has that name."""
    kind = known.get(name)
    if kind is not None:
        return None if isinstance(kind, Table) else Place(name, None, kind)
    parameter, _, label = name.rpartition(".")
    table = known.get(parameter)
    if isinstance(table, Table) and len(table.axes) == 1 and label in AXES[table.axes[0]]:
        return Place(parameter, AXES[table.axes[0]].index(label), table.unit)
    return None


def put(values: dict[str, Any], place: Place, number: float) -> None:
    """Put a number in its place among values by parameter; tables are copied, never changed."""
    if place.cell is None:
        values[place.parameter] = number
        return
    array = np.array(values[place.parameter])
    array[place.cell] = number
    array.flags.writeable = False
    values[place.parameter] = array


def number_at(parameters: Mapping[str, Parameter], name: str) -> float:
    """Return the value of a parameter, or of one cell of a table."""
    place = place_of(name, {each: row.kind for each, row in parameters.items()})
    if place is None:
        raise ValueError(f"no number is called {name!r}")
    value = parameters[place.parameter].value
    return float(value if place.cell is None else value[place.cell])


def as_overrides(overrides: Mapping[str, Any] | Iterable[Override] | None) -> list[Override]:
    """Return overrides as a list, whichever way they were given."""
    if overrides is None:
        return []
    if not isinstance(overrides, Mapping):
        return list(overrides)
    return [
        change if isinstance(change, Override) else Override(name=name, **change)
        for name, change in overrides.items()
    ]


def override_problems(overrides: Iterable[Override], kind: type | None = None,
                      document: Document | None = None) -> list[Problem]:
    """Return what is wrong with overrides: unknown names, values out of the unit's bounds.

    ``document`` is the scenario that makes them, for its lines.
    """
    known = known_names(model_coefficients() if kind is None else kind)
    problems = []
    for change in overrides:
        where = ("overrides", change.name)
        place = place_of(change.name, known)
        if place is None:
            problems.append(_unknown(change, known, where, document))
            continue
        for value in (change.value, change.low, change.high):
            if value is not None and _refused(value, place.unit):
                allowed = bounds_in_words(place.unit)
                problems.append(_problem(document, (*where, "value"), value, allowed))
        problems += _range_problems(change, place, where, document)
    return problems


def _unknown(change: Override, known: Mapping[str, Kind], where: tuple[str, ...],
             document: Document | None) -> Problem:
    """Return the problem of a name that is no number's; a table's labels are offered."""
    table = known.get(change.name)
    if isinstance(table, Table):
        allowed = (
            f"one number of this table, as {change.name}.LABEL with {', '.join(AXES[table.axis])}"
            if isinstance(table.axis, str) else "a parameter that is one number, or one of a list"
        )  # fmt: skip
        return _problem(document, (*where, "value"), change.value, allowed)
    allowed = "a parameter of parameters/model.yaml, as section.name"
    return _problem(document, where, change.name, allowed, nearest(change.name, known))


def _range_problems(change: Override, place: Place, where: tuple[str, ...],
                    document: Document | None) -> list[Problem]:
    low, high = change.low, change.high
    if (low is None) != (high is None):
        return [_problem(document, where, (low, high), "both low and high, or neither")]
    if low is None or high is None:
        return []
    if place.cell is not None:
        return [_problem(document, where, (low, high), "no range, for one number of a table")]
    if not low <= change.value <= high:
        allowed = f"a value from low to high, {low:g} to {high:g}"
        return [_problem(document, where, change.value, allowed)]
    return []


def _problem(document: Document | None, where: tuple[str, ...], given: Any,
             allowed: str, hint: str = "") -> Problem:
    if document is None:
        return Problem(None, None, ".".join(where), repr(given), allowed, hint)
    return document.problem(where, given, allowed, hint)


def _refused(value: Any, unit: Unit) -> bool:
    """Say whether a value is no number that the unit allows."""
    return isinstance(value, bool) or not isinstance(value, int | float) or not unit.allows(value)


def overridden(parameters: Mapping[str, Parameter],
               changes: Iterable[Override]) -> dict[str, Parameter]:
    """Return the parameters with checked overrides in them."""
    known = {name: parameter.kind for name, parameter in parameters.items()}
    changed = dict(parameters)
    for change in changes:
        place = place_of(change.name, known)
        if place is None:
            raise ValueError(f"{change.name!r} was not checked")
        row = changed[place.parameter]
        if place.cell is not None:
            values = {place.parameter: row.value}
            put(values, place, float(change.value))
            changed[place.parameter] = replace(row, value=values[place.parameter])
        else:
            changed[place.parameter] = _replaced(row, change)
    return changed


def _replaced(parameter: Parameter, change: Override) -> Parameter:
    value = float(change.value)
    if change.low is None or change.high is None:
        return replace(parameter, value=value, low=value, high=value, distribution="fixed")
    distribution = parameter.distribution if parameter.uncertain else "triangular"
    return replace(parameter, value=value, low=change.low, high=change.high,
                   distribution=distribution)
