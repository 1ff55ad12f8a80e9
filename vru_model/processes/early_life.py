"""Phase 3: adverse childhood experiences (ACEs) accrue from birth to 18.

``ln h = base + deprivation D + carer's violence, ACEs and trauma + liability u - protection``.
Each ACE costs self-regulation, more before the fifth birthday. The terms of the carer carry the
causal share: families share more than what passes from parent to child.
"""

import math

import numpy as np

from vru_model import randomness, sweeps
from vru_model.compiling import inlined, kernel, part
from vru_model.people import ALWAYS, DEAD, MONTHS_AT_5, MONTHS_AT_18, NOBODY
from vru_model.prefetching import prefetch
from vru_model.processes.act_bounds import look_again
from vru_model.processes.schooling import greatest_exclusion_hazard
from vru_model.rows import shield_of
from vru_model.traces import has_trauma, history_of
from vru_model.workspace import Workspace

MOST_ACE = 9


@inlined
def ace_log_hazard(people, i, age, deprivation, fading, early_life):
    """Return the log hazard a month of a child's next ACE.

    Programmes for families protect children under five.
    """
    protection = shield_of(people.ace_protection, i) if age < MONTHS_AT_5 else 0.0
    log_hazard = (
        early_life.base
        + early_life.deprivation * deprivation
        + early_life.liability * people.state[i].liability
        - protection
    )
    carer = people.state[i].carer
    if carer != NOBODY and people.profile[carer].status != DEAD:
        log_hazard += (
            early_life.carer_violent
            * (history_of(people, carer, fading) > early_life.violent_history)
            + early_life.carer_ace * (people.state[carer].ace - 1.0)
            + early_life.carer_trauma * has_trauma(people, carer, fading)
        )
    return log_hazard


@inlined
def _greatest_of_carer(people, i, age, early_life):
    """Return the most that the present carer can come to add to a child's log hazard.

    Any carer may become violent, or be traumatised, or die. Those of age gain no more ACEs.
    """
    carer = people.state[i].carer
    if carer == NOBODY:
        return 0.0
    if age + people.profile[i].birth_month - people.profile[carer].birth_month >= MONTHS_AT_18:
        of_aces = early_life.carer_ace * (people.state[carer].ace - 1.0)
    else:
        of_aces = max(early_life.carer_ace * (MOST_ACE - 1.0), -early_life.carer_ace)
    of_state = max(early_life.carer_violent, 0.0) + max(early_life.carer_trauma, 0.0)
    return max(of_aces + of_state, 0.0)


@inlined
def _greatest_log_hazard(people, i, age, deprivation, early_life):
    """Return the greatest log hazard that the child can come to have with the present carer."""
    return (
        early_life.base
        + early_life.deprivation * deprivation
        + early_life.liability * people.state[i].liability
        - min(shield_of(people.ace_protection, i), 0.0)
        + _greatest_of_carer(people, i, age, early_life)
    )


@inlined
def renew_child_bound(people, i, age, deprivation, months, early_life, schooling):
    """Set the bound of a child's words anew: of the likelier of an ACE and an exclusion.

    The worst that may become of the carer, and a long history of acts, are assumed; what else
    raises a hazard, another carer too, sets the bound to ALWAYS. From 18 on, and with as many ACEs
    as are counted, nobody is looked at.
    """
    hazard = 0.0
    if age < MONTHS_AT_18 and people.profile[i].status != DEAD:
        if people.state[i].ace < MOST_ACE:
            hazard = math.exp(_greatest_log_hazard(people, i, age, deprivation, early_life))
        hazard = max(hazard, greatest_exclusion_hazard(people, i, deprivation, schooling))
    people.child_bound[i] = randomness.bound(-math.expm1(-hazard * months)) if hazard else 0


def renew_child_bounds(people, areas, month: int, months: float, values) -> None:
    """Set the bounds of all, so that no step has to look at every child."""
    _renew_all(people.rows, people.count, areas, month, months, values.early_life,
               values.schooling)  # fmt: skip


@kernel
def _renew_all(people, count, areas, month, months, early_life, schooling):
    for i in range(count):
        age = month - people.profile[i].birth_month
        deprivation = areas[people.profile[i].neighbourhood].deprivation
        renew_child_bound(people, i, age, deprivation, months, early_life, schooling)


def accrue_adversity(people, areas, key, clock, month: int, values) -> np.ndarray:
    """Draw the step's ACEs of everybody under 18; return those who gained one (int32)."""
    return accrue_aces(
        people.rows, people.children, people.workspace, areas, key,
        clock.step, clock.months, month, people.fading, values.early_life, values.schooling,
    )  # fmt: skip


def accrue_aces(people, children, space: Workspace, *others) -> np.ndarray:
    """Draw this step's ACEs of the children; return those who gained one (int32).

    Most words lie above what could yet become of the child's chance
    (``child_bound``): for these children nothing else need be looked at.
    """
    gained = space.array("gained", len(children.resident), np.int32)
    found = _accrue_aces(people, children, gained, sweeps.a_block(), *others)
    return gained[:found].copy()


@kernel
def _accrue_aces(
    people, children, gained, block, areas, key, clock, months, month, fading,
    early_life, schooling,
):  # fmt: skip
    found = 0
    for first in range(0, len(children.resident), sweeps.BLOCK):
        hits = sweeps.below_bounds_of(
            key, children, people.child_bound, first, clock, randomness.ACE, block
        )
        for n in range(hits):
            prefetch(people, block.positions[n])
        for n in range(hits):
            prefetch(people, max(people.state[block.positions[n]].carer, 0))
        for n in range(hits):
            i, word = block.positions[n], block.low[n]
            age = month - people.profile[i].birth_month
            deprivation = areas[people.profile[i].neighbourhood].deprivation
            if people.child_bound[i] == ALWAYS or age >= MONTHS_AT_18:
                renew_child_bound(
                    people, i, age, deprivation, months, early_life, schooling
                )
            if age >= MONTHS_AT_18 or people.profile[i].status == DEAD:
                continue
            if people.state[i].ace >= MOST_ACE:
                continue
            if word >= people.child_bound[i]:
                continue
            log_hazard = ace_log_hazard(people, i, age, deprivation, fading, early_life)
            if randomness.happens(word, -math.expm1(-math.exp(log_hazard) * months)):
                gained[found] = i
                found += 1
    for n in range(found):
        i = gained[n]
        age = month - people.profile[i].birth_month
        deprivation = areas[people.profile[i].neighbourhood].deprivation
        gain_ace(people, i, age, early_life)
        renew_child_bound(people, i, age, deprivation, months, early_life, schooling)
    return found


@part
def gain_ace(people, i, age, early_life):
    """Add an ACE to a child: it costs self-regulation, more before the fifth birthday."""
    people.state[i].ace += 1
    loss = early_life.self_regulation_loss
    if age < MONTHS_AT_5:
        loss *= early_life.early_weight
    people.state[i].self_regulation -= np.float32(loss)
    look_again(people.act_bound, i)
    people.child_bound[i] = ALWAYS
