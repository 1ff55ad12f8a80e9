"""A made-up case for the community sheet, so that its words are tested without simulating."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
from reporting_doubles import comparison_table, scenario, stand_in_run

from vru_model.analysis.statistics.verdict import NARROWS
from vru_model.reporting.estimates import Estimates

STRATEGY = "quick"
AUTHORITIES = {"E08000025": "Birmingham", "E08000026": "Coventry"}


def study(name="grievance.decay", verdict="may flip"):
    """Return a search that found one assumption of the model and one of a programme."""
    row = {
        "rank": 1, "name": name, "title": "Time constant", "unit": "months", "value": 2.3,
        "low": 0.5, "high": 5.0, "known": "prior, calibrated", "verdict": verdict, "switch": np.nan,
    }  # fmt: skip
    effect = "programmes.hospital_navigators.changes.acting.value"
    other = row | {
        "rank": 2, "name": effect, "unit": "log rate ratio", "value": -0.145, "low": -1.256,
        "high": 0.966, "known": "derived, programme", "verdict": "not sought",
    }  # fmt: skip
    return SimpleNamespace(
        table=pd.DataFrame([row, other]), folder=SimpleNamespace(name="quick-0123456789ab"),
        biggest=SimpleNamespace(sentence="Time constant. No value turns it round."),
        harmful_alone=(),
    )  # fmt: skip


def case(gain=0.02, spread=0.6, overrides=(), gap=NARROWS, years=10, **more):
    """Return a case in which the strategy averts a share `gain` of every year's incidents."""
    gains = {STRATEGY: np.full(years, gain), f"{STRATEGY}+ends": np.full(years, gain / 4)}
    estimates = Estimates(
        {name: comparison_table(each, spread) for name, each in gains.items()}
    )
    money = pd.DataFrame(
        {"strategy": STRATEGY, "programme": name, "year": 1, "enrolments": 400.0, "spend": 1e6}
        for name in scenario(STRATEGY).programmes
    )
    scenarios = {"strategy": scenario(STRATEGY), "baseline": scenario("baseline")}
    for each in scenarios.values():
        each.overrides_made = ()
    scenarios["strategy"].overrides_made = tuple(overrides)
    scenarios["strategy"].title = "A made-up plan"
    scenarios["ended"] = SimpleNamespace(
        name=f"{STRATEGY}+ends", shock=SimpleNamespace(ends_after_year=3)
    )
    attribution = SimpleNamespace(attribution=("Open Government Licence v3.0.",))
    manifest = stand_in_run("baseline").manifest
    manifest["place"]["authorities"] = AUTHORITIES
    options = SimpleNamespace(years=years, draws=24, date="2026-11-25")
    findings = SimpleNamespace(
        options=options, estimates=estimates, scenarios={STRATEGY: scenarios["strategy"]},
        delivered=money, comparisons={STRATEGY: attribution},
    )  # fmt: skip
    found = {
        "options": options,
        "scenarios": scenarios, "strategy": scenarios["strategy"],
        "baseline": scenarios["baseline"], "alone": findings, "ending": findings,
        "study": study(), "manifest": manifest,
        "source": "model runs baseline-0123456789ab, quick-0123456789ab; modelled, not recorded",
        "inequality": lambda: pd.DataFrame([{"measure": "admissions", "absolute": gap}]),
    }  # fmt: skip
    return SimpleNamespace(**found | more)
