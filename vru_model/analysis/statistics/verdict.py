"""Did inequality narrow? The answer in four cells: absolute or relative, better or worse.

A fall in a burden that everybody shares by the same proportion narrows the absolute gap and leaves
the relative one as it was; a fall that reaches the affluent more widens both. One word would hide
this, so the verdict always has two, and each may be "cannot be told". It is so below 20 draws,
because fewer do not cover what the model does not know, and where the interval of the change holds
both directions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from vru_model.experiments.intervals import FEWEST_DRAWS, limits_of_draws

NARROWS, WIDENS, UNCLEAR = "narrows", "widens", "cannot be told"
_CELLS = {
    (NARROWS, NARROWS): "better both ways",
    (NARROWS, WIDENS): "absolute better, relative worse",
    (WIDENS, NARROWS): "absolute worse, relative better",
    (WIDENS, WIDENS): "worse both ways",
}


@dataclass(frozen=True)
class Verdict:
    """What becomes of absolute and of relative inequality: narrows, widens, or cannot be told."""

    absolute: str
    relative: str

    @property
    def cell(self) -> str:
        """Return the name of the cell, or which of the two cannot be told."""
        if UNCLEAR not in (self.absolute, self.relative):
            return _CELLS[self.absolute, self.relative]
        if self.absolute == self.relative:
            return "neither can be told"
        if self.absolute == UNCLEAR:
            return f"relative {self.relative}, absolute {UNCLEAR}"
        return f"absolute {self.absolute}, relative {UNCLEAR}"


def verdict(
    absolute: tuple[ArrayLike, ArrayLike],
    relative: tuple[ArrayLike, ArrayLike],
    confidence: float = 0.8,
    fewest: int = FEWEST_DRAWS,
) -> Verdict:
    """Return the verdict from paired draws of the baseline and of the scenario.

    Parameters
    ----------
    absolute
        Draws of an absolute index (slope index or absolute gap), baseline and scenario; it is 0
        where there is no inequality.
    relative
        Draws of a ratio (relative index or relative gap); it is 1 where there is none.
    confidence
        The share of paired draws, less the tails, in which the distance from equality must move
        the same way.
    fewest
        Draws below which nothing can be told.
    """
    before, after = (np.abs(np.asarray(each, float)) for each in absolute)
    ratios = [np.asarray(each, float) for each in relative]
    with np.errstate(divide="ignore", invalid="ignore"):
        log_before, log_after = (np.abs(np.log(each)) for each in ratios)
    return Verdict(
        _direction(after - before, confidence, fewest),
        _direction(log_after - log_before, confidence, fewest),
    )


def _direction(changes: np.ndarray, confidence: float, fewest: int) -> str:
    known = np.atleast_1d(changes)[np.isfinite(np.atleast_1d(changes))]
    if len(known) < max(fewest, 2):
        return UNCLEAR
    tail = 50 * (1 - confidence)
    low, high = limits_of_draws(known, [tail, 100 - tail])
    if high < 0:
        return NARROWS
    return WIDENS if low > 0 else UNCLEAR
