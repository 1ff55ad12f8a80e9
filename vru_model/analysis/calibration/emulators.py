"""Emulators: statistics as functions of the parameters, learnt from the worlds run so far.

A sparse linear trend over all parameters (lasso), and a Gaussian process over what it leaves, on
the parameters that matter most. The parameters that are left out, and chance, are noise to it;
that noise is part of the emulator's variance.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.linear_model import LassoCV

_MOST_ACTIVE = 14
_SHAPED_BY = 260
"""Worlds from which length scales are found; all worlds then inform the predictions."""


@dataclass(frozen=True)
class Emulator:
    """One statistic as a function of points.

    Parameters
    ----------
    shift, slopes
        The linear trend: shape () and (names,).
    active
        Columns of the parameters of the Gaussian process.
    lengths, size, noise
        Its length scales, and the variances of what it follows and of what it cannot.
    seen, weights
        Points (active columns) and dual weights.
    gain
        Inverse of the covariance of what was seen, for the variance.
    """

    shift: float
    slopes: np.ndarray
    active: np.ndarray
    lengths: np.ndarray
    size: float
    noise: float
    seen: np.ndarray
    weights: np.ndarray
    gain: np.ndarray

    @classmethod
    def learn(cls, points: np.ndarray, values: np.ndarray, seed: int) -> Emulator:
        """Return an emulator of `values`, shape (sets,), at `points`, shape (sets, names)."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            trend = LassoCV(cv=5, alphas=30, random_state=seed, max_iter=5000).fit(points, values)
            rest = values - trend.predict(points)
            active = np.sort(_most_active(points, values, rest, trend.coef_))
            scale = max(float(rest.std()), 1e-12)
            kernel = ConstantKernel(0.5, (1e-3, 50.0)) * RBF(
                np.full(len(active), 4.0), (0.7, 60.0)
            ) + WhiteKernel(0.3, (1e-3, 3.0))
            some = np.random.default_rng(seed).permutation(len(points))[:_SHAPED_BY]
            shaped = GaussianProcessRegressor(kernel, random_state=seed).fit(
                points[np.ix_(some, active)], rest[some] / scale
            )
        fitted = shaped.kernel_
        size, noise = fitted.k1.k1.constant_value * scale**2, fitted.k2.noise_level * scale**2
        lengths = np.broadcast_to(fitted.k1.k2.length_scale, len(active))
        seen = points[:, active] / lengths
        covariance = size * _likeness(seen, seen) + noise * np.eye(len(seen))
        gain = np.linalg.inv(covariance)
        return cls(
            float(trend.intercept_), trend.coef_, active, lengths, size, noise, seen,
            gain @ rest, gain,
        )  # fmt: skip

    def predict(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and standard deviation of a world's statistic at points."""
        near = self.size * _likeness(points[:, self.active] / self.lengths, self.seen)
        mean = self.shift + points @ self.slopes + near @ self.weights
        known = np.einsum("ij,jk,ik->i", near, self.gain, near, optimize=True)
        return mean, np.sqrt(np.maximum(self.size + self.noise - known, self.noise))

    def mean_and_slopes(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the mean and its gradient: shapes (points,) and (points, names)."""
        here = points[:, self.active] / self.lengths
        pull = self.size * _likeness(here, self.seen) * self.weights
        mean = self.shift + points @ self.slopes + pull.sum(axis=1)
        slopes = np.tile(self.slopes, (len(points), 1))
        slopes[:, self.active] += (pull @ self.seen - pull.sum(axis=1)[:, None] * here) / (
            self.lengths
        )
        return mean, slopes


def _most_active(
    points: np.ndarray, values: np.ndarray, rest: np.ndarray, slopes: np.ndarray
) -> np.ndarray:
    """Return the columns that move the statistic most, straight or bent."""
    spread = max(float(values.std()), 1e-12)
    bent = np.abs(np.corrcoef(np.column_stack([points**2, rest]).T)[-1, :-1]) * rest.std()
    strength = np.abs(slopes) * points.std(axis=0) + np.nan_to_num(bent)
    order = np.argsort(-strength)[:_MOST_ACTIVE]
    strong = order[strength[order] > 0.01 * spread]
    return strong if len(strong) else order[:1]


def _likeness(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return exp(-d²/2) between points already divided by their length scales."""
    apart = (one**2).sum(1)[:, None] + (other**2).sum(1)[None, :] - 2.0 * one @ other.T
    return np.exp(-0.5 * np.maximum(apart, 0.0))
