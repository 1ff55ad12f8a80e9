"""The part of a session's page on which people say what they believe of an uncertain quantity."""

from __future__ import annotations

import html
import math
import re
from pathlib import Path

import ipywidgets as widgets

from vru_model.analysis.wording import figure, rounding_step
from vru_model.errors import InputError, Problem
from vru_model.reporting.words import plural, two_figures
from vru_model.scenario import Scenario
from vru_model.workbook import entries
from vru_model.workbook.as_html import shown
from vru_model.workbook.controls import (
    Choice,
    Field,
    Said,
    button,
    form_row,
    heading,
    markup,
    paragraph,
)
from vru_model.workbook.sessions.askable import Quantity, quantities
from vru_model.workbook.sessions.believed import compared_fits
from vru_model.workbook.sessions.feeding import write_scenario
from vru_model.workbook.sessions.keeping import Keeper
from vru_model.workbook.sessions.record import LEVELS, Judgement, Question, judgement_faults
from vru_model.workbook.sessions.report import handed_block, question_blocks

GROUP = "The group, after discussion"

HOW = (
    "Say what you believe before you hear what others believe. Begin with the limits: it would be "
    "a surprise, one in a hundred, to find the quantity beyond either. Then the median, which it "
    "is as likely to lie above as below, and the quartiles: a quarter of the chance lies below the "
    "lower one, and a quarter above the upper one. There is no right answer; a wide range is no "
    "weakness."
)
AFTER = (
    "When all have judged, show everybody's, and talk about why they differ. Then the group says, "
    "in the same five numbers, what an impartial observer who had heard all of you would "
    "reasonably believe: choose “The group, after discussion” above. It need not be the mean."
)


class ElicitationPage(widgets.VBox):
    """Ask, judge alone, look at all, agree, and hand the answer to the program."""

    def __init__(self, keeper: Keeper) -> None:
        self.keeper, self._known = keeper, dict[str, Quantity]()
        self.said, self.fit, self.all = Said(), markup(), markup()
        self.quantity = Choice("Quantity to ask about", [("", "")], width="60em")
        self.question = Choice("Question", [("", "")], chosen=lambda _: self._turn(), width="60em")
        self.asked = markup()
        self.who = Choice("Who judges", [("", "")], chosen=lambda _: self._clear())
        self.numbers = [Field(each.capitalize(), width="12em") for each in LEVELS]
        self.reason = Field("Why (no names)", width="50em")
        self.weights = Field("Weights in the pool", hint="nothing: all alike; or Avocet 2, Coot 1")
        self.chosen = Choice("Which to use", [("The pool of all", "pool"), (GROUP, "consensus")])
        self.file = Field("Scenario file to write", hint="a name ending in .yaml", width="50em")
        super().__init__([
            heading("What do we believe of an uncertain number?"), paragraph(HOW),
            form_row(self.quantity, button("Ask this", self.ask)), self.question, self.asked,
            self.who,
            form_row(*self.numbers), self.reason,
            form_row(button("Keep this judgement", self.keep),
                     button("Show everybody's", self.show)),
            self.said, self.fit, paragraph(AFTER), self.all,
            form_row(self.weights, button("Weigh", self.weigh)),
            form_row(self.chosen, button("Use this one", self.choose)),
            form_row(self.file, button("Write the scenario", self.write)),
        ])  # fmt: skip

    def refresh(self) -> None:
        """Read the session anew and offer what it has."""
        session = self.keeper.session
        strategy = Scenario.load(session.strategy) if session.strategy else None
        self._known = {each.parameter: each for each in quantities(strategy)}
        self.quantity.offer([(each.title, name) for name, each in self._known.items()])
        self.question.offer([(each.title, name) for name, each in session.questions.items()]
                            or [("Nothing is asked yet", "")])  # fmt: skip
        self._turn()

    def ask(self) -> None:
        """Add the chosen quantity to the session's questions, and turn to it."""
        given = self._known.get(self.quantity.value or "")
        if given is None:
            self.said.tell("Begin or open a session first.")
            return
        name = re.sub(r"[^a-z0-9]+", "_", given.parameter.lower())
        low, high = (each if math.isfinite(each) else None for each in (given.minimum,
                                                                        given.maximum))  # fmt: skip
        question = Question(title=given.title, unit=given.unit, parameter=given.parameter,
                            asked=given.asked, minimum=low, maximum=high)  # fmt: skip
        if self.said.doing(lambda: self.keeper.ask(name, question), "Asked."):
            self.refresh()
            self.question.box.value = name

    def keep(self) -> None:
        """Keep the judgement that stands in the boxes, or say beside each what is wrong."""
        question = self._question()
        if question is None:
            return
        values = [each.number for each in self.numbers]
        faults = {level: f"{given}: give {allowed}"
                  for level, given, allowed in judgement_faults(values, question.bounds)}
        for field, level in zip(self.numbers, LEVELS, strict=True):
            field.complain(faults.get(level, ""))
        by_group = self.who.value == GROUP
        self.reason.complain(
            "The group's reasons go with its numbers." if by_group and not self.reason.text else "")
        if faults or (by_group and not self.reason.text):
            self.said.tell("Nothing is kept yet: see beside the boxes.")
            return
        believed = tuple(each for each in values if each is not None)
        name, reason = self.question.value, self.reason.text
        done = self.said.doing(lambda: (
            self.keeper.agree(name, believed, reason) if by_group
            else self.keeper.judge(name, self.who.value, believed, reason)
        ), f"Kept: {self.who.value}.")
        if done:
            self.fit.value = _read_back(Judgement(values=believed), question)
            self._offer_people()

    def show(self) -> None:
        """Show everybody's judgements, and what the program would be handed."""
        question = self._question()
        if question is None:
            return
        blocks = question_blocks(self.question.value, question)
        handed = [handed_block(self.keeper.session, self.question.value)] if question.chosen else []
        given = self._known.get(question.parameter)
        now = f"<p>{html.escape(_stands(given))}</p>" if given and given.now else ""
        self.all.value = shown([*blocks, *handed]) + now

    def weigh(self) -> None:
        """Keep the weights of the pool."""
        if self._question() is None:
            return
        if self.said.doing(lambda: self.keeper.weigh(
                self.question.value, weights_in(self.weights.text)), "Weighed."):  # fmt: skip
            self.show()

    def choose(self) -> None:
        """Choose which distribution is used."""
        if self._question() is None:
            return
        if self.said.doing(lambda: self.keeper.choose(self.question.value, self.chosen.value),
                           "Chosen."):  # fmt: skip
            self.show()

    def write(self) -> None:
        """Write all chosen answers as a scenario."""
        self.said.doing(self._write)

    def _write(self) -> str:
        session = self.keeper.session
        names = [name for name, each in session.questions.items() if each.chosen and each.parameter]
        path = Path(self.file.text or self.keeper.path.with_name("elicited.yaml"))
        scenario = write_scenario(session, names, path)
        return (
            f"Written: {path}. It says: {scenario.sentence()} Run it with: vru run {path}. A "
            "number of the model belongs into both runs of a comparison; it leaves the sets of "
            "values that calibration found to fit together, so read differences, not levels."
        )

    def _question(self) -> Question | None:
        name = self.question.value
        session = self.keeper.session if name else None
        if session is None or name not in session.questions:
            self.said.tell("Ask something first.")
            return None
        return session.questions[name]

    def _turn(self) -> None:
        """Show another question, with nothing of what anybody said."""
        self.all.value = ""
        name = self.question.value
        if not name:
            return
        question = self.keeper.session.questions[name]
        self.asked.value = f"<p>{html.escape(_asked(question))}</p>"
        self._offer_people()
        self._clear()

    def _offer_people(self) -> None:
        session = self.keeper.session
        judged = session.questions[self.question.value].judgements
        people = [(f"{each} (has judged)" if each in judged else each, each)
                  for each in session.participants]  # fmt: skip
        self.who.offer([*people, (GROUP, GROUP)])

    def _clear(self) -> None:
        """Empty the boxes, so that nobody sees what the one before them typed."""
        for field in (*self.numbers, self.reason):
            field.write("")
            field.complain()
        self.fit.value = ""


