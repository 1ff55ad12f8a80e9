"""What a paper on strategies rests on: the runs, their comparisons and what was delivered.

This is the one place where reporting meets the experiments. Everything else in this package
takes :class:`Findings` and turns numbers into words, tables and charts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import pandas as pd

from vru_model.experiments import Comparison, Progress, Run, compare
from vru_model.experiments.batch import run_many
from vru_model.experiments.compare import horizons
from vru_model.experiments.world import WorldKey
from vru_model.reporting.estimates import Estimates
from vru_model.reporting.options import PaperOptions
from vru_model.scenario import Scenario

Report = Callable[[str, Progress], None]


@dataclass(frozen=True)
class FirstWorlds(Run):
    """A run seen through the first of its worlds: `draws` draws, `replicates` replicates each.

    A run keeps every world that was ever asked of it. A paper shows those that it asked for, so
    that it comes out the same again whatever was added to the run since.
    """

    draws: int = 1
    replicates: int = 1

    def worlds(self, table: str = "measures") -> list[WorldKey]:
        """Return the finished worlds among the first ones."""
        return [
            key
            for key in super().worlds(table)
            if key.draw < self.draws and key.replicate < self.replicates
        ]


@dataclass(frozen=True)
class Findings:
    """The runs of a baseline and some strategies, compared.

    Parameters
    ----------
    options
        What was asked.
    baseline
        What the strategies are compared with.
    scenarios
        Name → scenario of each strategy, in the order given.
    runs
        Name → run; the baseline's first.
    comparisons
        Strategy → comparison with the baseline, for every year.
    ahead
        The second strategy compared with the first, for every year; None where there is one.
    delivered
        strategy, programme, year, enrolments, spend (£): the mean over worlds.
    """

    options: PaperOptions
    baseline: Scenario
    scenarios: Mapping[str, Scenario]
    runs: Mapping[str, Run]
    comparisons: Mapping[str, Comparison]
    ahead: Comparison | None
    delivered: pd.DataFrame

    @classmethod
    def of(
        cls,
        options: PaperOptions,
        baseline: Scenario,
        strategies: Sequence[Scenario],
        runs: Mapping[str, Run],
    ) -> Self:
        """Compare finished runs; `runs` holds the baseline's and the strategies' by name."""
        years = range(1, options.years + 1)
        names = [scenario.name for scenario in strategies]
        chosen = {name: runs[name] for name in (baseline.name, *names)}
        return cls(
            options=options,
            baseline=baseline,
            scenarios={scenario.name: scenario for scenario in strategies},
            runs=chosen,
            comparisons={name: compare(runs[baseline.name], runs[name], years) for name in names},
            ahead=compare(runs[names[0]], runs[names[1]], years) if len(names) == 2 else None,
            delivered=_delivered({name: runs[name] for name in names}),
        )

    @property
    def estimates(self) -> Estimates:
        """The strategies against the baseline."""
        return Estimates({name: found.table for name, found in self.comparisons.items()})

    @property
    def lead(self) -> Estimates | None:
        """The second strategy against the first, under the second's name."""
        if self.ahead is None:
            return None
        return Estimates({list(self.scenarios)[1]: self.ahead.table})

    @property
    def years(self) -> tuple[int, ...]:
        """The years that the paper reports, of 1, 3, 5 and 10 and always the last."""
        return horizons(self.options.years)

    @property
    def place(self) -> dict[str, Any]:
        """What the runs say of their place."""
        return next(iter(self.runs.values())).manifest["place"]

    @property
    def run_ids(self) -> tuple[str, ...]:
        """The names of the runs, the baseline's first."""
        return tuple(found.run_id for found in self.runs.values())

    @property
    def source(self) -> str:
        """The line under every chart and table that rests on the runs."""
        return f"model runs {', '.join(self.run_ids)}; modelled, not recorded"

    @property
    def simulated_residents(self) -> int:
        """About how many residents the model simulated, for so many real ones."""
        return round(self.place["residents"] * self.options.scale)


def say(name: str, progress: Progress) -> None:
    """Print when a scenario's run begins and when it is done: a notebook's own progress."""
    if progress.finished == progress.found:
        print(f"Running {name}: {progress.total} worlds, {progress.found} of them on disk already.")
    elif progress.finished == progress.total:
        print(f"Finished {name} in {progress.seconds:.0f} seconds.")


def run_together(
    scenarios: Sequence[Scenario], options: PaperOptions, report: Report | None = None
) -> dict[str, Run]:
    """Run scenarios as a paper's options say, all in one pool; name → the first worlds of its run.

    `report` is called with what is being run and how far all of them together have come.
    """
    title = scenarios[0].name if len(scenarios) == 1 else f"{len(scenarios)} scenarios"
    found = run_many(
        scenarios,
        place=options.place,
        scale=options.scale,
        years=options.years,
        draws=options.draws,
        replicates=options.replicates,
        seed=options.seed,
        out=options.store,
        workers=options.workers or None,
        progress=None if report is None else partial(report, title),
    )
    return {
        scenario.name: FirstWorlds(run.folder, options.draws, options.replicates)
        for scenario, run in zip(scenarios, found, strict=True)
    }


def _delivered(runs: Mapping[str, Run]) -> pd.DataFrame:
    """Return the people reached and money spent by strategy, programme and year."""
    frames = []
    for name, found in runs.items():
        cells = found.totals(("year", "measure"), roles=["programme"])
        if cells.empty:
            continue
        kind = cells["measure"].str.partition(":")
        cells = cells.assign(kind=kind[0], programme=kind[2])
        worlds = len(found.worlds())
        mean = cells.groupby(["programme", "year", "kind"])["value"].sum() / worlds
        wide = mean.unstack("kind", fill_value=0.0).reset_index()
        frames.append(wide.assign(strategy=name))
    columns = ["strategy", "programme", "year", "enrolments", "spend"]
    if not frames:
        return pd.DataFrame(columns=columns)
    return pd.concat(frames).reindex(columns=columns, fill_value=0.0).reset_index(drop=True)


def yearly(delivered: pd.DataFrame, strategy: str) -> pd.DataFrame:
    """Return mean enrolments and spend a year by programme of one strategy."""
    mine = delivered[delivered["strategy"] == strategy]
    return mine.groupby("programme")[["enrolments", "spend"]].mean()
