"""Phase 4: school, permanent exclusion and return, work and its absence, custody and release.

How long a status lasts is drawn when it begins: what ends at a constant rate outlasts a geometric
number of steps, and birthdays are known. So in a step only those are looked at whose status ends,
and the pupils whose draw may mean an exclusion.
"""

import math

import numpy as np

from vru_model import randomness, sweeps
from vru_model.compiling import inlined, kernel, part
from vru_model.people import (
    ALWAYS,
    CUSTODY,
    EXCLUDED,
    IN_SCHOOL,
    MONTHS_AT_5,
    MONTHS_AT_11,
    MONTHS_AT_16,
    NEET,
    NEVER,
    PRE_SCHOOL,
    WORK_OR_EDUCATION,
)
from vru_model.prefetching import prefetch, prefetch_line, prefetch_to_draw
from vru_model.processes.act_bounds import lift
from vru_model.rows import shield_of
from vru_model.traces import history_of
from vru_model.workspace import Workspace

_MONTHS_AT_25, _MONTHS_AT_65 = 300, 780
_MOST_HISTORY = 3.0


def go_to_school_and_work(people, areas, key, clock, month: int, schooling, acting) -> np.ndarray:
    """Carry out the step's exclusions and changes of status; return those excluded (int32)."""
    excluded = exclude(
        people.rows, people.pupils, people.workspace, areas, key,
        clock.step, clock.months, month, people.fading, schooling,
    )  # fmt: skip
    move_on(
        people.rows, people.count, excluded, areas, key, clock.step,
        clock.steps_per_year, month, schooling, acting,
    )  # fmt: skip
    return excluded


def due_for_release(people, step: int) -> np.ndarray:
    """Return the residents (int32) whose custody ends in this step, before it does."""
    due = np.flatnonzero(people.rows.status_until[: people.count] == step)
    return due[people.rows.profile["status"][due] == CUSTODY].astype(np.int32)


def exclude(people, pupils, space: Workspace, *others) -> np.ndarray:
    """Exclude pupils of 11 to 15 at their hazard; return them (int32)."""
    excluded = space.array("excluded", len(pupils.resident), np.int32)
    found = _exclude(people, pupils, excluded, sweeps.a_block(), *others)
    return excluded[:found].copy()


@kernel
def _exclude(
    people, pupils, excluded, block, areas, key, clock, months, month, fading, schooling
):  # fmt: skip
    found = 0
    for first in range(0, len(pupils.resident), sweeps.BLOCK):
        hits = sweeps.below_bounds_of(
            key, pupils, people.child_bound, first, clock, randomness.EXCLUSION, block
        )
        for n in range(hits):
            prefetch(people, block.positions[n])
        for n in range(hits):
            i = block.positions[n]
            age = month - people.profile[i].birth_month
            if people.profile[i].status != IN_SCHOOL or not MONTHS_AT_11 <= age < MONTHS_AT_16:
                continue
            deprivation = areas[people.profile[i].neighbourhood].deprivation
            history = history_of(people, i, fading)
            hazard = math.exp(_exclusion_log_hazard(people, i, deprivation, history, schooling))
            if randomness.happens(block.low[n], -math.expm1(-hazard * months)):
                people.state[i].ever_excluded = True
                excluded[found] = i
                found += 1
    return found


@inlined
def _exclusion_log_hazard(people, i, deprivation, history, schooling):
    return (
        schooling.exclusion
        - schooling.exclusion_self_regulation * people.state[i].self_regulation
        + schooling.exclusion_ace * people.state[i].ace
        + schooling.exclusion_history * min(history, _MOST_HISTORY)
        + schooling.exclusion_deprivation * deprivation
        + schooling.exclusion_male * people.profile[i].male
        - shield_of(people.exclusion_protection, i)
    )


@inlined
def greatest_exclusion_hazard(people, i, deprivation, schooling):
    """Return the hazard a month of exclusion at whatever history of violence."""
    return math.exp(
        max(
            _exclusion_log_hazard(people, i, deprivation, 0.0, schooling),
            _exclusion_log_hazard(people, i, deprivation, _MOST_HISTORY, schooling),
        )
        + max(shield_of(people.exclusion_protection, i), 0.0)
    )


def move_on(people, count: int, excluded: np.ndarray, *others) -> None:
    """Move those just excluded, and everybody whose status ends in this step, into the next."""
    _move_on(people, count, excluded, sweeps.a_block(), *others)


@kernel
def _move_on(
    people, count, excluded, block, areas, key, clock, steps_per_year, month, schooling,
    acting,
):  # fmt: skip
    for n in range(len(excluded)):
        i = excluded[n]
        people.profile[i].status = EXCLUDED
        lift(people.act_bound, i, acting.excluded)
        enter(people, i, key, clock, steps_per_year, schooling)
    until = people.status_until[:count]
    for first in range(0, count, sweeps.BLOCK):
        due = sweeps.equal_to(until, np.int16(clock), first, block)
        for n in range(due):
            prefetch_to_draw(people, block.positions[n])
            prefetch_line(people.act_bound, block.positions[n])
        for n in range(due):
            i = block.positions[n]
            if people.profile[i].status == CUSTODY:
                people.act_bound[i] = ALWAYS
            people.profile[i].status = _next_status(people, i, areas, key, clock, month, schooling)
            if people.profile[i].status == NEET:
                lift(people.act_bound, i, acting.neet)
            enter(people, i, key, clock, steps_per_year, schooling)


