"""Facilitated sessions: 10 to 30 people say what they believe and what they weigh.

From Python: ``Keeper`` keeps a session's file, ``elicited`` turns judgements into distributions,
``write_scenario`` hands them to the program, ``outcomes`` and ``verdict`` compare strategies by
everybody's weights, ``write_record`` writes what participants take away. ``SessionPage`` is the
page of ``notebooks/04_facilitated_session.ipynb``. The names are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vru_model.workbook.sessions.askable import quantities
    from vru_model.workbook.sessions.believed import elicited, read_back
    from vru_model.workbook.sessions.feeding import handed, override_document, write_scenario
    from vru_model.workbook.sessions.keeping import Keeper, read_session
    from vru_model.workbook.sessions.page import SessionPage
    from vru_model.workbook.sessions.record import Question, Session
    from vru_model.workbook.sessions.report import blocks, write_record
    from vru_model.workbook.sessions.swings import outcomes, verdict

_HOME = {
    "Keeper": "keeping", "Question": "record", "Session": "record", "SessionPage": "page",
    "blocks": "report", "elicited": "believed", "handed": "feeding", "outcomes": "swings",
    "override_document": "feeding", "quantities": "askable", "read_back": "believed",
    "read_session": "keeping", "verdict": "swings", "write_record": "report",
    "write_scenario": "feeding",
}  # fmt: skip

__all__ = [
    "Keeper", "Question", "Session", "SessionPage", "blocks", "elicited", "handed", "outcomes",
    "override_document", "quantities", "read_back", "read_session", "verdict", "write_record",
    "write_scenario",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a name from its module on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
