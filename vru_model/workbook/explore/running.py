"""The part of the page that runs the comparison: Run, Cancel, how far, how sure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vru_model.reporting.words import plural
from vru_model.workbook.controls import Said, button, column, markup, row, show
from vru_model.workbook.explore.job import (
    COMPARE,
    FAILED,
    RUNNING,
    Job,
    answered,
    ask,
    job_folder,
    read_job,
)

if TYPE_CHECKING:
    from vru_model.workbook.explore.page import Page

_LOOK_EVERY = 0.25  # seconds
Ended = Callable[[Job, dict[str, Any]], None]


class Running:
    """Begins jobs, shows how far they are, and hands answers to whoever asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.job: Job | None = None
        self._ended: Ended | None = None
        self._seen = 0
        self.run = button("Run", self.compare, "primary", "run",
                          hint="Run the strategies against business as usual")
        self.cancel = button("Cancel", self._cancel, "quiet")
        self.bar = markup("", "progress")
        self.words = Said("standing")
        self.view = column(
            markup("<h2>3. The answer</h2><p>A first, rough answer comes from a small run; larger "
                   "runs then sharpen it until chance hides little. You can go on reading "
                   "meanwhile.</p>"),
            row(self.run, self.cancel, classes=["buttons"]), self.bar, self.words,
            classes=["section"],
        )  # fmt: skip
        show(self.cancel, False)

    @property
    def busy(self) -> bool:
        """Whether a job is in hand."""
        return self.job is not None

    def checked(self, ready: bool) -> None:
        """Allow Run where every strategy can be run."""
        self.run.disabled = self.busy or not ready
        if not ready and not self.busy:
            self.say("Run waits until every strategy is ready: see what is marked above.")
        elif not self.busy and "Run waits" in self.words.value:
            self.say("")

    def compare(self) -> None:
        """Run the strategies against business as usual."""
        if self.page.session.ready and not self.busy:
            self.begin(COMPARE, self._compared)

    def begin(self, kind: str, ended: Ended, **asked: Any) -> None:
        """Begin a job; `ended` is called with it and how it ended."""
        session, job = ask(self.page.session, kind, **asked)
        self.page.keep(session)
        self._watch(job, ended)

    def resume(self) -> None:
        """Go on with a job that a closed window or a dead kernel left behind."""
        session = self.page.session
        if session.standing != RUNNING:
            return
        job = read_job(job_folder(session, session.job))
        if job.kind == COMPARE:
            self._watch(job, self._compared)
        else:
            self.page.keep(replace(session, standing="stopped"))

    def say(self, words: str, kind: str = "plain") -> None:
        """Say where things stand; readers of a screen hear it too."""
        self.words.tell(words, kind)

    def _watch(self, job: Job, ended: Ended) -> None:
        self.job, self._ended, self._seen = job, ended, 0
        self.run.disabled = True
        show(self.cancel, True)
        self.say("Getting the model ready.")
        self.page.worker.do(job)
        self._task = asyncio.get_event_loop().create_task(self._follow())

    async def _follow(self) -> None:
        while self.job is not None:
            try:
                self._look()
            except Exception as error:  # said on the page: a task that dies would say nothing
                self.say(f"This page could not show the answer: {error}", "bad")
                self._finish({"state": FAILED, "words": str(error)})
                raise
            await asyncio.sleep(_LOOK_EVERY)

    def _look(self) -> None:
        job = self.job
        assert job is not None
        progress = self.page.worker.look()
        file = job.folder / "answer.json"
        changed = file.stat().st_mtime_ns if file.exists() else 0
        if changed != self._seen and job.kind == COMPARE:
            self._seen = changed
            self.page.show_answer(job.folder)
        if progress["state"] == RUNNING:
            self._progress(progress)
        else:
            self._finish(progress)

    def _finish(self, progress: dict[str, Any]) -> None:
        job, ended = self.job, self._ended
        self.job = None
        show(self.cancel, False)
        self.bar.value = ""
        kind = "bad" if progress["state"] == FAILED else "plain"
        words = " ".join([progress["words"], *progress.get("problems", ())])
        self.page.keep(replace(self.page.session, standing=progress["state"]))
        self.run.disabled = not self.page.session.ready
        self.say(words, kind)
        if job is not None and ended is not None:
            ended(job, progress)

    def _compared(self, job: Job, progress: dict[str, Any]) -> None:
        if answered(job.folder) is not None:
            self.page.show_answer(job.folder)

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
            f'<div class="vru-track" role="progressbar" aria-label="{progress["words"]}" '
            f'aria-valuemin="0" aria-valuemax="100" aria-valuenow="{share}">'
            f'<span style="width:{share}%"></span></div><p class="vru-small">{more}</p>'
        )
        self.say(f"{progress['words']}…")

    def _cancel(self) -> None:
        self.say("Cancelling…")
        self.page.worker.cancel()


def _duration(seconds: float) -> str:
    if seconds < 90:
        return plural(max(1, round(seconds)), "second")
    return f"{seconds / 60:.0f} minutes"
