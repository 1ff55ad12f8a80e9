"""The pools from which victims come, and the ties of the young: frozen for a year."""

import numba
import numpy as np

from vru_model.people import DEAD, MONTHS_AT_10, MONTHS_AT_16, MONTHS_AT_18
from vru_model.processes import peers
from vru_model.processes.records import Contacts
from vru_model.processes.ties import make_ties, no_ties

_NOBODYS, _ALIVE, _TEN, _SIXTEEN = range(4)


def identity_order(people) -> np.ndarray:
    """Return residents in an order set by who they are: founders by rank, born by identifier."""
    born = np.argsort(people.column("identifier")[people.founders :], kind="stable")
    founders = np.arange(people.founders, dtype=np.int32)
    return np.concatenate([founders, (people.founders + born).astype(np.int32)])


def no_contacts() -> Contacts:
    """Return the contacts of a world in which nobody has been gathered yet."""
    nobody, nowhere = np.empty(0, np.int32), np.zeros(1, np.int64)
    return Contacts(nobody, nowhere, nobody, nowhere, no_ties())


def gather_contacts(people, areas, geography, place, before, key, clock, values) -> Contacts:
    """Return pools of those of ten or more by neighbourhood, of 16 by authority, and ties.

    Counts the residents of each neighbourhood, too, and says who is a child. ``before`` are the
    ties of the last year, ``values`` all coefficients.
    """
    state = people.state
    home, standing, people.children = _stand(state, people.count, people.month)
    age = people.month - state["birth_month"][people.children]
    people.pupils = people.children[(age >= MONTHS_AT_10) & (age < MONTHS_AT_16)]
    areas["residents"] = np.bincount(home[standing >= _ALIVE], minlength=len(areas))
    order = identity_order(people)
    neighbourhoods = np.arange(len(areas), dtype=np.uint16)
    authority = areas["authority"].astype(np.uint16)
    near = _pool(order, home, standing, _TEN, neighbourhoods, len(areas))
    night = _pool(order, home, standing, _SIXTEEN, authority, len(place.authorities))
    peer_area = place.neighbourhoods["peer_area"].to_numpy().astype(np.int64)
    ties, new = make_ties(people, before, geography.nearest, peer_area, key, values.peers)
    peers.look_round(people, ties, new, clock.months, values)
    return Contacts(*near, *night, ties)


@numba.njit(cache=True)
def _stand(people, count, month):
    """Return neighbourhoods, how old people are for the pools, and the children (int32)."""
    home, standing = np.empty(count, np.uint16), np.empty(count, np.uint8)
    children = np.empty(count, np.int32)
    found = 0
    for i in range(count):
        age = month - people[i].birth_month
        home[i] = people[i].neighbourhood
        standing[i] = _ALIVE + (age >= MONTHS_AT_10) + (age >= MONTHS_AT_16)
        if people[i].status == DEAD:
            standing[i] = _NOBODYS
        elif age < MONTHS_AT_18:
            children[found] = i
            found += 1
    return home, standing, children[:found].copy()


@numba.njit(cache=True)
def _pool(order, home, standing, least, group_of, groups):
    """Sort those old enough by group, keeping their order (counting sort)."""
    starts = np.zeros(groups + 1, np.int64)
    for i in range(len(order)):
        if standing[i] >= least:
            starts[group_of[home[i]] + 1] += 1
    starts = np.cumsum(starts)
    at = starts[:-1].copy()
    members = np.empty(starts[-1], np.int32)
    for i in order:
        if standing[i] >= least:
            group = group_of[home[i]]
            members[at[group]] = i
            at[group] += 1
    return members, starts
