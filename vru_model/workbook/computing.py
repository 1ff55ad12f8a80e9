"""The process that computes for a page, so that the page answers while worlds are simulated.

It is told what to do on its standard input, a line each: ``do WORD FOLDER`` (see ``jobs.give``)
and ``cancel``; when the input ends, the page is gone, and so does it. Worlds that were finished are
kept on disk whatever happens, and the same job goes on from there.
"""

from __future__ import annotations

import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from vru_model.errors import InputError
from vru_model.experiments.store import write_text
from vru_model.workbook.jobs import CANCEL, CANCELLED, DONE, FAILED, STOPPED, owns, page_gone, tell

Work = Callable[[Path], None]


def carry_out(folder: Path, work: Work, word: str) -> str:
    """Do what is asked; return what became of it. Nothing that goes wrong is left unsaid."""
    try:
        work(folder)
    except KeyboardInterrupt:
        raise
    except InputError as error:
        tell(folder, FAILED, "It cannot be run:", problems=[str(one) for one in error.problems])
        return FAILED
    except Exception as error:  # the page has to say it, whatever it is
        # Libraries have names of their own for an interruption; another may have the job by now.
        if (folder / CANCEL).exists() or not owns(folder, word):
            raise KeyboardInterrupt from error
        write_text(folder / "error.txt", traceback.format_exc())
        tell(folder, FAILED, f"Something went wrong: {error}. What was finished is kept; the "
             f"details are in {folder / 'error.txt'}.")  # fmt: skip
        return FAILED
    return DONE


def compute(work: Work, prepare: Callable[[], None]) -> None:
    """Do what standard input says until it ends.

    Parameters
    ----------
    work
        Carries out the job in a folder.
    prepare
        Loads what takes seconds, before the first job comes.
    """
    jobs: queue.SimpleQueue[tuple[str, Path] | None] = queue.SimpleQueue()
    state = {"why": STOPPED, "busy": False}
    # Said outright: whatever a shell starts in the background inherits that interruptions are
    # ignored, and nothing could be cancelled.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=_listen, args=(jobs, state), daemon=True).start()
    prepare()

    word, folder = "", Path()
    while True:
        try:
            job = jobs.get()
            if job is None:
                return
            word, folder = job
            state |= {"busy": True, "why": STOPPED}
            if (folder / CANCEL).exists():  # cancelled before it was begun
                state["why"] = CANCELLED
                raise KeyboardInterrupt
            carry_out(folder, work, word)
        except KeyboardInterrupt:
            words = ("Cancelled. Every world that was finished is kept, and Run goes on from there."
                     if state["why"] == CANCELLED else "Stopped; what was finished is kept.")
            if state["busy"] and owns(folder, word):  # what has ended stays as it was told
                tell(folder, str(state["why"]), words)
            if state["why"] == STOPPED:
                return
        finally:
            state["busy"] = False


def _listen(
    jobs: queue.SimpleQueue[tuple[str, Path] | None], state: dict[str, str | bool]
) -> None:
    """Pass on what standard input says; at its end, stop whatever is being done."""
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "do":
            owner, _, folder = rest.partition(" ")
            jobs.put((owner, Path(folder)))
        elif word == "cancel" and state["busy"]:
            state["why"] = CANCELLED
            _interrupt()
    jobs.put(None)
    page_gone.set()
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
