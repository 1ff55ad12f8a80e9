"""The paper "Programme and multi-year strategy": its parts, in the order of the notebook.

A notebook shows each part with ``display(*paper.decision())``. Every sentence with a number in it
is generated from the case; the notebook holds the words that no number changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from vru_model.reporting import provenance, strategies
from vru_model.reporting.blocks import Block, Panel, Terms, escape
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.decision import decision_box
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.board.paper import BoardPaper
from vru_model.reporting.board.programme import (
    changes_section,
    consists,
    ending_section,
    equality_section,
    finance_section,
    grant_section,
    milestones_section,
    needs_section,
    options_section,
    results_section,
    risks_section,
    theory_section,
)
from vru_model.reporting.board.programme.previous import papers_folder
from vru_model.reporting.board.programme.readings import Readings
from vru_model.reporting.board.standing import standing
from vru_model.reporting.estimates import label
from vru_model.reporting.findings import Report
from vru_model.reporting.words import count, in_words, long_date, money


@dataclass(frozen=True)
class ProgrammePaper(BoardPaper):
    """The paper's parts; each method returns the blocks to show.

    >>> paper = ProgrammePaper.prepare(options)
    >>> display(*paper.decision())

    Parameters
    ----------
    case
        The strategy put to the board, its alternatives and their runs.
    readings
        What this paper reads from the runs beside them.
    papers
        Where earlier papers are looked for.
    """

    case: BoardCase
    readings: Readings
    papers: Path = field(default_factory=papers_folder)

    @classmethod
    def prepare(cls, options: BoardOptions, report: Report | None = None) -> Self:
        """Run what has not been run yet and return the paper."""
        case = BoardCase.prepare(options, report)
        return cls(case, Readings(case), papers_folder(options.earlier))

    @property
    def question(self) -> str:
        """The question put to the board."""
        case = self.case
        yearly = strategies.budget(case.findings, case.strategy.name)
        return (
            f"Should {money(yearly)} a year over {case.options.years} years go to "
            f"{label(case.strategy.name)}, to reduce serious violence?"
        )

    def front(self) -> list[Block]:
        """Return who the paper is for and its standing."""
        place = self.case.manifest["place"]
        title = place["title"] + (" (synthetic neighbourhoods)" if place["synthetic"] else "")
        mark = "[DRAFT]{.draft} for discussion, " if standing().draft else ""
        rows = {
            "Board": "Executive oversight group, programme and multi-year strategy",
            "Chair": "Office of the Police and Crime Commissioner",
            "Place": f"{escape(title)}, {count(place['residents'])} residents",
            "Date and standing": f"{long_date(self.day)}, {mark}assurance: {standing().rating}",
        }
        return [Panel("front", "", [Terms(rows)])]

    def decision(self) -> list[Block]:
        """Return the decision box."""
        return [decision_box(self.case, escape(self.question), self.day)]

    def needs(self) -> list[Block]:
        """Return progress against each issue of the needs assessment."""
        return needs_section.needs_blocks(self.case, self.readings)

    def options(self) -> list[Block]:
        """Return the options side by side."""
        return options_section.options_blocks(self.case, self.readings)

    def strategies(self) -> list[Block]:
        """Return what each option consists of."""
        return consists.consists_blocks(self.case)

    def theory(self) -> list[Block]:
        """Return the map of how the strategy should work, and its table."""
        return theory_section.theory_blocks(self.case)

    def evidence(self) -> list[Block]:
        """Return the evidence for each programme of every option."""
        return [strategies.evidence_table(self.case.findings)]

    def measure(self, key: str) -> list[Block]:
        """Return what happens to one measure: "sharp_object_admissions" and the like."""
        return results_section.measure_blocks(self.case, self.readings, key)

    def crossing(self) -> list[Block]:
        """Return whether what works slowly overtakes what works quickly."""
        return results_section.crossing_blocks(self.case)

    def ending(self) -> list[Block]:
        """Return what is lost, and what is left, when the grant ends."""
        return ending_section.ending_blocks(self.case, self.readings)

    def grant(self) -> list[Block]:
        """Return the conditions of the grant, and match funding."""
        return grant_section.grant_blocks(self.case)

    def finance(self) -> list[Block]:
        """Return money by year in real and cash terms, and by programme."""
        return finance_section.finance_blocks(self.case)

    def equality(self) -> list[Block]:
        """Return who benefits, who takes part and what becomes of inequality."""
        return equality_section.equality_blocks(self.case, self.readings)

    def place(self) -> list[Block]:
        """Return who benefits by authority, and a map where the place has boundaries."""
        return equality_section.place_blocks(self.case, self.readings)

    def assumptions(self) -> list[Block]:
        """Return what the strategy hangs on."""
        return risks_section.assumption_blocks(self.case)

    def switching(self) -> list[Block]:
        """Return how far money assumptions must move for benefits to equal costs."""
        return risks_section.money_blocks(self.case)

    def risks(self) -> list[Block]:
        """Return the risks that show in the numbers and documents, and harms."""
        return risks_section.risk_blocks(self.case)

    def milestones(self) -> list[Block]:
        """Return what should be seen when, and when to look again."""
        return milestones_section.milestone_blocks(self.case)

    def plausibility(self) -> list[Block]:
        """Return the baseline beside records, then a warning where a result is too good."""
        return results_section.plausibility_blocks(self.case)

    def changes(self) -> list[Block]:
        """Return what changed since the last paper."""
        return changes_section.change_blocks(self.case, self.day, self.papers)

    def standing(self) -> list[Block]:
        """Return how many of the model's numbers were measured, and how many are judgement."""
        return [provenance.parameter_standing()]

    def statements(self) -> list[Block]:
        """Return the prompts for the statements that people write, each with its owner."""
        return provenance.prompts()

    def provenance(self) -> list[Block]:
        """Return how the paper was made, and how to make it again."""
        return provenance.how_it_was_made(replace(self.case.findings, runs=self.case.runs))

    def licence(self) -> list[Block]:
        """Return the attribution that every output from public data carries."""
        return [provenance.licence(self.case.findings)]

    @property
    def scenarios(self) -> str:
        """The options in words, for a reader of the notebook."""
        return in_words([name.replace("_", " ") for name in self.case.findings.scenarios])
