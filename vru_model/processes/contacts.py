"""The pools from which victims come, and the ties of the young: frozen for a year."""

import numpy as np

from vru_model.compiling import kernel
from vru_model.people import DEAD, MONTHS_AT_10, MONTHS_AT_16, MONTHS_AT_18
from vru_model.processes import peers
from vru_model.processes.records import Contacts
from vru_model.processes.ties import make_ties, no_ties


def no_contacts() -> Contacts:
    """Return the contacts of a world in which nobody has been gathered yet."""
    nobody, nowhere = np.empty(0, np.int32), np.zeros(1, np.int64)
    return Contacts(nobody, nowhere, nobody, nowhere, no_ties())


def gather_contacts(people, areas, geography, place, before, key, clock, values) -> Contacts:
    """Return pools of those of ten or more by neighbourhood, of 16 by authority, and ties.

    Counts the residents of each neighbourhood, too, and says who is a child. ``before`` are the
    ties of the last year, ``values`` all coefficients.
    """
    of_ten, of_sixteen = _take_stock(people, areas)
    authority = areas["authority"].astype(np.int64)
    by_authority = np.bincount(authority, of_sixteen, len(place.authorities)).astype(np.int64)
    near, night = _starts(of_ten), _starts(by_authority)
    members = people.workspace.array("people near by", int(near[-1]), np.int32)
    out = people.workspace.array("people out at night", int(night[-1]), np.int32)
    _place(people.rows, people.founders, _born_in_order(people), people.month, authority,
           near[:-1].copy(), members, night[:-1].copy(), out)  # fmt: skip
    peer_area = place.neighbourhoods["peer_area"].to_numpy().astype(np.int64)
    ties, new = make_ties(people, before, geography.nearest, peer_area, key, values.peers)
    peers.look_round(people, ties, new, clock.months, values)
    return Contacts(members, near, out, night, ties)


def _born_in_order(people) -> np.ndarray:
    """Return those born since the world began by identifier: an order set by who they are."""
    born = np.argsort(people.column("identifier")[people.founders :])
    return (people.founders + born).astype(np.int32)


def _take_stock(people, areas) -> tuple[np.ndarray, np.ndarray]:
    """Count the residents of neighbourhoods, and note who is a child and who a pupil.

    Returns how many of each neighbourhood are ten or more, and sixteen or more (int64).
    """
    count, space = people.count, people.workspace
    children = space.array("children", count, np.int32)
    pupils = space.array("pupils", count, np.int32)
    of_age = np.zeros((3, len(areas)), np.int64)
    young, at_school = _stand(people.rows, count, people.month, of_age, children, pupils)
    areas["residents"] = of_age[0]
    people.note_children(children[:young], pupils[:at_school])
    return of_age[1], of_age[2]


@kernel
def _stand(people, count, month, of_age, children, pupils):
    young = at_school = 0
    for i in range(count):
        profile = people.profile[i]
        if profile.status == DEAD:
            continue
        age = month - profile.birth_month
        of_age[0, profile.neighbourhood] += 1
        of_age[1, profile.neighbourhood] += age >= MONTHS_AT_10
        of_age[2, profile.neighbourhood] += age >= MONTHS_AT_16
        children[young] = pupils[at_school] = i
        young += age < MONTHS_AT_18
        at_school += MONTHS_AT_10 <= age < MONTHS_AT_16
    return young, at_school


def _starts(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(counts)])


@kernel
def _place(people, founders, born, month, authority, near, members, night, out):
    """Put everybody old enough into the pools, in order: founders, then the ``born`` (int32).

    ``near`` and ``night`` say where the next one of a neighbourhood, and an authority, stands.
    """
    for n in range(founders + len(born)):
        i = n if n < founders else born[n - founders]
        profile = people.profile[i]
        age = month - profile.birth_month
        if age < MONTHS_AT_10 or profile.status == DEAD:
            continue
        place = profile.neighbourhood
        members[near[place]] = i
        near[place] += 1
        if age >= MONTHS_AT_16:
            out[night[authority[place]]] = i
            night[authority[place]] += 1
