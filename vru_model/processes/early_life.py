"""Phase 3: adverse childhood experiences (ACEs) accrue from birth to 18.

``ln h = base + deprivation D + carer's violence, ACEs and trauma + liability u - protection``.
Each ACE costs self-regulation, more before the fifth birthday. The terms of the carer carry the
causal share: families share more than what passes from parent to child.
"""

import math

import numba
import numpy as np

from vru_model import randomness
from vru_model.people import DEAD, MONTHS_AT_5, MONTHS_AT_18, NOBODY

MOST_ACE = 9


@numba.njit(inline="always")
def ace_log_hazard(people, i, deprivation, early_life):
    """Return the log hazard a month of a child's next ACE."""
    log_hazard = (
        early_life.base
        + early_life.deprivation * deprivation
        + early_life.liability * people.liability[i]
        - people.ace_protection[i]
    )
    carer = people.carer[i]
    if carer != NOBODY and people.status[carer] != DEAD:
        log_hazard += (
            early_life.carer_violent * (people.history[carer] > early_life.violent_history)
            + early_life.carer_ace * (people.ace[carer] - 1.0)
            + early_life.carer_trauma * people.trauma[carer]
        )
    return log_hazard


@numba.njit(cache=True)
def accrue_aces(people, count, areas, key, clock, months, month, early_life):
    """Draw this step's ACEs; return the children who gained one (int32)."""
    gained = np.empty(count, np.int32)
    found = 0
    for i in range(count):
        age = month - people.birth_month[i]
        if age >= MONTHS_AT_18 or people.status[i] == DEAD or people.ace[i] >= MOST_ACE:
            continue
        log_hazard = ace_log_hazard(
            people, i, areas.deprivation[people.neighbourhood[i]], early_life
        )
        word = randomness.word(key, people.identifier[i], clock, randomness.ACE, 0)
        if randomness.happens(word, -math.expm1(-math.exp(log_hazard) * months)):
            people.ace[i] += 1
            loss = early_life.self_regulation_loss
            if age < MONTHS_AT_5:
                loss *= early_life.early_weight
            people.self_regulation[i] -= np.float32(loss)
            gained[found] = i
            found += 1
    return gained[:found].copy()
