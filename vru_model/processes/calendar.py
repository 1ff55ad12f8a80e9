"""Phase 1: what month it is, and what that changes."""

import math
from datetime import date, timedelta
from typing import NamedTuple

import numba

START = date(2027, 4, 1)
"""First day of year 1: a financial year, as grants are given."""

STEPS_PER_YEAR = {"month": 12, "week": 52}

_MONTHS_FROM_SCHOOL_YEAR = START.month + 12 - 9  # since the last September


class Clock(NamedTuple):
    """Where a step stands in time. Hazards are rates, so any step serves them."""

    step: int  # 0 is the first step of year 1; warm-up steps are negative
    steps_per_year: int

    @property
    def months(self) -> float:
        """The length of the step in months."""
        return 12.0 / self.steps_per_year

    @property
    def month(self) -> int:
        """Whole months since the start of year 1."""
        return (self.step * 12) // self.steps_per_year

    @property
    def year(self) -> int:
        """The year, counted from 1 (the warm-up lies in years 0 and below)."""
        return self.step // self.steps_per_year + 1

    @property
    def month_of_year(self) -> int:
        """The calendar month, 1 to 12."""
        return (START.month - 1 + self.month) % 12 + 1

    @property
    def begins_year(self) -> bool:
        """Whether this is the first step of a year."""
        return self.step % self.steps_per_year == 0

    @property
    def begins_month(self) -> bool:
        """Whether this is the first step of a month."""
        return self.month != Clock(self.step - 1, self.steps_per_year).month

    @property
    def begins_quarter(self) -> bool:
        """Whether this is the first step of a quarter of the financial year."""
        return self.begins_month and self.month % 3 == 0

    @property
    def date(self) -> date:
        """The first day of the step: of its month, or of its week, of which a year has 52."""
        if self.steps_per_year == STEPS_PER_YEAR["week"]:
            week = self.step % self.steps_per_year
            return START.replace(year=START.year + self.year - 1) + timedelta(weeks=week)
        months = START.month - 1 + self.month
        return date(START.year + months // 12, months % 12 + 1, 1)

    def next(self) -> "Clock":
        """Return the step after this one."""
        return Clock(self.step + 1, self.steps_per_year)


class InTime:
    """What its clock and its switches say of a world that stands somewhere in time."""

    clock: Clock
    switches: dict[str, bool]

    @property
    def warming(self) -> bool:
        """Whether the world is still before year 1."""
        return self.clock.step < 0

    @property
    def frozen(self) -> bool:
        """Whether nobody is born, dies, moves or gains an ACE: in the warm-up, or ageing off."""
        return self.warming or not self.switches["ageing"]

    @property
    def month(self) -> int:
        """The month by which ages count: people age in the warm-up too."""
        return self.clock.month if self.warming or self.switches["ageing"] else 0

    @property
    def aged(self) -> int:
        """By how many months everybody is older than when the last year began."""
        return 12 if self.switches["ageing"] or self.clock.step <= 0 else 0


def season(clock: Clock, acting) -> tuple[float, float]:
    """Return what the season adds to the log rate: (everyone, peers under 16).

    The yearly cycle has mean zero; schools' holidays thin out violence among pupils.
    """
    month = clock.month_of_year
    cycle = acting.season * math.cos(2 * math.pi * (month - acting.season_peak) / 12)
    pupils = 0.0
    if month == 8:
        pupils = acting.season_school_august
    elif month in (4, 12):
        pupils = acting.season_school_holiday
    return cycle, pupils


@numba.njit(cache=True, forceinline=True)
def school_cohort(birth_month):
    """Return the school year of a birth month: those born from September to August."""
    return (birth_month + _MONTHS_FROM_SCHOOL_YEAR) // 12
