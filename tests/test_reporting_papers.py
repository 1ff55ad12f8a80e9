"""From an executed notebook to a page that everybody can read, whole or not at all."""

import json
import shutil
import subprocess
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from board_programme_doubles import programme_paper
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from paper_doubles import (
    COVER,
    Words,
    content,
    output,
    paper_that_looks_back,
    small_paper,
    stored_run,
)
from reporting_doubles import findings, options

from vru_model.reporting import render
from vru_model.reporting.accessibility import problems
from vru_model.reporting.blocks import Chart, Panel, Prose, Table, escape
from vru_model.reporting.charts import averted_chart, png
from vru_model.reporting.formats.page import to_html
from vru_model.reporting.measures import HEADLINE_MEASURE
from vru_model.reporting.papers import PAPERS, build
from vru_model.reporting.render import PaperError
from vru_model.reporting.verification.papers import verify_paper

STRATEGY = PAPERS["programme_and_strategy"]


def shown(notebook, paper):
    """Run the notebook's cells that display something, on findings that nobody simulated."""
    notebook = nbformat.from_dict(json.loads(json.dumps(notebook)))
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.startswith("display("):
            blocks: list = []
            keep = blocks.extend
            exec(cell.source, {"paper": paper, "display": lambda *found, keep=keep: keep(found)})
            cell.outputs = [output(block) for block in blocks]
    return notebook


@pytest.fixture(scope="module")
def page():
    notebook = nbformat.read(STRATEGY.notebook, as_version=4)
    pages = render.to_markdown(shown(notebook, programme_paper()))
    return to_html(pages, COVER)


def test_the_board_paper_is_accessible(page):
    assert problems(page) == []
    words = Words(page)
    assert words.all("html")[0]["lang"] == "en-GB"
    assert len(words.all("h1")) == 1
    assert len(words.all("img")) == 11
    tables = {attributes["id"].removeprefix("table-") for attributes in words.all("table")}
    assert {"headline", "needs", "options", "ending", "match-funding", "finance", "who-benefits",
            "authorities", "tornado", "milestones", "plausibility", "provenance"} <= tables
    assert words.all("a")[0] == {"class": "skip", "href": "#main"}
    assert any(attributes["scope"] == "row" for attributes in words.all("th"))


def test_the_board_paper_opens_with_its_decision_box(page):
    words = Words(page).text
    box = words[words.rindex("Decision box") : words.index("This paper asks")]
    for part in (
        "Question", "Options compared", "Headline", "By year 3", "By year 10", "80% interval",
        "95% interval", "Chance of doing better than the baseline", "2024/25 prices",
        "Paid by: A made-up payer", "What it hangs on", "baseline-0123456789ab",
        "Not to be used after 22 November 2027", "Draft until",
    ):  # fmt: skip
        assert part in box, part
    assert "DRAFT" in words and "22 November 2026" in words


def test_the_board_paper_numbers_its_paragraphs_and_leaves_statements_to_people(page):
    words = Words(page).text
    for part in (
        "1.1 This paper asks", "4.1 ", "What this is not", "Open Government Licence",
        "To be completed by the Chief Finance Officer", "To be completed by the Monitoring Officer",
        "To be completed by the Head of Equality", "synthetic neighbourhoods",
    ):  # fmt: skip
        assert part in words, part


def test_a_quick_look_says_that_it_is_one():
    paper = programme_paper(draws=4, scale=0.01)
    (box,) = paper.decision()
    assert "A rough look, not for a decision" in box.markdown()
    assert "about 29,000 simulated residents" in box.markdown()


def test_what_users_write_is_shown_and_never_obeyed():
    hostile = "<script>alert(1)</script> | *not* [a](http://x) {.x} $y$"
    blocks = [
        Prose(f"# Title\n\n{escape(hostile)}"),
        Table("t", hostile, pd.DataFrame([{"What": hostile, "Number": hostile}])),
        Panel("note", "Note", [Prose(escape(hostile))]),
    ]
    notebook = new_notebook(cells=[new_code_cell("x", outputs=[output(b) for b in blocks])])
    page = to_html(render.to_markdown(notebook), COVER)
    assert "<script" not in page and "http://x" in Words(page).text
    assert Words(page).text.count("alert(1)") >= 4
    assert "<script" not in blocks[1].html() and "<script" not in blocks[2].html()


@pytest.mark.parametrize(
    ("data", "metadata", "reason"),
    [
        ({"image/png": "aGVsbG8="}, {}, "no alt or caption or name"),
        ({"image/png": "aGVsbG8="}, {"image/png": {"caption": "c", "name": "n"}}, "no alt"),
        ({"text/html": "<b>only</b>"}, {}, "no form that a paper can carry"),
    ],
)
def test_what_not_everybody_could_read_is_refused(data, metadata, reason):
    shown = new_output("display_data", data=data, metadata=metadata)
    cells = [new_markdown_cell("# Title"), new_code_cell("x", outputs=[shown])]
    with pytest.raises(PaperError, match=reason):
        render.to_markdown(new_notebook(cells=cells))


