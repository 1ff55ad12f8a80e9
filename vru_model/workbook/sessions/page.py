"""The page of a facilitated session: begin or go on, ask, compare, decide, and take the record."""

from __future__ import annotations

from pathlib import Path

import ipywidgets as widgets

from vru_model import paths
from vru_model.errors import InputError, Problem
from vru_model.parameters.documents import built_in_names
from vru_model.reporting.words import long_date, plural
from vru_model.workbook.controls import (
    Choice,
    Field,
    Said,
    button,
    column,
    dressed,
    form_row,
    heading,
    paragraph,
    style,
)
from vru_model.workbook.sessions.elicitation_page import ElicitationPage
from vru_model.workbook.sessions.keeping import Keeper
from vru_model.workbook.sessions.record import PSEUDONYMS
from vru_model.workbook.sessions.report import PSEUDONYMS_ONLY, write_record
from vru_model.workbook.sessions.swings_page import SwingsPage

_BEGIN = (
    "One file keeps the whole session. Every entry is on disk before the next is asked for: close "
    "the page, or lose the machine, and the same file goes on. "
)


class SessionPage(widgets.VBox):
    """Everything of a session on one page.

    Parameters
    ----------
    file
        The session's file; offered in its box.
    runs
        The folder of stored runs; the usual one unless given.
    """

    def __init__(self, file: str | Path = "", runs: str | Path | None = None) -> None:
        self.runs = Path(runs) if runs else paths.OUTPUTS / "runs"
        offered = str(file or paths.OUTPUTS / "sessions" / "session.yaml")
        self.file = Field("Session file", offered, hint="a name ending in .yaml", width="60em")
        self.title = Field("What it is about", hint="Navigators in the county")
        self.facilitator = Field("Facilitator's role", hint="the unit's analyst: no name")
        self.people = Field("Number of participants", "12", width="20em")
        self.strategy = Choice("Strategy that is discussed", [("None", "")] + [
            (name.replace("_", " "), name) for name in built_in_names("strategies")])
        self.said = Said()
        self.inside = column()
        self.elicitation: ElicitationPage | None = None
        self.swings: SwingsPage | None = None
        super().__init__([
            style(), heading("Begin, or go on"), paragraph(_BEGIN + PSEUDONYMS_ONLY), self.file,
            form_row(self.title, self.facilitator), form_row(self.people, self.strategy),
            button("Begin or open the session", self.begin), self.said, self.inside,
        ])  # fmt: skip
        dressed(self, "page", "roomy")

    def begin(self) -> None:
        """Begin the session in the file, or go on with the one that stands there."""
        keeper = Keeper(self.file.text)
        if not self.said.doing(lambda: self._begin(keeper)):
            return
        self.elicitation, self.swings = ElicitationPage(keeper), SwingsPage(keeper, self.runs)
        self.inside.children = (self.elicitation, self.swings, Agreed(keeper))
        self.elicitation.refresh()
        self.swings.refresh()

    def _begin(self, keeper: Keeper) -> str:
        people = self.people.number
        if people is None or people != int(people):
            raise InputError([Problem(None, None, "participants", repr(self.people.text),
                                      f"a whole number from 1 to {len(PSEUDONYMS)}")])
        there = keeper.path.exists()
        session = keeper.begin(self.title.text, self.facilitator.text, int(people),
                               self.strategy.value)  # fmt: skip
        return (
            f"{'Going on with' if there else 'Begun'}: {session.title}, {long_date(session.date)}, "
            f"{plural(len(session.participants), 'participant')}: hand out the pseudonyms "
            f"{', '.join(session.participants)} by lot."
        )


class Agreed(widgets.VBox):
    """Decisions, what somebody wants changed, and the record to take away."""

    def __init__(self, keeper: Keeper) -> None:
        self.keeper, self.said = keeper, Said()
        people = [(each, each) for each in keeper.session.participants]
        self.decision = Field("Decision", width="60em")
        self.by = Field("Who sees to it (no names)", "the group")
        self.what = Field("What should be changed", width="60em")
        self.who = Choice("Who says so", [("the group", "the group"), *people])
        self.change = Field("What it should be", width="60em")
        self.reason = Field("Because", width="60em")
        super().__init__([
            heading("What was decided, and what should be changed"),
            form_row(self.decision, self.by), button("Keep the decision", self.decide),
            self.what, form_row(self.change, self.who), self.reason,
            button("Keep what should be changed", self.contest),
            heading("The record"),
            paragraph("For those who took part: what was asked, said, weighed and decided, as "
                      "Markdown and as a page that needs no connection."),
            button("Write the record", self.write), self.said,
        ])  # fmt: skip

    def decide(self) -> None:
        """Keep a decision."""
        if self._filled(self.decision, self.by) and self.said.doing(
                lambda: self.keeper.decide(self.decision.text, self.by.text), "Kept."):
            self.decision.write("")

    def contest(self) -> None:
        """Keep what somebody wants changed."""
        fields = self.what, self.change, self.reason
        if self._filled(*fields) and self.said.doing(lambda: self.keeper.contest(
                self.what.text, self.who.value, self.change.text, self.reason.text), "Kept."):
            for field in fields:
                field.write("")

    def write(self) -> None:
        """Write the record beside the session's file."""
        def work() -> str:
            markdown, page = write_record(self.keeper.session, self.keeper.path)
            return f"Written: {markdown} and {page}."

        self.said.doing(work)

    def _filled(self, *fields: Field) -> bool:
        for field in fields:
            field.complain("" if field.text else "Write a few words.")
        return all(field.text for field in fields)
