"""Phase 5, once a year: who the young are, in the order in which ties are made.

The young are those of 10 to 29. They stand in order of their cell (an area, a school cohort and a
sex), and within it of likeness and identity. From one year to the next nearly all of them keep
their place in that order: everybody grows older together. So those who have moved to another area
or have turned ten are sorted, and merged with the others.
"""

import math
from typing import NamedTuple

import numpy as np

from vru_model import randomness
from vru_model.compiling import inlined, kernel
from vru_model.people import DEAD, MONTHS_AT_10, NOBODY
from vru_model.prefetching import AHEAD, prefetch_line
from vru_model.processes.calendar import school_cohort
from vru_model.processes.records import Ties
from vru_model.traces import norm_of
from vru_model.workspace import Workspace

COHORTS = 24
"""School years of people of 10 to 29, and room at the ends."""

CELLS_OF_AREA = COHORTS * 2

_MONTHS_AT_11 = 132
_MONTHS_AT_30 = 360


class Young(NamedTuple):
    """Those of 10 to 29: one entry each, shape (young,)."""

    resident: np.ndarray  # int32
    identifier: np.ndarray  # uint64
    home: np.ndarray  # uint16, their neighbourhood
    cell: np.ndarray  # int32: an area, a school cohort and a sex
    likeness: np.ndarray  # float32, a standard score of liability and of a lasting trait
    before: np.ndarray  # int32, their row in the ties of the last year, NOBODY for the new


_KINDS = (np.int32, np.uint64, np.uint16, np.int32, np.float32, np.int32)


def nobody_young() -> Young:
    """Return the young of a world in which nobody has been gathered yet."""
    return _room(Workspace(), "nobody", 0)


def first_cohort_of(month: int) -> int:
    """Return the school cohort that counts as the first in the cells of a year."""
    return int(school_cohort(month - _MONTHS_AT_30)) - 1


def gather_young(
    people, before: Ties, peer_area, key, share: float
) -> tuple[Young, np.ndarray]:
    """Return the young of this year in order, and where each cell begins (int64).

    ``before`` are the ties of the last year; ``peer_area`` (int64, by neighbourhood) says which
    neighbourhoods share their young people, and ``share`` how much of likeness is liability.
    """
    space, month = people.workspace, people.month
    first_cohort = first_cohort_of(month)
    kept = space.array("kept", len(before.young), np.bool_)
    room = _room(space, "new young", people.count)
    moved = _keep(people.rows, before, kept, room, peer_area, month, first_cohort, people.fading)
    anew = len(before.young) == 0
    found = _add_others(
        people.rows, people.count, room, moved, anew, peer_area, key, month, first_cohort, share
    )  # fmt: skip
    cells = (int(peer_area.max()) + 1) * CELLS_OF_AREA
    new, turn = Young(*(column[:found] for column in room)), f"young {space.turn('young')}"
    if anew:
        young = _sorted(new, cells, space, turn)
        _give_back(space, "new young")  # never again are there as many
        return young, _starts(young, cells)
    new = _sorted(new, cells, space, "sorted young")
    young = _room(space, turn, np.count_nonzero(kept) + found)
    later = 2 * (first_cohort - before.first_cohort)
    _merge(people.rows, before, kept, new, later, young)
    return young, _starts(young, cells)


def _room(space: Workspace, name: str, count: int) -> Young:
    fields = zip(Young._fields, _KINDS, strict=True)
    return Young(*(space.array(f"{name} {field}", count, kind) for field, kind in fields))


def _give_back(space: Workspace, name: str) -> None:
    for field in Young._fields:
        space.give_back(f"{name} {field}")


@inlined
def _is_young(profile, month):
    age = month - profile.birth_month
    return (MONTHS_AT_10 <= age < _MONTHS_AT_30) & (profile.status != DEAD)


@inlined
def _cell_of(profile, peer_area, first_cohort):
    cohort = school_cohort(profile.birth_month) - first_cohort
    return (peer_area[profile.neighbourhood] * COHORTS + cohort) * 2 + profile.male


@kernel
def _keep(people, before, kept, moved, peer_area, month, first_cohort, fading):
    """Say who keeps their place; those who live in another area are added to ``moved``."""
    found = 0
    for row in range(len(before.young)):
        prefetch_line(people.profile, before.young[min(row + AHEAD, len(before.young) - 1)])
        i = before.young[row]
        profile = people.profile[i]
        young = _is_young(profile, month)
        stays = peer_area[profile.neighbourhood] == before.cell[row] // CELLS_OF_AREA
        kept[row] = young and stays
        if not young:
            _part_with_peers(people, i, fading)
        elif not stays:
            cell = _cell_of(profile, peer_area, first_cohort)
            likeness = before.likeness[row]
            _enter(people, moved, found, i, cell, likeness, row)
            found += 1
    return found


