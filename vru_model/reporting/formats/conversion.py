"""One call of pandoc: the paper's Markdown, the filters of the house, a format."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pypandoc

from vru_model.reporting.formats.source import Cover, Pages, PaperError

TEMPLATES = Path(__file__).parents[1] / "templates"
# Raw HTML and TeX are off: what users write in their documents is shown, never obeyed.
MARKDOWN = (
    "markdown-raw_html-raw_tex-raw_attribute-tex_math_dollars-citations-example_lists"
    "-strikeout-subscript-superscript-yaml_metadata_block"
)


def put_pictures(pages: Pages, folder: Path) -> None:
    """Write the pictures where the Markdown looks for them."""
    for name, picture in pages.pictures.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture)


def convert(pages: Pages, cover: Cover, target: str, *arguments: str) -> bytes:
    """Return the paper in one of pandoc's formats.

    Raises PaperError where pandoc or one of the house's filters refuses it.
    """
    with TemporaryDirectory(prefix="vru-paper-") as work:
        folder = Path(work)
        put_pictures(pages, folder)
        made = folder / "made"
        common = [
            "--standalone", "--wrap=none", f"--resource-path={folder}",
            f"--lua-filter={TEMPLATES / 'paper.lua'}",
            "--metadata=lang:en-GB",
            f"--metadata=organisation:{cover.organisation}",
            f"--metadata=marks:{cover.marks}",
            f"--metadata=notice:{cover.notice}",
        ]  # fmt: skip
        if cover.sheet:
            common.append("--metadata=sheet:true")
        try:
            pypandoc.convert_text(
                pages.markdown, target, format=MARKDOWN, outputfile=str(made),
                extra_args=[*common, *arguments],
            )  # fmt: skip
        except RuntimeError as error:
            raise PaperError(f"pandoc refused the paper: {error}") from error
        return made.read_bytes()
