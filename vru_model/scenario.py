"""Scenarios: frozen, hashable, composable with ``+``, and able to say themselves in a sentence.

>>> Scenario.load("quick").sentence()
>>> (Scenario.load("quick") + Scenario.load("slow")).digest
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from vru_model.errors import InputError, Problem, nearest
from vru_model.parameters.checking import Checker
from vru_model.parameters.documents import built_in, read_document
from vru_model.parameters.loading import ModelParameters, Override, load_model_parameters
from vru_model.parameters.programmes import Delivery, Programme
from vru_model.parameters.scenario_document import (
    PROGRAMMES,
    Funding,
    ScenarioDocument,
    merged,
    read_scenario,
)
from vru_model.parameters.wording import scenario_sentence

KIND = "scenarios"


@dataclass(frozen=True)
class Scenario:
    """Things as they are, plus a named difference.

    Parameters
    ----------
    name, title, question
        What it is called in files and for readers, and the question that it answers.
    funding
        Money on programmes over years and places.
    overrides_made
        Replacements of parameters, of the model and of programmes, with reason and author.
    switches_set
        Loops of the model set on or off, as (name, on).
    programmes_funded
        The programmes that the funding names, as they are delivered here (overrides included).
    budget_per_year
        £ a year that the funding adds up to in every year that has any; 0 for none.
    price_year
        Financial year whose prices the money is in; "" where there is no money.
    budget_source
        Where the budget comes from.
    """

    name: str
    title: str
    question: str
    funding: tuple[Funding, ...] = ()
    overrides_made: tuple[Override, ...] = ()
    switches_set: tuple[tuple[str, bool], ...] = ()
    programmes_funded: tuple[Programme, ...] = field(default=(), repr=False)
    budget_per_year: int = 0
    price_year: str = ""
    budget_source: str = ""

    @classmethod
    def baseline(cls) -> Scenario:
        """Return things as they are."""
        return cls.load("baseline")

    @classmethod
    def load(cls, source: str | Path) -> Scenario:
        """Return a scenario.

        Parameters
        ----------
        source
            The name of a built-in scenario, several joined by ``+``, or the path of a file,
            such as the ``scenario.yaml`` of a finished run.

        Raises
        ------
        InputError
            Listing everything that is wrong with the document.
        """
        text = str(source)
        if Path(text).suffix in (".yaml", ".yml"):
            return cls._from_file(Path(text))
        first, *others = [cls._from_file(built_in(KIND, part.strip())) for part in text.split("+")]
        for other in others:
            first = first + other
        return first

    @classmethod
    def _from_file(cls, path: Path) -> Scenario:
        reading = read_scenario(read_document(path), _expected_name(path))
        document = reading.scenario
        if document is None:
            raise InputError(reading.problems)
        return cls(
            name=document.name,
            title=document.title,
            question=document.question,
            funding=merged(document.funding),
            overrides_made=_by_name(reading.overrides),
            switches_set=tuple(sorted(document.switches.items())),
            programmes_funded=tuple(
                programme for _, programme in sorted(reading.programmes.items())
            ),
            budget_per_year=document.budget_per_year or 0,
            price_year=document.price_year or "",
            budget_source=document.budget_source or "",
        )

    @property
    def overrides(self) -> dict[str, Override]:
        """Dotted name of a parameter of the model → its replacement."""
        return {change.name: change for change in self.overrides_made
                if not change.name.startswith(PROGRAMMES)}

    @property
    def switches(self) -> dict[str, bool]:
        """Loop of the model → on or off, where the scenario says so."""
        return dict(self.switches_set)

    @property
    def programmes(self) -> dict[str, Programme]:
        """Name → programme, of all that are funded."""
        return {programme.name: programme for programme in self.programmes_funded}

    @property
    def changes_nothing(self) -> bool:
        """Whether it is things as they are."""
        return not (self.funding or self.overrides_made or self.switches_set)

    def parameters(self, path: str | Path | None = None) -> ModelParameters:
        """Return the model's parameters with the scenario's overrides in them."""
        return load_model_parameters(path, self.overrides)

    def money_in(self, year: int) -> int:
        """Return the £ spent in a year, counted from 1."""
        return sum(line.money_per_year for line in self.funding if line.covers(year))

    def deliveries(self, year: int, scale: float = 1.0) -> list[tuple[Funding, Delivery]]:
        """Return each line of funding in a year with the numbers of its delivery.

        A programme that is paid for in several places pays its fixed cost once; the reach is
        shared out in proportion to the money.
        """
        lines = [line for line in self.funding if line.covers(year)]
        totals: dict[str, int] = {}
        for line in lines:
            totals[line.programme] = totals.get(line.programme, 0) + line.money_per_year
        programmes = self.programmes
        return [
            (line, programmes[line.programme].delivery(
                totals[line.programme], scale,
                line.money_per_year / max(totals[line.programme], 1)))
            for line in lines
        ]

    def check_authorities(self, codes: Collection[str], place: str = "the place") -> None:
        """Refuse money in local authorities that a place does not have.

        Raises
        ------
        InputError
            Naming every unknown authority.
        """
        unknown = {code: line for line in self.funding for code in line.authorities
                   if code not in codes}
        if unknown:
            raise InputError([
                Problem(f"scenario {self.name}", None, f"funding of {line.programme}", code,
                        f"authorities of {place}: {', '.join(codes)}", nearest(code, codes))
                for code, line in unknown.items()
            ])

    @cached_property
    def digest(self) -> str:
        """A hash of what determines a world (money, places, years, effects), not of the words."""
        content = {
            "funding": [line.model_dump(mode="json") for line in self.funding],
            "overrides": [[c.name, c.value, c.low, c.high] for c in self.overrides.values()],
            "switches": self.switches_set,
            "programmes": {line.programme: self.programmes[line.programme].numbers()
                           for line in self.funding},
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def __hash__(self) -> int:
        """Hash by what determines a world, so that a scenario can be the key of a dictionary."""
        return hash(self.digest)

    def __add__(self, other: Scenario) -> Scenario:
        """Return both together: money adds up, and neither may contradict the other.

        Raises
        ------
        InputError
            Where both set the same parameter or switch, or define the same programme, in
            different ways, or count money in different prices.
        """
        if not isinstance(other, Scenario):
            return NotImplemented
        if self.changes_nothing or other.changes_nothing:
            return other if self.changes_nothing else self
        if problems := _contradictions(self, other):
            raise InputError(problems)
        programmes = {**self.programmes, **other.programmes}
        return replace(
            self,
            name=f"{self.name}+{other.name}",
            title=f"{self.title} and {other.title[:1].lower()}{other.title[1:]}",
            question=f"{self.question} {other.question}",
            funding=merged([*self.funding, *other.funding]),
            overrides_made=_by_name([*self.overrides_made, *other.overrides_made]),
            switches_set=tuple(sorted({*self.switches_set, *other.switches_set})),
            programmes_funded=tuple(programmes[name] for name in sorted(programmes)),
            budget_per_year=self.budget_per_year + other.budget_per_year,
            price_year=self.price_year or other.price_year,
            budget_source="; ".join(filter(None, dict.fromkeys(
                [self.budget_source, other.budget_source]))),
        )

    def sentence(self) -> str:
        """Return the scenario in one sentence."""
        return scenario_sentence(self.title, self.funding, self.programmes, self.price_year,
                                 self.overrides_made, self.switches)

    def resolved(self) -> dict[str, Any]:
        """Return the scenario in full, programmes included, as a document that loads again."""
        document: dict[str, Any] = {
            "name": self.name, "title": self.title, "question": self.question,
            "price_year": self.price_year or None,
            "budget_per_year": self.budget_per_year or None,
            "budget_source": self.budget_source or None,
            "funding": [line.model_dump(mode="json") for line in self.funding],
            "overrides": {change.name: _entry(change) for change in self.overrides_made},
            "switches": self.switches,
            "programmes": {name: programme.model_dump(mode="json")
                           for name, programme in self.programmes.items()},
        }
        return {name: value for name, value in document.items() if value not in (None, {}, [])}


def scenario_checker(authorities: Collection[str] | None = None) -> Checker:
    """Return how scenarios are checked, for ``vru_model.parameters.checking.check``.

    ``authorities`` are the codes that they may name; any that look like codes unless given.
    """
    return Checker("scenario", "scenarios/*.yaml", frozenset(ScenarioDocument.model_fields),
                   partial(check_scenario, authorities=authorities))


def check_scenario(path: str | Path, authorities: Collection[str] | None = None) -> list[Problem]:
    """Return everything that is wrong with a scenario's file."""
    name = _expected_name(Path(path))
    try:
        return read_scenario(read_document(path), name, authorities).problems
    except InputError as error:
        return error.problems


