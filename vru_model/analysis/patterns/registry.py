"""The statistics by name: how the model computes each pattern.

A statistic is a function of the tables of one world (:class:`~.tables.WorldTables`) that gives
one number in the target's unit, NaN where the world is too small to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

from vru_model.analysis.patterns.tables import WorldTables

Statistic = Callable[[WorldTables], float]

STATISTICS: dict[str, Statistic] = {}
"""Name → statistic of every module imported so far."""

OF_CALIBRATION = ("levels", "survey", "severity", "lives")
"""The modules of this room whose statistics may be fitted."""


def statistic(function: Statistic) -> Statistic:
    """Register a function under its own name; raise ValueError where the name is taken."""
    name = function.__name__
    if name in STATISTICS:
        raise ValueError(f"two statistics are called {name!r}")
    STATISTICS[name] = function
    return function


def load_calibration_statistics() -> None:
    """Import the modules whose statistics may be fitted."""
    for name in OF_CALIBRATION:
        import_module(f"vru_model.analysis.patterns.{name}")


def compute(names: Iterable[str], world: WorldTables) -> dict[str, float]:
    """Return name → value of registered statistics for one world."""
    return {name: float(STATISTICS[name](world)) for name in names}
