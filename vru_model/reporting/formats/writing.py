"""One version of a paper, written whole: its page, Word document, PDF, tables and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from vru_model.reporting import render
from vru_model.reporting.formats.page import to_html
from vru_model.reporting.formats.print_ready import to_pdf
from vru_model.reporting.formats.source import Cover
from vru_model.reporting.formats.word import to_docx


def write_version(folder: Path, name: str, notebook: NotebookNode, cover: Cover) -> dict[str, Any]:
    """Write the paper in every format below a folder; return what `paper.json` says of it.

    ::

        <name>.html  <name>.docx  <name>.pdf  tables/<table>.csv  figures/<figure>.png

    Raises PaperError with everything for which a format refuses the paper.
    """
    pages = render.to_markdown(notebook)
    title = render.title_of(pages)
    tables, figures = render.tables(notebook), render.figures(notebook)
    write_text(folder / f"{name}.html", to_html(pages, cover))
    write_bytes(folder / f"{name}.docx", to_docx(pages, cover, title))
    write_bytes(folder / f"{name}.pdf", to_pdf(pages, cover))
    for table, csv in tables.items():
        write_text(folder / "tables" / f"{table}.csv", csv)
    for figure, png in figures.items():
        write_bytes(folder / "figures" / f"{figure}.png", png)
    return {"title": title, "tables": sorted(tables), "figures": sorted(figures)}


def write_text(path: Path, text: str) -> None:
    """Write a text file, its lines ending alike on every machine."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file; make its folder where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
