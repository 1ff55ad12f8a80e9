"""Boundaries between organisations as scenarios: the same strategy with one of them removed.

Each test changes numbers that a programme's document declares (its delay of referral, its oldest
age), or pays for more of a programme, and nothing else. It is run in the same worlds as what it is
held against, so that the difference is the boundary.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pandas as pd

from vru_model.analysis.pathways import pathways
from vru_model.experiments import Run
from vru_model.parameters import composition
from vru_model.parameters.funding import Funding, merged
from vru_model.parameters.loading import Override
from vru_model.parameters.programmes import Programme
from vru_model.parameters.register import load_programme, overridden
from vru_model.programmes.pathway import LOST_WAITING, STARTED
from vru_model.reporting.board.system.prices import priced_by
from vru_model.reporting.words import in_words, sentence_case, two_figures
from vru_model.scenario import Scenario

AUTHOR = "The board paper on system change"
DATA_SHARING, REFERRAL, WAITING, EIGHTEEN = "data_sharing", "referral", "waiting", "eighteen"
SHARING_PROGRAMME = "health_data_sharing"
REFERRING = "health_led"
"""The built-in strategy on which the delay of referral is tried where the paper's has none."""
ONE_WEEK = 0.25
CHILD_AGES = range(16, 19)
"""Oldest ages, in years, of programmes that end with childhood."""
OLDEST = 24
_ROUND_POUNDS = 1_000
_FEWEST_LOST = 1.0


@dataclass(frozen=True)
class Boundary:
    """A boundary between organisations, and the scenario in which it is gone.

    Parameters
    ----------
    name, title
        What it is called in files and in a heading.
    between
        The organisations on its two sides.
    held_against
        The scenario that differs by the boundary alone.
    scenario
        Without the boundary; None where there is nothing to remove.
    done
        What the test does to the programmes; where there is nothing to remove, why.
    cost_per_year
        £ a year that the model knows of, None where it is not known.
    cost_words
        What the cost is made of, or who must supply it.
    affected
        The programmes that people reach past this boundary.
    priced_by
        Where the unit costs come from that the cost is made of; "" where there is none. It says
        that they are no provider's prices, which the public might not see.
    """

    name: str
    title: str
    between: str
    held_against: Scenario
    scenario: Scenario | None = None
    done: str = ""
    cost_per_year: float | None = None
    cost_words: str = "nothing: it was not tested"
    affected: tuple[str, ...] = ()
    priced_by: str = ""


def with_changes(
    scenario: Scenario, suffix: str, title: str, values: Mapping[str, Any], reason: str
) -> Scenario:
    """Return a scenario with fields of its programmes replaced.

    Parameters
    ----------
    suffix, title
        What is added to its name and its title.
    values
        Dotted name (``programmes.NAME.field``, as in a scenario's document) → new value.
    reason
        Why, as the run's own document will say.

    Raises
    ------
    ValueError
        Where there is no such programme or field.
    """
    programmes = scenario.programmes
    for name, value in values.items():
        _, programme, *path = name.split(".")
        if programme not in programmes:
            raise ValueError(f"{scenario.name} does not fund {programme!r}")
        data = overridden(programmes[programme].model_dump(mode="json"), path, value)
        if isinstance(data, str):
            raise ValueError(f"{name}: no such field; {data}")
        programmes[programme] = Programme.model_validate_json(json.dumps(data))
    made = [Override(name, value, reason, AUTHOR) for name, value in values.items()]
    return replace(
        _named(scenario, suffix, title),
        programmes_funded=tuple(programmes[name] for name in sorted(programmes)),
        overrides_made=composition.by_name([*scenario.overrides_made, *made]),
    )


def with_money(
    scenario: Scenario, suffix: str, title: str, pounds: Mapping[str, int]
) -> Scenario:
    """Return a scenario with more money for some programmes, new ones among them.

    ``pounds`` is £ a year by programme, in the prices of the scenario. The budget is dropped: what
    is added was promised by nobody.
    """
    programmes = scenario.programmes
    for name in pounds:
        programmes.setdefault(name, load_programme(name))
    lines = [Funding(programme=name, money_per_year=more) for name, more in pounds.items()]
    return replace(
        _named(scenario, suffix, title),
        funding=merged([*scenario.funding, *lines]),
        programmes_funded=tuple(programmes[name] for name in sorted(programmes)),
        budget_per_year=0,
        budget_by_year=(),
        price_year=scenario.price_year or programmes[next(iter(pounds))].cost.price_year,
    )


