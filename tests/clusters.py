"""A real Dask scheduler and its workers, on loopback, for tests; surely ended with the test."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parent


@dataclass
class LocalCluster:
    """A scheduler's address, its process and those of its workers."""

    address: str
    scheduler: subprocess.Popen
    workers: list[subprocess.Popen]


@contextlib.contextmanager
def started(folder: Path, workers: int = 2, **environment: str) -> Iterator[LocalCluster]:
    """Start a scheduler and workers that can import the tests' doubles."""
    import distributed

    folder.mkdir(parents=True, exist_ok=True)
    contact = folder / "scheduler.json"
    processes: list[subprocess.Popen] = []
    path = os.pathsep.join([str(TESTS.parent), str(TESTS)])
    env = os.environ | {"PYTHONPATH": path, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error"}

    def start(*arguments: str) -> subprocess.Popen:
        log = (folder / f"process-{len(processes)}.log").open("w")
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments], env=env | environment, cwd=folder,
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        processes.append(process)
        return process

    try:
        start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
              "--no-dashboard", "--scheduler-file", str(contact))  # fmt: skip
        address = _wait_for_address(contact, processes[0])
        for _ in range(workers):
            start("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny",
                  "--no-dashboard", "--host", "127.0.0.1", "--local-directory", str(folder),
                  "--death-timeout", "60")  # fmt: skip
        with distributed.Client(address, timeout=60, set_as_default=False) as client:
            if workers:
                client.wait_for_workers(workers, timeout=60)
        yield LocalCluster(address, processes[0], processes[1:])
    finally:
        for process in reversed(processes):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=30)


def _wait_for_address(contact: Path, scheduler: subprocess.Popen) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert scheduler.poll() is None, "the scheduler ended before it began"
        with contextlib.suppress(FileNotFoundError, ValueError):
            return json.loads(contact.read_text())["address"]
        time.sleep(0.05)
    raise TimeoutError("the scheduler gave no address")
