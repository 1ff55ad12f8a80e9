"""Paired differences of a comparison at many points of its assumptions, from stored runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from vru_model.analysis.sensitivity.assumptions import varied
from vru_model.experiments import Progress
from vru_model.experiments.batch import run_many, totals_by
from vru_model.experiments.intervals import Spread, spread
from vru_model.scenario import Scenario

Values = Mapping[str, float]
"""Dotted name of an assumption -> its value; what is not named has its central value."""


@dataclass(frozen=True)
class Pair:
    """A comparison at one point: what happens in worlds of the one scenario and of the other.

    Parameters
    ----------
    values
        What differs from the central values.
    before, after
        Counts of the base and the other scenario, shape (replicates,), at full size. Both share
        every random number.
    base_run, other_run
        The ids of the runs.
    relative
        Whether differences are per cent of the base scenario's mean count.
    """

    values: Values
    before: np.ndarray
    after: np.ndarray
    base_run: str
    other_run: str
    relative: bool = False

    @property
    def differences(self) -> np.ndarray:
        """Return what the other scenario averts, by replicate."""
        averted = self.before - self.after
        return 100.0 * averted / self._level if self.relative else averted

    @property
    def difference(self) -> float:
        """Return the mean of the differences."""
        return float(self.differences.mean())

    @property
    def share(self) -> float:
        """Return the mean difference as a share of the base scenario's mean count."""
        return float((self.before - self.after).mean() / self._level)

    @property
    def _level(self) -> float:
        # Where nothing happens at all nothing is averted either: nought of one, not of nought.
        return float(self.before.mean()) or 1.0

    @cached_property
    def spread(self) -> Spread:
        """Return the difference with the interval that chance leaves; NaN with one replicate."""
        return spread(self.differences[None, :, None])

    @property
    def error95(self) -> float:
        """Return half the 95% interval that chance leaves in the difference."""
        return float(self.spread.monte_carlo_95[0])


@dataclass(frozen=True)
class Pairs:
    """How pairs are run and read: scenarios, measure, group, year, and the options of runs."""

    base: Scenario
    other: Scenario
    measure: str
    group: str
    year: int
    relative: bool
    options: Mapping[str, Any]
    report: Callable[[str, Progress], None] | None = None

    def at(self, points: Sequence[Values], replicates: int, title: str) -> list[Pair]:
        """Return the pairs at some points, running what is not on disk."""
        if not points:
            return []
        scenarios = [varied(each, values) for values in points for each in (self.base, self.other)]
        report = self.report
        told = None if report is None else lambda progress: report(title, progress)
        runs = run_many(scenarios, replicates=replicates, progress=told, **self.options)
        totals = totals_by(runs, replicates, self.measure, self.group, self.year)
        return [
            Pair(values, totals[2 * n], totals[2 * n + 1], runs[2 * n].run_id,
                 runs[2 * n + 1].run_id, self.relative)
            for n, values in enumerate(points)
        ]  # fmt: skip


def chance_variance(pairs: Sequence[Pair]) -> float:
    """Return the variance of one pair's difference by chance, pooled over points; NaN if unknown.

    Each point with two replicates or more adds its own degrees of freedom.
    """
    squares = sum(float(np.sum((p.differences - p.difference) ** 2)) for p in pairs)
    freedom = sum(len(pair.differences) - 1 for pair in pairs)
    return squares / freedom if freedom else float("nan")
