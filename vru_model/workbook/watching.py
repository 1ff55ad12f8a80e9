"""A job in hand as a page shows it: how far it is, Cancel, and what became of it."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from vru_model.reporting.words import plural
from vru_model.workbook.controls import Said, button, markup, show
from vru_model.workbook.jobs import FAILED, RUNNING
from vru_model.workbook.worker import Worker

_LOOK_EVERY = 0.25  # seconds
Ended = Callable[[dict[str, Any]], None]


class Watching:
    """Begins jobs, follows them, and hands their end to whoever asked.

    Parameters
    ----------
    worker
        The process that computes.
    run
        The button that began the job: disabled while it runs, focused again after Cancel, which
        leaves the page then.
    """

    def __init__(self, worker: Worker, run: widgets.Button) -> None:
        self.worker, self.run = worker, run
        self.folder: Path | None = None
        self.task: asyncio.Task[None] | None = None
        self._ended: Ended | None = None
        self._look: Callable[[], None] | None = None
        self._cancelled = False
        self.cancel = button("Cancel", self._cancel, "quiet")
        self.bar = markup("", "progress")
        self.words = Said("standing")
        show(self.cancel, False)

    @property
    def busy(self) -> bool:
        """Whether a job is in hand."""
        return self.folder is not None

    def begin(self, folder: Path, ended: Ended, look: Callable[[], None] | None = None) -> None:
        """Begin the job in a folder.

        `ended` is called with how it ended; `look` as often as the page looks at it.
        """
        self.folder, self._ended, self._look, self._cancelled = folder, ended, look, False
        self.run.disabled = True
        show(self.cancel, True)
        self.words.tell("Getting the model ready.")
        self.worker.do(folder)
        self.task = asyncio.get_event_loop().create_task(self._follow())

    async def _follow(self) -> None:
        while self.busy:
            try:
                self._step()
            except Exception as error:  # said on the page: a task that dies would say nothing
                self._finish({"state": FAILED,
                              "words": f"This page could not show the answer: {error}"})
                raise
            await asyncio.sleep(_LOOK_EVERY)

    def _step(self) -> None:
        progress = self.worker.look()
        if self._look is not None:
            self._look()
        if progress["state"] == RUNNING:
            self._progress(progress)
        else:
            self._finish(progress)

    def _finish(self, progress: dict[str, Any]) -> None:
        ended, self.folder = self._ended, None
        show(self.cancel, False)
        self.bar.value = ""
        self.run.disabled = False
        words = " ".join([progress["words"], *progress.get("problems", ())])
        self.words.tell(words, "bad" if progress["state"] == FAILED else "plain")
        if ended is not None:
            ended(progress)
        if self._cancelled and not self.busy:
            self.run.focus()  # or whoever pressed Cancel, which is gone, would be nowhere

    def _progress(self, progress: dict[str, Any]) -> None:
        done, total = progress.get("finished", 0), progress.get("total", 0)
        share = round(100 * done / total) if total else 0
        left = progress.get("seconds_left")
        more = ""
        if progress.get("compiling"):
            more = "The first world compiles the model, which takes a minute, once."
        elif total:
            more = f"{done} of {total} worlds."
            if done == total:
                more += " Putting the answer together."
            elif left is not None:
                more += f" About {_duration(left)} left in this step."
        self.bar.value = (
            f'<div class="vru-track" role="progressbar" '
            f'aria-label="{html.escape(progress["words"])}" '
            f'aria-valuemin="0" aria-valuemax="100" aria-valuenow="{share}">'
            f'<span style="width:{share}%"></span></div><p class="vru-small">{more}</p>'
        )
        if not self._cancelled:
            self.words.tell(f"{progress['words']}…")

    def stop(self, words: str) -> None:
        """Stop the job in hand; what is finished is kept. The words say what goes on meanwhile."""
        if self._cancelled:  # a second interruption would stop the process itself
            return
        self._cancelled = True
        self.words.tell(words)
        self.worker.cancel()

    def _cancel(self) -> None:
        self.stop("Cancelling…")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return plural(max(1, round(seconds)), "second")
    return f"{seconds / 60:.0f} minutes"
