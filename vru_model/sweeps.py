"""Random words of many at once: the same as those of ``randomness``, several in an instruction.

The step's sweeps over everybody are here: words are drawn and compared with bounds, and only those
whom they may concern are handed on. They go block by block, so that words never leave the nearest
cache, and so that the rows of those handed on can be asked for together.
"""

from typing import NamedTuple

import numpy as np

from vru_model.compiling import inlined, kernel, part, widened
from vru_model.randomness import next_key, one_round, ten_rounds

_LOW = np.uint64(0xFFFFFFFF)
_SHIFT_32 = np.uint64(32)
_SHIFT_24 = np.uint32(24)

BLOCK = 2048
"""How many residents a sweep takes together."""

LANES = 16
"""How many words one instruction makes at most: a few are made as fast as this many."""

_ABREAST = 4  # chains of rounds that are worked out side by side
_AT_A_GLANCE = 8  # comparisons looked at in one


class Block(NamedTuple):
    """Room for one block of a sweep."""

    words: np.ndarray  # uint32
    below: np.ndarray  # uint64: eight comparisons each
    positions: np.ndarray  # int32, of those handed on
    low: np.ndarray  # uint32, their words


def a_block() -> Block:
    """Return room for one block of a sweep."""
    return Block(
        np.empty(BLOCK, np.uint32),
        np.empty(BLOCK // _AT_A_GLANCE, np.uint64),
        np.empty(BLOCK, np.int32),
        np.empty(BLOCK, np.uint32),
    )


@widened
@kernel
def first_words(key, identifiers, time, decision, attempt, words):
    """Fill ``words`` with the first word of one decision of many residents at once.

    The same words as :func:`word`, several residents in each instruction.
    """
    key_0, key_1 = np.uint32(key & _LOW), np.uint32(key >> _SHIFT_32)
    when = np.uint32(time)
    what = np.uint32((np.uint32(decision) << _SHIFT_24) | np.uint32(attempt))
    size = identifiers.shape[0]
    some = size // _ABREAST
    of = (
        identifiers[:some], identifiers[some : 2 * some],
        identifiers[2 * some : 3 * some], identifiers[3 * some : 4 * some],
    )  # fmt: skip
    into = words[:some], words[some : 2 * some], words[2 * some : 3 * some], words[3 * some :]
    for n in range(some):
        first = _counter(of[0][n], when, what), _counter(of[1][n], when, what)
        last = _counter(of[2][n], when, what), _counter(of[3][n], when, what)
        four = _ten_rounds_abreast(first[0], first[1], last[0], last[1], key_0, key_1)
        into[0][n], into[1][n], into[2][n], into[3][n] = four
    for n in range(_ABREAST * some, size):
        counter = _counter(identifiers[n], when, what)
        words[n] = ten_rounds(counter[0], counter[1], counter[2], counter[3], key_0, key_1)[0]


@inlined
def _counter(identifier, when, what):
    return np.uint32(identifier & _LOW), np.uint32(identifier >> _SHIFT_32), when, what


@inlined
def _ten_rounds_abreast(a, b, c, d, k0, k1):
    """Return the first words of four counters: while one waits for a product, others go on."""
    a, b, c, d = _round_abreast(a, b, c, d, k0, k1)
    k0, k1 = next_key(k0, k1)
    a, b, c, d = _round_abreast(a, b, c, d, k0, k1)
    k0, k1 = next_key(k0, k1)
    a, b, c, d = _round_abreast(a, b, c, d, k0, k1)
    k0, k1 = next_key(k0, k1)
    a, b, c, d = _round_abreast(a, b, c, d, k0, k1)
    k0, k1 = next_key(k0, k1)
    a, b, c, d = _round_abreast(a, b, c, d, k0, k1)
    k0, k1 = next_key(k0, k1)
    a, b, c, d = _round_abreast(a, b, c, d, k0, k1)
    k0, k1 = next_key(k0, k1)
    a, b, c, d = _round_abreast(a, b, c, d, k0, k1)
    k0, k1 = next_key(k0, k1)
    a, b, c, d = _round_abreast(a, b, c, d, k0, k1)
    k0, k1 = next_key(k0, k1)
    a, b, c, d = _round_abreast(a, b, c, d, k0, k1)
    k0, k1 = next_key(k0, k1)
    a, b, c, d = _round_abreast(a, b, c, d, k0, k1)
    return a[0], b[0], c[0], d[0]


@inlined
def _round_abreast(a, b, c, d, k0, k1):
    return (
        one_round(a[0], a[1], a[2], a[3], k0, k1),
        one_round(b[0], b[1], b[2], b[3], k0, k1),
        one_round(c[0], c[1], c[2], c[3], k0, k1),
        one_round(d[0], d[1], d[2], d[3], k0, k1),
    )


@part
def below_bounds(key, identifiers, bounds, first, time, decision, block):
    """Find those of the block at ``first`` whose first word lies below their bound.

    Returns how many; their positions and words lie in ``block``.
    """
    size = min(BLOCK, len(identifiers) - first)
    first_words(key, identifiers[first : first + size], time, decision, 0, block.words)
    limits = bounds[first : first + size]
    below = block.below.view(np.uint8)
    for n in range(size):
        below[n] = block.words[n] < limits[n]
    return _gather(block, first, size)


@part
def below(key, identifiers, limit, first, time, decision, block):
    """Find those of the block at ``first`` whose first word lies below one limit for all."""
    size = min(BLOCK, len(identifiers) - first)
    first_words(key, identifiers[first : first + size], time, decision, 0, block.words)
    below = block.below.view(np.uint8)
    for n in range(size):
        below[n] = block.words[n] < limit
    return _gather(block, first, size)


@part
def equal_to(values, value, first, block):
    """Find those of the block at ``first`` who have a value; return how many."""
    size = min(BLOCK, len(values) - first)
    some, below = values[first : first + size], block.below.view(np.uint8)
    for n in range(size):
        below[n] = some[n] == value
    return _gather(block, first, size)


@part
def _gather(block, first, size):
    """Gather those below, eight at a glance: in most eights there is nobody."""
    found = 0
    below = block.below.view(np.uint8)
    for n in range(size, -(-size // _AT_A_GLANCE) * _AT_A_GLANCE):
        below[n] = 0
    for glance in range(-(-size // _AT_A_GLANCE)):
        if block.below[glance]:
            for n in range(glance * _AT_A_GLANCE, (glance + 1) * _AT_A_GLANCE):
                if below[n]:
                    block.positions[found] = first + n
                    block.low[found] = block.words[n]
                    found += 1
    return found


@part
def below_bounds_of(key, some, bounds, first, time, decision, block):
    """Find those of the block at ``first`` of some residents (``people.Children``) likewise.

    Returns how many; the residents and their words lie in ``block``.
    """
    size = min(BLOCK, len(some.resident) - first)
    residents = some.resident[first : first + size].view(np.uint32)
    first_words(key, some.identifier[first : first + size], time, decision, 0, block.words)
    below = block.below.view(np.uint8)
    for n in range(size):
        below[n] = block.words[n] < bounds[residents[n]]
    found = _gather(block, 0, size)
    for n in range(found):
        block.positions[n] = residents[block.positions[n]]
    return found


@inlined
def four_words_of(key, identifiers, time, decision, attempts, words):
    """Fill ``words``, shape (4, n), with the four words of an attempt of each of many residents.

    The same words as :func:`four_words`, several residents in each instruction.
    """
    key_0, key_1 = np.uint32(key & _LOW), np.uint32(key >> _SHIFT_32)
    what = np.uint32(np.uint32(decision) << _SHIFT_24)
    for n in range(len(identifiers)):
        low, high = np.uint32(identifiers[n] & _LOW), np.uint32(identifiers[n] >> _SHIFT_32)
        four = ten_rounds(low, high, np.uint32(time), what | attempts[n], key_0, key_1)
        words[0, n] = four[0]
        words[1, n] = four[1]
        words[2, n] = four[2]
        words[3, n] = four[3]


@inlined
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


@inlined
def first_words_of_attempts(key, identifier, time, decision, first, words):
    """Fill ``words`` with the first words of consecutive attempts of one resident."""
    key_0, key_1 = np.uint32(key & _LOW), np.uint32(key >> _SHIFT_32)
    low, high = np.uint32(identifier & _LOW), np.uint32(identifier >> _SHIFT_32)
    what = np.uint32((np.uint32(decision) << _SHIFT_24) | np.uint32(first))
    for n in range(words.shape[0]):
        words[n] = ten_rounds(low, high, np.uint32(time), np.uint32(what + n), key_0, key_1)[0]
