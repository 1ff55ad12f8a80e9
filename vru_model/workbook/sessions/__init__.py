"""Facilitated sessions: 10 to 30 people say what they believe and what they weigh.

From Python: ``Keeper`` keeps a session's file, ``elicited`` turns judgements into distributions,
``write_scenario`` hands them to the program, ``outcomes`` and ``verdict`` compare strategies by
everybody's weights, ``write_record`` writes what participants take away. ``SessionPage`` is the
page of ``notebooks/04_facilitated_session.ipynb``.
"""

from vru_model.workbook.sessions.askable import quantities
from vru_model.workbook.sessions.believed import elicited, read_back
from vru_model.workbook.sessions.feeding import handed, override_document, write_scenario
from vru_model.workbook.sessions.keeping import Keeper, read_session
from vru_model.workbook.sessions.record import Question, Session
from vru_model.workbook.sessions.report import blocks, write_record
from vru_model.workbook.sessions.swings import outcomes, verdict

__all__ = [
    "Keeper", "Question", "Session", "blocks", "elicited", "handed", "outcomes",
    "override_document", "quantities", "read_back", "read_session", "verdict", "write_record",
    "write_scenario",
]  # fmt: skip
