"""Phase 5: ties between young people, and the norms that pass along them.

Ties join people of 10 to 29 who are alike, of the same area, school cohort and sex: two above
and two below in likeness within the own cohort, the nearest in the cohort above, below and of
the other sex. A share of ties goes to a nearby neighbourhood instead. Everything is defined by
who people are, never by where an array keeps them, so one person more or less changes only the
ties that touch that person.
"""

import math

import numba
import numpy as np

from vru_model import randomness
from vru_model.people import DEAD, MONTHS_AT_10, NOBODY
from vru_model.processes.calendar import school_cohort

MOST_PEERS = 10
_MONTHS_AT_30 = 360
_COHORTS = 24  # school years of people of 10 to 29, and room at the ends
_SLOTS = 7


def make_ties(state, count, nearest, peer_area, key, month, rewired, likeness):
    """Return the table of peers (int32, shape (young, 10)) and set everybody's row in it.

    ``peer_area`` (int64, by neighbourhood) says which neighbourhoods share their young people.
    """
    first_cohort = school_cohort(month - _MONTHS_AT_30) - 1
    people = state[:count]
    age = month - people["birth_month"]
    young = np.flatnonzero(
        (age >= MONTHS_AT_10) & (age < _MONTHS_AT_30) & (people["status"] != DEAD)
    ).astype(np.int32)
    z, cohort = _likeness(people, young, key, first_cohort, likeness)
    cell = (peer_area[people["neighbourhood"][young]] * _COHORTS + cohort) * 2
    cell += people["male"][young]
    order = np.lexsort((people["identifier"][young], z, cell))
    young, z, cell = young[order], z[order], cell[order].astype(np.int64)
    cells = (int(peer_area.max()) + 1) * _COHORTS * 2
    starts = np.searchsorted(cell, np.arange(cells + 1)).astype(np.int64)
    people["peer_row"] = NOBODY
    people["peer_row"][young] = np.arange(len(young), dtype=np.int32)
    two_years = np.int64(math.floor(month / 24))
    return _tie(people, young, z, cell, starts, nearest, peer_area, key, two_years, rewired)


@numba.njit(cache=True)
def _likeness(people, young, key, first_cohort, share):
    """Return likeness (a standard score of liability and a lasting trait) and school cohorts."""
    z = np.empty(len(young), np.float32)
    cohort = np.empty(len(young), np.int64)
    for n in range(len(young)):
        i = young[n]
        word = randomness.word(key, people[i].identifier, 0, randomness.PEER_LIKENESS, 0)
        z[n] = math.sqrt(share) * people[i].liability + math.sqrt(
            1.0 - share
        ) * randomness.standard_normal(word)
        cohort[n] = school_cohort(people[i].birth_month) - first_cohort
    return z, cohort


@numba.njit(cache=True)
def _tie(people, young, z, cell, starts, nearest, peer_area, key, two_years, rewired):
    peers = np.full((len(young), MOST_PEERS), NOBODY, np.int32)
    degree = np.zeros(len(young), np.int8)
    identifiers = np.empty(len(young), np.uint64)
    for n in range(len(young)):
        identifiers[n] = people[young[n]].identifier
    away_words = np.empty((_SLOTS, len(young)), np.uint32)
    for slot in range(_SLOTS):
        randomness.first_words(
            key, identifiers, two_years, randomness.PEER_REWIRED, slot, away_words[slot]
        )
    for n in range(len(young)):
        first, last = starts[cell[n]], starts[cell[n] + 1]
        for slot in range(_SLOTS):
            if randomness.happens(away_words[slot, n], rewired):
                words = randomness.four_words(
                    key, identifiers[n], two_years, randomness.PEER_REWIRED, slot
                )
                home = people[young[n]].neighbourhood
                near = nearest[home, randomness.below(words[1], nearest.shape[1])]
                away = peer_area[near] * _COHORTS * 2 + cell[n] % (_COHORTS * 2)
                likeness = z[n] + 0.5 * randomness.standard_normal(words[2])
                other = _nearest(away, likeness, z, starts)
            elif slot < 4:
                other = n + (-2, -1, 1, 2)[slot]
                if other < first or other >= last:
                    other = -1
            else:
                other = _nearest(_neighbouring_cell(cell[n], slot), z[n], z, starts)
            if other >= 0 and other != n:
                _join(peers, degree, young, n, other)
    return peers


@numba.njit(inline="always")
def _neighbouring_cell(cell, slot):
    """Return the cell of the cohort above or below, or of the other sex."""
    if slot == 6:
        return cell ^ 1
    cohort = (cell // 2) % _COHORTS
    if slot == 4:
        return cell - 2 if cohort > 0 else -1
    return cell + 2 if cohort < _COHORTS - 1 else -1


@numba.njit(inline="always")
def _nearest(cell, likeness, z, starts):
    """Return the position of the person of a cell nearest in likeness, -1 where it is empty."""
    if cell < 0:
        return -1
    low, high = starts[cell], starts[cell + 1]
    if low == high:
        return -1
    at, end = low, high
    while at < end:
        middle = (at + end) // 2
        if z[middle] < np.float32(likeness):
            at = middle + 1
        else:
            end = middle
    if at == high or (at > low and likeness - z[at - 1] <= z[at] - likeness):
        at -= 1
    return at


@numba.njit(inline="always")
def _join(peers, degree, young, n, other):
    """Tie two people both ways, where neither has too many ties already."""
    if degree[n] >= MOST_PEERS or degree[other] >= MOST_PEERS:
        return
    for slot in range(degree[n]):
        if peers[n, slot] == young[other]:
            return
    peers[n, degree[n]] = young[other]
    peers[other, degree[other]] = young[n]
    degree[n] += 1
    degree[other] += 1


@numba.njit(cache=True)
def pass_norms(people, count, peers, months, parameters):
    """Move everybody's norm towards the share of their peers who were lately violent.

    ``N <- N + (1 - exp(-chi dt)) (scale * share - N)``; without peers (30 and over) norms fade.
    The share is of behaviour at the start of the phase, so order does not matter.
    """
    step = -math.expm1(-parameters.learning * months)
    violent = np.empty(count, np.bool_)
    for i in range(count):
        violent[i] = people[i].history > parameters.violent_history
    for i in range(count):
        row = people[i].peer_row
        if row == NOBODY:
            if people[i].peer_norm > 0.0:
                norm = people[i].peer_norm * (1.0 - step)
                people[i].peer_norm = np.float32(norm if norm > 1e-5 else 0.0)
            continue
        ties = 0
        among = 0
        for slot in range(MOST_PEERS):
            j = peers[row, slot]
            if j == NOBODY:
                break
            ties += 1
            among += violent[j]
        share = among / ties if ties > 0 else 0.0
        people[i].peer_norm += np.float32(step * (parameters.scale * share - people[i].peer_norm))
