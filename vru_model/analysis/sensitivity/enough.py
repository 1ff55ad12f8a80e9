"""How many replicates and draws are enough for a stated precision of the paired difference.

Chance shrinks with the square root of the number of worlds and can be made as small as one likes.
What is not known about the parameters does not shrink: more draws only show its width better.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from vru_model.experiments.intervals import FEWEST_DRAWS

_NORMAL_95 = 1.96
_MOST = 1_000_000
# Standard error of the 2.5% point of a normal sample, in standard deviations over root n.
_ERROR_OF_AN_END = math.sqrt(0.025 * 0.975) / float(stats.norm.pdf(stats.norm.ppf(0.025)))


@dataclass(frozen=True)
class Enough:
    """How many worlds a precision takes.

    Parameters
    ----------
    wanted
        The precision: half the width of a 95% interval, in the unit of the difference.
    share
        The same as a share of the base scenario's count.
    chance
        Standard deviation of one pair's difference by chance.
    parameters
        Standard deviation of the difference over the parameters' distributions, chance taken
        out; NaN where no design tells it.
    """

    wanted: float
    share: float
    chance: float
    parameters: float

    @property
    def replicates(self) -> int:
        """Return the replicates after which chance leaves no more than was asked."""
        return replicates_for(self.wanted, self.chance)

    @property
    def draws(self) -> int | None:
        """Return the draws, of one replicate each, after which the mean is as precise."""
        if math.isnan(self.parameters):
            return None
        variance = self.chance**2 + self.parameters**2
        return max(FEWEST_DRAWS, math.ceil(_NORMAL_95**2 * variance / self.wanted**2))

    @property
    def draws_for_the_ends(self) -> int | None:
        """Return the draws after which the ends of the 95% interval are as precise."""
        if math.isnan(self.parameters):
            return None
        variance = self.chance**2 + self.parameters**2
        error = _NORMAL_95**2 * _ERROR_OF_AN_END**2 * variance / self.wanted**2
        return max(FEWEST_DRAWS, math.ceil(error))

    def sentences(self, unit: str) -> list[str]:
        """Return what it takes, in sentences; `unit` is that of a difference ("admissions")."""
        asked = f"{self.wanted:.2g} either way ({100 * self.share:.3g}% of the base scenario)"
        said = [
            f"To know the mean of the {unit} averted within {asked} by chance alone takes "
            f"{self.replicates:,} replicates at the central values (one pair's standard deviation "
            f"is {self.chance:.3g})."
        ]
        if self.draws is None or self.draws_for_the_ends is None:
            return [*said, "How many draws that takes needs the emulator's design, which was not "
                    "run."]  # fmt: skip
        return [
            *said,
            f"With draws of the parameters screened in (standard deviation {self.parameters:.3g} "
            f"between them, chance taken out), one replicate each: {self.draws:,} draws for the "
            f"mean, {self.draws_for_the_ends:,} for the ends of its 95% interval. That interval, "
            f"about {_NORMAL_95 * self.parameters:.3g} either side, is what is not known: no "
            "number of worlds makes it smaller.",
        ]


def replicates_for(wanted: float, deviation: float) -> int:
    """Return the fewest replicates whose 95% interval (Student's t) is within what is wanted."""
    if not deviation > 0:
        return 2
    number = max(2, math.ceil((_NORMAL_95 * deviation / wanted) ** 2))
    while number < _MOST and _half_width(number, deviation) > wanted:
        number += 1
    return number


def _half_width(number: int, deviation: float) -> float:
    return float(stats.t.ppf(0.975, number - 1)) * deviation / math.sqrt(number)


def between_parameters(outcomes: np.ndarray, chance: float) -> float:
    """Return the standard deviation of outcomes with their variance by chance taken out."""
    return math.sqrt(max(float(outcomes.var(ddof=1)) - chance, 0.0))
