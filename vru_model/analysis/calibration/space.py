"""The space that is searched: parameters by their ranges, as standard normal coordinates.

A point has one coordinate a parameter, 0 in the middle of what was believed and about ±2 at its
ends, whatever the distribution. So a distance means the same everywhere, and no fit can leave a
range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from vru_model.parameters.accounts.search import Dimension, SearchPlan
from vru_model.parameters.distributions import quantile
from vru_model.parameters.loading import Override, model_coefficients
from vru_model.parameters.overrides import known_names, place_of
from vru_model.parameters.units import Unit
from vru_model.scenario import Scenario

FARTHEST = 2.8
"""The greatest coordinate: the last quarter of a per cent at each end is left out."""

DIGITS = 4
"""Significant digits to which values are rounded, in worlds as in the stored ensemble."""


@dataclass(frozen=True)
class Space:
    """The parameters that are searched.

    Parameters
    ----------
    names
        Parameters or cells of tables.
    dimensions
        What was believed about each.
    units
        The unit of each.
    """

    names: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    units: tuple[Unit, ...]

    @classmethod
    def of_plan(cls, plan: SearchPlan) -> Space:
        """Return the space of a checked plan."""
        known = known_names(model_coefficients())
        places = {name: place_of(name, known) for name in plan.space}
        units = tuple(place.unit for place in places.values() if place is not None)
        return cls(tuple(plan.space), tuple(plan.space.values()), units)

    def __len__(self) -> int:
        """Return how many parameters there are."""
        return len(self.names)

    @property
    def deep(self) -> np.ndarray:
        """Which parameters are deeply uncertain: bool, shape (names,)."""
        return np.array([each.role == "deep" for each in self.dimensions])

    def spread(self, count: int, seed: int) -> np.ndarray:
        """Return points spread evenly by what was believed: shape (count, names).

        A Latin hypercube: cut a range into `count` equally likely parts, and each part of each
        parameter has one point.
        """
        cube = qmc.LatinHypercube(len(self), rng=np.random.default_rng(seed)).random(count)
        return np.clip(ndtri(cube), -FARTHEST, FARTHEST)

    def values(self, points: np.ndarray) -> np.ndarray:
        """Return the parameters at points, rounded as they are stored: shape (points, names)."""
        chances = ndtr(points)
        found = np.empty_like(chances)
        for column, (each, unit) in enumerate(zip(self.dimensions, self.units, strict=True)):
            found[:, column] = [
                quantile(each.distribution, each.value, each.low, each.high, unit.minimum,
                         unit.maximum, chance)
                for chance in chances[:, column]
            ]  # fmt: skip
        return rounded(found)


def rounded(values: np.ndarray) -> np.ndarray:
    """Return numbers to :data:`DIGITS` significant digits."""
    flat = [float(f"{value:.{DIGITS}g}") for value in np.ravel(values)]
    return np.array(flat).reshape(np.shape(values))


def scenario_of(base: Scenario, names: Sequence[str], values: Sequence[float]) -> Scenario:
    """Return a scenario with one parameter set in it."""
    changes = {change.name: change for change in base.overrides_made}
    changes |= {
        name: Override(name, float(value), "a set of the search", "vru calibrate")
        for name, value in zip(names, values, strict=True)
    }
    return replace(base, overrides_made=tuple(changes[name] for name in sorted(changes)))
