"""Strategies compared by several criteria, with the swing weights of everybody in the room.

Each criterion scores 0 for the worst of the strategies at hand and 100 for the best; each
participant says what the swing from one to the other is worth beside the swing that matters most
to them, which is 100 (Edwards and Barron 1994). Scores are worked out for each participant and
each draw, so that a first place says how often it holds: over people, and over what is not known.

Weights are shown as a spread over people and never one by one, and not at all while fewer than
five have given theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vru_model.analysis.counting import at_risk, counts
from vru_model.analysis.measures import arranged
from vru_model.errors import InputError, Problem
from vru_model.experiments import Run
from vru_model.experiments.compare import compare
from vru_model.parameters.accounts.measures import load_measures
from vru_model.scenario import Scenario
from vru_model.workbook.sessions.record import Criterion

FEWEST = 5
"""Fewer people than this could guess each other's weights from their spread."""

SECURITY = ("very low", "low", "moderate", "high")
SUPPORT = "community_support"
HORIZONS = (3, 10)
SETTLED = 0.8
"""A first place that holds less often than this is called open."""


@dataclass(frozen=True)
class Outcome:
    """One criterion of all strategies: values of shape (strategies, draws); more is better or not.

    `title` and `unit` are as people read them.
    """

    title: str
    unit: str
    values: np.ndarray
    more_is_better: bool = True


@dataclass(frozen=True)
class Outcomes:
    """All criteria of a stored comparison.

    Attributes
    ----------
    strategies
        Names, in the order of the values.
    found
        Name of a criterion → its values.
    draws
        How many draws all runs share.
    """

    strategies: tuple[str, ...]
    found: Mapping[str, Outcome]
    draws: int

    def criteria(self) -> dict[str, Criterion]:
        """Return the swings, from the worst to the best central value, of what tells apart."""
        chosen = {}
        for name, outcome in self.found.items():
            central = outcome.values.mean(axis=1)
            worst, best = float(central.min()), float(central.max())
            if not outcome.more_is_better:
                worst, best = best, worst
            if abs(best - worst) > 1e-9 * max(abs(best), abs(worst), 1e-300):
                chosen[name] = Criterion(title=outcome.title, unit=outcome.unit, worst=worst,
                                         best=best)  # fmt: skip
        return chosen

    def alike(self) -> list[str]:
        """Return the titles of criteria in which the strategies do not differ."""
        kept = self.criteria()
        return [each.title for name, each in self.found.items() if name not in kept]


def outcomes(
    baseline: str | Run, runs: Mapping[str, str | Run], scenarios: Mapping[str, Scenario],
    support: Mapping[str, float] | None = None,
) -> Outcomes:
    """Return what each strategy does by each criterion, draw by draw.

    Parameters
    ----------
    baseline, runs
        Stored runs: things as they are, and strategy → its run.
    scenarios
        Strategy → what it funds.
    support
        Strategy → community support from 0 to 100, as the group rates it; left out unless all
        strategies are rated.

    Raises
    ------
    InputError
        Where fewer than two strategies are given, or runs cannot be paired.
    """
    if len(runs) < 2:
        given = f"{len(runs)} strategies"
        raise InputError([Problem("session", None, "runs", given, "two or more")])
    compared = {name: compare(baseline, run) for name, run in runs.items()}
    first = next(iter(compared.values())).base
    shared = set.intersection(*(set(each.worlds) for each in compared.values()))
    if not shared:
        raise InputError([Problem("session", None, "runs", "no world that all have finished",
                                  "runs of the same draws and replicates")])  # fmt: skip
    worlds = tuple(sorted(shared))
    found = _injuries(first, {name: each.other for name, each in compared.items()}, worlds)
    money = [float(each.spend["extra"].sum()) / 1e6 for each in compared.values()]
    draws = len({key.draw for key in worlds})
    found["cost"] = Outcome(
        f"Money spent on programmes over {first.years} years", "£ million",
        np.repeat(np.array(money)[:, None], draws, axis=1), more_is_better=False,
    )  # fmt: skip
    secure = np.array([[_security(scenarios[name])] * draws for name in runs])
    found["evidence_security"] = Outcome(
        "Security of the evidence, by where the money goes", "0 very low to 3 high", secure)
    if support and set(support) >= set(runs):
        rated = np.array([[float(support[name])] * draws for name in runs])
        found[SUPPORT] = Outcome("Community support, as the group rates it", "0 to 100", rated)
    return Outcomes(tuple(runs), found, draws)


@dataclass(frozen=True)
class Verdict:
    """What weights and draws together say.

    Attributes
    ----------
    weights
        One row a criterion: title, swing (worst to best), median, lower and upper quartile of the
        normalised weight over people, in per cent.
    strategies
        One row a strategy: score (median) with low80 and high80 over people and draws; first (how
        often it comes first, over both), first_people (share of people for whom it does, at
        central outcomes), first_draws (share of draws in which it does, at median weights),
        mean_rank.
    people, draws
        How many.
    """

    weights: pd.DataFrame
    strategies: pd.DataFrame
    people: int
    draws: int

    @property
    def sentence(self) -> str:
        """Return who comes first and how firmly, in words."""
        best = self.strategies.sort_values("first", ascending=False, kind="stable").iloc[0]
        leads = (
            f"{best['strategy'].replace('_', ' ').capitalize()} comes first for "
            f"{round(best['first_people'] * self.people)} of {self.people} people at central "
            f"outcomes, and in {round(best['first_draws'] * self.draws)} of {self.draws} draws at "
            "the median weights"
        )
        if best["first"] >= SETTLED:
            return f"{leads}: the choice holds over weights and draws."
        return (f"{leads}; over people and draws together in {best['first']:.0%}. The weights do "
                "not settle it.")  # fmt: skip


