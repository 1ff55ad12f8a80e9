"""Programmes: whom each finds, takes in and loses, month by month."""

import hashlib
import math
from collections import Counter

import mesa

from reference.effects import SPENT, Enrolment
from reference.funds import Funds
from reference.referrals import Queue
from reference.resident import Resident
from reference.treated import Treated
from reference.world import (
    CUSTODY,
    EXCLUDED,
    IN_SCHOOL,
    NEET,
    PRE_SCHOOL,
    WORK_OR_EDUCATION,
    single,
    years,
)
from vru_model import randomness

STATUS_OF = {
    "pre_school": PRE_SCHOOL, "in_school": IN_SCHOOL, "excluded": EXCLUDED,
    "work_or_education": WORK_OR_EDUCATION, "neet": NEET, "custody": CUSTODY,
}  # fmt: skip


class Programme(mesa.Agent):
    """A programme as one line of the scenario's funding pays for it."""

    def __init__(self, model: mesa.Model, document, line, funds: Funds, size) -> None:
        super().__init__(model)
        self.document, self.line, self.funds = document, line, funds
        self.name, self.rule, self.terms = document.name, document.eligibility, funds.terms
        self.size: dict[str, float] = size  # target -> size of the change
        # The programme's part in the key of its draws is 24 bits of a hash of its name.
        self.tag = int.from_bytes(hashlib.sha256(self.name.encode()).digest()[:3], "little")
        self.covered = self.covered_places()
        self.queue = Queue(self) if self.rule.event != "none" else None
        self.treats = Treated(self) if self.rule.selection == "place" else None
        self.candidates: list[Resident] = []
        self.year_of_ranking = 0
        self.started = 0.0  # who could have started so far, a running sum
        self.month_of_room = -1
        self.room = 0
        self.strength = 0.0  # of what it does to places and services, 0-1
        self.take_up_of_others = 1.0  # what system programmes do to its take-up
        # This year's people by stage, authority, decile, age in years and sex.
        self.pathway: Counter[tuple] = Counter()

    @property
    def is_open(self) -> bool:
        """Whether it works: money flows and some staff are in place."""
        return self.funds.staff(self.model.clock) > 0.0

    def count(self, stage: str, resident: Resident) -> None:
        """Count a resident who reaches a stage of the pathway."""
        home, sex = resident.neighbourhood, "male" if resident.male else "female"
        code = self.model.place.authorities[home.authority].code
        self.pathway[stage, code, home.decile, resident.age // 12, sex] += 1
        self.model.events[f"{stage}: {self.name}"] += 1

    def set_in_or_fade(self) -> None:
        """Let what it does to places and services set in while it works, and fade after.

        ``1 - strength`` goes with exp(-dt / tau_on); after the end strength goes by half-lives.
        """
        months = self.model.clock.months
        if self.is_open:
            ramp = self.terms.ramp_up_months
            left = math.exp(-months / ramp) if ramp > 0.0 else 0.0
            self.strength = 1.0 - (1.0 - self.strength) * left
        else:
            self.strength *= 0.5 ** (months / self.terms.half_life_months)
            if self.strength < SPENT:
                self.strength = 0.0

    # --- who ------------------------------------------------------------------------------

    def covered_places(self) -> set:
        """Return the neighbourhoods that money, and the programme's own rule, reach.

        Of those that all other limits leave, only the most in need, where so many are named: the
        most deprived, the larger first where two are alike.
        """
        model, line = self.model, self.line
        covered = [
            place
            for place in model.neighbourhoods
            if all(
                not allowed or value in allowed
                for value, allowed in (
                    (model.place.authorities[place.authority].code, line.authorities),
                    (place.ward, line.wards),
                    (place.code, line.neighbourhoods),
                    (place.decile, line.deprivation_deciles),
                    (place.decile, self.rule.deprivation_deciles),
                )
            )
        ]
        if line.most_in_need is not None:
            covered.sort(key=lambda place: (-place.deprivation, -place.full_size))
            covered = covered[: line.most_in_need]
        return set(covered)

    def is_for(self, resident: Resident) -> bool:
        """Say whether a resident is eligible by age, sex, status and place."""
        rule = self.rule
        right_status = (
            resident.status in [STATUS_OF[name] for name in rule.statuses]
            if rule.statuses
            else resident.present
        )
        return (
            right_status
            and years(rule.minimum_age) <= resident.age < years(rule.maximum_age + 1)
            and (rule.sex == "any" or resident.male == (rule.sex == "male"))
            and resident.neighbourhood in self.covered
        )

    def takes_part(self, resident: Resident) -> bool:
        """Say whether a resident is in the programme now, whichever line pays for it."""
        return any(
            one.programme.name == self.name and one.end > self.model.clock.step
            for one in resident.enrolments
        )

    def may_start(self, resident: Resident) -> bool:
        """Say whether a resident is eligible and not in the programme yet."""
        return self.is_for(resident) and not self.takes_part(resident)

    def enrolled(self) -> list[Resident]:
        """Return those enrolled now for this line of funding."""
        register, step = self.model.register, self.model.clock.step
        return [one.resident for one in register if one.programme is self and one.end > step]

    @property
    def begins(self) -> bool:
        """Whether candidates are to be found: at first, and once in every year."""
        return self.model.clock.year != self.year_of_ranking

    def find_candidates(self, among: list | None = None) -> None:
        """Rank those eligible by what practitioners could observe, or at random.

        ``s = sqrt(rho) z(ln rate) + sqrt(1 - rho) e(id)``: z is the standard score of the log
        rate of acting among those eligible. ``among`` are neighbourhoods in which to look.
        """
        year = self.year_of_ranking = self.model.clock.year
        may = [
            r for r in self.model.residents
            if self.may_start(r) and (among is None or r.neighbourhood in among)
        ]  # fmt: skip
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

    # --- how many -------------------------------------------------------------------------

    def make_room(self) -> None:
        """Open the month's places, once: whole people, fractions carried over, none saved up."""
        month = self.model.clock.month
        if month != self.month_of_room:
            before = math.floor(self.started)
            self.started += self.funds.starts(self.model.clock)
            self.room = math.floor(self.started) - before
            self.month_of_room = month

    def take_in_candidates(self) -> None:
        """Offer places to one candidate after another till the room is full; the others wait."""
        self.make_room()
        while self.room > 0 and self.candidates:
            resident = self.candidates.pop(0)
            if self.may_start(resident) and self.accepts(resident, self.model.clock.year):
                self.enrol(resident)

    def accepts(self, resident: Resident, time: int) -> bool:
        """Offer a resident a place, and say whether they take it up.

        The odds go with exp(slope D) of the home, the chance with what system programmes do.
        """
        chance, slope = self.terms.take_up, self.terms.take_up_by_deprivation
        if slope != 0.0 and 0.0 < chance < 1.0:
            odds = chance / (1.0 - chance) * math.exp(slope * resident.neighbourhood.deprivation)
            chance = odds / (1.0 + odds)
        chance = min(chance * self.take_up_of_others, 1.0)
        self.count("offered", resident)
        if not resident.happens(randomness.TAKE_UP, chance, self.tag, time):
            return False
        self.count("accepted", resident)
        return True

    # --- for how long ---------------------------------------------------------------------

    def enrol(self, resident: Resident) -> None:
        """Enrol a resident until they complete, leave early or the money ends.

        A share of grievance and of the mark of sanctions goes at once.
        """
        clock = self.model.clock
        whole = math.ceil(self.terms.duration_months / clock.months)
        stay = min(whole, self.steps_until_tired(resident))
        steps = min(stay, self.funds.steps_left(clock))
        end = "completed" if steps == whole else "left_early" if steps == stay else "cut_short"
        one = Enrolment(self, resident, clock.step, clock.step + steps, steps < whole)
        self.model.register.append(one)
        resident.enrolments.append(one)
        for state, target in (("grievance", "activation"), ("sanction", "sanction")):
            left = single(1.0 - self.size.get(target, 0.0))
            if getattr(resident, state) > 0.0 and left < 1.0:
                self.model.events[f"changed: {target}"] += 1
            setattr(resident, state, single(getattr(resident, state) * left))
        self.room -= 1
        self.count("started", resident)
        self.count(end, resident)

    def steps_until_tired(self, resident: Resident) -> float:
        """Return the steps after which a resident would leave early, at a constant rate."""
        if self.terms.drop_out_per_month <= 0.0:
            return math.inf
        rate = -math.log1p(-min(self.terms.drop_out_per_month, 0.999))
        months = -math.log(randomness.uniform(resident.word(randomness.DROP_OUT, self.tag))) / rate
        return math.ceil(months / self.model.clock.months)
