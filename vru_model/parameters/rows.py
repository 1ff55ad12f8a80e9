"""One row of ``model.yaml``: the schema, and the checks that need the declared unit."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from vru_model.errors import Problem, nearest
from vru_model.parameters.distributions import Distribution, quantile
from vru_model.parameters.documents import Document, Location, words
from vru_model.parameters.ranges import bounds_in_words, range_faults
from vru_model.parameters.schema import Number, Schema, Text, YesNo, quantity, validate
from vru_model.parameters.units import AXES, Table, Unit

YES_OR_NO = Unit("yes or no", 0.0, 1.0)

Value = Number | YesNo | list[Number] | list[list[Number]] | dict[str, Number | list[Number]]
Grade = Literal["read", "derived", "recalled", "prior"]
Status = Literal["measured", "derived", "judgement", "calibrated"]


class Row(Schema):
    """One parameter as it is written down."""

    value: Value = quantity("as unit says", "The central value; a list or mapping for a table.")
    low: Number | None = quantity(
        "as unit says", "Lower end of the range (of the 95% interval, if normal or lognormal).",
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
    python
        The type that the kernels receive: float, int, bool or numpy.ndarray.
    """

    name: str
    kind: Kind
    value: Any
    low: float
    high: float
    distribution: str
    row: Row
    python: type

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


def declared(coefficients: type) -> dict[str, dict[str, tuple[Kind, type]]]:
    """Return section → name → (unit or table, Python type) as the NamedTuples declare them."""
    hints = typing.get_type_hints(coefficients)
    return {name: _declared_section(section) for name, section in hints.items()}


def _declared_section(section: type) -> dict[str, tuple[Kind, type]]:
    fields: dict[str, tuple[Kind, type]] = {}
    for name, hint in typing.get_type_hints(section, include_extras=True).items():
        if hint is bool:
            fields[name] = (YES_OR_NO, bool)
            continue
        python, *marks = typing.get_args(hint) or (hint,)
        kind = next((mark for mark in marks if isinstance(mark, Unit | Table)), None)
        if kind is None:
            raise TypeError(f"{section.__name__}.{name} declares no Unit or Table")
        fields[name] = (kind, python)
    return fields


def read_row(document: Document, location: Location, kind: Kind, python: type,
             data: Any) -> tuple[Parameter | None, list[Problem]]:
    """Return the parameter that stands at a place in a document, and what is wrong with it."""
    row, problems = validate(Row, document, data, location)
    if row is None:
        return None, _without_union_noise(problems)
    checks = _RowChecks(document, location, kind, python, row)
    return checks.run()


def _without_union_noise(problems: list[Problem]) -> list[Problem]:
    """Keep one problem for a value that fits none of number, yes or no, list and mapping."""
    kept: list[Problem] = []
    for problem in problems:
        head, mark, _ = problem.name.partition(".value.")
        if mark:
            given = problem.given
            problem = Problem(problem.file, problem.line, f"{head}.value", given,
                              "a number, yes or no, or the table's values", problem.hint)
            if any(other.name == problem.name for other in kept):
                continue
        kept.append(problem)
    return kept


class _RowChecks:
    """The checks of one row against what the model declares, gathering every problem."""

    def __init__(self, document: Document, location: Location, kind: Kind, python: type,
                 row: Row) -> None:
        self.document, self.location, self.row = document, location, row
        self.kind, self.python = kind, python
        self.unit = kind.unit if isinstance(kind, Table) else kind
        self.problems: list[Problem] = []

    def run(self) -> tuple[Parameter | None, list[Problem]]:
        row = self.row
        if row.unit != self.unit.name:
            hint = nearest(row.unit, [self.unit.name])
            self._note("unit", row.unit, self.unit.name, hint)
        value = self._table() if isinstance(self.kind, Table) else self._number()
        if self.problems:
            return None, self.problems
        central = float(value) if not isinstance(value, np.ndarray) else 0.0
        name = ".".join(str(part) for part in self.location)
        low = central if row.low is None else row.low
        high = central if row.high is None else row.high
        parameter = Parameter(name, self.kind, value, low, high, row.distribution, row,
                              self.python)
        return parameter, []

    def _note(self, field: str | Location, given: object, allowed: str, hint: str = "") -> None:
        here = (*self.location, *((field,) if isinstance(field, str) else field))
        self.problems.append(self.document.problem(here, given, allowed, hint))

    def _number(self) -> Any:
        value = self.row.value
        if self.python is bool:
            if not isinstance(value, bool):
                self._note("value", value, "yes or no")
            self._only_fixed("a yes or no")
            return value
        if isinstance(value, bool | list | dict):
            self._note("value", value, f"one number ({self.unit.name})")
            return value
        if self.python is int:
            if value != int(value):
                self._note("value", value, "a whole number")
            self._only_fixed("a whole number")
        for fault in range_faults(self.unit, value, self.row.low, self.row.high,
                                  self.row.distribution):
            self._note(*fault)
        return self.python(value)

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
        if np.ndim(lists) != len(table.axes) or isinstance(np.ravel(lists)[0], bool | np.bool_):
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
