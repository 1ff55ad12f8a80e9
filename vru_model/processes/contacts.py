"""The pools from which victims come, frozen for a year."""

import numba
import numpy as np

from vru_model.people import DEAD, MONTHS_AT_10, MONTHS_AT_16


def identity_order(people) -> np.ndarray:
    """Return residents in an order set by who they are: founders by rank, then born by identifier."""
    born = np.argsort(people.column("identifier")[people.founders :], kind="stable")
    return np.concatenate(
        [np.arange(people.founders), people.founders + born]
    ).astype(np.int32)


def gather_pools(people, areas, authorities: int, month: int):
    """Return (members, starts) of residents of ten or more by neighbourhood, and of 16 by authority."""
    order = identity_order(people)
    columns = people.columns
    places = len(areas.deprivation)
    near = _pool(columns, order, areas.authority, month, MONTHS_AT_10, places, False)
    night = _pool(columns, order, areas.authority, month, MONTHS_AT_16, authorities, True)
    return *near, *night


@numba.njit(cache=True)
def _pool(people, order, authority, month, youngest, groups, by_authority):
    """Sort the residents of at least an age by group, keeping their order (counting sort)."""
    starts = np.zeros(groups + 1, np.int64)
    for i in order:
        if people.status[i] != DEAD and month - people.birth_month[i] >= youngest:
            group = people.neighbourhood[i]
            group = authority[group] if by_authority else group
            starts[group + 1] += 1
    starts = np.cumsum(starts)
    at = starts[:-1].copy()
    members = np.empty(starts[-1], np.int32)
    for i in order:
        if people.status[i] != DEAD and month - people.birth_month[i] >= youngest:
            group = people.neighbourhood[i]
            group = authority[group] if by_authority else group
            members[at[group]] = i
            at[group] += 1
    return members, starts
