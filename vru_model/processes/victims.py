"""Phase 7b: where, and against whom.

A venue is drawn in proportion to the aggressor's rates, then a victim from the venue's pool by
rejection against a constant bound: one person's changed weight cannot move anybody else's draw,
so that scenarios stay comparable person by person. An act whose venue holds nobody (home, for
those who live alone) does not take place.
"""

import numpy as np

from vru_model import randomness, sweeps
from vru_model.compiling import inlined, kernel
from vru_model.people import MONTHS_AT_16, NOBODY, RETALIATION_OPPONENT
from vru_model.prefetching import AHEAD, prefetch, prefetch_line, prefetch_to_draw
from vru_model.processes.candidates import (
    AT_HAND,
    OF_AUTHORITY,
    OF_NEIGHBOURHOOD,
    TOGETHER,
    TRIES_PER_ACT,
    a_room,
    can_be_hurt,
    candidate,
    peers_of,
)
from vru_model.processes.records import (
    HOUSEHOLD,
    INCIDENT,
    NEIGHBOURHOOD,
    NIGHT_TIME_ECONOMY,
    OWN,
    PAIR,
    PEER,
    TRIGGERED,
)
from vru_model.processes.victim_weights import fill_greatest_by_age

_PLANNED, _DRAWN = AHEAD // 2, AHEAD // 4  # turns of the loop by which acts are prepared ahead


def find_victims(acts: np.ndarray, people, *others) -> np.ndarray:
    """Return the incidents (dtype INCIDENT) that follow from the acts, harm still open."""
    incidents = np.zeros(len(acts), INCIDENT)
    return incidents[: _find_victims(acts, people, incidents, a_room(), *others)]


@kernel
def _find_victims(
    acts, people, incidents, room, areas, geography, contacts, tables, key, clock, month,
    fading, victims, grievance, history_cap,
):  # fmt: skip
    fill_greatest_by_age(victims, room.greatest)
    found = 0
    for n in range(-AHEAD, len(acts)):
        if n + AHEAD < len(acts):
            prefetch_to_draw(people, acts[n + AHEAD].aggressor)
        if 0 <= n + _PLANNED < len(acts):
            _plan(acts, n + _PLANNED, people, areas, geography, contacts, tables, key, clock,
                  month, victims, room)  # fmt: skip
        if 0 <= n + _DRAWN < len(acts):
            _draw_first(acts, n + _DRAWN, people, contacts, room)
        if n < 0:
            continue
        i, origin, number = acts[n].aggressor, acts[n].origin, acts[n].number
        plan = room.plans[n % AHEAD]
        victim = people.state[i].opponent if origin == PAIR else NOBODY
        if origin == TRIGGERED and plan.venue != HOUSEHOLD:
            victim = _retaliation(people, i, contacts, key, clock, number, grievance)
            if victim != NOBODY and not _may_be_there(people, victim, month, plan.venue):
                victim = NOBODY
        if victim == NOBODY and origin != PAIR:
            victim = candidate(
                plan, number, people, i, contacts, key, clock, month, fading, victims,
                history_cap, room, n % AHEAD,
            )  # fmt: skip
        if victim == NOBODY or not can_be_hurt(people, victim, month):
            continue
        incident = incidents[found]
        incident.aggressor = i
        incident.victim = victim
        incident.neighbourhood = plan.place
        incident.number = number
        incident.origin = origin
        incident.venue = plan.venue
        if origin == PAIR:
            at_home = people.household[victim] == people.household[i]
            incident.venue = HOUSEHOLD if at_home else PEER
        found += 1
    return found


@inlined
def _plan(
    acts, n, people, areas, geography, contacts, tables, key, clock, month, victims, room
):  # fmt: skip
    """Say where an act takes place and whom it may hit; ask for the memory of some of them."""
    i, number = acts[n].aggressor, acts[n].number
    plan = room.plans[n % AHEAD]
    plan.pool = AT_HAND
    plan.place = people.profile[i].neighbourhood
    if acts[n].origin != OWN:
        prefetch(people, max(people.state[i].opponent, 0))
    if acts[n].origin == PAIR:
        return
    words = randomness.four_words(key, people.identifier[i], clock, randomness.VENUE, number)
    venue = _venue(words[0], tables.venue, month - people.profile[i].birth_month)
    place, authority = _place(
        venue, words, number, people, i, areas, geography, key, clock, victims
    )
    plan.venue, plan.place, plan.word = venue, place, words[3]
    if venue == NIGHT_TIME_ECONOMY:
        plan.pool = OF_AUTHORITY
        plan.first = contacts.authority_starts[authority]
        plan.size = contacts.authority_starts[authority + 1] - plan.first
        members = contacts.authority_members
    elif venue == NEIGHBOURHOOD or (venue == PEER and peers_of(people, i, contacts.ties) == 0):
        plan.pool = OF_NEIGHBOURHOOD
        plan.first = contacts.starts[place]
        plan.size = contacts.starts[place + 1] - plan.first
        members = contacts.members
    else:
        return
    words_of = room.words[n % AHEAD]
    sweeps.words_of_attempts(
        key, people.identifier[i], clock, randomness.VICTIM, number * TRIES_PER_ACT, words_of
    )
    for at in range(2 * TOGETHER):
        drawn = randomness.below(words_of[at % 2, 0, at // 2], plan.size)
        prefetch_line(members, plan.first + drawn)


@inlined
def _draw_first(acts, n, people, contacts, room):
    """Draw the first candidates of an act from a large pool, and ask for their bounds."""
    plan = room.plans[n % AHEAD]
    if plan.pool == AT_HAND or plan.size == 0:
        return
    at_night = plan.pool == OF_AUTHORITY
    members = contacts.authority_members if at_night else contacts.members
    words, drawn = room.words[n % AHEAD], room.drawn[n % AHEAD]
    for at in range(2 * TOGETHER):
        word = words[at % 2, 0, at // 2]
        drawn[at] = members[plan.first + randomness.below(word, plan.size)]
    for at in range(2 * TOGETHER):
        prefetch_line(people.victim_bound, drawn[at])


@inlined
def _may_be_there(people, j, month, venue):
    """Say whether this resident may be met in a venue: nobody under 16 goes out at night."""
    return venue != NIGHT_TIME_ECONOMY or month - people.profile[j].birth_month >= MONTHS_AT_16


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
    home = people.profile[i].neighbourhood
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
    word = randomness.word(key, people.identifier[i], clock, randomness.NIGHT_PLACE, number)
    return geography.night_places[first + randomness.below(word, last - first)], authority


@inlined
def _retaliation(people, i, contacts, key, clock, number, grievance):
    """Return whom a triggered act goes at on the earlier aggressor's side, if it does."""
    state = people.state[i]
    if state.opponent_kind != RETALIATION_OPPONENT or state.opponent_until < clock:
        return NOBODY
    words = randomness.four_words(key, people.identifier[i], clock, randomness.RETALIATION, number)
    if not randomness.happens(words[0], grievance.retaliation):
        return NOBODY
    opponent = people.state[i].opponent
    row = people.state[opponent].peer_row
    if row == NOBODY or randomness.happens(words[1], grievance.at_aggressor):
        return opponent
    peers = contacts.ties.number[row]
    if peers == 0:
        return opponent
    peer = contacts.ties.young[contacts.ties.peers[row, randomness.below(words[2], peers)]]
    return opponent if peer == i else peer
