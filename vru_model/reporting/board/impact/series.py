"""Modelled against recorded, and what a published series could ever show."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vru_model.analysis.detectability import REGRESSION_TO_THE_MEAN, detectable_table
from vru_model.reporting import recorded
from vru_model.reporting.blocks import Block, Panel, Prose, Table
from vru_model.reporting.board.case import BASELINE, BoardCase
from vru_model.reporting.board.standing import VALIDATION, standing
from vru_model.reporting.words import chance, percentage, plural, sentence_case, two_figures

_KEPT_YEARS = (1, 3, 5, 10)


def recorded_blocks(case: BoardCase, given: bool = False) -> list[Block]:
    """Return the baseline beside what is recorded, and what was found of the unit nationally.

    `given` says whether counts of the partnership's own stand above.
    """
    checks = recorded.checks(case.findings)
    gate = case.gates[case.strategy.name]
    kind, title = ("warning", "Warning") if gate.warning else ("note", "No warning")
    words = escape_minus(gate.sentence)
    return [
        Prose(
            ("### Published totals" if given else "No recorded counts of the partnership were "
             "given to this paper (`vru papers --observed FILE`).") + "\n\n"
            "What can always be laid beside records is where the model starts, and the size of "
            "what it claims. " + recorded.sentence(checks)
        ),
        recorded.table(case.findings, checks),
        Panel(kind, f"{title}: is what it averts plausible?", [Prose(words)], level=3),
    ]


def escape_minus(text: str) -> str:
    """Return a sentence with true minus signs in front of numbers."""
    return pd.Series([text]).str.replace(r"(?<![\w])-(?=\d)", "\N{MINUS SIGN}", regex=True)[0]


def detectability_blocks(case: BoardCase) -> list[Block]:
    """Return the smallest detectable fall by series and year, and whether the strategy shows."""
    smallest = detectable_table(case.run(BASELINE))
    seen = case.visibility()
    visible = seen[np.isfinite(seen["first_year_visible"])]
    words = (
        "The strategy would not be visible in any published series within "
        f"{plural(case.options.years, 'year')}, on average over draws. A fall there would not "
        "show that it works, and no fall would not show that it does not."
        if visible.empty
        else " ".join(visible["sentence"])
    )
    return [
        Prose(f"{words} {REGRESSION_TO_THE_MEAN}"),
        _smallest(case, smallest), _seen(case, seen),
    ]  # fmt: skip


def _smallest(case: BoardCase, table: pd.DataFrame) -> Table:
    rows = []
    for (title, group), cells in table.groupby(["title", "group"], sort=False):
        by_year = cells.set_index("years_after")
        rows.append(
            {"Series": f"{title}, {group}",
             "Counted in year 1 (95% interval)": _count(cells.iloc[0])}
            | {f"After {plural(year, 'year')}": _fall(by_year.loc[year]) for year in _KEPT_YEARS}
        )  # fmt: skip
    return Table(
        name="detectable",
        caption="The smallest fall that a published series could show against three years before "
        "(80% power, 5% significance, two-sided); in brackets, where the series moves from year to "
        "year half and twice as much as usual. No trend and no comparison area: an optimistic "
        "limit",
        frame=pd.DataFrame(rows), data=table,
        source=f"model run {case.run(BASELINE).run_id}; yearly movement: parameters/measures.yaml",
    )  # fmt: skip


def _count(row: pd.Series) -> str:
    mean, low, high = (
        two_figures(row[name])
        for name in ("yearly_count", "yearly_count_low95", "yearly_count_high95")
    )
    return f"{low} to {high} (mean {mean})" if np.isfinite(row["yearly_count_low95"]) else mean


def _fall(row: pd.Series) -> str:
    if row["fall"] >= 1:
        return "never"
    low, high = (percentage(min(row[name], 1.0)) for name in ("fall_low", "fall_high"))
    return f"{percentage(row['fall'])} ({low} to {high})"


def _seen(case: BoardCase, table: pd.DataFrame) -> Table:
    rows = []
    for row in table.to_dict("records"):
        low, high = (percentage(row[name]) for name in ("low95", "high95"))
        year = row["first_year_visible"]
        rows.append({
            "Series": f"{row['title']}, {row['group']}",
            "Modelled fall (95% interval)": f"{low} to {high} (mean {percentage(row['change'])})"
            if np.isfinite(row["low95"]) else percentage(row["change"]),
            "Detectable fall": percentage(row["detectable"]) if row["detectable"] < 1 else "none",
            "Visible by the end of year": f"{year:.0f}" if np.isfinite(year) else "not visible",
            "Chance that it is visible": chance(row["chance_visible"], row["draws"]),
        })  # fmt: skip
    return Table(
        name="visibility",
        caption=f"What the strategy changes in each published series by year {case.options.years}, "
        "beside what the series could show; a minus sign means a rise",
        frame=pd.DataFrame(rows), data=table, source=case.source,
    )  # fmt: skip


def validation_blocks() -> list[Block]:
    """Return how far the model shows what is known, those that it fails first and plainly."""
    table = pd.read_csv(VALIDATION)
    judged = table[table["use"] == "validation"]
    shown = judged[judged["verdict"].isin(["fail", "not shown", "partial"])].copy()
    shown["order"] = shown["verdict"].map({"fail": 0, "not shown": 1, "partial": 2})
    rows = [
        {
            "Pattern": f"{row['pattern']}: {row['group']}",
            "The model": sentence_case(str(row["verdict"])),
            "Known": _value(row["target"]),
            "Modelled (95% interval)": _modelled(row),
            "Unit": row["unit"],
            "Source": row["source"],
        }
        for row in shown.sort_values("order", kind="stable").to_dict("records")
    ]
    return [
        Prose(f"{standing().sentence} Those that it fails, cannot show or shows in part:"),
        Table(
            name="validation-misses",
            caption="Patterns held back from calibration that the model does not show in full",
            frame=pd.DataFrame(rows), source="docs/validation.csv, written by vru validate",
            text_columns=("The model", "Unit", "Source"),
        ),
    ]  # fmt: skip


def _value(value: float) -> str:
    return two_figures(value) if np.isfinite(value) else "none"


def _modelled(row: dict) -> str:
    if not np.isfinite(row["value"]):
        return "cannot be shown"
    low, high = row["low"], row["high"]
    if not (np.isfinite(low) and np.isfinite(high)):
        return two_figures(row["value"])
    return f"{two_figures(low)} to {two_figures(high)} (mean {two_figures(row['value'])})"
