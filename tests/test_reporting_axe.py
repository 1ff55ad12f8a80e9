"""axe-core, in a real browser, finds nothing in a paper against WCAG 2.2 AA."""

import importlib.util
import shutil
from pathlib import Path

import nbformat
import pytest
from board_programme_doubles import programme_paper
from paper_doubles import COVER, PNG, SOURCE, notebook_of

from vru_model.reporting import redaction, render
from vru_model.reporting.blocks import Chart, Panel, Prose, exempt
from vru_model.reporting.formats.page import to_html
from vru_model.reporting.paper_kinds import PAPERS

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Nothing but the page: no updates, no calls home.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    for package in ("playwright", "axe_playwright_python"):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed (it belongs to the extra dev)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


def violations(browser, page, width):
    """Return what axe-core finds: the rule, what it means, and the first element."""
    package = importlib.util.find_spec("axe_playwright_python").submodule_search_locations[0]
    script = next(Path(package).rglob("axe.min.js"))
    view = browser.new_page(viewport={"width": width, "height": 900})
    view.set_content(page)
    view.add_script_tag(path=script)
    found = view.evaluate("levels => axe.run({runOnly: levels})", LEVELS)
    view.close()
    assert len(found["passes"]) > 15
    return [(each["id"], each["help"], each["nodes"][0]["html"]) for each in found["violations"]]


def strategy_paper():
    """Return the board paper, on findings that nobody simulated."""
    notebook = nbformat.read(PAPERS["programme_and_strategy"].notebook, as_version=4)
    paper, blocks = programme_paper(), []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            blocks.append(Prose(cell.source))
        elif cell.source.startswith("display("):
            exec(cell.source, {"paper": paper, "display": lambda *found: blocks.extend(found)})
    title, *rest = blocks
    return notebook_of(*rest, title=title.text.removeprefix("# "))


def every_block():
    """Return a paper with what the board paper has not: marks, every panel, what is withheld."""
    return notebook_of(
        *(Panel(kind, kind.title(), [Prose("Words.")])
          for kind in ("decision", "front", "warning", "note", "prompt", "withheld")),
        Prose(f"## A section\n\nIt costs {exempt('£12,347', 'provider_prices')}."),
        Prose("All of it.", exempt="named_places"),
        Chart("lines", PNG, "Two lines that rise", "Two lines", source=SOURCE),
    )  # fmt: skip


@pytest.mark.parametrize("width", [320, 1200])
@pytest.mark.parametrize("make", [strategy_paper, every_block])
def test_axe_finds_nothing_in_either_version(browser, make, width):
    notebook = make()
    for version in (notebook, redaction.public_version(notebook)):
        page = to_html(render.to_markdown(version), COVER)
        assert violations(browser, page, width) == []


def test_axe_would_find_a_breach(browser):
    page = to_html(render.to_markdown(every_block()), COVER)
    for old, new, rule in (
        ("Two lines that rise", "", "image-alt"),
        ('lang="en-GB"', "", "html-has-lang"),
        ("--warn: #8a2b06", "--warn: #ffd0c0", "color-contrast"),
    ):
        assert old in page
        spoilt = page.replace(old, new).replace(' alt=""', "")  # "" would mean decoration
        found = violations(browser, spoilt, 1200)
        assert rule in [name for name, _, _ in found]
