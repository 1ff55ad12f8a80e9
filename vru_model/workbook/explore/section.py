"""A part of an answer: what it shows as HTML, and its tables for those who work on with them."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from vru_model.analysis.wording import rounding_step
from vru_model.reporting.blocks import Chart, Table
from vru_model.reporting.estimates import label
from vru_model.reporting.findings import Findings
from vru_model.reporting.words import interval, rounded, sentence_case


@dataclass
class Section:
    """A part of an answer.

    Parameters
    ----------
    key
        Its name in the page.
    title
        Its heading.
    html
        What it shows.
    tables
        Name, caption, and unrounded numbers as CSV, of each of its tables.
    views
        Name of a measure → (what the reader calls it, what is shown of it), where the reader
        chooses one.
    """

    key: str
    title: str
    html: str
    tables: list[dict[str, str]] = field(default_factory=list)
    views: dict[str, list[str]] = field(default_factory=dict)


class Part:
    """Collects the HTML and the tables of a section while it is written."""

    def __init__(self, key: str, title: str) -> None:
        self.section = Section(key, title, "")

    def say(self, text: str, kind: str = "") -> None:
        """Add a paragraph; a kind dresses it."""
        dressed = f' class="vru-{kind}"' if kind else ""
        self.section.html += f"<p{dressed}>{html.escape(text)}</p>"

    def head(self, text: str) -> None:
        """Add a heading within the section."""
        self.section.html += f"<h4>{html.escape(text)}</h4>"

    def show(self, markup: str) -> None:
        """Add HTML."""
        self.section.html += markup

    def table(self, table: Table) -> None:
        """Add a table, which can be taken as CSV."""
        self.section.html += table_html(table)
        self.section.tables.append(kept_table(table))


def kept_table(table: Table) -> dict[str, str]:
    """Return a table as it is kept beside an answer."""
    return {"name": table.name, "caption": table.caption, "csv": table.csv()}


def table_html(table: Table) -> str:
    """Return a table that scrolls within itself where the window is narrow, with its CSV."""
    return (f'<div class="vru-table" role="region" tabindex="0" '
            f'aria-label="{html.escape(table.caption)}">{table.html()}</div>'
            f'<p class="vru-take">{csv_link(table.name, table.csv())}</p>')  # fmt: skip


def csv_link(name: str, csv: str) -> str:
    """Return a link that saves a table as CSV; the file travels within the page."""
    return file_link(f"{name}.csv", "text/csv", csv.encode(), f"Download this table: {name}.csv")


def file_link(name: str, kind: str, content: bytes, words: str) -> str:
    """Return a link that saves a file whose content stands in the link itself."""
    data = base64.b64encode(content).decode("ascii")
    return (f'<a class="vru-download" download="{html.escape(name)}" '
            f'href="data:{kind};base64,{data}">{html.escape(words)}</a>')  # fmt: skip


def chart_html(chart: Chart) -> str:
    """Return a chart with its words."""
    return chart.html()


def titles(findings: Findings) -> dict[str, str]:
    """Return name → title of the strategies."""
    return {name: one.title for name, one in findings.scenarios.items()}


def named(text: str, names: Mapping[str, str]) -> str:
    """Return a generated sentence that calls strategies, and the baseline, as the page does."""
    for name in sorted(names, key=len, reverse=True):
        title = f"“{names[name]}”"
        text = text.replace(label(name), title).replace(sentence_case(label(name)), title)
    return text.replace("the baseline", "business as usual")


def side_by_side(name: str, caption: str, first: str, labels: Sequence[str],
                 frames: Mapping[str, pd.DataFrame], source: str) -> Table:
    """Return averted numbers of several strategies, each with its intervals, row by row.

    Parameters
    ----------
    first, labels
        Heading of the first column, and what stands in it.
    frames
        Title of a strategy → its rows in the order of the labels, with the columns averted,
        low80, high80, low95 and high95.
    """
    shown = pd.DataFrame({first: list(labels)})
    data = pd.DataFrame({first: list(labels)})
    for title, frame in frames.items():
        cells = [spread_cells(row) for _, row in frame.iterrows()]
        shown[f"{title}: averted"] = [cell[0] for cell in cells]
        shown[f"{title}: 80% interval"] = [cell[1] for cell in cells]
        shown[f"{title}: 95% interval"] = [cell[2] for cell in cells]
        for column in ("averted", "low80", "high80", "low95", "high95"):
            data[f"{title}: {column}"] = frame[column].to_numpy()
    return Table(name, caption, shown, data, source)


def spread_cells(row: pd.Series) -> tuple[str, str, str]:
    """Return a number and its two intervals, no finer than the wider of them bears."""
    step = max(0.1, rounding_step(row["averted"], row["low95"], row["high95"]))
    return (rounded(row["averted"], step), interval(row["low80"], row["high80"], step),
            interval(row["low95"], row["high95"], step))
