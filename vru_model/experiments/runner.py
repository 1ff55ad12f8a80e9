"""From a scenario to a stored run: compute what is missing, keep what is finished."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vru_model import __version__
from vru_model.experiments.pool import Finished, Simulate, Task, compute_all, has_to_compile
from vru_model.experiments.request import Request, load_request, make_folder
from vru_model.experiments.results import Run
from vru_model.experiments.store import RunFolder, write_text
from vru_model.experiments.world import World
from vru_model.experiments.world import simulate as simulate_world

if TYPE_CHECKING:
    from vru_model.scenario import Scenario

MODELLED = "Modelled, not recorded: these are results of a model, not counts of real events."
_LIBRARIES = ("numpy", "numba", "mesa", "pandas", "pyarrow", "duckdb")
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


def run(
    scenario: str | Path | Scenario = "baseline",
    *,
    place: str | Path = "west_midlands",
    scale: float = 0.1,
    years: int = 10,
    step: str = "month",
    draws: int = 1,
    replicates: int = 1,
    seed: int = 1,
    population_seed: int = 1,
    out: str | Path | None = None,
    workers: int | None = None,
    incidents: bool = False,
    people: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Run:
    """Run a scenario and store it, computing only the worlds that are not on disk yet.

    Parameters
    ----------
    scenario, place
        A name under ``parameters/``, a file or folder of your own, or a Scenario.
    scale
        Simulated residents for each real one, in (0, 1]; results are at full size whatever it is.
    draws, replicates
        1 draw runs the central parameter values; 2 or more sample the uncertain ones. Each draw
        has `replicates` random worlds.
    seed, population_seed
        Of the random worlds, and of the residents, who stay the same in all of them.
    out
        The folder that holds runs (outputs/runs); the run gets a folder of its own there.
    workers
        Processes; by default one for each core, but no more than there are worlds.
    incidents, people
        Keep every incident, and every resident at start and end, as tables too.
    progress
        Is called when the work starts and after each world.

    Raises
    ------
    InputError
        Listing everything that is wrong with what was asked; nothing is written then.
    Interrupted
        On Ctrl-C: finished worlds are kept, and the same call goes on from there.
    """
    if out is None:
        from vru_model.paths import OUTPUTS

        out = OUTPUTS / "runs"
    options = dict(
        scale=scale, years=years, step=step, draws=draws, replicates=replicates, seed=seed,
        population_seed=population_seed, workers=workers, incidents=incidents, people=people,
    )  # fmt: skip
    out = Path(out).expanduser()
    request, about_place = load_request(scenario, place, out, options)
    return carry_out(request, about_place, out, workers=workers, progress=progress)


def carry_out(
    request: Request,
    about_place: dict[str, Any],
    out: Path,
    *,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    simulate: Simulate = simulate_world,
) -> Run:
    """Compute and store the worlds of a checked request that are missing; return the run.

    `simulate` makes the outcome of one world; it is sent to other processes, so it has to stand
    at the top of a module.
    """
    folder = RunFolder(out / request.setting.run_id)
    make_folder(folder.path)
    folder.remove_leftovers()
    log = _Log(folder, request, about_place, progress)
    missing = [world for world in request.worlds if world.key not in log.found]
    processes = _number_of_workers(workers, len(missing))
    tasks = [
        Task(world, folder, request.incidents, request.people, simulate)
        for world in in_turn(missing, processes)
    ]
    log.begin(compiling=has_to_compile(tasks))
    try:
        for finished in compute_all(tasks, processes):
            log.add(finished)
    except KeyboardInterrupt as error:
        log.write("interrupted")
        raise Interrupted(folder.path, log.finished, log.total) from error
    except BaseException:
        log.write("failed")
        raise
    log.write("complete")
    return Run(folder.path)


def in_turn(worlds: Sequence[World], processes: int) -> list[World]:
    """Return the worlds in the order of work: as many draws at a time as there are processes.

    All replicates of a draw begin from one warm-up, kept on disk. Worlds of one draw come soon
    after one another, while it is there, but the first of them not at the same time, or each
    process would warm up for itself.
    """
    return sorted(
        worlds, key=lambda one: (one.key.draw // processes, one.key.replicate, one.key.draw)
    )


def _number_of_workers(asked: int | None, tasks: int) -> int:
    try:
        cores = len(os.sched_getaffinity(0))  # a container may own fewer than the machine has
    except AttributeError:
        cores = os.cpu_count() or 1
    return max(1, min(asked or cores, tasks))


class _Log:
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
        self._started = self._written = time.perf_counter()
        self._compiling, self._lead_in, self._uncounted = False, 0.0, 0

    def begin(self, *, compiling: bool) -> None:
        """Write what was asked, and tell how much of it is on disk."""
        import yaml

        scenario = yaml.safe_dump(
            self.request.setting.scenario.resolved(), sort_keys=False, allow_unicode=True, width=100
        )
        write_text(self.folder.path / "scenario.yaml", scenario)
        self.write("running")
        self._compiling = compiling
        self._report(None)

    def add(self, finished: Finished) -> None:
        """Count a world that was just stored."""
        self.finished += 1
        self.timings[finished.key.label] = {"seconds": finished.seconds} | finished.timings
        if time.perf_counter() - self._written > _SECONDS_BETWEEN_WRITES:
            self.write("running")
        seconds, done = self._seconds(), self.finished - len(self.found)
        if self._compiling:
            # A world that compiled tells nothing about the next ones: measure from here.
            self._compiling, self._lead_in, self._uncounted = False, seconds, 1
        done -= self._uncounted
        left = (seconds - self._lead_in) / done * (self.total - self.finished) if done else None
        self._report(left)

    def write(self, status: str) -> None:
        """Write manifest and timings; the truth about finished worlds stays with the parts."""
        manifest = _manifest(self.request, self.about_place, self.folder, status)
        self.folder.write_json("manifest.json", manifest)
        self.folder.write_json("timings.json", dict(sorted(self.timings.items())))
        self._written = time.perf_counter()

    def _seconds(self) -> float:
        return time.perf_counter() - self._started

    def _report(self, left: float | None) -> None:
        if self._progress is not None:
            found, seconds = len(self.found), self._seconds()
            self._progress(
                Progress(self.finished, found, self.total, seconds, left, self._compiling)
            )


def _manifest(
    request: Request, about_place: dict[str, Any], folder: RunFolder, status: str
) -> dict[str, Any]:
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
        "versions": _versions(),
        "worlds_finished": len(finished),
        "worlds": finished,
    }


def _versions() -> dict[str, str]:
    found = {"vru_model": __version__, "python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found | {"platform": f"{platform.system()} {platform.machine()}"}
