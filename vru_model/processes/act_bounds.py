"""Bounds of the words of acting, kept true as residents change, so that few are looked at.

``act_bound`` of a resident lies above every word that could mean an act in the time to come: until
the next year begins, and from 30 on for life. A look (``acting.find_acts``) sets it. Between looks
whatever raises a resident's rate raises the bound by as much or more; what lowers a rate leaves it.
Zero stands for nobody who can act for now: children who will still be under ten when the next
year begins, the dead and those in custody. So bounds cost looks or spare them, and change nothing.
"""

import math

import numpy as np

from vru_model import randomness
from vru_model.compiling import inlined, kernel
from vru_model.people import ALWAYS, MONTHS_AT_10

EFFICACY_SLACK = 1.0
"""How far collective efficacy may move before the bounds of a neighbourhood are raised."""

SETTLED = 360
"""Months of age from which bounds hold for life and not only until the next year begins."""

FIRST_BOUND = MONTHS_AT_10 - 12
"""Months of age from which a resident may turn ten before the next year begins."""

_STEEPEST = 20.0  # a rise beyond which it is better to look


@inlined
def lift(bounds, i, rise):
    """Raise a bound with a log rate that rises."""
    if rise > 0.0:
        stretch(bounds, i, math.exp(rise))


@inlined
def stretch(bounds, i, factor):
    """Raise a bound with a rate that grows by a factor of 1 or more."""
    if bounds[i] != 0 and bounds[i] != ALWAYS:
        bounds[i] = min(bounds[i] * factor + 1.0, np.float64(ALWAYS))


@inlined
def add(bounds, i, mean):
    """Raise a bound by a mean number of acts that comes on top."""
    if bounds[i] != 0:
        more = np.uint64(bounds[i]) + np.uint64(randomness.bound(mean))
        bounds[i] = min(more, np.uint64(ALWAYS))


@inlined
def look_again(bounds, i):
    """Have a resident looked at who may act: the way out where a rise is not worked out."""
    if bounds[i] != 0:
        bounds[i] = ALWAYS


def renew(people, areas: np.ndarray, clock, aged: int, tables, acting) -> None:
    """Carry all bounds over into a year that begins; else those of places that changed too much.

    ``aged`` is by how many months everybody is older than when the last year began, and
    ``tables`` are rates by age (``acting.AgeTables``).
    """
    if not (clock.begins_year or _any_changed(areas)):
        return
    change = areas["efficacy"] - areas["efficacy_bounded"]
    changed = clock.begins_year | (np.abs(change) > EFFICACY_SLACK)
    areas["efficacy_bounded"][changed] = areas["efficacy"][changed]
    areas["act_term"] = (
        acting.deprivation * areas["deprivation"]
        - acting.collective_efficacy * areas["efficacy_bounded"]
    )
    by_place = np.exp(np.where(changed, np.maximum(-acting.collective_efficacy * change, 0.0), 0.0))
    by_age = rise_with_age(tables, aged if clock.begins_year else 0)
    _raise(people.rows, people.count, people.rows.act_bound, people.month, clock.begins_year,
           by_place, by_age)  # fmt: skip


@kernel
def _any_changed(areas):
    for n in range(len(areas)):
        if abs(areas[n].efficacy - areas[n].efficacy_bounded) > EFFICACY_SLACK:
            return True
    return False


def rise_with_age(tables, aged: int) -> np.ndarray:
    """Return by what factor a bound set in the last ``aged`` months may have to rise, by age."""
    steepest = np.ones(len(tables.log_peak))
    peaks = np.exp(tables.log_peak), tables.grievance_peak
    for months in range(1, aged + 1):
        for peak in peaks:
            now, then = peak[months:], np.maximum(peak[:-months], 1e-300)
            steepest[months:] = np.maximum(steepest[months:], now / then)
    return steepest


@kernel
def _raise(people, count, bounds, month, begins_year, by_place, by_age):
    for i in range(count):
        profile, before = people.profile[i], bounds[i]
        age = month - profile.birth_month
        factor = by_place[profile.neighbourhood] * by_age[age]
        raised = before * factor + 1.0 if factor > 1.0 else np.float64(before)
        raised = min(raised, np.float64(ALWAYS)) if factor <= _STEEPEST else np.float64(ALWAYS)
        may_act = before != 0
        turns_ten = begins_year & (age >= FIRST_BOUND) & (age < MONTHS_AT_10)
        bounds[i] = ALWAYS if turns_ten else np.uint32(raised) if may_act else np.uint32(0)
