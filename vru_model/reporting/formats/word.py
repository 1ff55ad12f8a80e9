"""The Word document: what pandoc writes, finished so that everybody can read it on A4.

pandoc gives headings, alternative text and header rows. Here columns get their widths, panels
their look, every section its header and footer, and the file dates that do not change.
"""

from __future__ import annotations

import re
import zipfile
from copy import deepcopy
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from vru_model.reporting.formats.conversion import TEMPLATES, convert
from vru_model.reporting.formats.source import EMPTY_WORDS, Cover, Pages, PaperError
from vru_model.reporting.formats.word_fit import CLOSE, fit_decision
from vru_model.reporting.formats.word_styles import LOOKS, dress, reference

_TYPE = {"normal": 8.5, "small": 7.5, "turned": 8.5, "turned-small": 7.0}
_WAY = re.compile(r"Way-([\w-]+)")
_PANEL = re.compile(r"Panel (\w+)")
_PANEL_HEADING = re.compile(r"Panel (\w+) Heading (\d)")
_LANGUAGE = "en-GB"
_TURNED_LINE = 14_570  # between the margins of a turned page, in twentieths of a point
_INSET = 227  # of a panel's words: 4 mm
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def to_docx(pages: Pages, cover: Cover, title: str) -> bytes:
    """Return the paper as a Word document on A4.

    Raises PaperError where it would leave a reader out.
    """
    with TemporaryDirectory(prefix="vru-paper-") as work:
        styles = Path(work) / "reference.docx"
        styles.write_bytes(reference(title, cover))
        made = convert(
            pages, cover, "docx",
            f"--lua-filter={TEMPLATES / 'print.lua'}", f"--reference-doc={styles}",
            f"--metadata=author:{cover.organisation}",
        )  # fmt: skip
    document = Document(BytesIO(made))
    for finish in (_set_tables, _set_panels, fit_decision, _set_sections, _set_languages):
        finish(document)
    _describe(document, title, cover)
    found = problems(document)
    if found:
        raise PaperError("the Word document would not be accessible:\n" + "\n".join(found))
    finished = BytesIO()
    document.save(finished)
    return _undated(finished.getvalue())


def problems(document: DocumentType) -> list[str]:
    """Return what is wrong with a Word document, in words; an empty list where nothing is."""
    found = []
    for picture in document.element.body.iter(qn("wp:docPr")):
        alt = picture.get("descr", "").strip()
        if not alt or EMPTY_WORDS in alt:
            found.append(f"a picture has no alternative text of its own: {alt!r}")
    for table in document.tables:
        if not table.rows[0]._tr.xpath("w:trPr/w:tblHeader"):
            found.append("a table has no header row that repeats on every page")
        if not table._tbl.xpath("w:tblPr/w:tblCaption"):
            found.append("a table has no caption")
    levels = [int(style[-1]) for style in map(_style, document.paragraphs)
              if re.fullmatch(r"Heading \d", style)]  # fmt: skip
    for above, below in zip([0, *levels], levels, strict=False):
        if below > above + 1:
            found.append(f"a heading of level {below} follows one of level {above}")
    if not document.core_properties.title:
        found.append("it has no title")
    return found


def _style(paragraph: Paragraph) -> str:
    return str(paragraph.style.name) if paragraph.style is not None else ""


def _set_tables(document: DocumentType) -> None:
    """Give each table its widths and type, and keep its rows whole."""
    for marker in document.element.body.xpath("//w:p[w:pPr/w:pStyle]"):
        way = _WAY.fullmatch(marker.pPr.pStyle.val)
        if way is None:
            continue
        following = marker.getnext()
        while following.tag != qn("w:tbl"):
            following = following.getnext()
        line = _TURNED_LINE if way[1].startswith("turned") else _line(document)
        _set_table(Table(following, document.element.body), way[1], line)
        marker.getparent().remove(marker)


def _line(document: DocumentType) -> int:
    """Return the length of a line between the margins, in twentieths of a point."""
    page = document.sections[-1]
    wide, left, right = page.page_width, page.left_margin, page.right_margin
    return round(20 * Length((wide or 0) - (left or 0) - (right or 0)).pt)


def _set_table(table: Table, way: str, line: int) -> None:
    layout = OxmlElement("w:tblLayout")
    layout.set(qn("w:type"), "fixed")
    properties = table._tbl.tblPr
    for old in properties.xpath("w:tblLayout"):
        properties.remove(old)
    look = properties.xpath("w:tblLook")
    look[0].addprevious(layout) if look else properties.append(layout)
    whole = properties.xpath("w:tblW")[0]
    share = int(whole.get(qn("w:w"))) / 5000 if whole.get(qn("w:type")) == "pct" else 1.0
    columns = table._tbl.tblGrid.gridCol_lst
    given = [int(column.get(qn("w:w"))) for column in columns]
    widths = [str(round(line * share * width / sum(given))) for width in given]
    for column, width in zip(columns, widths, strict=True):
        column.set(qn("w:w"), width)
    whole.set(qn("w:type"), "dxa")
    whole.set(qn("w:w"), str(sum(map(int, widths))))
    for row in table._tbl.tr_lst:
        row.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))
        for cell, width in zip(row.tc_lst, widths, strict=True):
            _set_cell(cell, width, _TYPE[way])


