"""Residents as a table: one column a state variable, one row a resident, packed in memory.

A row is a resident for life: births are added at the end and the dead keep their row, so an
index never comes to mean somebody else. What happens to people touches few of them and most of
what they are, which therefore lies together; what every step or year looks at for everybody lies
apart. ``people[i]`` is a readable view of one.

What fades is kept as it stood when it last changed (``traces``), and what lasts for a drawn time
is kept as the step at which it ends: most residents need no work in most months.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from vru_model.compiling import inlined
from vru_model.rows import COLUMN, PROFILE, PROTECTIONS, STATE, Rows, fields_of
from vru_model.traces import Fading
from vru_model.workspace import Workspace, aligned_zeros

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

AGE_BAND_STARTS = np.array([0, 5, 10, 15, 16, 18, 20, *range(25, 91, 5)], dtype=np.int64)
"""First year of age of each band of the measures: five years, also cut at 16 and 18."""

AGE_BANDS = tuple(
    (f"{low}-{high - 1}" if high - low > 1 else f"{low}")
    for low, high in zip(AGE_BAND_STARTS[:-1], AGE_BAND_STARTS[1:], strict=True)
) + ("90+",)


MOST_NEIGHBOURHOODS = 65_535


ALWAYS = np.uint32(0xFFFFFFFF)
"""The bound of a resident whose state has changed: look at them exactly."""

ALWAYS_HALF = np.uint16(0xFFFF)
"""The same of a bound of half a word."""

NEVER = np.int16(32_767)
"""The step at which a status ends that does not end by itself."""

_AT_FIRST = {
    "act_bound": ALWAYS,
    "child_bound": ALWAYS,
    "victim_bound": ALWAYS_HALF,
    "status_until": NEVER,
}
_NOBODY_AT_FIRST = ("carer", "partner", "opponent", "peer_row")

TRACES = ("grievance", "history", "sanction")
NORM = ("peer_norm", "norm_level", "norm_at")
_BOOKKEEPING = ("faded_at", "norm_at", "norm_level", "trauma_until")
STATES = (
    "identifier",
    "household",
    *(name for name in fields_of(PROFILE) + fields_of(STATE) if name not in _BOOKKEEPING),
    *PROTECTIONS,
    "trauma",
    "status_until",
)
"""What a resident's state consists of, to a reader."""


@inlined
def in_pair(people, i, clock):
    """Say whether a resident is the aggressor of a repeated pair at a step."""
    state = people.state[i]
    return state.opponent_kind == PAIR_OPPONENT and state.opponent_until >= clock


class Children(NamedTuple):
    """Some residents under 18, with what sweeps over them read side by side."""

    resident: np.ndarray  # int32
    identifier: np.ndarray  # uint64


class Resident(NamedTuple):
    """One resident, to be read."""

    row: int
    identifier: int
    age_months: int
    sex: str
    status: str
    state: dict[str, float]


