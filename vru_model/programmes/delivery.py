"""Delivery: how a programme finds people, takes them in as capacity allows, and loses some.

Those who take part are chosen by what practitioners could observe, at random, or by an event
that brings them; never by their true hazard. Capacity fills month by month.
"""

import hashlib
import math

import numpy as np

from vru_model import randomness
from vru_model.people import People
from vru_model.programmes.draws import exponential_times, happens_to, standard_normals
from vru_model.programmes.eligibility import eligible
from vru_model.programmes.register import Register


class Delivered:
    """One programme as one strategy funds it.

    Parameters
    ----------
    number
        Its number in the register.
    document
        The programme (``vru_model.parameters.programmes.Programme``).
    delivery
        Capacity, take-up, timing for the money and the scale.
    sizes
        Target to size of change, in this draw.
    places
        Which neighbourhoods the money covers: bool.
    funding
        The line of the strategy that pays for it: money and years.
    """

    def __init__(self, number, document, delivery, sizes, places, funding) -> None:
        """Begin with nobody enrolled and nobody waiting."""
        self.number, self.document, self.delivery = number, document, delivery
        self.sizes, self.places, self.funding = sizes, places, funding
        self.name = document.name
        self.tag = int.from_bytes(hashlib.sha256(self.name.encode()).digest()[:3], "little")
        self._candidates = np.empty(0, np.int32)
        self.months_open = 0
        self._month_of_room = -1
        self._room = 0
        self.enrolments = 0  # of the current year
        self.treated = np.empty(0, np.int64)  # neighbourhoods under patrol

    def effects(self) -> np.ndarray:
        """Return its row of effects for the register, shape (7,): protective numbers positive."""
        size = {"trauma_recovery": 1.0, **self.sizes}
        return np.array(
            [
                -size.get("acting", 0.0),
                -size.get("exclusion", 0.0),
                -size.get("ace", 0.0),
                size.get("self_regulation", 0.0),
                max(0.0, size["trauma_recovery"] - 1.0),
                self.delivery.ramp_up_months,
                self.delivery.half_life_months,
            ]
        )

    def funded(self, clock) -> bool:
        """Say whether money flows this year."""
        return clock.step >= 0 and self.funding.covers(clock.year)

    def open(self, clock) -> bool:
        """Say whether it takes people in: money flows and the first staff are in place."""
        since = clock.month - (self.funding.first_year - 1) * 12
        return self.funded(clock) and since >= self.delivery.lag_months

    def find_candidates(self, people: People, key, clock, register: Register, risks) -> None:
        """Rank those eligible, once a year: ``risks(residents)`` is their true log hazard."""
        rule = self.document.eligibility
        if rule.selection not in ("score", "random"):
            return
        everybody = np.arange(people.count, dtype=np.int32)
        enrolled = register.enrolled(self.number, clock.step)
        may = np.setdiff1d(
            eligible(people, everybody, rule, self.places), enrolled, assume_unique=False
        ).astype(np.int32)
        noise = standard_normals(
            people.state["identifier"][may], key, clock.year, randomness.SCORE, 0
        )
        if rule.selection == "score" and len(may):
            truth = risks.log_risks(may)
            spread = truth.std() or 1.0
            share = risks.observability
            score = math.sqrt(share) * (truth - truth.mean()) / spread
            noise = score + math.sqrt(1.0 - share) * noise
        self._candidates = may[np.argsort(-noise, kind="stable")]

    def take_in(self, people: People, key, clock, register: Register) -> np.ndarray:
        """Offer places to the next candidates until the month's capacity is filled; return them."""
        self._make_room(clock)
        enrolled = np.empty(0, np.int32)
        while self._room > 0 and len(self._candidates):
            batch = math.ceil(self._room / max(self.delivery.take_up, 0.01))
            offered, self._candidates = self._candidates[:batch], self._candidates[batch:]
            still = eligible(people, offered, self.document.eligibility, self.places)
            accept = happens_to(
                people.state["identifier"][still], key, clock.year, randomness.TAKE_UP, self.tag,
                self.delivery.take_up,
            )  # fmt: skip
            accepted = still[accept][: self._room]
            self._enrol(accepted, people, key, clock, register)
            enrolled = np.concatenate([enrolled, accepted])
        return enrolled

    def take_in_referred(self, referred, people: People, key, clock, register) -> np.ndarray:
        """Enrol people whom an event refers, as far as they accept and capacity reaches."""
        if not self.open(clock):
            return np.empty(0, np.int32)
        self._make_room(clock)
        new = np.setdiff1d(referred, register.enrolled(self.number, clock.step)).astype(np.int32)
        may = eligible(people, new, self.document.eligibility, self.places)
        identifiers = people.state["identifier"][may]
        accept = happens_to(
            identifiers, key, clock.step, randomness.TAKE_UP, self.tag, self.delivery.take_up
        )
        may, identifiers = may[accept], identifiers[accept]
        place_in_queue = standard_normals(
            identifiers, key, clock.step, randomness.QUEUE, self.tag
        )
        accepted = may[np.argsort(place_in_queue, kind="stable")][: self._room]
        self._enrol(accepted, people, key, clock, register)
        return accepted

    def _make_room(self, clock) -> None:
        """Add the month's capacity once: whole people, fractions carried over, none saved up."""
        if not self.open(clock) or clock.month == self._month_of_room:
            return
        self._month_of_room = clock.month
        capacity, month = self.delivery.capacity_per_month, self.months_open
        self._room = math.floor(capacity * (month + 1)) - math.floor(capacity * month)
        self.months_open += 1

    def _enrol(self, residents, people: People, key, clock, register: Register) -> None:
        """Enrol residents until they complete the programme or drop out."""
        stays = np.full(len(residents), self.delivery.duration_months)
        if self.delivery.drop_out_per_month > 0.0:
            rate = -math.log1p(-min(self.delivery.drop_out_per_month, 0.999))
            leaves = exponential_times(
                people.state["identifier"][residents], key, clock.step, randomness.DROP_OUT,
                self.tag, rate,
            )  # fmt: skip
            stays = np.minimum(stays, leaves)
        ends = clock.step + np.ceil(stays / clock.months).astype(np.int32)
        register.enrol(self.number, residents, clock.step, ends)
        # A share of a fading state goes at any time alike: no need to bring it up to date.
        people.state["grievance"][residents] *= np.float32(1.0 - self.sizes.get("activation", 0.0))
        self._room -= len(residents)
        self.enrolments += len(residents)

    def choose_places(self, areas, clock, follow: bool) -> None:
        """Choose the neighbourhoods to patrol, once a year, by the violence seen there lately."""
        if not self.open(clock):
            self.treated = np.empty(0, np.int64)
        elif len(self.treated) == 0 or (follow and clock.begins_year):
            seen = np.where(self.places, areas["recent"] * areas["residents"], -1.0)
            order = np.argsort(-seen, kind="stable")
            self.treated = order[: min(self.delivery.places, int(self.places.sum()))]

    def patrol(self) -> float:
        """Return the share of street incidents prevented in a treated neighbourhood."""
        return self.delivery.presence * self.sizes.get("street_prevention", 0.0)
