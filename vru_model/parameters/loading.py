"""The behavioural parameters of the model, from ``parameters/model.yaml`` to the kernels.

>>> parameters = load_model_parameters()
>>> parameters.central().acting.male          # the central value
>>> parameters.draw(0, seed=1).acting.male    # the first draw of what is uncertain
"""

from __future__ import annotations

import hashlib
import json
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from vru_model.errors import InputError, Problem, nearest
from vru_model.parameters.documents import Document, read_document, words
from vru_model.parameters.draws import uniforms
from vru_model.parameters.ranges import bounds_in_words
from vru_model.parameters.rows import Parameter, declared, read_row
from vru_model.parameters.units import Table
from vru_model.paths import PARAMETERS

MODEL_FILE = PARAMETERS / "model.yaml"


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


@dataclass(frozen=True)
class ModelParameters:
    """All behavioural parameters, checked: the source of every set of coefficients.

    Parameters
    ----------
    parameters
        The parameters by dotted name, in the order in which the model declares them.
    coefficients
        The NamedTuple of sections that the kernels receive.
    overrides
        What replaced the documents' values.
    """

    parameters: dict[str, Parameter]
    coefficients: type
    overrides: tuple[Override, ...] = field(default=())

    def central(self) -> Any:
        """Return the coefficients at their central values."""
        return self._coefficients({name: row.value for name, row in self.parameters.items()})

    def draw(self, index: int, seed: int) -> Any:
        """Return the coefficients of one draw of what is uncertain.

        Parameters
        ----------
        index
            The draw, from 0.
        seed
            The seed of the run. Each parameter's number depends on its own name, the index and
            the seed alone.
        """
        uncertain = [name for name, row in self.parameters.items() if row.uncertain]
        probabilities = dict(zip(uncertain, uniforms(uncertain, index, seed), strict=True))
        return self._coefficients({
            name: row.drawn(float(probabilities.get(name, 0.5)))
            for name, row in self.parameters.items()
        })

    @property
    def digest(self) -> str:
        """A hash of every number (values, ranges, distributions), not of the words."""
        numbers = {name: row.numbers() for name, row in self.parameters.items()}
        return hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()

    def _coefficients(self, values: Mapping[str, Any]) -> Any:
        hints = declared_sections(self.coefficients)
        return self.coefficients(**{
            section: kind(**{name: values[f"{section}.{name}"] for name in kind._fields})
            for section, kind in hints.items()
        })


def load_model_parameters(
    path: str | Path | None = None,
    overrides: Mapping[str, Any] | Iterable[Override] | None = None,
    coefficients: type | None = None,
) -> ModelParameters:
    """Read and check the model's parameters.

    Parameters
    ----------
    path
        The document; ``parameters/model.yaml`` unless given.
    overrides
        Replacements: :class:`Override` tuples, or dotted name → Override, or dotted name →
        mapping with value, reason and author.
    coefficients
        The NamedTuple of sections that declares names and units; the model's unless given.

    Raises
    ------
    InputError
        Listing everything that is wrong with the document and the overrides.
    """
    kind = model_coefficients() if coefficients is None else coefficients
    file = MODEL_FILE if path is None else Path(path)
    changed = file.stat().st_mtime_ns if file.is_file() else 0
    parameters, problems = _load_once(str(file), changed, kind)
    chosen = as_overrides(overrides)
    problems = [*problems, *override_problems(chosen, kind)]
    if problems:
        raise InputError(problems)
    parameters = {**parameters, **{
        change.name: _overridden(parameters[change.name], change) for change in chosen
    }}
    return ModelParameters(parameters, kind, tuple(chosen))


def model_coefficients() -> type:
    """Return the model's own declaration of sections."""
    from vru_model.parameters.sections import Coefficients

    return Coefficients


def declared_sections(coefficients: type) -> dict[str, Any]:
    """Return section name → NamedTuple."""
    return typing.get_type_hints(coefficients)


