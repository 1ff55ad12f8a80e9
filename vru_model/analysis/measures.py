"""Burden: counts and rates of named measures in a stored run, and what a scenario averts.

A number is given with two kinds of interval, never mixed. *Over draws*: percentiles of the
replicate means, which is what the model does not know. *Of counting*: Byar's or the exact Poisson
limits that an analyst would put around the same count had it been observed; it says how much one
year's figure would jump about by chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vru_model.analysis.appraisal.prices import draw_losses
from vru_model.analysis.counting import PERSON_YEARS, WORLD, at_risk, counts
from vru_model.analysis.statistics.rates import crude_rate
from vru_model.analysis.statistics.standardisation import (
    directly_standardised,
    standard_band,
    standard_weights,
)
from vru_model.experiments.compare import ALL_AGES
from vru_model.experiments.intervals import Spread, spread, spread_of_ratio
from vru_model.experiments.runner import MODELLED
from vru_model.parameters.accounts.costs import load_costs
from vru_model.parameters.accounts.measures import Measure, MeasureCatalogue, load_measures

if TYPE_CHECKING:
    from vru_model.experiments.results import Run

_INTERVALS = ("low80", "high80", "low95", "high95")
# Sums of the same cells in another order differ by less than this share of them.
_NOISE = 1e-12


@dataclass(frozen=True)
class Card:
    """What stands beside every figure of a measure."""

    name: str
    measure: Measure

    @property
    def text(self) -> str:
        """Return the card in sentences: what it is, whose definition, what it leaves out."""
        given = self.measure
        return (
            f"{given.title} ({given.unit}): {given.definition} Source: {given.source} It does not "
            f"include: {given.leaves_out} {MODELLED}"
        )


def cards(catalogue: MeasureCatalogue | None = None) -> list[Card]:
    """Return the card of every measure, in the order of the catalogue."""
    chosen = catalogue or load_measures()
    return [Card(name, measure) for name, measure in chosen.measures.items()]


def world_counts(
    run: Run, catalogue: MeasureCatalogue, by: Sequence[str] = ("year",), group: str = ALL_AGES
) -> pd.DataFrame:
    """Return counts by world and cell, as ``counts`` does, with the measures that are weighed.

    Health lost is each event times what one takes, which is drawn once for each draw of the run.
    """
    weighed = [name for name, each in catalogue.measures.items() if each.weighed]
    events = {
        f"event {name}": event
        for name, event in (load_costs().events if weighed else {}).items()
        if event.qalys_lost > 0
    }
    found = counts(run, {**catalogue.measures, **events}, by, group)
    if not set(events) <= set(found):  # a run that did not count them
        return found.drop(columns=list(events), errors="ignore")
    draws = found.index.get_level_values("draw")
    losses = draw_losses(load_costs(), sorted(set(draws)), run.manifest["identity"]["seed"])
    lost = sum(
        found[name] * losses[name.removeprefix("event ")].loc[draws].to_numpy() for name in events
    )
    return found.drop(columns=list(events)).assign(**dict.fromkeys(weighed, lost))


def burden(
    run: Run,
    by: Sequence[str] = ("year",),
    group: str = ALL_AGES,
    catalogue: MeasureCatalogue | None = None,
) -> pd.DataFrame:
    """Return counts and rates of every measure, by the cells asked for.

    Parameters
    ----------
    run
        A stored run.
    by
        Some of year, local_authority, deprivation_decile, deprivation_quintile, age_band, sex.
        Without year, all years of the run are added up.
    group
        "all ages" or "under 25", by the age of the victim (or whoever the measure counts).

    Returns
    -------
    pandas.DataFrame
        measure, title, lens, unit, group, those of `by`, person_years (of whom it can happen
        to), count, its intervals over draws (low80, high80, low95, high95), rate, rate_low95 and
        rate_high95 over draws, counting_low95 and counting_high95 of the rate (none of
        health lost, which is no count), per, draws. Cells of nobody whom it can happen to are left
        out.
    """
    chosen = catalogue or load_measures()
    worlds = world_counts(run, chosen, by, group)
    tables = [
        _burden_of(name, measure, worlds, by, group)
        for name, measure in chosen.measures.items()
        if name in worlds
    ]
    return pd.concat(tables, ignore_index=True)


def averted(
    base: Run,
    other: Run,
    by: Sequence[str] = ("year",),
    group: str = ALL_AGES,
    catalogue: MeasureCatalogue | None = None,
) -> pd.DataFrame:
    """Return what a scenario averts of every measure, paired world by world.

    Columns: measure, title, lens, unit, group, those of `by`, baseline and scenario with their 95%
    intervals over draws, averted with its 80% and 95% intervals, chance_better,
    monte_carlo_error, draws. Counts of the cell, not added up over years. The runs must differ in
    their scenario alone (:func:`vru_model.experiments.compare` says where they do not).
    """
    chosen = catalogue or load_measures()
    ours, theirs = (world_counts(run, chosen, by, group) for run in (base, other))
    ours, theirs = ours.align(theirs, join="inner", axis=0)
    tables = []
    for name, measure in chosen.measures.items():
        if name not in ours or name not in theirs:
            continue
        before, after = (arranged(each[name], by) for each in (ours, theirs))
        difference = before.values - after.values
        difference[np.abs(difference) < _NOISE * np.abs(before.values)] = 0.0
        found = spread(difference)
        table = _labels(name, measure, before.cells, group)
        for side, values in (("baseline", before.values), ("scenario", after.values)):
            of_side = spread(values)
            table[side] = of_side.mean
            table[f"{side}_low95"], table[f"{side}_high95"] = of_side.low95, of_side.high95
        table["averted"] = found.mean
        tables.append(_with_spread(table, found, (*_INTERVALS, "chance_better",
                                                  "monte_carlo_error")))  # fmt: skip
    return pd.concat(tables, ignore_index=True).assign(draws=_draws(ours))


def standardised(
    run: Run,
    name: str,
    by: Sequence[str] = (),
    last_year: int | None = None,
    catalogue: MeasureCatalogue | None = None,
) -> pd.DataFrame:
    """Return a measure's directly standardised rate, of its pooled years up to a year.

    Columns: measure, those of `by`, first_year, last_year, events, rate for 100,000, its interval
    over draws, dobson_low95, dobson_high95 (of counting). Not a number below ten events.
    """
    measure = (catalogue or load_measures()).measures[name]
    last = run.years if last_year is None else last_year
    first = max(1, last - measure.pooled_years + 1)
    worlds = counts(run, {name: measure}, ("year", *by, "age_band"))
    years = worlds.index.get_level_values("year")
    worlds = worlds[(years >= first) & (years <= last)].reset_index()
    worlds["band"] = worlds["age_band"].map(standard_band)
    pooled = worlds.groupby([*WORLD, *by, "band"])[[name, PERSON_YEARS]].sum()
    events, people = (pooled[column].unstack("band") for column in (name, PERSON_YEARS))
    weights = standard_weights(events.columns)
    rate = pd.Series(directly_standardised(events, people, weights, measure.per).value,
                     index=events.index)  # fmt: skip
    by_draw = spread(arranged(rate, by).values)
    mean_events, mean_people = (_over_worlds(each, by) for each in (events, people))
    counting = directly_standardised(mean_events, mean_people, weights, measure.per)
    table = _labels(name, measure, arranged(rate, by).cells, ALL_AGES)
    table["first_year"], table["last_year"] = first, last
    table["events"], table["rate"] = mean_events.sum(axis=-1), by_draw.mean
    table = _with_spread(table, by_draw, _INTERVALS)
    return table.assign(dobson_low95=counting.low, dobson_high95=counting.high)


def recorded_beside_true(
    run: Run,
    by: Sequence[str] = ("year",),
    group: str = ALL_AGES,
    catalogue: MeasureCatalogue | None = None,
) -> pd.DataFrame:
    """Return each recorded series beside what happens, and the share that is recorded, by cell.

    A share that rises says that recording improved; violence may have fallen all the same.
    Columns: measure, title, truth, group, those of `by`, recorded with its 95% interval over
    draws, true with its own, share, share_low95, share_high95.
    """
    chosen = catalogue or load_measures()
    counted = {name: _as_counted(measure) for name, measure in chosen.measures.items()}
    worlds, whole = counts(run, chosen.measures, by, group), counts(run, counted, by, group)
    tables = []
    for name, measure in chosen.measures.items():
        if measure.truth is None or name not in worlds or measure.truth not in whole:
            continue
        seen, happened = arranged(worlds[name], by), arranged(whole[measure.truth], by)
        table = _labels(name, measure, seen.cells, group).drop(columns=["lens", "unit"])
        table.insert(2, "truth", measure.truth)
        for column, found in {
            "recorded": spread(seen.values), "true": spread(happened.values),
            "share": spread_of_ratio(seen.values, happened.values),
        }.items():  # fmt: skip
            table[column] = found.mean
            table[f"{column}_low95"], table[f"{column}_high95"] = found.low95, found.high95
        tables.append(table[table["true"] > 0])
    return pd.concat(tables, ignore_index=True).assign(draws=_draws(worlds))


@dataclass(frozen=True)
class Arranged:
    """Values as (draws, replicates, cells), not a number where no world finished; and the cells."""

    values: np.ndarray
    cells: pd.DataFrame


def arranged(values: pd.Series, by: Sequence[str]) -> Arranged:
    """Return a series by world and cell in the shape that intervals are made of."""
    keys = [values.index.get_level_values(name) for name in WORLD]
    cells = values.index.droplevel(list(WORLD)).unique() if by else None
    draws, replicates = (np.unique(key) for key in keys)
    number = len(cells) if cells is not None else 1
    shape = (len(draws), len(replicates), number)
    found = np.full(shape, np.nan)
    place = cells.get_indexer(values.index.droplevel(list(WORLD))) if cells is not None else 0
    found[np.searchsorted(draws, keys[0]), np.searchsorted(replicates, keys[1]), place] = values
    frame = cells.to_frame(index=False) if cells is not None else pd.DataFrame(index=[0])
    return Arranged(found, frame)


def _as_counted(measure: Measure) -> Measure:
    """Return a measure by what happened, not by what was to be expected: records are of events."""
    plain = tuple(counter.removeprefix("expected_") for counter in measure.counters)
    return measure.model_copy(update={"counters": plain})


def _burden_of(
    name: str, measure: Measure, worlds: pd.DataFrame, by: Sequence[str], group: str
) -> pd.DataFrame:
    counted, people = (arranged(worlds[each], by) for each in (name, at_risk(measure)))
    number = spread(counted.values)
    table = _labels(name, measure, counted.cells, group)
    table[PERSON_YEARS] = _mean(people.values)
    table["count"] = number.mean
    table = _with_spread(table, number, _INTERVALS)
    rate = spread_of_ratio(counted.values * measure.per, people.values)
    with np.errstate(divide="ignore", invalid="ignore"):
        counting = crude_rate(np.maximum(number.mean, 0), table[PERSON_YEARS], measure.per)
    low, high = (np.nan, np.nan) if measure.weighed else (counting.low, counting.high)
    whole = table.assign(
        rate=rate.mean, rate_low95=rate.low95, rate_high95=rate.high95,
        counting_low95=low, counting_high95=high, per=measure.per,
        draws=_draws(worlds),
    )  # fmt: skip
    return whole[whole[PERSON_YEARS] > 0]


def _labels(name: str, measure: Measure, cells: pd.DataFrame, group: str) -> pd.DataFrame:
    table = cells.copy()
    labels: Mapping[str, str] = {
        "measure": name, "title": measure.title, "lens": measure.lens, "unit": measure.unit,
        "group": group,
    }  # fmt: skip
    for place, (column, value) in enumerate(labels.items()):
        table.insert(place, column, value)
    return table


def _with_spread(table: pd.DataFrame, found: Spread, names: Sequence[str]) -> pd.DataFrame:
    return table.assign(**{name: getattr(found, name) for name in names})


def _mean(values: np.ndarray) -> np.ndarray:
    return np.nanmean(values, axis=1).mean(axis=0)


def _over_worlds(frame: pd.DataFrame, by: Sequence[str]) -> np.ndarray:
    """Return ages by cell, the mean over draws of the replicate means."""
    by_draw = frame.groupby(level=["draw", *by]).mean()
    mean = by_draw.groupby(level=list(by)).mean() if by else by_draw.mean().to_frame().T
    return mean.to_numpy()


def _draws(worlds: pd.DataFrame) -> int:
    return int(worlds.index.get_level_values("draw").nunique())
