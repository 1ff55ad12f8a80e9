"""The part of a session's page on which strategies are compared with everybody's swing weights."""

from __future__ import annotations

import html
from pathlib import Path

import ipywidgets as widgets

from vru_model import paths
from vru_model.errors import InputError, Problem
from vru_model.reporting.words import plural, two_figures
from vru_model.scenario import Scenario
from vru_model.workbook.as_html import shown
from vru_model.workbook.controls import (
    Choice,
    Field,
    Said,
    button,
    column,
    form_row,
    heading,
    markup,
    paragraph,
)
from vru_model.workbook.sessions.keeping import Keeper
from vru_model.workbook.sessions.record import swing_faults
from vru_model.workbook.sessions.report import swing_blocks
from vru_model.workbook.sessions.stored import Stored, baselines, comparable, stored_runs
from vru_model.workbook.sessions.swings import outcomes

MOST = 4
HOW = (
    "First the runs: things as they are, and the strategies. Then the swings: for each criterion, "
    "from the worst of these strategies to the best. Which swing matters most to you? Give it 100. "
    "Give each of the others what it is worth beside that, from 0 to 100. Everybody does so alone; "
    "what is kept has no pseudonym and no order of coming, and is shown as a spread, from five "
    "people on. A number says nothing without its range: look at the swing, not at its name."
)


class SwingsPage(widgets.VBox):
    """Choose stored runs, set out the swings, take everybody's, show the spread."""

    def __init__(self, keeper: Keeper, folder: Path) -> None:
        self.keeper, self.folder, self._runs = keeper, folder, list[Stored]()
        self.said, self.result = Said(), markup()
        self.baseline = Choice("Things as they are", [("", "")],
                               chosen=lambda _: self._offer(), width="60em")  # fmt: skip
        self.strategies = [Choice(f"Strategy {n}", [("", "")], width="60em")
                           for n in range(1, MOST + 1)]  # fmt: skip
        self.support = [Field(f"Community support for strategy {n}",
                              hint="0 to 100, or nothing: not rated", width="30em")
                        for n in range(1, MOST + 1)]  # fmt: skip
        self.swings: dict[str, Field] = {}
        self.form = column()
        super().__init__([
            heading("Which strategy, by several criteria?"), paragraph(HOW), self.baseline,
            *(form_row(choice, field) for choice, field in zip(self.strategies, self.support,
                                                          strict=True)),
            button("Set out the swings", self.set_out), self.form,
            form_row(button("Give my swings", self.give), button("Show the spread", self.show)),
            self.said, self.result,
        ])  # fmt: skip

    def refresh(self) -> None:
        """Look for runs again, and set out the swings that the session has."""
        self._runs = stored_runs(self.folder)
        found = baselines(self._runs)
        self.baseline.offer([(each.words, each.run.run_id) for each in found]
                            or [("No baseline has been run yet", "")])  # fmt: skip
        self._offer()
        self._set_form()

    def set_out(self) -> None:
        """Work out the swings from the chosen runs, and keep them in the session."""
        self.result.value = ""
        if self.said.doing(self._set_out):
            self._set_form()

    def give(self) -> None:
        """Keep one person's swings, then empty the boxes."""
        swings = self.keeper.session.swings
        if swings is None or not self.swings:
            self.said.tell("Set out the swings first.")
            return
        given = {name: field.number for name, field in self.swings.items()}
        for name, field in self.swings.items():
            value = given[name]
            wrong = value is None or not 0 <= value <= 100
            field.complain("Give a number from 0 to 100." if wrong else "")
        believed = {name: value for name, value in given.items() if value is not None}
        faults = swing_faults(believed, swings.criteria)
        if faults:
            self.said.tell("; ".join(f"Given {what}: give {allowed}" for what, allowed in faults))
            return
        if self.said.doing(lambda: self.keeper.swing(believed)):
            for field in self.swings.values():
                field.write("")
            session = self.keeper.session
            given_so_far = len(session.swings.given) if session.swings else 0
            self.said.tell(f"Kept, without a pseudonym. {given_so_far} of "
                           f"{plural(len(session.participants), 'participant')} gave theirs.")

    def show(self) -> None:
        """Show the spread of weights and who comes first."""
        def work() -> None:
            self.result.value = shown(swing_blocks(self.keeper.session))

        self.said.doing(work)

    def _set_out(self) -> str:
        chosen = {each.run.run_id: each for each in self._runs}
        runs: dict[str, str] = {}
        support, problems = {}, []
        for choice, field in zip(self.strategies, self.support, strict=True):
            if not choice.value:
                continue
            name = chosen[choice.value].scenario
            if name in runs:
                problems.append(Problem("session", None, "strategies", name, "each strategy once"))
            runs[name] = choice.value
            value = field.number
            bad = field.text and (value is None or not 0 <= value <= 100)
            field.complain("Give a number from 0 to 100, or nothing." if bad else "")
            if bad:
                problems.append(Problem("session", None, "support", field.text, "0 to 100"))
            elif value is not None:
                support[name] = value
        if not self.baseline.value:
            problems.append(Problem("session", None, "baseline", "none", "a stored run"))
        if problems:
            raise InputError(problems)
        scenarios = {name: Scenario.load(chosen[run].run.folder / "scenario.yaml")
                     for name, run in runs.items()}  # fmt: skip
        found = outcomes(chosen[self.baseline.value].run,
                         {name: chosen[run].run for name, run in runs.items()}, scenarios, support)
        named = {name: self._reference(chosen[run])
                 for name, run in {"baseline": self.baseline.value, **runs}.items()}  # fmt: skip
        self.keeper.compare_by(found.criteria(), named, support)
        alike = found.alike()
        return "Set out." + (f" The strategies do not differ in: {'; '.join(alike)}."
                             if alike else "")  # fmt: skip

    def _reference(self, stored: Stored) -> str:
        """Return a run's name where runs usually stand, and its folder where they do not."""
        usual = self.folder.resolve() == (paths.OUTPUTS / "runs").resolve()
        return stored.run.run_id if usual else str(stored.run.folder)

    def _set_form(self) -> None:
        """Put a box for each swing on the page, with its range beside it."""
        swings = self.keeper.session.swings
        self.swings, rows = {}, []
        for name, each in (swings.criteria if swings else {}).items():
            self.swings[name] = Field(each.title, hint="0 to 100", width="40em")
            swing = f"from {two_figures(each.worst)} to {two_figures(each.best)}, {each.unit}"
            rows.append(form_row(self.swings[name], markup(f"<p>{html.escape(swing)}</p>")))
        self.form.children = tuple(rows)

    def _offer(self) -> None:
        """Offer the runs that can be compared with the chosen baseline."""
        baseline = next((each for each in self._runs if each.run.run_id == self.baseline.value),
                        None)  # fmt: skip
        found = comparable(baseline, self._runs) if baseline else []
        for choice in self.strategies:
            choice.offer([("None", ""), *((each.words, each.run.run_id) for each in found)])
