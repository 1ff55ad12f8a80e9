"""The part of the page that keeps and shares: sessions, files, tables, Python, board papers."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from vru_model.errors import InputError
from vru_model.workbook import entries
from vru_model.workbook.controls import (
    Choice,
    Field,
    Said,
    button,
    column,
    dressed,
    markup,
    row,
)
from vru_model.workbook.explore import saved
from vru_model.workbook.explore.job import PAPERS, Job, Stage
from vru_model.workbook.explore.section import file_link
from vru_model.workbook.explore.sharing import read_strategy, snippet, strategy_files
from vru_model.workbook.jobs import answered

if TYPE_CHECKING:
    from vru_model.workbook.explore.page import Page

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Keeping:
    """Names, opens and copies sessions; hands out files."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.title = Field("Name of this session", page.session.title, self._rename, wide=True)
        self.others = Choice("Open another session", [("", "")], "", self._open, wide=True)
        self.files = markup()
        self.upload = dressed(
            widgets.FileUpload(description="Open a strategy’s file", accept=".yaml,.yml"), "button")
        self.upload.layout.width = "auto"
        self.upload.observe(self._uploaded, "value")
        self.said = Said()
        self.python = markup()
        self.papers = button("Make the board papers of this", self._papers, "primary")
        self.paper = Said()
        self.view = column(
            markup("<h2>5. Keep and share</h2><p>Everything on this page is saved by itself, after "
                   "every change.</p>"),
            row(self.title, self.others, classes=["fields"]),
            row(button("New session", lambda: self._switch("new"), "quiet"),
                button("Work on a copy", self._copy, "quiet"), classes=["buttons"]),
            markup("<h3>Files</h3>"), self.files, row(self.upload, classes=["buttons"]), self.said,
            markup("<h3>The board papers</h3><p>As <code>vru papers</code> makes them: about the "
                   "strategy that is open, with the others beside it where a paper compares.</p>"),
            row(self.papers, classes=["buttons"]), self.paper,
            markup("<h3>Re-make this in Python</h3><p>It works when it is pasted, and needs no "
                   "file of this session.</p>"), self.python,
            classes=["section"],
        )  # fmt: skip

    def refresh(self) -> None:
        """Offer the files of the session as it is now."""
        session = self.page.session
        links = [file_link(name, "application/yaml", text.encode(), f"Download {name}")
                 for name, text in strategy_files(session.drafts).items()]
        folder = self.page.showing.folder
        tables = folder / "tables.xlsx" if folder else None
        if tables and tables.exists():
            links.append(file_link("tables.xlsx", _XLSX, tables.read_bytes(),
                                   "Download every table of the answer: tables.xlsx"))
        self.files.value = f"<ul class='vru-files'>{''.join(f'<li>{x}</li>' for x in links)}</ul>"
        answer = self.page.showing.answer
        size = session.question
        stage = Stage(**answer["stage"]) if answer else Stage(size.scale, size.draws, 1)
        text = snippet(session, stage) if session.ready else "Not while a strategy is not ready."
        self.python.value = (f'<pre class="vru-code" tabindex="0" aria-label="Python that makes '
                             f'this again"><code>{html.escape(text)}</code></pre>')

    def offer_sessions(self) -> None:
        """Offer the sessions on disk."""
        titles = saved.titles()
        here = self.page.session.identity
        options = [(title, identity) for identity, title in titles.items()]
        if here not in titles:
            options.insert(0, (self.page.session.title, here))
        self.others.offer(options, here)
        self.title.write(self.page.session.title)

    def _rename(self, text: str) -> None:
        value, words = entries.read(entries.words, text)
        self.title.complain(words)
        if not words:
            self.page.keep(replace(self.page.session, title=str(value)))
            self.offer_sessions()

    def _open(self, identity: str) -> None:
        if identity != self.page.session.identity:
            self._switch(identity)

    def _switch(self, identity: str) -> None:
        if self.page.running.busy:
            self.said.tell("Wait until the run has ended, or cancel it.", "bad")
            self.offer_sessions()
            return
        self.page.switch(saved.open_session(identity, patience=1.0))

    def _copy(self) -> None:
        session = self.page.session
        title = saved.numbered(session.title, saved.titles().values())
        self.page.switch(saved.copied(session, title, f"This is a copy of “{session.title}”."))

    def _uploaded(self, change: dict[str, Any]) -> None:
        if not change["new"]:
            return
        file = change["new"][0]
        try:
            draft = read_strategy(bytes(file["content"]).decode("utf-8"))
            self.page.keep(self.page.session.adding(draft))
        except UnicodeDecodeError:
            self.said.tell(f"{file['name']} is not a text file.", "bad")
        except InputError as error:
            problems = "; ".join(str(each) for each in error.problems)
            self.said.tell(f"{file['name']} cannot be used: {problems}", "bad")
        except ValueError as error:
            self.said.tell(f"{file['name']} was not opened: {error}.", "bad")
        else:
            self.said.tell(f"“{draft.title}” was added to the strategies.")
            self.page.building.rebuild()
        self.upload.value = ()

    def _papers(self) -> None:
        if self.page.running.busy or not self.page.session.ready:
            self.paper.tell("The strategies have to be ready and no run in hand.", "bad")
            return
        self.paper.tell("Making the papers; how far it is stands under Run.")
        self.page.running.begin(PAPERS, self._published)

    def _published(self, job: Job, progress: dict[str, Any]) -> None:
        answer = answered(job.folder)
        words = html.escape(progress["words"])
        if answer is not None:
            pages = "".join(f"<li><code>{html.escape(page)}</code></li>"
                            for page in answer["pages"])
            words += f"<ul>{pages}</ul>"
        self.paper.value = f"<p>{words}</p>"
