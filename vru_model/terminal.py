"""What the commands of ``vru`` share: exit codes, problems, progress, tables.

Results go to standard output, progress and problems to standard error.
"""

from __future__ import annotations

import errno
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from vru_model.errors import InputError, Problem

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from vru_model.experiments import Progress

WRONG_INPUT, FAILED = 2, 1


@contextmanager
def answering() -> Iterator[None]:
    """Turn what goes wrong into words and an exit code."""
    try:
        yield
    except InputError as error:
        refuse(error.problems)
    except KeyboardInterrupt as stop:
        again = f"vru {shlex.join(sys.argv[1:])}"
        say(f"Interrupted{f': {stop}' if str(stop) else ''}. To go on from there:\n{again}")
        raise typer.Exit(FAILED) from None
    except OSError as error:
        # A disk that is full or that has gone: no mistake of the program's, and no trace helps.
        if error.filename is None and error.errno != errno.ENOSPC:
            raise
        where = f"{error.filename}: " if error.filename else ""
        say(f"{where}{error.strerror or error}. What was finished before is kept.")
        raise typer.Exit(FAILED) from None
    except RuntimeError as error:
        if not type(error).__module__.startswith("vru_model."):
            raise
        # The project's own failures explain themselves: a trace would only hide the words.
        say(str(error))
        raise typer.Exit(FAILED) from None


def refuse(problems: list[Problem]) -> None:
    """Print the problems, if any, as a numbered list and end with exit code 2."""
    if not problems:
        return
    things = "1 thing is wrong" if len(problems) == 1 else f"{len(problems)} things are wrong"
    say(f"{things}; nothing was written.")
    for number, problem in enumerate(problems, 1):
        say(f"{number}. {problem}")
    raise typer.Exit(WRONG_INPUT)


def say(text: str) -> None:
    """Print to standard error."""
    print(text, file=sys.stderr)


def show(blocks: Iterable[Any]) -> None:
    """Print tables and paragraphs to standard output."""
    from rich.console import Console

    # Without a terminal (a pipe, a log) tables keep their width instead of folding at 80.
    width = None if sys.stdout.isatty() else 132
    console = Console(width=width, soft_wrap=False)
    for block in blocks:
        console.print(block, markup=False, highlight=False)


def bar() -> Bar:
    """Return a progress bar on standard error, to be entered as a context."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(),
        MofNCompleteColumn(), TextColumn("{task.fields[left]}", markup=False),
    )  # fmt: skip
    return Bar(*columns, console=Console(stderr=True), transient=True)


def reporters(bar: Bar) -> Callable[[str, Progress], None]:
    """Return a callback that shows how far the worlds of several runs have come, by their names."""
    reporters: dict[str, Callable[[Progress], None]] = {}

    def report(name: str, progress: Progress) -> None:
        if name not in reporters:
            reporters[name] = reporter(bar, name)
        reporters[name](progress)

    return report


def reporter(bar: Bar, title: str) -> Callable[[Progress], None]:
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
