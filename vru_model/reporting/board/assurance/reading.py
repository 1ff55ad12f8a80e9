"""The accessibility statement: what the papers aim at, what was checked, and what was not."""

from __future__ import annotations

import pandas as pd

from vru_model.reporting.blocks import Block, Panel, Prose, Table
from vru_model.reporting.board.community.readability import LIMIT

_LEAD = "Head of Communications of the Office of the Police and Crime Commissioner"
CHECKED = (
    ("Web page", "WCAG 2.2, levels A and AA",
     "axe-core in a real browser reads both versions of every paper, at the width of a desk and of "
     "a phone; a page with a breach that the program itself can see is not made",
     "tests/test_reporting_axe.py"),
    ("PDF", "PDF/UA-1",
     "The compiler refuses what the standard forbids; the tags of the file are read once more",
     "vru_model/reporting/formats/pdf_tags.py"),
    ("Word document", "headings, descriptions, header rows",
     "Styles, descriptions and header rows are read back from the file; LibreOffice sets the first "
     "page and the sheet, which have to fit", "tests/test_reporting_word.py"),
    ("Charts", "WCAG 2.2: 1.1.1, 1.4.1, 1.4.11",
     "A chart without a description is refused; shape, line or filling says what colour says; a "
     "table stands beside it", "vru_model/reporting/blocks.py"),
    ("Community sheet", f"grade {LIMIT:g} of Flesch and Kincaid at most",
     "The sheet is refused above it, and where it uses a word of the trade",
     "vru_model/reporting/board/community/checks.py"),
)  # fmt: skip


def blocks() -> list[Block]:
    """Return the statement, the table of what is checked, and the question to its owner."""
    text = (
        "The papers aim at the Web Content Accessibility Guidelines 2.2, levels A and AA, and the "
        "PDFs at PDF/UA-1. The public sector’s accessibility regulations ask for a statement with "
        "each website; this one is for the papers themselves.\n\n"
        "**What is known to fall short.** Long tables are hard to hear, cell by cell; each is also "
        "filed as CSV. Maps and diagrams are pictures with a description and a table. There is no "
        "easy-read version, no translation and no version in British Sign Language.\n\n"
        "**What was not done.** Nobody who uses a screen reader, magnification, voice control or a "
        "keyboard alone has tested the papers, and nobody of the community has tested the sheet. "
        "A machine finds a part of what hinders people, and no more."
    )
    table = Table(
        name="accessibility-checked",
        caption="What is checked by machine whenever a paper is made or the tests run",
        frame=pd.DataFrame(CHECKED, columns=["What", "Aimed at", "How it is checked", "Where"]),
        source="the tests and sources of the repository",
        text_columns=("Aimed at", "How it is checked", "Where"),
    )
    ask = (
        f"*To be completed by the {_LEAD}.* Where does somebody ask for another format (large "
        "print, easy read, audio, a translation), and how soon do they get it? Who answers "
        "complaints? On what date was this statement prepared, and when is it looked at again?"
    )
    return [Prose(text), table, Panel("prompt", "Another format", [Prose(ask)], level=3)]
