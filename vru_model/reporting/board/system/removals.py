"""Boundaries with their runs: what is averted where each is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from vru_model.experiments import Run
from vru_model.reporting.board.system.boundaries import Boundary
from vru_model.reporting.board.system.differences import ASKED, cubes, estimate, shared_worlds
from vru_model.reporting.estimates import Estimate


@dataclass(frozen=True)
class Removals:
    """Boundaries with their runs.

    Parameters
    ----------
    tests
        The boundaries.
    runs
        Run of every scenario that they name, by its name.
    years
        The horizon.
    """

    tests: Sequence[Boundary]
    runs: Mapping[str, Run]
    years: int

    @cached_property
    def tried(self) -> list[Boundary]:
        """The boundaries that there are to remove."""
        return [test for test in self.tests if test.scenario is not None]

    @cached_property
    def found(self) -> dict[str, list[Estimate]]:
        """Boundary → the estimates of :data:`ASKED`, over all years."""
        named = {run.run_id: run for test in self.tried for run in self.pair(test)}
        all_of_them = cubes(named, shared_worlds(list(named.values()))) if named else {}
        result = {}
        for test in self.tried:
            with_it, without = (all_of_them[run.run_id] for run in self.pair(test))
            result[test.name] = [
                estimate(with_it[n], with_it[n] - without[n]) for n in range(len(ASKED))
            ]
        return result

    def pair(self, test: Boundary) -> tuple[Run, Run]:
        """Return the runs with the boundary and without."""
        if test.scenario is None:
            raise ValueError(f"{test.name} was not run")
        return self.runs[test.held_against.name], self.runs[test.scenario.name]

    def judged(self, verdict: str) -> list[str]:
        """Return the titles of the boundaries whose removal has this verdict, by admissions."""
        return [test.title for test in self.tried if self.found[test.name][0].verdict == verdict]

    @property
    def source(self) -> str:
        """The line under what rests on these runs."""
        names = dict.fromkeys(run.run_id for test in self.tried for run in self.pair(test))
        return f"model runs {', '.join(names)}; modelled, not recorded"