def weights_in(text: str) -> dict[str, float]:
    """Return the weights in a text such as "Avocet 2, Coot 1"; none in an empty one.

    Raises
    ------
    InputError
        Listing every part that is no pseudonym with a number behind it.
    """
    weights: dict[str, float] = {}
    problems = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, _, amount = part.rpartition(" ")
        try:
            weight = entries.number(amount)
        except entries.Unreadable:
            weight = math.nan
        if not name or math.isnan(weight):
            problems.append(Problem(None, None, "weights", repr(part), "Avocet 2, Coot 1"))
        else:
            weights[name.strip()] = weight
    if problems:
        raise InputError(problems)
    return weights


def _asked(question: Question) -> str:
    low, high = question.bounds
    limits = (f"from {low:.3g} to {high:.3g}" if math.isfinite(low) and math.isfinite(high)
              else f"{low:.3g} or more" if math.isfinite(low) else "any number")  # fmt: skip
    return f"Unit: {question.unit}. It can be {limits}."


def _stands(given: Quantity) -> str:
    value, low, high = given.now or (math.nan,) * 3
    span = f" ({two_figures(low)} to {two_figures(high)})" if low < high else ""
    source = given.source.rstrip(".")
    return (f"What the program has now: {two_figures(value)}{span}. Source: {source}. It is shown "
            "only here, so that nobody starts from it.")  # fmt: skip


def _read_back(judgement: Judgement, question: Question) -> str:
    """Return what was made of a judgement, for its owner to agree with or change."""
    table = compared_fits(judgement, question)
    best = table.iloc[0]
    step = rounding_step(best["50%"], best["5%"], best["95%"])
    said = {name: figure(best[name], step) for name in ("5%", "25%", "50%", "75%", "95%")}
    others = ", ".join(f"{row['family']} misses by {plural(round(100 * row['misfit']), 'point')}"
                       + (f" and {row['note']}" if row["note"] else "")
                       for row in table.to_dict("records"))  # fmt: skip
    return (
        f"<p role='status'>The {best['family']} distribution fits this best. It says: one chance "
        f"in twenty of less than <b>{said['5%']}</b>, one in twenty of more than "
        f"<b>{said['95%']}</b>, and even chances that it lies between <b>{said['25%']}</b> and "
        f"<b>{said['75%']}</b>; the median is <b>{said['50%']}</b>. If that is not what you "
        f"mean, change your numbers and keep them again. (Fits: {html.escape(others)}.)</p>"
    )
