"""What all virtual trials share: scenarios made in code, and pairs of worlds.

A trial changes delivery (whom, where, when), so that a published design can be carried out; what
a programme does to those it reaches stays as its document says, unless the published study fixed
that by rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vru_model.experiments import Progress, Run
from vru_model.experiments import run as run_scenario
from vru_model.experiments.world import WorldKey
from vru_model.parameters.loading import Override
from vru_model.parameters.programmes import Programme
from vru_model.parameters.scenario_document import Funding
from vru_model.scenario import Scenario

AUTHOR = "vru validate"
AT_ONCE = {"lag_months": 0.0, "hiring_months": 0.0, "notice_months": 0.0}
"""Timing of a programme that is there in full from the first day to the last."""
A_POUND = {"unit_cost": 1.0, "low": 1.0, "high": 1.0, "fixed_cost_per_year": 0.0}
"""A cost by which money counts units: what they cost is not what a trial asks."""
Report = Callable[[str, Progress], None]
Line = tuple[Programme, int, Mapping[str, Any]]
"""A programme, £ a year, and where and when, as fields of the funding."""


@dataclass(frozen=True)
class Size:
    """How large the runs of a validation are.

    Attributes
    ----------
    place, scale
        As in :func:`vru_model.experiments.run`.
    years
        Of the runs of monthly steps.
    draws, replicates, seed
        As in :func:`vru_model.experiments.run`.
    out, workers
        The folder of runs, and processes.
    """

    place: str = "west_midlands"
    scale: float = 0.1
    years: int = 4
    draws: int = 20
    replicates: int = 1
    seed: int = 1
    out: str | None = None
    workers: int | None = None

    def run(self, scenario: Scenario | str, report: Report | None = None, **more: Any) -> Run:
        """Run a scenario at this size, or find it on disk."""
        name = scenario if isinstance(scenario, str) else scenario.name
        told = None if report is None else lambda progress: report(name, progress)
        options = {
            "place": self.place, "scale": self.scale, "years": self.years, "draws": self.draws,
            "replicates": self.replicates, "seed": self.seed, "out": self.out,
            "workers": self.workers, **more,
        }  # fmt: skip
        return run_scenario(scenario, progress=told, **options)


def funded(
    name: str, title: str, lines: Sequence[Line],
    overrides: Mapping[str, tuple[float, str]] | None = None,
) -> Scenario:
    """Return a scenario that funds programmes.

    Parameters
    ----------
    name, title
        Of the scenario.
    lines
        Programme, £ a year, and where and when, as fields of the funding.
    overrides
        Parameter of the model → its value and the reason.
    """
    programmes = {programme.name: programme for programme, _, _ in lines}
    changes = overrides or {}
    return Scenario(
        name=name,
        title=title,
        question="What would the published design have found in a world where the truth is known?",
        funding=tuple(
            Funding(programme=programme.name, money_per_year=money, **where)
            for programme, money, where in lines
        ),
        overrides_made=tuple(
            Override(parameter, value, reason, AUTHOR)
            for parameter, (value, reason) in sorted(changes.items())
        ),
        programmes_funded=tuple(programmes[key] for key in sorted(programmes)),
        price_year=lines[0][0].cost.price_year if lines else "",
    )


def changed(programme: Programme, **parts: Mapping[str, Any]) -> Programme:
    """Return a programme with some fields of its parts replaced: ``reach={"take_up": 1.0}``."""
    return programme.model_copy(
        update={
            part: getattr(programme, part).model_copy(update=dict(fields))
            for part, fields in parts.items()
        }
    )


def with_size(programme: Programme, target: str, value: float) -> Programme:
    """Return a programme that makes one change, of a fixed size."""
    change = next(each for each in programme.changes if each.target == target)
    fixed = {"value": value, "low": None, "high": None, "distribution": "fixed"}
    return programme.model_copy(update={"changes": (change.model_copy(update=fixed),)})


def pairs(base: Run, other: Run, table: str) -> Iterator[tuple[WorldKey, pd.DataFrame, Any]]:
    """Yield each world that both runs hold, with the table of the one and of the other."""
    shared = set(other.worlds(table))
    for key in base.worlds(table):
        if key in shared:
            yield key, *(run.query(f"select * from {table}", worlds=[key]) for run in (base, other))


def by_world(values: Mapping[WorldKey, Mapping[str, Any]]) -> pd.DataFrame:
    """Return numbers of worlds, or parts of ratios, as a frame: draw and replicate by group."""
    index = pd.MultiIndex.from_tuples(
        [(key.draw, key.replicate) for key in values], names=["draw", "replicate"]
    )
    return pd.DataFrame(list(values.values()), index=index)
