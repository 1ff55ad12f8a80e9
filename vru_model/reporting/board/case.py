"""One case for the boards: a strategy, what it is held against, and every analysis of it.

All papers rest on one :class:`BoardCase`, so that a number is the same wherever it stands. The runs
are made (or found on disk) when the case is prepared; analyses are worked out when a paper asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from vru_model.analysis.appraisal.agencies import AgencyAccount, agency_account
from vru_model.analysis.appraisal.streams import Streams, read_streams
from vru_model.analysis.appraisal.value import appraisal_table, switching_values
from vru_model.analysis.detectability import visibility
from vru_model.analysis.inequality import inequality_change
from vru_model.analysis.plausibility import Plausibility, plausibility
from vru_model.errors import InputError, Problem
from vru_model.experiments import Comparison, Run, compare
from vru_model.parameters.accounts.agencies import load_agencies
from vru_model.parameters.accounts.appraisal import load_rules
from vru_model.parameters.accounts.costs import load_costs
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.board.study import FiledStudy, study
from vru_model.reporting.findings import Findings, Report, run_together
from vru_model.scenario import Scenario

BASELINE, STRATEGY, MINIMUM, MAXIMUM = "baseline", "strategy", "minimum", "maximum"
ENDED, QUICKER, SLOWER = "ended", "quicker", "slower"
"""The parts that scenarios play in a case."""


@dataclass(frozen=True)
class BoardCase:
    """A strategy put to the boards, its alternatives and their runs.

    Parameters
    ----------
    options
        What was asked.
    scenarios
        Part → scenario, of all parts (:data:`BASELINE` and so on).
    runs
        Scenario name → run.
    """

    options: BoardOptions
    scenarios: Mapping[str, Scenario]
    runs: Mapping[str, Run]
    _streams: dict[str, Streams] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def prepare(cls, options: BoardOptions, report: Report | None = None) -> BoardCase:
        """Run what has not been run yet and return the case."""
        scenarios = load_case(options)
        key = _key(options, scenarios)
        known = _PREPARED.get(key)
        if known is not None and all(run.folder.is_dir() for run in known.runs.values()):
            return replace(known, options=options)
        distinct = {each.name: each for each in scenarios.values()}
        runs = run_together(list(distinct.values()), options, report)
        case = cls(options, scenarios, runs)
        study(case.scenarios[BASELINE], case.strategy, options, report)
        _PREPARED.clear()
        _PREPARED[key] = case
        return case

    @property
    def baseline(self) -> Scenario:
        """Things as they are: what everything is compared with."""
        return self.scenarios[BASELINE]

    @property
    def strategy(self) -> Scenario:
        """The strategy put to the board."""
        return self.scenarios[STRATEGY]

    def run(self, part: str) -> Run:
        """Return the run of the scenario that plays a part."""
        return self.runs[self.scenarios[part].name]

    @cached_property
    def findings(self) -> Findings:
        """The options compared: do minimum, the strategy, do maximum, against the baseline."""
        return self._findings(MINIMUM, STRATEGY, MAXIMUM)

    @cached_property
    def alone(self) -> Findings:
        """The strategy alone against the baseline."""
        return self._findings(STRATEGY)

    @cached_property
    def contrast(self) -> Findings:
        """Two strategies that cost the same, the quicker first."""
        return self._findings(QUICKER, SLOWER)

    @cached_property
    def ending(self) -> Findings:
        """The strategy, and the same where the money ends."""
        return self._findings(STRATEGY, ENDED)

    @property
    def run_ids(self) -> tuple[str, ...]:
        """The names of all runs, the baseline's first."""
        return tuple(run.run_id for run in self.runs.values())

    @property
    def source(self) -> str:
        """The line under what rests on the strategy's comparison with the baseline."""
        return self.alone.source

    def comparison(self, part: str = STRATEGY) -> Comparison:
        """Return a part's comparison with the baseline, for every year."""
        years = range(1, self.options.years + 1)
        return compare(self.run(BASELINE), self.run(part), years)

    def streams(self, part: str = STRATEGY) -> Streams:
        """Return the yearly costs and benefits of a part by the default rules of appraisal."""
        if part not in self._streams:
            rules = load_rules()
            profile = rules.profiles[rules.default]
            self._streams[part] = read_streams(self.comparison(part), load_costs(), rules, profile)
        return self._streams[part]

    def appraisal(self, part: str = STRATEGY) -> pd.DataFrame:
        """Return benefits, costs, net present value and chances, one row a way of counting."""
        return appraisal_table(self.streams(part))

    def switching(self, part: str = STRATEGY) -> pd.DataFrame:
        """Return how far each money assumption must move for benefits to equal costs."""
        return switching_values(self.streams(part))

    def account(self, part: str = STRATEGY) -> AgencyAccount:
        """Return who pays and who saves."""
        return agency_account(self.streams(part), load_agencies())

    def inequality(self, part: str = STRATEGY, group: str = "all ages") -> pd.DataFrame:
        """Return whether inequality over deprivation narrows, absolute and relative."""
        return inequality_change(self.run(BASELINE), self.run(part), group)

    def visibility(self, part: str = STRATEGY) -> pd.DataFrame:
        """Return when the change would show in each published series."""
        return visibility(self.run(BASELINE), self.run(part))

    @cached_property
    def gates(self) -> dict[str, Plausibility]:
        """Each option's averted admissions beside the national evaluation's, by scenario name."""
        return {name: plausibility(found) for name, found in self.findings.comparisons.items()}

    @cached_property
    def study(self) -> FiledStudy:
        """The search for the assumption that the strategy hangs on."""
        return study(self.baseline, self.strategy, self.options)

    @property
    def manifest(self) -> dict[str, Any]:
        """The baseline run's manifest: place, identity, versions."""
        return self.run(BASELINE).manifest

    def _findings(self, *parts: str) -> Findings:
        strategies = {self.scenarios[part].name: self.scenarios[part] for part in parts}
        return Findings.of(self.options, self.baseline, list(strategies.values()), self.runs)


