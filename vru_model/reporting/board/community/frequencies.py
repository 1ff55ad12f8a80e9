"""An estimate as natural frequencies: of every 1,000 young people, how many would be spared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from vru_model.reporting.estimates import Estimate
from vru_model.reporting.words import rounded

OF = 1_000


@dataclass(frozen=True)
class Frequency:
    """How many of every 1,000 who would be hurt are spared, as whole people.

    Parameters
    ----------
    low, high
        The ends of the 80% interval; below zero, more are hurt.
    best
        The mean.
    verdict
        "fewer", "more" or "unclear", as every paper says it.
    """

    low: int
    high: int
    best: int
    verdict: str

    @classmethod
    def of(cls, found: Estimate) -> Self:
        """Return an estimate's share of its baseline as whole people of every 1,000."""
        low, high, best = (
            round(OF * value / found.baseline) if found.baseline else 0
            for value in (found.low80, found.high80, found.averted)
        )
        return cls(low, high, best, found.verdict)

    @property
    def spared(self) -> int:
        """How many are spared at both ends of the range."""
        return max(0, self.low)

    @property
    def perhaps_spared(self) -> int:
        """How many more are spared at the good end of the range alone."""
        return max(0, self.high) - self.spared

    @property
    def hurt_as_well(self) -> int:
        """How many more are hurt at both ends of the range."""
        return max(0, -self.high)

    @property
    def perhaps_hurt_as_well(self) -> int:
        """How many more are hurt at the bad end of the range alone."""
        return max(0, -self.low) - self.hurt_as_well

    @property
    def still_hurt(self) -> int:
        """How many are hurt with the plan or without it, at either end of the range."""
        return OF - self.spared - self.perhaps_spared

    @property
    def range(self) -> str:
        """The range in words: "2 to 9 fewer", "3 more to 9 fewer"."""
        if self.low == self.high == 0:
            return "fewer than 1 either way"
        if self.low >= 0:
            return f"{_between(self.low, self.high)} fewer"
        if self.high <= 0:
            return f"{_between(-self.high, -self.low)} more"
        return f"{-self.low} more to {self.high} fewer"

    @property
    def sentence(self) -> str:
        """What the plan does to these 1,000, the range before the single number."""
        if self.low == self.high == 0:
            return "The plan would change this for fewer than 1 of them."
        if self.verdict == "fewer" and self.low >= 0:
            return (
                f"With the plan, {_between(self.low, self.high)} of them would not get hurt. "
                f"Our best guess is {_at_least(self.best)}."
            )
        if self.verdict == "more" and self.high <= 0:
            return (
                f"With the plan, {_between(-self.high, -self.low)} more would get hurt. "
                f"Our best guess is {_at_least(-self.best)} more."
            )
        ends = []
        if self.high > 0:
            ends.append(f"With the plan, up to {self.high} of them might not get hurt.")
        if self.low < 0:
            more = f"{-self.low} more might get hurt"
            ends.append(f"But {more}, too." if ends else f"With the plan, up to {more}.")
        return f"{' '.join(ends)} So we cannot tell if the plan helps."


def counts(found: Estimate) -> str:
    """Return how many fewer in all, as a range of counts: "20 to 90 fewer"."""
    low, high = (rounded(abs(each), found.step) for each in (found.low80, found.high80))
    if abs(found.low80) < found.step / 2 and abs(found.high80) < found.step / 2:
        return "no change that we can see"
    if found.low80 >= -found.step / 2:
        return f"{low} to {high} fewer"
    if found.high80 <= found.step / 2:
        return f"{high} to {low} more"
    return f"{low} more to {high} fewer"


def tries(found: Estimate) -> str:
    """Return in how many of the tries the plan did better: "16 of 20"."""
    return f"{round(found.chance_better * found.worlds)} of {found.worlds}"


def _between(low: int, high: int) -> str:
    if low == high:
        return _at_least(low)
    return f"up to {high}" if low == 0 else f"{low} to {high}"


def _at_least(number: int) -> str:
    return "fewer than 1" if number == 0 else str(number)
