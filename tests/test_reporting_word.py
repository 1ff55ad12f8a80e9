"""A Word document fits its pages, as LibreOffice sets it: in Arial, or the wider letters for it."""

import io
import shutil
import subprocess
from dataclasses import replace

import pytest
from board_programme_doubles import programme_paper
from docx import Document
from paper_doubles import COVER, notebook_of
from test_board_community import executed

from vru_model.reporting import render
from vru_model.reporting.blocks import Panel, Prose, Terms
from vru_model.reporting.formats.word import to_docx

WORDS = "Words that a chair has to read before the board can come to a decision. " * 2
NOTICE = "Exempt version, for the board alone: not for publication. It holds what is withheld."


def box(rows):
    """Return a paper whose decision box has so many rows, as Markdown."""
    return render.to_markdown(notebook_of(
        Panel("front", "", [Terms({"Board": "A board"})]),
        Panel("decision", "Decision box", [Terms({f"Row {n}": WORDS for n in range(rows)})]),
        Prose("## First\n\nText."),
    ))  # fmt: skip


def set_in(made):
    """Return the size of the decision box in points, and whether it begins a new page."""
    document = Document(io.BytesIO(made))
    heading = next(each for each in document.paragraphs if each.text == "Decision box")
    sizes = {
        document.styles[name].font.size.pt
        for name in ("Panel decision", "Panel decision Term Row")
    }
    assert len(sizes) == 1
    return sizes.pop(), bool(heading.paragraph_format.page_break_before)


@pytest.fixture
def sides(tmp_path):
    """Return a function from a Word document to the words on each of its pages."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    reader = shutil.which("pdftotext")
    if office is None or reader is None:
        pytest.skip("no LibreOffice with pdftotext on this machine to set a Word document with")

    def of(made):
        (tmp_path / "paper.docx").write_bytes(made)
        subprocess.run(
            [office, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
             "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "paper.docx")],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip
        found = subprocess.run([reader, "-layout", str(tmp_path / "paper.pdf"), "-"], check=True,
                               capture_output=True, text=True).stdout  # fmt: skip
        return found.split("\f")[:-1]

    return of


def test_a_longer_decision_box_is_set_in_smaller_type_and_then_on_a_page_of_its_own():
    found = [set_in(to_docx(box(rows), COVER, "A paper")) for rows in (5, 27, 28, 30, 31, 60)]
    assert found == [(9.0, False), (8.5, False), (8.0, False), (7.5, False),
                     (8.0, True), (7.5, False)]  # fmt: skip
    # The more stands above it, the sooner.
    crowded = replace(COVER, notice=NOTICE * 12)
    assert set_in(to_docx(box(26), COVER, "A paper")) == (9.0, False)
    assert set_in(to_docx(box(26), crowded, "A paper")) == (9.0, True)


@pytest.mark.parametrize("rows", [20, 26, 30])
def test_a_long_decision_box_ends_on_the_first_page(sides, rows):
    first = sides(to_docx(box(rows), COVER, "A paper"))[0]
    assert "Decision box" in first and f"Row {rows - 1}" in first


@pytest.mark.parametrize("notice", ["", NOTICE])
def test_the_decision_box_of_a_board_paper_ends_on_the_first_page(sides, notice):
    paper = programme_paper()
    blocks = [*paper.front(), *paper.decision(), Prose("## First\n\nText.")]
    pages = render.to_markdown(notebook_of(*blocks))
    first = sides(to_docx(pages, replace(COVER, notice=notice), "A paper"))[0]
    for part in ("Decision box", "Value for money", "Not to be used after"):
        assert part in first, part


def test_the_sheet_takes_two_sides_in_word_too(sides):
    made = to_docx(render.to_markdown(executed()), replace(COVER, sheet=True), "A sheet")
    found = sides(made)
    assert len(found) == 2 and "How to challenge" in found[1]
