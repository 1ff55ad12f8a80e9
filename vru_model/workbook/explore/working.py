"""What the process that computes does for the page: compare, contest, make the board papers."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vru_model.experiments.store import write_bytes, write_text
from vru_model.workbook.computing import compute
from vru_model.workbook.explore.job import (
    COMPARE,
    CONTEST,
    ENOUGH,
    Job,
    Stage,
    read_job,
    stages,
)
from vru_model.workbook.jobs import DONE, RUNNING, answered, reporter, tell

if TYPE_CHECKING:
    from vru_model.reporting.findings import Findings
    from vru_model.workbook.explore.asked import AskedOptions

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

    before, sizes = answered(job.folder), stages(job.question)
    reached = 0  # a comparison that was paused goes on with the size that it had reached
    if before is not None and (stage := Stage(**before["stage"])) in sizes:
        reached = sizes.index(stage)
    began = time.monotonic() - (before["seconds"] if before is not None else 0.0)
    for number, stage in list(enumerate(sizes))[reached:]:
        findings = simulate(job, options_of(job, stage),
                            "First answer" if number == 0 else "Sharpening")
        seconds = time.monotonic() - began
        share = chance_share(findings, stage)
        last = number == len(sizes) - 1 or share <= ENOUGH and stage.draws == job.question.draws
        about = {"kind": COMPARE, "stage": vars(stage), "seconds": round(seconds, 1),
                 "first": number == 0, "final": last,
                 "sure": answer.sureness(findings, share)}  # fmt: skip
        sections = answer.core(findings)
        if answered(job.folder) is None:  # or the reader keeps what stands until all is replaced
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
    before = simulate(job, options_of(job, job.stage), "The strategies as they were")
    after = simulate(job, options_of(job, job.stage, contested=True), "The same with your value")
    found = contesting.effect(job.contested, before, after)
    data = {"kind": CONTEST, "sentences": list(found.sentences), "html": found.html}
    write_text(job.folder / "answer.json", json.dumps(data, ensure_ascii=False))
    tell(job.folder, DONE, "The effect of the contested value is below.")


def papers(job: Job) -> None:
    """Make the board papers of the strategies; where they stand is the answer."""
    from vru_model.workbook.explore.sharing import board_papers

    tell(job.folder, RUNNING, "Making the board papers")
    report = reporter(job.folder, lambda _: "Board papers")
    pages = board_papers(job.files, job.question, report=report)
    data = {"kind": job.kind, "pages": [str(page) for page in pages]}
    write_text(job.folder / "answer.json", json.dumps(data, ensure_ascii=False))
    tell(job.folder, DONE, f"The board papers are made: {len(pages)} in outputs/papers.")


def simulate(job: Job, options: AskedOptions, words: str) -> Findings:
    """Run the baseline and the strategies in one pool of processes; return what they found."""
    from vru_model.reporting.findings import Findings, run_together
    from vru_model.scenario import Scenario

    report = reporter(job.folder, lambda _: words)
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


_KINDS = {"compare": compare, "contest": contest, "papers": papers}


def work(folder: Path) -> None:
    """Do what is asked in a folder."""
    job = read_job(folder)
    _KINDS[job.kind](job)


def prepare() -> None:
    """Load what takes seconds."""
    import vru_model.model
    import vru_model.workbook.explore.details  # noqa: F401


if __name__ == "__main__":
    compute(work, prepare)
