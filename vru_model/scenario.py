"""Scenarios: frozen, hashable, composable with ``+``, and able to say themselves in a sentence.

>>> Scenario.load("quick").sentence()
>>> (Scenario.load("quick") + Scenario.load("slow")).digest
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vru_model.errors import InputError, Problem, nearest
from vru_model.parameters import composition, years
from vru_model.parameters.checking import Checker
from vru_model.parameters.documents import built_in_of, read_document
from vru_model.parameters.funding import Funding, merged
from vru_model.parameters.loading import ModelParameters, Override, load_model_parameters
from vru_model.parameters.programmes import Delivery, Programme
from vru_model.parameters.scenario_document import PROGRAMMES, ScenarioDocument, read_scenario
from vru_model.parameters.shocks import Shock
from vru_model.parameters.wording import scenario_sentence

if TYPE_CHECKING:
    from vru_model.place import Place

KINDS = ("scenarios", "strategies")
"""Folders of built-in documents: named differences, and portfolios of programmes."""


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
    budget_by_year
        Instead of ``budget_per_year``: £ in year 1, year 2 and so on.
    grant_per_year
        Of the budget, the grant; None for all of it.
    team_per_year, evaluation_per_year
        £ a year of the budget that buy no programme.
    shock
        What happens to whatever is funded.
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
    budget_by_year: tuple[int, ...] = ()
    grant_per_year: int | None = None
    team_per_year: int = 0
    evaluation_per_year: int = 0
    shock: Shock = Shock()

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
        parts = [built_in_of(KINDS, part.strip()) for part in text.split("+")]
        first, *others = [cls._from_file(part) for part in parts]
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
            overrides_made=composition.by_name(reading.overrides),
            switches_set=tuple(sorted(document.switches.items())),
            programmes_funded=tuple(
                programme for _, programme in sorted(reading.programmes.items())
            ),
            budget_per_year=document.budget_per_year or 0,
            price_year=document.price_year or "",
            budget_source=document.budget_source or "",
            budget_by_year=document.budget_by_year or (),
            grant_per_year=document.grant_per_year,
            team_per_year=document.team_per_year,
            evaluation_per_year=document.evaluation_per_year,
            shock=document.shock,
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
        return not (self.funding or self.overrides_made or self.switches_set or self.shock.made)

    def parameters(self, path: str | Path | None = None) -> ModelParameters:
        """Return the model's parameters with the scenario's overrides in them."""
        return load_model_parameters(path, self.overrides)

    def money_in(self, year: int) -> int:
        """Return the £ promised to programmes in a year, counted from 1, after any shock."""
        return sum(years.money_in(line, self.shock, year) for line in self.funding)

    def funded_years(self, line: Funding, scale: float = 1.0,
                     unit_cost: float | None = None) -> tuple[years.FundedYear, ...]:
        """Return what a line of the funding buys in each year; see ``years.funded_years``."""
        programme = self.programmes[line.programme]
        return years.funded_years(line, self.funding, programme, self.shock, scale, unit_cost)

    def terms(self, programme: Programme) -> Delivery:
        """Return the numbers of a programme's delivery that do not depend on the money."""
        return years.terms(programme, self.shock)

    def deliveries(self, year: int, scale: float = 1.0) -> list[tuple[Funding, Delivery]]:
        """Return each line that covers a year, and the numbers of its delivery."""
        return [
            (line, self.funded_years(line, scale)[year - 1].delivery)
            for line in self.funding if line.covers(year)
        ]

    def check_places(self, place: Place) -> None:
        """Refuse money in authorities, wards or neighbourhoods that a place does not have.

        Raises
        ------
        InputError
            Naming every unknown one.
        """
        table = place.neighbourhoods
        known = {
            "authorities": [authority.code for authority in place.authorities],
            "wards": sorted(set(table["ward"])) if "ward" in table else [],
            "neighbourhoods": list(table["neighbourhood"]),
        }
        composition.refuse([
            Problem(f"scenario {self.name}", None, f"funding of {line.programme}: {kind}", code,
                    f"{kind} of {place.title}" + _told(codes),
                    nearest(code, codes))
            for line in self.funding for kind, codes in known.items()
            for code in getattr(line, kind) if code not in codes
        ])

    @cached_property
    def digest(self) -> str:
        """A hash of what determines a world (money, places, years, effects), not of the words."""
        content = {
            "funding": [line.model_dump(mode="json") for line in self.funding],
            "overrides": [[c.name, c.value, c.low, c.high] for c in self.overrides.values()],
            "switches": self.switches_set,
            "shock": self.shock.made,
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
        composition.refuse(self._contradictions(other))
        programmes = {**self.programmes, **other.programmes}
        return replace(
            self,
            name=f"{self.name}+{other.name}",
            title=f"{self.title} and {other.title[:1].lower()}{other.title[1:]}",
            question=f"{self.question} {other.question}",
            funding=merged([*self.funding, *other.funding]),
            overrides_made=composition.by_name([*self.overrides_made, *other.overrides_made]),
            switches_set=tuple(sorted({*self.switches_set, *other.switches_set})),
            programmes_funded=tuple(programmes[name] for name in sorted(programmes)),
            budget_per_year=self.budget_per_year + other.budget_per_year,
            price_year=self.price_year or other.price_year,
            budget_source="; ".join(filter(None, dict.fromkeys(
                [self.budget_source, other.budget_source]))),
            budget_by_year=self._both_by_year(other),
            grant_per_year=self._both_grants(other),
            team_per_year=self.team_per_year + other.team_per_year,
            evaluation_per_year=self.evaluation_per_year + other.evaluation_per_year,
            shock=composition.both_shocks(self.shock, other.shock),
        )

    def _contradictions(self, other: Scenario) -> list[Problem]:
        """Return where the two cannot both hold."""
        pairs = [
            ({c.name: c.value for c in self.overrides_made},
             {c.name: c.value for c in other.overrides_made}),
            (self.switches, other.switches),
            (self.programmes, other.programmes),
            (self.shock.made, other.shock.made),
        ]
        if self.funding and other.funding and bool(self.budget_by_year) != bool(
                other.budget_by_year):
            pairs.append(({"budget": "the same each year" if self.budget_per_year else "by year"},
                          {"budget": "the same each year" if other.budget_per_year else "by year"}))
        return composition.contradictions(f"{self.name} + {other.name}", pairs,
                                          (self.price_year, other.price_year))

    def _both_by_year(self, other: Scenario) -> tuple[int, ...]:
        """Return the budgets by year of both added up."""
        return tuple(sum(pair) for pair in zip_longest(
            self.budget_by_year, other.budget_by_year, fillvalue=0))

    def _both_grants(self, other: Scenario) -> int | None:
        """Return the grants of both added up; None where all of both budgets is grant."""
        if self.grant_per_year is None and other.grant_per_year is None:
            return None
        return sum(each.budget_per_year if each.grant_per_year is None else each.grant_per_year
                   for each in (self, other))

    def sentence(self) -> str:
        """Return the scenario in one sentence."""
        return scenario_sentence(self.title, self.funding, self.programmes, self.price_year,
                                 self.overrides_made, self.switches, self.shock)

    def resolved(self) -> dict[str, Any]:
        """Return the scenario in full, programmes included, as a document that loads again."""
        document: dict[str, Any] = {
            "name": self.name, "title": self.title, "question": self.question,
            "price_year": self.price_year or None,
            "budget_per_year": self.budget_per_year or None,
            "budget_by_year": list(self.budget_by_year) or None,
            "budget_source": self.budget_source or None,
            "grant_per_year": self.grant_per_year,
            "team_per_year": self.team_per_year or None,
            "evaluation_per_year": self.evaluation_per_year or None,
            "shock": self.shock.made,
            "funding": [line.model_dump(mode="json") for line in self.funding],
            "overrides": {change.name: composition.override_entry(change)
                          for change in self.overrides_made},
            "switches": self.switches,
            "programmes": {name: programme.model_dump(mode="json")
                           for name, programme in self.programmes.items()},
        }
        return {name: value for name, value in document.items() if value not in (None, {}, [])}


def _told(codes: list[str]) -> str:
    """Return the codes where they are few, and that there are none where there are none."""
    if not codes:
        return ", which has none"
    return f": {', '.join(codes)}" if len(codes) < 20 else ""


def scenario_checkers(authorities: Collection[str] | None = None) -> list[Checker]:
    """Return how scenarios are checked, for ``vru_model.parameters.checking.check``.

    ``authorities`` are the codes that they may name; any that look like codes unless given.
    """
    return [
        Checker(kind, f"{kind}/*.yaml", frozenset(ScenarioDocument.model_fields),
                partial(check_scenario, authorities=authorities))
        for kind in KINDS
    ]


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
