"""Phase 2, month by month: carries out the births, deaths, moves and partnerships of the year."""

import numpy as np

from vru_model.people import DEAD, MONTHS_AT_18, People
from vru_model.processes import couples, demography, families


class LifeCourse:
    """What the coming year holds for the residents, and the households that it makes.

    Parameters
    ----------
    people
        The residents.
    destinations
        Where people who move may go (``Destinations``).
    parameters, schooling
        The sections ``demography`` and ``schooling``.
    correlation
        Of liability between carer and child.
    """

    def __init__(
        self, people: People, destinations, parameters, schooling, correlation: float
    ) -> None:
        """Begin with no events due."""
        self.people = people
        self.destinations = destinations
        self.parameters, self.schooling = parameters, schooling
        self.correlation = correlation
        self.next_household = int(people.column("household").max()) + 1
        self._ahead = demography.YearAhead([], [], [])
        self._infant_deaths: dict[int, list[int]] = {}

    def _begin_year(self, areas, contacts, key, year: int, month: int) -> None:
        """Part and form couples, find carers for those left, and draw the year's events."""
        people = self.people
        self.next_household = couples.part_couples(
            people.rows, people.count, areas, self.destinations, key, year,
            self.next_household, self.parameters,
        )  # fmt: skip
        self.next_household = couples.form_couples(
            people, areas, contacts, key, year, self.next_household, self.parameters
        )
        families.find_new_carers(
            people.rows, people.children.resident, month, MONTHS_AT_18
        )
        self._ahead = demography.draw_year(people, areas, key, year, self.parameters)

    def live_month(self, areas, contacts, key, clock) -> None:
        """Carry out the events of one month: deaths first, then births, then moves."""
        year, month = clock.year, clock.month
        if clock.begins_year:
            self._begin_year(areas, contacts, key, year, month)
        people, of_year = self.people, month % 12
        dying = self._ahead.deaths[of_year].astype(np.int64)
        infants = np.array(self._infant_deaths.pop(month, []), np.int64)
        dying = np.concatenate([dying, infants])
        families.bury(people, dying[people.rows.profile["status"][dying] != DEAD])
        mothers = self._ahead.births[of_year]
        people.make_room(len(mothers))
        before = people.count
        people.count, doomed = demography.bear_children(
            people.rows, mothers, before, areas, key, month, clock.step,
            clock.steps_per_year, people.fading, self.parameters, self.schooling,
            self.correlation,
        )  # fmt: skip
        born = np.arange(before, people.count, dtype=np.int32)
        people.add_children(born)
        for child, after in doomed:
            self._infant_deaths.setdefault(month + 1 + int(after), []).append(int(child))
        self.next_household = demography.move_homes(
            people, areas, self._ahead.moves[of_year], self.destinations, key, year,
            self.next_household,
        )  # fmt: skip
