"""Programmes: what each changes, whom it reaches, when, at what cost, on what evidence.

A programme never multiplies an outcome. It changes one of the :data:`TARGETS`: a rate, a state
or an exposure in the model, of those whom it reaches and for as long as it lasts.
"""

from __future__ import annotations

import math
from typing import Any, Literal, NamedTuple

from pydantic import Field

from vru_model.parameters.distributions import Distribution, quantile
from vru_model.parameters.draws import uniforms
from vru_model.parameters.rows import Grade
from vru_model.parameters.schema import (
    PROGRAMME_PATTERN,
    Number,
    Schema,
    Text,
    Whole,
    YesNo,
    quantity,
)
from vru_model.parameters.units import Unit


class Target(NamedTuple):
    """Something in the model that a programme may change, and the size that changes nothing."""

    unit: Unit
    neutral: float
    meaning: str


_LOG_HAZARD_RATIO = Unit("log hazard ratio", -6.0, 6.0)

TARGETS: dict[str, Target] = {
    "acting": Target(
        Unit("log rate ratio", -6.0, 6.0), 0.0,
        "The rate of committing violence, while enrolled (and fading after)."),
    "activation": Target(
        Unit("share removed", 0.0, 1.0), 0.0,
        "Grievance after violence, once, at enrolment."),
    "trauma_recovery": Target(
        Unit("rate ratio", 0.0, 100.0), 1.0,
        "The rate of recovery from post-traumatic stress, while enrolled."),
    "self_regulation": Target(
        Unit("standard deviations", -3.0, 3.0), 0.0,
        "Self-regulation: attention, impulse control, thinking before acting."),
    "exclusion": Target(
        _LOG_HAZARD_RATIO, 0.0,
        "The hazard of permanent exclusion from school, while enrolled (and fading after)."),
    "ace": Target(
        _LOG_HAZARD_RATIO, 0.0,
        "The hazard of adverse childhood experiences of children aged 0-4, while enrolled."),
    "street_prevention": Target(
        Unit("share prevented", 0.0, 1.0), 0.0,
        "Street incidents prevented where and when a patrol is present."),
}

STATUSES = ("pre_school", "in_school", "excluded", "work_or_education", "neet", "custody")
Status = Literal["pre_school", "in_school", "excluded", "work_or_education", "neet", "custody"]
TargetName = Literal["acting", "activation", "trauma_recovery", "self_regulation", "exclusion",
                     "ace", "street_prevention"]
Share = {"ge": 0.0, "le": 1.0}


class Change(Schema):
    """One change that the programme makes, as it is believed after conversion and shrinkage."""

    target: TargetName = quantity("", "What is changed.")
    value: Number = quantity("as target", "Its size.")
    low: Number | None = quantity("as target", "Lower end of the range.", default=None)
    high: Number | None = quantity("as target", "Upper end of the range.", default=None)
    distribution: Distribution = quantity("", "How it varies between draws.", default="fixed")
    unit: Text = quantity("", "The unit of the target.")
    meaning: Text = quantity("", "What the change stands for.")
    source: Text = quantity("", "The arithmetic from the published effect to this size.")
    grade: Grade = quantity("", "How the number is known.")

    def drawn(self, probability: float) -> float:
        """Return the size at this point of its distribution."""
        if self.distribution == "fixed" or self.low is None or self.high is None:
            return self.value
        unit = TARGETS[self.target].unit
        return quantile(self.distribution, self.value, self.low, self.high,
                        unit.minimum, unit.maximum, probability)


class Eligibility(Schema):
    """Who may take part."""

    event: Literal["none", "emergency_department_attendance", "exclusion"] = quantity(
        "", "What brings a person to the programme; none: chosen once a year.", default="none")
    minimum_age: Whole = quantity("years", "Youngest age.", default=0, ge=0, le=110)
    maximum_age: Whole = quantity(
        "years", "Oldest age, inclusive: 15 means until the sixteenth birthday.",
        default=110, ge=0, le=110)
    sex: Literal["any", "female", "male"] = quantity("", "Which sex.", default="any")
    statuses: tuple[Status, ...] = quantity("", "Which statuses; any if empty.", default=())
    deprivation_deciles: tuple[Whole, ...] = quantity(
        "1 = most deprived", "Which deciles of deprivation of the home; any if empty.", default=())
    selection: Literal["score", "random", "event", "place"] = quantity(
        "", "How those who take part are chosen: by a score that practitioners could observe, at "
        "random among the eligible, by the event, or (of places) by recent violence.")

    @property
    def minimum_age_months(self) -> int:
        """The age in months from which a person is eligible."""
        return 12 * self.minimum_age

    @property
    def maximum_age_months(self) -> int:
        """The age in months at which a person is no longer eligible."""
        return 12 * (self.maximum_age + 1)


