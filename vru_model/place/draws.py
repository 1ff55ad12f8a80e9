"""Columns of keyed draws for building a place, where time is always zero."""

import hashlib

import numpy as np
from numba import njit

from vru_model.randomness import new_identifier, standard_normal, uniform, word


def place_number(authority_codes) -> np.uint64:
    """Return the number of a defined population: a hash of its authorities' codes.

    Where the files stand and what they are called has no say in who its residents are.
    """
    digest = hashlib.sha256(",".join(sorted(authority_codes)).encode()).digest()
    return np.uint64(int.from_bytes(digest[:8], "little"))


@njit(cache=True)
def identify(place, neighbourhood, rank):
    """Return the identifiers (uint64) of founders, from their neighbourhoods and ranks."""
    identifiers = np.empty(len(rank), dtype=np.uint64)
    for i in range(len(rank)):
        identifiers[i] = new_identifier(place, neighbourhood[i], rank[i])
    return identifiers


@njit(cache=True)
def uniforms(key, identifiers, decision):
    """Return one number between 0 and 1 for each identifier."""
    result = np.empty(len(identifiers))
    for i in range(len(identifiers)):
        result[i] = uniform(word(key, identifiers[i], 0, decision, 0))
    return result


@njit(cache=True)
def normals(key, identifiers, decision, attempt):
    """Return one standard normal number for each identifier."""
    result = np.empty(len(identifiers))
    for i in range(len(identifiers)):
        result[i] = standard_normal(word(key, identifiers[i], 0, decision, attempt))
    return result
