"""All board papers, made once from tiny runs of three programmes: every block as a reader gets it.

The notebooks themselves are run, in this process, so that what is checked is what they show. Only
the search for the assumption that matters most is made up: it alone needs hundreds of worlds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
from board_doubles import MadeUpStudy
from nbformat import NotebookNode
from paper_doubles import output

from vru_model.reporting.board import case
from vru_model.reporting.paper_kinds import PAPERS

STRATEGY_FILE = """
name: two_and_a_place
title: Two programmes and a place
question: A test
price_year: 2024/25
budget_per_year: 2000000
budget_source: A test
funding:
  - {programme: mentoring, money_per_year: 1000000}
  - {programme: hospital_navigators, money_per_year: 710000}
  - {programme: hot_spot_patrol, money_per_year: 290000}
"""


def parameters(folder: Path) -> dict[str, Any]:
    """Return the parameters of tiny papers, whose strategy is written into a folder."""
    file = folder / "two_and_a_place.yaml"
    file.write_text(STRATEGY_FILE)
    return {
        "scale": 0.003, "years": 2, "draws": 2, "workers": 1, "runs": str(folder / "runs"),
        "date": "2026-11-22", "strategy": str(file), "minimum": str(file), "maximum": str(file),
        "ending": "grant_ends_after_1", "payer": "A made-up payer",
    }  # fmt: skip


def small_papers(folder: Path) -> dict[str, NotebookNode]:
    """Return name → executed notebook, of all board papers."""
    given = parameters(folder)
    with patch.object(case, "study", lambda *_: MadeUpStudy()):
        return {name: executed(paper.notebook, given) for name, paper in PAPERS.items()}


def executed(path: Path, given: dict[str, Any]) -> NotebookNode:
    """Run a notebook's cells here, with other parameters; return it with what it shows."""
    notebook = nbformat.read(path, as_version=4)
    names: dict[str, Any] = {}
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or "nbval-check-output" in tags:
            continue
        blocks: list[Any] = []
        names["display"] = lambda *found, keep=blocks.extend: keep(found)
        source = cell.source.replace("from IPython.display import display\n", "")
        exec(source, names)
        if "parameters" in tags:
            names |= given
        cell.outputs = [output(block) for block in blocks]
    return notebook
