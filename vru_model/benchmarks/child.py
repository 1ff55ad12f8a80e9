"""Measurements that need a process of their own: memory, and everything from a cold start.

``python -m vru_model.benchmarks.child TASK ARGUMENTS...`` prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from vru_model.paths import ROOT

_TINY = 0.002  # of the county: a world that does a little of everything


def ask(task: str, *arguments: object, environment: dict[str, str] | None = None) -> dict[str, Any]:
    """Have a task measured in a process of its own; RuntimeError with its words where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "vru_model.benchmarks.child", task, *map(str, arguments)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{task} failed: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def world(scale: str, years: str, copies: str = "1") -> dict[str, Any]:
    """Time one world of the county, or of several copies of it side by side, kernels loaded."""
    from vru_model.benchmarks.places import county
    from vru_model.model import ViolenceModel

    begun = time.perf_counter()
    ViolenceModel(scale=_TINY, years=1).run()
    loaded = time.perf_counter() - begun
    place = county(float(scale), int(copies))
    begun = time.perf_counter()
    model = ViolenceModel(place=place, scale=float(scale), years=int(years))
    ready = time.perf_counter()
    model.run()
    seconds = time.perf_counter() - ready
    residents = model.people.founders
    return {
        "residents": residents,
        "years": int(years),
        "loading": loaded,
        "setting_up": ready - begun,
        "seconds": seconds,
        "resident_months": residents * 12 * int(years),
        "peak": _peak_memory(),
        "bytes_of_tables": (
            sum(array.itemsize for array in model.people.rows if len(array))
            + sum(getattr(part, "nbytes", 0) for part in model.contacts.ties) / residents
            + (model.contacts.members.nbytes + model.contacts.authority_members.nbytes) / residents
        ),
    }


def residents() -> dict[str, Any]:
    """Time building the county's residents, and mapping them from disk the next time."""
    import tempfile

    from vru_model.place import build_population, cached_population, load_place

    place = load_place("west_midlands", 1.0)
    build_population(place.at_scale(0.01), 1)  # compile
    begun = time.perf_counter()
    build_population(place, 1)
    built = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as folder:
        cached_population(place, 1, folder)
        begun = time.perf_counter()
        cached_population(place, 1, folder)
        return {"built": built, "mapped": time.perf_counter() - begun}


def _peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


TASKS: dict[str, Callable[..., dict[str, Any]]] = {"world": world, "residents": residents}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](*sys.argv[2:])))
