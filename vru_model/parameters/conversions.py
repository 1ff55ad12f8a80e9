"""From what studies publish to what the model changes.

Studies report risks, odds, standardised differences, effects on whole areas or on everybody
offered a place; the model changes rates of those who take part. These functions hold the
arithmetic between the two, and the shrinkage that trials in the United Kingdom have taught:
effects found elsewhere, or in weaker designs, come out smaller here.
"""

from __future__ import annotations

import math
from typing import NamedTuple

# Multiplier of the log effect by grade of evidence: with a trial in the United Kingdom, without.
# A judgement, kept in one table so that it can be questioned and varied.
SHRINKAGE: dict[str, tuple[float, float]] = {
    "A": (0.8, 0.65), "B": (0.65, 0.5), "C": (0.65, 0.5), "D": (0.3, 0.3),
}
LEAST_STANDARD_ERROR: dict[str, float] = {"A": 0.08, "B": 0.12, "C": 0.18, "D": 0.25}
_WIDTH_95 = 2.0 * 1.959963984540054


class Estimate(NamedTuple):
    """A value with its 95% interval."""

    value: float
    low: float
    high: float


def relative_risk_from_odds_ratio(odds_ratio: float, baseline: float) -> float:
    """Return the relative risk, given the risk without treatment."""
    return odds_ratio / (1.0 - baseline + baseline * odds_ratio)


def log_odds_ratio_from_difference(difference: float) -> float:
    """Return the log odds ratio of a standardised mean difference (logistic distribution)."""
    return math.pi * difference / math.sqrt(3.0)


def rate_reduction(relative_risk: float, baseline: float) -> float:
    """Return the log reduction of a constant rate that gives this relative risk.

    On the complementary log-log scale, so that a risk of half over the follow-up is not
    mistaken for a rate of half. Positive when the treated fare better.
    """
    return math.log(math.log(1.0 - baseline) / math.log(1.0 - baseline * relative_risk))


def relative_risk_of_the_treated(relative_risk: float, take_up: float) -> float:
    """Return the relative risk of those who took part, from that of all who were offered."""
    return 1.0 - (1.0 - relative_risk) / take_up


def relative_risk_of_an_area(relative_risk: float, coverage: float) -> float:
    """Return the relative risk of an area of which this share of the risk is treated."""
    return 1.0 - coverage * (1.0 - relative_risk)


def standard_error(low: float, high: float) -> float:
    """Return the standard error of an estimate with this 95% interval."""
    return (high - low) / _WIDTH_95


def shrink(effect: float, error: float, grade: str, uk_trial: bool) -> Estimate:
    """Return the effect as it is believed: smaller than published, and less certain.

    Parameters
    ----------
    effect
        On a log scale.
    error
        Its published standard error, 0 where none is published.
    grade
        A to D.
    uk_trial
        Whether a trial in the United Kingdom supports it.
    """
    weight = SHRINKAGE[grade][0 if uk_trial else 1]
    spread = least_spread(weight * error, grade)
    return Estimate(weight * effect, weight * effect - spread, weight * effect + spread)


def least_spread(error: float, grade: str) -> float:
    """Return half of a 95% interval, no narrower than evidence of this grade allows."""
    return max(error, LEAST_STANDARD_ERROR[grade]) * _WIDTH_95 / 2.0


def average_dose(duration: float, ramp_up: float, half_life: float, follow_up: float) -> float:
    """Return the mean strength of an effect over a study's follow-up, against full strength.

    A study reports an average over its follow-up; the model needs the strength reached. The
    effect sets in as 1 - exp(-t / ramp_up), and halves every ``half_life`` after the end (all
    in months).
    """
    enrolled = min(duration, follow_up)
    during = enrolled - ramp_up * (1.0 - math.exp(-enrolled / ramp_up)) if ramp_up else enrolled
    reached = 1.0 - math.exp(-duration / ramp_up) if ramp_up else 1.0
    fading = half_life / math.log(2.0) * (1.0 - 0.5 ** (max(follow_up - duration, 0.0) / half_life))
    return (during + reached * fading) / follow_up
