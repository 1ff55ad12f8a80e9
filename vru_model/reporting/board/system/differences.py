"""Paired differences between runs as one estimate, with money in the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from vru_model.analysis.wording import rounding_step
from vru_model.experiments import Run
from vru_model.experiments.cubes import COMPARED, GROUPS, by_draw, cube_of
from vru_model.experiments.intervals import spread
from vru_model.experiments.world import WorldKey
from vru_model.reporting.blocks import Table
from vru_model.reporting.estimates import Estimate
from vru_model.reporting.measures import (
    ALL_AGES,
    HEADLINE_GROUP,
    HEADLINE_MEASURE,
    Measure,
)
from vru_model.reporting.words import interval, money, rounded, sentence_case

ADMISSIONS = Measure(
    name="expected_admissions", definition="People admitted to hospital after any violence."
)
ASKED = ((ADMISSIONS, ALL_AGES), (HEADLINE_MEASURE, HEADLINE_GROUP))
"""What each test of the paper is judged by: all admissions, and the Home Office's headline."""
_LIMITS = ("low80", "high80", "low95", "high95")
_PENCE, _PENCE_A_THOUSAND = 100, 100_000.0


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
        chance_equal=float(found.chance_equal[0]),
        worlds=averted.shape[0] if averted.shape[0] > 1 else averted.shape[1],
    )


def shared_worlds(runs: Sequence[Run]) -> list[WorldKey]:
    """Return the worlds that all runs have finished."""
    return sorted(set.intersection(*(set(run.worlds()) for run in runs)))


def cubes(runs: Mapping[str, Run], worlds: Sequence[WorldKey]) -> dict[str, np.ndarray]:
    """Return :data:`ASKED` over all years, name → array of shape (asked, draws, replicates)."""
    found = {}
    for name, run in runs.items():
        totals = cube_of(run, worlds).sum(axis=-1)
        asked = [
            totals[:, list(COMPARED).index(measure.name), GROUPS.index(group)]
            for measure, group in ASKED
        ]
        found[name] = np.moveaxis(by_draw(np.stack(asked, axis=1), worlds), -1, 0)
    return found


def effects_table(
    name: str,
    caption: str,
    head: str,
    rows: Mapping[str, Estimate],
    source: str,
    before: Mapping[str, str] | None = None,
    chance: str = "Chance of fewer",
    step: float | None = None,
) -> Table:
    """Return a table of estimates, the range before the single number.

    Parameters
    ----------
    head
        What heads the rows.
    before
        One more column, of words: its heading under "", then row → cell.
    chance
        The heading of the last column.
    step
        To what all single numbers are rounded, where they are to be added up by eye; each to what
        its own interval bears unless given.
    """
    frame = pd.DataFrame({head: list(rows)})
    if before is not None:
        frame[before[""]] = [before[row] for row in rows]
    frame["80% interval"] = [one.interval80 for one in rows.values()]
    frame["95% interval"] = [one.interval95 for one in rows.values()]
    frame["Central"] = [rounded(one.averted, step or one.step) for one in rows.values()]
    frame[chance] = [one.chance for one in rows.values()]
    data = pd.DataFrame([{head: row} | vars(one) for row, one in rows.items()])
    words = (before[""],) if before is not None else ()
    return Table(name, caption, frame, data=data, source=source, text_columns=words)


def verdict(one: Estimate, what: str) -> str:
    """Return what an estimate says of a measure, with its intervals and its chance."""
    if one.low95 == one.high95 == one.averted == 0:
        return f"No difference at all in {what}."
    sure = f"95% interval {one.interval95}; chance of fewer {one.chance}"
    if one.verdict == "unclear":
        return (
            f"It cannot be told from nothing in {what}: {one.interval80} averted (80% interval; "
            f"{sure})."
        )
    fewer = "fewer" if one.verdict == "fewer" else "more"
    return f"{sentence_case(one.size80)} {fewer} {what} (80% interval; {sure})."


def thousands(pence: float, low: float, high: float) -> str:
    """Return "−120 to 340 (central 110)" in £ thousand, of pence with its 95% interval."""
    value, bottom, top = (each / _PENCE_A_THOUSAND for each in (pence, low, high))
    step = rounding_step(value, bottom, top)
    ends = {rounded(each, step) for each in (value, bottom, top)}
    if len(ends) == 1:
        return ends.pop()
    return f"{interval(bottom, top, step)} (central {rounded(value, step)})"


def pounds(low: float, high: float, central: float | None = None) -> str:
    """Return "−£10 million to £16 million", of pence, with " (central £4 million)" if given.

    The rounding is that of :func:`thousands`, so that text and tables give the same numbers.
    """
    step = rounding_step(high if central is None else central, low, high)
    span = " to ".join(_money(pence, step) for pence in (low, high))
    return span if central is None else f"{span} (central {_money(central, step)})"


def _money(pence: float, step: float) -> str:
    return money(round(pence / step) * step / _PENCE)


def thousand(pence: float) -> str:
    """Return pence of an amount that is known, as a payment is, in whole £ thousand."""
    return rounded(pence / _PENCE_A_THOUSAND, 1.0)