class Reach(Schema):
    """How many are reached for the money, and how many take part and stay."""

    reached_per_unit: Number = quantity(
        "people or places", "People who can start, or neighbourhoods treated, for one unit of "
        "cost a year.", gt=0.0)
    take_up: Number = quantity("share of those offered", "Who accept.", **Share)
    drop_out_per_month: Number = quantity(
        "share a month", "Of those enrolled, who leave early.", default=0.0, **Share)
    patrol_days_per_day: Number = quantity(
        "share of days", "Of days on which a treated place is patrolled (place programmes).",
        default=0.0, **Share)
    share_of_place: Number = quantity(
        "share of incidents", "Of a treated neighbourhood's street incidents, those within the "
        "streets that are treated (place programmes).", default=0.0, **Share)
    source: Text = quantity("", "Where the figures come from.")


class Timing(Schema):
    """When it begins to work, for how long, and how it fades."""

    lag_months: Number = quantity("months", "From the money to the first start.", ge=0.0)
    ramp_up_months: Number = quantity(
        "months", "Time constant with which the effect on a person sets in.", ge=0.0)
    duration_months: Number = quantity("months", "Of one person's enrolment.", gt=0.0)
    half_life_months: Number | None = quantity(
        "months", "In which the effect halves after the end; null: it does not fade.", gt=0.0)
    source: Text = quantity("", "Where the figures come from.")


class Cost(Schema):
    """What it costs."""

    unit_cost: Number = quantity("£ a year", "Cost of one unit.", gt=0.0)
    per: Text = quantity("", "What one unit is: a person, a hospital-year, a spot-year.")
    fixed_cost_per_year: Number = quantity(
        "£ a year", "What is paid however many are reached.", default=0.0, ge=0.0)
    price_year: Text = quantity("", "Financial year whose prices these are.")
    low: Number = quantity("£ a year", "Lower end of the unit cost's range.", gt=0.0)
    high: Number = quantity("£ a year", "Upper end of it.", gt=0.0)
    source: Text = quantity("", "Where the figures come from, with the arithmetic.")


class Evidence(Schema):
    """What was published, and how far it can be trusted."""

    effect: Number = quantity("as scale says", "The published effect.")
    low: Number | None = quantity("as scale says", "Lower end of its 95% interval.", default=None)
    high: Number | None = quantity("as scale says", "Upper end of it.", default=None)
    scale: Text = quantity("", "What the effect measures.")
    baseline: Text = quantity("", "The risk without the programme where it was measured.")
    design: Text = quantity("", "How it was studied.")
    uk: YesNo = quantity("", "Whether a trial in the United Kingdom supports it.")
    grade: Literal["A", "B", "C", "D"] = quantity("", "Strength of the evidence, A strongest.")
    impact: Literal["high", "moderate", "low", "none", "harmful", "unknown"] = quantity(
        "", "How large the effect is, in plain words.")
    security: Literal["very low", "low", "moderate", "high"] = quantity(
        "", "How sure one can be of it.")
    cost: Literal["low", "moderate", "high"] = quantity("", "How dear it is a head.")
    citation: Text = quantity("", "The study.")
    others: tuple[Text, ...] = quantity(
        "", "Other studies, those that found nothing included.", default=())


class Delivery(NamedTuple):
    """The plain numbers by which a programme is delivered at one level of money and scale."""

    capacity_per_month: float  # people who can start in a month, at this scale; 0 for places
    places: int  # neighbourhoods treated; the same at every scale
    presence: float  # share of their street incidents where and when a patrol is present
    take_up: float
    drop_out_per_month: float
    lag_months: float
    ramp_up_months: float
    duration_months: float
    half_life_months: float  # infinite where the effect does not fade


