"""Who benefits: by deprivation, age and sex, what happens to inequality, and what it is worth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vru_model.analysis.appraisal.fairness import equity_table, health_by_quintile, turning_aversion
from vru_model.analysis.measures import arranged, world_counts
from vru_model.analysis.wording import rounding_step
from vru_model.experiments import Run
from vru_model.experiments.intervals import spread
from vru_model.parameters.accounts.measures import MeasureCatalogue, load_measures
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.case import BASELINE, STRATEGY, BoardCase
from vru_model.reporting.estimates import told
from vru_model.reporting.words import (
    chance,
    in_words,
    interval,
    rounded,
    sentence_case,
    two_figures,
)

_MEASURE = "admissions"
_FIFTHS = {
    1: "most deprived fifth", 2: "second most deprived fifth", 3: "middle fifth",
    4: "second least deprived fifth", 5: "least deprived fifth",
}  # fmt: skip
_KINDS = {"fifth": "deprivation_quintile", "age": "age_band", "sex": "sex"}
_AGES = [0, 18, 25, 45, 200]
_AGE_NAMES = ["under 18", "18 to 24", "25 to 44", "45 or over"]
_LIMITS = ("low80", "high80", "low95", "high95", "chance_better")
_INEQUALITY = ("injuries", "admissions", "sharp_object_admissions", "victims")


def benefit_blocks(case: BoardCase) -> list[Block]:
    """Return admissions averted by group, inequality, and the equity-weighted net gain."""
    table = by_group(case)
    return [
        Prose(message(table)), _groups(case, table), *_inequality(case), *_health(case),
    ]  # fmt: skip


def by_group(case: BoardCase) -> pd.DataFrame:
    """Return admissions averted by fifth of deprivation, age of the victim and sex.

    Columns: kind, group, baseline, averted with its intervals, chance_better, draws; all years.
    """
    measures = load_measures().measures
    only = MeasureCatalogue(measures={_MEASURE: measures[_MEASURE]})
    rows = []
    for kind, column in _KINDS.items():
        before, after = (
            _cells(case.run(part), only, column) for part in (BASELINE, STRATEGY)
        )
        for group in before.columns:
            counted = [arranged(side[group], ()).values for side in (before, after)]
            found = spread(counted[0] - counted[1])
            rows.append(
                {"kind": kind, "group": group, "baseline": float(np.nanmean(counted[0])),
                 "averted": float(found.mean[0])}
                | {name: float(getattr(found, name)[0]) for name in _LIMITS}
                | {"draws": len(counted[0])}
            )  # fmt: skip
    table = pd.DataFrame(rows)
    return table[table["baseline"] > 0].reset_index(drop=True)


def _cells(run: Run, only: MeasureCatalogue, column: str) -> pd.DataFrame:
    """Return the measure's counts by world (rows) and group (columns)."""
    counted = world_counts(run, only, (column,))[_MEASURE].unstack(column, fill_value=0.0)
    if column != "age_band":
        return counted
    first = counted.columns.str.extract(r"^(\d+)", expand=False).astype(int)
    names = pd.cut(first, _AGES, right=False, labels=_AGE_NAMES)
    return counted.T.groupby(np.asarray(names.astype(str)), sort=False).sum().T


def message(table: pd.DataFrame) -> str:
    """Return which groups clearly benefit, by their 80% intervals."""
    clear = [_name(row) for row in table.to_dict("records") if told(row) > 0]
    worse = [_name(row) for row in table.to_dict("records") if told(row) < 0]
    words = (
        f"Clearly fewer admissions (80% interval) among: {in_words(clear)}."
        if clear
        else "In no group alone can the strategy be told from the baseline (80% intervals)."
    )
    if worse:
        words += f" Clearly more among: {in_words(worse)}."
    return (
        f"{words} Small groups have wide intervals: a group of which nothing can be told may "
        "benefit all the same. Groups by ethnicity are not shown: it has no effect in the model, "
        "and what follows for people by protected characteristic is for the equality statement."
    )


def _name(row: dict) -> str:
    if row["kind"] == "fifth":
        return f"the {_FIFTHS[int(row['group'])]} of neighbourhoods"
    return f"victims {_aged(row['group'])}" if row["kind"] == "age" else f"{row['group']} victims"


def _aged(group: str) -> str:
    return group if group.startswith("under") else f"aged {group}"


