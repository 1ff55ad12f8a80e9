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
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from vru_model.errors import InputError, Problem, nearest
from vru_model.parameters import ensemble as ensembles
from vru_model.parameters.documents import Document, read_document, words
from vru_model.parameters.draws import uniforms
from vru_model.parameters.ensemble import Ensemble, load_ensemble
from vru_model.parameters.overrides import (
    Override,
    as_overrides,
    model_coefficients,
    overridden,
    override_problems,
    place_of,
    put,
)
from vru_model.parameters.rows import Parameter, declared, read_row
from vru_model.paths import PARAMETERS

__all__ = [
    "ModelParameters", "Override", "as_overrides", "declared_sections", "load_model_parameters",
    "model_coefficients", "override_problems", "read_model",
]  # fmt: skip

MODEL_FILE = PARAMETERS / "model.yaml"


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
    ensemble
        The calibrated sets from which draws are taken; None draws all from their ranges.
    """

    parameters: dict[str, Parameter]
    coefficients: type
    overrides: tuple[Override, ...] = field(default=())
    ensemble: Ensemble | None = None

    def central(self) -> Any:
        """Return the coefficients at their central values."""
        return self._coefficients({name: row.value for name, row in self.parameters.items()})

    def draw(self, index: int, seed: int) -> Any:
        """Return the coefficients of one draw of what is uncertain.

        What was calibrated comes from one whole set of the ensemble, the rest from its own
        range. What is overridden stays overridden.

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
        values = {
            name: row.drawn(float(probabilities.get(name, 0.5)))
            for name, row in self.parameters.items()
        }
        known = {name: row.kind for name, row in self.parameters.items()}
        kept = {change.name for change in self.overrides}
        chosen = {} if self.ensemble is None else self.ensemble.drawn(index, seed)
        for name, number in chosen.items():
            if name not in kept and (place := place_of(name, known)) is not None:
                put(values, place, number)
        return self._coefficients(values)

    @property
    def varying(self) -> set[str]:
        """The names of the parameters that differ between draws."""
        known = {name: row.kind for name, row in self.parameters.items()}
        names = () if self.ensemble is None else self.ensemble.names
        places = (place_of(name, known) for name in names)
        fitted = {place.parameter for place in places if place is not None}
        return fitted | {name for name, row in self.parameters.items() if row.uncertain}

    @property
    def drawn_from(self) -> str:
        """What draws are taken from, in words."""
        if self.ensemble is None:
            return "each uncertain parameter drawn from its own range"
        sets = "set" if len(self.ensemble) == 1 else "sets"
        return (
            f"{len(self.ensemble)} calibrated parameter {sets} (digest "
            f"{self.ensemble.digest[:12]}), what was not calibrated from its own range"
        )

    @property
    def digest(self) -> str:
        """A hash of every number (values, ranges, distributions), not of the words."""
        numbers: dict[str, Any] = {name: row.numbers() for name, row in self.parameters.items()}
        if self.ensemble is not None:
            numbers["ensemble"] = self.ensemble.digest
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
        The document; ``parameters/model.yaml`` unless given, with the calibrated sets of
        ``parameters/calibrated``. Another document has those of the CSV file of its own name
        that stands beside it, if there is one.
    overrides
        Replacements: :class:`Override` tuples, or dotted name → Override, or dotted name →
        mapping with value, reason and author.
    coefficients
        The NamedTuple of sections that declares names and units; the model's unless given.

    Raises
    ------
    InputError
        Listing everything that is wrong with the document, the overrides and the sets.
    """
    kind = model_coefficients() if coefficients is None else coefficients
    file = MODEL_FILE if path is None else Path(path)
    changed = file.stat().st_mtime_ns if file.is_file() else 0
    parameters, problems = _load_once(str(file), changed, kind)
    chosen = as_overrides(overrides)
    problems = [*problems, *override_problems(chosen, kind)]
    if problems:
        raise InputError(problems)
    return ModelParameters(
        overridden(parameters, chosen), kind, tuple(chosen), _sets_of(file, path is None, kind)
    )


def declared_sections(coefficients: type) -> dict[str, Any]:
    """Return section name → NamedTuple."""
    return typing.get_type_hints(coefficients)


def _sets_of(file: Path, own: bool, kind: type) -> Ensemble | None:
    """Return the calibrated sets that belong to a document, None where there are none."""
    sets = ensembles.FILE if own else file.with_suffix(".csv")
    return _sets_once(str(sets), sets.stat().st_mtime_ns, kind) if sets.is_file() else None


@lru_cache(maxsize=8)
def _sets_once(file: str, changed: int, kind: type) -> Ensemble:
    return load_ensemble(file, kind)


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
