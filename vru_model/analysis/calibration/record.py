"""The record of a search: the kept sets as a table, and all that says how they were found.

``NAME.csv`` has one row a kept set; ``NAME.yaml`` says when, with what, how many were tried, how
they fit, which constraints they keep, what they do on other residents, and what fails.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from vru_model.analysis.calibration.calibrating import Calibrated
from vru_model.analysis.calibration.implausibility import second_highest
from vru_model.analysis.calibration.space import rounded
from vru_model.analysis.calibration.worlds import LEVEL, as_matrix
from vru_model.experiments.store import write_text
from vru_model.parameters.ensemble import SET

HEADLINES = (
    LEVEL, "crime_survey_prevalence", "recorded_violence_with_injury_rate",
    "emergency_department_rate", "admission_rate", "homicide_rate",
)  # fmt: skip
"""Statistics that are shown on other residents too."""

_SHARES = {"low95": 0.025, "low80": 0.1, "median": 0.5, "high80": 0.9, "high95": 0.975}
_OWN = 0
"""Stands for the residents that each set has of its own; population seeds begin at 1."""

_OFTEN, _FAR = 0.1, 1.3
"""Of the kept sets, and of their median from the target, what is worth saying."""


def central_set(found: Calibrated) -> int:
    """Return the row of the most central kept set: the medoid.

    The member whose distance to all other kept sets is least, by the coordinates in which every
    parameter is as wide as it was believed to be.
    """
    points = found.sets.points[found.kept]
    apart = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    return int(found.kept[apart.sum(axis=1).argmin()])


def label_of(row: int) -> int:
    """Return what a set is called: its place in the order of trial, from 1."""
    return row + 1


def table_of_sets(found: Calibrated) -> str:
    """Return the kept sets as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([SET, *found.space.names])
    for row in found.kept:
        writer.writerow([label_of(row), *(f"{value:g}" for value in found.sets.values[row])])
    return text.getvalue()


def record_of(found: Calibrated, day: datetime.date) -> dict[str, Any]:
    """Return the record, ready to be written as YAML."""
    identity, settings = found.setting.identity, found.plan.settings
    return {
        "date": f"{day.day} {day:%B %Y}",
        "place": found.setting.place,
        "place_digest": identity["place"],
        "code_version": identity["code"],
        "parameters_before": identity["parameters"],
        "world": {"scale": settings.scale, "years": settings.years, "seed": found.seed},
        "searched": len(found.space),
        "tried": len(found.sets),
        "not_ruled_out": len(found.candidates),
        "kept": len(found.kept),
        "central_set": label_of(central_set(found)),
        "cut": settings.cut,
        "waves": _waves(found),
        "targets": _targets(found),
        "constraints": _constraints(found),
        "deep": _ranges(found, found.space.deep),
        "fitted": _ranges(found, ~found.space.deep),
        "populations": _populations(found),
        "failures": failures(found),
    }  # fmt: skip


def write_record(found: Calibrated, folder: Path, day: datetime.date) -> list[Path]:
    """Write the kept sets and the record; return their paths."""
    name = Path(found.setting.place).name
    sets, record = folder / f"{name}.csv", folder / f"{name}.yaml"
    write_text(sets, table_of_sets(found))
    head = "# How the sets beside this file were found. Written by `vru calibrate`.\n"
    text = yaml.safe_dump(record_of(found, day), sort_keys=False, allow_unicode=True, width=100)
    write_text(record, head + text)
    return [sets, record]


def failures(found: Calibrated) -> list[str]:
    """Return in words what kept sets miss or lie to one side of, and what constraints cost."""
    said = []
    gaps = _implausibilities(found, found.kept)
    for column, name in enumerate(found.judge.names):
        target = found.targets[name]
        values = found.sets.table[found.judge.statistics[column]].to_numpy(float)[found.kept]
        off = (float(np.median(values)) - target.value) / found.judge.deviations[column]
        missed = float((gaps[:, column] >= found.plan.settings.cut).mean())
        if abs(off) >= _FAR or missed >= _OFTEN:
            said.append(
                f"{target.pattern}: found {target.value:g} ({target.unit}); the median of the kept "
                f"sets is {np.median(values):.3g}, {abs(off):.1f} standard deviations too "
                f"{'high' if off > 0 else 'low'}, and {missed:.0%} of them miss it."
            )
    for name, broken in _broken(found).items():
        if broken:
            said.append(
                f"{found.targets[name].pattern}: {broken} of {len(found.candidates)} sets that "
                f"fitted broke the limit of {found.targets[name].value:g} and were left out."
            )
    return said