def data_sharing(strategy: Scenario) -> Boundary:
    """Return the strategy with emergency departments' data shared, at its cost."""
    programme = load_programme(SHARING_PROGRAMME)
    boundary = Boundary(
        DATA_SHARING, "Data that stay in the hospital",
        "hospitals on one side, police, licensing and public health on the other", strategy,
    )  # fmt: skip
    price = round(programme.cost.unit_cost + programme.cost.fixed_cost_per_year)
    if SHARING_PROGRAMME in strategy.programmes:
        done = "The strategy pays for it already, so that there is nothing to remove."
        return replace(boundary, done=done)
    if strategy.price_year not in ("", programme.cost.price_year):
        done = (
            f"Not tested: the strategy counts in prices of {strategy.price_year}, the programme in "
            f"those of {programme.cost.price_year}."
        )
        return replace(boundary, done=done)
    title = "with emergency departments' data shared"
    return replace(
        boundary,
        scenario=with_money(strategy, "data_shared", title, {SHARING_PROGRAMME: price}),
        done=f"{programme.plain} One partnership is added to the strategy.",
        cost_per_year=price,
        cost_words=f"one {programme.cost.per} ({programme.cost.price_year} prices), on top of the "
        "strategy’s money",
        priced_by=priced_by([programme]),
    )


def referral_delay(strategy: Scenario) -> Boundary:
    """Return referrals passed on within a week; where the strategy has none, in another."""
    delayed = _delayed(strategy)
    tried = strategy
    why = ""
    if not delayed:
        tried = Scenario.load(REFERRING)
        delayed = _delayed(tried)
        why = (
            f"No programme of {_quoted(strategy)} waits for a referral, so that it has nothing to "
            f"remove; the test is made on another strategy, {_quoted(tried)}. "
        )
    values = {f"programmes.{each.name}.referral.delay_months": ONE_WEEK for each in delayed}
    listed = in_words([
        f"{each.title.lower()} ({_delay(each):g} months)" for each in delayed
    ])  # fmt: skip
    title = "with referrals passed on within a week"
    return Boundary(
        name=REFERRAL,
        title="Delay of referral",
        between="the agency that notices and the one that helps",
        held_against=tried,
        scenario=with_changes(tried, "referred_in_a_week", title, values, "Delay removed."),
        done=f"{why}From the event to the offer it takes one week instead of: {listed}.",
        cost_per_year=None,
        cost_words="not known: to be supplied by the agencies that refer",
        affected=tuple(each.name for each in delayed),
    )


def waiting(strategy: Scenario, run: Run) -> Boundary:
    """Return the strategy with room for as many people as it loses while they wait.

    ``run`` is the strategy's, in which those lost are counted.
    """
    boundary = Boundary(
        WAITING, "People lost while they wait",
        "the agency that refers and the one that has no place yet", strategy,
    )  # fmt: skip
    lost = lost_waiting(run)
    pounds = {
        name: price for name, people in lost.items()
        if (price := _price_of(strategy.programmes[name], people)) > 0
    }  # fmt: skip
    if not pounds:
        done = "Nobody is lost while waiting, so that there is nothing to remove."
        return replace(boundary, done=done)
    listed = in_words([
        f"{two_figures(lost[name])} people a year in "
        f"{strategy.programmes[name].title.lower()}"
        for name in pounds
    ])  # fmt: skip
    return replace(
        boundary,
        scenario=with_money(strategy, "nobody_waits", "with room for all who accept", pounds),
        done=f"Accepted, and lost for want of a place: {listed}. The test pays for as many places.",
        cost_per_year=float(sum(pounds.values())),
        cost_words=f"the places at the programmes’ unit costs ({strategy.price_year} prices)",
        affected=tuple(pounds),
        priced_by=priced_by([strategy.programmes[name] for name in pounds]),
    )


