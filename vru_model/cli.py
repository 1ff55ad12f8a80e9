"""The command `vru`: check, place, run, compare, knockout, papers.

Results go to standard output, progress and problems to standard error. Exit codes: 0 done, 2 the
input is wrong (every problem listed, nothing written), 1 anything else; an interruption ends with
1 and says how to go on. The parts that do the work are imported when a command needs them, so
that help and mistakes are answered at once.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vru_model.errors import InputError, Problem

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from vru_model.experiments import Progress

WRONG_INPUT, FAILED = 2, 1
_SETTINGS: dict[str, Any] = {
    "no_args_is_help": True,
    "add_completion": False,
    "pretty_exceptions_enable": False,
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
        from vru_model.scenario import scenario_checker

        names = frozenset(PublishedTotals.model_fields)
        totals = Checker("place", "places/*.yaml", names, check_totals)
        _refuse(find_problems(paths or None, more=[scenario_checker(), totals]))
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
    seed: Annotated[int, typer.Option("--seed", help="Of the random worlds.")] = 1,
    population_seed: PopulationSeed = 1,
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder of runs; default: outputs/runs.")
    ] = None,
    workers: Workers = None,
    incidents: Annotated[bool, typer.Option("--incidents", help="Keep every incident.")] = False,
    people: Annotated[bool, typer.Option("--people", help="Keep every resident.")] = False,
) -> None:
    """Run a scenario, keep its results, and print their folder.

    What is on disk is not computed again; more draws or replicates add to the run.
    """
    with _answering():
        from vru_model.experiments import run as run_scenario

        title = f"{scenario}: {place} at scale {scale:g}, {years} years"
        with _bar() as bar:
            found = run_scenario(
                scenario, place=place, scale=scale, years=years, draws=draws,
                replicates=replicates, seed=seed, population_seed=population_seed, out=out,
                workers=workers, incidents=incidents, people=people, progress=_reporter(bar, title),
            )  # fmt: skip
        for line in (found.manifest["note"], *found.attribution):
            _say(line)
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
        console = _console()
        for block in render(comparison):
            console.print(block, markup=False, highlight=False)
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
        console = _console()
        for block in render_knockouts(found):
            console.print(block, markup=False, highlight=False)
        if out:
            print(write_knockouts(found, out))


@app.command()
def papers(
    place: Annotated[str | None, typer.Option("--place", help="A name or a pack's folder.")] = None,
    scale: Annotated[float | None, typer.Option("--scale", help="Default: 0.05.")] = None,
    years: Annotated[int | None, typer.Option("--years", help="The horizon, 1 to 25.")] = None,
    draws: Annotated[int | None, typer.Option("--draws", help="20 or more for papers.")] = None,
    replicates: Annotated[int | None, typer.Option("--replicates", help="For each draw.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Of the random worlds.")] = None,
    workers: Workers = None,
    only: Annotated[str | None, typer.Option("--only", help="The name of one paper.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Default: outputs/papers.")] = None,
) -> None:
    """Write the board papers: runs what they rest on, then one accessible page each.

    Parameters are checked before anything runs; what was run before is used again.
    """
    with _answering():
        from vru_model.reporting.papers import build

        with _bar() as bar:
            pages = build(
                only=only, out=out, report=_reporters(bar), place=place, scale=scale, years=years,
                draws=draws, replicates=replicates, seed=seed, workers=workers,
            )  # fmt: skip
        for page in pages:
            print(page)


@contextmanager
def _answering() -> Iterator[None]:
    """Turn what goes wrong into words and an exit code."""
    try:
        yield
    except InputError as error:
        _refuse(error.problems)
    except KeyboardInterrupt as stop:
        again = f"vru {shlex.join(sys.argv[1:])}"
        _say(f"Interrupted{f': {stop}' if str(stop) else ''}. To go on from there:\n{again}")
        raise typer.Exit(FAILED) from None
    except RuntimeError as error:
        if not type(error).__module__.startswith("vru_model."):
            raise
        # The project's own failures explain themselves: a trace would only hide the words.
        _say(str(error))
        raise typer.Exit(FAILED) from None


def _refuse(problems: list[Problem]) -> None:
    """Print the problems, if any, as a numbered list and end with exit code 2."""
    if not problems:
        return
    things = "1 thing is wrong" if len(problems) == 1 else f"{len(problems)} things are wrong"
    _say(f"{things}; nothing was written.")
    for number, problem in enumerate(problems, 1):
        _say(f"{number}. {problem}")
    raise typer.Exit(WRONG_INPUT)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _console(**options: Any) -> Any:
    from rich.console import Console

    # Without a terminal (a pipe, a log) tables keep their width instead of folding at 80.
    width = None if sys.stdout.isatty() else 132
    return Console(width=width, soft_wrap=False, **options)


def _bar() -> Bar:
    """Return a progress bar on standard error, to be entered as a context."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(),
        MofNCompleteColumn(), TextColumn("{task.fields[left]}", markup=False),
    )  # fmt: skip
    return Bar(*columns, console=Console(stderr=True), transient=True)


def _reporters(bar: Bar) -> Callable[[str, Progress], None]:
    """Return a callback that shows how far the worlds of several runs have come, by their names."""
    reporters: dict[str, Callable[[Progress], None]] = {}

    def report(name: str, progress: Progress) -> None:
        if name not in reporters:
            reporters[name] = _reporter(bar, name)
        reporters[name](progress)

    return report


def _reporter(bar: Bar, title: str) -> Callable[[Progress], None]:
    """Return a callback that shows how far the worlds of one run have come."""
    task = bar.add_task(title, total=None, left="")
    said = False

    def report(progress: Progress) -> None:
        nonlocal said
        if not said:
            already = f", {progress.found} of them on disk already" if progress.found else ""
            worlds = f"{progress.total} world{'' if progress.total == 1 else 's'}"
            wait = " The first compiles the model, which takes a minute." * progress.compiling
            line = f"{title}: {worlds}{already}.{wait}"
            bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
            said = True
        bar.update(
            task, total=progress.total, completed=progress.finished,
            left=_time_left(progress.seconds_left),
            visible=progress.finished < progress.total,
        )  # fmt: skip

    return report


def _time_left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds:.0f} s left" if seconds < 90 else f"{seconds / 60:.0f} min left"
