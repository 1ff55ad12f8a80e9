"""Made-up comparisons in the shape of the real ones, for tests of words, charts and papers.

The numbers are invented; they are smooth so that a test can say what a paper must conclude.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from vru_model.parameters.funding import Funding
from vru_model.parameters.register import load_programme
from vru_model.reporting.estimates import Estimates
from vru_model.reporting.findings import Findings
from vru_model.reporting.measures import GROUPS, UNDER_25
from vru_model.reporting.options import PaperOptions


class StrategyOptions(PaperOptions):
    """What findings on strategies are told in these tests."""

    baseline: str
    strategies: list[str]
    payer: str


# Incidents a year in the baseline, all ages.
BASELINE = {
    "expected_sharp_object_admissions": 254.0,
    "expected_knife_enabled_serious_violence": 2_900.0,
    "expected_non_domestic_homicides": 34.0,
    "expected_admissions": 1_460.0,
    "expected_homicides": 40.0,
    "expected_emergency_department_attendances": 10_500.0,
}
# Share of a year's incidents averted in years 1 to 10.
COURSES = {
    "quick": np.full(10, 0.02),
    "slow": np.linspace(0.0, 0.05, 10),
}


def comparison_table(gain: np.ndarray, spread: float = 0.6, draws: int = 24) -> pd.DataFrame:
    """Return a comparison table for yearly shares averted, with intervals of relative spread."""
    rows = []
    for measure, yearly in BASELINE.items():
        for group in GROUPS:
            base = np.full(len(gain), yearly * (0.45 if group == UNDER_25 else 1.0))
            averted = base * gain
            for window in ("in year", "by year"):
                total = np.cumsum(averted) if window == "by year" else averted
                of = np.cumsum(base) if window == "by year" else base
                for year in range(1, len(gain) + 1):
                    rows.append(_row(measure, group, year, window, of[year - 1],
                                     total[year - 1], spread, draws))  # fmt: skip
    return pd.DataFrame(rows)


def _row(measure, group, year, window, baseline, averted, spread, draws):
    half = spread * abs(averted) + 0.002 * baseline
    return {
        "measure": measure, "group": group, "year": year, "window": window,
        "baseline": baseline, "scenario": baseline - averted, "averted": averted,
        "low80": averted - half, "high80": averted + half,
        "low95": averted - 1.6 * half, "high95": averted + 1.6 * half,
        "chance_better": float(np.clip(0.5 + 0.4 * averted / half, 0, 1)),
        "chance_equal": 0.0,
        "monte_carlo_error": 0.1 * half, "draws": draws, "replicates": 1,
    }  # fmt: skip


def estimates(spread: float = 0.6) -> Estimates:
    """Return the two made-up strategies against the baseline."""
    return Estimates({name: comparison_table(gain, spread) for name, gain in COURSES.items()})


def head_to_head(spread: float = 0.6) -> Estimates:
    """Return the slow strategy against the quick one."""
    return Estimates({"slow": comparison_table(COURSES["slow"] - COURSES["quick"], spread)})


STRATEGIES = {
    "quick": ("hospital_navigators", "focused_deterrence", "hot_spot_patrol"),
    "slow": ("early_years", "school_inclusion", "social_skills"),
}
BUDGET = 3_370_000


def scenario(name: str) -> SimpleNamespace:
    """Return a stand-in for a scenario whose three programmes share the budget."""
    programmes = {each: load_programme(each) for each in STRATEGIES.get(name, ())}
    shares = (1_000_000, 1_000_000, BUDGET - 2_000_000)
    return SimpleNamespace(
        name=name,
        title=f"Strategy that is {name}" if programmes else "Things as they are",
        price_year="2019/20",
        programmes=programmes,
        funding=tuple(
            Funding(programme=each, money_per_year=money)
            for each, money in zip(programmes, shares, strict=False)
        ),
        budget_source="Made up.",
        sentence=lambda: f"{name.capitalize()} spends its money on {len(programmes)} programmes.",
    )


def stand_in_run(name: str) -> SimpleNamespace:
    """Return a stand-in for a stored run: its id and its manifest."""
    manifest = {
        "identity": {
            "place": "0" * 64, "parameters": "1" * 64, "code": "2" * 12, "seed": 1,
            "population_seed": 1, "step": "month",
        },
        "place": {
            "name": "made_up", "title": "Made-up county", "synthetic": True,
            "residents": 2_919_651, "source": "Nobody: a test made it up.", "notes": [],
        },
    }  # fmt: skip
    return SimpleNamespace(run_id=f"{name}-0123456789ab", manifest=manifest)


def findings(options: StrategyOptions, spread: float = 0.6) -> Findings:
    """Return findings that nobody simulated, in the shape of real ones."""
    notes, attribution = ("Modelled, not recorded.",), ("Open Government Licence v3.0.",)
    tables = {name: comparison_table(gain, spread) for name, gain in COURSES.items()}
    lead = comparison_table(COURSES["slow"] - COURSES["quick"], spread)
    spend = pd.DataFrame({"year": range(1, 11), "extra": float(BUDGET)})
    names = [options.baseline, *options.strategies]
    comparisons = {
        name: SimpleNamespace(
            table=tables[name],
            notes=notes,
            attribution=attribution,
            base=stand_in_run(options.baseline),
            spend=spend,
        )  # fmt: skip
        for name in options.strategies
    }
    delivered = pd.DataFrame(
        [
            {"strategy": name, "programme": each, "year": year, "enrolments": 400.0,
             "spend": 1e6}
            for name in options.strategies
            for each in STRATEGIES[name]
            for year in range(1, 11)
        ]
    )  # fmt: skip
    return Findings(
        options=options,
        baseline=scenario(options.baseline),
        scenarios={name: scenario(name) for name in options.strategies},
        runs={name: stand_in_run(name) for name in names},
        comparisons=comparisons,
        ahead=SimpleNamespace(table=lead) if len(options.strategies) > 1 else None,
        delivered=delivered,
    )


def options(**changes) -> StrategyOptions:
    """Return options without looking at which scenarios exist."""
    given = {
        "place": "west_midlands", "baseline": "baseline", "strategies": ["quick", "slow"],
        "scale": 0.1, "years": 10, "draws": 24, "replicates": 1, "seed": 1, "workers": 0,
        "runs": "", "date": "2026-11-22", "payer": "A made-up payer",
    }  # fmt: skip
    return StrategyOptions.model_construct(**{**given, **changes})
