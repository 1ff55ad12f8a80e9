"""A world that is watched, and one incident in it with the states from which it arose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from vru_model import randomness
from vru_model.model import ViolenceModel
from vru_model.people import STATES, STATUS_NAMES, People
from vru_model.processes.records import (
    EMERGENCY_DEPARTMENT,
    NEIGHBOURHOOD,
    OWN,
    PEER,
    SEVERITIES,
    VENUES,
    WEAPONS,
)

TWO_TO_32 = 2.0**32
_BANDS = (156, 192, 216, 252, 300, 420, 600, 780)  # months at which the tables by age change


class Line(NamedTuple):
    """One line of a working."""

    what: str
    arithmetic: str
    number: float


def show(lines: list[Line]) -> None:
    """Print a working as three columns, numbers to four places."""
    width = max(len(line.what) for line in lines)
    longest = max(len(line.arithmetic) for line in lines)
    for what, arithmetic, number in lines:
        # Adding zero turns a rounded -0.0 into 0.
        text = f"{number:,}" if isinstance(number, int) else f"{round(number, 4) + 0.0:.4f}"
        print(f"{what:<{width}}  {arithmetic:<{longest}}  {text:>10}")


def _states(people: People) -> np.ndarray:
    """Return everybody's state as it is now, one row a resident."""
    columns = {name: people.column(name) for name in STATES}
    kinds = np.dtype([(name, column.dtype) for name, column in columns.items()])
    return np.rec.fromarrays(list(columns.values()), dtype=kinds)


class WatchedModel(ViolenceModel):
    """A world that remembers how things stood before and after a step's first wave of violence."""

    after: np.ndarray | None

    def commit_violence(self, echoes: bool = False) -> None:
        """Remember the states, then let the violence happen."""
        if not echoes:
            self.before, self.places_before = _states(self.people), self.areas.copy()
            self.then, self.month_then, self.key_then = self.clock, self.month, self.key
        super().commit_violence(echoes=echoes)
        if not echoes:
            self.first_wave, self.after = self._wave.copy(), None

    def bear_consequences(self) -> None:
        """Let the violence leave its traces, then remember the states."""
        super().bear_consequences()
        if self.after is None:
            self.after = _states(self.people)


def an_incident(**options) -> WatchedIncident:
    """Watch a world until somebody is hurt so badly in public that they go to hospital.

    Of acts among peers or in the street, by people who were violent and were hurt lately, it is
    the first whose two people are in no other incident of the month. The options are the model's.
    """
    model = WatchedModel(**options)
    while model.running:
        model.step()
        wave = model.first_wave
        involved = np.bincount(np.concatenate([wave["aggressor"], wave["victim"]]))
        for row in wave:
            alone = involved[row["aggressor"]] == involved[row["victim"]] == 1
            public = row["venue"] in (PEER, NEIGHBOURHOOD) and row["origin"] == OWN
            before = model.before[row["aggressor"]]
            marked = before["history"] > 0.0 and before["grievance"] > 0.0
            if alone and public and marked and row["severity"] >= EMERGENCY_DEPARTMENT:
                return WatchedIncident(model, row)
    raise ValueError("no such incident before the horizon: simulate more residents")


@dataclass(frozen=True)
class WatchedIncident:
    """One incident of a watched world."""

    model: WatchedModel
    row: np.void

    @property
    def aggressor(self) -> np.void:
        """The aggressor's state before the violence."""
        return self.model.before[self.row["aggressor"]]

    @property
    def victim(self) -> np.void:
        """The victim's state before the violence."""
        return self.model.before[self.row["victim"]]

    @property
    def number(self) -> int:
        """Which of the aggressor's acts in the step it is, from 0."""
        return int(self.row["number"])

    def home_of(self, who: np.void) -> np.void:
        """The state of somebody's neighbourhood before the violence."""
        return self.model.places_before[who["neighbourhood"]]

    def age(self, who: np.void) -> int:
        """Somebody's age in months."""
        return int(self.model.month_then - who["birth_month"])

    def band(self, who: np.void) -> int:
        """The row of somebody's age in the tables by age (10-12, 13-15, ... 65+)."""
        return int(np.searchsorted(_BANDS, self.age(who), side="right"))

    def words(self, decision: int, attempt: int) -> list[int]:
        """The four random words of one of the aggressor's decisions in this step."""
        drawn = randomness.four_words(
            self.model.key_then, self.aggressor["identifier"], self.model.then.step, decision,
            attempt,
        )  # fmt: skip
        return [int(word) for word in drawn]

    def people(self) -> pd.DataFrame:
        """Return the states of both before the violence, side by side, as text."""
        return pd.DataFrame(
            {"aggressor": self._states(self.aggressor), "victim": self._states(self.victim)}
        )

    def _states(self, who: np.void) -> dict[str, str]:
        home = self.home_of(who)
        return {
            "age in years": str(self.age(who) // 12),
            "sex": "male" if who["male"] else "female",
            "status": STATUS_NAMES[who["status"]],
            "liability u": _four(who["liability"]),
            "self-regulation S": _four(who["self_regulation"]),
            "adverse experiences A": str(who["ace"]),
            "peer norm N": _four(who["peer_norm"]),
            "trauma T": "yes" if who["trauma"] else "no",
            "sanctions L": _four(who["sanction"]),
            "recent history H": _four(who["history"]),
            "grievance G": _four(who["grievance"]),
            "deprivation D of home": _four(home["deprivation"]),
            "collective efficacy CE": _four(home["efficacy"]),
        }

    def as_recorded(self) -> dict[str, str]:
        """Return what the model's own records say of the incident and what it left behind."""
        after = self.model.after
        assert after is not None, "the step has come to an end"
        return {
            "venue": VENUES[self.row["venue"]].replace("_", " "),
            "weapon": WEAPONS[self.row["weapon"]],
            "severity": SEVERITIES[self.row["severity"]].replace("_", " "),
            "aggressor's history after": _four(after[self.row["aggressor"]]["history"]),
            "victim's grievance after": _four(after[self.row["victim"]]["grievance"]),
        }


def _four(number: float) -> str:
    return f"{float(number):.4f}"
