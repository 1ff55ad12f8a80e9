"""Loop knock-outs: which mechanism carries how much of the violence.

Two numbers a mechanism, never to be confused. The *directly triggered* share counts the incidents
that the mechanism itself set off, by the origin that each incident carries. The *total
contribution* is the share of incidents that is gone in a world without the mechanism, which has
warmed up without it and shares every random number with the baseline. The total is larger,
because what a mechanism sets off leaves traces that other mechanisms take further; for the same
reason totals do not add up to one.

The totals of two knock-outs are constraints on the model (docs/ODD.md, "Verification"): adverse
childhood experiences may carry no more than the share that a population would lose without them
if the whole association were causal, and excitation no more than 45%.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vru_model.errors import InputError, Problem, nearest
from vru_model.experiments import Progress, Run, run
from vru_model.experiments.intervals import FEWEST_DRAWS, spread
from vru_model.experiments.request import gather
from vru_model.experiments.runner import MODELLED
from vru_model.parameters.loading import Override
from vru_model.parameters.switches import SWITCHES
from vru_model.scenario import Scenario

if TYPE_CHECKING:
    import numpy as np

_ORIGINS = (
    "select draw, replicate, origin, count(*) as value from incidents "
    "group by draw, replicate, origin"
)
_DIRECT = {"retaliation": "triggered", "repeated_pairs": "pair"}


@dataclass(frozen=True)
class Mechanism:
    """One mechanism and how it is knocked out.

    Parameters
    ----------
    name, meaning
        What it is called, and what it does.
    switch
        The loop that is switched off, or None.
    overrides
        Parameters that are set to values at which the mechanism does nothing.
    limit
        The greatest total contribution that the model may have, or None; ``limit_source`` says
        where it comes from.
    """

    name: str
    meaning: str
    switch: str | None = None
    overrides: dict[str, float] = field(default_factory=dict)
    limit: float | None = None
    limit_source: str = ""

    def knocked_out(self, scenario: Scenario) -> Scenario:
        """Return a scenario without this mechanism."""
        changes = dict(scenario.switches)
        if self.switch is not None:
            changes[self.switch] = False
        overrides = {change.name: change for change in scenario.overrides_made}
        overrides |= {
            name: Override(name, value, f"knock-out of {self.name}", "vru knockout")
            for name, value in self.overrides.items()
        }
        return replace(
            scenario,
            name=f"{scenario.name}_without_{self.name}",
            title=f"{scenario.title}, without {self.name.replace('_', ' ')}",
            question=f"How much violence is gone without this: {self.meaning}?",
            overrides_made=tuple(overrides[name] for name in sorted(overrides)),
            switches_set=tuple(sorted(changes.items())),
        )


_LIMITS = {
    "retaliation": (
        0.45,
        "Design constraint: excitation may not carry more than this, or the model over-amplifies",
    ),
}
_ACES = Mechanism(
    "aces",
    "adverse childhood experiences (ACEs) raise acting, cost self-regulation, and lead to "
    "exclusion and to being out of work",
    overrides={
        "acting.ace": 0.0,
        "early_life.self_regulation_loss": 0.0,
        "schooling.exclusion_ace": 0.0,
        "schooling.neet_ace": 0.0,
    },
    limit=0.52,
    limit_source="Share of violence perpetration attributable to ACEs in England if the whole "
    "association were causal (Bellis and others 2014, BMC Medicine 12:72)",
)
_PAIRS = Mechanism(
    "repeated_pairs",
    "a first incident opens repeated violence of one person against another",
    overrides={"pairs.child": 0.0, "pairs.partner": 0.0, "pairs.adult": 0.0},
)

MECHANISMS: tuple[Mechanism, ...] = (
    _ACES,
    _PAIRS,
    *(
        Mechanism(name, meaning, name, {}, *_LIMITS.get(name, (None, "")))
        for name, meaning in SWITCHES.items()
    ),
)
"""What can be knocked out: the ACEs, repeated pairs, and every loop that has a switch."""


@dataclass(frozen=True)
class Knockouts:
    """What each mechanism carries.

    Attributes
    ----------
    base
        The run with all mechanisms.
    runs
        Mechanism → the run without it.
    table
        One row a mechanism, the largest total first: mechanism, meaning, direct and direct_error
        (share of incidents that it set off itself and its Monte-Carlo error; NaN where none carry
        its mark), total, low95, high95 (share of incidents gone without it), limit (NaN where
        there is none), draws, replicates. Shares of 1, over all years.
    """

    base: Run
    runs: dict[str, Run]
    table: pd.DataFrame

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what a reader of the table has to know, in sentences."""
        draws, worlds = int(self.table["draws"].max()), len(self.base.worlds())
        covers = (
            "parameter uncertainty" if draws >= FEWEST_DRAWS
            else "chance between replicates alone, which share one population and its warm-up"
            if draws == 1 else f"{draws} draws only"
        )  # fmt: skip
        return (
            MODELLED,
            "Direct counts incidents that the mechanism set off itself; total is what is gone "
            "without it, after a warm-up of its own. They answer different questions, and totals "
            "do not add up.",
            f"Rests on {worlds} world{'' if worlds == 1 else 's'} of "
            f"{self.base.years} year{'' if self.base.years == 1 else 's'} each, all with the same "
            "random numbers. The interval covers "
            f"{covers if worlds > 1 else 'nothing: one world has none'}.",
        )


