"""The warm-up before year 1: the fast states settle, with demography frozen.

Its end is kept on disk, because all worlds of one draw and place begin from it.
"""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

from vru_model.founding import found
from vru_model.paths import OUTPUTS
from vru_model.processes.acting import age_tables
from vru_model.processes.calendar import Clock
from vru_model.provenance import code_version

FOLDER = OUTPUTS / "cache" / "warm_up"
_MOST_BYTES = 4 * 1024**3


def begin(model, population_seed: int, steps_per_year: int) -> None:
    """Bring a model whose residents have been built to the first step of year 1."""
    key = key_of(
        place=model.place.digest,
        scale=model.place.scale,
        population_seed=population_seed,
        coefficients=model.coefficients._asdict(),
        switches=model.switches,
        steps_per_year=steps_per_year,
    )
    stored = load(key)
    if stored is None:
        stored = _settle(model, steps_per_year)
        save(key, stored)
    model.people.restore(stored)
    model.areas[:] = stored["areas"]
    model.stand_at(Clock(0, steps_per_year))
    model.draw_future()


def _settle(model, steps_per_year: int) -> dict[str, np.ndarray]:
    """Run the warm-up; return the state at its end, by name."""
    values = model.coefficients
    steps = round(values.warm_up.months * steps_per_year / 12)
    model.stand_at(Clock(-steps, steps_per_year))
    tables = age_tables(values.age_curves, values.grievance)
    found(model.people, model.areas, tables, model.population_key, model.clock, values)
    model.gather_contacts()
    while model.warming:
        model.turn_calendar()
        model.go_to_school_and_work()
        model.pass_norms()
        model.commit_violence()
        model.recover_and_forget()
        model.bear_consequences()
        model.commit_violence(echoes=True)
        model.bear_consequences()
        model.change_neighbourhoods()
        model.observe()
        model.clock = model.clock.next()
    model.renew_victim_bounds()
    return {**model.people.snapshot(), "areas": model.areas.copy()}


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
        arrays = {file.stem: np.load(file, mmap_mode="r") for file in sorted(folder.glob("*.npy"))}
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
