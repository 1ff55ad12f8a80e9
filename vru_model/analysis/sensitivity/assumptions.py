"""What is uncertain in a comparison, and scenarios in which it takes other values.

Uncertain are the parameters of the model that vary between draws, the sizes of the effects of
funded programmes, and their unit costs, which decide how many people the money reaches.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from vru_model.errors import InputError, Problem, nearest
from vru_model.parameters.distributions import quantile
from vru_model.parameters.loading import Override
from vru_model.parameters.programmes import TARGETS, Programme
from vru_model.parameters.register import overridden
from vru_model.parameters.scenario_document import PROGRAMMES
from vru_model.scenario import Scenario

_AUTHOR = "vru sensitivity"
_REASON = "value of a sensitivity analysis"


@dataclass(frozen=True)
class Assumption:
    """One uncertain number.

    Parameters
    ----------
    name
        Dotted, as a scenario would override it: "acting.ace", or
        "programmes.early_years.changes.self_regulation.value".
    title, unit, source, known
        What it is in plain words, its unit, where the number comes from, and how it is known.
    value, low, high
        Central value and range, as the document gives them.
    distribution
        How it varies between draws.
    minimum, maximum
        What the unit allows.
    """

    name: str
    title: str
    unit: str
    source: str
    known: str
    value: float
    low: float
    high: float
    distribution: str
    minimum: float
    maximum: float

    @property
    def programme(self) -> str:
        """Return the programme that it belongs to; "" where it is the model's."""
        if not self.name.startswith(PROGRAMMES):
            return ""
        return self.name.removeprefix(PROGRAMMES).partition(".")[0]

    def at(self, probability: float) -> float:
        """Return the value below which it lies with this probability, to six figures."""
        return six_figures(quantile(
            self.distribution, self.value, self.low, self.high, self.minimum, self.maximum,
            probability,
        ))  # fmt: skip


def six_figures(value: float) -> float:
    """Return a number as it is written into a scenario's document."""
    return float(f"{value:.6g}")


def assumptions(
    base: Scenario, other: Scenario, only: Iterable[str] | None = None
) -> list[Assumption]:
    """Return what is uncertain in both scenarios, the model's parameters first.

    What a scenario sets to a value of its own is its choice and not an assumption.

    Parameters
    ----------
    base, other
        The scenarios that are compared.
    only
        Names to keep, or beginnings of names ("acting", "programmes.early_years"); all unless
        given.

    Raises
    ------
    InputError
        Where a name of `only` begins no assumption.
    """
    found = [*_of_the_model(base, other)]
    for programme in {**base.programmes, **other.programmes}.values():
        found += _of_a_programme(programme)
    if only is None:
        return found
    asked = list(dict.fromkeys(only))
    known = {part for each in found for part in (each.name, each.name.rpartition(".")[0])}
    problems = [
        Problem(None, None, "only", repr(name), "an uncertain parameter, or how its name begins",
                nearest(name, known))
        for name in asked if not any(_begins(each, name) for each in found)
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return [each for each in found if any(_begins(each, name) for name in asked)]


def _begins(assumption: Assumption, name: str) -> bool:
    return assumption.name == name or assumption.name.startswith(f"{name}.")


def _of_the_model(base: Scenario, other: Scenario) -> Iterable[Assumption]:
    ours, theirs = (each.parameters().parameters for each in (base, other))
    for name, row in ours.items():
        if row.uncertain and theirs[name].uncertain and row.low < row.high:
            written = row.row
            yield Assumption(
                name, _title(name, written.meaning), row.unit.name, written.source,
                f"{written.grade}, {written.status}", float(row.value), row.low, row.high,
                row.distribution, row.unit.minimum, row.unit.maximum,
            )  # fmt: skip


def _title(name: str, meaning: str) -> str:
    """Return a meaning with its section before it: alone it may lean on its neighbours."""
    section = name.partition(".")[0].replace("_", " ").capitalize()
    begins_small = meaning[:1].lower() if meaning[1:2].islower() else meaning[:1]
    return f"{section}: {begins_small}{meaning[1:]}"


def _of_a_programme(programme: Programme) -> Iterable[Assumption]:
    for change in programme.changes:
        low, high = change.low, change.high
        if change.distribution != "fixed" and low is not None and high is not None and low < high:
            unit = TARGETS[change.target].unit
            yield Assumption(
                f"{PROGRAMMES}{programme.name}.changes.{change.target}.value",
                f"{programme.title}: effect on {change.target.replace('_', ' ')}", unit.name,
                change.source, f"{change.grade}, programme", change.value, low, high,
                change.distribution, unit.minimum, unit.maximum,
            )  # fmt: skip
    cost = programme.cost
    if cost.low < cost.high:
        yield Assumption(
            f"{PROGRAMMES}{programme.name}.cost.unit_cost",
            f"{programme.title}: cost of one {cost.per}", f"£ a year, {cost.price_year}",
            cost.source, f"{cost.basis}, programme", cost.unit_cost, cost.low, cost.high,
            "triangular", cost.low, cost.high,
        )  # fmt: skip


def varied(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return a scenario in which some assumptions take other values, the same in every draw.

    Values of programmes that the scenario does not fund do not concern it; where nothing
    concerns it, it is returned as it is. The name tells the values by a hash, so that the same
    values make the same run in whichever design they occur.
    """
    funded = scenario.programmes
    mine = {
        name: value for name, value in sorted(values.items())
        if not name.startswith(PROGRAMMES)
        or name.removeprefix(PROGRAMMES).partition(".")[0] in funded
    }  # fmt: skip
    if not mine:
        return scenario
    overrides = {change.name: change for change in scenario.overrides_made}
    overrides |= {name: Override(name, value, _REASON, _AUTHOR) for name, value in mine.items()}
    marked = hashlib.sha256(json.dumps(mine).encode()).hexdigest()[:10]
    return replace(
        scenario,
        name=f"{scenario.name}_at_{marked}",
        title=f"{scenario.title}, with other values of {len(mine)} assumptions",
        question=f"What if {', '.join(mine)} had other values?",
        overrides_made=tuple(overrides[name] for name in sorted(overrides)),
        programmes_funded=tuple(_changed(each, mine) for each in scenario.programmes_funded),
    )


def _changed(programme: Programme, values: Mapping[str, float]) -> Programme:
    """Return a programme with its own values in it, each of them fixed.

    A value may lie outside the range that the document gives, which is an interval of the
    distribution and not its end. Beside the value the range would then say what is not so, and
    the scenario's document would not load again.
    """
    data = programme.model_dump(mode="json")
    begins = f"{PROGRAMMES}{programme.name}."
    for name, value in values.items():
        if name.startswith(begins):
            path = name.removeprefix(begins).split(".")
            for field, fixed in {path[-1]: value, **_fixed(path, value)}.items():
                result = overridden(data, [*path[:-1], field], fixed)
                if isinstance(result, str):
                    raise ValueError(f"{name} is no field of its programme; {result}")
                data = result
    return Programme.model_validate(data)


def _fixed(path: list[str], value: float) -> dict[str, object]:
    """Return what stands beside a value that is the same in every draw: field → content."""
    if path[0] == "changes":
        return {"distribution": "fixed", "low": None, "high": None}
    return {"low": value, "high": value}
