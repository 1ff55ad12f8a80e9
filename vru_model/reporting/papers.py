"""From one command to a finished paper: check, run, execute the notebook, publish.

Nothing is written until every parameter is known to be good. A paper is made under a temporary
name and takes its place when it is whole, so a build that fails or is killed leaves the last
good paper. The same runs and parameters give the same bytes; how long it took stands apart.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from vru_model import paths
from vru_model.errors import InputError, Problem, nearest
from vru_model.experiments.request import check_out
from vru_model.reporting.board.standing import standing
from vru_model.reporting.findings import Report
from vru_model.reporting.formats.source import Cover, PaperError
from vru_model.reporting.formats.writing import EXEMPT, write_paper, write_text
from vru_model.reporting.options import PaperOptions, declared_parameters, undeclared
from vru_model.reporting.paper_checks import check_sources, open_runs, provenance
from vru_model.reporting.paper_kinds import PAPERS, Paper
from vru_model.reporting.provenance import ORGANISATION
from vru_model.reporting.words import build_date

_STALE_SECONDS = 3600.0
_AT_ONCE = 2
_WHERE = "command line"  # whatever paper it is for, so that one mistake is told once


def build(
    only: str | Sequence[str] | None = None,
    out: str | Path | None = None,
    report: Report | None = None,
    papers: Mapping[str, Paper] = PAPERS,
    earlier: str | Path | None = None,
    **parameters: Any,
) -> list[Path]:
    """Build the papers; return their pages.

    Parameters
    ----------
    only
        The name of a paper, or several; all of them where None.
    out
        The folder that receives ``<paper id>/``; ``outputs/papers`` where None.
    report
        Is told the scenario's name and how far its run has come.
    papers
        The kinds of paper that there are.
    earlier
        Where the papers look for those that were made before; beside themselves where None.
    parameters
        Values for the notebooks' parameters; None leaves the command's own setting.

    Raises
    ------
    InputError
        With everything that is wrong with the parameters, before anything runs or is written.
    PaperError
        Where a notebook fails or its paper would not be accessible; the last good one stays.
    """
    folder = paths.OUTPUTS / "papers" if out is None else Path(out).expanduser()
    given = {name: value for name, value in parameters.items() if value is not None}
    chosen, unknown = _chosen(only, papers)
    jobs = _checked(chosen, given, folder, unknown)
    before = str(earlier or ("" if out is None else folder.absolute()))
    prepared = [_prepare(paper, _after(options, before), report) for paper, options in jobs]
    # Each notebook has a process of its own, which is most of the work.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda one: _build_one(one, folder), prepared))


def timings(page: Path) -> str:
    """Return how long the paper with this page took, in a sentence."""
    seconds = json.loads((page.parent / "timings.json").read_text(encoding="utf-8"))
    return f"Runs: {seconds['runs']:g} seconds; paper: {seconds['paper']:g} seconds."


def _chosen(
    only: str | Sequence[str] | None, papers: Mapping[str, Paper]
) -> tuple[list[Paper], list[Problem]]:
    """Return the papers asked for, all of them where a name is unknown, and what is wrong."""
    if only is None:
        return list(papers.values()), []
    names = [only] if isinstance(only, str) else list(dict.fromkeys(only))
    allowed = ", ".join(papers)
    unknown = [
        Problem(None, None, "only", repr(name), allowed, nearest(name, papers))
        for name in names if name not in papers
    ]  # fmt: skip
    return [papers[name] for name in names] if not unknown else list(papers.values()), unknown


def _checked(
    papers: Sequence[Paper], given: Mapping[str, Any], folder: Path, unknown: Sequence[Problem]
) -> list[tuple[Paper, PaperOptions]]:
    """Return each paper with its options, or raise InputError with every problem of all."""
    jobs: list[tuple[Paper, PaperOptions]] = []
    every = [declared_parameters(paper.notebook) for paper in papers]
    # What one of the papers asks for may be given with all of them.
    anywhere = {name: value for declared in every for name, value in declared.items()}
    problems = [*unknown, *check_out(folder), *undeclared(given, anywhere, _WHERE)]
    for paper, declared in zip(papers, every, strict=True):
        known = {name: value for name, value in given.items() if name in declared}
        try:
            options = paper.options.checked({**declared, **paper.settings, **known}, _WHERE)
        except InputError as error:
            problems += error.problems
        else:
            jobs.append((paper, options))
    if problems:
        raise InputError(dict.fromkeys(problems))
    return jobs


def _after(options: PaperOptions, earlier: str) -> PaperOptions:
    """Return the options with the folder of earlier papers, for a paper that asks for them."""
    asks = "earlier" in type(options).model_fields
    return options.model_copy(update={"earlier": earlier}) if asks else options


@dataclass(frozen=True)
class _Prepared:
    """A paper whose runs are finished."""

    paper: Paper
    options: PaperOptions
    run_ids: tuple[str, ...]
    seconds: float


def _prepare(paper: Paper, options: PaperOptions, report: Report | None) -> _Prepared:
    started = time.perf_counter()
    run_ids = tuple(paper.prepare(options, report))
    return _Prepared(paper, options, run_ids, time.perf_counter() - started)


def _build_one(prepared: _Prepared, folder: Path) -> Path:
    started = time.perf_counter()
    paper, options, run_ids = prepared.paper, prepared.options, prepared.run_ids
    runs = open_runs(run_ids, options)
    identifier = paper_id(paper.name, options, run_ids)
    target = folder / identifier
    _recover(target)
    options = options.model_copy(update={"date": options.date or _day(target)})
    work = folder / f".{identifier}.{os.getpid()}.tmp"
    (work / EXEMPT).mkdir(parents=True)
    try:
        manifest = {
            "paper": paper.name,
            "id": identifier,
            "date": options.date,
            "runs": list(run_ids),
            "parameters": options.numbers,
            **({"files": options.contents} if options.contents else {}),
        }
        notebook = execute(paper, options, work / EXEMPT)
        check_sources(notebook, run_ids)
        written = write_paper(work, paper.name, notebook, _cover(paper, options))
        _write_json(work / "paper.json", {**written, **manifest, **provenance(runs)})
        took = time.perf_counter() - started
        seconds = {"runs": round(prepared.seconds, 1), "paper": round(took, 1)}
        _write_json(work / "timings.json", seconds)
        _replace(work, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target / f"{paper.name}.html"


def paper_id(name: str, options: PaperOptions, run_ids: Sequence[str]) -> str:
    """Return the paper's name and 12 hex digits of its runs, parameters and files of counts."""
    told: dict[str, Any] = {"runs": list(run_ids), "parameters": options.numbers}
    if options.contents:
        told["files"] = options.contents
    text = json.dumps(told, sort_keys=True)
    return f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def execute(paper: Paper, options: PaperOptions, work: Path) -> NotebookNode:
    """Return the executed notebook, without anything that differs between two executions.

    Raises PaperError where the notebook fails; `work` keeps what it had come to.
    """
    executed = work / f"{paper.name}.ipynb"
    try:
        papermill.execute_notebook(
            str(paper.notebook),
            str(executed),
            parameters=options.parameters,
            progress_bar=False,
            # All is done by then; a graceful end would interrupt the kernel, which complains.
            shutdown_kernel="immediate",
            # ipykernel 7.4 warns on standard error where transport is not encrypted.
            config=Config({"KernelManager": {"transport_encryption": "auto"}}),
        )
    except PapermillExecutionError as error:
        raise PaperError(
            f"The notebook {paper.notebook.name} failed: {error.ename}: {error.evalue}"
        ) from error
    return _timeless(nbformat.read(executed, as_version=4))


