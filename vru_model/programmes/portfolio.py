"""All the programmes of a strategy, delivered side by side to the same residents."""

from typing import NamedTuple

import numpy as np

from vru_model.people import People
from vru_model.programmes.delivery import Delivered
from vru_model.programmes.register import Register

_EMERGENCY_ATTENDANCE, _EXCLUSION = "emergency_department_attendance", "exclusion"


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
        self._tags = np.array([programme.tag for programme in programmes], np.uint32)

    def deliver(self, people: People, areas, key, clock, risks, follow: bool) -> None:
        """Find candidates once a year, take people in, patrol, and bring effects up to date."""
        if not self.programmes:
            return
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
            self.register.apply(
                people, key, clock, self._effects, self._tags, risks.recovery_rate
            )

    def _patrol(self, areas, clock, follow: bool) -> None:
        """Combine the shares that patrols prevent as 1 - product(1 - p)."""
        missed = np.ones(len(areas))
        for programme in self.programmes:
            if programme.document.eligibility.selection != "place":
                continue
            programme.choose_places(areas, clock, follow)
            missed[programme.treated] *= 1.0 - programme.patrol()
        areas["patrol"] = 1.0 - missed

    def meet_excluded(self, children, people: People, key, clock) -> None:
        """Let programmes to which exclusions are referred take children in."""
        for programme in self._called_by(_EXCLUSION):
            programme.take_in_referred(children, people, key, clock, self.register)

    def meet_victims(self, incidents, seen, people: People, key, clock) -> None:
        """Let programmes meet victims in emergency departments, and calm those who accept.

        ``seen`` says which of the incidents an emergency department sees. Of the new grievance
        of those who take part, a share goes.
        """
        for programme in self._called_by(_EMERGENCY_ATTENDANCE):
            enrolled = programme.take_in_referred(
                incidents["victim"][seen], people, key, clock, self.register
            )
            share = programme.sizes.get("activation", 0.0)
            met = np.isin(incidents["victim"], enrolled)
            incidents["calmed"][met] = 1.0 - (1.0 - incidents["calmed"][met]) * (1.0 - share)

    def _called_by(self, event: str) -> list[Delivered]:
        return [each for each in self.programmes if each.document.eligibility.event == event]


class Risks(NamedTuple):
    """What enrolment may glimpse of the truth, and at what rate trauma heals untreated."""

    log_risks: object  # residents -> true log hazards
    observability: float
    recovery_rate: float
