"""Phase 7c: with what, how badly, and how the two are related.

Severity is a ladder of logits, each step given the one before (not one ordered logit): knives
barely raise the odds of injury and multiply those of death. Beside the severity that happens,
each incident keeps the probability of every rung given its features: sums of these have the
same mean as counts of rare outcomes and far less noise.
"""

import math

from vru_model import randomness
from vru_model.compiling import inlined, kernel, part
from vru_model.people import EXCLUDED, MONTHS_AT_16, MONTHS_AT_18
from vru_model.prefetching import ask_for_those_involved
from vru_model.processes.records import (
    ACQUAINTANCE,
    ADMISSION,
    DEATH,
    EMERGENCY_DEPARTMENT,
    FAMILY,
    HOUSEHOLD,
    INJURY,
    KNIFE,
    NEIGHBOURHOOD,
    NIGHT_TIME_ECONOMY,
    NO_INJURY,
    NO_WEAPON,
    OTHER_WEAPON,
    PARTNER,
    STRANGER,
)
from vru_model.processes.victim_weights import age_band_of_venue
from vru_model.traces import history_of

_MONTHS_AT_50 = 600


@inlined
def _probability(log_odds):
    return 1.0 / (1.0 + math.exp(-log_odds))


@kernel
def settle_harm(
    incidents, people, areas, key, clock, month, fading, stranger, weapons, severity, history_cap
):
    """Draw the weapon and the severity of each incident, in place.

    ``stranger`` is the chance by venue that a victim who does not live with the aggressor was
    unknown to them.
    """
    for n in range(len(incidents)):
        ask_for_those_involved(people, incidents, n)
        incident = incidents[n]
        identifier = people.identifier[incident.aggressor]
        words = randomness.four_words(key, identifier, clock, randomness.WEAPON, incident.number)
        incident.relationship = _relationship(incident, people, words[3], stranger)
        deprivation = areas[incident.neighbourhood].deprivation
        odds = _knife_odds(incident, people, month, deprivation, fading, weapons, history_cap)
        if randomness.happens(words[0], _probability(odds)):
            incident.weapon = KNIFE
        elif randomness.happens(words[1], weapons.other_weapon):
            incident.weapon = OTHER_WEAPON
        else:
            incident.weapon = NO_WEAPON
        in_public = incident.venue == NEIGHBOURHOOD or incident.venue == NIGHT_TIME_ECONOMY
        incident.robbery = in_public and randomness.happens(words[2], weapons.robbery)
        injury, emergency, admission, death = _ladder(
            incident, people, month, deprivation, severity
        )
        incident.p_injury = injury
        incident.p_emergency = injury * emergency
        incident.p_admission = injury * emergency * admission * (1.0 - death)
        incident.p_death = injury * emergency * admission * death
        words = randomness.four_words(key, identifier, clock, randomness.SEVERITY, incident.number)
        incident.severity = _climb(words, injury, emergency, admission, death)


@inlined
def _relationship(incident, people, word, stranger):
    i, victim = incident.aggressor, incident.victim
    if victim == people.state[i].partner:
        return PARTNER
    if people.household[victim] == people.household[i]:
        return FAMILY
    return STRANGER if randomness.happens(word, stranger[incident.venue]) else ACQUAINTANCE


@inlined
def _knife_odds(incident, people, month, deprivation, fading, weapons, history_cap):
    i = incident.aggressor
    log_history = math.log1p(min(history_of(people, i, fading), history_cap))
    excluded = people.profile[i].status == EXCLUDED
    odds = (
        weapons.knife
        + weapons.knife_age[age_band_of_venue(month - people.profile[i].birth_month)]
        + weapons.knife_male * people.profile[i].male
        + weapons.knife_deprivation * deprivation
        + weapons.knife_history * (log_history - weapons.history_centre)
        + weapons.knife_excluded * (excluded - weapons.excluded_centre)
    )
    if incident.venue == HOUSEHOLD:
        odds += weapons.knife_household
    elif incident.venue == NEIGHBOURHOOD:
        odds += weapons.knife_neighbourhood
    return odds


@inlined
def _ladder(incident, people, month, deprivation, severity):
    """Return the chances of injury, attendance, admission and death, each given the last."""
    age = month - people.profile[incident.victim].birth_month
    male = people.profile[incident.victim].male
    knife = incident.weapon == KNIFE
    night = incident.venue == NIGHT_TIME_ECONOMY
    home = incident.venue == HOUSEHOLD
    child = age < MONTHS_AT_16
    teenager = MONTHS_AT_16 <= age < MONTHS_AT_18
    older = age >= _MONTHS_AT_50
    injury = severity.injury + severity.injury_knife * knife + severity.injury_night * night
    emergency = (
        severity.emergency
        + severity.emergency_knife * knife
        + severity.emergency_male * male
        + severity.emergency_night * night
        + severity.emergency_household * home
        + severity.emergency_under_16 * child
        + severity.emergency_16_17 * teenager
        + severity.emergency_deprivation * deprivation
    )
    admission = (
        severity.admission
        + severity.admission_knife * knife
        + severity.admission_male * male
        + severity.admission_under_16 * child
        + severity.admission_16_17 * teenager
        + severity.admission_50_plus * older
        + severity.admission_household * home
        + severity.admission_deprivation * deprivation
    )
    death = (
        severity.death
        + severity.death_knife * knife
        + severity.death_male * male
        + severity.death_under_16 * child
        + severity.death_50_plus * older
        + severity.death_household * home
    )
    return (
        _probability(injury),
        _probability(emergency),
        _probability(admission),
        _probability(death),
    )


@part
def _climb(words, injury, emergency, admission, death):
    if not randomness.happens(words[0], injury):
        return NO_INJURY
    if not randomness.happens(words[1], emergency):
        return INJURY
    if not randomness.happens(words[2], admission):
        return EMERGENCY_DEPARTMENT
    return DEATH if randomness.happens(words[3], death) else ADMISSION
