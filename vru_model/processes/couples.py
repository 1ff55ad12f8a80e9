"""Phase 2, once a year: couples part, and single people find partners."""

import math

import numpy as np

from vru_model import randomness, sweeps
from vru_model.compiling import kernel, part
from vru_model.people import CUSTODY, DEAD, MONTHS_AT_18, NOBODY
from vru_model.prefetching import AHEAD, prefetch
from vru_model.processes.demography import speaks_for_couple
from vru_model.processes.destinations import destination
from vru_model.processes.families import MOST_TOGETHER, bring_together, gather, settle

_AGE_LAST = 720  # months: 60 years
_AGE_GAP = 84  # months: 7 years
_TRIES = 64
_NEITHER, _SINGLE_MAN = range(2)


def part_couples(people, columns, count: int, *others) -> int:
    """Part some couples: one, not the carer of the children, finds a home elsewhere.

    Returns the next household number.
    """
    group = np.empty(MOST_TOGETHER, np.int32)
    return _part_couples(people, columns, count, group, sweeps.a_block(), *others)


@kernel
def _part_couples(
    people, columns, count, group, block, areas, destinations, key, year, new_household, demography
):  # fmt: skip
    below = randomness.threshold(-math.expm1(-demography.separation))
    identifiers = columns.identifier[:count]
    for first in range(0, count, sweeps.BLOCK):
        parting = sweeps.below(
            key, identifiers, below, first, year, randomness.SEPARATION, block
        )
        for n in range(parting):
            prefetch(people, block.positions[n])
        for n in range(parting):
            i = block.positions[n]
            partner = people[i].partner
            if people[i].status == DEAD or partner == NOBODY or not speaks_for_couple(people, i):
                continue
            leaver = partner if _cares_for_fewer(people, partner, i, group) else i
            people[i].partner = people[partner].partner = NOBODY
            if people[i].household == people[partner].household:
                group[0] = leaver
                word = randomness.four_words(
                    key, people[i].identifier, year, randomness.SEPARATION, 0
                )[1]
                place = destination(people[leaver].neighbourhood, word, destinations)
                settle(people, columns, areas, group, 1, place, new_household)
                new_household += 1
    return new_household


@part
def _cares_for_fewer(people, first, second, group):
    return gather(people, first, group, 0) <= gather(people, second, group, 0)


def form_couples(
    people, areas: np.ndarray, contacts, key, year: int, new_household: int, demography
) -> int:
    """Let single women who look for a partner find a single man near by.

    Women come in an order of identity, so that worlds stay alike: founders by rank, those born
    since by identifier. Returns the next household number.
    """
    count, state = people.count, people.state
    space = people.workspace
    role, born = space.array("role", count, np.uint8), space.array("born", count, np.int16)
    seekers = space.array("seekers", count, np.int32)
    below = randomness.threshold(-math.expm1(-demography.partnering))
    identifiers = people.columns.identifier[:count]
    found = _find_roles(state, identifiers, role, born, seekers, below, sweeps.a_block(), key, year,
                        people.month)  # fmt: skip
    seekers = seekers[:found]
    founders = np.count_nonzero(seekers < people.founders)
    since = seekers[founders:]
    seekers[founders:] = since[np.argsort(identifiers[since])]
    return _form_couples(
        state, people.columns, areas, seekers, role, born, np.empty(2 * MOST_TOGETHER, np.int32),
        np.empty(sweeps.LANES, np.uint32), contacts, key, year, new_household,
    )  # fmt: skip


@kernel
def _find_roles(people, identifiers, role, born, seekers, below, block, key, year, month):
    """Say who is a single man, which single women look this year, and when all were born."""
    found = 0
    for first in range(0, len(identifiers), sweeps.BLOCK):
        here = identifiers[first : first + sweeps.BLOCK]
        sweeps.first_words(key, here, year, randomness.PARTNERSHIP, 0, block.words)
        for n in range(len(here)):
            i = first + n
            born[i] = people[i].birth_month
            single = _single(people, i, month)
            role[i] = _SINGLE_MAN if single and people[i].male else _NEITHER
            seekers[found] = i
            found += single and not people[i].male and block.words[n] < below
    return found


@part
def _single(people, i, month):
    age = month - people[i].birth_month
    if people[i].status >= CUSTODY or people[i].partner != NOBODY:
        return False
    return MONTHS_AT_18 <= age < _AGE_LAST


@kernel
def _form_couples(
    people, columns, areas, seekers, role, born, group, words, contacts, key, year, new_household
):  # fmt: skip
    for n in range(len(seekers)):
        prefetch(people, seekers[min(n + AHEAD, len(seekers) - 1)])
        i = seekers[n]
        j = _partner(people, i, role, born, words, contacts, key, year)
        if j != NOBODY:
            bring_together(people, columns, areas, i, j, group, new_household)
            role[j] = _NEITHER
            new_household += 1
    return new_household


@part
def _partner(people, i, role, born, words, contacts, key, year):
    """Return the first single man of about her age whom a woman meets, NOBODY if none."""
    place = people[i].neighbourhood
    first, size = contacts.starts[place], contacts.starts[place + 1] - contacts.starts[place]
    if size == 0:
        return NOBODY
    for attempt in range(0, _TRIES, sweeps.LANES):
        sweeps.first_words_of_attempts(
            key, people[i].identifier, year, randomness.PARTNERSHIP, 1 + attempt, words
        )
        for n in range(sweeps.LANES):
            j = contacts.members[first + randomness.below(words[n], size)]
            suits = role[j] == _SINGLE_MAN and abs(born[i] - born[j]) <= _AGE_GAP
            if suits and people[j].household != people[i].household:
                return j
    return NOBODY
