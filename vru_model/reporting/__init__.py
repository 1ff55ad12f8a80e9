"""Words, tables, charts and papers from stored runs.

What notebooks use is exported here and loaded on first use: a notebook that shows one chart does
not load the machinery of papers.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vru_model.reporting.findings import say
    from vru_model.reporting.glance import at_a_glance
    from vru_model.reporting.options import StrategyOptions
    from vru_model.reporting.papers import build
    from vru_model.reporting.strategy_paper import StrategyPaper

_HOME = {
    "at_a_glance": "vru_model.reporting.glance",
    "say": "vru_model.reporting.findings",
    "StrategyOptions": "vru_model.reporting.options",
    "StrategyPaper": "vru_model.reporting.strategy_paper",
    "build": "vru_model.reporting.papers",
}

__all__ = ["at_a_glance", "StrategyOptions", "StrategyPaper", "build", "say"]


def __getattr__(name: str) -> Any:
    """Load an exported name from its module on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
