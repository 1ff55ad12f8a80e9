"""The schema of scenarios, and everything that can be wrong with one.

A scenario is a small, named difference from things as they are: money on programmes, other
values of the model's parameters, loops switched off.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import Field

from vru_model.errors import InputError, Problem, nearest
from vru_model.parameters.documents import (
    NOTHING,
    Document,
    Location,
    built_in,
    built_in_names,
    read_document,
    words,
)
from vru_model.parameters.funding import Funding, budget_problems
from vru_model.parameters.loading import Override, override_problems
from vru_model.parameters.programmes import Programme
from vru_model.parameters.register import overridden, read_programme, unknown_field
from vru_model.parameters.schema import (
    SCENARIO_PATTERN,
    Number,
    Schema,
    Text,
    Whole,
    needed_names,
    quantity,
    readable,
    validate,
)
from vru_model.parameters.shocks import Shock
from vru_model.parameters.switches import SWITCHES

PROGRAMMES = "programmes."
_WHOLE_ONLY = ("here whole programmes only; money goes in the section funding:, as a list of "
               "programme and money_per_year")


class OverrideEntry(Schema):
    """A value that replaces one of the model's or a programme's, with the reason and author."""

    value: Any = quantity("as the parameter", "The new value.")
    reason: Text = quantity("", "Why.")
    author: Text = quantity("", "Who says so.")
    low: Number | None = quantity(
        "as the parameter", "With high: the new range; without, the value is fixed.", default=None)
    high: Number | None = quantity("as the parameter", "Upper end of it.", default=None)


class ScenarioDocument(Schema):
    """A scenario as it is written down."""

    name: str = Field(pattern=SCENARIO_PATTERN, description="As its file is named.")
    title: Text = quantity("", "As a reader sees it.")
    question: Text = quantity("", "The question that it answers.")
    price_year: Text | None = quantity(
        "", "Financial year whose prices all its money is in.", default=None)
    budget_per_year: Whole | None = quantity(
        "£ a year", "What the funding must add up to in each year that has any, to the pound.",
        default=None, ge=0)
    budget_by_year: tuple[Whole, ...] | None = quantity(
        "£ a year", "Instead: what it must add up to in year 1, year 2 and so on, to the pound; no "
        "money after the last.", default=None, min_length=1)
    budget_source: Text | None = quantity("", "Where the budget comes from.", default=None)
    grant_per_year: Whole | None = quantity(
        "£ a year", "Of the budget, the grant; all of it unless given.", default=None, ge=0)
    team_per_year: Whole = quantity(
        "£ a year", "Of the budget, the unit's own team: it buys no programme.", default=0, ge=0)
    evaluation_per_year: Whole = quantity(
        "£ a year", "Of the budget, evaluation: it buys no programme.", default=0, ge=0)
    funding: tuple[Funding, ...] = quantity("", "Money on programmes.", default=())
    overrides: dict[str, OverrideEntry] = quantity(
        "", "Dotted name of a parameter (section.name, or programmes.NAME.field) → new value.",
        default={})
    shock: Shock = quantity(
        "", "What happens to whatever is funded, and to records.", default=Shock())
    switches: dict[str, bool] = quantity("", "Loop of the model → on or off.", default={})
    programmes: dict[str, Programme] = quantity(
        "", "Programmes written out here rather than in files of their own.", default={})


@dataclass(frozen=True)
class Reading:
    """What a scenario's document holds: the document itself, and the programmes it funds."""

    scenario: ScenarioDocument | None
    programmes: dict[str, Programme]
    problems: list[Problem]

    @property
    def overrides(self) -> list[Override]:
        """The overrides, those of programmes included."""
        entries = self.scenario.overrides if self.scenario is not None else {}
        return [_as_override(name, entry) for name, entry in entries.items()]


