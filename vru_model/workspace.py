"""Arrays that are used again: memory fresh from the system costs more than the work on it."""

import math
import mmap
from contextlib import suppress

import numpy as np

_LINE = 64  # bytes that a processor fetches at once
_LONG = 4 * 1024**2  # bytes
_SPARE = 16  # a buffer that is too short grows by this share more than is asked for


def aligned_zeros(length: int, dtype, *of_each: int) -> np.ndarray:
    """Return an array of zeros that begins at a line of the processor's caches.

    So rows of 64 bytes lie in one line each. Memory that nobody has touched yet costs nothing;
    long arrays ask for large pages, without which the processor spends its time on addresses.
    """
    dtype = np.dtype(dtype)
    size = length * math.prod(of_each) * dtype.itemsize
    raw = _large_pages(size) if size >= _LONG else np.zeros(size + _LINE, np.uint8)
    first = -raw.ctypes.data % _LINE
    return raw[first : first + size].view(dtype).reshape(length, *of_each)


def _large_pages(size: int) -> np.ndarray:
    if not hasattr(mmap, "MADV_HUGEPAGE"):  # a system without them
        return np.zeros(size + _LINE, np.uint8)
    memory = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with suppress(OSError):
        memory.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(memory, np.uint8)


class Workspace:
    """Buffers by name, each as long as was ever asked for.

    One may serve several worlds one after the other, not two at a time.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._held: dict[str, np.ndarray] = {}
        self._turns: dict[str, int] = {}

    def array(self, name: str, length: int, dtype, *of_each: int, fill=None) -> np.ndarray:
        """Return an array of a length (and of the shape ``of_each`` beyond it).

        It is the caller's until the same name is asked for again. What it holds is left over from
        before, unless there is something to ``fill`` it with.
        """
        held = self._held.get(name)
        if held is None or len(held) < length:
            held = aligned_zeros(length + length // _SPARE, dtype, *of_each)
            self._held[name] = held
        array = held[:length]
        if fill is not None:
            array.fill(fill)
        return array

    def zeros(self, name: str, length: int, dtype) -> np.ndarray:
        """Return an array of zeros; memory that nobody has touched yet costs nothing."""
        if name in self._held and len(self._held[name]) >= length:
            array = self.array(name, length, dtype)
            array.view(np.uint8).fill(0)
            return array
        self._held[name] = aligned_zeros(length, dtype)
        return self._held[name]

    def extended(self, name: str, array: np.ndarray, more: np.ndarray) -> np.ndarray:
        """Return the array of a name with more at its end."""
        longer = self.array(name, len(array) + len(more), array.dtype)
        if not np.may_share_memory(longer, array):  # a longer buffer had to be made
            longer[: len(array)] = array
        longer[len(array) :] = more
        return longer

    def give_back(self, name: str) -> None:
        """Give the memory of a name back to the system once nobody uses it any more."""
        self._held.pop(name, None)

    def turn(self, name: str) -> int:
        """Return 0 and 1 by turns: for what is read while its successor is made."""
        self._turns[name] = 1 - self._turns.get(name, 1)
        return self._turns[name]