def eighteen(strategy: Scenario) -> Boundary:
    """Return the strategy with programmes for children open until the twenty-fifth birthday."""
    boundary = Boundary(
        EIGHTEEN, "The change of services at 18",
        "services for children and services for adults", strategy,
    )  # fmt: skip
    closing = [
        each for each in strategy.programmes.values()
        if each.level == "person" and each.eligibility.maximum_age in CHILD_AGES
        and "in_school" not in each.eligibility.statuses
    ]  # fmt: skip
    if not closing:
        done = "No programme of the strategy ends with childhood: there is nothing to remove."
        return replace(boundary, done=done)
    values = {f"programmes.{each.name}.eligibility.maximum_age": OLDEST for each in closing}
    listed = in_words([
        f"{each.title.lower()} (oldest age now {each.eligibility.maximum_age})" for each in closing
    ])  # fmt: skip
    title = f"with services for children open to {OLDEST}"
    return replace(
        boundary,
        scenario=with_changes(strategy, "bridged_at_18", title, values, "No change at 18."),
        done=f"The same places, for the same money, are open up to the age of {OLDEST}: {listed}. "
        "Whoever shows most signs is chosen first, whatever their age; some children then wait.",
        cost_per_year=None,
        cost_words="no more money for places; what joining the services costs is not known: to be "
        "supplied by the Directors of Children’s and of Adult Services",
    )


def lost_waiting(run: Run) -> dict[str, float]:
    """Return people a year lost while waiting for a place, by programme, the mean over worlds."""
    table = pathways(run)
    rows = table[table["stage"] == LOST_WAITING]
    return {
        str(name): float(people)
        for name, people in zip(rows["programme"], rows["a_year"], strict=True)
        if people >= _FEWEST_LOST
    }


class Flow(NamedTuple):
    """People a year who start a programme, and who are lost while they wait for it."""

    started: float
    lost: float


def flows(
    before: Run, after: Run, programmes: Iterable[str]
) -> list[tuple[str, Flow, Flow]]:
    """Return each programme with what flows into it in two runs."""
    tables = [pathways(run).set_index(["programme", "stage"])["a_year"] for run in (before, after)]

    def flow(table: pd.Series, name: str) -> Flow:
        return Flow(*(float(table.get((name, stage), 0.0)) for stage in (STARTED, LOST_WAITING)))

    first, second = tables
    return [(name, flow(first, name), flow(second, name)) for name in programmes]


def boundaries(strategy: Scenario, run: Run) -> list[Boundary]:
    """Return the four boundaries of a strategy, in the order of the paper."""
    return [data_sharing(strategy), referral_delay(strategy), waiting(strategy, run),
            eighteen(strategy)]  # fmt: skip


def needed(tests: Iterable[Boundary]) -> list[Scenario]:
    """Return the scenarios on which the tests rest: what is held against, and the test itself."""
    return [
        scenario
        for test in tests
        if test.scenario is not None
        for scenario in (test.held_against, test.scenario)
    ]


def _named(scenario: Scenario, suffix: str, title: str) -> Scenario:
    return replace(
        scenario,
        name=f"{scenario.name}_{suffix}",
        title=f"{scenario.title}, {title}",
        question=f"What is it worth to {scenario.name.replace('_', ' ')}, {title}?",
    )


def _delayed(scenario: Scenario) -> list[Programme]:
    return [each for each in scenario.programmes.values() if _delay(each) > ONE_WEEK]


def _delay(programme: Programme) -> float:
    return programme.referral.delay_months if programme.referral else 0.0


def _price_of(programme: Programme, people: float) -> int:
    """Return £ a year for so many more people, to the thousand; the fixed cost is paid already."""
    exact = people / programme.reach.reached_per_unit * programme.cost.unit_cost
    return _ROUND_POUNDS * round(exact / _ROUND_POUNDS)


def _quoted(scenario: Scenario) -> str:
    return f"“{sentence_case(scenario.name.replace('_', ' '))}”"
