"""Made-up accounts, pathways and estimates for the tests of the paper on system change."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vru_model.analysis.appraisal.agencies import AgencyAccount
from vru_model.analysis.pathways import STAGE_TITLES
from vru_model.parameters.accounts.agencies import load_agencies
from vru_model.reporting.board.system.differences import estimate
from vru_model.reporting.estimates import Estimate

PAID = 1_000_000_000
"""Pence that the unit pays in the made-up account."""


def account(capacity: Mapping[str, int], spread: float = 0.5) -> AgencyAccount:
    """Return an account in which agencies are spared capacity (pence), a tenth of it as cash."""
    rows = []
    for name, agency in load_agencies().agencies.items():
        spared, paid = capacity.get(name, 0), -PAID if name == "violence_reduction_unit" else 0
        row = {"agency": name, "title": agency.title, "cashable": spared // 10,
               "capacity": spared - spared // 10, "social": 0, "paid": paid}  # fmt: skip
        for kind in ("cashable", "capacity", "social"):
            ends = sorted((row[kind] * (1 - spread), row[kind] * (1 + spread)))
            row[f"{kind}_low95"], row[f"{kind}_high95"] = ends
        low, high = sorted((spared * (1 - spread), spared * (1 + spread)))
        rows.append(row | {"services_low95": low, "services_high95": high})
    totals = pd.DataFrame(rows)
    public = totals.drop(columns=["agency", "title"]).sum()
    return AgencyAccount(pd.DataFrame({"agency": totals["agency"]}), totals, public)


def stages(programme: str, **people: float) -> pd.DataFrame:
    """Return pathways of one programme: stage → people a year, known to a tenth either way."""
    return pd.DataFrame(
        [
            {"programme": programme, "stage": stage, "title": STAGE_TITLES[stage], "a_year": many,
             "low95": 0.9 * many, "high95": 1.1 * many, "share": 1.0}
            for stage, many in people.items()
        ]
    )  # fmt: skip


def nobody() -> pd.DataFrame:
    """Return pathways that nobody entered."""
    return stages("none", events=0.0).iloc[:0]


def averted(mean: float, spread: float, draws: int = 24) -> Estimate:
    """Return an estimate whose draws lie evenly about a mean."""
    values = (mean + np.linspace(-spread, spread, draws))[:, None]
    return estimate(np.full_like(values, 1_000.0), values)