_PREPARED: dict[str, BoardCase] = {}
"""The last case of this process: several papers in a row are made of one."""


def _key(options: BoardOptions, scenarios: Mapping[str, Scenario]) -> str:
    """Return what determines a case: options, where its runs stand, what its scenarios hold."""
    digests = {part: (each.name, each.digest) for part, each in scenarios.items()}
    # What one paper alone is told makes no other case.
    shared = set(BoardOptions.model_fields) - {"date", "workers", "earlier"}
    asked = options.model_dump_json(include=shared)
    return f"{asked} {options.store.absolute()} {digests}"


def load_case(options: BoardOptions) -> dict[str, Scenario]:
    """Return the scenario of every part; raise InputError with every problem of all of them."""
    named = {
        BASELINE: options.baseline, STRATEGY: options.strategy, MINIMUM: options.minimum,
        MAXIMUM: options.maximum, QUICKER: options.contrast[0], SLOWER: options.contrast[1],
    }  # fmt: skip
    found: dict[str, Scenario] = {}
    problems: list[Problem] = []
    for part, given in named.items():
        try:
            found[part] = Scenario.load(given)
        except InputError as error:
            problems += error.problems
    found |= _apart(found)
    try:
        ending = Scenario.load(options.ending)
        if STRATEGY in found:
            found[ENDED] = found[STRATEGY] + ending
    except InputError as error:
        problems += error.problems
    problems += _namesakes(found)
    if problems:
        raise InputError(dict.fromkeys(problems))
    return found


def _apart(found: Mapping[str, Scenario]) -> dict[str, Scenario]:
    """Return the strategy under a name of its own, where another scenario of that name differs.

    Somebody who changes a copy of a built-in strategy often leaves its name as it was.
    """
    strategy = found.get(STRATEGY)
    others = [each for part, each in found.items() if part != STRATEGY]
    if strategy is None or all(
        each.name != strategy.name or each.digest == strategy.digest for each in others
    ):
        return {}
    return {STRATEGY: replace(strategy, name=f"{strategy.name}_proposed")}


def _namesakes(found: Mapping[str, Scenario]) -> list[Problem]:
    """Return a problem for each scenario whose name another, different one has too."""
    seen: dict[str, Scenario] = {}
    problems = []
    for part, scenario in found.items():
        other = seen.setdefault(scenario.name, scenario)
        if other.digest != scenario.digest:
            allowed = "a name of its own for each scenario that differs"
            problems.append(Problem("command line", None, part, scenario.name, allowed))
    return problems
