"""What the program keeps on disk, and freeing it without disturbing what runs.

Everything here can be made again: a run is computed anew, a cache fills itself. What a living
process works in, or wrote to a moment ago, is never removed.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from vru_model.errors import InputError, Problem
from vru_model.experiments.in_use import is_in_use
from vru_model.experiments.store import RunFolder
from vru_model.paths import OUTPUTS
from vru_model.provenance import code_version

Kind = Literal[
    "runs", "papers", "searches", "warm-ups", "residents", "kernels", "kernels of this version"
]
RUNS: tuple[Kind, ...] = ("runs",)
CACHE: tuple[Kind, ...] = ("warm-ups", "residents", "kernels")
ALL: tuple[Kind, ...] = ("runs", "papers", "searches", *CACHE, "kernels of this version")
"""The kinds that can be freed; kernels of other versions of the code are of no use to this one."""

_RECENT_SECONDS = 600.0
_LEFTOVER = re.compile(r"^\.(building-|population-|removing-|.*\.tmp$)")


@dataclass(frozen=True)
class Item:
    """Something on disk that can be freed as a whole.

    Attributes
    ----------
    kind, path
        What it is, and its folder.
    bytes
        The size of its files.
    changed
        When a file of it was last written, seconds since 1970.
    in_use
        Whether a living process works in it, or wrote to it in the last ten minutes.
    """

    kind: Kind
    path: Path
    bytes: int
    changed: float
    in_use: bool

    @property
    def days(self) -> float:
        """Return how many days ago it was last written."""
        return (time.time() - self.changed) / 86400.0


class Freed(NamedTuple):
    """What was freed, and what could not be (item and reason)."""

    items: list[Item]
    kept: list[tuple[Item, str]]


def survey(outputs: Path = OUTPUTS, kernels: Path | None = None) -> list[Item]:
    """Return everything that the program keeps on disk, the kinds in order, largest first.

    Parameters
    ----------
    outputs
        The folder of outputs.
    kernels
        The folder of compiled kernels; by default the one in the user's cache.
    """
    if kernels is None:
        from vru_model.kernel_cache import folder

        kernels = folder()
    cache = outputs / "cache"
    # Any run may read any cache at any moment.
    busy = is_in_use(cache)
    places: list[tuple[Kind, Path, bool]] = [
        # Who computes many runs at once marks the folder of all.
        ("runs", outputs / "runs", is_in_use(outputs / "runs")),
        ("papers", outputs / "papers", False),
        ("searches", outputs / "calibration", False),
        ("warm-ups", cache / "warm_up", busy),
        ("residents", cache / "population", busy),
        ("kernels", kernels, False),
    ]
    found = [item for kind, folder, busy_here in places for item in _items(kind, folder, busy_here)]
    this = kernels / code_version()
    named = [_of_this_version(item, busy) if item.path == this else item for item in found]
    return sorted(named, key=lambda item: (ALL.index(item.kind), -item.bytes))


def chosen(
    items: Iterable[Item], kinds: Iterable[Kind], older_than: float | None = None
) -> list[Item]:
    """Return the items of some kinds that can be freed, last written so many days ago or more.

    Raises InputError where the number of days makes no sense.
    """
    if older_than is not None and not 0 <= older_than < 36_500:
        problem = Problem(None, None, "older_than", f"{older_than:g}", "days, 0 or more")
        raise InputError([problem])
    wanted = set(kinds)
    return [
        item
        for item in items
        if item.kind in wanted and not item.in_use
        if older_than is None or item.days >= older_than
    ]


def free(items: Iterable[Item]) -> Freed:
    """Remove items, each whole: what is half removed no longer stands under its name.

    An item that came into use meanwhile is kept.
    """
    freed, kept = [], []
    for item in items:
        if is_in_use(item.path) or not item.path.exists():
            kept.append((item, "in use, or gone already"))
            continue
        aside = item.path.with_name(f".removing-{item.path.name}-{secrets.token_hex(4)}")
        try:
            item.path.rename(aside)
        except OSError as error:
            kept.append((item, error.strerror or "it could not be removed"))
            continue
        shutil.rmtree(aside, ignore_errors=True)
        freed.append(item)
    return Freed(freed, kept)


def _items(kind: Kind, folder: Path, busy: bool) -> Iterator[Item]:
    for path in folder.iterdir() if folder.is_dir() else ():
        hidden = path.name.startswith(".")
        if not path.is_dir() or (hidden and not _LEFTOVER.match(path.name)):
            continue
        size, changed = _measure(path)
        recent = time.time() - changed < _RECENT_SECONDS
        # A finished run or paper that nobody holds may go at once; the rest may be half-written.
        unfinished = hidden or kind not in ("runs", "papers") or _running(path)
        used = is_in_use(path) or busy or (recent and unfinished)
        yield Item(kind, path, size, changed, used)


def _running(run: Path) -> bool:
    try:
        return RunFolder(run).read_json("manifest.json").get("status") == "running"
    except (OSError, ValueError):
        return True


def _of_this_version(item: Item, busy: bool) -> Item:
    return Item("kernels of this version", item.path, item.bytes, item.changed, item.in_use or busy)


def _measure(folder: Path) -> tuple[int, float]:
    """Return the size of a folder's files and when one was last written."""
    size, changed = 0, folder.stat().st_mtime
    for path in folder.rglob("*"):
        try:
            status = path.stat()
        except OSError:  # removed while we look
            continue
        size += 0 if path.is_dir() else status.st_size
        changed = max(changed, status.st_mtime)
    return size, changed
