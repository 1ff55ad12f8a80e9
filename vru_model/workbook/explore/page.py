"""The page "Explore scenarios": its parts put together, and the one session behind them."""

from __future__ import annotations

import html
import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import yaml
from IPython.display import display

from vru_model import paths
from vru_model.parameters.documents import built_in_names
from vru_model.workbook.controls import Choice, Field, column, markup, row, style
from vru_model.workbook.explore import saved
from vru_model.workbook.explore.building import Building
from vru_model.workbook.explore.contesting import Contesting
from vru_model.workbook.explore.job import earlier, job_folder
from vru_model.workbook.explore.keeping import Keeping
from vru_model.workbook.explore.running import Running
from vru_model.workbook.explore.saved import Opened, Session
from vru_model.workbook.explore.showing import Showing, same
from vru_model.workbook.worker import Worker

_YEARS = (1, 3, 5, 10, 15, 20, 25)
_SIZES = (
    ("1 in 200 residents: rough, in seconds", (0.005, 20)),
    ("1 in 50: for a discussion", (0.02, 20)),
    ("1 in 25: as in the board papers", (0.04, 20)),
    ("1 in 10: slow, for a decision", (0.1, 40)),
)


def explore() -> Page:
    """Show the page; return it for those who look beneath."""
    query = parse_qs(os.environ.get("QUERY_STRING", ""))
    page = Page(saved.open_session(query.get("session", [""])[0]))
    page.show()
    return page


class Page:
    """The whole page. Its state is one frozen session; whatever changes it goes through `keep`."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.session: Session = opened.session
        self.worker = Worker("vru_model.workbook.explore.working", saved.workbook_folder)
        self.saved = markup("", "saved")
        self.notice = markup("", "live")
        self.showing = Showing(self)
        self.running = Running(self)
        self.contesting = Contesting(self)
        self.keeping = Keeping(self)
        self.question = Question(self)
        self.building = Building(self)
        self.view = column(
            style(),
            row(self.saved, classes=["bar"]), self.notice, self.question.view,
            self.building.view, self.running.view, self.showing.view, self.contesting.view,
            self.keeping.view, classes=["page"],
        )  # fmt: skip
        self._take(opened)
        self.contesting.restore()

    def show(self) -> None:
        """Display the page and get the model ready behind it."""
        display(self.view)
        self.worker.start()
        self.running.resume()

    @property
    def authorities(self) -> dict[str, str]:
        """Code → name of the place's local authorities."""
        return authorities_of(self.session.question.place)

    @property
    def current(self) -> bool:
        """Whether the answer shown is of the strategies as they are now."""
        return self.showing.folder is not None and same(self.session, self.showing.folder)

    def keep(self, session: Session) -> None:
        """Make a session the page's, and write it."""
        self.session = session
        try:
            words = f"Saved at {session.save()}"
        except OSError as error:
            words = f"Not saved: {error.strerror}. Free some space; nothing on this page is lost"
        self.saved.value = (
            f'<p data-session="{html.escape(session.identity)}" class="vru-small">'
            f"<strong>{html.escape(session.title)}</strong> · {html.escape(words)}.</p>"
        )

    def checked(self) -> None:
        """Bring everything that depends on the strategies up to date."""
        self.running.checked(self.session.ready)
        self.showing.check()
        self.contesting.refresh()
        self.keeping.refresh()

    def show_answer(self, folder: Path) -> None:
        """Show the answer of a job, and offer its files."""
        self.showing.show(folder)
        self.keeping.refresh()

    def switch(self, opened: Opened) -> None:
        """Let go of the session and take another."""
        self.opened.lock.release()
        self._take(opened)
        self.building.rebuild()
        self.contesting.restore()

    def _take(self, opened: Opened) -> None:
        self.opened = opened
        self.keep(opened.session)
        words = html.escape(opened.words)
        self.notice.value = f'<p class="vru-note">{words}</p>' if words else ""
        self.question.refresh()
        self.keeping.offer_sessions()
        self.contesting.show_record()
        found = earlier(self.session)
        if found:
            self.show_answer(job_folder(self.session, found[0][0]))
        else:
            self.showing.clear()


class Question:
    """The part of the page that asks for place, horizon and how many residents to simulate."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.place = Choice("Place", [("", "")], "", lambda place: self._set(place=place))
        self.pack = Field("Or a place pack’s folder", "", self._pack,
                          "only if you have one")  # fmt: skip
        self.years = Choice("Look ahead", [("", 0)], 0, lambda years: self._set(years=years))
        self.size = Choice("Residents to simulate", [("", None)], None, self._size, wide=True)
        self.view = column(
            markup("<h2>1. The question</h2>"),
            row(self.place, self.years, self.size, self.pack, classes=["fields"]),
            classes=["section"],
        )  # fmt: skip

    def refresh(self) -> None:
        """Show the session's question."""
        question = self.page.session.question
        places = {name: _title(name) for name in built_in_names("places")}
        if question.place not in places:
            places[question.place] = f"The place pack {Path(question.place).name}"
        self.place.offer([(title, name) for name, title in places.items()], question.place)
        years = sorted({*_YEARS, question.years})
        self.years.offer([(f"{year} year{'s' * (year > 1)}", year) for year in years],
                         question.years)
        size, sizes = (question.scale, question.draws), list(_SIZES)
        if size not in [value for _, value in sizes]:
            sizes.append((f"Scale {size[0]:g}, {size[1]} draws", size))
        self.size.offer(sizes, size)
        self.pack.write(self.page.session.entries.get("place", ""))

    def _set(self, **changes: Any) -> None:
        session = self.page.session
        self.page.keep(replace(session, question=replace(session.question, **changes)))
        self.page.checked()

    def _size(self, size: tuple[float, int]) -> None:
        self._set(scale=size[0], draws=size[1])

    def _pack(self, text: str) -> None:
        """Use a place pack, or say everything that is wrong with it."""
        session = self.page.session
        others = {name: kept for name, kept in session.entries.items() if name != "place"}
        words = pack_problem(text.strip()) if text.strip() else ""
        self.pack.complain(words)
        if words:
            self.page.keep(replace(session, entries={**others, "place": text}))
        elif text.strip():
            question = replace(session.question, place=str(Path(text.strip()).expanduser()))
            self.page.keep(replace(session, entries=others, question=question))
            self.pack.write("")
            self.refresh()
        else:
            self.page.keep(replace(session, entries=others))
        self.page.checked()


def pack_problem(folder: str) -> str:
    """Return what is wrong with the folder of a place pack, in a few sentences, or ""."""
    from vru_model.place import check_pack

    problems = check_pack(Path(folder).expanduser())
    shown = "; ".join(str(each) for each in problems[:3])
    more = f"; and {len(problems) - 3} more: vru place check {folder}" if problems[3:] else ""
    return f"{shown}{more}"


@lru_cache(maxsize=8)
def authorities_of(place: str) -> dict[str, str]:
    """Return code → name of a place's local authorities."""
    from vru_model.place import load_place

    return {each.code: each.name for each in load_place(place).authorities}


def _title(place: str) -> str:
    file = paths.PARAMETERS / "places" / f"{place}.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8")).get("title", place)

