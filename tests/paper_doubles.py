"""Papers that are quick because they simulate nothing, and what a reader finds in each format."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import numpy as np
import pikepdf
from matplotlib.image import imsave
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from vru_model.reporting.formats.source import Cover
from vru_model.reporting.options import PaperOptions
from vru_model.reporting.paper_kinds import Paper

COVER = Cover("A made-up unit", date(2026, 11, 22))
RUN = "baseline-0123456789ab"
SOURCE = f"model runs {RUN}; modelled, not recorded"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}



def _picture():
    made = io.BytesIO()
    imsave(made, np.linspace(0, 1, 4800).reshape(40, 120))
    return made.getvalue()


PNG = _picture()
PARAMETERS = """
place = "west_midlands"
scale = 0.01
years = 1
draws = 1
replicates = 1
seed = 1
workers = 0
runs = ""
date = ""
"""
BODY = f"""
import pandas as pd
from IPython.display import display
from vru_model.reporting.blocks import Prose, Table
from vru_model.reporting.options import PaperOptions
options = PaperOptions.from_notebook(globals())
print("noise that does not belong in a paper")
frame = pd.DataFrame([{{"Seed": str(options.seed), "Number": "34"}}])
display(Prose(f"Dated {{options.date}}."), Table("numbers", "A number", frame, source="{SOURCE}"))
"""


def output(block):
    """Return a block as a notebook's output keeps it."""
    data, metadata = block._repr_mimebundle_()
    return new_output("display_data", data=data, metadata=metadata)


def notebook_of(*blocks, title="A paper"):
    """Return an executed notebook that shows the blocks."""
    cells = [new_markdown_cell(f"# {title}", id="title")]
    if blocks:
        cells.append(new_code_cell("x", id="blocks", outputs=[output(block) for block in blocks]))
    return nbformat.from_dict(json.loads(json.dumps(new_notebook(cells=cells))))


def small_paper(folder, body=BODY, runs=(RUN,), parameters=PARAMETERS):
    """Return a registry with one paper, whose notebook stands in the folder."""
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# A small paper", id="title"),
            new_code_cell(parameters.strip(), id="parameters", metadata={"tags": ["parameters"]}),
            new_code_cell(body.strip(), id="body"),
        ],
        metadata={"kernelspec": KERNEL},
    )
    path = folder / "small.ipynb"
    nbformat.write(notebook, path)
    paper = Paper("small", path, PaperOptions, lambda options, report: list(runs))
    return {"small": paper}


class LookingBack(PaperOptions):
    """Options of a paper that looks for earlier ones."""

    earlier: str = ""


def paper_that_looks_back(folder):
    """Return a registry with one paper, which prints where it looks for earlier ones."""
    body = BODY.replace("vru_model.reporting.options import PaperOptions",
                        "paper_doubles import LookingBack")  # fmt: skip
    body = body.replace("PaperOptions", "LookingBack").replace("str(options.seed)",
                                                               "options.earlier")  # fmt: skip
    place = f"import sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\n"
    (paper,) = small_paper(folder, place + body, parameters=PARAMETERS + 'earlier = ""').values()
    return {"small": replace(paper, options=LookingBack)}


def stored_run(folder, run_id=RUN, finished=1, draws=1, **identity):
    """Put a run into a folder of runs that says it is finished, with empty parts."""
    run = folder / run_id
    about = {"code": "c" * 12, "parameters": "1" * 64, "place": "0" * 64, "store_format": 1}
    manifest = {
        "run_id": run_id, "status": "complete", "asked": {"draws": draws, "replicates": 1},
        "identity": about | identity,
    }  # fmt: skip
    for table in ("measures", "neighbourhoods"):
        (run / table).mkdir(parents=True)
        for draw in range(finished):
            (run / table / f"part-d{draw:04d}-r0000.parquet").touch()
    (run / "manifest.json").write_text(json.dumps(manifest))
    return run


class Words(HTMLParser):
    """The text of a page, and its elements with their attributes."""

    def __init__(self, page):
        super().__init__()
        self.text, self.elements = "", []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def docx_text(made):
    """Return everything that stands in a Word file: words, descriptions, headers, properties."""
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        xml = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")]
    words = " ".join(re.sub(r"</w:p>|</w:tc>", " ", text) for text in xml)
    described = " ".join(re.findall(r'(?:descr|title)="([^"]*)"', words))
    return f"{re.sub(r'<[^>]+>', '', words)} {described}"


def pdf_pages(made):
    """Return the text of each page of a PDF, as its letters are mapped to Unicode."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return [_page_text(page) for page in pdf.pages]


def pdf_text(made):
    """Return everything that stands in a PDF: words, descriptions, outline, metadata."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        strings = [
            str(value) for each in pdf.objects if isinstance(each, pikepdf.Dictionary)
            for key, value in each.items() if isinstance(value, pikepdf.String)
            and key in ("/Alt", "/Title", "/ActualText", "/Contents", "/T")
        ]  # fmt: skip
    return " ".join([*pdf_pages(made), *strings])


def _page_text(page):
    fonts = {name: _letters(font) for name, font in page.resources.get("/Font", {}).items()}
    text, letters = "", {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            letters = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            pieces = operands[0] if str(operator) == "TJ" else operands
            for piece in pieces:
                if isinstance(piece, pikepdf.String):
                    codes = bytes(piece)
                    text += "".join(
                        letters.get(codes[n : n + 2], "?") for n in range(0, len(codes), 2)
                    )
        elif str(operator) in ("BDC", "BMC", "Td", "Tm"):
            text += " " if not text.endswith(" ") else ""
    return text


def _letters(font):
    """Return a font's table from two-byte codes to letters."""
    found = {}
    table = bytes(font["/ToUnicode"].read_bytes()).decode("latin-1")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, letter in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[bytes.fromhex(code)] = bytes.fromhex(letter).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, letter in re.findall(
            r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block
        ):
            for step in range(int(last, 16) - int(first, 16) + 1):
                code = (int(first, 16) + step).to_bytes(2, "big")
                found[code] = chr(int(letter, 16) + step)
    return found


def content(folder: Path):
    """Return path → bytes of everything in a folder but its timings."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "timings.json"
    }
