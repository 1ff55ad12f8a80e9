"""The command `vru attribute`, apart from the others so that it stands beside what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any

import typer

Measures = Annotated[
    list[str] | None,
    typer.Option("--measure", help="Of what; may be repeated. Default: admissions."),
]
Group = Annotated[
    str, typer.Option("--group", help='"all ages" or "under 25", by the victim\'s age.')
]
Place = Annotated[
    str, typer.Option("--place", help="A name in parameters/places, or a place pack's folder.")
]
Scale = Annotated[float, typer.Option("--scale", help="Simulated residents for each real one.")]
Years = Annotated[int, typer.Option("--years", help="The horizon, 1 to 25.")]
Draws = Annotated[int, typer.Option("--draws", help="20 or more cover what we do not know.")]
Replicates = Annotated[int, typer.Option("--replicates", help="Random worlds for each draw.")]
Seed = Annotated[int, typer.Option("--seed", help="Of the random worlds.")]
PopulationSeed = Annotated[int, typer.Option("--population-seed", help="Of the residents.")]
Orders = Annotated[
    int, typer.Option("--orders", help="Random orders, with more than six programmes.")
]
Workers = Annotated[int | None, typer.Option("--workers", help="Processes; default: all cores.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Also write CSV tables to this folder.")
]


def add_attribute(
    app: typer.Typer,
    answering: Callable[[], AbstractContextManager[None]],
    bar: Callable[[], Any],
    reporters: Callable[[Any], Callable[[str, Any], None]],
    show: Callable[[Iterable[Any]], None],
) -> None:
    """Add `attribute` to the command line; the rest is how it answers, shows and reports."""

    @app.command()
    def attribute(
        scenario: Annotated[str, typer.Argument(help="A strategy: a file, or a name.")],
        measure: Measures = None,
        group: Group = "all ages",
        place: Place = "west_midlands",
        scale: Scale = 0.1,
        years: Years = 10,
        draws: Draws = 1,
        replicates: Replicates = 1,
        seed: Seed = 1,
        population_seed: PopulationSeed = 1,
        orders: Orders = 20,
        workers: Workers = None,
        out: Out = None,
    ) -> None:
        """Say what each programme of a strategy adds: stopped alone, on its own, its fair part.

        Runs every combination of the programmes in the same worlds (2 programmes: 4 runs, 6: 64;
        sampled beyond). What is on disk is not computed again, so a stopped command goes on.
        """
        with answering():
            from vru_model.analysis.attribution import attribute as find
            from vru_model.errors import InputError
            from vru_model.experiments.request import check_out
            from vru_model.reporting.attribution.rendering import (
                render_attribution,
                write_attribution,
            )

            if out is not None and (problems := check_out(out)):
                raise InputError(problems)
            with bar() as shown:
                found = find(
                    scenario, measures=measure, group=group, orders=orders, place=place,
                    scale=scale, years=years, draws=draws, replicates=replicates, seed=seed,
                    population_seed=population_seed, workers=workers, report=reporters(shown),
                )  # fmt: skip
            show(render_attribution(found))
            for path in write_attribution(found, out) if out else ():
                print(path)
