"""Whom people may meet: pools renewed once a year, and the ties of those of 10 to 29.

Ties join people who are alike in ``z = sqrt(a) u + sqrt(1 - a) e``, of the same area, school cohort
and sex: two above and two below in z within this cell, and the nearest in z of the cohort below,
the cohort above and of the other sex. Each of these seven slots goes to a nearby neighbourhood
instead with probability "rewired".
"""

import bisect
import math
from typing import NamedTuple

from reference.resident import Resident
from reference.world import single, years
from vru_model import randomness

MOST_PEERS = 10
COHORTS = 24  # of 10 to 29 years, and room at the ends


class Cell(NamedTuple):
    """Those among whom people find peers: an area, a school cohort and a sex."""

    area: int
    cohort: int  # September to August, 0 the oldest that may be there
    male: bool


class Young(NamedTuple):
    """A resident of 10 to 29 with likeness z in single precision."""

    z: float
    resident: Resident


def gather_pools(model) -> None:
    """Fill the pools: of ten and over by neighbourhood, of 16 and over by authority."""
    living = [resident for resident in model.by_identity() if resident.alive]
    for place in model.neighbourhoods:
        place.pool, place.residents = [], 0
    model.night_pools = [[] for _ in model.place.authorities]
    for resident in living:
        resident.neighbourhood.residents += 1
        if resident.age >= years(10):
            resident.neighbourhood.pool.append(resident)
        if resident.age >= years(16):
            model.night_pools[resident.neighbourhood.authority].append(resident)


def make_ties(model) -> None:
    """Renew the ties of the young."""
    for resident in model.residents:
        resident.peers = None
    young = [r for r in model.residents if r.alive and years(10) <= r.age < years(30)]
    first_cohort = school_cohort(model.month - years(30)) - 1
    cells: dict[Cell, list[Young]] = {}
    for resident in young:
        area = resident.neighbourhood.peer_area
        cohort = school_cohort(resident.birth_month) - first_cohort
        cell = cells.setdefault(Cell(area, cohort, resident.male), [])
        cell.append(Young(likeness(model, resident), resident))
        resident.peers = []
    for cell in cells.values():
        cell.sort(key=lambda one: (one.z, int(one.resident.identifier)))
    for cell in cells.values():
        for at in range(len(cell)):
            tie_within_cohort(model, cell, at)
    for cell in sorted(cells):
        for at in range(len(cells[cell])):
            tie(model, cells, cell, at)


def school_cohort(month: int) -> int:
    """Return the school year of a month of birth, or of a calendar month."""
    return (month + 7) // 12  # month 0 is April, seven months into the school year


def likeness(model, resident: Resident) -> float:
    """Return z, by which people who are alike find one another."""
    share = model.values.peers.likeness
    word = draw(model, resident, randomness.PEER_LIKENESS, 0, 0)[0]
    lasting = randomness.standard_normal(word)
    return single(math.sqrt(share) * resident.liability + math.sqrt(1.0 - share) * lasting)


def draw(model, resident: Resident, decision: int, time: int, attempt: int) -> tuple:
    """Draw by the population's key: ties are the same in all replicates."""
    return randomness.four_words(
        model.population_key, resident.identifier, time, decision, attempt
    )


def tie(model, cells: dict[Cell, list[Young]], cell: Cell, at: int) -> None:
    """Fill the seven slots of the young person at a position of a cell."""
    me = cells[cell][at]
    for slot in range(7):
        words, away = goes_elsewhere(model, me, slot)
        if away:
            near = me.resident.neighbourhood.near
            area = near[randomness.below(words[1], len(near))].peer_area
            z = me.z + 0.5 * randomness.standard_normal(words[2])
            other = nearest(cells.get(cell._replace(area=area)), z)
        else:
            other = usual_peer(cells, cell, at, slot) if slot >= 4 else None
        if other and other is not me.resident:
            join(me.resident, other)


def goes_elsewhere(model, me: Young, slot: int) -> tuple[tuple, bool]:
    """Return the draws of a slot (-2, -1, +1, +2, three others) and whether it is rewired."""
    two_years = math.floor(model.month / 24)
    words = draw(model, me.resident, randomness.PEER_REWIRED, two_years, slot)
    return words, randomness.happens(words[0], model.values.peers.rewired)


def tie_within_cohort(model, cell: list[Young], at: int) -> None:
    """Tie somebody to the next two in likeness, unless both have gone elsewhere for it."""
    for ahead in (1, 2):
        if at + ahead < len(cell):
            me, other = cell[at], cell[at + ahead]
            mine, theirs = goes_elsewhere(model, me, 1 + ahead), goes_elsewhere(
                model, other, 2 - ahead
            )
            if not (mine[1] and theirs[1]):
                join(me.resident, other.resident)


def usual_peer(cells, cell: Cell, at: int, slot: int) -> Resident | None:
    """Return who fills one of the last three slots where it is not rewired."""
    if slot == 6:
        across = cell._replace(male=not cell.male)
    else:
        across = cell._replace(cohort=cell.cohort + (-1 if slot == 4 else 1))
    return nearest(cells.get(across), cells[cell][at].z)


def nearest(cell: list[Young] | None, z: float) -> Resident | None:
    """Return the person of a cell nearest in likeness; the lower of two that are equally near."""
    if not cell:
        return None
    at = bisect.bisect_left(cell, single(z), key=lambda one: one.z)
    if at == len(cell) or (at > 0 and z - cell[at - 1].z <= cell[at].z - z):
        at -= 1
    return cell[at].resident


def join(one: Resident, other: Resident) -> None:
    """Tie two people both ways, where neither has ten ties already."""
    if max(len(one.peers), len(other.peers)) < MOST_PEERS and other not in one.peers:
        one.peers.append(other)
        other.peers.append(one)
