"""The numbers that can be contested: what each means, where it comes from, who set it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

from vru_model.parameters.documents import parse_document
from vru_model.parameters.loading import load_model_parameters
from vru_model.parameters.programmes import TARGETS, Programme
from vru_model.parameters.register import load_programme
from vru_model.parameters.rows import Parameter
from vru_model.parameters.scenario_document import PROGRAMMES, read_scenario
from vru_model.parameters.units import Table
from vru_model.workbook.entries import figure
from vru_model.workbook.explore.factor import Cells, cells_of, overridden_by
from vru_model.workbook.explore.saved import Session

_GRADES = {"read": "read in its source", "derived": "derived by arithmetic from sources",
           "recalled": "recalled from general knowledge, to be verified",
           "prior": "a choice of the modellers", "judgement": "a judgement"}  # fmt: skip
_SET_BY = {"calibrated": "the calibration, which moved it until the model met its targets",
           "measured": "a measurement", "derived": "the modellers, from published figures",
           "judgement": "the modellers, as a judgement"}  # fmt: skip
EVERY = "the model"


@dataclass(frozen=True)
class Assumption:
    """One number that can be contested, or a table by one factor, with all that is known of it.

    Parameters
    ----------
    name
        As a strategy's file overrides it.
    group
        The part of the model, or the programme, that it belongs to.
    meaning, unit, source, known, set_by
        In words.
    value, low, high
        The number and its range (equal where it has none); 1, the factor, for a table.
    minimum, maximum
        What makes sense at all.
    cells
        The numbers of a table; None for one number.
    """

    name: str
    group: str
    meaning: str
    unit: str
    source: str
    known: str
    set_by: str
    value: float
    low: float
    high: float
    minimum: float
    maximum: float
    cells: Cells | None = None

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Return what is known of it, as heading and words."""
        known = [("Where it comes from", self.source), ("How well it is known", self.known),
                 ("Who set it", self.set_by), ("Its name in the files", self.name)]
        if self.cells is not None:
            return [("What it means", self.meaning), *self.cells.rows, *known]
        span = "held at this one value" if self.low >= self.high else (
            f"{figure(self.low)} to {figure(self.high)}")
        return [("What it means", self.meaning), ("Value", f"{figure(self.value)} {self.unit}"),
                ("Range", f"{span}{self._wider}"), *known]

    @property
    def closed(self) -> str:
        """Return why it cannot be contested here, and how it can be elsewhere; or ""."""
        return "" if self.cells is None else self.cells.closed

    @property
    def asked(self) -> str:
        """Return what the reader's number is called."""
        return "Your value" if self.cells is None else "All its numbers, times"

    def refuses(self, value: float) -> str:
        """Return why a value makes no sense here, or ""."""
        if self.closed:
            return self.closed
        if self.cells is not None:
            return self.cells.refuses(value)
        if not self.minimum <= value <= self.maximum:
            ends = f"{figure(self.minimum)} and {figure(self.maximum)}"
            return f"{figure(value)} makes no sense here: it lies between {ends} {self.unit}."
        if value == self.value:
            return "This is the value that it has already."
        return self._outside(value)

    def _outside(self, value: float) -> str:
        """Return why a programme's value outside its documented range is refused, or ""."""
        if not self._ranged or self.low <= value <= self.high:
            return ""
        return (f"{figure(value)} lies outside its documented range, {figure(self.low)} to "
                f"{figure(self.high)}. How to go beyond it stands above, under Range.")

    @property
    def _ranged(self) -> bool:
        return self.name.startswith(PROGRAMMES) and self.low < self.high

    @property
    def _wider(self) -> str:
        """Return how a programme's range is widened, or ""."""
        stem = self.name.rpartition(".")[0]
        return (
            f". To go beyond it: download the strategy under Files, write overrides: {{{stem}.low: "
            "{value: NUMBER, reason: WHY, author: WHO}} at the end of the file (high for the upper "
            "end), and open it here. The new range is then said wherever the strategy is."
        ) if self._ranged else ""


