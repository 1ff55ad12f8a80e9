"""What programmes do to those enrolled, by the dose of the month."""

import math
from dataclasses import dataclass

from reference.resident import Resident
from reference.world import EXCLUDED, NEET, PAIR, single, within
from vru_model import randomness

SPENT = 0.005  # a dose below this is forgotten
SUMS = ("protection", "exclusion_protection", "ace_protection", "home_shield", "victim_shield")


@dataclass(eq=False)
class Enrolment:
    """One resident in one programme."""

    programme: object  # reference.programmes.Programme
    resident: Resident
    start: int  # step
    end: int  # first step after completion or leaving early
    left_early: bool  # whether the end comes before completion
    dose: float = 0.0  # the last dose, 0-1

    def dose_at(self, step: int) -> float:
        """Return the dose: 1 - exp(-t / tau_on) since the start, halving after the end."""
        terms, months = self.programme.terms, self.programme.model.clock.months
        length = (min(step, self.end - 1) - self.start + 1) * months
        ramp = terms.ramp_up_months
        dose = 1.0 if ramp <= 0.0 else -math.expm1(-length / ramp)
        return dose * self.left_at(step)

    def left_at(self, step: int) -> float:
        """Return how much is left of what was there at the end: all of it until then."""
        if step < self.end:
            return 1.0
        months = (step - self.end + 1) * self.programme.model.clock.months
        return 0.5 ** (months / self.programme.terms.half_life_months)


def bring_effects_up_to_date(model) -> None:
    """Add the doses of the register to its residents' protection and skills; retire spent rows."""
    step = model.clock.step
    for enrolment in model.register:
        for name in SUMS:
            setattr(enrolment.resident, name, 0.0)
    kept = []
    for enrolment in model.register:
        resident, dose = enrolment.resident, enrolment.dose_at(step)
        if resident.alive and (step < enrolment.end or dose >= SPENT):
            kept.append(enrolment)
            protect(enrolment, dose)
            hasten_recovery(enrolment, dose)
            if step < enrolment.end:
                hasten_work(enrolment, dose)
                close_pairs(enrolment, dose)
        else:
            resident.enrolments.remove(enrolment)
            dose = 0.0
        teach(enrolment, dose - enrolment.dose)
        enrolment.dose = single(dose)
    model.register = kept


def add(enrolment: Enrolment, name: str, change: float) -> None:
    """Add to a state of the resident, in single precision."""
    resident = enrolment.resident
    setattr(resident, name, single(getattr(resident, name) + single(change)))


def happened(enrolment: Enrolment, target: str, change: float = 1.0) -> None:
    """Count that a programme has changed something."""
    if change != 0.0:
        enrolment.programme.model.events[f"changed: {target}"] += 1


def protect(enrolment: Enrolment, dose: float) -> None:
    """Take off log rates: of acting, being excluded, ACEs, acting at home, suffering violence.

    Of what being excluded adds to the rate of acting, a share; and leaving early may harm, from
    then on, by an amount that fades like everything else.
    """
    size, model = enrolment.programme.size, enrolment.programme.model
    acting = -size.get("acting", 0.0) * dose
    happened(enrolment, "acting", acting)
    if enrolment.resident.status == EXCLUDED:
        adds = model.on["exclusion"] * model.values.acting.excluded
        relief = size.get("excluded_relief", 0.0) * adds * dose
        happened(enrolment, "excluded_relief", relief)
        acting += relief
    if enrolment.left_early and model.clock.step >= enrolment.end:
        harm = size.get("acting_after_leaving_early", 0.0) * enrolment.left_at(model.clock.step)
        happened(enrolment, "acting_after_leaving_early", harm)
        acting -= harm
    add(enrolment, "protection", acting)
    for name, target in (
        ("exclusion_protection", "exclusion"), ("ace_protection", "ace"),
        ("home_shield", "acting_at_home"), ("victim_shield", "victimisation"),
    ):  # fmt: skip
        change = -size.get(target, 0.0) * dose
        happened(enrolment, target, change)
        add(enrolment, name, change)


def teach(enrolment: Enrolment, more: float) -> None:
    """Let S follow the dose: ``more`` is by how much it has risen."""
    change = enrolment.programme.size.get("self_regulation", 0.0) * more
    happened(enrolment, "self_regulation", change)
    add(enrolment, "self_regulation", change)


# --- what ends sooner: a programme adds to the rate of ending, by a draw of its own -----------


def sooner(enrolment: Enrolment, target: str, dose: float, usual_rate: float) -> float:
    """Return the chance that something ends in this step because of the programme."""
    more = max(0.0, enrolment.programme.size.get(target, 1.0) - 1.0)
    return within(more * dose * usual_rate, enrolment.programme.model.clock.months)


def hasten_recovery(enrolment: Enrolment, dose: float) -> None:
    """Let post-traumatic stress end sooner."""
    resident, programme = enrolment.resident, enrolment.programme
    rate = 1.0 / programme.model.values.trauma.duration
    chance = sooner(enrolment, "trauma_recovery", dose, rate)
    if not resident.trauma or chance == 0.0:
        return
    if resident.happens(randomness.TRAUMA_RECOVERY, chance, programme.tag):
        resident.trauma = False
        happened(enrolment, "trauma_recovery")


def hasten_work(enrolment: Enrolment, dose: float) -> None:
    """Let those without work or education find some by the next step."""
    resident, programme = enrolment.resident, enrolment.programme
    chance = sooner(enrolment, "neet_exit", dose, programme.model.values.schooling.neet_exit)
    if resident.status == NEET and resident.happens(randomness.NEET, chance, programme.tag):
        soon = programme.model.clock.step + 1
        resident.status_until = min(resident.status_until or soon, soon)
        happened(enrolment, "neet_exit")


def close_pairs(enrolment: Enrolment, dose: float) -> None:
    """End the repeated violence of a resident, and that of their household against them."""
    resident, programme = enrolment.resident, enrolment.programme
    rate = 1.0 / programme.model.values.pairs.duration
    chance = sooner(enrolment, "pair_closing", dose, rate)
    if chance == 0.0:
        return
    words = resident.words(randomness.PAIR_CLOSING, programme.tag)
    if resident.has_open(PAIR) and randomness.happens(words[0], chance):
        resident.opponent_until = programme.model.clock.step - 1
        happened(enrolment, "pair_closing")
    if randomness.happens(words[1], chance):
        for other in resident.household.others(resident):
            if other.has_open(PAIR) and other.opponent is resident:
                other.opponent_until = programme.model.clock.step - 1
                happened(enrolment, "pair_closing at home")
