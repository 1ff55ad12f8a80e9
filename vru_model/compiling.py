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


def widened(function: Any) -> Any:
    """Have a compiled function serve all whole numbers alike, and return it.

    numba would compile it once for each constant that some caller hands over. Those are many, and
    whoever runs the model for the first time waits for all of them.
    """
    specialised = function.get_call_template

    def general(arguments, by_name):
        wide = tuple(numba.types.unliteral(each) for each in arguments)
        return specialised(wide, by_name)

    function.get_call_template = general
    return function


def part(function: Any) -> Any:
    """Compile a function that kernels call; its instructions are put into each of them.

    A call would hand over every array of the residents by itself, which takes longer than most
    parts: without calls, a world takes a twentieth less time and is compiled as soon.
    """
    return widened(numba.njit(function, forceinline=True, **_WITHOUT_COUNTING))


inlined = numba.njit(inline="always")
"""Write a short function out in each of its callers before any is compiled."""
