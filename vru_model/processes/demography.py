"""Phase 2: births, deaths, moves and partnerships.

Once a year every resident's chances are drawn, with the month in which the event falls; the
months then carry them out. So demography costs little, and is the same for steps of any length.
There is no migration into or out of the place.
"""

import math
from typing import NamedTuple

import numpy as np

from vru_model import randomness, sweeps
from vru_model.compiling import inlined, kernel, part
from vru_model.people import ALWAYS, ALWAYS_HALF, CUSTODY, DEAD, MONTHS_AT_18, NOBODY, PRE_SCHOOL
from vru_model.prefetching import AHEAD, prefetch, prefetch_line
from vru_model.processes.destinations import (
    ask_for_destination,
    ask_for_guide,
    destination,
)
from vru_model.processes.families import (
    MOST_TOGETHER,
    gather,
    lives_with_carer,
    settle,
)
from vru_model.processes.schooling import enter

_NOT_THIS_YEAR = -1
_EVENTS = 3  # bits: a death, a birth, a move
_OLDEST = 120  # years: tables by age end here
_BIRTH_AGE_FIRST, _BIRTH_AGE_LAST = 180, 540  # months: 15 to 44 years
_MOVE_AGES = (192, 240, 360, 540, 780)  # months at which the rates of moving change


class YearAhead(NamedTuple):
    """To whom an event happens in each month of a year: twelve arrays of rows (int32) each."""

    deaths: list[np.ndarray]
    births: list[np.ndarray]
    moves: list[np.ndarray]


def draw_year(people, areas, key, year: int, demography) -> YearAhead:
    """Draw who dies, gives birth and moves in the coming year."""
    count, space = people.count, people.workspace
    rows = tuple(space.array(event, count, np.int32) for event in YearAhead._fields)
    months = tuple(space.array(f"months of {event}", count, np.int8) for event in YearAhead._fields)
    found = np.zeros(len(rows), np.int64)
    greatest = _greatest_chances(areas["deprivation"], demography)
    words = np.empty((len(rows), sweeps.BLOCK), np.uint32)
    concerned = np.empty(sweeps.BLOCK, np.int32)
    _draw_year(people.rows, people.rows.identifier[:count], rows, months, found, greatest,
               words, concerned, areas, key, year, people.month, demography)  # fmt: skip
    by_month = (_by_month(*event) for event in zip(rows, months, found.tolist(), strict=True))
    return YearAhead(*by_month)


def _by_month(rows: np.ndarray, months: np.ndarray, found: int) -> list[np.ndarray]:
    order = np.argsort(months[:found], kind="stable")
    ends = np.cumsum(np.bincount(months[:found], minlength=12))
    return np.split(rows[:found][order], ends[:-1])


@kernel
def _draw_year(
    people, identifiers, rows, months, found, greatest, words, concerned, areas, key, year, month,
    demography,
):  # fmt: skip
    for first in range(0, len(identifiers), sweeps.BLOCK):
        here = identifiers[first : first + sweeps.BLOCK]
        sweeps.first_words(key, here, year, randomness.DEATH, 0, words[0])
        sweeps.first_words(key, here, year, randomness.BIRTH, 0, words[1])
        sweeps.first_words(key, here, year, randomness.MOVE, 0, words[2])
        some = _concerned(people, first, len(here), words, greatest, month, concerned)
        for k in range(some):
            prefetch(people, first + (concerned[k] >> _EVENTS))
        for k in range(some):
            _ask_for_family(people, first + (concerned[k] >> _EVENTS))
        for k in range(some):
            n = concerned[k] >> _EVENTS
            i = first + n
            age = month - people.profile[i].birth_month
            dies, bears, leaves = concerned[k] & 1, concerned[k] & 2, concerned[k] & 4
            if dies:
                chance = _death_chance(people, i, age, areas, demography)
                when = _month_of(people, i, key, year, randomness.DEATH, words[0, n], chance)
                _enter(rows[0], months[0], found, 0, i, when)
            if bears:
                chance = _birth_chance(people, i, age, areas, demography)
                when = _month_of(people, i, key, year, randomness.BIRTH, words[1, n], chance)
                _enter(rows[1], months[1], found, 1, i, when)
            if leaves and speaks_for_couple(people, i):
                at_home = lives_with_carer(people, i)
                rate = demography.leaving_home if at_home else _move_rate(age, demography.moves)
                chance = -math.expm1(-rate)
                when = _month_of(people, i, key, year, randomness.MOVE, words[2, n], chance)
                _enter(rows[2], months[2], found, 2, i, when)