def knockout(
    scenario: str | Path | Scenario = "baseline",
    *,
    mechanisms: Iterable[str] | None = None,
    report: Callable[[str, Progress], None] | None = None,
    **options,
) -> Knockouts:
    """Run a scenario with all mechanisms and without each, and say what each carries.

    Parameters
    ----------
    scenario
        What is knocked out of: a name, a file, or a Scenario.
    mechanisms
        Names of some of :data:`MECHANISMS`; all unless given.
    report
        Is called with the title of a run and its progress.
    options
        Those of :func:`vru_model.experiments.run` (place, scale, years, draws, replicates, seeds,
        out, workers). Runs that are on disk are used again.

    Raises
    ------
    InputError
        Listing unknown mechanisms, and all that is wrong with the scenario.
    """
    (base, chosen), problems = gather(
        lambda: scenario if isinstance(scenario, Scenario) else Scenario.load(scenario),
        lambda: _choose(mechanisms),
    )
    if problems:
        raise InputError(problems)

    def carry_out(one: Scenario, title: str, **more) -> Run:
        told = None if report is None else lambda progress: report(title, progress)
        return run(one, progress=told, **options, **more)

    whole = carry_out(base, "everything on", incidents=True)
    runs = {
        each.name: carry_out(each.knocked_out(base), f"without {each.name.replace('_', ' ')}")
        for each in chosen
    }
    rows = [_row(each, whole, runs[each.name]) for each in chosen]
    table = pd.DataFrame(rows).sort_values("total", ascending=False, ignore_index=True)
    return Knockouts(whole, runs, table)


def _choose(names: Iterable[str] | None) -> list[Mechanism]:
    known = {each.name: each for each in MECHANISMS}
    asked = list(known) if names is None else list(dict.fromkeys(names))
    unknown = [
        Problem(None, None, "mechanism", name, ", ".join(known), nearest(name, known))
        for name in asked
        if name not in known
    ]
    if unknown:
        raise InputError(unknown)
    return [known[name] for name in asked]


def _row(mechanism: Mechanism, base: Run, without: Run) -> dict[str, object]:
    before, after = _incidents(base), _incidents(without)
    worlds = before.index.intersection(after.index)
    total = spread(_by_draw(1.0 - after[worlds] / before[worlds]))
    row = {"mechanism": mechanism.name, "meaning": mechanism.meaning,
           "direct": float("nan"), "direct_error": float("nan")}  # fmt: skip
    if mechanism.name in _DIRECT:
        direct = spread(_by_draw(_share_of_origin(base, _DIRECT[mechanism.name])[worlds]))
        row |= {"direct": direct.mean[0], "direct_error": direct.monte_carlo_error[0]}
    row |= {"total": total.mean[0], "low95": total.low95[0], "high95": total.high95[0]}
    limit = float("nan") if mechanism.limit is None else mechanism.limit
    draws = worlds.get_level_values("draw").nunique()
    return row | {"limit": limit, "draws": draws, "replicates": len(worlds) // draws}


def _incidents(of: Run) -> pd.Series:
    """Return the incidents of each world, by draw and replicate."""
    totals = of.totals(by=("measure",), measures=["incidents"], roles=["aggressor"])
    return totals.set_index(["draw", "replicate"])["value"]


def _share_of_origin(of: Run, origin: str) -> pd.Series:
    """Return the share of each world's incidents that carry an origin."""
    counts = of.query(_ORIGINS).set_index(["draw", "replicate", "origin"])["value"]
    by_origin = counts.unstack("origin", fill_value=0).reindex(columns=[origin], fill_value=0)
    return by_origin[origin] / counts.groupby(["draw", "replicate"]).sum()


def _by_draw(values: pd.Series) -> np.ndarray:
    """Return a number a world as (draws, replicates, 1), NaN where there is no such world."""
    return values.unstack("replicate").to_numpy(float)[:, :, None]
