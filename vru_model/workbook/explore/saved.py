"""A session of exploring, kept on disk after every change.

Everything that a person does on the page stands in one file of the session's folder, written
under another name and then renamed. So a kernel that dies or a browser that is closed loses
nothing. Whoever has a session open holds a lock on it; a second window gets a copy.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from vru_model import paths
from vru_model.experiments.store import write_text
from vru_model.reporting.words import long_date
from vru_model.workbook.explore.draft import Draft

MOST_STRATEGIES = 4
VERSION = 1
_FILE, _LOCK = "session.json", ".open.lock"
FIRST_PRESETS = ("balanced",)


@dataclass(frozen=True)
class Question:
    """What the strategies are tried on.

    Parameters
    ----------
    place
        A name in parameters/places, or the folder of a place pack.
    years
        The horizon.
    scale
        Simulated residents for each real one of the answer that is aimed at.
    draws
        Parameter sets of that answer.
    """

    place: str = "west_midlands"
    years: int = 10
    scale: float = 0.04
    draws: int = 20


@dataclass(frozen=True)
class Contested:
    """An assumption that somebody contested: the value, why, who says so, and what came of it."""

    parameter: str
    before: float
    value: float
    reason: str
    author: str
    when: str
    effect: tuple[str, ...] = ()


@dataclass(frozen=True)
class Session:
    """Everything that one session of exploring holds.

    Parameters
    ----------
    identity
        Name of its folder.
    title
        As its owner calls it.
    question
        What the strategies are tried on.
    drafts
        The strategies, four at most.
    chosen
        Which of them is open for editing.
    job
        Number of the last job; 0 where none was begun.
    standing
        What became of it: "", "running", "done", "cancelled", "failed".
    contested
        Assumptions that were contested.
    entries
        Field → text of boxes outside the strategies that cannot be read yet.
    asking
        What is being contested and not yet run: parameter, value, reason, author, as typed.
    """

    identity: str
    title: str
    question: Question = Question()
    drafts: tuple[Draft, ...] = ()
    chosen: int = 0
    job: int = 0
    standing: str = ""
    contested: tuple[Contested, ...] = ()
    entries: Mapping[str, str] = field(default_factory=dict)
    asking: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Return the session's folder."""
        return workbook_folder() / self.identity

    def with_draft(self, draft: Draft) -> Session:
        """Return the session with the chosen strategy replaced."""
        drafts = list(self.drafts)
        drafts[self.chosen] = draft
        return replace(self, drafts=tuple(drafts))

    def adding(self, draft: Draft) -> Session:
        """Return the session with one strategy more, which is then chosen.

        Raises ValueError where four are open.
        """
        if len(self.drafts) >= MOST_STRATEGIES:
            raise ValueError(f"{MOST_STRATEGIES} strategies can be compared at a time")
        titles = {each.title for each in self.drafts}
        if draft.title in titles:
            draft = draft.changed(title=numbered(draft.title, titles))
        return replace(self, drafts=(*self.drafts, draft), chosen=len(self.drafts))

    def removing(self, number: int) -> Session:
        """Return the session without a strategy."""
        drafts = (*self.drafts[:number], *self.drafts[number + 1:])
        return replace(self, drafts=drafts, chosen=min(self.chosen, max(len(drafts) - 1, 0)))

    @property
    def clashes(self) -> dict[int, str]:
        """Return number of a strategy → what is wrong with its name beside the others'."""
        names = [draft.name for draft in self.drafts]
        found = {}
        for number, name in enumerate(names):
            if name in names[:number]:
                found[number] = "Another strategy has this name: give each its own."
            elif name == "baseline":
                found[number] = "“Baseline” is the name of business as usual: choose another."
        return found

    @property
    def ready(self) -> bool:
        """Say whether every strategy can be run."""
        return bool(self.drafts) and not self.clashes and not self.entries and not any(
            draft.problems for draft in self.drafts)

    def save(self) -> str:
        """Write the session; return the time of day for the reader."""
        write_text(self.folder / _FILE, json.dumps(self.document, indent=1, ensure_ascii=False))
        return f"{datetime.now():%H:%M:%S}"

    @property
    def document(self) -> dict[str, Any]:
        """Return the session as plain data."""
        return {
            "version": VERSION, "identity": self.identity, "title": self.title,
            "question": vars(self.question), "drafts": [draft.kept() for draft in self.drafts],
            "chosen": self.chosen, "job": self.job, "standing": self.standing,
            "contested": [vars(each) | {"effect": list(each.effect)} for each in self.contested],
            "entries": dict(self.entries), "asking": dict(self.asking),
        }  # fmt: skip


