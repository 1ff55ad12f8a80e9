"""Asking for memory before it is needed.

The residents to whom something happens in a month lie far apart in memory, and fetching the row
of one takes longer than working on it. A loop over them that asks for the row of somebody a few
turns ahead need not wait; it changes nothing else.
"""

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from vru_model.compiling import inlined

AHEAD = 12
"""Turns of a loop for which a row is asked ahead."""

_LINE = 64  # bytes that a processor fetches at once


def _asking_for(*offsets: int):
    """Return a function that asks for the memory at some bytes from where an item begins."""

    def ask(typing_context, array, index):
        def generate(context, builder, signature, arguments):
            array_type, index_type = signature.args
            view = context.make_array(array_type)(context, builder, arguments[0])
            at = context.cast(builder, arguments[1], index_type, types.intp)
            item = cgutils.get_item_pointer(context, builder, array_type, view, [at])
            bytes_of_item = builder.bitcast(item, ir.IntType(8).as_pointer())
            number = ir.IntType(32)
            fetch = cgutils.get_or_insert_function(
                builder.module,
                ir.FunctionType(ir.VoidType(), [bytes_of_item.type, number, number, number]),
                "llvm.prefetch.p0" if _opaque(bytes_of_item.type) else "llvm.prefetch.p0i8",
            )
            for offset in offsets:
                address = builder.gep(bytes_of_item, [ir.IntType(64)(offset)])
                builder.call(fetch, [address, number(0), number(3), number(1)])
            return context.get_dummy_value()

        return types.void(array, index), generate

    return ask


prefetch = intrinsic(_asking_for(0, _LINE))
"""Ask for the memory of a resident's row: its first line and the one after it."""

prefetch_line = intrinsic(_asking_for(0))
"""Ask for the memory of one item of an array that is shorter than a line."""


def _opaque(pointer: ir.PointerType) -> bool:
    """Say whether this version of the compiler has pointers without a type."""
    return str(pointer) == "ptr"


@inlined
def ask_for_those_involved(people, incidents, n):
    """Ask for the rows of the aggressor and the victim of an incident some turns ahead."""
    later = incidents[min(n + AHEAD, len(incidents) - 1)]
    prefetch(people, later.aggressor)
    prefetch(people, later.victim)
