"""The styles of a paper in Word: A4, real headings, panels as shaded paragraphs.

pandoc takes styles, page, header and footer from a reference document. It is made here each time,
so that no binary file has to be kept and reviewed.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, NamedTuple

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor

from vru_model.reporting.formats.source import Cover

FONT = "Arial"
BRAND, SOFT, WARN, INK = "1D3C5C", "595959", "8A2B06", "1A1A1A"
_SIDES, _SHEET_SIDES, _WIDTH = 20, 15, 210  # millimetres


class Look(NamedTuple):
    """How a kind of panel looks: its fill and the bar on its left.

    No line runs around it: Word would draw one around each paragraph whose indent differs.
    """

    fill: str
    bar: str
    line: str = "single"

    @property
    def xml(self) -> tuple[Any, Any]:
        """The bar and the shading, as Word writes them in a paragraph's properties."""
        return (
            parse_xml(
                f'<w:pBdr {nsdecls("w")}><w:left w:val="{self.line}" w:sz="36" w:space="6" '
                f'w:color="{self.bar}"/></w:pBdr>'
            ),
            parse_xml(
                f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{self.fill}"/>'
            ),
        )


LOOKS = {
    "decision": Look("EEF3F8", BRAND),
    "front": Look("F7F8FA", "767676"),
    "warning": Look("FDF1EA", WARN),
    "note": Look("EEF3F8", BRAND),
    "sheet": Look("EEF3F8", BRAND),
    "prompt": Look("F7F8FA", BRAND, "dashed"),
    "withheld": Look("F3F3F3", SOFT, "dashed"),
}


def reference(title: str, cover: Cover) -> bytes:
    """Return the reference document for one paper, with its header and footer."""
    document = Document()
    _page(document, cover.sheet)
    _running_lines(document, title, cover)
    _text_styles(document, cover.sheet)
    for kind, look in LOOKS.items():
        _panel_styles(document, kind, look)
    _table_style(document, cover.sheet)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def dress(properties: Any, look: Look) -> None:
    """Give a paragraph's (or a style's) properties the borders and the shading of a panel."""
    borders, shading = look.xml
    # Word reads them in this order only: borders, shading, tabs, spacing, indentation.
    for old in properties.xpath("w:pBdr | w:shd"):
        properties.remove(old)
    before = [
        place for place, child in enumerate(properties, 1)
        if child.tag.rpartition("}")[2] in _BEFORE_BORDERS
    ]  # fmt: skip
    properties.insert(max(before, default=0), borders)
    borders.addnext(shading)


_BEFORE_BORDERS = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr",
                   "widowControl", "numPr", "suppressLineNumbers")  # fmt: skip


