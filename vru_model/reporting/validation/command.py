"""The command `vru validate`, apart from the others so that it can be read beside what it does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any

import typer


def add_validate(
    app: typer.Typer, answering: Callable[[], AbstractContextManager[None]],
    bar: Callable[[], AbstractContextManager[Any]], reporters: Callable[[Any], Any],
) -> None:  # fmt: skip
    """Add `validate` to the command line, with its exit codes and its progress."""

    @app.command()
    def validate(
        runs: Annotated[
            list[str] | None,
            typer.Argument(help="Run ids or folders, with incidents and people; default: make "
                           "what is needed."),
        ] = None,
        place: Annotated[
            str | None, typer.Option("--place", help="A name or a pack's folder.")
        ] = None,
        scale: Annotated[float | None, typer.Option("--scale", help="Default: 0.05.")] = None,
        years: Annotated[int | None, typer.Option("--years", help="Default: 4.")] = None,
        draws: Annotated[int | None, typer.Option("--draws", help="Default: 20.")] = None,
        replicates: Annotated[
            int | None, typer.Option("--replicates", help="For each draw; default: 1.")
        ] = None,
        seed: Annotated[int | None, typer.Option("--seed", help="Of the random worlds.")] = None,
        trials: Annotated[
            bool | None, typer.Option("--trials/--no-trials", help="Virtual trials, knock-outs.")
        ] = None,
        workers: Annotated[int | None, typer.Option("--workers", help="Processes.")] = None,
        out: Annotated[Path | None, typer.Option("--out", help="Default: docs.")] = None,
    ) -> None:  # fmt: skip
        """Hold the model against what it was fitted to, and what was held back; say what fails.

        Runs what is missing (what is on disk is used again), then writes validation.md with its
        figures and validation.csv.
        """
        with answering():
            from vru_model.reporting.validation.writing import validate as write

            with bar() as shown:
                files = write(
                    runs, out, reporters(shown), place=place, scale=scale, years=years,
                    draws=draws, replicates=replicates, seed=seed, trials=trials, workers=workers,
                )  # fmt: skip
            for file in files:
                print(file)
