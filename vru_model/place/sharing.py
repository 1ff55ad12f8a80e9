"""Single adults: alone, or sharing a home."""

import numpy as np
from numba import njit

from vru_model.place.neighbours import (
    ADULT_MONTHS,
    CHILDLESS,
    COUPLE_MAN,
    COUPLE_WOMAN,
    FULL,
    GRANDPARENT_MONTHS,
    HEAD,
    PARENTS,
    SHARED,
    find_nearest,
)
from vru_model.randomness import (
    PLACE_HOUSEHOLD,
    four_words,
    happens,
    standard_normal,
    uniform,
)


@njit(cache=True)
def share_homes(key, people, customs, households):
    """Settle who of the remaining single adults live alone, and who share a home.

    As many head a household of their own as are needed to reach the published number of
    households: at most all of them, at least enough to take in the others.
    """
    singles = np.empty(len(people.age), dtype=np.int64)
    scores = np.empty(len(people.age))
    count = 0
    settled = 0
    for i in range(len(people.age)):
        if people.age[i] < ADULT_MONTHS or people.host[i] >= 0:
            continue
        if people.partner[i] < 0 and people.guests[i] == 0 and people.kind[i] & CHILDLESS:
            chance = uniform(four_words(key, people.identifier[i], 0, PLACE_HOUSEHOLD, 1)[0])
            singles[count] = i
            scores[count] = np.log(chance / (1.0 - chance)) - customs.sharing[people.age[i] // 12]
            count += 1
        elif people.partner[i] < i:  # one of each couple, and everybody without partner
            settled += 1
    least = (count + customs.most_sharers) // (customs.most_sharers + 1)
    heads = min(max(households - settled, least), count)
    order = np.argsort(-scores[:count], kind="mergesort")
    for k in range(count):
        people.kind[singles[order[k]]] = HEAD if k < heads else FULL
    for k in range(heads, count):
        take_in(key, people, customs, singles[order[k]])


@njit(cache=True)
def take_in(key, people, customs, guest):
    """Find somebody with whom a single adult shares a home, or leave the guest alone.

    Some of the old live with a grown child's family; others share with people of their age.
    """
    words = four_words(key, people.identifier[guest], 0, PLACE_HOUSEHOLD, 2)
    age = people.age[guest]
    host = -1
    most = customs.most_adult_children
    if age >= GRANDPARENT_MONTHS and happens(words[0], customs.living_with_grown_child):
        low, high = age - customs.most_gap, age - customs.least_gap
        families = COUPLE_WOMAN | COUPLE_MAN | PARENTS
        host = find_nearest(people, age - customs.mother_age, low, high, families)
    if host < 0:
        target = age + customs.sharers_gap_spread * standard_normal(words[1])
        low = max(target - customs.sharers_gap_spread, ADULT_MONTHS)
        high = target + customs.sharers_gap_spread
        host = find_nearest(people, target, low, high, SHARED)
        if host < 0:
            host = find_nearest(people, target, ADULT_MONTHS, people.age[-1], HEAD | SHARED)
        if host >= 0:
            people.kind[host] = SHARED
        most = customs.most_sharers
    if host < 0:
        return
    people.host[guest] = host
    people.guests[host] += 1
    if people.guests[host] >= most:
        people.kind[host] = FULL
