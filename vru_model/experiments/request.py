"""What is asked of a run, checked whole before the first byte is written."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from vru_model.errors import InputError, Problem, nearest
from vru_model.experiments.world import Setting, World, WorldKey
from vru_model.provenance import code_version

if TYPE_CHECKING:
    from vru_model.place import Place
    from vru_model.scenario import Scenario

LONGEST_HORIZON = 25
STEPS = ("month", "week")
LARGEST_SEED = 2**63 - 1
_MANY = 1_000_000


@dataclass(frozen=True)
class Request:
    """One run as asked: its setting, how many worlds of it, and which tables to keep.

    One draw means the central parameter values; two or more are sampled.
    """

    setting: Setting
    draws: int
    replicates: int
    incidents: bool = False
    people: bool = False

    @property
    def worlds(self) -> list[World]:
        """Return the worlds by draw and replicate."""
        return [
            World(self.setting, WorldKey(draw, replicate))
            for draw in range(self.draws)
            for replicate in range(self.replicates)
        ]

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the tables that every world of the run is to have."""
        asked = {"incidents": self.incidents, "people": self.people}
        return ("measures", "neighbourhoods", *(name for name, wanted in asked.items() if wanted))


def check_numbers(options: dict[str, Any]) -> list[Problem]:
    """Return what is wrong with the numbers of a run; the names are those of :func:`run`."""
    problems = [
        _wrong(name, options[name], f"a whole number from {low:,} to {high:,}")
        for name, low, high in (
            ("years", 1, LONGEST_HORIZON),
            ("draws", 1, _MANY),
            ("replicates", 1, _MANY),
            ("seed", 0, LARGEST_SEED),
            ("population_seed", 0, LARGEST_SEED),
            ("workers", 1, _MANY),
        )
        if not (name == "workers" and options[name] is None)
        if not (_is_whole(options[name]) and low <= options[name] <= high)
    ]
    if options["workers"] is not None and options["cluster"] is not None:
        allowed = "one of --workers (of this machine) and --cluster (of a Dask scheduler)"
        problems.append(_wrong("workers", options["workers"], allowed))
    problems += check_cluster(options["cluster"])
    scale = options["scale"]
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not 0 < scale <= 1:
        problems.insert(0, _wrong("scale", scale, "a number above 0, at most 1"))
    if options["step"] not in STEPS:
        hint = nearest(str(options["step"]), STEPS)
        problems.append(_wrong("step", options["step"], " or ".join(STEPS), hint))
    return problems


def check_cluster(address: Any) -> list[Problem]:
    """Return what is wrong with a scheduler's address; None names none."""
    if address is None:
        return []
    problems = []
    if not re.fullmatch(r"(tcp|tls|ws|wss)://[^\s/:]+:\d{1,5}", str(address)):
        allowed = "the address of a running Dask scheduler, such as tcp://127.0.0.1:8786"
        problems.append(_wrong("cluster", address, allowed))
    if find_spec("distributed") is None:
        allowed = 'nothing, until Dask is installed: pip install -e ".[cluster]"'
        problems.append(_wrong("cluster", address, allowed))
    return problems


def check_out(out: Path) -> list[Problem]:
    """Return what keeps a run from being written to a folder, leaving nothing in it."""
    existing = out.absolute()
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    if not existing.is_dir():
        return [_wrong("out", str(out), "a folder", f"{existing} is a file")]
    try:
        # Rights say little of file systems that are read-only, full, or of the system's own: try.
        with TemporaryFile(dir=existing):
            return []
    except OSError as error:
        why = f"{existing}: {error.strerror or 'it cannot'}"
        return [_wrong("out", str(out), "a folder that can be written", why)]


def make_folder(path: Path) -> None:
    """Make the run's folder; raise InputError where the machine refuses after all."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        # A folder may exist on a file system that is full or read-only: try it.
        probe = path / f".probe.{os.getpid()}.tmp"
        probe.touch()
        probe.unlink()
    except OSError as error:
        problem = _wrong("out", str(path), "a folder that can be written", error.strerror or "")
        raise InputError([problem]) from error


def gather(*loads: Callable[[], Any]) -> tuple[list[Any], list[Problem]]:
    """Return what each call returns (None where it refuses its input), and all their problems."""
    results, problems = [], []
    for load in loads:
        try:
            results.append(load())
        except InputError as error:
            results.append(None)
            problems += error.problems
    return results, problems


def load_request(
    scenario: str | Path | Scenario, place: str | Path, out: Path, options: dict[str, Any]
) -> tuple[Request, dict[str, Any]]:
    """Return the request and what the manifest says of its scenario and place.

    Raises
    ------
    InputError
        With everything that is wrong: numbers, folder, scenario, place and model parameters.
    """
    from vru_model.parameters import load_model_parameters
    from vru_model.place import load_place
    from vru_model.scenario import Scenario

    problems = check_numbers(options) + check_out(out)
    scale = options["scale"] if not any(problem.name == "scale" for problem in problems) else 1.0
    (chosen, where, parameters), found = gather(
        lambda: scenario if isinstance(scenario, Scenario) else Scenario.load(scenario),
        lambda: load_place(place, scale=scale),
        load_model_parameters,
    )
    problems += found
    if chosen and where:
        problems += gather(lambda: chosen.check_places(where))[1]
    if problems:
        raise InputError(problems)
    setting = Setting(
        scenario=chosen,
        place=str(place),
        place_digest=where.digest,
        scale=scale,
        years=options["years"],
        step=options["step"],
        seed=options["seed"],
        population_seed=options["population_seed"],
        parameter_values="central" if options["draws"] == 1 else "sampled",
        parameters_digest=parameters.digest,
        code_version=code_version(),
    )
    asked = {name: options[name] for name in ("draws", "replicates", "incidents", "people")}
    return Request(setting, **asked), describe_place(where)


def describe_place(place: Place) -> dict[str, Any]:
    """Return what a manifest says of a place."""
    return {
        "name": place.name,
        "title": place.title,
        "synthetic": place.synthetic,
        "residents": int(place.full_population),
        "authorities": {authority.code: authority.name for authority in place.authorities},
        "source": place.source,
        "attribution": place.attribution,
        "notes": list(place.notes),
    }


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _wrong(name: str, given: Any, allowed: str, hint: str = "") -> Problem:
    return Problem(None, None, name, repr(given), allowed, hint)
