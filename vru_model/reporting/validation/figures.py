"""The figures of the validation document: every verdict on one scale, and four patterns drawn.

PNG without dates, so that the same numbers give the same bytes; each with words for those who do
not see it, beside the table that holds its numbers.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vru_model.analysis.validation.judging import FAIL, PARTIAL, PASS
from vru_model.reporting.blocks import Chart
from vru_model.reporting.charts import GREY, INK, STYLES, look
from vru_model.reporting.lettering import canvas, headed, wrapped_to
from vru_model.reporting.words import MINUS

_RESOLUTION = 110
_FARTHEST = 8.0
"""Tolerances at which a range is cut off."""
MARKS = {PASS: ("o", STYLES[0].colour), PARTIAL: ("s", "#9a6a00"), FAIL: ("X", STYLES[1].colour)}
"""Verdict → marker and colour: the marker tells what the colour tells."""
_PANEL = 34


def all_verdicts(rows: pd.DataFrame, name: str, title: str) -> Chart:
    """Return every judged row on one scale: how many tolerances the model lies from the figure."""
    some = rows[rows["verdict"].isin(list(MARKS)) & (rows["tolerance"] > 0)]
    some = some.iloc[::-1].reset_index(drop=True)
    values, low, high = (
        ((some[column] - some["target"]) / some["tolerance"]).to_numpy(float)
        for column in ("value", "low", "high")
    )
    labels = [f"{each.group} ({each.pattern.split(':')[0]})" for each in some.itertuples()]

    def draw(axes: Axes) -> None:
        axes.axvspan(-2, 2, color="#eeeeee")
        axes.axvspan(-1, 1, color="#d5d5d5")
        axes.axvline(0, color=INK, linewidth=0.8)
        for verdict, (marker, colour) in MARKS.items():
            for at in np.flatnonzero(some["verdict"] == verdict):
                ends = np.clip([low[at], high[at]], -_FARTHEST, _FARTHEST)
                axes.plot(ends, [at, at], color=colour, linewidth=1.4)
            chosen = np.flatnonzero(some["verdict"] == verdict)
            axes.plot(np.clip(values[chosen], -_FARTHEST, _FARTHEST), chosen, marker,
                      color=colour, markersize=5, label=verdict)  # fmt: skip
        axes.set_yticks(range(len(labels)), [_short(label) for label in labels], fontsize=6.5)
        axes.set_ylim(-0.8, len(labels) - 0.2)
        axes.set_xlim(-_FARTHEST - 0.4, _FARTHEST + 0.4)
        axes.set_xlabel(f"Tolerances from the published figure (cut at {_FARTHEST:g})")
        axes.legend(loc="lower right", frameon=True, fontsize=7)

    counts = some["verdict"].value_counts()
    said = ", ".join(f"{int(counts.get(verdict, 0))} {verdict}" for verdict in MARKS)
    alt = (
        f"Dot plot of {len(some)} patterns, one a line, with the model's 95% range as a bar, by "
        f"its distance from the published figure in standard deviations of observation and "
        f"discrepancy: {said}. Circles pass, squares pass in part, crosses fail. Each is in the "
        "tables."
    )
    height = 1.6 + 0.165 * len(labels)
    return _chart(name, title, alt, draw, (7.4, height))


def deciles(rows: pd.DataFrame) -> Chart | None:
    """Return recorded violence by decile of the place, modelled beside published."""
    some = _judged(rows, "recorded_violence_decile")
    if some.empty:
        return None
    places = np.arange(1, len(some) + 1)

    def draw(axes: Axes) -> None:
        axes.errorbar(places, some["target"], some["tolerance"], fmt="s", color=INK, capsize=3,
                      label="published, ± one standard deviation")  # fmt: skip
        axes.fill_between(places, some["low"], some["high"], color=STYLES[0].colour, alpha=0.25,
                          label="model, 95% range")  # fmt: skip
        axes.plot(places, some["value"], "o-", color=STYLES[0].colour, label="model, mean")
        axes.set_xticks(places)
        axes.set_xlabel("Decile of deprivation of the place (1 is the most deprived)")
        axes.set_ylabel("Recorded violence with injury,\nfor 1,000 residents a year")
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False, fontsize=8)

    found, target = some["value"].to_numpy(), some["target"].to_numpy()
    title = (
        f"Recorded violence falls from {found[0]:.1f} in the most deprived tenth to "
        f"{found[-1]:.1f} in the least; published, from {target[0]:.1f} to {target[-1]:.1f}"
    )
    alt = (
        f"Line of the model's rate by decile with its 95% range, and points of the published "
        f"rates. Model: {_listed(found)}. Published: {_listed(target)}."
    )
    return _chart("recorded_by_decile", title, alt, draw, (7.2, 3.8))


def new_york(rows: pd.DataFrame) -> Chart | None:
    """Return the changes of victims in the two models of interrupters and police."""
    some = _judged(rows, "new_york")
    if some.empty:
        return None
    places = np.arange(len(some))
    labels = [text.split(", ", 1)[1] for text in some["group"]]

    def draw(axes: Axes) -> None:
        axes.axvline(0, color=INK, linewidth=0.8)
        value, low, high = (100 * some[name].to_numpy() for name in ("value", "low", "high"))
        axes.errorbar(value, places + 0.12, xerr=_whiskers(value, low, high), fmt="o", capsize=3,
                      color=STYLES[0].colour, label="this model, 95% range")  # fmt: skip
        axes.plot(100 * some["target"], places - 0.12, "s", color=INK, label="New York model, 2018")
        axes.set_yticks(places, [wrapped_to(label, 1.9) for label in labels])
        axes.set_ylim(-0.6, len(some) - 0.4)
        axes.set_xlabel("Change of the share of adults victimised in year 10 (%)")
        axes.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.22),
                    ncols=2)  # fmt: skip

    ours, theirs = (_listed(100 * some[name].to_numpy()) for name in ("value", "target"))
    title = f"Victims change by {ours}%; in New York by {theirs}%"
    alt = (f"Points with 95% ranges of this model and squares of the New York model, for "
           f"{'; '.join(labels)}. Here: {ours}%. New York: {theirs}%.")  # fmt: skip
    return _chart("new_york", title, alt, draw, (7.2, 3.2))


def after_exposure(rows: pd.DataFrame) -> Chart | None:
    """Return how acting after being a victim, and near repeats, fade over the weeks."""
    parts = [rows[rows["pattern"].str.startswith(start)] for start in ("Acting after", "Near rep")]
    if any(part.empty for part in parts):
        return None
    exposure = parts[0][parts[0]["group"] != "same week, order unknown"]
    repeats = parts[1][parts[1]["group"] != "within 2 weeks"]

    def draw(axes: Axes) -> None:
        axes.axhline(1, color=INK, linewidth=0.8)
        for shift, (part, style, label) in zip((-0.06, 0.06), (
            (exposure, STYLES[0], "acting after being a victim"),
            (repeats, STYLES[1], "near repeats in one area"),
        ), strict=True):  # fmt: skip
            at = np.array([_WEEK[group] for group in part["group"]])
            value, low, high = (part[name].to_numpy() for name in ("value", "low", "high"))
            axes.errorbar(
                at + shift, value, _whiskers(value, low, high), fmt=style.marker, capsize=3,
                linestyle=style.line, color=style.colour, label=label,
            )  # fmt: skip
        axes.set_xticks([1, 2, 4, 8], ["1", "2", "3 to 4", "5 to 8"])
        axes.set_xlabel("Weeks after")
        axes.set_ylabel("Ratio to what is usual")
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False, fontsize=8)

    first = exposure["value"].iloc[0]
    title = (f"In the week after, victims act {first:.1f} times as often as usual; a published "
             "ratio is about 8")  # fmt: skip
    alt = (f"Two lines with 95% ranges over weeks after an incident. Acting after being a victim: "
           f"{_listed(exposure['value'].to_numpy())}. Near repeats in one area: "
           f"{_listed(repeats['value'].to_numpy())}. One is usual.")  # fmt: skip
    return _chart("weeks_after", title, alt, draw, (7.2, 3.4))


def _judged(rows: pd.DataFrame, start: str) -> pd.DataFrame:
    """Return the rows of targets whose names begin so, where the model has a number."""
    return rows[rows["name"].str.startswith(start) & rows["verdict"].isin(list(MARKS))]


_WEEK = {"week 1": 1, "within 1 week": 1, "week 2": 2, "weeks 3 and 4": 4, "weeks 5 to 8": 8}


def _chart(
    name: str, title: str, alt: str, draw: Callable[[Axes], None], size: tuple[float, float]
) -> Chart:
    """Return a chart whose title states its message."""
    with matplotlib.rc_context(look()):
        figure = headed(title, *size, size=10.5)
        axes = figure.subplots()
        draw(axes)
        axes.tick_params(colors=GREY)
        for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
            label.set_color(INK)
        buffer = io.BytesIO()
        metadata = {"Software": None, "Description": alt.encode("ascii", "replace").decode()}
        figure.savefig(buffer, format="png", dpi=_RESOLUTION, metadata=metadata,
                       bbox_inches=canvas(figure))  # fmt: skip
    return Chart(name, buffer.getvalue(), alt, title)


def _whiskers(value: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return lengths below and above; a mean may lie outside the percentiles of skewed draws."""
    return np.maximum([value - low, high - value], 0.0)


def _short(label: str) -> str:
    return label if len(label) <= 74 else label[:71].rstrip() + "..."


def _listed(values: Sequence[float] | np.ndarray) -> str:
    return ", ".join(f"{value:.2g}" if abs(value) < 10 else f"{value:.1f}"
                     for value in values).replace("-", MINUS)  # fmt: skip
