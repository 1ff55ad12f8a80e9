"""Convictions over a youth cohort's years: how concentrated they are, and in which families."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vru_model.analysis.patterns.world_lives import Lives
from vru_model.analysis.statistics.association import odds_ratio, pair_odds_ratio
from vru_model.analysis.statistics.clustering import top_share

COHORT = (12, 16)
"""Ages at the start, from and below: after 25 years the cohort is 37 to 40."""


def concentration(lives: Lives) -> dict[str, float]:
    """Return who of a cohort is convicted of violence, and how much the busiest hold.

    The cohort is aged 12 to 15 at the start and present at the end.
    """
    people = lives.people
    age = people["age_months"].to_numpy() / 12.0
    both = (people["at_start"] & people["at_end"]).to_numpy()
    cohort = both & (age >= COHORT[0]) & (age < COHORT[1])
    convicted = lives.counts("aggressor", lives.incidents["convicted"])[cohort]
    acts = lives.counts("aggressor")[cohort]
    if not len(convicted):
        convicted = acts = np.zeros(1)
    return {
        "ever convicted": float((convicted > 0).mean()),
        "convictions held by 1%": top_share(convicted, 0.01),
        "convictions held by 0.12%": top_share(convicted, 0.0012),
        "acts by 3.8%": top_share(acts, 0.038),
    }


def familial_odds_ratios(lives: Lives) -> dict[str, float]:
    """Return the odds ratios of conviction between siblings, and of children by their carer's.

    Siblings share a carer; both, and the children, are under 18 at the start and present at the
    end. The years of the run are everybody's time at risk.
    """
    people = lives.people
    convicted = lives.counts("aggressor", lives.incidents["convicted"]) > 0
    child = (
        people["at_start"] & people["at_end"] & (people["age_months"] < 18 * 12)
        & (people["carer"] != 0)
    ).to_numpy()  # fmt: skip
    table = pd.DataFrame({"carer": people["carer"].to_numpy()[child], "is": convicted[child]})
    families = table.groupby("carer")["is"].agg(["size", "sum"]).to_numpy(float)
    size, number = families.T if len(families) else np.zeros((2, 0))
    both, neither = (np.sum(of * (of - 1) / 2.0) for of in (number, size - number))
    identifiers = people["resident"].to_numpy()
    row = np.searchsorted(identifiers, table["carer"].to_numpy())
    row = np.minimum(row, len(identifiers) - 1)
    known = identifiers[row] == table["carer"].to_numpy()
    return {
        "siblings": pair_odds_ratio(both, float(np.sum(number * (size - number))), neither),
        "parent and child": odds_ratio(
            convicted[row[known]], table["is"].to_numpy(bool)[known]
        ),
    }
