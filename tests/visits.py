"""A window on the page Explore scenarios in a real browser, and what is looked at from outside."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

PATIENCE = 180_000  # milliseconds: the machine may be busy, and the first world may compile


class Visit:
    """One window on the page."""

    def __init__(self, browser, address, identity, width=1366, height=768):
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True
        )
        self.hosts, self.errors = set(), []
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{address}&session={identity}")
        self.ready()

    def ready(self):
        self.page.get_by_role("button", name="Run", exact=True).wait_for()
        self.page.wait_for_function("location.search.includes('session=')")

    def press(self, name, exact=True):
        self.page.get_by_role("button", name=name, exact=exact).click()

    def write(self, label, text):
        box = self.page.get_by_label(label, exact=True)
        box.fill(text)
        box.press("Enter")
        return box

    def sees(self, text):
        self.page.get_by_text(text).first.wait_for()

    def run(self):
        self.press("Run")
        self.page.locator(".vru-sure p").wait_for()
        self.page.locator(".vru-standing", has_text="Done").wait_for()

    def close(self):
        self.page.close(run_before_unload=True)
        self.context.close()


def kept(outputs, identity):
    return json.loads((saved_folder(outputs, identity) / "session.json").read_text("utf-8"))


def saved_folder(outputs, identity) -> Path:
    return outputs / "workbook" / "explore" / identity


def violations(page):
    """Return what axe-core finds against WCAG 2.2 A and AA, in a few words each."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    return [f"{each['id']}: {node['target']} {node.get('failureSummary', '')}"
            for each in found.response["violations"] for node in each["nodes"]]  # fmt: skip
