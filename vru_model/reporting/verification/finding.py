"""One part made again, beside the part that was there: same, or different in what."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.image import imread

from vru_model.reporting.words import percentage

_SHOWN = 3


@dataclass(frozen=True)
class Finding:
    """Whether one part came out the same.

    Parameters
    ----------
    part
        What it is: "table headline", "figure crossing", "world d0000-r0000, measures".
    difference
        In what it differs; "" where it is the same.
    """

    part: str
    difference: str = ""

    @property
    def same(self) -> bool:
        """Whether it came out the same."""
        return not self.difference

    def __str__(self) -> str:
        return f"{self.part}: {f'different: {self.difference}' if self.difference else 'same'}"


@dataclass(frozen=True)
class Verification:
    """What was found of a paper or a run, and what changed since it was made.

    Parameters
    ----------
    of
        The paper's or the run's name.
    findings
        One for each part.
    changes
        What is no longer as it was: the version of the code, of the parameters, of a package.
    """

    of: str
    findings: tuple[Finding, ...]
    changes: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether every part came out the same, and there was at least one."""
        return bool(self.findings) and all(found.same for found in self.findings)

    @property
    def summary(self) -> str:
        """The verdict in a sentence."""
        different = [found for found in self.findings if not found.same]
        if not self.findings:
            return f"{self.of}: there was nothing to compare."
        if not different:
            return f"{self.of}: all {len(self.findings)} parts came out the same."
        return f"{self.of}: {len(different)} of {len(self.findings)} parts came out differently."


def changes(
    told: Mapping[str, Any], now: Mapping[str, Any], names: Mapping[str, str]
) -> list[str]:
    """Return a sentence for everything that is not as it was; `names`: key → what it is called."""
    return [
        f"The {title} has changed since: it was {told[name]}, it is {now.get(name, 'unknown')}."
        for name, title in names.items()
        if name in told and told[name] != now.get(name)
    ]


def compare_bytes(part: str, was: bytes | None, now: bytes | None) -> Finding:
    """Compare two files byte by byte."""
    if was is None or now is None:
        return Finding(part, "it is missing" if now is None else "it was not there before")
    if was == now:
        return Finding(part)
    apart = sum(a != b for a, b in zip_longest(was, now))
    return Finding(part, f"{apart:,} of {max(len(was), len(now)):,} bytes")


def compare_pictures(part: str, was: bytes | None, now: bytes | None) -> Finding:
    """Compare two pictures by their bytes, and say how many points differ."""
    found = compare_bytes(part, was, now)
    if found.same or was is None or now is None:
        return found
    before, after = (imread(io.BytesIO(each)) for each in (was, now))
    if before.shape != after.shape:
        return Finding(part, f"it was {_size(before)} points, it is {_size(after)}")
    apart = np.any(before != after, axis=-1) if before.ndim == 3 else before != after
    return Finding(part, f"{int(apart.sum()):,} of {apart.size:,} points")


def _size(picture: np.ndarray) -> str:
    return f"{picture.shape[1]} by {picture.shape[0]}"


def compare_tables(part: str, was: bytes | None, now: bytes | None) -> Finding:
    """Compare two tables in CSV, and say which cells differ and by how much."""
    found = compare_bytes(part, was, now)
    if found.same or was is None or now is None:
        return found
    before, after = (pd.read_csv(io.BytesIO(each), dtype=str, keep_default_na=False)
                     for each in (was, now))  # fmt: skip
    return Finding(part, difference(before, after) or found.difference)


def difference(before: pd.DataFrame, after: pd.DataFrame) -> str:
    """Return in which cells two tables differ and by how much; "" where in none."""
    if list(before.columns) != list(after.columns):
        return (f"its columns were {', '.join(before.columns)}; they are "
                f"{', '.join(after.columns)}")  # fmt: skip
    if len(before) != len(after):
        return f"it had {len(before):,} rows, it has {len(after):,}"
    old, new = before.astype(str), after.astype(str)
    cells = np.argwhere((old != new).to_numpy())
    if not len(cells):
        return ""
    told = [
        f"row {row + 1}, {before.columns[column]}: {old.iat[row, column]}, now "
        f"{new.iat[row, column]}"
        for row, column in cells[:_SHOWN]
    ]
    more = f"; and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else ""
    most = _largest(old, new, cells)
    return f"{len(cells):,} of {old.size:,} cells{most} ({'; '.join(told)}{more})"


def _largest(old: pd.DataFrame, new: pd.DataFrame, cells: Iterable[np.ndarray]) -> str:
    """Return by how much numbers differ at most, as a share of what they were."""
    shares = []
    for row, column in cells:
        try:
            was, now = float(old.iat[row, column]), float(new.iat[row, column])
        except ValueError:
            continue
        if was:
            shares.append(abs(now - was) / abs(was))
    return f", by {percentage(max(shares))} at most" if shares else ""
