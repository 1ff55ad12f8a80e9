"""Phase 5: ties between young people, and the norms that pass along them.

Ties join people of 10 to 29 who are alike, of the same area, school cohort and sex: two above
and two below in likeness within the own cohort, the nearest in the cohort above, below and of
the other sex. A share of ties goes to a nearby neighbourhood instead. Everything is defined by
who people are, never by where an array keeps them, so one person more or less changes only the
ties that touch that person.

A norm moves towards the share of peers who were lately violent. That share changes only when a
peer acts or has been calm for long enough, so only then are the norms about them written down.
"""

import math

import numba
import numpy as np

from vru_model import randomness, sweeps
from vru_model.people import DEAD, MONTHS_AT_10, NOBODY
from vru_model.prefetching import AHEAD, prefetch
from vru_model.processes.act_bounds import lift
from vru_model.processes.calendar import school_cohort
from vru_model.processes.records import Ties
from vru_model.traces import history_of, norm_of

MOST_PEERS = 10
_MONTHS_AT_30 = 360
_COHORTS = 24  # school years of people of 10 to 29, and room at the ends
_SLOTS = 7
_LEAST = 1e-5  # history: below this it has vanished
_FAR = 20_000  # steps
_NOT_YET = np.int16(-32_768)


def make_ties(state, count, nearest, peer_area, key, month, rewired, likeness) -> Ties:
    """Return the ties of the young and set everybody's row in them; nobody has one yet.

    ``peer_area`` (int64, by neighbourhood) says which neighbourhoods share their young people.
    """
    first_cohort = school_cohort(month - _MONTHS_AT_30) - 1
    young, cell, z = _gather_young(state, count, peer_area, key, month, first_cohort, likeness)
    order = np.argsort(_rank(cell, z))
    young, z, cell = young[order], z[order], cell[order]
    _order_equals(state, young, z, cell)
    cells = (int(peer_area.max()) + 1) * _COHORTS * 2
    starts = np.searchsorted(cell, np.arange(cells + 1)).astype(np.int64)
    two_years = np.int64(math.floor(month / 24))
    identifier, peers, number = _tie(
        state, young, z, cell, starts, nearest, peer_area, key, two_years, rewired
    )
    return Ties(
        young=young,
        identifier=identifier,
        peers=peers,
        number=number,
        violent=np.zeros(len(young), np.bool_),
        violent_peers=np.zeros(len(young), np.uint8),
        look_at=np.full(len(young), _NOT_YET),
    )


@numba.njit(cache=True)
def _gather_young(people, count, peer_area, key, month, first_cohort, share):
    """Return those of 10 to 29, their cells, and their likeness.

    A cell is an area, a school cohort and a sex; likeness is a standard score of liability and
    of a lasting trait.
    """
    young, cell = np.empty(count, np.int32), np.empty(count, np.int32)
    z = np.empty(count, np.float32)
    found = 0
    for i in range(count):
        age = month - people[i].birth_month
        if age < MONTHS_AT_10 or age >= _MONTHS_AT_30 or people[i].status == DEAD:
            continue
        word = randomness.word(key, people[i].identifier, 0, randomness.PEER_LIKENESS, 0)
        lasting = math.sqrt(1.0 - share) * randomness.standard_normal(word)
        cohort = school_cohort(people[i].birth_month) - first_cohort
        young[found] = i
        cell[found] = (peer_area[people[i].neighbourhood] * _COHORTS + cohort) * 2 + people[i].male
        z[found] = math.sqrt(share) * people[i].liability + lasting
        found += 1
    return young[:found].copy(), cell[:found].copy(), z[:found].copy()


