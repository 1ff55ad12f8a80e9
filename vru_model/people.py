"""Residents as a table: one column a state variable, one row a resident, packed in memory.

A row is a resident for life: births are added at the end and the dead keep their row, so an
index never comes to mean somebody else. The rows lie together because what happens to people
touches few of them and most of what they are. ``people[i]`` is a readable view of one.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

NOBODY = -1

PRE_SCHOOL, IN_SCHOOL, EXCLUDED, WORK_OR_EDUCATION, NEET, CUSTODY, DEAD = range(7)
STATUS_NAMES = (
    "pre-school",
    "in school",
    "excluded",
    "work or education",
    "not in education, employment or training",
    "custody",
    "dead",
)

NO_OPPONENT, RETALIATION_OPPONENT, PAIR_OPPONENT = range(3)

MONTHS_AT_5, MONTHS_AT_10, MONTHS_AT_11, MONTHS_AT_16, MONTHS_AT_18 = 60, 120, 132, 192, 216

AGE_BAND_STARTS = np.array(
    [0, 5, 10, 15, 16, 18, 20, *range(25, 91, 5)], dtype=np.int64
)
"""First year of age of each band of the measures: five years, also cut at 16 and 18."""

AGE_BANDS = tuple(
    (f"{low}-{high - 1}" if high - low > 1 else f"{low}")
    for low, high in zip(AGE_BAND_STARTS[:-1], AGE_BAND_STARTS[1:], strict=True)
) + ("90+",)


RESIDENT = np.dtype(
    [
        ("identifier", np.uint64),  # permanent
        ("birth_month", np.int16),  # months since the start of year 1
        ("status", np.uint8),  # one of STATUS_NAMES
        ("male", np.bool_),
        ("neighbourhood", np.int32),
        ("liability", np.float32),  # standard score
        ("self_regulation", np.float32),  # standard score
        ("peer_norm", np.float32),  # 0-3
        ("grievance", np.float32),  # units of one injury suffered, fading
        ("history", np.float32),  # own acts, fading
        ("sanction", np.float32),  # formal sanctions, fading
        ("protection", np.float32),  # what programmes take off the log rate of acting
        ("ace", np.uint8),  # adverse childhood experiences, 0-9
        ("trauma", np.bool_),  # post-traumatic stress
        ("opponent_kind", np.uint8),
        ("ever_excluded", np.bool_),
        ("opponent", np.int32),  # the last counterpart
        ("opponent_until", np.int16),  # step
        ("custody_until", np.int16),  # step
        ("peer_row", np.int32),  # row in the table of peers
        ("carer", np.int32),  # NOBODY where there is none
        ("partner", np.int32),  # NOBODY where there is none
        ("household", np.int32),
        ("next_in_household", np.int32),  # the members of a household form a ring
        ("exclusion_protection", np.float32),  # off the log hazard of exclusion
        ("ace_protection", np.float32),  # off the log hazard of an ACE
        ("household_ace", np.bool_),  # has had the one ACE of seeing violence at home
        ("act_bound", np.uint32),  # no word at or above it means an act; see acting
        ("ace_bound", np.uint32),  # no word at or above it means an ACE; see early_life
    ],
    align=True,
)
"""The state of one resident: what the kernels read as ``people[i].history``."""

ALWAYS = np.uint32(0xFFFFFFFF)
"""The bound of a resident whose state has changed: look at them exactly."""

_NOBODY_AT_FIRST = ("carer", "partner", "opponent", "peer_row")
_BOUNDS = ("act_bound", "ace_bound")


class Resident(NamedTuple):
    """One resident, to be read."""

    index: int
    identifier: int
    age_months: int
    sex: str
    status: str
    state: dict[str, float]


class People:
    """The residents of a world.

    Parameters
    ----------
    population
        The founders (``vru_model.place.Population``), ordered by neighbourhood and household.
    """

    def __init__(self, population) -> None:
        """Lay the founders out in rows; their states are set by ``founding``."""
        self.founders = self.count = len(population)
        self.state = _empty(self.count)
        for name, column in population.columns().items():
            self.state[name] = column
        self.state["next_in_household"] = _rings(population.household)
        self.identifiers = self.state["identifier"].copy()
        self.month = 0

    def __len__(self) -> int:
        """Return how many residents have ever lived in this world."""
        return self.count

    def __getitem__(self, index: int) -> Resident:
        """Return a readable view of one resident."""
        if not -self.count <= index < self.count:
            raise IndexError(f"resident {index} of {self.count}")
        index %= self.count
        row = {name: self.state[name][index].item() for name in RESIDENT.names}
        return Resident(
            index,
            row.pop("identifier"),
            self.month - row.pop("birth_month"),
            "male" if row.pop("male") else "female",
            STATUS_NAMES[row.pop("status")],
            row,
        )

    def __iter__(self) -> Iterator[Resident]:
        """Iterate over readable views, slowly."""
        return (self[index] for index in range(self.count))

    @property
    def alive(self) -> np.ndarray:
        """Which residents are alive: bool, shape (count,)."""
        return self.state["status"][: self.count] != DEAD

    def column(self, name: str) -> np.ndarray:
        """Return one column of all residents: shape (count,)."""
        return self.state[name][: self.count]

    def make_room(self, births: int) -> None:
        """Lengthen the table so that this many more residents fit."""
        if self.count + births <= len(self.state):
            return
        longer = _empty(self.count + births + self.count // 20)
        longer[: self.count] = self.state[: self.count]
        self.state = longer
        self.identifiers = longer["identifier"].copy()

    def renew_bounds(self) -> None:
        """Have every resident looked at exactly in the next step."""
        for name in _BOUNDS:
            self.state[name] = ALWAYS

    def snapshot(self) -> np.ndarray:
        """Return a copy of the table."""
        return self.state[: self.count].copy()

    def restore(self, snapshot: np.ndarray) -> None:
        """Set the table from a snapshot."""
        self.count, self.state = len(snapshot), np.array(snapshot)
        self.renew_bounds()
        self.identifiers = self.state["identifier"].copy()


def _empty(rows: int) -> np.ndarray:
    table = np.zeros(rows, RESIDENT)
    for name in _NOBODY_AT_FIRST:
        table[name] = NOBODY
    for name in _BOUNDS:
        table[name] = ALWAYS
    return table


def _rings(household: np.ndarray) -> np.ndarray:
    """Link each member of a household to the next, the last to the first."""
    rank = np.arange(len(household), dtype=np.int32)
    starts = np.flatnonzero(np.r_[True, household[1:] != household[:-1]])
    ends = np.r_[starts[1:], len(household)] - 1
    following = rank + 1
    following[ends] = starts
    return following
