"""What every paper on a case can say of itself."""

from __future__ import annotations

from datetime import date

from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.words import build_date


class BoardPaper:
    """A paper on a case: its date, and the runs that it rests on."""

    case: BoardCase

    @property
    def day(self) -> date:
        """The date on the paper."""
        given = self.case.options.date
        return date.fromisoformat(given) if given else build_date()

    @property
    def run_ids(self) -> tuple[str, ...]:
        """The names of all runs that it rests on."""
        return self.case.run_ids
