"""How implausible a parameter set is, given what was found and how unsure everything is.

The implausibility of a set for one target is the distance between the statistic of its world and
the target, in standard deviations of observation, discrepancy, chance and, where the statistic
was emulated rather than run, the emulator. A set is judged by its *second-highest* one, so that
one target that the model cannot meet does not rule out everything (Vernon, Goldstein and Bower
2010, Bayesian Analysis 5:619).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vru_model.parameters.accounts.targets import Target


@dataclass(frozen=True)
class Judge:
    """The targets that are fitted, and the noise of chance in each statistic.

    Parameters
    ----------
    names
        Of the targets.
    statistics
        The statistic of each.
    values, tolerances
        What was found, and one standard deviation of observation and discrepancy together.
    noise
        The standard deviation of one world's statistic by chance alone.
    """

    names: tuple[str, ...]
    statistics: tuple[str, ...]
    values: np.ndarray
    tolerances: np.ndarray
    noise: np.ndarray

    @classmethod
    def of_targets(cls, targets: Mapping[str, Target], noise: Mapping[str, float]) -> Judge:
        """Return the judge of the targets whose use is calibration; noise by statistic."""
        fitted = {name: each for name, each in targets.items() if each.use == "calibration"}
        statistics = tuple(each.statistic or name for name, each in fitted.items())
        return cls(
            tuple(fitted), statistics,
            np.array([each.value for each in fitted.values()]),
            np.array([each.tolerance for each in fitted.values()]),
            np.array([noise.get(name, 0.0) for name in statistics]),
        )  # fmt: skip

    @property
    def deviations(self) -> np.ndarray:
        """One standard deviation of everything but the emulator: shape (targets,)."""
        return np.hypot(self.tolerances, self.noise)

    def implausibilities(self, found: np.ndarray, emulator: np.ndarray | float = 0.0) -> np.ndarray:
        """Return the implausibility for each target: shape (sets, targets).

        `found` are statistics, shape (sets, targets); `emulator` their standard deviation where
        they were emulated. What a world could not say (NaN) is infinitely implausible.
        """
        gap = np.abs(found - self.values) / np.hypot(self.deviations, emulator)
        return np.where(np.isnan(gap), np.inf, gap)


def second_highest(implausibilities: np.ndarray) -> np.ndarray:
    """Return the second-highest implausibility of each set; of a single target, that one."""
    ranked = np.sort(implausibilities, axis=1)
    return ranked[:, -2] if ranked.shape[1] > 1 else ranked[:, -1]
