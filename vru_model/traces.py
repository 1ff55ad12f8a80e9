"""What violence leaves behind and what time takes away, kept in closed form.

Grievance, history and sanctions fade with time constants of their own; norms move towards a level
that changes seldom. Both are kept as they stood when they last changed, with the step at which
that was, and computed when they are read::

    x(n) = x * exp(-(n - faded_at) dt / tau)
    N(n) = level + (N - level) * exp(-(n - norm_at) chi dt)

where n counts the steps of fading, or of norms, that lie behind the world. So the great majority
whom nothing happens to costs nothing. Post-traumatic stress ends at a step drawn when it sets in.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from vru_model import randomness
from vru_model.compiling import inlined, kernel, part

_TRACE = 1e-5  # what has faded below this has vanished
_LONGEST_TRAUMA = 20_000  # steps


class Fading(NamedTuple):
    """How many steps lie behind the world, and what is left after any number of them."""

    faded: int  # steps of fading: a step's own comes in its middle
    passed: int  # steps of norms
    grievance: np.ndarray  # share left after 0, 1, 2 ... steps, float64
    history: np.ndarray
    sanction: np.ndarray
    norm: np.ndarray  # share left of the distance between a norm and its level

    def trace(self, name: str, value: np.ndarray, since: np.ndarray) -> np.ndarray:
        """Return what is left by now of traces that stood at a value at a step."""
        left = value * getattr(self, name)[self.faded - since]
        return np.where(left > _TRACE, left, 0.0)

    def norm_now(self, value: np.ndarray, level: np.ndarray, since: np.ndarray) -> np.ndarray:
        """Return what norms have become that stood at a value at a step."""
        return level + (value - level) * self.norm[self.passed - since]


def fading(step: int, longest: float, months: float, coefficients) -> Fading:
    """Return how things fade in a world that stands at a step.

    ``longest`` is the whole time of warm-up and world and ``months`` that of a step, in months.
    """
    elapsed = np.arange(math.ceil(longest / months) + 2) * months
    return Fading(
        step,
        step,
        np.exp(-elapsed / coefficients.grievance.decay),
        np.exp(-elapsed / coefficients.acting.history_decay),
        np.exp(-elapsed / coefficients.acting.sanction_decay),
        np.exp(-elapsed * coefficients.peers.learning),
    )


@inlined
def _left(value, shares, elapsed):
    left = value * shares[elapsed]
    return left if left > _TRACE else 0.0


@inlined
def grievance_of(people, i, fading):
    """Return a resident's grievance as it is now."""
    state = people.state[i]
    return _left(state.grievance, fading.grievance, fading.faded - state.faded_at)


@inlined
def history_of(people, i, fading):
    """Return a resident's history of own acts as it is now."""
    state = people.state[i]
    return _left(state.history, fading.history, fading.faded - state.faded_at)


@inlined
def sanction_of(people, i, fading):
    """Return a resident's formal sanctions as they are now."""
    state = people.state[i]
    return _left(state.sanction, fading.sanction, fading.faded - state.faded_at)


@inlined
def norm_of(people, i, fading):
    """Return a resident's norm as it is now."""
    state = people.state[i]
    left = fading.norm[fading.passed - state.norm_at]
    return state.norm_level + (state.peer_norm - state.norm_level) * left


@inlined
def has_trauma(people, i, fading):
    """Say whether a resident has post-traumatic stress now."""
    return people.profile[i].trauma_until > fading.faded


@inlined
def bring_up_to_date(people, i, fading):
    """Write down what fades as it is now, before something is added to it."""
    if people.state[i].faded_at != fading.faded:
        people.state[i].grievance = grievance_of(people, i, fading)
        people.state[i].history = history_of(people, i, fading)
        people.state[i].sanction = sanction_of(people, i, fading)
        people.state[i].faded_at = fading.faded


@part
def traumatise(people, i, word, fading, months, trauma):
    """Let post-traumatic stress set in; the word says how long it lasts.

    It ends at a constant rate, faster for the share of cases that is treated: the number of
    steps that it outlasts is geometric.
    """
    rate = (1.0 + trauma.treated * (trauma.treated_ratio - 1.0)) / trauma.duration
    outlasts = int(-math.log(randomness.uniform(word)) / (rate * months))
    people.profile[i].trauma_until = fading.faded + 1 + min(outlasts, _LONGEST_TRAUMA)


@kernel
def draw_recovery_anew(people, count, key, fading, months, trauma):
    """Draw anew when all present post-traumatic stress ends: the future is the world's own."""
    for i in range(count):
        if has_trauma(people, i, fading):
            word = randomness.word(
                key, people.identifier[i], fading.faded, randomness.TRAUMA_RECOVERY, 0
            )
            traumatise(people, i, word, fading, months, trauma)
