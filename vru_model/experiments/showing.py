"""A comparison as a notebook shows it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from vru_model.experiments.cubes import ALL_AGES, COMPARED

if TYPE_CHECKING:
    from vru_model.experiments.compare import Comparison

_HEADINGS = (
    "victims of all ages", "baseline", "scenario", "averted", "95% interval",
    "of which chance alone (±)",
)  # fmt: skip


def comparison_html(comparison: Comparison) -> str:
    """Return the last year's sums from the start as an HTML table, with the notes below."""
    table = comparison.table
    year = int(table["year"].max())
    rows = table[
        (table["year"] == year) & (table["window"] == "by year") & (table["group"] == ALL_AGES)
    ]
    titles = [run.manifest["scenario"]["title"] for run in (comparison.other, comparison.base)]
    caption = f"{titles[0]} against {titles[1]}, by year {year}"
    cells = [
        (
            COMPARED[row["measure"]],
            _number(row["baseline"]), _number(row["scenario"]), _number(row["averted"]),
            _interval(row["low95"], row["high95"]), _number(row["monte_carlo_95"]),
        )
        for _, row in rows.iterrows()
    ]  # fmt: skip
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in _HEADINGS)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f'<td style="text-align: right">{escape(cell)}</td>' for cell in others)
        + "</tr>"
        for first, *others in cells
    )
    notes = escape(" ".join((*comparison.notes, *comparison.attribution)))
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table><p>{notes}</p>"
    )


def _interval(low: float, high: float) -> str:
    return "not given" if low != low else f"{_number(low)} to {_number(high)}"


def _number(value: float) -> str:
    if value != value:
        return "not given"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"
