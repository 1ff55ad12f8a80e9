"""Keyed draws for many residents at once, by who they are."""

import math

import numba
import numpy as np

from vru_model import randomness


@numba.njit(cache=True)
def standard_normals(identifiers, key, time, decision, tag):
    """Return a standard normal score for each resident."""
    out = np.empty(len(identifiers))
    for n in range(len(identifiers)):
        out[n] = randomness.standard_normal(
            randomness.word(key, identifiers[n], time, decision, tag)
        )
    return out


@numba.njit(cache=True)
def happens_to(identifiers, key, time, decision, tag, probabilities):
    """Say to whom an event happens that has its own probability for each."""
    out = np.empty(len(identifiers), np.bool_)
    for n in range(len(identifiers)):
        out[n] = randomness.happens(
            randomness.word(key, identifiers[n], time, decision, tag), probabilities[n]
        )
    return out


@numba.njit(cache=True)
def exponential_times(identifiers, key, time, decision, tag, rate):
    """Return waiting times of a constant rate, in the rate's unit of time."""
    out = np.empty(len(identifiers))
    for n in range(len(identifiers)):
        word = randomness.word(key, identifiers[n], time, decision, tag)
        out[n] = -math.log(randomness.uniform(word)) / rate
    return out
