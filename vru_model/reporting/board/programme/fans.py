"""Fan charts: yearly counts with and without the strategy, and what it averts in each year.

The two levels share what is unknown, so their bands overlap almost wholly and say little about the
difference; the paired difference stands beside them on a scale of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vru_model.analysis.wording import rounding_step
from vru_model.reporting.blocks import Block, Chart, Table
from vru_model.reporting.board.case import BASELINE, STRATEGY, BoardCase
from vru_model.reporting.board.programme.readings import Readings
from vru_model.reporting.board.programme.spells import year_words
from vru_model.reporting.charts import INK, STYLES, Style, look, png, wrapped
from vru_model.reporting.estimates import Estimate, label
from vru_model.reporting.lettering import headed, name_ends, spoken, wrapped_to
from vru_model.reporting.measures import ALL_AGES, Measure
from vru_model.reporting.words import MINUS, interval, rounded, sentence_case, slug

_BASELINE_STYLE = STYLES[3]


def course_blocks(case: BoardCase, readings: Readings, measure: Measure) -> list[Block]:
    """Return the fan chart of a measure's yearly counts and its table."""
    name = case.strategy.name
    levels = {
        "as now": readings.course(measure.key, BASELINE),
        name: readings.course(measure.key, STRATEGY),
    }
    differences = yearly(case, measure)
    title = message(measure, name, differences)
    chart = Chart(
        name=f"{slug(measure.plural)}-course",
        png=png(figure(title, measure, levels, differences, name)),
        alt=_alt(measure, levels, differences, name),
        caption=f"{sentence_case(measure.plural)} in each year, with 80% (dark) and 95% (light) "
        "bands, victims of all ages",
        source=case.source,
    )
    return [chart, course_table(case, measure, levels, differences)]


def yearly(case: BoardCase, measure: Measure) -> dict[int, Estimate]:
    """Return year → what the strategy averts in that year alone, victims of all ages."""
    estimates, name = case.alone.estimates, case.strategy.name
    years = range(1, case.options.years + 1)
    return {year: estimates.get(name, measure, ALL_AGES, year, "in year") for year in years}


def message(measure: Measure, name: str, differences: Mapping[int, Estimate]) -> str:
    """Return what the chart says: in which years the 80% interval lies on one side of nought."""
    fewer = [year for year, found in differences.items() if found.verdict == "fewer"]
    more = [year for year, found in differences.items() if found.verdict == "more"]
    subject = f"{sentence_case(label(name))} has"
    if not fewer and not more:
        return (f"In no single year can {label(name)} be told from business as usual in "
                f"{measure.plural}")  # fmt: skip
    if not more:
        return f"{subject} fewer {measure.plural} than business as usual in {year_words(fewer)}"
    if not fewer:
        return f"{subject} more {measure.plural} than business as usual in {year_words(more)}"
    return f"{subject} fewer {measure.plural} in {year_words(fewer)} and more in {year_words(more)}"


def figure(
    title: str,
    measure: Measure,
    levels: Mapping[str, pd.DataFrame],
    differences: Mapping[int, Estimate],
    name: str,
) -> Figure:
    """Return the chart: levels on the left, the paired difference on the right."""
    years = list(differences)
    with matplotlib.rc_context(look()):
        drawn = headed(title, 9.2, 4.2)
        left, right = drawn.subplots(1, 2)
        styles = (_BASELINE_STYLE, STYLES[0])
        for course, style in zip(levels.values(), styles, strict=True):
            band(left, years, course, style, dark=0.16, light=0.07)
            left.plot(years, course["mean"], linestyle=style.line, color=style.colour, linewidth=2,
                      marker=style.marker, markersize=5, markeredgecolor="white")  # fmt: skip
        ends = {each: (years[-1], float(course["mean"].iloc[-1]))
                for each, course in levels.items()}  # fmt: skip
        name_ends(left, ends, [style.colour for style in styles])
        left.set_ylim(bottom=0)
        left.set_title("How many in each year", loc="left", fontsize=10)
        left.set_ylabel(wrapped(f"{sentence_case(measure.plural)} a year", 34))
        averted_fan(right, differences, STYLES[0])
        right.set_title(
            wrapped_to(f"Averted in each year by {label(spoken(name))}, world by world", 2.9),
            loc="left", fontsize=10,
        )  # fmt: skip
        right.set_ylabel("Averted a year (below 0: more)")
        for axes in (left, right):
            finish(axes, years)
    return drawn


