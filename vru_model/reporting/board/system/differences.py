"""Paired differences between runs as one estimate, with money in the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from vru_model.analysis.wording import rounding_step
from vru_model.experiments import Run
from vru_model.experiments.cubes import COMPARED, GROUPS, by_draw, cube_of
from vru_model.experiments.intervals import spread
from vru_model.experiments.world import WorldKey
from vru_model.reporting.estimates import Estimate
from vru_model.reporting.measures import (
    ALL_AGES,
    HEADLINE_GROUP,
    HEADLINE_MEASURE,
    Measure,
)
from vru_model.reporting.words import interval, rounded

ADMISSIONS = Measure(
    name="expected_admissions", definition="People admitted to hospital after any violence."
)
ASKED = ((ADMISSIONS, ALL_AGES), (HEADLINE_MEASURE, HEADLINE_GROUP))
"""What each test of the paper is judged by: all admissions, and the Home Office's headline."""
_LIMITS = ("low80", "high80", "low95", "high95")
_PENCE_A_THOUSAND = 100_000.0


def estimate(before: np.ndarray, averted: np.ndarray) -> Estimate:
    """Return an estimate of what is averted.

    Parameters
    ----------
    before
        Counts of what it is held against, shape (draws, replicates), NaN where not finished.
    averted
        Paired differences of the same shape; above zero, fewer.
    """
    found = spread(averted[..., None])
    base = float(np.nanmean(before, axis=1).mean())
    mean = float(found.mean[0])
    return Estimate(
        baseline=base,
        scenario=base - mean,
        averted=mean,
        **{name: float(getattr(found, name)[0]) for name in _LIMITS},
        chance_better=float(found.chance_better[0]),
        worlds=averted.shape[0] if averted.shape[0] > 1 else averted.shape[1],
    )


def shared_worlds(runs: Sequence[Run]) -> list[WorldKey]:
    """Return the worlds that all runs have finished."""
    return sorted(set.intersection(*(set(run.worlds()) for run in runs)))


def counts(
    runs: Mapping[str, Run], worlds: Sequence[WorldKey], measure: Measure, group: str
) -> dict[str, np.ndarray]:
    """Return a compared measure over all years, name → array of shape (draws, replicates)."""
    row, column = list(COMPARED).index(measure.name), GROUPS.index(group)
    return {
        name: by_draw(cube_of(run, worlds)[:, row, column].sum(axis=-1)[:, None], worlds)[..., 0]
        for name, run in runs.items()
    }


def thousands(pence: float, low: float, high: float) -> str:
    """Return "−120 to 340 (central 110)" in £ thousand, of pence with its 95% interval."""
    value, bottom, top = (each / _PENCE_A_THOUSAND for each in (pence, low, high))
    if bottom == top:
        return rounded(value, rounding_step(value))
    step = rounding_step(value, bottom, top)
    return f"{interval(bottom, top, step)} (central {rounded(value, step)})"


def thousand(pence: float) -> str:
    """Return pence in £ thousand with two significant figures."""
    value = pence / _PENCE_A_THOUSAND
    return rounded(value, rounding_step(value))
