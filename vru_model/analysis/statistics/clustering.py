"""How unevenly, and where and when, events lie: Gini, top shares, Moran's I, near repeats."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def gini(counts: ArrayLike, populations: ArrayLike | None = None) -> float:
    """Return the Gini index of events over places, 0 where all have the same rate.

    Parameters
    ----------
    counts, populations
        Events and people of each place, shape (places,); places weigh alike without people.

    Twice the area between the Lorenz curve, places in the order of their rates, and equality
    (Lerman RI, Yitzhaki S 1984, Economics Letters 15:363-368). Not a number without events.
    """
    events = np.asarray(counts, float)
    people = np.ones_like(events) if populations is None else np.asarray(populations, float)
    if events.sum() <= 0 or people.sum() <= 0:
        return float("nan")
    order = np.argsort(events / np.maximum(people, 1e-12), kind="stable")
    share = np.concatenate([[0.0], np.cumsum(people[order]) / people.sum()])
    curve = np.concatenate([[0.0], np.cumsum(events[order]) / events.sum()])
    area = np.sum(np.diff(share) * (curve[1:] + curve[:-1]) / 2.0)
    return float(1.0 - 2.0 * area)


def top_share(counts: ArrayLike, top: float, rank_by: ArrayLike | None = None) -> float:
    """Return the share of events in the top share of units, ranked by their own or other counts.

    Parameters
    ----------
    counts
        Events of each unit, shape (units,).
    top
        Share of the units, above 0 and at most 1; a part of a unit counts in proportion.
    rank_by
        What orders the units; their own counts unless given. Counts of another period show how
        much concentration persists: few events look concentrated by chance alone.

    Not a number where there are no events. Raises ValueError for another ``top``.
    """
    if not 0 < top <= 1:
        raise ValueError("a top share lies above 0 and is at most 1")
    events = np.asarray(counts, float)
    if events.sum() <= 0:
        return float("nan")
    by = events if rank_by is None else np.asarray(rank_by, float)
    # Units of the same rank share their events: the order of the rows must not decide.
    _, group = np.unique(-by, return_inverse=True)
    size, held = np.bincount(group), np.bincount(group, weights=events)
    units = top * len(events)
    before = np.concatenate([[0.0], np.cumsum(size)[:-1]])
    taken = np.clip(units - before, 0.0, size) / size
    return float(np.sum(held * taken) / events.sum())


def morans_i(values: ArrayLike, pairs: ArrayLike) -> float:
    """Return Moran's I of values over places that touch, with binary symmetric weights.

    Parameters
    ----------
    values
        A rate of each place, shape (places,).
    pairs
        Rows of places that touch, each pair once, shape (pairs, 2).

    About -1/(places - 1) without spatial pattern. Not a number without pairs or variation.
    Source: Moran PAP (1950), Biometrika 37:17-23.
    """
    rate, touching = np.asarray(values, float), np.asarray(pairs, np.int64)
    apart = rate - rate.mean()
    spread = np.sum(apart**2)
    if len(touching) == 0 or spread <= 0:
        return float("nan")
    together = 2.0 * np.sum(apart[touching[:, 0]] * apart[touching[:, 1]])
    return float(len(rate) / (2.0 * len(touching)) * together / spread)


def near_repeats(place: ArrayLike, week: ArrayLike, first: int, last: int) -> tuple[float, float]:
    """Return the pairs of events in one place `first` to `last` weeks apart, and those expected.

    Parameters
    ----------
    place, week
        Codes of place and whole week (0, 1, ...) of each event, shape (events,).
    first, last
        Lags in weeks, both included; 0 is the same week.

    Expected is the mean over all ways of dealing the dates out to the events, which Knox's test
    finds by shuffling: pairs close in space times pairs close in time over all pairs. Observed
    over expected is the near-repeat ratio; places and seasons that are busy are in both.

    Source: Knox EG (1964), British Journal of Preventive and Social Medicine 18:17-24; Ratcliffe
    JH, Rengert GF (2008), Security Journal 21:58-76.

    Raises ValueError where a week or a lag is below 0, or the first lag above the last.
    """
    where = np.unique(np.asarray(place), return_inverse=True)[1]
    when = np.asarray(week, np.int64)
    if not 0 <= first <= last or (len(when) and when.min() < 0):
        raise ValueError("weeks and lags are 0 or more, and the first lag is not above the last")
    if len(when) < 2:
        return 0.0, float("nan")
    cells = np.zeros((where.max() + 1, when.max() + 1))
    np.add.at(cells, (where, when), 1.0)
    by_place, by_week, number = cells.sum(axis=1), cells.sum(axis=0), float(len(when))
    observed = sum(_pairs_at(cells, lag) for lag in range(first, last + 1))
    in_time = sum(_pairs_at(by_week[None, :], lag) for lag in range(first, last + 1))
    in_space = np.sum(by_place * (by_place - 1.0)) / 2.0
    return float(observed), float(in_space * in_time / (number * (number - 1.0) / 2.0))


def _pairs_at(cells: np.ndarray, lag: int) -> float:
    """Return the pairs of events in one row, `lag` columns apart."""
    if lag == 0:
        return float(np.sum(cells * (cells - 1.0)) / 2.0)
    return float(np.sum(cells[:, :-lag] * cells[:, lag:])) if lag < cells.shape[1] else 0.0


def rank_correlation(first: ArrayLike, second: ArrayLike) -> float:
    """Return Spearman's rank correlation; not a number below three pairs or without variation.

    Raises ValueError where the two, shape (pairs,), are not equally long.
    """
    from scipy.stats import rankdata

    one, other = rankdata(np.asarray(first, float)), rankdata(np.asarray(second, float))
    if len(one) != len(other):
        raise ValueError("a rank correlation needs pairs")
    if len(one) < 3 or one.std() == 0 or other.std() == 0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])
