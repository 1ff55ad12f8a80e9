"""Contest an assumption: what it means, where it comes from, and what another value would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from vru_model.parameters.documents import parse_document
from vru_model.parameters.loading import load_model_parameters
from vru_model.parameters.programmes import TARGETS, Programme
from vru_model.parameters.register import load_programme
from vru_model.parameters.scenario_document import PROGRAMMES, read_scenario
from vru_model.parameters.units import Unit
from vru_model.reporting.blocks import Table
from vru_model.reporting.estimates import Estimate
from vru_model.reporting.findings import Findings
from vru_model.reporting.measures import ALL_AGES, HEADLINE_GROUP, HEADLINE_MEASURE
from vru_model.reporting.words import MINUS, sentence_case
from vru_model.workbook.explore.answer import ADMISSIONS
from vru_model.workbook.explore.saved import Contested, Session
from vru_model.workbook.explore.section import table_html, titles

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
            f"{_figure(self.low)} to {_figure(self.high)}")
        return [("What it means", self.meaning), ("Value", f"{_figure(self.value)} {self.unit}"),
                ("Range", span), ("Where it comes from", self.source),
                ("How well it is known", self.known), ("Who set it", self.set_by),
                ("Its name in the files", self.name)]

    def refuses(self, value: float) -> str:
        """Return why a value makes no sense here, or ""."""
        if self.minimum <= value <= self.maximum:
            return "" if value != self.value else "This is the value that it has already."
        return (f"{_figure(value)} makes no sense here: it lies between {_figure(self.minimum)} "
                f"and {_figure(self.maximum)} {self.unit}.")


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
            f"{TARGETS[change.target].meaning}: {change.meaning}", unit.name, change.source,
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
        document = draft.document | {"overrides": {parameter: entry}}
        reading = read_scenario(parse_document(_yaml(document), "this value"), draft.name)
        for found in reading.problems:
            if "overrides" in found.name or "programmes" in found.name or "value" in found.name:
                return f"{found.given} cannot be used; allowed: {found.allowed}."
    return ""


def _yaml(document: Mapping) -> str:
    import yaml

    return yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True)


@dataclass(frozen=True)
class Effect:
    """What a contested value does to a comparison: sentences, and a table as HTML."""

    sentences: tuple[str, ...]
    html: str


def effect(contested: Contested, before: Findings, after: Findings) -> Effect:
    """Return what another value does to what each strategy averts."""
    names, last = titles(before), before.options.years
    sentences, rows = [], []
    for name, title in names.items():
        for measure, group in ((HEADLINE_MEASURE, HEADLINE_GROUP), (ADMISSIONS, ALL_AGES)):
            ours = before.estimates.get(name, measure, group, last)
            theirs = after.estimates.get(f"{name}_contested", measure, group, last)
            rows.append({
                "Strategy and measure": f"{title}: {measure.of(group)} averted by year {last}",
                "As it was (80% interval)": f"{ours.central} ({ours.interval80})",
                "With the contested value (80% interval)":
                    f"{theirs.central} ({theirs.interval80})",
                "95% interval as it was": ours.interval95,
                "95% interval contested": theirs.interval95,
            })  # fmt: skip
        measure, group = HEADLINE_MEASURE, HEADLINE_GROUP
        sentences.append(_sentence(
            title, measure.of(group), last, before.estimates.get(name, measure, group, last),
            after.estimates.get(f"{name}_contested", measure, group, last)))  # fmt: skip
    table = Table(
        "contested", f"{contested.parameter}: {_figure(contested.value)} instead of "
        f"{_figure(contested.before)}", pd.DataFrame(rows), None,
        f"model runs {', '.join(after.run_ids)}; modelled, not recorded",
    )  # fmt: skip
    return Effect(tuple(sentences), table_html(table))


def _sentence(title: str, what: str, year: int, ours: Estimate, theirs: Estimate) -> str:
    """Return what becomes of one strategy, with both intervals; a tie is called a tie."""
    numbers = (f"by year {year} it averts {theirs.interval80} {what} (80% interval) instead of "
               f"{ours.interval80}")
    if (ours.averted, ours.low95, ours.high95) == (theirs.averted, theirs.low95, theirs.high95):
        return f"“{title}”: nothing changes; {ours.interval80} {what} averted by year {year}."
    if ours.verdict != theirs.verdict:
        turn = {"fewer": "does better than business as usual", "more": "does worse than it",
                "unclear": "cannot be told from it"}  # fmt: skip
        return (f"“{title}”: the answer changes. {sentence_case(numbers)}; it now "
                f"{turn[theirs.verdict]}.")
    apart = abs(theirs.averted - ours.averted)
    wide = max(ours.high80 - ours.low80, 1e-12)
    size = "hardly moves" if apart < 0.1 * wide else (
        "averts more" if theirs.averted > ours.averted else "averts less")
    return f"“{title}”: the answer stays the same, and {size}: {numbers}."


def _figure(value: float) -> str:
    return f"{value:,.6g}".replace("-", MINUS)
