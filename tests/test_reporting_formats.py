"""Each format of a paper serves every reader, and comes out the same again."""

import io
import zipfile
from dataclasses import replace

import pandas as pd
import pikepdf
import pytest
from board_programme_doubles import programme_paper
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm
from paper_doubles import COVER, PNG, SOURCE, docx_text, notebook_of, pdf_pages

from vru_model.reporting import render
from vru_model.reporting.blocks import Chart, Panel, Prose, Table, Terms
from vru_model.reporting.formats import pdf_tags
from vru_model.reporting.formats.page import to_html
from vru_model.reporting.formats.print_ready import to_pdf
from vru_model.reporting.formats.source import PaperError
from vru_model.reporting.formats.word import problems, to_docx

NUMBERS = pd.DataFrame({"Measure": ["Admissions", "Homicides"], "Averted": ["120", "3"]})
KINDS = ("decision", "front", "warning", "note", "prompt")


def wide(columns):
    """Return a table of so many columns with words and intervals in them."""
    cells = {"Programme": ["Hospital navigators", "Focused deterrence"]} | {
        f"Averted by year {n}": ["−1,200 to 3,400", "12 to 560"] for n in range(1, columns)
    }
    return Table("wide", "Many columns", pd.DataFrame(cells), source=SOURCE)


@pytest.fixture(scope="module")
def pages():
    paper = programme_paper()
    blocks = [
        *paper.front(), *paper.decision(), Prose("## First section\n\nA paragraph.\n\n- A point."),
        Table("numbers", "What is averted", NUMBERS, source=SOURCE),
        Chart("lines", PNG, "A picture of two lines", "Two lines", source=SOURCE),
        *(Panel(kind, kind.title(), [Prose("Words."), Terms({"Term": "What it is"})], level=3)
          for kind in KINDS),
        Prose("## Second section\n\nA paragraph."), wide(12),
    ]  # fmt: skip
    return render.to_markdown(notebook_of(*blocks, title="Programme & <strategy>"))


TITLE = "Programme & <strategy>"


@pytest.fixture(scope="module")
def pdf(pages):
    return to_pdf(pages, COVER)


@pytest.fixture(scope="module")
def word(pages):
    return to_docx(pages, COVER, TITLE)


def test_the_pdf_is_tagged_for_everybody(pdf):
    assert pdf_tags.problems(pdf) == []
    root = pdf_tags.tags(pdf)
    assert [tag.alt for tag in root.all("Figure")] == ["A picture of two lines"]
    assert len(root.all("Table")) == 3 and all(table.all("TH") for table in root.all("Table"))
    assert len(root.all("H1")) == 1 and root.all("TOCI")
    with pikepdf.open(io.BytesIO(pdf)) as file, file.open_metadata() as metadata:
        assert metadata["dc:title"] == TITLE and str(file.Root.Lang) == "en-GB"
        assert metadata["pdfuaid:part"] == "1"


def test_every_page_of_the_pdf_is_numbered_and_marked_as_a_draft(pages, pdf):
    text = pdf_pages(pdf)
    for number, page in enumerate(text, 1):
        assert f"Page {number} of {len(text)}" in page.replace("  ", " ")
        assert page.count("DRAFT") >= 2  # at its head and across it
    signed = pdf_pages(to_pdf(pages, replace(COVER, draft=False)))
    assert all("DRAFT" not in page for page in signed[1:])


def test_the_decision_box_stands_on_the_first_page_of_the_pdf(pdf):
    first = pdf_pages(pdf)[0]
    for part in ("Decision box", "Question", "Headline", "Not to be used after"):
        assert part in first, part


def test_a_long_decision_box_is_set_smaller_before_it_leaves_the_first_page():
    words = "Words that a chair has to read before the board can come to a decision. " * 2
    rows = {f"Row {n}": words for n in range(1, 20)}
    blocks = [
        Panel("front", "", [Terms({"Board": "A board"})]),
        Panel("decision", "Decision box", [Terms(rows)]),
        Prose("## First\n\nText."),
    ]
    pages = render.to_markdown(notebook_of(*blocks))
    first = pdf_pages(to_pdf(pages, COVER))[0]
    assert "Decision box" in first and "Row 19" in first


