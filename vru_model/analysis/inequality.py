"""Inequality of violence along deprivation: how steep it is, and whether a scenario narrows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vru_model.analysis.counting import PERSON_YEARS, at_risk
from vru_model.analysis.measures import arranged, burden, world_counts
from vru_model.analysis.statistics.concentration import concentration_index
from vru_model.analysis.statistics.gradients import (
    gradient,
    simulated_rates,
    slope_and_ratio,
)
from vru_model.analysis.statistics.verdict import verdict
from vru_model.experiments.compare import ALL_AGES
from vru_model.experiments.intervals import limits_of_draws
from vru_model.parameters.accounts.measures import Measure, MeasureCatalogue, load_measures

if TYPE_CHECKING:
    from vru_model.experiments.results import Run

_BY = ("deprivation_decile",)
_STATISTICS = (
    "slope_index", "relative_index", "relative_to_mean", "absolute_gap", "relative_gap",
)  # fmt: skip


def inequality(
    run: Run, group: str = ALL_AGES, catalogue: MeasureCatalogue | None = None
) -> pd.DataFrame:
    """Return the gradient of every measure over the deprivation deciles, all years together.

    Columns: measure, title, unit, per, group, each statistic with its simulated 95% limits (of
    counting: what an analyst would give for observed counts), concentration_index with its own,
    convex, fit.
    Measures that do not occur in every decile have no ratio and no log fit; health lost, which is
    no count, has no limits of counting and is left out.
    """
    table = burden(run, _BY, group, catalogue)
    rows = []
    for _, cells in table.groupby("measure", sort=False):
        cells = cells.sort_values("deprivation_decile")
        if len(cells) < 3 or cells["rate"].sum() == 0 or cells["counting_low95"].isna().any():
            continue
        people = cells[PERSON_YEARS].to_numpy()
        found = gradient(
            cells["rate"], people, cells["counting_low95"], cells["counting_high95"]
        )
        row = cells.iloc[0][["measure", "title", "unit", "per", "group"]].to_dict()
        for statistic in _STATISTICS:
            value, low, high = getattr(found, statistic)
            row |= {statistic: value, f"{statistic}_low95": low, f"{statistic}_high95": high}
        row |= _concentration(cells, people)
        row |= {"convex": found.convex, "fit": found.fit}
        rows.append(row)
    return pd.DataFrame(rows)


def _concentration(cells: pd.DataFrame, people: np.ndarray) -> dict[str, float]:
    """Return the concentration index of rates with its simulated 95% limits."""
    sets = simulated_rates(
        *(cells[name].to_numpy() for name in ("rate", "counting_low95", "counting_high95"))
    )
    low, high = np.nanpercentile(concentration_index(sets, people), [2.5, 97.5])
    return {"concentration_index": float(concentration_index(cells["rate"], people)),
            "concentration_index_low95": float(low), "concentration_index_high95": float(high)}


def inequality_change(
    base: Run, other: Run, group: str = ALL_AGES, catalogue: MeasureCatalogue | None = None
) -> pd.DataFrame:
    """Return what a scenario does to absolute and relative inequality, with the four-cell verdict.

    Slope and relative indices are worked out in each draw of both runs, from the same linear fit,
    so that their change is paired. Below 20 draws, and where the 80% interval of the change in the
    distance from equality holds nought, the verdict is that it cannot be told. Columns: measure,
    title, group, slope_index_baseline and slope_index_scenario with 95% limits over draws,
    slope_change with 80% and 95% limits, the same of the relative index, absolute, relative, cell,
    draws.
    """
    chosen = catalogue or load_measures()
    sides = [world_counts(run, chosen, _BY, group) for run in (base, other)]
    rows = []
    for name, measure in chosen.measures.items():
        if any(name not in side for side in sides):
            continue
        pairs = [_indices(side, name, measure) for side in sides]
        (slope, ratio), (slope_after, ratio_after) = pairs
        if not np.any(slope):
            continue
        found = verdict((slope, slope_after), (ratio, ratio_after))
        rows.append(
            {"measure": name, "title": measure.title, "group": group}
            | _change("slope", "slope_index", slope, slope_after)
            | _change("relative", "relative_index", ratio, ratio_after)
            | {"absolute": found.absolute, "relative": found.relative, "cell": found.cell,
               "draws": len(slope)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _indices(side: pd.DataFrame, name: str, measure: Measure) -> tuple[np.ndarray, np.ndarray]:
    """Return the slope and the relative index of each draw."""
    events, people = (
        np.nanmean(arranged(side[column], _BY).values, axis=1)
        for column in (name, at_risk(measure))
    )
    found = [
        slope_and_ratio(row / exposed * measure.per, exposed)
        for row, exposed in zip(events, people, strict=True)
    ]
    return np.array([each[0] for each in found]), np.array([each[1] for each in found])


def _change(short: str, long: str, before: np.ndarray, after: np.ndarray) -> dict[str, float]:
    row = {}
    for name, values, tails in (
        (f"{long}_baseline", before, (95,)), (f"{long}_scenario", after, (95,)),
        (f"{short}_change", after - before, (80, 95)),
    ):  # fmt: skip
        known = values[np.isfinite(values)]
        row[name] = float(np.mean(values))
        for share in tails:
            tail = (100 - share) / 2
            ends = (np.nan, np.nan)
            if len(known) > 1:
                ends = limits_of_draws(known, [tail, 100 - tail])
            row[f"{name}_low{share}"], row[f"{name}_high{share}"] = (float(end) for end in ends)
    return row
