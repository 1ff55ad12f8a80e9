"""What the page asks of the process that computes, as files of the session.

::

    <session>/jobs/0001/
      job.json            what is asked
      strategies/*.yaml   the strategies as they were then: files that `vru run` takes

and, of every job, how far it is and what is answered (:mod:`vru_model.workbook.jobs`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from vru_model.experiments.store import write_text
from vru_model.parameters.documents import built_in, read_document
from vru_model.workbook.explore.factor import overridden_by
from vru_model.workbook.explore.saved import Contested, Question, Session
from vru_model.workbook.jobs import RUNNING, answered, tell

COMPARE, CONTEST, PAPERS = "compare", "contest", "papers"

FIRST_SCALE, FIRST_DRAWS = 0.005, 6
ENOUGH = 0.005
"""Chance may leave so large a share of the baseline's admissions in the difference."""
MOST_REPLICATES = 4


@dataclass(frozen=True)
class Stage:
    """One size of the experiment: residents for each real one, parameter sets, worlds of each."""

    scale: float
    draws: int
    replicates: int


def stages(question: Question) -> list[Stage]:
    """Return the sizes in which an answer is sought: small for the first, then ever larger."""
    first = Stage(min(FIRST_SCALE, question.scale), min(FIRST_DRAWS, question.draws), 1)
    rest = [Stage(question.scale, question.draws, number)
            for number in range(1, MOST_REPLICATES + 1)]
    return list(dict.fromkeys([first, *rest]))


@dataclass(frozen=True)
class Job:
    """One thing asked: its folder, kind, question, files of strategies, and what is contested."""

    folder: Path
    kind: str
    question: Question
    strategies: tuple[str, ...]
    contested: Contested | None = None
    stage: Stage | None = None

    @property
    def files(self) -> list[Path]:
        """Return the strategies' files."""
        return [self.folder / "strategies" / name for name in self.strategies]

    def write(self) -> None:
        """Write what is asked."""
        contested, stage = self.contested, self.stage
        data = {
            "kind": self.kind, "question": vars(self.question),
            "strategies": list(self.strategies),
            "contested": contested and vars(contested) | {"effect": []},
            "stage": stage and vars(stage),
        }  # fmt: skip
        write_text(self.folder / "job.json", json.dumps(data, indent=1, ensure_ascii=False))


def read_job(folder: Path) -> Job:
    """Return what is asked in a folder."""
    data = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    return Job(
        folder, data["kind"], Question(**data["question"]), tuple(data["strategies"]),
        data["contested"] and Contested(**data["contested"]),
        data["stage"] and Stage(**data["stage"]),
    )  # fmt: skip


def job_folder(session: Session, number: int) -> Path:
    """Return the folder of a session's job."""
    return session.folder / "jobs" / f"{number:04d}"


def ask(session: Session, kind: str, contested: Contested | None = None,
        stage: Stage | None = None) -> tuple[Session, Job]:
    """Write down what a session asks for; return the session with it begun, and the job.

    A contest is of the strategies of the last answer, in its size.
    """
    number = session.job + 1
    folder = job_folder(session, number)
    while folder.exists():
        number += 1
        folder = job_folder(session, number)
    for draft in session.drafts:
        write_text(folder / "strategies" / f"{draft.name}.yaml", draft.yaml())
    # The strategy that is open comes first in papers, some of which are about one alone.
    drafts = [session.drafts[session.chosen], *session.drafts] if kind == PAPERS else session.drafts
    names = tuple(dict.fromkeys(f"{draft.name}.yaml" for draft in drafts))
    job = Job(folder, kind, session.question, names, contested, stage)
    if contested is not None:
        job = _contesting(job, contested)
    job.write()
    tell(folder, RUNNING, "Getting ready")
    return replace(session, job=number, standing=RUNNING), job


def _contesting(job: Job, contested: Contested) -> Job:
    """Write the baseline and the strategies once more, with the contested value in them."""
    written = []
    documents = [read_document(built_in("scenarios", "baseline")).data,
                 *(read_document(file).data for file in job.files)]
    words = {"reason": contested.reason, "author": contested.author}
    entries = {name: {"value": value, **words}
               for name, value in overridden_by(contested.parameter, contested.value).items()}
    _, _, programme = contested.parameter.partition("programmes.")
    for data in documents:
        funded = {line["programme"] for line in data.get("funding", ())}
        applies = not programme or programme.partition(".")[0] in funded
        name = f"{data['name']}_contested"
        changed = data | {"name": name, "title": f"{data['title']}, contested"}
        if applies:
            changed["overrides"] = data.get("overrides", {}) | entries
        text = yaml.safe_dump(changed, sort_keys=False, allow_unicode=True, width=100)
        write_text(job.folder / "strategies" / f"{name}.yaml", text)
        written.append(f"{name}.yaml")
    return replace(job, strategies=(*job.strategies, *written))


def earlier(session: Session) -> list[tuple[int, dict[str, Any]]]:
    """Return the session's answers to comparisons with their jobs' numbers, the latest first."""
    found = []
    for folder in sorted((session.folder / "jobs").glob("*"), reverse=True):
        answer = answered(folder)
        if answer is not None and answer.get("kind") == COMPARE:
            found.append((int(folder.name), answer))
    return found
