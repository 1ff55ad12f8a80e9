"""Words, tables, charts and papers from stored runs.

What notebooks use is exported here and loaded on first use: a notebook that shows one chart does
not load the machinery of papers.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vru_model.reporting.board.options import BoardOptions
    from vru_model.reporting.board.programme.paper import ProgrammePaper
    from vru_model.reporting.findings import say
    from vru_model.reporting.glance import at_a_glance
    from vru_model.reporting.papers import build

_HOME = {
    "at_a_glance": "vru_model.reporting.glance",
    "BoardOptions": "vru_model.reporting.board.options",
    "build": "vru_model.reporting.papers",
    "ProgrammePaper": "vru_model.reporting.board.programme.paper",
    "say": "vru_model.reporting.findings",
}

__all__ = ["BoardOptions", "ProgrammePaper", "at_a_glance", "build", "say"]


def __getattr__(name: str) -> Any:
    """Load an exported name from its module on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
