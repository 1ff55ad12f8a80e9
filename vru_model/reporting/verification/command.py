"""The command `vru verify`: the same again, or what is different."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any

import typer

from vru_model import paths
from vru_model.errors import InputError, Problem

_DIFFERENT = 1


def add_verify(
    app: typer.Typer, answering: Callable[[], AbstractContextManager[None]],
    bar: Callable[[], AbstractContextManager[Any]], reporters: Callable[[Any], Any],
) -> None:  # fmt: skip
    """Add `verify` to the command line, with its exit codes and its progress."""

    @app.command()
    def verify(
        source: Annotated[
            str,
            typer.Argument(metavar="PAPER_OR_RUN", help="A folder, a paper's file, or an id."),
        ],
        worlds: Annotated[
            int | None, typer.Option("--worlds", min=1, help="Of a run: only so many, the first.")
        ] = None,
        trust_runs: Annotated[
            bool, typer.Option("--trust-runs", help="Of a paper: take its runs as they are.")
        ] = False,
        runs: Annotated[
            Path | None, typer.Option("--runs", help="With --trust-runs; default: outputs/runs.")
        ] = None,
        workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes.")] = None,
    ) -> None:
        """Make a paper or a run again, and say part by part whether it comes out the same.

        A run's worlds are computed again in a temporary folder. So are a paper's runs, before its
        notebook runs again and every table, figure and document is compared. Ends with 0 where all
        is the same, with 1 where anything differs.
        """
        with answering():
            from vru_model.experiments import Run
            from vru_model.reporting.verification.papers import verify_paper
            from vru_model.reporting.verification.runs import verify_run

            kind, folder = find(source, worlds is not None, trust_runs, runs is not None)
            with bar() as shown:
                report = reporters(shown)
                if kind == "run":
                    found = verify_run(Run.open(folder), worlds, workers, report)
                else:
                    found = verify_paper(folder, trust_runs, runs, workers, report)
            for line in (*found.changes, *found.findings, found.summary):
                print(line)
        if not found.same:
            raise typer.Exit(_DIFFERENT)


def find(source: str, worlds: bool, trust_runs: bool, runs: bool) -> tuple[str, Path]:
    """Return "run" or "paper" and the folder that a user means.

    `worlds`, `trust_runs` and `runs` say which options were given; InputError lists those that do
    not belong to what was found.
    """
    kind, folder = _found(Path(source).expanduser())
    problems = []
    if kind == "paper" and worlds:
        problems.append(_wrong("worlds", "given", "nothing for a paper"))
    if kind == "run" and (trust_runs or runs):
        problems.append(_wrong("trust-runs", "given", "nothing for a run"))
    if runs and not trust_runs:
        problems.append(_wrong("runs", "given alone", "--runs together with --trust-runs"))
    if problems:
        raise InputError(problems)
    return kind, folder


def _found(path: Path) -> tuple[str, Path]:
    places = [path, path.parent, path.parent.parent] if path.exists() else []
    if len(path.parts) == 1:
        places += [paths.OUTPUTS / "papers" / path, paths.OUTPUTS / "runs" / path]
    for place in places:
        if (place / "paper.json").is_file():
            return "paper", place
        if (place / "manifest.json").is_file():
            return "run", place
    allowed = "the folder or a file of a paper, the folder of a run, or the id of either"
    raise InputError([_wrong("PAPER_OR_RUN", repr(str(path)), allowed)])


def _wrong(name: str, given: str, allowed: str) -> Problem:
    return Problem(None, None, name, given, allowed)
