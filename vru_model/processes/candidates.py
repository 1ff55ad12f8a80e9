"""Phase 7b: whom of a pool an act hits, by rejection against a constant bound.

Pools are large (all of a neighbourhood of ten and more, all of an authority of sixteen and more)
or small (a household, somebody's peers).
"""

from typing import NamedTuple

import numpy as np

from vru_model import randomness, sweeps
from vru_model.compiling import inlined, part
from vru_model.people import ALWAYS_HALF, CUSTODY, MONTHS_AT_10, NOBODY
from vru_model.prefetching import AHEAD, prefetch
from vru_model.processes.records import HOUSEHOLD, NIGHT_TIME_ECONOMY
from vru_model.processes.victim_weights import (
    age_band_of_venue,
    renew_victim_bound,
    room_for_greatest,
    victim_weight,
)

MOST_TRIES = 256
TRIES_PER_ACT = 512
"""Room for each act's tries in the 24 bits of the attempt."""
TOGETHER = 16
"""Attempts whose words are drawn together."""

_MOST_IN_HOUSEHOLD = 64
_HALF = np.uint32(16)  # bits

PLAN = np.dtype(
    [
        ("place", np.int32),  # neighbourhood of the act
        ("venue", np.uint8),
        ("pool", np.uint8),
        ("word", np.uint32),  # says whether a partner is the victim
        ("first", np.int64),  # where the pool begins among all members
        ("size", np.int64),
    ],
    align=True,
)
"""Where an act takes place, and whom it may hit."""

AT_HAND, OF_NEIGHBOURHOOD, OF_AUTHORITY = range(3)  # pools


class Room(NamedTuple):
    """Room to choose victims in: of some acts ahead, whose candidates' memory is asked for."""

    plans: np.ndarray  # PLAN, shape (acts,)
    words: np.ndarray  # uint32, of attempts, shape (acts, 2, 2, attempts)
    drawn: np.ndarray  # int32, the candidates of these attempts, shape (acts, 2 * attempts)
    closer: np.ndarray  # int32, the attempts whose candidates have to be looked at
    together: np.ndarray  # int32, the pool of a household or of peers
    greatest: np.ndarray  # of weights, see fill_greatest_by_age


def a_room() -> Room:
    """Return room to choose the victims of a wave in."""
    return Room(
        np.zeros(AHEAD, PLAN),
        np.empty((AHEAD, 2, 2, TOGETHER), np.uint32),
        np.empty((AHEAD, 2 * TOGETHER), np.int32),
        np.empty(2 * TOGETHER, np.int32),
        np.empty(_MOST_IN_HOUSEHOLD, np.int32),
        room_for_greatest(),
    )


@inlined
def can_be_hurt(people, j, month):
    """Say whether this resident can be a victim: alive, ten or more, not in custody."""
    profile = people.profile[j]
    return profile.status < CUSTODY and month - profile.birth_month >= MONTHS_AT_10


@inlined
def candidate(
    plan, number, people, i, contacts, key, clock, month, fading, victims, history_cap,
    room, slot,
):  # fmt: skip
    """Return a victim from the venue's pool, NOBODY where the pool is empty."""
    pool, first, size = room.together, plan.first, plan.size
    if plan.pool == OF_AUTHORITY:
        pool = contacts.authority_members
    elif plan.pool == OF_NEIGHBOURHOOD:
        pool = contacts.members
    elif plan.venue == HOUSEHOLD:
        partner = people.state[i].partner
        if partner != NOBODY and randomness.happens(plan.word, victims.partner):
            return partner
        first, size = 0, _others_at_home(people, i, month, room.together)
    else:
        first, size = 0, peers_of(people, i, contacts.ties)
        for peer in range(size):
            row = contacts.ties.peers[people.state[i].peer_row, peer]
            room.together[peer] = contacts.ties.young[row]
    drawn = plan.pool != AT_HAND
    return _choose(
        pool, first, size, plan.venue, number, people, i, key, clock, month, fading,
        victims, history_cap, room, slot, drawn,
    )  # fmt: skip


@inlined
def peers_of(people, i, ties):
    """Return how many peers somebody has."""
    row = people.state[i].peer_row
    return ties.number[row] if row != NOBODY else 0


@part
def _others_at_home(people, i, month, household):
    size = 0
    j = people.state[i].next_in_household
    while j != i and size < _MOST_IN_HOUSEHOLD:
        if can_be_hurt(people, j, month) and j != people.state[i].partner:
            household[size] = j
            size += 1
        j = people.state[j].next_in_household
    return size


@part
def _choose(
    pool, first, size, venue, number, people, i, key, clock, month, fading, victims,
    history_cap, room, slot, drawn_before,
):  # fmt: skip
    """Draw from the pool in proportion to the candidates' weights, by rejection.

    Most draws lie above what the candidate's weight could be in any venue (``victim_bound``):
    they are refused without looking closer. After MOST_TRIES refusals the last candidate who
    could be hurt is taken: in a pool of people who are all unlikely victims somebody is hurt all
    the same.
    """
    if size == 0:
        return NOBODY
    words, drawn = room.words[slot], room.drawn[slot]
    for attempt in range(0, MOST_TRIES // 2, TOGETHER):
        if attempt > 0 or not drawn_before:
            sweeps.words_of_attempts(
                key, people.identifier[i], clock, randomness.VICTIM,
                number * TRIES_PER_ACT + attempt, words,
            )  # fmt: skip
            for at in range(2 * TOGETHER):
                word = words[at % 2, 0, at // 2]
                drawn[at] = pool[first + randomness.below(word, size)]
        for n in range(_closer(people, i, words, drawn, room.closer)):
            at = room.closer[n]
            j, word = drawn[at], words[at % 2, 1, at // 2]
            if people.victim_bound[j] == ALWAYS_HALF:
                renew_victim_bound(
                    people, j, month, fading, victims, room.greatest, history_cap
                )
            if not can_be_hurt(people, j, month):
                continue
            age = month - people.profile[j].birth_month
            weight = victim_weight(people, j, age, venue, fading, victims, history_cap)
            if randomness.happens(word, weight / victims.greatest_weight):
                return j
    return _last_to_be_hurt(pool, first, size, venue, number, people, i, key, clock, month, victims)


@inlined
def _closer(people, i, words, drawn, closer):
    """Gather which candidates have to be looked at closer; return how many."""
    found = 0
    for at in range(2 * TOGETHER):
        j = drawn[at]
        closer[found] = at
        found += j != i and words[at % 2, 1, at // 2] >> _HALF < people.victim_bound[j]
    for n in range(found):
        prefetch(people, drawn[closer[n]])
    return found


@part
def _last_to_be_hurt(pool, first, size, venue, number, people, i, key, clock, month, victims):
    """Return the last candidate drawn who could have been hurt in the venue, if any."""
    for attempt in range(MOST_TRIES // 2 - 1, -1, -1):
        words = randomness.four_words(
            key, people.identifier[i], clock, randomness.VICTIM, number * TRIES_PER_ACT + attempt
        )
        for half in (1, 0):
            j = pool[first + randomness.below(words[2 * half], size)]
            if j != i and can_be_hurt(people, j, month):
                band = age_band_of_venue(month - people.profile[j].birth_month)
                if venue != NIGHT_TIME_ECONOMY or victims.night_attendance[band] > 0.0:
                    return j
    return NOBODY
