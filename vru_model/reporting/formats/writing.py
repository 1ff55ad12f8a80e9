"""A paper, written whole and twice: for the public, and with what is exempt from publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from vru_model.parameters.accounts.redaction import RedactionRules, load_redaction
from vru_model.reporting import redaction, render
from vru_model.reporting.formats.page import to_html
from vru_model.reporting.formats.print_ready import to_pdf
from vru_model.reporting.formats.source import Cover, PaperError
from vru_model.reporting.formats.word import to_docx

EXEMPT = "exempt"
"""The folder, beside the public files, of everything that is not for publication."""


def write_paper(folder: Path, name: str, notebook: NotebookNode, cover: Cover) -> dict[str, Any]:
    """Write both versions of an executed notebook; return what `paper.json` says of them.

    ::

        <name>.html  <name>.docx  <name>.pdf  tables/<table>.csv  figures/<figure>.png
        exempt/  the same with what the public may not see, and the executed notebook

    Raises PaperError with everything for which a format refuses the paper, and where exempt
    material would reach the public version.
    """
    rules, hidden = load_redaction(), redaction.withheld(notebook)
    titles = [rules.rule(rule).title for rule in hidden]
    public = redaction.public_version(notebook)
    _refuse_leaks(public, hidden, rules)
    told = _write_version(folder, name, public, replace(cover, notice=_public_notice(titles)))
    secret = replace(cover, notice=_exempt_notice(titles), exempt=True)
    _write_version(folder / EXEMPT, name, notebook, secret)
    nbformat.write(notebook, folder / EXEMPT / f"{name}.ipynb")
    return {**told, "withheld": titles}


def _public_notice(titles: Sequence[str]) -> str:
    return f"Public version. Withheld from it: {'; '.join(titles)}." if titles else ""


def _exempt_notice(titles: Sequence[str]) -> str:
    if not titles:
        return (
            "Exempt version, for the board alone. Nothing in this paper is withheld from the "
            "public version."
        )
    return (
        "Exempt version, for the board alone: not for publication. It holds what is withheld "
        f"from the public version: {'; '.join(titles)}."
    )


def _refuse_leaks(
    public: NotebookNode, hidden: Mapping[str, Sequence[str]], rules: RedactionRules
) -> None:
    pages, tables = render.to_markdown(public), render.tables(public)
    found = redaction.leaks([pages.markdown, *tables.values()], hidden, rules)
    if found:
        raise PaperError(
            "exempt material would reach the public version; mark it there too "
            "(vru_model/reporting/blocks.py says how):\n" + "\n".join(found)
        )


def _write_version(folder: Path, name: str, notebook: NotebookNode, cover: Cover) -> dict[str, Any]:
    """Write one version in every format; return its title and the names of its parts."""
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