def test_a_sheet_keeps_to_two_sides_without_contents_and_numbers():
    part = "## A part\n\n" + "A short sentence that anybody can read. " * 22 + "\n\n- A point.\n"
    sheet = replace(COVER, sheet=True)
    pages = render.to_markdown(notebook_of(*(Prose(part) for _ in range(10))))
    made = to_pdf(pages, sheet)
    assert pdf_tags.pages(made) == 2 < pdf_tags.pages(to_pdf(pages, COVER))
    for text in (" ".join(pdf_pages(made)), docx_text(to_docx(pages, sheet, "A paper")),
                 to_html(pages, sheet).rpartition("</style>")[2]):  # fmt: skip
        assert "A part" in text and "Contents" not in text and "1.1" not in text
    longer = render.to_markdown(notebook_of(*(Prose(part) for _ in range(30))))
    with pytest.raises(PaperError, match="the sheet takes . sides of A4, not 2"):
        to_pdf(longer, sheet)


def test_a_kind_of_panel_without_a_look_of_its_own_is_dressed_as_a_note():
    pages = render.to_markdown(notebook_of(Panel("box", "A box", [Prose("Words.")])))
    document = Document(io.BytesIO(to_docx(pages, COVER, "A paper")))
    assert ("Panel note", "Words.") in [(p.style.name, p.text) for p in document.paragraphs]
    assert "A box" in pdf_pages(to_pdf(pages, COVER))[0]


@pytest.mark.parametrize(("columns", "turned"), [(5, False), (12, True)])
def test_a_wide_table_turns_its_page_and_keeps_every_cell(columns, turned):
    pages = render.to_markdown(notebook_of(Prose("## One"), wide(columns), Prose("## Two")))
    made = to_pdf(pages, COVER)
    with pikepdf.open(io.BytesIO(made)) as file:
        sizes = [(page.mediabox[2] > page.mediabox[3]) for page in file.pages]
    assert any(sizes) == turned
    (table,) = pdf_tags.tags(made).all("Table")
    assert [len(row.all("TH", "TD")) for row in table.all("TR")] == [columns] * 3
    document = Document(io.BytesIO(to_docx(pages, COVER, "A paper")))
    landscape = [part.orientation == WD_ORIENT.LANDSCAPE for part in document.sections]
    assert any(landscape) == turned
    for part, (table,) in zip([landscape.index(turned)], [document.tables], strict=True):
        section = document.sections[part]
        room = section.page_width - section.left_margin - section.right_margin
        assert sum(column.width for column in table.columns) <= room + Mm(1)


def test_a_table_that_fits_no_page_is_refused():
    pages = render.to_markdown(notebook_of(wide(40)))
    for make in (lambda: to_pdf(pages, COVER), lambda: to_docx(pages, COVER, "A paper")):
        with pytest.raises(PaperError, match="too wide for A4"):
            make()


def test_the_word_document_is_read_by_its_structure(word):
    document = Document(io.BytesIO(word))
    assert problems(document) == []
    styles = [(line.style.name, line.text) for line in document.paragraphs]
    assert ("Title", TITLE) in styles and ("Heading 1", "1. First section") in styles
    assert ("Heading 1", "Decision box") in styles and ("Heading 2", "Warning") in styles
    assert ("Numbered Paragraph", "1.1\tA paragraph.") in styles
    contents = [line for line in document.paragraphs if line.style.name == "toc 1"]
    assert [line.text for line in contents] == ["1. First section", "2. Second section"]
    # Whole as written, links included; renewed by Word it would list the same sections.
    bookmarks = {each.get(qn("w:name")) for each in document.element.body.iter(
        qn("w:bookmarkStart"))}  # fmt: skip
    assert all(line.hyperlinks[0].fragment in bookmarks for line in contents)
    (asked,) = document.element.body.iter(qn("w:instrText"))
    assert asked.text.split()[:3] == ["TOC", "\\o", '"1-1"']
    marks = [each.get(qn("w:fldCharType")) for each in document.element.body.iter(
        qn("w:fldChar"))]  # fmt: skip
    assert marks == ["begin", "separate", "end"]
    (picture,) = document.element.body.iter(qn("wp:docPr"))
    assert picture.get("descr") == "A picture of two lines"
    for table in document.tables:
        assert table.rows[0]._tr.xpath("w:trPr/w:tblHeader")
        assert table._tbl.xpath("w:tblPr/w:tblLook")[0].get(qn("w:firstRow")) == "1"


