"""The process that computes for the page, and what its answers say; tiny worlds throughout."""

import math
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pandas as pd
import pytest

from vru_model.workbook import jobs
from vru_model.workbook.computing import carry_out
from vru_model.workbook.explore import contest, job, saved, sharing, working
from vru_model.workbook.explore.contesting import contested_csv
from vru_model.workbook.explore.draft import Draft
from vru_model.workbook.explore.job import Stage, ask, stages
from vru_model.workbook.explore.saved import Contested, Question, Session
from vru_model.workbook.explore.showing import same
from vru_model.workbook.jobs import answered, told
from vru_model.workbook.worker import Worker

TINY = Question(scale=0.002, years=2, draws=2)
CONTESTED = Contested("acting.base", -6.0, -5.0, "too low for us", "a reader", "today")


def session(tmp_path, monkeypatch, question=TINY):
    monkeypatch.setattr("vru_model.paths.OUTPUTS", tmp_path)
    found = Session("tiny", "Tiny", question)
    return found.adding(Draft.from_preset("quick")).adding(Draft.from_preset("slow"))


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """A session whose comparison is done: the session, the job and the answer."""
    with pytest.MonkeyPatch.context() as patch:
        own = session(tmp_path_factory.mktemp("outputs"), patch)
        patch.setattr(working, "stages", lambda question: [Stage(0.002, 2, 2)])
        own, asked = ask(own, job.COMPARE)
        assert carry_out(asked.folder, working.work, jobs.give(asked.folder)) == jobs.DONE
        yield own, asked, answered(asked.folder)


def test_the_first_size_is_small_and_the_last_is_what_was_asked():
    sizes = stages(Question())
    assert sizes[0].scale * sizes[0].draws < 0.05 * sizes[1].scale * sizes[1].draws + 0.03
    assert {(one.scale, one.draws) for one in sizes[1:]} == {(0.04, 20)}
    assert [one.replicates for one in sizes[1:]] == [1, 2, 3, 4]
    assert stages(TINY) == [Stage(0.002, 2, number) for number in (1, 2, 3, 4)]


def test_an_answer_has_every_part_and_says_how_sure_it_is(compared):
    _, _, answer = compared
    keys = [section["key"] for section in answer["sections"]]
    assert keys == ["answer", "course", "plausible", "who", "pays", "hangs", "evidence", "made"]
    assert "parameter uncertainty is not covered" in answer["sure"]
    assert "Chance alone leaves" in answer["sure"]
    assert answer["titles"] == {"quick": "Quick programmes first", "slow": "Slow programmes first"}
    assert answer["final"] and answer["stage"] == {"scale": 0.002, "draws": 2, "replicates": 2}


def test_the_answering_sentence_calls_strategies_by_their_titles(compared):
    first = compared[2]["sections"][0]["html"]
    sentences = re.findall(r'<p class="vru-sentence">(.*?)</p>', first)
    assert len(sentences) == 1 and sentences[0].startswith("By year 2 ")
    assert "baseline" not in sentences[0] and "the quick strategy" not in first


def test_every_averted_number_has_its_interval(compared):
    section = next(each for each in compared[2]["sections"] if each["key"] == "who")
    tables = {table["name"]: pd.read_csv(pd.io.common.StringIO(table["csv"]))
              for table in section["tables"]}  # fmt: skip
    assert set(tables) == {"averted-by-deprivation", "averted-by-sex", "averted-by-age",
                           "averted-by-authority"}  # fmt: skip
    for table in tables.values():
        for title in compared[2]["titles"].values():
            low, middle, high = (table[f"{title}: {name}"] for name in (
                "low95", "averted", "high95"))  # fmt: skip
            assert (low <= middle + 1e-9).all() and (middle <= high + 1e-9).all()
    names = tables["averted-by-authority"]["Local authority"].tolist()
    assert len(names) == 7 and names[0] == "Birmingham"  # in the order of their codes


def test_pictures_have_words_and_every_measure_its_view(compared):
    course = compared[2]["sections"][1]
    assert list(course["views"]) == [
        "sharp_object_admissions", "knife_enabled_serious_violence", "non_domestic_homicides",
        "admissions"]  # fmt: skip
    for title, markup in course["views"].values():
        assert title and markup.count("<img alt=") == 1
        assert "Two panels" in markup and "80% interval" in markup
    whole = "".join(each["html"] for each in compared[2]["sections"])
    assert whole.count("<img ") == whole.count("<img alt=") == 2


