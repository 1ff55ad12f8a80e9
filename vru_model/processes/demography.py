"""Phase 2: births, deaths, moves and partnerships.

Once a year every resident's chances are drawn, with the month in which the event falls; the
months then carry them out. So demography costs little, and is the same for steps of any length.
There is no migration into or out of the place.
"""

import math
from typing import NamedTuple

import numba
import numpy as np

from vru_model import randomness, sweeps
from vru_model.people import ALWAYS, CUSTODY, DEAD, MONTHS_AT_18, NOBODY, PRE_SCHOOL
from vru_model.prefetching import AHEAD, prefetch
from vru_model.processes.families import (
    MOST_TOGETHER,
    bring_together,
    gather,
    lives_with_carer,
    settle,
)
from vru_model.processes.schooling import enter

_NEVER = np.int8(-1)
_BLOCK = 2048  # residents whose words are drawn together
_OLDEST = 120  # years: tables by age end here
_BIRTH_AGE_FIRST, _BIRTH_AGE_LAST = 180, 540  # months: 15 to 44 years
_PARTNER_AGE_LAST = 720  # months: 60 years
_PARTNER_AGE_GAP = 84  # months: 7 years
_PARTNER_TRIES = 64
_NEITHER, _SINGLE_MAN, _SEEKS = range(3)
_MOVE_AGES = (192, 240, 360, 540, 780)  # months at which the rates of moving change


class YearAhead(NamedTuple):
    """The month of the year (0-11) in which each resident's event falls, -1 for none: int8."""

    deaths: np.ndarray
    births: np.ndarray
    moves: np.ndarray


