"""The schema of ``parameters/measures.yaml``: each measure by name, with its card."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Protocol

from vru_model.errors import Problem, nearest
from vru_model.parameters.accounts.documents import Fault, account_problems, load_account
from vru_model.parameters.schema import Number, Schema, Text, Whole, quantity

Role = Literal["victim", "aggressor", "resident"]
Lens = Literal["true", "recorded", "survey"]


class Counted(Protocol):
    """What can be counted in a stored run: counters of a role, added up, taken off, divided."""

    @property
    def role(self) -> str:
        """By whose place, age and sex it is counted."""

    @property
    def counters(self) -> tuple[str, ...]:
        """Counters that are added up."""

    @property
    def less(self) -> tuple[str, ...]:
        """Counters that are taken off."""

    @property
    def divide_by(self) -> float:
        """What the count is divided by."""


class Measure(Schema):
    """One named measure: what is counted, of whom, out of what, and what it leaves out."""

    title: Text = quantity("", "As a reader sees it.")
    unit: Text = quantity("", "What one of it is, in the plural.")
    definition: Text = quantity("", "What is counted, in a sentence.")
    lens: Lens = quantity(
        "", "What happens (true), what a service records of it, or what a survey would find.")
    role: Role = quantity("", "By whose place, age and sex it is counted.")
    counters: tuple[Text, ...] = quantity(
        "", "Counters of a stored run that are added up; none if it is weighed.",
        default=())
    less: tuple[Text, ...] = quantity("", "Counters that are taken off.", default=())
    weighed: Literal["qalys_lost"] | None = quantity(
        "", "Instead of counters: events of costs.yaml, each times the health that one takes.",
        default=None)
    ages: tuple[Whole, Whole] | None = quantity(
        "years", "First and last age of whom it can happen to; its rate is of residents of these "
        "ages alone.", default=None)
    denominator: Literal["person_years", "none"] = quantity(
        "", "Of what it is a rate.", default="person_years")
    per: Number = quantity("", "The rate is for so many of the denominator.", default=100000, gt=0)
    divide_by: Number = quantity(
        "", "What a count is divided by: 12 turns months into years.", default=1, gt=0)
    standardised: bool = quantity(
        "", "Whether a rate standardised by age is given too.", default=False)
    pooled_years: Whole = quantity(
        "years", "Years that are pooled for the standardised rate.", default=1, ge=1, le=5)
    truth: Text | None = quantity(
        "", "For a recorded measure: the true measure that it sees a part of.", default=None)
    yearly_variation: Number | None = quantity(
        "share", "For a series that is published: how much it moves from year to year beyond what "
        "counting alone explains, as a coefficient of variation (judgement).", default=None,
        ge=0, le=1)
    source: Text = quantity("", "Whose definition it is.")
    leaves_out: Text = quantity("", "What it does not include.")


class MeasureCatalogue(Schema):
    """All measures, in the order in which reports show them."""

    measures: dict[str, Measure] = quantity("", "Name → measure.", min_length=1)
    not_recorded: dict[str, Text] = quantity(
        "", "What boards ask for and the model does not record, with the reason.", default={})


NAME = "measures"
AGE_CUTS = (0, 5, 10, 15, 16, 18, 20, *range(25, 91, 5))
"""The ages at which the bands begin by which a world counts."""


def load_measures(path: str | Path | None = None) -> MeasureCatalogue:
    """Return the catalogue of measures; raise InputError listing all that is wrong."""
    return load_account(MeasureCatalogue, NAME, measure_faults, path)


def check_measures(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a file of measures."""
    return account_problems(MeasureCatalogue, measure_faults, path)


def measure_faults(catalogue: MeasureCatalogue) -> Iterable[Fault]:
    """Yield what no single field shows."""
    for name, measure in catalogue.measures.items():
        here = ("measures", name)
        if bool(measure.counters) == bool(measure.weighed):
            yield Fault(here, "counters and weighed" if measure.counters else "neither",
                        "either counters, or weighed")
        if measure.ages is not None and not _whole_bands(*measure.ages):
            yield Fault((*here, "ages"), list(measure.ages), "a first and a last age where bands "
                        f"of ages begin and end; they begin at {', '.join(map(str, AGE_CUTS))}")
        if measure.truth is not None and measure.truth not in catalogue.measures:
            yield Fault((*here, "truth"), measure.truth, "the name of another measure",
                        nearest(measure.truth, catalogue.measures))
        if measure.lens == "true" and measure.truth is not None:
            yield Fault((*here, "truth"), measure.truth, "nothing, for what is true itself")


def _whole_bands(first: int, last: int) -> bool:
    return first in AGE_CUTS and last + 1 in AGE_CUTS and first <= last
