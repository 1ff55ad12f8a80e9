"""``calibrate``: from the targets to the sets that they do not rule out, and how surely."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from vru_model.analysis.calibration.constraints import measure, within
from vru_model.analysis.calibration.implausibility import Judge
from vru_model.analysis.calibration.search import Search, Sets, not_ruled_out
from vru_model.analysis.calibration.space import Space, scenario_of
from vru_model.analysis.calibration.worlds import Report, Workshop
from vru_model.errors import InputError
from vru_model.experiments.request import gather, load_request
from vru_model.experiments.world import Setting
from vru_model.parameters.accounts.search import SearchPlan, Settings, load_search_plan
from vru_model.parameters.accounts.targets import Target, load_calibration_targets
from vru_model.parameters.documents import Document, built_in
from vru_model.parameters.loading import load_model_parameters
from vru_model.parameters.overrides import number_at
from vru_model.parameters.schema import validate
from vru_model.paths import OUTPUTS

_METHOD = "each set has residents of its own"
"""In the name of a search, so that worlds of another way of searching are not taken for its own."""

_OF_THE_END = ("waves", "cut", "other_populations", "sets_elsewhere")
"""Settings that leave the worlds of the waves as they are."""


@dataclass(frozen=True)
class Calibrated:
    """What a search found.

    Attributes
    ----------
    plan, targets, space, judge, setting, seed
        What was searched, for what, and in which worlds.
    sets
        Every set that was tried.
    candidates
        Rows of `sets` that the targets do not rule out.
    constraints
        What was measured of each candidate: ace_knockout, excitation_knockout, branching.
    kept
        Rows of `sets` that are not ruled out and keep every constraint.
    elsewhere
        Population seed → statistics of some kept sets on other residents, by their rows.
    """

    plan: SearchPlan
    targets: Mapping[str, Target]
    space: Space
    judge: Judge
    setting: Setting
    seed: int
    sets: Sets
    candidates: np.ndarray
    constraints: pd.DataFrame
    kept: np.ndarray
    elsewhere: Mapping[int, pd.DataFrame]


def calibrate(
    *,
    place: str | Path = "west_midlands",
    waves: int | None = None,
    sets: int | None = None,
    scale: float | None = None,
    seed: int = 1,
    workers: int | None = None,
    work: str | Path | None = None,
    report: Report | None = None,
) -> Calibrated:
    """Search for the parameter sets that the targets do not rule out.

    A search that was stopped goes on where it stopped: the same call finds what is on disk.

    Parameters
    ----------
    place
        A name under ``parameters/places``, or a place pack's folder.
    waves, sets, scale
        In place of those of ``parameters/calibration.yaml``.
    seed
        Of the search and of its worlds; the residents of the first set of a wave are those of
        population seed 1, of the second those of 2, and so on.
    workers
        Processes; by default one for each core.
    work
        Where worlds are kept: ``outputs/calibration`` unless given.
    report
        Is called with a title and how far its worlds have come.

    Raises
    ------
    InputError
        Listing everything that is wrong with the documents and the numbers.
    Interrupted
        On Ctrl-C: what was finished is kept.
    """
    folder = OUTPUTS / "calibration" if work is None else Path(work).expanduser()
    plan, targets, setting = _asked(place, waves, sets, scale, seed, workers, folder)
    home = folder / f"search-{_identity(plan, targets, setting, seed)}"
    return calibrate_with(plan, targets, Workshop(setting, home, workers, report), seed)


def calibrate_with(
    plan: SearchPlan, targets: Mapping[str, Target], workshop: Workshop, seed: int = 1
) -> Calibrated:
    """Search by a plan and for targets of one's own, in a workshop; see :func:`calibrate`."""
    setting, space = workshop.setting, Space.of_plan(plan)
    search = Search(workshop, space, plan.settings, targets, seed)
    judge = search.judge()
    tried = search.waves(judge)
    candidates = not_ruled_out(judge, tried, plan.settings.cut)
    scenarios = [scenario_of(setting.scenario, space.names, tried.values[row])
                 for row in candidates]  # fmt: skip
    worlds, step = tried.table.iloc[candidates], plan.settings.level_step
    residents = dict(zip(candidates.tolist(), tried.population[candidates].tolist(), strict=True))
    found = measure(workshop, scenarios, worlds, step, residents)
    fine = within(found, targets)
    kept = candidates[fine]
    some = kept[:: max(1, len(kept) // plan.settings.sets_elsewhere)].tolist()
    again = [scenario for scenario, row in zip(scenarios, candidates, strict=True) if row in some]
    elsewhere = {
        other: workshop.compute(
            f"population-{other}", f"residents of seed {other}", again, numbers=some,
            seeds=dict.fromkeys(some, other),
        ).set_axis(some)
        for other in plan.settings.other_populations if some
    }  # fmt: skip
    return Calibrated(plan, targets, space, judge, setting, seed, tried, candidates, found, kept,
                      elsewhere)  # fmt: skip


def _asked(
    place: str | Path, waves: int | None, sets: int | None, scale: float | None, seed: int,
    workers: int | None, folder: Path,
) -> tuple[SearchPlan, dict[str, Target], Setting]:  # fmt: skip
    """Return plan, targets and setting, checked as a whole."""
    (plan, targets), problems = gather(load_search_plan, load_calibration_targets)
    options = dict(
        scale=scale if scale is not None else plan.settings.scale if plan else 0.1,
        years=plan.settings.years if plan else 1, step="month", draws=1, replicates=1, seed=seed,
        population_seed=1, workers=workers, cluster=None, incidents=True, people=True,
    )  # fmt: skip
    changes = {name: value for name, value in
               dict(waves=waves, sets=sets, first_sets=sets, scale=scale).items()
               if value is not None}  # fmt: skip
    (request, changed), more = gather(
        lambda: load_request("baseline", place, folder, options),
        lambda: _changed(plan, changes) if plan else None,
    )
    if problems or more:
        raise InputError([*problems, *more])
    return changed, targets, _unfitted(request[0].setting, changed)


def _unfitted(setting: Setting, plan: SearchPlan) -> Setting:
    """Return the setting with all that is searched where the search begins.

    So neither the sets that an earlier search found nor the values that were adopted from it can
    name a world or change one.
    """
    begins = [each.value for each in plan.space.values()]
    if plan.begins_from is not None:
        frozen = load_model_parameters(built_in("versions", plan.begins_from))
        begins = [number_at(frozen.parameters, name) for name in plan.space]
    scenario = scenario_of(setting.scenario, list(plan.space), begins)
    parameters = replace(load_model_parameters(overrides=scenario.overrides), ensemble=None)
    return replace(setting, scenario=scenario, parameters_digest=parameters.digest)


def _changed(plan: SearchPlan, changes: Mapping[str, float]) -> SearchPlan:
    """Return the plan with options of the command in it; raise InputError where one is wrong."""
    data = plan.settings.model_dump() | dict(changes)
    data["other_populations"] = list(data["other_populations"])
    settings, problems = validate(Settings, Document("command line", data, {}), data)
    if problems:
        raise InputError(problems)
    return plan.model_copy(update={"settings": settings})


def _identity(
    plan: SearchPlan, targets: Mapping[str, Target], setting: Setting, seed: int
) -> str:
    """Return the name of a search: a hash of all that determines its numbers."""
    content = {
        "setting": setting.identity, "seed": seed, "method": _METHOD,
        "space": {name: each.model_dump() for name, each in plan.space.items()},
        "settings": plan.settings.model_dump(exclude=set(_OF_THE_END)),
        "targets": {name: [each.statistic, each.value, each.tolerance, each.use]
                    for name, each in targets.items()},
    }  # fmt: skip
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
