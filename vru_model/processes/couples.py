"""Phase 2, once a year: couples part, and single people find partners."""

import math

import numpy as np

from vru_model import randomness, sweeps
from vru_model.compiling import inlined, kernel, part
from vru_model.people import CUSTODY, DEAD, MONTHS_AT_18, NOBODY
from vru_model.prefetching import AHEAD, prefetch, prefetch_to_draw
from vru_model.processes.demography import speaks_for_couple
from vru_model.processes.destinations import destination
from vru_model.processes.families import MOST_TOGETHER, bring_together, gather, settle

_AGE_LAST = 720  # months: 60 years
_AGE_GAP = 84  # months: 7 years
_TRIES = 64


def part_couples(people, count: int, *others) -> int:
    """Part some couples: one, not the carer of the children, finds a home elsewhere.

    Returns the next household number.
    """
    group = np.empty(MOST_TOGETHER, np.int32)
    return _part_couples(people, count, group, sweeps.a_block(), *others)


@kernel
def _part_couples(
    people, count, group, block, areas, destinations, key, year, new_household, demography
):  # fmt: skip
    below = randomness.threshold(-math.expm1(-demography.separation))
    identifiers = people.identifier[:count]
    for first in range(0, count, sweeps.BLOCK):
        parting = sweeps.below(
            key, identifiers, below, first, year, randomness.SEPARATION, block
        )
        for n in range(parting):
            prefetch(people, block.positions[n])
        for n in range(parting):
            i = block.positions[n]
            partner = people.state[i].partner
            if partner == NOBODY or people.profile[i].status == DEAD:
                continue
            if not speaks_for_couple(people, i):
                continue
            leaver = partner if _cares_for_fewer(people, partner, i, group) else i
            people.state[i].partner = people.state[partner].partner = NOBODY
            if people.household[i] == people.household[partner]:
                group[0] = leaver
                word = randomness.four_words(
                    key, people.identifier[i], year, randomness.SEPARATION, 0
                )[1]
                place = destination(people.profile[leaver].neighbourhood, word, destinations)
                settle(people, areas, group, 1, place, new_household)
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
    count, identifiers = people.count, people.rows.identifier[: people.count]
    seekers = people.workspace.array("seekers", count, np.int32)
    below = randomness.threshold(-math.expm1(-demography.partnering))
    found = _find_seekers(people.rows, identifiers, seekers, below, sweeps.a_block(), key, year,
                          people.month)  # fmt: skip
    seekers = seekers[:found]
    founders = np.count_nonzero(seekers < people.founders)
    since = seekers[founders:]
    seekers[founders:] = since[np.argsort(identifiers[since])]
    return _form_couples(
        people.rows, areas, seekers, np.empty(2 * MOST_TOGETHER, np.int32),
        np.empty(sweeps.LANES, np.uint32), contacts, key, year, people.month, new_household,
    )  # fmt: skip


@kernel
def _find_seekers(people, identifiers, seekers, below, block, key, year, month):
    """Find the single women who look for a partner this year."""
    found = 0
    for first in range(0, len(identifiers), sweeps.BLOCK):
        looking = sweeps.below(
            key, identifiers, below, first, year, randomness.PARTNERSHIP, block
        )
        for n in range(looking):
            prefetch(people, block.positions[n])
        for n in range(looking):
            i = block.positions[n]
            seekers[found] = i
            found += _single(people, i, month) and not people.profile[i].male
    return found


@inlined
def _single(people, i, month):
    profile = people.profile[i]
    of_age = MONTHS_AT_18 <= month - profile.birth_month < _AGE_LAST
    return of_age and profile.status < CUSTODY and people.state[i].partner == NOBODY


@kernel
def _form_couples(
    people, areas, seekers, group, words, contacts, key, year, month, new_household
):  # fmt: skip
    for n in range(len(seekers)):
        prefetch_to_draw(people, seekers[min(n + AHEAD, len(seekers) - 1)])
        i = seekers[n]
        j = _partner(people, i, words, contacts, key, year, month)
        if j != NOBODY:
            bring_together(people, areas, i, j, group, new_household)
            new_household += 1
    return new_household


@part
def _partner(people, i, words, contacts, key, year, month):
    """Return the first single man of about her age whom a woman meets, NOBODY if none."""
    place, born = people.profile[i].neighbourhood, people.profile[i].birth_month
    first, size = contacts.starts[place], contacts.starts[place + 1] - contacts.starts[place]
    if size == 0:
        return NOBODY
    for attempt in range(0, _TRIES, sweeps.LANES):
        sweeps.first_words_of_attempts(
            key, people.identifier[i], year, randomness.PARTNERSHIP, 1 + attempt, words
        )
        for n in range(sweeps.LANES):
            j = contacts.members[first + randomness.below(words[n], size)]
            man = people.profile[j]
            gap = abs(np.int64(born) - man.birth_month)
            if not (man.male and gap <= _AGE_GAP and _single(people, j, month)):
                continue
            if people.household[j] != people.household[i]:
                return j
    return NOBODY
