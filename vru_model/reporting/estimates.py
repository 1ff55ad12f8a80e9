"""One estimate, and the words that fit how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vru_model.analysis.wording import rounding_step, sign_as_printed
from vru_model.reporting.measures import Measure
from vru_model.reporting.words import chance, in_words, interval, rounded


@dataclass(frozen=True)
class Estimate:
    """The paired difference between the baseline and a scenario, in incidents of one measure.

    Parameters
    ----------
    baseline, scenario
        Counts at full size, over the window.
    averted
        Baseline less scenario: above zero, the scenario has fewer.
    low80, high80, low95, high95
        Intervals of `averted`.
    chance_better
        Share of draws in which the scenario has fewer.
    worlds
        Draws (with a single draw, replicates) that the chance is counted over.
    chance_equal
        Share of them in which both have as many.
    """

    baseline: float
    scenario: float
    averted: float
    low80: float
    high80: float
    low95: float
    high95: float
    chance_better: float
    worlds: int
    chance_equal: float = 0.0

    @property
    def reduction(self) -> float:
        """The share of the baseline's count that is averted."""
        return self.averted / self.baseline if self.baseline else 0.0

    @property
    def step(self) -> float:
        """What the number and its intervals are rounded to: no finer than the interval bears."""
        return max(_FINEST, rounding_step(self.averted, self.low95, self.high95))

    @property
    def verdict(self) -> str:
        """What the 80% interval as it is printed allows to say: "fewer", "more" or "unclear"."""
        return _VERDICTS[sign_as_printed(self.low80, self.high80, self.step)]

    @property
    def central(self) -> str:
        """The single number with its sign."""
        return rounded(self.averted, self.step)

    @property
    def interval80(self) -> str:
        """The 80% interval."""
        return interval(self.low80, self.high80, self.step)

    @property
    def interval95(self) -> str:
        """The 95% interval."""
        return interval(self.low95, self.high95, self.step)

    @property
    def size80(self) -> str:
        """The 80% interval of a clear difference, without its sign: "9 to 48"."""
        low, high = sorted((abs(self.low80), abs(self.high80)))
        return interval(low, high, self.step)

    @property
    def chance(self) -> str:
        """The chance of doing better than the baseline, and that of doing the same."""
        if self.low95 == self.high95 == self.averted == 0:
            return "no difference yet"
        better = chance(self.chance_better, self.worlds)
        if not self.chance_equal > 0:
            return better
        return f"{better}, same {chance(self.chance_equal, self.worlds)}"


class Estimates:
    """The comparison tables of one or more strategies with the baseline, looked up by name.

    Parameters
    ----------
    tables
        Strategy name → table with a row for each measure, group, year and window (the columns of
        :func:`vru_model.experiments.compare`).
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        keys = ["measure", "group", "year", "window"]
        self._tables = {name: table.set_index(keys).sort_index() for name, table in tables.items()}

    @property
    def strategies(self) -> tuple[str, ...]:
        """The strategies, in the order given."""
        return tuple(self._tables)

    def get(
        self, strategy: str, measure: Measure, group: str, year: int, window: str = "by year"
    ) -> Estimate:
        """Return one estimate; `window` is "by year" (since the start) or "in year".

        Raises LookupError, naming what is missing, where the comparison does not hold it.
        """
        key = (measure.name, group, year, window)
        try:
            row = self._tables[strategy].loc[key]
        except KeyError as missing:
            raise LookupError(f"no comparison of {strategy!r} for {key}") from missing
        return Estimate(
            **{name: float(row[name]) for name in _NUMBERS},
            # Chances are counted over draws; with a single draw, over its replicates.
            worlds=int(row["draws"] if row["draws"] > 1 else row["replicates"]),
        )

    def at(self, measure: Measure, group: str, year: int) -> dict[str, Estimate]:
        """Return every strategy's estimate by the end of a year."""
        return {name: self.get(name, measure, group, year) for name in self._tables}


def told(row: Mapping[str, Any], name: str = "averted") -> int:
    """Return whether a row's 80% interval, as printed, lies above zero (1), below (-1) or holds it.

    ``name`` is the column of the mean; its limits are ``low80`` and so on, or ``rate_low80`` and so
    on for the rate.
    """
    before = "" if name == "averted" else f"{name}_"
    low80, high80, low95, high95 = (float(row[f"{before}{end}"]) for end in _LIMITS)
    return sign_as_printed(low80, high80, rounding_step(float(row[name]), low95, high95))


_VERDICTS = {1: "fewer", -1: "more", 0: "unclear"}
_LIMITS = ("low80", "high80", "low95", "high95")
_NUMBERS = (
    "baseline", "scenario", "averted", "low80", "high80", "low95", "high95", "chance_better",
    "chance_equal",
)  # fmt: skip

# A tenth of an incident: finer differences mean nothing to a reader.
_FINEST = 0.1


def label(strategy: str) -> str:
    """Return a strategy's name as it stands within a sentence: "the quick strategy"."""
    return f"the {strategy.replace('_', ' ')} strategy"


def averted_message(
    measure: Measure, group: str, year: int, estimates: Mapping[str, Estimate]
) -> str:
    """Return the sentence that a chart of averted incidents states, from its numbers alone.

    A strategy whose 80% interval holds zero is never said to do better or worse.
    """
    ranked = sorted(estimates, key=lambda name: estimates[name].averted, reverse=True)
    clear = [name for name in ranked if estimates[name].verdict != "unclear"]
    unclear = [name for name in ranked if name not in clear]
    if not clear:
        return f"By year {year} {_cannot_tell(unclear, alone=True)} in {measure.of(group)}"
    effects = _effects(clear, estimates, measure.of(group))
    found = f"By year {year} {effects} (80% interval{'s' if len(clear) > 1 else ''})"
    return f"{found}; {_cannot_tell(unclear)}" if unclear else found


def _effects(names: Sequence[str], estimates: Mapping[str, Estimate], what: str) -> str:
    """Return "the slow strategy averts 9 to 48 admissions and the quick strategy 7 to 39"."""
    parts, spoken = [], ""
    for name in names:
        verb = "averts" if estimates[name].verdict == "fewer" else "adds"
        found = estimates[name]
        words = [label(name), "" if verb == spoken else verb, found.size80]
        words.append(what if name == names[0] else "")
        parts.append(" ".join(word for word in words if word))
        spoken = verb
    return in_words(parts)


def _cannot_tell(names: Sequence[str], alone: bool = False) -> str:
    if len(names) == 1:
        return f"{label(names[0])} cannot be told from the baseline"
    several = "none of the strategies" if alone else "none of the others"
    subject = "neither strategy" if len(names) == 2 and alone else several
    if len(names) == 2 and not alone:
        subject = "neither of the others"
    return f"{subject} can be told from the baseline"