def test_a_picture_in_the_words_needs_a_description_of_its_own():
    picture = png(averted_chart(HEADLINE_MEASURE, findings(options()).estimates, (1, 10)))
    pages = render.Pages("# Title\n\n![A caption](a.png)\n", {"a.png": picture})
    with pytest.raises(PaperError, match="no alternative text of its own"):
        to_html(pages, COVER)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (('lang="en-GB"', ""), "no language"),
        (('scope="col"', ""), "scope"),
        (("<h2", "<h4"), "heading of level 4 follows"),
        (("</main>", '<img src="https://example.org/a.png" alt="a"></main>'), "would fetch"),
        (("</style>", "@import 'x';</style>"), "style would fetch"),
        (("</main>", "<p>No description has been provided</p></main>"), "says"),
        (("</main>", '<a href="#nowhere">x</a></main>'), "leads to nothing"),
        (("<caption>", "<p>"), "no caption"),
        (("</main>", "<h1>Again</h1></main>"), "2 headings of level 1"),
    ],
)
def test_each_breach_of_accessibility_is_seen(page, change, problem):
    assert change[0] in page
    assert any(problem in found for found in problems(page.replace(*change, 1)))


# The whole way, with a notebook that is quick because it simulates nothing.

def test_a_paper_is_built_again_byte_for_byte_and_survives_a_failed_build(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    out, runs = tmp_path / "papers", str(stored_run(tmp_path / "runs").parent)
    (page,) = build(papers=small_paper(tmp_path), out=out, runs=runs)
    first = content(page.parent)
    files = {"small.html", "small.docx", "small.pdf", "tables/numbers.csv"}
    assert set(first) == {
        *files, "paper.json", "exempt/small.ipynb", *(f"exempt/{file}" for file in files),
    }  # fmt: skip
    assert first["tables/numbers.csv"] == b"Seed,Number\n1,34\n"
    assert b"Dated 2026-11-22." in first["small.html"] and b"noise" not in first["small.html"]
    assert (page.parent / "timings.json").exists()

    # The date of the earlier build holds, whatever day it is now.
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert build(papers=small_paper(tmp_path), out=out, runs=runs) == [page]
    assert content(page.parent) == first

    failing = small_paper(tmp_path, "raise RuntimeError('out of luck')")
    with pytest.raises(PaperError, match="small.ipynb failed: RuntimeError: out of luck"):
        build(papers=failing, out=out, runs=runs)
    assert content(page.parent) == first
    assert [path.name for path in out.iterdir()] == [page.parent.name]


def test_a_paper_looks_for_earlier_ones_beside_itself_unless_told(tmp_path):
    papers, runs = paper_that_looks_back(tmp_path), str(stored_run(tmp_path / "runs").parent)

    def looked(**given):
        (page,) = build(papers=papers, out=tmp_path / "papers", runs=runs, **given)
        return pd.read_csv(page.parent / "tables" / "numbers.csv")["Seed"][0], page

    beside, page = looked()
    assert beside == str(tmp_path / "papers")
    elsewhere, same = looked(earlier=tmp_path / "old")
    assert elsewhere == str(tmp_path / "old") and same == page
    # `vru verify` makes it in another folder, and looks where the paper itself had looked.
    looked()
    assert verify_paper(page.parent, trust_runs=True, runs=Path(runs), papers=papers).same


def test_another_seed_is_another_paper_and_a_killed_build_is_put_right(tmp_path):
    out, runs = tmp_path / "papers", str(stored_run(tmp_path / "runs").parent)
    (page,) = build(papers=small_paper(tmp_path), out=out, runs=runs, seed=2)
    assert "2,34" in (page.parent / "tables" / "numbers.csv").read_text()
    kept = content(page.parent)
    # As a build leaves it that is killed between its two last renames.
    page.parent.rename(out / f".{page.parent.name}.previous")
    failing = small_paper(tmp_path, "raise RuntimeError")
    with pytest.raises(PaperError):
        build(papers=failing, out=out, runs=runs, seed=2)
    assert content(page.parent) == kept


def test_the_page_fits_a_phone_and_fetches_nothing(page, tmp_path):
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    paper, frame = tmp_path / "paper.html", tmp_path / "frame.html"
    paper.write_text(page)
    frame.write_text("""<iframe id="f" src="paper.html" width="320" height="800"></iframe>
      <script>onload = () => { const w = f.contentWindow, d = w.document.documentElement;
      const fetched = w.performance.getEntriesByType('resource').map(e => e.name)
        .filter(name => !name.startsWith('data:'));
      document.title = JSON.stringify([d.scrollWidth, fetched]); }</script>""")
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
        "--virtual-time-budget=10000", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom",
        frame.as_uri(),
    ]  # fmt: skip
    found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    width, fetched = _title(found)
    assert width <= 320
    assert fetched == []


def _title(page):
    start = page.index("<title>") + len("<title>")
    return json.loads(page[start : page.index("</title>")])


def test_a_chart_shows_its_words_on_the_screen_too():
    chart = Chart(name="c", png=b"picture", alt='Says "x" & y', caption="A caption", source="a run")
    data, metadata = chart._repr_mimebundle_()
    assert 'alt="Says &quot;x&quot; &amp; y"' in data["text/html"]
    assert metadata["image/png"]["alt"] == 'Says "x" & y'
