"""Growing up: adverse childhood experiences, school, exclusion, work and custody."""

import math

from reference.resident import Resident
from reference.world import (
    EXCLUDED,
    FOR_EVER,
    IN_SCHOOL,
    NEET,
    PRE_SCHOOL,
    WORK_OR_EDUCATION,
    outlasts,
    probability,
    single,
    whole_steps,
    within,
    years,
)
from vru_model import randomness

MOST_ACE = 9


def ace_hazard(resident: Resident) -> float:
    """Return the hazard a month of a child's next ACE.

    ``ln h = a0 + a_D D + a_u u - protection + theta (a_P 1{carer H > 0.5} + a_AP (carer ace - 1)
    + a_T carer T)``; the carer's terms are the loop between generations. Programmes for families
    protect children under five.
    """
    model, carer = resident.model, resident.carer
    values = model.values.early_life
    log_hazard = (
        values.base
        + values.deprivation * resident.neighbourhood.deprivation
        + values.liability * resident.liability
        - resident.ace_protection * (resident.age < years(5))
    )
    if carer and carer.alive:
        between = model.on["intergenerational_ace"] * model.values.causes.causal_share
        log_hazard += (
            between * values.carer_violent * (carer.history > values.violent_history)
            + between * values.carer_ace * (carer.ace - 1.0)
            + model.on["trauma"] * between * values.carer_trauma * carer.trauma
        )
    return math.exp(log_hazard)


def gains_ace(resident: Resident) -> bool:
    """Say whether a child gains an ACE in this step."""
    if not resident.alive or resident.age >= years(18) or resident.ace >= MOST_ACE:
        return False
    chance = within(ace_hazard(resident), resident.model.clock.months)
    return resident.happens(randomness.ACE, chance)


def suffer_ace(resident: Resident) -> None:
    """Add an ACE: it costs theta c_A of S, more before the fifth birthday."""
    values = resident.model.values
    cost = values.causes.causal_share * values.early_life.self_regulation_loss
    if resident.age < years(5):
        cost *= values.early_life.early_weight
    resident.ace += 1
    resident.model.events["aces"] += 1
    resident.model.counts.add("resident", "aces", resident)
    resident.self_regulation = single(resident.self_regulation - single(cost))


def exclusion_hazard(resident: Resident) -> float:
    """``ln h = e0 - e_S S + theta e_A ace + e_H min(H, 3) + e_D D + e_m male - protection``."""
    schooling = resident.model.values.schooling
    theta = resident.model.values.causes.causal_share
    return math.exp(
        schooling.exclusion
        - schooling.exclusion_self_regulation * resident.self_regulation
        + theta * schooling.exclusion_ace * resident.ace
        + schooling.exclusion_history * min(resident.history, 3.0)
        + schooling.exclusion_deprivation * resident.neighbourhood.deprivation
        + schooling.exclusion_male * resident.male
        - resident.exclusion_protection
    )


def is_excluded(resident: Resident) -> bool:
    """Say whether a pupil of 11 to 15 is excluded in this step, at the hazard of exclusion."""
    if resident.status != IN_SCHOOL or not years(11) <= resident.age < years(16):
        return False
    chance = within(exclusion_hazard(resident), resident.model.clock.months)
    return resident.happens(randomness.EXCLUSION, chance)


def begin(resident: Resident, status: str) -> None:
    """Begin a status, and draw when it will end by itself."""
    resident.status = status
    resident.status_until = end_of_status(resident, resident.model.clock.step)


def next_status(resident: Resident) -> str:
    """Return the status that follows on one that has ended: the same where ages stand still."""
    status, age = resident.status, resident.age
    if status == PRE_SCHOOL:
        return IN_SCHOOL if age >= years(5) else PRE_SCHOOL
    if status in (IN_SCHOOL, EXCLUDED):
        return leave_school(resident) if age >= years(16) else IN_SCHOOL
    if status == WORK_OR_EDUCATION:
        return NEET if age < years(65) else WORK_OR_EDUCATION
    if status == NEET:
        return WORK_OR_EDUCATION
    return IN_SCHOOL if age < years(16) else NEET  # from custody


def leave_school(resident: Resident) -> str:
    """At 16 some begin as NEET: a logit of S, D, ACEs and ever having been excluded."""
    schooling, on = resident.model.values.schooling, resident.model.on
    log_odds = (
        schooling.neet
        - schooling.neet_self_regulation * resident.self_regulation
        + schooling.neet_deprivation * resident.neighbourhood.deprivation
        + schooling.neet_ace * resident.ace
        + on["exclusion"] * schooling.neet_excluded * resident.ever_excluded
    )
    neet = resident.happens(randomness.NEET, probability(log_odds), attempt=2)
    return NEET if neet else WORK_OR_EDUCATION


def end_of_status(resident: Resident, step: int) -> int | None:
    """Return the step at which a status that begins at a step ends; None if it does not."""
    schooling, months = resident.model.values.schooling, resident.model.clock.months
    status, first = resident.status, step + 1
    birthday = {age: step_of_birthday(resident, age) for age in (5, 16, 25, 65)}

    def after(decision: int, rate: float, attempt: int = 0) -> int:
        return first + outlasts(resident.word(decision, attempt, step), rate * months)

    ends = None
    if status == PRE_SCHOOL:
        ends = birthday[5]
    elif status == IN_SCHOOL:
        ends = birthday[16]
    elif status == EXCLUDED:
        back = after(randomness.EXCLUSION_RETURN, schooling.return_rate)
        ends = min(back, max(first, birthday[16]))
    elif status == NEET:
        work = after(randomness.NEET, schooling.neet_exit, attempt=1)
        ends = min(work, max(first, birthday[65]))
    elif status == WORK_OR_EDUCATION:
        ends = entry_into_neet(resident, step, max(first, birthday[25]))
        ends = ends if ends < max(first, birthday[65]) else None
    return ends if ends is not None and step < ends < FOR_EVER else None


def entry_into_neet(resident: Resident, step: int, at_25: int) -> int:
    """Return the step of leaving work: at one hazard before 25, another after; one draw."""
    schooling, months = resident.model.values.schooling, resident.model.clock.months
    young, adult = schooling.neet_entry_young * months, schooling.neet_entry_adult * months
    word = resident.word(randomness.NEET, 0, step)
    while_young = step + 1 + outlasts(word, young)
    if while_young < at_25:
        return while_young
    left = -math.log(randomness.uniform(word)) - (at_25 - step - 1) * young
    return at_25 + whole_steps(left, adult)


def step_of_birthday(resident: Resident, age: int) -> int:
    """Return the first step of the month in which a resident reaches an age in years."""
    month = resident.birth_month + years(age)
    return math.ceil(month * resident.model.clock.steps_per_year / 12)
