"""What a run says of itself while its worlds are computed: manifest, timings and progress."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from vru_model import __version__
from vru_model.experiments.pool import Finished
from vru_model.experiments.request import Request
from vru_model.experiments.store import RunFolder, write_text
from vru_model.experiments.timing import entry
from vru_model.processes.counters import COUNTERS

MODELLED = "Modelled, not recorded: these are results of a model, not counts of real events."
LIBRARIES = ("numpy", "numba", "mesa", "pandas", "pyarrow", "duckdb")
"""The libraries whose versions may show in the numbers or in the bytes of a part."""

_SECONDS_BETWEEN_WRITES = 5.0


@dataclass(frozen=True)
class Progress:
    """How far a run has come.

    `found` worlds were on disk already and `finished` counts them too. `seconds_left` is None
    until a first world tells how long one takes; `compiling` says that this first world compiles
    the model, once for each version of it.
    """

    finished: int
    found: int
    total: int
    seconds: float
    seconds_left: float | None
    compiling: bool = False


class Interrupted(KeyboardInterrupt):
    """A run was stopped by its user. What was finished is kept, and the same call goes on."""

    def __init__(self, folder: Path, finished: int, total: int) -> None:
        super().__init__(f"{finished} of {total} worlds are finished and kept in {folder}")
        self.folder, self.finished, self.total = folder, finished, total


class Pace:
    """How far worlds have come, and how long the rest will take at the pace so far."""

    def __init__(self, found: int, total: int) -> None:
        self.found, self.finished, self.total = found, found, total
        self._started = time.perf_counter()
        self._compiling, self._lead_in, self._uncounted = False, 0.0, 0

    def begin(self, *, compiling: bool) -> Progress:
        """Say whether the first world compiles the model; return where we stand."""
        self._compiling = compiling
        return self._progress(None)

    def step(self) -> Progress:
        """Count a world that was just stored; return where we stand."""
        self.finished += 1
        seconds, done = self._seconds(), self.finished - self.found
        if self._compiling:
            # A world that compiled tells nothing about the next ones: measure from here.
            self._compiling, self._lead_in, self._uncounted = False, seconds, 1
        done -= self._uncounted
        left = (seconds - self._lead_in) / done * (self.total - self.finished) if done else None
        return self._progress(left)

    def _progress(self, left: float | None) -> Progress:
        return Progress(
            self.finished, self.found, self.total, self._seconds(), left, self._compiling
        )

    def _seconds(self) -> float:
        return time.perf_counter() - self._started


class Log:
    """Keeps the manifest, the timings and the caller's progress in step with the worlds."""

    def __init__(
        self,
        folder: RunFolder,
        request: Request,
        about_place: dict[str, Any],
        progress: Callable[[Progress], None] | None,
    ) -> None:
        asked = {world.key for world in request.worlds}
        self.folder, self.request, self.about_place = folder, request, about_place
        self.found = asked.intersection(folder.finished(request.tables))
        self.total, self.finished = len(asked), len(self.found)
        self.timings: dict[str, Any] = folder.read_json("timings.json")
        self._progress = progress
        self._pace = Pace(len(self.found), self.total)
        self._written = time.perf_counter()

    def begin(self, *, compiling: bool) -> None:
        """Write what was asked, and tell how much of it is on disk."""
        import yaml

        scenario = yaml.safe_dump(
            self.request.setting.scenario.resolved(), sort_keys=False, allow_unicode=True, width=100
        )
        write_text(self.folder.path / "scenario.yaml", scenario)
        self.write("running")
        self._report(self._pace.begin(compiling=compiling))

    def add(self, finished: Finished) -> None:
        """Count a world that was just stored."""
        self.finished += 1
        self.timings[finished.key.label] = entry(finished.seconds, finished.timing)
        if time.perf_counter() - self._written > _SECONDS_BETWEEN_WRITES:
            self.write("running")
        self._report(self._pace.step())

    def write(self, status: str) -> None:
        """Write manifest and timings; the truth about finished worlds stays with the parts."""
        manifest = _manifest(self.request, self.about_place, self.folder, status)
        self.folder.write_json("manifest.json", manifest)
        self.folder.write_json("timings.json", dict(sorted(self.timings.items())))
        self._written = time.perf_counter()

    def _report(self, progress: Progress) -> None:
        if self._progress is not None:
            self._progress(progress)


def _manifest(
    request: Request, about_place: dict[str, Any], folder: RunFolder, status: str
) -> dict[str, Any]:
    from vru_model.parameters.loading import load_model_parameters

    setting, scenario = request.setting, request.setting.scenario
    finished = [key.label for key in folder.finished()]
    return {
        "run_id": setting.run_id,
        "status": status,
        "note": MODELLED,
        "attribution": [about_place["attribution"]],
        "sources": [about_place["source"]],
        "scenario": {
            "name": scenario.name,
            "title": scenario.title,
            "sentence": scenario.sentence(),
            "digest": scenario.digest,
        },
        "place": {"given": setting.place, "digest": setting.place_digest} | about_place,
        "asked": {
            "draws": request.draws,
            "replicates": request.replicates,
            "incidents": request.incidents,
            "people": request.people,
        },
        "identity": setting.identity,
        "draws_from": load_model_parameters().drawn_from,
        "counters": [f"{role}:{name}" for role, name in COUNTERS],
        "versions": versions(),
        "worlds_finished": len(finished),
        "worlds": finished,
    }


def versions() -> dict[str, str]:
    """Return the versions of this program and of what it computes with, by name."""
    found = {"vru_model": __version__, "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found | {"platform": f"{platform.system()} {platform.machine()}"}
