"""One keyed random number for each uncertain parameter and draw.

The number depends on the parameter's own name, the draw and the seed, and on nothing else. So
adding, removing or reordering parameters never changes the draws of the others, and a draw is
the same whichever process makes it.
"""

import hashlib

import numba
import numpy as np

from vru_model import randomness


def uniforms(names: list[str], draw: int, seed: int) -> np.ndarray:
    """Return one number strictly between 0 and 1 for each dotted name (float64, shape (names,))."""
    identifiers = np.array([identifier(name) for name in names], dtype=np.uint64)
    return _uniforms(randomness.world_key(seed, 0), identifiers, draw)


def identifier(name: str) -> int:
    """Return the 64-bit hash of a dotted name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


@numba.njit(cache=True)
def _uniforms(key, identifiers, draw):
    values = np.empty(identifiers.size)
    for i in range(identifiers.size):
        bits = randomness.word(key, identifiers[i], draw, randomness.PARAMETER, 0)
        values[i] = randomness.uniform(bits)
    return values
