"""The papers that there are: the notebook of each, its parameters and what it rests on.

A new paper is one entry here, its notebook in `notebooks/papers/` and the module that the notebook
asks for its parts. How a paper is made of them stands in :mod:`vru_model.reporting.papers`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vru_model import paths
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.findings import Report, run_all
from vru_model.reporting.options import PaperOptions, StrategyOptions

# What `vru papers` asks for instead of the notebooks' quick defaults: enough draws for the
# intervals to cover the parameters, and residents few enough for about three minutes on two cores.
SETTINGS: dict[str, Any] = {"scale": 0.05, "years": 10, "draws": 20, "replicates": 1, "seed": 1}


@dataclass(frozen=True)
class Paper:
    """A kind of paper: its notebook, its parameters and the runs that it rests on.

    Parameters
    ----------
    name
        File name of the page, and the first part of its id.
    notebook
        The notebook, with a cell tagged `parameters`.
    options
        The schema of its parameters.
    prepare
        Runs what the paper needs (reporting progress) and returns the run ids.
    settings
        Parameters that the command sets where the user does not.
    """

    name: str
    notebook: Path
    options: type[PaperOptions]
    prepare: Callable[[Any, Report | None], Sequence[str]]
    settings: Mapping[str, Any] = field(default_factory=dict)


def _run_strategies(options: StrategyOptions, report: Report | None) -> list[str]:
    return [found.run_id for found in run_all(options, report).values()]


def _run_system_change(options: BoardOptions, report: Report | None) -> list[str]:
    from vru_model.reporting.board.system.paper import SystemChange

    return list(SystemChange.prepare(options, report).run_ids)


PAPERS = {
    paper.name: paper
    for paper in (
        Paper(
            name="programme_and_strategy",
            notebook=paths.NOTEBOOKS / "papers" / "programme_and_strategy.ipynb",
            options=StrategyOptions,
            prepare=_run_strategies,
            settings=SETTINGS,
        ),
        Paper(
            name="system_change",
            notebook=paths.NOTEBOOKS / "papers" / "system_change.ipynb",
            options=BoardOptions,
            prepare=_run_system_change,
            settings=SETTINGS | {"effort": 1.0},
        ),
    )
}
