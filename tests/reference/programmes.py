"""Programmes: whom each finds, takes in and loses, and what it does to them, month by month."""

import hashlib
import math
from dataclasses import dataclass

import mesa

from reference.resident import Resident
from reference.world import (
    CUSTODY,
    EXCLUDED,
    IN_SCHOOL,
    NEET,
    PRE_SCHOOL,
    WORK_OR_EDUCATION,
    single,
    within,
    years,
)
from vru_model import randomness

STATUS_OF = {
    "pre_school": PRE_SCHOOL, "in_school": IN_SCHOOL, "excluded": EXCLUDED,
    "work_or_education": WORK_OR_EDUCATION, "neet": NEET, "custody": CUSTODY,
}  # fmt: skip
SPENT = 0.005  # a dose below this is forgotten


@dataclass
class Enrolment:
    """One resident in one programme."""

    programme: "Programme"
    resident: Resident
    start: int  # step
    end: int  # first step after completion or dropping out
    dose: float = 0.0  # the last dose, 0-1


class Programme(mesa.Agent):
    """A programme as one line of the scenario's funding pays for it."""

    def __init__(self, model: mesa.Model, document, funding, delivery, size) -> None:
        super().__init__(model)
        self.document, self.funding, self.delivery = document, funding, delivery
        self.rule = document.eligibility
        self.size: dict[str, float] = size  # target -> size of the change
        # The programme's part in the key of its draws is 24 bits of a hash of its name.
        self.tag = int.from_bytes(hashlib.sha256(document.name.encode()).digest()[:3], "little")
        self.candidates: list[Resident] = []
        self.months_open = 0
        self.month_of_room = -1
        self.room = 0
        self.treated: list = []  # neighbourhoods under patrol

    @property
    def is_open(self) -> bool:
        """Whether money flows this year and the first staff are in place."""
        clock = self.model.clock
        since = clock.month - 12 * (self.funding.first_year - 1)
        return self.funding.covers(clock.year) and since >= self.delivery.lag_months

    # --- who ------------------------------------------------------------------------------

    def covers(self, place) -> bool:
        """Say whether money, and the programme's own rule, reach a neighbourhood."""
        code = self.model.place.authorities[place.authority].code
        limits = (
            (code, self.funding.authorities),
            (place.decile, self.funding.deprivation_deciles),
            (place.decile, self.rule.deprivation_deciles),
        )
        return all(not allowed or value in allowed for value, allowed in limits)

    def may_join(self, resident: Resident) -> bool:
        """Say whether a resident is eligible by age, sex, status and place."""
        rule = self.rule
        right_status = (
            resident.status in [STATUS_OF[name] for name in rule.statuses]
            if rule.statuses
            else resident.present
        )
        return (
            right_status
            and rule.minimum_age_months <= resident.age < rule.maximum_age_months
            and (rule.sex == "any" or resident.male == (rule.sex == "male"))
            and self.covers(resident.neighbourhood)
        )

    def enrolled(self) -> set[Resident]:
        """Return those enrolled now."""
        register, step = self.model.register, self.model.clock.step
        return {one.resident for one in register if one.programme is self and one.end > step}

    def find_candidates(self) -> None:
        """Rank those eligible, once a year, by what practitioners could observe, or at random.

        ``s = sqrt(rho) z(ln rate) + sqrt(1 - rho) e(id)``: z is the standard score of the log
        rate of acting among those eligible.
        """
        if self.rule.selection not in ("score", "random"):
            return
        enrolled = self.enrolled()
        may = [r for r in self.model.residents if self.may_join(r) and r not in enrolled]
        year = self.model.clock.year
        score = {
            r: randomness.standard_normal(r.word(randomness.SCORE, time=year)) for r in may
        }
        if self.rule.selection == "score" and may:
            rho = self.model.values.selection.observability
            truth = {r: r.log_rate() if r.age >= years(10) else -30.0 for r in may}
            mean = sum(truth.values()) / len(may)
            spread = math.sqrt(sum((t - mean) ** 2 for t in truth.values()) / len(may)) or 1.0
            for r in may:
                z = (truth[r] - mean) / spread
                score[r] = math.sqrt(rho) * z + math.sqrt(1.0 - rho) * score[r]
        self.candidates = sorted(may, key=lambda r: -score[r])

    @property
    def begins(self) -> bool:
        """Whether candidates are to be found: at the start of a year, and of the programme."""
        clock = self.model.clock
        return clock.begins_month and (clock.begins_year or self.months_open == 0)

    # --- how many -------------------------------------------------------------------------

    def make_room(self) -> None:
        """Open the month's places, once: whole people, fractions carried over, none saved up."""
        month = self.model.clock.month
        if self.is_open and month != self.month_of_room:
            per_month, months = self.delivery.capacity_per_month, self.months_open
            self.room = math.floor(per_month * (months + 1)) - math.floor(per_month * months)
            self.months_open += 1
            self.month_of_room = month

    def take_in_candidates(self) -> None:
        """Offer places to the next candidates, as many as should fill the room, till it is full."""
        self.make_room()
        while self.room > 0 and self.candidates:
            batch = math.ceil(self.room / max(self.delivery.take_up, 0.01))
            offered, self.candidates = self.candidates[:batch], self.candidates[batch:]
            year = self.model.clock.year
            accept = [r for r in offered if self.may_join(r) and self.accepts(r, year)]
            self.enrol(accept[: self.room])

    def take_in_referred(self, referred: list[Resident]) -> list[Resident]:
        """Enrol those whom an event brings, in keyed order, as far as there is room."""
        if not self.is_open:
            return []
        self.make_room()
        enrolled, step = self.enrolled(), self.model.clock.step
        new = [r for r in dict.fromkeys(referred) if self.may_join(r) and r not in enrolled]
        accept = [r for r in new if self.accepts(r, step)]
        accepted = sorted(accept, key=self.place_in_queue)[: self.room]
        self.enrol(accepted)
        return accepted

    def place_in_queue(self, resident: Resident) -> tuple[float, int]:
        """Return what decides who is served first."""
        word = resident.word(randomness.QUEUE, self.tag)
        return randomness.standard_normal(word), resident.unique_id

    def accepts(self, resident: Resident, time: int) -> bool:
        """Say whether a resident who is offered a place takes it up."""
        return resident.happens(randomness.TAKE_UP, self.delivery.take_up, self.tag, time)

    def enrol(self, residents: list[Resident]) -> None:
        """Enrol residents until they complete or drop out; a share of their G goes at once."""
        clock, delivery = self.model.clock, self.delivery
        calm = single(1.0 - self.size.get("activation", 0.0))
        for resident in residents:
            stay = delivery.duration_months
            if delivery.drop_out_per_month > 0.0:
                rate = -math.log1p(-min(delivery.drop_out_per_month, 0.999))
                word = resident.word(randomness.DROP_OUT, self.tag)
                stay = min(stay, -math.log(randomness.uniform(word)) / rate)
            end = clock.step + math.ceil(stay / clock.months)
            self.model.register.append(Enrolment(self, resident, clock.step, end))
            resident.grievance = single(resident.grievance * calm)
            self.room -= 1
            self.model.events[f"enrolments: {self.document.name}"] += 1

    # --- what it does ---------------------------------------------------------------------

    def dose(self, enrolment: Enrolment) -> float:
        """Return the dose: 1 - exp(-t / tau_on) since the start, halving after the end."""
        step, months = self.model.clock.step, self.model.clock.months
        length = (min(step, enrolment.end - 1) - enrolment.start + 1) * months
        ramp = self.delivery.ramp_up_months
        dose = 1.0 if ramp <= 0.0 else -math.expm1(-length / ramp)
        if step >= enrolment.end:
            since = (step - enrolment.end + 1) * months
            dose *= 0.5 ** (since / self.delivery.half_life_months)
        return dose

    def affect(self, resident: Resident, dose: float, more: float) -> None:
        """Bring what the programme changes in a resident to a dose, ``more`` than the last."""
        size = self.size

        def add(state: float, change: float) -> float:
            return single(state + single(change))

        resident.protection = add(resident.protection, -size.get("acting", 0.0) * dose)
        resident.exclusion_protection = add(
            resident.exclusion_protection, -size.get("exclusion", 0.0) * dose
        )
        resident.ace_protection = add(resident.ace_protection, -size.get("ace", 0.0) * dose)
        resident.self_regulation = add(
            resident.self_regulation, size.get("self_regulation", 0.0) * more
        )
        faster = max(0.0, size.get("trauma_recovery", 1.0) - 1.0)
        if faster > 0.0 and resident.trauma:
            rate = faster * dose / self.model.values.trauma.duration
            chance = within(rate, self.model.clock.months)
            if resident.happens(randomness.TRAUMA_RECOVERY, chance, self.tag):
                resident.trauma = False
                self.model.events["healed by treatment"] += 1

    def calm(self, incident) -> None:
        """Take a share of the grievance that an incident leaves in its victim."""
        share = single(1.0 - self.size.get("activation", 0.0))
        left = single(single(1.0 - incident.calmed) * share)
        incident.calmed = single(1.0 - left)

    # --- patrols --------------------------------------------------------------------------

    def patrol(self) -> None:
        """Choose once a year the places with most recent violence, and prevent a share of it."""
        if self.rule.selection != "place":
            return
        follow = self.model.on["patrol_follows_hot_spots"] and self.model.clock.begins_year
        if not self.is_open:
            self.treated = []
        elif follow or not self.treated:
            covered = [place for place in self.model.neighbourhoods if self.covers(place)]
            covered.sort(key=lambda place: -place.recent * place.residents)
            self.treated = covered[: self.delivery.places]
        prevents = self.delivery.presence * self.size.get("street_prevention", 0.0)
        for place in self.treated:
            place.patrol = 1.0 - (1.0 - place.patrol) * (1.0 - prevents)


def bring_effects_up_to_date(model) -> None:
    """Add the doses of the register to its residents' protection and skills; retire spent rows."""
    for enrolment in model.register:
        resident = enrolment.resident
        resident.protection = resident.exclusion_protection = resident.ace_protection = 0.0
    kept = []
    for enrolment in model.register:
        programme, resident = enrolment.programme, enrolment.resident
        dose = programme.dose(enrolment)
        spent = model.clock.step >= enrolment.end and dose < SPENT
        if spent or not resident.alive:
            dose = 0.0
        else:
            kept.append(enrolment)
        programme.affect(resident, dose, dose - enrolment.dose)
        enrolment.dose = single(dose)
    model.register = kept
