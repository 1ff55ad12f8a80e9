"""Phase 5, once a year: ties between young people who are alike.

Ties join people of 10 to 29 of the same area, school cohort and sex: two above and two below in
likeness within the own cohort, the nearest in the cohort above, below and of the other sex. A
share of ties goes to a nearby neighbourhood instead. Everything is defined by who people are,
never by where an array keeps them, so one person more or less changes only the ties that touch
that person.
"""

import math
from typing import NamedTuple

import numpy as np

from vru_model import randomness, sweeps
from vru_model.compiling import inlined, kernel, part
from vru_model.people import DEAD, MONTHS_AT_10, NOBODY
from vru_model.prefetching import AHEAD, prefetch_line
from vru_model.processes.calendar import school_cohort
from vru_model.processes.records import Ties
from vru_model.traces import norm_of
from vru_model.workspace import Workspace

MOST_PEERS = 10
NOT_YET = np.int16(-32_768)
"""A step that never comes: of those who need not be looked at."""

_MONTHS_AT_30 = 360
_COHORTS = 24  # school years of people of 10 to 29, and room at the ends
_SLOTS = 7
_FIRST_OF_OTHERS = 4  # the slots before are of those next in likeness
_LOOKING = 64  # slots for which somebody elsewhere is looked for together


class Young(NamedTuple):
    """Those of 10 to 29: one entry each, shape (young,)."""

    resident: np.ndarray  # int32
    identifier: np.ndarray  # uint64
    home: np.ndarray  # uint16, their neighbourhood
    cell: np.ndarray  # int32: an area, a school cohort and a sex
    likeness: np.ndarray  # float32, a standard score of liability and of a lasting trait
    before: np.ndarray  # int32, their row in the ties of the last year, NOBODY for the new


def no_ties() -> Ties:
    """Return the ties of a world in which nobody has any yet."""
    nobody = _new_young(Workspace(), "nobody", 0)
    return _ties_of(nobody, Workspace())


def make_ties(
    people, before: Ties, nearest, peer_area, key, parameters
) -> tuple[Ties, np.ndarray]:
    """Return the ties of the young of this year, and the rows of those who had none (int64).

    ``before`` are the ties of the last year: who was lately violent is carried over.
    ``peer_area`` (int64, by neighbourhood) says which neighbourhoods share their young people.
    Rows of residents are set by ``peers.look_round``.
    """
    space = people.workspace
    cells = (int(peer_area.max()) + 1) * _COHORTS * 2
    young, starts = _sorted(_young(people, before, peer_area, key, parameters.likeness), cells,
                            space)  # fmt: skip
    ties = _ties_of(young, space)
    two_years = np.int64(math.floor(people.month / 24))
    gone = space.array("gone", len(young.cell), np.uint8, fill=0)
    rewired = _draw_gone(young.identifier, randomness.threshold(parameters.rewired), key,
                         two_years, sweeps.a_block(), gone)  # fmt: skip
    elsewhere = space.array("elsewhere", rewired, np.int32)
    _find_elsewhere(
        young, starts, nearest, peer_area, key, two_years, gone, elsewhere,
        np.empty(_LOOKING, np.int32), np.empty(_LOOKING),
    )  # fmt: skip
    _join_cohort(ties.peers, ties.number, young.cell, gone)
    _join_others(ties.peers, ties.number, young, starts, gone, elsewhere,
                 np.zeros(_SLOTS, np.int64))  # fmt: skip
    _carry_over(ties, before, young.before)
    return ties, np.flatnonzero(young.before == NOBODY)


def _ties_of(young: Young, space: Workspace) -> Ties:
    """Return ties that nobody has made yet; what is read of last year's lies apart."""
    count = len(young.resident)
    turn = space.turn("ties")
    return Ties(
        young=young.resident,
        identifier=young.identifier,
        likeness=young.likeness,
        peers=space.array("peers", count, np.int32, MOST_PEERS, fill=NOBODY),
        number=space.array("number of peers", count, np.uint8, fill=0),
        violent=space.array(f"violent {turn}", count, np.bool_, fill=False),
        violent_peers=space.array("violent peers", count, np.uint8, fill=0),
        look_at=space.array(f"look at {turn}", count, np.int16, fill=NOT_YET),
    )


def _new_young(space: Workspace, name: str, count: int) -> Young:
    kinds = (np.int32, np.uint64, np.uint16, np.int32, np.float32, np.int32)
    fields = zip(Young._fields, kinds, strict=True)
    return Young(*(space.array(f"{name} {field}", count, kind) for field, kind in fields))


