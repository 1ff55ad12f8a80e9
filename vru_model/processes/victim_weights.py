"""How likely a candidate is to become the victim, and the most that this can come to.

``w_j = exp(age + male + history ln(1 + H) + trauma T + liability u)``, by venue, cut at a constant.
"""

import math

import numpy as np

from vru_model.compiling import inlined, kernel, part
from vru_model.people import ALWAYS_HALF
from vru_model.processes.records import HOUSEHOLD, NEIGHBOURHOOD, NIGHT_TIME_ECONOMY, PEER
from vru_model.traces import has_trauma, history_of

_BANDS = 9  # of tables by age
_HALF_WORDS = 65_536.0


def room_for_greatest() -> np.ndarray:
    """Return an array for ``fill_greatest_by_age``."""
    return np.empty((_BANDS + 1, 2))


@part
def fill_greatest_by_age(victims, greatest):
    """Fill in the greatest log weight of an age band and later ones over venues: (band, sex)."""
    greatest[:] = -np.inf
    for band in range(_BANDS - 1, -1, -1):
        night = victims.age[band] + math.log(max(victims.night_attendance[band], 1e-9))
        for male in range(2):
            highest = night + victims.male[NIGHT_TIME_ECONOMY] * male
            for venue in (PEER, NEIGHBOURHOOD, HOUSEHOLD):
                highest = max(highest, victims.age[band] + victims.male[venue] * male)
            greatest[band, male] = max(highest, greatest[band + 1, male])


def renew_victim_bounds(people, month: int, victims, history_cap) -> None:
    """Set the bounds of all who have none, so that the worlds that begin here need not."""
    _renew_all(people.rows, people.count, room_for_greatest(), month,
               people.fading, victims, history_cap)  # fmt: skip


@kernel
def _renew_all(people, count, greatest, month, fading, victims, history_cap):
    fill_greatest_by_age(victims, greatest)
    for j in range(count):
        if people.victim_bound[j] == ALWAYS_HALF:
            renew_victim_bound(people, j, month, fading, victims, greatest, history_cap)


@inlined
def renew_victim_bound(people, j, month, fading, victims, weights, history_cap):
    """Set anew what half a word must lie below for this candidate to become the victim.

    It holds for life, until history rises or trauma sets in: age moves along known weights, and
    what fades is taken as it stands, or as gone where that is worse.
    """
    band = age_band_of_venue(max(month - people.profile[j].birth_month, 0))
    log_weight = (
        weights[band, 1 if people.profile[j].male else 0]
        + max(victims.history * math.log1p(min(history_of(people, j, fading), history_cap)), 0.0)
        + max(victims.trauma * has_trauma(people, j, fading), 0.0)
        + victims.liability * people.state[j].liability
    )
    share = math.exp(log_weight) / victims.greatest_weight
    # One more than the half word of the threshold, so that rounding cannot make it too tight.
    people.victim_bound[j] = min(share * _HALF_WORDS + 2.0, _HALF_WORDS - 1.0)


@inlined
def victim_weight(people, j, age, venue, fading, victims, history_cap):
    """Return the weight of a candidate victim in a venue, before the constant bound cuts it."""
    band = age_band_of_venue(age)
    weight = math.exp(
        victims.age[band]
        + victims.male[venue] * people.profile[j].male
        + victims.history * math.log1p(min(history_of(people, j, fading), history_cap))
        + victims.trauma * has_trauma(people, j, fading)
        + victims.liability * people.state[j].liability
    )
    if venue == NIGHT_TIME_ECONOMY:
        weight *= victims.night_attendance[band]
    return weight


@part
def age_band_of_venue(age):
    """Return the row of tables by age (10-12, 13-15, ... 65+) of an age in months."""
    if age < 156:
        return 0
    if age < 192:
        return 1
    if age < 216:
        return 2
    if age < 252:
        return 3
    if age < 300:
        return 4
    if age < 420:
        return 5
    if age < 600:
        return 6
    if age < 780:
        return 7
    return 8
