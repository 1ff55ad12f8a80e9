"""The page Explore scenarios in a real browser: built, run, compared, saved, reloaded, shared.

One server and one browser serve all; every test has a session of its own, prepared on disk, with
worlds as small as they can be.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from filelock import FileLock
from visits import Visit, kept, saved_folder, violations

from vru_model.scenario import Scenario
from vru_model.workbook.explore.draft import Draft
from vru_model.workbook.explore.saved import Question, Session

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium here: `make browser` installs it where it can"
)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
TINY = Question(scale=0.002, years=1, draws=2)
LONG = Question(scale=0.05, years=10, draws=500)
"""To be cancelled: minutes, however quick the machine, so that it is under way when looked at."""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    return tmp_path_factory.mktemp("outputs")


@pytest.fixture(scope="module")
def address(outputs):
    """Serve the page as a user does; give its address with the token."""
    server = subprocess.Popen(
        [sys.executable, "-m", "vru_model.cli", "explore", "--no-browser", "--port", "0"],
        env=os.environ | {"VRU_OUTPUTS": str(outputs)}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    assert server.stdout is not None
    found = None
    for line in server.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{20,}", line):
            break
    assert found, "the server did not print its address"
    yield found[0]
    server.send_signal(signal.SIGINT)  # Ctrl-C
    said, _ = server.communicate(timeout=60)
    assert server.returncode == 0 and "Stopped" in said
    # A window that closes while a message is on its way can trip the libraries, and harms nobody.
    own = [told for told in said.split("Traceback")[1:] if f"{os.sep}vru_model{os.sep}" in told]
    assert not own, said


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def visit(browser, address, outputs, monkeypatch):
    """Open windows on sessions; whatever a window fetched came from this machine."""
    monkeypatch.setattr("vru_model.paths.OUTPUTS", outputs)
    opened = []

    def open_window(identity, *drafts, question=TINY, **size):
        session = Session(identity, identity.capitalize(), question)
        for draft in drafts:
            session = session.adding(draft)
        if drafts:
            session.save()
        opened.append(Visit(browser, address, identity, **size))
        return opened[-1]

    yield open_window
    for each in opened:
        assert each.hosts <= {"127.0.0.1", None}, "a request left the machine"
        assert each.errors == []
        each.close()


def test_without_its_token_the_page_stays_closed(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.goto(address.partition("?")[0])
    assert page.get_by_role("button", name="Run", exact=True).count() == 0
    context.close()


def test_a_strategy_is_built_run_compared_saved_and_found_again(visit, outputs):
    window = visit("built", Draft.from_preset("balanced"))
    page = window.page
    # A bad entry is explained beside its field, and what was typed stays.
    box = window.write("Hospital navigators, £ a year", "a lot")
    window.sees("“a lot” is not an amount of money")
    assert box.get_attribute("aria-invalid") == "true"
    described = page.locator(f"#{box.get_attribute('aria-describedby')}")
    assert "a lot" in described.inner_text()
    page.locator("button.vru-run:disabled").wait_for()
    # Money that does not add up is counted to the pound.
    window.write("Hospital navigators, £ a year", "560k")
    window.sees("£100,000 is left to place.")
    page.get_by_role("button", name="Add a programme").click()
    window.press("Add Greening of neglected land")
    window.sees("Every pound is placed.")
    assert page.get_by_label("Greening of neglected land, £ a year").input_value() == "100,000"
    window.write("Name of the strategy", "Greener")
    # A ready-made strategy stands beside it; both run.
    page.get_by_label("Add a strategy").select_option(label="Ready-made: Quick programmes first")
    page.get_by_role("button", name="2. Quick programmes first").wait_for()
    window.run()
    window.sees("parameter uncertainty is not covered")
    sentence = page.locator(".vru-sentence").first.inner_text()
    assert sentence.startswith("By year 1 ")
    assert "Greener" in page.locator(".vru-answer").inner_text()
    pictures = page.locator(".vru-answer img")
    assert pictures.count() >= 2
    assert all(pictures.nth(n).get_attribute("alt") for n in range(pictures.count()))
    page.get_by_label("Measure", exact=True).select_option(label="Non-domestic homicides")
    window.sees("Deaths by violence in which victim and aggressor")
    # Closed and opened again, everything is there.
    page.reload()
    window.ready()
    window.sees("Final answer")
    assert page.url.endswith("session=built")  # the same, not a copy of it
    assert page.locator(".vru-sentence").first.inner_text() == sentence
    page.get_by_role("button", name="1. Greener").click()
    page.get_by_label("Greening of neglected land, £ a year").wait_for()
    assert [draft["title"] for draft in kept(outputs, "built")["drafts"]] == [
        "Greener", "Quick programmes first"]
    # Files can be taken along.
    with page.expect_download() as strategy:
        page.get_by_role("link", name="Download greener.yaml").click()
    file = outputs / "greener.yaml"
    strategy.value.save_as(file)
    assert yaml.safe_load(file.read_text("utf-8"))["title"] == "Greener"
    assert Scenario.load(file).money_in(1) == 3_370_000
    with page.expect_download() as table:
        page.get_by_role("link", name=re.compile("tables.xlsx")).click()
    assert Path(table.value.path()).read_bytes()[:2] == b"PK"
    assert violations(page) == []


def test_a_run_is_cancelled_and_nothing_is_lost(visit, outputs):
    window = visit("cancelled", Draft.from_preset("balanced"), question=LONG)
    window.press("Run")
    window.page.locator("[role=progressbar]").wait_for()
    # A window that is closed and opened again goes on with the run, where it was.
    window.page.reload()
    window.ready()
    window.page.locator("[role=progressbar]").wait_for()
    window.press("Cancel")
    window.sees("Cancelled.")
    window.page.locator("button.vru-run:enabled").wait_for()
    assert kept(outputs, "cancelled")["standing"] == "cancelled"


def test_a_window_that_crashes_lets_go_of_its_session_and_the_run_goes_on(visit, outputs):
    lost = visit("crashed", Draft.from_preset("balanced"), question=LONG)
    lost.press("Run")
    lost.page.locator("[role=progressbar]").wait_for()
    with contextlib.suppress(Exception):
        lost.page.goto("chrome://crash", timeout=10_000)  # the window says goodbye to nobody
    lock = FileLock(saved_folder(outputs, "crashed") / ".open.lock")
    with lock.acquire(timeout=60):
        pass
    window = visit("crashed")
    assert "is open in another window" not in window.page.locator(".vru-page").inner_text()
    assert window.page.url.endswith("session=crashed")
    window.page.locator("[role=progressbar]").wait_for()
    window.press("Cancel")
    window.sees("Cancelled.")


def test_an_assumption_is_contested_with_a_reason_and_recorded(visit, outputs):
    window = visit("contested", Draft.from_preset("quick"))
    page = window.page
    window.press("See what it does")
    window.sees("Nothing was run")
    window.run()
    page.get_by_label("Of which part").select_option(label="Focused deterrence")
    window.sees("Who set it")
    first = page.get_by_label("Assumption", exact=True).locator("option").first.inner_text()
    assert first
    window.write("Your value", "-0.7")
    window.write("Who says so", "Reference group")
    window.write("Your reason", "We saw more than that here")
    page.reload()
    window.ready()
    window.sees("Who set it")
    assert page.get_by_label("Your reason").input_value() == "We saw more than that here"
    assert page.get_by_label("Your value").input_value() == "-0.7"
    window.press("See what it does")
    page.get_by_role("heading", name="What it does").wait_for()
    record = kept(outputs, "contested")["contested"]
    assert [each["author"] for each in record] == ["Reference group"]
    assert record[0]["value"] == -0.7 and record[0]["effect"]
    window.sees("Contested in this session")
    assert violations(page) == []


def test_a_contest_goes_before_the_sharpening_which_goes_on_afterwards(visit, outputs):
    window = visit("first", Draft.from_preset("quick"),
                   question=Question(scale=0.02, years=10, draws=12))  # fmt: skip
    page = window.page
    window.press("Run")
    page.locator(".vru-sure p").wait_for()
    page.locator(".vru-standing", has_text="Sharpening").wait_for()
    page.get_by_label("Of which part").select_option(label="Focused deterrence")
    window.sees("Who set it")
    window.write("Your value", "-0.7")
    window.write("Who says so", "Reference group")
    window.write("Your reason", "We saw more than that here")
    window.press("See what it does")
    window.sees("The sharpening pauses and goes on afterwards")
    page.get_by_role("heading", name="What it does").wait_for()
    page.locator(".vru-standing", has_text="Sharpening").wait_for()
    assert len(kept(outputs, "first")["contested"]) == 1
    window.press("Cancel")
    window.sees("Cancelled.")
    page.wait_for_function("document.activeElement.innerText === 'Run'")


def test_two_windows_on_one_session_cannot_overwrite_each_other(visit, outputs):
    visit("shared", Draft.from_preset("slow"))
    second = visit("shared")
    second.sees("is open in another window")
    assert "session=shared" in second.page.url and "session=shared&" not in second.page.url
    second.write("Name of the strategy", "Only in the copy")
    second.sees("1. Only in the copy")
    assert kept(outputs, "shared")["drafts"][0]["title"] == "Slow programmes first"


def test_the_keyboard_alone_is_enough(visit):
    window = visit("keyboard", Draft.from_preset("slow"), question=LONG)
    page = window.page
    reached, keyboard = [], page.keyboard
    for _ in range(60):
        keyboard.press("Tab")
        name = page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).innerText")
        reached.append((name or "").strip())
        if reached[-1] == "Early years support, £ a year":
            break
    assert "Place" in reached and "Name of the strategy" in reached
    keyboard.press("Control+A")
    keyboard.type("1.4m")
    keyboard.press("Tab")
    window.sees("£100,000 is left to place.")
    for _ in range(40):
        if page.evaluate("document.activeElement.innerText").strip() == "Add a programme":
            break
        keyboard.press("Tab")
    keyboard.press("Enter")
    page.get_by_role("button", name="Add Greening of neglected land").focus()
    keyboard.press("Space")
    window.sees("Every pound is placed.")
    page.get_by_role("button", name="Run", exact=True).focus()
    keyboard.press("Enter")
    page.locator("[role=progressbar]").wait_for()
    page.get_by_role("button", name="Cancel", exact=True).focus()
    keyboard.press("Enter")
    page.get_by_role("button", name="Cancel", exact=True).wait_for(state="hidden")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (640, 360)])
def test_the_page_is_clean_and_fits_a_laptop_and_twice_its_size(visit, width, height):
    window = visit(f"fits-{width}", Draft.from_preset("unit_2022_25"), width=width, height=height)
    page = window.page
    window.press("Add a programme")
    page.get_by_role("button", name="Add Greening of neglected land").wait_for()
    wide = page.evaluate("""() => [...document.querySelectorAll('#rendered_cells, body')].map(
        (each) => each.scrollWidth - each.clientWidth)""")
    assert all(over <= 1 for over in wide)  # no scrolling from side to side
    assert violations(page) == []


def test_a_file_of_a_strategy_is_opened_or_explained(visit, tmp_path):
    window = visit("opened", Draft.from_preset("slow"))
    good, bad = tmp_path / "shared.yaml", tmp_path / "bad.yaml"
    good.write_text(replace(Draft.from_preset("quick"), title="Sent by a friend", preset="").yaml(),
                    "utf-8")  # fmt: skip
    bad.write_text("name: bad\ntitle: Bad\nquestion: No?\nfunding: 3\n", "utf-8")
    for file, said in ((good, "“Sent by a friend” was added"), (bad, "bad.yaml cannot be used")):
        with window.page.expect_file_chooser() as chooser:
            window.press("Open a strategy’s file", exact=False)
        chooser.value.set_files(file)
        window.sees(said)
    window.page.get_by_role("button", name="2. Sent by a friend").wait_for()


def test_an_old_session_s_name_that_is_gone_gives_a_new_one(visit):
    window = visit("never-there")
    window.sees("There is no session called “never-there”")
    window.sees("1. A balanced mix")
    assert "session=never-there" not in window.page.url
