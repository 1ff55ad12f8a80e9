"""Distributions fitted to what people say of an uncertain quantity, and their linear pool.

People give numbers that they believe to be undershot with a stated probability (a median is
undershot with one half). A distribution is fitted by least squares between those probabilities
and its own at the same numbers, as the Sheffield Elicitation Framework does (O'Hagan and others
2006; Oakley and O'Hagan, SHELF): probabilities have the same scale for every family and every
quantity, so that fits can be compared. The best fit is the one with the smallest sum of squares.

A linear pool is the weighted mean of cumulative distributions: it keeps disagreement, because it
is wide where people differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import optimize, special

PROBABILITIES = (0.01, 0.25, 0.5, 0.75, 0.99)
"""Of the lower plausible limit, the lower quartile, the median, the upper quartile, the upper
plausible limit: it would be a surprise, one in a hundred, to find the quantity beyond a limit."""

SHOWN = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The probabilities whose quantiles are read back to people."""

_MOST_OUTSIDE = 0.01


@dataclass(frozen=True)
class Fitted:
    """One family fitted to one set of judgements.

    Attributes
    ----------
    family
        "normal", "lognormal", "gamma" or "beta".
    parameters
        Names and values by which it can be made again, as scipy counts them.
    lower, upper
        What the quantity can be at all: lognormal and gamma begin at the lower end, and a beta
        lies between both.
    error
        The sum of squared differences between stated and fitted probabilities.
    outside
        The probability that it puts where the quantity cannot be.
    """

    family: str
    parameters: Mapping[str, float]
    lower: float
    upper: float
    error: float
    outside: float

    def cdf(self, values: Any) -> Any:
        """Return the probability of lying below each value."""
        return _FAMILIES[self.family].cdf(values, self.parameters, self.lower, self.upper)

    def quantile(self, probabilities: Any) -> Any:
        """Return the values that are undershot with these probabilities, within the limits."""
        found = _FAMILIES[self.family].quantile(
            probabilities, self.parameters, self.lower, self.upper)
        return np.clip(found, self.lower, self.upper)


@dataclass(frozen=True)
class Pool:
    """The weighted mean of the distributions of several people."""

    members: tuple[Fitted, ...]
    weights: tuple[float, ...]
    _ends: tuple[float, float] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Weigh to one, and find an interval that holds nearly all of it."""
        total = sum(self.weights)
        if not self.members or len(self.members) != len(self.weights) or not total > 0:
            raise ValueError("a pool takes a weight for each member, and some above 0")
        object.__setattr__(self, "weights", tuple(each / total for each in self.weights))
        low = min(float(each.quantile(1e-6)) for each in self.members)
        high = max(float(each.quantile(1 - 1e-6)) for each in self.members)
        object.__setattr__(self, "_ends", (low, high))

    def cdf(self, values: Any) -> Any:
        """Return the probability of lying below each value."""
        return sum(weight * member.cdf(values)
                   for weight, member in zip(self.weights, self.members, strict=True))

    def quantile(self, probabilities: Any) -> Any:
        """Return the values that are undershot with these probabilities."""
        low, high = self._ends
        found = []
        for probability in np.atleast_1d(np.asarray(probabilities, dtype=float)):
            if self.cdf(low) >= probability:
                found.append(low)
            elif self.cdf(high) <= probability:
                found.append(high)
            else:
                found.append(optimize.brentq(lambda x, p=probability: self.cdf(x) - p, low, high))
        values = np.array(found)
        return values if np.ndim(probabilities) else float(values[0])


def fits(
    values: Sequence[float], probabilities: Sequence[float] = PROBABILITIES,
    lower: float = -math.inf, upper: float = math.inf,
) -> list[Fitted]:
    """Return every family that can be fitted, best first.

    Parameters
    ----------
    values
        Numbers that grow, strictly.
    probabilities
        Of lying below each of them: grow strictly, between 0 and 1.
    lower, upper
        What the quantity can be at all. A family whose fit puts more than one in a hundred beyond
        them comes after all that do not.

    Raises
    ------
    ValueError
        Where values or probabilities do not grow, or lie where the quantity cannot be. Judgements
        that people enter are checked before, with the reason (``record``).
    """
    x, p = np.asarray(values, dtype=float), np.asarray(probabilities, dtype=float)
    if len(x) != len(p) or len(x) < 2 or np.any(np.diff(x) <= 0) or np.any(np.diff(p) <= 0):
        raise ValueError("values and probabilities that grow, as many of the one as of the other")
    if x[0] < lower or x[-1] > upper or p[0] <= 0 or p[-1] >= 1:
        raise ValueError("values that the quantity can have, probabilities between 0 and 1")
    found = [
        _fit(name, family, x, p, lower, upper)
        for name, family in _FAMILIES.items() if family.possible(lower, upper)
    ]
    return sorted(found, key=lambda each: (each.outside > _MOST_OUTSIDE, each.error))


def best_fit(
    values: Sequence[float], probabilities: Sequence[float] = PROBABILITIES,
    lower: float = -math.inf, upper: float = math.inf,
) -> Fitted:
    """Return the first of :func:`fits`."""
    return fits(values, probabilities, lower, upper)[0]


@dataclass(frozen=True)
class _Family:
    """How a family starts from judgements, and how it is made of two free numbers."""

    possible: Callable[[float, float], bool]
    start: Callable[[float, float, float, float], tuple[float, float]]
    parameters: Callable[[np.ndarray], dict[str, float]]
    cdf: Callable[[Any, Mapping[str, float], float, float], Any]
    quantile: Callable[[Any, Mapping[str, float], float, float], Any]


def _fit(
    name: str, family: _Family, x: np.ndarray, p: np.ndarray, lower: float, upper: float
) -> Fitted:
    """Return a family's least-squares fit, from moments that three of the judgements suggest."""
    middle = float(np.interp(0.5, p, x))
    half = float(np.interp(0.75, p, x) - np.interp(0.25, p, x)) / 2 or float(x[-1] - x[0]) / 4
    start = np.array(family.start(middle, half / special.ndtri(0.75), lower, upper))

    def error(free: np.ndarray) -> float:
        return float(np.sum((family.cdf(x, family.parameters(free), lower, upper) - p) ** 2))

    found = optimize.minimize(
        error, start, method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-14, "maxiter": 4000, "maxfev": 4000},
    )  # fmt: skip
    parameters = family.parameters(found.x)
    ends = family.cdf(np.array([lower, upper]), parameters, lower, upper)
    outside = float(ends[0] + 1.0 - ends[1])
    return Fitted(name, parameters, lower, upper, float(found.fun), outside)


