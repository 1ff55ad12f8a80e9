"""What a group can be asked about: uncertain numbers of the model, of programmes, or of its own.

People with knowledge of the work are asked about things that they could observe. So a logarithm of
a ratio is asked as the ratio: 0.8 is a fifth less. How a number was asked is undone when it is
fed back (:mod:`~vru_model.workbook.sessions.feeding`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from vru_model.analysis.sensitivity.assumptions import Assumption, assumptions
from vru_model.parameters.programmes import Programme
from vru_model.parameters.scenario_document import PROGRAMMES
from vru_model.scenario import Scenario

Asked = Literal["as it is", "as a ratio"]

_LOGARITHMS = ("log ratio", "log rate ratio", "log hazard ratio", "log odds ratio")
_SHARES = {
    "take_up": "of those who are offered a place, the share who take it up",
    "identified": "of those to whom it happens, the share whom the programme finds",
    "consent": "of those who are found, the share who agree",
}


@dataclass(frozen=True)
class Quantity:
    """One uncertain number, as a group is asked about it.

    Attributes
    ----------
    parameter
        Its dotted name, as a scenario would override it; "" for a question of the group's own.
    title, unit
        What is asked, in plain words, and in which unit.
    minimum, maximum
        What it can be at all, as asked.
    asked
        "as it is", or "as a ratio": the exponential of the parameter.
    now
        Value, low and high of the documents, as asked; None for a question of the group's own.
    source
        Where that value comes from.
    spread
        Whether the model draws it from a distribution; where not, it takes the median alone.
    """

    parameter: str
    title: str
    unit: str
    minimum: float
    maximum: float
    asked: Asked = "as it is"
    now: tuple[float, float, float] | None = None
    source: str = ""
    spread: bool = True

    @property
    def programme(self) -> str:
        """Return the programme that it belongs to; "" where there is none."""
        if not self.parameter.startswith(PROGRAMMES):
            return ""
        return self.parameter.removeprefix(PROGRAMMES).partition(".")[0]

    def within(self, value: float) -> bool:
        """Say whether the quantity can have this value."""
        return self.minimum <= value <= self.maximum


def quantities(scenario: Scenario | None = None) -> list[Quantity]:
    """Return what can be asked about a strategy: the model's numbers, then its programmes'.

    Parameters
    ----------
    scenario
        The strategy that is discussed; things as they are unless given, and then the model's
        numbers alone.
    """
    other = scenario or Scenario.baseline()
    found = [_quantity(each) for each in assumptions(Scenario.baseline(), other)]
    return found + [share for each in other.programmes_funded for share in _shares(each)]


def _quantity(given: Assumption) -> Quantity:
    """Return an assumption as it is asked about."""
    values = (given.value, given.low, given.high)
    if given.unit in _LOGARITHMS:
        value, low, high = (math.exp(each) for each in values)
        title = f"{given.title}, as a ratio: 1 changes nothing, 0.8 is a fifth less"
        return Quantity(
            given.name, title, "ratio",
            math.exp(given.minimum), math.exp(given.maximum), "as a ratio", (value, low, high),
            given.source,
        )  # fmt: skip
    of_cost = given.name.endswith(".cost.unit_cost")
    low, high = (0.0, math.inf) if of_cost else (given.minimum, given.maximum)
    return Quantity(given.name, given.title, given.unit, low, high, "as it is", values,
                    given.source)  # fmt: skip


def _shares(programme: Programme) -> Iterable[Quantity]:
    """Yield the shares of people on the way into a programme, which practitioners know best."""
    parts = {"reach": programme.reach, "referral": programme.referral}
    for name, words in _SHARES.items():
        for part, holder in parts.items():
            value = getattr(holder, name, None)
            if value is not None:
                yield Quantity(
                    f"{PROGRAMMES}{programme.name}.{part}.{name}", f"{programme.title}: {words}",
                    "share", 0.0, 1.0, "as it is", (value, value, value),
                    getattr(holder, "source", ""), spread=False,
                )  # fmt: skip
