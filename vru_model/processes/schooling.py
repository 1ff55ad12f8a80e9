"""Phase 4: school, permanent exclusion and return, work and its absence, custody and release."""

import math

import numba
import numpy as np

from vru_model import randomness
from vru_model.people import (
    ALWAYS,
    CUSTODY,
    EXCLUDED,
    IN_SCHOOL,
    MONTHS_AT_5,
    MONTHS_AT_11,
    MONTHS_AT_16,
    NEET,
    PRE_SCHOOL,
    WORK_OR_EDUCATION,
)

_MONTHS_AT_25, _MONTHS_AT_65 = 300, 780
_MOST_HISTORY = 3.0


@numba.njit(cache=True)
def move_between_states(
    people, identifiers, count, areas, key, clock, months, month, schooling
):
    """Move residents between states; return the children permanently excluded (int32)."""
    excluded = np.empty(count, np.int32)
    found = 0
    returns = -math.expm1(-schooling.return_rate * months)
    enters_young = -math.expm1(-schooling.neet_entry_young * months)
    enters_adult = -math.expm1(-schooling.neet_entry_adult * months)
    leaves = -math.expm1(-schooling.neet_exit * months)
    words = np.empty(count, np.uint32)
    randomness.first_words(key, identifiers[:count], clock, randomness.NEET, 0, words)
    for i in range(count):
        age = month - people[i].birth_month
        before = people[i].status
        if before == WORK_OR_EDUCATION:
            chance = enters_young if age < _MONTHS_AT_25 else enters_adult
            if age < _MONTHS_AT_65 and randomness.happens(words[i], chance):
                people[i].status = NEET
        elif before == NEET:
            word = randomness.word(key, people[i].identifier, clock, randomness.NEET, 1)
            if age >= _MONTHS_AT_65 or randomness.happens(word, leaves):
                people[i].status = WORK_OR_EDUCATION
        elif before == PRE_SCHOOL:
            if age >= MONTHS_AT_5:
                people[i].status = IN_SCHOOL
        elif before in (IN_SCHOOL, EXCLUDED):
            if age >= MONTHS_AT_16:
                people[i].status = _after_school(people, i, areas, key, clock, schooling)
            elif before == EXCLUDED:
                word = randomness.word(
                    key, people[i].identifier, clock, randomness.EXCLUSION_RETURN, 0
                )
                if randomness.happens(word, returns):
                    people[i].status = IN_SCHOOL
            elif age >= MONTHS_AT_11:
                deprivation = areas[people[i].neighbourhood].deprivation
                hazard = math.exp(_exclusion_log_hazard(people, i, deprivation, schooling))
                word = randomness.word(key, people[i].identifier, clock, randomness.EXCLUSION, 0)
                if randomness.happens(word, -math.expm1(-hazard * months)):
                    people[i].status = EXCLUDED
                    people[i].ever_excluded = True
                    excluded[found] = i
                    found += 1
        elif before == CUSTODY and people[i].custody_until <= clock:
            people[i].status = IN_SCHOOL if age < MONTHS_AT_16 else NEET
        if people[i].status != before:
            people[i].act_bound = ALWAYS
    return excluded[:found].copy()


@numba.njit
def _exclusion_log_hazard(people, i, deprivation, schooling):
    return (
        schooling.exclusion
        - schooling.exclusion_self_regulation * people[i].self_regulation
        + schooling.exclusion_ace * people[i].ace
        + schooling.exclusion_history * min(people[i].history, _MOST_HISTORY)
        + schooling.exclusion_deprivation * deprivation
        + schooling.exclusion_male * people[i].male
        - people[i].exclusion_protection
    )


@numba.njit
def _after_school(people, i, areas, key, clock, schooling):
    log_odds = (
        schooling.neet
        - schooling.neet_self_regulation * people[i].self_regulation
        + schooling.neet_deprivation * areas[people[i].neighbourhood].deprivation
        + schooling.neet_ace * people[i].ace
        + schooling.neet_excluded * people[i].ever_excluded
    )
    word = randomness.word(key, people[i].identifier, clock, randomness.NEET, 2)
    chance = 1.0 / (1.0 + math.exp(-log_odds))
    return NEET if randomness.happens(word, chance) else WORK_OR_EDUCATION
