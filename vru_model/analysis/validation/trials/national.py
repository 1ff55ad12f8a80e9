"""The national evaluation of Violence Reduction Units: a judge of whole strategies, never an input.

The evaluation compared areas with a unit with areas without, over the years of funding; its
estimate for the country's areas together is set beside what a whole strategy at the county's grant
averts over as many years. The units' money came with money for police patrols and with much else,
so the comparison is of orders of magnitude.
"""

from __future__ import annotations

import pandas as pd

from vru_model.analysis.validation.trials.worlds import Report, Size
from vru_model.experiments import Run

TITLE = "The national evaluation of Violence Reduction Units"
STRATEGIES = {"unit_2019_22": "the unit of 2019 to 2022", "quick": "quick programmes first"}
"""Strategy → what rows call it."""
_OUTCOMES = {
    "admissions": ("expected_admissions", 100_000.0, "vru_admissions_difference"),
    "admissions for a knife": ("expected_sharp_object_admissions", 100_000.0,
                               "vru_sharp_admissions_difference"),
    "homicides": ("expected_homicides", 1_000_000.0, "vru_homicide_difference"),
}  # fmt: skip


def targets() -> dict[str, str]:
    """Return group → name of its target."""
    return {
        _group(outcome, strategy): target
        for strategy in STRATEGIES
        for outcome, (_, _, target) in _OUTCOMES.items()
    }


def run_all(size: Size, report: Report | None = None) -> dict[str, Run]:
    """Run the strategies, or find them on disk; strategy → run."""
    return {strategy: size.run(strategy, report) for strategy in STRATEGIES}


def carry_out(size: Size, base: Run, report: Report | None = None) -> pd.DataFrame:
    """Return differences over all years, by world; columns are groups.

    For 100,000 residents of admissions, for a million of homicides, added up over the years.
    """
    columns = {}
    for strategy, run in run_all(size, report).items():
        for outcome, (measure, per, _) in _OUTCOMES.items():
            after, before = (_total(each, measure, "victim") for each in (run, base))
            residents = _total(base, "person_months", "resident") / 12.0 / base.years
            columns[_group(outcome, strategy)] = per * (after - before) / residents
    return pd.DataFrame(columns)


def _group(outcome: str, strategy: str) -> str:
    return f"{outcome}, {STRATEGIES[strategy]}"


def _total(run: Run, measure: str, role: str) -> pd.Series:
    totals = run.totals(by=("measure",), measures=[measure], roles=[role])
    return totals.set_index(["draw", "replicate"])["value"]
