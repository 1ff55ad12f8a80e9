"""Stored runs that can be compared: found on disk, told apart by what they were asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vru_model.errors import InputError
from vru_model.experiments import Run
from vru_model.scenario import Scenario


@dataclass(frozen=True)
class Stored:
    """A run on disk: its name, its scenario's, and what else determines its numbers."""

    run: Run
    scenario: str
    setting: tuple[tuple[str, Any], ...]
    worlds: int

    @property
    def words(self) -> str:
        """Return the run as a list shows it."""
        given = dict(self.setting)
        return (f"{self.scenario.replace('_', ' ')}: {self.run.manifest['place']['title']}, "
                f"scale {given['scale']:g}, {given['years']} years, {self.worlds} worlds "
                f"({self.run.run_id})")  # fmt: skip


def stored_runs(folder: Path) -> list[Stored]:
    """Return the finished runs in a folder, by name; what cannot be read is left out."""
    found = []
    for path in sorted(folder.glob("*/manifest.json")):
        try:
            run = Run.open(path.parent)
            given = {name: value for name, value in run.manifest["identity"].items()
                     if name != "scenario"}  # fmt: skip
            worlds = len(run.worlds())
            scenario = run.manifest["scenario"]["name"]
        except (InputError, KeyError, OSError, ValueError):
            continue
        if worlds:
            found.append(Stored(run, scenario, tuple(sorted(given.items())), worlds))
    return found


def baselines(runs: Sequence[Stored]) -> list[Stored]:
    """Return the runs of things as they are."""
    plain = Scenario.baseline().digest
    return [each for each in runs if each.run.manifest["scenario"].get("digest") == plain]


def comparable(baseline: Stored, runs: Sequence[Stored]) -> list[Stored]:
    """Return the runs that differ from a baseline in their scenario alone."""
    return [each for each in runs
            if each.setting == baseline.setting and each.run.run_id != baseline.run.run_id]
