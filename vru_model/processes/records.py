"""The rows that the phases of a step hand to one another: acts, incidents, areas, contacts."""

from typing import NamedTuple

import numpy as np

from vru_model.compiling import inlined

PEER, NEIGHBOURHOOD, NIGHT_TIME_ECONOMY, HOUSEHOLD = range(4)
VENUES = ("peer", "neighbourhood", "night_time_economy", "household")

PARTNER, FAMILY, ACQUAINTANCE, STRANGER = range(4)
RELATIONSHIPS = ("partner", "family", "acquaintance", "stranger")

NO_INJURY, INJURY, EMERGENCY_DEPARTMENT, ADMISSION, DEATH = range(5)
SEVERITIES = ("none", "injury", "emergency_department", "admission", "death")

NO_WEAPON, KNIFE, OTHER_WEAPON = range(3)
WEAPONS = ("none", "knife", "other")

OWN, TRIGGERED, PAIR = range(3)
ORIGINS = ("own", "triggered", "pair")

FIRST_PAIR_ACT, FIRST_ECHO = 8, 16
"""Numbers of an aggressor's acts in a step: own and triggered from 0, repeated pair, echo."""

ACT = np.dtype([("aggressor", np.int32), ("number", np.uint8), ("origin", np.uint8)], align=True)


@inlined
def add_act(acts, found, aggressor, number, origin):
    """Write an act down as the next of those found; return how many these are now."""
    acts[found].aggressor = aggressor
    acts[found].number = number
    acts[found].origin = origin
    return found + 1


INCIDENT = np.dtype(
    [
        ("aggressor", np.int32),
        ("victim", np.int32),
        ("neighbourhood", np.int32),
        ("number", np.uint8),
        ("origin", np.uint8),
        ("venue", np.uint8),
        ("relationship", np.uint8),
        ("severity", np.uint8),
        ("weapon", np.uint8),
        ("robbery", np.bool_),
        ("recorded_by_police", np.bool_),
        ("recorded_by_ambulance", np.bool_),
        ("recorded_by_emergency_department", np.bool_),
        ("recorded_by_hospital", np.bool_),
        ("charged", np.bool_),
        ("convicted", np.bool_),
        ("first_sanction", np.bool_),  # the aggressor's first, under 18
        ("detained", np.bool_),  # the aggressor's custody begins
        ("calmed", np.float32),  # share of the grievance taken away by interruption
        ("p_injury", np.float32),  # chance of each severity or worse, given its features
        ("p_emergency", np.float32),
        ("p_admission", np.float32),
        ("p_death", np.float32),
        ("p_police", np.float32),
    ],
    align=True,
)


AREA = np.dtype(
    [
        ("deprivation", np.float64),  # standard score D
        ("own_efficacy", np.float64),  # the level to which collective efficacy returns
        ("efficacy", np.float64),  # collective efficacy CE, standard score
        ("efficacy_bounded", np.float64),  # CE when the bounds of acting were last renewed
        ("act_term", np.float64),  # of the log rate of acting, at that CE
        ("ace_term", np.float64),  # of the log hazard of an ACE
        ("exclusion_term", np.float64),  # of the log hazard of exclusion
        ("fear", np.float64),  # 1 is usual
        ("recent", np.float64),  # incidents per 1,000 residents a month, fading
        ("residents", np.float64),  # simulated residents
        ("street_prevention", np.float64),  # share of street incidents prevented
        ("night_prevention", np.float64),  # of incidents of the night-time economy
        ("peer_prevention", np.float64),  # of incidents of peers of a resident who acts
        ("authority", np.int32),  # row of the local authority
    ],
    align=True,
)
"""The state of one neighbourhood."""


class Geography(NamedTuple):
    """What lies near what."""

    nearest: np.ndarray  # int32, the nearest neighbourhoods of each, shape (n, 8)
    night_places: np.ndarray  # int32, neighbourhoods with a night-time economy, by authority
    night_starts: np.ndarray  # int32, shape (authorities + 1,)
    regional_centre: int  # row of the largest authority


def joined(parts: list[np.ndarray]) -> np.ndarray:
    """Return records of one kind one after the other; a single part that has any is not copied.

    Numpy would copy them field by field, which takes as long as a loop that works on them.
    """
    filled = [part for part in parts if len(part)] or parts[:1]
    if len(filled) == 1:
        return filled[0]
    return np.concatenate([part.view(np.uint8) for part in filled]).view(filled[0].dtype)


class Ties(NamedTuple):
    """The ties of the young, one row a young resident: shape (young,) where none is given."""

    young: np.ndarray  # int32, the resident of each row
    identifier: np.ndarray  # uint64, theirs
    likeness: np.ndarray  # float32, theirs: ties join those alike
    cell: np.ndarray  # int32, the cell of each; see ``young``
    first_cohort: int  # the school cohort that counts as the first in cells
    peers: np.ndarray  # int32, the rows of the peers, shape (young, 10), NOBODY beyond them
    number: np.ndarray  # uint8, of peers
    violent: np.ndarray  # bool, whether lately violent
    violent_peers: np.ndarray  # uint8, how many peers were lately violent
    look_at: np.ndarray  # int16, the step of norms at which to see whether still violent


class Contacts(NamedTuple):
    """Pools from which candidates come, frozen for a year, in an order set by identity."""

    members: np.ndarray  # int32, residents of 10 or more by neighbourhood
    starts: np.ndarray  # int64, shape (neighbourhoods + 1,)
    authority_members: np.ndarray  # int32, residents of 16 or more by authority
    authority_starts: np.ndarray  # int64, shape (authorities + 1,)
    ties: Ties
