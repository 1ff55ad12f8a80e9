"""Parameters are documents: YAML files with values, units, ranges and sources, checked on load.

What most callers need is here; it is imported when it is first asked for, so that importing one
schema stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "load_model_parameters": "loading",
    "ModelParameters": "loading",
    "Override": "loading",
    "Programme": "programmes",
    "load_programme": "programmes",
    "check": "checking",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
