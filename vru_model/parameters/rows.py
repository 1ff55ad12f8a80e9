"""One row of ``model.yaml``: the schema, and the checks that need the declared unit."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from pydantic import ValidationError

from vru_model.errors import Problem, nearest
from vru_model.parameters.distributions import Distribution, quantile
from vru_model.parameters.documents import Document, Location, words
from vru_model.parameters.ranges import bounds_in_words, range_faults
from vru_model.parameters.schema import Number, Schema, Text, quantity, validate
from vru_model.parameters.units import AXES, Table, Unit

Value = Number | list[Number] | list[list[Number]] | dict[str, Number | list[Number]]
Grade = Literal["read", "derived", "recalled", "prior"]
Status = Literal["measured", "derived", "judgement", "calibrated"]


class Row(Schema):
    """One parameter as it is written down."""

    value: Value = quantity("as unit says", "The central value; a list or mapping for a table.")
    low: Number | None = quantity(
        "as unit says",
        "Lower end of the range (of the 95% interval, if normal or lognormal; 0 if gamma).",
        default=None)
    high: Number | None = quantity("as unit says", "Upper end of it.", default=None)
    distribution: Distribution = quantity(
        "", "How it varies between draws; a fixed number does not.", default="fixed")
    unit: Text = quantity("", "The unit; must be the one that the model declares.")
    meaning: Text = quantity("", "What it is, in a sentence.")
    source: Text = quantity("", "Where the number comes from.")
    grade: Grade = quantity("", "How the number is known.")
    evidence: Literal["A", "B", "C", "D"] | None = quantity(
        "", "Strength of the evidence, A strongest, where it was graded.", default=None)
    status: Status = quantity("", "What kind of number it is.")


Kind = Unit | Table
"""What the model declares about a parameter: one number, or a table."""


@dataclass(frozen=True)
class Parameter:
    """One parameter, checked.

    Parameters
    ----------
    name
        Dotted: section, then name.
    kind
        The declared unit or table.
    value
        A number, or a float64 array of the table's shape (which cannot be written to).
    low, high, distribution
        See :mod:`vru_model.parameters.distributions`; equal to the value where not given.
    row
        The row as written, with its words.
    """

    name: str
    kind: Kind
    value: Any
    low: float
    high: float
    distribution: str
    row: Row

    @property
    def unit(self) -> Unit:
        """The unit of the value, or of every value of the table."""
        return self.kind.unit if isinstance(self.kind, Table) else self.kind

    @property
    def uncertain(self) -> bool:
        """Whether it differs between draws."""
        return self.distribution != "fixed"

    def drawn(self, probability: float) -> Any:
        """Return the value at this point of its distribution (see ``quantile``)."""
        if not self.uncertain:
            return self.value
        return quantile(self.distribution, self.value, self.low, self.high,
                        self.unit.minimum, self.unit.maximum, probability)

    def numbers(self) -> list[Any]:
        """Return what determines draws, in a form that can be hashed."""
        value = self.value.tolist() if isinstance(self.value, np.ndarray) else self.value
        if not self.uncertain:
            return [value]
        return [value, self.low, self.high, self.distribution,
                self.unit.minimum, self.unit.maximum]


def declared(coefficients: type) -> dict[str, dict[str, Kind]]:
    """Return section → name → unit or table, as the NamedTuples declare them."""
    hints = typing.get_type_hints(coefficients)
    return {name: _declared_section(section) for name, section in hints.items()}


def _declared_section(section: type) -> dict[str, Kind]:
    fields: dict[str, Kind] = {}
    for name, hint in typing.get_type_hints(section, include_extras=True).items():
        marks = typing.get_args(hint)
        kind = next((mark for mark in marks if isinstance(mark, Unit | Table)), None)
        if kind is None:
            raise TypeError(f"{section.__name__}.{name} declares no Unit or Table")
        fields[name] = kind
    return fields


def read_row(document: Document, location: Location, kind: Kind,
             data: Any) -> tuple[Parameter | None, list[Problem]]:
    """Return the parameter that stands at a place in a document, and what is wrong with it."""
    row, problems = validate(Row, document, data, location)
    if row is not None:
        return _RowChecks(document, location, kind, row).run()
    problems = _without_union_noise(problems)
    if isinstance(data, dict):
        problems += _RowChecks(document, location, kind, _readable_part(data)).run()[1]
    return None, problems


def _readable_part(data: dict[str, Any]) -> Row:
    """Return a row of the fields that can be read, so that they too are checked.

    A field that is wrong or missing is None; the distribution counts as fixed, unless it and
    both ends of the range can be read.
    """
    try:
        Row.model_validate(data)
        wrong: set[Any] = set()
    except ValidationError as error:
        wrong = {detail["loc"][0] for detail in error.errors()}
    fields = {name: None if name in wrong else data.get(name) for name in Row.model_fields}
    if wrong & {"value", "low", "high", "distribution"} or fields["distribution"] is None:
        fields["distribution"] = "fixed"
    return Row.model_construct(**fields)  # type: ignore[arg-type]


def _without_union_noise(problems: list[Problem]) -> list[Problem]:
    """Keep one problem for a value that is neither a number, nor a list, nor a mapping."""
    kept: list[Problem] = []
    for problem in problems:
        head, mark, _ = problem.name.partition(".value.")
        if mark:
            given = problem.given
            problem = Problem(problem.file, problem.line, f"{head}.value", given,
                              "a number, or the table's values", problem.hint)
            if any(other.name == problem.name for other in kept):
                continue
        kept.append(problem)
    return kept


class _RowChecks:
    """The checks of one row against what the model declares, gathering every problem."""

    def __init__(self, document: Document, location: Location, kind: Kind, row: Row) -> None:
        self.document, self.location, self.row, self.kind = document, location, row, kind
        self.unit = kind.unit if isinstance(kind, Table) else kind
        self.problems: list[Problem] = []

    def run(self) -> tuple[Parameter | None, list[Problem]]:
        row = self.row
        if row.unit is not None and row.unit != self.unit.name:
            hint = nearest(row.unit, [self.unit.name])
            self._note("unit", row.unit, self.unit.name, hint)
        if row.value is None:
            return None, self.problems
        value = self._table() if isinstance(self.kind, Table) else self._number()
        if self.problems:
            return None, self.problems
        central = float(value) if not isinstance(value, np.ndarray) else 0.0
        name = ".".join(str(part) for part in self.location)
        low = central if row.low is None else row.low
        high = central if row.high is None else row.high
        return Parameter(name, self.kind, value, low, high, row.distribution, row), []

    def _note(self, field: str | Location, given: object, allowed: str, hint: str = "") -> None:
        here = (*self.location, *((field,) if isinstance(field, str) else field))
        self.problems.append(self.document.problem(here, given, allowed, hint))

    def _number(self) -> Any:
        value, row = self.row.value, self.row
        if isinstance(value, list | dict):
            self._note("value", value, f"one number ({self.unit.name})")
            return value
        for fault in range_faults(self.unit, value, row.low, row.high, row.distribution):
            self._note(*fault)
        return value

    def _only_fixed(self, what: str) -> None:
        if self.row.distribution != "fixed":
            self._note("distribution", self.row.distribution, f"fixed, for {what}")

    def _table(self) -> Any:
        table: Table = self.kind  # type: ignore[assignment]
        self._only_fixed("a table")
        for field in ("low", "high"):
            if getattr(self.row, field) is not None:
                self._note(field, getattr(self.row, field), "no range, for a table")
        lists: Any = self._by_label(self.row.value, table.axes[0], ("value",))
        if lists is None:
            return None
        if len(table.axes) == 2:
            rows = [self._by_label(inner, table.axes[1], ("value", label))
                    for label, inner in zip(AXES[table.axes[0]], lists, strict=True)]
            if any(inner is None for inner in rows):
                return None
            lists = rows
        if np.ndim(lists) != len(table.axes):
            self._note("value", lists, f"one number for each of {table.axes[-1]}")
            return None
        array = np.array(lists, dtype=np.float64)
        for number in array[(array < self.unit.minimum) | (array > self.unit.maximum)]:
            self._note("value", float(number), bounds_in_words(self.unit))
        array.flags.writeable = False
        return array

    def _by_label(self, values: Any, axis: str, where: Location) -> list[Any] | None:
        """Return values in the order of the axis, from a list or from a mapping by label."""
        labels = AXES[axis]
        allowed = f"{len(labels)} values, for {axis}: {', '.join(labels)}"
        if isinstance(values, Mapping):
            missing = [label for label in labels if label not in values]
            unknown = [label for label in values if label not in labels]
            for label in unknown:
                self._note((*where, label), words("an unknown label"), ", ".join(labels),
                           nearest(label, labels))
            if missing:
                self._note(where, words(f"nothing for {', '.join(missing)}"), allowed)
            return None if missing or unknown else [values[label] for label in labels]
        if not isinstance(values, list) or len(values) != len(labels):
            given = words(f"{len(values)} values") if isinstance(values, list) else values
            self._note(where, given, allowed)
            return None
        return values
