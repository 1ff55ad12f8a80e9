"""The look: the runs that validation needs, every pattern counted in them, and one table.

What was held back is looked at when the parameters are frozen, and every look is kept in
``parameters/validation.yaml``. The table is made anew from the same runs to the last digit; nothing
that is found flows back into a parameter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from vru_model.analysis.knockout import knockout
from vru_model.analysis.validation import counting
from vru_model.analysis.validation.judging import COLUMNS, Range, judged, not_shown, row
from vru_model.analysis.validation.trials import (
    cardiff,
    hot_spots,
    national,
    navigators,
    new_york,
)
from vru_model.analysis.validation.trials.worlds import Report, Size
from vru_model.errors import InputError, Problem
from vru_model.experiments import Run
from vru_model.parameters.accounts.record import FILE as RECORD
from vru_model.parameters.accounts.record import load_record
from vru_model.parameters.accounts.targets import Target, load_targets
from vru_model.parameters.accounts.validation import ValidationBook, load_validation_book

KNOCKOUTS = "Loop knock-outs: share of incidents gone without a mechanism"
_LIMITS = {"aces": "ace_knockout", "retaliation": "excitation_knockout"}
NOT_SHOWN_TITLE = "What the model cannot show"
_BRANCHING = "branching"
_WEEKLY_YEARS, _COHORT_YEARS, _KNOCKOUT_YEARS, _HALF = 2, 25, 2, 0.5
"""Long runs, and runs of which there are many, are of half the scale."""
_MECHANISMS = ("aces", "retaliation", "repeated_pairs", "trauma", "peers", "exclusion",
               "intergenerational_ace", "fear_and_efficacy")
"""The loops that carry violence on; what moves people or the police is left out."""


@dataclass(frozen=True)
class Look:
    """What was looked at, and what was found.

    Attributes
    ----------
    runs
        Kind ("years", "weeks", "cohort") → run.
    rows
        One row a pattern and group: the columns of ``validation.csv``.
    book
        What is said beside the patterns.
    trials
        Whether the virtual trials and knock-outs were carried out.
    """

    runs: dict[str, Run]
    rows: pd.DataFrame
    book: ValidationBook
    trials: bool


def open_runs(given: Sequence[str | Path]) -> dict[str, Run]:
    """Return given runs by kind; raise InputError with everything that is wrong with them."""
    problems: list[Problem] = []
    found: dict[str, Run] = {}
    for source in given:
        try:
            run = Run.open(source)
        except InputError as error:
            problems += error.problems
            continue
        kind = counting.kind_of(run)
        if not counting.complete_worlds(run):
            allowed = "a run with --incidents and --people"
            problems.append(Problem(run.folder, None, "run", "neither kept", allowed))
        if kind in found:
            allowed = f"one run that answers the patterns of {kind}"
            problems.append(Problem(run.folder, None, "run", found[kind].run_id, allowed))
        found[kind] = run
    if problems:
        raise InputError(problems)
    return found


def make_runs(size: Size, report: Report | None = None) -> dict[str, Run]:
    """Run what the patterns are counted in, or find it on disk."""
    kept = {"incidents": True, "people": True}
    half = _HALF * size.scale
    return {
        counting.YEARLY: size.run("baseline", report, **kept),
        counting.WEEKLY: size.run("baseline", report, step="week", years=_WEEKLY_YEARS, **kept),
        counting.LONG: size.run("baseline", report, years=_COHORT_YEARS, scale=half, **kept),
    }


def look(
    runs: Mapping[str, Run], size: Size | None = None, report: Report | None = None
) -> Look:
    """Count and judge every pattern that the runs answer.

    Parameters
    ----------
    runs
        Kind → run, with incidents and people.
    size
        Of the virtual trials and knock-outs, which use the run of years as their control; None
        leaves them out.
    report
        Is told of progress.
    """
    targets, book = dict(load_targets().targets), load_validation_book()
    rows: list[dict[str, Any]] = []
    for kind in (counting.YEARLY, counting.WEEKLY, counting.LONG):
        if kind in runs:
            rows += counting.count_run(runs[kind], targets, book, report)
    rows += _branching(targets)
    if size is not None:
        rows += _knockouts(size, targets, report) + _trials(size, runs, targets, report)
    rows += _missing(rows, targets, book, runs)
    return Look(dict(runs), pd.DataFrame(rows, columns=list(COLUMNS)), book, size is not None)


def _branching(targets: Mapping[str, Target]) -> list[dict[str, Any]]:
    """Return the row of the branching number, which calibration measured in each kept set."""
    record = load_record() if RECORD.exists() else None
    kept = None if record is None else record.constraints.get(_BRANCHING)
    if record is None or kept is None or _BRANCHING not in targets:
        return []
    found = Range(kept.median, kept.low95, kept.high95, float("nan"), record.kept, record.kept)
    words = "further incidents that one sets off, in the kept sets (record of the calibration)"
    return [row(KNOCKOUTS, words, found, targets[_BRANCHING], _BRANCHING)]


def run_trials(size: Size, report: Report | None = None) -> None:
    """Run every world of the knock-outs and virtual trials that is not on disk yet."""
    _knocked_out(size, report)
    for trial in (hot_spots, navigators, cardiff, national):
        trial.run_all(size, report)
    new_york.run_all(_half(size), report)


def _half(size: Size) -> Size:
    return replace(size, scale=_HALF * size.scale)


def _knocked_out(size: Size, report: Report | None) -> pd.DataFrame:
    half = _half(size)
    found = knockout(
        "baseline", mechanisms=_MECHANISMS, place=half.place, scale=half.scale,
        years=_KNOCKOUT_YEARS, draws=half.draws, replicates=half.replicates, seed=half.seed,
        out=half.out, workers=half.workers, report=report,
    )  # fmt: skip
    return found.table.sort_values("mechanism")


def _knockouts(
    size: Size, targets: Mapping[str, Target], report: Report | None
) -> list[dict[str, Any]]:
    rows = []
    for each in _knocked_out(size, report).itertuples():
        total = Range(each.total, each.low95, each.high95, float("nan"),
                      each.draws * each.replicates, each.draws)  # fmt: skip
        name = _LIMITS.get(each.mechanism, "")
        words = f"without {each.mechanism.replace('_', ' ')}"
        rows.append(row(KNOCKOUTS, words, total, targets.get(name), name, "share"))
    return rows


def _trials(
    size: Size, runs: Mapping[str, Run], targets: Mapping[str, Target], report: Report | None
) -> list[dict[str, Any]]:
    base, rows = runs[counting.YEARLY], []
    for trial in (hot_spots, navigators, cardiff):
        rows += judged(trial.TITLE, trial.carry_out(size, base, report), targets, trial.TARGETS,
                       "ratio")  # fmt: skip
    again = new_york.carry_out(_half(size), report)
    rows += judged(new_york.TITLE, again, targets, new_york.TARGETS, "share of adults")
    return rows + judged(national.TITLE, national.carry_out(size, base, report), targets,
                         national.targets())  # fmt: skip


def _missing(
    rows: Sequence[Mapping[str, Any]], targets: Mapping[str, Target], book: ValidationBook,
    runs: Mapping[str, Run],
) -> list[dict[str, Any]]:  # fmt: skip
    """Return a row for all that was not found: no state for it, or no run that answers it."""
    found = {each["name"] for each in rows}
    missing = [
        not_shown(NOT_SHOWN_TITLE, entry.pattern, entry.reason, targets.get(name), name)
        for name, entry in book.not_shown.items()
    ]
    if counting.YEARLY in runs and counting.place_of(runs[counting.YEARLY]).synthetic:
        reason = (
            "Not applicable: the neighbourhoods of this place are made up, and which of them touch "
            "means nothing. A place pack with real neighbourhoods shows it."
        )
        missing.append(not_shown(NOT_SHOWN_TITLE, "Moran's I of neighbourhoods", reason, None))
    for name, target in targets.items():
        if name not in found and name not in book.not_shown:
            reason = "None of the runs that were looked at answers it."
            missing.append(not_shown(NOT_SHOWN_TITLE, target.pattern, reason, target, name))
    return missing
