"""The part of the page where strategies are built: tabs, money, programme cards."""

from __future__ import annotations

import html
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from vru_model.parameters.funding import Funding
from vru_model.parameters.register import load_programme
from vru_model.reporting.words import money
from vru_model.workbook.controls import (
    Choice,
    Field,
    button,
    column,
    markup,
    pounds,
    row,
    show,
)
from vru_model.workbook.explore import cards
from vru_model.workbook.explore.draft import Draft, conditions, presets
from vru_model.workbook.explore.saved import MOST_STRATEGIES

if TYPE_CHECKING:
    from vru_model.workbook.explore.page import Page

_EMPTY = "empty"
_NEED = (20, 60)


class Building:
    """Builds the strategies of a session; every change goes to the page, which keeps it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tabs = row(classes=["tabs"])
        self.begin = Choice("Add a strategy", self._beginnings(), "", self._add)
        self.editor = column(classes=["editor"])
        self.balance = markup("", "balance", "live")
        self.lines: list[Line] = []
        self.fields: dict[str, Field] = {}
        self.catalogue = Catalogue(self)
        self.view = column(
            markup("<h2>2. The strategies</h2><p>Build up to four strategies from programmes, or "
                   "begin with one that is ready. The money has to add up to the budget, to the "
                   "pound.</p>"),
            row(self.tabs, self.begin, classes=["tabline"]), self.editor,
            classes=["section"],
        )  # fmt: skip
        self.rebuild()

    @property
    def draft(self) -> Draft:
        """The strategy that is open."""
        return self.page.session.drafts[self.page.session.chosen]

    def rebuild(self) -> None:
        """Show the session's strategies, and the chosen one in full."""
        session = self.page.session
        self.tabs.children = [
            button(self._tab(number), partial(self._choose, number), "tab",
                   *(["open"] if number == session.chosen else []),
                   hint=f"Open the strategy {draft.title}")
            for number, draft in enumerate(session.drafts)
        ]  # fmt: skip
        show(self.begin, len(session.drafts) < MOST_STRATEGIES)
        if not session.drafts:
            self.editor.children = [markup(
                "<p class='vru-empty'>There is no strategy yet. Choose one under “Add a "
                "strategy”.</p>")]  # fmt: skip
            self.page.checked()
            return
        draft = self.draft
        self.fields = self._own_fields(draft)
        self.lines = [Line(self, number) for number in range(len(draft.lines))]
        self.catalogue.close()
        self.editor.children = [
            row(self.fields["title"], self.fields["budget"], self.fields["team_per_year"],
                self.fields["evaluation_per_year"], classes=["fields"]),
            row(Choice("What happens to the money", [("It comes as planned", ""),
                       *((title, name) for name, title in conditions().items())],
                       draft.condition, self._condition),
                button("Remove this strategy", self._remove, "quiet",
                       hint=f"Remove the strategy {draft.title}"), classes=["fields", "ends"]),
            markup(_from_file(draft)), self.balance,
            column(*(line.view for line in self.lines), classes=["lines"]),
            self.catalogue.view,
        ]  # fmt: skip
        self.check()

    def check(self) -> None:
        """Say what is wrong beside its field, and what is left to place."""
        session = self.page.session
        if not session.drafts:
            self.page.checked()
            return
        draft = self.draft
        problems = dict(draft.problems)
        if session.chosen in session.clashes:
            problems.setdefault("title", session.clashes[session.chosen])
        for name, field in self.fields.items():
            field.complain(problems.get(name, ""))
        for line in self.lines:
            line.check(problems)
        rest = problems.get("", "")
        if not rest and problems:
            rest = "Something cannot be read yet: see the fields marked in red."
        kind = "bad" if rest else "good"
        words = rest or f"{draft.balance} {money(sum(draft.budget) / len(draft.budget))} a year."
        self.balance.value = (f'<p class="vru-{kind}"><strong>{html.escape(words)}</strong></p>'
                              f"{self._meter(draft)}")  # fmt: skip
        for number, tab in enumerate(self.tabs.children):
            if tab.description != self._tab(number):
                tab.description = self._tab(number)
        self.page.checked()

    def change(self, draft: Draft, rebuild: bool = False) -> None:
        """Keep a changed strategy; build its part of the page anew where its shape changed."""
        self.page.keep(self.page.session.with_draft(draft))
        self.rebuild() if rebuild else self.check()

    def entered(self, where: str, text: str) -> None:
        """Take what was typed into a field."""
        self.change(self.draft.entered(where, text))

    def _own_fields(self, draft: Draft) -> dict[str, Field]:
        written = {"title": draft.title, "budget": "; ".join(map(pounds, draft.budget)),
                   "team_per_year": pounds(draft.team_per_year),
                   "evaluation_per_year": pounds(draft.evaluation_per_year)}  # fmt: skip
        labels = {"title": "Name of the strategy", "budget": "Budget, £ a year",
                  "team_per_year": "Team, £ a year",
                  "evaluation_per_year": "Evaluation, £ a year"}  # fmt: skip
        return {name: Field(label, draft.unread.get(name, written[name]),
                            partial(self.entered, name), wide=name == "title")
                for name, label in labels.items()}  # fmt: skip

    def _meter(self, draft: Draft) -> str:
        budget, spent = draft.budget_in(1), draft.spent_in(1)
        share = min(100, round(100 * spent / budget)) if budget else 0
        return (f'<div class="vru-meter" aria-hidden="true"><span style="width:{share}%"></span>'
                f'</div><p class="vru-small">Year 1: £{spent:,} placed of £{budget:,}.</p>')

    def _tab(self, number: int) -> str:
        session = self.page.session
        draft = session.drafts[number]
        wrong = draft.problems or number in session.clashes
        return f"{number + 1}. {draft.title}{' (not ready)' if wrong else ''}"

    def _beginnings(self) -> list[tuple[str, str]]:
        return [("Choose where to begin", ""), ("An empty strategy", _EMPTY),
                *((f"Ready-made: {title}", name) for name, title in presets().items())]

    def _add(self, name: str) -> None:
        if not name:
            return
        draft = (Draft("New strategy", (3_370_000,)) if name == _EMPTY
                 else Draft.from_preset(name))
        self.page.keep(self.page.session.adding(draft))
        self.begin.offer(self._beginnings(), "")
        self.rebuild()

    def _choose(self, number: int) -> None:
        self.page.keep(replace(self.page.session, chosen=number))
        self.rebuild()

    def _remove(self) -> None:
        self.page.keep(self.page.session.removing(self.page.session.chosen))
        self.rebuild()

    def _condition(self, name: str) -> None:
        self.change(self.draft.changed(condition=name))


