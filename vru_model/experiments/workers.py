"""Processes that compute worlds, kept for a while for the next run of the same session.

To start one takes seconds: it loads the libraries and reads the compiled model. Runs that follow
one another, as of a baseline and a strategy, share them.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

_KEPT_SECONDS = 60.0


class Team:
    """Some processes, each with one thread, that were started alike.

    Parameters
    ----------
    number
        How many.
    """

    def __init__(self, number: int) -> None:
        self.key = _key(number)
        others = set(multiprocessing.active_children())
        self.pool = ProcessPoolExecutor(
            number, mp_context=multiprocessing.get_context("spawn"), initializer=start_worker
        )
        for _ in range(number):  # a process starts with each call while none is idle
            self.pool.submit(os.getpid)
        self.processes = set(multiprocessing.active_children()) - others

    @property
    def alive(self) -> bool:
        """Say whether all of them are there.

        The pool is asked, too: a process that another thread is just burying still counts as alive.
        """
        try:
            self.pool.submit(os.getpid)
        except BrokenProcessPool:
            return False
        return all(process.is_alive() for process in self.processes)

    def end(self) -> None:
        """End them at once, whatever they do."""
        for process in self.processes:
            process.terminate()
        self.pool.shutdown(cancel_futures=True)


_lock = threading.Lock()
_kept: Team | None = None


@contextmanager
def workers(number: int) -> Iterator[ProcessPoolExecutor]:
    """Lend a pool of so many processes, kept for a minute after work that went well.

    When the block is given up, or a process dies, all of them are ended; when it fails for
    another reason, what is in hand is finished and nothing is begun.
    """
    team = _take(number)
    try:
        yield team.pool
    except (KeyboardInterrupt, GeneratorExit, BrokenProcessPool):
        team.end()
        raise
    except BaseException:
        team.pool.shutdown(cancel_futures=True)
        raise
    _keep(team)


def dismiss() -> None:
    """Let go of the processes that are kept, if there are any."""
    _keep(None)


def _take(number: int) -> Team:
    """Return the processes that are kept, where they will do, or new ones."""
    global _kept
    with _lock:
        team, _kept = _kept, None
        if team is not None and (team.key != _key(number) or not team.alive):
            team.pool.shutdown(wait=False)
            team = None
        return team or Team(number)


def _keep(team: Team | None) -> None:
    """Keep processes for the next call, for a while, instead of those kept so far."""
    global _kept
    with _lock:
        before, _kept = _kept, team
        if before is not None:
            before.pool.shutdown(wait=False)
    if team is not None:
        timer = threading.Timer(_KEPT_SECONDS, _forget, [team])
        timer.daemon = True
        timer.start()


def _forget(team: Team) -> None:
    """End processes that nobody has asked for again."""
    global _kept
    with _lock:
        if _kept is not team:
            return
        _kept = None
    team.pool.shutdown(wait=False)


def _key(number: int) -> tuple:
    """Return what a process takes over from this one when it starts."""
    return number, os.getcwd(), dict(os.environ)


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
