"""The charts of a report: each drawn alone, and together on one page, from the same numbers.

Colour is never the only cue, the title states what the numbers say, alternative text gives them in
words, and the table with every number stands beside. PNG and SVG hold no date.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase

from vru_model.analysis.wording import pounds, rounding_step
from vru_model.reporting.charts import GREY, INK, RESOLUTION, STYLES, look
from vru_model.reporting.lettering import canvas, headed, wrapped_to
from vru_model.reporting.report.tables import ALL_PUBLIC
from vru_model.reporting.words import MINUS, interval, rounded, two_figures

_PAGE = 8.27  # inches: the width of A4
_FIFTHS = ("1 (most\ndeprived)", "2", "3", "4", "5 (least\ndeprived)")
_FIFTH_NAMES = ("most deprived", "second", "third", "fourth", "least deprived")
_HATCH = {"cashable": "", "capacity": "///", "social": "...", "paid": "xx"}
_KIND = {"cashable": STYLES[0].colour, "capacity": STYLES[2].colour, "social": "#767676",
         "paid": STYLES[1].colour}  # fmt: skip
_WORDS = {"cashable": "saved, cashable", "capacity": "saved, capacity", "social": "spared, social",
          "paid": "paid"}  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """A chart: its name, what it says, the words for it, its table, and how it is drawn."""

    name: str
    title: str
    alt: str
    table: str
    draw: Callable[[Axes], None]


def report_charts(tables: Mapping[str, pd.DataFrame], scenario: str) -> list[Chart]:
    """Return the charts that the tables of a report allow."""
    charts = [_gradient(tables["burden_by_quintile"]), _ages(tables["burden_by_age"])]
    if "averted_by_quintile" in tables:
        charts += [
            averted_by_deprivation(tables["averted_by_quintile"], scenario),
            _visible(tables["visibility"], scenario),
            _agencies(tables["agencies"], scenario),
            _health(tables["health_by_quintile"], scenario),
        ]
    return charts


def alone(chart: Chart) -> Figure:
    """Return a chart as a figure of its own."""
    with matplotlib.rc_context(look()):
        figure = Figure(figsize=(7.2, 4.4), layout="constrained")
        _panel(figure, chart, 7.2, 11.5)
    return figure


def one_page(charts: Sequence[Chart], heading: str, source: str) -> Figure:
    """Return all charts on one page (A4, upright), with what they rest on below."""
    rows = -(-len(charts) // 2)
    with matplotlib.rc_context(look() | {"font.size": 7.5}):
        figure = headed(heading, _PAGE, 1.0 + 3.45 * rows)
        panels = figure.subfigures(rows, 2, squeeze=False).ravel()
        for part, chart in zip(panels, charts, strict=False):
            _panel(part, chart, _PAGE / 2, 8.5)
        figure.supxlabel(wrapped_to(source, 0.98 * _PAGE, 6.5), x=0.01, ha="left", fontsize=6.5)
    return figure


def encoded(figure: Figure, kind: str, alt: str) -> bytes:
    """Return a figure as "png" or "svg"; the same figure gives the same bytes."""
    metadata = {"png": {"Software": None, "Description": alt},
                "svg": {"Date": None, "Creator": None, "Description": alt}}[kind]  # fmt: skip
    buffer = io.BytesIO()
    with matplotlib.rc_context(look() | {"svg.hashsalt": "report"}):
        figure.savefig(buffer, format=kind, dpi=RESOLUTION, metadata=metadata,
                       bbox_inches=canvas(figure))  # fmt: skip
    return buffer.getvalue()


def _panel(part: FigureBase, chart: Chart, width: float, size: float) -> None:
    axes = part.subplots()
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    chart.draw(axes)
    title = wrapped_to(chart.title, 0.96 * width, size, bold=True)
    part.suptitle(title, x=0.02, ha="left", fontsize=size, fontweight="bold")


def _gradient(table: pd.DataFrame) -> Chart:
    rows = _rows(table, "admissions", "all ages").sort_values("deprivation_quintile")
    values, low, high = (rows[name].to_numpy() for name in ("rate", "rate_low95", "rate_high95"))

    def draw(axes: Axes) -> None:
        places = np.arange(len(values))
        axes.bar(places, values, color=STYLES[0].colour, width=0.62)
        _whiskers(axes, places, low, high)
        axes.set_xticks(places, _FIFTHS)
        axes.set_xlabel("Deprivation fifth of the home")
        axes.set_ylabel("Admissions a year for 100,000")

    said = _said(_FIFTH_NAMES,
                 values, low, high)  # fmt: skip
    return Chart(
        "admissions_by_deprivation",
        f"Admissions a year for 100,000 residents: {_with_interval(values[0], low[0], high[0])} in "
        f"the most deprived fifth, {_with_interval(values[-1], low[-1], high[-1])} in the least",
        f"Bars of the yearly rate of emergency admissions for violence for 100,000 residents by "
        f"deprivation fifth, with 95% intervals over draws: {said}.",
        "burden_by_quintile", draw,
    )  # fmt: skip


def _ages(table: pd.DataFrame) -> Chart:
    rows = _rows(table, "admissions", "all ages").copy()
    rows["first"] = rows["age_band"].str.extract(r"^(\d+)").astype(int)[0]
    rows = rows.sort_values("first")
    starts, values = rows["first"].to_numpy(), rows["rate"].to_numpy()
    low, high = rows["rate_low95"].to_numpy(), rows["rate_high95"].to_numpy()
    peak = rows.iloc[int(np.argmax(values))]

    def draw(axes: Axes) -> None:
        axes.fill_between(starts, low, high, step="post", color=STYLES[0].colour, alpha=0.2)
        axes.step(starts, values, where="post", color=STYLES[0].colour, linewidth=2)
        axes.set_xlabel("Age of the victim, years")
        axes.set_ylabel("Admissions a year for 100,000")
        axes.set_ylim(bottom=0)

    return Chart(
        "admissions_by_age",
        f"Admissions are most frequent at ages {peak['age_band'].replace('-', ' to ')}",
        "A stepped line of the yearly rate of emergency admissions for violence for 100,000 by age "
        f"band, with a 95% band over draws. The highest is {two_figures(peak['rate'])} at ages "
        f"{peak['age_band']}; at 40 to 44 it is "
        f"{two_figures(float(rows.loc[rows['age_band'] == '40-44', 'rate'].sum()))}.",
        "burden_by_age", draw,
    )  # fmt: skip


def averted_by_deprivation(table: pd.DataFrame, scenario: str) -> Chart:
    """Return the chart of admissions averted in each fifth of deprivation."""
    rows = _rows(table, "admissions", "all ages").sort_values("deprivation_quintile")
    values = rows["averted"].to_numpy()
    limits = {name: rows[name].to_numpy() for name in ("low80", "high80", "low95", "high95")}

    def draw(axes: Axes) -> None:
        places, colour = np.arange(len(values)), STYLES[0].colour
        axes.vlines(places, limits["low95"], limits["high95"], colour, linewidth=1.2)
        axes.vlines(places, limits["low80"], limits["high80"], colour, linewidth=4.5)
        axes.plot(places, values, "o", color=colour, markeredgecolor="white", markersize=8)
        _zero(axes)
        axes.set_xticks(places, _FIFTHS)
        axes.set_xlabel("Deprivation fifth of the home; thick 80%, thin 95% intervals")
        axes.set_ylabel("Admissions averted, all years")

    first = _with_interval(values[0], limits["low95"][0], limits["high95"][0])
    title = (
        f"In the most deprived fifth the {scenario} strategy averts {first} admissions"
        if limits["low80"][0] > 0
        else f"Whether the {scenario} strategy averts admissions in the most deprived fifth cannot "
        "be told at an 80% interval"
    )
    said = _said(_FIFTH_NAMES,
                 values, limits["low95"], limits["high95"])  # fmt: skip
    return Chart("averted_by_deprivation", title,
                 f"Points of admissions averted by deprivation fifth with 95% intervals: {said}.",
                 "averted_by_quintile", draw)  # fmt: skip


def _visible(table: pd.DataFrame, scenario: str) -> Chart:
    rows = table[table["group"] == "all ages"]
    seen = rows[np.isfinite(rows["first_year_visible"])]
    short = [each.replace("recorded by the police", "(police)") for each in rows["title"]]

    def draw(axes: Axes) -> None:
        places = np.arange(len(rows))[::-1]
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.grid(axis="y", visible=False)
        axes.hlines(places, 100 * rows["low95"], 100 * rows["high95"], STYLES[0].colour,
                    linewidth=1.5)  # fmt: skip
        axes.plot(100 * rows["change"], places, "o", color=STYLES[0].colour,
                  label="fall expected (95%)")  # fmt: skip
        axes.plot(100 * rows["detectable"], places, "D", color=STYLES[1].colour,
                  label="smallest visible fall")  # fmt: skip
        axes.axvline(0, color=INK, linewidth=1)
        axes.set_yticks(places, [wrapped_to(each, 2.1) for each in short])
        axes.set_xlabel(f"Fall over {int(rows['by_year'].iloc[0])} years, %")
        axes.legend(frameon=False, fontsize="small", loc="lower right")

    title = (
        f"The {scenario} strategy would be visible in {len(seen)} of {len(rows)} published series"
        if len(seen)
        else f"The {scenario} strategy would not be visible in any published series"
    )
    each = "; ".join(
        f"{row['title']}: expected {row['change']:.1%}, visible from {row['detectable']:.0%}"
        for _, row in rows.iterrows()
    )
    return Chart("visibility", f"{title} by year {int(rows['by_year'].iloc[0])}",
                 f"For each series the expected fall and the smallest that it could show. {each}.",
                 "visibility", draw)  # fmt: skip


def _agencies(table: pd.DataFrame, scenario: str) -> Chart:
    public = table[table["agency"] == ALL_PUBLIC].iloc[0]
    rows = table[(table[list(_WORDS)] != 0).any(axis=1) & (table["agency"] != ALL_PUBLIC)]
    named = [title.split(" (")[0] for title in rows["title"]]
    prices = f"£ at {public['price_base']} prices, undiscounted"

    def draw(axes: Axes) -> None:
        places = np.arange(len(rows))[::-1]
        start = np.zeros(len(rows))
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.grid(axis="y", visible=False)
        for kind in _WORDS:
            width = rows[kind].to_numpy() / 1e8
            left = np.where(kind == "paid", 0.0, start)
            axes.barh(places, width, left=left, color=_KIND[kind], hatch=_HATCH[kind],
                      edgecolor="white", label=_WORDS[kind], height=0.66)  # fmt: skip
            if kind != "paid":
                start = start + width
        saves = start != 0
        axes.hlines(places[saves], rows["saved_low95"][saves] / 1e8,
                    rows["saved_high95"][saves] / 1e8, INK, linewidth=1.4,
                    label="95% interval of what is saved")  # fmt: skip
        axes.axvline(0, color=INK, linewidth=1)
        axes.set_yticks(places, [wrapped_to(each, 2.1) for each in named])
        axes.set_xlabel(f"{prices.replace('£', '£ million')} (paid: to the left)")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.4g}".replace("-", MINUS))
        axes.legend(frameon=False, fontsize="small", loc="center right")

    paid = -float(rows["paid"].sum()) / 100
    saved, limits = _money(public, "services")
    each = "; ".join(
        f"{row['title']}: saved {_money(row, 'saved')[0]} "
        f"({_money(row, 'saved')[1]}), paid {pounds(-row['paid'] / 100)}"
        for _, row in rows.iterrows()
    )
    return Chart(
        "who_pays_who_saves",
        f"{scenario.capitalize()} strategy: {pounds(paid)} paid; public services save "
        f"{saved} (95% interval {limits}), nearly all of it capacity"
        if public["cashable"] < 0.1 * max(public["capacity"], 1)
        else f"{scenario.capitalize()} strategy: {pounds(paid)} paid; public services save "
        f"{saved} (95% interval {limits})",
        f"Bars by agency of what is paid and what is saved, by kind, in {prices}, with 95% "
        f"intervals of what is saved. {each}.",
        "agencies", draw,
    )  # fmt: skip


def _money(row: pd.Series, name: str) -> tuple[str, str]:
    """Return what is saved and its 95% interval, no more precise than the interval."""
    value = row["cashable"] + row["capacity"] + row["social"] * (name == "saved")
    pence = (value, row[f"{name}_low95"], row[f"{name}_high95"])
    step = rounding_step(*(each / 100 for each in pence))
    saved, low, high = (
        pounds(round(each / 100 / step) * step) if np.isfinite(each) else "not known"
        for each in pence
    )
    return saved, f"{low} to {high}"


def _health(table: pd.DataFrame, scenario: str) -> Chart:
    gained, lost = table["gained"].to_numpy(), table["given_up"].to_numpy()
    low, high = table["gained_low95"].to_numpy(), table["gained_high95"].to_numpy()

    def draw(axes: Axes) -> None:
        places = np.arange(len(gained))
        axes.bar(places - 0.2, gained, 0.38, color=STYLES[0].colour, label="gained")
        axes.bar(places + 0.2, -lost, 0.38, color=STYLES[1].colour, hatch="//", edgecolor="white",
                 label="given up elsewhere")  # fmt: skip
        _whiskers(axes, places - 0.2, low, high)
        _zero(axes)
        axes.set_xticks(places, _FIFTHS)
        axes.set_xlabel("Deprivation fifth of the home")
        axes.set_ylabel("QALYs, all years, discounted")
        axes.legend(frameon=False, fontsize="small")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.4g}".replace("-", MINUS))

    said = _said(_FIFTH_NAMES, gained, low, high)
    whole = table["all_gained_low95"].iloc[0], table["all_gained_high95"].iloc[0]
    return Chart(
        "health_by_deprivation",
        f"Victims' health alone: {_with_interval(gained.sum(), *whole)} QALYs gained, where the "
        f"same money would buy about {two_figures(lost.sum())} in health services",
        f"Bars of QALYs gained by deprivation fifth with 95% intervals ({said}), beside those "
        f"given up elsewhere ({', '.join(two_figures(-each) for each in lost)}). Savings and other "
        "benefits are not in this chart.",
        "health_by_quintile", draw,
    )  # fmt: skip


def _rows(table: pd.DataFrame, measure: str, group: str) -> pd.DataFrame:
    return table[(table["measure"] == measure) & (table["group"] == group)]


def _with_interval(value: float, low: float, high: float) -> str:
    step = rounding_step(value, low, high)
    return f"{rounded(value, step)} (95% interval {interval(low, high, step)})"


def _whiskers(axes: Axes, places: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    axes.vlines(places, low, high, INK, linewidth=1.4)


def _zero(axes: Axes) -> None:
    axes.axhline(0, color=INK, linewidth=1)
    axes.tick_params(axis="x", color=GREY)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.4g}".replace("-", MINUS))


def _said(names: Sequence[str], values: Sequence[float], low: Sequence[float],
          high: Sequence[float]) -> str:  # fmt: skip
    parts = []
    for name, value, least, most in zip(names, values, low, high, strict=True):
        step = rounding_step(value, least, most)
        parts.append(f"{name} {rounded(value, step)} ({interval(least, most, step)})")
    return "; ".join(parts)
