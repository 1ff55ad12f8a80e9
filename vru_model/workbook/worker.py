"""The page's hold on the process that computes: begin a job, cancel it, see that it lives."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from vru_model.experiments.store import write_text
from vru_model.workbook.jobs import CANCEL, CANCELLED, RUNNING, STOPPED, give, tell, told

_GONE = ("The process that computes has ended, most often because memory ran out. Every world "
         "that was finished is kept: press Run to go on, or choose fewer residents.")


class Worker:
    """One process beside the page. It ends with the page, however that ends.

    Parameters
    ----------
    module
        What the process runs: a module that hands its jobs to
        :func:`~vru_model.workbook.computing.compute`.
    log
        Returns the folder in which it logs; asked when the process starts.
    """

    def __init__(self, module: str, log: Callable[[], Path]) -> None:
        self._module, self._log = module, log
        self._process: subprocess.Popen[str] | None = None
        self._folder: Path | None = None

    def start(self) -> None:
        """Start the process, which reads the compiled model while nobody waits for it."""
        if self._process is not None and self._process.poll() is None:
            return
        folder = self._log()
        folder.mkdir(parents=True, exist_ok=True)
        log: IO[str]
        with (folder / "working.log").open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module], stdin=subprocess.PIPE, text=True,
                stdout=log, stderr=log,
            )  # fmt: skip

    def do(self, folder: Path) -> None:
        """Begin the job in a folder."""
        self.start()
        self._folder = folder
        self._say(f"do {give(folder)} {folder}")

    def cancel(self) -> None:
        """Stop the job in hand; what is finished stays."""
        if self._folder is None:
            return
        write_text(self._folder / CANCEL, "")
        if self._process is None or self._process.poll() is not None:
            self._end(CANCELLED, "Cancelled. What was finished is kept.")
        else:
            self._say("cancel")

    def look(self) -> dict[str, Any]:
        """Return how far the job has come; a process that is gone is told as stopped."""
        if self._folder is None:
            return {"state": STOPPED, "words": ""}
        gone = self._process is None or self._process.poll() is not None
        found = told(self._folder)
        if gone and found["state"] == RUNNING:
            self._end(STOPPED, _GONE)
            return told(self._folder)
        return found

    def stop(self) -> None:
        """End the process."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=10)

    def _end(self, state: str, words: str) -> None:
        if self._folder is not None:
            tell(self._folder, state, words)

    def _say(self, line: str) -> None:
        assert self._process is not None and self._process.stdin is not None
        with suppress(OSError):  # a process that is gone is noticed by the next look
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()