def read_scenario(document: Document, name: str | None = None,
                  authorities: Collection[str] | None = None) -> Reading:
    """Return the scenario in a document and everything that is wrong with it.

    Parameters
    ----------
    document
        The document.
    name
        What it must be called: the name of its file.
    authorities
        Codes of the local authorities that it may name; any that look like codes unless given.
    """
    data, misplaced = _without_money(document)
    scenario, problems = validate(ScenarioDocument, document, data)
    problems = [*document.problems, *misplaced, *problems]
    if not isinstance(data, dict):
        return Reading(None, {}, problems)
    if name is not None and "name" in data and data["name"] != name:
        problems.append(document.problem(("name",), data["name"], *_as_named(name)))
    overrides, found = _overrides(document, _mapping(data, "overrides"))
    problems += found
    of_model = [change for change in overrides if not change.name.startswith(PROGRAMMES)]
    problems += override_problems(of_model, document=document)
    programmes, found = _programmes(document, data, overrides)
    problems += found + _switches(document, _mapping(data, "switches"))
    problems += _funding(document, data, programmes)
    problems += _unknown_authorities(document, data, authorities)
    # A part that is wrong may be seen twice: by the schema, and by the check of that part.
    unique = {(problem.line, problem.name): problem for problem in reversed(problems)}
    ordered = sorted(reversed(unique.values()), key=lambda problem: problem.line or 0)
    return Reading(None if ordered else scenario, programmes, ordered)


def _as_named(name: str) -> tuple[str, str]:
    """Return what a scenario may be called whose file has this name, and a hint."""
    if re.fullmatch(SCENARIO_PATTERN, name):
        return f"{name}, as the file is named", ""
    return (f"the name of its file, but that is {name!r}",
            "name the file as the scenario: small letters, figures, _ and +, then .yaml")


def _without_money(document: Document) -> tuple[Any, list[Problem]]:
    """Return a document's data without programmes that are not written out, and those as problems.

    Who writes money there has taken the section for that of the funding: one mistake each, however
    many names of a programme are missing below.
    """
    data = document.data
    inline = _mapping(data, "programmes") if isinstance(data, dict) else {}
    needed, known = needed_names(Programme), built_in_names("programmes")
    short = [name for name, entry in inline.items()
             if not isinstance(entry, dict) or 2 * sum(each in entry for each in needed)
             < len(needed)]
    if not short:
        return data, []
    problems = [
        document.problem(
            ("programmes", name), words("a programme that is not written out in full"),
            _WHOLE_ONLY, "" if name in known else nearest(name, known))
        for name in short
    ]
    whole = {name: entry for name, entry in inline.items() if name not in short}
    return {**data, "programmes": whole}, problems


def _mapping(data: dict[str, Any], name: str) -> dict[str, Any]:
    part = data.get(name)
    return part if isinstance(part, dict) else {}


def _overrides(document: Document,
               entries: Mapping[str, Any]) -> tuple[list[Override], list[Problem]]:
    """Return the overrides that can be read."""
    overrides, problems = [], []
    for name, entry in entries.items():
        read, found = validate(OverrideEntry, document, entry, ("overrides", name))
        problems += found
        if read is not None:
            overrides.append(_as_override(name, read))
    return overrides, problems


def _as_override(name: str, entry: OverrideEntry) -> Override:
    return Override(name, entry.value, entry.reason, entry.author, entry.low, entry.high)


def _switches(document: Document, switches: Mapping[str, Any]) -> list[Problem]:
    return [
        document.problem(("switches", name), words("an unknown switch"), ", ".join(SWITCHES),
                         nearest(name, SWITCHES))
        for name in switches if name not in SWITCHES
    ]


def _programmes(document: Document, data: dict[str, Any],
                overrides: list[Override]) -> tuple[dict[str, Programme], list[Problem]]:
    """Return the programmes that the scenario funds, with its overrides in them."""
    inline = _mapping(data, "programmes")
    known = sorted({*built_in_names("programmes"), *inline})
    asked: dict[str, Location] = {name: ("programmes", name) for name in inline}
    problems: list[Problem] = []
    funding = data.get("funding")
    for index, item in enumerate(funding if isinstance(funding, list) else []):
        name = item.get("programme") if isinstance(item, dict) else None
        if isinstance(name, str):
            asked.setdefault(name, ("funding", index, "programme"))
    changes = [change for change in overrides if change.name.startswith(PROGRAMMES)]
    for change in changes:
        name = change.name.removeprefix(PROGRAMMES).partition(".")[0]
        if name not in asked:
            problems.append(document.problem(("overrides", change.name), change.name,
                                             "a programme that the scenario funds",
                                             nearest(name, asked)))
    programmes = {}
    for name, where in asked.items():
        if name not in known:
            problems.append(document.problem(where, name, ", ".join(known), nearest(name, known)))
            continue
        of_this = [c for c in changes if c.name.startswith(f"{PROGRAMMES}{name}.")]
        programme, found = _programme(document, name, inline.get(name), of_this)
        problems += found
        if programme is not None:
            programmes[name] = programme
    return programmes, problems


