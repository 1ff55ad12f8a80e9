"""The part of the page that runs: Run, how far it is, Cancel, and going on where it was stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vru_model.workbook.controls import button, column, markup, row
from vru_model.workbook.explore.job import COMPARE, Job, ask, job_folder, read_job
from vru_model.workbook.jobs import (
    CANCEL,
    CANCELLED,
    RUNNING,
    STOPPED,
    answered,
    give,
    tell,
    told,
)
from vru_model.workbook.watching import Watching

if TYPE_CHECKING:
    from vru_model.workbook.explore.page import Page

Ended = Callable[[Job, dict[str, Any]], None]


class Running:
    """Begins the session's jobs, and hands answers to whoever asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.job: Job | None = None
        self._seen = 0
        self._then: Callable[[], None] | None = None
        self.run = button("Run", self.compare, "primary", "run",
                          hint="Run the strategies against business as usual")
        self.watching = Watching(page.worker, self.run)
        self.watching.cancel.on_click(lambda _: self._forget())
        self.view = column(
            markup("<h2>3. The answer</h2><p>A first, rough answer comes from a small run; larger "
                   "runs then sharpen it until chance hides little. You can go on reading "
                   "meanwhile.</p>"),
            row(self.run, self.watching.cancel, classes=["buttons"]), self.watching.bar,
            self.watching.words, classes=["section"],
        )  # fmt: skip

    @property
    def busy(self) -> bool:
        """Whether a job is in hand."""
        return self.watching.busy

    @property
    def sharpening(self) -> bool:
        """Whether what is in hand makes an answer that stands already better."""
        return self.job is not None and self.job.kind == COMPARE and (
            answered(self.job.folder) is not None)

    def checked(self, ready: bool) -> None:
        """Allow Run where every strategy can be run."""
        words = self.watching.words
        self.run.disabled = self.busy or not ready
        if not ready and not self.busy:
            words.tell("Run waits until every strategy is ready: see what is marked above.")
        elif not self.busy and "Run waits" in words.value:
            words.tell("")

    def compare(self) -> None:
        """Run the strategies against business as usual."""
        if self.page.session.ready and not self.busy:
            self.begin(COMPARE, self._compared)

    def begin(self, kind: str, ended: Ended, **asked: Any) -> None:
        """Begin a job; `ended` is called with it and how it ended."""
        session, job = ask(self.page.session, kind, **asked)
        self.page.keep(session)
        self._watch(job, ended)

    def begin_first(self, kind: str, ended: Ended, **asked: Any) -> None:
        """Begin a job as :meth:`begin`; sharpening that is in hand pauses, and goes on after it."""
        paused = self.job
        if paused is None:
            self.begin(kind, ended, **asked)
            return

        def after(job: Job, progress: dict[str, Any]) -> None:
            ended(job, progress)
            cancelled = progress["state"] in (CANCELLED, STOPPED)
            if not cancelled and told(paused.folder)["state"] == CANCELLED:
                self._go_on(paused)

        self._then = lambda: self.begin(kind, after, **asked)
        self.watching.stop("Pausing the sharpening; it goes on afterwards.")

    def resume(self) -> None:
        """Go on with a job that a closed window or a dead kernel left behind."""
        session = self.page.session
        if session.standing != RUNNING:
            return
        job = read_job(job_folder(session, session.job))
        if job.kind == COMPARE:
            give(job.folder)  # what carried it out may still be ending
            tell(job.folder, RUNNING, "Getting ready")
            self._watch(job, self._compared)
        else:
            self.page.keep(replace(session, standing=STOPPED))
            self.watching.words.tell("What was being run when the page was closed was stopped. "
                                     "Every world that was finished is kept.")

    def _go_on(self, job: Job) -> None:
        """Go on with a job that was paused, where it was."""
        (job.folder / CANCEL).unlink(missing_ok=True)
        tell(job.folder, RUNNING, "Sharpening")
        number = int(job.folder.name)
        self.page.keep(replace(self.page.session, job=number, standing=RUNNING))
        self._watch(job, self._compared)

    def _forget(self) -> None:
        """Begin nothing after what was cancelled."""
        self._then = None

    def _watch(self, job: Job, ended: Ended) -> None:
        self.job, self._seen = job, 0
        self.watching.begin(job.folder, lambda progress: self._finish(job, ended, progress),
                            lambda: self._look(job))  # fmt: skip

    def _look(self, job: Job) -> None:
        """Show an answer as soon as it is there, or a better one."""
        file = job.folder / "answer.json"
        changed = file.stat().st_mtime_ns if file.exists() else 0
        if changed != self._seen and job.kind == COMPARE:
            self._seen = changed
            self.page.show_answer(job.folder)

    def _finish(self, job: Job, ended: Ended, progress: dict[str, Any]) -> None:
        then, self.job, self._then = self._then, None, None
        self.page.keep(replace(self.page.session, standing=progress["state"]))
        self.run.disabled = not self.page.session.ready
        ended(job, progress)
        if then is not None:
            then()

    def _compared(self, job: Job, progress: dict[str, Any]) -> None:
        if answered(job.folder) is not None:
            self.page.show_answer(job.folder)
