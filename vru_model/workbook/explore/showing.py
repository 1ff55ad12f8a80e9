"""The part of the page that shows an answer. How sure it is stands above it and stays there."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vru_model.workbook.controls import Choice, column, markup, show
from vru_model.workbook.explore.job import earlier, job_folder, read_job
from vru_model.workbook.explore.saved import Session
from vru_model.workbook.jobs import answered

if TYPE_CHECKING:
    from vru_model.workbook.explore.page import Page

_COURSE = "course"
_WAITING = ("<p class='vru-empty'>Nothing was run yet. When the strategies are ready, press Run: "
            "the answer appears here, with its intervals.</p>")


class Showing:
    """Shows an answer, and lets the reader go back to earlier ones."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.folder: Path | None = None
        self.answer: dict[str, Any] | None = None
        self.sure = markup("", "sure", "live")
        self.stale = markup("", "stale")
        self.before = Choice("Answers of this session", [("The latest", 0)], 0, self._go_back)
        self.measure = Choice("Measure", [("", "")], "", lambda _: self._course())
        self.course = markup()
        self.shown: dict[str, Any] = {}
        self.parts = column()
        self.view = column(self.sure, self.stale, self.before, self.parts, classes=["answer"])
        self.parts.children = [markup(_WAITING)]
        show(self.before, False)

    def show(self, folder: Path) -> None:
        """Show the answer that a job's folder holds."""
        answer = answered(folder)
        if answer is None or answer.get("kind") != "compare":
            return
        self.folder, self.answer = folder, answer
        stage = "First answer" if answer["first"] and not answer["final"] else (
            "Final answer" if answer["final"] else "Sharper answer")
        self.sure.value = (
            f'<p><strong>{stage}, after {answer["seconds"]:.0f} seconds.</strong> '
            f'{html.escape(answer["sure"])}</p>')
        views = next(section["views"] for section in answer["sections"]
                     if section["key"] == _COURSE)
        chosen = self.measure.box.value if self.measure.box.value in views else next(iter(views))
        self.measure.offer([(view[0], name) for name, view in views.items()], chosen)
        parts = [self._part(section) for section in answer["sections"]]
        self._course()
        if list(self.parts.children) != parts:
            self.parts.children = parts
        self.offer_earlier()
        self.check()

    def _part(self, section: dict[str, Any]) -> Any:
        """Return what shows a section; the same every time, so that nobody loses their place."""
        key = section["key"]
        heading = f'<h3 id="vru-{key}">{html.escape(section["title"])}</h3>'
        if key == _COURSE:
            if key not in self.shown:
                self.shown[key] = column(markup(heading), self.measure, self.course,
                                         classes=["part"])  # fmt: skip
            return self.shown[key]
        if key not in self.shown:
            self.shown[key] = markup("", "part", f"part-{key}")
        text = heading + section["html"]
        if self.shown[key].value != text:
            self.shown[key].value = text
        return self.shown[key]

    def clear(self) -> None:
        """Show that there is no answer yet."""
        self.folder = self.answer = None
        self.sure.value = self.stale.value = ""
        self.parts.children = [markup(_WAITING)]
        self.offer_earlier()

    def offer_earlier(self) -> None:
        """Offer the session's answers, the latest first."""
        found = earlier(self.page.session)
        options = [(f"{number}: {', '.join(answer['titles'].values())}", number)
                   for number, answer in found]
        number = int(self.folder.name) if self.folder else 0
        if number not in [value for _, value in options]:
            options.insert(0, ("The latest", number))
        self.before.offer(options, number)
        show(self.before, len(options) > 1)

    def check(self) -> None:
        """Say where the strategies have changed since the answer."""
        old = self.folder is not None and not same(self.page.session, self.folder)
        words = ('<p class="vru-note">The strategies or the question have changed since this '
                 "answer. Press Run for a new one; this one is kept.</p>") if old else ""
        if self.stale.value != words:
            self.stale.value = words

    def _course(self) -> None:
        if self.answer is not None:
            views = next(section["views"] for section in self.answer["sections"]
                         if section["key"] == _COURSE)
            self.course.value = views[self.measure.box.value][1]

    def _go_back(self, number: int) -> None:
        if number:
            self.page.show_answer(job_folder(self.page.session, number))


def same(session: Session, folder: Path) -> bool:
    """Say whether a job's answer is of the session's strategies and question as they are now."""
    try:
        job = read_job(folder)
        written = [file.read_text(encoding="utf-8") for file in job.files]
    except OSError:
        return False
    return job.question == session.question and written == [
        draft.yaml() for draft in session.drafts]
