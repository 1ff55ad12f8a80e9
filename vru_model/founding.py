"""The state of the founders when the warm-up begins, from stated cross-sectional distributions.

The warm-up then lets the fast states (grievance, history, norms, trauma, schooling, custody)
settle with demography frozen; what accrues over a life (ACEs, self-regulation) is drawn here.
"""

import math

import numpy as np

from vru_model import randomness
from vru_model.compiling import kernel, part
from vru_model.people import (
    EXCLUDED,
    IN_SCHOOL,
    MONTHS_AT_5,
    MONTHS_AT_10,
    MONTHS_AT_11,
    MONTHS_AT_16,
    MONTHS_AT_18,
    NEET,
    NOBODY,
    PRE_SCHOOL,
    WORK_OR_EDUCATION,
    People,
)
from vru_model.processes.acting import AgeTables, own_rate, person_log_rate
from vru_model.processes.early_life import MOST_ACE, ace_log_hazard
from vru_model.processes.schooling import enter
from vru_model.traces import traumatise

_MONTHS_AT_25, _MONTHS_AT_65 = 300, 780


def found(people: People, areas: np.ndarray, tables: AgeTables, key, clock, coefficients) -> None:
    """Set every state of the founders, in place.

    Carers come before those in their care, because a child's ACEs depend on the carer's. What
    a life has added up to is that of the start of year 1 (month 0); the present is that of the
    month in which the warm-up begins, when everybody was younger by its length.
    """
    rows, count = people.rows, people.count
    rows.profile["trauma_until"][:count] = people.fading.faded
    for name in ("faded_at", "norm_at"):
        rows.state[name][:count] = people.fading.faded
    has_carer = rows.state["carer"][:count] != NOBODY
    for generation in (np.flatnonzero(~has_carer), np.flatnonzero(has_carer)):
        _draw_childhoods(
            rows, generation.astype(np.int32), areas, key, 0, people.fading,
            coefficients.early_life,
        )  # fmt: skip
    _draw_present(
        rows, count, areas, tables, key, clock.step, clock.steps_per_year,
        people.month, people.fading, coefficients.acting, coefficients.schooling,
        coefficients.trauma,
    )  # fmt: skip


@kernel
def _draw_childhoods(people, residents, areas, key, month, fading, early_life):
    """Draw ACEs from the hazard over the childhood lived so far, and self-regulation after them."""
    for i in residents:
        lived = min(month - people.profile[i].birth_month, MONTHS_AT_18)
        deprivation = areas[people.profile[i].neighbourhood].deprivation
        hazard = math.exp(ace_log_hazard(people, i, lived, deprivation, fading, early_life))
        words = randomness.four_words(key, people.identifier[i], 0, randomness.FOUNDER_ACE, 0)
        early = randomness.poisson_count(words[0], hazard * min(lived, MONTHS_AT_5), MOST_ACE)
        late = randomness.poisson_count(words[1], hazard * max(lived - MONTHS_AT_5, 0), MOST_ACE)
        late = min(late, MOST_ACE - early)
        people.state[i].ace = early + late
        own = randomness.standard_normal(
            randomness.word(key, people.identifier[i], 0, randomness.FOUNDER_SELF_REGULATION, 0)
        )
        loss = early_life.self_regulation_loss * (early_life.early_weight * early + late)
        people.state[i].self_regulation = own - loss


@kernel
def _draw_present(
    people, count, areas, tables, key, clock, steps_per_year, month, fading, acting,
    schooling, trauma,
):  # fmt: skip
    """Draw trauma, recent history, schooling and work as they stand today."""
    for i in range(count):
        age = month - people.profile[i].birth_month
        words = randomness.four_words(key, people.identifier[i], 0, randomness.FOUNDER_STATUS, 0)
        people.profile[i].status = _status(words[0], words[1], age, schooling, people, i)
        enter(people, i, key, clock, steps_per_year, schooling)
        if randomness.happens(words[2], trauma.at_start):
            word = randomness.word(key, people.identifier[i], 0, randomness.FOUNDER_TRAUMA, 0)
            traumatise(people, i, word, fading, 12.0 / steps_per_year, trauma)
        place = people.profile[i].neighbourhood
        if age >= MONTHS_AT_10:
            log_rate = acting.base + person_log_rate(
                people, i, areas[place].deprivation, areas[place].own_efficacy, fading, acting
            )
            mean = acting.history_decay * own_rate(log_rate, age, tables)
            people.state[i].history = randomness.poisson_count(words[3], mean, 20)


@part
def _status(word, mark, age, schooling, people, i):
    if age < MONTHS_AT_5:
        return PRE_SCHOOL
    if age < MONTHS_AT_16:
        excluded = age >= MONTHS_AT_11 and randomness.happens(word, schooling.excluded_at_start)
        people.state[i].ever_excluded = excluded
        return EXCLUDED if excluded else IN_SCHOOL
    # Five years of exposure at 11-15, one excluded year each: the share ever excluded by 16.
    people.state[i].ever_excluded = randomness.happens(mark, 5.0 * schooling.excluded_at_start)
    share = schooling.neet_young_at_start if age < _MONTHS_AT_25 else schooling.neet_adult_at_start
    if age < _MONTHS_AT_65 and randomness.happens(word, share):
        return NEET
    return WORK_OR_EDUCATION
