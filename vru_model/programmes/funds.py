"""Money over time: in which months a line of funding pays for staff, and what they can do."""

import math

from vru_model.parameters.programmes import Delivery
from vru_model.parameters.years import FundedYear


class Funds:
    """What one line of funding buys, month by month.

    Parameters
    ----------
    line
        The line of funding.
    years
        What it buys in each year (``FundedYear``), from year 1 on; nothing after the last.
    terms
        The numbers of delivery that do not depend on the money.
    """

    def __init__(self, line, years: tuple[FundedYear, ...], terms: Delivery) -> None:
        """Find the month in which money begins to flow: later where the first award comes late."""
        self.line, self._years, self.terms = line, years, terms
        paid = [number for number, year in enumerate(years) if year.money > 0]
        self._first_month = 12 * paid[0] + years[paid[0]].late_months if paid else math.inf
        self._ends = _known_ends(years)
        self._at, self._share = None, 0.0  # step at which the staff were last asked for

    def of(self, clock) -> FundedYear | None:
        """Return what the money of the clock's year buys, or None where there is none."""
        if not 0 <= clock.year - 1 < len(self._years) or clock.step < 0:
            return None
        year = self._years[clock.year - 1]
        return year if year.money > 0 else None

    def money_in(self, year: int) -> float:
        """Return the £ spent in a year, counted from 1, at full size."""
        return self._years[year - 1].spent if 1 <= year <= len(self._years) else 0.0

    def staffed(self, clock) -> float:
        """Return the share of the staff that is there in the clock's month."""
        if clock.step != self._at:
            self._at, self._share = clock.step, self._staffed(clock)
        return self._share

    def _staffed(self, clock) -> float:
        year = self.of(clock)
        if year is None or clock.month % 12 < year.late_months:
            return 0.0
        since, left = clock.month - self._first_month, self._end(clock) - clock.month
        return year.delivery.staffed(since, left)

    def capacity(self, clock) -> float:
        """Return how many simulated residents can start in the clock's month."""
        year = self.of(clock)
        return 0.0 if year is None else year.delivery.capacity_per_month * self.staffed(clock)

    def places(self, clock) -> int:
        """Return how many neighbourhoods can be treated in the clock's month."""
        year = self.of(clock)
        return 0 if year is None else math.floor(year.delivery.places * self.staffed(clock) + 1e-9)

    def steps_left(self, clock) -> int:
        """Return the steps until a known end of the money."""
        end = self._end(clock)
        if math.isinf(end):
            return 10**6
        return math.ceil(end * clock.steps_per_year / 12) - clock.step

    def _end(self, clock) -> float:
        """Return the month at which a known end of the money comes, infinite where none is."""
        return self._ends[clock.year] if clock.year < len(self._ends) else math.inf


def _known_ends(years: tuple[FundedYear, ...]) -> list[float]:
    """Return the month at which money next ends, as seen from each year counted from 0."""
    ends = [math.inf]
    for number in reversed(range(len(years))):
        ends.append(12.0 * number if years[number].money == 0 else ends[-1])
    return ends[::-1]


class Recruitment(Funds):
    """What pays for a virtual trial: so many starts a month until its end, and so many places.

    Parameters
    ----------
    funds
        Those of the line of funding that it replaces.
    starts_per_month
        Simulated residents.
    treated
        Neighbourhoods.
    last_month
        Months of recruitment; None: all along.
    """

    def __init__(
        self, funds: Funds, starts_per_month: float, treated: int, last_month: int | None
    ) -> None:
        super().__init__(funds.line, (), funds.terms)
        self._starts, self._treated, self._last = starts_per_month, treated, last_month

    def staffed(self, clock) -> float:
        """Return full staff, always."""
        return 1.0 if clock.step >= 0 else 0.0

    def capacity(self, clock) -> float:
        """Return the starts of a month of recruitment, none after its end."""
        return self._starts if self._last is None or clock.month < self._last else 0.0

    def places(self, clock) -> int:
        """Return the neighbourhoods treated."""
        return self._treated
