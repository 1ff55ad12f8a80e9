"""The pools from which victims come, and the ties of the young: frozen for a year."""

import numba
import numpy as np

from vru_model.people import DEAD, MONTHS_AT_10, MONTHS_AT_16
from vru_model.processes.peers import make_ties
from vru_model.processes.records import Contacts


def identity_order(people) -> np.ndarray:
    """Return residents in an order set by who they are: founders by rank, born by identifier."""
    born = np.argsort(people.column("identifier")[people.founders :], kind="stable")
    return np.concatenate(
        [np.arange(people.founders), people.founders + born]
    ).astype(np.int32)


def gather_contacts(people, areas, geography, place, key, month, parameters) -> Contacts:
    """Return pools of those of ten or more by neighbourhood, of 16 by authority, and ties."""
    order = identity_order(people)
    state, authority = people.state, areas["authority"].copy()
    near = _pool(state, order, authority, month, MONTHS_AT_10, len(areas), False)
    night = _pool(
        state, order, authority, month, MONTHS_AT_16, len(place.authorities), True
    )
    peer_area = place.neighbourhoods["peer_area"].to_numpy().astype(np.int64)
    ties = make_ties(
        state, people.count, geography.nearest, peer_area, key, month, parameters.rewired,
        parameters.likeness,
    )  # fmt: skip
    return Contacts(*near, *night, ties)


@numba.njit(cache=True)
def _pool(people, order, authority, month, youngest, groups, by_authority):
    """Sort the residents of at least an age by group, keeping their order (counting sort)."""
    starts = np.zeros(groups + 1, np.int64)
    for i in order:
        if people[i].status != DEAD and month - people[i].birth_month >= youngest:
            group = people[i].neighbourhood
            group = authority[group] if by_authority else group
            starts[group + 1] += 1
    starts = np.cumsum(starts)
    at = starts[:-1].copy()
    members = np.empty(starts[-1], np.int32)
    for i in order:
        if people[i].status != DEAD and month - people[i].birth_month >= youngest:
            group = people[i].neighbourhood
            group = authority[group] if by_authority else group
            members[at[group]] = i
            at[group] += 1
    return members, starts
