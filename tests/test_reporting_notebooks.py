"""What the notebooks in the repository have to be; nbval runs them (`pytest --nbval-lax`)."""

import nbformat
import pytest

from vru_model import paths

NOTEBOOKS = sorted(paths.NOTEBOOKS.rglob("*.ipynb"))


def code_cells(path):
    return [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_keeps_no_outputs_but_those_that_are_checked(path):
    kept = [cell for cell in code_cells(path) if cell.outputs]
    tagged = [
        cell for cell in code_cells(path) if "nbval-check-output" in cell.metadata.get("tags", [])
    ]
    assert kept == tagged and tagged
    assert all("keep_output" in cell.metadata.tags for cell in tagged)
    # nbval takes a cell without a count for one that was never run.
    assert all((cell.execution_count is None) == (not cell.outputs) for cell in code_cells(path))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_thin(path):
    for cell in code_cells(path):
        if "parameters" not in cell.metadata.get("tags", []):
            assert len(cell.source.splitlines()) <= 7, cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_s_headings_follow_one_another(path):
    words = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown"]
    lines = [line for cell in words for line in cell.source.splitlines() if line.startswith("#")]
    levels = [len(line) - len(line.lstrip("#")) for line in lines]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
