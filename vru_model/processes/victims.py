"""Phase 7b: where, and against whom.

A venue is drawn in proportion to the aggressor's rates, then a victim from the venue's pool by
rejection against a constant bound: one person's changed weight cannot move anybody else's draw,
so that scenarios stay comparable person by person. An act whose venue holds nobody (home, for
those who live alone) does not take place.
"""

from typing import NamedTuple

import numpy as np

from vru_model import randomness, sweeps
from vru_model.compiling import inlined, kernel, part
from vru_model.people import (
    ALWAYS_HALF,
    CUSTODY,
    MONTHS_AT_10,
    MONTHS_AT_16,
    NOBODY,
    RETALIATION_OPPONENT,
)
from vru_model.prefetching import AHEAD, prefetch
from vru_model.processes.records import (
    ACQUAINTANCE,
    FAMILY,
    HOUSEHOLD,
    INCIDENT,
    NEIGHBOURHOOD,
    NIGHT_TIME_ECONOMY,
    PAIR,
    PARTNER,
    PEER,
    STRANGER,
    TRIGGERED,
)
from vru_model.processes.victim_weights import (
    age_band_of_venue,
    fill_greatest_by_age,
    renew_victim_bound,
    room_for_greatest,
    victim_weight,
)

MOST_TRIES = 256
_TRIES_PER_ACT = 512  # room for each act's tries in the 24 bits of the attempt
_MOST_IN_HOUSEHOLD = 64
_TOGETHER = 16  # attempts whose words are drawn together
_HALF = np.uint32(16)  # bits


def find_victims(acts: np.ndarray, people, columns, *others) -> np.ndarray:
    """Return the incidents (dtype INCIDENT) that follow from the acts, harm still open."""
    incidents = np.zeros(len(acts), INCIDENT)
    return incidents[: _find_victims(acts, people, columns, incidents, _a_room(), *others)]


class Room(NamedTuple):
    """Room to choose a victim in."""

    together: np.ndarray  # int32, the pool of a household or of peers
    words: np.ndarray  # uint32, of attempts, shape (2, 2, _TOGETHER)
    drawn: np.ndarray  # int32, the candidates of these attempts
    closer: np.ndarray  # int32, the attempts whose candidates have to be looked at
    greatest: np.ndarray  # of weights, see greatest_by_age


def _a_room() -> Room:
    return Room(
        np.empty(_MOST_IN_HOUSEHOLD, np.int32),
        np.empty((2, 2, _TOGETHER), np.uint32),
        np.empty(2 * _TOGETHER, np.int32),
        np.empty(2 * _TOGETHER, np.int32),
        room_for_greatest(),
    )


@kernel
def _find_victims(
    acts, people, columns, incidents, room, areas, geography, contacts, tables, key, clock, month,
    fading, victims, grievance, history_cap,
):  # fmt: skip
    fill_greatest_by_age(victims, room.greatest)
    found = 0
    for n in range(len(acts)):
        prefetch(people, acts[min(n + AHEAD, len(acts) - 1)].aggressor)
        act = acts[n]
        i = act.aggressor
        words = randomness.four_words(
            key, people[i].identifier, clock, randomness.VENUE, act.number
        )
        if act.origin == PAIR:
            victim = people[i].opponent
            venue = HOUSEHOLD if people[victim].household == people[i].household else PEER
            place = people[i].neighbourhood
        else:
            age = month - people[i].birth_month
            venue = _venue(words[0], tables.venue, age)
            place, authority = _place(
                venue, words, act.number, people, i, areas, geography, key, clock, victims
            )
            victim = NOBODY
            if act.origin == TRIGGERED and venue != HOUSEHOLD:
                victim = _retaliation(people, i, contacts, key, clock, act.number, grievance)
                if victim != NOBODY and not _may_be_there(people, victim, month, venue):
                    victim = NOBODY
            if victim == NOBODY:
                victim = _candidate(
                    venue, place, authority, words[3], act.number, people, columns, i, contacts,
                    key, clock, month, fading, victims, history_cap, room,
                )  # fmt: skip
        if victim == NOBODY or not _can_be_hurt(people, victim, month):
            continue
        incident = incidents[found]
        incident.aggressor = i
        incident.victim = victim
        incident.neighbourhood = place
        incident.number = act.number
        incident.origin = act.origin
        incident.venue = venue
        word = randomness.four_words(
            key, people[i].identifier, clock, randomness.WEAPON, act.number
        )[3]
        incident.relationship = _relationship(people, i, victim, word, victims.stranger[venue])
        found += 1
    return found


