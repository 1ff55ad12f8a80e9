"""A made-up case for the assurance pack: a real strategy, runs that nobody made."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
from board_community_doubles import study
from reporting_doubles import stand_in_run

from vru_model.scenario import Scenario

PLACE_NOTES = {"attribution": "Open Government Licence v3.0.", "source": "Census 2021"}


def run(name, code="2" * 12, worlds=24):
    """Return a stand-in for a stored run with its whole identity."""
    made = stand_in_run(name)
    made.manifest["identity"] |= {
        "scenario": f"{name:x<12}"[:12] * 5, "scale": 0.05, "years": 10, "code": code,
        "parameter_values": "sampled", "store_format": 1,
    }  # fmt: skip
    made.manifest["place"] |= PLACE_NOTES
    made.worlds = lambda: list(range(worlds))
    return made


def largest():
    """Return a search with the columns that the pack shows."""
    found = study()
    found.table = found.table.assign(at_low=2.0, at_high=75.0)
    found.biggest = SimpleNamespace(verdict=found.table["verdict"][0])
    found.words = {"year": "5"}
    return found


def case(draws=24, residents=150_000, warning=False, codes=("2" * 12,), **more):
    """Return a case of the balanced strategy against things as they are."""
    baseline, strategy = Scenario.load("baseline"), Scenario.load("balanced")
    runs = {
        each.name: run(each.name, codes[place % len(codes)])
        for place, each in enumerate((baseline, strategy))
    }
    options = SimpleNamespace(
        effort=1.0,
        draws=draws, replicates=1, years=10, scale=0.05, seed=1, place="west_midlands",
        date="2026-11-25", baseline="baseline", strategy="balanced", minimum="do_minimum",
        maximum="do_maximum", ending="grant_ends_after_3", contrast=["quick", "slow"],
    )  # fmt: skip
    findings = SimpleNamespace(
        options=options, simulated_residents=residents, scenarios={strategy.name: strategy},
        comparisons={strategy.name: SimpleNamespace(attribution=("OGL v3.0.",))},
        place=runs["baseline"].manifest["place"], delivered=pd.DataFrame(),
    )  # fmt: skip
    ids = tuple(each.run_id for each in runs.values())
    found = {
        "options": options, "baseline": baseline, "strategy": strategy,
        "scenarios": {"baseline": baseline, "strategy": strategy}, "runs": runs, "run_ids": ids,
        "alone": findings, "manifest": runs["baseline"].manifest, "study": largest(),
        "gates": {strategy.name: SimpleNamespace(warning=warning, ratio=0.6)},
        "source": f"model runs {', '.join(ids)}; modelled, not recorded",
    }  # fmt: skip
    return SimpleNamespace(**found | more)
