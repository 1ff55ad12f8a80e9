"""The paper "System change": its parts, in the order of the notebook.

Every sentence with a number in it is generated here or in the modules beside it; the notebook
holds the words that no number changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import pandas as pd

from vru_model.analysis.appraisal.agencies import AgencyAccount
from vru_model.analysis.pathways import pathways
from vru_model.experiments import Run
from vru_model.parameters.accounts.agencies import AgencyBook, load_agencies
from vru_model.parameters.documents import built_in_names
from vru_model.parameters.programmes import Programme
from vru_model.parameters.register import load_programme
from vru_model.place import Place, load_place
from vru_model.reporting import provenance
from vru_model.reporting.blocks import Block, Panel, Prose, Table, Terms, escape
from vru_model.reporting.board.case import BASELINE, STRATEGY, BoardCase
from vru_model.reporting.board.decision import decision_box
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.board.paper import BoardPaper
from vru_model.reporting.board.standing import standing
from vru_model.reporting.board.system import money_blocks, readiness
from vru_model.reporting.board.system.boundaries import Boundary, boundaries, needed
from vru_model.reporting.board.system.boundary_blocks import boundary_blocks, summary
from vru_model.reporting.board.system.gains import gain_blocks, gains
from vru_model.reporting.board.system.package import Package, halves, package_blocks
from vru_model.reporting.board.system.partners import page
from vru_model.reporting.board.system.pilots import PILOTS, Pilots, pilot_blocks
from vru_model.reporting.board.system.removals import Removals
from vru_model.reporting.estimates import label
from vru_model.reporting.findings import Report, run_together
from vru_model.reporting.markup import source_markdown
from vru_model.reporting.words import count, long_date, plural
from vru_model.scenario import Scenario

BOARD = "system_change"


@dataclass(frozen=True)
class SystemChange(BoardPaper):
    """The paper's parts; each method returns the blocks to show.

    Parameters
    ----------
    case
        What all papers rest on.
    tests
        The boundaries between partners.
    halves
        The strategy's two halves, None where it has no two.
    runs
        Every run that the paper rests on, by scenario name.
    """

    case: BoardCase
    tests: tuple[Boundary, ...]
    halves: tuple[Scenario, Scenario] | None
    runs: Mapping[str, Run]

    @classmethod
    def prepare(cls, options: BoardOptions, report: Report | None = None) -> Self:
        """Run what has not been run yet and return the paper."""
        case = BoardCase.prepare(options, report)
        tests = boundaries(case.strategy, case.run(STRATEGY))
        parts = halves(case.strategy, load_agencies())
        asked = [*needed(tests), Scenario.load(PILOTS), *(parts or ())]
        new = {each.name: each for each in asked if each.name not in case.runs}
        runs = {**case.runs, **run_together(list(new.values()), options, report)}
        return cls(case, tuple(tests), parts, runs)

    @property
    def question(self) -> str:
        """The question put to the board."""
        return (
            "Which boundaries between organisations should the partners remove, so that "
            f"{label(self.case.strategy.name)} does more, and who should share the cost?"
        )

    @property
    def run_ids(self) -> tuple[str, ...]:
        """The names of all runs that the paper rests on."""
        return tuple(dict.fromkeys(run.run_id for run in self.runs.values()))

    @cached_property
    def agencies(self) -> AgencyBook:
        """The agencies, who fills their places, and who pays."""
        return load_agencies()

    @cached_property
    def account(self) -> AgencyAccount:
        """Who pays and who saves under the strategy."""
        return self.case.account()

    @cached_property
    def tested(self) -> Removals:
        """The boundaries with their runs."""
        return Removals(self.tests, self.runs, self.case.options.years)

    def front(self) -> list[Block]:
        """Return who the paper is for and its standing."""
        board = self.agencies.boards[BOARD]
        chair = self.agencies.agencies[board.chair]
        body = chair.body(self.day)
        place = self.case.manifest["place"]
        title = place["title"] + (" (synthetic neighbourhoods)" if place["synthetic"] else "")
        mark = "[DRAFT]{.draft} for discussion" if standing().draft else "For decision"
        rows = {
            "Board": escape(board.title),
            "Chair": f"A local authority, for {escape(body.title.lower() if body else 'nobody')}",
            "Place": f"{escape(title)}, {count(place['residents'])} residents",
            "Date and standing": f"{long_date(self.day)}, {mark}",
        }
        return [Panel("front", "", [Terms(rows)])]

    def decision(self) -> list[Block]:
        """Return the decision box."""
        return [decision_box(self.case, self.question, self.day, summary(self.tested))]

    def who_pays(self) -> list[Block]:
        """Return the agency matrix, figure and table."""
        return money_blocks.matrix_blocks(self.case, self.account)

    def partners(self) -> list[Block]:
        """Return a page for each agency of the executive group."""
        options = self.case.options
        stages = pathways(self.case.run(STRATEGY))
        base = self.case.streams().profile.price_base
        pages: list[Block] = []
        for name, agency in self.agencies.agencies.items():
            if agency.executive:
                pages += page(
                    name, agency, self.day, self.case.strategy, _register(), self.account, stages,
                    options.years, base,
                )  # fmt: skip
        return [*pages, Prose(source_markdown(f"{self.case.source}; parameters/agencies.yaml"))]

    def boundaries(self) -> list[Block]:
        """Return what removing each boundary is worth, and to whom."""
        found = gains(self.tested, self.agencies)
        return [*boundary_blocks(self.tested), *gain_blocks(self.tested, found)]

    def pilots(self) -> list[Block]:
        """Return what pilots in places do inside and outside."""
        case = self.case
        scenario = Scenario.load(PILOTS)
        before, after = case.run(BASELINE), self.runs[scenario.name]
        return pilot_blocks(Pilots(scenario, self._place, before, after, case.options.years))

    def pooling(self) -> list[Block]:
        """Return what could be pooled, and each partner's position by rule of sharing."""
        joint = readiness.joint_table(self.case.strategy, self.agencies)
        shared = money_blocks.pooling_blocks(self.case, self.account, self.agencies, self._place)
        return [joint, *shared]

    def package(self) -> list[Block]:
        """Return the package against the sum of its parts."""
        if self.halves is None:
            return package_blocks(None)
        case = self.case
        return package_blocks(Package(
            case.strategy, self.halves, self.runs, case.baseline.name, case.options.years
        ))  # fmt: skip

    def readiness(self) -> list[Block]:
        """Return what must be in place before each programme starts."""
        return readiness.readiness_blocks(self.case.strategy)

    def information(self) -> list[Block]:
        """Return the prompts on information, each with its owner."""
        return readiness.information_prompts()

    def statements(self) -> list[Block]:
        """Return the prompts for the statements that people write, each with its owner."""
        return provenance.prompts()

    def assumptions(self) -> list[Block]:
        """Return how many of the model's numbers were measured, and how many are judgement."""
        return [provenance.parameter_standing()]

    def provenance(self) -> list[Block]:
        """Return how the paper was made, with the runs that only this paper needs."""
        own = [
            {"Run of this paper": run.run_id, "What it is": self._title(name)}
            for name, run in self.runs.items() if name not in self.case.runs
        ]  # fmt: skip
        table = Table(
            "own-runs", f"The {plural(len(own), 'run')} that this paper alone needs",
            pd.DataFrame(own, columns=["Run of this paper", "What it is"]),
            source=f"the manifests of {', '.join(self.run_ids)}", text_columns=("What it is",),
        )  # fmt: skip
        return [*provenance.how_it_was_made(self.case.findings), table]

    def licence(self) -> list[Block]:
        """Return the attribution that every output from public data carries."""
        return [provenance.licence(self.case.findings)]

    @cached_property
    def _place(self) -> Place:
        return load_place(self.case.options.place, self.case.options.scale)

    def _title(self, name: str) -> str:
        return str(self.runs[name].manifest["scenario"]["title"])


def _register() -> dict[str, Programme]:
    return {name: load_programme(name) for name in built_in_names("programmes")}
