"""The numbers that can be contested: what each means, where it comes from, who set it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import yaml

from vru_model.parameters.documents import parse_document
from vru_model.parameters.loading import load_model_parameters
from vru_model.parameters.programmes import TARGETS, Programme
from vru_model.parameters.register import load_programme
from vru_model.parameters.scenario_document import PROGRAMMES, read_scenario
from vru_model.parameters.units import Unit
from vru_model.reporting.words import MINUS
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
    """One number that can be contested, with everything that is known of it.

    Parameters
    ----------
    name
        As a strategy's file overrides it.
    group
        The part of the model, or the programme, that it belongs to.
    meaning, unit, source, known, set_by
        In words.
    value, low, high
        The number and its range (equal where it has none).
    minimum, maximum
        What makes sense at all.
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

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Return what is known of it, as heading and words."""
        span = "held at this one value" if self.low >= self.high else (
            f"{figure_of(self.low)} to {figure_of(self.high)}")
        return [("What it means", self.meaning), ("Value", f"{figure_of(self.value)} {self.unit}"),
                ("Range", span), ("Where it comes from", self.source),
                ("How well it is known", self.known), ("Who set it", self.set_by),
                ("Its name in the files", self.name)]

    def refuses(self, value: float) -> str:
        """Return why a value makes no sense here, or ""."""
        if self.minimum <= value <= self.maximum:
            return "" if value != self.value else "This is the value that it has already."
        ends = f"{figure_of(self.minimum)} and {figure_of(self.maximum)}"
        return f"{figure_of(value)} makes no sense here: it lies between {ends} {self.unit}."


def assumptions(programmes: Iterable[str]) -> list[Assumption]:
    """Return every number that can be contested: of the funded programmes first, then the model's.

    Tables along an axis cannot be contested here; a strategy's file can override their cells.
    """
    found: list[Assumption] = []
    for name in dict.fromkeys(programmes):
        found += _of_programme(load_programme(name))
    for name, row in load_model_parameters().parameters.items():
        if isinstance(row.kind, Unit):
            section = name.partition(".")[0].replace("_", " ").capitalize()
            found.append(Assumption(
                name, f"{EVERY}: {section}", row.row.meaning, row.unit.name, row.row.source,
                _GRADES[row.row.grade], _SET_BY[row.row.status], float(row.value), float(row.low),
                float(row.high), row.unit.minimum, row.unit.maximum,
            ))  # fmt: skip
    return found


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
    entry = {"value": value, "reason": "contested", "author": "a reader"}
    programme = parameter.removeprefix(PROGRAMMES).partition(".")[0]
    for draft in session.drafts:
        if parameter.startswith(PROGRAMMES) and programme not in {
                line.programme for line in draft.lines}:
            continue
        before, after = (
            read_scenario(parse_document(_yaml(document), "this value"), draft.name).problems
            for document in (draft.document, draft.document | {"overrides": {parameter: entry}})
        )
        known = {found.name for found in before}
        for found in after:
            if found.name not in known:
                return f"{found.given} cannot be used; allowed: {found.allowed}."
    return ""


def _yaml(document: Mapping) -> str:
    return yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True)


def figure_of(value: float) -> str:
    """Return a number as it is read: six figures at most, a true minus sign."""
    return f"{value:,.6g}".replace("-", MINUS)
