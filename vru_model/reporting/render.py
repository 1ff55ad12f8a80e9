"""From an executed notebook to the Markdown, pictures and tables of a paper.

nbconvert takes the notebook's words and pictures to one Markdown, of which every format is made
(:mod:`vru_model.reporting.formats`). A paper that would leave a reader out (a picture without words
for it) is refused.
"""

from __future__ import annotations

import base64
import re

from nbconvert import MarkdownExporter
from nbformat import NotebookNode
from traitlets.config import Config

from vru_model.reporting.blocks import attribute, escape
from vru_model.reporting.formats.conversion import TEMPLATES
from vru_model.reporting.formats.source import Pages, PaperError

__all__ = [
    "HIDDEN_TAGS", "KINDS", "PaperError", "Pages", "figures", "sources", "tables", "title_of",
    "to_markdown",
]  # fmt: skip

HIDDEN_TAGS = ("parameters", "injected-parameters", "remove-cell", "screen-only")
# Best first: what a paper is made of. Anything else has no accessible form and is refused.
KINDS = ("text/markdown", "image/png")


def to_markdown(notebook: NotebookNode) -> Pages:
    """Return the words and pictures of an executed notebook, without its code.

    Raises PaperError where an output has no accessible form or a picture no description.
    """
    _check_outputs(notebook)
    config = Config()
    config.TemplateExporter.exclude_input = True
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = HIDDEN_TAGS
    config.NbConvertBase.display_data_priority = list(KINDS)
    config.MarkdownExporter.preprocessors = ["nbconvert.preprocessors.TagRemovePreprocessor"]
    exporter = MarkdownExporter(
        config=config,
        template_name="vru_paper",
        extra_template_basedirs=[str(TEMPLATES)],
        filters={"attribute": attribute, "markdown_escape": escape},
    )
    names = {"output_files_dir": "figures", "unique_key": "figure"}
    markdown, resources = exporter.from_notebook_node(notebook, resources=names)
    return Pages(markdown, dict(resources["outputs"]))


def tables(notebook: NotebookNode) -> dict[str, str]:
    """Return the CSV of every table that the notebook shows, by file name."""
    found: dict[str, str] = {}
    for output in _outputs(notebook):
        if "text/csv" in output.get("data", {}):
            name = output.metadata["text/csv"]["name"]
            if name in found:
                raise PaperError(f"two tables are named {name!r}")
            found[name] = output.data["text/csv"]
    return found


def figures(notebook: NotebookNode) -> dict[str, bytes]:
    """Return every picture that the notebook shows, by file name."""
    found: dict[str, bytes] = {}
    for output in _outputs(notebook):
        data = output.get("data", {})
        if "image/png" in data and "text/markdown" not in data:
            name = output.metadata["image/png"]["name"]
            if name in found:
                raise PaperError(f"two pictures are named {name!r}")
            found[name] = base64.b64decode(data["image/png"])
    return found


def sources(notebook: NotebookNode) -> list[tuple[str, str, str]]:
    """Return kind, name and source line of every picture and table that the notebook shows."""
    found = []
    for output in _outputs(notebook):
        for kind, form in (("figure", "image/png"), ("table", "text/csv")):
            if form in output.get("data", {}):
                words = output.metadata.get(form, {})
                found.append((kind, words.get("name", ""), words.get("source", "")))
    return found


def _outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [
        output
        for cell in notebook.cells
        if cell.cell_type == "code" and not set(cell.metadata.get("tags", [])) & set(HIDDEN_TAGS)
        for output in cell.outputs
    ]


def _check_outputs(notebook: NotebookNode) -> None:
    problems = []
    for output in _outputs(notebook):
        if output.output_type == "stream":
            continue
        if output.output_type == "error":
            problems.append(f"the notebook failed: {output.ename}: {output.evalue}")
            continue
        if not set(KINDS) & set(output.data):
            problems.append(f"an output has no form that a paper can carry: {sorted(output.data)}")
        elif "text/markdown" not in output.data:
            words = output.metadata.get("image/png", {})
            missing = [name for name in ("alt", "caption", "name") if not words.get(name)]
            if missing:
                problems.append(f"a picture has no {' or '.join(missing)}")
    if problems:
        raise PaperError("\n".join(problems))


def title_of(pages: Pages) -> str:
    """Return the paper's title: its first heading."""
    found = re.search(r"^# (.+)$", pages.markdown, re.MULTILINE)
    if found is None:
        raise PaperError("the notebook has no title: its first heading must be of level 1")
    return found[1].strip()
