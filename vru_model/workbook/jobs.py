"""What a page and the process that computes for it tell one another, as files in a job's folder.

The page and the process share no memory. Of every job there are:

::

    progress.json       how far it has come; written anew many times
    cancel              there where it was cancelled
    owner               who carries it out: the last to whom it was given
    answer.json         the last answer, whole or not there, where a job answers by a file

A page that is opened again reads the same files, so nothing is computed for it a second time.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vru_model.experiments.store import write_text

if TYPE_CHECKING:
    from vru_model.experiments import Progress

RUNNING, DONE, CANCELLED, STOPPED, FAILED = "running", "done", "cancelled", "stopped", "failed"
CANCEL = "cancel"
"""Name of the file that says that a job was cancelled; the process may not have begun it yet."""

_OWNER = "owner"

page_gone = threading.Event()
"""Set in a process whose page is gone: whatever it does has to stop."""

_BETWEEN = 0.3  # seconds between two reports of progress


def tell(folder: Path, state: str, words: str, **more: Any) -> None:
    """Write how far a job has come."""
    write_text(folder / "progress.json",
               json.dumps({"state": state, "words": words, **more}, ensure_ascii=False))


def give(folder: Path) -> str:
    """Give a job to somebody: from now on nobody else says that it has stopped. Returns a word.

    A process whose page is gone may take seconds to end. Another page goes on with the job
    meanwhile, and must not be told by the first that it has stopped.
    """
    word = uuid.uuid4().hex
    write_text(folder / _OWNER, word)
    return word


def owns(folder: Path, word: str) -> bool:
    """Whether a job is still that of whoever was given this word with it."""
    try:
        return (folder / _OWNER).read_text(encoding="utf-8") == word
    except OSError:
        return False


def told(folder: Path) -> dict[str, Any]:
    """Return how far a job has come; a job that nobody began is stopped."""
    try:
        return json.loads((folder / "progress.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"state": STOPPED, "words": ""}


def answered(folder: Path) -> dict[str, Any] | None:
    """Return the last answer of a job, or None where there is none yet."""
    try:
        return json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def reporter(folder: Path, words: Callable[[str], str]) -> Callable[[str, Progress], None]:
    """Return a function that writes progress to a job's folder, now and then.

    It is called with the name of what is run and how far that is; `words` says so to the reader.
    """
    written, said = 0.0, ""

    def report(name: str, progress: Progress) -> None:
        nonlocal written, said
        # A signal can be lost in code that lets nothing through.
        if page_gone.is_set() or (folder / CANCEL).exists():
            raise KeyboardInterrupt
        now, text = time.monotonic(), words(name)
        if now - written < _BETWEEN and 0 < progress.finished < progress.total and text == said:
            return
        written, said = now, text
        tell(folder, RUNNING, text, finished=progress.finished, total=progress.total,
             seconds_left=progress.seconds_left, compiling=progress.compiling)  # fmt: skip

    return report
