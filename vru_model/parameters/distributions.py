"""How an uncertain value is drawn: inverse distribution functions, cut to what makes sense.

======================= ==========================================================
distribution            low, value, high
======================= ==========================================================
fixed                   the value; low and high are only said
uniform                 the ends of the range; the value is its central point
triangular              the ends of the range, and the most likely value
normal                  a 95% interval, and the mean
lognormal               a 95% interval, and the median
gamma                   0 and an end beyond the value, or the same below 0; the mean
======================= ==========================================================

A gamma stands for a belief that reaches beyond 0 in something that cannot, such as a share that is
prevented. It has the mean and the standard deviation of the normal distribution whose 95% interval
has the further end, and never changes sign: cutting that normal instead would raise the mean, and
with it what a programme is said to prevent.

A normal or lognormal draw is cut to the unit's bounds (a share stays within 0 and 1) by
drawing from the part of the distribution that lies within them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, get_args

from scipy.special import gammaincinv, ndtr, ndtri

Distribution = Literal["fixed", "uniform", "triangular", "normal", "lognormal", "gamma"]
DISTRIBUTIONS: tuple[str, ...] = get_args(Distribution)

# A 95% interval of the normal distribution is this many standard errors wide.
_WIDTH_95 = 2.0 * 1.959963984540054


def quantile(distribution: str, value: float, low: float, high: float,
             minimum: float, maximum: float, probability: float) -> float:
    """Return the value below which the distribution lies with this probability.

    Parameters
    ----------
    distribution
        One of :data:`DISTRIBUTIONS`.
    value, low, high
        As in the table at the head of this module; low ≤ value ≤ high.
    minimum, maximum
        The unit's bounds, which no draw leaves.
    probability
        Strictly between 0 and 1.
    """
    drawn = _QUANTILES[distribution](value, low, high, minimum, maximum, probability)
    return min(max(drawn, minimum), maximum)


def _fixed(value: float, low: float, high: float, minimum: float, maximum: float,
           probability: float) -> float:
    return value


def _uniform(value: float, low: float, high: float, minimum: float, maximum: float,
             probability: float) -> float:
    return low + probability * (high - low)


def _triangular(value: float, low: float, high: float, minimum: float, maximum: float,
                probability: float) -> float:
    if high == low:
        return value
    if probability < (value - low) / (high - low):
        return low + math.sqrt(probability * (high - low) * (value - low))
    return high - math.sqrt((1.0 - probability) * (high - low) * (high - value))


def _normal(value: float, low: float, high: float, minimum: float, maximum: float,
            probability: float) -> float:
    deviation = (high - low) / _WIDTH_95
    if deviation == 0.0:
        return value
    below = ndtr((minimum - value) / deviation)
    within = ndtr((maximum - value) / deviation) - below
    return float(value + deviation * ndtri(below + probability * within))


def _lognormal(value: float, low: float, high: float, minimum: float, maximum: float,
               probability: float) -> float:
    return math.exp(_normal(
        math.log(value), math.log(low), math.log(high), _log(minimum), _log(maximum), probability
    ))


def _gamma(value: float, low: float, high: float, minimum: float, maximum: float,
           probability: float) -> float:
    if value < 0.0:
        return -_gamma(-value, -high, -low, -maximum, -minimum, 1.0 - probability)
    deviation = 2.0 * (high - value) / _WIDTH_95
    if value == 0.0 or deviation == 0.0:
        return value
    shape = (value / deviation) ** 2
    return float(gammaincinv(shape, probability) * value / shape)


def _log(bound: float) -> float:
    return math.log(bound) if bound > 0.0 else -math.inf


_QUANTILES: dict[str, Callable[..., float]] = {
    "fixed": _fixed,
    "uniform": _uniform,
    "triangular": _triangular,
    "normal": _normal,
    "lognormal": _lognormal,
    "gamma": _gamma,
}
