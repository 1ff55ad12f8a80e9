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
from dataclasses import dataclass
from pathlib import Path

from vru_model.experiments.store import RunFolder
from vru_model.experiments.world import Outcome, World, WorldKey, simulate

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
    """Which world was stored, and where its time went (seconds by phase)."""

    key: WorldKey
    seconds: float
    timings: dict[str, float]


_WORKER_DIED = (
    "A worker process was killed, most often because memory ran out. Use fewer workers "
    "(--workers) or a smaller --scale."
)


class WorkerDied(RuntimeError):
    """A process of the pool ended without a word, most often for want of memory."""


def compute(task: Task) -> Finished:
    """Simulate one world and write its parts."""
    started = time.perf_counter()
    try:
        outcome = task.simulate(task.world, task.incidents, task.people)
        task.folder.write_world(task.world, outcome)
    except Exception as error:
        error.add_note(f"In world {task.world.key.label} of {task.folder.path}.")
        raise
    return Finished(task.world.key, time.perf_counter() - started, outcome.timings)


def compute_all(tasks: Sequence[Task], workers: int) -> Iterator[Finished]:
    """Compute the tasks and yield each as it is stored, in whatever order they end.

    With one worker all happens in this process. Raises WorkerDied when a process of the pool is
    killed; whatever was stored by then stays.
    """
    marker = _compiled_marker(tasks)
    worlds = map(compute, tasks) if workers == 1 else _compute_in_pool(tasks, workers)
    for finished in worlds:
        if marker:
            marker.touch()
        yield finished


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
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker
    )
    # A world that compiles goes alone: its process writes numba's cache and the others read it.
    # Processes that write it together can leave one kernel under another's name.
    alone = 1 if has_to_compile(tasks) else 0
    try:
        for task in tasks[:alone]:
            yield pool.submit(compute, task).result()
        waiting: set[Future[Finished]] = {pool.submit(compute, task) for task in tasks[alone:]}
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


def _start_worker() -> None:
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
