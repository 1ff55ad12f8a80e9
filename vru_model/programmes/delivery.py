"""Delivery: how a programme finds people, takes them in as staff allow, and loses some.

Those who take part are chosen by what practitioners could observe, at random, or by an event
that brings them; never by their true hazard. Staff come and go with the money, and with them the
number who can start in a month.
"""

import hashlib
import math

import numpy as np

from vru_model import randomness
from vru_model.people import People
from vru_model.programmes import pathway
from vru_model.programmes.draws import exponential_times, happens_to, standard_normals
from vru_model.programmes.eligibility import able, all_able, criteria
from vru_model.programmes.funds import Funds
from vru_model.programmes.ranking import Ranking
from vru_model.programmes.register import EFFECT, SPENT, Register

_PROTECTIVE_BELOW_0 = ("acting", "acting_at_home", "victimisation", "exclusion", "ace")
_ADD_TO_RATES = ("trauma_recovery", "neet_exit", "pair_closing")


class Delivered:
    """One programme as one line of a strategy's funding pays for it.

    Parameters
    ----------
    number
        Its number in the register.
    document
        The programme (``vru_model.parameters.programmes.Programme``).
    funds
        When money flows and what it buys.
    sizes
        Target to size of change, in this draw.
    places
        Which neighbourhoods the money covers: bool.
    deprivation
        Standard score of deprivation of each neighbourhood.
    counts
        Where to count people along the pathway.
    """

    def __init__(
        self, number: int, document, funds: Funds, sizes: dict[str, float], places: np.ndarray,
        deprivation: np.ndarray, counts: pathway.Pathway,
    ) -> None:  # fmt: skip
        """Begin with nobody enrolled and no staff."""
        self.number, self.document, self.funds = number, document, funds
        self.sizes, self.places, self.deprivation = sizes, places, deprivation
        self.counts = counts
        self.name, self.rule = document.name, document.eligibility
        self._criteria = criteria(self.rule, places)
        self.tag = int.from_bytes(hashlib.sha256(self.name.encode()).digest()[:3], "little")
        self.take_up_of_others = 1.0  # what system programmes do to its take-up
        self._candidates = Ranking(np.empty(0, np.int32), np.empty(0))
        self._starts = 0.0  # who could have started so far, a running sum
        self._month_of_room = -1
        self._room = 0
        self._year_of_ranking = 0
        self.strength = 0.0  # of what it does to places and services, 0-1

    @property
    def funding(self):
        """The line of funding."""
        return self.funds.line

    @property
    def delivery(self):
        """The numbers of delivery that do not depend on the year's money."""
        return self.funds.terms

    @property
    def enrolments(self) -> int:
        """How many simulated residents started in the current year."""
        return self.counts.total(pathway.STARTED)

    def effects(self) -> np.ndarray:
        """Return what it does to those enrolled: one row (dtype EFFECT)."""
        row, size = np.zeros(1, EFFECT), self.sizes
        for name in _PROTECTIVE_BELOW_0:
            row[name] = -size.get(name, 0.0)
        for name in _ADD_TO_RATES:
            row[name] = max(0.0, size.get(name, 1.0) - 1.0)
        row["leaving_early"] = size.get("acting_after_leaving_early", 0.0)
        row["self_regulation"] = size.get("self_regulation", 0.0)
        row["excluded_relief"] = size.get("excluded_relief", 0.0)
        row["ramp_up"] = self.delivery.ramp_up_months
        row["half_life"] = self.delivery.half_life_months
        row["tag"] = self.tag
        return row

    def begin_year(self) -> None:
        """Begin to count anew."""
        self.counts.begin_year()

    def open(self, clock) -> bool:
        """Say whether it works: money flows and some staff are in place."""
        return self.funds.staffed(clock) > 0.0

    def begins(self, clock) -> bool:
        """Say whether it is time to look for candidates: at first, and once in every year."""
        return clock.year != self._year_of_ranking

    # --- whom it finds -------------------------------------------------------------------------

    def find_candidates(self, people: People, key, clock, register: Register, risks,
                        among: np.ndarray | None = None) -> None:
        """Rank those eligible, once a year: ``risks(residents)`` is their true log hazard.

        ``among`` are the neighbourhoods (bool) in which to look, if not all that money covers.
        """
        self._year_of_ranking = clock.year
        asked = self._criteria if among is None else self._criteria._replace(places=among)
        with register.those_taking_part(self.number, clock.step, people) as taking_part:
            may = all_able(people.rows, people.count, people.month, asked, taking_part)
        noise = standard_normals(
            people.rows.identifier[may], key, clock.year, randomness.SCORE, 0
        )
        if self.rule.selection == "score" and len(may):
            truth = risks.log_risks(may)
            spread = truth.std() or 1.0
            share = risks.observability
            score = math.sqrt(share) * (truth - truth.mean()) / spread
            noise = score + math.sqrt(1.0 - share) * noise
        self._candidates = Ranking(may, noise)

    def take_in(self, people: People, key, clock, register: Register) -> np.ndarray:
        """Offer places to one candidate after another until the month's room is filled.

        Returns those who start. Those not offered a place keep theirs in the ranking.
        """
        self.make_room(clock)
        enrolled = np.empty(0, np.int32)
        while self._room > 0 and len(self._candidates):
            batch = math.ceil(self._room / max(self.delivery.take_up, 0.01))
            nearly = self._candidates.first(batch)
            may = self.may_start(nearly, people, clock, register)
            accepts = may & self._accept(nearly, people, key, clock.year)
            reached = batch
            if accepts.sum() >= self._room:
                reached = np.flatnonzero(accepts)[self._room - 1] + 1
            starts = nearly[:reached][accepts[:reached]]
            self._candidates.drop(reached)
            self.counts.count(pathway.OFFERED, nearly[:reached][may[:reached]], people)
            self.counts.count(pathway.ACCEPTED, starts, people)
            self.enrol(starts, people, key, clock, register)
            enrolled = np.concatenate([enrolled, starts])
        return enrolled

    def may_start(self, residents: np.ndarray, people: People, clock, register) -> np.ndarray:
        """Say which of some residents may take part now and do not take part yet.

        It does not matter which line of funding pays for those who take part already.
        """
        whom = np.ascontiguousarray(residents)
        with register.those_taking_part(self.number, clock.step, people) as taking_part:
            return able(people.rows, whom, people.month, self._criteria, taking_part)

    def accepting(self, residents: np.ndarray, people: People, key, time: int) -> np.ndarray:
        """Return those of the residents offered a place who take it up."""
        accepts = self._accept(residents, people, key, time)
        self.counts.count(pathway.OFFERED, residents, people)
        self.counts.count(pathway.ACCEPTED, residents[accepts], people)
        return residents[accepts]

    def _accept(self, residents: np.ndarray, people: People, key, time: int) -> np.ndarray:
        return happens_to(
            people.rows.identifier[residents], key, time, randomness.TAKE_UP, self.tag,
            self._chances(residents, people),
        )  # fmt: skip

    def _chances(self, residents: np.ndarray, people: People) -> np.ndarray:
        """Return each resident's chance of taking up: it may fall with deprivation of the home."""
        chance, slope = self.delivery.take_up, self.delivery.take_up_by_deprivation
        chances = np.full(len(residents), chance)
        if slope != 0.0 and 0.0 < chance < 1.0:
            deprived = self.deprivation[people.rows.profile["neighbourhood"][residents]]
            odds = chance / (1.0 - chance) * np.exp(slope * deprived)
            chances = odds / (1.0 + odds)
        return np.minimum(chances * self.take_up_of_others, 1.0)

    # --- how many, and for how long ------------------------------------------------------------

    @property
    def room(self) -> int:
        """How many more can start this month."""
        return self._room

    def make_room(self, clock) -> None:
        """Open the month's places once: whole people, fractions carried over, none saved up."""
        if clock.month == self._month_of_room:
            return
        self._month_of_room = clock.month
        before = math.floor(self._starts)
        self._starts += self.funds.capacity(clock)
        self._room = math.floor(self._starts) - before

    def enrol(self, residents, people: People, key, clock, register: Register) -> None:
        """Enrol residents until they complete, leave early or the money ends."""
        if not len(residents):
            return
        steps = np.full(len(residents), math.ceil(self.delivery.duration_months / clock.months))
        stays = steps.copy()
        if self.delivery.drop_out_per_month > 0.0:
            rate = -math.log1p(-min(self.delivery.drop_out_per_month, 0.999))
            leaves = exponential_times(
                people.rows.identifier[residents], key, clock.step, randomness.DROP_OUT,
                self.tag, rate,
            )  # fmt: skip
            stays = np.minimum(stays, np.ceil(leaves / clock.months).astype(np.int64))
        left = np.minimum(stays, self.funds.steps_left(clock))
        register.enrol(self.number, residents, clock.step, clock.step + left, left < steps)
        # A share of a fading state goes at any time alike: no need to bring it up to date.
        for state, target in (("grievance", "activation"), ("sanction", "sanction")):
            if share := self.sizes.get(target, 0.0):
                people.rows.state[state][residents] *= np.float32(1.0 - share)
        self._room -= len(residents)
        self.counts.count(pathway.STARTED, residents, people)
        self.counts.count(pathway.CUT_SHORT, residents[left < stays], people)
        self.counts.count(pathway.LEFT_EARLY, residents[(left == stays) & (stays < steps)], people)
        self.counts.count(pathway.COMPLETED, residents[left == steps], people)

    # --- how strongly it acts on places and services -------------------------------------------

    def set_in_or_fade(self, clock) -> None:
        """Let what it does to places and services set in while it works, and fade after."""
        if self.open(clock):
            ramp_up = self.delivery.ramp_up_months
            missing = 0.0 if ramp_up <= 0.0 else math.exp(-clock.months / ramp_up)
            self.strength = 1.0 - (1.0 - self.strength) * missing
        elif self.strength > 0.0:
            self.strength *= 0.5 ** (clock.months / self.delivery.half_life_months)
            if self.strength < SPENT:
                self.strength = 0.0
