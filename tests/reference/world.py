"""What the plain model stands on: the calendar, single precision, and the names of things."""

import math
from typing import NamedTuple

import numpy as np

from vru_model import randomness

# Statuses of a resident.
PRE_SCHOOL, IN_SCHOOL, EXCLUDED = "pre-school", "in school", "excluded"
WORK_OR_EDUCATION = "work or education"
NEET = "not in education, employment or training"
CUSTODY, DEAD = "custody", "dead"

# Venues, severities and ages, in the order in which the parameter tables give them.
PEER, STREET, NIGHT, HOME = VENUES = (
    "peer", "neighbourhood", "night_time_economy", "household",
)  # fmt: skip
NO_INJURY, INJURY, EMERGENCY, ADMISSION, DEATH = SEVERITIES = (
    "none", "injury", "emergency_department", "admission", "death",
)  # fmt: skip
VENUE_AGES = (13, 16, 18, 21, 25, 35, 50, 65)  # years: 10-12, 13-15, 16-17, ... 65+

OWN, TRIGGERED, PAIR = "own", "triggered", "pair"
FOR_EVER = 32_767  # steps
RETALIATION = "retaliation"  # with PAIR, the kinds of opponent


def years(number: int) -> int:
    """Return years as months: ages are counted in months."""
    return 12 * number


def single(value: float) -> float:
    """Round to single precision: state is kept so.

    A sum, difference or product of two single-precision numbers that is worked out in double
    precision and then rounded is the one that single precision would give, so ``single(a + b)``
    is addition in single precision.
    """
    return float(np.float32(value))


def of_venue(table, venue: str) -> float:
    """Return a venue's entry of a parameter table."""
    return float(table[VENUES.index(venue)])


def of_severity(table, severity: str) -> float:
    """Return a severity's entry of a parameter table."""
    return float(table[SEVERITIES.index(severity)])


def at_least(severity: str, least: str) -> bool:
    """Say whether a severity is at least as bad as another."""
    return SEVERITIES.index(severity) >= SEVERITIES.index(least)


def of_age(table, age: int) -> float:
    """Return the entry of a parameter table by age (10-12, 13-15, ... 65+)."""
    return float(table[sum(age >= years(start) for start in VENUE_AGES)])


def probability(log_odds: float) -> float:
    """Return the probability of log odds."""
    return 1.0 / (1.0 + math.exp(-log_odds))


def within(rate: float, months: float = 1.0) -> float:
    """Return the chance that an event of a rate happens within a time: 1 - exp(-rate * time)."""
    return -math.expm1(-rate * months)


def outlasts(word: int, hazard: float) -> int:
    """Return how many steps are outlasted at a hazard a step, by one word: geometric."""
    return whole_steps(-math.log(randomness.uniform(word)), hazard)


def whole_steps(cumulative: float, hazard: float) -> int:
    """Return the whole steps in which a hazard adds up to a cumulative one: at most for ever."""
    return FOR_EVER if cumulative >= hazard * FOR_EVER else int(max(cumulative, 0.0) / hazard)


def left_at_end(decay: float, months: float) -> float:
    """Return how much of an impulse is left when a step ends: (tau/dt)(1 - exp(-dt/tau)).

    Impulses arrive evenly over the step and fade with time constant tau.
    """
    return decay / months * (1.0 - math.exp(-months / decay))


class Clock(NamedTuple):
    """Where a step stands in time; step 0 is the first of year 1, warm-up steps are negative."""

    step: int
    steps_per_year: int

    @property
    def months(self) -> float:
        """Length of the step, dt, in months."""
        return 12.0 / self.steps_per_year

    @property
    def month(self) -> int:
        """Whole months since the start of year 1."""
        return self.step * 12 // self.steps_per_year

    @property
    def year(self) -> int:
        """The year, from 1."""
        return self.step // self.steps_per_year + 1

    @property
    def month_of_year(self) -> int:
        """The calendar month: a year begins in April."""
        return (self.month + 3) % 12 + 1

    @property
    def begins_year(self) -> bool:
        """Whether this is the first step of a year."""
        return self.step % self.steps_per_year == 0

    @property
    def begins_quarter(self) -> bool:
        """Whether this is the first step of a quarter."""
        return self.begins_month and self.month % 3 == 0

    @property
    def begins_month(self) -> bool:
        """Whether this is the first step of a month."""
        return self.month > (self.step - 1) * 12 // self.steps_per_year


def season(clock: Clock, acting) -> tuple[float, float]:
    """Return what the season adds to the log rate: of everyone, and of peers under 16.

    A yearly cycle of mean zero, ``season cos(2 pi (m - peak) / 12)``, and school holidays.
    """
    month = clock.month_of_year
    everyone = acting.season * math.cos(2 * math.pi * (month - acting.season_peak) / 12)
    pupils = {
        8: acting.season_school_august,
        4: acting.season_school_holiday,
        12: acting.season_school_holiday,
    }.get(month, 0.0)
    return everyone, pupils
