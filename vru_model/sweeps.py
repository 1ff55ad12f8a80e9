"""Random words of many at once: the same as those of ``randomness``, several in an instruction.

The step's sweeps over everybody are here: words are drawn and compared with bounds, and only those
whom they may concern are handed on.
"""

import numba
import numpy as np

from vru_model.randomness import ten_rounds

_LOW = np.uint64(0xFFFFFFFF)
_SHIFT_32 = np.uint64(32)
_SHIFT_24 = np.uint32(24)
_BLOCK = 2048

LANES = 16
"""How many words one instruction makes at most: a few are made as fast as this many."""


@numba.njit(cache=True)
def first_words(key, identifiers, time, decision, attempt, words):
    """Fill ``words`` with the first word of one decision of many residents at once.

    The same words as :func:`word`, several residents in each instruction.
    """
    key_0, key_1 = np.uint32(key & _LOW), np.uint32(key >> _SHIFT_32)
    when = np.uint32(time)
    what = np.uint32((np.uint32(decision) << _SHIFT_24) | np.uint32(attempt))
    for n in range(identifiers.shape[0]):
        words[n] = ten_rounds(
            np.uint32(identifiers[n] & _LOW),
            np.uint32(identifiers[n] >> _SHIFT_32),
            when,
            what,
            key_0,
            key_1,
        )[0]


@numba.njit(cache=True)
def below_bounds(key, identifiers, bounds, time, decision):
    """Return the positions (int32) and words of those whose first word lies below their bound.

    The sweep over everybody: words are made block by block, so that they never leave the
    nearest cache, and the positions are gathered without a branch.
    """
    count = identifiers.shape[0]
    found = 0
    positions, low = np.empty(count, np.int32), np.empty(count, np.uint32)
    words = np.empty(_BLOCK, np.uint32)
    for first in range(0, count, _BLOCK):
        size = min(_BLOCK, count - first)
        first_words(key, identifiers[first : first + size], time, decision, 0, words)
        limits = bounds[first : first + size]
        for n in range(size):
            positions[found] = first + n
            low[found] = words[n]
            found += words[n] < limits[n]
    return positions[:found], low[:found]


@numba.njit(cache=True)
def below_bounds_of(key, identifiers, bounds, residents, time, decision):
    """Return which of some residents have a first word below their bound, and those words.

    The same as :func:`below_bounds` for a list of residents (int32).
    """
    count = residents.shape[0]
    found = 0
    chosen, low = np.empty(count, np.int32), np.empty(count, np.uint32)
    words, here = np.empty(_BLOCK, np.uint32), np.empty(_BLOCK, np.uint64)
    for first in range(0, count, _BLOCK):
        some = residents[first : min(first + _BLOCK, count)]
        for n in range(len(some)):
            here[n] = identifiers[some[n]]
        first_words(key, here[: len(some)], time, decision, 0, words)
        for n in range(len(some)):
            chosen[found] = some[n]
            low[found] = words[n]
            found += words[n] < bounds[some[n]]
    return chosen[:found], low[:found]


@numba.njit
def words_of_attempts(key, identifier, time, decision, first, words):
    """Fill ``words``, shape (2, 2, attempts), with the four words of consecutive attempts.

    The same words as :func:`four_words`, several attempts in each instruction.
    """
    key_0, key_1 = np.uint32(key & _LOW), np.uint32(key >> _SHIFT_32)
    low, high = np.uint32(identifier & _LOW), np.uint32(identifier >> _SHIFT_32)
    what = np.uint32((np.uint32(decision) << _SHIFT_24) | np.uint32(first))
    for n in range(words.shape[2]):
        four = ten_rounds(low, high, np.uint32(time), np.uint32(what + n), key_0, key_1)
        words[0, 0, n] = four[0]
        words[0, 1, n] = four[1]
        words[1, 0, n] = four[2]
        words[1, 1, n] = four[3]