def _log_above(values: Any, lower: float) -> Any:
    """Return the logarithm of how far values lie above the lower end; minus infinity at it."""
    with np.errstate(divide="ignore"):
        return np.log(np.maximum(np.asarray(values, dtype=float) - lower, 0.0))


def _share(values: Any, lower: float, upper: float) -> Any:
    return np.clip((np.asarray(values, dtype=float) - lower) / (upper - lower), 0.0, 1.0)


def _start_lognormal(m: float, s: float, lower: float, upper: float) -> tuple[float, float]:
    above = max(m - lower, 1e-12)
    return math.log(above), math.log(max(s / above, 1e-3))


def _start_gamma(m: float, s: float, lower: float, upper: float) -> tuple[float, float]:
    above = max(m - lower, 1e-12)
    return math.log(above**2 / s**2), math.log(s**2 / above)


def _start_beta(m: float, s: float, lower: float, upper: float) -> tuple[float, float]:
    width = upper - lower
    share = min(max((m - lower) / width, 1e-3), 1 - 1e-3)
    size = max(share * (1 - share) / (s / width) ** 2 - 1, 0.2)
    return math.log(share * size), math.log((1 - share) * size)


def _exponentials(first: str, second: str) -> Callable[[np.ndarray], dict[str, float]]:
    """Return how two free numbers become two parameters above 0."""
    return lambda free: {first: _above_0(free[0]), second: _above_0(free[1])}


def _above_0(free: float) -> float:
    return math.exp(min(max(float(free), -50.0), 50.0))


_FAMILIES: dict[str, _Family] = {
    "normal": _Family(
        lambda lower, upper: True,
        lambda m, s, lower, upper: (m, math.log(s)),
        lambda free: {"mean": float(free[0]), "sd": _above_0(free[1])},
        lambda x, given, lower, upper: special.ndtr((x - given["mean"]) / given["sd"]),
        lambda p, given, lower, upper: given["mean"] + given["sd"] * special.ndtri(p),
    ),
    "lognormal": _Family(
        lambda lower, upper: math.isfinite(lower),
        _start_lognormal,
        lambda free: {"mean_of_log": min(float(free[0]), 700.0), "sd_of_log": _above_0(free[1])},
        lambda x, given, lower, upper: special.ndtr(
            (_log_above(x, lower) - given["mean_of_log"]) / given["sd_of_log"]),
        lambda p, given, lower, upper: lower + np.exp(
            given["mean_of_log"] + given["sd_of_log"] * special.ndtri(p)),
    ),
    "gamma": _Family(
        lambda lower, upper: math.isfinite(lower),
        _start_gamma,
        _exponentials("shape", "scale"),
        lambda x, given, lower, upper: special.gammainc(
            given["shape"], np.maximum(x - lower, 0.0) / given["scale"]),
        lambda p, given, lower, upper: lower + given["scale"] * special.gammaincinv(
            given["shape"], p),
    ),
    "beta": _Family(
        lambda lower, upper: math.isfinite(lower) and math.isfinite(upper),
        _start_beta,
        _exponentials("a", "b"),
        lambda x, given, lower, upper: special.betainc(
            given["a"], given["b"], _share(x, lower, upper)),
        lambda p, given, lower, upper: lower + (upper - lower) * special.betaincinv(
            given["a"], given["b"], p),
    ),
}  # fmt: skip
FAMILIES = tuple(_FAMILIES)
