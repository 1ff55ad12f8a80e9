"""The assurance pack: its parts, in the order of the notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from vru_model.reporting.blocks import Block, Panel, Terms, escape
from vru_model.reporting.board.assurance import (
    checklists,
    logs,
    manifest,
    model_map,
    protection,
    reading,
    statement,
    transparency,
)
from vru_model.reporting.board.assurance.risks import risk_form
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.board.paper import BoardPaper
from vru_model.reporting.board.standing import standing
from vru_model.reporting.findings import Report
from vru_model.reporting.provenance import licence
from vru_model.reporting.words import count, long_date


@dataclass(frozen=True)
class AssurancePack(BoardPaper):
    """The pack's parts; each method returns the blocks to show.

    >>> pack = AssurancePack.prepare(options)
    >>> display(*pack.front(), *pack.statement())
    """

    case: BoardCase

    @classmethod
    def prepare(cls, options: BoardOptions, report: Report | None = None) -> Self:
        """Run what has not been run yet and return the pack."""
        return cls(BoardCase.prepare(options, report))

    def front(self) -> list[Block]:
        """Return what the pack is of, and its standing."""
        place = self.case.manifest["place"]
        title = place["title"] + (" (synthetic neighbourhoods)" if place["synthetic"] else "")
        draft = "[DRAFT]{.draft} " if standing().draft else ""
        rows = {
            "For": "Whoever assures, approves or reviews the board papers",
            "Papers on": f"{escape(self.case.strategy.title)}, against "
            f"{escape(self.case.baseline.title)}",
            "Place": f"{escape(title)}, {count(place['residents'])} residents",
            "Date and standing": f"{long_date(self.day)}, {draft}{standing().rating}; not to be "
            f"used after {standing().sunset(self.day)}",
        }
        return [Panel("front", "", [Terms(rows)])]

    def statement(self) -> list[Block]:
        """Return the assurance statement."""
        return statement.statement(self.case, self.day)

    def sign_off(self) -> list[Block]:
        """Return who signs what."""
        return logs.sign_off()

    def risks(self) -> list[Block]:
        """Return the risk form."""
        return risk_form(self.case)

    def verification(self) -> list[Block]:
        """Return what the tests hold."""
        return [statement.verification()]

    def validation(self) -> list[Block]:
        """Return the verdicts on what was held back, failures first."""
        return statement.validation()

    def calibration(self) -> list[Block]:
        """Return how the parameter sets were found."""
        return statement.calibration()

    def logs(self) -> list[Block]:
        """Return the logs in numbers, the largest assumptions, and the decisions."""
        return [logs.counts(), logs.how_known(), logs.largest(self.case), *logs.decisions()]

    def model_map(self) -> list[Block]:
        """Return the map of the model and the strategy's theory of change."""
        return model_map.blocks(self.case)

    def manifest(self) -> list[Block]:
        """Return what determined every number."""
        return manifest.blocks(self.case)

    def data_protection(self) -> list[Block]:
        """Return the data-protection record."""
        return protection.blocks(self.case)

    def transparency(self) -> list[Block]:
        """Return the algorithmic-transparency record."""
        return transparency.blocks(self.case)

    def accessibility(self) -> list[Block]:
        """Return the accessibility statement."""
        return reading.blocks()

    def checklists(self) -> list[Block]:
        """Return the checklists."""
        return checklists.blocks()

    def annex(self) -> list[Block]:
        """Return every table of the logs of assumptions and data."""
        return logs.annex()

    def licence(self) -> list[Block]:
        """Return the attribution of public data."""
        return [licence(self.case.alone)]