@inlined
def _next_status(people, i, areas, key, clock, month, schooling):
    """Return the status after one that ends; the same where ages stand still."""
    status, age = people.profile[i].status, month - people.profile[i].birth_month
    if status == WORK_OR_EDUCATION:
        return NEET if age < _MONTHS_AT_65 else WORK_OR_EDUCATION
    if status == NEET:
        return WORK_OR_EDUCATION
    if status == PRE_SCHOOL:
        return IN_SCHOOL if age >= MONTHS_AT_5 else PRE_SCHOOL
    if status == CUSTODY:
        return IN_SCHOOL if age < MONTHS_AT_16 else NEET
    if age < MONTHS_AT_16:
        return IN_SCHOOL
    return _after_school(people, i, areas, key, clock, schooling)


@inlined
def _after_school(people, i, areas, key, clock, schooling):
    log_odds = (
        schooling.neet
        - schooling.neet_self_regulation * people.state[i].self_regulation
        + schooling.neet_deprivation * areas[people.profile[i].neighbourhood].deprivation
        + schooling.neet_ace * people.state[i].ace
        + schooling.neet_excluded * people.state[i].ever_excluded
    )
    word = randomness.word(key, people.identifier[i], clock, randomness.NEET, 2)
    chance = 1.0 / (1.0 + math.exp(-log_odds))
    return NEET if randomness.happens(word, chance) else WORK_OR_EDUCATION


@inlined
def enter(people, i, key, clock, steps_per_year, schooling):
    """Let a resident begin a status: draw when it will end by itself."""
    word = np.uint32(0)
    if people.profile[i].status == WORK_OR_EDUCATION:
        word = randomness.word(key, people.identifier[i], clock, randomness.NEET, 0)
    ends = _ends(people, i, word, key, clock, steps_per_year, schooling)
    people.status_until[i] = min(ends, np.int64(NEVER)) if ends > clock else NEVER


def draw_status_anew(people, count: int, *others) -> None:
    """Draw anew when every status ends that is not custody: the future is the world's own."""
    _draw_status_anew(people, count, sweeps.a_block().words, *others)


@kernel
def _draw_status_anew(people, count, words, key, clock, steps_per_year, schooling):
    for first in range(0, count, sweeps.BLOCK):
        identifiers = people.identifier[first : min(first + sweeps.BLOCK, count)]
        sweeps.first_words(key, identifiers, clock - 1, randomness.NEET, 0, words)
        for n in range(len(identifiers)):
            i = first + n
            if people.profile[i].status < CUSTODY:
                ends = _ends(people, i, words[n], key, clock - 1, steps_per_year, schooling)
                people.status_until[i] = min(ends, np.int64(NEVER)) if ends >= clock else NEVER


@inlined
def _ends(people, i, word, key, clock, steps_per_year, schooling):
    """Return the step at which a status that begins now ends, NEVER or later if it does not.

    ``word`` says when somebody who works or learns no longer does; the others draw their own.
    """
    status, born = people.profile[i].status, people.profile[i].birth_month
    months = 12.0 / steps_per_year
    if status == PRE_SCHOOL:
        return _step_at(born + MONTHS_AT_5, steps_per_year)
    if status == IN_SCHOOL:
        return _step_at(born + MONTHS_AT_16, steps_per_year)
    if status == EXCLUDED:
        word = randomness.word(key, people.identifier[i], clock, randomness.EXCLUSION_RETURN, 0)
        back = clock + 1 + _outlasts(word, schooling.return_rate * months)
        return min(back, max(clock + 1, _step_at(born + MONTHS_AT_16, steps_per_year)))
    at_65 = max(clock + 1, _step_at(born + _MONTHS_AT_65, steps_per_year))
    if status == NEET:
        word = randomness.word(key, people.identifier[i], clock, randomness.NEET, 1)
        return min(clock + 1 + _outlasts(word, schooling.neet_exit * months), at_65)
    if status == WORK_OR_EDUCATION:
        at_25 = max(clock + 1, _step_at(born + _MONTHS_AT_25, steps_per_year))
        ends = _entry_into_neet(word, clock + 1, at_25, months, schooling)
        return ends if ends < at_65 else np.int64(NEVER)
    return np.int64(NEVER)


@inlined
def _entry_into_neet(word, first, at_25, months, schooling):
    """Return the step of leaving work: one hazard before 25, another after, one draw for both."""
    young, adult = schooling.neet_entry_young * months, schooling.neet_entry_adult * months
    while_young = first + _outlasts(word, young)
    if while_young < at_25:
        return while_young
    left = -math.log(randomness.uniform(word)) - (at_25 - first) * young
    return at_25 + _whole_steps(left, adult)


@part
def _outlasts(word, hazard):
    """Return how many steps are outlasted at a hazard a step: geometric, by inversion."""
    return _whole_steps(-math.log(randomness.uniform(word)), hazard)


@part
def _whole_steps(cumulative, hazard):
    """Return the whole steps in which a hazard adds up to a cumulative one."""
    if cumulative >= hazard * np.float64(NEVER):
        return np.int64(NEVER)
    return np.int64(max(cumulative, 0.0) / hazard)


@part
def _step_at(month, steps_per_year):
    """Return the first step of a month."""
    return -((-month * steps_per_year) // 12)
