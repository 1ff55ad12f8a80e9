"""The command `vru protect`, apart from the others so that it stands beside what it does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer


def add_protect(app: typer.Typer, answering: Callable[[], AbstractContextManager[None]]) -> None:
    """Add `protect` to the command line; `answering` turns what goes wrong into an exit code."""

    @app.command()
    def protect(
        file: Annotated[
            Path, typer.Argument(help="CSV: measure, area, period, age_band, count. No totals.")
        ],
        earlier: Annotated[
            list[Path] | None,
            typer.Option("--earlier", help="The unprotected counts of an earlier release; may be "
                         "repeated, oldest first."),
        ] = None,
        out: Annotated[
            Path | None, typer.Option("--out", help="Default: FILE_protected.csv beside it.")
        ] = None,
    ) -> None:  # fmt: skip
        """Protect counts of real people before they are shown: small numbers, subtraction.

        1 to 7 become *, with what would give them away; all others are rounded to the nearest 5.
        For recorded data only: results of the model count nobody.
        """
        with answering():
            from vru_model.reporting.protection.writing import protect_file

            path, protected = protect_file(file, earlier or (), out)
            print(f"{len(protected.frame):,} figures, {protected.hidden:,} of them hidden. "
                  f"{protected.note}")  # fmt: skip
            print(path)
