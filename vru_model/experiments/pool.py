"""Worlds computed one after the other, or by a pool of processes with one thread each.

Worlds share nothing, so a pool of single-threaded processes does more of them an hour than
threads inside one world. Each process writes its own parts; only timings come back.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from vru_model.experiments.store import RunFolder
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


def compute_all(tasks: Sequence[Task], workers: int) -> Iterator[Finished]:
    """Compute the tasks and yield each as it is stored, in whatever order they end.

    With one worker all happens in this process. Raises WorkerDied when a process of the pool is
    killed; whatever was stored by then stays.
    """
    yield from map(compute, tasks) if workers == 1 else _compute_in_pool(tasks, workers)


@contextmanager
def compiling_alone(task: Task) -> Iterator[None]:
    """Let one process of this machine compile the model while the others wait to read it.

    Processes that write numba's cache together can leave one kernel under another's name.
    """
    if task.simulate is simulate:
        import vru_model.model  # noqa: F401  the import says where kernels are kept
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


def _compute_in_pool(tasks: Sequence[Task], workers: int) -> Iterator[Finished]:
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=start_worker
    )
    try:
        waiting: set[Future[Finished]] = {pool.submit(compute, task) for task in tasks}
        while waiting:
            ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ended:
                yield future.result()
    except BrokenProcessPool as error:
        _end(others)
        raise WorkerDied(_WORKER_DIED) from error
    except (KeyboardInterrupt, GeneratorExit):  # worlds in hand are given up and leave nothing
        _end(others)
        raise
    finally:  # where one world failed, those in hand are finished and kept, and none is begun
        pool.shutdown(cancel_futures=True)


def _end(others: set[multiprocessing.process.BaseProcess]) -> None:
    """End the processes of the pool at once; ``others`` were there before it."""
    for process in set(multiprocessing.active_children()) - others:
        process.terminate()


def start_worker() -> None:
    """Make a new process of the pool a quiet, single-threaded one that ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent alone answers Ctrl-C
    if "numba" in sys.modules:  # too late for the variable: numba refuses to see it change
        sys.modules["numba"].set_num_threads(1)
    else:
        os.environ["NUMBA_NUM_THREADS"] = "1"
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A parent that is killed outright cannot end its pool; an orphan would wait for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