def _from_file(draft: Draft) -> str:
    """Return what the strategy's file puts in the place of its programmes' values."""
    items = "".join(
        f"<li><strong>{html.escape(name)}</strong>: {html.escape(str(entry['value']))}, says "
        f"{html.escape(entry['author'])}: “{html.escape(entry['reason'])}”</li>"
        for name, entry in draft.own_overrides.items())
    return (f"<div class='vru-note'><p>Its file puts other values in the place of the "
            f"programmes’ own:</p><ul>{items}</ul></div>") if items else ""


class Line:
    """One funded programme: its card, its money, and its years and places when asked for."""

    def __init__(self, building: Building, number: int) -> None:
        self.building, self.number = building, number
        self.funding: Funding = building.draft.lines[number]
        self.programme = load_programme(self.funding.programme)
        title = self.programme.title
        self.money = self._field(
            "money_per_year", f"{title}, £ a year", pounds(self.funding.money_per_year))
        self.years: dict[str, Field] = {}
        self.reached = markup("", "small")
        self.extra = row(classes=["fields"])
        self.more = button("Years and places", self._unfold, "quiet",
                           hint=f"Years and places of {title}")  # fmt: skip
        remove = button("Remove", self._remove, "quiet", hint=f"Remove {title}")
        self.view = row(
            markup(cards.card(self.programme), "card-text"),
            column(self.money, self.reached, row(self.more, remove, classes=["buttons"]),
                   self.extra, classes=["card-money"]),
            classes=["card"],
        )  # fmt: skip
        plain = Funding(programme=self.funding.programme,
                        money_per_year=self.funding.money_per_year)  # fmt: skip
        if self.funding != plain or any(where.startswith(f"{number}.") and "year" in where
                                        and "money" not in where
                                        for where in building.draft.unread):
            self._unfold()

    def check(self, problems: dict[str, str]) -> None:
        """Say what is wrong beside each box, and whom the money reaches."""
        draft = self.building.draft
        for name, field in {"money_per_year": self.money, **self.years}.items():
            field.complain(problems.get(f"{self.number}.{name}", ""))
        self.funding = draft.lines[self.number]
        if f"{self.number}.money_per_year" not in draft.unread:
            self.money.write(pounds(self.funding.money_per_year))
        self.reached.value = html.escape(cards.buys(self.programme, self.funding.money_per_year))

    def _field(self, name: str, label: str, value: str, hint: str = "") -> Field:
        where = f"{self.number}.{name}"
        text = self.building.draft.unread.get(where, value)
        return Field(label, text, partial(self.building.entered, where), hint)

    def _unfold(self) -> None:
        line, title = self.funding, self.programme.title
        last = "" if line.last_year is None else str(line.last_year)
        self.years = {
            "first_year": self._field("first_year", f"{title}: from year", str(line.first_year)),
            "last_year": self._field("last_year", f"{title}: to year", last, "to the end"),
        }
        places = self._places()
        now = next((value for _, value in places if _limits(line) == value), None)
        if now is None:
            places.append(("As in the ready-made strategy", _limits(line)))
        self.extra.children = [
            *self.years.values(),
            Choice(f"{title}: where", places, _limits(line), self._where),
        ]
        show(self.more, False)

    def _places(self) -> list[tuple[str, tuple]]:
        everywhere = Funding(programme=self.funding.programme, money_per_year=0)
        found = [("Everywhere", _limits(everywhere))]
        for number in _NEED:
            found.append((f"The {number} neighbourhoods in most need",
                          _limits(everywhere.model_copy(update={"most_in_need": number}))))
        found.append(("The most deprived fifth of neighbourhoods", _limits(
            everywhere.model_copy(update={"deprivation_deciles": (1, 2)}))))
        for code, name in self.building.page.authorities.items():
            found.append((name, _limits(
                everywhere.model_copy(update={"authorities": (code,)}))))
        return found

    def _where(self, limits: tuple) -> None:
        changes = dict(zip(_LIMITS, limits, strict=True))
        self.building.change(self.building.draft.with_line(self.number, **changes))

    def _remove(self) -> None:
        self.building.change(self.building.draft.without_line(self.number), rebuild=True)


