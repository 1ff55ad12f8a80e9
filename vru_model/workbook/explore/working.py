"""The process that computes for a page, so that the page answers while worlds are simulated.

It is told what to do on its standard input, a line each: ``do FOLDER`` and ``cancel``; when the
input ends, the page is gone, and so does it. Worlds that were finished are kept on disk whatever
happens, and the same job goes on from there.
"""

from __future__ import annotations

import json
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vru_model.errors import InputError
from vru_model.experiments.store import write_bytes, write_text
from vru_model.workbook.explore.job import (
    CANCEL,
    CANCELLED,
    COMPARE,
    CONTEST,
    DONE,
    ENOUGH,
    FAILED,
    RUNNING,
    STOPPED,
    Job,
    Stage,
    read_job,
    stages,
    tell,
)

if TYPE_CHECKING:
    from vru_model.experiments import Progress
    from vru_model.reporting.findings import Findings
    from vru_model.workbook.explore.asked import AskedOptions

_BETWEEN = 0.3  # seconds between two reports of progress


def options_of(job: Job, stage: Stage, contested: bool = False) -> AskedOptions:
    """Return what is asked, as the papers ask it."""
    from vru_model.workbook.explore.asked import AskedOptions

    files = [str(file) for file in job.files]
    baseline = "baseline"
    if job.kind == CONTEST:
        half = len(files) // 2
        baseline, files = (files[half], files[half + 1:]) if contested else (baseline, files[:half])
    return AskedOptions.checked(
        {"place": job.question.place, "scale": stage.scale, "years": job.question.years,
         "draws": stage.draws, "replicates": stage.replicates, "seed": 1, "workers": 0,
         "runs": "", "date": "", "baseline": baseline, "strategies": files},
        "workbook",
    )  # fmt: skip


def compare(job: Job) -> None:
    """Answer which strategy does what: soon and roughly, then better, until it is sure enough."""
    from vru_model.workbook.explore import answer

    began, sizes = time.monotonic(), stages(job.question)
    for number, stage in enumerate(sizes):
        findings = simulate(job, options_of(job, stage), number)
        seconds = time.monotonic() - began
        share = chance_share(findings, stage)
        last = number == len(sizes) - 1 or share <= ENOUGH and stage.draws == job.question.draws
        about = {"kind": COMPARE, "stage": vars(stage), "seconds": round(seconds, 1),
                 "first": number == 0, "final": last,
                 "sure": answer.sureness(findings, share)}  # fmt: skip
        sections = answer.core(findings)
        if number == 0:  # later on the reader keeps the whole of what stands until it is replaced
            _answer(job, about, findings, sections)
        sections[1] = answer.all_measures(findings)
        sections += answer.details(findings)
        _answer(job, about, findings, sections)
        if last:
            break
    tell(job.folder, DONE, answer.ending(findings, share))


def contest(job: Job) -> None:
    """Answer what a contested assumption would change in the open comparison."""
    from vru_model.workbook.explore import contest as contesting

    assert job.contested is not None and job.stage is not None
    before = simulate(job, options_of(job, job.stage), 0)
    after = simulate(job, options_of(job, job.stage, contested=True), 1)
    found = contesting.effect(job.contested, before, after)
    data = {"kind": CONTEST, "sentences": list(found.sentences), "html": found.html}
    write_text(job.folder / "answer.json", json.dumps(data, ensure_ascii=False))
    tell(job.folder, DONE, "The effect of the contested value is below.")


def papers(job: Job) -> None:
    """Make the board papers of the strategies; where they stand is the answer."""
    from vru_model.workbook.explore.sharing import board_papers

    tell(job.folder, RUNNING, "Making the board papers")
    pages = board_papers(job.files, job.question, report=_reporter(job, "Board papers", 0))
    data = {"kind": job.kind, "pages": [str(page) for page in pages]}
    write_text(job.folder / "answer.json", json.dumps(data, ensure_ascii=False))
    tell(job.folder, DONE, f"The board papers are made: {len(pages)} in outputs/papers.")


def simulate(job: Job, options: AskedOptions, number: int) -> Findings:
    """Run the baseline and the strategies in one pool of processes; return what they found."""
    from vru_model.reporting.findings import Findings, run_together
    from vru_model.scenario import Scenario

    report = _reporter(job, "First answer" if number == 0 else "Sharpening", number)
    baseline, *strategies = map(Scenario.load, (options.baseline, *options.strategies))
    asked = options.model_copy(update={"workers": 1}) if _few(options) else options
    runs = run_together([baseline, *strategies], asked, report)
    return Findings.of(options, baseline, strategies, runs)


