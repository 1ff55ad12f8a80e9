"""Progress against the needs assessment: each issue, its indicator now, what is done, the gap."""

from __future__ import annotations

import pandas as pd

from vru_model.analysis.needs import (
    ADDRESSED,
    NO_PROGRAMME_EXISTS,
    NONE_FUNDED,
    NONE_HELPFUL,
)
from vru_model.analysis.wording import rounding_step
from vru_model.reporting.blocks import Block, Prose, Table, escape
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.programme.readings import Readings
from vru_model.reporting.estimates import label
from vru_model.reporting.words import (
    chance,
    in_words,
    interval,
    plural,
    rounded,
    sentence_case,
    two_figures,
)

_NOTHING = "none"
_NAMED = 4
_GAPS = {
    ADDRESSED: "addressed", NONE_FUNDED: "open: none funded",
    NO_PROGRAMME_EXISTS: "open: none exists", NONE_HELPFUL: "open: none expected to help",
}  # fmt: skip


def needs_blocks(case: BoardCase, readings: Readings) -> list[Block]:
    """Return what the strategy does about each issue, then what it leaves open."""
    table = readings.needs
    blocks: list[Block] = [Prose(summary(case, table)), progress_table(case, table)]
    left = open_issues(table)
    if len(left):
        blocks += [Prose("### What is left open"), gaps_table(case, left)]
    beside = readings.beside_the_needs
    if beside:
        blocks.append(Prose(
            f"The strategy also pays for {escape(in_words([each.lower() for each in beside]))}, "
            "which no issue of the assessment names."
        ))  # fmt: skip
    return blocks


def summary(case: BoardCase, table: pd.DataFrame) -> str:
    """Return in words how many issues the strategy addresses, and in how many it can be told."""
    addressed = table[table["gap"] == ""]
    measured = addressed[addressed["contribution"].notna()]
    clear = [row for _, row in measured.iterrows() if direction(row) == "better"]
    worse = [row for _, row in measured.iterrows() if direction(row) == "worse"]
    words = [
        f"{sentence_case(label(case.strategy.name))} pays for programmes on {len(addressed)} of "
        f"the {plural(len(table), 'issue')} that the needs assessment names."
    ]
    year = case.options.years
    if len(measured):
        named = in_words([escape(str(row["title"]).lower()) for row in clear])
        told = f"{len(clear)} of the {len(measured)} that the model measures"
        words.append(
            f"In year {year} its contribution can be told from nothing (80% interval) on {told}"
            f"{f': {named}' if 0 < len(clear) <= _NAMED else ''}."
        )
    if worse:
        names = in_words([escape(str(row["title"]).lower()) for row in worse])
        words.append(f"**It goes the wrong way on {names}.**")
    unmeasured = int(table["contribution"].isna().sum())
    if unmeasured:
        words.append(f"On {plural(unmeasured, 'issue')} the model has no number to give.")
    return " ".join(words)


def direction(row: pd.Series) -> str:
    """Return "better", "worse" or "unclear": what the 80% interval of a contribution allows."""
    if row["low80"] > 0:
        return "better"
    return "worse" if row["high80"] < 0 else "unclear"


def open_issues(table: pd.DataFrame) -> pd.DataFrame:
    """Return the issues that the strategy leaves open."""
    return table[table["gap"] != ""]


def progress_table(case: BoardCase, table: pd.DataFrame) -> Table:
    """Return issue → indicator now → programmes → modelled contribution → gap."""
    rows = [
        {
            "Issue": row["title"],
            "Indicator, now (95% interval)": f"{row['indicator']}: {now(row)}"
            if row["indicator"] else "not measured by the model",
            "Programmes in the strategy": "; ".join(row["funded"]) or _NOTHING,
            f"Contribution in year {case.options.years} (80% interval)": contribution(row),
            "Chance of better": _chance(row),
            "Gap": _GAPS[row["gap"]],
        }
        for _, row in table.iterrows()
    ]
    data = table.drop(columns=["meaning", "note", "differs"])
    lists = {name: data[name].map("; ".join) for name in ("funded", "not_funded")}
    return Table(
        name="needs",
        caption="Each issue of the needs assessment, in the order of a life: what it is measured "
        "by, what the strategy pays for, and what that contributes against business as usual "
        "(above 0: the way that is wanted)",
        frame=pd.DataFrame(rows),
        data=data.assign(**lists),
        source=f"{case.source}. Issues: parameters/needs.yaml, which names the assessment of each",
        text_columns=tuple(rows[0])[1:],
    )


def gaps_table(case: BoardCase, table: pd.DataFrame) -> Table:
    """Return what the strategy leaves open, and what the register has for it."""
    rows = [
        {
            "Issue": row["title"],
            "Why it is open": sentence_case(row["gap"]),
            "What the register has for it": in_words(list(row["not_funded"]))
            if row["gap"] != NO_PROGRAMME_EXISTS
            else str(row["note"]),
        }
        for _, row in table.iterrows()
    ]
    return Table(
        name="needs-open",
        caption=f"Issues that {label(case.strategy.name)} leaves open, and what could be done",
        frame=pd.DataFrame(rows),
        source="parameters/needs.yaml and the documents in parameters/programmes",
        text_columns=("Why it is open", "What the register has for it"),
    )


def now(row: pd.Series) -> str:
    """Return the indicator in year 1 without the strategy: the interval before the mean."""
    return _amount(row, "now", row["now_low95"], row["now_high95"])


def contribution(row: pd.Series) -> str:
    """Return what the strategy contributes in the last year."""
    if pd.isna(row["contribution"]):
        return "not known"
    if row["contribution"] == row["low95"] == row["high95"] == 0:
        return "none seen among the residents simulated"
    return _amount(row, "contribution", row["low80"], row["high80"], (row["low95"], row["high95"]))


def _amount(
    row: pd.Series, name: str, low: float, high: float, wide: tuple[float, float] | None = None
) -> str:
    """Return "low to high (mean)", as a count, a percentage or a ratio."""
    mean = row[name]
    if pd.isna(mean):
        return "not known"
    factor, sign = (100.0, "%") if row["kind"] == "share" else (1.0, "")
    ends = wide or (low, high)
    step = rounding_step(factor * mean, factor * ends[0], factor * ends[1])
    if pd.isna(low):
        return f"{two_figures(factor * mean)}{sign}"
    points = " points" if name == "contribution" and sign else ""
    unit = points or sign
    return f"{interval(factor * low, factor * high, step)}{unit} " \
           f"(mean {rounded(factor * mean, step)}{unit})"  # fmt: skip


def _chance(row: pd.Series) -> str:
    if pd.isna(row["chance_better"]) or pd.isna(row["draws"]):
        return "not known"
    if row["contribution"] == row["low95"] == row["high95"] == 0:
        return "not known"
    return chance(float(row["chance_better"]), int(row["draws"]))


