"""Many small runs at once: one pool of processes for all of them, each run stored as its own.

A design over parameters asks for hundreds of scenarios with a few worlds each. One after the
other they would start hundreds of pools; here they share one, and what is on disk is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from vru_model.errors import InputError
from vru_model.experiments.cubes import UNDER_25
from vru_model.experiments.in_use import in_use
from vru_model.experiments.log import Log, Pace, Progress
from vru_model.experiments.pool import Simulate, Task, compute_all, has_to_compile
from vru_model.experiments.request import Request, gather, load_request, make_folder
from vru_model.experiments.results import Run
from vru_model.experiments.runner import connected, number_of_workers, runs_folder, with_defaults
from vru_model.experiments.store import RunFolder
from vru_model.experiments.world import WorldKey
from vru_model.experiments.world import simulate as simulate_world
from vru_model.paths import OUTPUTS

if TYPE_CHECKING:
    from pathlib import Path

    from vru_model.experiments.cluster import Cluster
    from vru_model.scenario import Scenario

_SUMS = """
select filename, sum(value) as value
from read_parquet(?, filename = true)
where role = 'victim' and measure = ? and year <= ? and {ages}
group by filename
"""
_BLOCK = 32
_YOUNG = "try_cast(regexp_extract(age_band, '^[0-9]+') as integer) < 25"


def run_many(
    scenarios: Sequence[Scenario],
    *,
    progress: Callable[[Progress], None] | None = None,
    **options: Any,
) -> list[Run]:
    """Run scenarios that differ in nothing else; return their runs in the order given.

    Parameters
    ----------
    scenarios
        At least one. Scenarios alike in all that determines a world and in name share a run.
    progress
        Is called when the work starts and after each world, with the worlds of all of them.
    options
        Those of :func:`vru_model.experiments.run`, the same for all.

    Raises
    ------
    InputError
        Listing everything that is wrong with what was asked; nothing is written then.
    Interrupted, KeyboardInterrupt
        On Ctrl-C: finished worlds are kept, and the same call goes on from there.
    """
    options = with_defaults("run_many", options)
    out, place = runs_folder(options.pop("out")), options.pop("place")
    # Scenarios that fund alike are wrong alike, and reading a place takes a while.
    distinct = list({one.funding: one for one in scenarios}.values())
    asked, problems = gather(*(
        lambda one=one: load_request(one, place, out, options) for one in distinct
    ))  # fmt: skip
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    first, about_place = asked[0]
    requests = [replace(first, setting=replace(first.setting, scenario=one)) for one in scenarios]
    unique = {request.setting.run_id: request for request in requests}
    with connected(options["cluster"]) as workplace:
        carry_out_many(
            list(unique.values()), about_place, out, workers=options["workers"],
            cluster=workplace, progress=progress,
        )  # fmt: skip
    return [Run(out / request.setting.run_id) for request in requests]


def carry_out_many(
    requests: Sequence[Request],
    about_place: dict[str, Any],
    out: Path,
    *,
    workers: int | None = None,
    cluster: Cluster | None = None,
    progress: Callable[[Progress], None] | None = None,
    simulate: Simulate = simulate_world,
) -> None:
    """Compute and store the worlds that are missing of checked requests, in one pool."""
    make_folder(out)
    # A mark on the folder of all runs stands for each: marks on hundreds would be too many files.
    with in_use(out, OUTPUTS / "cache"):
        books = [_Book.open(request, about_place, out) for request in requests]
        worlds_missing = sum(book.missing for book in books)
        processes = cluster.workers if cluster else number_of_workers(workers, worlds_missing)
        tasks = [*_in_turn(books, processes, simulate)]
        pace = Pace(sum(len(b.log.found) for b in books), sum(b.log.total for b in books))
        report = progress or _say_nothing
        report(pace.begin(compiling=cluster is None and has_to_compile(tasks)))
        begun = {book.request.setting.run_id: book for book in books if book.missing}
        for book in begun.values():
            book.log.begin(compiling=False)
        worlds = cluster.compute_all(tasks) if cluster else compute_all(tasks, processes)
        try:
            for finished in worlds:
                begun[finished.run_id].log.add(finished)
                report(pace.step())
        except KeyboardInterrupt:
            message = f"{pace.finished} of {pace.total} worlds are finished and kept in {out}"
            raise KeyboardInterrupt(message) from None
        finally:
            for book in begun.values():
                book.close()


@dataclass(frozen=True)
class _Book:
    """One run of a batch: what it asks for, where it is kept, what is missing."""

    request: Request
    folder: RunFolder
    log: Log

    @classmethod
    def open(cls, request: Request, about_place: dict[str, Any], out: Path) -> _Book:
        folder = RunFolder(out / request.setting.run_id)
        if not folder.path.is_dir():
            make_folder(folder.path)
        return cls(request, folder, Log(folder, request, about_place, None))

    @property
    def missing(self) -> int:
        return self.log.total - self.log.finished

    def tasks(self, simulate: Simulate) -> list[Task]:
        asked = self.request
        return [
            Task(world, self.folder, asked.incidents, asked.people, simulate)
            for world in asked.worlds
            if world.key not in self.log.found
        ]

    def close(self) -> None:
        """Write what became of the run."""
        self.log.write("interrupted" if self.missing else "complete")


def _in_turn(books: Sequence[_Book], processes: int, simulate: Simulate) -> Iterator[Task]:
    """Yield the worlds in the order of work: some runs at a time, what is alike a little apart.

    Worlds that differ only in what programmes do begin from one warm-up, kept on disk for a
    while. Started side by side, each process would warm up for itself: so as many draws go side
    by side as there are processes.
    """
    for block in range(0, len(books), _BLOCK):
        tasks = [task for book in books[block : block + _BLOCK] for task in book.tasks(simulate)]
        yield from sorted(tasks, key=lambda task: (
            task.world.key.draw // processes, task.world.key.replicate,
            task.world.setting.scenario.name, task.world.key.draw,
        ))  # fmt: skip


def totals_by(
    runs: Sequence[Run], replicates: int, measure: str, group: str, year: int
) -> np.ndarray:
    """Return a compared measure added up to a year, shape (runs, replicates), of the first draw.

    Counts are of victims in the group, at full size; cells that are absent mean zero.
    """
    import duckdb

    keys = [WorldKey(0, replicate) for replicate in range(replicates)]
    places: dict[str, list[tuple[int, int]]] = {}
    for row, run in enumerate(runs):
        for column, part in enumerate(run.parts("measures", keys)):
            places.setdefault(str(part), []).append((row, column))
    sql = _SUMS.format(ages=_YOUNG if group == UNDER_25 else "true")
    with duckdb.connect(config={"threads": 1}) as connection:
        found = connection.execute(sql, [list(places), measure, year]).fetchall()
    totals = np.zeros((len(runs), replicates))
    for part, value in found:
        for cell in places[part]:
            totals[cell] = value
    return totals


def _say_nothing(progress: Progress) -> None:
    """Stand in where nobody wants to know."""
