"""The unit of every experiment: one world, and the hash of what determines its numbers.

A *world* is one scenario, draw, replicate, place, scale, step, horizon, pair of seeds and code
version. All but draw and replicate make its *setting*; a run is a list of worlds of one setting,
and its name ends in the setting's hash. So a finished world is recognised wherever it is met,
and never computed twice.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

from vru_model.provenance import code_version

if TYPE_CHECKING:
    import pandas as pd

    from vru_model.model import ViolenceModel
    from vru_model.place import Place
    from vru_model.scenario import Scenario
    from vru_model.workspace import Workspace

_of_thread = threading.local()

STORE_FORMAT = 1
"""Raised when the stored tables change shape, so that old and new parts are never mixed."""

ParameterValues = Literal["central", "sampled"]


@dataclass(frozen=True)
class Setting:
    """Everything but draw and replicate that determines the numbers of a world.

    Parameters
    ----------
    scenario
        The resolved scenario (its name is part of the run's name, its digest of the hash).
    place
        The name or folder by which the place is loaded; only `place_digest` enters the hash.
    scale
        Simulated residents for each real one, in (0, 1].
    years
        The horizon.
    step
        The calendar's step ("month").
    seed, population_seed
        Of the random worlds, and of the residents and the warm-up.
    parameter_values
        "central" for the central values alone, "sampled" where each draw samples them.
    parameters_digest, code_version
        Versions of the model's parameters and of the source files that determine numbers.
    """

    scenario: Scenario
    place: str
    place_digest: str
    scale: float
    years: int
    step: str
    seed: int
    population_seed: int
    parameter_values: ParameterValues
    parameters_digest: str
    code_version: str

    @cached_property
    def identity(self) -> dict[str, str | int | float]:
        """Return what the hash is taken of, by name."""
        return {
            "store_format": STORE_FORMAT,
            "scenario": self.scenario.digest,
            "place": self.place_digest,
            "scale": float(self.scale),
            "years": self.years,
            "step": self.step,
            "seed": self.seed,
            "population_seed": self.population_seed,
            "parameter_values": self.parameter_values,
            "parameters": self.parameters_digest,
            "code": self.code_version,
        }

    @cached_property
    def run_id(self) -> str:
        """Return the run's name: the scenario's, then 12 hex digits of the setting's hash."""
        text = json.dumps(self.identity, sort_keys=True)
        return f"{self.scenario.name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, order=True)
class WorldKey:
    """Which world of a run: its draw and its replicate, both from 0."""

    draw: int
    replicate: int

    @property
    def label(self) -> str:
        """Return the part of a file's name that says which world it holds."""
        return f"d{self.draw:04d}-r{self.replicate:04d}"

    @classmethod
    def from_label(cls, label: str) -> WorldKey:
        """Return the key that a label names; raise ValueError where it names none."""
        draw, _, replicate = label.partition("-")
        if not (draw.startswith("d") and replicate.startswith("r")):
            raise ValueError(f"{label!r} is no world's label")
        return cls(int(draw[1:]), int(replicate[1:]))


@dataclass(frozen=True)
class World:
    """One world: a setting with its draw and replicate."""

    setting: Setting
    key: WorldKey

    @property
    def draw(self) -> int | None:
        """Return the draw that the model is asked for: None means the central values."""
        return self.key.draw if self.setting.parameter_values == "sampled" else None


@dataclass(frozen=True)
class Timing:
    """How long a world took: seconds to set it up, to live its months, and by phase of a step.

    `residents` is their number at the start of year 1, as simulated; `months` the horizon.
    """

    setting_up: float = 0.0
    simulating: float = 0.0
    residents: int = 0
    months: int = 0
    phases: dict[str, float] = field(default_factory=dict)

    @property
    def resident_months(self) -> int:
        """Return the residents at the start times the months."""
        return self.residents * self.months


@dataclass(frozen=True)
class Outcome:
    """What one world leaves behind: tidy tables, and how long it took (never part of a table).

    `incidents` and `people` are None where they were not asked for.
    """

    measures: pd.DataFrame
    neighbourhoods: pd.DataFrame
    incidents: pd.DataFrame | None = None
    people: pd.DataFrame | None = None
    timing: Timing = field(default_factory=Timing)


class SourceChanged(RuntimeError):
    """The place or the code was edited while a run was going on."""


def simulate(world: World, incidents: bool, people: bool) -> Outcome:
    """Run the model for one world and return its tables.

    The model is imported here, so that a process which only reads results never loads it. Raises
    SourceChanged where place or code are no longer those that the run was asked for.
    """
    from vru_model.model import ViolenceModel

    setting = world.setting
    if code_version() != setting.code_version:
        raise SourceChanged("The code has changed since the run began: start the run again.")
    begun = time.perf_counter()
    model = ViolenceModel(
        place=_load_place(setting.place, setting.scale, setting.place_digest),
        scenario=setting.scenario,
        scale=setting.scale,
        years=setting.years,
        step=setting.step,
        seed=setting.seed,
        population_seed=setting.population_seed,
        draw=world.draw,
        replicate=world.key.replicate,
        keep_incidents=incidents,
        keep_people=people,
        workspace=_workspace(),
    )
    ready, warm_up, residents = time.perf_counter(), dict(model.timings), model.people.count
    model.run()
    ended = time.perf_counter()
    phases = {phase: seconds - warm_up.get(phase, 0.0) for phase, seconds in model.timings.items()}
    outcome = Outcome(
        measures=model.measures(coded=True),
        neighbourhoods=model.neighbourhood_measures(coded=True),
        incidents=model.incidents() if incidents else None,
        people=model.people_table() if people else None,
        timing=Timing(ready - begun, ended - ready, residents, 12 * setting.years, phases),
    )
    release(model)
    return outcome


def _workspace() -> Workspace:
    """Return the memory in which the worlds of this thread are built one after the other."""
    from vru_model.workspace import Workspace

    if not hasattr(_of_thread, "workspace"):
        _of_thread.workspace = Workspace()
    return _of_thread.workspace


def release(model: ViolenceModel) -> None:
    """Free a world's memory; the model is no longer to be used.

    A model and its agents refer to one another, and are too few objects for Python to look for
    them soon; to have it look takes a tenth of a second. Mesa 3.3 moreover counts agents in a
    table by model, on the class, and so keeps every model for ever: a process that computes an
    ensemble would fill the machine.
    """
    import mesa

    numbers = getattr(mesa.Agent, "_ids", None)
    if numbers is not None:
        numbers.pop(model, None)
    model.__dict__.clear()


@lru_cache(maxsize=1)
def _load_place(source: str, scale: float, digest: str) -> Place:
    """Return the place, read once by each process that computes worlds of it."""
    from vru_model.place import load_place

    place = load_place(source, scale)
    if place.digest != digest:
        raise SourceChanged(f"{source} has changed since the run began: start the run again.")
    return place
