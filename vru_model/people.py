"""Residents as columns: one array a state variable, one row a resident.

A row is a resident for life: births are added at the end and the dead keep their row, so an
index never comes to mean somebody else. ``people[i]`` is a readable view of one resident.
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


class Columns(NamedTuple):
    """The state of every resident; shape (capacity,) each, rows from ``count`` on unused."""

    identifier: np.ndarray  # uint64, permanent
    birth_month: np.ndarray  # int16, months since the start of year 1
    male: np.ndarray  # bool
    neighbourhood: np.ndarray  # int32
    household: np.ndarray  # int32
    next_in_household: np.ndarray  # int32, the members of a household form a ring
    carer: np.ndarray  # int32, NOBODY where there is none
    partner: np.ndarray  # int32, NOBODY where there is none
    liability: np.ndarray  # float32, standard score
    ace: np.ndarray  # uint8, adverse childhood experiences, 0-9
    self_regulation: np.ndarray  # float32, standard score
    peer_norm: np.ndarray  # float32, 0-3
    trauma: np.ndarray  # bool, post-traumatic stress
    grievance: np.ndarray  # float32, units of one injury suffered
    history: np.ndarray  # float32, own acts, fading
    sanction: np.ndarray  # float32, formal sanctions, fading
    status: np.ndarray  # uint8, one of STATUS_NAMES
    ever_excluded: np.ndarray  # bool
    custody_until: np.ndarray  # int16, step
    opponent: np.ndarray  # int32, the last counterpart
    opponent_kind: np.ndarray  # uint8
    opponent_until: np.ndarray  # int16, step
    household_ace: np.ndarray  # bool, has had the one ACE of seeing violence at home
    peer_row: np.ndarray  # int32, row in the table of peers
    protection: np.ndarray  # float32, what programmes take off the log rate of acting
    exclusion_protection: np.ndarray  # float32, and off the log hazard of exclusion
    ace_protection: np.ndarray  # float32, and off the log hazard of an ACE


_TYPES = Columns(
    identifier=np.uint64, birth_month=np.int16, male=np.bool_, neighbourhood=np.int32,
    household=np.int32, next_in_household=np.int32, carer=np.int32, partner=np.int32,
    liability=np.float32, ace=np.uint8, self_regulation=np.float32, peer_norm=np.float32,
    trauma=np.bool_, grievance=np.float32, history=np.float32, sanction=np.float32,
    status=np.uint8, ever_excluded=np.bool_, custody_until=np.int16, opponent=np.int32,
    opponent_kind=np.uint8, opponent_until=np.int16, household_ace=np.bool_,
    peer_row=np.int32, protection=np.float32, exclusion_protection=np.float32,
    ace_protection=np.float32,
)  # fmt: skip
_NOBODY_AT_FIRST = ("carer", "partner", "opponent", "peer_row")


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
        """Lay the founders out in columns; their states are set by ``founding``."""
        self.founders = self.count = len(population.identifier)
        self.columns = _empty(self.count)
        for name in ("identifier", "birth_month", "male", "neighbourhood", "household",
                     "carer", "partner", "liability"):
            getattr(self.columns, name)[:] = getattr(population, name)
        self.columns.next_in_household[:] = _rings(population.household)
        self.month = 0

    def __len__(self) -> int:
        """Return how many residents have ever lived in this world."""
        return self.count

    def __getitem__(self, index: int) -> Resident:
        """Return a readable view of one resident."""
        if not -self.count <= index < self.count:
            raise IndexError(f"resident {index} of {self.count}")
        index %= self.count
        row = {name: column[index].item() for name, column in self.columns._asdict().items()}
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
        return self.columns.status[: self.count] != DEAD

    def column(self, name: str) -> np.ndarray:
        """Return one column of all residents: shape (count,)."""
        return getattr(self.columns, name)[: self.count]

    def make_room(self, births: int) -> None:
        """Grow the columns so that this many more residents fit."""
        capacity = len(self.columns.identifier)
        if self.count + births <= capacity:
            return
        grown = _empty(self.count + births + self.count // 20)
        for new, old in zip(grown, self.columns, strict=True):
            new[: self.count] = old[: self.count]
        self.columns = grown

    def snapshot(self) -> dict[str, np.ndarray]:
        """Return a copy of every column, by name."""
        return {
            name: column[: self.count].copy() for name, column in self.columns._asdict().items()
        }

    def restore(self, snapshot: dict[str, np.ndarray]) -> None:
        """Set every column from a snapshot."""
        self.count = len(snapshot["identifier"])
        self.columns = Columns(**{name: np.array(snapshot[name]) for name in Columns._fields})


def _empty(capacity: int) -> Columns:
    columns = Columns(*(np.zeros(capacity, dtype) for dtype in _TYPES))
    for name in _NOBODY_AT_FIRST:
        getattr(columns, name)[:] = NOBODY
    return columns


def _rings(household: np.ndarray) -> np.ndarray:
    """Link each member of a household (members stand together) to the next, the last to the first."""
    rank = np.arange(len(household), dtype=np.int32)
    starts = np.flatnonzero(np.r_[True, household[1:] != household[:-1]])
    ends = np.r_[starts[1:], len(household)] - 1
    following = rank + 1
    following[ends] = starts
    return following
