"""From a scenario to a stored run: compute what is missing, keep what is finished."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vru_model.experiments.in_use import in_use
from vru_model.experiments.log import MODELLED, Interrupted, Log, Progress
from vru_model.experiments.pool import Simulate, Task, compute_all, has_to_compile
from vru_model.experiments.request import Request, load_request, make_folder
from vru_model.experiments.results import Run
from vru_model.experiments.store import RunFolder
from vru_model.experiments.world import World
from vru_model.experiments.world import simulate as simulate_world
from vru_model.paths import OUTPUTS

if TYPE_CHECKING:
    from vru_model.experiments.cluster import Cluster
    from vru_model.scenario import Scenario

__all__ = ["MODELLED", "Interrupted", "Progress", "carry_out", "connected", "in_turn", "run"]


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
    cluster: str | None = None,
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
    cluster
        The address of a running Dask scheduler ("tcp://host:8786") whose workers compute instead.
    incidents, people
        Keep every incident, and every resident at start and end.
    progress
        Is called when the work starts and after each world.

    Raises
    ------
    InputError
        Listing everything that is wrong with what was asked; nothing is written then.
    ClusterUnfit
        Where the scheduler or its workers cannot be used.
    Interrupted
        On Ctrl-C: finished worlds are kept, and the same call goes on from there.
    """
    options = dict(
        scale=scale, years=years, step=step, draws=draws, replicates=replicates, seed=seed,
        population_seed=population_seed, workers=workers, cluster=cluster, incidents=incidents,
        people=people,
    )  # fmt: skip
    out = runs_folder(out)
    asked = load_request(scenario, place, out, options)
    with connected(cluster) as workplace:
        return carry_out(*asked, out, workers=workers, cluster=workplace, progress=progress)


def with_defaults(caller: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of :func:`run` with those that were not given; refuse unknown ones."""
    defaults = {
        name: parameter.default
        for name, parameter in signature(run).parameters.items()
        if name not in ("scenario", "progress")
    }
    if unknown := sorted(set(options) - set(defaults)):
        raise TypeError(f"{caller}() got unexpected arguments: {', '.join(unknown)}")
    return defaults | options


def runs_folder(out: str | Path | None) -> Path:
    """Return the folder that holds runs: the one given, or outputs/runs."""
    return OUTPUTS / "runs" if out is None else Path(out).expanduser()


@contextmanager
def connected(address: str | None) -> Iterator[Cluster | None]:
    """Connect to a Dask scheduler for as long as the block lasts; None where none was named."""
    if address is None:
        yield None
        return
    from vru_model.experiments.cluster import connect

    with connect(address) as cluster:
        yield cluster


def carry_out(
    request: Request,
    about_place: dict[str, Any],
    out: Path,
    *,
    workers: int | None = None,
    cluster: Cluster | None = None,
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
    # The caches serve all runs, wherever these are kept.
    with in_use(folder.path, OUTPUTS / "cache"):
        log = Log(folder, request, about_place, progress)
        missing = [world for world in request.worlds if world.key not in log.found]
        processes = cluster.workers if cluster else number_of_workers(workers, len(missing))
        tasks = [
            Task(world, folder, request.incidents, request.people, simulate)
            for world in in_turn(missing, processes)
        ]
        log.begin(compiling=cluster is None and has_to_compile(tasks))
        worlds = cluster.compute_all(tasks) if cluster else compute_all(tasks, processes)
        try:
            for finished in worlds:
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


def number_of_workers(asked: int | None, tasks: int) -> int:
    """Return how many processes compute so many tasks; by default one for each core."""
    try:
        cores = len(os.sched_getaffinity(0))  # a container may own fewer than the machine has
    except AttributeError:
        cores = os.cpu_count() or 1
    return max(1, min(asked or cores, tasks))
