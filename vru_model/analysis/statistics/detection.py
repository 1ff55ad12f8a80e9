"""What a published series could ever show: the smallest visible change, and chance's own falls."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

BASELINE_YEARS = 3
AFTER_YEARS = (1, 2, 3, 5, 10)


def dispersion(yearly_count: float, variation: float) -> float:
    """Return how many times a yearly count's variance exceeds Poisson's.

    `variation` is the coefficient of variation from year to year beyond counting: the larger the
    count, the more it outweighs counting.
    """
    return 1.0 + variation**2 * yearly_count


def detectable_fall(
    yearly_count: ArrayLike,
    years_after: ArrayLike,
    overdispersion: ArrayLike = 1.0,
    baseline_years: float = BASELINE_YEARS,
    power: float = 0.8,
    significance: float = 0.05,
) -> np.ndarray:
    """Return the smallest relative fall that a before-and-after comparison would show.

    The logarithm of the ratio of two counts has about the variance
    `overdispersion x (1 / before + 1 / after)`, where the count after is the one that has fallen;
    the fall d solves `-ln(1 - d) = (z of significance / 2 + z of power) x standard error(d)`.
    Optimistic: one place against itself, no trend and no comparator's noise. 1 where no fall,
    however large, would be seen.

    Source: the delta method for a log rate ratio (Rothman, Greenland and Lash, Modern
    Epidemiology, 3rd edition, chapter 14) and the standard power equation.

    Raises ValueError where a count, years or an overdispersion is not above zero.
    """
    from scipy.stats import norm

    reach = norm.ppf(1 - significance / 2) + norm.ppf(power)
    count, after, excess = np.broadcast_arrays(
        np.asarray(yearly_count, float), np.asarray(years_after, float),
        np.asarray(overdispersion, float),
    )  # fmt: skip
    if np.any(count <= 0) or np.any(after <= 0) or np.any(excess <= 0):
        raise ValueError("counts, years and overdispersion are above zero")

    def missing(fall: np.ndarray) -> np.ndarray:
        error = excess * (1 / (baseline_years * count) + 1 / (after * count * (1 - fall)))
        return reach * np.sqrt(error) + np.log1p(-fall)

    low, high = np.zeros(count.shape), np.full(count.shape, 1.0 - 1e-12)
    for _ in range(100):
        middle = (low + high) / 2
        short = missing(middle) > 0
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    # Near a total fall nothing is left to count and the error grows without bound again.
    seen = missing(high) <= 1e-6
    return np.where(seen, high, 1.0)


def expected_fall_by_chance(
    observed: ArrayLike, usual: float, between_places: float, overdispersion: float = 1.0
) -> np.ndarray:
    """Return the relative fall to expect with no programme where a place was chosen for its count.

    A high count is partly bad luck, and luck does not last. With a variance `between_places` of
    the places' true yearly counts and counting variance `overdispersion x usual`, the expected next
    count is the usual one plus the believable share of the excess.

    Source: Davis CE (1976), American Journal of Epidemiology 104:493-498; Morton V, Torgerson DJ
    (2005), Journal of Evaluation in Clinical Practice 11:59-65.

    Raises ValueError where a count is not above zero, or the variance below it.
    """
    count = np.asarray(observed, float)
    if usual <= 0 or between_places < 0 or np.any(count <= 0):
        raise ValueError("counts are above zero, and a variance is not below it")
    believable = between_places / (between_places + overdispersion * usual)
    return (1 - believable) * (count - usual) / count