def _young(people, before: Ties, peer_area, key, share: float) -> Young:
    room = _new_young(people.workspace, "young", people.count)
    first_cohort = school_cohort(people.month - _MONTHS_AT_30) - 1
    part_with_peers(people.rows, before.young, people.month, people.fading)
    found = _gather_young(
        people.rows, people.count, room, before.likeness, peer_area, key, people.month,
        first_cohort, share,
    )  # fmt: skip
    return Young(*(column[:found] for column in room))


@inlined
def _is_young(profile, month):
    age = month - profile.birth_month
    return (MONTHS_AT_10 <= age < _MONTHS_AT_30) & (profile.status != DEAD)


@kernel
def part_with_peers(people, young, month, fading):
    """Let the norms of those who are not young any more have no peers."""
    for n in range(len(young)):
        prefetch_line(people.profile, young[min(n + AHEAD, len(young) - 1)])
        i = young[n]
        if not _is_young(people.profile[i], month):
            people.state[i].peer_norm = norm_of(people, i, fading)
            people.state[i].norm_at = fading.passed
            people.state[i].norm_level = 0.0
            people.state[i].peer_row = NOBODY


@kernel
def _gather_young(people, count, young, likeness, peer_area, key, month, first_cohort, share):
    """Gather those of 10 to 29."""
    found = 0
    for i in range(count):
        profile = people.profile[i]
        if not _is_young(profile, month):
            continue
        row = people.state[i].peer_row
        identifier = people.identifier[i]
        cohort = school_cohort(profile.birth_month) - first_cohort
        area = peer_area[profile.neighbourhood]
        young.resident[found] = i
        young.identifier[found] = identifier
        young.home[found] = profile.neighbourhood
        young.cell[found] = (area * _COHORTS + cohort) * 2 + profile.male
        if row != NOBODY and row < len(likeness):
            young.likeness[found] = likeness[row]
            young.before[found] = row
        else:
            word = randomness.word(key, identifier, 0, randomness.PEER_LIKENESS, 0)
            lasting = math.sqrt(1.0 - share) * randomness.standard_normal(word)
            young.likeness[found] = math.sqrt(share) * people.state[i].liability + lasting
            young.before[found] = NOBODY
        found += 1
    return found


def _sorted(young: Young, cells: int, space: Workspace) -> tuple[Young, np.ndarray]:
    """Sort by cell and, within them, likeness and identity; return where each cell begins, too."""
    starts = np.zeros(cells + 1, np.int64)
    order = space.array("order of young", len(young.cell), np.int32)
    in_order = _new_young(space, "sorted young", len(young.cell))
    _count(young.cell, starts[1:])
    np.cumsum(starts, out=starts)
    _sort(young, starts, starts[:-1].copy(), order)
    _take(young, order, in_order)
    return in_order, starts


@kernel
def _count(cell, counts):
    for n in range(len(cell)):
        counts[cell[n]] += 1


@kernel
def _sort(young, starts, at, order):
    """Put everybody into their cell, at the place that is theirs among those there already."""
    likeness, identifier = young.likeness, young.identifier
    for n in range(len(young.cell)):
        cell = young.cell[n]
        first, here = starts[cell], at[cell]
        at[cell] += 1
        while here > first:
            other = order[here - 1]
            if likeness[other] < likeness[n]:
                break
            if likeness[other] == likeness[n] and identifier[other] < identifier[n]:
                break
            order[here] = other
            here -= 1
        order[here] = n


@kernel
def _take(young, order, in_order):
    for n in range(len(order)):
        at = order[n]
        in_order.resident[n] = young.resident[at]
        in_order.identifier[n] = young.identifier[at]
        in_order.home[n] = young.home[at]
        in_order.cell[n] = young.cell[at]
        in_order.likeness[n] = young.likeness[at]
        in_order.before[n] = young.before[at]


@kernel
def _draw_gone(identifiers, rewired_below, key, two_years, block, gone):
    """Mark which ties of each go elsewhere, a bit a slot; return how many do."""
    number = 0
    for first in range(0, len(identifiers), sweeps.BLOCK):
        here = identifiers[first : first + sweeps.BLOCK]
        marks = gone[first : first + sweeps.BLOCK]
        for slot in range(_SLOTS):
            sweeps.first_words(key, here, two_years, randomness.PEER_REWIRED, slot, block.words)
            for n in range(len(here)):
                goes = block.words[n] < rewired_below
                marks[n] |= goes << slot
                number += goes
    return number