def read_session(folder: Path) -> Session:
    """Return a session from its folder.

    Raises ValueError, saying which file, where it cannot be read; the file is left as it is.
    """
    file = folder / _FILE
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["version"] != VERSION:
            raise ValueError(f"written by another version of the workbook ({data['version']})")
        return Session(
            identity=folder.name, title=data["title"], question=Question(**data["question"]),
            drafts=tuple(Draft.from_document(each) for each in data["drafts"]),
            chosen=data["chosen"], job=data["job"], standing=data["standing"],
            contested=tuple(Contested(**each | {"effect": tuple(each["effect"])})
                            for each in data["contested"]),
            entries=data["entries"], asking=data["asking"],
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"The session {file} cannot be read: {error}") from error


@dataclass(frozen=True)
class Opened:
    """A session that this process alone has open; `words` tell a reader how it came to it."""

    session: Session
    lock: FileLock
    words: str = ""


def open_session(asked: str = "", patience: float = 15.0) -> Opened:
    """Open a session: the one asked for, or the last one used, or a new one.

    Parameters
    ----------
    asked
        Name of its folder; "new" for a new one.
    patience
        Seconds to wait for a window that is just being closed. Where it stays open, this one
        gets a copy.
    """
    if asked == "new":
        return new_session()
    known = sessions()
    chosen = next((each for each in known if each == asked), None)
    if chosen is None:
        if asked:
            return new_session(f"There is no session called “{asked}”, so this is a new one.")
        if not known:
            return new_session()
        chosen, patience = known[0], min(patience, 3.0)
    return _opened(chosen, patience)


def _opened(identity: str, patience: float) -> Opened:
    folder = workbook_folder() / identity
    try:
        session = read_session(folder)
    except ValueError as error:
        return new_session(f"{error}. It was left as it is; this is a new session.")
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        words = (f"“{session.title}” is open in another window. This window works on a copy, so "
                 "neither can overwrite the other.")
        return copied(session, numbered(session.title, titles().values()), words)
    return Opened(read_session(folder), lock)


def new_session(words: str = "") -> Opened:
    """Return a new session with a preset to begin with."""
    title = numbered(f"Session of {long_date(datetime.now().date())}", titles().values())
    session = Session(_identity(title), title)
    for name in FIRST_PRESETS:
        session = session.adding(Draft.from_preset(name))
    return _begun(replace(session, chosen=0), words)


def copied(session: Session, title: str, words: str = "") -> Opened:
    """Return a copy under another title; the answers that the session has are copied too."""
    import shutil

    copy = replace(session, identity=_identity(title), title=title)
    if session.folder.is_dir():
        shutil.copytree(session.folder, copy.folder, ignore=shutil.ignore_patterns(".*"))
    if copy.standing == "running":
        copy = replace(copy, standing="cancelled")
    return _begun(copy, words)


def _begun(session: Session, words: str) -> Opened:
    session.folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(session.folder / _LOCK)
    lock.acquire(timeout=0)
    session.save()
    return Opened(session, lock, words)


def workbook_folder() -> Path:
    """Return where sessions are kept."""
    return paths.OUTPUTS / "workbook" / "explore"


def sessions() -> list[str]:
    """Return the sessions on disk, the last used first."""
    files = sorted(workbook_folder().glob(f"*/{_FILE}"), key=os.path.getmtime, reverse=True)
    return [file.parent.name for file in files]


def titles() -> dict[str, str]:
    """Return identity → title of the sessions that can be read, the last used first."""
    found = {}
    for identity in sessions():
        try:
            found[identity] = read_session(workbook_folder() / identity).title
        except ValueError:
            continue
    return found


def numbered(title: str, taken: Iterable[str]) -> str:
    """Return a title, with a number where it is taken."""
    used, number, found = set(taken), 1, title
    plain = re.sub(r" \(\d+\)$", "", title)
    while found in used:
        number += 1
        found = f"{plain} ({number})"
    return found


def _identity(title: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "session"
    taken, number, found = {path.name for path in workbook_folder().glob("*")}, 1, slug
    while found in taken:
        number += 1
        found = f"{slug}-{number}"
    return found
