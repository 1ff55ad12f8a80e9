"""A run on disk: its folder, its parts and its manifest.

::

    <run_id>/
      manifest.json            what was asked; code, parameters, place, seeds, versions; status
      timings.json             apart, because it never repeats
      scenario.yaml            fully resolved
      measures/part-dDDDD-rRRRR.parquet        one world a part; so are the tables below
      neighbourhoods/part-*.parquet
      incidents/part-*.parquet                 where they were asked for
      people/part-*.parquet                    where they were asked for

A part is written under a temporary name and renamed when whole, so a run that is killed at any
moment loses only the worlds in hand, and nothing finished is lost or counted twice. The same
world gives the same bytes: rows are sorted, and no date or duration stands in a part.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vru_model.experiments.world import Outcome, World, WorldKey

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

TABLES = ("measures", "neighbourhoods", "incidents", "people")
"""The tables of a run; every world has the first two."""

_SORT_BY = {
    "measures": (
        "year", "measure", "role", "local_authority", "deprivation_decile", "age_band", "sex",
    ),
    "neighbourhoods": ("year", "neighbourhood", "measure"),
}  # fmt: skip
_NUMBERS = {"year": "int16", "value": "float64"}
_STALE_SECONDS = 3600.0


class WorldChanged(RuntimeError):
    """A world computed again came out differently from its stored part."""


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run: where its files stand, what it holds, how parts are written."""

    path: Path

    def part(self, table: str, key: WorldKey) -> Path:
        """Return where the world's part of the table stands, whether or not it exists."""
        return self.path / table / f"part-{key.label}.parquet"

    def stored(self, table: str) -> list[WorldKey]:
        """Return the worlds whose part of the table is on disk, in order."""
        names = (path.stem.removeprefix("part-") for path in self.path.glob(f"{table}/part-*"))
        return sorted(WorldKey.from_label(name) for name in names)

    def finished(self, tables: Iterable[str] = TABLES[:2]) -> list[WorldKey]:
        """Return the worlds that have a part in every one of the tables, in order."""
        return sorted(set.intersection(*(set(self.stored(table)) for table in tables)))

    def write_world(self, world: World, outcome: Outcome) -> None:
        """Write the parts of a world that are missing; raise WorldChanged if one differs."""
        self.store(world.key, parts_of(world, outcome))

    def store(self, key: WorldKey, parts: Mapping[str, bytes]) -> None:
        """Write the parts of a world (table -> its file) that are missing.

        A world recomputed for a table that it lacked must repeat its stored parts exactly, or
        WorldChanged is raised: otherwise the run would mix two machines or library versions.
        """
        for table, content in parts.items():
            part = self.part(table, key)
            if not part.exists():
                write_bytes(part, content)
            elif not _read_parquet(BytesIO(content)).equals(_read_parquet(part)):
                raise WorldChanged(
                    f"World {key.label} came out differently from {part}. The libraries or "
                    "the machine have changed since it was computed: move the run's folder away "
                    "and run again."
                )

    def read_json(self, name: str) -> dict[str, Any]:
        """Return the content of one of the folder's JSON files, empty where there is none."""
        path = self.path / name
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def write_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write one of the folder's JSON files, whole or not at all."""
        text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=False)
        write_text(self.path / name, text + "\n")

    def remove_leftovers(self) -> None:
        """Remove temporary files that a killed run left an hour ago or longer."""
        for path in self.path.rglob(".*.tmp"):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                path.unlink(missing_ok=True)


