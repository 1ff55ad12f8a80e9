"""By hand: with what, how badly, and what is left when the month ends."""

from __future__ import annotations

import math

from vru_model import randomness
from vru_model.people import EXCLUDED, MONTHS_AT_16, MONTHS_AT_18
from vru_model.processes.records import INJURY, KNIFE, NEIGHBOURHOOD, SEVERITIES
from vru_model.workbook.by_hand.acting import term
from vru_model.workbook.by_hand.watched import TWO_TO_32, Line, WatchedIncident


def weapon(incident: WatchedIncident) -> list[Line]:
    """Return the log odds of a knife, term by term, and the draws."""
    values, who = incident.model.coefficients.weapons, incident.aggressor
    history = min(float(who["history"]), incident.model.coefficients.acting.history_cap)
    place = incident.model.places_before[incident.row["neighbourhood"]]
    in_street = incident.row["venue"] == NEIGHBOURHOOD
    lines = [
        Line("level", "knife", values.knife),
        Line("age", "by the aggressor's band of age", float(values.knife_age[incident.band(who)])),
        term("sex", "knife_male", values.knife_male, who["male"]),
        term("street", "knife_neighbourhood", values.knife_neighbourhood, in_street),
        term("deprivation", "knife_deprivation D", values.knife_deprivation, place["deprivation"]),
        term("history", "knife_history (ln(1 + H) - mean)", values.knife_history,
             math.log1p(history) - values.history_centre),
        term("excluded", "knife_excluded (excluded - mean)", values.knife_excluded,
             (who["status"] == EXCLUDED) - values.excluded_centre),
    ]  # fmt: skip
    chance = _probability(sum(line.number for line in lines))
    drawn, another = (
        word / TWO_TO_32 for word in incident.words(randomness.WEAPON, incident.number)[:2]
    )
    lines += [
        Line("chance", "of a knife: 1 / (1 + exp(-sum))", chance),
        Line("the draw", "a knife" if drawn < chance else "no knife", drawn),
    ]
    if drawn < chance:
        return lines
    taken = "another weapon" if another < values.other_weapon else "no weapon"
    return [
        *lines,
        Line("chance", "of another weapon", values.other_weapon),
        Line("the draw", taken, another),
    ]


def ladder(incident: WatchedIncident) -> list[Line]:
    """Return the chance of each rung given the one before, and the draws, as far as they go."""
    words = incident.words(randomness.SEVERITY, incident.number)
    lines = []
    for rung, chance, word in zip(SEVERITIES[1:], _chances(incident), words, strict=True):
        worse = word / TWO_TO_32 < chance
        lines.append(Line(rung.replace("_", " "), "chance, given the rung before", chance))
        lines.append(Line("the draw", "so it is" if worse else "it is not", word / TWO_TO_32))
        if not worse:
            break
    return lines


def _chances(incident: WatchedIncident) -> tuple[float, float, float, float]:
    """Return the chances of injury, attendance, admission and death, each given the last."""
    values, who = incident.model.coefficients.severity, incident.victim
    age, male = incident.age(who), bool(who["male"])
    knife = incident.row["weapon"] == KNIFE
    child, teenager = age < MONTHS_AT_16, MONTHS_AT_16 <= age < MONTHS_AT_18
    older = age >= 600
    deprivation = incident.model.places_before[incident.row["neighbourhood"]]["deprivation"]
    injury = values.injury + values.injury_knife * knife
    emergency = (
        values.emergency + values.emergency_knife * knife + values.emergency_male * male
        + values.emergency_under_16 * child + values.emergency_16_17 * teenager
        + values.emergency_deprivation * deprivation
    )  # fmt: skip
    admission = (
        values.admission + values.admission_knife * knife + values.admission_male * male
        + values.admission_under_16 * child + values.admission_16_17 * teenager
        + values.admission_50_plus * older + values.admission_deprivation * deprivation
    )  # fmt: skip
    death = (
        values.death + values.death_knife * knife + values.death_male * male
        + values.death_under_16 * child + values.death_50_plus * older
    )  # fmt: skip
    return (_probability(injury), _probability(emergency), _probability(admission),
            _probability(death))


def consequences(incident: WatchedIncident) -> list[Line]:
    """Return what is left in the aggressor's history and the victim's grievance."""
    values, months = incident.model.coefficients, incident.model.then.months
    grievance = values.grievance
    injured = incident.row["severity"] >= INJURY
    mass = grievance.injured_victim if injured else grievance.uninjured_victim
    return [
        _faded("history", incident.aggressor["history"], 1.0, values.acting.history_decay, months),
        _faded("grievance", incident.victim["grievance"], mass, grievance.decay, months),
    ]


def _faded(what: str, before: float, impulse: float, decay: float, months: float) -> Line:
    """Return a state that fades over the step, and an impulse that arrives during it."""
    before, kept = float(before), math.exp(-months / decay)
    share = decay / months * -math.expm1(-months / decay)
    return Line(
        what, f"{before:.4f} x {kept:.4f} + {impulse:g} x {share:.4f}",
        before * kept + impulse * share,
    )  # fmt: skip


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-float(log_odds)))
