"""Phase 11: which services see each incident, and what the courts do. Truth and records apart."""

import math

import numpy as np

from vru_model import randomness
from vru_model.compiling import kernel, part
from vru_model.people import CUSTODY, DEAD, MONTHS_AT_16, MONTHS_AT_18, NEVER
from vru_model.prefetching import ask_for_those_involved
from vru_model.processes.act_bounds import lift
from vru_model.processes.records import (
    ADMISSION,
    DEATH,
    EMERGENCY_DEPARTMENT,
    INJURY,
    KNIFE,
    NO_INJURY,
)
from vru_model.traces import bring_up_to_date

RECORDED = (
    "recorded_by_police",
    "recorded_by_ambulance",
    "recorded_by_emergency_department",
    "recorded_by_hospital",
    "convicted",
)


@kernel
def observe(incidents, people, key, clock, month, services):
    """Draw which services record each incident, and any charge and conviction, in place."""
    for n in range(len(incidents)):
        ask_for_those_involved(people, incidents, n)
        incident = incidents[n]
        identifier = people.identifier[incident.aggressor]
        rung = incident.severity
        child = month - people.profile[incident.victim].birth_month < MONTHS_AT_16
        knife = incident.weapon == KNIFE
        words = randomness.four_words(key, identifier, clock, randomness.RECORD, incident.number)
        incident.recorded_by_police = randomness.happens(
            words[0], police_chance(rung, child, knife, services)
        )
        incident.recorded_by_ambulance = randomness.happens(words[1], services.ambulance[rung])
        incident.recorded_by_emergency_department = randomness.happens(
            words[2], services.emergency_department[rung]
        )
        incident.recorded_by_hospital = randomness.happens(words[3], services.hospital[rung])
        incident.p_police = _expected_police(incident, child, knife, services)
        if incident.recorded_by_police:
            words = randomness.four_words(
                key, identifier, clock, randomness.CHARGE, incident.number
            )
            incident.charged = randomness.happens(words[0], services.charge[rung])
            incident.convicted = incident.charged and randomness.happens(
                words[1], max(services.conviction, services.custody[rung])
            )


@part
def police_chance(severity, child, knife, services):
    """Return the chance that the police record an incident."""
    chance = services.police[severity]
    if severity == DEATH:
        return chance
    if child:
        chance *= services.police_under_16
    if knife:
        chance *= services.police_knife
    return min(chance, services.police_ceiling)


@part
def _expected_police(incident, child, knife, services):
    """Return the chance of a police record before the severity is known."""
    p_severe = incident.p_admission + incident.p_death
    return (
        (1.0 - incident.p_injury) * police_chance(NO_INJURY, child, knife, services)
        + (incident.p_injury - incident.p_emergency) * police_chance(INJURY, child, knife, services)
        + (incident.p_emergency - p_severe)
        * police_chance(EMERGENCY_DEPARTMENT, child, knife, services)
        + incident.p_admission * police_chance(ADMISSION, child, knife, services)
        + incident.p_death * police_chance(DEATH, child, knife, services)
    )


@kernel
def sanction(
    incidents, people, key, clock, months, month, fading, custody_on, acting, services
):  # fmt: skip
    """Mark those charged with a formal sanction, and take into custody some of those convicted.

    A sanction fades with its own time constant, like every impulse of the step. One that
    was ever made is still there throughout childhood: it takes more than eleven time constants to
    vanish. So a child without a trace of one has not been sanctioned before, unless before the
    warm-up.
    """
    decay = acting.sanction_decay
    mark = np.float32(decay / months * (1.0 - math.exp(-months / decay)))
    for incident in incidents:
        i = incident.aggressor
        if not incident.charged or people.profile[i].status == DEAD:
            continue
        bring_up_to_date(people, i, fading)
        child = month - people.profile[i].birth_month < MONTHS_AT_18
        incident.first_sanction = child and people.state[i].sanction == 0.0
        people.state[i].sanction += mark
        lift(people.act_bound, i, acting.sanction * mark)
        if not (incident.convicted and custody_on):
            continue
        chance = services.custody[incident.severity]
        if child:
            chance *= services.custody_under_18
        word = randomness.four_words(
            key, people.identifier[i], clock, randomness.CHARGE, incident.number
        )[1]
        if randomness.happens(word, chance):
            steps = int(math.ceil(services.custody_months[incident.severity] / months))
            incident.detained = people.profile[i].status != CUSTODY
            already = clock if incident.detained else people.status_until[i]
            people.profile[i].status = CUSTODY
            people.status_until[i] = min(max(clock + 1 + steps, already), np.int64(NEVER))
