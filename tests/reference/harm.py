"""With what and how badly; who records it; what the courts do."""

import math

from reference.portfolio import police_recording
from reference.victims import Incident
from reference.world import (
    ADMISSION,
    CUSTODY,
    DEATH,
    EMERGENCY,
    EXCLUDED,
    HOME,
    INJURY,
    NIGHT,
    NO_INJURY,
    SEVERITIES,
    STREET,
    left_at_end,
    of_age,
    of_severity,
    probability,
    single,
    years,
)
from vru_model import randomness


def settle_harm(incident: Incident) -> None:
    """Draw the weapon and the severity, and keep the chance of every rung of the ladder."""
    weapons = incident.aggressor.model.values.weapons
    words = incident.words(randomness.WEAPON)
    if randomness.happens(words[0], probability(knife_log_odds(incident))):
        incident.weapon = "knife"
    elif randomness.happens(words[1], weapons.other_weapon):
        incident.weapon = "other"
    in_public = incident.venue in (STREET, NIGHT)
    incident.robbery = in_public and randomness.happens(words[2], weapons.robbery)
    injury, emergency, admission, death = (probability(odds) for odds in rungs(incident))
    incident.p_injury = single(injury)
    incident.p_emergency = single(injury * emergency)
    incident.p_admission = single(injury * emergency * admission * (1.0 - death))
    incident.p_death = single(injury * emergency * admission * death)
    # Climb until a rung is not reached; of those who would be admitted some die.
    climb = zip(
        incident.words(randomness.SEVERITY), (injury, emergency, admission, death), strict=True
    )
    reached = 0
    for word, chance in climb:
        if not randomness.happens(word, chance):
            break
        reached += 1
    incident.severity = SEVERITIES[reached]


def knife_log_odds(incident: Incident) -> float:
    """Return the log odds of a knife, by the aggressor, the venue and the place."""
    aggressor = incident.aggressor
    weapons, on = aggressor.model.values.weapons, aggressor.model.on
    excluded = (aggressor.status == EXCLUDED) - weapons.excluded_centre
    return (
        weapons.knife
        + of_age(weapons.knife_age, aggressor.age)
        + weapons.knife_male * aggressor.male
        + weapons.knife_deprivation * incident.place.deprivation
        + weapons.knife_history * (aggressor.log_history - weapons.history_centre)
        + on["exclusion"] * weapons.knife_excluded * excluded
        + weapons.knife_household * (incident.venue == HOME)
        + weapons.knife_neighbourhood * (incident.venue == STREET)
    )


def rungs(incident: Incident) -> tuple[float, float, float, float]:
    """Return the log odds of injury, attendance, admission and death, each given the last."""
    b, victim = incident.aggressor.model.values.severity, incident.victim
    knife, male = incident.weapon == "knife", victim.male
    night, home = incident.venue == NIGHT, incident.venue == HOME
    deprivation = incident.place.deprivation
    child = victim.age < years(16)
    teenager = years(16) <= victim.age < years(18)
    older = victim.age >= years(50)
    injury = b.injury + b.injury_knife * knife + b.injury_night * night
    emergency = (
        b.emergency + b.emergency_knife * knife + b.emergency_male * male
        + b.emergency_night * night + b.emergency_household * home
        + b.emergency_under_16 * child + b.emergency_16_17 * teenager
        + b.emergency_deprivation * deprivation
    )  # fmt: skip
    admission = (
        b.admission + b.admission_knife * knife + b.admission_male * male
        + b.admission_under_16 * child + b.admission_16_17 * teenager
        + b.admission_50_plus * older + b.admission_household * home
        + b.admission_deprivation * deprivation
    )  # fmt: skip
    death = (
        b.death + b.death_knife * knife + b.death_male * male + b.death_under_16 * child
        + b.death_50_plus * older + b.death_household * home
    )  # fmt: skip
    return injury, emergency, admission, death


def observe(incident: Incident) -> None:
    """Draw who records an incident by its severity, and any charge and conviction."""
    services = incident.aggressor.model.values.services
    severity = incident.severity
    words = incident.words(randomness.RECORD)
    police = police_chance(incident, severity)
    incident.recorded_by_police = randomness.happens(words[0], police)
    incident.recorded_by_ambulance = randomness.happens(
        words[1], of_severity(services.ambulance, severity)
    )
    incident.recorded_by_emergency_department = randomness.happens(
        words[2], of_severity(services.emergency_department, severity)
    )
    incident.recorded_by_hospital = randomness.happens(
        words[3], of_severity(services.hospital, severity)
    )
    incident.p_police = single(expected_police(incident))
    charge, conviction, _, _ = incident.words(randomness.CHARGE)
    incident.charged = incident.recorded_by_police and randomness.happens(
        charge, of_severity(services.charge, severity)
    )
    likely = max(services.conviction, of_severity(services.custody, severity))
    incident.convicted = incident.charged and randomness.happens(conviction, likely)


def police_chance(incident: Incident, severity: str) -> float:
    """Return the chance that the police record an incident of a severity; deaths always."""
    model = incident.aggressor.model
    services, chance = model.values.services, police_recording(model, severity)
    if severity == DEATH:
        return chance
    if incident.victim.age < years(16):
        chance *= services.police_under_16
    if incident.weapon == "knife":
        chance *= services.police_knife
    return min(chance, services.police_ceiling)


def expected_police(incident: Incident) -> float:
    """Return the chance of a police record before the severity is known."""
    chance_of = {
        NO_INJURY: 1.0 - incident.p_injury,
        INJURY: incident.p_injury - incident.p_emergency,
        EMERGENCY: incident.p_emergency - (incident.p_admission + incident.p_death),
        ADMISSION: incident.p_admission,
        DEATH: incident.p_death,
    }
    return sum(
        chance * police_chance(incident, severity) for severity, chance in chance_of.items()
    )


def sanction(incident: Incident) -> None:
    """Mark those charged with a sanction, and take into custody some of those convicted.

    Custody is drawn with the word of the conviction, so that those in custody are convicted.
    """
    aggressor, model = incident.aggressor, incident.aggressor.model
    if not incident.charged or not aggressor.alive:
        return
    values, clock = model.values, model.clock
    child = aggressor.age < years(18)
    incident.first_sanction = child and not aggressor.ever_sanctioned
    aggressor.ever_sanctioned = True
    mark = left_at_end(values.acting.sanction_decay, clock.months)
    aggressor.sanction = single(aggressor.sanction + single(mark))
    if not (incident.convicted and model.on["incapacitation"]):
        return
    chance = of_severity(values.services.custody, incident.severity)
    if child:
        chance *= values.services.custody_under_18
    if randomness.happens(incident.words(randomness.CHARGE)[1], chance):
        months = of_severity(values.services.custody_months, incident.severity)
        until = clock.step + 1 + math.ceil(months / clock.months)
        already = aggressor.status_until if aggressor.status == CUSTODY else until
        incident.detained = aggressor.status != CUSTODY
        aggressor.status = CUSTODY
        model.events["sentences"] += 1
        aggressor.status_until = max(until, already)
