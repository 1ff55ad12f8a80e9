"""Money over time: which staff a line of funding pays for in a month, and what they can do."""

import math

FOR_GOOD = 10**6  # steps


class Funds:
    """What one line of funding buys, month by month.

    Parameters
    ----------
    years
        From the scenario: money, months that the award is late, and delivery at full staff, of
        year 1, 2 and so on.
    terms
        From the scenario: what does not depend on the money.
    """

    def __init__(self, years, terms) -> None:
        self.years, self.terms = years, terms
        paid = [number for number, year in enumerate(years) if year.money > 0]
        self.begins = 12 * paid[0] + years[paid[0]].late_months if paid else math.inf  # month

    def this_year(self, clock):
        """Return the clock's year of funding; None where there is no money."""
        if clock.step < 0 or clock.year > len(self.years):
            return None
        year = self.years[clock.year - 1]
        return year if year.money > 0 else None

    def ends(self, clock) -> float:
        """Return the month in which a known end of the money comes; infinite where none does."""
        later = range(clock.year, len(self.years))
        return min((12.0 * y for y in later if self.years[y].money == 0), default=math.inf)

    def staff(self, clock) -> float:
        """Return the share of staff that is there: they are hired, and leave before the end.

        None in the months in which the award is late. Hiring begins after the lag and goes in a
        straight line; when the end is known, staff leave in a straight line too.
        """
        year, terms = self.this_year(clock), self.terms
        if year is None or clock.month % 12 < year.late_months:
            return 0.0
        since, left = clock.month - self.begins, self.ends(clock) - clock.month
        if since < terms.lag_months:
            return 0.0
        hired = stay = 1.0
        if terms.hiring_months > 0.0:
            hired = min(1.0, (since - terms.lag_months + 1.0) / terms.hiring_months)
        if terms.notice_months > 0.0:
            stay = min(1.0, left / (terms.notice_months + 1.0))
        return min(hired, stay)

    def starts(self, clock) -> float:
        """Return how many people can start in the month."""
        year = self.this_year(clock)
        return year.delivery.capacity_per_month * self.staff(clock) if year else 0.0

    def places(self, clock) -> int:
        """Return how many neighbourhoods can be treated in the month: whole ones."""
        year = self.this_year(clock)
        return math.floor(year.delivery.places * self.staff(clock) + 1e-9) if year else 0

    def steps_left(self, clock) -> int:
        """Return the steps until a known end of the money."""
        end = self.ends(clock)
        if end == math.inf:
            return FOR_GOOD
        return math.ceil(end * clock.steps_per_year / 12) - clock.step
