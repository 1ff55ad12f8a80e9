"""Measures of association: odds ratios, crude, stratified and adjusted, and rate ratios.

They are computed as the studies computed them with which the model is compared, so that a crude
ratio is held against a crude one and an adjusted ratio against an adjusted one. None of them is
an effect: what a mechanism carries is asked by switching it off.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

_ENOUGH_STEPS = 60
_CLOSE = 1e-9
_LARGEST_STEP = 5.0


class Parts(NamedTuple):
    """The two parts of a ratio; those of many worlds are added up before they are divided.

    `events` are those of the exposed: how much stands behind the ratio.
    """

    over: float
    under: float
    events: float = float("inf")

    @property
    def ratio(self) -> float:
        """The ratio; not a number where there is nothing to divide by."""
        return float(self.over / self.under) if self.under > 0 else float("nan")


def odds_ratio(exposed: ArrayLike, outcome: ArrayLike) -> float:
    """Return the crude odds ratio of an outcome, exposed against not exposed.

    Parameters
    ----------
    exposed, outcome
        Booleans, one a person.

    Where a cell of the fourfold table is empty, a half is added to each (Haldane 1956, Annals of
    Human Genetics 20:309-311); not a number where nobody, or everybody, is exposed.
    """
    is_exposed, has_outcome = np.asarray(exposed, bool), np.asarray(outcome, bool)
    return odds_ratio_of_counts(
        np.sum(is_exposed & has_outcome), np.sum(is_exposed & ~has_outcome),
        np.sum(~is_exposed & has_outcome), np.sum(~is_exposed & ~has_outcome),
    )  # fmt: skip


def odds_ratio_of_counts(a: float, b: float, c: float, d: float) -> float:
    """Return the odds ratio of a fourfold table: exposed with and without, unexposed with, without.

    Not a number where a row of the table is empty.
    """
    if a + b == 0 or c + d == 0:
        return float("nan")
    if min(a, b, c, d) == 0:
        a, b, c, d = a + 0.5, b + 0.5, c + 0.5, d + 0.5
    return float(a * d / (b * c))


def pair_odds_ratio(both: float, one: float, neither: float) -> float:
    """Return the odds ratio between the members of pairs, each entered once as either.

    Parameters
    ----------
    both, one, neither
        Pairs in which both members, one or none has the trait.

    Each pair enters twice, so the table is symmetrical: 4 x both x neither / one squared.
    """
    return odds_ratio_of_counts(2.0 * both, one, one, 2.0 * neither)


def logistic_odds_ratios(outcome: ArrayLike, features: ArrayLike) -> np.ndarray:
    """Return the odds ratio of each feature, adjusted for the others, by logistic regression.

    Parameters
    ----------
    outcome
        Booleans, one a person, shape (people,).
    features
        Numbers, shape (people, features); a constant is added.

    Newton's method on the likelihood, steps bounded. Not a number where the outcome never or
    always occurs or the features leave a coefficient undetermined.
    """
    happened = np.asarray(outcome, float)
    design = np.column_stack([np.ones(len(happened)), np.asarray(features, float)])
    nothing = np.full(design.shape[1] - 1, np.nan)
    if len(happened) == 0 or happened.min() == happened.max():
        return nothing
    weights = np.zeros(design.shape[1])
    for _ in range(_ENOUGH_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ weights, -30, 30)))
        information = design.T @ (design * (chance * (1 - chance))[:, None])
        try:
            step = np.linalg.solve(information, design.T @ (happened - chance))
        except np.linalg.LinAlgError:
            return nothing
        step = np.clip(step, -_LARGEST_STEP, _LARGEST_STEP)
        weights = weights + step
        if np.max(np.abs(step)) < _CLOSE:
            return np.exp(weights[1:])
    return nothing


def rate_ratio(
    events_exposed: float, time_exposed: float, events_other: float, time_other: float
) -> float:
    """Return the ratio of two rates; not a number where nobody is at risk or the other is zero."""
    if min(time_exposed, time_other) <= 0 or events_other <= 0:
        return float("nan")
    return float(events_exposed / time_exposed / (events_other / time_other))


def stratified_rate_ratio(
    exposed: ArrayLike, events: ArrayLike, time: ArrayLike, stratum: ArrayLike
) -> float:
    """Return the Mantel-Haenszel rate ratio, exposed against not, within strata.

    Parameters
    ----------
    exposed, events, time, stratum
        Boolean, events, time at risk and stratum of each person, shape (people,).

    Not a number where no stratum holds both groups.
    """
    return stratified_rate_parts(exposed, events, time, stratum).ratio


def stratified_rate_parts(
    exposed: ArrayLike, events: ArrayLike, time: ArrayLike, stratum: ArrayLike
) -> Parts:
    """Return the parts of the Mantel-Haenszel rate ratio; see :func:`stratified_rate_ratio`.

    Source: Rothman KJ, Greenland S, Lash TL (2008), Modern Epidemiology, 3rd edition, chapter 15:
    sum(a_i T0_i / T_i) / sum(b_i T1_i / T_i). Those of many worlds added up are the ratio within
    strata of worlds too.
    """
    is_exposed, codes = np.asarray(exposed, bool), np.unique(stratum, return_inverse=True)[1]
    count, at_risk = np.asarray(events, float), np.asarray(time, float)
    strata = int(codes.max()) + 1 if len(codes) else 0

    def totals(values: np.ndarray, which: np.ndarray) -> np.ndarray:
        return np.bincount(codes[which], weights=values[which], minlength=strata)

    a, b = totals(count, is_exposed), totals(count, ~is_exposed)
    one, other = totals(at_risk, is_exposed), totals(at_risk, ~is_exposed)
    whole = np.where(one + other > 0, one + other, 1.0)
    return Parts(float(np.sum(a * other / whole)), float(np.sum(b * one / whole)), float(a.sum()))


def rate_parts(
    events_exposed: float, time_exposed: float, events_other: float, time_other: float
) -> Parts:
    """Return the parts of the ratio of two rates, one stratum of the Mantel-Haenszel ratio."""
    whole = time_exposed + time_other or 1.0
    return Parts(float(events_exposed * time_other / whole),
                 float(events_other * time_exposed / whole), float(events_exposed))  # fmt: skip


def attributable_share(prevalence: ArrayLike, ratio: ArrayLike) -> float:
    """Return the share of cases that a population would lose were all ratios causal.

    Parameters
    ----------
    prevalence, ratio
        Share of people at each level of exposure above none, and its risk ratio against none.

    Source: Levin ML (1953), Acta Unio Internationalis Contra Cancrum 9:531-541, several levels.
    """
    excess = float(np.sum(np.asarray(prevalence, float) * (np.asarray(ratio, float) - 1.0)))
    return excess / (1.0 + excess)
