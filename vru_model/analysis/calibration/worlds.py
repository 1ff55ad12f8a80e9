"""The statistics of many parameter sets, each in a real world, computed side by side and kept.

One small part a world, written under a temporary name and renamed: a search that is killed goes
on where it stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vru_model.analysis.patterns import registry
from vru_model.analysis.patterns.tables import WorldTables
from vru_model.experiments.in_use import in_use
from vru_model.experiments.log import Interrupted, Progress
from vru_model.experiments.pool import Simulate, Task, compute_all, has_to_compile
from vru_model.experiments.runner import number_of_workers
from vru_model.experiments.store import RunFolder, write_parquet
from vru_model.experiments.world import Outcome, Setting, World, WorldKey, simulate

if TYPE_CHECKING:
    import pandas as pd

    from vru_model.scenario import Scenario

Report = Callable[[str, Progress], None]
Summarise = Callable[[World, Outcome], dict[str, float]]

LEVEL = "incident_rate"
"""Incidents per 1,000 residents a year: no target, but what everything else goes with."""

OWN = "own_share"
"""Share of incidents that no earlier one set off directly: neither grievance nor a pair."""


def statistics(world: World, outcome: Outcome) -> dict[str, float]:
    """Return every statistic that calibration may use, and the level of violence."""
    registry.load_calibration_statistics()
    services = world.setting.scenario.parameters().central().services
    tables = WorldTables.of_outcome(outcome, services, world.setting.years)
    # In a process that validates too, more statistics are registered than may be used here.
    homes = {f"{registry.__package__}.{name}" for name in registry.OF_CALIBRATION}
    names = [name for name, one in registry.STATISTICS.items() if one.__module__ in homes]
    own = float((tables.happened["origin"] == "own").mean())
    return registry.compute(names, tables) | level(world, outcome) | {OWN: own}


def level(world: World, outcome: Outcome) -> dict[str, float]:
    """Return incidents per 1,000 residents a year."""
    sums = outcome.measures.groupby(["role", "measure"], observed=True)["value"].sum()
    return {LEVEL: 12_000.0 * sums.get(("victim", "incidents"), 0.0)
            / sums[("resident", "person_months")]}  # fmt: skip


@dataclass(frozen=True)
class SummaryFolder(RunFolder):
    """A folder that keeps of each world only a row of numbers."""

    summarise: Summarise = statistics

    def write_world(self, world: World, outcome: Outcome) -> None:
        """Keep the numbers of one world."""
        import pyarrow as pa

        numbers = self.summarise(world, outcome)
        content = {name: [float(value)] for name, value in numbers.items()}
        write_parquet(pa.table(content), self.part("summary", world.key))

    def read(self, keys: Sequence[WorldKey]) -> pd.DataFrame:
        """Return the rows of worlds, in their order."""
        import pandas as pd

        parts = [pd.read_parquet(self.part("summary", key)) for key in keys]
        return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True)
class Workshop:
    """Where worlds of parameter sets are computed.

    Parameters
    ----------
    setting
        The worlds' setting; its scenario is the base that sets change.
    folder
        Where rows are kept, one folder below it a batch.
    workers
        Processes; None for one a core.
    report
        Is called with a title and how far its worlds have come.
    simulate_world
        Makes the outcome of one world; at the top of a module, because it travels.
    summarise
        What is kept of a world whose tables are all there; at the top of a module, likewise.
    """

    setting: Setting
    folder: Path
    workers: int | None = 1
    report: Report | None = None
    simulate_world: Simulate = simulate
    summarise: Summarise = statistics

    def compute(
        self, batch: str, title: str, scenarios: Sequence[Scenario], *,
        numbers: Sequence[int] | None = None, seeds: Mapping[int, int] | None = None,
        whole: bool = True,
    ) -> pd.DataFrame:  # fmt: skip
        """Return a row of numbers for each scenario, computing those that are not on disk.

        Parameters
        ----------
        batch
            The name of the folder.
        title
            What progress is called.
        scenarios
            One world each.
        numbers
            Under which the scenarios' rows are kept; their order unless given.
        seeds
            Number of a scenario → population seed, where not the setting's; its replicate is its
            own then too.
        whole
            Whether to keep incidents and people for all statistics, or only the level.

        Raises
        ------
        Interrupted
            On Ctrl-C: what was finished is kept.
        """
        kind = self.summarise if whole else level
        folder = SummaryFolder(self.folder / batch, kind)
        worlds = []
        for number, scenario in zip(numbers or range(len(scenarios)), scenarios, strict=True):
            seed = None if seeds is None else seeds[number]
            setting = replace(
                self.setting, scenario=scenario,
                population_seed=self.setting.population_seed if seed is None else seed,
            )  # fmt: skip
            worlds.append(World(setting, WorldKey(number, 0 if seed is None else seed)))
        keys = [world.key for world in worlds]
        missing = [one for one in worlds if not folder.part("summary", one.key).exists()]
        tasks = [Task(world, folder, whole, whole, self.simulate_world) for world in missing]
        self._work(folder, title, tasks, len(worlds))
        return folder.read(keys)

    def _work(self, folder: SummaryFolder, title: str, tasks: list[Task], total: int) -> None:
        begun, found, finished = time.perf_counter(), total - len(tasks), total - len(tasks)

        def tell(compiling: bool = False) -> None:
            if self.report is not None:
                spent, done = time.perf_counter() - begun, finished - found
                left = spent / done * (total - finished) if done else None
                self.report(title, Progress(finished, found, total, spent, left, compiling))

        folder.remove_leftovers()
        tell(has_to_compile(tasks))
        with in_use(folder.path):
            try:
                for _ in compute_all(tasks, number_of_workers(self.workers, len(tasks))):
                    finished += 1
                    tell()
            except KeyboardInterrupt as stop:
                raise Interrupted(folder.path, finished, total) from stop


def as_matrix(frame: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    """Return statistics as an array, shape (worlds, names)."""
    return frame[list(names)].to_numpy(float)