def assumptions(programmes: Iterable[str],
                overrides: Mapping[str, Any] | None = None) -> list[Assumption]:
    """Return everything that can be contested: of the funded programmes first, then the model's.

    ``overrides`` are those of the strategies' own files: dotted name → value, reason and author.
    """
    found: list[Assumption] = []
    for name in dict.fromkeys(programmes):
        found += [_as_in_file(each, overrides or {})
                  for each in _of_programme(load_programme(name))]
    return found + [_of_model(name, row)
                    for name, row in load_model_parameters().parameters.items()]


def _of_model(name: str, row: Parameter) -> Assumption:
    section = name.partition(".")[0].replace("_", " ").capitalize()
    cells = cells_of(row) if isinstance(row.kind, Table) else None
    value, low, high = (1.0, 1.0, 1.0) if cells is not None else (
        float(row.value), float(row.low), float(row.high))
    return Assumption(
        name, f"{EVERY}: {section}", row.row.meaning, row.unit.name, row.row.source,
        _GRADES[row.row.grade], _SET_BY[row.row.status], value, low, high,
        row.unit.minimum, row.unit.maximum, cells,
    )  # fmt: skip


def _as_in_file(given: Assumption, overrides: Mapping[str, Any]) -> Assumption:
    """Return a programme's value as a strategy's own file has it."""
    stem = given.name.rpartition(".")[0]
    changed = {part: float(overrides[name]["value"])
               for part, name in {"value": given.name, "low": f"{stem}.low",
                                  "high": f"{stem}.high"}.items() if name in overrides}
    if not changed:
        return given
    return replace(given, value=changed.get("value", given.value),
                   low=changed.get("low", given.low), high=changed.get("high", given.high),
                   set_by="whoever wrote the strategy’s file")


def _of_programme(programme: Programme) -> Iterable[Assumption]:
    begins, title = f"{PROGRAMMES}{programme.name}.", programme.title
    owner = "the modellers, in the programme's document"
    for change in programme.changes:
        unit = TARGETS[change.target].unit
        yield Assumption(
            f"{begins}changes.{change.target}.value", title,
            f"{TARGETS[change.target].meaning.rstrip('.')}. {change.meaning}", unit.name,
            change.source,
            _GRADES.get(change.grade, change.grade), owner, change.value,
            change.value if change.low is None else change.low,
            change.value if change.high is None else change.high, unit.minimum, unit.maximum,
        )  # fmt: skip
    reach, cost = programme.reach, programme.cost
    yield Assumption(
        f"{begins}reach.take_up", title, "Share of those who are offered a place who take it up.",
        "share", reach.source, "see the source", owner, reach.take_up, reach.take_up,
        reach.take_up, 0.0, 1.0,
    )  # fmt: skip
    yield Assumption(
        f"{begins}cost.unit_cost", title, f"Cost of one {cost.per}.", f"£, {cost.price_year}",
        cost.source, _GRADES.get(cost.basis, cost.basis), owner, cost.unit_cost, cost.low,
        cost.high, 1.0, 1e9,
    )  # fmt: skip


def problem(session: Session, parameter: str, value: float) -> str:
    """Return why a value cannot be used in any of the session's strategies, or ""."""
    entries = {name: {"value": number, "reason": "contested", "author": "a reader"}
               for name, number in overridden_by(parameter, value).items()}
    programme = parameter.removeprefix(PROGRAMMES).partition(".")[0]
    for draft in session.drafts:
        if parameter.startswith(PROGRAMMES) and programme not in {
                line.programme for line in draft.lines}:
            continue
        changed = draft.document | {"overrides": draft.own_overrides | entries}
        before, after = (
            read_scenario(parse_document(_yaml(document), "this value"), draft.name).problems
            for document in (draft.document, changed)
        )
        known = {found.name for found in before}
        for found in after:
            if found.name not in known:
                return f"{found.given} cannot be used; allowed: {found.allowed}."
    return ""


def _yaml(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True)
