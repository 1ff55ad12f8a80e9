"""`vru validate`: run what is missing, execute the notebook, write the document.

The document, its table and its pictures are written whole or not at all, and the same runs give
the same bytes.
"""

from __future__ import annotations

import base64
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nbformat import NotebookNode

from vru_model import paths
from vru_model.analysis.validation.looking import make_runs, open_runs, run_trials
from vru_model.analysis.validation.trials.worlds import Report
from vru_model.errors import InputError
from vru_model.experiments.request import check_out, gather
from vru_model.reporting.options import declared_parameters, undeclared
from vru_model.reporting.papers import Paper, execute
from vru_model.reporting.render import HIDDEN_TAGS, PaperError
from vru_model.reporting.validation.options import ValidationOptions

NAME = "validation"
IMAGES = "images/validation"
NOTEBOOK = paths.NOTEBOOKS / "validation.ipynb"
SETTINGS: dict[str, Any] = {
    "scale": 0.05, "years": 4, "draws": 20, "replicates": 1, "trials": True,
}  # fmt: skip
"""What `vru validate` asks for instead of the notebook's quick defaults."""


def validate(
    runs: list[str] | None = None, out: str | Path | None = None, report: Report | None = None,
    **parameters: Any,
) -> list[Path]:  # fmt: skip
    """Look at the patterns and write the document; return the files written.

    Parameters
    ----------
    runs
        Run ids or folders; the runs that are needed are made, or found on disk, where None.
    out
        The folder that receives ``validation.md``, ``validation.csv`` and pictures; docs unless
        given.
    report
        Is told of progress.
    parameters
        Of the notebook; None leaves the command's own setting.

    Raises
    ------
    InputError
        With everything that is wrong with what was asked, before anything runs or is written.
    PaperError
        Where the notebook fails; the last good document stays.
    """
    folder = paths.ROOT / "docs" if out is None else Path(out).expanduser()
    options = _checked(runs or [], folder, parameters)
    if not options.given:
        make_runs(options.size, report)
        if options.trials:
            run_trials(options.size, report)
    notebook = _executed(options)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".validation.", dir=folder) as work:
        files = _write(notebook, Path(work))
        return [_put(Path(work) / file, folder / file) for file in files]


def _checked(runs: list[str], folder: Path, parameters: dict[str, Any]) -> ValidationOptions:
    """Return the options, or raise InputError with every problem."""
    given = {name: value for name, value in parameters.items() if value is not None}
    declared = declared_parameters(NOTEBOOK)
    problems = [*check_out(folder), *undeclared(given, declared, NAME)]
    known = {name: value for name, value in given.items() if name in declared}
    absolute = [str(Path(run).resolve()) if Path(run).exists() else run for run in runs]
    asked = {**declared, **SETTINGS, **known, "given": absolute}
    (options, _), found = gather(
        lambda: ValidationOptions.checked(asked, NAME), lambda: open_runs(absolute)
    )
    if problems + found:
        raise InputError(dict.fromkeys(problems + found))
    return options


def _executed(options: ValidationOptions) -> NotebookNode:
    paper = Paper(NAME, NOTEBOOK, ValidationOptions, lambda *_: [])
    with TemporaryDirectory(prefix="vru-validation-") as work:
        return execute(paper, options, Path(work))


def _write(notebook: NotebookNode, work: Path) -> list[Path]:
    """Write the document's files below a folder; return their paths within it."""
    lines, files = [], []
    for cell in notebook.cells:
        if set(cell.metadata.get("tags", [])) & set(HIDDEN_TAGS):
            continue
        if cell.cell_type == "markdown":
            lines.append(cell.source.strip())
            continue
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise PaperError(f"the notebook failed: {output.ename}: {output.evalue}")
            text, picture = _shown(output)
            if picture is not None:
                path = Path(IMAGES) / f"{output.metadata['image/png']['name']}.png"
                _whole(work / path, picture)
                files.append(path)
            lines.append(text)
            if "text/csv" in output.data:
                _whole(work / f"{NAME}.csv", output.data["text/csv"].encode())
                files.append(Path(f"{NAME}.csv"))
    _whole(work / f"{NAME}.md", ("\n\n".join(filter(None, lines)) + "\n").encode())
    return [Path(f"{NAME}.md"), *files]


def _shown(output: NotebookNode) -> tuple[str, bytes | None]:
    """Return an output as Markdown, and its picture."""
    if "image/png" not in output.data:
        return output.data.get("text/markdown", "").strip(), None
    words = output.metadata["image/png"]
    alt = words["alt"].replace("[", "(").replace("]", ")")
    text = f"![{alt}]({IMAGES}/{words['name']}.png)\n\n*{words['caption']}*"
    return text, base64.b64decode(output.data["image/png"])


def _whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _put(source: Path, target: Path) -> Path:
    """Put a finished file in its place in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    waiting = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    shutil.copyfile(source, waiting)
    os.replace(waiting, target)
    return target
