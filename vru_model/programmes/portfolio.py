"""All the programmes of a strategy, delivered side by side to the same residents."""

import math
from typing import NamedTuple

import numpy as np

from vru_model.people import People
from vru_model.processes.records import ADMISSION, DEATH, EMERGENCY_DEPARTMENT, HOUSEHOLD
from vru_model.programmes.delivery import Delivered
from vru_model.programmes.overlap import Overlap
from vru_model.programmes.prevention import PREVENTED_BY, prevent
from vru_model.programmes.referrals import Referrals
from vru_model.programmes.register import EFFECT, Rates, Register
from vru_model.programmes.treated import Treated, guard

ATTENDANCE, VIOLENCE = "emergency_department_attendance", "violence_suffered"
VIOLENCE_AT_HOME, EXCLUSION = "violence_suffered_at_home", "exclusion"
CHARGE, CHARGE_AT_HOME = "charge", "charge_for_violence_at_home"
RELEASE, BIRTH = "release_from_custody", "birth"

_VICTIMS_SEEN = {
    ATTENDANCE: lambda incidents: (
        (incidents["severity"] >= EMERGENCY_DEPARTMENT) & (incidents["severity"] < DEATH)
    ),
    VIOLENCE: lambda incidents: (
        (incidents["severity"] < DEATH) & (incidents["venue"] != HOUSEHOLD)
    ),
    VIOLENCE_AT_HOME: lambda incidents: (
        (incidents["severity"] < DEATH) & (incidents["venue"] == HOUSEHOLD)
    ),
}
"""Event → which incidents bring their victims to it."""


