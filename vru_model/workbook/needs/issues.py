"""Issues → programmes → what they contribute → gaps, as tables and a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib
import numpy as np
import pandas as pd

from vru_model.analysis.needs import ADDRESSED, beside_the_needs, progress
from vru_model.analysis.wording import figure, rounding_step
from vru_model.experiments.intervals import FEWEST_DRAWS
from vru_model.parameters.accounts.needs import NeedsAssessment
from vru_model.reporting.blocks import Block, Chart, Prose, Table, escape
from vru_model.reporting.charts import INK, STYLES, look, png
from vru_model.reporting.lettering import headed, rows_height, wrapped_to
from vru_model.reporting.words import MINUS, chance, interval, money, plural

if TYPE_CHECKING:
    from vru_model.experiments import Run
    from vru_model.scenario import Scenario


def issue_blocks(
    base: Run, other: Run | None, scenario: Scenario, needs: NeedsAssessment | None = None
) -> list[Block]:
    """Return what the strategy does for each issue, and what it leaves open."""
    table = progress(base, other, scenario, needs)
    rows = table.to_dict("records")
    blocks: list[Block] = [Prose(_summary(table, scenario))]
    if other is not None:
        blocks.append(_chart(table, scenario))
    blocks += [_indicators(table, base, other), _programmes(rows, base), _gaps(rows)]
    besides = beside_the_needs(scenario, needs)
    if besides:
        blocks.append(Prose("Funded, though no issue of the assessment names it: "
                            + escape("; ".join(besides)) + "."))  # fmt: skip
    few = (f" Below {FEWEST_DRAWS} draws the intervals do not cover what is not known."
           if table["draws"].max() < FEWEST_DRAWS else "")  # fmt: skip
    return [*blocks, Prose(
        "A contribution is the difference from the same world without the strategy, above 0 where "
        "the indicator goes the way that is wanted. A programme can act on several issues, and the "
        f"whole strategy is behind every number.{few} {escape(base.manifest['note'])}")]


def _summary(table: pd.DataFrame, scenario: Scenario) -> str:
    open_ones = table[table["gap"] != ADDRESSED]
    addressed = len(table) - len(open_ones)
    counts = open_ones["gap"].value_counts()
    told = "; ".join(f"for {number}, {gap}" for gap, number in counts.items())
    left = f" Of the rest: {told}." if told else ""
    return (f"**{escape(scenario.title)}** has a funded programme for {addressed} of "
            f"{plural(len(table), 'issue')}.{left}")  # fmt: skip


def _chart(table: pd.DataFrame, scenario: Scenario) -> Chart:
    """Return contributions as a share of the indicator, hollow where nothing is funded."""
    seen = table[table["contribution"].notna() & (table["without"] > 0)].iloc[::-1]
    whole = seen["without"].to_numpy()
    share = {name: 100 * seen[name].to_numpy() / whole
             for name in ("contribution", "low80", "high80", "low95", "high95")}  # fmt: skip
    year = int(seen["year"].iloc[0])
    clear = seen[(seen["low80"] > 0) & np.isfinite(seen["low80"])]
    title = (f"In year {year}, {len(clear)} of {len(seen)} indicators go the way that is wanted "
             "beyond an 80% interval")  # fmt: skip
    places = np.arange(len(seen))
    with matplotlib.rc_context(look()):
        names = [wrapped_to(each, 3.0) for each in seen["title"]]
        drawn = headed(title, 8.6, 1.6 + rows_height(names, 0.36))
        axes = drawn.subplots()
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        for place, gap in zip(places, seen["gap"], strict=True):
            style = STYLES[0] if gap == ADDRESSED else STYLES[1]
            axes.hlines(place, share["low95"][place], share["high95"][place], style.colour,
                        linewidth=1.2)  # fmt: skip
            axes.hlines(place, share["low80"][place], share["high80"][place], style.colour,
                        linewidth=4.5)  # fmt: skip
            axes.plot(share["contribution"][place], place, style.marker, color=style.colour,
                      markerfacecolor=style.colour if gap == ADDRESSED else "white",
                      markersize=8)  # fmt: skip
        axes.axvline(0, color=INK, linewidth=1)
        axes.set_yticks(places, names)
        axes.set_xlabel(f"Contribution in year {year}, % of the indicator; right of 0: as wanted\n"
                        "(thick 80%, thin 95%; hollow squares: no programme of it is funded)")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.4g}".replace("-", MINUS))
    said = "; ".join(
        f"{row['title']}{'' if row['gap'] == ADDRESSED else ' (not funded)'} "
        f"{_of_whole(row, 'contribution')}% ({_of_whole(row, 'low80')} to "
        f"{_of_whole(row, 'high80')})" for row in seen.iloc[::-1].to_dict("records"))  # fmt: skip
    return Chart("contributions", png(drawn),
                 "Horizontal intervals of each indicator's change as a share of its value, with "
                 f"80% intervals: {said}.",
                 f"{scenario.title}, against the same worlds without it.")


def _indicators(table: pd.DataFrame, base: Run, other: Run | None) -> Table:
    rows = table.to_dict("records")
    year = int(table["year"].max())
    shown = pd.DataFrame({
        "Issue": table["title"],
        "Indicator": [row["indicator"] or f"None: {row['differs']}" for row in rows],
        "Wanted": table["wanted"],
        "Now, year 1 (95%)": [_level(row, "now") for row in rows],
        "Target": [_target(row) for row in rows],
    })  # fmt: skip
    if other is not None:
        shown[f"Contribution, year {year} (80%)"] = [
            _with_limits(row, "contribution", "low80", "high80") for row in rows]
        shown[f"Years 1 to {year} together (80%)"] = [
            _with_limits(row, "contribution_by_year", "by_year_low80", "by_year_high80")
            for row in rows]
        shown["Chance of better"] = [
            "" if np.isnan(row["chance_better"])
            else chance(row["chance_better"], int(row["draws"])) for row in rows]
    runs = base.run_id if other is None else f"{base.run_id}; {other.run_id}"
    return Table("issues_indicators", "Issues, their indicators, and what the strategy contributes",
                 shown, table.drop(columns=["funded", "not_funded"]), source=runs,
                 text_columns=("Indicator", "Wanted", "Target"))  # fmt: skip


def _programmes(rows: list[dict], base: Run) -> Table:
    shown = pd.DataFrame({
        "Issue": [row["title"] for row in rows],
        "Funded": ["; ".join(row["funded"]) or "none" for row in rows],
        "£ a year": [money(row["money_per_year"]) if row["funded"] else "" for row in rows],
        "In the register, not funded": ["; ".join(row["not_funded"]) or "none" for row in rows],
    })  # fmt: skip
    return Table("issues_programmes", "Issues and programmes; money can stand in several rows and "
                 "must not be added up", shown, source="parameters/needs.yaml, the strategy",
                 text_columns=("Funded", "In the register, not funded"))  # fmt: skip


def _gaps(rows: list[dict]) -> Block:
    open_ones = [row for row in rows if row["gap"] != ADDRESSED]
    if not open_ones:
        return Prose("No gap: every issue has a funded programme that is expected to help.")
    shown = pd.DataFrame({
        "Issue": [row["title"] for row in open_ones],
        "Gap": [row["gap"] for row in open_ones],
        "What could be funded": ["; ".join(row["not_funded"]) or "nothing in the register"
                                 for row in open_ones],
        "Note": [row["note"] for row in open_ones],
    })  # fmt: skip
    return Table("gaps", "What the strategy leaves open", shown, source="parameters/needs.yaml",
                 text_columns=tuple(shown.columns[1:]))  # fmt: skip


def _level(row: dict, name: str) -> str:
    if np.isnan(row[name]):
        return ""
    return _with_limits(row, name, f"{name}_low95", f"{name}_high95")


def _target(row: dict) -> str:
    if np.isnan(row["target"]):
        return ""
    step = rounding_step(row["target"], row["now_low95"], row["now_high95"])
    reached = (f"; chance {chance(row['chance_target'], int(row['draws']))}"
               if np.isfinite(row["chance_target"]) else "; beyond these runs")  # fmt: skip
    return f"{figure(row['target'], step)} by year {row['target_year']:.0f}{reached}"


def _with_limits(row: dict, name: str, low: str, high: str) -> str:
    if np.isnan(row[name]):
        return ""
    factor, unit = (100.0, "%") if row["kind"] == "share" else (1.0, "")
    value, least, most = (factor * row[each] for each in (name, low, high))
    step = rounding_step(value, least, most)
    return f"{figure(value, step).replace('-', MINUS)}{unit} ({interval(least, most, step)})"


def _of_whole(row: dict, name: str) -> str:
    """Return a difference as a share of the indicator, in per cent, one digit behind the point."""
    return f"{100 * row[name] / row['without']:.1f}".replace("-", MINUS)