class Programme(Schema):
    """One intervention, as it would be delivered here."""

    name: str = Field(pattern=PROGRAMME_PATTERN, description="As its file is named.")
    title: Text = quantity("", "As a reader sees it.")
    plain: Text = quantity("", "One sentence for the public.")
    family: Text = quantity("", "The kind of programme.")
    prevention: Literal["primary", "secondary", "tertiary"] = quantity(
        "", "Before any sign of violence, at the first signs, or after it.")
    level: Literal["person", "place", "system"] = quantity("", "On what it works.")
    lead: Text = quantity("", "The agency that leads it.")
    partners: tuple[Text, ...] = quantity("", "Who else takes part.", default=())
    changes: tuple[Change, ...] = quantity("", "What it changes in the model.", min_length=1)
    eligibility: Eligibility
    reach: Reach
    timing: Timing
    cost: Cost
    evidence: Evidence
    causal_share: Number = quantity(
        "share", "Of the published effect, what the programme caused; already in the changes.",
        **Share)
    shrinkage: Number = quantity(
        "share", "Of the log effect, what is believed here; already in the changes.", **Share)
    derivation: Text = quantity("", "How the published effect became the changes.")
    harms: Text = quantity("", "What it may do that nobody wants.")
    limits: Text = quantity("", "What is not known, or not modelled.")

    def central(self) -> dict[str, float]:
        """Return target → size of each change, at its central value."""
        return {change.target: change.value for change in self.changes}

    def draw(self, index: int, seed: int) -> dict[str, float]:
        """Return target → size in one draw; each depends on its own name, index and seed."""
        names = [f"programmes.{self.name}.{change.target}" for change in self.changes]
        return {
            change.target: change.drawn(float(probability))
            for change, probability in zip(self.changes, uniforms(names, index, seed), strict=True)
        }

    def units_for(self, money_per_year: float) -> float:
        """Return the units of cost that a year's money buys, after the fixed cost."""
        return max(0.0, money_per_year - self.cost.fixed_cost_per_year) / self.cost.unit_cost

    def reached_for(self, money_per_year: float) -> float:
        """Return the people who can start in a year, or the places treated, at full size."""
        return self.units_for(money_per_year) * self.reach.reached_per_unit

    def delivery(
        self, money_per_year: float, scale: float = 1.0, share: float = 1.0
    ) -> Delivery:
        """Return the numbers of delivery.

        Parameters
        ----------
        money_per_year
            In £ of the cost's price year, at full size.
        scale
            Residents simulated over residents of the place. It scales the people who can start;
            places keep their number, because at a smaller scale each holds fewer residents.
        share
            Share of the money, and so of the reach, that goes where this delivery does; the
            fixed cost is paid once for all of it.
        """
        reached = self.reached_for(money_per_year) * share
        of_places = self.eligibility.selection == "place"
        half_life = self.timing.half_life_months
        return Delivery(
            capacity_per_month=0.0 if of_places else reached * scale / 12.0,
            places=math.floor(reached + 1e-9) if of_places else 0,
            presence=self.reach.patrol_days_per_day * self.reach.share_of_place,
            take_up=self.reach.take_up,
            drop_out_per_month=self.reach.drop_out_per_month,
            lag_months=self.timing.lag_months,
            ramp_up_months=self.timing.ramp_up_months,
            duration_months=self.timing.duration_months,
            half_life_months=math.inf if half_life is None else half_life,
        )

    def numbers(self) -> dict[str, Any]:
        """Return what determines a world, without the words."""
        words = {"source", "meaning", "unit", "grade", "per", "price_year", "low", "high"}
        return {
            "changes": [change.model_dump(mode="json", exclude={"source", "meaning", "unit",
                                                                "grade"})
                        for change in self.changes],
            "eligibility": self.eligibility.model_dump(mode="json"),
            "reach": self.reach.model_dump(mode="json", exclude=words),
            "timing": self.timing.model_dump(mode="json", exclude=words),
            "cost": self.cost.model_dump(mode="json", exclude=words),
        }
