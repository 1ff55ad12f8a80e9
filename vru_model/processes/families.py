"""Who lives with whom: households as rings, and what joins and parts them.

``next_in_household`` links the members of a household in a ring, so that leaving, joining and
walking round it cost no more than the household is large.
"""

import numba
import numpy as np

from vru_model.people import DEAD, NOBODY

MOST_TOGETHER = 32


@numba.njit
def leave_ring(people, i):
    """Take a resident out of the ring of their household."""
    before = i
    while people.next_in_household[before] != i:
        before = people.next_in_household[before]
    people.next_in_household[before] = people.next_in_household[i]
    people.next_in_household[i] = i


@numba.njit
def join_ring(people, i, member):
    """Put a resident, alone in their ring, into the household of a member."""
    people.next_in_household[i] = people.next_in_household[member]
    people.next_in_household[member] = i
    people.household[i] = people.household[member]
    people.neighbourhood[i] = people.neighbourhood[member]


@numba.njit
def gather(people, i, group, size):
    """Add a resident and those in their care at home to a group; return its new size."""
    group[size] = i
    size += 1
    j = people.next_in_household[i]
    while j != i and size < MOST_TOGETHER - 1:
        if people.carer[j] == i:
            group[size] = j
            size += 1
        j = people.next_in_household[j]
    return size


@numba.njit
def settle(people, group, size, neighbourhood, household):
    """Move a group into a household of its own."""
    for n in range(size):
        leave_ring(people, group[n])
    people.household[group[0]] = household
    people.neighbourhood[group[0]] = neighbourhood
    for n in range(1, size):
        join_ring(people, group[n], group[0])


@numba.njit
def lives_with_carer(people, i):
    """Say whether a resident lives with the person who brought them up."""
    carer = people.carer[i]
    return (
        carer != NOBODY
        and people.status[carer] != DEAD
        and people.household[carer] == people.household[i]
    )


@numba.njit(cache=True)
def bury(people, dead):
    """Take the dead out of households and partnerships; they keep their row."""
    for i in dead:
        people.status[i] = DEAD
        leave_ring(people, i)
        partner = people.partner[i]
        if partner != NOBODY and people.partner[partner] == i:
            people.partner[partner] = NOBODY


@numba.njit(cache=True)
def find_new_carers(people, count, month, adult_months):
    """Give children whose carer has died or gone another adult of the household, if there is one."""
    for i in range(count):
        if month - people.birth_month[i] >= adult_months or people.status[i] == DEAD:
            continue
        if lives_with_carer(people, i):
            continue
        people.carer[i] = NOBODY
        oldest = month
        j = people.next_in_household[i]
        while j != i:
            born = people.birth_month[j]
            if month - born >= adult_months and born < oldest:
                people.carer[i] = j
                oldest = born
            j = people.next_in_household[j]


@numba.njit
def bring_together(people, first, second, group, household):
    """Make two residents partners, with those in their care, in the first one's neighbourhood."""
    size = gather(people, first, group, 0)
    size = gather(people, second, group, size)
    settle(people, group, size, people.neighbourhood[first], household)
    people.partner[first] = np.int32(second)
    people.partner[second] = np.int32(first)
