"""The papers that there are: the notebook of each, its parameters and what it rests on.

A new paper is one entry here, its notebook in `notebooks/papers/` and the module that the notebook
asks for its parts. How a paper is made of them stands in :mod:`vru_model.reporting.papers`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from vru_model import paths
from vru_model.reporting.board.impact.options import ImpactOptions
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.findings import Report
from vru_model.reporting.options import PaperOptions

# What `vru papers` asks for instead of the notebooks' quick defaults: enough draws for the
# intervals to cover the parameters, and residents few enough to be done within minutes.
SETTINGS: dict[str, Any] = {
    "scale": 0.04, "years": 10, "draws": 20, "replicates": 1, "seed": 1, "effort": 1.0,
}  # fmt: skip


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
    sheet
        Whether it is a sheet of two sides, without contents and numbers of paragraphs. Its PDF is
        set in the largest type in which it keeps to two sides, and refused where none does.
    """

    name: str
    notebook: Path
    options: type[PaperOptions]
    prepare: Callable[[Any, Report | None], Sequence[str]]
    settings: Mapping[str, Any] = field(default_factory=dict)
    sheet: bool = False


def _board_paper(
    name: str, home: str, kind: str, sheet: bool = False, options: type[PaperOptions] = BoardOptions
) -> Paper:
    """Return the entry of a paper whose class stands in a package of ``reporting/board``."""

    def prepare(asked: BoardOptions, report: Report | None) -> Sequence[str]:
        # A paper is loaded when it is made, so that the others do not wait for it.
        made = getattr(import_module(f"vru_model.reporting.board.{home}"), kind)
        return made.prepare(asked, report).run_ids

    return Paper(
        name=name,
        notebook=paths.NOTEBOOKS / "papers" / f"{name}.ipynb",
        options=options,
        prepare=prepare,
        settings=SETTINGS,
        sheet=sheet,
    )


PAPERS = {
    paper.name: paper
    for paper in (
        _board_paper("programme_and_strategy", "programme.paper", "ProgrammePaper"),
        _board_paper(
            "impact_and_evaluation", "impact.paper", "ImpactPaper", options=ImpactOptions
        ),
        _board_paper("system_change", "system.paper", "SystemChange"),
        _board_paper("community_sheet", "community", "CommunitySheet", sheet=True),
        _board_paper("assurance_pack", "assurance", "AssurancePack"),
    )
}
