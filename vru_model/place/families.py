"""Families: sibling groups find a carer, and grown children may live with a parent."""

import numpy as np
from numba import njit

from vru_model.place.neighbours import (
    ADULT_MONTHS,
    CHILDLESS,
    COUPLE_PARENT,
    COUPLE_WOMAN,
    FATHER,
    FULL,
    LONE_PARENT,
    MOTHER,
    PARENTS,
    SINGLE_MAN,
    SINGLE_WOMAN,
    WOMEN,
    find_nearest,
)
from vru_model.randomness import (
    PLACE_CARER,
    PLACE_HOUSEHOLD,
    four_words,
    happens,
    standard_normal,
    uniform,
)


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
