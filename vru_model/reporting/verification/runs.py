"""The worlds of a stored run, computed again and compared table by table."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq

from vru_model.errors import InputError, Problem
from vru_model.experiments import Progress, Run
from vru_model.experiments.log import Pace, versions
from vru_model.experiments.pool import Task, compute_all, has_to_compile
from vru_model.experiments.request import load_request
from vru_model.experiments.runner import number_of_workers
from vru_model.experiments.store import TABLES, RunFolder
from vru_model.experiments.world import Setting, World, WorldKey, simulate
from vru_model.reporting.verification.finding import Finding, Verification, changes, difference

Report = Callable[[str, Progress], None]
IDENTITY = {
    "code": "version of the code",
    "parameters": "version of the model parameters",
    "place": "digest of the place",
    "scenario": "digest of the scenario",
    "store_format": "format of the store",
}


def verify_run(
    run: Run, worlds: int | None = None, workers: int | None = None, report: Report | None = None
) -> Verification:
    """Compute the first worlds of a run again (all of them where None) and compare them.

    Nothing is written to the run's folder; what is computed stays in a temporary one.

    Raises InputError where the run cannot be repeated here: it has no finished world, its place
    is gone, or its scenario is no longer allowed.
    """
    keys = run.worlds()[:worlds]
    if not keys:
        raise InputError([
            Problem(run.folder, None, "worlds", "none finished", "a run with finished worlds")
        ])  # fmt: skip
    with TemporaryDirectory(prefix="vru-verify-") as work:
        setting = _setting(run, Path(work))
        again = RunFolder(Path(work) / run.run_id)
        kept = {table: bool(RunFolder(run.folder).stored(table)) for table in TABLES}
        tasks = [
            Task(World(setting, key), again, kept["incidents"], kept["people"], simulate)
            for key in keys
        ]
        _compute(run.run_id, tasks, workers, report)
        findings = [
            _compare(key, table, run, again) for key in keys for table in TABLES if kept[table]
        ]
    told = changes(run.manifest["identity"], setting.identity, IDENTITY)
    told += changes(run.manifest.get("versions", {}), versions(),
                    {name: f"version of {name}" for name in versions()})  # fmt: skip
    return Verification(run.run_id, tuple(findings), tuple(told))


def _setting(run: Run, out: Path) -> Setting:
    """Return the setting of a stored run as this program would make it now."""
    manifest = run.manifest
    identity = manifest["identity"]
    sampled = identity["parameter_values"] == "sampled"
    options: dict[str, Any] = {
        name: identity[name] for name in ("scale", "years", "step", "seed", "population_seed")
    } | {"draws": 2 if sampled else 1, "replicates": 1, "workers": None, "cluster": None,
         "incidents": False, "people": False}  # fmt: skip
    request, _ = load_request(
        run.folder / "scenario.yaml", manifest["place"]["given"], out, options
    )
    return request.setting


def _compute(name: str, tasks: list[Task], workers: int | None, report: Report | None) -> None:
    pace = Pace(0, len(tasks))
    told = pace.begin(compiling=has_to_compile(tasks))
    if report is not None:
        report(name, told)
    for _ in compute_all(tasks, number_of_workers(workers, len(tasks))):
        told = pace.step()
        if report is not None:
            report(name, told)


def _compare(key: WorldKey, table: str, run: Run, again: RunFolder) -> Finding:
    part = f"world {key.label}, {table}"
    was, now = RunFolder(run.folder).part(table, key), again.part(table, key)
    if not was.exists() or not now.exists():
        return Finding(part, "it is missing" if was.exists() else "it was not there before")
    if was.read_bytes() == now.read_bytes():
        return Finding(part)
    before, after = (
        pq.ParquetFile(BytesIO(path.read_bytes())).read().to_pandas() for path in (was, now)
    )
    return Finding(part, difference(before, after))
