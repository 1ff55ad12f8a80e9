"""The web page: one file, with its style and pictures inside, that fetches nothing."""

from __future__ import annotations

from vru_model.reporting import accessibility
from vru_model.reporting.formats.conversion import TEMPLATES, convert
from vru_model.reporting.formats.source import Cover, Pages, PaperError


def to_html(pages: Pages, cover: Cover) -> str:
    """Return the page.

    Raises PaperError with every breach of accessibility that a machine can see.
    """
    styles = (TEMPLATES / "paper.css").read_text(encoding="utf-8")
    made = convert(
        pages, cover, "html5", "--embed-resources", "--toc", "--toc-depth=2",
        f"--template={TEMPLATES / 'paper.html'}", f"--variable=styles:{styles}",
    )  # fmt: skip
    page = made.decode("utf-8")
    found = accessibility.problems(page)
    if found:
        raise PaperError("the page would not be accessible:\n" + "\n".join(found))
    return page
