"""The part of the page in which an assumption is contested: look, change with a reason, see."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from vru_model.reporting.words import long_date
from vru_model.workbook import entries
from vru_model.workbook.controls import Choice, Field, Said, button, column, markup, row
from vru_model.workbook.explore.doubts import Assumption, assumptions, problem
from vru_model.workbook.explore.factor import change_in_words
from vru_model.workbook.explore.job import COMPARE, CONTEST, Job, Stage
from vru_model.workbook.explore.saved import Contested
from vru_model.workbook.explore.section import file_link
from vru_model.workbook.jobs import DONE, answered

if TYPE_CHECKING:
    from vru_model.workbook.explore.page import Page

_HEAD = ("<h2>4. Contest an assumption</h2><p>Every number of the model and of the programmes can "
         "be questioned. Choose one, see where it comes from, put your own in its place with a "
         "reason, and see what that does to the comparison above. A table, such as values by age, "
         "is contested by one factor. What you contest is kept with the session.</p>")


class Contesting:
    """Lets a reader contest one number of the open comparison."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.known: dict[str, Assumption] = {}
        self._offered: tuple[tuple[str, ...], dict[str, Any]] = (), {}
        self.group = Choice("Of which part", [("", "")], "", self._group)
        self.name = Choice("Assumption", [("", "")], "", lambda _: self._look(), wide=True)
        self.about = markup("", "about")
        self.value = Field("Your value", "", lambda text: self._entered("value", text))
        self.reason = Field("Your reason", "", lambda text: self._entered("reason", text),
                            wide=True)
        self.author = Field("Who says so", "", lambda text: self._entered("author", text))
        self.go = button("See what it does", self._contest, "primary")
        self.result = Said()
        self.record = markup()
        self.view = column(
            markup(_HEAD), row(self.group, self.name, classes=["fields"]), self.about,
            row(self.value, self.author, self.reason, classes=["fields"]),
            row(self.go, classes=["buttons"]), self.result, self.record, classes=["section"],
        )  # fmt: skip

    def refresh(self) -> None:
        """Offer the numbers of the programmes that are funded now, and the model's."""
        programmes = tuple(dict.fromkeys(
            line.programme for draft in self.page.session.drafts for line in draft.lines))
        overrides = {name: entry for draft in reversed(self.page.session.drafts)
                     for name, entry in draft.own_overrides.items()}
        if self.known and (programmes, overrides) == self._offered:
            return
        self._offered = programmes, overrides
        self.known = {each.name: each for each in assumptions(programmes, overrides)}
        groups = list(dict.fromkeys(each.group for each in self.known.values()))
        now = self.group.box.value
        chosen = now if now in groups else groups[0]
        self.group.offer([(group, group) for group in groups], chosen)
        self._group(chosen)

    def restore(self) -> None:
        """Put back what was typed before the page was closed."""
        asking = dict(self.page.session.asking)
        chosen = self.known.get(asking.get("parameter", ""))
        if chosen is None:
            return
        self.group.offer(self.group.box.options, chosen.group)
        self._group(chosen.group)
        self.name.offer(self.name.box.options, chosen.name)
        self._look()
        for name in ("value", "reason", "author"):
            getattr(self, name).write(asking.get(name, ""))
            self._complain(name, asking.get(name, ""))

    def show_record(self) -> None:
        """Show what was contested in this session, with a file of it."""
        found = self.page.session.contested
        if not found:
            self.record.value = ""
            return
        items = "".join(
            f"<li><strong>{html.escape(each.parameter)}</strong>: "
            f"{change_in_words(each.parameter, each.before, each.value)}, says "
            f"{html.escape(each.author)} on {html.escape(each.when)}: “{html.escape(each.reason)}”"
            + "".join(f"<br>{html.escape(words)}" for words in each.effect) + "</li>"
            for each in found
        )  # fmt: skip
        link = file_link("contested_assumptions.csv", "text/csv", contested_csv(found).encode(),
                         "Download what was contested: contested_assumptions.csv")
        self.record.value = (f"<h3>Contested in this session</h3><ol>{items}</ol><p>{link}</p>")

    def _group(self, group: str) -> None:
        members = [each for each in self.known.values() if each.group == group]
        if not members:
            return
        options = [(_short(each), each.name) for each in members]
        self.name.offer(options, options[0][1])
        self._look()

    def _look(self) -> None:
        chosen = self.known.get(self.name.box.value or "")
        if chosen is None:
            return
        rows = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(text)}</dd>"
                       for name, text in chosen.rows)
        self.about.value = f'<dl class="vru-facts">{rows}</dl>'
        self.value.box.description = chosen.asked
        self.value.write("" if chosen.closed else f"{chosen.value:.6g}")
        self.value.box.disabled = self.go.disabled = bool(chosen.closed)
        self.value.complain()

    def _entered(self, field: str, text: str) -> None:
        self._complain(field, text)
        asking = {name: getattr(self, name).box.value for name in ("value", "reason", "author")}
        asking["parameter"] = self.name.box.value
        self.page.keep(replace(self.page.session, asking=asking))

    def _complain(self, field: str, text: str) -> None:
        getattr(self, field).complain(self._wrong(field, text) if text else "")

    def _wrong(self, field: str, text: str) -> str:
        """Return what is wrong with an entry, or ""."""
        if field != "value":
            return entries.read(entries.sentence, text)[1]
        number, words = entries.read(entries.number, text)
        chosen = self.known.get(self.name.box.value or "")
        if words or chosen is None:
            return words
        assert isinstance(number, float)
        return chosen.refuses(number) or problem(self.page.session, chosen.name, number)

    def _contest(self) -> None:
        fields = {"value": self.value, "reason": self.reason, "author": self.author}
        wrong = {name: self._wrong(name, field.box.value) for name, field in fields.items()}
        for name, field in fields.items():
            field.complain(wrong[name])
        if any(wrong.values()):
            self.result.tell("Nothing was run: see the fields marked in red.", "bad")
            return
        answer, running = self.page.showing.answer, self.page.running
        words = self._waits_for()
        if words or answer is None:
            self.result.tell(words, "bad")
            return
        chosen = self.known[self.name.box.value]
        contested = Contested(
            chosen.name, chosen.value, entries.number(self.value.box.value),
            self.reason.box.value.strip(), self.author.box.value.strip(), long_date(date.today()),
        )  # fmt: skip
        pause = "The sharpening pauses and goes on afterwards. " if running.sharpening else ""
        self.result.tell(f"{pause}Running all again with your value, in the size of the answer "
                         "above; how far it is stands under Run.")
        running.begin_first(CONTEST, self._ended, contested=contested,
                            stage=Stage(**answer["stage"]))

    def _waits_for(self) -> str:
        """Return what has to come before a contest, or ""."""
        running = self.page.running
        if running.busy and not running.sharpening:
            first = running.job is not None and running.job.kind == COMPARE
            return ("The first answer is being computed: contest as soon as it stands above."
                    if first else "Wait until what is in hand under Run has ended, or cancel it.")
        if self.page.showing.answer is None or not self.page.current:
            return "First run the strategies as they are now: there is nothing to compare with."
        return ""

    def _ended(self, job: Job, progress: dict[str, Any]) -> None:
        answer = answered(job.folder)
        if progress["state"] != DONE or answer is None or job.contested is None:
            self.result.tell(progress["words"], "bad")
            return
        session = self.page.session
        found = replace(job.contested, effect=tuple(answer["sentences"]))
        self.page.keep(replace(session, contested=(*session.contested, found)))
        words = "".join(f"<p class='vru-sentence'>{html.escape(each)}</p>"
                        for each in answer["sentences"])
        self.result.value = f"<h3>What it does</h3>{words}{answer['html']}"
        self.show_record()


def _short(assumption: Assumption) -> str:
    """Return an assumption in a list: its last names, and how its meaning begins."""
    name = assumption.name.split(".")
    last = name[-2] if name[-1] == "value" else name[-1]
    meaning = assumption.meaning if len(assumption.meaning) <= 70 else (
        f"{assumption.meaning[:67].rstrip()}…")
    return f"{last.replace('_', ' ')}: {meaning}"


def contested_csv(found: tuple[Contested, ...]) -> str:
    """Return what was contested as CSV."""
    import pandas as pd

    rows = [vars(each) | {"effect": " ".join(each.effect),
                          "change": change_in_words(each.parameter, each.before, each.value)}
            for each in found]  # fmt: skip
    return pd.DataFrame(rows).to_csv(index=False, lineterminator="\n")
