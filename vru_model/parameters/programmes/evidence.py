"""What was published about a programme, what of it is believed, and how the model is held to it."""

from __future__ import annotations

import math
from typing import Literal

from vru_model.parameters import conversions
from vru_model.parameters.conversions import Estimate
from vru_model.parameters.programmes.parts import Share
from vru_model.parameters.schema import Number, Schema, Text, Whole, YesNo, quantity

Kind = Literal[
    "ratio_of_rates", "ratio_of_risks", "odds_ratio", "standardised_difference", "share_prevented",
    "none",
]  # fmt: skip


class Evidence(Schema):
    """What was published, and how far it can be trusted."""

    effect: Number | None = quantity(
        "as scale says", "The published effect; null where none was published.")
    low: Number | None = quantity("as scale says", "Lower end of its 95% interval.", default=None)
    high: Number | None = quantity("as scale says", "Upper end of it.", default=None)
    kind: Kind = quantity(
        "", "What kind of number it is, for the arithmetic; a standardised difference above 0 "
        "favours the treated; none where there is no number.")
    baseline_risk: Number | None = quantity(
        "share", "The risk of the outcome without the programme over the study's follow-up, where "
        "the effect compares risks.", default=None, gt=0.0, lt=1.0)
    took_part: Number | None = quantity(
        "share", "Of those offered, who took part, where the effect is of the offer; null where it "
        "is of taking part.", default=None, gt=0.0, le=1.0)
    standard_error: Number | None = quantity(
        "log rate ratio", "The least standard error of what is believed, where the number was read "
        "without an interval or studies disagree, so that the least of its grade is too small.",
        default=None, gt=0.0, le=2.0)
    scale: Text = quantity("", "What the effect measures.")
    baseline: Text = quantity("", "Who was studied where, and their risk without the programme.")
    design: Text = quantity("", "How it was studied.")
    uk: YesNo = quantity("", "Whether a trial in the United Kingdom supports it.")
    grade: Literal["A", "B", "C", "D"] = quantity("", "Strength of the evidence, A strongest.")
    impact: Literal["high", "moderate", "low", "none", "harmful", "unknown"] = quantity(
        "", "How large the effect is, in plain words.")
    security: Literal["very low", "low", "moderate", "high"] = quantity(
        "", "How sure one can be of it.")
    cost: Literal["low", "moderate", "high"] = quantity("", "How dear it is a head.")
    toolkit: Literal[
        "high", "moderate", "low", "none", "harmful", "no clear evidence", "not listed"
    ] = quantity("", "Impact in the Youth Endowment Fund's Toolkit, where it is listed.",
                 default="not listed")
    citation: Text = quantity("", "The study.")
    others: tuple[Text, ...] = quantity(
        "", "Other studies, those that found nothing included.", default=())

    def published(self) -> Estimate | None:
        """Return the published effect as a log ratio of rates of those who took part.

        Below 0 where the treated fare better; the interval is infinite where none was published.
        None where there is no number.
        """
        if self.kind == "none" or self.effect is None:
            return None
        value = self._log_rate_ratio(self.effect)
        if self.low is None or self.high is None:
            return Estimate(value, -math.inf, math.inf)
        return Estimate(value, *sorted((self._log_rate_ratio(self.low),
                                        self._log_rate_ratio(self.high))))

    def _log_rate_ratio(self, number: float) -> float:
        """Return a published number on the log scale of rates."""
        baseline = self.baseline_risk
        if self.kind == "share_prevented":
            return math.log1p(-number)
        if self.kind == "ratio_of_rates" or baseline is None:
            return math.log(self._of_those_who_took_part(number))
        if self.kind == "standardised_difference":
            number = math.exp(-conversions.log_odds_ratio_from_difference(number))
        if self.kind in ("odds_ratio", "standardised_difference"):
            number = conversions.relative_risk_from_odds_ratio(number, baseline)
        return -conversions.rate_reduction(self._of_those_who_took_part(number), baseline)

    def _of_those_who_took_part(self, ratio: float) -> float:
        if self.took_part is None:
            return ratio
        return max(conversions.relative_risk_of_the_treated(ratio, self.took_part), 0.01)


class Trial(Schema):
    """The virtual trial that holds the programme to what is believed of it."""

    outcome: Literal[
        "acts", "acts_at_home", "charges", "convictions", "attendances", "victimisation",
        "victimisation_at_home", "victimisation_among_peers", "exclusions", "aces", "trauma",
        "street_incidents", "night_incidents", "peer_incidents", "recorded_violence",
    ] = quantity("", "What is counted in those enrolled, or in the treated places.")
    statistic: Literal["rate", "risk"] = quantity(
        "", "Whether events are counted, or people with at least one.", default="rate")
    first_month: Whole = quantity(
        "months", "First month of follow-up, from enrolment.", default=0, ge=0, le=299)
    last_month: Whole = quantity("months", "Month at which it ends.", ge=1, le=300)
    fits: Text | None = quantity(
        "", "The change that is set so that the trial shows what is believed; null: none is, the "
        "trial only shows what the changes come to.", default=None)
    comment: Text = quantity("", "How the virtual trial differs from the published one.")


def believed(evidence: Evidence, shrinkage: float, causal_share: float) -> Estimate | None:
    """Return what is believed of the published log ratio of rates, with its 95% interval.

    The published value is multiplied by the share kept (``shrinkage``) and the share thought to
    be caused by the programme; the interval is never narrower than the least standard error of
    its grade, or the one that the evidence asks for. None where no number was published.
    """
    published = evidence.published()
    if published is None:
        return None
    weight = shrinkage * causal_share
    error = evidence.standard_error or 0.0
    if math.isfinite(published.low):
        error = max(error, weight * conversions.standard_error(published.low, published.high))
    spread = conversions.least_spread(error, evidence.grade)
    value = weight * published.value
    return Estimate(value, value - spread, value + spread)


__all__ = ["Evidence", "Share", "Trial", "believed"]