@kernel
def _add_others(
    people, count, young, found, anew, peer_area, key, month, first_cohort, share
):  # fmt: skip
    """Add those who have turned ten, or all where nobody was gathered before."""
    oldest = _MONTHS_AT_30 if anew else _MONTHS_AT_11
    for i in range(count):
        profile = people.profile[i]
        if not _is_young(profile, month) or month - profile.birth_month >= oldest:
            continue
        if not anew and people.state[i].peer_row != NOBODY:
            continue
        word = randomness.word(key, people.identifier[i], 0, randomness.PEER_LIKENESS, 0)
        lasting = math.sqrt(1.0 - share) * randomness.standard_normal(word)
        likeness = math.sqrt(share) * people.state[i].liability + lasting
        cell = _cell_of(profile, peer_area, first_cohort)
        _enter(people, young, found, i, cell, np.float32(likeness), NOBODY)
        found += 1
    return found


@inlined
def _enter(people, young, at, i, cell, likeness, before):
    young.resident[at] = i
    young.identifier[at] = people.identifier[i]
    young.home[at] = people.profile[i].neighbourhood
    young.cell[at] = cell
    young.likeness[at] = likeness
    young.before[at] = before


def part_with_peers(people, ties: Ties) -> None:
    """Let the norms of those who are not young any more have no peers."""
    _part_all_with_peers(people.rows, ties.young, people.month, people.fading)


@kernel
def _part_all_with_peers(people, young, month, fading):
    for i in young:
        if not _is_young(people.profile[i], month):
            _part_with_peers(people, i, fading)


@inlined
def _part_with_peers(people, i, fading):
    people.state[i].peer_norm = norm_of(people, i, fading)
    people.state[i].norm_at = fading.passed
    people.state[i].norm_level = 0.0
    people.state[i].peer_row = NOBODY


def _sorted(young: Young, cells: int, space: Workspace, name: str) -> Young:
    """Sort by cell and, within them, likeness and identity, into the room of a name."""
    starts = _starts(young, cells)
    order = space.array("order of young", len(young.cell), np.int32)
    in_order = _room(space, name, len(young.cell))
    _sort(young, starts, starts[:-1].copy(), order)
    _take(young, order, in_order)
    return in_order


def _starts(young: Young, cells: int) -> np.ndarray:
    starts = np.zeros(cells + 1, np.int64)
    _count(young.cell, starts[1:])
    return np.cumsum(starts, out=starts)


@kernel
def _count(cell, counts):
    for n in range(len(cell)):
        counts[cell[n]] += 1


@kernel
def _sort(young, starts, at, order):
    """Put everybody into their cell, at the place that is theirs among those there already."""
    for n in range(len(young.cell)):
        cell = young.cell[n]
        first, here = starts[cell], at[cell]
        at[cell] += 1
        while here > first and not _precedes(young, order[here - 1], young, n):
            order[here] = order[here - 1]
            here -= 1
        order[here] = n


@kernel
def _take(young, order, in_order):
    for n in range(len(order)):
        _copy(young, order[n], in_order, n)


@inlined
def _precedes(some, n, others, m):
    """Say whether one comes before another of the same cell."""
    if some.likeness[n] != others.likeness[m]:
        return some.likeness[n] < others.likeness[m]
    return some.identifier[n] < others.identifier[m]


@kernel
def _merge(people, before, kept, new, later, young):
    """Merge those who keep their place with the new; ``later`` is by how much cells have moved."""
    found = at = 0
    for row in range(len(before.young)):
        if not kept[row]:
            continue
        cell = before.cell[row] - later
        while at < len(new.cell) and (
            new.cell[at] < cell or (new.cell[at] == cell and _precedes(new, at, before, row))
        ):
            _copy(new, at, young, found)
            at += 1
            found += 1
        young.resident[found] = before.young[row]
        young.identifier[found] = before.identifier[row]
        young.home[found] = people.profile[before.young[row]].neighbourhood
        young.cell[found] = cell
        young.likeness[found] = before.likeness[row]
        young.before[found] = row
        found += 1
    for rest in range(at, len(new.cell)):
        _copy(new, rest, young, found)
        found += 1


@inlined
def _copy(new, n, young, at):
    young.resident[at] = new.resident[n]
    young.identifier[at] = new.identifier[n]
    young.home[at] = new.home[n]
    young.cell[at] = new.cell[n]
    young.likeness[at] = new.likeness[n]
    young.before[at] = new.before[n]
