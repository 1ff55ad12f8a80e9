"""The schema of ``parameters/needs.yaml``: the issues that a strategic needs assessment names.

An issue says what is wrong, by which number one would see it, which way that number should go,
and which programmes of the register act on it. An issue without a programme, or one that the
model cannot measure, is a finding and is said, never left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from vru_model.errors import Problem, nearest
from vru_model.parameters.accounts.documents import Fault, account_problems, load_account
from vru_model.parameters.accounts.measures import Measure, load_measures
from vru_model.parameters.documents import Location, built_in_names, words
from vru_model.parameters.schema import Number, Schema, Text, Whole, quantity

Direction = Literal["lower", "higher"]


class Cell(Schema):
    """Some of the residents, by what the model counts them by."""

    deprivation_quintile: Whole | None = quantity(
        "", "A fifth by deprivation: 1 the most deprived, 5 the least.", default=None, ge=1, le=5)
    sex: Literal["female", "male"] | None = quantity("", "One sex alone.", default=None)

    @property
    def chosen(self) -> dict[str, int | str]:
        """Dimension → the value that is meant, of those that are named."""
        return {name: value for name, value in self.model_dump().items() if value is not None}


class Indicator(Schema):
    """The number by which an issue is seen: a count a year, a share, or a ratio of two rates."""

    measure: Text = quantity("", "Name of a measure in measures.yaml.")
    group: Literal["all ages", "under 25"] = quantity(
        "", "By the age of whoever the measure counts.", default="all ages")
    among: Cell = quantity("", "Of whom; of everybody unless given.", default=Cell())
    share_of: Text | None = quantity(
        "", "Another measure of the same role, of which it is shown as a share.", default=None)
    against: Cell | None = quantity(
        "", "Other residents: the indicator is the rate among the first over the rate among these.",
        default=None)
    differs: Text = quantity("", "How it differs from the issue; what it does not show.")


class Aim(Schema):
    """How far the indicator is to move, by when, and who says so."""

    change: Number = quantity("share", "Of its value in year 1: -0.5 is a halving.", ge=-1)
    by_year: Whole = quantity("years", "The year of the model by which.", ge=1)
    source: Text = quantity("", "Who set it, for what exactly.")


class Issue(Schema):
    """One issue of the needs assessment."""

    title: Text = quantity("", "As a board reads it.")
    meaning: Text = quantity("", "What is wrong, and for whom, in a sentence or two.")
    indicator: Indicator | None = quantity(
        "", "By which number it is seen; null where the model has none.", default=None)
    not_measured: Text | None = quantity(
        "", "Why the model has no number for it, where it has none.", default=None)
    wanted: Direction = quantity("", "Which way the indicator should go.", default="lower")
    target: Aim | None = quantity("", "How far, by when, where somebody has said so.", default=None)
    programmes: tuple[Text, ...] = quantity(
        "", "Programmes of the register that act on it.", default=())
    no_programme: Text | None = quantity(
        "", "What is said where the register has none.", default=None)
    source: Text = quantity("", "Which assessment or survey names it.")
    status: Literal["read", "derived", "recalled", "prior"] = quantity(
        "", "How that is known.")


class NeedsAssessment(Schema):
    """All issues, in the order in which papers show them, which is no ranking."""

    title: Text = quantity("", "Whose assessment it is, of when.")
    issues: dict[str, Issue] = quantity("", "Name → issue.", min_length=1)


NAME = "needs"


def load_needs(path: str | Path | None = None) -> NeedsAssessment:
    """Return the issues, the built-in ones unless a path is given.

    Raises InputError listing all that is wrong with them.
    """
    return load_account(NeedsAssessment, NAME, needs_faults, path)


def check_needs(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a file of issues."""
    return account_problems(NeedsAssessment, needs_faults, path)


def needs_faults(needs: NeedsAssessment) -> Iterable[Fault]:
    """Yield what no single field shows: unknown measures and programmes, contradictions."""
    measures, register = load_measures().measures, built_in_names("programmes")
    for name, issue in needs.issues.items():
        here: Location = ("issues", name)
        if (issue.indicator is None) != (issue.not_measured is not None):
            yield Fault((*here, "indicator"), words("both" if issue.indicator else "neither"),
                        "an indicator, or why it is not measured")
        if issue.indicator is not None:
            yield from _indicator_faults((*here, "indicator"), issue.indicator, measures)
        if bool(issue.programmes) == (issue.no_programme is not None):
            yield Fault((*here, "programmes"), words("both" if issue.programmes else "neither"),
                        "programmes, or what is said where there is none")
        for index, programme in enumerate(issue.programmes):
            if programme not in register:
                yield Fault((*here, "programmes", index), programme,
                            "the name of a programme in the register", nearest(programme, register))
            elif programme in issue.programmes[:index]:
                yield Fault((*here, "programmes", index), programme, "each programme once")
        yield from _aim_faults(here, issue)


def _aim_faults(here: Location, issue: Issue) -> Iterable[Fault]:
    if issue.target is None:
        return
    if issue.indicator is None:
        yield Fault((*here, "target"), words("a target"), "none, where nothing is measured")
    change = issue.target.change
    if change == 0 or (change > 0) != (issue.wanted == "higher"):
        sign = "above" if issue.wanted == "higher" else "below"
        yield Fault((*here, "target", "change"), change,
                    f"a share {sign} 0, for what should be {issue.wanted}")


def _indicator_faults(
    here: Location, indicator: Indicator, measures: dict[str, Measure]
) -> Iterable[Fault]:
    named = {"measure": indicator.measure, "share_of": indicator.share_of}
    for field, name in named.items():
        if name is not None and name not in measures:
            yield Fault((*here, field), name, "the name of a measure in measures.yaml",
                        nearest(name, measures))
    if indicator.share_of is not None and indicator.against is not None:
        yield Fault((*here, "against"), words("a share and a ratio"), "one or the other")
    if indicator.share_of in measures and indicator.measure in measures:
        ours, whole = measures[indicator.measure], measures[indicator.share_of]
        if ours.role != whole.role:
            yield Fault((*here, "share_of"), indicator.share_of,
                        f"a measure of the same role, {ours.role}")
    if indicator.against is not None:
        first, second = indicator.among.chosen, indicator.against.chosen
        if set(first) != set(second) or first == second:
            yield Fault((*here, "against"), words("the same or other dimensions"),
                        "other residents than among, told apart by the same dimensions")
