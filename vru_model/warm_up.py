"""The warm-up before year 1: the fast states settle, with demography frozen.

Its end is kept on disk, because all worlds of one draw and place begin from it.
"""

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np

from vru_model.founding import found
from vru_model.paths import OUTPUTS
from vru_model.processes.acting import age_tables
from vru_model.processes.calendar import Clock
from vru_model.processes.early_life import renew_child_bounds
from vru_model.processes.schooling import draw_status_anew
from vru_model.processes.victim_weights import renew_victim_bounds
from vru_model.processes.young import part_with_peers
from vru_model.provenance import code_version
from vru_model.traces import draw_recovery_anew

FOLDER = OUTPUTS / "cache" / "warm_up"
_MOST_BYTES = 4 * 1024**3


def begin(model, founders, population_seed: int, steps_per_year: int) -> None:
    """Bring a model to the first step of year 1, from its founders or a stored warm-up."""
    key = key_of(
        place=model.place.digest,
        scale=model.place.scale,
        population_seed=population_seed,
        coefficients=model.coefficients._asdict(),
        switches=model.switches,
        steps_per_year=steps_per_year,
    )
    usual = model.areas.copy()
    if not load(key, _parts(model)):
        model.areas[:] = usual
        model.people.settle(founders)
        _settle(model, steps_per_year)
        save(key, _parts(model))
    model.stand_at(Clock(0, steps_per_year))
    _draw_future(model)


def _parts(model) -> dict[str, np.ndarray]:
    return {**model.people.parts(), "areas": model.areas}


def _settle(model, steps_per_year: int) -> None:
    """Run the warm-up."""
    values = model.coefficients
    steps = round(values.warm_up.months * steps_per_year / 12)
    model.stand_at(Clock(-steps, steps_per_year))
    tables = age_tables(values.age_curves, values.grievance)
    found(model.people, model.areas, tables, model.population_key, model.clock, values)
    renew_child_bounds(model.people, model.areas, model.month, model.clock.months, values)
    if not model.clock.begins_year:  # a year that begins gathers them itself
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
    people = model.people
    people.month = model.month
    part_with_peers(people, model.contacts.ties)
    renew_victim_bounds(people, model.month, values.victims, values.acting.history_cap)


def _draw_future(model) -> None:
    """Draw anew, as the world's own, when what lasts for a drawn time will end."""
    people, now, values = model.people, model.clock, model.coefficients
    draw_status_anew(
        people.rows, people.count, model.key, now.step, now.steps_per_year,
        values.schooling,
    )  # fmt: skip
    draw_recovery_anew(
        people.rows, people.count, model.key, people.fading, now.months, values.trauma
    )


def key_of(**determines) -> str:
    """Return the name of a warm-up: a hash of everything that determines its end."""
    determines["code"] = code_version()
    text = json.dumps(determines, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def load(key: str, parts: dict[str, np.ndarray]) -> bool:
    """Fill arrays, by name, from a stored warm-up; say whether there was one that is whole."""
    folder = FOLDER / key
    if not folder.is_dir():
        return False
    try:
        os.utime(folder)
        for name, array in parts.items():
            _read_into(array, folder / f"{name}.npy")
    except (OSError, ValueError):  # another process has just made room, or the file is damaged
        return False
    return True


def _read_into(array: np.ndarray, file: Path) -> None:
    """Fill an array from a file without a second copy; ValueError where they are not alike."""
    with file.open("rb") as stream:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise ValueError(f"{file} has another format.")
        shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
        whole = array.view(np.uint8).reshape(-1).data
        if (shape, dtype) != (array.shape, array.dtype) or stream.readinto(whole) < len(whole):
            raise ValueError(f"{file} holds something else.")


def save(key: str, arrays: dict[str, np.ndarray]) -> None:
    """Store a warm-up whole or not at all; the oldest make room for the newest, however large.

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
    """Remove the warm-ups that were used longest ago, while others may be doing the same."""
    held = []
    for folder in FOLDER.glob("[!.]*"):
        with suppress(OSError):  # another process was first
            held.append((folder.stat().st_mtime, _size_of(folder), folder))
    total = 0
    for place, (_, size, folder) in enumerate(sorted(held, reverse=True)):
        total += size
        if place and total > _MOST_BYTES:  # the newest stays: a country's is larger by itself
            shutil.rmtree(folder, ignore_errors=True)


@cache
def _size_of(folder: Path) -> int:
    """Return the bytes of a stored warm-up, which never change."""
    with os.scandir(folder) as files:
        return sum(file.stat().st_size for file in files)


def _plain(value):
    return value.tolist() if isinstance(value, np.ndarray) else str(value)
