"""What each programme of a strategy adds: drop one, add one, and its fair part of the whole.

Three questions with three answers. *Drop one*: what would be lost if this programme alone were
stopped. *Add one*: what it would do on its own. *Shapley*: its part when all orders of building
up the strategy count alike; only these add up to the whole. Programmes reach the same people and
places, so the package is seldom the sum of its parts.

Every sub-strategy is run in the same worlds: the differences are paired draw by draw, and a run
that is on disk is used again. A programme that is left out frees its money; nothing else takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vru_model.analysis.counting import refuse_unknown
from vru_model.analysis.measures import arranged, world_counts
from vru_model.analysis.statistics.shapley import (
    MOST_EXACT,
    Coalition,
    coalitions,
    exact_shapley,
    sampled_shapley,
)
from vru_model.errors import InputError, Problem, nearest
from vru_model.experiments import Run, run
from vru_model.experiments.compare import ALL_AGES
from vru_model.experiments.intervals import FEWEST_DRAWS, spread
from vru_model.experiments.request import gather
from vru_model.experiments.runner import MODELLED
from vru_model.parameters.accounts.measures import Measure, MeasureCatalogue, load_measures
from vru_model.scenario import Scenario

if TYPE_CHECKING:
    from pathlib import Path

    from vru_model.experiments import Progress
    from vru_model.experiments.intervals import Spread
    from vru_model.experiments.world import WorldKey

MEASURE = "admissions"
ORDERS = 20
_NOISE = 1e-10
_SEED_OF_ORDERS = 1
DROP, ADD, SHAPLEY = "drop one", "add one", "Shapley"
NOTHING = "nothing"
_LIMITS = ("low80", "high80", "low95", "high95", "chance_better", "monte_carlo_error")


@dataclass(frozen=True)
class Attribution:
    """What each programme of a strategy adds.

    Attributes
    ----------
    table
        One row a measure, programme and question ("drop one", "add one", "Shapley"): measure,
        title, unit, group, programme, question, averted (over all years), its intervals over
        draws, chance_better, monte_carlo_error, draws.
    package
        For each measure the whole strategy, the sum of its programmes on their own, and what the
        package adds to that sum (below zero: overlap), with the same intervals.
    combinations
        What each combination of programmes averts, with its run.
    runs
        Coalition → the run of it.
    exact
        Whether every coalition was run, or orders were sampled.
    worlds
        The worlds that all runs share, on which every difference rests.
    """

    table: pd.DataFrame
    package: pd.DataFrame
    combinations: pd.DataFrame
    runs: dict[Coalition, Run]
    exact: bool
    worlds: tuple[WorldKey, ...]

    @property
    def whole(self) -> Run:
        """Return the run of the whole strategy."""
        return self.runs[max(self.runs, key=len)]

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what a reader of the tables has to know."""
        how = (
            "Every combination of the programmes was run."
            if self.exact
            else "Shapley values are from sampled orders; their sum is exact, each is not."
        )
        draws, nothing = len({key.draw for key in self.worlds}), self.runs[frozenset()]
        few = f"{draws} draw{'' if draws == 1 else 's'}: parameter uncertainty is not covered."
        return (
            MODELLED,
            f"Counterfactual: the same worlds with none of the programmes ({nothing.run_id}). A "
            "programme that is left out frees its money, which nothing else takes.",
            "Drop-one and add-one figures do not add up to the whole; Shapley values do.",
            how,
            f"Rests on {len(self.worlds)} world{'' if len(self.worlds) == 1 else 's'} of each "
            f"combination, {self.whole.years} year{'' if self.whole.years == 1 else 's'} each.",
            *([few] if draws < FEWEST_DRAWS else []),
        )


