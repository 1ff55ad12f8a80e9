"""The search: from wave to wave, each judged by real worlds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from vru_model.analysis.calibration.emulators import Emulator
from vru_model.analysis.calibration.implausibility import Judge, second_highest
from vru_model.analysis.calibration.refitting import Aims, perturbed, refit
from vru_model.analysis.calibration.space import Space, scenario_of
from vru_model.analysis.calibration.worlds import LEVEL, Workshop, as_matrix
from vru_model.experiments.store import write_parquet
from vru_model.parameters.accounts.search import Settings
from vru_model.parameters.accounts.targets import Target
from vru_model.setting_up import offspring

if TYPE_CHECKING:
    from vru_model.scenario import Scenario

_FARTHEST_LEVEL = 1.2
_FEWEST_TO_LEARN_FROM = 40
_NOT_LOGGED = ("log odds ratio", "years")


@dataclass(frozen=True)
class Sets:
    """Parameter sets that were tried, in the order of trial.

    Attributes
    ----------
    points, values
        Coordinates and parameters: shape (sets, names).
    wave, anchor, population
        The wave of each, the number of the anchor that it was refitted from, and the seed of the
        residents of its world.
    table
        The statistics of their worlds, one row a set.
    """

    points: np.ndarray
    values: np.ndarray
    wave: np.ndarray
    anchor: np.ndarray
    population: np.ndarray
    table: pd.DataFrame

    def __len__(self) -> int:
        """Return how many sets there are."""
        return len(self.points)

    def joined(self, other: Sets) -> Sets:
        """Return these and then the others."""
        arrays = {
            name: np.concatenate([getattr(self, name), getattr(other, name)])
            for name in ("points", "values", "wave", "anchor", "population")
        }
        return Sets(**arrays, table=pd.concat([self.table, other.table], ignore_index=True))


@dataclass(frozen=True)
class Search:
    """One search for the sets that the targets do not rule out.

    Parameters
    ----------
    workshop
        Where worlds are computed.
    space, settings
        What is searched, and for how long.
    targets
        What may be fitted, and the constraints.
    seed
        Of anchors and perturbations.
    """

    workshop: Workshop
    space: Space
    settings: Settings
    targets: Mapping[str, Target]
    seed: int = 1

    def judge(self) -> Judge:
        """Return the judge, with the noise of chance found from worlds of the central values.

        Each world has its own residents and its own chance: what is measured is how far the
        statistic of one world may lie from that of the real population.
        """
        base = self.workshop.setting.scenario
        count = self.settings.repeats
        table = self.workshop.compute(
            "chance", "noise of chance", [base] * count,
            seeds={number: number + 1 for number in range(count)},
        )  # fmt: skip
        noise = {name: float(np.nanstd(table[name], ddof=1)) for name in table.columns}
        return Judge.of_targets(self.targets, noise)

    def waves(self, judge: Judge) -> Sets:
        """Return every set of every wave, with the statistics of its world."""
        first = self._anchors(self.settings.first_sets, self.seed)
        sets = self._run(1, first, np.full(len(first), -1))
        anchors = self._anchors(self.settings.sets, self.seed + 1)
        latest = None
        for wave in range(2, self.settings.waves + 1):
            points = self._points(wave)
            if points is None:
                points = self._propose(judge, sets, anchors, latest)
                self._keep(wave, points)
            latest = self._run(wave, points, np.arange(len(points)))
            sets = sets.joined(latest)
        return sets

    def _propose(
        self, judge: Judge, sets: Sets, anchors: np.ndarray, latest: Sets | None
    ) -> np.ndarray:
        """Return the points of the next wave, refitted from the last wave's where there is one."""
        # With more threads, sums are added in another order, and the same search would differ.
        with threadpool_limits(limits=1):
            emulators, aims = self.learn(judge, sets), self._aims(judge, anchors)
            if latest is None:
                return refit(emulators, aims, anchors)
            return refit(emulators, aims, latest.points, self._scaled(judge, latest.table))

    def learn(self, judge: Judge, sets: Sets) -> list[Emulator]:
        """Return an emulator a target, learnt from the sets whose level is not absurd."""
        level = np.log(sets.table[LEVEL].to_numpy(float))
        last = sets.wave == sets.wave.max()
        usual = np.abs(level - np.nanmedian(level[last])) < _FARTHEST_LEVEL
        if usual.sum() < _FEWEST_TO_LEARN_FROM:
            usual = np.isfinite(level)
        points, scaled = sets.points[usual], self._scaled(judge, sets.table)[usual]
        return [Emulator.learn(points, column, self.seed) for column in scaled.T]

    def _anchors(self, count: int, seed: int) -> np.ndarray:
        return self.space.spread(count, seed)

    def _aims(self, judge: Judge, anchors: np.ndarray) -> Aims:
        spread = judge.tolerances / self._stretch(judge)
        noise = judge.noise / self._stretch(judge)
        targets = perturbed(_on_scale(judge.values, self._logged(judge)), spread, len(anchors),
                            self.seed + 2)
        return Aims(anchors, targets, np.hypot(spread, noise), self.space.deep)

    def _logged(self, judge: Judge) -> np.ndarray:
        """Say which statistics are emulated as logarithms: rates, ratios and shares."""
        return np.array([self.targets[name].unit not in _NOT_LOGGED for name in judge.names])

    def _stretch(self, judge: Judge) -> np.ndarray:
        return np.where(self._logged(judge), judge.values, 1.0)

    def _scaled(self, judge: Judge, table: pd.DataFrame) -> np.ndarray:
        """Return statistics on the emulators' scale; what cannot be logged counts as very low."""
        found = as_matrix(table, judge.statistics)
        logged = self._logged(judge)
        least = 1e-3 * np.abs(judge.values)
        found = np.where(np.isnan(found), np.where(logged, least, judge.values), found)
        return _on_scale(np.where(logged, np.maximum(found, least), found), logged)

    def _file(self, wave: int) -> Path:
        return self.workshop.folder / f"wave-{wave}" / "points.parquet"

    def _points(self, wave: int) -> np.ndarray | None:
        """Return a wave's points where it has begun already, so that it goes on with the same."""
        file = self._file(wave)
        return pd.read_parquet(file).to_numpy(float) if file.exists() else None

    def _keep(self, wave: int, points: np.ndarray) -> None:
        import pyarrow as pa

        frame = pd.DataFrame(points, columns=list(self.space.names))
        write_parquet(pa.Table.from_pandas(frame, preserve_index=False), self._file(wave))

    def _run(self, wave: int, points: np.ndarray, anchor: np.ndarray) -> Sets:
        values = self.space.values(points)
        base = self.workshop.setting.scenario
        scenarios = [scenario_of(base, self.space.names, row) for row in values]
        stable = [number for number, each in enumerate(scenarios) if not _explodes(each)]
        # Each set has residents and chance of its own: sets that shared them would all be off
        # alike. What is refitted from an anchor keeps its anchor's.
        population = self.workshop.setting.population_seed + np.arange(len(points))
        table = self.workshop.compute(
            f"wave-{wave}", f"wave {wave} of {self.settings.waves}",
            [scenarios[number] for number in stable], numbers=stable,
            seeds={number: int(population[number]) for number in stable},
        )  # fmt: skip
        # What explodes has no world: it is ruled out, whatever the targets say.
        table = table.set_axis(stable).reindex(range(len(points)))
        return Sets(points, values, np.full(len(points), wave), anchor, population, table)


def _explodes(scenario: Scenario) -> bool:
    """Say whether each incident would set off one or more by grievance: the model refuses it."""
    return offspring(scenario.parameters().central()) >= 1.0


def _on_scale(values: np.ndarray, logged: np.ndarray) -> np.ndarray:
    return np.where(logged, np.log(np.where(logged, values, 1.0)), values)


def not_ruled_out(judge: Judge, sets: Sets, cut: float) -> np.ndarray:
    """Return the rows of the sets that are not ruled out, the latest of each anchor.

    Sets of the first wave have no anchor and are all their own.
    """
    worst = second_highest(judge.implausibilities(as_matrix(sets.table, judge.statistics)))
    fine = np.flatnonzero(worst < cut)
    latest: dict[tuple[int, int], int] = {}
    for row in fine:
        anchor = int(sets.anchor[row])
        latest[(anchor, -1) if anchor >= 0 else (-1, int(row))] = int(row)
    return np.array(sorted(latest.values()), dtype=int)
