"""When would a strategy show in a published series, or never?

A board that is promised a fall will look for it in emergency-department data. Most strategies of
a grant's size are smaller than the year-to-year movement of the series; saying so beforehand is
honest, and says that the evaluation has to follow people, not totals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vru_model.analysis.counting import counts
from vru_model.analysis.measures import arranged
from vru_model.analysis.statistics.detection import AFTER_YEARS, detectable_fall, dispersion
from vru_model.experiments.compare import GROUPS
from vru_model.experiments.intervals import spread
from vru_model.parameters.accounts.measures import MeasureCatalogue, load_measures

if TYPE_CHECKING:
    from vru_model.experiments.results import Run
    from vru_model.parameters.accounts.measures import Measure

REGRESSION_TO_THE_MEAN = (
    "A place or year chosen because its count was high will fall by itself: part of a high count "
    "is chance. Compare with what would have happened, never with the year before."
)


def detectable_table(run: Run, catalogue: MeasureCatalogue | None = None) -> pd.DataFrame:
    """Return the smallest fall that each published series could show, by years of data after.

    Columns: measure, title, group, yearly_count (of the run's first year, with its 95% interval
    over draws), overdispersion, years
    after, fall (share; 80% power, 5% two-sided, three years before), fall_low and fall_high at half
    and twice the series' movement from year to year, and fall_in_counts a year.
    """
    rows = []
    for name, measure, group, first in _series(run, catalogue):
        count = float(first.mean[0])
        for years in AFTER_YEARS:
            found = [
                float(detectable_fall(count, years, dispersion(count, moves)))
                for moves in _movements(measure)
            ]
            rows.append({
                "measure": name, "title": measure.title, "group": group, "yearly_count": count,
                "yearly_count_low95": first.low95[0], "yearly_count_high95": first.high95[0],
                "overdispersion": dispersion(count, measure.yearly_variation or 0.0),
                "years_after": years, "fall": found[1], "fall_low": found[0],
                "fall_high": found[2], "fall_in_counts": found[1] * count,
            })  # fmt: skip
    return pd.DataFrame(rows)


def visibility(
    base: Run, other: Run, catalogue: MeasureCatalogue | None = None
) -> pd.DataFrame:
    """Return the first year by which a strategy becomes visible in each published series.

    Columns: measure, title, group, by_year (the horizon), change (mean relative fall over all
    years, with low95 and high95 over draws), detectable (at that many years), first_year_visible
    (not a number where the series never shows it within the horizon), chance_visible (share of
    draws in which it does), draws, sentence.
    """
    rows = []
    chosen = catalogue or load_measures()
    for name, measure, group, first in _series(base, chosen):
        count = float(first.mean[0])
        before, after = (
            arranged(counts(run, {name: measure}, ("year",), group)[name], ("year",)).values
            for run in (base, other)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            fall = 1 - np.cumsum(after, axis=-1) / np.cumsum(before, axis=-1)
        years = np.arange(1, fall.shape[-1] + 1)
        limit = detectable_fall(count, years, dispersion(count, measure.yearly_variation or 0.0))
        by_draw = np.nanmean(fall, axis=1)
        mean = by_draw.mean(axis=0)
        found = spread(fall[..., -1:])
        seen = np.flatnonzero(mean >= limit)
        row = {
            "measure": name, "title": measure.title, "group": group, "by_year": int(years[-1]),
            "change": mean[-1], "low95": found.low95[0], "high95": found.high95[0],
            "detectable": float(limit[-1]),
            "first_year_visible": float(years[seen[0]]) if len(seen) else np.nan,
            "chance_visible": float((by_draw >= limit).any(axis=-1).mean()),
            "draws": len(by_draw),
        }  # fmt: skip
        rows.append(row | {"sentence": _sentence(row)})
    return pd.DataFrame(rows)


def _series(run: Run, catalogue: MeasureCatalogue | None):
    """Yield (name, measure, group, first year's count) of every published series with counts."""
    chosen = catalogue or load_measures()
    published = {
        name: each for name, each in chosen.measures.items()
        if each.yearly_variation is not None and each.counters
    }  # fmt: skip
    for group in GROUPS:
        found = counts(run, published, ("year",), group)
        for name, measure in published.items():
            first = spread(arranged(found[name], ("year",)).values[..., :1])
            if first.mean[0] > 0:
                yield name, measure, group, first


def _movements(measure: Measure) -> tuple[float, float, float]:
    usual = measure.yearly_variation or 0.0
    return usual / 2, usual, 2 * usual


def _sentence(row: dict) -> str:
    what = row["title"][:1].lower() + row["title"][1:]
    where = what if row["group"] == GROUPS[0] else f"{what} of under-25s"
    if np.isfinite(row["first_year_visible"]):
        return (
            f"Expected to be visible in {where} by the end of year "
            f"{row['first_year_visible']:.0f}, on average over draws."
        )
    if row["detectable"] >= 1:
        return f"Not visible in {where}: the series is too small to show any fall. Follow people."
    return (
        f"Not visible in {where} within {row['by_year']} years: the series would have to fall by "
        f"{row['detectable']:.0%}. Follow people, or pool places."
    )