def test_the_tables_travel_as_one_spreadsheet(compared):
    own, asked, answer = compared
    assert (asked.folder / "tables.xlsx").read_bytes()[:2] == b"PK"
    names = [table["name"] for section in answer["sections"] for table in section["tables"]]
    assert len(names) == len(set(names)) > 12
    assert same(own, asked.folder)
    assert not same(own.with_draft(own.drafts[1].entered("team_per_year", "1")), asked.folder)


def test_the_answer_is_found_again_by_a_page_that_is_opened_later(compared):
    own, asked, answer = compared
    assert job.earlier(own) == [(1, answer)]
    assert job.read_job(asked.folder) == asked
    assert told(asked.folder)["state"] == jobs.DONE


def test_python_that_is_pasted_makes_the_comparison_again(compared, tmp_path, monkeypatch):
    own = replace(compared[0], question=replace(TINY, years=1))
    monkeypatch.setenv("VRU_OUTPUTS", str(tmp_path))
    file = tmp_path / "pasted.py"
    file.write_text(sharing.snippet(own, Stage(0.002, 1, 1)), "utf-8")
    shown = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=True)
    assert shown.stdout.count("expected_sharp_object_admissions") == 2 * 2 * 2
    assert "averted" in shown.stdout


def test_a_contested_value_is_run_beside_the_old_one_and_told_in_words(compared):
    own, asked = ask(compared[0], job.CONTEST, CONTESTED, Stage(0.002, 2, 1))
    assert asked.strategies == ("quick.yaml", "slow.yaml", "baseline_contested.yaml",
                                "quick_contested.yaml", "slow_contested.yaml")  # fmt: skip
    assert carry_out(asked.folder, working.work, jobs.give(asked.folder)) == jobs.DONE
    found = answered(asked.folder)
    assert len(found["sentences"]) == 2
    assert all("80% interval" in each or "nothing changes" in each for each in found["sentences"])
    assert "acting.base" in found["html"] and "<table>" in found["html"]


def test_what_is_contested_can_be_taken_along():
    text = contested_csv((replace(CONTESTED, effect=("It stays the same.",)),))
    assert pd.read_csv(pd.io.common.StringIO(text)).loc[0, "reason"] == "too low for us"


@pytest.mark.parametrize(("ours", "theirs", "said"), [
    ((10, 2, 18), (30, 20, 40), "averts more"), ((30, 20, 40), (10, 2, 18), "averts less"),
    ((30, 20, 40), (30.5, 20, 41), "hardly moves"), ((30, 20, 40), (1, -5, 9), "answer changes"),
    ((30, 20, 40), (30, 20, 40), "nothing changes"),
])  # fmt: skip
def test_the_effect_of_a_contested_value_in_one_sentence(ours, theirs, said):
    from vru_model.reporting.estimates import Estimate

    def estimate(middle, low, high):
        return Estimate(100, 100 - middle, middle, low, high, low - 5, high + 5, 0.9, 24)

    text = contest._sentence("Quick", "admissions", 3, estimate(*ours), estimate(*theirs))
    assert said in text and "“Quick”" in text


def test_board_papers_are_asked_of_every_kind_about_the_strategy_that_is_open(
    tmp_path, monkeypatch
):
    from vru_model.reporting import papers

    asked_for = {}

    def build(report, **parameters):
        asked_for.update(parameters)
        return [tmp_path / f"{name}.html" for name in papers.PAPERS]

    monkeypatch.setattr(papers, "build", build)
    own, asked = ask(session(tmp_path, monkeypatch), job.PAPERS)
    assert carry_out(asked.folder, working.work, jobs.give(asked.folder)) == jobs.DONE
    assert len(answered(asked.folder)["pages"]) == len(papers.PAPERS)
    assert asked_for["years"] == 2
    assert asked_for["strategy"].endswith("slow.yaml")  # the one added last is open


def test_what_goes_wrong_is_said_and_kept(tmp_path, monkeypatch):
    own, asked = ask(session(tmp_path, monkeypatch), job.COMPARE)
    asked.files[0].write_text("name: quick\n", "utf-8")
    assert carry_out(asked.folder, working.work, jobs.give(asked.folder)) == jobs.FAILED
    assert any("title" in problem for problem in told(asked.folder)["problems"])
    monkeypatch.setattr(working, "simulate", lambda *_: 1 / 0)
    own, asked = ask(own, job.COMPARE)
    assert carry_out(asked.folder, working.work, jobs.give(asked.folder)) == jobs.FAILED
    assert "division by zero" in told(asked.folder)["words"]
    assert "ZeroDivisionError" in (asked.folder / "error.txt").read_text("utf-8")


