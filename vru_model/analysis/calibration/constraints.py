"""The constraints, measured in each kept set by worlds with a mechanism taken away.

Each set has three more worlds, which share every random number with its own: one without
adverse childhood experiences, one without excitation, one in which everybody's level of acting is
a little higher. The last measures how much everything that feeds back multiplies. A rise of the
log level by a small step adds, at first, that share of the *own* acts, those that neither a
grievance nor a repeated pair set off; where M times as many incidents come of it in the end, one
incident sets off n = 1 - 1/M others, through everything that feeds back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vru_model.analysis.calibration.worlds import LEVEL, OWN, Workshop
from vru_model.analysis.knockout import MECHANISMS
from vru_model.parameters.accounts.targets import Target
from vru_model.parameters.loading import Override

if TYPE_CHECKING:
    from vru_model.scenario import Scenario

_KNOCK_OUTS = {"ace_knockout": "aces", "excitation_knockout": "retaliation"}
_BRANCHING = "branching"
_BASE = "acting.base"


def measure(
    workshop: Workshop, scenarios: Sequence[Scenario], worlds: pd.DataFrame, step: float,
    seeds: Mapping[int, int],
) -> pd.DataFrame:  # fmt: skip
    """Return ace_knockout, excitation_knockout and branching of each scenario.

    Parameters
    ----------
    workshop
        Where worlds are computed.
    scenarios, worlds
        The sets, and what was found in their worlds, one row a set.
    step
        By how much the log level of acting is raised.
    seeds
        What the sets are called, in their order → the residents of their worlds.
    """
    levels = worlds[LEVEL].to_numpy(float)
    found, numbers = {}, list(seeds)
    for name, mechanism in _KNOCK_OUTS.items():
        out = next(each for each in MECHANISMS if each.name == mechanism)
        without = [out.knocked_out(scenario) for scenario in scenarios]
        table = workshop.compute(
            f"without-{mechanism}", f"without {mechanism}", without, whole=False,
            numbers=numbers, seeds=seeds,
        )  # fmt: skip
        found[name] = 1.0 - table[LEVEL].to_numpy(float) / levels
    raised = [_raised(scenario, step) for scenario in scenarios]
    table = workshop.compute(
        "raised", "level raised", raised, whole=False, numbers=numbers, seeds=seeds
    )
    rise = table[LEVEL].to_numpy(float) / levels - 1.0
    first = np.expm1(step) * worlds[OWN].to_numpy(float)
    found[_BRANCHING] = 1.0 - first / np.maximum(rise, 1e-9)
    return pd.DataFrame(found)


def within(found: pd.DataFrame, targets: Mapping[str, Target]) -> np.ndarray:
    """Say which sets keep every constraint: branching below its limit, the others at most."""
    fine = np.ones(len(found), bool)
    for name, target in targets.items():
        if target.use == "constraint":
            fine &= found[target.statistic or name].to_numpy(float) <= target.value
    return fine


def _raised(scenario: Scenario, step: float) -> Scenario:
    changes = {change.name: change for change in scenario.overrides_made}
    base = scenario.parameters().central().acting.base
    changes[_BASE] = Override(_BASE, base + step, "to measure branching", "vru calibrate")
    return replace(scenario, overrides_made=tuple(changes[name] for name in sorted(changes)))
