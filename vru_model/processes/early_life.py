"""Phase 3: adverse childhood experiences (ACEs) accrue from birth to 18.

``ln h = base + deprivation D + carer's violence, ACEs and trauma + liability u - protection``.
Each ACE costs self-regulation, more before the fifth birthday. The terms of the carer carry the
causal share: families share more than what passes from parent to child.
"""

import math

import numba
import numpy as np

from vru_model import randomness
from vru_model.people import ALWAYS, DEAD, MONTHS_AT_5, MONTHS_AT_18, NOBODY

MOST_ACE = 9


@numba.njit(inline="always")
def ace_log_hazard(people, i, age, deprivation, early_life):
    """Return the log hazard a month of a child's next ACE.

    Programmes for families protect children under five.
    """
    protection = people[i].ace_protection if age < MONTHS_AT_5 else 0.0
    log_hazard = (
        early_life.base
        + early_life.deprivation * deprivation
        + early_life.liability * people[i].liability
        - protection
    )
    carer = people[i].carer
    if carer != NOBODY and people[carer].status != DEAD:
        log_hazard += (
            early_life.carer_violent * (people[carer].history > early_life.violent_history)
            + early_life.carer_ace * (people[carer].ace - 1.0)
            + early_life.carer_trauma * people[carer].trauma
        )
    return log_hazard


@numba.njit(inline="always")
def _greatest_log_hazard(people, i, deprivation, early_life):
    """Return the log hazard that the child would have with the worst of carers."""
    worst = (
        max(early_life.carer_violent, 0.0)
        + max(early_life.carer_ace * (MOST_ACE - 1.0), -early_life.carer_ace, 0.0)
        + max(early_life.carer_trauma, 0.0)
    )
    return (
        early_life.base
        + early_life.deprivation * deprivation
        + early_life.liability * people[i].liability
        - min(people[i].ace_protection, 0.0)
        + worst
    )


@numba.njit(cache=True)
def accrue_aces(people, count, areas, key, clock, months, month, early_life):
    """Draw this step's ACEs; return the children who gained one (int32).

    Most words lie above what the worst of carers could make of the child's chance
    (``ace_bound``): for these children nothing else need be looked at.
    """
    gained = np.empty(count, np.int32)
    found = 0
    for i in range(count):
        if people[i].ace_bound == 0:
            continue
        word = randomness.word(key, people[i].identifier, clock, randomness.ACE, 0)
        if word >= people[i].ace_bound:
            continue
        age = month - people[i].birth_month
        if age >= MONTHS_AT_18 or people[i].status == DEAD or people[i].ace >= MOST_ACE:
            people[i].ace_bound = 0
            continue
        deprivation = areas[people[i].neighbourhood].deprivation
        greatest = math.exp(_greatest_log_hazard(people, i, deprivation, early_life))
        people[i].ace_bound = randomness.bound(-math.expm1(-greatest * months))
        log_hazard = ace_log_hazard(people, i, age, deprivation, early_life)
        if randomness.happens(word, -math.expm1(-math.exp(log_hazard) * months)):
            gained[found] = i
            found += 1
    for i in gained[:found]:
        gain_ace(people, i, month - people[i].birth_month, early_life)
    return gained[:found].copy()


@numba.njit
def gain_ace(people, i, age, early_life):
    """Add an ACE to a child: it costs self-regulation, more before the fifth birthday."""
    people[i].ace += 1
    loss = early_life.self_regulation_loss
    if age < MONTHS_AT_5:
        loss *= early_life.early_weight
    people[i].self_regulation -= np.float32(loss)
    people[i].act_bound = ALWAYS
