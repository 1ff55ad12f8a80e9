"""One stored world as lives: every resident once, every incident with both parties' particulars.

Patterns are counted from this shape. Residents are those at the start and those at the end. Who
was born after the start and died before the end is in neither table; only over more than ten
years can one of them meet violence, and those incidents are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from vru_model.experiments.results import Run
    from vru_model.experiments.world import WorldKey

WEEKS_PER_YEAR = 52
INJURIES = ("injury", "emergency_department", "admission", "death")
ATTENDED = INJURIES[1:]
_OF_RESIDENTS = (
    "resident", "carer", "age_months", "sex", "neighbourhood", "local_authority",
    "deprivation_decile", "liability", "ace", "self_regulation", "trauma", "history", "status",
)  # fmt: skip


@dataclass(frozen=True)
class Lives:
    """The residents and incidents of one world.

    Attributes
    ----------
    people
        One row a resident: those of the people table as they were at the start (or, if born
        since, at the end), and `birth_month` (0 is the start of year 1), `male`, `at_start`,
        `at_end`.
    incidents
        One row an incident: those of the incidents table, and `year` (from 1), `week` (from 0,
        whole weeks in years of 52), and of the victim and the aggressor `victim_row`,
        `aggressor_row` (of `people`), `victim_age`, `aggressor_age` (whole years).
    years
        The horizon.
    """

    people: pd.DataFrame
    incidents: pd.DataFrame
    years: int

    @classmethod
    def of(cls, people: pd.DataFrame, incidents: pd.DataFrame, years: int) -> Lives:
        """Return the lives in the stored tables of one world."""
        residents = _residents(people, years)
        return cls(residents, _with_parties(incidents, residents), years)

    @classmethod
    def read(cls, run: Run, world: WorldKey) -> Lives:
        """Return the lives of one world of a run that kept its incidents and people."""
        people, incidents = (
            run.query(f"select * from {table}", worlds=[world]) for table in ("people", "incidents")
        )
        return cls.of(people, incidents, run.years)

    @cached_property
    def _lived(self) -> np.ndarray:
        """Return when each resident's years begin and how many there are, shape (people, 2).

        Who died is taken to have lived half of the years that were left.
        """
        born = np.maximum(self.people["birth_month"].to_numpy() / 12.0, 0.0)
        lived = np.maximum(self.years - born, 0.0)
        died = ~self.people["at_end"].to_numpy()
        return np.column_stack([born, np.where(died, lived / 2.0, lived)])

    def years_at(self, youngest: float, oldest: float) -> np.ndarray:
        """Return the years that each resident lived at an age from `youngest` to below `oldest`."""
        since, lived = self._lived.T
        age = since - self.people["birth_month"].to_numpy() / 12.0
        return np.clip(np.minimum(age + lived, oldest) - np.maximum(age, youngest), 0.0, None)

    def counts(self, role: str, which: pd.Series | np.ndarray | None = None) -> np.ndarray:
        """Return how many incidents each resident has had as "victim" or "aggressor".

        `which` keeps some of the incidents.
        """
        rows = self.incidents[f"{role}_row"].to_numpy()
        kept = rows if which is None else rows[np.asarray(which, bool)]
        return np.bincount(kept, minlength=len(self.people))


def _residents(people: pd.DataFrame, years: int) -> pd.DataFrame:
    """Return every resident once, as at the start or else at the end, sorted by identifier."""
    start = people["when"].to_numpy() == "start"
    began, ended = people.loc[start], people.loc[~start]
    new = ended[~ended["resident"].isin(began["resident"])]
    table = pd.concat([began, new])[list(_OF_RESIDENTS)]
    months = np.concatenate([np.zeros(len(began), int), np.full(len(new), 12 * years)])
    table = table.assign(
        birth_month=months - table["age_months"].to_numpy(),
        male=table["sex"].to_numpy() == "male",
        at_start=months == 0,
        at_end=table["resident"].isin(ended["resident"]).to_numpy(),
    )
    return table.sort_values("resident", ignore_index=True)


def months_since_start(dates: pd.Series) -> np.ndarray:
    """Return whole calendar months from the start of year 1 to each date."""
    from vru_model.processes.calendar import START

    months = dates.to_numpy().astype("datetime64[D]").astype("datetime64[M]")
    return (months - np.datetime64(START, "M")).astype(int)


def _with_parties(incidents: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return the incidents with their time and with the rows and ages of both parties."""
    from vru_model.processes.calendar import START

    dates = incidents["date"].to_numpy().astype("datetime64[D]")
    months = months_since_start(incidents["date"])
    years = months // 12
    first = np.array([np.datetime64(START.replace(year=START.year + n), "D")
                      for n in range(int(years.max(initial=0)) + 1)])  # fmt: skip
    weeks = (dates - first[years]).astype(int) // 7 if len(dates) else years
    found = incidents.assign(
        year=years + 1, week=years * WEEKS_PER_YEAR + np.minimum(weeks, WEEKS_PER_YEAR - 1)
    )
    known = np.ones(len(found), bool)
    identifiers = people["resident"].to_numpy()
    for role in ("victim", "aggressor"):
        given = incidents[role].to_numpy()
        row = np.minimum(np.searchsorted(identifiers, given), len(identifiers) - 1)
        known &= identifiers[row] == given
        age = (months - people["birth_month"].to_numpy()[row]) // 12
        found = found.assign(**{f"{role}_row": row, f"{role}_age": age})
    return found[known].reset_index(drop=True)