_LIMITS = ("authorities", "wards", "neighbourhoods", "deprivation_deciles", "most_in_need")


def _limits(line: Funding) -> tuple[Any, ...]:
    return tuple(getattr(line, name) for name in _LIMITS)


class Catalogue:
    """The register of programmes, a card each with a button; built when it is opened."""

    def __init__(self, building: Building) -> None:
        self.building = building
        self.open = button("Add a programme", self._open, "primary")
        self.shown = Choice("Show", [(words, name) for name, words in cards.SHOWN.items()],
                            "promising", lambda _: self._fill())
        self.grid = widgets.Box([])
        self.grid.add_class("vru-grid")
        self.panel = column(
            row(self.shown, button("Close the list", self.close, "quiet"), classes=["fields"]),
            self.grid, classes=["catalogue"])  # fmt: skip
        self.view = column(self.open, self.panel)
        self.close()

    def close(self) -> None:
        """Fold the register away."""
        self.grid.children = []
        show(self.panel, False)
        show(self.open, True)

    def _open(self) -> None:
        show(self.panel, True)
        show(self.open, False)
        self._fill()

    def _fill(self) -> None:
        funded = {line.programme for line in self.building.draft.lines}
        self.grid.children = [
            column(
                markup(cards.card(each), "card-text"),
                button(f"Add {each.title}", partial(self._add, each.name), "primary"),
                classes=["card", "offer"],
            )
            for each in cards.register(self.shown.box.value) if each.name not in funded
        ]  # fmt: skip

    def _add(self, name: str) -> None:
        self.building.change(self.building.draft.with_programme(name), rebuild=True)
