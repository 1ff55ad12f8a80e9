"""The command `vru report`, apart from the others so that it can be read beside what it does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer


def add_report(app: typer.Typer, answering: Callable[[], AbstractContextManager[None]]) -> None:
    """Add `report` to the command line; `answering` turns what goes wrong into an exit code."""

    @app.command()
    def report(
        run: Annotated[str, typer.Argument(help="The run's folder, or its run id.")],
        against: Annotated[
            str | None, typer.Option("--against", help="The baseline's folder, or its run id.")
        ] = None,
        out: Annotated[
            Path | None, typer.Option("--out", help="Default: report/ in the run's folder.")
        ] = None,
    ) -> None:
        """Write what a run means: burden, inequality, money, who pays and who saves.

        Tables are Parquet, CSV and one accessible spreadsheet; charts are PNG and SVG with words.
        """
        with answering():
            from vru_model.reporting.report.writing import write_report

            for path in write_report(run, against, out):
                print(path)