def sub_strategy(scenario: Scenario, programmes: Coalition) -> Scenario:
    """Return a scenario with the money of some of its programmes alone.

    Overrides and switches stay, so that only the money differs. With no programme and nothing else
    it is the baseline itself, whose worlds are used again.
    """
    kept = tuple(line for line in scenario.funding if line.programme in programmes)
    chosen = "_and_".join(sorted(programmes)) or NOTHING
    yearly = {sum(line.money_per_year for line in kept if line.covers(year))
              for year in range(1, 26)}  # fmt: skip
    found = replace(
        scenario,
        name=f"{scenario.name}_with_{chosen}",
        title=f"{scenario.title}, with {chosen.replace('_', ' ')} alone",
        question=f"What do these programmes of {scenario.title.lower()} do?",
        funding=kept,
        programmes_funded=tuple(
            each for each in scenario.programmes_funded if each.name in programmes
        ),
        budget_per_year=max(yearly) if len(yearly - {0}) == 1 else 0,
    )
    baseline = Scenario.baseline()
    return baseline if found.digest == baseline.digest else found


def attribute(
    scenario: str | Path | Scenario,
    *,
    measures: Iterable[str] | None = None,
    group: str = ALL_AGES,
    orders: int = ORDERS,
    report: Callable[[str, Progress], None] | None = None,
    carry_out: Callable[[Scenario], Run] | None = None,
    **options,
) -> Attribution:
    """Run a strategy's sub-strategies in shared worlds, and say what each programme adds.

    Parameters
    ----------
    scenario
        A name, a file, or a Scenario that funds two programmes or more.
    measures, group
        What is averted, over all years of the run: names of ``parameters/measures.yaml``;
        admissions unless given.
    orders
        Random orders, where there are more than six programmes.
    report
        Is called with the title of a run and its progress.
    carry_out
        Runs a scenario; :func:`vru_model.experiments.run` with `options` unless given. Worlds that
        are on disk are not computed again, so that an interrupted call goes on.

    Raises
    ------
    InputError
        Listing everything that is wrong: fewer than two programmes, unknown measures or group.
    """
    catalogue = load_measures()
    chosen = list(dict.fromkeys(measures or [MEASURE]))
    whole = _checked(scenario, chosen, catalogue, group, orders)
    players = _players(whole)
    needed, exact = _needed(players, orders)
    runs = {}
    for number, some in enumerate(needed, 1):
        one = whole if some == frozenset(players) else sub_strategy(whole, some)
        runs[some] = (
            carry_out(one) if carry_out
            else run(one, progress=_told(report, number, len(needed), some, players), **options)
        )  # fmt: skip
    worlds = sorted(set.intersection(*(set(each.worlds()) for each in runs.values())))
    tables: list[list[dict[str, object]]] = [[], [], []]
    for name in chosen:
        measure = catalogue.measures[name]
        worths = _Worths(runs, worlds, name, measure, group)
        fair = (
            exact_shapley(players, worths) if exact
            else sampled_shapley(players, worths, orders, _SEED_OF_ORDERS)
        )  # fmt: skip
        labels = {"measure": name, "title": measure.title, "unit": measure.unit, "group": group}
        parts = (_table(players, worths, fair), _package(players, worths),
                 _combinations(runs, worths))
        for rows, part in zip(tables, parts, strict=True):
            rows += [labels | row for row in part]
    table, package, combinations = (pd.DataFrame(rows) for rows in tables)
    return Attribution(table, package, combinations, runs, exact, tuple(worlds))


def _players(whole: Scenario) -> list[str]:
    return sorted({line.programme for line in whole.funding})


def _checked(
    scenario: str | Path | Scenario, chosen: Sequence[str], catalogue: MeasureCatalogue,
    group: str, orders: int,
) -> Scenario:
    """Return the scenario; raise InputError listing all that is wrong with what is asked."""
    (whole, *_), problems = gather(
        lambda: scenario if isinstance(scenario, Scenario) else Scenario.load(scenario),
        lambda: _refuse_measures(chosen, catalogue),
        lambda: refuse_unknown((), group),
        lambda: _refuse_orders(orders),
    )
    if whole and len(_players(whole)) < 2:
        problems.append(
            Problem(None, None, "scenario", whole.name, "one that funds two programmes or more")
        )
    if problems:
        raise InputError(problems)
    return whole


