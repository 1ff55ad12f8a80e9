"""Run notebooks and keep the outputs that are checked: ``python -m vru_model.workbook.renew FILE``.

Outputs of cells tagged ``nbval-check-output`` are part of the repository and compared in every test
run. After a change of the model that is meant, this writes them anew; all other outputs go.
"""

from __future__ import annotations

import sys
from pathlib import Path

CHECKED = "nbval-check-output"


def renew(path: Path) -> None:
    """Run a notebook and write it back with its checked outputs alone."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, 4)
    NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}).execute()
    checked = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.metadata.pop("execution", None)
        keep = CHECKED in cell.metadata.get("tags", [])
        checked += keep
        cell.execution_count = checked if keep else None
        if not keep:
            cell.outputs = []
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = checked
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        renew(Path(argument))
        print(f"renewed {argument}")