def _implausibilities(found: Calibrated, rows: np.ndarray) -> np.ndarray:
    table = found.sets.table.iloc[rows]
    return found.judge.implausibilities(as_matrix(table, found.judge.statistics))


def _waves(found: Calibrated) -> list[dict[str, Any]]:
    rows = []
    for wave in range(1, int(found.sets.wave.max()) + 1):
        chosen = np.flatnonzero(found.sets.wave == wave)
        worst = second_highest(_implausibilities(found, chosen))
        rows.append({
            "wave": wave, "sets": len(chosen), "exploded": int(np.isinf(worst).sum()),
            "below_cut": int((worst < found.plan.settings.cut).sum()),
            "median_second_highest": _number(np.median(worst)),
            "kept": int(np.isin(chosen, found.kept).sum()),
        })  # fmt: skip
    return rows


def _targets(found: Calibrated) -> dict[str, dict[str, Any]]:
    gaps = _implausibilities(found, found.kept)
    rows = {}
    for column, name in enumerate(found.judge.names):
        target = found.targets[name]
        values = found.sets.table[found.judge.statistics[column]].to_numpy(float)[found.kept]
        rows[name] = {
            "value": target.value, "unit": target.unit, "tolerance": _number(target.tolerance),
            "noise": _number(found.judge.noise[column]), **_spread(values),
            "median_implausibility": _number(np.median(gaps[:, column])),
            "missed_by": _number((gaps[:, column] >= found.plan.settings.cut).mean()),
        }  # fmt: skip
    return rows


def _constraints(found: Calibrated) -> dict[str, dict[str, Any]]:
    fine = np.isin(found.candidates, found.kept)
    broken = _broken(found)
    return {
        name: {
            "limit": found.targets[name].value,
            **_spread(found.constraints[name].to_numpy(float)[fine]),
            "highest": _number(found.constraints[name].to_numpy(float)[fine].max()),
            "broken_by": broken[name],
        }
        for name in broken
    }  # fmt: skip


def _broken(found: Calibrated) -> dict[str, int]:
    return {
        name: int((found.constraints[target.statistic or name] > target.value).sum())
        for name, target in found.targets.items() if target.use == "constraint"
    }  # fmt: skip


def _ranges(found: Calibrated, which: np.ndarray) -> dict[str, dict[str, Any]]:
    """Return how wide parameters were believed to be, and how wide they are in the kept sets."""
    even = found.space.spread(999, 0)
    before, after = found.space.values(even), found.sets.values[found.kept]
    return {
        found.space.names[column]: {
            "before": _spread(before[:, column]), "after": _spread(after[:, column]),
            "narrowed_to": _number(found.sets.points[found.kept][:, column].std()
                                   / even[:, column].std()),
        }
        for column in np.flatnonzero(which)
    }  # fmt: skip


def _populations(found: Calibrated) -> dict[int, dict[str, Any]]:
    tables = {_OWN: found.sets.table.iloc[found.kept], **found.elsewhere}
    rows = {}
    for seed, table in tables.items():
        worst = second_highest(found.judge.implausibilities(
            as_matrix(table, found.judge.statistics)))  # fmt: skip
        rows[seed] = {
            "below_cut": _number((worst < found.plan.settings.cut).mean()),
            **{name: _spread(table[name].to_numpy(float)) for name in HEADLINES if name in table},
        }
    return rows


def _spread(values: Sequence[float] | np.ndarray) -> dict[str, float]:
    found = np.quantile(np.asarray(values, float), list(_SHARES.values()))
    return dict(zip(_SHARES, (_number(value) for value in found), strict=True))


def _number(value: Any) -> float:
    return float(rounded(np.array([float(value)]))[0])
