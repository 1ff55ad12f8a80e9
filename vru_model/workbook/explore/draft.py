"""A strategy while it is being built: programmes, money and years, and what is left to the pound.

A draft holds what was typed even where it cannot be read yet, so that a slip loses nothing. It is
checked by the schemas that check every strategy's file, and its YAML is such a file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import yaml

from vru_model.errors import Problem
from vru_model.parameters.documents import built_in, built_in_names, parse_document, read_document
from vru_model.parameters.funding import Funding
from vru_model.parameters.programmes import Programme
from vru_model.parameters.register import load_programme
from vru_model.parameters.scenario_document import PROGRAMMES, ScenarioDocument, read_scenario
from vru_model.parameters.schema import validate
from vru_model.workbook import entries

PRICES = "2024/25"
HORIZON = 25
_READERS = {"title": entries.words, "budget": entries.budgets, "team_per_year": entries.pounds,
            "evaluation_per_year": entries.pounds, "money_per_year": entries.pounds,
            "first_year": entries.year, "last_year": entries.last_year}  # fmt: skip
_OWN_SOURCE = "Entered in the workbook; not a published grant."


@dataclass(frozen=True)
class Draft:
    """A strategy as far as it has been built.

    Parameters
    ----------
    title
        As a reader sees it; the name of its file is made from it.
    budget
        £ a year: one number for every year, or one for each year from year 1 on.
    lines
        Money on programmes.
    team_per_year, evaluation_per_year
        £ a year of the budget that buy no programme.
    condition
        Name of a scenario that says what happens to the money; "" for nothing.
    shock
        What a preset itself says of that.
    source
        Where the budget comes from.
    overrides
        What the file that it was opened from puts in the place of its programmes' values: dotted
        name → value, reason and author.
    grant_per_year
        £ a year of the budget that are grant, as that file says; None for all of it.
    unread
        Field → text that was typed there and cannot be read yet. Fields are "title", "budget",
        "team_per_year", "evaluation_per_year" and "NUMBER.money_per_year", "NUMBER.first_year",
        "NUMBER.last_year" of a line.
    preset
        The built-in strategy that it is, as long as nothing in it is changed: its runs are shared.
    """

    title: str
    budget: tuple[int, ...]
    lines: tuple[Funding, ...] = ()
    team_per_year: int = 0
    evaluation_per_year: int = 0
    condition: str = ""
    shock: Mapping[str, Any] = field(default_factory=dict)
    source: str = _OWN_SOURCE
    overrides: Mapping[str, Any] = field(default_factory=dict)
    grant_per_year: int | None = None
    unread: Mapping[str, str] = field(default_factory=dict)
    preset: str = ""

    @classmethod
    def from_preset(cls, name: str) -> Draft:
        """Return a built-in strategy as a draft; raise InputError where there is none."""
        data = read_document(built_in("strategies", name)).data
        return cls.from_document({**data, "preset": name})

    @classmethod
    def from_document(cls, data: Mapping[str, Any]) -> Draft:
        """Return the draft that a strategy's checked document holds."""
        per_year = data.get("budget_per_year")
        return cls(
            title=data["title"],
            budget=tuple(data.get("budget_by_year") or ([] if per_year is None else [per_year])),
            lines=tuple(Funding.model_validate(line) for line in data.get("funding", ())),
            team_per_year=data.get("team_per_year", 0),
            evaluation_per_year=data.get("evaluation_per_year", 0),
            condition=data.get("condition", ""),
            shock=data.get("shock", {}),
            source=data.get("budget_source", _OWN_SOURCE),
            overrides=data.get("overrides", {}), grant_per_year=data.get("grant_per_year"),
            unread=data.get("unread", {}),
            preset=data.get("preset", ""),
        )

    def kept(self) -> dict[str, Any]:
        """Return everything in it, what cannot be read included; `from_document` reads it."""
        return {
            "title": self.title, "budget_by_year": list(self.budget),
            "funding": [line.model_dump(mode="json") for line in self.lines],
            "team_per_year": self.team_per_year, "evaluation_per_year": self.evaluation_per_year,
            "condition": self.condition, "shock": dict(self.shock), "budget_source": self.source,
            "overrides": dict(self.overrides), "grant_per_year": self.grant_per_year,
            "unread": dict(self.unread), "preset": self.preset,
        }  # fmt: skip

    @property
    def name(self) -> str:
        """Return the name of its file: the title in small letters a to z and underscores."""
        if self.preset:
            return self.preset
        # Letters with marks, as in Welsh or Polish, keep their letter.
        letters = unicodedata.normalize("NFKD", self.title.lower().replace("ł", "l"))
        plain = "".join(each for each in letters if not unicodedata.combining(each))
        found = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
        return found if found[:1].isalpha() else f"strategy_{found}".rstrip("_")

    def entered(self, where: str, text: str) -> Draft:
        """Return the draft with a text typed into a field: read, or kept until it can be."""
        value, problem = entries.read(_READERS[where.rpartition(".")[2]], text)
        unread = {name: kept for name, kept in self.unread.items() if name != where}
        if problem:
            return replace(self, unread={**unread, where: text})
        number, _, name = where.rpartition(".")
        if number:
            return replace(self.with_line(int(number), **{name: value}), unread=unread)
        return self.changed(**{name: value}, unread=unread)

    def changed(self, **changes: Any) -> Draft:
        """Return the draft with some things changed; it is then no preset any more."""
        return replace(self, **changes, preset="")

    def with_line(self, number: int, **changes: Any) -> Draft:
        """Return the draft with some of a line changed."""
        lines = list(self.lines)
        lines[number] = Funding.model_validate(lines[number].model_dump() | changes)
        return self.changed(lines=tuple(lines))

    def with_programme(self, name: str) -> Draft:
        """Return the draft with one programme more: what is left of the budget, or its least."""
        programme = load_programme(name)
        least = programme.cost.fixed_cost_per_year + programme.cost.unit_cost
        money = max(min(left for _, _, left in self.left), 0) or round(least)
        return self.changed(lines=(*self.lines, Funding(programme=name, money_per_year=money)))

    def without_line(self, number: int) -> Draft:
        """Return the draft without a line, and without what was typed there."""
        unread = {}
        for where, text in self.unread.items():
            line, _, name = where.rpartition(".")
            if not line or int(line) < number:
                unread[where] = text
            elif int(line) > number:
                unread[f"{int(line) - 1}.{name}"] = text
        lines = (*self.lines[:number], *self.lines[number + 1:])
        return self.changed(lines=lines, unread=unread)

    def budget_in(self, year: int) -> int:
        """Return the budget of a year, £."""
        if len(self.budget) == 1:
            return self.budget[0]
        return self.budget[year - 1] if year <= len(self.budget) else 0

    def spent_in(self, year: int) -> int:
        """Return what is placed in a year, £; the team and evaluation count where there is any."""
        placed = sum(line.money_per_year for line in self.lines if line.covers(year))
        if not placed and not self.budget_in(year):
            return 0
        return placed + self.team_per_year + self.evaluation_per_year

    @property
    def left(self) -> list[tuple[int, int, int]]:
        """Return (first year, last year, £ left) of each stretch of years; below 0: too much."""
        stretches: list[tuple[int, int, int]] = []
        for year in range(1, HORIZON + 1):
            left = self.budget_in(year) - self.spent_in(year)
            if stretches and stretches[-1][2] == left:
                stretches[-1] = (stretches[-1][0], year, left)
            else:
                stretches.append((year, year, left))
        return stretches

    @property
    def balance(self) -> str:
        """Return what is left of the budget, in words and to the pound."""
        parts = []
        for first, last, left in self.left:
            if left == 0:
                continue
            when = "" if (first, last) == (1, HORIZON) else (
                f" in year {first}" if first == last else
                f" from year {first} on" if last == HORIZON else f" in years {first} to {last}")
            parts.append(f"£{left:,} is left to place{when}" if left > 0
                         else f"£{-left:,} too much is placed{when}")
        return "Every pound is placed." if not parts else f"{'; '.join(parts)}."

    @property
    def document(self) -> dict[str, Any]:
        """Return the strategy as the document of a file."""
        one = len(self.budget) == 1
        shock = dict(self.shock) | (_shock_of(self.condition) if self.condition else {})
        found: dict[str, Any] = {
            "name": self.name, "title": self.title,
            "question": f"What would “{self.title}” change against business as usual?",
            "price_year": PRICES,
            "budget_per_year" if one else "budget_by_year":
                self.budget[0] if one else list(self.budget),
            "budget_source": self.source,
            "team_per_year": self.team_per_year, "evaluation_per_year": self.evaluation_per_year,
            "shock": shock,
            "funding": [_written(line) for line in self.lines],
            "overrides": self.own_overrides,
        }  # fmt: skip
        grant = {} if self.grant_per_year is None else {"grant_per_year": self.grant_per_year}
        return {name: value for name, value in found.items() if value not in (0, {}, [])} | grant

    @property
    def own_overrides(self) -> dict[str, Any]:
        """Return the overrides of the programmes that are still funded."""
        funded = {line.programme for line in self.lines}
        return {name: entry for name, entry in self.overrides.items()
                if name.removeprefix(PROGRAMMES).partition(".")[0] in funded}

    def yaml(self) -> str:
        """Return the strategy as a file that `vru run` takes."""
        return yaml.safe_dump(self.document, sort_keys=False, allow_unicode=True, width=100)

    @cached_property
    def problems(self) -> dict[str, str]:
        """Return field → what is wrong with it, in words; empty where it can be run.

        What concerns no single field stands under "".
        """
        found = {where: entries.read(_READERS[where.rpartition(".")[2]], text)[1]
                 for where, text in self.unread.items()}
        if not self.lines:
            found.setdefault("", "Add at least one programme.")
        if not self.balance.startswith("Every"):
            found.setdefault("", self.balance)
        reading = read_scenario(parse_document(self.yaml(), "this strategy"), self.name)
        for problem in reading.problems:
            where = _field(problem.name)
            if where != "budget" or "" not in found:
                found.setdefault(where, _in_words(problem))
        return found

    @property
    def programmes(self) -> list[Programme]:
        """Return the programme of each line."""
        return [load_programme(line.programme) for line in self.lines]


