"""The PDF: tagged for assistive technology (PDF/UA-1), set by Typst in fonts that travel along.

Typst itself refuses what the standard forbids, such as a picture without a description. The tags
of the finished file are looked at once more, because that a file says PDF/UA is not that it is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib
import typst

from vru_model.reporting.formats import pdf_tags
from vru_model.reporting.formats.conversion import TEMPLATES, convert, put_pictures
from vru_model.reporting.formats.source import Cover, Pages, PaperError

SIZE = 9.5  # points
# Below 8.5 points a sheet is no longer easy to read.
SIDES, SHEET_SIZES = 2, (10.0, 9.5, 9.0, 8.5)
# DejaVu, which matplotlib carries: the same letters on every machine, whatever is installed.
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def to_pdf(pages: Pages, cover: Cover) -> bytes:
    """Return the paper as PDF/UA-1 on A4.

    Raises PaperError where the compiler refuses it, its tags would leave a reader out, or a sheet
    does not keep to its two sides.
    """
    words = convert(
        pages, cover, "typst",
        f"--lua-filter={TEMPLATES / 'print.lua'}", f"--template={TEMPLATES / 'paper.typ'}",
        f"--variable=watermark:{'DRAFT' if cover.draft else ''}",
    )  # fmt: skip
    with TemporaryDirectory(prefix="vru-paper-") as work:
        folder = Path(work)
        put_pictures(pages, folder)
        (folder / "paper.typ").write_bytes(words)
        made = _set_sheet(folder, cover) if cover.sheet else _set(folder, cover, SIZE)
    found = pdf_tags.problems(made)
    if found:
        raise PaperError("the PDF would not be accessible:\n" + "\n".join(found))
    return made


def _set(folder: Path, cover: Cover, size: float) -> bytes:
    """Have Typst set the paper that stands in a folder, in type of a size in points."""
    noon = datetime(cover.day.year, cover.day.month, cover.day.day, 12, tzinfo=UTC)
    try:
        return typst.compile(
            str(folder / "paper.typ"),
            pdf_standards=["ua-1"],
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            timestamp=int(noon.timestamp()),
            sys_inputs={"size": f"{size:g}"},
        )
    except typst.TypstError as error:
        raise PaperError(f"the PDF cannot be set: {_reason(error)}") from error


def _set_sheet(folder: Path, cover: Cover) -> bytes:
    """Return the sheet in the largest type in which it keeps to its sides."""
    sides = 0
    for size in SHEET_SIZES:
        made = _set(folder, cover, size)
        sides = pdf_tags.pages(made)
        if sides <= SIDES:
            return made
    raise PaperError(f"the sheet takes {sides} sides of A4, not {SIDES}, even in small type")


def _reason(error: typst.TypstError) -> str:
    hints = " ".join(getattr(error, "hints", None) or [])
    return " ".join(filter(None, (str(getattr(error, "message", error)), hints)))