def _programme(document: Document, name: str, data: Any,
               changes: list[Override]) -> tuple[Programme | None, list[Problem]]:
    """Return one programme, from this document or its own file, with overrides in it."""
    source, location = document, cast(Location, ("programmes", name))
    if data is None:
        try:
            source, location = read_document(built_in("programmes", name)), ()
        except InputError as error:
            return None, error.problems
        data = source.data
    problems = []
    for change in changes:
        if change.low is not None or change.high is not None:
            stem = change.name.rpartition(".")[0]
            problems.append(document.problem(
                ("overrides", change.name, "low" if change.high is None else "high"),
                change.low if change.high is None else change.high,
                f"no range here: override {stem}.low and {stem}.high beside it"))
        path = change.name.removeprefix(f"{PROGRAMMES}{name}.").split(".")
        result = overridden(data, path, change.value)
        if isinstance(result, str):
            problems.append(unknown_field(document, ("overrides", change.name), result))
        else:
            data = result
    programme, found = read_programme(source, location, data, name)
    return programme, problems + found


def _funding(document: Document, data: dict[str, Any],
             programmes: dict[str, Programme]) -> list[Problem]:
    """Return what is wrong with the money: years, deciles, prices, fixed costs, the sum."""
    items = data.get("funding")
    lines = {index: readable(Funding, item)
             for index, item in enumerate(items if isinstance(items, list) else [])}
    problems = []
    for index, line in lines.items():
        if line is not None:
            programme = programmes.get(line.programme)
            problems += [document.problem(("funding", index, field), given, allowed)
                         for field, given, allowed in _line_faults(line, programme, data)]
    readable_lines = [line for line in lines.values() if line is not None]
    if lines and "price_year" not in data:
        problems.append(document.problem(("price_year",), NOTHING, "the year of the prices"))
    if len(readable_lines) == len(lines):
        problems += _budgets(document, data, readable_lines)
    return problems


def _budgets(document: Document, data: dict[str, Any], lines: list[Funding]) -> list[Problem]:
    """Return where the money does not add up to the budget, or two budgets are given."""
    per_year, by_year = data.get("budget_per_year"), data.get("budget_by_year")
    other = [data.get(name, 0) for name in ("team_per_year", "evaluation_per_year")]
    if not all(isinstance(pounds, int) for pounds in other):
        return []
    if per_year is not None and by_year is not None:
        return [document.problem(("budget_by_year",), by_year, "one budget, not two")]
    if isinstance(by_year, list) and all(isinstance(pounds, int) for pounds in by_year):
        return budget_problems(document, lines, sum(other), by_year)
    if isinstance(per_year, int):
        return budget_problems(document, lines, sum(other), per_year)
    return []


def _unknown_authorities(document: Document, data: dict[str, Any],
                         authorities: Collection[str] | None) -> list[Problem]:
    items = data.get("funding")
    if authorities is None or not isinstance(items, list):
        return []
    lines = [readable(Funding, item) for item in items]
    return [
        document.problem(("funding", index, "authorities", place), code, ", ".join(authorities),
                         nearest(code, authorities))
        for index, line in enumerate(lines) if line is not None
        for place, code in enumerate(line.authorities) if code not in authorities
    ]


def _line_faults(line: Funding, programme: Programme | None,
                 data: dict[str, Any]) -> list[tuple[str, object, str]]:
    faults: list[tuple[str, object, str]] = []
    if line.last_year is not None and line.last_year < line.first_year:
        faults.append(("last_year", line.last_year, f"{line.first_year}, the first, or later"))
    if any(not 1 <= decile <= 10 for decile in line.deprivation_deciles):
        faults.append(("deprivation_deciles", list(line.deprivation_deciles), "1 to 10"))
    if programme is None:
        return faults
    prices = programme.cost.price_year
    if data.get("price_year") not in (None, prices):
        faults.append(("programme", words(f"costs in prices of {prices}"),
                       f"prices of the scenario, {data['price_year']}"))
    fixed = programme.cost.fixed_cost_per_year
    if 0 < line.money_per_year <= fixed:
        faults.append(("money_per_year", line.money_per_year,
                       f"0, or more than the fixed cost of {fixed:,.0f} a year"))
    return faults
