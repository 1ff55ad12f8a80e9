"""Residents kept on disk, so that the processes of an ensemble share one copy."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import BinaryIO

import numpy as np

from vru_model import randomness
from vru_model.errors import InputError, Problem
from vru_model.place.definition import Place
from vru_model.place.population import Population
from vru_model.place.synthesis import build_population, residents_by_authority

_COLUMNS = tuple(field.name for field in fields(Population))


def cached_population(
    place: Place, seed: int, folder: str | Path, family_correlation: float = 0.5
) -> Population:
    """Return the residents of a place, built once and read from disk from then on.

    They are built and written authority by authority, so that building takes no more memory for
    a country than for its largest authority. They are written to a temporary folder that is then
    renamed, so that an interruption leaves nothing half-written and processes may race. A change
    to the place, the scale, the seed or the code that builds residents makes a new copy. What is
    returned maps a column, read-only, whenever it is asked for.

    Raises InputError where the folder cannot be written.
    """
    home = Path(folder) / f"population-{_name(place, seed, family_correlation)}"
    stored = _read(home)
    if stored is not None:
        return stored
    try:
        _write(residents_by_authority(place, seed, family_correlation), place.residents, home)
    except OSError as error:
        given = error.strerror or "an error"
        problem = Problem(str(folder), None, "", given, "a folder that can be written")
        raise InputError([problem]) from None
    return _read(home) or build_population(place, seed, family_correlation)


def _name(place: Place, seed: int, family_correlation: float) -> str:
    """Return a name for everything that determines the residents."""
    parts = (place.digest, repr(float(place.scale)), seed, repr(float(family_correlation)))
    content = "|".join(str(part) for part in (*parts, _code()))
    return hashlib.sha256(content.encode()).hexdigest()[:16]


@cache
def _code() -> str:
    """Return a hash of the code that builds residents."""
    sources = sorted(Path(__file__).parent.glob("*.py")) + [Path(randomness.__file__)]
    content = hashlib.sha256()
    for source in sources:
        content.update(source.read_bytes())
    return content.hexdigest()


class StoredPopulation(Population):
    """Residents on disk: a column is mapped while somebody holds it, and no longer.

    A mapped page counts as memory in use, so that a world lets go of its founders once they
    stand in its own table.
    """

    def __init__(self, home: Path) -> None:
        """Look the columns up; OSError or ValueError where they are not all there and alike."""
        object.__setattr__(self, "home", home)
        if len({len(column) for column in self.columns().values()}) != 1:
            raise ValueError(f"{home} holds something else.")

    def __getattr__(self, name: str) -> np.ndarray:
        """Return a column, mapped."""
        if name not in _COLUMNS:
            raise AttributeError(name)
        return np.load(self.home / f"{name}.npy", mmap_mode="r")


def _read(home: Path) -> Population | None:
    """Return the residents stored in a folder, or None where they are not all there."""
    try:
        return StoredPopulation(home)
    except (OSError, ValueError, EOFError):
        return None


def _write(blocks: Iterable[Population], residents: int, home: Path) -> None:
    """Write the residents, block after block, to a temporary folder and rename it."""
    home.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".population-", dir=home.parent))
    try:
        _write_columns(blocks, residents, temporary)
        if home.exists() and _read(home) is None:
            shutil.rmtree(home, ignore_errors=True)  # damaged; ours takes its place
        if not home.exists():
            temporary.rename(home)
    except OSError:
        if _read(home) is None:  # otherwise another process was quicker, with the same residents
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _write_columns(blocks: Iterable[Population], residents: int, folder: Path) -> None:
    """Write each column of all blocks into a file of its own, in NumPy's format."""
    with ExitStack() as stack:
        files: dict[str, BinaryIO] = {}
        for block in blocks:
            for name, column in block.columns().items():
                if name not in files:
                    files[name] = stack.enter_context((folder / f"{name}.npy").open("wb"))
                    head = np.lib.format.header_data_from_array_1_0(column)
                    np.lib.format.write_array_header_1_0(
                        files[name], {**head, "shape": (residents,)}
                    )
                column.tofile(files[name])
