"""An accessible spreadsheet (XLSX) that has the same bytes whenever it is made of the same tables.

The layout follows the United Kingdom's Analysis Function guidance on spreadsheets: a cover sheet,
contents, notes, then one table a sheet, each marked up as a table with one header row, no merged
cells, no blank rows within it, and words rather than colours. Numbers are kept as they are and
shown with as many figures as one reads. A sheet prints one page wide. Nothing in the file is dated.
"""

from __future__ import annotations

import io
import math
import re
import textwrap
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_LONGEST_NAME = 31
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_PLAIN, _BOLD, _TITLE, _WRAPPED, _WHOLE, _LARGE, _MIDDLING = range(7)
_TITLE_HEIGHT, _LINE_HEIGHT = 24, 16  # points
_WIDEST, _PAGE_OF_WORDS, _LINE = 60, 95, 150  # characters
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
    'formatCode="0.000"/></numFmts><fonts count="3"><font><sz val="12"/><name val="Arial"/>'
    '</font><font><b/><sz val="12"/><name val="Arial"/></font><font><b/><sz val="16"/>'
    '<name val="Arial"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/>'
    '</fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/>'
    '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="7">'
    '<xf fontId="0" applyAlignment="1"><alignment vertical="top"/></xf>'
    '<xf fontId="1" applyFont="1" applyAlignment="1"><alignment wrapText="1" vertical="top"/></xf>'
    '<xf fontId="2" applyFont="1" applyAlignment="1"><alignment vertical="top"/></xf>'
    '<xf fontId="0" applyAlignment="1"><alignment wrapText="1" vertical="top"/></xf>'
    + "".join(
        f'<xf numFmtId="{number}" fontId="0" applyNumberFormat="1" applyAlignment="1">'
        '<alignment vertical="top"/></xf>'
        for number in (1, 3, 164)
    )
    + "</cellXfs></styleSheet>"
)


@dataclass(frozen=True)
class Sheet:
    """One sheet: lines of words, then (where there is one) a table.

    Parameters
    ----------
    name
        On the tab: 31 characters at most, no signs that Excel refuses.
    title
        First line.
    lines
        Further lines of words above the table.
    table
        The table; its columns become the header row.
    links
        Whether its first column names sheets, to be reached from there.
    """

    name: str
    title: str
    lines: Sequence[str] = ()
    table: pd.DataFrame | None = None
    links: bool = False


def workbook(sheets: Sequence[Sheet], title: str) -> bytes:
    """Return the sheets as an XLSX file.

    Raises
    ------
    ValueError
        Where two sheets have one name, or a name cannot stand on a tab.
    """
    names = [sheet.name for sheet in sheets]
    if len({name.lower() for name in names}) < len(names):
        raise ValueError("every sheet needs a name of its own")
    for name in names:
        if not name or len(name) > _LONGEST_NAME or re.search(r"[\[\]:*?/\\]", name):
            raise ValueError(f"{name!r} cannot stand on the tab of a sheet")
    tables = [n for n, sheet in enumerate(sheets, 1) if sheet.table is not None]
    files = {
        "[Content_Types].xml": _content_types(len(sheets), tables),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml"),
                                   ("metadata/core-properties", "docProps/core.xml")]),
        "docProps/core.xml": _properties(title),
        "xl/workbook.xml": _workbook(names),
        "xl/_rels/workbook.xml.rels": _relations(
            [*(("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)),
             ("styles", "styles.xml")]),
        "xl/styles.xml": _STYLES,
    }  # fmt: skip
    for number, sheet in enumerate(sheets, 1):
        files[f"xl/worksheets/sheet{number}.xml"] = _sheet(sheet, number in tables)
        if sheet.table is not None:
            files[f"xl/tables/table{number}.xml"] = _table(sheet, number)
            files[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = _relations(
                [("table", f"../tables/table{number}.xml")]
            )
    return _zipped(files)


def _zipped(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            archive.writestr(entry, text.encode("utf-8"))
    return buffer.getvalue()


def _sheet(sheet: Sheet, has_table: bool) -> str:
    rows = [_row(1, [sheet.title], _TITLE)]
    words = _PLAIN if has_table else _WRAPPED
    rows += [_row(n, [line], words, [_PAGE_OF_WORDS]) for n, line in enumerate(_lines(sheet), 2)]
    columns = f'<cols><col min="1" max="1" width="{_PAGE_OF_WORDS}" customWidth="1"/></cols>'
    parts, pane, links = "", "", ""
    if sheet.table is not None:
        first = _header_row(sheet)
        links = _links(sheet, first)
        widths = [_width(sheet.table, n) for n in range(sheet.table.shape[1])]
        rows.append(_row(first, _headers(sheet.table), _BOLD, widths))
        rows += [
            _row(first + n, values, widths=widths)
            for n, values in enumerate(sheet.table.itertuples(index=False, name=None), 1)
        ]
        columns = "".join(
            f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
            for n, width in enumerate(widths, 1)
        )
        columns = f"<cols>{columns}</cols>"
        pane = f'<pane ySplit="{first}" topLeftCell="A{first + 1}" state="frozen"/>'
        parts = '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>' * has_table
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheetPr><pageSetUpPr '
        'fitToPage="1"/></sheetPr><sheetViews>'
        f'<sheetView workbookViewId="0">{pane}</sheetView></sheetViews>{columns}'
        f"<sheetData>{''.join(rows)}</sheetData>{links}"
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        f"{parts}</worksheet>"
    )


def _lines(sheet: Sheet) -> list[str]:
    """Return the lines of words: above a table in rows that one screen shows, else as they are."""
    if sheet.table is None:
        return list(sheet.lines)
    return [part for line in sheet.lines for part in textwrap.wrap(line, _LINE)]


def _header_row(sheet: Sheet) -> int:
    return len(_lines(sheet)) + 2


def _links(sheet: Sheet, first: int) -> str:
    """Return links from the first column of a table to the sheets that it names."""
    if not sheet.links or sheet.table is None:
        return ""
    links = "".join(
        f"<hyperlink ref={quoteattr(f'A{first + n}')} location={quoteattr(_sheet_place(name))}/>"
        for n, name in enumerate(sheet.table.iloc[:, 0], 1)
    )
    return f"<hyperlinks>{links}</hyperlinks>"


def _sheet_place(name: str) -> str:
    return f"'{name}'!A1"


def _row(
    number: int, values: Sequence[object], style: int = _PLAIN, widths: Sequence[int] = ()
) -> str:
    """Return a row; where text is wrapped into columns of some widths, as high as that takes."""
    cells = "".join(
        _cell(f"{_letters(column)}{number}", value, style) for column, value in enumerate(values)
    )
    height = _TITLE_HEIGHT if style == _TITLE else 0
    if any(f's="{wrapped}"' in cells for wrapped in (_BOLD, _WRAPPED)):
        texts = (len(str(value)) for value in values)
        lines = max(math.ceil(1.1 * n / width) for n, width in zip(texts, widths, strict=True))
        height = _LINE_HEIGHT * max(1, lines)
    size = f' ht="{height}" customHeight="1"' if height else ""
    return f'<row r="{number}"{size}>{cells}</row>'


def _cell(place: str, value: object, style: int) -> str:
    if isinstance(value, bool | np.bool_):
        value = "yes" if value else "no"
    if isinstance(value, int | float | np.integer | np.floating):
        number = float(value)
        if math.isfinite(number):
            return f'<c r="{place}" s="{_shown_as(number)}"><v>{number!r}</v></c>'
        value = "[x]"  # not available, as the guidance writes it
    text = _NOT_IN_XML.sub("", str(value))
    style = _WRAPPED if style == _PLAIN and len(text) > _WIDEST and place[0] != "A" else style
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}'
        "</t></is></c>"
    )


