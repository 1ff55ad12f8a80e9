"""The tidy tables of a sensitivity analysis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from vru_model.analysis.sensitivity.assumptions import Assumption
from vru_model.analysis.sensitivity.pairs import Pair
from vru_model.analysis.sensitivity.switching import Switching

MORRIS = ("mu", "mu_star", "mu_star_conf", "sigma", "chance", "dismissed")
SOBOL = ("first", "first_error", "total", "total_error")


def ends_table(
    assumptions: Sequence[Assumption], pairs: Sequence[Pair], error95: Callable[[Pair], float]
) -> pd.DataFrame:
    """Return what one assumption at a time does: by name, with words, range and run ids.

    `pairs` hold the low and the high end of each assumption in turn.
    """
    rows = []
    for number, each in enumerate(assumptions):
        low, high = pairs[2 * number : 2 * number + 2]
        rows.append({
            "name": each.name, "title": each.title, "unit": each.unit, "value": each.value,
            "low": each.low, "high": each.high, "distribution": each.distribution,
            "known": each.known, "at_low": low.difference, "at_high": high.difference,
            "at_low_percent": 100.0 * low.share, "at_high_percent": 100.0 * high.share,
            "error95": error95(low), "swing": abs(high.difference - low.difference),
            "base_at_low": low.base_run, "other_at_low": low.other_run,
            "base_at_high": high.base_run, "other_at_high": high.other_run,
            "source": each.source,
        })  # fmt: skip
    return pd.DataFrame(rows).set_index("name", drop=False)


def switching_table(found: Sequence[Switching]) -> pd.DataFrame:
    """Return the switching values: by name, verdict, switch, switch_low, switch_high."""
    return pd.DataFrame(
        [(each.verdict, each.value, each.low, each.high) for each in found],
        columns=["verdict", "switch", "switch_low", "switch_high"],
        index=pd.Index([each.assumption.name for each in found], name="name"),
    )


def assumption_table(
    ends: pd.DataFrame, screened: pd.DataFrame, indices: pd.DataFrame, switches: pd.DataFrame
) -> pd.DataFrame:
    """Return one row an assumption, in the order of `screened`; see Study."""
    joined = (
        ends.drop(columns="name")
        .join(screened[list(MORRIS)]).join(indices[list(SOBOL)]).join(switches)
        .loc[screened.index].reset_index(names="name")
    )  # fmt: skip
    joined.insert(0, "rank", np.arange(1, len(joined) + 1))
    joined["verdict"] = joined["verdict"].fillna("not sought")
    source = joined.pop("source")
    return joined.assign(source=source)


def point_table(stages: Mapping[str, Sequence[Pair]]) -> pd.DataFrame:
    """Return every point that was run, in the order of the stages."""
    return pd.DataFrame([
        {
            "stage": stage, "difference": pair.difference, "percent": 100.0 * pair.share,
            "replicates": len(pair.before), "base_run": pair.base_run,
            "other_run": pair.other_run,
            "moved": "; ".join(f"{name} = {value:g}" for name, value in pair.values.items()),
        }
        for stage, pairs in stages.items() for pair in pairs
    ])  # fmt: skip
