"""The pieces that a notebook shows: prose, tables, panels and charts.

Each shows itself twice. In Jupyter as HTML, for a reader at the screen; in the paper pipeline as
Markdown (and a picture with its description), from which every format of a paper is made. A
table also carries its unrounded numbers as CSV, which the pipeline files beside the paper.
"""

from __future__ import annotations

import base64
import html
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

MimeBundle = tuple[dict[str, str], dict[str, dict[str, str]]]
_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|$^~@])")


def escape(text: object) -> str:
    """Return text from a document or a user so that Markdown shows it as it stands."""
    return _MARKDOWN_SIGNS.sub(r"\\\1", " ".join(str(text).split()))


def attribute(text: str) -> str:
    """Return text as the quoted value of a Markdown attribute."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{" ".join(quoted.split())}"'


class Block(ABC):
    """Something that a notebook shows; `markdown` is what a paper is made of."""

    @abstractmethod
    def markdown(self) -> str:
        """Return the block as pandoc's Markdown."""

    def html(self) -> str | None:
        """Return the block as HTML for the screen, or None where Markdown does."""
        return None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> MimeBundle:
        data = {"text/markdown": self.markdown()}
        shown = self.html()
        if shown is not None:
            data["text/html"] = shown
        return data, {}


@dataclass(frozen=True)
class Prose(Block):
    """Paragraphs, lists or headings that were generated from numbers."""

    text: str

    def markdown(self) -> str:
        """Return the text as it is."""
        return self.text


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
    """

    name: str
    caption: str
    frame: pd.DataFrame
    data: pd.DataFrame | None = None
    source: str = ""
    text_columns: Sequence[str] = ()

    def markdown(self) -> str:
        """Return a pipe table with its caption and source line."""
        columns = [str(column) for column in self.frame.columns]
        left = {columns[0], *self.text_columns}
        rule = [":----" if column in left else "----:" for column in columns]
        rows = [_pipes(map(escape, columns)), _pipes(rule)]
        rows += [_pipes(map(escape, row)) for row in self.frame.itertuples(index=False)]
        caption = f"Table: {escape(self.caption)} {{#table-{self.name}}}"
        return "\n".join([*rows, "", caption, "", _source_markdown(self.source)])

    def html(self) -> str:
        """Return an HTML table whose headers say what they head."""
        columns = [str(column) for column in self.frame.columns]
        head = "".join(f'<th scope="col">{html.escape(column)}</th>' for column in columns)
        rows = "".join(_html_row(row) for row in self.frame.itertuples(index=False))
        return (
            f"<table><caption>{html.escape(self.caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f"{_source_html(self.source)}"
        )

    def csv(self) -> str:
        """Return the unrounded numbers as CSV."""
        data = self.frame if self.data is None else self.data
        return data.to_csv(index=False, lineterminator="\n")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> MimeBundle:
        data, _ = super()._repr_mimebundle_()
        return {**data, "text/csv": self.csv()}, {"text/csv": {"name": self.name}}


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
    """

    name: str
    png: bytes
    alt: str
    caption: str
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse a chart that a blind reader could not read."""
        if not self.alt.strip():
            raise ValueError(f"the chart {self.name!r} has no alternative text (alt)")

    def _encoded(self) -> str:
        return base64.b64encode(self.png).decode("ascii")

    def markdown(self) -> str:
        """Return the source line; the picture itself travels as a picture."""
        return _source_markdown(self.source)

    def html(self) -> str:
        """Return a figure with its description and caption."""
        return (
            f'<figure><img alt="{html.escape(self.alt)}" style="max-width:100%" '
            f'src="data:image/png;base64,{self._encoded()}">'
            f"<figcaption>{html.escape(self.caption)}</figcaption></figure>"
            f"{_source_html(self.source)}"
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> MimeBundle:
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
    """A list of labels, each with what it says (Markdown)."""

    rows: Mapping[str, str]

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
    """

    kind: str
    title: str
    content: Sequence[Prose | Terms | Table]
    level: int = 2

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

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> MimeBundle:
        data, metadata = super()._repr_mimebundle_()
        for table in self.content:
            if isinstance(table, Table):
                data["text/csv"] = table.csv()
                metadata = {"text/csv": {"name": table.name}}
        return data, metadata


def plain(markdown: str) -> str:
    """Return one paragraph of our own Markdown (bold, code, escapes) as HTML."""
    text = html.escape(markdown, quote=False)
    text = re.sub(r"\[([^\]]+)\]\{\.\w+\}|\*\*(.+?)\*\*", _strong, text)
    text = re.sub(r"(?<![\\*])\*([^*]+)\*", r"<em>\1</em>", text)
    text = re.sub(r"(?<!\\)`(.+?)`", r"<code>\1</code>", text)
    return re.sub(r"\\([\\`*_{}\[\]#|$^~@]|&lt;|&gt;)", r"\1", text)


def _strong(found: re.Match[str]) -> str:
    return f"<strong>{found[1] or found[2]}</strong>"


def _pipes(cells: Sequence[str] | map) -> str:
    return f"| {' | '.join(cells)} |"


def _html_row(cells: Sequence[object]) -> str:
    first, *others = (html.escape(str(cell)) for cell in cells)
    header = f'<th scope="row" style="text-align:left;font-weight:normal">{first}</th>'
    return f"<tr>{header}{''.join(f'<td>{cell}</td>' for cell in others)}</tr>"


def _source_markdown(source: str) -> str:
    return f"::: source\nSource: {escape(source)}\n:::" if source else ""


def _source_html(source: str) -> str:
    return f"<p><small>Source: {html.escape(source)}</small></p>" if source else ""
