"""Phase 2: births, deaths, moves and partnerships.

Once a year every resident's chances are drawn, with the month in which the event falls; the
months then carry them out. So demography costs little, and is the same for steps of any length.
There is no migration into or out of the place.
"""

import math
from typing import NamedTuple

import numba
import numpy as np

from vru_model import randomness
from vru_model.people import CUSTODY, DEAD, MONTHS_AT_18, NOBODY, PRE_SCHOOL
from vru_model.processes.families import (
    MOST_TOGETHER,
    bring_together,
    gather,
    lives_with_carer,
    settle,
)
from vru_model.processes.schooling import enter

_NEVER = np.int8(-1)
_BIRTH_AGE_FIRST, _BIRTH_AGE_LAST = 180, 540  # months: 15 to 44 years
_PARTNER_AGE_LAST = 720  # months: 60 years
_PARTNER_AGE_GAP = 84  # months: 7 years
_PARTNER_TRIES = 64
_MOVE_AGES = (192, 240, 360, 540, 780)  # months at which the rates of moving change


class YearAhead(NamedTuple):
    """The month of the year (0-11) in which each resident's event falls, -1 for none: int8."""

    deaths: np.ndarray
    births: np.ndarray
    moves: np.ndarray


@numba.njit(cache=True)
def draw_year(people, count, areas, key, year, month, demography):
    """Draw who dies, gives birth and moves in the coming year."""
    deaths = np.full(count, _NEVER, np.int8)
    births = np.full(count, _NEVER, np.int8)
    moves = np.full(count, _NEVER, np.int8)
    for i in range(count):
        if people[i].status == DEAD:
            continue
        age = month - people[i].birth_month
        deprivation = areas[people[i].neighbourhood].deprivation
        words = randomness.four_words(key, people[i].identifier, year, randomness.DEATH, 0)
        chance = _death_chance(people[i].male, age, deprivation, demography)
        if randomness.happens(words[0], chance):
            deaths[i] = randomness.below(words[1], 12)
        if not people[i].male and _BIRTH_AGE_FIRST <= age < _BIRTH_AGE_LAST:
            rate = demography.births[(age - _BIRTH_AGE_FIRST) // 60] * math.exp(
                demography.births_deprivation * deprivation
            )
            words = randomness.four_words(key, people[i].identifier, year, randomness.BIRTH, 0)
            if randomness.happens(words[0], -math.expm1(-rate)):
                births[i] = randomness.below(words[1], 12)
        if age >= MONTHS_AT_18 and _speaks_for_couple(people, i):
            words = randomness.four_words(key, people[i].identifier, year, randomness.MOVE, 0)
            at_home = lives_with_carer(people, i)
            rate = demography.leaving_home if at_home else _move_rate(age, demography)
            if randomness.happens(words[0], -math.expm1(-rate)):
                moves[i] = randomness.below(words[1], 12)
    return deaths, births, moves


@numba.njit
def _speaks_for_couple(people, i):
    """Say whether this one draws for the couple: the higher identifier, in every world."""
    partner = people[i].partner
    return partner == NOBODY or people[i].identifier > people[partner].identifier


@numba.njit
def _death_chance(male, age, deprivation, demography):
    """Gompertz: the log rate rises in a straight line with age."""
    level = demography.death_male if male else demography.death_female
    log_rate = (
        level + demography.death_age * (age / 12.0) + demography.death_deprivation * deprivation
    )
    return -math.expm1(-math.exp(log_rate))


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
        words = randomness.four_words(
            key, people[child].identifier, 0, randomness.CHILD, 0
        )
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
def move_homes(people, columns, movers, nearest, cumulative, key, year, new_household):
    """Move households, and adult children out of their parents'; return the next household number.

    The destination is drawn in proportion to residents * exp(-km / distance) * exp(-|dD| / s):
    ``nearest`` and ``cumulative`` hold each neighbourhood's destinations and running weights.
    """
    group = np.empty(MOST_TOGETHER, np.int32)
    for i in movers:
        if people[i].status >= CUSTODY:
            continue
        size = gather(people, i, group, 0)
        partner = people[i].partner
        if partner != NOBODY and people[partner].household == people[i].household:
            size = gather(people, partner, group, size)
        word = randomness.word(key, people[i].identifier, year, randomness.DESTINATION, 0)
        place = _destination(people[i].neighbourhood, word, nearest, cumulative)
        settle(people, columns, group, size, place, new_household)
        new_household += 1
    return new_household


@numba.njit
def _destination(home, word, nearest, cumulative):
    weights = cumulative[home]
    at = np.searchsorted(weights, randomness.uniform(word) * weights[-1], side="right")
    return nearest[home, min(at, len(weights) - 1)]


@numba.njit(cache=True)
def part_couples(
    people, columns, count, nearest, cumulative, key, year, new_household, demography
):
    """Part some couples: one, not the carer of the children, finds a home elsewhere."""
    group = np.empty(MOST_TOGETHER, np.int32)
    chance = -math.expm1(-demography.separation)
    for i in range(count):
        partner = people[i].partner
        if people[i].status == DEAD or partner == NOBODY or not _speaks_for_couple(people, i):
            continue
        words = randomness.four_words(
            key, people[i].identifier, year, randomness.SEPARATION, 0
        )
        if not randomness.happens(words[0], chance):
            continue
        leaver = partner if _cares_for_fewer(people, partner, i) else i
        people[i].partner = people[partner].partner = NOBODY
        if people[i].household == people[partner].household:
            group[0] = leaver
            place = _destination(people[leaver].neighbourhood, words[1], nearest, cumulative)
            settle(people, columns, group, 1, place, new_household)
            new_household += 1
    return new_household


@numba.njit
def _cares_for_fewer(people, first, second):
    group = np.empty(MOST_TOGETHER, np.int32)
    return gather(people, first, group, 0) <= gather(people, second, group, 0)


@numba.njit(cache=True)
def form_couples(
    people, columns, order, contacts, key, year, month, new_household, demography
):
    """Let single women who look for a partner find a single man near by.

    Women come in ``order``, an order of identity, so that worlds stay alike.
    """
    group = np.empty(2 * MOST_TOGETHER, np.int32)
    for i in order:
        if people[i].male or not _seeks(people, i, key, year, month, demography):
            continue
        place = people[i].neighbourhood
        pool = contacts.members[contacts.starts[place] : contacts.starts[place + 1]]
        for attempt in range(1, _PARTNER_TRIES + 1):
            if len(pool) == 0:
                break
            word = randomness.word(
                key, people[i].identifier, year, randomness.PARTNERSHIP, attempt
            )
            j = pool[randomness.below(word, len(pool))]
            gap = abs(people[i].birth_month - people[j].birth_month)
            suits = people[j].male and gap <= _PARTNER_AGE_GAP
            if suits and people[j].household != people[i].household and _single(people, j, month):
                bring_together(people, columns, i, j, group, new_household)
                new_household += 1
                break
    return new_household


@numba.njit
def _single(people, i, month):
    age = month - people[i].birth_month
    if people[i].status >= CUSTODY or people[i].partner != NOBODY:
        return False
    return MONTHS_AT_18 <= age < _PARTNER_AGE_LAST


@numba.njit
def _seeks(people, i, key, year, month, demography):
    if not _single(people, i, month):
        return False
    word = randomness.word(key, people[i].identifier, year, randomness.PARTNERSHIP, 0)
    return randomness.happens(word, -math.expm1(-demography.partnering))