def presets() -> dict[str, str]:
    """Return name → title of the built-in strategies."""
    return _titles("strategies")


def conditions() -> dict[str, str]:
    """Return name → title of the built-in scenarios that say what happens to the money."""
    titles = _titles("scenarios")
    return {name: title for name, title in titles.items() if _shock_of(name)}


def _titles(kind: str) -> dict[str, str]:
    found = {}
    for name in built_in_names(kind):
        scenario, _ = validate(ScenarioDocument, read_document(built_in(kind, name)))
        if scenario is not None:
            found[name] = scenario.title
    return found


def _shock_of(condition: str) -> dict[str, Any]:
    return dict(read_document(built_in("scenarios", condition)).data.get("shock", {}))


def _written(line: Funding) -> dict[str, Any]:
    """Return a line as it is written: without what says nothing."""
    data = line.model_dump(mode="json", exclude_defaults=True)
    return {"programme": line.programme, "money_per_year": line.money_per_year, **data}


def _field(location: str) -> str:
    """Return the field of a draft that a location in its document belongs to."""
    parts = location.split(".")
    if parts[0] in ("budget_per_year", "budget_by_year"):
        return "budget"
    if parts[0] == "funding" and len(parts) > 2 and parts[2] in _READERS:
        return f"{parts[1]}.{parts[2]}"
    return "title" if parts[0] == "name" else parts[0] if parts[0] in _READERS else ""


def _in_words(problem: Problem) -> str:
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{problem.given} cannot be used; allowed: {problem.allowed}{hint}."