def verdict(
    found: Outcomes, criteria: Mapping[str, Criterion], given: Sequence[Mapping[str, float]]
) -> Verdict | None:
    """Return the comparison over everybody's weights; None while fewer than five gave theirs."""
    if len(given) < FEWEST:
        return None
    names = [name for name in criteria if name in found.found]
    weights = np.array([[float(each[name]) for name in names] for each in given])
    weights = weights / weights.sum(axis=1, keepdims=True)
    value = np.array([_scaled(found.found[name].values, criteria[name]) for name in names])
    # people x strategies x draws
    scores = np.einsum("pc,csd->psd", weights, value)
    middle = np.median(weights, axis=0)
    central = np.einsum("pc,cs->ps", weights, value.mean(axis=2))
    by_draw = np.einsum("c,csd->sd", middle / middle.sum(), value)
    firsts = _firsts(scores.transpose(0, 2, 1)).mean(axis=(0, 1))
    ranks = (-scores).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable") + 1
    strategies = pd.DataFrame({
        "strategy": found.strategies,
        "score": np.median(scores, axis=(0, 2)),
        "low80": np.percentile(scores, 10, axis=(0, 2)),
        "high80": np.percentile(scores, 90, axis=(0, 2)),
        "first": firsts,
        "first_people": _firsts(central).mean(axis=0),
        "first_draws": _firsts(by_draw.T).mean(axis=0),
        "mean_rank": ranks.mean(axis=(0, 2)),
    })  # fmt: skip
    return Verdict(_spread_of(weights, names, criteria), strategies, len(given), found.draws)


def _spread_of(
    weights: np.ndarray, names: Sequence[str], criteria: Mapping[str, Criterion]
) -> pd.DataFrame:
    """Return the spread of normalised weights over people, in per cent."""
    low, middle, high = np.percentile(100 * weights, [25, 50, 75], axis=0)
    return pd.DataFrame({
        "criterion": names, "title": [criteria[name].title for name in names],
        "worst": [criteria[name].worst for name in names],
        "best": [criteria[name].best for name in names],
        "unit": [criteria[name].unit for name in names],
        "median": middle, "lower_quartile": low, "upper_quartile": high,
    })  # fmt: skip


def _scaled(values: np.ndarray, criterion: Criterion) -> np.ndarray:
    """Return values on the scale from worst (0) to best (100); draws may lie beyond both."""
    return 100.0 * (values - criterion.worst) / (criterion.best - criterion.worst)


def _firsts(scores: np.ndarray) -> np.ndarray:
    """Return the share of the first place that each gets along the last axis; ties share it."""
    best = np.isclose(scores, scores.max(axis=-1, keepdims=True), rtol=1e-9, atol=1e-9)
    return best / best.sum(axis=-1, keepdims=True)


def _injuries(base: Run, others: Mapping[str, Run], worlds: Sequence) -> dict[str, Outcome]:
    """Return injuries averted by the horizons, and how far the gap by deprivation closes."""
    injuries = load_measures().measures["injuries"].model_copy(
        update={"counters": ("expected_injuries",)})  # the same mean, less chance
    sides = {name: _by_draw(run, injuries, worlds) for name, run in {"": base, **others}.items()}
    found = {}
    for horizon in dict.fromkeys(min(each, base.years) for each in HORIZONS):
        averted = [sides[""][0][:, :horizon].sum(axis=1) - sides[name][0][:, :horizon].sum(axis=1)
                   for name in others]
        found[f"injuries_by_year_{horizon}"] = Outcome(
            f"Incidents with injury averted by year {horizon}", "incidents", np.array(averted))
    closed = np.array([sides[""][1] - sides[name][1] for name in others])
    found["inequality"] = Outcome(
        "Narrower gap in injuries between the most and the least deprived fifth",
        "fewer injuries for 1,000 a year", closed)  # fmt: skip
    return found


def _by_draw(run: Run, injuries, worlds: Sequence) -> tuple[np.ndarray, np.ndarray]:
    """Return injuries by draw and year, and the gap of rates between the fifths by draw."""
    yearly = arranged(counts(run, {"injuries": injuries}, worlds=worlds)["injuries"], ("year",))
    fifths = ("deprivation_quintile",)
    table = counts(run, {"injuries": injuries}, fifths, worlds=worlds)
    events, people = (arranged(table[name], fifths) for name in ("injuries", at_risk(injuries)))
    order = list(events.cells["deprivation_quintile"])
    rates = np.nanmean(1000 * events.values / people.values, axis=1)
    gap = rates[:, order.index(min(order))] - rates[:, order.index(max(order))]
    return np.nanmean(yearly.values, axis=1), gap


def _security(scenario: Scenario) -> float:
    """Return the mean security of a strategy's evidence, weighed by money; 0 without money."""
    money = {line.programme: 0.0 for line in scenario.funding}
    for line in scenario.funding:
        money[line.programme] += line.money_per_year
    total = sum(money.values())
    graded = sum(pounds * SECURITY.index(scenario.programmes[name].evidence.security)
                 for name, pounds in money.items())
    return graded / total if total else 0.0
