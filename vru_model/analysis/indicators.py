"""The indicator of an issue, world by world: a count a year, a share, or a ratio of two rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vru_model.analysis.counting import at_risk
from vru_model.analysis.measures import arranged, world_counts
from vru_model.parameters.accounts.measures import Measure, MeasureCatalogue, load_measures
from vru_model.parameters.accounts.needs import Cell, Indicator, NeedsAssessment

if TYPE_CHECKING:
    from vru_model.experiments.results import Run


@dataclass(frozen=True)
class Values:
    """An indicator in arrays of (draws, replicates, years).

    `rate` is for `per` person-years and None unless it is a count; `added_up` says whether its
    years may be added up.
    """

    without: np.ndarray
    with_it: np.ndarray | None
    rate: np.ndarray | None
    per: float
    added_up: bool


def needed_measures(needs: NeedsAssessment) -> MeasureCatalogue:
    """Return the measures that the indicators need, and no others."""
    whole = load_measures()
    named = {each for issue in needs.issues.values() if issue.indicator is not None
             for each in (issue.indicator.measure, issue.indicator.share_of)}
    return whole.model_copy(update={
        "measures": {name: each for name, each in whole.measures.items() if name in named}})


def values_of(
    runs: Sequence[Run], indicator: Indicator, catalogue: MeasureCatalogue
) -> Values | None:
    """Return the indicator in the worlds that all runs have finished; None where one lacks it.

    Parameters
    ----------
    runs
        A run without the strategy, and the one with it, where there is one.
    indicator
        What is counted, of whom.
    catalogue
        The measures that it names.
    """
    tables = [_cells(run, indicator, catalogue) for run in runs]
    if any(table is None for table in tables):
        return None
    kept = [table for table in tables if table is not None]
    worlds = kept[0].index
    for table in kept[1:]:
        worlds = worlds.intersection(table.index)
    frames = [table.loc[worlds] for table in kept]
    sides = [arranged(frame["value"], ("year",)).values for frame in frames]
    counted = indicator.share_of is None and indicator.against is None
    rate = arranged(frames[0]["rate"], ("year",)).values if counted else None
    return Values(sides[0], sides[1] if len(sides) > 1 else None, rate,
                   catalogue.measures[indicator.measure].per, counted)


def _cells(run: Run, indicator: Indicator, catalogue: MeasureCatalogue) -> pd.DataFrame | None:
    """Return value and rate of the indicator by draw, replicate and year."""
    measure = catalogue.measures[indicator.measure]
    dimensions = tuple(sorted({*indicator.among.chosen,
                               *(indicator.against or Cell()).chosen}))
    counted = world_counts(run, catalogue, ("year", *dimensions), indicator.group)
    names = [indicator.measure, *([indicator.share_of] if indicator.share_of else [])]
    if not set(names) <= set(counted):
        return None
    people = at_risk(measure)
    here = _within(counted[[*dict.fromkeys([*names, people])]], indicator.among)
    count, at = here[indicator.measure], here[people]
    if indicator.share_of is not None:
        return _named(count / here[indicator.share_of].where(lambda whole: whole > 0), at)
    rate = count / at.where(at > 0)
    if indicator.against is not None:
        there = _within(counted[[indicator.measure, people]], indicator.against)
        other = there[indicator.measure] / there[people].where(there[people] > 0)
        return _named(rate / other.where(other > 0), at)
    return _named(count, rate * measure.per)


def _within(counted: pd.DataFrame, cell: Cell) -> pd.DataFrame:
    """Return the counts of a cell of residents by draw, replicate and year."""
    chosen = counted
    for name, value in cell.chosen.items():
        chosen = chosen[chosen.index.get_level_values(name) == value]
    return chosen.groupby(level=["draw", "replicate", "year"]).sum()


def _named(value: pd.Series, rate: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"value": value, "rate": rate})


def in_words(indicator: Indicator, measure: Measure) -> dict[str, str]:
    """Return what the indicator is, in words."""
    parts = [_whose(indicator.among), "aged under 25" if indicator.group == "under 25" else ""]
    of_whom = ", ".join(part for part in parts if part)
    title = measure.title + (f", {of_whom}" if of_whom else "")
    kind, unit = "count", f"{measure.unit} a year"
    if indicator.share_of is not None:
        whole = load_measures().measures[indicator.share_of].title
        title, kind, unit = f"{title}, as a share of: {whole[:1].lower()}{whole[1:]}", "share", ""
    elif indicator.against is not None:
        title = f"{title}: rate over that of {_whose(indicator.against)}"
        kind, unit = "ratio", ""
    return {"indicator": title, "differs": indicator.differs, "unit": unit, "kind": kind}


def _whose(cell: Cell) -> str:
    fifths = {1: "the most deprived fifth", 5: "the least deprived fifth"}
    words = []
    if cell.deprivation_quintile is not None:
        words.append(fifths.get(cell.deprivation_quintile,
                                f"fifth {cell.deprivation_quintile} by deprivation"))
    if cell.sex is not None:
        words.append({"female": "women and girls", "male": "men and boys"}[cell.sex])
    return ", ".join(words)
