"""An emulator of the paired difference: a Gaussian process, and the proof that it predicts.

An emulator that does not predict what it has not seen says nothing about the model. So every
tenth of the design is left out in turn, all else is fitted anew, and what was left out is
predicted. Outcomes hold chance, which no emulator can predict; how much of the error is that is
known from replicates and told apart.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
from threadpoolctl import threadpool_limits

FOLDS = 10
FEWEST_POINTS = 20
LEAST_EXPLAINED = 0.3
LEAST_EXPLAINED_OF_SIGNAL = 0.7
"""An emulator predicts where it explains so much of what it has not seen: of all variance, and of
the variance that is not chance. Judgement; both stand beside every index."""


@dataclass(frozen=True)
class Emulator:
    """A fitted emulator with its leave-out test.

    Parameters
    ----------
    model
        The Gaussian process on all points; takes probabilities, shape (points, parameters).
    folds
        The same without a tenth of the points each.
    outcomes, left_out
        What was run, and what was predicted for it without it, shape (points,).
    chance
        Variance of an outcome by chance.
    """

    model: GaussianProcessRegressor
    folds: tuple[GaussianProcessRegressor, ...]
    outcomes: np.ndarray
    left_out: np.ndarray
    chance: float

    @property
    def error(self) -> float:
        """Return the leave-out error: root of the mean square, in units of the outcome."""
        return float(np.sqrt(np.mean((self.outcomes - self.left_out) ** 2)))

    @property
    def explained(self) -> float:
        """Return the share of the outcomes' variance that the leave-out predictions explain."""
        variance = float(self.outcomes.var())
        return 1.0 - self.error**2 / variance if variance > 0 else 0.0

    @property
    def chance_share(self) -> float:
        """Return the share of the outcomes' variance that is chance: no emulator explains it."""
        variance = float(self.outcomes.var())
        return min(self.chance / variance, 1.0) if variance > 0 else 1.0

    @property
    def explained_of_signal(self) -> float:
        """Return the share explained of the variance that is not chance; at most 1."""
        signal = 1.0 - self.chance_share
        return min(self.explained / signal, 1.0) if signal > 0 else 0.0

    @property
    def predicts(self) -> bool:
        """Say whether indices may be read from it."""
        return (
            self.explained >= LEAST_EXPLAINED
            and self.explained_of_signal >= LEAST_EXPLAINED_OF_SIGNAL
        )

    @property
    def sentence(self) -> str:
        """Return how well it predicts, in a sentence."""
        verdict = (
            "It predicts, and Sobol's indices are read from it."
            if self.predicts
            else "It does NOT predict well enough: no index is given. More points, replicates or a "
            "larger scale would help."
        )
        return (
            f"Emulator on {len(self.outcomes)} points: leave-out error {self.error:.3g}, "
            f"{max(self.explained, 0.0):.0%} of the variance explained where at most "
            f"{1.0 - self.chance_share:.0%} can be (the rest is chance). {verdict}"
        )


def space_filling(points: int, parameters: int, seed: int) -> np.ndarray:
    """Return a Latin hypercube of probabilities, shape (points, parameters)."""
    return qmc.LatinHypercube(parameters, rng=np.random.default_rng(seed)).random(points)


def fit(design: np.ndarray, outcomes: np.ndarray, chance: float, seed: int) -> Emulator | None:
    """Return an emulator of the outcomes over a design of probabilities.

    None where there are too few points to leave some out, or outcomes that do not differ.

    Parameters
    ----------
    design, outcomes
        Shapes (points, parameters) and (points,).
    chance
        Variance of an outcome by chance: 0 where it has none.
    seed
        Of the search for the kernel's lengths and of which points are left out together.
    """
    if len(outcomes) < FEWEST_POINTS or not outcomes.var() > 0:
        return None
    noise = min(max(chance / float(outcomes.var()), 1e-5), 1.0)
    kernel = ConstantKernel(1.0, (1e-2, 1e3)) * Matern(
        np.ones(design.shape[1]), (0.1, 50.0), nu=2.5
    ) + WhiteKernel(noise, (1e-6, 2.0))
    model = _fitted(kernel, design, outcomes, seed, restarts=2)
    order = np.random.default_rng(seed).permutation(len(outcomes))
    folds, left_out = [], np.empty(len(outcomes))
    for out in np.array_split(order, FOLDS):
        kept = np.setdiff1d(order, out)
        fold = _fitted(model.kernel_, design[kept], outcomes[kept], seed, restarts=0)
        left_out[out] = fold.predict(design[out])
        folds.append(fold)
    return Emulator(model, tuple(folds), outcomes, left_out, chance)


def _fitted(
    kernel: object, design: np.ndarray, outcomes: Sequence[float] | np.ndarray, seed: int, *,
    restarts: int,
) -> GaussianProcessRegressor:  # fmt: skip
    model = GaussianProcessRegressor(
        kernel, normalize_y=True, n_restarts_optimizer=restarts, random_state=seed
    )
    # One thread: for matrices this small it is the faster, and it adds up in the same order on
    # every machine.
    with warnings.catch_warnings(), threadpool_limits(1):
        # A length at its bound means a parameter that does not matter, or a straight line.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(design, outcomes)