@kernel
def _find_elsewhere(
    young, starts, nearest, peer_area, key, two_years, gone, elsewhere, cells, wanted
):  # fmt: skip
    """Find who fills each slot that is rewired (-1 for nobody), in the order of the slots.

    ``cells`` (int32) and ``wanted`` (float64) are room for where, and whom alike, some look.
    """
    first = found = 0
    for n in range(len(young.cell)):
        for slot in range(_SLOTS if gone[n] else 0):
            if not gone[n] & (1 << slot):
                continue
            four = randomness.four_words(
                key, young.identifier[n], two_years, randomness.PEER_REWIRED, slot
            )
            near = nearest[young.home[n], randomness.below(four[1], nearest.shape[1])]
            at = found - first
            cells[at] = peer_area[near] * _COHORTS * 2 + young.cell[n] % (_COHORTS * 2)
            wanted[at] = young.likeness[n] + 0.5 * randomness.standard_normal(four[2])
            prefetch_line(starts, cells[at])
            found += 1
        if found - first > len(cells) - _SLOTS or n == len(young.cell) - 1:
            for k in range(found - first):
                prefetch_line(young.likeness, starts[cells[k]])
            for k in range(found - first):
                elsewhere[first + k] = _nearest(cells[k], wanted[k], young.likeness, starts)
            first = found


@kernel
def _join_cohort(peers, degree, cell, gone):
    """Tie those next to one another, and next but one, unless both have gone elsewhere."""
    for n in range(len(cell)):
        for ahead in range(1, 3):
            other = n + ahead
            if other >= len(cell) or cell[other] != cell[n]:
                break
            if not (gone[n] >> (1 + ahead)) & (gone[other] >> (2 - ahead)) & 1:
                peers[n, degree[n]] = other
                peers[other, degree[other]] = n
                degree[n] += 1
                degree[other] += 1


@kernel
def _join_others(peers, degree, young, starts, gone, elsewhere, at):
    """Tie everybody to those elsewhere, and to the nearest of other cohorts and the other sex.

    ``at`` is where those alike begin in the neighbouring cells, by slot: they move on with n.
    """
    cell, likeness = young.cell, young.likeness
    found = 0
    for n in range(len(cell)):
        if n == starts[cell[n]]:
            for slot in range(_FIRST_OF_OTHERS, _SLOTS):
                at[slot] = starts[max(_neighbouring_cell(cell[n], slot), 0)]
        for slot in range(0 if gone[n] else _FIRST_OF_OTHERS, _SLOTS):
            other = -1
            if gone[n] & (1 << slot):
                other = elsewhere[found]
                found += 1
            elif slot >= _FIRST_OF_OTHERS:
                there = _neighbouring_cell(cell[n], slot)
                if there >= 0:
                    end = starts[there + 1]
                    while at[slot] < end and likeness[at[slot]] < likeness[n]:
                        at[slot] += 1
                    other = _nearer(at[slot], likeness[n], likeness, starts[there], end)
            if other >= 0 and other != n:
                _join(peers, degree, n, other)


@inlined
def _neighbouring_cell(cell, slot):
    """Return the cell of the cohort above or below, or of the other sex."""
    if slot == 6:
        return cell ^ 1
    cohort = (cell // 2) % _COHORTS
    if slot == 4:
        return cell - 2 if cohort > 0 else -1
    return cell + 2 if cohort < _COHORTS - 1 else -1


@part
def _nearest(cell, wanted, likeness, starts):
    """Return the position of the person of a cell nearest in likeness, -1 where it is empty."""
    if cell < 0:
        return -1
    low, high = starts[cell], starts[cell + 1]
    at, end = low, high
    while at < end:
        middle = (at + end) // 2
        if likeness[middle] < np.float32(wanted):
            at = middle + 1
        else:
            end = middle
    return _nearer(at, wanted, likeness, low, high)


@inlined
def _nearer(at, wanted, likeness, low, high):
    """Return the nearer of a position in a cell and the one before it, -1 where it is empty."""
    if low == high:
        return -1
    left, right = max(at - 1, low), min(at, high - 1)
    return left if wanted - likeness[left] <= likeness[right] - wanted else right


@inlined
def _join(peers, degree, n, other):
    """Tie two people both ways, where neither has too many ties already."""
    if degree[n] >= MOST_PEERS or degree[other] >= MOST_PEERS:
        return
    tied = 0
    for slot in range(MOST_PEERS):  # without a way out: one comparison takes all
        tied |= peers[n, slot] == other
    if tied:
        return
    peers[n, degree[n]] = other
    peers[other, degree[other]] = n
    degree[n] += 1
    degree[other] += 1


@kernel
def _carry_over(ties, before, rows):
    for n in range(len(rows)):
        if rows[n] != NOBODY:
            ties.violent[n] = before.violent[rows[n]]
            ties.look_at[n] = before.look_at[rows[n]]
