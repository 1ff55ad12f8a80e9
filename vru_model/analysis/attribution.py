"""What each programme of a strategy adds: drop one, add one, and its fair part of the whole.

Three questions with three answers. *Drop one*: what would be lost if this programme alone were
stopped. *Add one*: what it would do on its own. *Shapley*: its part when all orders of building
up the strategy count alike; only these add up to the whole. Programmes reach the same people and
places, so the package is seldom the sum of its parts.

Every sub-strategy is run in the same worlds: the differences are paired draw by draw, and a run
that is on disk is used again. A programme that is left out frees its money; nothing else takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vru_model.analysis.counting import counts
from vru_model.analysis.measures import arranged
from vru_model.analysis.statistics.shapley import (
    MOST_EXACT,
    Coalition,
    exact_shapley,
    sampled_shapley,
)
from vru_model.errors import InputError, Problem, nearest
from vru_model.experiments import Run, run
from vru_model.experiments.intervals import spread
from vru_model.experiments.runner import MODELLED
from vru_model.parameters.accounts.measures import Measure, load_measures
from vru_model.scenario import Scenario

if TYPE_CHECKING:
    from vru_model.experiments.intervals import Spread

MEASURE = "admissions"
ORDERS = 20
_NOISE = 1e-10
DROP, ADD, SHAPLEY = "drop one", "add one", "Shapley"
_LIMITS = ("low80", "high80", "low95", "high95", "chance_better", "monte_carlo_error")


@dataclass(frozen=True)
class Attribution:
    """What each programme of a strategy adds.

    Attributes
    ----------
    table
        One row a programme and question ("drop one", "add one", "Shapley"): programme,
        question, averted, its intervals over draws, chance_better, monte_carlo_error, draws.
    package
        Two rows and their difference: the whole strategy, the sum of its programmes on their own,
        and what the package adds to that sum (below zero: overlap), with intervals.
    runs
        Coalition → the run of it.
    exact
        Whether every coalition was run, or orders were sampled.
    """

    table: pd.DataFrame
    package: pd.DataFrame
    runs: dict[Coalition, Run]
    exact: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what a reader of the tables has to know."""
        how = (
            "Every combination of the programmes was run."
            if self.exact
            else "Shapley values are from sampled orders; their sum is exact, each is not."
        )
        return (
            MODELLED,
            "Drop-one and add-one figures do not add up to the whole; Shapley values do.",
            how,
        )


def sub_strategy(scenario: Scenario, programmes: Coalition) -> Scenario:
    """Return a scenario with the money of some of its programmes alone.

    Overrides and switches stay, so that only the money differs.
    """
    kept = tuple(line for line in scenario.funding if line.programme in programmes)
    chosen = "_and_".join(sorted(programmes)) or "nothing"
    yearly = {sum(line.money_per_year for line in kept if line.covers(year))
              for year in range(1, 26)}  # fmt: skip
    return replace(
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


def attribute(
    scenario: str | Scenario,
    *,
    measure: str = MEASURE,
    group: str = "all ages",
    orders: int = ORDERS,
    carry_out: Callable[[Scenario], Run] | None = None,
    **options,
) -> Attribution:
    """Run a strategy's sub-strategies in shared worlds, and say what each programme adds.

    Parameters
    ----------
    scenario
        A name, a file, or a Scenario that funds two programmes or more.
    measure, group
        What is averted, over all years of the run: a name of ``parameters/measures.yaml``.
    orders
        Random orders, where there are more than six programmes.
    carry_out
        Runs a scenario; :func:`vru_model.experiments.run` with `options` unless given.

    Raises
    ------
    InputError
        Where there are fewer than two programmes, or no such measure.
    """
    whole = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
    catalogue = load_measures().measures
    players = sorted({line.programme for line in whole.funding})
    _refuse(whole, players, measure, catalogue)
    execute = carry_out or (lambda one: run(one, **options))
    worths = _Worths(whole, players, measure, catalogue[measure], group, execute)
    exact = len(players) <= MOST_EXACT
    fair = (
        exact_shapley(players, worths) if exact
        else sampled_shapley(players, worths, orders, seed=1)
    )  # fmt: skip
    return Attribution(
        _table(players, worths, fair), _package(players, worths), dict(worths.runs), exact
    )


class _Worths:
    """What coalitions of programmes avert, by world; each is run when it is first asked for."""

    def __init__(
        self,
        whole: Scenario,
        players: Sequence[str],
        name: str,
        measure: Measure,
        group: str,
        execute: Callable[[Scenario], Run],
    ) -> None:
        self.runs: dict[Coalition, Run] = {}
        self._whole, self._everything = whole, frozenset(players)
        self._name, self._measure, self._group = name, measure, group
        self._execute = execute
        self._known: dict[Coalition, np.ndarray] = {}
        self._nothing = self._counted(frozenset())

    def __call__(self, some: Coalition) -> np.ndarray:
        """Return what a coalition averts against no programme at all."""
        if some not in self._known:
            self._known[some] = self._nothing - self._counted(some)
        return self._known[some]

    def limits(self, values: np.ndarray) -> dict[str, float]:
        """Return a value with its intervals; sums in another order differ in their last figures."""
        clear = np.where(np.abs(values) < _NOISE * self._nothing, 0.0, values)
        found: Spread = spread(clear[..., None])
        limits = {name: float(getattr(found, name)[0]) for name in _LIMITS}
        return {"averted": float(found.mean[0])} | limits | {"draws": len(values)}

    def _counted(self, some: Coalition) -> np.ndarray:
        if some not in self.runs:
            one = self._whole if some == self._everything else sub_strategy(self._whole, some)
            self.runs[some] = self._execute(one)
        found = counts(self.runs[some], {self._name: self._measure}, (), self._group)
        return arranged(found[self._name], ()).values[..., 0]


def _refuse(
    whole: Scenario, players: Sequence[str], measure: str, catalogue: dict[str, Measure]
) -> None:
    problems = []
    if len(players) < 2:
        problems.append(
            Problem(None, None, "scenario", whole.name, "one that funds two programmes or more")
        )
    counted = [name for name, each in catalogue.items() if each.counters]
    if measure not in counted:
        problems.append(
            Problem(None, None, "measure", measure, ", ".join(counted), nearest(measure, counted))
        )
    if problems:
        raise InputError(problems)


def _table(players: Sequence[str], worth: _Worths, fair: dict[str, np.ndarray]) -> pd.DataFrame:
    all_of_them = frozenset(players)
    rows = []
    for player in players:
        answers = {
            DROP: worth(all_of_them) - worth(all_of_them - {player}),
            ADD: worth(frozenset({player})),
            SHAPLEY: fair[player],
        }
        rows += [
            {"programme": player, "question": question} | worth.limits(answer)
            for question, answer in answers.items()
        ]
    return pd.DataFrame(rows)


def _package(players: Sequence[str], worth: _Worths) -> pd.DataFrame:
    whole = worth(frozenset(players))
    parts = sum((worth(frozenset({player})) for player in players), start=np.zeros_like(whole))
    rows = {"the whole strategy": whole, "its programmes one by one, added up": parts,
            "what the package adds to that": whole - parts}  # fmt: skip
    return pd.DataFrame([{"what": name} | worth.limits(value) for name, value in rows.items()])
