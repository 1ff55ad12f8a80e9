"""When violence follows violence: near repeats in places, and acts soon after being a victim."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vru_model.analysis.patterns.world_lives import Lives
from vru_model.analysis.statistics.clustering import near_repeats
from vru_model.analysis.statistics.triggers import case_crossover_ratio

NEAR_REPEATS = {"within 1 week": (0, 1), "within 2 weeks": (0, 2), "weeks 3 and 4": (3, 4),
                "weeks 5 to 8": (5, 8)}  # fmt: skip
AFTER_EXPOSURE = {"same week, order unknown": (0, 0), "week 1": (1, 1), "week 2": (2, 2),
                  "weeks 3 and 4": (3, 4), "weeks 5 to 8": (5, 8)}  # fmt: skip
_CONTROL = (27, 52)
"""Weeks before the act that serve as controls: a half year that ends half a year earlier."""


def near_repeat_ratios(lives: Lives, areas: pd.Series) -> dict[str, float]:
    """Return observed over expected pairs of public incidents in one area, by weeks between them.

    Parameters
    ----------
    lives
        A world of weekly steps.
    areas
        Neighbourhood code → area of about as many simulated residents as a neighbourhood has at
        full size: in smaller areas the same repeats would stand out more.

    Incidents at home are left out: repeats there have the same parties, not the same place.
    """
    public = lives.incidents[lives.incidents["venue"] != "household"]
    area, week = public["neighbourhood"].map(areas).to_numpy(), public["week"].to_numpy()
    found = {}
    for name, lags in NEAR_REPEATS.items():
        observed, expected = near_repeats(area, week, *lags)
        found[name] = observed / expected if expected > 0 else float("nan")
    return found


def ratios_after_exposure(lives: Lives) -> dict[str, float]:
    """Return how much likelier people act in the weeks after being a victim, against themselves.

    Week 0 is that of the incident itself, in which the order of the two is not known.
    """
    incidents = lives.incidents
    return {
        name: case_crossover_ratio(
            incidents["aggressor_row"].to_numpy(), incidents["week"].to_numpy(),
            incidents["victim_row"].to_numpy(), incidents["week"].to_numpy(), lags, _CONTROL,
        )
        for name, lags in AFTER_EXPOSURE.items()
    }  # fmt: skip


def triggered_shares(lives: Lives) -> dict[str, float]:
    """Return the shares of incidents that grievance, and a running pair, set off."""
    origin = lives.incidents["origin"].to_numpy()
    return {"triggered": float(np.mean(origin == "triggered")),
            "pair": float(np.mean(origin == "pair"))}  # fmt: skip