def _groups(case: BoardCase, table: pd.DataFrame) -> Table:
    rows = []
    for row in table.to_dict("records"):
        step = max(0.1, rounding_step(row["averted"], row["low95"], row["high95"]))
        rows.append({
            "Group": sentence_case(_name(row)),
            "Baseline": two_figures(row["baseline"]),
            "Averted: 80% interval": interval(row["low80"], row["high80"], step),
            "95% interval": interval(row["low95"], row["high95"], step),
            "Mean": rounded(row["averted"], step),
            "Chance of fewer": chance(row["chance_better"], row["draws"]),
        })  # fmt: skip
    return Table(
        name="who-benefits",
        caption=f"Hospital admissions for violence averted by year {case.options.years}, by the "
        "victim’s neighbourhood, age and sex",
        frame=pd.DataFrame(rows), data=table, source=case.source,
    )  # fmt: skip


def _inequality(case: BoardCase) -> list[Block]:
    table = case.inequality()
    table = table[table["measure"].isin(_INEQUALITY)]
    if table.empty:
        return [Prose("The runs did not count violence by deprivation.")]
    rows = []
    for row in table.to_dict("records"):
        rows.append({
            "Measure": row["title"],
            "Absolute inequality": row["absolute"],
            "Change of the slope index (80% interval)": _change(row, "slope"),
            "Relative inequality": row["relative"],
            "Change of the relative index (80% interval)": _change(row, "relative"),
            "The verdict": row["cell"],
        })  # fmt: skip
    return [
        Table(
            name="inequality",
            caption="What the strategy does to inequality over deprivation: absolute and relative, "
            "each narrower, wider or cannot be told. Both are needed: one can narrow while the "
            "other widens",
            frame=pd.DataFrame(rows), data=table, source=case.source,
            text_columns=("Absolute inequality", "Relative inequality", "The verdict"),
        )
    ]  # fmt: skip


def _change(row: dict, name: str) -> str:
    low, high = row[f"{name}_change_low80"], row[f"{name}_change_high80"]
    return interval(low, high, rounding_step(row[f"{name}_change"], low, high))


def _health(case: BoardCase) -> list[Block]:
    streams = case.streams()
    health, equity = health_by_quintile(streams), equity_table(streams)
    rows = []
    for row in health.to_dict("records"):
        step = rounding_step(row["net"], row["net_low95"], row["net_high95"])
        rows.append({
            "Neighbourhoods": sentence_case(_FIFTHS[int(row["deprivation_quintile"])]),
            "QALYs gained (95% interval)": _of(row["gained_low95"], row["gained_high95"],
                                               row["gained"], step),
            "QALYs given up": rounded(row["given_up"], step),
            "Net QALYs (95% interval)": _of(row["net_low95"], row["net_high95"], row["net"], step),
        })  # fmt: skip
    first = Table(
        name="health-by-fifth",
        caption=f"Health gained, and given up because the money could buy health elsewhere, by "
        f"fifth of deprivation over {case.options.years} years: quality-adjusted life years "
        f"(QALYs), discounted, corrected for optimism ({streams.profile.price_base} prices)",
        frame=pd.DataFrame(rows), data=health, source=case.source,
    )  # fmt: skip
    return [Prose(_worth(case)), first, _weighted(case, equity)]


def _worth(case: BoardCase) -> str:
    turn = turning_aversion(case.streams())
    says = (
        "No concern for equality within the range shown turns the verdict of plain counting."
        if turn is None
        else f"The verdict of plain counting turns at an aversion of {turn:g}."
    )
    return (
        "Distributional cost-effectiveness asks whose health is gained, whose is given up because "
        "the same money would have bought health elsewhere, and what the difference is worth to a "
        f"board that minds inequality. {says} Health alone is counted here, not money saved."
    )


def _weighted(case: BoardCase, table: pd.DataFrame) -> Table:
    rows = []
    for row in table.to_dict("records"):
        step = rounding_step(row["weighted"], row["low95"], row["high95"])
        rows.append({
            "Aversion to inequality": f"{row['aversion']:g}",
            "Net gain, QALYs if equally shared (95% interval)":
                _of(row["low95"], row["high95"], row["weighted"], step),
            "Chance that it is a gain": chance(row["chance_above_zero"], row["draws"]),
        })  # fmt: skip
    return Table(
        name="equity-weighted",
        caption="What the net gain in health is worth over a range of aversion to inequality "
        "(Atkinson’s parameter; at 0 every QALY counts the same)",
        frame=pd.DataFrame(rows), data=table, source=case.source,
    )  # fmt: skip


def _of(low: float, high: float, mean: float, step: float) -> str:
    if not np.isfinite(low):
        return rounded(mean, step)
    return f"{interval(low, high, step)} (mean {rounded(mean, step)})"
