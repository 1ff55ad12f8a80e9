"""The warm-up's end, kept on disk: worlds of one draw and place begin from the same state."""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

from vru_model.paths import OUTPUTS
from vru_model.provenance import code_version

FOLDER = OUTPUTS / "cache" / "warm_up"
_MOST_BYTES = 4 * 1024**3


def key_of(**determines) -> str:
    """Return the name of a warm-up: a hash of everything that determines its end."""
    determines["code"] = code_version()
    text = json.dumps(determines, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def load(key: str) -> dict[str, np.ndarray] | None:
    """Return the arrays of a stored warm-up, None where there is none that is whole."""
    folder = FOLDER / key
    if not folder.is_dir():
        return None
    try:
        arrays = {file.stem: np.load(file) for file in sorted(folder.glob("*.npy"))}
        os.utime(folder)
    except OSError:  # another process has just made room
        return None
    return arrays


def save(key: str, arrays: dict[str, np.ndarray]) -> None:
    """Store a warm-up whole or not at all; the oldest make room for the newest.

    Where the folder cannot be written the model goes on without a cache: the next world of
    the same kind warms up again.
    """
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=".building-", dir=FOLDER))
    except OSError:
        return
    try:
        for name, array in arrays.items():
            np.save(building / f"{name}.npy", array)
        building.rename(FOLDER / key)
    except OSError:  # another process was first, or the disk is full
        shutil.rmtree(building, ignore_errors=True)
    _make_room()


def _make_room() -> None:
    folders = sorted(FOLDER.glob("[!.]*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    total = 0
    for folder in folders:
        total += sum(file.stat().st_size for file in folder.glob("*.npy"))
        if total > _MOST_BYTES:
            shutil.rmtree(folder, ignore_errors=True)


def _plain(value):
    return value.tolist() if isinstance(value, np.ndarray) else str(value)
