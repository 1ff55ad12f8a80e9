"""From an executed notebook to one self-contained, accessible HTML page.

nbconvert takes the notebook's words and pictures to Markdown, pandoc takes that to HTML. A paper
that would leave a reader out (a picture without words for it, a table without headers) or that
would fetch anything from elsewhere is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pypandoc
from nbconvert import MarkdownExporter
from nbformat import NotebookNode
from traitlets.config import Config

from vru_model.reporting import accessibility
from vru_model.reporting.blocks import attribute, escape

TEMPLATES = Path(__file__).parent / "templates"
# Raw HTML and TeX are off: what users write in their documents is shown, never obeyed.
MARKDOWN = (
    "markdown-raw_html-raw_tex-raw_attribute-tex_math_dollars-citations-example_lists"
    "-strikeout-subscript-superscript-yaml_metadata_block"
)
HIDDEN_TAGS = ("parameters", "injected-parameters", "remove-cell", "screen-only")
# Best first: what a paper is made of. Anything else has no accessible form and is refused.
KINDS = ("text/markdown", "image/png")


class PaperError(RuntimeError):
    """A paper cannot be made of this notebook; the message says why."""


@dataclass(frozen=True)
class Pages:
    """A paper's Markdown and the pictures that it names."""

    markdown: str
    pictures: dict[str, bytes]


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


def to_html(pages: Pages, organisation: str) -> str:
    """Return the page, with its style and pictures inside it.

    Raises PaperError with every breach of accessibility that a machine can see.
    """
    with TemporaryDirectory(prefix="vru-paper-") as folder:
        for name, picture in pages.pictures.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture)
        arguments = [
            "--standalone", "--embed-resources", "--toc", "--toc-depth=2", "--wrap=none",
            f"--resource-path={folder}",
            f"--template={TEMPLATES / 'paper.html'}",
            f"--lua-filter={TEMPLATES / 'paper.lua'}",
            f"--variable=styles:{(TEMPLATES / 'paper.css').read_text(encoding='utf-8')}",
            f"--variable=organisation:{organisation}",
            "--metadata=lang:en-GB",
        ]  # fmt: skip
        try:
            page = pypandoc.convert_text(
                pages.markdown, "html5", format=MARKDOWN, extra_args=arguments
            )
        except RuntimeError as error:
            raise PaperError(f"pandoc refused the paper: {error}") from error
    found = accessibility.problems(page)
    if found:
        raise PaperError("the paper would not be accessible:\n" + "\n".join(found))
    return page


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