def _expected_name(path: Path) -> str | None:
    """Return the name that a file's scenario must have; a run's scenario.yaml keeps its own."""
    return None if path.stem == "scenario" else path.stem


def _by_name(overrides: Iterable[Override]) -> tuple[Override, ...]:
    """Return overrides in the order of their names, each once."""
    named = {change.name: change for change in overrides}
    return tuple(named[name] for name in sorted(named))


def _contradictions(first: Scenario, second: Scenario) -> list[Problem]:
    """Return where two scenarios cannot both hold."""
    names = f"{first.name} + {second.name}"
    pairs = [
        ({c.name: c.value for c in first.overrides_made},
         {c.name: c.value for c in second.overrides_made}),
        (first.switches, second.switches),
        (first.programmes, second.programmes),
    ]
    problems = [
        Problem(names, None, name, f"{ours[name]!r:.40} and {theirs[name]!r:.40}",
                "one value in both")
        for ours, theirs in pairs for name in sorted(ours.keys() & theirs.keys())
        if ours[name] != theirs[name]
    ]
    if first.price_year and second.price_year and first.price_year != second.price_year:
        problems.append(Problem(names, None, "price_year",
                                f"{first.price_year} and {second.price_year}", "the same prices"))
    return problems


def _entry(change: Override) -> dict[str, Any]:
    entry = {"value": change.value, "reason": change.reason, "author": change.author}
    return entry if change.low is None else {**entry, "low": change.low, "high": change.high}
