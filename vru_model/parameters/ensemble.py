"""Calibrated parameter sets: what draws of the uncertain parameters are taken from.

``parameters/calibrated/west_midlands.csv`` has one row a set, one column a parameter (or cell of
a table), by the names of :mod:`~vru_model.parameters.overrides`. The record beside it says how
the sets were found. A draw takes one whole set, because the numbers of a set belong together:
they were accepted together.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from vru_model.errors import InputError, Problem, nearest
from vru_model.parameters.documents import shown
from vru_model.parameters.draws import uniforms
from vru_model.parameters.overrides import Place, known_names, place_of
from vru_model.parameters.ranges import bounds_in_words
from vru_model.paths import PARAMETERS

FILE = PARAMETERS / "calibrated" / "west_midlands.csv"
SET = "set"


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Parameter sets that calibration did not rule out.

    Parameters
    ----------
    labels
        The number of each set in the search that found it.
    names
        Parameters, or cells of tables.
    values
        One row a set: float64, shape (sets, names).
    """

    labels: tuple[int, ...]
    names: tuple[str, ...]
    values: np.ndarray

    def __len__(self) -> int:
        """Return how many sets there are."""
        return len(self.labels)

    def drawn(self, index: int, seed: int) -> dict[str, float]:
        """Return the set of one draw: name → value.

        The order is shuffled by the seed; no set comes twice before all have come once.
        """
        row = self.values[self._order(seed)[index % len(self)]]
        return dict(zip(self.names, row.tolist(), strict=True))

    def _order(self, seed: int) -> np.ndarray:
        return _shuffled(self.labels, seed)

    @property
    def digest(self) -> str:
        """A hash of every number and name."""
        text = f"{self.labels}{self.names}".encode() + self.values.tobytes()
        return hashlib.sha256(text).hexdigest()


@lru_cache(maxsize=8)
def _shuffled(labels: tuple[int, ...], seed: int) -> np.ndarray:
    keys = uniforms([f"calibrated set {label}" for label in labels], 0, seed)
    return np.argsort(keys, kind="stable")


def read_ensemble(path: str | Path, kind: type) -> tuple[Ensemble | None, list[Problem]]:
    """Return the sets in a file, and everything that is wrong with it."""
    file = shown(path)
    try:
        rows = list(csv.reader(io.StringIO(Path(path).read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem(file, None, "", str(error), "a CSV file that can be read")]
    if not rows or rows[0][:1] != [SET] or len(rows[0]) < 2 or len(rows) < 2:
        given = ",".join(rows[0][:3]) if rows else "nothing"
        allowed = f"a line of names that begins with {SET}, and a line for each set below"
        return None, [Problem(file, 1, "", given, allowed)]
    names = rows[0][1:]
    places, problems = _places(file, names, known_names(kind))
    labels, values = [], []
    for line, row in enumerate(rows[1:], 2):
        found, wrong = _numbers(file, line, row, rows[0], places)
        problems += wrong
        labels.append(found[:1])
        values.append(found[1:])
    if len({tuple(label) for label in labels}) < len(labels):
        problems.append(Problem(file, None, SET, "a number twice", "a number of its own a set"))
    if problems:
        return None, problems
    whole = tuple(int(label[0]) for label in labels)
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return Ensemble(whole, tuple(names), array), []


def load_ensemble(path: str | Path, kind: type) -> Ensemble:
    """Return the sets in a file; raise InputError listing all that is wrong with it."""
    ensemble, problems = read_ensemble(path, kind)
    if ensemble is None:
        raise InputError(problems)
    return ensemble


def _places(file: str, names: Iterable[str],
            known: Mapping) -> tuple[dict[str, Place], list[Problem]]:
    """Return where each column's numbers stand, and the names that are no number's."""
    places: dict[str, Place] = {}
    problems = []
    for name in names:
        place = place_of(name, known)
        if place is None or name in places:
            given = f"{name} a second time" if name in places else name
            allowed = "a parameter of parameters/model.yaml, or a cell of a table, once"
            problems.append(Problem(file, 1, name, given, allowed, nearest(name, known)))
        else:
            places[name] = place
    return places, problems


def _numbers(file: str, line: int, row: list[str], head: list[str],
             places: Mapping[str, Place]) -> tuple[list[float], list[Problem]]:
    """Return the numbers of one line and what is wrong with them."""
    if len(row) != len(head):
        return [], [Problem(file, line, "", f"{len(row)} values", f"{len(head)} values")]
    numbers, problems = [], []
    for name, text in zip(head, row, strict=True):
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        place = places.get(name)
        if name == SET and not (number >= 0 and number == int(number)):
            problems.append(Problem(file, line, name, text, "a whole number"))
        elif place is not None and not place.unit.allows(number):
            problems.append(Problem(file, line, name, text, bounds_in_words(place.unit)))
        numbers.append(number)
    return numbers, problems
