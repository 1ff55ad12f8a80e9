"""The board paper "Impact and evaluation": its parts, in the order of the notebook.

Chair: Public Health. It asks which programmes should be stopped, adapted, continued or scaled,
and answers each by a fixed rule that may say that it cannot be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from vru_model.reporting import provenance
from vru_model.reporting.blocks import Block, Panel, Prose, Terms, escape
from vru_model.reporting.board.case import BASELINE, STRATEGY, BoardCase
from vru_model.reporting.board.decision import decision_box
from vru_model.reporting.board.impact import (
    benefits,
    delivery,
    described,
    designs,
    harms,
    incremental,
    observed,
    register,
    scaling,
    series,
    verdicts,
    worth,
)
from vru_model.reporting.board.impact.options import ImpactOptions
from vru_model.reporting.board.impact.runs import ImpactRuns, impact_runs
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.board.paper import BoardPaper
from vru_model.reporting.board.standing import standing
from vru_model.reporting.findings import Report
from vru_model.reporting.words import count, long_date

QUESTION = "Which programmes should be stopped, adapted, continued or scaled?"
_TWICE = 2.0


@dataclass(frozen=True)
class ImpactPaper(BoardPaper):
    """The paper's parts; each method returns the blocks to show.

    >>> paper = ImpactPaper.prepare(options)
    >>> display(*paper.verdicts())

    Parameters
    ----------
    case
        The strategy put to the board, with its runs.
    runs
        The extra runs of this paper: without each programme, scaled, displaced.
    """

    case: BoardCase
    runs: ImpactRuns

    @classmethod
    def prepare(cls, options: BoardOptions, report: Report | None = None) -> Self:
        """Run what has not been run yet and return the paper."""
        case = BoardCase.prepare(options, report)
        runs = impact_runs(
            case.strategy, case.run(BASELINE), case.run(STRATEGY), options, report
        )
        return cls(case, runs)

    @property
    def run_ids(self) -> tuple[str, ...]:
        """The names of all runs that the paper rests on."""
        return tuple(dict.fromkeys((*self.case.run_ids, *self.runs.run_ids)))

    @cached_property
    def increments(self) -> dict[str, incremental.Increment]:
        """What each programme adds to the rest of the strategy."""
        return incremental.increments(self.case, self.runs)

    @cached_property
    def reached(self) -> dict[str, delivery.Reached]:
        """How each programme reaches people."""
        return delivery.reached(self.case)

    @cached_property
    def places_used(self) -> dict[float, dict[str, float]]:
        """Factor on the money → programme → share of funded places used."""
        return scaling.used(self.runs, self.case.options.years)

    @cached_property
    def worths(self) -> dict[str, worth.Worth]:
        """What each programme's part is worth for its money."""
        return worth.worths(self.case, self.runs)

    @cached_property
    def weighed(self) -> dict[str, verdicts.Weighed]:
        """What the rule looks at, programme by programme, most money first."""
        trials = register.virtual_trials()
        return {
            one.name: verdicts.Weighed(
                increment=self.increments[one.name],
                reached=self.reached[one.name],
                trial=trials.get(one.name),
                draws=self.case.options.draws,
                full_at_twice=self.places_used.get(_TWICE, {}).get(one.name),
                worth=self.worths[one.name],
            )
            for one in register.ordered(self.case)
        }

    @cached_property
    def found(self) -> dict[str, verdicts.Verdict]:
        """The verdict of the rule on each programme."""
        return {name: verdicts.verdict(one) for name, one in self.weighed.items()}

    def front(self) -> list[Block]:
        """Return who the paper is for and its standing."""
        place = self.case.findings.place
        title = place["title"] + (" (synthetic neighbourhoods)" if place["synthetic"] else "")
        draft = "[DRAFT]{.draft} for discussion, " if standing().draft else ""
        rows = {
            "Board": "Executive oversight group, impact and evaluation of interventions",
            "Chair": "Public Health",
            "Place": f"{escape(title)}, {count(place['residents'])} residents",
            "Date and standing": f"{long_date(self.day)}, {draft}{standing().rating}",
        }
        return [Panel("front", "", [Terms(rows)])]

    def decision(self) -> list[Block]:
        """Return the decision box, with what the rule says of each programme as its answer."""
        answer = f"{escape(verdicts.summary(self.found, self.weighed))}."
        return [decision_box(self.case, QUESTION, self.day, answer)]

    def verdicts(self) -> list[Block]:
        """Return the rule and each programme's verdict, with what to do next."""
        source = ", ".join((self.case.run(STRATEGY).run_id, *self._dropped_ids))
        return verdicts.verdict_blocks(
            self.found, self.weighed, f"model runs {source}; the register of programmes"
        )

    def evidence(self) -> list[Block]:
        """Return what was published, its security, and what virtual trials show."""
        return register.evidence_blocks(self.case)

    def delivery(self) -> list[Block]:
        """Return reach, take-up and fidelity, and how programmes share people."""
        return delivery.delivery_blocks(self.case, self.reached)

    def observed(self) -> list[Block]:
        """Return modelled beside recorded: counts that were brought, then published totals."""
        options = self.case.options
        if not isinstance(options, ImpactOptions) or options.file is None:
            return series.recorded_blocks(self.case)
        brought = observed.observed_blocks(self.case, options)
        return [*brought, *series.recorded_blocks(self.case, given=True)]

    def increment(self) -> list[Block]:
        """Return what each programme adds, with its cost."""
        return incremental.increment_blocks(self.case, self.runs, self.increments)

    def together(self) -> list[Block]:
        """Return the whole strategy beside the sum of its programmes' parts."""
        return incremental.together_blocks(self.case, self.runs)

    def detectability(self) -> list[Block]:
        """Return what published series could show."""
        return series.detectability_blocks(self.case)

    def designs(self) -> list[Block]:
        """Return the recommended evaluation of each programme."""
        found = designs.designs(self.case, self.reached, self.increments)
        return designs.design_blocks(self.case, found)

    def benefits(self) -> list[Block]:
        """Return who benefits."""
        return benefits.benefit_blocks(self.case)

    def harms(self) -> list[Block]:
        """Return harms and displacement."""
        return harms.harm_blocks(self.case, self.runs)

    def scaling(self) -> list[Block]:
        """Return what more or less money would do."""
        return scaling.scaling_blocks(self.case, self.runs, self.places_used)

    def value(self) -> list[Block]:
        """Return cost for each outcome and benefits against costs, then by programme."""
        return worth.value_blocks(self.case, self.runs, self.worths)

    def statements(self) -> list[Block]:
        """Return the prompts for the statements that people write, each with its owner."""
        return provenance.prompts()

    def model(self) -> list[Block]:
        """Return the summary of the model's description."""
        return described.summary_blocks()

    def log(self) -> Sequence[Block]:
        """Return the evidence log."""
        return [register.evidence_log(register.ordered(self.case))]

    def validation(self) -> list[Block]:
        """Return what the model misses of what is known."""
        return series.validation_blocks()

    def provenance(self) -> list[Block]:
        """Return how the paper was made, and from which runs."""
        extra = ", ".join(f"`{name}`" for name in self.runs.run_ids)
        return [
            *provenance.how_it_was_made(self.case.findings),
            Prose(f"Runs of this paper beyond those of the options compared: {extra}."),
            provenance.parameter_standing(),
        ]

    def licence(self) -> list[Block]:
        """Return the attribution that every output from public data carries."""
        return [provenance.licence(self.case.findings)]

    @property
    def _dropped_ids(self) -> tuple[str, ...]:
        return tuple(run.run_id for run in self.runs.dropped.values())