def _needed(players: Sequence[str], orders: int) -> tuple[list[Coalition], bool]:
    """Return the combinations to run, the smallest first, and whether they are all there are."""
    if len(players) <= MOST_EXACT:
        return coalitions(players), True
    asked: set[Coalition] = set()

    def note(some: Coalition) -> np.ndarray:
        asked.add(some)
        return np.zeros(1)

    sampled_shapley(players, note, orders, _SEED_OF_ORDERS)
    everything = frozenset(players)
    asked |= {frozenset({each}) for each in players} | {everything - {each} for each in players}
    return sorted(asked, key=lambda some: (len(some), sorted(some))), False


def _told(
    report: Callable[[str, Progress], None] | None, number: int, of: int, some: Coalition,
    players: Sequence[str],
) -> Callable[[Progress], None] | None:
    if report is None:
        return None
    named = "all programmes" if len(some) == len(players) else combination(some)
    return lambda progress: report(f"{number} of {of}: {named}", progress)


def combination(some: Coalition) -> str:
    """Return a combination of programmes in words."""
    return " and ".join(name.replace("_", " ") for name in sorted(some)) or NOTHING


class _Worths:
    """What coalitions of programmes avert of one measure, world by world."""

    def __init__(
        self, runs: dict[Coalition, Run], worlds: Sequence[WorldKey], name: str, measure: Measure,
        group: str,
    ) -> None:  # fmt: skip
        index = pd.MultiIndex.from_tuples([(key.draw, key.replicate) for key in worlds])
        index.names = ["draw", "replicate"]
        only = MeasureCatalogue(measures={name: measure})
        counted = {
            some: arranged(world_counts(one, only, (), group)[name].loc[index], ()).values[..., 0]
            for some, one in runs.items()
        }
        self._nothing = counted[frozenset()]
        self._averted = {some: self._nothing - each for some, each in counted.items()}

    def __call__(self, some: Coalition) -> np.ndarray:
        """Return what a coalition averts against no programme at all."""
        return self._averted[some]

    def limits(self, values: np.ndarray) -> dict[str, float]:
        """Return a value with its intervals; sums in another order differ in their last figures."""
        clear = np.where(np.abs(values) < _NOISE * np.abs(self._nothing), 0.0, values)
        found: Spread = spread(clear[..., None])
        limits = {name: float(getattr(found, name)[0]) for name in _LIMITS}
        return {"averted": float(found.mean[0])} | limits | {"draws": len(values)}


def _refuse_measures(chosen: Sequence[str], catalogue: MeasureCatalogue) -> None:
    known = list(catalogue.measures)
    problems = [
        Problem(None, None, "measure", name, ", ".join(known), nearest(name, known))
        for name in chosen if name not in known
    ]  # fmt: skip
    if problems:
        raise InputError(problems)


def _refuse_orders(orders: int) -> None:
    if orders < 1:
        raise InputError([Problem(None, None, "orders", str(orders), "1 or more")])


def _table(
    players: Sequence[str], worth: _Worths, fair: dict[str, np.ndarray]
) -> list[dict[str, object]]:
    all_of_them = frozenset(players)
    rows: list[dict[str, object]] = []
    for player in players:
        answers = {
            DROP: worth(all_of_them) - worth(all_of_them - {player}),
            ADD: worth(frozenset({player})),
            SHAPLEY: fair[player],
        }
        rows += [
            {"programme": player, "question": question, **worth.limits(answer)}
            for question, answer in answers.items()
        ]
    return rows


def _package(players: Sequence[str], worth: _Worths) -> list[dict[str, object]]:
    whole = worth(frozenset(players))
    parts = sum((worth(frozenset({player})) for player in players), start=np.zeros_like(whole))
    rows = {"the whole strategy": whole, "its programmes one by one, added up": parts,
            "what the package adds to that": whole - parts}  # fmt: skip
    return [{"what": name, **worth.limits(value)} for name, value in rows.items()]


def _combinations(runs: dict[Coalition, Run], worth: _Worths) -> list[dict[str, object]]:
    return [
        {"combination": combination(some), "programmes": len(some), "run": one.run_id,
         **worth.limits(worth(some))}
        for some, one in runs.items()
    ]
