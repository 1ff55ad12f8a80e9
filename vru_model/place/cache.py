"""Residents kept on disk, so that the processes of an ensemble share one copy."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np

from vru_model import randomness
from vru_model.errors import InputError, Problem
from vru_model.place.definition import Place
from vru_model.place.population import Population
from vru_model.place.synthesis import build_population

_COLUMNS = tuple(field.name for field in fields(Population))


def cached_population(
    place: Place, seed: int, folder: str | Path, family_correlation: float = 0.5
) -> Population:
    """Return the residents of a place, built once and read from disk from then on.

    The columns are memory-mapped and read-only. They are written to a temporary folder that is
    then renamed, so that an interruption leaves nothing half-written and processes may race. A
    change to the place, the scale, the seed or the code that builds residents makes a new copy.

    Raises InputError where the folder cannot be written.
    """
    home = Path(folder) / f"population-{_name(place, seed, family_correlation)}"
    stored = _read(home)
    if stored is not None:
        return stored
    population = build_population(place, seed, family_correlation)
    try:
        _write(population, home)
    except OSError as error:
        given = error.strerror or "an error"
        problem = Problem(str(folder), None, "", given, "a folder that can be written")
        raise InputError([problem]) from None
    return _read(home) or population


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


def _read(home: Path) -> Population | None:
    """Return the residents stored in a folder, or None where they are not all there."""
    try:
        columns = {name: np.load(home / f"{name}.npy", mmap_mode="r") for name in _COLUMNS}
    except (OSError, ValueError, EOFError):
        return None
    lengths = {len(column) for column in columns.values()}
    return Population(**columns) if len(lengths) == 1 else None


def _write(population: Population, home: Path) -> None:
    """Write the residents to a temporary folder and rename it."""
    home.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".population-", dir=home.parent))
    try:
        for name, column in population.columns().items():
            np.save(temporary / f"{name}.npy", column)
        if home.exists() and _read(home) is None:
            shutil.rmtree(home, ignore_errors=True)  # damaged; ours takes its place
        if not home.exists():
            temporary.rename(home)
    except OSError:
        if _read(home) is None:  # otherwise another process was quicker, with the same residents
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
