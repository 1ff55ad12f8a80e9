"""The last paper of this kind, and the last frozen parameters: what this one is compared with.

A rebuild has to give the same bytes. So only papers of another build that are dated before this
one count: what is built later, or again, never changes what an earlier paper says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vru_model import paths
from vru_model.errors import InputError
from vru_model.parameters import load_model_parameters
from vru_model.reporting.options import PaperOptions

KIND = "programme_and_strategy"


@dataclass(frozen=True)
class Previous:
    """A paper that was built before.

    Parameters
    ----------
    folder
        Its folder, with ``paper.json`` and ``tables/``.
    manifest
        What ``paper.json`` says.
    """

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its id."""
        return str(self.manifest["id"])

    @property
    def day(self) -> date:
        """The date on it."""
        return date.fromisoformat(self.manifest["date"])

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters of its notebook."""
        return self.manifest.get("parameters", {})

    def table(self, name: str) -> pd.DataFrame:
        """Return one of its tables; empty where it has none of that name."""
        file = self.folder / "tables" / f"{name}.csv"
        return pd.read_csv(file) if file.is_file() else pd.DataFrame()


def papers_folder(given: str = "") -> Path:
    """Return where earlier papers are looked for: where the command leaves them unless given."""
    return Path(given).expanduser() if given else paths.OUTPUTS / "papers"


def previous_paper(
    options: PaperOptions, run_ids: tuple[str, ...], day: date, folder: Path
) -> Previous | None:
    """Return the newest paper of this kind that is older than this one, or None.

    A paper of the same runs and parameters is this paper, whenever it was built.
    """
    found = []
    for file in sorted(folder.glob("*/paper.json")):
        one = _read(file)
        if one is None or one.day >= day:
            continue
        same_runs = set(one.manifest.get("runs", ())) == set(run_ids)
        if same_runs and dict(one.parameters) == options.numbers:
            continue
        found.append(one)
    return max(found, key=lambda each: (each.day, each.name), default=None)


def _read(file: Path) -> Previous | None:
    """Return the paper of a folder where it is of this kind and whole; else None."""
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        one = Previous(file.parent, manifest)
        known = manifest["paper"] == KIND and bool(one.name) and bool(one.day)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return one if known else None


def frozen_parameters(folder: Path = paths.PARAMETERS / "versions") -> dict[str, Path]:
    """Return the frozen documents of the model's parameters: name → file, by name."""
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


def changed_parameters(file: Path) -> pd.DataFrame | None:
    """Return the parameters whose values differ from a frozen document's.

    Columns: name, meaning, unit, before, now (not a number where there was, or is, none; of a
    curve, the entry that differs most). None where this version of the program cannot read the
    document.
    """
    try:
        before = load_model_parameters(file).parameters
    except InputError:
        return None
    now = load_model_parameters().parameters
    rows = []
    for name in dict.fromkeys([*before, *now]):
        was, stands = (
            np.atleast_1d(np.asarray(side[name].value if name in side else np.nan, float))
            for side in (before, now)
        )
        if not np.array_equal(was, stands):
            row = (now.get(name) or before[name]).row
            at = int(np.argmax(np.abs(stands - was))) if len(was) == len(stands) else 0
            rows.append({"name": name, "meaning": row.meaning, "unit": row.unit,
                         "before": float(was[at]), "now": float(stands[at])})  # fmt: skip
    return pd.DataFrame(rows, columns=["name", "meaning", "unit", "before", "now"])


def changed_settings(
    before: Mapping[str, Any], now: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """Return (parameter, before, now) of the notebook parameters that differ, in their order."""
    return [
        (name, _said(before.get(name)), _said(now.get(name)))
        for name in dict.fromkeys([*before, *now])
        if before.get(name) != now.get(name)
    ]


def _said(value: Any) -> str:
    if value in (None, ""):
        return "nothing"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