@inlined
def _can_be_hurt(people, j, month):
    """Say whether this resident can be a victim: alive, ten or more, not in custody."""
    return people[j].status < CUSTODY and month - people[j].birth_month >= MONTHS_AT_10


@inlined
def _may_be_there(people, j, month, venue):
    """Say whether this resident may be met in a venue: nobody under 16 goes out at night."""
    return venue != NIGHT_TIME_ECONOMY or month - people[j].birth_month >= MONTHS_AT_16


@inlined
def _venue(word, rates, age):
    total = rates[age, 0] + rates[age, 1] + rates[age, 2] + rates[age, 3]
    target = randomness.uniform(word) * total
    for venue in range(3):
        target -= rates[age, venue]
        if target < 0.0:
            return venue
    return HOUSEHOLD


@inlined
def _place(venue, words, number, people, i, areas, geography, key, clock, victims):
    """Return the neighbourhood of the act and, at night, the authority whose pool it draws on."""
    home = people[i].neighbourhood
    authority = areas[home].authority
    if venue == NEIGHBOURHOOD and randomness.happens(words[1], victims.nearby):
        near = geography.nearest
        return near[home, randomness.below(words[2], near.shape[1])], authority
    if venue != NIGHT_TIME_ECONOMY:
        return home, authority
    share = randomness.uniform(words[1]) - victims.night_own_authority
    if share >= victims.night_regional_centre:
        authority = randomness.below(words[2], len(geography.night_starts) - 1)
    elif share >= 0.0:
        authority = geography.regional_centre
    first, last = geography.night_starts[authority], geography.night_starts[authority + 1]
    word = randomness.word(key, people[i].identifier, clock, randomness.NIGHT_PLACE, number)
    return geography.night_places[first + randomness.below(word, last - first)], authority


@inlined
def _retaliation(people, i, contacts, key, clock, number, grievance):
    """Return whom a triggered act goes at on the earlier aggressor's side, if it does."""
    if people[i].opponent_kind != RETALIATION_OPPONENT or people[i].opponent_until < clock:
        return NOBODY
    words = randomness.four_words(key, people[i].identifier, clock, randomness.RETALIATION, number)
    if not randomness.happens(words[0], grievance.retaliation):
        return NOBODY
    opponent = people[i].opponent
    row = people[opponent].peer_row
    if row == NOBODY or randomness.happens(words[1], grievance.at_aggressor):
        return opponent
    peers = contacts.ties.number[row]
    if peers == 0:
        return opponent
    peer = contacts.ties.young[contacts.ties.peers[row, randomness.below(words[2], peers)]]
    return opponent if peer == i else peer


@inlined
def _candidate(
    venue, place, authority, word, number, people, columns, i, contacts, key, clock, month,
    fading, victims, history_cap, room,
):  # fmt: skip
    """Return a victim from the venue's pool, NOBODY where the pool is empty."""
    pool = room.together
    first = last = 0
    if venue == HOUSEHOLD:
        partner = people[i].partner
        if partner != NOBODY and randomness.happens(word, victims.partner):
            return partner
        last = _others_at_home(people, i, month, room.together)
    elif venue == PEER and _peers_of(people, i, contacts.ties) > 0:
        last = _peers_of(people, i, contacts.ties)
        for slot in range(last):
            row = contacts.ties.peers[people[i].peer_row, slot]
            room.together[slot] = contacts.ties.young[row]
    elif venue == NIGHT_TIME_ECONOMY:
        pool = contacts.authority_members
        first, last = contacts.authority_starts[authority], contacts.authority_starts[authority + 1]
    else:
        pool = contacts.members
        first, last = contacts.starts[place], contacts.starts[place + 1]
    return _choose(
        pool, first, last - first, venue, number, people, columns, i, key, clock, month, fading,
        victims, history_cap, room,
    )  # fmt: skip


