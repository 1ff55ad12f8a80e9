"""Recorded counts that the partnership brings, beside the model with the strategy and without.

The counts are of real people, so both versions of the paper show them protected. They decide
nothing here: what is recorded moves for many reasons, and nobody was without the programmes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vru_model.analysis.disclosure import HIDDEN
from vru_model.analysis.protection import ALL
from vru_model.analysis.wording import rounding_step
from vru_model.parameters.accounts.appraisal import load_rules
from vru_model.processes.calendar import START
from vru_model.reporting.beside import Mine, beside, definitions, limits, read_mine, suggested
from vru_model.reporting.blocks import Block, Chart, Prose, Table, Terms, escape
from vru_model.reporting.board.case import BASELINE, STRATEGY, BoardCase
from vru_model.reporting.board.impact.options import ImpactOptions
from vru_model.reporting.charts import INK, STYLES, look, png
from vru_model.reporting.lettering import headed, legend_below, wrapped_to
from vru_model.reporting.words import MINUS, in_words, interval, plural, rounded, slug

APART = "cannot be told apart"
_CAUTION = (
    "A recorded figure that fits the strategy better than things as they are does not show that "
    "the strategy works, and one that fits worse does not show that it fails: recording changes, "
    "other things happen in the same years, and nobody here was without the programmes. The "
    "designs recommended below are what would tell. Where the two differ before the strategy "
    "starts, ask first whether they count the same: whose home or whose place, which codes, which "
    "ages, first or all episodes. Quarters and months are compared with that share of a year, "
    "season left out."
)


def model_year(period: str) -> int:
    """Return the model year in which most of a period lies; 0 and below lie before the first.

    Financial years are the model's own; a calendar year counts as the one that begins in it.
    """
    first = int(load_rules().profiles[load_rules().default].first_year[:4])
    year = int(period[:4])
    month = 3 * int(period[-1]) if "Q" in period else int(period[5:]) if "-" in period else 12
    return year - first + (1 if month >= START.month else 0)


def observed_blocks(case: BoardCase, options: ImpactOptions) -> list[Block]:
    """Return the counts beside the model: what was compared, a chart and a table a measure."""
    mine = read_mine(Path(str(options.file)))
    pairs = {**suggested(mine.measures), **options.compared_with}
    table = together(case, mine, pairs)
    digest = options.contents["observed"][:12]
    source = f"{Path(mine.file).name} (SHA-256 {digest}), small numbers protected; {case.source}"
    blocks: list[Block] = [
        Prose(f"{_summary(table)} {escape(mine.protected.note)}"), Terms(definitions(mine, pairs)),
    ]  # fmt: skip
    for measure, rows in table.groupby("measure", sort=False):
        totals = rows[_is_total(rows)]
        if len(totals):
            blocks.append(_chart(str(measure), totals, source))
        for period, cells in rows.groupby("period", sort=False):
            blocks.append(_table(str(measure), str(period), cells, source))
    return [*blocks, Prose(_CAUTION)]


def together(case: BoardCase, mine: Mine, pairs: Mapping[str, str]) -> pd.DataFrame:
    """Return the shown figures beside both runs.

    Columns: those of :func:`vru_model.reporting.beside.beside` for things as they are, with
    strategy, strategy_low95 and strategy_high95 (NaN before the strategy starts), year (of the
    model; 0 and below: before the first), and verdict over both.
    """
    year: Callable[[str], int] = lambda period: max(1, model_year(period))  # noqa: E731
    table = beside(case.run(BASELINE), mine, pairs, year)
    then = beside(case.run(STRATEGY), mine, pairs, year)
    table["year"] = [model_year(period) for period in table["period"]]
    started = table["year"] > 0
    for name, column in (("strategy", "modelled"), ("strategy_low95", "low95"),
                         ("strategy_high95", "high95")):  # fmt: skip
        table[name] = then[column].where(started)
    table["verdict"] = [
        _both(now, with_it) if on else now
        for now, with_it, on in zip(table["verdict"], then["verdict"], started, strict=True)
    ]
    table["verdict"] = table["verdict"].str.removeprefix("yours is ")
    return table


def _both(now: str, then: str) -> str:
    """Return what a figure says beside both runs, in words."""
    if now == then:
        return "fits both: cannot be told apart" if now == APART else now
    if now == APART:
        return f"fits as now; {then.replace('the model', 'with the strategy the model')}"
    if then == APART:
        return f"fits with the strategy; {now.replace('the model', 'as now the model')}"
    return f"{now.replace('the model', 'as now the model')}; with the strategy it has " + (
        "more" if then.endswith("more") else "fewer")  # fmt: skip


def _summary(table: pd.DataFrame) -> str:
    """Return how many figures there are, and how many could be laid beside the model."""
    compared = table[np.isfinite(table["modelled"]) & (table["recorded"] != HIDDEN)]
    left = [f"{number} ({each})" for each, number in
            table.loc[table["why"] != "", "why"].value_counts().items()]  # fmt: skip
    hidden = int((table["recorded"] == HIDDEN).sum())
    words = (f"Of {plural(len(table), 'recorded figure')}, totals included, {len(compared)} can be "
             f"laid beside the model; {hidden} {'is' if hidden == 1 else 'are'} hidden, being "
             "small or giving a small one away")  # fmt: skip
    return f"{words}{'; not compared: ' + in_words(left) if left else ''}."


def _is_total(rows: pd.DataFrame) -> pd.Series:
    """Return which rows are the whole of a measure and period, shown and compared."""
    whole = (rows["area"] == ALL) & (rows["age_band"] == ALL)
    return whole & (rows["recorded"] != HIDDEN) & np.isfinite(rows["modelled"])


def _table(measure: str, period: str, cells: pd.DataFrame, source: str) -> Table:
    cells = _told_once(cells)
    rows = cells.to_dict("records")
    year = int(cells["year"].iloc[0])
    when = "before the strategy starts, beside year 1 as now" if year < 1 else f"model year {year}"
    frame = pd.DataFrame({
        "Area": cells["area"],
        "Ages": [each.replace("-", " to ") for each in cells["age_band"]],
        "Recorded": [_count(each) for each in cells["recorded"]],
        "95% of counting": [limits(row, "recorded_low95", "recorded_high95") or "hidden"
                            for row in rows],
        "As now, 95% interval": [_modelled(row, "modelled", "low95", "high95") for row in rows],
        "With the strategy, 95% interval": [
            _modelled(row, "strategy", "strategy_low95", "strategy_high95", year < 1)
            for row in rows],
        "In words": cells["verdict"],
    })  # fmt: skip
    return Table(
        f"observed-{slug(measure)}-{slug(period)}",
        f"{measure}, {period} ({when}): recorded and modelled", frame, cells, source,
        text_columns=("Ages", "In words"),
    )  # fmt: skip


def _told_once(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells without totals of a single area or a single band: the same once more."""
    for column in ("area", "age_band"):
        if cells.loc[cells[column] != ALL, column].nunique() == 1:
            cells = cells[cells[column] != ALL]
    return cells