class People:
    """The residents of a world.

    Parameters
    ----------
    founders
        With how many residents the world begins.
    room
        Rows to keep free for those who will be born.
    workspace
        That of an earlier world which is not needed any more, if there is one.
    """

    def __init__(self, founders: int, room: int = 0, workspace: Workspace | None = None) -> None:
        """Make room for them; ``settle``, or the end of a warm-up, says who they are."""
        self.founders = self.count = founders
        self.deaths = self.month = 0
        self.fading: Fading  # how far what fades has faded; a model sets it
        nobody = Children(np.empty(0, np.int32), np.empty(0, np.uint64))
        self.children = nobody  # under 18 when the year began, or born since
        self.pupils = nobody  # children who are 11 to 15 in the year
        self.workspace = workspace or Workspace()
        self._lay_out(self.count + room)

    def settle(self, population) -> None:
        """Lay the founders (``vru_model.place.Population``) out in rows, by household.

        Their states are set by ``founding``.
        """
        self._lay_out(self.room)
        for name in _NOBODY_AT_FIRST:
            self.rows.state[name][: self.count] = NOBODY
        for name, column in population.columns().items():
            self._held(name)[: self.count] = column
        self.rows.state["next_in_household"][: self.count] = _rings(population.household)

    def _lay_out(self, room: int) -> None:
        space, self.room = self.workspace, room
        names = [name for name in fields_of(COLUMN) if name not in PROTECTIONS]
        self.rows = Rows(
            profile=space.zeros("profile", room, PROFILE),
            state=space.zeros("state", room, STATE),
            **{name: space.array(name, room, COLUMN[name]) for name in names},
            **{name: np.empty(0, COLUMN[name]) for name in PROTECTIONS},
        )
        for name, value in _AT_FIRST.items():
            getattr(self.rows, name)[: self.count] = value

    def __len__(self) -> int:
        """Return how many residents have ever lived in this world."""
        return self.count

    def __getitem__(self, index: int) -> Resident:
        """Return a readable view of one resident, as they are now."""
        if not -self.count <= index < self.count:
            raise IndexError(f"resident {index} of {self.count}")
        index %= self.count
        state = {name: self._now(name, index).item() for name in STATES}
        return Resident(
            index,
            state.pop("identifier"),
            self.month - state.pop("birth_month"),
            "male" if state.pop("male") else "female",
            STATUS_NAMES[state.pop("status")],
            state,
        )

    def __iter__(self) -> Iterator[Resident]:
        """Iterate over readable views, slowly."""
        return (self[index] for index in range(self.count))

    @property
    def living(self) -> int:
        """How many residents are alive."""
        return self.count - self.deaths

    @property
    def alive(self) -> np.ndarray:
        """Which residents are alive: bool, shape (count,)."""
        return self.rows.profile["status"][: self.count] != DEAD

    def column(self, name: str) -> np.ndarray:
        """Return one state of all residents as it is now: shape (count,); see STATES."""
        return self._now(name, slice(self.count))

    def _held(self, name: str) -> np.ndarray:
        """Return the array, or the part of one, that holds something about everybody."""
        for table in (self.rows.profile, self.rows.state):
            if name in fields_of(table.dtype):
                return table[name]
        return getattr(self.rows, name)

    def _now(self, name: str, rows) -> np.ndarray:
        """Return a state of some residents, with what fades brought up to date."""
        if name == "trauma":
            return self._held("trauma_until")[rows] > self.fading.faded
        if name in TRACES:
            return self.fading.trace(name, self._held(name)[rows], self._held("faded_at")[rows])
        if name == "peer_norm":
            return self.fading.norm_now(*(self._held(of)[rows] for of in NORM))
        if name in PROTECTIONS and not len(self._held(name)):
            return np.zeros(self.count, np.float32)[rows]
        return self._held(name)[rows]

    def make_room(self, births: int) -> None:
        """Lengthen the table so that this many more residents fit."""
        if self.count + births <= self.room:
            return
        self.room = self.count + births + self.count // 20
        self.rows = Rows(*(_longer(array, self.room) for array in self.rows))

    def protect(self, name: str) -> None:
        """See to it that one of PROTECTIONS can be written for everybody."""
        array = self._held(name)
        if not len(array):
            self.rows = self.rows._replace(**{name: np.zeros(self.room, array.dtype)})

    def note_children(self, children: np.ndarray, pupils: np.ndarray) -> None:
        """Note the rows of all who are under 18 and of those who are 11 to 15 in a year."""
        self.children, self.pupils = (
            Children(rows, self._identifiers_of(name, rows))
            for name, rows in (("children", children), ("pupils", pupils))
        )

    def _identifiers_of(self, name: str, rows: np.ndarray) -> np.ndarray:
        identifiers = self.workspace.array(f"identifiers of {name}", len(rows), np.uint64)
        return np.take(self.rows.identifier, rows, out=identifiers, mode="clip")

    def add_children(self, born: np.ndarray) -> None:
        """Add the rows (int32) of those born since."""
        new = Children(born, self.rows.identifier[born])
        self.children = Children(
            *(
                self.workspace.extended(name, before, more)
                for name, before, more in zip(
                    ("children", "identifiers of children"), self.children, new, strict=True
                )
            )
        )

    def fade(self) -> None:
        """Let one step of fading pass over everybody."""
        self.fading = self.fading._replace(faded=self.fading.faded + 1)

    def pass_norms(self) -> None:
        """Let one step of norms pass over everybody."""
        self.fading = self.fading._replace(passed=self.fading.passed + 1)

    def parts(self) -> dict[str, np.ndarray]:
        """Return what says all about the residents, by name: views that may be written to."""
        held = self.rows._asdict()
        return {name: held[name][: self.count] for name in Rows._fields if name not in PROTECTIONS}


def _longer(array: np.ndarray, length: int) -> np.ndarray:
    """Return an array with zeros at its end; one without entries stays so."""
    if not len(array):
        return array
    longer = aligned_zeros(length, array.dtype)
    longer[: len(array)] = array
    return longer


def _rings(household: np.ndarray) -> np.ndarray:
    """Link each member of a household to the next, the last to the first."""
    rank = np.arange(len(household), dtype=np.int32)
    starts = np.flatnonzero(np.r_[True, household[1:] != household[:-1]])
    ends = np.r_[starts[1:], len(household)] - 1
    following = rank + 1
    following[ends] = starts
    return following
