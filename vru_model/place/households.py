"""Kernels that put the residents of one neighbourhood into couples, families and households.

The residents of a neighbourhood come sorted by age. Couples are formed first, then families
(sibling groups find a carer), then grown children who live with a parent; the remaining adults
live alone or share, as many of them as the published number of households asks for. Every choice
is a keyed draw of the resident whom it concerns.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from vru_model.randomness import (
    PLACE_CARER,
    PLACE_HOUSEHOLD,
    PLACE_PARTNER,
    four_words,
    happens,
    standard_normal,
    uniform,
)

ADULT_MONTHS = 216  # 18 years
GRANDPARENT_MONTHS = 720  # 60 years

# What somebody is, as bits, so that a search can ask for several kinds at once.
COUPLE_WOMAN = 1
COUPLE_MAN = 2
SINGLE_WOMAN = 4
SINGLE_MAN = 8
MOTHER = 16
FATHER = 32
COUPLE_PARENT = 1024  # besides mother or father
LONE_PARENT = 2048
HEAD = 64
SHARED = 128  # a head who has taken somebody in
LOOKING = 256  # for a partner
FOUND = 512  # may be found as one
FULL = 0  # a child, a guest in another's household, or a household with no room
WOMEN = COUPLE_WOMAN | SINGLE_WOMAN
CHILDLESS = COUPLE_WOMAN | COUPLE_MAN | SINGLE_WOMAN | SINGLE_MAN
PARENTS = MOTHER | FATHER


class Neighbours(NamedTuple):
    """The residents of one neighbourhood, sorted by age; positions are within it."""

    identifier: np.ndarray
    age: np.ndarray  # months
    male: np.ndarray
    kind: np.ndarray
    partner: np.ndarray
    carer: np.ndarray
    host: np.ndarray  # in whose household one lives, or -1
    guests: np.ndarray  # how many grown children or sharers one has taken in
    children: np.ndarray  # how many children one has at home


@njit(cache=True)
def find_nearest(people, target, low, high, wanted):
    """Return whoever of a wanted kind, aged low..high, is nearest in age to target; or -1."""
    age, kind = people.age, people.kind
    right = np.searchsorted(age, target)
    left = right - 1
    while True:
        left_open = left >= 0 and age[left] >= low
        right_open = right < len(age) and age[right] <= high
        if not left_open and not right_open:
            return -1
        if left_open and (not right_open or target - age[left] <= age[right] - target):
            if kind[left] & wanted and age[left] <= high:
                return left
            left -= 1
        else:
            if kind[right] & wanted and age[right] >= low:
                return right
            right += 1


@njit(cache=True)
def form_couples(key, people, customs):
    """Join adults into couples: those who look for a partner take whoever fits their age best.

    Women look, men are found; but a few, who live with somebody of their own sex, stand on the
    opposite side. How many men of each age live with a partner follows from the women.
    """
    for i in range(len(people.age)):
        if people.age[i] >= ADULT_MONTHS:
            words = four_words(key, people.identifier[i], 0, PLACE_PARTNER, 0)
            partnered = happens(words[0], customs.partnered[people.age[i] // 12])
            crosses = partnered and happens(words[1], customs.crossing)
            people.kind[i] = SINGLE_MAN if people.male[i] else SINGLE_WOMAN
            if people.male[i] != crosses:
                people.kind[i] |= FOUND
            elif partnered:
                people.kind[i] |= LOOKING
    for most_gap in (customs.usual_partner_gap, customs.most_partner_gap):
        for i in range(len(people.age)):
            if people.kind[i] & LOOKING:
                find_partner(key, people, customs, i, most_gap)
    for i in range(len(people.age)):
        people.kind[i] &= CHILDLESS


@njit(cache=True)
def find_partner(key, people, customs, one, most_gap):
    """Make a couple of one who is looking and whoever is nearest to the age wished for."""
    word = four_words(key, people.identifier[one], 0, PLACE_PARTNER, 0)[2]
    gap = customs.partner_gap + customs.partner_gap_spread * standard_normal(word)
    target = people.age[one] + (-gap if people.male[one] else gap)
    low = max(ADULT_MONTHS, people.age[one] - most_gap)
    other = find_nearest(people, target, low, people.age[one] + most_gap, FOUND)
    if other >= 0:
        join_couple(people, one, other)


@njit(cache=True)
def join_couple(people, one, other):
    """Make a couple of two people."""
    people.partner[one], people.partner[other] = other, one
    people.kind[one] = COUPLE_MAN if people.male[one] else COUPLE_WOMAN
    people.kind[other] = COUPLE_MAN if people.male[other] else COUPLE_WOMAN


@njit(cache=True)
def choose_carer(people, customs, first_wish, target, eldest, youngest):
    """Return a carer for children of these ages (months), or -1.

    16 to 45 years older than all of them: somebody of the first wish, else (in a neighbourhood
    so small that there is none) a family of the same kind takes them in, else a woman without
    children, else any adult without children, else any family.
    """
    same_kind = COUPLE_PARENT if first_wish & COUPLE_WOMAN else LONE_PARENT
    low = max(eldest + customs.least_gap, ADULT_MONTHS)
    high = youngest + customs.most_gap
    target = min(max(target, low), high)
    for wanted in (first_wish, same_kind, WOMEN, CHILDLESS, PARENTS):
        found = find_nearest(people, target, low, high, wanted)
        if found >= 0:
            return found
    return -1


@njit(cache=True)
def make_parent(people, customs, who, size):
    """Mark somebody, and a partner, as having so many more children at home."""
    other = people.partner[who]
    status = COUPLE_PARENT if other >= 0 else LONE_PARENT
    people.children[who] += size
    if people.children[who] >= customs.most_children:
        status = FULL  # no more, unless no other family can take them in
    people.kind[who] = status | (FATHER if people.male[who] else MOTHER)
    if other >= 0:
        people.children[other] = people.children[who]
        people.kind[other] = status | (FATHER if people.male[other] else MOTHER)


@njit(cache=True)
def gather_siblings(key, people, customs, eldest, taken, group):
    """Fill `group` with the eldest and its younger siblings; return how many they are."""
    identifier = people.identifier[eldest]
    size_word = four_words(key, identifier, 0, PLACE_CARER, 0)[0]
    wanted = 1 + np.searchsorted(customs.siblings, uniform(size_word))
    group[0] = eldest
    taken[eldest] = True
    size = 1
    while size < min(wanted, len(customs.siblings)):
        last = group[size - 1]
        spacing_word = four_words(key, people.identifier[last], 0, PLACE_CARER, 1)[0]
        wish = customs.spacing + customs.spacing_spread * standard_normal(spacing_word)
        spacing = max(wish, customs.least_spacing)
        best = -1
        nearest = np.inf
        for i in range(last - 1, -1, -1):
            gap = people.age[last] - people.age[i]
            if gap > customs.most_spacing or gap - spacing > nearest:
                break
            if not taken[i] and gap >= customs.least_spacing and abs(gap - spacing) < nearest:
                best = i
                nearest = abs(gap - spacing)
        if best < 0:
            break
        group[size] = best
        taken[best] = True
        size += 1
    return size


@njit(cache=True)
def place_siblings(key, people, customs, group, size):
    """Find a carer for a sibling group; return False if nobody can care for all of them."""
    words = four_words(key, people.identifier[group[0]], 0, PLACE_CARER, 0)
    lone = happens(words[1], customs.lone_parents)
    father = happens(words[2], customs.lone_fathers if lone else customs.father_carers)
    age_at_birth = customs.mother_age + customs.mother_age_spread * standard_normal(words[3])
    eldest = people.age[group[0]]
    youngest = people.age[group[size - 1]]
    wish = COUPLE_WOMAN
    if lone:
        wish = SINGLE_MAN if father else SINGLE_WOMAN
    carer = choose_carer(people, customs, wish, eldest + age_at_birth, eldest, youngest)
    if carer < 0:
        return False
    make_parent(people, customs, carer, size)
    other = people.partner[carer]
    if father and not lone and other >= 0 and people.male[other]:
        gap_of_eldest = people.age[other] - eldest
        gap_of_youngest = people.age[other] - youngest
        if gap_of_eldest >= customs.least_gap and gap_of_youngest <= customs.most_gap:
            carer = other
    for k in range(size):
        people.carer[group[k]] = carer
    return True


@njit(cache=True)
def place_child(people, customs, child):
    """Find a carer for one child whose group found none: as before, else any adult at all."""
    age = people.age[child]
    carer = choose_carer(people, customs, WOMEN, age + customs.mother_age, age, age)
    if carer < 0:
        # Nobody is 16 to 45 years older: a grandparent, or an elder brother or sister.
        anyone = CHILDLESS | PARENTS
        oldest = people.age[-1]
        carer = find_nearest(people, age + customs.mother_age, ADULT_MONTHS, oldest, anyone)
    if carer >= 0:
        make_parent(people, customs, carer, 1)
        people.carer[child] = carer


@njit(cache=True)
def form_families(key, people, customs):
    """Put all children into sibling groups, from the eldest down, each with a carer."""
    children = np.searchsorted(people.age, ADULT_MONTHS)
    taken = np.zeros(children, dtype=np.bool_)
    group = np.empty(len(customs.siblings), dtype=np.int64)
    for eldest in range(children - 1, -1, -1):
        if taken[eldest]:
            continue
        size = gather_siblings(key, people, customs, eldest, taken, group)
        if not place_siblings(key, people, customs, group, size):
            for k in range(size):
                place_child(people, customs, group[k])
    for child in range(children):
        people.host[child] = people.carer[child]


@njit(cache=True)
def house_grown_children(key, people, customs):
    """Let some adults with neither partner nor child live with a parent, the youngest first."""
    anyone = CHILDLESS | PARENTS
    for i in range(len(people.age)):
        if not people.kind[i] & (SINGLE_WOMAN | SINGLE_MAN) or people.guests[i] > 0:
            continue
        words = four_words(key, people.identifier[i], 0, PLACE_HOUSEHOLD, 0)
        if not happens(words[0], customs.with_parent[people.age[i] // 12]):
            continue
        gap = customs.mother_age + customs.mother_age_spread * standard_normal(words[1])
        gap = min(max(gap, customs.least_gap), customs.most_gap)
        low = people.age[i] + customs.least_gap
        high = people.age[i] + customs.most_gap
        parent = find_nearest(people, people.age[i] + gap, low, high, WOMEN | MOTHER)
        if parent < 0 or happens(words[2], customs.father_carers):
            other = find_nearest(people, people.age[i] + gap, low, high, anyone)
            parent = other if other >= 0 else parent
        if parent < 0:
            continue
        people.carer[i] = parent
        people.host[i] = parent
        people.kind[i] = FULL
        people.guests[parent] += 1
        if people.guests[parent] >= customs.most_adult_children:
            people.kind[parent] = FULL


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