def _timeless(notebook: NotebookNode) -> NotebookNode:
    parameters = notebook.metadata.get("papermill", {}).get("parameters", {})
    notebook.metadata["papermill"] = {"parameters": parameters}
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-{number}"
        if "outputs" in cell:
            cell["outputs"] = [one for one in cell.outputs if one.output_type != "stream"]
    return notebook


def _cover(paper: Paper, options: PaperOptions) -> Cover:
    day = date.fromisoformat(options.date)
    return Cover(organisation=ORGANISATION, day=day, draft=standing().draft, sheet=paper.sheet)


def _day(target: Path) -> str:
    """Return the date for a paper that names none.

    A paper that was built before keeps its date: the same paper, the same bytes.
    """
    earlier = target / "paper.json"
    if not os.environ.get("SOURCE_DATE_EPOCH") and earlier.exists():
        return json.loads(earlier.read_text(encoding="utf-8"))["date"]
    return build_date().isoformat()


def _recover(target: Path) -> None:
    """Put right what a build that was killed in its last moment may have left."""
    previous = _previous(target)
    if previous.exists():
        if target.exists():
            shutil.rmtree(previous)
        else:
            previous.rename(target)
    for left in target.parent.glob(f".{target.name}.*.tmp"):
        if time.time() - left.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _replace(work: Path, target: Path) -> None:
    """Put the finished folder in the place of the last good one."""
    previous = _previous(target)
    if target.exists():
        shutil.rmtree(previous, ignore_errors=True)
    with suppress(FileNotFoundError):  # a first build, or another process is a step ahead
        target.rename(previous)
    try:
        work.rename(target)
    except OSError:
        if not (target / "paper.json").exists():
            raise  # else another process has just put the same paper there
    shutil.rmtree(previous, ignore_errors=True)


def _previous(target: Path) -> Path:
    return target.with_name(f".{target.name}.previous")


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
