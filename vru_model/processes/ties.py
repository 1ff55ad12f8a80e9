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
from vru_model.people import NOBODY
from vru_model.prefetching import prefetch_line
from vru_model.processes.records import Ties
from vru_model.processes.young import (
    CELLS_OF_AREA,
    COHORTS,
    Young,
    first_cohort_of,
    gather_young,
    nobody_young,
)
from vru_model.workspace import Workspace

MOST_PEERS = 10
NOT_YET = np.int16(-32_768)
"""A step that never comes: of those who need not be looked at."""

_SLOTS = 7
_FIRST_OF_OTHERS = 4  # the slots before are of those next in likeness
_OF_COHORT = (1 << _FIRST_OF_OTHERS) - 1  # the bits of those slots
_LOOKING = 64  # slots for which somebody elsewhere is looked for together


def no_ties() -> Ties:
    """Return the ties of a world in which nobody has any yet."""
    return _ties_of(nobody_young(), 0, Workspace())


def make_ties(
    people, before: Ties, nearest, peer_area, key, parameters
) -> tuple[Ties, np.ndarray]:
    """Return the ties of the young of this year, and the rows of those who had none (int64).

    ``before`` are the ties of the last year: who was lately violent is carried over.
    ``peer_area`` (int64, by neighbourhood) says which neighbourhoods share their young people.
    Rows of residents are set by ``peers.look_round``.
    """
    space = people.workspace
    young, starts = gather_young(people, before, peer_area, key, parameters.likeness)
    ties = _ties_of(young, first_cohort_of(people.month), space)
    two_years = np.int64(math.floor(people.month / 24))
    gone = space.array("gone", len(young.cell), np.uint8, fill=0)
    rewired = _draw_gone(young.identifier, randomness.threshold(parameters.rewired), key,
                         two_years, sweeps.a_block(), gone)  # fmt: skip
    elsewhere = space.array("elsewhere", rewired, np.int32)
    _find_elsewhere(
        young, starts, nearest, peer_area, key, two_years, gone, elsewhere,
        _a_looking(),
    )  # fmt: skip
    _join_cohort(ties.peers, ties.number, young.cell, gone)
    most = int(np.diff(starts).max(initial=0))
    _join_others(ties.peers, ties.number, young, starts, gone, elsewhere,
                 np.empty((_SLOTS - _FIRST_OF_OTHERS, most), np.int32))  # fmt: skip
    _carry_over(ties, before, young.before)
    return ties, np.flatnonzero(young.before == NOBODY)


def _ties_of(young: Young, first_cohort: int, space: Workspace) -> Ties:
    """Return ties that nobody has made yet; what is read of last year's lies apart."""
    count = len(young.resident)
    turn = space.turn("ties")
    return Ties(
        young=young.resident,
        identifier=young.identifier,
        likeness=young.likeness,
        cell=young.cell,
        first_cohort=first_cohort,
        peers=space.array("peers", count, np.int32, MOST_PEERS, fill=NOBODY),
        number=space.array("number of peers", count, np.uint8, fill=0),
        violent=space.array(f"violent {turn}", count, np.bool_, fill=False),
        violent_peers=space.array("violent peers", count, np.uint8, fill=0),
        look_at=space.array(f"look at {turn}", count, np.int16, fill=NOT_YET),
    )


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


class Looking(NamedTuple):
    """Room for some slots for which somebody elsewhere is looked for together."""

    row: np.ndarray  # int32, whose slot it is
    slot: np.ndarray  # uint32
    identifier: np.ndarray  # uint64
    words: np.ndarray  # uint32, shape (4, slots)
    cell: np.ndarray  # int32, where they look
    wanted: np.ndarray  # float64, the likeness of whom they look for


def _a_looking() -> Looking:
    kinds = (np.int32, np.uint32, np.uint64, np.uint32, np.int32, np.float64)
    fields = zip(Looking._fields, kinds, strict=True)
    room = {name: np.empty(_LOOKING, kind) for name, kind in fields}
    return Looking(**room | {"words": np.empty((4, _LOOKING), np.uint32)})