@inlined
def _concerned(people, first, size, words, greatest, month, concerned):
    """Gather to whom of a block something may happen, with a bit for each event; return how many.

    Most words lie above the greatest chance at an age, and nothing else need be worked out.
    """
    found = 0
    for n in range(size):
        profile = people.profile[first + n]
        years = min(np.uint32(month - profile.birth_month) // np.uint32(12), np.uint32(_OLDEST))
        at = np.uint64(years) * np.uint64(2) + np.uint64(profile.male)
        events = (
            np.uint8(words[0, n] < greatest.dying[at])
            | np.uint8(words[1, n] < greatest.bearing[at]) << 1
            | np.uint8(words[2, n] < greatest.moving[at]) << 2
        )
        concerned[found] = n << _EVENTS | events
        found += (events != 0) & (profile.status != DEAD)
    return found


@inlined
def _ask_for_family(people, i):
    """Ask for the memory of a resident's partner and carer, who may share their home."""
    prefetch_line(people.identifier, max(people.state[i].partner, 0))
    carer = max(people.state[i].carer, 0)
    prefetch_line(people.household, carer)
    prefetch_line(people.profile, carer)


@inlined
def _enter(rows, months, found, event, i, month):
    if month != _NOT_THIS_YEAR:
        rows[found[event]], months[found[event]] = i, month
        found[event] += 1


@part
def _month_of(people, i, key, year, decision, word, chance):
    """Return the month of the year (0-11) in which an event of this chance happens, if it does.

    ``word`` is the first of the decision.
    """
    if randomness.happens(word, chance):
        words = randomness.four_words(key, people.identifier[i], year, decision, 0)
        return randomness.below(words[1], 12)
    return _NOT_THIS_YEAR


class Greatest(NamedTuple):
    """Bounds of the words by age and, within it, sex: no word at or above means it (uint32)."""

    dying: np.ndarray  # shape (2 * ages,), and the others
    bearing: np.ndarray
    moving: np.ndarray


def _greatest_chances(deprivation: np.ndarray, demography) -> Greatest:
    least, most = deprivation.min(), deprivation.max()
    dying = max(demography.death_deprivation * least, demography.death_deprivation * most)
    bearing = max(demography.births_deprivation * least, demography.births_deprivation * most)
    greatest = Greatest(*(np.zeros(2 * (_OLDEST + 1), np.uint32) for _ in Greatest._fields))
    for age in range(_OLDEST + 1):
        months = 12 * age
        for sex in range(2):
            level = demography.death_male if sex else demography.death_female
            highest = level + demography.death_age * (age + 1) + dying
            open_ended = age == _OLDEST or demography.death_age < 0.0
            chance = 1.0 if open_ended else math.exp(highest)
            greatest.dying[2 * age + sex] = randomness.bound(chance)
        if _BIRTH_AGE_FIRST <= months < _BIRTH_AGE_LAST:
            rate = demography.births[(months - _BIRTH_AGE_FIRST) // 60]
            greatest.bearing[2 * age] = randomness.bound(rate * math.exp(bearing))
        if months >= MONTHS_AT_18:
            rate = max(demography.leaving_home, _move_rate(months, demography.moves))
            greatest.moving[2 * age : 2 * age + 2] = randomness.bound(rate)
    return greatest


@part
def speaks_for_couple(people, i):
    """Say whether this one draws for the couple: the higher identifier, in every world."""
    partner = people.state[i].partner
    return partner == NOBODY or people.identifier[i] > people.identifier[partner]


@part
def _death_chance(people, i, age, areas, demography):
    """Gompertz: the log rate rises in a straight line with age."""
    level = demography.death_male if people.profile[i].male else demography.death_female
    deprivation = areas[people.profile[i].neighbourhood].deprivation
    log_rate = (
        level + demography.death_age * (age / 12.0) + demography.death_deprivation * deprivation
    )
    return -math.expm1(-math.exp(log_rate))


@part
def _birth_chance(people, i, age, areas, demography):
    deprivation = areas[people.profile[i].neighbourhood].deprivation
    rate = demography.births[(age - _BIRTH_AGE_FIRST) // 60] * math.exp(
        demography.births_deprivation * deprivation
    )
    return -math.expm1(-rate)


@kernel
def _move_rate(age, moves):
    band = 0
    while band < len(_MOVE_AGES) and age >= _MOVE_AGES[band]:
        band += 1
    return moves[band]


def bear_children(people, mothers: np.ndarray, *others) -> tuple[int, np.ndarray]:
    """Add a child for each mother at rows from ``count`` on; return (rows filled, infant deaths).

    The child's liability is correlated with the carer's. Infant deaths come as (row, months
    from birth) pairs.
    """
    doomed = np.empty((len(mothers), 2), np.int64)
    count, deaths = _bear_children(people, mothers, doomed, *others)
    return count, doomed[:deaths].copy()


@kernel
def _bear_children(
    people, mothers, doomed, count, areas, key, month, clock, steps_per_year, fading,
    demography, schooling, correlation,
):  # fmt: skip
    deaths = 0
    for n in range(len(mothers)):
        mother = mothers[n]
        if people.profile[mother].status >= CUSTODY:
            continue
        child = count
        count += 1
        people.identifier[child] = randomness.new_identifier(
            people.identifier[mother], month + 4096, 0
        )
        words = randomness.four_words(key, people.identifier[child], 0, randomness.CHILD, 0)
        people.profile[child].birth_month = month
        people.profile[child].male = randomness.happens(words[0], demography.male_births)
        people.state[child].liability = correlation * people.state[mother].liability + math.sqrt(
            1.0 - correlation * correlation
        ) * randomness.standard_normal(words[1])
        people.state[child].self_regulation = randomness.standard_normal(
            randomness.word(key, people.identifier[child], 0, randomness.SELF_REGULATION, 0)
        )
        people.identifier[child] = people.identifier[child]
        people.act_bound[child] = 0
        people.child_bound[child] = ALWAYS
        people.victim_bound[child] = ALWAYS_HALF
        people.profile[child].status = PRE_SCHOOL
        people.state[child].carer = mother
        people.state[child].partner = NOBODY
        people.state[child].opponent = NOBODY
        people.state[child].faded_at = people.profile[child].trauma_until = fading.faded
        people.state[child].norm_at = fading.passed
        people.state[child].peer_row = NOBODY
        people.household[child] = people.household[mother]
        people.profile[child].neighbourhood = people.profile[mother].neighbourhood
        people.state[child].next_in_household = people.state[mother].next_in_household
        people.state[mother].next_in_household = child
        enter(people, child, key, clock, steps_per_year, schooling)
        chance = demography.death_infant * math.exp(
            demography.death_deprivation * areas[people.profile[child].neighbourhood].deprivation
        )
        if randomness.happens(words[2], chance):
            doomed[deaths, 0] = child
            doomed[deaths, 1] = randomness.below(words[3], 12)
            deaths += 1
    return count, deaths


def move_homes(people, areas, movers: np.ndarray, destinations, key, year, household) -> int:
    """Move households, and adult children out of their parents'; return the next household number.

    The destination is drawn in proportion to residents * exp(-km / distance) * exp(-|dD| / s),
    see ``Destinations``. ``household`` is the next number of one.
    """
    rows, words = people.rows, np.empty(len(movers), np.uint32)
    sweeps.first_words(key, rows.identifier[movers], year, randomness.DESTINATION, 0, words)
    return _move_homes(
        rows, areas, movers, words, np.empty(MOST_TOGETHER, np.int32), destinations, household
    )


@kernel
def _move_homes(people, areas, movers, words, group, destinations, new_household):
    for n in range(-2 * AHEAD, len(movers)):
        _ask_ahead(people, movers, words, n, destinations)
        if n < 0:
            continue
        i = movers[n]
        if people.profile[i].status >= CUSTODY:
            continue
        size = gather(people, i, group, 0)
        partner = people.state[i].partner
        if partner != NOBODY and people.household[partner] == people.household[i]:
            size = gather(people, partner, group, size)
        place = destination(people.profile[i].neighbourhood, words[n], destinations)
        settle(people, areas, group, size, place, new_household)
        new_household += 1
    return new_household


@inlined
def _ask_ahead(people, movers, words, n, destinations):
    """Ask for the memory of those who move some turns later, and of where they may go."""
    if n + 2 * AHEAD < len(movers):
        later = movers[n + 2 * AHEAD]
        prefetch(people, later)
        prefetch_line(people.household, later)
        prefetch_line(people.act_bound, later)
        prefetch_line(people.child_bound, later)
    if 0 <= n + AHEAD < len(movers):
        later = movers[n + AHEAD]
        prefetch(people, people.state[later].next_in_household)
        ask_for_guide(people.profile[later].neighbourhood, words[n + AHEAD], destinations)
    if 0 <= n + AHEAD // 2 < len(movers):
        later = movers[n + AHEAD // 2]
        home = people.profile[later].neighbourhood
        ask_for_destination(home, words[n + AHEAD // 2], destinations)
