"""Counting every family of patterns in the worlds of a run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from vru_model.analysis.patterns.registry import STATISTICS, load_calibration_statistics
from vru_model.analysis.patterns.tables import WorldTables
from vru_model.analysis.patterns.world_lives import Lives
from vru_model.analysis.validation.families import FAMILIES, world_of
from vru_model.analysis.validation.judging import judged
from vru_model.experiments import Progress
from vru_model.parameters.accounts.targets import Target
from vru_model.parameters.accounts.validation import ValidationBook
from vru_model.place import load_place
from vru_model.scenario import Scenario

if TYPE_CHECKING:
    from vru_model.experiments.results import Run
    from vru_model.experiments.world import WorldKey
    from vru_model.place import Place

LONG, WEEKLY, YEARLY = "cohort", "weeks", "years"
_COHORT_YEARS = 20
FITTED = "Patterns that the parameters were fitted to"
Report = Callable[[str, Progress], None]
"""Is told what is counted and how far it has come."""


def kind_of(run: Run) -> str:
    """Return which families a run answers: of weekly steps, of a cohort, or of years."""
    if run.manifest["identity"]["step"] == "week":
        return WEEKLY
    return LONG if run.years >= _COHORT_YEARS else YEARLY


def place_of(run: Run) -> Place:
    """Return the place of a run, at its scale."""
    manifest = run.manifest
    return load_place(manifest["place"]["given"], manifest["identity"]["scale"])


def coefficients_of(run: Run) -> Callable[[WorldKey], Any]:
    """Return what gives the coefficients of each world of a run."""
    identity = run.manifest["identity"]
    parameters = Scenario.load(run.folder / "scenario.yaml").parameters()
    if identity["parameter_values"] == "central":
        return lambda key: parameters.central()
    return lambda key: parameters.draw(key.draw, identity["seed"])


def complete_worlds(run: Run) -> list[WorldKey]:
    """Return the worlds of a run that kept their incidents and people."""
    people = set(run.worlds("people"))
    return [key for key in run.worlds("incidents") if key in people]


def count_run(
    run: Run, targets: Mapping[str, Target], book: ValidationBook, report: Report | None = None
) -> list[dict[str, Any]]:
    """Return the rows of every family that a run answers, and of what was fitted.

    Parameters
    ----------
    run
        A stored run that kept incidents and people.
    targets, book
        What the patterns are held against, and what is said beside them.
    report
        Is told of progress.
    """
    kind, place = kind_of(run), place_of(run)
    published = {name: dict(series.values) for name, series in book.series_by_authority.items()}
    families = [family for family in FAMILIES if family.run == kind]
    fitted = _fitted(targets) if kind == YEARLY else []
    counted: dict[str, list[Mapping[str, Any]]] = {family.name: [] for family in families}
    counted[FITTED] = []
    keys, found_of, began = complete_worlds(run), coefficients_of(run), time.perf_counter()
    for number, key in enumerate(keys):
        coefficients = found_of(key)
        tables = WorldTables.of_run(run, key, coefficients.services)
        lives = Lives.of(tables.people, tables.incidents, run.years)
        world = world_of(tables, lives, place, coefficients, published)
        for family in families:
            counted[family.name].append(family.count(world))
        counted[FITTED].append({name: float(STATISTICS[of](tables)) for name, of in fitted})
        if report:
            done, seconds = number + 1, time.perf_counter() - began
            left = seconds / done * (len(keys) - done)
            report(f"counting {run.run_id}", Progress(done, 0, len(keys), seconds, left))
    index = pd.MultiIndex.from_tuples([(key.draw, key.replicate) for key in keys],
                                      names=["draw", "replicate"])  # fmt: skip
    rows = _rows_of_fitted(pd.DataFrame(counted[FITTED], index=index), targets)
    for family in families:
        values = pd.DataFrame(counted[family.name], index=index)
        rows += judged(family.title, values, targets, family.targets, family.unit)
    return rows


def _fitted(targets: Mapping[str, Target]) -> list[tuple[str, str]]:
    """Return the targets of calibration that one world's tables answer, and their statistics."""
    load_calibration_statistics()
    named = [(name, target.statistic or name) for name, target in targets.items()
             if target.use != "validation"]  # fmt: skip
    return [(name, of) for name, of in named if of in STATISTICS]


def _rows_of_fitted(values: pd.DataFrame, targets: Mapping[str, Target]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for name in values.columns:
        words = targets[name].pattern
        rows += judged(FITTED, values[[name]].rename(columns={name: words}), targets,
                       {words: str(name)})  # fmt: skip
    return rows
