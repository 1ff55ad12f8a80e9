"""Worlds computed one after the other, or by a pool of processes with one thread each.

Worlds share nothing, so a pool of single-threaded processes does more of them an hour than
threads inside one world. Each process writes its own parts; only timings come back.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

import vru_model
from vru_model.experiments.store import RunFolder
from vru_model.experiments.workers import workers
from vru_model.experiments.world import Outcome, Timing, World, WorldKey, simulate

Simulate = Callable[[World, bool, bool], Outcome]
"""A function of (world, whether to keep incidents, whether to keep people)."""


@dataclass(frozen=True)
class Task:
    """One world to compute and store. Sent to another process, so its parts must pickle."""

    world: World
    folder: RunFolder
    incidents: bool
    people: bool
    simulate: Simulate


@dataclass(frozen=True)
class Finished:
    """Which world of which run was stored, how many seconds that took, where they went."""

    run_id: str
    key: WorldKey
    seconds: float
    timing: Timing


_WORKER_DIED = (
    "A worker process was killed, most often because memory ran out. Use fewer workers "
    "(--workers) or a smaller --scale."
)


class WorkerDied(RuntimeError):
    """A process of the pool ended without a word, most often for want of memory."""


def compute(task: Task) -> Finished:
    """Simulate one world and write its parts."""
    started = time.perf_counter()
    with naming_the_world(task), compiling_alone(task):
        outcome = task.simulate(task.world, task.incidents, task.people)
        task.folder.write_world(task.world, outcome)
    seconds = time.perf_counter() - started
    return Finished(task.world.setting.run_id, task.world.key, seconds, outcome.timing)


@contextmanager
def naming_the_world(task: Task) -> Iterator[None]:
    """Have every error say in which world it came."""
    try:
        yield
    except Exception as error:
        error.add_note(f"In world {task.world.key.label} of {task.folder.path}.")
        raise


def compute_all(tasks: Sequence[Task], processes: int) -> Iterator[Finished]:
    """Compute the tasks and yield each as it is stored, in whatever order they end.

    With one process all happens in this one. Raises WorkerDied when a process of the pool is
    killed; whatever was stored by then stays. Worlds in hand when the caller gives up leave
    nothing; where one failed, those in hand are finished and kept.
    """
    yield from map(compute, tasks) if processes == 1 else _compute_in_pool(tasks, processes)


@contextmanager
def compiling_alone(task: Task) -> Iterator[None]:
    """Let one process of this machine compile the model while the others wait to read it.

    Processes that write numba's cache together can leave one kernel under another's name.
    """
    if task.simulate is simulate:
        _ = vru_model.ViolenceModel  # loading it says where kernels are kept
    marker = _compiled_marker([task])
    if marker is None or marker.exists():
        yield
        return
    lock = FileLock(marker.with_name(".compiling.lock"))
    with suppress(OSError):  # a file system without locks: every process compiles for itself
        lock.acquire()
    if marker.exists():
        lock.release()
    try:
        yield
        with suppress(OSError):
            marker.touch()
    finally:
        lock.release()


def has_to_compile(tasks: Sequence[Task]) -> bool:
    """Say whether the first of the worlds will compile the model, which takes a minute."""
    marker = _compiled_marker(tasks)
    return marker is not None and not marker.exists()


def _compiled_marker(tasks: Sequence[Task]) -> Path | None:
    """Return the file that says that this version's kernels are compiled and on disk."""
    numba = sys.modules.get("numba")
    folder = numba and numba.config.CACHE_DIR
    if not tasks or tasks[0].simulate is not simulate or not folder or not Path(folder).is_dir():
        return None
    return Path(folder) / f"compiled-{tasks[0].world.setting.code_version}"


def _compute_in_pool(tasks: Sequence[Task], number: int) -> Iterator[Finished]:
    try:
        with workers(number) as pool:
            waiting: set[Future[Finished]] = {pool.submit(compute, task) for task in tasks}
            while waiting:
                ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ended:
                    yield future.result()
    except BrokenProcessPool as error:
        raise WorkerDied(_WORKER_DIED) from error
