"""How many people or places a trial of one programme would need."""

from __future__ import annotations

import math


def _reach(power: float, significance: float) -> float:
    from scipy.stats import norm

    return float(norm.ppf(1 - significance / 2) + norm.ppf(power))


def risk_from_rate_ratio(risk: float, ratio: float) -> float:
    """Return the risk of at least one event where the rate is `ratio` times as high.

    Events arrive at a constant rate: a risk r belongs to the rate -ln(1 - r).

    Raises ValueError for a risk outside 0 to 1, or a ratio below 0.
    """
    if not 0 < risk < 1 or ratio < 0:
        raise ValueError("a risk lies between 0 and 1, and a ratio is not below 0")
    return 1 - (1 - risk) ** ratio


def people_per_arm(
    risk: float,
    ratio: float,
    took_part: float = 1.0,
    lost: float = 0.0,
    power: float = 0.8,
    significance: float = 0.05,
) -> float:
    """Return the people whom each arm of a randomised trial must enrol, not rounded.

    Parameters
    ----------
    risk
        Share of the control arm with the outcome over the follow-up.
    ratio
        Rate of the outcome in those who take part, over the rate without the programme.
    took_part
        Of those who are offered it, the share who take part; the trial compares offers.
    lost
        Share of each arm that cannot be followed.
    power, significance
        Of the two-sided test.

    Returns
    -------
    float
        Infinite where the ratio is 1.

    Source: two independent proportions with a pooled variance under the null hypothesis (Fleiss,
    Levin and Paik, Statistical Methods for Rates and Proportions, 3rd edition, chapter 4),
    without the continuity correction.

    Raises ValueError for a risk or share outside 0 to 1.
    """
    from scipy.stats import norm

    if not (0 < took_part <= 1 and 0 <= lost < 1):
        raise ValueError("shares lie between 0 and 1")
    treated = risk + took_part * (risk_from_rate_ratio(risk, ratio) - risk)
    if math.isclose(treated, risk):
        return math.inf
    pooled = (risk + treated) / 2
    null = math.sqrt(2 * pooled * (1 - pooled))
    alternative = math.sqrt(risk * (1 - risk) + treated * (1 - treated))
    reach = norm.ppf(1 - significance / 2) * null + norm.ppf(power) * alternative
    return float((reach / (risk - treated)) ** 2 / (1 - lost))


def place_years_per_condition(
    yearly_count: float,
    ratio: float,
    overdispersion: float = 1.0,
    power: float = 0.8,
    significance: float = 0.05,
) -> float:
    """Return the place-years that must be watched with, and as many without, the programme.

    Each place is its own control, in random order, so that lasting differences between places
    fall out; `overdispersion` is how many times the variance of a place's count exceeds Poisson's.
    Infinite where the ratio is 1. Trends shared by all places are taken to be allowed for at no
    cost, which is optimistic.

    Source: the delta method for a log rate ratio, as in :func:`detection.detectable_fall`.

    Raises ValueError where a count, ratio or overdispersion is not above zero.
    """
    if yearly_count <= 0 or ratio <= 0 or overdispersion <= 0:
        raise ValueError("counts, ratios and overdispersion are above zero")
    if ratio == 1:
        return math.inf
    needed = (_reach(power, significance) / math.log(ratio)) ** 2
    return needed * overdispersion * (1 + 1 / ratio) / yearly_count
