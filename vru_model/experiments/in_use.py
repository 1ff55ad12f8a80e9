"""Which folders a running process works in, so that nothing tidies them away.

A process holds a lock on a small file of its own in each folder. The system lets go of the lock
when the process ends, however it ends, so a file that a killed process leaves behind holds nobody
up.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

_PATTERN = ".in-use-*.lock"
_numbers = count()


@contextmanager
def in_use(*folders: Path) -> Iterator[None]:
    """Mark folders as in use until the block ends. A folder that cannot be marked is left out."""
    with ExitStack() as stack:
        for folder in folders:
            _forget_the_dead(folder)
            name = f".in-use-{socket.gethostname()}-{os.getpid()}-{next(_numbers)}.lock"
            with suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
                stack.callback((folder / name).unlink, missing_ok=True)
                stack.enter_context(FileLock(folder / name))
        yield


def is_in_use(folder: Path) -> bool:
    """Say whether a living process has marked the folder."""
    return any(_is_held(mark) for mark in folder.glob(_PATTERN))


def _forget_the_dead(folder: Path) -> None:
    for mark in folder.glob(_PATTERN):
        if not _is_held(mark):
            with suppress(OSError):
                mark.unlink()


def _is_held(mark: Path) -> bool:
    lock = FileLock(mark)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # a mark that we may not touch is somebody else's
        return mark.exists()
    lock.release()
    return False
