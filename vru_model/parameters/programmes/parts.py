"""The parts of a programme's document: changes, eligibility, referral, reach, timing, cost."""

from __future__ import annotations

from typing import Literal

from vru_model.parameters.distributions import Distribution, quantile
from vru_model.parameters.programmes.targets import TARGETS, TargetName
from vru_model.parameters.rows import Grade
from vru_model.parameters.schema import Number, Schema, Text, Whole, quantity

STATUSES = ("pre_school", "in_school", "excluded", "work_or_education", "neet", "custody")
Status = Literal["pre_school", "in_school", "excluded", "work_or_education", "neet", "custody"]
Share = {"ge": 0.0, "le": 1.0}
Event = Literal[
    "none", "emergency_department_attendance", "violence_suffered", "violence_suffered_at_home",
    "exclusion", "charge", "charge_for_violence_at_home", "release_from_custody", "birth",
]  # fmt: skip


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
    fitted: Text | None = quantity(
        "", "Where its size was set by a virtual trial: which, and what it showed.", default=None)

    def drawn(self, probability: float) -> float:
        """Return the size at this point of its distribution."""
        if self.distribution == "fixed" or self.low is None or self.high is None:
            return self.value
        unit = TARGETS[self.target].unit
        return quantile(self.distribution, self.value, self.low, self.high,
                        unit.minimum, unit.maximum, probability)


class Eligibility(Schema):
    """Who may take part, or which places are treated."""

    event: Event = quantity(
        "", "What brings a person to the programme; none: chosen once a year.", default="none")
    minimum_age: Whole = quantity("years", "Youngest age.", default=0, ge=0, le=110)
    maximum_age: Whole = quantity(
        "years", "Oldest age, inclusive: 15 means until the sixteenth birthday.",
        default=110, ge=0, le=110)
    sex: Literal["any", "female", "male"] = quantity("", "Which sex.", default="any")
    statuses: tuple[Status, ...] = quantity("", "Which statuses; any if empty.", default=())
    deprivation_deciles: tuple[Whole, ...] = quantity(
        "1 = most deprived", "Which deciles of deprivation of the home; any if empty.", default=())
    carer_maximum_age: Whole | None = quantity(
        "years", "Oldest age of a newborn's carer (event birth); any if null.", default=None,
        ge=10, le=110)
    selection: Literal["score", "random", "event", "place", "none"] = quantity(
        "", "How those who take part are chosen: by a score that practitioners could observe, at "
        "random among the eligible, by the event, or (of places) as the next field says; none: "
        "nobody is enrolled, it works on how services work.")
    places: Literal["most_violent", "night_time_economy", "most_deprived"] = quantity(
        "", "Which places are treated first: those with most recent violence, those where people "
        "go out at night (most recent violence first), or the most deprived.",
        default="most_violent")

    @property
    def minimum_age_months(self) -> int:
        """The age in months from which a person is eligible."""
        return 12 * self.minimum_age

    @property
    def maximum_age_months(self) -> int:
        """The age in months at which a person is no longer eligible."""
        return 12 * (self.maximum_age + 1)


class Referral(Schema):
    """How an event becomes a first contact: noticed by one agency, passed on to another."""

    by: Text = quantity("", "The agency that notices the event and refers.")
    identified: Number = quantity(
        "share of events", "Of events, those that the agency notices and thinks fit to refer.",
        **Share)
    consent: Number = quantity(
        "share of those identified", "Who agree that their name is passed on.", **Share)
    delay_months: Number = quantity(
        "months", "From the event to the offer; 0: on the spot.", ge=0.0, le=24.0)
    waiting_months: Number = quantity(
        "months", "How long people who accepted wait for a place before they are lost.",
        ge=0.0, le=24.0)
    source: Text = quantity("", "Where the figures come from.")


class Reach(Schema):
    """How many are reached for the money, and how many take part and stay."""

    reached_per_unit: Number = quantity(
        "people or places", "People who can start, or neighbourhoods treated, for one unit of "
        "cost a year.", gt=0.0)
    take_up: Number = quantity("share of those offered", "Who accept.", **Share)
    take_up_by_deprivation: Number = quantity(
        "log odds ratio", "Of taking up, for each standard deviation of the home's deprivation; "
        "below 0: the poorer take up less.", default=0.0, ge=-3.0, le=3.0)
    drop_out_per_month: Number = quantity(
        "share a month", "Of those enrolled, who leave early.", default=0.0, **Share)
    share_of_days: Number = quantity(
        "share of days", "Of days or nights on which a treated place is covered (place "
        "programmes).", default=0.0, **Share)
    share_of_place: Number = quantity(
        "share of incidents", "Of a treated neighbourhood's incidents of that kind, those where "
        "the programme works (place programmes).", default=0.0, **Share)
    people_per_place: Number = quantity(
        "people a year", "Residents of a treated place on whom a place programme's changes to "
        "persons fall, chosen at random.", default=0.0, ge=0.0)
    source: Text = quantity("", "Where the figures come from.")


class Timing(Schema):
    """When it begins to work, for how long, and how it fades."""

    lag_months: Number = quantity("months", "From the money to the first start.", ge=0.0)
    hiring_months: Number = quantity(
        "months", "From the first start to full staff, in a straight line.", default=0.0, ge=0.0)
    notice_months: Number = quantity(
        "months", "Before a known end of the money in which staff leave, in a straight line.",
        default=0.0, ge=0.0)
    ramp_up_months: Number = quantity(
        "months", "Time constant with which the effect on a person or place sets in.", ge=0.0)
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
    basis: Literal["read", "derived", "judgement"] = quantity(
        "", "How the unit cost is known: read in its source, derived from such figures, or a range "
        "that is a judgement because no source gives one.")
    source: Text = quantity("", "Where the figures come from, with the arithmetic.")

    def drawn(self, probability: float) -> float:
        """Return the unit cost at this point of its triangular distribution."""
        return quantile("triangular", self.unit_cost, self.low, self.high, self.low, self.high,
                        probability)
