"""Treated places: which neighbourhoods a programme covers, and what it prevents there."""

import numpy as np

from vru_model.programmes.delivery import Delivered
from vru_model.programmes.prevention import PREVENTED_BY


class Treated:
    """The neighbourhoods that one programme treats.

    Parameters
    ----------
    programme
        The programme.
    night_places
        Neighbourhoods (rows) where people go out at night.
    """

    def __init__(self, programme: Delivered, night_places: np.ndarray) -> None:
        """Begin with none."""
        self.programme = programme
        self._night_places = night_places
        self._order, self._year_of_order = np.empty(0, np.int64), 0
        self.rows = np.empty(0, np.int64)

    def choose(self, areas, clock, follow: bool) -> bool:
        """Choose the neighbourhoods of the step; say whether they are others than before.

        They are ranked when the programme opens and, where they ``follow`` recent violence, anew
        in each year; how many are treated follows the staff.
        """
        before = self.rows
        if self.programme.open(clock):
            if len(self._order) == 0 or (follow and clock.year != self._year_of_order):
                self._order, self._year_of_order = self._ranked(areas), clock.year
            self.rows = self._order[: self.programme.funds.places(clock)]
        elif self.programme.strength == 0.0:
            self.rows, self._order = self.rows[:0], self._order[:0]
        return len(before) != len(self.rows) or bool((before != self.rows).any())

    def _ranked(self, areas) -> np.ndarray:
        """Return the neighbourhoods that may be treated, first those treated first."""
        kind, may = self.programme.rule.places, self.programme.places
        if kind == "night_time_economy":
            may = may & np.isin(np.arange(len(areas)), self._night_places)
        score = areas["deprivation"] if kind == "most_deprived" else (
            areas["recent"] * areas["residents"])  # fmt: skip
        order = np.argsort(-np.where(may, score, -np.inf), kind="stable")
        return order[: int(may.sum())]

    def missed(self, column: str, number: int) -> np.ndarray:
        """Return the share of a venue's incidents that it leaves, by neighbourhood."""
        programme, left = self.programme, np.ones(number)
        size = programme.sizes.get(column, 0.0)
        left[self.rows] = 1.0 - programme.delivery.presence * size * programme.strength
        return left


def guard(treated: list[Treated], areas) -> None:
    """Set what is prevented in each neighbourhood: shares combine as 1 - product(1 - p)."""
    for column in PREVENTED_BY:
        left = np.ones(len(areas))
        for each in treated:
            left *= each.missed(column, len(areas))
        areas[column] = 1.0 - left