def _few(options: AskedOptions) -> bool:
    """Say whether starting more processes would take longer than the worlds do."""
    worlds = (1 + len(options.strategies)) * options.draws * options.replicates
    return worlds * options.scale * options.years < _WORTH_A_POOL


_WORTH_A_POOL = 0.7


def chance_share(findings: Findings, stage: Stage) -> float:
    """Return what chance leaves in the differences, as a share of the baseline's admissions.

    The largest over strategies; infinite where one replicate cannot tell.
    """
    from vru_model.experiments.adaptive import estimate

    base = next(iter(findings.runs.values()))
    return max(
        estimate(findings.runs[name], base, ["expected_admissions"], stage.draws,
                 stage.replicates)[0].share
        for name in findings.scenarios
    )  # fmt: skip


def _answer(job: Job, about: dict[str, Any], findings: Findings, sections: list[Any]) -> None:
    from vru_model.workbook.explore.sharing import spreadsheet

    titles = {name: one.title for name, one in findings.scenarios.items()}
    data = about | {"titles": titles, "runs": list(findings.run_ids),
                    "sections": [vars(section) for section in sections]}
    write_bytes(job.folder / "tables.xlsx", spreadsheet(data))
    write_text(job.folder / "answer.json", json.dumps(data, ensure_ascii=False))


def _reporter(job: Job, words: str, number: int) -> Callable[[str, Progress], None]:
    """Return a function that writes progress to the job's folder, now and then."""
    written = 0.0

    def report(name: str, progress: Progress) -> None:
        nonlocal written
        now = time.monotonic()
        if now - written < _BETWEEN and 0 < progress.finished < progress.total:
            return
        written = now
        tell(job.folder, RUNNING, words, stage=number, finished=progress.finished,
             total=progress.total, seconds_left=progress.seconds_left,
             compiling=progress.compiling)  # fmt: skip

    return report


_KINDS = {"compare": compare, "contest": contest, "papers": papers}


def carry_out(job: Job) -> str:
    """Do what is asked; return what became of it. Nothing that goes wrong is left unsaid."""
    try:
        _KINDS[job.kind](job)
    except KeyboardInterrupt:
        raise
    except InputError as error:
        tell(job.folder, FAILED, "It cannot be run:", problems=[str(one) for one in error.problems])
        return FAILED
    except Exception as error:  # the page has to say it, whatever it is
        write_text(job.folder / "error.txt", traceback.format_exc())
        tell(job.folder, FAILED, f"Something went wrong: {error}. What was finished is kept; the "
             f"details are in {job.folder / 'error.txt'}.")  # fmt: skip
        return FAILED
    return DONE


def main() -> None:
    """Do what standard input says until it ends."""
    jobs: queue.SimpleQueue[Path | None] = queue.SimpleQueue()
    state = {"why": STOPPED, "busy": False}
    threading.Thread(target=_listen, args=(jobs, state), daemon=True).start()
    import vru_model.model
    import vru_model.workbook.explore.details  # noqa: F401  both take seconds: before the first job

    folder = None
    while True:
        try:
            folder = jobs.get()
            if folder is None:
                return
            state |= {"busy": True, "why": STOPPED}
            if (folder / CANCEL).exists():  # cancelled before it was begun
                state["why"] = CANCELLED
                raise KeyboardInterrupt
            carry_out(read_job(folder))
        except KeyboardInterrupt:
            words = ("Cancelled. Every world that was finished is kept, and Run goes on from there."
                     if state["why"] == CANCELLED else "Stopped; what was finished is kept.")
            if folder is not None:
                tell(folder, str(state["why"]), words)
            if state["why"] == STOPPED:
                return
        finally:
            state["busy"] = False


def _listen(jobs: queue.SimpleQueue[Path | None], state: dict[str, Any]) -> None:
    """Pass on what standard input says; at its end, stop whatever is being done."""
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "do":
            jobs.put(Path(rest))
        elif word == "cancel" and state["busy"]:
            state["why"] = CANCELLED
            _interrupt()
    jobs.put(None)
    if state["busy"]:
        state["why"] = STOPPED
        _interrupt()


def _interrupt() -> None:
    """Stop the main thread wherever it is, as Ctrl-C would."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        import _thread

        _thread.interrupt_main()


if __name__ == "__main__":
    main()
