"""The record of a facilitated session: one YAML file with everything that was said and decided.

Participants have pseudonyms that the program hands out; no name of a person is asked for or kept.
Swing weights are kept without even the pseudonym, in an order that tells nothing of who came when.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from typing import Literal

from vru_model.errors import nearest
from vru_model.parameters.accounts.documents import Fault
from vru_model.parameters.documents import Location, words
from vru_model.parameters.schema import Number, Schema, Text, quantity
from vru_model.workbook.sessions.fitting import PROBABILITIES

PSEUDONYMS = (
    "Avocet", "Bittern", "Bunting", "Chough", "Coot", "Curlew", "Dipper", "Dotterel", "Dunlin",
    "Egret", "Fieldfare", "Fulmar", "Gannet", "Goldeneye", "Goosander", "Grebe", "Guillemot",
    "Kittiwake", "Lapwing", "Mallard", "Nightjar", "Nuthatch", "Osprey", "Oystercatcher",
    "Pintail", "Pipit", "Plover", "Pochard", "Puffin", "Redshank", "Redstart", "Sandpiper",
    "Shearwater", "Shelduck", "Siskin", "Skylark", "Stonechat", "Turnstone", "Wagtail", "Whimbrel",
)  # fmt: skip
"""Birds: enough for a room of forty, and none of them a first name."""

LEVELS = ("lower limit", "lower quartile", "median", "upper quartile", "upper limit")
"""What people are asked for, in the order of :data:`fitting.PROBABILITIES`."""

Choice = Literal["consensus", "pool"]


class Judgement(Schema):
    """What one participant, or the group, believes of a quantity."""

    values: tuple[Number, ...] = quantity(
        "as the question", "Lower limit, lower quartile, median, upper quartile, upper limit.")
    reason: str = quantity("", "Why, in their words.", default="")


class Question(Schema):
    """An uncertain quantity that the group is asked about."""

    title: Text = quantity("", "What is asked, in plain words.")
    unit: Text = quantity("", "The unit in which people answer.")
    parameter: str = quantity(
        "", "The parameter that the answer feeds; nothing for a question that feeds none.",
        default="")
    asked: Literal["as it is", "as a ratio"] = quantity(
        "", "As a ratio: the parameter is the logarithm of what is asked.", default="as it is")
    minimum: Number | None = quantity("as unit", "The least that it can be.", default=None)
    maximum: Number | None = quantity("as unit", "The most that it can be.", default=None)
    judgements: dict[str, Judgement] = quantity("", "Pseudonym → own judgement.", default={})
    weights: dict[str, Number] = quantity(
        "", "Pseudonym → weight in the pool; all alike where nobody is named.", default={})
    consensus: Judgement | None = quantity(
        "", "What the group would have a rational impartial observer believe, after discussion.",
        default=None)
    chosen: Choice | None = quantity(
        "", "Which distribution is to be used: the group's or the pool's.", default=None)

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the least and the most that it can be; infinite where it has no end."""
        return (-math.inf if self.minimum is None else self.minimum,
                math.inf if self.maximum is None else self.maximum)  # fmt: skip


class Criterion(Schema):
    """Something by which strategies are compared, with the swing that people weigh."""

    title: Text = quantity("", "What it is.")
    unit: Text = quantity("", "The unit of worst and best.")
    worst: Number = quantity("as unit", "The worst of the strategies at hand: scores 0.")
    best: Number = quantity("as unit", "The best of them: scores 100.")


class Swings(Schema):
    """Swing weights: what each participant would give for each swing from worst to best."""

    criteria: dict[str, Criterion] = quantity("", "Name → criterion.", min_length=1)
    given: tuple[dict[str, Number], ...] = quantity(
        "", "One set of swings a participant, 0 to 100, unsigned and in no order of coming.",
        default=())
    support: dict[str, Number] = quantity(
        "", "Strategy → community support, 0 to 100, as the group rates it.", default={})
    runs: dict[str, Text] = quantity(
        "", "Strategy → its stored run; the baseline's under baseline.", default={})


class Decision(Schema):
    """What was decided, and by whom it stands to be done."""

    text: Text = quantity("", "The decision.")
    by: Text = quantity("", "The group, an agency or a pseudonym; never the name of a person.")


class Contested(Schema):
    """Something that somebody wants changed."""

    what: Text = quantity("", "The number, the sentence or the assumption.")
    who: Text = quantity("", "A pseudonym, or the group.")
    change: Text = quantity("", "What it should be instead.")
    reason: Text = quantity("", "Why.")


