"""Proposals: for each value of the deeply uncertain parameters, a set that may fit.

Each proposal begins from a point spread over all that was believed (its *anchor*) and a version of
the targets perturbed by their own uncertainty, and goes by the emulators to the point that best
weighs the two. The deep coordinates do not move. Because anchors and perturbations differ, what
the targets do not speak of stays as wide as it was believed to be, and what they do speak of is
as wide as they are unsure (randomised maximum likelihood: Oliver, He and Reynolds 1996).

A proposal is only that: whether a set is kept is decided by a real world.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vru_model.analysis.calibration.emulators import Emulator
from vru_model.analysis.calibration.space import FARTHEST

_ROUNDS = 40
_FARTHEST_PERTURBATION = 1.5


@dataclass(frozen=True)
class Aims:
    """What proposals aim at, on the emulators' scale.

    Parameters
    ----------
    anchors
        Where each begins: shape (proposals, names).
    targets
        The perturbed targets of each: shape (proposals, targets).
    spread
        One standard deviation of everything that is unsure: shape (targets,).
    deep
        Coordinates that do not move: bool, shape (names,).
    """

    anchors: np.ndarray
    targets: np.ndarray
    spread: np.ndarray
    deep: np.ndarray


def perturbed(targets: np.ndarray, spread: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Return versions of the targets, each off by its uncertainty: shape (count, targets)."""
    noise = np.random.default_rng(seed).standard_normal((count, len(targets)))
    noise = np.clip(noise, -_FARTHEST_PERTURBATION, _FARTHEST_PERTURBATION)
    return targets + noise * spread


def refit(
    emulators: Sequence[Emulator], aims: Aims, start: np.ndarray, seen: np.ndarray | None = None
) -> np.ndarray:
    """Return the proposals: shape (proposals, names).

    Parameters
    ----------
    emulators
        One a target.
    aims
        What each proposal weighs.
    start
        Where each begins to move; its world's statistics are `seen`, if it has been run. The
        emulators are then shifted so that they agree with that world.
    """
    points = start.copy()
    error = 0.0 if seen is None else seen - _means(emulators, start)
    best, cost = points, _cost(emulators, aims, points, error)
    damping = np.full(len(points), 0.1)
    for _ in range(_ROUNDS):
        step = _step(emulators, aims, best, error, damping)
        moved = np.clip(best + step, -FARTHEST, FARTHEST)
        tried = _cost(emulators, aims, moved, error)
        better = tried < cost
        best = np.where(better[:, None], moved, best)
        cost = np.where(better, tried, cost)
        damping = np.clip(np.where(better, damping / 3.0, damping * 4.0), 1e-3, 1e4)
    return best


def _means(emulators: Sequence[Emulator], points: np.ndarray) -> np.ndarray:
    return np.column_stack([each.mean_and_slopes(points)[0] for each in emulators])


def _cost(
    emulators: Sequence[Emulator], aims: Aims, points: np.ndarray, error: np.ndarray | float
) -> np.ndarray:
    """Return what a proposal tries to make small: distance from the anchor and from the targets."""
    gap = (_means(emulators, points) + error - aims.targets) / aims.spread
    return 0.5 * ((points - aims.anchors) ** 2).sum(1) + 0.5 * (gap**2).sum(1)


def _step(
    emulators: Sequence[Emulator], aims: Aims, points: np.ndarray, error: np.ndarray | float,
    damping: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Return a damped Gauss-Newton step of every proposal, by the smaller of the two systems."""
    pairs = [each.mean_and_slopes(points) for each in emulators]
    means = np.column_stack([mean for mean, _ in pairs]) + error
    slopes = np.stack([slope for _, slope in pairs], axis=1) / aims.spread[:, None]
    slopes = slopes * ~aims.deep
    gap = (means - aims.targets) / aims.spread
    pull = (points - aims.anchors) * ~aims.deep
    gradient = pull + np.einsum("kjd,kj->kd", slopes, gap)
    # (a I + J'J)⁻¹ g = (g - J'(a I + J J')⁻¹ J g) / a, with one row a target in J.
    weight = (1.0 + damping)[:, None, None]
    inner = np.einsum("kjd,kld->kjl", slopes, slopes) + weight * np.eye(slopes.shape[1])
    seen = np.einsum("kjd,kd->kj", slopes, gradient)
    back = np.linalg.solve(inner, seen[:, :, None])[:, :, 0]
    return -(gradient - np.einsum("kjd,kj->kd", slopes, back)) / (1.0 + damping)[:, None]