def averted_fan(axes: Axes, differences: Mapping[int, Estimate], style: Style) -> None:
    """Draw yearly averted counts with both bands and the line of no difference."""
    years = list(differences)
    course = pd.DataFrame([vars(found) for found in differences.values()])
    band(axes, years, course, style, dark=0.3, light=0.14)
    axes.plot(years, course["averted"], linestyle=style.line, color=style.colour, linewidth=2,
              marker=style.marker, markersize=5, markeredgecolor="white")  # fmt: skip
    axes.axhline(0, color=INK, linewidth=1)


def band(
    axes: Axes, years: Sequence[int], course: pd.DataFrame, style: Style, dark: float, light: float
) -> None:
    """Draw the 80% and the 95% band of a course, edged so that they show without colour."""
    for tail, strength in (("95", light), ("80", dark)):
        axes.fill_between(years, course[f"low{tail}"], course[f"high{tail}"], color=style.colour,
                          alpha=strength, linewidth=0)  # fmt: skip
    for edge in ("low80", "high80"):
        axes.plot(years, course[edge], linestyle=style.line, color=style.colour, linewidth=0.8)


def finish(axes: Axes, years: Sequence[int]) -> None:
    """Give a panel over years its axis, grid and true minus signs."""
    axes.set_xlabel("Year")
    axes.set_xticks(list(years))
    axes.set_xlim(years[0] - 0.3, years[-1] + 0.3)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.4g}".replace("-", MINUS))


def course_table(
    case: BoardCase,
    measure: Measure,
    levels: Mapping[str, pd.DataFrame],
    differences: Mapping[int, Estimate],
) -> Table:
    """Return the numbers of the fan chart."""
    rows, data = [], []
    now, then = levels.values()
    for number, (year, found) in enumerate(differences.items()):
        before, after = now.iloc[number], then.iloc[number]
        rows.append(
            {
                "Year": str(year),
                "Business as usual, 95% interval": _level(before),
                "With the strategy, 95% interval": _level(after),
                "Averted in the year": found.central,
                "80% interval": found.interval80,
                "95% interval": found.interval95,
                "Chance of fewer": found.chance,
            }
        )
        data.append(
            {"year": year}
            | {f"baseline_{key}": value for key, value in before.items() if key != "year"}
            | {f"strategy_{key}": value for key, value in after.items() if key != "year"}
            | {f"difference_{key}": value for key, value in vars(found).items()}
        )
    return Table(
        name=f"{slug(measure.plural)}-course",
        caption=f"{sentence_case(measure.plural)} in each year, with and without "
        f"{label(case.strategy.name)} (averted below 0: more than business as usual). Beside "
        "the chance of fewer, “same” is the share of draws with as many",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame(data),
        source=case.source,
    )


def _level(row: pd.Series) -> str:
    step = rounding_step(row["mean"], row["low95"], row["high95"])
    return f"{interval(row['low95'], row['high95'], step)} (mean {rounded(row['mean'], step)})"


def _alt(
    measure: Measure,
    levels: Mapping[str, pd.DataFrame],
    differences: Mapping[int, Estimate],
    name: str,
) -> str:
    last = max(differences)
    end = differences[last]
    sides = [
        f"{words.replace('_', ' ')} {_level(course.iloc[-1])}" for words, course in levels.items()
    ]
    return (
        f"Two fan charts over years 1 to {last}. On the left, {measure.plural} in each year as now "
        f"and with {label(name)}, with 80% and 95% bands that overlap; in year {last}: "
        f"{'; '.join(sides)}. On the right, how many {label(name)} averts in each year; in year "
        f"{last}: {end.central} (80% interval {end.interval80}, 95% interval {end.interval95}). "
        "The table that follows gives every number."
    )