class Session(Schema):
    """A facilitated session, whole."""

    title: Text = quantity("", "What the session is about.")
    date: datetime.date = quantity("", "On which day.")
    facilitator: Text = quantity("", "The facilitator's role, not a name: the unit's analyst.")
    strategy: str = quantity(
        "", "The strategy that is discussed: a name, or a file; nothing for none.", default="")
    participants: tuple[Text, ...] = quantity("", "Pseudonyms.", default=())
    questions: dict[str, Question] = quantity("", "Name → question.", default={})
    swings: Swings | None = quantity("", "The comparison by several criteria.", default=None)
    decisions: tuple[Decision, ...] = quantity("", "What was decided.", default=())
    contested: tuple[Contested, ...] = quantity("", "What somebody wants changed.", default=())


def session_faults(session: Session) -> Iterable[Fault]:
    """Yield what no single field shows: unknown pseudonyms, judgements that do not grow."""
    for index, name in enumerate(session.participants):
        if name not in PSEUDONYMS:
            yield Fault(("participants", index), name,
                        "a pseudonym that the program hands out: Avocet, Bittern and so on",
                        nearest(name, PSEUDONYMS))  # fmt: skip
        elif name in session.participants[:index]:
            yield Fault(("participants", index), name, "each pseudonym once")
    for name, question in session.questions.items():
        yield from _question_faults(("questions", name), question, session.participants)
    if session.swings is not None:
        for index, given in enumerate(session.swings.given):
            for reason in swing_faults(given, session.swings.criteria):
                yield Fault(("swings", "given", index), words(reason[0]), reason[1])


def _question_faults(
    here: Location, question: Question, participants: tuple[str, ...]
) -> Iterable[Fault]:
    for kind in ("judgements", "weights"):
        for who in getattr(question, kind):
            if who not in participants:
                yield Fault((*here, kind, who), who, "a participant of the session",
                            nearest(who, participants))  # fmt: skip
    for who, weight in question.weights.items():
        if weight < 0:
            yield Fault((*here, "weights", who), weight, "0 or more")
    if question.weights and not any(weight > 0 for weight in question.weights.values()):
        yield Fault((*here, "weights"), words("noughts alone"), "a weight above 0 for somebody")
    said = {("judgements", who): each for who, each in question.judgements.items()}
    if question.consensus is not None:
        said[("consensus",)] = question.consensus  # type: ignore[index]
    for where, judgement in said.items():
        for level, given, allowed in judgement_faults(judgement.values, question.bounds):
            yield Fault((*here, *where, "values"), words(f"{level}: {given}"), allowed)
    if question.chosen == "consensus" and question.consensus is None:
        yield Fault((*here, "chosen"), "consensus", "pool, until the group has one")
    if question.chosen == "pool" and not question.judgements:
        yield Fault((*here, "chosen"), "pool", "nothing, until somebody has judged")


def judgement_faults(
    values: Iterable[float | None], bounds: tuple[float, float]
) -> list[tuple[str, str, str]]:
    """Return what is wrong with a judgement: which number, what was given, what is allowed.

    The numbers must all be there, lie where the quantity can, and grow.
    """
    given = list(values)
    if len(given) != len(PROBABILITIES):
        return [(LEVELS[0], f"{len(given)} numbers", f"{len(LEVELS)}: {', '.join(LEVELS)}")]
    low, high = bounds
    faults, before, name_before = [], None, ""
    for level, value in zip(LEVELS, given, strict=True):
        if value is None or not math.isfinite(value):
            faults.append((level, "nothing", "a number"))
            continue
        if not low <= value <= high:
            faults.append((level, f"{value:g}", _range(low, high)))
        elif before is not None and value <= before:
            faults.append((level, f"{value:g}", f"more than the {name_before}, {before:g}"))
        before, name_before = value, level
    return faults


def swing_faults(given: Mapping[str, float], criteria: Iterable[str]) -> list[tuple[str, str]]:
    """Return what is wrong with one person's swings: what was given, and what is allowed."""
    names = list(criteria)
    faults = [(f"nothing for {name}", "a number from 0 to 100 for each criterion")
              for name in names if name not in given]
    faults += [(name, f"the criteria {', '.join(names)}") for name in given if name not in names]
    faults += [(f"{value:g} for {name}", "0 to 100") for name, value in given.items()
               if not 0 <= value <= 100]
    if not faults and max(given.values()) != 100:
        faults.append((f"{max(given.values()):g} at the most",
                       "100 for the swing that matters most to you"))  # fmt: skip
    return faults


def _range(low: float, high: float) -> str:
    if math.isinf(high):
        return f"{low:g} or more" if math.isfinite(low) else "any number"
    return f"{high:g} or less" if math.isinf(low) else f"{low:g} to {high:g}"
