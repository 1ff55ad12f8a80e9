"""Asking for memory before it is needed.

The residents to whom something happens in a month lie far apart in memory, and fetching the row
of one takes longer than working on it. A loop over them that asks for the row of somebody a few
turns ahead need not wait; it changes nothing else.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from vru_model.compiling import inlined

AHEAD = 12
"""Turns of a loop for which a row is asked ahead."""

def _ask(typing_context, array, index):
    def generate(context, builder, signature, arguments):
        array_type, index_type = signature.args
        view = context.make_array(array_type)(context, builder, arguments[0])
        at = context.cast(builder, arguments[1], index_type, types.intp)
        item = cgutils.get_item_pointer(context, builder, array_type, view, [at])
        address = builder.bitcast(item, ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        fetch = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(ir.VoidType(), [address.type, number, number, number]),
            "llvm.prefetch.p0" if _opaque(address.type) else "llvm.prefetch.p0i8",
        )
        builder.call(fetch, [address, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, index), generate


prefetch_line: Any = intrinsic(_ask)
"""Ask for the memory of one item of an array, which is not longer than a line."""


def _opaque(pointer: ir.PointerType) -> bool:
    """Say whether this version of the compiler has pointers without a type."""
    return str(pointer) == "ptr"


@inlined
def prefetch(people, i):
    """Ask for what a resident is: profile and state."""
    prefetch_line(people.profile, i)
    prefetch_line(people.state, i)


@inlined
def prefetch_to_draw(people, i):
    """Ask for what a resident is, and for the identifier that their draws are keyed by."""
    prefetch_line(people.identifier, i)
    prefetch(people, i)


@inlined
def ask_for_those_involved(people, incidents, n):
    """Ask for the rows of the aggressor and the victim of an incident some turns ahead."""
    later = incidents[min(n + AHEAD, len(incidents) - 1)]
    prefetch_to_draw(people, later.aggressor)
    prefetch(people, later.victim)
