"""The pieces that a notebook shows: prose, tables, panels and charts.

Each shows itself twice. In Jupyter as HTML, for a reader at the screen; in the paper pipeline as
Markdown (and a picture with its description), from which every format of a paper is made. A
table also carries its unrounded numbers as CSV, which the pipeline files beside the paper.

**Where the numbers come from.** A paper refuses to be built with a chart or table that has no
`source`. Where the numbers are modelled, the source says "model runs" and names them
(`findings.source`), and every run named must be one on which the paper rests.

**What the public may not see.** A block says which rule of ``parameters/redaction.yaml`` it falls
under; the paper is then written twice, and in the public version stands "withheld: Provider
prices" in its place, in every format and CSV::

    Prose("The provider asks for more.", exempt="provider_prices")        # the whole block
    Prose(f"Each place costs {exempt('£1,234', 'provider_prices')}.")     # a few words
    Terms({"Price": "£1,234"}, exempt_terms={"Price": "provider_prices"})
    Chart(..., exempt="named_places")
    Table(..., exempt_columns={"Unit cost": "provider_prices"})
    Table(..., exempt_rows={"Ladywood": "named_places"})                  # by the row's header
    Table(..., people=("Children seen",))       # counts of real people: small ones are hidden
"""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from vru_model.parameters.accounts.redaction import RedactionRules
from vru_model.reporting import redaction
from vru_model.reporting.block import Block, MimeBundle, Prose, Withheld
from vru_model.reporting.markup import (
    attribute,
    escape,
    exempt,
    pipes,
    plain,
    source_html,
    source_markdown,
)

__all__ = [
    "Block", "Chart", "MimeBundle", "Panel", "Prose", "Table", "Terms", "Withheld", "attribute",
    "escape", "exempt", "plain",
]  # fmt: skip


@dataclass(frozen=True)
class Table(Block):
    """A table that states what it shows and from which runs, one header row, one header column.

    Parameters
    ----------
    name
        File name of its CSV, without the ending; also its anchor.
    caption
        What it shows, with units.
    frame
        The cells as they are read: strings, in the order shown. The first column heads the rows.
    data
        The same numbers unrounded, for the CSV; `frame` itself where None.
    source
        Where the numbers come from (run ids, documents).
    text_columns
        The columns that hold words, which start at the left; the others hold numbers.
    exempt
        The rule under which the whole table is withheld from the public.
    exempt_columns, exempt_rows
        Column, or header of a row → the rule under which its cells are withheld.
    people
        Columns of `frame` that count real people, without totals: in the public version small
        numbers are withheld and the others rounded (:mod:`vru_model.analysis.disclosure`).

    Where anything is withheld, the public CSV holds the cells as they are shown.
    """

    name: str
    caption: str
    frame: pd.DataFrame
    data: pd.DataFrame | None = None
    source: str = ""
    text_columns: Sequence[str] = ()
    exempt: str = ""
    exempt_columns: Mapping[str, str] = field(default_factory=dict)
    exempt_rows: Mapping[str, str] = field(default_factory=dict)
    people: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Refuse a table that names columns or rows which it has not: nothing would be withheld."""
        redaction.check_names(self.frame, [*self.exempt_columns, *self.people], self.exempt_rows)

    def withheld(self) -> Withheld:
        """Return what the public may not see: rule → the cells."""
        if self.exempt:
            return {self.exempt: [str(cell) for cell in self.frame.iloc[:, 0]]}
        return redaction.withheld_cells(
            self.frame, self.exempt_columns, self.exempt_rows, self.people
        )

    def public(self, rules: RedactionRules) -> Block:
        """Return the table with its exempt cells withheld."""
        if self.exempt:
            return super().public(rules)
        if not self.withheld():
            return self
        shown = redaction.public_cells(
            self.frame, self.exempt_columns, self.exempt_rows, self.people, rules
        )
        return replace(
            self, frame=shown, data=None, exempt_columns={}, exempt_rows={}, people=()
        )

    def markdown(self) -> str:
        """Return a pipe table with its caption and source line; exempt cells are marked."""
        columns = [str(column) for column in self.frame.columns]
        left = {columns[0], *self.text_columns}
        rule = [":----" if column in left else "----:" for column in columns]
        rows = [pipes(map(escape, columns)), pipes(rule)]
        rows += [pipes(self._cells(row)) for row in self.frame.itertuples(index=False)]
        caption = f"Table: {escape(self.caption)} {{#table-{self.name}}}"
        return "\n".join([*rows, "", caption, "", source_markdown(self.source)])

    def html(self) -> str:
        """Return an HTML table whose headers say what they head."""
        columns = [str(column) for column in self.frame.columns]
        head = "".join(f'<th scope="col">{html.escape(column)}</th>' for column in columns)
        rows = "".join(_html_row(row) for row in self.frame.itertuples(index=False))
        return (
            f"<table><caption>{html.escape(self.caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f"{source_html(self.source)}"
        )

    def _cells(self, row: tuple[Any, ...]) -> list[str]:
        by_row = self.exempt_rows.get(str(row[0]), "")
        by_column = [self.exempt_columns.get(str(column), "") for column in self.frame.columns]
        rules = [by_row or rule for rule in by_column]
        return [
            exempt(cell, rule) if rule else escape(cell)
            for cell, rule in zip(row, rules, strict=True)
        ]

    def csv(self) -> str:
        """Return the unrounded numbers as CSV."""
        data = self.frame if self.data is None else self.data
        return data.to_csv(index=False, lineterminator="\n")

    def bundle(self) -> MimeBundle:
        """Return the table with its CSV."""
        data, _ = super().bundle()
        return {**data, "text/csv": self.csv()}, {
            "text/csv": {"name": self.name, "source": self.source}
        }


@dataclass(frozen=True)
class Chart(Block):
    """A picture of numbers with the words that stand for it.

    Parameters
    ----------
    name
        File name of the picture, without the ending.
    png
        The picture's bytes.
    alt
        What the picture shows, for those who do not see it: kind of chart, axes, message. A
        chart without it is refused (ValueError).
    caption
        The line beneath the picture.
    source
        Where the numbers come from.
    exempt
        The rule under which it is withheld from the public.
    """

    name: str
    png: bytes
    alt: str
    caption: str
    source: str = ""
    exempt: str = ""

    def __post_init__(self) -> None:
        """Refuse a chart that a blind reader could not read."""
        if not self.alt.strip():
            raise ValueError(f"the chart {self.name!r} has no alternative text (alt)")

    def _encoded(self) -> str:
        return base64.b64encode(self.png).decode("ascii")

    def markdown(self) -> str:
        """Return the source line; the picture itself travels as a picture."""
        return source_markdown(self.source)

    def html(self) -> str:
        """Return a figure with its description and caption."""
        return (
            f'<figure><img alt="{html.escape(self.alt)}" style="max-width:100%" '
            f'src="data:image/png;base64,{self._encoded()}">'
            f"<figcaption>{html.escape(self.caption)}</figcaption></figure>"
            f"{source_html(self.source)}"
        )

    def withheld(self) -> Withheld:
        """Return what the public may not see: the picture with its words."""
        return {self.exempt: []} if self.exempt else {}

    def bundle(self) -> MimeBundle:
        """Return the picture with the words that stand for it."""
        words = {
            "alt": self.alt,
            "caption": self.caption,
            "name": self.name,
            "source": self.source,
        }
        data = {"image/png": self._encoded(), "text/html": self.html(), "text/plain": self.alt}
        return data, {"image/png": words}


@dataclass(frozen=True)
class Terms(Block):
    """A list of labels, each with what it says (Markdown); `exempt_terms`: label → rule."""

    rows: Mapping[str, str]
    exempt: str = ""
    exempt_terms: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a term to withhold that is not there."""
        redaction.check_among(self.exempt_terms, list(self.rows))

    def withheld(self) -> Withheld:
        """Return what the public may not see: rule → the words."""
        found = super().withheld()
        if not self.exempt:
            for term, rule in self.exempt_terms.items():
                found.setdefault(rule, []).append(self.rows[term])
        return found

    def public(self, rules: RedactionRules) -> Block:
        """Return the list with what is exempt withheld."""
        if self.exempt:
            return super().public(rules)
        rows = {term: redaction.hide(text, rules) for term, text in self.rows.items()}
        rows |= {
            term: f"*withheld: {escape(rules.rule(rule).title)}*"
            for term, rule in self.exempt_terms.items()
        }
        return Terms(rows)

    def markdown(self) -> str:
        """Return a definition list."""
        return "\n\n".join(f"{key}\n:   {text}" for key, text in self.rows.items())

    def html(self) -> str:
        """Return a description list."""
        rows = "".join(
            f"<dt><strong>{html.escape(key)}</strong></dt><dd>{plain(text)}</dd>"
            for key, text in self.rows.items()
        )
        return f"<dl>{rows}</dl>"