def tidy(frame: pd.DataFrame, world: World, table: str) -> pa.Table:
    """Return a world's table as it is stored: keys first, sorted, text as dictionaries.

    Zero cells of the measures are dropped: an absent cell means zero. `scenario` stands in the
    measures, because tables of several runs are read together; `draw` and `replicate` in all.
    """
    import numpy as np
    import pyarrow as pa

    if table in _SORT_BY:
        filled = frame["value"] != 0
        frame = (frame if filled.all() else frame[filled]).astype(_NUMBERS)
    columns = {name: _column(frame[name]) for name in frame.columns}
    if table in _SORT_BY:
        order = _order([columns[name][0] for name in _SORT_BY[table]])
        columns = {name: (values[order], text) for name, (values, text) in columns.items()}
    of_world = {
        "draw": np.full(len(frame), world.key.draw, np.int32),
        "replicate": np.full(len(frame), world.key.replicate, np.int32),
    }
    content = {name: pa.array(values) for name, values in of_world.items()}
    if table == "measures":
        alike = np.zeros(len(frame), np.int8)
        scenario = _stored(alike, [world.setting.scenario.name])
        content = {"scenario": scenario, **content}
    for name, (values, text) in columns.items():
        if name not in content:
            content[name] = _stored(values, text)
    return pa.table(content)


def _stored(values: np.ndarray, text: list[str] | None) -> pa.Array:
    """Return values, or codes into text, as they are stored: what is no number as nothing."""
    import pyarrow as pa

    if text is None:
        return pa.array(values, from_pandas=True)
    nothing = values < 0
    codes = pa.array(values, mask=nothing if nothing.any() else None)
    return pa.DictionaryArray.from_arrays(codes, pa.array(text, pa.large_string()))


def _order(keys: list[np.ndarray]) -> np.ndarray:
    """Return the order by some columns of whole numbers, the first before all others.

    One number a row that holds them all is sorted sooner than column after column.
    """
    import numpy as np

    rank = np.zeros(len(keys[0]), np.int64)
    for key in keys:
        low, high = (int(key.min()), int(key.max())) if len(key) else (0, 0)
        rank *= high - low + 1
        rank += key
        rank -= low
    return np.argsort(rank, kind="stable")


def _column(column: pd.Series) -> tuple[np.ndarray, list[str] | None]:
    """Return the values of a column, or its codes into text and the text.

    Text comes in natural order ("5-9" before "10-14"), without what nobody has; nothing has a
    code below 0.
    """
    import numpy as np
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, values = column.cat.codes.to_numpy(), column.cat.categories
    elif pd.api.types.is_object_dtype(column.dtype) or pd.api.types.is_string_dtype(column.dtype):
        codes, values = pd.factorize(column)
    else:
        return column.to_numpy(), None
    used = np.zeros(len(values) + 1, np.bool_)  # the last is that of nothing
    used[codes] = True
    labels = {number: str(value) for number, value in enumerate(values.tolist()) if used[number]}
    order = sorted(labels, key=lambda number: _natural(labels[number]))
    code_of = np.full(len(values) + 1, -1, np.min_scalar_type(-max(len(order), 1)))
    code_of[order] = np.arange(len(order))
    return code_of.take(codes), [labels[number] for number in order]


def _natural(text: str) -> tuple[float, str]:
    number = re.match(r"\d+", text)
    return (float(number.group()) if number else float("inf"), text)


def parts_of(world: World, outcome: Outcome) -> dict[str, bytes]:
    """Return the files of a world's tables, by table: the same world gives the same bytes."""
    frames = {table: getattr(outcome, table) for table in TABLES}
    return {
        table: _encoded(tidy(frame, world, table))
        for table, frame in frames.items()
        if frame is not None
    }


def _encoded(table: pa.Table) -> bytes:
    import pyarrow.parquet as pq

    content = BytesIO()
    # Parts are read whole: statistics by column would take a third of the time and serve nobody.
    pq.write_table(
        table, content, compression="zstd", compression_level=3, write_statistics=False
    )
    return content.getvalue()


def _read_parquet(source: Path | BytesIO) -> pa.Table:
    import pyarrow.parquet as pq

    # One file, not a data set: a folder named like a key would add columns.
    return pq.ParquetFile(source).read()


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a table to Parquet under a temporary name, then rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, _encoded(table))


def write_text(path: Path, text: str) -> None:
    """Write a text file under a temporary name, then rename it."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, then rename it; make its folder where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own keeps processes that share a folder from writing over each other.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    temporary.write_bytes(content)
    os.replace(temporary, path)
