"""Keyed draws for many residents at once, by who they are."""

import math

import numba
import numpy as np

from vru_model import randomness, sweeps


@numba.njit
def _words(identifiers, key, time, decision, tag):
    words = np.empty(len(identifiers), np.uint32)
    sweeps.first_words(key, identifiers, time, decision, tag, words)
    return words


@numba.njit(cache=True)
def standard_normals(identifiers, key, time, decision, tag):
    """Return a standard normal score for each resident."""
    words, out = _words(identifiers, key, time, decision, tag), np.empty(len(identifiers))
    for n in range(len(words)):
        out[n] = randomness.standard_normal(words[n])
    return out


@numba.njit(cache=True)
def happens_to(identifiers, key, time, decision, tag, probabilities):
    """Say to whom an event happens that has its own probability for each."""
    words = _words(identifiers, key, time, decision, tag)
    out = np.empty(len(words), np.bool_)
    for n in range(len(words)):
        out[n] = randomness.happens(words[n], probabilities[n])
    return out


@numba.njit(cache=True)
def exponential_times(identifiers, key, time, decision, tag, rate):
    """Return waiting times of a constant rate, in the rate's unit of time."""
    words, out = _words(identifiers, key, time, decision, tag), np.empty(len(identifiers))
    for n in range(len(words)):
        out[n] = -math.log(randomness.uniform(words[n])) / rate
    return out
