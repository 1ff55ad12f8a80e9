"""One intervention, as it would be delivered here: the schema of ``parameters/programmes``."""

from __future__ import annotations

import math
from typing import Any, Literal

from pydantic import Field

from vru_model.parameters.conversions import Estimate
from vru_model.parameters.draws import uniforms
from vru_model.parameters.programmes.delivery import Delivery
from vru_model.parameters.programmes.evidence import Evidence, Trial, believed
from vru_model.parameters.programmes.parts import (
    Change,
    Cost,
    Eligibility,
    Reach,
    Referral,
    Share,
    Timing,
)
from vru_model.parameters.schema import PROGRAMME_PATTERN, Number, Schema, Text, quantity

STANDINGS = ("promising", "mixed", "no benefit", "unknown, may harm", "harmful")
"""What a board may expect of a programme, in plain words, best first."""


class Programme(Schema):
    """One intervention, as it would be delivered here."""

    name: str = Field(pattern=PROGRAMME_PATTERN, description="As its file is named.")
    title: Text = quantity("", "As a reader sees it.")
    plain: Text = quantity("", "One sentence for the public.")
    family: Text = quantity("", "The kind of programme.")
    prevention: Literal["primary", "secondary", "tertiary"] = quantity(
        "", "Before any sign of violence, at the first signs, or after it.")
    level: Literal["person", "place", "system"] = quantity("", "On what it works.")
    standing: Literal["promising", "mixed", "no benefit", "unknown, may harm", "harmful"] = (
        quantity("", "What a board may expect of it, in plain words."))
    lead: Text = quantity("", "Who leads it.")
    lead_agency: Text = quantity("", "The leading agency's name in agencies.yaml.")
    partners: tuple[Text, ...] = quantity("", "Who else takes part.", default=())
    changes: tuple[Change, ...] = quantity("", "What it changes in the model.", min_length=1)
    eligibility: Eligibility
    referral: Referral | None = quantity(
        "", "How the event becomes a first contact (programmes that an event brings).",
        default=None)
    reach: Reach
    timing: Timing
    cost: Cost
    evidence: Evidence
    trial: Trial | None = quantity(
        "", "The virtual trial that holds it to what is believed; null: none can be made.",
        default=None)
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

    def drawn_unit_cost(self, index: int, seed: int) -> float:
        """Return the unit cost in one draw, from its triangular range."""
        (probability,) = uniforms([f"programmes.{self.name}.unit_cost"], index, seed)
        return self.cost.drawn(float(probability))

    @property
    def believed(self) -> Estimate | None:
        """What is believed of the published effect: a log ratio of rates, below 0 for better."""
        return believed(self.evidence, self.shrinkage, self.causal_share)

    @property
    def of_places(self) -> bool:
        """Whether places are treated, rather than people enrolled from everywhere."""
        return self.eligibility.selection == "place"

    def units_for(self, money_per_year: float, unit_cost: float | None = None) -> float:
        """Return the units of cost that a year's money buys, after the fixed cost."""
        price = self.cost.unit_cost if unit_cost is None else unit_cost
        return max(0.0, money_per_year - self.cost.fixed_cost_per_year) / price

    def reached_for(self, money_per_year: float, unit_cost: float | None = None) -> float:
        """Return the people who can start in a year, or the places treated, at full size."""
        return self.units_for(money_per_year, unit_cost) * self.reach.reached_per_unit

    def delivery(
        self, money_per_year: float, scale: float = 1.0, share: float = 1.0,
        unit_cost: float | None = None,
    ) -> Delivery:  # fmt: skip
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
        unit_cost
            £; the central one unless given.
        """
        reached = self.reached_for(money_per_year, unit_cost) * share
        places = math.floor(reached + 1e-9) if self.of_places else 0
        people = places * self.reach.people_per_place if self.of_places else reached
        half_life = self.timing.half_life_months
        return Delivery(
            capacity_per_month=people * scale / 12.0,
            places=places,
            presence=self.reach.share_of_days * self.reach.share_of_place,
            take_up=self.reach.take_up,
            take_up_by_deprivation=self.reach.take_up_by_deprivation,
            drop_out_per_month=self.reach.drop_out_per_month,
            lag_months=self.timing.lag_months,
            hiring_months=self.timing.hiring_months,
            notice_months=self.timing.notice_months,
            ramp_up_months=self.timing.ramp_up_months,
            duration_months=self.timing.duration_months,
            half_life_months=math.inf if half_life is None else half_life,
        )

    def numbers(self) -> dict[str, Any]:
        """Return what determines a world, without the words."""
        words = {"source", "meaning", "unit", "grade", "fitted", "per", "price_year", "basis", "by"}
        parts = {name: getattr(self, name) for name in
                 ("eligibility", "referral", "reach", "timing", "cost")}
        return {
            "changes": [change.model_dump(mode="json", exclude=words) for change in self.changes],
            **{name: part and part.model_dump(mode="json", exclude=words)
               for name, part in parts.items()},
        }
