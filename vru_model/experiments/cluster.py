"""Worlds computed by the workers of a running Dask scheduler, on this machine or on many.

A worker that sees the run's folder writes its own parts there, as a process of the pool does; one
that does not sends the files back, and they are written here. Which of the two it is shows in
whether it finds a token that is left in the folder. Either way a part holds the same bytes.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vru_model.errors import InputError
from vru_model.experiments.log import LIBRARIES, versions
from vru_model.experiments.pool import Finished, Task, WorkerDied, compiling_alone, naming_the_world
from vru_model.experiments.store import parts_of
from vru_model.experiments.world import World
from vru_model.provenance import code_version

if TYPE_CHECKING:
    from distributed import Client

_SECONDS_TO_CONNECT = 10
_SECONDS_FOR_A_WORKER = 60
_CODE = "code"
# Threads of one worker would compile, and share what Mesa keeps, at the same time.
_one_world_at_a_time = threading.Lock()


class ClusterUnfit(RuntimeError):
    """The scheduler cannot be reached, or its workers cannot compute worlds of this run."""


@dataclass(frozen=True)
class Sent:
    """A finished world, with the files of its tables where the worker could not write them."""

    finished: Finished
    parts: dict[str, bytes] | None


@contextmanager
def connect(address: str) -> Iterator[Cluster]:
    """Connect to a running scheduler whose workers have this code and these libraries.

    Raises ClusterUnfit, listing every worker that differs.
    """
    from distributed import Client

    try:
        client = Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterUnfit(f"No Dask scheduler answers at {address}: {error}") from error
    try:
        _check_workers(client, address)
        yield Cluster(client)
    finally:
        client.close()


class Cluster:
    """A connected scheduler."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def workers(self) -> int:
        """Return how many workers there are now; more may join while a run goes on."""
        return max(len(self._client.scheduler_info(n_workers=-1)["workers"]), 1)

    def compute_all(self, tasks: Sequence[Task]) -> Iterator[Finished]:
        """Compute the tasks and yield each as it is stored, in whatever order they end."""
        from distributed import as_completed
        from distributed.scheduler import KilledWorker

        if not tasks:
            return
        token, asked = leave_token(tasks[0]), _ours()
        futures = [
            self._client.submit(compute_for, _anywhere(task), token, asked, pure=False)
            for task in tasks
        ]
        by_key = {future.key: task for future, task in zip(futures, tasks, strict=True)}
        try:
            for future in as_completed(futures, loop=self._client.loop):
                sent = future.result()
                if sent.parts is not None:
                    by_key[future.key].folder.store(sent.finished.key, sent.parts)
                yield sent.finished
                future.release()
        except KilledWorker as error:
            raise WorkerDied(
                "A world ended several workers of the cluster, most often because memory ran "
                "out. Give the workers more memory, or use a smaller --scale."
            ) from error
        except (CancelledError, OSError) as error:
            raise ClusterUnfit(
                "The scheduler was lost. What is finished is kept: start it again, and the same "
                "call goes on."
            ) from error
        finally:  # worlds in hand are finished by their workers and otherwise given up
            self._client.cancel(futures, force=True)
            token.unlink(missing_ok=True)


def leave_token(task: Task) -> Path:
    """Leave a file in the run's folder by which a worker knows that it sees the same folder."""
    token = task.folder.path.absolute() / f".token-{secrets.token_hex(8)}.tmp"
    token.touch()
    return token


def compute_for(task: Task, token: Path, asked: dict[str, str]) -> Sent:
    """Simulate one world on a worker; write its parts there or send them back.

    Raises ClusterUnfit where the worker's code, libraries or place are not those asked for.
    """
    if different := _differences(asked, versions_that_count()):
        raise ClusterUnfit(f"A worker joined that cannot take part: {different}.")
    started = time.perf_counter()
    with _one_world_at_a_time, naming_the_world(task), compiling_alone(task):
        try:
            outcome = task.simulate(task.world, task.incidents, task.people)
        except InputError as error:  # what was asked is right here, but not over there
            raise ClusterUnfit(f"A worker cannot read what the run needs: {error}") from None
        parts: dict[str, bytes] | None = parts_of(task.world, outcome)
        if parts is not None and token.exists():
            task.folder.store(task.world.key, parts)
            parts = None
    seconds = time.perf_counter() - started
    run_id = task.world.setting.run_id
    return Sent(Finished(run_id, task.world.key, seconds, outcome.timing), parts)


def versions_that_count() -> dict[str, str]:
    """Return the versions that have to be the same for worlds to be the same, by name."""
    found = versions()
    return {_CODE: code_version()} | {name: found[name] for name in LIBRARIES}


def _ours() -> dict[str, str]:
    return versions_that_count()


def _check_workers(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_SECONDS_FOR_A_WORKER)
    except TimeoutError as error:
        raise ClusterUnfit(f"The scheduler at {address} has no workers: start some.") from error
    ours = _ours()
    theirs = client.run(versions_that_count, on_error="return")
    unfit = {worker: _differences(ours, found) for worker, found in theirs.items()}
    lines = [f"{worker}: {different}" for worker, different in sorted(unfit.items()) if different]
    if lines:
        raise ClusterUnfit(
            "\n".join([f"Workers of {address} would not repeat the numbers of this machine.",
                       *lines, "Install the same version of the program and of the pins there."])
        )  # fmt: skip


def _differences(ours: dict[str, str], theirs: dict[str, str] | Exception) -> str:
    if isinstance(theirs, Exception):
        return f"the program cannot be loaded there ({theirs})"
    return "; ".join(
        f"{name} {theirs.get(name, 'missing')}, here {version}"
        for name, version in ours.items()
        if theirs.get(name) != version
    )


def _anywhere(task: Task) -> Task:
    """Return the task with its paths written so that they mean the same in another folder."""
    from vru_model.parameters.documents import built_in_names

    setting, folder = task.world.setting, task.folder
    path = Path(setting.place).expanduser()
    if setting.place not in built_in_names("places") and path.exists():
        setting = replace(setting, place=str(path.absolute()))
    world = World(setting, task.world.key)
    return replace(task, world=world, folder=replace(folder, path=folder.path.absolute()))
