"""The tables of one world, joined once for all statistics.

Counts of the measures are at the full size of the place; rows of incidents and people are
simulated ones. Rates and shares do not care; what counts heads uses `weight`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vru_model.people import AGE_BAND_STARTS, AGE_BANDS
from vru_model.processes.calendar import START
from vru_model.processes.records import SEVERITIES, VENUES

if TYPE_CHECKING:
    from vru_model.experiments.results import Run
    from vru_model.experiments.world import Outcome, WorldKey

_OLDEST = 200


@dataclass(frozen=True)
class WorldTables:
    """One world as its tables tell it, with what its services see.

    Parameters
    ----------
    measures, incidents, people
        As in ``vru_model.experiments.world.Outcome``.
    services
        The section ``services`` of the world's coefficients: what each source sees.
    years
        The horizon.
    """

    measures: pd.DataFrame
    incidents: pd.DataFrame
    people: pd.DataFrame
    services: Any
    years: int

    @classmethod
    def of_outcome(cls, outcome: Outcome, services: Any, years: int) -> WorldTables:
        """Return the tables of a world just computed, with its incidents and people.

        Raises ValueError where the world did not keep both.
        """
        if outcome.incidents is None or outcome.people is None:
            raise ValueError("the world kept no incidents or no people")
        return cls(outcome.measures, outcome.incidents, outcome.people, services, years)

    @classmethod
    def of_run(cls, run: Run, key: WorldKey, services: Any) -> WorldTables:
        """Return the tables of one world of a stored run that kept incidents and people."""
        tables = {
            name: run.query(f"select * from {name}", worlds=[key])
            for name in ("measures", "incidents", "people")
        }
        return cls(**tables, services=services, years=run.years)

    @cached_property
    def start(self) -> pd.DataFrame:
        """Residents at the start of year 1, by their identifier; `age` in whole years."""
        people = self.people[self.people["when"] == "start"].set_index("resident")
        return people.assign(age=people["age_months"] // 12, male=people["sex"] == "male")

    @cached_property
    def happened(self) -> pd.DataFrame:
        """Incidents with `year` (from 1), `month` (from 0), `harm` (0-4), `seen`, and people.

        `seen` is the chance that the Crime Survey sees the incident, were the victim an adult.
        Of victim and aggressor: `victim_age`, `victim_male`, `victim_decile`, `aggressor_age`,
        `aggressor_male` (age in years at the incident; NaN for those who came later).
        """
        frame = self.incidents
        date = pd.DatetimeIndex(frame["date"])
        month = (date.year - START.year) * 12 + date.month - START.month
        joined = pd.DataFrame({
            "month": np.asarray(month), "year": np.asarray(month) // 12 + 1,
            "victim": frame["victim"].to_numpy(), "aggressor": frame["aggressor"].to_numpy(),
            "harm": codes(frame["severity"], SEVERITIES),
            "seen": np.asarray(self.services.survey)[codes(frame["venue"], VENUES)],
        })  # fmt: skip
        for name in ("venue", "relationship", "weapon", "origin", "neighbourhood"):
            joined[name] = frame[name].astype(str).to_numpy()
        joined["robbery"] = frame["robbery"].to_numpy()
        joined["police"] = frame["recorded_by_police"].to_numpy()
        for role in ("victim", "aggressor"):
            who = self.start.index.get_indexer(joined[role])
            known = who >= 0
            months = np.where(known, self.start["age_months"].to_numpy()[who], np.nan)
            joined[f"{role}_age"] = (months + joined["month"]) // 12
            joined[f"{role}_male"] = known & self.start["male"].to_numpy()[who]
            decile = self.start["deprivation_decile"].to_numpy()[who]
            joined[f"{role}_decile"] = np.where(known, decile, 0)
        return joined

    @cached_property
    def _sums(self) -> pd.Series:
        keys = ["role", "measure", "age_band", "sex"]
        return self.measures.groupby(keys, observed=True)["value"].sum()

    def total(self, measure: str, role: str = "victim", *, ages: tuple[int, int] | None = None,
              sex: str | None = None) -> float:  # fmt: skip
        """Return a measure added up over all years, at full size.

        `ages` are first and last year of age; they must fall on the edges of age bands.
        """
        sums = self._sums
        if (role, measure) not in sums.index.droplevel([2, 3]):
            return 0.0
        cells = sums.loc[(role, measure)]
        if ages is not None:
            cells = cells[cells.index.get_level_values("age_band").isin(bands(*ages))]
        if sex is not None:
            cells = cells[cells.index.get_level_values("sex") == sex]
        return float(cells.sum())

    def person_years(self, ages: tuple[int, int] | None = None, sex: str | None = None) -> float:
        """Return the years lived by residents, at full size."""
        return self.total("person_months", "resident", ages=ages, sex=sex) / 12.0

    def heads(self, low: int, high: int = _OLDEST) -> int:
        """Return the simulated residents of these ages at the start of year 1."""
        return int(self.start["age"].between(low, high).sum())


def codes(values: pd.Series, names: Iterable[str]) -> np.ndarray:
    """Return words as their places in a list of names."""
    places = {name: place for place, name in enumerate(names)}
    return values.astype(str).map(places).to_numpy(int)


def bands(low: int, high: int) -> list[str]:
    """Return the age bands from one age to another; raise ValueError off their edges."""
    starts = [int(start) for start in AGE_BAND_STARTS]
    ends = [*(start - 1 for start in starts[1:]), _OLDEST]
    if low not in starts or (high not in ends and high < starts[-1]):
        raise ValueError(f"no age bands from {low} to {high}")
    return [band for band, start, end in zip(AGE_BANDS, starts, ends, strict=True)
            if start >= low and end <= max(high, low)]  # fmt: skip


def ratio(numerator: float, denominator: float) -> float:
    """Return a ratio, NaN where there is nothing to divide by."""
    return numerator / denominator if denominator else float("nan")
