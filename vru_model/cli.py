"""The command `vru`: check, place, programmes, strategy, trial, run, compare and others.

Results go to standard output, progress and problems to standard error. Exit codes: 0 done, 2 the
input is wrong (every problem listed, nothing written), 1 anything else; an interruption ends with
1 and says how to go on. The parts that do the work are imported when a command needs them, so
that help and mistakes are answered at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vru_model import terminal
from vru_model.analysis.calibration.command import add_calibrate
from vru_model.reporting.attribution.command import add_attribute
from vru_model.reporting.papers_command import add_papers
from vru_model.reporting.protection.command import add_protect
from vru_model.reporting.register.command import add_register
from vru_model.reporting.report.command import add_report
from vru_model.reporting.sensitivity.command import add_sensitivity
from vru_model.reporting.validation.command import add_validate
from vru_model.reporting.verification.command import add_verify
from vru_model.terminal import answering as _answering
from vru_model.terminal import bar as _bar
from vru_model.terminal import refuse as _refuse
from vru_model.terminal import reporter as _reporter
from vru_model.terminal import reporters as _reporters
from vru_model.terminal import say as _say
from vru_model.terminal import show as _show
from vru_model.workbook.command import add_workbook

_SETTINGS: dict[str, Any] = {
    "no_args_is_help": True,
    "add_completion": False,
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,  # plain help: twenty options still fit one screen
    "context_settings": {"help_option_names": ["-h", "--help"]},
}
app = typer.Typer(
    name="vru",
    help="Strategy workbook and scenario model of a Violence Reduction Unit. "
    "Results are modelled, not recorded.",
    epilog="A first answer: vru run baseline, vru run slow, then vru compare with the two folders "
    "that they print. Each command explains itself: vru run --help.",
    **_SETTINGS,
)
place_app = typer.Typer(help="Check a place pack, or describe a population.", **_SETTINGS)
app.add_typer(place_app, name="place")

Place = Annotated[
    str, typer.Option("--place", help="A name in parameters/places, or a place pack's folder.")
]
Scale = Annotated[float, typer.Option("--scale", help="Simulated residents for each real one.")]
PopulationSeed = Annotated[
    int, typer.Option("--population-seed", min=0, max=2**63 - 1, help="Of the residents.")
]
Draws = Annotated[
    int, typer.Option("--draws", help="1: central parameter values; 20 or more cover what we do "
                      "not know.")
]  # fmt: skip
Replicates = Annotated[int, typer.Option("--replicates", help="Random worlds for each draw.")]
Workers = Annotated[int | None, typer.Option("--workers", help="Processes; default: all cores.")]
Precision = Annotated[
    str | None, typer.Option("--precision", help="Go on until chance alone leaves no more than "
                             "this share of the baseline, such as 0.5%.")
]  # fmt: skip
Measures = Annotated[
    list[str] | None, typer.Option("--measure", help="With --precision: of what; may be "
                                   "repeated. Default: admissions.")
]  # fmt: skip
Most = Annotated[
    int | None, typer.Option("--most", help="With --precision: stop at so many worlds of "
                             "each run. Default: 400.")
]  # fmt: skip
ClusterAddress = Annotated[
    str | None, typer.Option("--cluster", help="A running Dask scheduler, tcp://HOST:PORT, "
                             "instead of this machine.")
]  # fmt: skip


def main() -> None:
    """Run the command line."""
    app()


@app.command()
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Parameter files or folders; default: all of parameters/."),
    ] = None,
) -> None:
    """Say everything that is wrong with parameters, programmes, scenarios and places."""
    with _answering():
        from vru_model.parameters.checking import Checker
        from vru_model.parameters.checking import check as find_problems
        from vru_model.place import check_totals
        from vru_model.place.published import PublishedTotals
        from vru_model.scenario import scenario_checkers

        names = frozenset(PublishedTotals.model_fields)
        totals = Checker("place", "places/*.yaml", names, check_totals)
        _refuse(find_problems(paths or None, more=[*scenario_checkers(), totals]))
        print("Nothing wrong was found.")


@place_app.command("check")
def place_check(
    folder: Annotated[Path, typer.Argument(help="The place pack.")],
) -> None:
    """Say everything that is wrong with a place pack, at once."""
    with _answering():
        from vru_model.place import check_pack

        _refuse(check_pack(folder))
        print(f"{folder} is a complete place pack.")


@place_app.command("describe")
def place_describe(
    place: Place = "west_midlands",
    scale: Scale = 1.0,
    population_seed: PopulationSeed = 1,
    out: Annotated[
        Path | None, typer.Option("--out", help="Also draw it: a PNG, SVG or PDF file.")
    ] = None,
) -> None:
    """Print the population of a place, and plot it: the needs-assessment view."""
    with _answering():
        from vru_model.experiments.request import gather
        from vru_model.place import build_population, describe, load_place
        from vru_model.place.plots import check_picture, draw_place

        (loaded, _), problems = gather(
            lambda: load_place(place, scale), lambda: None if out is None else check_picture(out)
        )
        _refuse(problems)
        population = build_population(loaded, population_seed)
        print(describe(loaded, population))
        for path, words in draw_place(loaded, population, out) if out else ():
            print(f"\n{path}: {words}")


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="A file, or a name in parameters/scenarios.")],
    place: Place = "west_midlands",
    scale: Scale = 0.1,
    years: Annotated[int, typer.Option("--years", help="The horizon, 1 to 25.")] = 10,
    draws: Draws = 1,
    replicates: Replicates = 1,
    precision: Precision = None,
    measure: Measures = None,
    most: Most = None,
    seed: Annotated[int, typer.Option("--seed", help="Of the random worlds.")] = 1,
    population_seed: PopulationSeed = 1,
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder of runs; default: outputs/runs.")
    ] = None,
    workers: Workers = None,
    cluster: ClusterAddress = None,
    incidents: Annotated[bool, typer.Option("--incidents", help="Keep every incident.")] = False,
    people: Annotated[bool, typer.Option("--people", help="Keep every resident.")] = False,
    profile: Annotated[
        bool, typer.Option("--profile", help="Also say where the time went.")
    ] = False,
) -> None:  # fmt: skip
    """Run a scenario, keep its results, and print their folder.

    What is on disk is not computed again; more draws or replicates add to the run. With
    --precision the baseline runs too, and both get as many worlds as their difference takes.
    """
    options: dict[str, Any] = dict(
        place=place, scale=scale, years=years, draws=draws, replicates=replicates, seed=seed,
        population_seed=population_seed, out=out, workers=workers, cluster=cluster,
        incidents=incidents, people=people,
    )  # fmt: skip
    with _answering():
        from vru_model import experiments
        from vru_model.housekeeping import render_profile

        with _bar() as bar:
            if precision is None:
                _refuse(experiments.only_with_precision(measure, most))
                title = f"{scenario}: {place} at scale {scale:g}, {years} years"
                runs = [experiments.run(scenario, progress=_reporter(bar, title), **options)]
                sentences = []
            else:
                done = experiments.run_to_precision(
                    scenario, precision=precision, measures=measure, most=most,
                    report=_reporters(bar), **options,
                )  # fmt: skip
                runs, sentences = [*filter(None, (done.base, done.run))], done.sentences
        for sentence in sentences:
            print(sentence)
        for found in runs if profile else ():
            _show(render_profile(found.manifest["scenario"]["name"], experiments.profile(found)))
        for line in (runs[-1].manifest["note"], *runs[-1].attribution):
            _say(line)
        for found in runs:
            print(found.folder)


@app.command()
def compare(
    base: Annotated[str, typer.Argument(help="The baseline's folder, or its run id.")],
    other: Annotated[str, typer.Argument(help="The scenario's folder, or its run id.")],
    years: Annotated[
        list[int] | None, typer.Option("--year", help="A year to show; may be repeated.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Also write CSV tables to this folder.")
    ] = None,
) -> None:
    """Say what a scenario averts against a baseline, with intervals of the paired difference."""
    with _answering():
        from vru_model.analysis.rendering import render, write_comparison
        from vru_model.experiments import compare as compare_runs
        from vru_model.experiments.request import check_out

        _refuse([] if out is None else check_out(out))
        comparison = compare_runs(base, other, years=sorted(set(years)) if years else None)
        _show(comparison.same or render(comparison))
        for path in write_comparison(comparison, out) if out else ():
            print(path)


@app.command()
def knockout(
    scenario: Annotated[str, typer.Argument(help="A file, or a name in parameters.")] = "baseline",
    only: Annotated[
        list[str] | None, typer.Option("--only", help="A mechanism; may be repeated.")
    ] = None,
    place: Place = "west_midlands",
    scale: Scale = 0.1,
    years: Annotated[int, typer.Option("--years", help="The horizon, 1 to 25.")] = 3,
    draws: Draws = 1,
    replicates: Replicates = 4,
    seed: Annotated[int, typer.Option("--seed", help="Of the random worlds.")] = 1,
    population_seed: PopulationSeed = 1,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Also write a CSV table to this folder.")
    ] = None,
) -> None:
    """Say which mechanism carries how much of the violence, by switching each off in turn."""
    with _answering():
        from vru_model.analysis.knockout import knockout as knock_out
        from vru_model.analysis.knockout_rendering import render_knockouts, write_knockouts
        from vru_model.experiments.request import check_out

        _refuse([] if out is None else check_out(out))
        with _bar() as bar:
            found = knock_out(
                scenario, mechanisms=only, place=place, scale=scale, years=years, draws=draws,
                replicates=replicates, seed=seed, population_seed=population_seed,
                workers=workers, report=_reporters(bar),
            )  # fmt: skip
        _show(render_knockouts(found))
        if out:
            print(write_knockouts(found, out))


@app.command()
def clean(
    runs: Annotated[bool, typer.Option("--runs", help="Stored runs.")] = False,
    cache: Annotated[
        bool, typer.Option("--cache", help="Warm-ups, residents, kernels of other versions.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="All of that, papers and this version's kernels.")
    ] = False,
    older_than: Annotated[
        float | None, typer.Option("--older-than", help="Only what was last written or used so "
                                   "many DAYS ago.", metavar="DAYS")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without it, only say what.")] = False,
) -> None:  # fmt: skip
    """Show what outputs and caches use of the disk, and free what is asked.

    All of it can be made again, only time is lost. What a running process works in stays.
    """
    with _answering():
        from vru_model.experiments import disk
        from vru_model.housekeeping import render_freed, render_survey

        kinds = disk.ALL if everything else (*disk.RUNS * runs, *disk.CACHE * cache)
        items = disk.survey()
        chosen = disk.chosen(items, kinds, older_than)
        _show(render_survey(items, chosen))
        freed = disk.free(chosen) if yes else None
        _show(render_freed(chosen, freed, asked=bool(kinds)))


add_papers(app, terminal)
add_report(app, _answering)
add_register(app, terminal)
add_sensitivity(app, terminal)
add_calibrate(app, _answering, _bar, _reporters)
add_validate(app, _answering, _bar, _reporters)
add_attribute(app, _answering, _bar, _reporters, _show)
add_protect(app, _answering)
add_verify(app, _answering, _bar, _reporters)
add_workbook(app, _answering)


if __name__ == "__main__":
    main()
