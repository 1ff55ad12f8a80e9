"""Charts of a session: what people believe, what they weigh, which strategy comes first."""

from __future__ import annotations

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vru_model.analysis.wording import rounding_step
from vru_model.reporting.blocks import Chart
from vru_model.reporting.charts import GREY, STYLES, look, png, wrapped
from vru_model.reporting.lettering import headed, rows_height, wrapped_to
from vru_model.reporting.words import MINUS, interval, rounded, sentence_case
from vru_model.workbook.sessions.believed import CONSENSUS, POOL, read_back
from vru_model.workbook.sessions.record import Question
from vru_model.workbook.sessions.swings import Verdict

_MARKERS = {POOL: STYLES[1], CONSENSUS: STYLES[2]}
_NAMES = 2.7  # inches of a name beside its row
_CALLED = {POOL: "Pool of all", CONSENSUS: "The group, after discussion"}


def judgements_chart(name: str, question: Question) -> Chart | None:
    """Return each person's belief as a line, the pool and the group below; None without any."""
    table = read_back(question)
    if table.empty:
        return None
    table = table.iloc[::-1].reset_index(drop=True)
    with matplotlib.rc_context(look()):
        figure, axes = _figure(_title(table), 0.34 * len(table))
        for place, row in table.iterrows():
            style = _MARKERS.get(row["who"], STYLES[0])
            axes.hlines(place, row["5%"], row["95%"], style.colour, linewidth=1.4)
            axes.hlines(place, row["25%"], row["75%"], style.colour, linewidth=5)
            axes.plot(row["50%"], place, style.marker, color=style.colour, markersize=8,
                      markeredgecolor="white")  # fmt: skip
        if question.bounds[0] == 0:
            axes.set_xlim(left=0)
        axes.set_yticks(range(len(table)), [_CALLED.get(who, who) for who in table["who"]])
        axes.set_xlabel(wrapped(f"{sentence_case(question.unit)}: median (mark), middle half "
                                "(thick), 90% (thin)", 80))  # fmt: skip
    said = [f"{_CALLED.get(row['who'], row['who'])} {_middle(row)}"
            for row in table.iloc[::-1].to_dict("records")]  # fmt: skip
    return Chart(
        f"judgements_{name}", png(figure),
        "Horizontal lines, one a person, then the pool and the group where there is one: the "
        f"median with its middle half. {'; '.join(said)}. The table that follows gives all.",
        f"{question.title} ({question.unit}).",
    )  # fmt: skip


def weights_chart(found: Verdict) -> Chart:
    """Return how weights spread over people, a line a criterion."""
    table = found.weights.iloc[::-1].reset_index(drop=True)
    top = found.weights.sort_values("median", ascending=False).iloc[0]
    title = (f"The largest weight goes to: {top['title'][:1].lower()}{top['title'][1:]} (median "
             f"{top['median']:.0f}%)")  # fmt: skip
    with matplotlib.rc_context(look()):
        names = [wrapped_to(each, _NAMES) for each in table["title"]]
        figure, axes = _figure(title, rows_height(names, 0.34))
        style = STYLES[0]
        axes.hlines(range(len(table)), table["lower_quartile"], table["upper_quartile"],
                    style.colour, linewidth=5)  # fmt: skip
        axes.plot(table["median"], range(len(table)), "o", color=style.colour, markersize=9,
                  markeredgecolor="white")  # fmt: skip
        axes.set_xlim(left=0)
        axes.set_yticks(range(len(table)), names)
        axes.set_xlabel(f"Weight, % of all, over {found.people} people: median and middle half")
    said = "; ".join(f"{row['title']} {row['median']:.0f}% ({row['lower_quartile']:.0f} to "
                     f"{row['upper_quartile']:.0f})"
                     for row in found.weights.to_dict("records"))  # fmt: skip
    return Chart("weights", png(figure),
                 f"Horizontal lines of the weight of each criterion over people. {said}.",
                 "Weights of the swings, over all who gave theirs; nobody can be told apart.")


def places_chart(found: Verdict) -> Chart:
    """Return how often each strategy comes first, over people and over draws."""
    table = found.strategies.iloc[::-1].reset_index(drop=True)
    bars = (("first_people", "over people", "", -0.22), ("first_draws", "over draws", "...", 0.0),
            ("first", "over both", "///", 0.22))  # fmt: skip
    with matplotlib.rc_context(look()):
        names = [wrapped_to(each.replace("_", " "), _NAMES) for each in table["strategy"]]
        figure, axes = _figure(found.sentence, rows_height(names, 0.68))
        for (column, words, hatch, offset), style in zip(bars, STYLES, strict=False):
            axes.barh([place - offset for place in range(len(table))], 100 * table[column], 0.2,
                      color=style.colour, hatch=hatch, edgecolor="white", label=words)
        axes.set_xlim(0, 100)
        axes.set_yticks(range(len(table)), names)
        axes.set_xlabel("Comes first, % of people, of draws, and of both together")
        axes.legend(frameon=False, loc="lower right", fontsize="small")
    said = "; ".join(f"{row['strategy'].replace('_', ' ')}: {row['first_people']:.0%} of people, "
                     f"{row['first_draws']:.0%} of draws, {row['first']:.0%} of both"
                     for row in found.strategies.to_dict("records"))  # fmt: skip
    return Chart("first_places", png(figure),
                 f"Bars of how often each strategy comes first. {said}.",
                 "How often each strategy has the highest score.")


def _title(table: pd.DataFrame) -> str:
    """Return the message: how far people differ, and where the pool or the group lies."""
    people = table[~table["who"].isin((POOL, CONSENSUS))]
    last = next((row for who in (CONSENSUS, POOL)
                 for row in table[table["who"] == who].to_dict("records")), None)  # fmt: skip
    medians = people["50%"]
    step = rounding_step(float(medians.mean()), float(table["5%"].min()),
                         float(table["95%"].max())) if len(people) else 1.0  # fmt: skip
    parts = []
    if len(people) > 1:
        parts.append(f"Medians of {len(people)} people lie from {rounded(medians.min(), step)} to "
                     f"{rounded(medians.max(), step)}")  # fmt: skip
    if last is not None:
        name = "the group" if last["who"] == CONSENSUS else "the pool"
        parts.append(f"{name} says {_middle(last)}")
    return sentence_case("; ".join(parts))


def _middle(row: dict) -> str:
    step = rounding_step(row["50%"], row["5%"], row["95%"])
    return (f"{rounded(row['50%'], step)} (middle half "
            f"{interval(row['25%'], row['75%'], step)})")  # fmt: skip


def _figure(title: str, rows: float) -> tuple[Figure, Axes]:
    figure = headed(title, 8.4, 1.9 + max(rows, 1.02))
    axes = figure.subplots()
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0, color=GREY)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.4g}".replace("-", MINUS))
    return figure, axes

