"""The needs assessment and the facilitated session as Voilà serves them, in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from vru_model import paths

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
PATIENCE = 240_000  # milliseconds: a kernel that starts on a busy machine takes its time

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium on this machine (Debian: apt-get install chromium)")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(notebook, outputs):
    """Yield the address of a notebook's page, served on this machine alone."""
    port = free_port()
    environment = {**os.environ, "VRU_OUTPUTS": str(outputs), "PYTHONPATH": os.pathsep.join(
        filter(None, [str(paths.NOTEBOOKS.parent), os.environ.get("PYTHONPATH")]))}
    process = subprocess.Popen(
        [sys.executable, "-m", "voila", str(paths.NOTEBOOKS / notebook), f"--port={port}",
         "--no-browser", "--Voila.ip=127.0.0.1"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/static/", timeout=1)
            except urllib.error.HTTPError:
                break  # it answers
            except OSError:
                assert process.poll() is None, "Voilà ended"
                time.sleep(0.2)
            else:
                break
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def opened(address):
    """Yield the page in a browser."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE)
        page.goto(address, timeout=PATIENCE)
        try:
            yield page
        finally:
            if folder := os.environ.get("VRU_SCREENSHOTS"):
                name = re.sub(r"\W+", "_", page.title()) or "page"
                page.screenshot(path=f"{folder}/{name}.png", full_page=True)
            browser.close()


def test_a_judgement_entered_in_the_browser_is_fitted_read_back_and_kept(tmp_path):
    with served("04_facilitated_session.ipynb", tmp_path) as address, opened(address) as page:
        page.get_by_label("What it is about").fill("Navigators")
        page.get_by_label("Facilitator's role").fill("the unit's analyst")
        page.get_by_label("Strategy that is discussed").select_option(label="balanced")
        page.get_by_role("button", name="Begin or open the session").click()
        page.get_by_text("hand out the pseudonyms").wait_for()
        page.get_by_label("Quantity to ask about").select_option(
            label="Hospital navigators: of those who are offered a place, the share who take it up")
        page.get_by_role("button", name="Ask this").click()
        page.get_by_text("It can be from 0 to 1.").wait_for()
        levels = ("Lower limit", "Lower quartile", "Median", "Upper quartile", "Upper limit")
        for label, text in zip(levels, ("0.2", "0.7", "0.6", "0.7", "0.9"), strict=True):
            page.get_by_label(label, exact=True).fill(text)
        page.get_by_role("button", name="Keep this judgement").click()
        page.get_by_text("more than the lower quartile, 0.7").wait_for()
        page.get_by_label("Lower quartile", exact=True).fill("0.5")
        page.get_by_role("button", name="Keep this judgement").click()
        page.get_by_text("distribution fits this best").wait_for()
        # The beta nearest to these numbers, rounded to 0.02, a tenth of its interval's width.
        told = page.get_by_text("distribution fits this best").inner_text()
        assert "less than 0.36" in told and "more than 0.82" in told
        page.get_by_role("button", name="Show everybody's").click()
        page.locator("img[alt*='Avocet 0.6']").wait_for()
    assert "Avocet:" in (tmp_path / "sessions" / "session.yaml").read_text("utf-8")


def test_the_needs_assessment_reads_own_data_in_the_browser(tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text(
        "measure,area,period,age_band,count\nAdmissions,Birmingham,2023/24,15-19,many\n", "utf-8")
    with served("02_needs_assessment.ipynb", tmp_path) as address, opened(address) as page:
        page.get_by_label("Path of your file").fill(str(mine))
        page.get_by_role("button", name="Read this file").click()
        page.get_by_text("mine.csv:2").wait_for()
        mine.write_text(mine.read_text("utf-8").replace("many", "90"), encoding="utf-8")
        page.get_by_role("button", name="Read this file").click()
        page.get_by_text("Read and protected").wait_for()
        page.get_by_label("Beside Admissions").wait_for()
        page.get_by_text("Run the baseline above").wait_for()
        assert page.get_by_text("Run the baseline above").count() == 1


def computing_for(outputs):
    """Return the ids of the processes that compute for a page; none where there is no /proc."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (b"vru_model.workbook.needs.working" in (process / "cmdline").read_bytes()
                    and str(outputs).encode() in (process / "environ").read_bytes()):
                found.append(int(process.name))
    return found


def test_a_run_of_the_needs_assessment_is_cancelled_and_goes_on_where_it_was(tmp_path):
    with served("02_needs_assessment.ipynb", tmp_path) as address, opened(address) as page:
        page.get_by_label("Simulated residents for each real one").fill("0.005")
        page.get_by_label("Years").fill("10")
        page.get_by_label("Draws of what is not known").fill("12")
        run = page.get_by_role("button", name="Run what is missing, and show it")
        run.focus()
        page.keyboard.press("Enter")
        page.locator("[role=progressbar][aria-valuenow]:not([aria-valuenow='0'])").wait_for()
        assert run.is_disabled()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.innerText").strip() == "Cancel"
        page.keyboard.press("Enter")
        page.get_by_text("Cancelled. Every world that was finished is kept").wait_for()
        page.wait_for_function("document.activeElement.innerText.startsWith('Run what is missing')")
        page.get_by_role("button", name="Cancel", exact=True).wait_for(state="hidden")
        kept = list((tmp_path / "runs").rglob("measures/part-*.parquet"))
        assert kept and not list((tmp_path / "workbook" / "needs").glob("job-*"))
        page.get_by_label("Strategy", exact=True).select_option(label="None")
        run.click()  # goes on: the worlds that were finished are not run again
        page.get_by_text("Shown: ").wait_for()
        assert all(part.exists() for part in kept)
        if Path("/proc").is_dir():
            assert len(computing_for(tmp_path)) == 1
    for _ in range(100):  # the process ends with its page
        if not computing_for(tmp_path):
            break
        time.sleep(0.1)
    assert computing_for(tmp_path) == []