def _rank(cell: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return whole numbers (uint64) in the order of cells and, within them, of likeness."""
    bits = z.view(np.uint32)
    ordered = np.where(bits >> 31, ~bits, bits | np.uint32(1 << 31))
    return (cell.astype(np.uint64) << np.uint64(32)) | ordered


@numba.njit(cache=True)
def _order_equals(people, young, z, cell):
    """Put those equally alike in the order of their identifiers."""
    for n in range(1, len(young)):
        at = n
        while (
            at > 0
            and z[at] == z[at - 1]
            and cell[at] == cell[at - 1]
            and people[young[at]].identifier < people[young[at - 1]].identifier
        ):
            young[at], young[at - 1] = young[at - 1], young[at]
            at -= 1


@numba.njit(cache=True)
def _tie(people, young, z, cell, starts, nearest, peer_area, key, two_years, rewired):
    peers = np.full((len(young), MOST_PEERS), NOBODY, np.int32)
    degree = np.zeros(len(young), np.uint8)
    identifiers, home = np.empty(len(young), np.uint64), np.empty(len(young), np.uint16)
    for n in range(len(young)):
        prefetch(people, young[min(n + AHEAD, len(young) - 1)])
        people[young[n]].peer_row = n
        identifiers[n] = people[young[n]].identifier
        home[n] = people[young[n]].neighbourhood
    away_words = np.empty((_SLOTS, len(young)), np.uint32)
    for slot in range(_SLOTS):
        sweeps.first_words(
            key, identifiers, two_years, randomness.PEER_REWIRED, slot, away_words[slot]
        )
    rewired_below = randomness.threshold(rewired)
    elsewhere = _find_elsewhere(
        home, identifiers, z, cell, starts, nearest, peer_area, key, two_years, away_words,
        rewired_below,
    )  # fmt: skip
    _join_cohort(peers, degree, cell, away_words, rewired_below)
    found = 0
    at = np.zeros(_SLOTS, np.int64)  # where those alike begin in neighbouring cells
    for n in range(len(young)):
        if n == starts[cell[n]]:
            for slot in range(4, _SLOTS):
                at[slot] = starts[max(_neighbouring_cell(cell[n], slot), 0)]
        for slot in range(_SLOTS):
            other = -1
            if away_words[slot, n] < rewired_below:
                other = elsewhere[found]
                found += 1
            elif slot >= 4:
                there = _neighbouring_cell(cell[n], slot)
                if there >= 0:
                    while at[slot] < starts[there + 1] and z[at[slot]] < z[n]:
                        at[slot] += 1
                    other = _nearer(at[slot], z[n], z, starts[there], starts[there + 1])
            if other >= 0 and other != n:
                _join(peers, degree, n, other)
    return identifiers, peers, degree


@numba.njit
def _find_elsewhere(
    home, identifiers, z, cell, starts, nearest, peer_area, key, two_years, away_words,
    rewired_below,
):  # fmt: skip
    """Return who fills each slot that is rewired (-1 for nobody), in the order of the slots."""
    rewired = np.empty(_SLOTS * len(cell), np.int64)
    found = 0
    for n in range(len(cell)):
        for slot in range(_SLOTS):
            rewired[found] = n * _SLOTS + slot
            found += away_words[slot, n] < rewired_below
    others = np.empty(found, np.int32)
    for k in range(found):
        n, slot = rewired[k] // _SLOTS, rewired[k] % _SLOTS
        words = randomness.four_words(key, identifiers[n], two_years, randomness.PEER_REWIRED, slot)
        near = nearest[home[n], randomness.below(words[1], nearest.shape[1])]
        away = peer_area[near] * _COHORTS * 2 + cell[n] % (_COHORTS * 2)
        likeness = z[n] + 0.5 * randomness.standard_normal(words[2])
        others[k] = _nearest(away, likeness, z, starts)
    return others


@numba.njit
def _join_cohort(peers, degree, cell, away_words, rewired_below):
    """Tie those next to one another, and next but one, unless both have gone elsewhere."""
    for n in range(len(cell)):
        for ahead in range(1, 3):
            other = n + ahead
            if other >= len(cell) or cell[other] != cell[n]:
                break
            mine, theirs = away_words[1 + ahead, n], away_words[2 - ahead, other]
            if mine >= rewired_below or theirs >= rewired_below:
                peers[n, degree[n]] = other
                peers[other, degree[other]] = n
                degree[n] += 1
                degree[other] += 1


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
    at, end = low, high
    while at < end:
        middle = (at + end) // 2
        if z[middle] < np.float32(likeness):
            at = middle + 1
        else:
            end = middle
    return _nearer(at, likeness, z, low, high)


@numba.njit(inline="always")
def _nearer(at, likeness, z, low, high):
    """Return the nearer of a position in a cell and the one before it, -1 where it is empty."""
    if low == high:
        return -1
    if at == high or (at > low and likeness - z[at - 1] <= z[at] - likeness):
        at -= 1
    return at


@numba.njit(inline="always")
def _join(peers, degree, n, other):
    """Tie two people both ways, where neither has too many ties already."""
    if degree[n] >= MOST_PEERS or degree[other] >= MOST_PEERS:
        return
    for slot in range(degree[n]):
        if peers[n, slot] == other:
            return
    peers[n, degree[n]] = other
    peers[other, degree[other]] = n
    degree[n] += 1
    degree[other] += 1


@numba.njit(cache=True)
def settle_norms(people, count, fading):
    """Write down the norms of all who have had peers, whose ties are about to be renewed."""
    for i in range(count):
        if people[i].peer_row != NOBODY:
            people[i].peer_norm = norm_of(people, i, fading)
            people[i].norm_at = fading.passed
            people[i].norm_level = 0.0
            people[i].peer_row = NOBODY


@numba.njit(cache=True)
def look_round(people, bounds, ties, fading, months, parameters, acting):
    """Take stock of new ties: who has lately been violent, and what this makes of norms."""
    rows = len(ties.young)
    for row in range(rows):
        prefetch(people, ties.young[min(row + AHEAD, rows - 1)])
        j = ties.young[row]
        ties.violent[row] = history_of(people, j, fading) > parameters.violent_history
        if ties.violent[row]:
            _look_again(people, ties, row, fading, months, parameters, acting.history_decay)
    for row in range(rows):
        among = 0
        for slot in range(ties.number[row]):
            among += ties.violent[ties.peers[row, slot]]
        ties.violent_peers[row] = among
        if among > 0:  # the others' norms move towards nothing already
            _aim(people, bounds, ties, row, fading, parameters, acting)


@numba.njit(cache=True)
def pass_norms(people, bounds, acted, ties, fading, months, parameters, acting):
    """Let norms move towards the share of peers who were lately violent.

    ``N <- N + (1 - exp(-chi dt)) (scale * share - N)``; without peers (30 and over) norms fade.
    The share is of behaviour at the start of the phase. Looked at are those who acted in the
    last step, and those who may have been calm for long enough by now.
    """
    for n in range(len(acted)):
        prefetch(people, acted[min(n + AHEAD, len(acted) - 1)])
        j = acted[n]
        if people[j].peer_row != NOBODY:
            _look_at(people, bounds, ties, people[j].peer_row, fading, months, parameters, acting)
    for row in range(len(ties.young)):
        if ties.look_at[row] == fading.passed:
            _look_at(people, bounds, ties, row, fading, months, parameters, acting)


@numba.njit(inline="always")
def _look_at(people, bounds, ties, row, fading, months, parameters, acting):
    """See whether somebody has become violent, or calm, and tell their peers."""
    violent = history_of(people, ties.young[row], fading) > parameters.violent_history
    if violent:
        _look_again(people, ties, row, fading, months, parameters, acting.history_decay)
    if violent == ties.violent[row]:
        return
    ties.violent[row] = violent
    for slot in range(ties.number[row]):
        prefetch(people, ties.young[ties.peers[row, slot]])
    for slot in range(ties.number[row]):
        other = ties.peers[row, slot]
        ties.violent_peers[other] += 1 if violent else -1
        _aim(people, bounds, ties, other, fading, parameters, acting)


@numba.njit(inline="always")
def _aim(people, bounds, ties, row, fading, parameters, acting):
    """Write a norm down as it is now, and the level that it moves towards from here."""
    i = ties.young[row]
    share = ties.violent_peers[row] / ties.number[row] if ties.number[row] > 0 else 0.0
    level, norm = parameters.scale * share, norm_of(people, i, fading)
    lift(bounds, i, acting.peer_norm * (level - max(norm, people[i].norm_level)))
    people[i].peer_norm = norm
    people[i].norm_at = fading.passed
    people[i].norm_level = level


@numba.njit(inline="always")
def _look_again(people, ties, row, fading, months, parameters, history_decay):
    """Note the step at which to see whether somebody violent has been calm for long enough."""
    history = history_of(people, ties.young[row], fading)
    threshold = max(parameters.violent_history, _LEAST)
    calm = math.log(max(history / threshold, 1.0)) * history_decay / months
    ties.look_at[row] = fading.passed + max(1, min(int(calm), _FAR))
