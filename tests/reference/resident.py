"""One resident: what they are, how they draw, and their hazard of acting."""

import math

import mesa
import numpy as np

from reference.places import Household, Neighbourhood
from reference.world import (
    CUSTODY,
    DEAD,
    EXCLUDED,
    NEET,
    PRE_SCHOOL,
    outlasts,
    single,
    within,
    years,
)
from vru_model import randomness

TRACE = single(1e-5)  # fading states below this vanish


class Resident(mesa.Agent):
    """One resident. Letters in comments are the symbols of the design.

    Residents keep their place in ``model.residents`` for life: births come after everybody else,
    and the dead remain, with status "dead", in no household.
    """

    def __init__(
        self, model: mesa.Model, identifier: int, birth_month: int, male: bool, liability: float,
        household: Household,
    ) -> None:  # fmt: skip
        super().__init__(model)
        self.identifier = np.uint64(identifier)  # permanent
        self.birth_month = birth_month  # months since the start of year 1
        self.male = bool(male)
        self.household = household
        self.carer: Resident | None = None
        self.partner: Resident | None = None
        self.peers: list[Resident] | None = None  # None from 30 on: no ties of the young
        self.status = PRE_SCHOOL
        self.ever_excluded = False
        self.status_until: int | None = None  # step at which it ends by itself

        self.liability = single(liability)  # u, standard score
        self.ace = 0  # adverse childhood experiences, 0-9
        self.household_ace = False  # has had the one of seeing violence at home
        self.self_regulation = 0.0  # S, standard score
        self.peer_norm = 0.0  # N, 0-3
        self.trauma = False  # T, post-traumatic stress
        self.recovers_at = 0  # step at the middle of which it ends
        self.grievance = 0.0  # G, fading
        self.history = 0.0  # H, own acts, fading
        self.sanction = 0.0  # L, formal sanctions, fading
        self.ever_sanctioned = False
        self.opponent: Resident | None = None  # the last counterpart
        self.opponent_kind: str | None = None  # retaliation or pair
        self.opponent_until = 0  # step

        self.enrolments: list = []  # in programmes, until nothing is left of them
        self.protection = 0.0  # what programmes take off the log rate of acting
        self.home_shield = 0.0  # off that of acting at home
        self.victim_shield = 0.0  # off that of suffering violence
        self.exclusion_protection = 0.0  # off the log hazard of exclusion
        self.ace_protection = 0.0  # off the log hazard of an ACE

        # What the year holds: the month, 0-11, in which it happens.
        self.dies: int | None = None
        self.bears: int | None = None
        self.moves: int | None = None
        self.dies_as_infant: int | None = None  # months since the start of year 1

    # --- who and where --------------------------------------------------------------------

    @property
    def age(self) -> int:
        """Age in months."""
        return self.model.month - self.birth_month

    @property
    def alive(self) -> bool:
        """Whether alive."""
        return self.status != DEAD

    @property
    def present(self) -> bool:
        """Whether alive and not in custody."""
        return self.status not in (CUSTODY, DEAD)

    @property
    def neighbourhood(self) -> Neighbourhood:
        """Where the household lives."""
        return self.household.neighbourhood

    @property
    def about(self) -> bool:
        """Whether somebody of ten or more who can act and be hurt: neither dead nor in custody."""
        return self.present and self.age >= years(10)

    def has_open(self, kind: str) -> bool:
        """Whether there is an opponent of a kind still."""
        return self.opponent_kind == kind and self.opponent_until >= self.model.clock.step

    # --- keyed chance: who, when, what is decided, which attempt --------------------------

    def words(self, decision: int, attempt: int = 0, time: int | None = None) -> tuple:
        """Return the four 32-bit words of a decision; the time is the step unless given."""
        at = self.model.clock.step if time is None else time
        return randomness.four_words(self.model.key, self.identifier, at, decision, attempt)

    def word(self, decision: int, attempt: int = 0, time: int | None = None) -> int:
        """Return the first of the words."""
        return self.words(decision, attempt, time)[0]

    def happens(
        self, decision: int, probability: float, attempt: int = 0, time: int | None = None
    ) -> bool:
        """Say whether an event of this probability happens, by the first word."""
        return randomness.happens(self.word(decision, attempt, time), probability)

    # --- the hazard of acting -------------------------------------------------------------

    @property
    def log_history(self) -> float:
        """ln(1 + H), H capped."""
        return math.log1p(min(self.history, self.model.values.acting.history_cap))

    @property
    def shield(self) -> float:
        """What programmes take off the log rate in all: ``c (1 - exp(-sum / c))``, saturating."""
        ceiling = self.model.values.acting.protection_ceiling
        if self.protection <= 0.0:
            return self.protection  # harm is not softened
        return -ceiling * math.expm1(-self.protection / ceiling)

    def person_log_rate(self) -> float:
        """Return the person's and the place's terms of the log rate of acting, eta."""
        beta, on = self.model.values.acting, self.model.on
        theta, place = self.model.values.causes.causal_share, self.neighbourhood
        eta = (
            beta.male * self.male
            + theta * beta.ace * self.ace
            - beta.self_regulation * self.self_regulation
            + on["peers"] * beta.peer_norm * self.peer_norm
            + on["trauma"] * theta * beta.trauma * self.trauma
            + beta.sanction * self.sanction
            + beta.liability * self.liability
            + beta.deprivation * place.deprivation
            - on["fear_and_efficacy"] * beta.collective_efficacy * place.efficacy
            + beta.history * self.log_history
            - self.shield
        )
        if self.status == EXCLUDED:
            eta += on["exclusion"] * beta.excluded
        elif self.status == NEET:
            eta += beta.neet
        return eta

    def log_rate(self) -> float:
        """Return the log rate of acting, in acts a month over all venues, before the cap."""
        level = self.model.level + self.person_log_rate()
        return level + self.model.curves.log_total(self.age, self.model.pupils)

    def own_rate(self) -> float:
        """Return acts a month: the sum over venues of exp(eta_v), held below exp(1)."""
        return math.exp(min(self.log_rate(), 1.0))

    def acts_per_grievance(self) -> float:
        """Return the acts a month that a unit of G sets off: omega0 exp(-b_S S) act(age, sex)."""
        values = self.model.values.grievance
        return (
            self.model.on["retaliation"]
            * values.acts_per_month
            * math.exp(-values.self_regulation * self.self_regulation)
            * self.model.curves.act(self.age)
            * (values.male if self.male else values.female)
        )

    # --- fading, healing and norms --------------------------------------------------------

    def fade(self) -> None:
        """Let G, H and L fade over the step: each times exp(-dt / tau)."""
        values, months = self.model.values, self.model.clock.months

        def faded(state: float, decay: float) -> float:
            state = single(state * single(math.exp(-months / decay)))
            return state if state > TRACE else 0.0

        self.grievance = faded(self.grievance, values.grievance.decay)
        self.history = faded(self.history, values.acting.history_decay)
        self.sanction = faded(self.sanction, values.acting.sanction_decay)

    def recover(self) -> None:
        """Let T end when its time has come."""
        if self.trauma and self.recovers_at == self.model.clock.step:
            self.trauma = False

    def suffer_trauma(self, word: int, first: int) -> None:
        """Let T begin; from a step on it ends at rate 1/tau, faster for the share treated."""
        values = self.model.values.trauma
        rate = (1.0 + values.treated * (values.treated_ratio - 1.0)) / values.duration
        self.trauma = True
        self.recovers_at = first + outlasts(word, rate * self.model.clock.months)

    def pass_norms(self) -> None:
        """Move N towards the behaviour of peers; without peers it fades.

        ``N += (1 - exp(-chi dt)) (3 * share of peers with H > 0.3 - N)``
        """
        values = self.model.values.peers
        step = within(values.learning, self.model.clock.months)
        if self.peers is None:
            self.peer_norm = single(self.peer_norm * (1.0 - step))
            return
        violent = sum(peer.history > values.violent_history for peer in self.peers)
        share = violent / len(self.peers) if self.peers else 0.0
        change = step * (values.scale * share - self.peer_norm)
        self.peer_norm = single(self.peer_norm + single(change))