@lru_cache(maxsize=8)
def _load_once(file: str, changed: int, kind: type) -> tuple[dict[str, Parameter], list[Problem]]:
    """Read a file again only when it has changed: a process makes many worlds from it."""
    return read_model(read_document(file), kind)


def read_model(document: Document, kind: type) -> tuple[dict[str, Parameter], list[Problem]]:
    """Return the parameters in a document by dotted name, and everything wrong with it."""
    parameters: dict[str, Parameter] = {}
    problems = list(document.problems)
    sections = declared(kind)
    data = document.data if isinstance(document.data, dict) else {}
    if data is not document.data:
        problems.append(document.problem((), document.data, "one mapping for each section"))
    problems += _names(document, (), data, list(sections), "section")
    for section, fields in sections.items():
        rows = data.get(section, {})
        if not isinstance(rows, dict):
            problems.append(document.problem((section,), rows, "a mapping, one row for each name"))
            continue
        if section in data:
            problems += _names(document, (section,), rows, list(fields), "parameter")
        for name, kind_of_row in fields.items():
            if name in rows:
                row, wrong = read_row(document, (section, name), kind_of_row, rows[name])
                problems += wrong
                if row is not None:
                    parameters[row.name] = row
    return parameters, sorted(problems, key=lambda problem: problem.line or 0)


def _names(document: Document, location: tuple[str, ...], given: Mapping[str, Any],
           allowed: list[str], what: str) -> list[Problem]:
    """Return problems for unknown names (with the nearest) and for missing ones."""
    problems = [
        document.problem((*location, name), words(f"an unknown {what}"), ", ".join(allowed),
                         nearest(name, allowed))
        for name in given if name not in allowed
    ]
    return problems + [
        document.problem((*location, name), words("nothing"), f"every {what} of the model",
                         f"this {what} is missing")
        for name in allowed if name not in given
    ]


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
    sections = declared(model_coefficients() if kind is None else kind)
    known = {f"{section}.{name}": field for section, fields in sections.items()
             for name, field in fields.items()}
    problems = []
    for change in overrides:
        where = ("overrides", change.name)
        if change.name not in known:
            allowed = "a parameter of parameters/model.yaml, as section.name"
            problems.append(_override_problem(document, where, change.name, allowed,
                                              nearest(change.name, known)))
            continue
        for value in (change.value, change.low, change.high):
            if value is not None and (allowed := _refused(value, known[change.name])):
                problems.append(_override_problem(document, (*where, "value"), value, allowed))
        low, high = change.low, change.high
        if (low is None) != (high is None):
            problems.append(_override_problem(document, where, (low, high),
                                              "both low and high, or neither"))
        elif low is not None and high is not None and not low <= change.value <= high:
            problems.append(_override_problem(document, where, change.value,
                                              f"a value from low to high, {low:g} to {high:g}"))
    return problems


def _override_problem(document: Document | None, where: tuple[str, ...], given: Any,
                      allowed: str, hint: str = "") -> Problem:
    if document is None:
        return Problem(None, None, ".".join(where), repr(given), allowed, hint)
    return document.problem(where, given, allowed, hint)


def _refused(value: Any, unit: Any) -> str:
    """Return what is allowed where the value is not, else nothing."""
    if isinstance(unit, Table):
        return "a parameter that is one number (a table cannot be overridden)"
    if isinstance(value, bool) or not isinstance(value, int | float) or not unit.allows(value):
        return bounds_in_words(unit)
    return ""


def _overridden(parameter: Parameter, change: Override) -> Parameter:
    value = float(change.value)
    if change.low is None or change.high is None:
        return replace(parameter, value=value, low=value, high=value,
                       distribution="fixed")
    distribution = parameter.distribution if parameter.uncertain else "triangular"
    return replace(parameter, value=value, low=change.low, high=change.high,
                   distribution=distribution)