def _page(document: DocumentType, sheet: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(_WIDTH), Mm(297)
    section.left_margin = section.right_margin = Mm(_SHEET_SIDES if sheet else _SIDES)
    section.top_margin, section.bottom_margin = (Mm(17), Mm(15)) if sheet else (Mm(22), Mm(20))
    section.header_distance, section.footer_distance = Mm(10), Mm(9)


def _running_lines(document: DocumentType, title: str, cover: Cover) -> None:
    section = document.sections[0]
    for part, left in ((section.header, cover.organisation), (section.footer, title)):
        line = part.paragraphs[0]
        stops = line.paragraph_format.tab_stops
        for stop in list(line.style.paragraph_format.tab_stops):
            stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
        edge = Mm(_WIDTH - 2 * (_SHEET_SIDES if cover.sheet else _SIDES))
        stops.add_tab_stop(edge, WD_TAB_ALIGNMENT.RIGHT)
        _coloured(line.add_run(f"{left}\t"), SOFT)
    _coloured(section.header.paragraphs[0].add_run(cover.marks), WARN, bold=True)
    line = section.footer.paragraphs[0]
    for words, field in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        _coloured(line.add_run(words), SOFT)
        for kind in ("begin", "separate", "end"):
            run = _coloured(line.add_run(), SOFT)
            run._r.append(
                parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>')
            )
            if kind == "begin":
                run._r.append(
                    parse_xml(f"<w:instrText {nsdecls('w')}> {field} </w:instrText>")
                )


def _coloured(run: Any, colour: str, bold: bool = False) -> Any:
    run.font.size, run.font.bold, run.font.name = Pt(8), bold, FONT
    run.font.color.rgb = RGBColor.from_string(colour)
    return run


def _style(
    document: DocumentType, name: str, base: str | None = None, *, size: float | None = None,
    colour: str | None = None, bold: bool | None = None, before: float = 0, after: float = 6,
    left: float = 0, hanging: float = 0, keep: bool = False,
    kind: WD_STYLE_TYPE = WD_STYLE_TYPE.PARAGRAPH,
) -> Any:  # fmt: skip
    """Return a style by name, made where there is none; lengths in points and millimetres."""
    styles: Any = document.styles
    style = styles[name] if name in styles else styles.add_style(name, kind)
    if base is not None:
        style.base_style = styles[base]
    fonts = style.element.get_or_add_rPr()
    for old in fonts.xpath("w:rFonts"):
        fonts.remove(old)
    style.font.name = FONT
    if size is not None:
        style.font.size = Pt(size)
    if colour is not None:
        style.font.color.rgb = RGBColor.from_string(colour)
    if bold is not None:
        style.font.bold = bold
    if kind == WD_STYLE_TYPE.PARAGRAPH:
        shape = style.paragraph_format
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        shape.left_indent, shape.first_line_indent = Mm(left), Mm(-hanging)
        if hanging:
            shape.tab_stops.add_tab_stop(Mm(left))
        shape.keep_with_next = keep
    return style


def _text_styles(document: DocumentType, sheet: bool) -> None:
    normal = _style(document, "Normal", size=9.5 if sheet else 10, colour=INK)
    normal.paragraph_format.line_spacing = 1.0 if sheet else 1.12
    _style(document, "Body Text", "Normal")
    _style(document, "First Paragraph", "Body Text")
    _style(document, "Compact", "Normal", after=1.5 if sheet else 3)
    title = _style(document, "Title", "Normal", size=16 if sheet else 18, colour="FFFFFF",
                   bold=True, after=0)  # fmt: skip
    author = _style(document, "Author", "Normal", size=10, colour="FFFFFF", after=10)
    for style in (title, author):
        dress(style.element.get_or_add_pPr(), Look(BRAND, BRAND))
        for side in style.element.pPr.xpath("w:pBdr/*"):
            side.getparent().remove(side)
    for level, size in ((1, 14), (2, 11.5), (3, 10.5)):
        before, after = (10 - 2 * level, 2) if sheet else (16 - 3 * level, 5)
        _style(document, f"Heading {level}", "Normal", size=size, colour=BRAND, bold=True,
               before=before, after=after, keep=True)  # fmt: skip
    _style(document, "Numbered Paragraph", "Normal", left=12, hanging=12)
    _style(document, "Term Row", "Normal", left=42, hanging=42, after=4)
    _style(document, "Source", "Normal", size=7.5, colour=SOFT, after=4 if sheet else 8)
    _style(document, "Captioned Figure", "Normal", before=6, after=2, keep=True)
    _style(document, "Image Caption", "Normal", size=9, after=2).font.italic = False
    _style(document, "Table Caption", "Normal", size=9, bold=True, before=3 if sheet else 6,
           after=1 if sheet else 3, keep=True)  # fmt: skip
    document.styles["Table Caption"].font.italic = False
    _style(document, "Contents Heading", "Normal", size=13, colour=BRAND, bold=True,
           before=10, keep=True)  # fmt: skip
    _style(document, "toc 1", "Normal", after=1)
    _style(document, "Notice", "Normal", size=9, after=8)
    dress(document.styles["Notice"].element.get_or_add_pPr(), LOOKS["warning"])
    for name in ("Panel End", "Section End"):
        _style(document, name, "Normal", size=4, after=0)
    _style(document, "Draft Mark", bold=True, colour=WARN, kind=WD_STYLE_TYPE.CHARACTER)
    _style(document, "Exempt Mark", kind=WD_STYLE_TYPE.CHARACTER).element.get_or_add_rPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="FFF2B3"/>')
    )


def _panel_styles(document: DocumentType, kind: str, look: Look) -> None:
    inset = 4
    shapes: dict[str, dict[str, Any]] = {
        "": {"after": 3},
        " Term Row": {"left": inset + 36, "hanging": 36, "after": 2.5},
        " Bullet": {"left": inset + 5, "hanging": 5, "after": 2},
        " Source": {"size": 7.5, "colour": SOFT, "after": 3},
    }
    for suffix, shape in shapes.items():
        given: dict[str, Any] = {"left": inset, "size": 9} | shape
        style = _style(document, f"Panel {kind}{suffix}", "Normal", **given)
        style.paragraph_format.right_indent = Mm(3)
        style.paragraph_format.line_spacing = 1.0
        dress(style.element.get_or_add_pPr(), look)


def _table_style(document: DocumentType, sheet: bool) -> None:
    """Add the style of every table: rules between rows, a bold header row."""
    padding = 20 if sheet else 40
    document.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="Table">'
            '<w:name w:val="Table"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
            "<w:tblPr><w:tblBorders>"
            '<w:bottom w:val="single" w:sz="4" w:space="0" w:color="C9CED6"/>'
            '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="C9CED6"/>'
            f'</w:tblBorders><w:tblCellMar><w:top w:w="{padding}" w:type="dxa"/>'
            f'<w:left w:w="70" w:type="dxa"/><w:bottom w:w="{padding}" w:type="dxa"/>'
            '<w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
            '<w:bottom w:val="single" w:sz="12" w:space="0" w:color="767676"/>'
            '</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>'
        )
    )
