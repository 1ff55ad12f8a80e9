"""Where the time of a run goes: by phase of a step, and in resident-months a second.

Times never repeat, so they stand apart from results, in the run's ``timings.json``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple

from vru_model.experiments.results import Run
from vru_model.experiments.store import RunFolder
from vru_model.experiments.world import Timing

_PARTS = ("setting_up", "simulating", "other")


def entry(seconds: float, timing: Timing) -> dict[str, Any]:
    """Return what ``timings.json`` says of one world; `seconds` include storing its tables."""
    return {
        "seconds": seconds,
        "setting_up": timing.setting_up,
        "simulating": timing.simulating,
        "other": max(seconds - timing.setting_up - timing.simulating, 0.0),
        "residents": timing.residents,
        "months": timing.months,
        "resident_months_per_second": rate(timing.resident_months, timing.simulating),
        "phases": dict(timing.phases),
    }


def rate(resident_months: float, seconds: float) -> float:
    """Return resident-months a second; 0 where nothing was timed."""
    return resident_months / seconds if seconds > 0 else 0.0


class PhaseTime(NamedTuple):
    """The time of one phase: seconds, share of the simulated time, ns a resident-month."""

    phase: str
    seconds: float
    share: float
    nanoseconds: float


@dataclass(frozen=True)
class Profile:
    """Where the time of a run's worlds went. Each world is computed by one process.

    All times are medians over the worlds, so that one world that compiled the model, or met a
    busy machine, does not count for more than one.

    Attributes
    ----------
    worlds, resident_months
        How many worlds were timed; the residents at the start of one times its months.
    setting_up, simulating, other
        Seconds of a world: reading or building residents and warming up; the months themselves;
        making and storing the tables.
    phases
        Seconds of a world by phase of a step.
    """

    worlds: int
    resident_months: float
    setting_up: float
    simulating: float
    other: float
    phases: Mapping[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Return resident-months a second of one process, setting up left out."""
        return rate(self.resident_months, self.simulating)

    @property
    def table(self) -> list[PhaseTime]:
        """Return a row for each phase in the order of a step, and one for what lies between."""
        between = max(self.simulating - sum(self.phases.values()), 0.0)
        rows = {**self.phases, "between the phases": between}
        months, whole = max(self.resident_months, 1.0), self.simulating or 1.0
        return [
            PhaseTime(phase, seconds, seconds / whole, 1e9 * seconds / months)
            for phase, seconds in rows.items()
        ]


def profile(run: Run) -> Profile | None:
    """Return where the time of a run's worlds went; None where its worlds were never timed."""
    times = RunFolder(run.folder).read_json("timings.json").values()
    worlds = [world for world in times if "phases" in world]
    if not worlds:
        return None
    names = dict.fromkeys(phase for world in worlds for phase in world["phases"])
    return Profile(
        len(worlds),
        median(world["residents"] * world["months"] for world in worlds),
        **{part: median(world[part] for world in worlds) for part in _PARTS},
        phases={name: median(world["phases"].get(name, 0.0) for world in worlds) for name in names},
    )
