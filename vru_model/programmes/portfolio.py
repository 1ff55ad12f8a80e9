"""All the programmes of a strategy, delivered side by side to the same residents."""

from typing import NamedTuple

import numpy as np

from vru_model.people import People
from vru_model.programmes.delivery import Delivered
from vru_model.programmes.register import Register

EMERGENCY_ATTENDANCE, EXCLUSION = "emergency_department_attendance", "exclusion"


class Portfolio:
    """The programmes of a world and their register.

    Parameters
    ----------
    programmes
        As the strategy funds them.
    """

    def __init__(self, programmes: list[Delivered]) -> None:
        """Begin with nobody enrolled."""
        self.programmes = programmes
        self.register = Register()
        self._effects = np.array([programme.effects() for programme in programmes])

    def deliver(self, people: People, areas, key, clock, risks, follow: bool) -> None:
        """Find candidates once a year, take people in, patrol, and bring effects up to date."""
        for programme in self.programmes:
            if clock.begins_year:
                programme.enrolments = 0
            if not programme.open(clock):
                continue
            begins = clock.begins_year or programme.months_open == 0
            if begins and clock.begins_month:
                programme.find_candidates(people, key, clock, self.register, risks)
            programme.take_in(people, key, clock, self.register)
        self._patrol(areas, clock, follow)
        if len(self.register.rows):
            self.register.apply(people.state, key, clock, self._effects, risks.recovery_rate)

    def _patrol(self, areas, clock, follow: bool) -> None:
        """Combine the shares that patrols prevent as 1 - product(1 - p)."""
        missed = np.ones(len(areas))
        for programme in self.programmes:
            if programme.document.eligibility.selection != "place":
                continue
            programme.choose_places(areas, clock, follow)
            missed[programme.treated] *= 1.0 - programme.patrol()
        areas["patrol"] = 1.0 - missed

    def meet(self, event: str, residents, people: People, key, clock) -> dict[int, np.ndarray]:
        """Let programmes that an event refers people to take them in; return who, by programme."""
        return {
            programme.number: programme.take_in_patients(
                residents, people, key, clock, self.register
            )
            for programme in self.programmes
            if programme.document.eligibility.event == event
        }

    def calm(self, incidents, enrolled: dict[int, np.ndarray]) -> None:
        """Take away the share of new grievance that the programmes of the enrolled remove."""
        for number, residents in enrolled.items():
            share = self.programmes[number].sizes.get("activation", 0.0)
            met = np.isin(incidents["victim"], residents)
            incidents["calmed"][met] = 1.0 - (1.0 - incidents["calmed"][met]) * (1.0 - share)


class Risks(NamedTuple):
    """What enrolment may glimpse of the truth, and at what rate trauma heals untreated."""

    log_risks: object  # residents -> true log hazards
    observability: float
    recovery_rate: float