def _set_cell(cell: Any, width: str, size: float) -> None:
    properties = cell.get_or_add_tcPr()
    for old in properties.xpath("w:tcW"):
        properties.remove(old)
    given = OxmlElement("w:tcW")
    given.set(qn("w:w"), width)
    given.set(qn("w:type"), "dxa")
    properties.insert(0, given)
    for line in cell.p_lst:
        line.get_or_add_pPr().spacing_after = Pt(0)
    for run in cell.iter(qn("w:r")):
        wanted = run.get_or_add_rPr()
        for name in ("w:sz", "w:szCs"):
            element = OxmlElement(name)
            element.set(qn("w:val"), str(round(2 * size)))
            wanted.append(element)


def _set_panels(document: DocumentType) -> None:
    """Give a panel's headings and tables its look; its paragraphs have it by their style."""
    for paragraph in document.paragraphs:
        heading = _PANEL_HEADING.fullmatch(_style(paragraph))
        if heading:
            paragraph.style = document.styles[f"Heading {heading[2]}"]
            dress(paragraph._p.get_or_add_pPr(), LOOKS[heading[1]])
            after = _after(document, paragraph._p)
            model = after.style if after is not None and _PANEL.match(_style(after)) else None
            _indent_as(paragraph, model or document.styles[f"Panel {heading[1]}"])
    for table in document.tables:
        after = _after(document, table._tbl)
        kind = _PANEL.match(_style(after)) if after is not None else None
        if kind and kind[1] in LOOKS:
            _set_panel_table(document, table, kind[1])


def _after(document: DocumentType, element: Any) -> Paragraph | None:
    """Return the paragraph that follows an element; None where something else does."""
    following = element.getnext()
    while following is not None and following.tag in (qn("w:bookmarkEnd"), qn("w:bookmarkStart")):
        following = following.getnext()
    if following is None or following.tag != qn("w:p"):
        return None
    return Paragraph(following, document._body)


def _indent_as(paragraph: Paragraph, style: Any) -> None:
    """Indent a paragraph by a style: Word joins the shading of those that are indented alike."""
    shape, model = paragraph.paragraph_format, style.paragraph_format
    shape.left_indent, shape.first_line_indent = model.left_indent, model.first_line_indent
    shape.right_indent = model.right_indent
    shape.space_before, shape.space_after = Pt(0), Pt(4)


def _set_panel_table(document: DocumentType, table: Table, kind: str) -> None:
    look = LOOKS[kind]
    before = table._tbl.getprevious()
    while before is not None and before.tag != qn("w:p"):
        before = before.getprevious()
    if before is not None:
        caption = Paragraph(before, document._body)
        dress(caption._p.get_or_add_pPr(), look)
        shape, model = caption.paragraph_format, document.styles[f"Panel {kind}"].paragraph_format
        shape.left_indent, shape.right_indent = model.left_indent, model.right_indent
    _inset(table, _line(document))
    close = "".join(f'<w:{side} w:w="{CLOSE}" w:type="dxa"/>' for side in ("top", "bottom"))
    margins = parse_xml(f'<w:tblCellMar {nsdecls("w")}>{close}</w:tblCellMar>')
    table._tbl.tblPr.xpath("w:tblLayout")[0].addnext(margins)
    for cell in table._tbl.iter(qn("w:tc")):
        cell.get_or_add_tcPr().append(
            parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{look.fill}"/>')
        )


def _inset(table: Table, line: int) -> None:
    """Make a table as wide as the shading of its panel."""
    whole = table._tbl.tblPr.xpath("w:tblW")[0]
    widths = [whole, *table._tbl.tblGrid.gridCol_lst, *table._tbl.iter(qn("w:tcW"))]
    for width in widths:
        width.set(qn("w:w"), str(round(int(width.get(qn("w:w"))) * (1 - 2 * _INSET / line))))
    whole.addnext(
        parse_xml(f'<w:tblInd {nsdecls("w")} w:w="{_INSET}" w:type="dxa"/>')
    )


def _set_sections(document: DocumentType) -> None:
    """Give every section the header and the footer of the last, which has pandoc's."""
    *others, last = document.sections
    names = ("w:headerReference", "w:footerReference")
    lines = [each for name in names for each in last._sectPr.findall(qn(name))]
    for section in others:
        for line in reversed(lines):
            if line.tag not in {each.tag for each in section._sectPr}:
                section._sectPr.insert(0, deepcopy(line))


def _set_languages(document: DocumentType) -> None:
    for part in (document.styles.element, document.settings.element):
        for language in [*part.iter(qn("w:lang")), *part.iter(qn("w:themeFontLang"))]:
            language.set(qn("w:val"), _LANGUAGE)
    defaults = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr")[0]
    if not defaults.xpath("w:lang"):
        defaults.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{_LANGUAGE}"/>'))


def _describe(document: DocumentType, title: str, cover: Cover) -> None:
    told = document.core_properties
    noon = datetime(cover.day.year, cover.day.month, cover.day.day, 12, tzinfo=UTC)
    told.title, told.author, told.language = title, cover.organisation, _LANGUAGE
    told.created = told.modified = noon
    told.last_modified_by, told.revision = cover.organisation, 1


def _undated(made: bytes) -> bytes:
    """Return the same file with its parts in order and without the time they were packed."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(made)) as found, zipfile.ZipFile(packed, "w") as kept:
        names = sorted(found.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            part = zipfile.ZipInfo(name, _ZIP_DATE)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o644 << 16
            kept.writestr(part, found.read(name))
    return packed.getvalue()