@numba.njit(cache=True)
def draw_year(people, columns, count, areas, key, year, month, demography):
    """Draw who dies, gives birth and moves in the coming year.

    Most words lie above the greatest chance at an age, and nothing else need be worked out.
    """
    deaths = np.full(count, _NEVER, np.int8)
    births = np.full(count, _NEVER, np.int8)
    moves = np.full(count, _NEVER, np.int8)
    dies, bears, leaves = _greatest_chances(areas, demography)
    words = np.empty((3, _BLOCK), np.uint32)
    for first in range(0, count, _BLOCK):
        last = min(first + _BLOCK, count)
        here = columns.identifier[first:last]
        sweeps.first_words(key, here, year, randomness.DEATH, 0, words[0])
        sweeps.first_words(key, here, year, randomness.BIRTH, 0, words[1])
        sweeps.first_words(key, here, year, randomness.MOVE, 0, words[2])
        for i in range(first, last):
            n, age = i - first, month - people[i].birth_month
            if people[i].status == DEAD:
                continue
            at, sex = min(age // 12, _OLDEST), 1 if people[i].male else 0
            if words[0, n] < dies[sex, at]:
                chance = _death_chance(people, i, age, areas, demography)
                deaths[i] = _month_of(people, i, key, year, randomness.DEATH, chance)
            if words[1, n] < bears[sex, at]:
                chance = _birth_chance(people, i, age, areas, demography)
                births[i] = _month_of(people, i, key, year, randomness.BIRTH, chance)
            if words[2, n] < leaves[at] and _speaks_for_couple(people, i):
                at_home = lives_with_carer(people, i)
                rate = demography.leaving_home if at_home else _move_rate(age, demography)
                chance = -math.expm1(-rate)
                moves[i] = _month_of(people, i, key, year, randomness.MOVE, chance)
    return deaths, births, moves


@numba.njit
def _month_of(people, i, key, year, decision, chance):
    """Return the month of the year in which an event of this chance happens, _NEVER if not."""
    words = randomness.four_words(key, people[i].identifier, year, decision, 0)
    return (
        np.int8(randomness.below(words[1], 12)) if randomness.happens(words[0], chance) else _NEVER
    )


@numba.njit
def _greatest_chances(areas, demography):
    """Return bounds of the words of death and birth, (sex, age), and of moving, (age): uint32."""
    least, most = areas[0].deprivation, areas[0].deprivation
    for place in range(len(areas)):
        least = min(least, areas[place].deprivation)
        most = max(most, areas[place].deprivation)
    dying = max(demography.death_deprivation * least, demography.death_deprivation * most)
    bearing = max(demography.births_deprivation * least, demography.births_deprivation * most)
    dies = np.zeros((2, _OLDEST + 1), np.uint32)
    bears = np.zeros((2, _OLDEST + 1), np.uint32)
    leaves = np.zeros(_OLDEST + 1, np.uint32)
    for age in range(_OLDEST + 1):
        months = 12 * age
        for sex in range(2):
            level = demography.death_male if sex else demography.death_female
            highest = level + demography.death_age * (age + 1) + dying
            oldest = age == _OLDEST or demography.death_age < 0.0
            dies[sex, age] = ALWAYS if oldest else randomness.bound(math.exp(highest))
        if _BIRTH_AGE_FIRST <= months < _BIRTH_AGE_LAST:
            rate = demography.births[(months - _BIRTH_AGE_FIRST) // 60]
            bears[0, age] = randomness.bound(rate * math.exp(bearing))
        if months >= MONTHS_AT_18:
            rate = max(demography.leaving_home, _move_rate(months, demography))
            leaves[age] = randomness.bound(rate)
    return dies, bears, leaves


@numba.njit
def _speaks_for_couple(people, i):
    """Say whether this one draws for the couple: the higher identifier, in every world."""
    partner = people[i].partner
    return partner == NOBODY or people[i].identifier > people[partner].identifier


@numba.njit
def _death_chance(people, i, age, areas, demography):
    """Gompertz: the log rate rises in a straight line with age."""
    level = demography.death_male if people[i].male else demography.death_female
    deprivation = areas[people[i].neighbourhood].deprivation
    log_rate = (
        level + demography.death_age * (age / 12.0) + demography.death_deprivation * deprivation
    )
    return -math.expm1(-math.exp(log_rate))


@numba.njit
def _birth_chance(people, i, age, areas, demography):
    deprivation = areas[people[i].neighbourhood].deprivation
    rate = demography.births[(age - _BIRTH_AGE_FIRST) // 60] * math.exp(
        demography.births_deprivation * deprivation
    )
    return -math.expm1(-rate)


@numba.njit
def _move_rate(age, demography):
    band = 0
    while band < len(_MOVE_AGES) and age >= _MOVE_AGES[band]:
        band += 1
    return demography.moves[band]


@numba.njit(cache=True)
def bear_children(
    people, columns, mothers, count, areas, key, month, clock, steps_per_year, fading,
    demography, schooling, correlation,
):  # fmt: skip
    """Add a child for each mother at rows from ``count`` on; return (rows filled, infant deaths).

    The child's liability is correlated with the carer's. Infant deaths come as (row, months
    from birth) pairs.
    """
    doomed = np.empty((len(mothers), 2), np.int64)
    deaths = 0
    for mother in mothers:
        if people[mother].status >= CUSTODY:
            continue
        child = count
        count += 1
        people[child].identifier = randomness.new_identifier(
            people[mother].identifier, month + 4096, 0
        )
        words = randomness.four_words(key, people[child].identifier, 0, randomness.CHILD, 0)
        people[child].birth_month = month
        people[child].male = randomness.happens(words[0], demography.male_births)
        people[child].liability = correlation * people[mother].liability + math.sqrt(
            1.0 - correlation * correlation
        ) * randomness.standard_normal(words[1])
        people[child].self_regulation = randomness.standard_normal(
            randomness.word(key, people[child].identifier, 0, randomness.SELF_REGULATION, 0)
        )
        columns.identifier[child] = people[child].identifier
        people[child].status = PRE_SCHOOL
        people[child].carer = mother
        people[child].partner = NOBODY
        people[child].opponent = NOBODY
        people[child].faded_at = people[child].trauma_until = fading.faded
        people[child].norm_at = fading.passed
        people[child].peer_row = NOBODY
        people[child].household = people[mother].household
        people[child].neighbourhood = people[mother].neighbourhood
        people[child].next_in_household = people[mother].next_in_household
        people[mother].next_in_household = child
        enter(people, columns, child, key, clock, steps_per_year, schooling)
        chance = demography.death_infant * math.exp(
            demography.death_deprivation * areas[people[child].neighbourhood].deprivation
        )
        if randomness.happens(words[2], chance):
            doomed[deaths, 0] = child
            doomed[deaths, 1] = randomness.below(words[3], 12)
            deaths += 1
    return count, doomed[:deaths].copy()


@numba.njit(cache=True)
def move_homes(people, columns, areas, movers, nearest, cumulative, key, year, new_household):
    """Move households, and adult children out of their parents'; return the next household number.

    The destination is drawn in proportion to residents * exp(-km / distance) * exp(-|dD| / s):
    ``nearest`` and ``cumulative`` hold each neighbourhood's destinations and running weights.
    """
    group = np.empty(MOST_TOGETHER, np.int32)
    for n in range(len(movers)):
        prefetch(people, movers[min(n + AHEAD, len(movers) - 1)])
        i = movers[n]
        if people[i].status >= CUSTODY:
            continue
        size = gather(people, i, group, 0)
        partner = people[i].partner
        if partner != NOBODY and people[partner].household == people[i].household:
            size = gather(people, partner, group, size)
        word = randomness.word(key, people[i].identifier, year, randomness.DESTINATION, 0)
        place = _destination(people[i].neighbourhood, word, nearest, cumulative)
        settle(people, columns, areas, group, size, place, new_household)
        new_household += 1
    return new_household


@numba.njit
def _destination(home, word, nearest, cumulative):
    weights = cumulative[home]
    at = np.searchsorted(weights, randomness.uniform(word) * weights[-1], side="right")
    return nearest[home, min(at, len(weights) - 1)]


@numba.njit(cache=True)
def part_couples(
    people, columns, areas, count, nearest, cumulative, key, year, new_household, demography
):  # fmt: skip
    """Part some couples: one, not the carer of the children, finds a home elsewhere."""
    group = np.empty(MOST_TOGETHER, np.int32)
    chance = -math.expm1(-demography.separation)
    for i in range(count):
        partner = people[i].partner
        if people[i].status == DEAD or partner == NOBODY or not _speaks_for_couple(people, i):
            continue
        words = randomness.four_words(key, people[i].identifier, year, randomness.SEPARATION, 0)
        if not randomness.happens(words[0], chance):
            continue
        leaver = partner if _cares_for_fewer(people, partner, i) else i
        people[i].partner = people[partner].partner = NOBODY
        if people[i].household == people[partner].household:
            group[0] = leaver
            place = _destination(people[leaver].neighbourhood, words[1], nearest, cumulative)
            settle(people, columns, areas, group, 1, place, new_household)
            new_household += 1
    return new_household


@numba.njit
def _cares_for_fewer(people, first, second):
    group = np.empty(MOST_TOGETHER, np.int32)
    return gather(people, first, group, 0) <= gather(people, second, group, 0)


@numba.njit(cache=True)
def form_couples(
    people, columns, areas, order, contacts, key, year, month, new_household, demography
):  # fmt: skip
    """Let single women who look for a partner find a single man near by.

    Women come in ``order``, an order of identity, so that worlds stay alike.
    """
    group = np.empty(2 * MOST_TOGETHER, np.int32)
    role, born = _roles(people, len(order), key, year, month, demography)
    for i in order:
        if role[i] != _SEEKS:
            continue
        place = people[i].neighbourhood
        pool = contacts.members[contacts.starts[place] : contacts.starts[place + 1]]
        for attempt in range(1, _PARTNER_TRIES + 1):
            if len(pool) == 0:
                break
            word = randomness.word(key, people[i].identifier, year, randomness.PARTNERSHIP, attempt)
            j = pool[randomness.below(word, len(pool))]
            suits = role[j] == _SINGLE_MAN and abs(born[i] - born[j]) <= _PARTNER_AGE_GAP
            if suits and people[j].household != people[i].household:
                bring_together(people, columns, areas, i, j, group, new_household)
                role[i] = role[j] = _NEITHER
                new_household += 1
                break
    return new_household


@numba.njit
def _roles(people, count, key, year, month, demography):
    """Say who is a single man and which single women look this year; and when all were born."""
    role, born = np.full(count, _NEITHER, np.uint8), np.empty(count, np.int16)
    chance = -math.expm1(-demography.partnering)
    for i in range(count):
        born[i] = people[i].birth_month
        if not _single(people, i, month):
            continue
        if people[i].male:
            role[i] = _SINGLE_MAN
        else:
            word = randomness.word(key, people[i].identifier, year, randomness.PARTNERSHIP, 0)
            if randomness.happens(word, chance):
                role[i] = _SEEKS
    return role, born


@numba.njit
def _single(people, i, month):
    age = month - people[i].birth_month
    if people[i].status >= CUSTODY or people[i].partner != NOBODY:
        return False
    return MONTHS_AT_18 <= age < _PARTNER_AGE_LAST
