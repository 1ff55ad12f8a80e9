"""Put what a search found into the parameter documents.

Runs then draw from the kept sets; the central values become the most central of them, one set
as it was accepted and no average. What stood there before is frozen in ``parameters/versions``.
"""

from __future__ import annotations

import datetime
import itertools
import re
import shutil
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from vru_model.analysis.calibration.calibrating import Calibrated
from vru_model.analysis.calibration.record import central_set, write_record
from vru_model.experiments.store import write_text
from vru_model.parameters.documents import Document, read_document
from vru_model.parameters.ensemble import FILE as ENSEMBLE
from vru_model.parameters.loading import MODEL_FILE, load_model_parameters
from vru_model.parameters.overrides import place_of, put
from vru_model.paths import PARAMETERS

FEWEST = 100
"""Fewer kept sets than this are no ensemble to draw from."""

VERSIONS = PARAMETERS / "versions"

_MARK = re.compile(r"^Calibrated on \d+ \w+ \d{4} \(docs/calibration\.md\); before that: ")
_WIDTH = 100


class TooFewKept(RuntimeError):
    """A search kept fewer sets than runs need to draw from."""


def adopt(found: Calibrated, day: datetime.date, parameters: Path = PARAMETERS) -> list[Path]:
    """Make the kept sets those from which runs draw; return what was written.

    Parameters
    ----------
    found
        What the search found.
    day
        The date that record and sources carry.
    parameters
        The folder of the documents.

    Raises
    ------
    TooFewKept
        Where fewer than 100 sets were kept; nothing is written then.
    """
    if len(found.kept) < FEWEST:
        raise TooFewKept(
            f"{len(found.kept)} sets were kept, and {FEWEST} are needed to draw from: nothing was "
            "adopted. Search longer (--waves, --sets), or look at what fails in the record."
        )
    model, sets = parameters / MODEL_FILE.name, parameters / "calibrated" / ENSEMBLE.name
    versions = parameters / VERSIONS.name
    versions.mkdir(exist_ok=True)
    written = []
    if not sets.exists():  # else what stands there was frozen when it was adopted
        written.append(Path(shutil.copy(model, versions / f"{day}-starting.yaml")))
    row = central_set(found)
    values = dict(zip(found.space.names, found.sets.values[row].tolist(), strict=True))
    searched = {name: (each.low, each.high)
                for name, each in zip(found.space.names, found.space.dimensions, strict=True)}
    text = with_values(read_document(model), model.read_text("utf-8"), values, searched, day)
    write_text(model, text)
    kept, record = write_record(found, sets.parent, day)
    frozen = _unused(versions, day, {".yaml": model, ".csv": kept})
    return [*written, model, kept, record, Path(shutil.copy(model, frozen)),
            Path(shutil.copy(kept, frozen.with_suffix(".csv")))]  # fmt: skip


def _unused(versions: Path, day: datetime.date, content: Mapping[str, Path]) -> Path:
    """Return where to freeze files, by their suffix: what was frozen before is never written over.

    A second adoption of the day gets a number; the same once more stays where it is.
    """
    for number in itertools.count(1):
        frozen = versions / f"{day}-calibrated{f'-{number}' if number > 1 else ''}.yaml"
        there = {suffix: frozen.with_suffix(suffix) for suffix in content}
        if not any(path.exists() for path in there.values()) or all(
            path.exists() and path.read_bytes() == content[suffix].read_bytes()
            for suffix, path in there.items()
        ):
            return frozen
    raise AssertionError("there is always a next number")


def with_values(
    document: Document, text: str, values: Mapping[str, float],
    searched: Mapping[str, tuple[float, float]], day: datetime.date,
) -> str:  # fmt: skip
    """Return the text of ``model.yaml`` with calibrated values, status and source.

    A range is widened to the one that was searched, where that is wider.

    Raises ValueError for a name that the document does not have.
    """
    parameters = load_model_parameters(Path(document.file)).parameters
    known = {name: row.kind for name, row in parameters.items()}
    numbers: dict[str, Any] = {name: row.value for name, row in parameters.items()}
    touched = {}
    for name, value in values.items():
        place = place_of(name, known)
        if place is None:
            raise ValueError(f"{name!r} is no parameter of {document.file}")
        put(numbers, place, value)
        touched[place.parameter] = numbers[place.parameter]
    lines: list[str | None] = list(text.splitlines())
    for name, value in touched.items():
        _rewrite(lines, document, name, value, searched.get(name, (np.inf, -np.inf)), day)
    return "\n".join(line for line in lines if line is not None) + "\n"


def _rewrite(
    lines: list[str | None], document: Document, name: str, value: Any,
    searched: tuple[float, float], day: datetime.date,
) -> None:  # fmt: skip
    """Rewrite the lines of one row in place; lines that go become None."""
    section, _, field = name.partition(".")
    row = document.data[section][field]

    def line_of(key: str) -> int:
        return int(document.lines[(section, field, key)]) - 1

    def put_line(key: str, content: str) -> None:
        lines[line_of(key)] = f"    {key}: {content}"

    plain = not isinstance(value, np.ndarray)
    put_line("value", f"{value:g}" if plain else f"[{', '.join(f'{one:g}' for one in value)}]")
    if plain and row.get("low") is not None:
        put_line("low", f"{min(row['low'], searched[0], value):g}")
        put_line("high", f"{max(row['high'], searched[1], value):g}")
    put_line("status", "calibrated")
    before = _MARK.sub("", row["source"])
    source = f"Calibrated on {day.day} {day:%B %Y} (docs/calibration.md); before that: {before}"
    folded = textwrap.wrap(source, _WIDTH - 8)
    begin, end = line_of("source"), line_of("grade")
    lines[begin] = "\n".join(["    source: >-", *(f"      {line}" for line in folded)])
    for number in range(begin + 1, end):
        lines[number] = None
