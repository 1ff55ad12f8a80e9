"""Growing up: adverse childhood experiences, school, exclusion, work and custody."""

import math

from reference.resident import Resident
from reference.world import (
    CUSTODY,
    EXCLUDED,
    IN_SCHOOL,
    NEET,
    PRE_SCHOOL,
    WORK_OR_EDUCATION,
    probability,
    single,
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


def next_status(resident: Resident) -> str:
    """Return the status after this step's transition."""
    status, age = resident.status, resident.age
    if status == PRE_SCHOOL:
        return IN_SCHOOL if age >= years(5) else PRE_SCHOOL
    if status in (IN_SCHOOL, EXCLUDED):
        return leave_school(resident) if age >= years(16) else at_school(resident)
    if status in (WORK_OR_EDUCATION, NEET):
        return at_work(resident)
    if status == CUSTODY and resident.custody_until <= resident.model.clock.step:
        return IN_SCHOOL if age < years(16) else NEET
    return status


def at_school(resident: Resident) -> str:
    """Exclude pupils of 11 to 15, and let the excluded return, at their hazards."""
    schooling, months = resident.model.values.schooling, resident.model.clock.months
    if resident.status == EXCLUDED:
        returns = within(schooling.return_rate, months)
        back = resident.happens(randomness.EXCLUSION_RETURN, returns)
        return IN_SCHOOL if back else EXCLUDED
    if resident.age < years(11):
        return IN_SCHOOL
    chance = within(exclusion_hazard(resident), months)
    return EXCLUDED if resident.happens(randomness.EXCLUSION, chance) else IN_SCHOOL


def leave_school(resident: Resident) -> str:
    """At 16 some begin as NEET: a logit of S, D, ACEs and ever having been excluded."""
    schooling = resident.model.values.schooling
    log_odds = (
        schooling.neet
        - schooling.neet_self_regulation * resident.self_regulation
        + schooling.neet_deprivation * resident.neighbourhood.deprivation
        + schooling.neet_ace * resident.ace
        + schooling.neet_excluded * resident.ever_excluded
    )
    neet = resident.happens(randomness.NEET, probability(log_odds), attempt=2)
    return NEET if neet else WORK_OR_EDUCATION


def at_work(resident: Resident) -> str:
    """Let people under 65 become NEET (attempt 0) and NEET find work (attempt 1)."""
    schooling, months = resident.model.values.schooling, resident.model.clock.months
    if resident.age >= years(65):
        return WORK_OR_EDUCATION
    if resident.status == NEET:
        out = resident.happens(randomness.NEET, within(schooling.neet_exit, months), attempt=1)
        return WORK_OR_EDUCATION if out else NEET
    young = resident.age < years(25)
    rate = schooling.neet_entry_young if young else schooling.neet_entry_adult
    return NEET if resident.happens(randomness.NEET, within(rate, months)) else WORK_OR_EDUCATION
