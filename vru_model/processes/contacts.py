"""The pools from which victims come, and the ties of the young: frozen for a year."""

from typing import NamedTuple

import numpy as np

from vru_model.compiling import kernel
from vru_model.people import DEAD, MONTHS_AT_10, MONTHS_AT_16, MONTHS_AT_18
from vru_model.processes import peers
from vru_model.processes.records import Contacts
from vru_model.processes.ties import make_ties, no_ties

_NOBODYS, _ALIVE, _TEN, _SIXTEEN = range(4)


class Standing(NamedTuple):
    """Where everybody lives and how old they are when a year begins: one entry a resident."""

    home: np.ndarray  # uint16, their neighbourhood
    old: np.ndarray  # uint8: dead, alive, of ten and more, of sixteen and more


def no_contacts() -> Contacts:
    """Return the contacts of a world in which nobody has been gathered yet."""
    nobody, nowhere = np.empty(0, np.int32), np.zeros(1, np.int64)
    return Contacts(nobody, nowhere, nobody, nowhere, no_ties())


def gather_contacts(people, areas, geography, place, before, key, clock, values) -> Contacts:
    """Return pools of those of ten or more by neighbourhood, of 16 by authority, and ties.

    Counts the residents of each neighbourhood, too, and says who is a child. ``before`` are the
    ties of the last year, ``values`` all coefficients.
    """
    standing = _take_stock(people, areas)
    order = _born_in_order(people)
    neighbourhoods = np.arange(len(areas), dtype=np.uint16)
    authority = areas["authority"].astype(np.uint16)
    near = _pool(people, order, standing, _TEN, neighbourhoods, len(areas))
    night = _pool(people, order, standing, _SIXTEEN, authority, len(place.authorities))
    peer_area = place.neighbourhoods["peer_area"].to_numpy().astype(np.int64)
    ties, new = make_ties(people, before, geography.nearest, peer_area, key, values.peers)
    peers.look_round(people, ties, new, clock.months, values)
    return Contacts(*near, *night, ties)


def _born_in_order(people) -> np.ndarray:
    """Return those born since the world began by identifier: an order set by who they are."""
    born = np.argsort(people.column("identifier")[people.founders :])
    return (people.founders + born).astype(np.int32)


def _take_stock(people, areas) -> Standing:
    """Count the residents of neighbourhoods, and note children, pupils and everybody's standing."""
    count, space = people.count, people.workspace
    standing = Standing(
        space.array("home", count, np.uint16), space.array("old", count, np.uint8)
    )
    children = space.array("children", count, np.int32)
    pupils = space.array("pupils", count, np.int32)
    residents = np.zeros(len(areas))
    young, at_school = _stand(people.rows, count, people.month, standing, residents, children,
                              pupils)  # fmt: skip
    areas["residents"] = residents
    people.note_children(children[:young], pupils[:at_school])
    return standing


@kernel
def _stand(people, count, month, standing, residents, children, pupils):
    young = at_school = 0
    for i in range(count):
        age = month - people.profile[i].birth_month
        standing.home[i] = people.profile[i].neighbourhood
        standing.old[i] = _ALIVE + (age >= MONTHS_AT_10) + (age >= MONTHS_AT_16)
        if people.profile[i].status == DEAD:
            standing.old[i] = _NOBODYS
            continue
        residents[people.profile[i].neighbourhood] += 1.0
        children[young] = pupils[at_school] = i
        young += age < MONTHS_AT_18
        at_school += MONTHS_AT_10 <= age < MONTHS_AT_16
    return young, at_school


def _pool(
    people, born: np.ndarray, standing: Standing, least: int, group_of, groups: int
) -> tuple[np.ndarray, np.ndarray]:
    """Sort those old enough by group, keeping their order: founders, then the ``born`` (int32)."""
    starts = np.zeros(groups + 1, np.int64)
    _count(standing, least, group_of, starts[1:])
    np.cumsum(starts, out=starts)
    members = people.workspace.array(f"pool {least}", int(starts[-1]), np.int32)
    _place(people.founders, born, standing, least, group_of, starts[:-1].copy(), members)
    return members, starts


@kernel
def _count(standing, least, group_of, counts):
    for i in range(len(standing.home)):
        counts[group_of[standing.home[i]]] += standing.old[i] >= least


@kernel
def _place(founders, born, standing, least, group_of, at, members):
    for n in range(len(standing.home)):
        i = n if n < founders else born[n - founders]
        if standing.old[i] >= least:
            group = group_of[standing.home[i]]
            members[at[group]] = i
            at[group] += 1
