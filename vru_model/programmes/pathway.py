"""The pathway of each programme: how many people reach each stage, and where they are lost.

People are counted by home, age and sex when they reach a stage. How an enrolment will end is
known when it begins, so those who start are told apart by that at once.
"""

from collections.abc import Iterator

import numpy as np

from vru_model.compiling import kernel
from vru_model.people import AGE_BANDS
from vru_model.processes.age_bands import BAND_OF_YEAR

EVENTS, IDENTIFIED, CONSENTED = "events", "identified", "consented"
OFFERED, ACCEPTED, STARTED = "offered", "accepted", "started"
COMPLETED, LEFT_EARLY, CUT_SHORT = "completed", "left_early", "cut_short"
LOST_WAITING, CLOSED = "lost_waiting", "closed"
STAGES = (
    EVENTS, IDENTIFIED, CONSENTED, OFFERED, ACCEPTED, LOST_WAITING, CLOSED, STARTED, COMPLETED,
    LEFT_EARLY, CUT_SHORT,
)  # fmt: skip
"""In the order of the pathway: what comes after ``started`` says how the enrolment ends."""


class Cells:
    """The groups by which people are counted: authority and decile of home, age band and sex.

    Parameters
    ----------
    place
        The place whose authorities and deciles they are.
    """

    def __init__(self, place) -> None:
        table = place.neighbourhoods
        groups = table["local_authority"].to_numpy() * 16 + table["deprivation_decile"].to_numpy()
        self._groups, self._group_of = np.unique(groups, return_inverse=True)
        self.number = len(self._groups) * len(AGE_BANDS) * 2

    def count(self, seen: np.ndarray, residents: np.ndarray, people) -> None:
        """Add residents to the number seen in each cell, in place."""
        whom = np.ascontiguousarray(residents)
        _count(seen, whom, people.rows, self._group_of, people.month, BAND_OF_YEAR)

    def codes(self, cells: np.ndarray) -> dict[str, np.ndarray]:
        """Return what the cells stand for: rows of authorities, age bands, female and male."""
        group, rest = np.divmod(cells, 2 * len(AGE_BANDS))
        return {
            "local_authority": (self._groups[group] // 16).astype(np.int16),
            "deprivation_decile": (self._groups[group] % 16).astype(np.int8),
            "age_band": (rest // 2).astype(np.int8),
            "sex": (rest % 2).astype(np.int8),
        }


class Pathway:
    """The counts of one programme in the current year, by stage and cell."""

    def __init__(self, cells: Cells) -> None:
        """Begin a year with nobody."""
        self.cells = cells
        self.begin_year()

    def begin_year(self) -> None:
        """Set all counts to zero."""
        self._counts: dict[str, np.ndarray] = {}

    def count(self, stage: str, residents: np.ndarray, people) -> None:
        """Count residents who reach a stage."""
        if not len(residents):
            return
        if stage not in self._counts:
            self._counts[stage] = np.zeros(self.cells.number, np.int64)
        self.cells.count(self._counts[stage], residents, people)

    def total(self, stage: str) -> int:
        """Return how many simulated residents reached a stage this year."""
        return int(self._counts[stage].sum()) if stage in self._counts else 0

    def reached(self) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
        """Yield each stage that anybody reached, its cells and how many simulated residents.

        Stages come in the order of the pathway; cells without anybody are left out.
        """
        for stage in STAGES:
            if stage in self._counts:
                cells = np.flatnonzero(self._counts[stage])
                yield stage, cells, self._counts[stage][cells]


@kernel
def _count(seen, residents, people, group_of, month, bands):
    for i in residents:
        group = group_of[people.profile[i].neighbourhood]
        band = bands[(month - people.profile[i].birth_month) // 12]
        seen[(group * len(AGE_BANDS) + band) * 2 + people.profile[i].male] += 1
