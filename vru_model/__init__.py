"""Strategy workbook and scenario model of a Violence Reduction Unit.

Three lines to a result::

    import vru_model as vru
    base, other = vru.run("baseline"), vru.run("slow")
    vru.compare(base, other).table

The names below are loaded when they are first used, so that `import vru_model` costs nothing:
the command line answers at once, and a notebook loads only what it needs.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vru_model.experiments.compare import compare
    from vru_model.experiments.runner import run
    from vru_model.model import ViolenceModel
    from vru_model.place import load_place
    from vru_model.scenario import Scenario

__version__ = "0.1.0"

_HOME = {
    "Scenario": "vru_model.scenario",
    "ViolenceModel": "vru_model.model",
    "compare": "vru_model.experiments",
    "load_place": "vru_model.place",
    "run": "vru_model.experiments",
}

__all__ = ["Scenario", "ViolenceModel", "__version__", "compare", "load_place", "run"]


def __getattr__(name: str) -> Any:
    """Load an exported name from its module on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with _nothing_looked_for():
        value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


@contextmanager
def _nothing_looked_for() -> Iterator[None]:
    """Let Python not look for unreachable objects while it makes many that stay.

    It would do so again and again while libraries are loaded, for a tenth of a second.
    """
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()


def __dir__() -> list[str]:
    """List the exported names too, so that a notebook's Tab key offers them."""
    return sorted({*globals(), *_HOME})
