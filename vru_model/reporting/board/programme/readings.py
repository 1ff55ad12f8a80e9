"""What this paper alone reads from the runs: yearly courses, spans of years, who benefits, needs.

Everything is paired world by world and has its interval over draws. Sections take the tables that
are made here, so that their words can be tried on any numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from vru_model.analysis.counting import PERSON_YEARS, counts
from vru_model.analysis.inequality import inequality_change
from vru_model.analysis.measures import arranged
from vru_model.analysis.needs import beside_the_needs, progress
from vru_model.analysis.uptake import uptake_gradient
from vru_model.experiments import Run
from vru_model.experiments.intervals import Spread, spread
from vru_model.parameters.accounts.measures import MeasureCatalogue, load_measures
from vru_model.place import Place, load_place
from vru_model.reporting.board.case import BASELINE, STRATEGY, BoardCase
from vru_model.reporting.estimates import Estimate
from vru_model.reporting.measures import ALL_AGES, HEADLINE_GROUP, HEADLINE_MEASURE

BURDEN = "admissions"
"""The measure by which groups are compared: severe, with numbers enough for small groups."""
PER = 100_000
AGES = {
    "Aged under 10": (0, 9), "Aged 10 to 17": (10, 17), "Aged 18 to 24": (18, 24),
    "Aged 25 to 44": (25, 44), "Aged 45 and over": (45, 200),
}  # fmt: skip
_LIMITS = ("low80", "high80", "low95", "high95")


@dataclass(frozen=True)
class Readings:
    """The runs of a case, asked what this paper wants to know."""

    case: BoardCase

    def course(self, name: str, part: str) -> pd.DataFrame:
        """Return a measure's yearly count in a part's run, all ages, with intervals over draws.

        `name` is of the catalogue of measures. Columns: year, mean, low80, high80, low95, high95.
        """
        measures = {name: load_measures().measures[name]}
        found = arranged(counts(self.case.run(part), measures)[name], ("year",))
        table = pd.DataFrame({"year": found.cells["year"].astype(int)})
        return table.assign(**_columns(spread(found.values)))

    def span(self, part: str, first: int, last: int) -> Estimate:
        """Return what a part averts of the headline measure in the years from first to last."""
        before, after = (self._headline(each)[..., first - 1 : last].sum(axis=-1, keepdims=True)
                         for each in (BASELINE, part))  # fmt: skip
        return _estimate(before, after)

    def spans_lost(self, part: str, other: str, first: int, last: int) -> Estimate:
        """Return how many more a part averts than another in the years from first to last."""
        before, after = (self._headline(each)[..., first - 1 : last].sum(axis=-1, keepdims=True)
                         for each in (other, part))  # fmt: skip
        return _estimate(before, after)

    def by_group(self, dimension: str, groups: Mapping[str, Sequence[object]]) -> pd.DataFrame:
        """Return what the strategy averts of :data:`BURDEN` over all years, by group of residents.

        Parameters
        ----------
        dimension
            "deprivation_quintile", "age_band", "sex" or "local_authority".
        groups
            Name of the group → the cells that belong to it.

        Returns
        -------
        pandas.DataFrame
            group, people (residents, a mean over the years), baseline, averted with its
            intervals, rate (averted a year for 100,000 residents of the group) with its own,
            chance_better, draws.
        """
        sides = [self._cells(self.case.run(part), dimension) for part in (BASELINE, STRATEGY)]
        rows = []
        for group, members in groups.items():
            before, after = (_summed(side, BURDEN, dimension, members) for side in sides)
            people = _summed(sides[0], PERSON_YEARS, dimension, members)
            gained, rate = spread(before - after), spread((before - after) * PER / people)
            rows.append(
                {"group": group, "people": float(people.mean()) / self.case.options.years,
                 "baseline": float(before.mean()), "averted": gained.mean[0]}
                | {name: getattr(gained, name)[0] for name in _LIMITS}
                | {"rate": rate.mean[0]}
                | {f"rate_{name}": getattr(rate, name)[0] for name in _LIMITS}
                | {"chance_better": gained.chance_better[0], "draws": len(before)}
            )  # fmt: skip
        return pd.DataFrame(rows)

    @property
    def by_deprivation(self) -> pd.DataFrame:
        """Who benefits, by fifth of deprivation, 1 the most deprived."""
        fifths = {f"Fifth {each}": (each,) for each in range(1, 6)}
        return self.by_group("deprivation_quintile", fifths)

    @property
    def by_age(self) -> pd.DataFrame:
        """Who benefits, by age of the victim."""
        bands = self._cells(self.case.run(BASELINE), "age_band").index.get_level_values("age_band")
        members = {
            group: [band for band in sorted(set(bands)) if low <= _first_age(band) <= high]
            for group, (low, high) in AGES.items()
        }
        return self.by_group("age_band", {name: each for name, each in members.items() if each})

    @property
    def by_sex(self) -> pd.DataFrame:
        """Who benefits, by sex of the victim."""
        return self.by_group("sex", {"Women and girls": ("female",), "Men and boys": ("male",)})

    @property
    def by_authority(self) -> pd.DataFrame:
        """Who benefits, by local authority in the order of their codes."""
        authorities = sorted(self.place.authorities, key=lambda each: each.code)
        return self.by_group("local_authority", {each.name: (each.code,) for each in authorities})

    @cached_property
    def place(self) -> Place:
        """The place, at full size."""
        return load_place(self.case.options.place)

    @cached_property
    def uptake(self) -> pd.DataFrame:
        """Who takes part along deprivation, a row a programme."""
        return uptake_gradient(self.case.run(STRATEGY))

    def inequality(self, part: str) -> pd.DataFrame:
        """Return the verdict on inequality in :data:`BURDEN` for a part: one row."""
        base, other = self.case.run(BASELINE), self.case.run(part)
        return inequality_change(base, other, catalogue=_only(BURDEN))

    @cached_property
    def needs(self) -> pd.DataFrame:
        """The issues of the needs assessment, with what the strategy contributes to each."""
        return progress(self.case.run(BASELINE), self.case.run(STRATEGY), self.case.strategy)

    @property
    def beside_the_needs(self) -> list[str]:
        """Programmes of the strategy that no issue names."""
        return beside_the_needs(self.case.strategy)

    def _headline(self, part: str) -> np.ndarray:
        """Return the headline measure by world and year."""
        measures = {HEADLINE_MEASURE.key: load_measures().measures[HEADLINE_MEASURE.key]}
        found = counts(self.case.run(part), measures, ("year",), HEADLINE_GROUP)
        return arranged(found[HEADLINE_MEASURE.key], ("year",)).values

    def _cells(self, run: Run, dimension: str) -> pd.DataFrame:
        measures = {BURDEN: load_measures().measures[BURDEN]}
        return counts(run, measures, (dimension,), ALL_AGES)


def _only(name: str) -> MeasureCatalogue:
    book = load_measures()
    return book.model_copy(update={"measures": {name: book.measures[name]}})


def _columns(found: Spread) -> dict[str, np.ndarray]:
    return {"mean": found.mean, **{name: getattr(found, name) for name in _LIMITS}}


def _estimate(before: np.ndarray, after: np.ndarray) -> Estimate:
    found = spread(before - after)
    return Estimate(
        baseline=float(before.mean()), scenario=float(after.mean()), averted=float(found.mean[0]),
        **{name: float(getattr(found, name)[0]) for name in _LIMITS},
        chance_better=float(found.chance_better[0]),
        chance_equal=float(found.chance_equal[0]),
        worlds=len(before) if len(before) > 1 else before.shape[1],
    )  # fmt: skip


def _summed(
    side: pd.DataFrame, column: str, dimension: str, members: Sequence[object]
) -> np.ndarray:
    """Return the sum of a column over some cells, shape (draws, replicates, 1)."""
    chosen = side[side.index.get_level_values(dimension).isin(list(members))][column]
    total = chosen.groupby(level=["draw", "replicate"]).sum()
    return arranged(total, ()).values


def _first_age(band: object) -> int:
    return int(str(band).partition("-")[0].rstrip("+"))