def test_the_word_document_is_a4_british_and_marked_on_every_page(word):
    document = Document(io.BytesIO(word))
    for section in document.sections:
        sides = sorted([section.page_width, section.page_height])
        assert abs(sides[0] - Mm(210)) < Mm(1) and abs(sides[1] - Mm(297)) < Mm(1)
        assert section._sectPr.findall(qn("w:headerReference"))
    assert "DRAFT" in document.sections[0].header.paragraphs[0].text
    footer = document.sections[0].footer.paragraphs[0]
    assert "PAGE" in "".join(field.text for field in footer._p.iter(qn("w:instrText")))
    assert document.core_properties.title == TITLE
    languages = {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}


def test_every_kind_of_panel_has_its_look_in_word(word):
    document = Document(io.BytesIO(word))
    for kind in KINDS:
        style = document.styles[f"Panel {kind}"].element
        assert style.xpath("w:pPr/w:shd") and style.xpath("w:pPr/w:pBdr/w:left")
        assert any(line.style.name == f"Panel {kind}" for line in document.paragraphs)


def test_each_format_comes_out_the_same_again(pages, pdf, word):
    assert to_pdf(pages, COVER) == pdf
    assert to_docx(pages, COVER, TITLE) == word
    assert to_html(pages, COVER) == to_html(pages, COVER)
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_three_formats_say_the_same(pages, pdf, word):
    texts = [to_html(pages, COVER), docx_text(word), " ".join(pdf_pages(pdf))]
    for part in ("What is averted", "Two lines", "First section", "baseline-0123456789ab", "DRAFT"):
        assert all(part in text for text in texts), part


@pytest.mark.parametrize("words", ["", "No description has been provided for this image"])
@pytest.mark.parametrize("make", [to_html, to_pdf, lambda *given: to_docx(*given, "A paper")],
                         ids=["html", "pdf", "docx"])  # fmt: skip
def test_a_picture_without_a_description_is_refused_in_every_format(make, words):
    pages = render.Pages(f'# T\n\n![A caption](a.png){{alt="{words}"}}\n', {"a.png": PNG})
    with pytest.raises(PaperError, match="alternative text|No description"):
        make(pages, COVER)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda pdf: pdf.Root.__setitem__("/Lang", pikepdf.String("de")), "its language is de"),
        (lambda pdf: pdf.Root.MarkInfo.__setitem__("/Marked", False), "not tagged"),
        (lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"), "file name instead of its title"),
        (lambda pdf: pdf.Root.__delitem__("/StructTreeRoot"), "0 headings of level 1"),
        (lambda pdf: _first(pdf, "/Figure").__delitem__("/Alt"), "no alternative text"),
        (lambda pdf: _every(pdf, "/TH", "/TD"), "no header row"),
        (lambda pdf: _every(pdf, "/H2", "/H4"), "level 4 follows"),
        (lambda pdf: pdf.pages[0].__setitem__("/MediaBox", [0, 0, 612, 792]), "not A4"),
    ],
)  # fmt: skip
def test_each_breach_in_a_pdf_is_seen(pdf, spoil, problem):
    spoilt = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        spoil(file)
        file.save(spoilt)
    assert any(problem in found for found in pdf_tags.problems(spoilt.getvalue()))


def _first(pdf, role):
    return next(each for each in _elements(pdf) if each.get("/S") == role)


def _every(pdf, role, other):
    for each in _elements(pdf):
        if each.get("/S") == role:
            each["/S"] = pikepdf.Name(other)


def _elements(pdf):
    return [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
