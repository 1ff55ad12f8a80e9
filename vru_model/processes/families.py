"""Who lives with whom: households as rings, and what joins and parts them.

``next_in_household`` links the members of a household in a ring, so that leaving, joining and
walking round it cost no more than the household is large.
"""

import numpy as np

from vru_model.compiling import kernel, part
from vru_model.people import ALWAYS, DEAD, NEVER, NOBODY
from vru_model.prefetching import AHEAD, prefetch_line
from vru_model.processes.act_bounds import lift

MOST_TOGETHER = 32


@part
def leave_ring(people, i):
    """Take a resident out of the ring of their household."""
    before = i
    while people.state[before].next_in_household != i:
        before = people.state[before].next_in_household
    people.state[before].next_in_household = people.state[i].next_in_household
    people.state[i].next_in_household = i


@part
def join_ring(people, i, member):
    """Put a resident, alone in their ring, into the household of a member."""
    people.state[i].next_in_household = people.state[member].next_in_household
    people.state[member].next_in_household = i
    people.household[i] = people.household[member]
    people.profile[i].neighbourhood = people.profile[member].neighbourhood


@part
def gather(people, i, group, size):
    """Add a resident and all who depend on them at home to a group; return its new size."""
    group[size] = i
    at = size
    size += 1
    while at < size:  # each one gathered brings those in their own care
        j = people.state[i].next_in_household
        while j != i and size < MOST_TOGETHER - 1:
            if people.state[j].carer == group[at]:
                group[size] = j
                size += 1
            j = people.state[j].next_in_household
        at += 1
    return size


@part
def settle(people, areas, group, size, neighbourhood, household):
    """Move a group into a household of its own; bounds rise with the terms of the new place."""
    for n in range(size):
        i = group[n]
        leave_ring(people, i)
        old, new = areas[people.profile[i].neighbourhood], areas[neighbourhood]
        lift(people.act_bound, i, new.act_term - old.act_term)
        lift(
            people.child_bound, i,
            max(new.ace_term - old.ace_term, new.exclusion_term - old.exclusion_term),
        )  # fmt: skip
    people.household[group[0]] = household
    people.profile[group[0]].neighbourhood = neighbourhood
    for n in range(1, size):
        join_ring(people, group[n], group[0])


@part
def lives_with_carer(people, i):
    """Say whether a resident lives with the person who brought them up."""
    carer = people.state[i].carer
    return (
        carer != NOBODY
        and people.profile[carer].status != DEAD
        and people.household[carer] == people.household[i]
    )


def bury(people, dead: np.ndarray) -> None:
    """Take the dead out of households and partnerships; they keep their row."""
    _bury(people.rows, np.ascontiguousarray(dead))
    people.deaths += len(dead)


@kernel
def _bury(people, dead):
    for i in dead:
        people.profile[i].status = DEAD
        people.status_until[i] = NEVER
        leave_ring(people, i)
        partner = people.state[i].partner
        if partner != NOBODY and people.state[partner].partner == i:
            people.state[partner].partner = NOBODY


@kernel
def find_new_carers(people, children, month, adult_months):
    """Give children whose carer has died or gone another adult of the household, if any."""
    for n in range(len(children)):
        prefetch_line(people.state, children[min(n + 2 * AHEAD, len(children) - 1)])
        carer = people.state[children[min(n + AHEAD, len(children) - 1)]].carer
        prefetch_line(people.household, max(carer, 0))
        prefetch_line(people.profile, max(carer, 0))
        i = children[n]
        if lives_with_carer(people, i):
            continue
        people.state[i].carer = NOBODY
        people.child_bound[i] = ALWAYS
        oldest = month
        j = people.state[i].next_in_household
        while j != i:
            born = people.profile[j].birth_month
            if month - born >= adult_months and born < oldest:
                people.state[i].carer = j
                oldest = born
            j = people.state[j].next_in_household


@part
def bring_together(people, areas, first, second, group, household):
    """Make two residents partners, with those in their care, in the first one's neighbourhood."""
    size = gather(people, first, group, 0)
    size = gather(people, second, group, size)
    settle(people, areas, group, size, people.profile[first].neighbourhood, household)
    people.state[first].partner = np.int32(second)
    people.state[second].partner = np.int32(first)
