"""The pathway of each programme: how many people reach each stage, and where they are lost.

People are counted by home, age and sex when they reach a stage. How an enrolment will end is
known when it begins, so those who start are told apart by that at once.
"""

import numpy as np
import pandas as pd

from vru_model.people import AGE_BAND_STARTS, AGE_BANDS

EVENTS, IDENTIFIED, CONSENTED = "events", "identified", "consented"
OFFERED, ACCEPTED, STARTED = "offered", "accepted", "started"
COMPLETED, LEFT_EARLY, CUT_SHORT = "completed", "left_early", "cut_short"
LOST_WAITING, CLOSED = "lost_waiting", "closed"
STAGES = (
    EVENTS, IDENTIFIED, CONSENTED, OFFERED, ACCEPTED, LOST_WAITING, CLOSED, STARTED, COMPLETED,
    LEFT_EARLY, CUT_SHORT,
)  # fmt: skip
"""In the order of the pathway: what comes after ``started`` says how the enrolment ends."""

_SEXES = ("female", "male")


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
        self._codes = np.array([authority.code for authority in place.authorities])
        self.number = len(self._groups) * len(AGE_BANDS) * 2

    def of(self, residents: np.ndarray, people) -> np.ndarray:
        """Return the cell of each of some residents now."""
        state = people.state[residents]
        years = (people.month - state["birth_month"].astype(np.int64)) // 12
        band = np.searchsorted(AGE_BAND_STARTS, years, side="right") - 1
        group = self._group_of[state["neighbourhood"]]
        return (group * len(AGE_BANDS) + band) * 2 + state["male"]

    def columns(self, cells: np.ndarray) -> dict[str, np.ndarray]:
        """Return what the cells stand for, as columns of the measures."""
        group, rest = np.divmod(cells, 2 * len(AGE_BANDS))
        return {
            "local_authority": self._codes[self._groups[group] // 16],
            "deprivation_decile": (self._groups[group] % 16).astype(np.int8),
            "age_band": np.array(AGE_BANDS)[rest // 2],
            "sex": np.array(_SEXES)[rest % 2],
        }


class Pathway:
    """The counts of one programme in the current year, by stage and cell."""

    def __init__(self, cells: Cells) -> None:
        """Begin a year with nobody."""
        self._cells = cells
        self.begin_year()

    def begin_year(self) -> None:
        """Set all counts to zero."""
        self._counts: dict[str, np.ndarray] = {}

    def count(self, stage: str, residents: np.ndarray, people) -> None:
        """Count residents who reach a stage."""
        if len(residents):
            seen = np.bincount(self._cells.of(residents, people), minlength=self._cells.number)
            self._counts[stage] = self._counts.get(stage, 0) + seen

    def total(self, stage: str) -> int:
        """Return how many simulated residents reached a stage this year."""
        return int(self._counts[stage].sum()) if stage in self._counts else 0

    def frame(self) -> pd.DataFrame:
        """Return stage, value (simulated residents) and the columns of the cells, zeros left out.

        Stages come in the order of the pathway.
        """
        parts = []
        for stage in STAGES:
            if stage in self._counts:
                cells = np.flatnonzero(self._counts[stage])
                parts.append(pd.DataFrame({
                    "stage": stage, "value": self._counts[stage][cells],
                    **self._cells.columns(cells),
                }))  # fmt: skip
        empty = ["stage", "value", "local_authority", "deprivation_decile", "age_band", "sex"]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=empty)
