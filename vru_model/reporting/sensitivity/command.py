"""The command `vru sensitivity`, apart from the others so that it can be read beside its work."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from vru_model.errors import Problem

_HELP = "Two names or files: what the second averts against the first. One: against the baseline."

_Group = Annotated[str, typer.Option("--group", help="Of which victims: all ages, under 25.")]
_Year = Annotated[
    int | None, typer.Option("--year", help="By the end of which year; default: the last.")
]
_Only = Annotated[
    list[str] | None,
    typer.Option("--only", help="An assumption, or how its name begins; may be repeated."),
]
_Scale = Annotated[
    float, typer.Option("--scale", help="Simulated residents for each real one.")
]
_Out = Annotated[
    Path | None, typer.Option("--out", help="Also write tables and a chart to this folder.")
]


def add_sensitivity(app: typer.Typer, terminal: ModuleType) -> None:
    """Add `sensitivity` to the command line; `terminal` is what its commands share."""

    @app.command()
    def sensitivity(
        scenarios: Annotated[list[str], typer.Argument(help=_HELP)],
        measure: Annotated[str, typer.Option("--measure", help="Of what.")] = "admissions",
        group: _Group = "all ages",
        year: _Year = None,
        relative: Annotated[
            bool, typer.Option("--relative", help="As a percentage of the first scenario's.")
        ] = False,
        only: _Only = None,
        precision: Annotated[
            str, typer.Option("--precision", help="For how many worlds are enough.")
        ] = "0.1%",
        effort: Annotated[
            float, typer.Option("--effort", help="2: twice the worlds in every part.")
        ] = 1.0,
        place: Annotated[
            str, typer.Option("--place", help="A name, or a place pack's folder.")
        ] = "west_midlands",
        scale: _Scale = 0.03,
        years: Annotated[int, typer.Option("--years", help="The horizon, 1 to 25.")] = 5,
        seed: Annotated[int, typer.Option("--seed", help="Of worlds and designs.")] = 1,
        population_seed: Annotated[
            int, typer.Option("--population-seed", help="Of the residents.")
        ] = 1,
        workers: Annotated[
            int | None, typer.Option("--workers", help="Processes; default: all cores.")
        ] = None,
        out: _Out = None,
    ) -> None:  # fmt: skip
        """Say which assumptions a comparison hangs on, and where each alone turns it round.

        Some 1,700 small worlds: under ten minutes on two idle cores. What is on disk is not
        computed again, so an interrupted analysis goes on where it stopped.
        """
        with terminal.answering():
            from vru_model.analysis.sensitivity import Design
            from vru_model.analysis.sensitivity import sensitivity as analyse
            from vru_model.analysis.sensitivity.rendering import render_study
            from vru_model.experiments.request import check_out
            from vru_model.reporting.sensitivity.writing import write_study

            problems = _problems(scenarios, effort)
            terminal.refuse(problems + ([] if out is None else check_out(out)))
            base, other = ["baseline", *scenarios][-2:]
            with terminal.bar() as progress:
                study = analyse(
                    base, other, measure=measure, group=group, year=year, relative=relative,
                    only=only, precision=precision, design=Design().times(effort), place=place,
                    scale=scale, years=years, seed=seed, population_seed=population_seed,
                    workers=workers, report=terminal.reporters(progress),
                )  # fmt: skip
            terminal.show(render_study(study))
            for path in write_study(study, out) if out else ():
                print(path)


def _problems(scenarios: list[str], effort: float) -> list[Problem]:
    problems = []
    if len(scenarios) > 2:
        given = ", ".join(scenarios)
        problems.append(Problem(None, None, "scenarios", given, "one scenario, or two"))
    if not 0 < effort <= 100:
        problems.append(Problem(None, None, "effort", f"{effort:g}", "above 0, at most 100"))
    return problems
