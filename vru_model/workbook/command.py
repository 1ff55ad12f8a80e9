"""The commands `vru explore` and `vru lab`: the workbook in a browser, on this machine alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated

import typer

Port = Annotated[
    int | None, typer.Option("--port", min=0, max=65535, help="Default: one that is free.")
]
NoBrowser = Annotated[
    bool, typer.Option("--no-browser", help="Only print the address, with its token.")
]


def add_workbook(app: typer.Typer, answering: Callable[[], AbstractContextManager[None]]) -> None:
    """Add `explore` and `lab`; `answering` turns what goes wrong into an exit code."""

    @app.command()
    def explore(
        page: Annotated[
            str, typer.Argument(help="scenarios, needs (the needs assessment), or session (for "
                                "10 to 30 people in a room).")
        ] = "scenarios",
        port: Port = None,
        no_browser: NoBrowser = False,
    ) -> None:  # fmt: skip
        """Explore scenarios on a page in your browser: no code. Ends with Ctrl-C.

        The page is served on this machine only and fetches nothing from elsewhere. What you do
        there is kept in outputs/workbook.
        """
        with answering():
            from vru_model.workbook.serving import serve_page

            serve_page(page, port, browser=not no_browser)

    @app.command()
    def lab(port: Port = None, no_browser: NoBrowser = False) -> None:
        """Open the notebooks in JupyterLab, to look beneath. Ends with Ctrl-C."""
        with answering():
            from vru_model.workbook.serving import serve_lab

            serve_lab(port, browser=not no_browser)
