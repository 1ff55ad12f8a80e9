"""What is run on the page of scenarios, in which order, driven without a browser or a process."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time

import pytest

from vru_model.workbook.computing import carry_out
from vru_model.workbook.explore.contesting import Contesting
from vru_model.workbook.explore.draft import Draft
from vru_model.workbook.explore.job import COMPARE, CONTEST, Stage, read_job
from vru_model.workbook.explore.running import Running
from vru_model.workbook.explore.saved import Contested, Question, Session
from vru_model.workbook.explore.showing import Showing
from vru_model.workbook.jobs import CANCEL, CANCELLED, DONE, FAILED, RUNNING, give, tell, told

CONTESTED = Contested("acting.base", -9.3, -9.0, "too low for us", "a reader", "today")


class Stopped:
    """A stand-in for the process that computes: a job ends when the test says so."""

    def __init__(self):
        self.begun = []

    def do(self, folder):
        self.begun.append(folder)

    def cancel(self):
        (self.begun[-1] / CANCEL).touch()
        tell(self.begun[-1], CANCELLED, "Cancelled.")

    def look(self):
        return told(self.begun[-1])


class Page:
    """As much of the page as Running and Contesting ask of it."""

    def __init__(self, session):
        self.session, self.worker, self.shown = session, Stopped(), []
        self.showing, self.current = Showing(self), True
        self.running = Running(self)
        self.contesting = Contesting(self)

    def keep(self, session):
        self.session = session

    def show_answer(self, folder):
        self.shown.append(folder)
        self.showing.answer = json.loads((folder / "answer.json").read_text("utf-8"))

    @property
    def kinds(self):
        return [read_job(folder).kind for folder in self.worker.begun]

    def answers(self):
        """Let the comparison in hand have a first answer."""
        answer = {"kind": COMPARE, "stage": vars(Stage(0.005, 6, 1)), "seconds": 3.0}
        (self.worker.begun[-1] / "answer.json").write_text(json.dumps(answer), "utf-8")
        self.running._look(self.running.job)


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setattr("vru_model.paths.OUTPUTS", tmp_path)
    return Page(Session("tiny", "Tiny", Question()).adding(Draft.from_preset("quick")))


def played(page, *steps):
    """Run steps one after the other, letting the page look at its job after each."""
    async def play():
        for step in steps:
            step()
            await asyncio.sleep(0.3)

    asyncio.run(play())


def contests(page):
    def contest():
        page.contesting.refresh()
        page.contesting.value.write("-0.7")
        page.contesting.reason.write("We saw more than that here")
        page.contesting.author.write("Reference group")
        page.contesting.go.click()

    page.contesting.refresh()
    page.contesting.group.box.value = "Focused deterrence"
    return contest


def test_a_contest_goes_first_and_the_sharpening_goes_on_after_it(page):
    contest = contests(page)
    seen = []

    def end():
        seen.append(page.contesting.result.value)
        answer = {"kind": CONTEST, "sentences": ["It stays the same."], "html": ""}
        (page.worker.begun[-1] / "answer.json").write_text(json.dumps(answer), "utf-8")
        tell(page.worker.begun[-1], DONE, "The effect is below.")

    played(page, page.running.compare, page.answers, contest, end,
           lambda: seen.append(page.session))
    assert "The sharpening pauses and goes on afterwards" in seen[0]
    assert page.kinds == [COMPARE, CONTEST, COMPARE]
    assert page.worker.begun[0] == page.worker.begun[2]  # the same job, not a new one
    assert read_job(page.worker.begun[1]).stage == Stage(0.005, 6, 1)
    assert told(page.worker.begun[0])["state"] == RUNNING
    assert not (page.worker.begun[0] / CANCEL).exists()
    assert (seen[1].job, seen[1].standing) == (1, RUNNING)  # a page opened now goes on with it
    assert "It stays the same." in page.contesting.result.value
    assert [each.author for each in page.session.contested] == ["Reference group"]


def test_before_the_first_answer_a_contest_says_what_it_waits_for(page):
    played(page, page.running.compare, contests(page))
    assert "contest as soon as it stands" in page.contesting.result.value
    assert page.kinds == [COMPARE]


def test_cancel_during_the_contest_leaves_nothing_running(page):
    played(page, page.running.compare, page.answers, contests(page),
           page.running.watching.cancel.click)
    assert page.kinds == [COMPARE, CONTEST]
    assert not page.running.busy and page.session.standing == CANCELLED
    assert not page.running.run.disabled


def test_cancel_while_the_sharpening_pauses_begins_no_contest(page):
    def both():
        page.contesting.go.click()
        page.running.watching.cancel.click()

    contest = contests(page)
    played(page, page.running.compare, page.answers, lambda: (contest(), both()))
    assert page.kinds == [COMPARE]
    assert not page.running.busy and page.session.standing == CANCELLED


def test_a_contest_that_fails_does_not_keep_the_sharpening_from_going_on(page):
    played(page, page.running.compare, page.answers, contests(page),
           lambda: tell(page.worker.begun[-1], FAILED, "Something went wrong."))
    assert page.kinds == [COMPARE, CONTEST, COMPARE]
    assert "Something went wrong." in page.contesting.result.value


def test_a_contest_that_a_closed_page_left_is_said_to_have_been_stopped(page):
    played(page, lambda: page.running.begin(CONTEST, lambda *_: None, contested=CONTESTED,
                                            stage=Stage(0.005, 6, 1)))
    again = Page(page.session)
    again.running.resume()
    assert "was stopped" in again.running.watching.words.value
    assert again.session.standing == "stopped"


def test_a_run_that_a_closed_page_left_goes_on_though_its_process_said_that_it_stopped(page):
    played(page, page.running.compare)
    tell(page.worker.begun[-1], "stopped", "Stopped; what was finished is kept.")
    again = Page(page.session)
    played(again, again.running.resume)
    assert again.running.busy and again.session.standing == RUNNING


def test_a_process_that_is_late_to_end_says_nothing_of_a_job_that_another_has(tmp_path):
    tell(tmp_path, RUNNING, "The first")
    first = give(tmp_path)
    second = give(tmp_path)  # another page goes on with it
    tell(tmp_path, RUNNING, "The second")

    def interrupted(folder):
        raise RuntimeError("a pool was broken off")

    with pytest.raises(KeyboardInterrupt):
        carry_out(tmp_path, interrupted, first)
    assert told(tmp_path)["words"] == "The second"
    assert carry_out(tmp_path, interrupted, second) == FAILED
    assert "broken off" in told(tmp_path)["words"]


@pytest.mark.parametrize(("taken_over", "said", "first"), [
    (False, "stopped", ""), (True, "running", ""),
    (False, "stopped", "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"),
])  # fmt: skip
def test_a_process_whose_page_is_gone_stops_its_own_job_only(tmp_path, taken_over, said, first):
    """Also where a shell had started all in the background, which ignores interruptions."""
    working = subprocess.Popen(
        [sys.executable, "-c", f"{first}\n{_SLOW}"], stdin=subprocess.PIPE, text=True,
    )  # fmt: skip
    tell(tmp_path, RUNNING, "The first")
    working.stdin.write(f"do {give(tmp_path)} {tmp_path}\n")
    working.stdin.flush()
    for _ in range(300):
        if (tmp_path / "begun").exists():
            break
        time.sleep(0.1)
    if taken_over:
        give(tmp_path)
    working.stdin.close()
    assert working.wait(timeout=30) == 0
    assert told(tmp_path)["state"] == said


_SLOW = """
import time
from vru_model.workbook.computing import compute
def work(folder):
    (folder / "begun").touch()
    time.sleep(60)
compute(work, lambda: None)
"""


def test_a_query_that_is_interrupted_is_a_cancelled_job_and_no_failure(tmp_path):
    def work(folder):
        (folder / CANCEL).touch()
        raise RuntimeError("Query interrupted")

    with pytest.raises(KeyboardInterrupt):
        carry_out(tmp_path, work, give(tmp_path))