@inlined
def _peers_of(people, i, ties):
    row = people[i].peer_row
    return ties.number[row] if row != NOBODY else 0


@part
def _others_at_home(people, i, month, household):
    size = 0
    j = people[i].next_in_household
    while j != i and size < _MOST_IN_HOUSEHOLD:
        if _can_be_hurt(people, j, month) and j != people[i].partner:
            household[size] = j
            size += 1
        j = people[j].next_in_household
    return size


@part
def _choose(
    pool, first, size, venue, number, people, columns, i, key, clock, month, fading, victims,
    history_cap, room,
):  # fmt: skip
    """Draw from the pool in proportion to the candidates' weights, by rejection.

    Most draws lie above what the candidate's weight could be in any venue (``victim_bound``):
    they are refused without looking closer. After MOST_TRIES refusals the last candidate who
    could be hurt is taken: in a pool of people who are all unlikely victims somebody is hurt all
    the same.
    """
    if size == 0:
        return NOBODY
    for attempt in range(0, MOST_TRIES // 2, _TOGETHER):
        sweeps.words_of_attempts(
            key, people[i].identifier, clock, randomness.VICTIM,
            number * _TRIES_PER_ACT + attempt, room.words,
        )  # fmt: skip
        for n in range(_closer(pool, first, size, people, columns, i, room)):
            at = room.closer[n]
            j, word = room.drawn[at], room.words[at % 2, 1, at // 2]
            if columns.victim_bound[j] == ALWAYS_HALF:
                renew_victim_bound(
                    people, columns, j, month, fading, victims, room.greatest, history_cap
                )
            if not _can_be_hurt(people, j, month):
                continue
            age = month - people[j].birth_month
            weight = victim_weight(people, j, age, venue, fading, victims, history_cap)
            if randomness.happens(word, weight / victims.greatest_weight):
                return j
    return _last_to_be_hurt(pool, first, size, venue, number, people, i, key, clock, month, victims)


@inlined
def _closer(pool, first, size, people, columns, i, room):
    """Draw the candidates of some attempts; return how many have to be looked at closer."""
    for at in range(2 * _TOGETHER):
        room.drawn[at] = pool[first + randomness.below(room.words[at % 2, 0, at // 2], size)]
    found = 0
    for at in range(2 * _TOGETHER):
        j, word = room.drawn[at], room.words[at % 2, 1, at // 2]
        room.closer[found] = at
        found += j != i and word >> _HALF < columns.victim_bound[j]
    for n in range(found):
        prefetch(people, room.drawn[room.closer[n]])
    return found


@part
def _last_to_be_hurt(pool, first, size, venue, number, people, i, key, clock, month, victims):
    """Return the last candidate drawn who could have been hurt in the venue, if any."""
    for attempt in range(MOST_TRIES // 2 - 1, -1, -1):
        words = randomness.four_words(
            key, people[i].identifier, clock, randomness.VICTIM, number * _TRIES_PER_ACT + attempt
        )
        for half in (1, 0):
            j = pool[first + randomness.below(words[2 * half], size)]
            if j != i and _can_be_hurt(people, j, month):
                band = age_band_of_venue(month - people[j].birth_month)
                if venue != NIGHT_TIME_ECONOMY or victims.night_attendance[band] > 0.0:
                    return j
    return NOBODY


@part
def _relationship(people, i, victim, word, stranger):
    if victim == people[i].partner:
        return PARTNER
    if people[victim].household == people[i].household:
        return FAMILY
    return STRANGER if randomness.happens(word, stranger) else ACQUAINTANCE
