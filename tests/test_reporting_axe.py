"""axe-core, in a real browser, finds nothing in any board paper against WCAG 2.2 AA."""

import importlib.util
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from paper_doubles import COVER, PNG, SOURCE, Words, notebook_of
from small_papers import small_papers

from vru_model.reporting import redaction, render
from vru_model.reporting.accessibility import problems
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


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    return small_papers(tmp_path_factory.mktemp("papers"))


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


def every_block():
    """Return a paper with what the board papers have not: marks, every panel, what is withheld."""
    return notebook_of(
        *(Panel(kind, kind.title(), [Prose("Words.")])
          for kind in ("decision", "front", "warning", "note", "prompt", "withheld")),
        Prose(f"## A section\n\nIt costs {exempt('£12,347', 'provider_prices')}."),
        Prose("All of it.", exempt="named_places"),
        Chart("lines", PNG, "Two lines that rise", "Two lines", source=SOURCE),
    )  # fmt: skip


def pages_of(notebook, cover=COVER):
    """Return the page of each version, one where nothing is withheld."""
    versions = (notebook, redaction.public_version(notebook))
    return list(dict.fromkeys(to_html(render.to_markdown(each), cover) for each in versions))


@pytest.mark.parametrize("name", PAPERS)
def test_axe_finds_nothing_in_either_version_of_a_board_paper(browser, papers, name):
    for page in pages_of(papers[name], replace(COVER, sheet=PAPERS[name].sheet)):
        assert len(Words(page).all("table")) > 2 and problems(page) == []
        for width in (320, 1200):
            assert violations(browser, page, width) == []


@pytest.mark.parametrize("width", [320, 1200])
def test_axe_finds_nothing_in_any_block(browser, width):
    for page in pages_of(every_block()):
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