class Portfolio:
    """The programmes of a world and their register.

    Parameters
    ----------
    programmes
        As the strategy funds them.
    night_places
        Neighbourhoods (rows) where people go out at night.
    displaced
        Share of what places prevent that happens near by instead.
    recording
        Ratio by which the police record more from year 1 on, whatever is funded.
    """

    def __init__(
        self, programmes: list[Delivered], night_places: np.ndarray, displaced: float = 0.0,
        recording: float = 1.0,
    ) -> None:  # fmt: skip
        """Begin with nobody enrolled."""
        self.programmes = programmes
        self.displaced, self.recording = displaced, recording
        effects = [programme.effects() for programme in programmes]
        self.register = Register(np.concatenate([np.empty(0, EFFECT), *effects]))
        self.referrals = {
            each.number: Referrals(each) for each in programmes if each.rule.event != "none"
        }
        self._of_victims = [
            (seen, referrals) for event, seen in _VICTIMS_SEEN.items()
            for referrals in self.referrals.values() if referrals.programme.rule.event == event
        ]  # fmt: skip
        self.treated = {
            each.number: Treated(each, night_places)
            for each in programmes if each.document.of_places
        }  # fmt: skip
        self.overlap = Overlap()

    def deliver(self, people: People, areas, key, clock, risks, follow: bool) -> None:
        """Find candidates once a year, take people in, cover places, bring effects up to date."""
        if not self.programmes:
            return
        for programme in self.programmes:
            programme.set_in_or_fade(clock)
            if clock.begins_year:
                programme.begin_year()
        self._affect_take_up()
        for programme in self.programmes:
            if programme.number in self.referrals:
                self.referrals[programme.number].move_on(people, key, clock, self.register)
            elif programme.number in self.treated:
                self._treat(programme, people, areas, key, clock, risks, follow)
            elif programme.open(clock) and programme.rule.selection != "none":
                if programme.begins(clock):
                    programme.find_candidates(people, key, clock, self.register, risks)
                programme.take_in(people, key, clock, self.register)
        if self.treated:
            guard(list(self.treated.values()), areas)
        self.register.apply(people, key, clock, risks.rates)

    def _treat(self, programme, people, areas, key, clock, risks, follow: bool) -> None:
        """Cover places, and let what falls on their residents fall on some of them."""
        treated = self.treated[programme.number]
        moved = treated.choose(areas, clock, follow)
        if programme.document.reach.people_per_place and programme.open(clock):
            if moved or programme.begins(clock):
                among = np.zeros(len(areas), bool)
                among[treated.rows] = True
                programme.find_candidates(people, key, clock, self.register, risks, among)
            programme.take_in(people, key, clock, self.register)

    def _affect_take_up(self) -> None:
        """Let system programmes change the take-up of the others."""
        ratios = [
            (other.name, 1.0 + (other.sizes["take_up_of_others"] - 1.0) * other.strength)
            for other in self._each_once() if "take_up_of_others" in other.sizes
        ]  # fmt: skip
        for programme in self.programmes:
            programme.take_up_of_others = math.prod(
                (ratio for name, ratio in ratios if name != programme.name), start=1.0
            )

    def _each_once(self) -> list[Delivered]:
        """Return each programme once: of several lines that pay for it the one at work most."""
        strongest: dict[str, Delivered] = {}
        for each in self.programmes:
            if each.name not in strongest or each.strength > strongest[each.name].strength:
                strongest[each.name] = each
        return list(strongest.values())

    # --- what happens to people, and who hears of it -------------------------------------------

    def hears_of(self, event: str) -> bool:
        """Say whether any programme is called by an event."""
        return any(each.programme.rule.event == event for each in self.referrals.values())

    def meet(self, event: str, residents, people: People, key, clock) -> np.ndarray:
        """Let programmes hear of people whom an event concerns; return those who start at once."""
        started = [np.empty(0, np.int32)]
        for referrals in self.referrals.values():
            if referrals.programme.rule.event == event:
                may = residents
                if referrals.programme.rule.carer_maximum_age is not None:
                    may = _of_young_carers(may, people, referrals.programme.rule)
                started.append(referrals.refer(may, people, key, clock, self.register))
        return np.concatenate(started)

    def meet_victims(self, incidents, people: People, key, clock) -> None:
        """Let programmes hear of victims, and calm those who take part at once.

        Of the new grievance of those who take part, a share goes.
        """
        if clock.step < 0:
            return
        for seen, referrals in self._of_victims:
            victims = incidents["victim"]
            started = referrals.refer(victims[seen(incidents)], people, key, clock, self.register)
            if not len(started):
                continue
            share = referrals.programme.sizes.get("activation", 0.0)
            met = np.isin(victims, started)
            incidents["calmed"][met] = 1.0 - (1.0 - incidents["calmed"][met]) * (1.0 - share)

    def meet_charged(self, incidents, people: People, key, clock) -> None:
        """Let programmes hear of those who were charged in a step."""
        if not self.referrals or clock.step < 0:
            return
        charged = incidents[incidents["charged"]]
        self.meet(CHARGE, charged["aggressor"], people, key, clock)
        at_home = charged["venue"] == HOUSEHOLD
        self.meet(CHARGE_AT_HOME, charged["aggressor"][at_home], people, key, clock)

    # --- what does not happen, and what is recorded --------------------------------------------

    def prevent(self, incidents, people: People, areas, nearest, key, clock) -> np.ndarray:
        """Return the incidents that still take place."""
        shields = self.register.shields
        guarded = self.treated and any(areas[column].any() for column in PREVENTED_BY)
        if not (guarded or len(shields.home) or len(shields.victim)):
            return incidents
        return prevent(
            incidents, people.rows, areas, nearest, shields, key, clock.step, self.displaced
        )

    def recorded(self, services, clock):
        """Return how services record while programmes change what the police hear of.

        ``services`` are the coefficients of that section. What leads to admission or death is
        recorded as before.
        """
        ratio = self.recording if clock.step >= 0 else 1.0
        for programme in self._each_once():
            ratio *= 1.0 + (programme.sizes.get("police_recording", 1.0) - 1.0) * programme.strength
        if ratio == 1.0:
            return services
        police = services.police.copy()
        police[:ADMISSION] = np.minimum(police[:ADMISSION] * ratio, services.police_ceiling)
        return services._replace(police=police)

    def count_overlap(self, people: People, clock, ceiling: float) -> None:
        """Take the quarterly count of who is in how many programmes at once."""
        if self.programmes:
            self.overlap.count(self.register, people, clock, ceiling)


def _of_young_carers(children, people: People, rule) -> np.ndarray:
    carer = people.rows.state["carer"][children]
    age = people.month - people.rows.profile["birth_month"][carer].astype(np.int64)
    return children[(carer >= 0) & (age < 12 * (rule.carer_maximum_age + 1))]


class Risks(NamedTuple):
    """What enrolment may glimpse of the truth, and what happens without programmes."""

    log_risks: object  # residents -> true log hazards
    observability: float
    rates: Rates
