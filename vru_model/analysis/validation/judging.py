"""The rule by which a pattern passes, and the table that holds every pattern with its verdict.

One rule for all: the model's 95% range is held against the published figure, give or take one
standard deviation of how unsure the figure is and of how far a model that is right about what
matters may lie from it (both stand in ``parameters/targets.yaml``, written down before the model
was looked at).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vru_model.analysis.statistics.association import Parts
from vru_model.experiments.intervals import spread
from vru_model.parameters.accounts.targets import Target

PASS, PARTIAL, FAIL = "pass", "partial", "fail"
NOT_JUDGED, NOT_SHOWN = "not judged", "not shown"
RULE = (
    "Pass: the model's 95% range meets the published figure, give or take one standard deviation "
    "of observation and discrepancy together. Partial: it meets it within two. Fail: it does not. "
    "A constraint passes where the whole range keeps the limit, and passes in part where only the "
    "mean does. A pattern without a comparable figure is shown and not judged; what the model has "
    "no state for is named as not shown."
)
COLUMNS = (
    "pattern", "group", "value", "low", "high", "target", "tolerance", "verdict", "use", "unit",
    "monte_carlo_error", "worlds", "draws", "name", "status", "source",
)  # fmt: skip
"""The columns of ``validation.csv``: `low` and `high` are the 95% range; `tolerance` is one
standard deviation of observation and discrepancy together."""


@dataclass(frozen=True)
class Range:
    """A number over worlds: its mean, 95% range, Monte-Carlo error, and how many worlds gave it."""

    value: float
    low: float
    high: float
    monte_carlo_error: float
    worlds: int
    draws: int


_BOOTSTRAPS = 2_000
TOGETHER = "all worlds together"
"""How groups end whose events are counted over all worlds, because one world has too few."""
FEWEST_EVENTS = 5
"""A world, on average, for a ratio of all worlds together to be judged: draws share their random
numbers, so that many draws of a small world are no large world."""
_TOO_FEW = "Too few events in the worlds that were looked at."
_UNKNOWN = float("nan")
NOTHING = Range(_UNKNOWN, _UNKNOWN, _UNKNOWN, _UNKNOWN, 0, 0)
"""The range of what no world can give."""


def over_worlds(values: pd.Series) -> Range:
    """Return the range of a number that each world has, index draw and replicate.

    Over two draws or more it is the 2.5 and 97.5 percentiles of the draws' means, which hold what
    is not known and what chance leaves in them; the Monte-Carlo error is chance alone, and not a
    number where no draw has two replicates. Worlds that cannot give the number are left out.
    """
    known = values.dropna()
    if known.empty:
        return NOTHING
    table = known.unstack("replicate")
    found = spread(table.to_numpy(float)[:, :, None])
    return Range(
        float(found.mean[0]), float(found.low95[0]), float(found.high95[0]),
        float(found.monte_carlo_error[0]), len(known), len(table),
    )  # fmt: skip


def over_all_worlds(values: pd.Series) -> Range:
    """Return the range of a ratio whose parts are added up over all worlds before dividing.

    For what happens too seldom in one world. `values` holds :class:`Parts`, index draw and
    replicate. The range is the 95% of a bootstrap of the draws, each with all its worlds; with
    one draw, of the worlds. It says how sure the pooled figure is, and not how far draws differ.
    """
    parts = pd.DataFrame([each[:2] for each in values], index=values.index)
    draws = len(parts.groupby(level="draw"))
    blocks = parts.groupby(level="draw").sum().to_numpy() if draws > 1 else parts.to_numpy()
    whole = Parts(*blocks.sum(axis=0))
    if math.isnan(whole.ratio):
        return NOTHING
    chosen = np.random.default_rng(1).integers(len(blocks), size=(_BOOTSTRAPS, len(blocks)))
    over, under = blocks[chosen].sum(axis=1).T
    again = over[under > 0] / under[under > 0]
    low, high = np.percentile(again, [2.5, 97.5]) if len(blocks) > 1 else (_UNKNOWN, _UNKNOWN)
    return Range(whole.ratio, float(low), float(high), _UNKNOWN, len(parts), draws)


def _behind(values: pd.Series) -> float:
    """Return the events that stand behind a ratio in one world, on average."""
    return float(np.mean([each.events for each in values]))


def verdict(found: Range, target: Target | None) -> str:
    """Return the verdict on a range: see :data:`RULE`."""
    if target is None:
        return NOT_JUDGED
    if math.isnan(found.value):
        return NOT_SHOWN
    # One world has no range: its number alone is held against the target.
    low, high = (found.value if math.isnan(end) else end for end in (found.low, found.high))
    if target.use == "constraint":
        return PASS if high <= target.value else PARTIAL if found.value <= target.value else FAIL
    for name, deviations in ((PASS, 1.0), (PARTIAL, 2.0)):
        reach = deviations * target.tolerance
        if low <= target.value + reach and high >= target.value - reach:
            return name
    return FAIL


def judged(
    pattern: str, values: pd.DataFrame, targets: Mapping[str, Target],
    names: Mapping[str, str], unit: str = "",
) -> list[dict[str, object]]:  # fmt: skip
    """Return the rows of one family of patterns.

    Parameters
    ----------
    pattern
        The family's title.
    values
        One row a world (index draw and replicate), one column a group: a number of each world,
        or the :class:`Parts` of a ratio to be taken over all worlds together.
    targets
        Name → target.
    names
        Group → the name of its target; a group without one is shown and not judged.
    unit
        The unit of groups without a target.
    """
    rows = []
    for group in values.columns:
        name, column = names.get(str(group), ""), values[group]
        together = len(column) > 0 and isinstance(column.iloc[0], Parts)
        found = over_all_worlds(column) if together else over_worlds(column)
        words = f"{group}, {TOGETHER}" if together else str(group)
        line = row(pattern, words, found, targets.get(name), name, unit)
        if name in targets and together and _behind(column) < FEWEST_EVENTS:
            line |= {"verdict": NOT_SHOWN, "source": _TOO_FEW}
        rows.append(line)
    return rows


def row(
    pattern: str, group: str, found: Range, target: Target | None, name: str = "", unit: str = ""
) -> dict[str, object]:
    """Return one row of the table of verdicts."""
    decided = verdict(found, target)
    source = "" if target is None else target.source
    return {
        "pattern": pattern, "group": group, "value": found.value, "low": found.low,
        "high": found.high, "target": np.nan if target is None else target.value,
        "tolerance": np.nan if target is None else target.tolerance,
        "verdict": decided, "use": "described" if target is None else target.use,
        "unit": unit if target is None else target.unit,
        "monte_carlo_error": found.monte_carlo_error, "worlds": found.worlds,
        "draws": found.draws, "name": name if target is not None else "",
        "status": "" if target is None else target.status,
        "source": _TOO_FEW if decided == NOT_SHOWN else source,
    }  # fmt: skip


def not_shown(pattern: str, group: str, reason: str, target: Target | None, name: str = "") -> dict:
    """Return the row of what the model cannot show; the reason stands in the source's place."""
    return {**row(pattern, group, NOTHING, target, name), "verdict": NOT_SHOWN, "source": reason}
