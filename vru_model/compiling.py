"""How loops over residents are compiled.

A kernel works on arrays that it is given and allocates none: then numba need not count references
to them, which costs as much as the work itself where many arrays are at hand in a loop.
"""

from typing import Any

import numba

from vru_model import kernel_cache

kernel_cache.use()

_WITHOUT_COUNTING: dict[str, Any] = {"_nrt": False}

kernel = numba.njit(cache=True, **_WITHOUT_COUNTING)
"""Compile a loop and keep it on disk; numba refuses one that allocates."""

part = numba.njit(**_WITHOUT_COUNTING)
"""Compile a function that kernels call."""

inlined = numba.njit(inline="always")
"""Compile a function into each of its callers."""
