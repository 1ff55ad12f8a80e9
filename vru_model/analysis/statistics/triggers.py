"""Whether events follow closely on exposures within the same person: the case-crossover design."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def case_crossover_ratio(
    persons: ArrayLike, weeks: ArrayLike, exposed_persons: ArrayLike, exposed_weeks: ArrayLike,
    lags: tuple[int, int], control_lags: tuple[int, int],
) -> float:  # fmt: skip
    """Return how much likelier an exposure lies shortly before an act than well before it.

    Parameters
    ----------
    persons, weeks
        Who acted, and in which week (0, 1, ...), one entry an act.
    exposed_persons, exposed_weeks
        Who was exposed, and when, one entry an exposure.
    lags
        First and last week before the act that count as shortly before, both included.
    control_lags
        First and last week before the act that serve as controls.

    Each act is compared with earlier periods of the same person, so whatever does not change
    about a person cannot explain the ratio. Acts without the whole control period behind them
    are left out; exposed weeks count once. The ratio is of exposed weeks per week: of the odds,
    where weeks with an exposure are few. Not a number without exposed control weeks.

    Source: Maclure M (1991), American Journal of Epidemiology 133:144-153; the design of
    Sariaslan A and others (2016), JAMA Psychiatry 73:796-803.
    """
    span = max(lags[1], control_lags[1])
    acted, act_week = np.asarray(persons), np.asarray(weeks, np.int64)
    late = act_week >= span
    acted, act_week = acted[late], act_week[late]
    names = np.unique(np.concatenate([acted, np.asarray(exposed_persons, acted.dtype)]))
    length = np.int64(max(act_week.max(initial=0), np.max(exposed_weeks, initial=0)) + 1)
    exposures = np.unique(
        np.searchsorted(names, exposed_persons) * length + np.asarray(exposed_weeks, np.int64)
    )
    row = np.searchsorted(names, acted) * length + act_week

    def exposed_share(first: int, last: int) -> float:
        found = sum(int(np.isin(row - lag, exposures).sum()) for lag in range(first, last + 1))
        return found / (last - first + 1)

    control = exposed_share(*control_lags)
    return exposed_share(*lags) / control if control > 0 else float("nan")