@dataclass(frozen=True)
class Panel(Block):
    """A box that stands out: the decision, a warning, a question for a named person.

    Parameters
    ----------
    kind
        "decision", "front", "warning", "note" or "prompt": how the style sheet dresses it.
    title
        Its heading; "" for none.
    content
        What stands in it; one table at most.
    level
        The level of its heading.
    exempt
        The rule under which all of it is withheld from the public; what stands in it may also
        be withheld piece by piece.
    """

    kind: str
    title: str
    content: Sequence[Prose | Terms | Table]
    level: int = 2
    exempt: str = ""

    def withheld(self) -> Withheld:
        """Return what the public may not see: rule → the words."""
        if self.exempt:
            return super().withheld()
        found: Withheld = {}
        for block in self.content:
            for rule, words in block.withheld().items():
                found.setdefault(rule, []).extend(words)
        return found

    def public(self, rules: RedactionRules) -> Block:
        """Return the panel with what is exempt in it withheld."""
        if self.exempt:
            return super().public(rules)
        content: list[Any] = [block.public(rules) for block in self.content]
        return replace(self, content=content)

    def markdown(self) -> str:
        """Return a fenced division."""
        heading = [f"{'#' * self.level} {self.title}"] if self.title else []
        inside = [block.markdown() for block in self.content]
        return "\n\n".join([f"::::: {{.panel .{self.kind}}}", *heading, *inside, ":::::"])

    def html(self) -> str:
        """Return the box for the screen."""
        heading = f"<h{self.level}>{html.escape(self.title)}</h{self.level}>" if self.title else ""
        inside = "".join(
            block.html() or f"<p>{plain(block.markdown())}</p>" for block in self.content
        )
        box = "border:2px solid #1d4e79;padding:0.5em 1em;max-width:60em"
        return f'<section style="{box}">{heading}{inside}</section>'

    def bundle(self) -> MimeBundle:
        """Return the panel with the CSV of its table."""
        data, metadata = super().bundle()
        for table in self.content:
            if isinstance(table, Table):
                data["text/csv"] = table.csv()
                metadata = {"text/csv": {"name": table.name, "source": table.source}}
        return data, metadata


def _html_row(cells: Sequence[object]) -> str:
    first, *others = (html.escape(str(cell)) for cell in cells)
    header = f'<th scope="row" style="text-align:left;font-weight:normal">{first}</th>'
    return f"<tr>{header}{''.join(f'<td>{cell}</td>' for cell in others)}</tr>"