def wait_for(worker, condition, seconds=120.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = worker.look()
        if condition(found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"the process did not come so far: {found}")


def test_a_cancelled_run_keeps_what_is_finished_and_the_process_does_the_next(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("VRU_OUTPUTS", str(tmp_path))
    own = session(tmp_path, monkeypatch, Question(scale=0.01, years=10, draws=20))
    own, long = ask(own, job.COMPARE)
    worker = Worker(working.__name__, saved.workbook_folder)
    try:
        worker.do(long.folder)
        wait_for(worker, lambda found: found.get("finished", 0) >= 1)
        worker.cancel()
        ended = wait_for(worker, lambda found: found["state"] != jobs.RUNNING)
        assert ended["state"] == jobs.CANCELLED and "kept" in ended["words"]
        kept = list((tmp_path / "runs").rglob("measures/part-*.parquet"))
        assert kept
        _, early = ask(own, job.COMPARE)
        (early.folder / jobs.CANCEL).touch()  # as where the process had not begun it
        worker.do(early.folder)
        wait_for(worker, lambda found: found["state"] == jobs.CANCELLED)
        short, small = ask(replace(own, question=replace(TINY, years=1)), job.COMPARE)
        worker.do(small.folder)
        wait_for(worker, lambda found: answered(small.folder) is not None)
    finally:
        worker.stop()
    assert all(part.exists() for part in kept)
    assert told(small.folder)["state"] in (jobs.STOPPED, jobs.DONE)  # the page was gone


def test_a_process_that_dies_is_noticed_and_said(tmp_path, monkeypatch):
    own, asked = ask(session(tmp_path, monkeypatch), job.COMPARE)
    worker = Worker(working.__name__, saved.workbook_folder)
    monkeypatch.setenv("VRU_OUTPUTS", str(tmp_path))
    worker.do(asked.folder)
    assert worker._process is not None
    worker._process.kill()
    worker._process.wait()
    found = worker.look()
    assert found["state"] == jobs.STOPPED and "Every world that was finished is kept" in (
        found["words"])


def test_where_one_replicate_cannot_tell_chance_nothing_is_said_of_it(compared):
    _, asked, _ = compared
    stage = Stage(0.002, 2, 1)
    findings = working.simulate(asked, working.options_of(asked, stage), "First answer")
    assert math.isinf(working.chance_share(findings, stage))


def test_a_process_that_is_interrupted_between_jobs_leaves_what_has_ended(tmp_path, monkeypatch):
    """As where the kernel is ended and its signal reaches the process: nothing is in hand then."""
    own, asked = ask(session(tmp_path, monkeypatch), job.COMPARE)
    asked.files[0].write_text("name: quick\n", "utf-8")
    monkeypatch.setenv("VRU_OUTPUTS", str(tmp_path))
    worker = Worker(working.__name__, saved.workbook_folder)
    worker.do(asked.folder)
    wait_for(worker, lambda found: found["state"] == jobs.FAILED)
    assert worker._process is not None
    worker._process.send_signal(signal.SIGINT)
    worker._process.wait(timeout=30)
    assert told(asked.folder)["state"] == jobs.FAILED


def test_a_comparison_that_was_paused_goes_on_with_the_size_it_had_reached(tmp_path, monkeypatch):
    own, asked = ask(session(tmp_path, monkeypatch, replace(TINY, years=1)), job.COMPARE)
    sizes = [Stage(0.002, 2, number) for number in (1, 2, 3)]
    monkeypatch.setattr(working, "stages", lambda question: sizes[:2])
    assert carry_out(asked.folder, working.work, jobs.give(asked.folder)) == jobs.DONE
    before = answered(asked.folder)
    assert before["stage"] == vars(sizes[1])
    run, real = [], working.simulate

    def simulate(found, options, words):
        run.append((options.draws, options.replicates))
        assert answered(asked.folder)["sections"][-1]["key"] == "made"  # the reader keeps it whole
        return real(found, options, words)

    monkeypatch.setattr(working, "simulate", simulate)
    monkeypatch.setattr(working, "stages", lambda question: sizes)
    assert carry_out(asked.folder, working.work, jobs.give(asked.folder)) == jobs.DONE
    after = answered(asked.folder)
    assert run == [(2, 2), (2, 3)] and after["stage"] == vars(sizes[2])
    assert after["seconds"] > before["seconds"]