@kernel
def _find_elsewhere(
    young, starts, nearest, peer_area, key, two_years, gone, elsewhere, looking
):  # fmt: skip
    """Find who fills each slot that is rewired (-1 for nobody), in the order of the slots."""
    first = waiting = 0
    for n in range(len(young.cell)):
        for slot in range(_SLOTS if gone[n] else 0):
            looking.row[waiting], looking.slot[waiting] = n, slot
            looking.identifier[waiting] = young.identifier[n]
            waiting += (gone[n] >> slot) & 1
        if waiting > _LOOKING - _SLOTS or n == len(young.cell) - 1:
            _look(young, starts, nearest, peer_area, key, two_years, looking, waiting,
                  elsewhere[first:])  # fmt: skip
            first += waiting
            waiting = 0


@inlined
def _look(
    young, starts, nearest, peer_area, key, two_years, looking, number, elsewhere
):  # fmt: skip
    """Look for some together, so that none need wait for the memory of another."""
    sweeps.four_words_of(
        key, looking.identifier, two_years, randomness.PEER_REWIRED, looking.slot, looking.words
    )
    for k in range(number):
        n, words = looking.row[k], looking.words
        near = nearest[young.home[n], randomness.below(words[1, k], nearest.shape[1])]
        looking.cell[k] = peer_area[near] * CELLS_OF_AREA + young.cell[n] % CELLS_OF_AREA
        looking.wanted[k] = young.likeness[n] + 0.5 * randomness.standard_normal(words[2, k])
        prefetch_line(starts, looking.cell[k])
    for k in range(number):
        prefetch_line(young.likeness, starts[looking.cell[k]])
    for k in range(number):
        elsewhere[k] = _nearest(looking.cell[k], looking.wanted[k], young.likeness, starts)


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
def _join_others(peers, degree, young, starts, gone, elsewhere, alike):
    """Tie everybody to those elsewhere, and to the nearest of other cohorts and the other sex.

    ``alike`` (int32, shape (slots, people)) is room for the nearest of the people of a cell.
    """
    first = found = 0
    while first < len(young.cell):
        size = starts[young.cell[first] + 1] - first
        _find_alike(young, starts, first, size, alike)
        for n in range(first, first + size):
            for slot in range(0 if gone[n] & _OF_COHORT else _FIRST_OF_OTHERS, _SLOTS):
                other = -1
                if gone[n] & (1 << slot):
                    other = elsewhere[found]
                    found += 1
                elif slot >= _FIRST_OF_OTHERS:
                    other = alike[slot - _FIRST_OF_OTHERS, n - first]
                if other >= 0 and other != n:
                    _join(peers, degree, n, other)
        first += size


@inlined
def _find_alike(young, starts, first, size, alike):
    """Find whom of each neighbouring cell the people of a cell are nearest to.

    Cells are small, and counting those less alike goes several at a time: quicker than a search.
    """
    likeness = young.likeness
    for slot in range(_FIRST_OF_OTHERS, _SLOTS):
        there = _neighbouring_cell(young.cell[first], slot)
        low, high = (starts[there], starts[there + 1]) if there >= 0 else (first, first)
        for n in range(size):
            wanted, less = likeness[first + n], np.int32(0)
            for other in range(low, high):
                less += likeness[other] < wanted
            nearer = _nearer(low + less, wanted, likeness, low, high)
            alike[slot - _FIRST_OF_OTHERS, n] = nearer


@inlined
def _neighbouring_cell(cell, slot):
    """Return the cell of the cohort above or below, or of the other sex."""
    if slot == 6:
        return cell ^ 1
    cohort = (cell // 2) % COHORTS
    if slot == 4:
        return cell - 2 if cohort > 0 else -1
    return cell + 2 if cohort < COHORTS - 1 else -1


@part
def _nearest(cell, wanted, likeness, starts):
    """Return the position of the person of a cell nearest in likeness, -1 where it is empty.

    A search by halves that takes no turns: those would be guessed wrong half the time.
    """
    low, high = starts[cell], starts[cell + 1]
    at, left, sought = low, high - low, np.float32(wanted)
    while left > 0:
        half = (left + 1) // 2
        at += half * (likeness[at + half - 1] < sought)
        left -= half
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