def _count(shown: str) -> str:
    return shown if shown == HIDDEN else f"{int(shown):,}"


def _modelled(row: Mapping[str, float], name: str, low: str, high: str, early: bool = False) -> str:
    if early:
        return "not yet begun"
    if not np.isfinite(row[name]):
        return "not compared"
    step = rounding_step(row[name], row[low], row[high])
    mean = f"mean {rounded(row[name], step)}"
    return f"{interval(row[low], row[high], step)} ({mean})" if np.isfinite(row[low]) else mean


def _chart(measure: str, totals: pd.DataFrame, source: str) -> Chart:
    title = _message(measure, totals)
    words = "; ".join(
        f"{row['period']}: recorded {_count(row['recorded'])} "
        f"({limits(row, 'recorded_low95', 'recorded_high95')}), as now "
        f"{_modelled(row, 'modelled', 'low95', 'high95')}, with the strategy "
        f"{_modelled(row, 'strategy', 'strategy_low95', 'strategy_high95', row['year'] < 1)}"
        for row in totals.to_dict("records")
    )
    return Chart(
        f"observed-{slug(measure)}", png(draw(title, totals)),
        f"Points with 95% intervals by period, all areas and ages of the file together: {words}. "
        "The tables that follow give every number.",
        f"{measure}: recorded, with the 95% interval of counting, and modelled, with the 95% "
        "interval over draws",
        source,
    )  # fmt: skip


def _message(measure: str, totals: pd.DataFrame) -> str:
    """Return in how many periods the whole of a measure fits the model."""
    fits = totals["verdict"].str.startswith("fits") | (totals["verdict"] == APART)
    return (f"{measure}: the recorded total fits the model in {int(fits.sum())} of "
            f"{plural(len(totals), 'period')} (95% intervals)")  # fmt: skip


def draw(title: str, totals: pd.DataFrame) -> Figure:
    """Return the totals by period: recorded, modelled as now and with the strategy."""
    recorded = totals["recorded"].astype(float)
    series = (
        ("recorded", recorded, "recorded_low95", "recorded_high95", STYLES[3], -0.2),
        ("modelled, as now", totals["modelled"], "low95", "high95", STYLES[1], 0.0),
        ("modelled, with the strategy", totals["strategy"], "strategy_low95", "strategy_high95",
         STYLES[0], 0.2),
    )  # fmt: skip
    with matplotlib.rc_context(look()):
        figure = headed(title, 9.2, 4.0)
        axes: Axes = figure.subplots()
        places = np.arange(len(totals))
        for words, middle, low, high, style, shift in series:
            axes.vlines(places + shift, totals[low], totals[high], style.colour, linewidth=1.6)
            axes.plot(places + shift, middle, style.marker, color=style.colour, markersize=8,
                      markeredgecolor="white", label=words)  # fmt: skip
        axes.set_xticks(places, [wrapped_to(each, 1.2) for each in totals["period"]])
        axes.set_xlim(-0.6, len(totals) - 0.4)
        axes.set_ylim(bottom=0)
        axes.axhline(0, color=INK, linewidth=1)
        axes.set_xlabel("Period")
        axes.set_ylabel("Count in the period,\nall areas and ages of the file")
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.4g}".replace("-", MINUS))
        legend_below(figure, axes, columns=3)
    return figure