def _shown_as(number: float) -> int:
    """Return the style of a number: whole, in thousands, with three decimals, or as it is."""
    size = abs(number)
    if size >= 1000:
        return _LARGE
    if size == int(size):
        return _WHOLE
    return _MIDDLING if size >= 0.001 else _PLAIN


def _headers(table: pd.DataFrame) -> list[str]:
    names = [str(name) for name in table.columns]
    if len(set(names)) < len(names):
        raise ValueError("every column of a table needs a name of its own")
    return names


def _table(sheet: Sheet, number: int) -> str:
    assert sheet.table is not None
    first = _header_row(sheet)
    last = first + max(1, len(sheet.table))
    place = f"A{first}:{_letters(sheet.table.shape[1] - 1)}{last}"
    columns = "".join(
        f'<tableColumn id="{n}" name={quoteattr(name)}/>'
        for n, name in enumerate(_headers(sheet.table), 1)
    )
    name = re.sub(r"\W", "_", f"table_{sheet.name}")
    return (
        f'{_HEAD}<table xmlns="{_MAIN}" id="{number}" name="{name}" displayName="{name}" '
        f'ref="{place}" totalsRowShown="0"><tableColumns count="{sheet.table.shape[1]}">{columns}'
        "</tableColumns></table>"
    )


def _letters(column: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _width(table: pd.DataFrame, column: int) -> int:
    values = table.iloc[:200, column]
    numeric, yes_no = (check(values) for check in (is_numeric_dtype, is_bool_dtype))
    if numeric and not yes_no:
        values = [f"{value:,.3f}" for value in values]
    longest = max((len(str(value)) for value in values), default=0)
    return int(min(_WIDEST, max(12, longest + 2, len(str(table.columns[column])) // 2 + 4)))


def _content_types(sheets: int, tables: Sequence[int]) -> str:
    parts = [("/xl/workbook.xml", f"{_TYPE}.sheet.main+xml"), ("/xl/styles.xml",
             f"{_TYPE}.styles+xml"), ("/docProps/core.xml",
             "application/vnd.openxmlformats-package.core-properties+xml")]  # fmt: skip
    parts += [(f"/xl/worksheets/sheet{n}.xml", f"{_TYPE}.worksheet+xml")
              for n in range(1, sheets + 1)]  # fmt: skip
    parts += [(f"/xl/tables/table{n}.xml", f"{_TYPE}.table+xml") for n in tables]
    text = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts)
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{text}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    text = ""
    for number, (kind, target) in enumerate(targets, 1):
        base = f"{_PACKAGE}/relationships" if kind.startswith("metadata") else _RELATIONS
        text += f'<Relationship Id="rId{number}" Type="{base}/{kind}" Target="{target}"/>'
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{text}</Relationships>'


def _workbook(names: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, 1)
    )
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets>'
        "</workbook>"
    )


def _properties(title: str) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:language>en-GB</dc:language>"
        "</cp:coreProperties>"
    )
