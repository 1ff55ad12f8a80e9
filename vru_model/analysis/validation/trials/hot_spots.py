"""A virtual trial of hot-spot patrol: patrolled days, days without, and the places beside them.

Every neighbourhood of the most deprived tenth has a patrol on every day of year 1, over all its
streets, and none afterwards. Year 1 is therefore all patrol days and year 2 all days without.
The same worlds without patrols are the control, so nothing but the patrol differs.

Twice: as the model has it, in which nothing moves elsewhere, and with half of what patrols prevent
happening in a near neighbourhood instead, to show what such a trial would then see.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from vru_model.analysis.patterns.world_lives import months_since_start
from vru_model.analysis.validation.trials.worlds import (
    A_POUND,
    AT_ONCE,
    Report,
    Size,
    by_world,
    changed,
    funded,
    pairs,
)
from vru_model.experiments import Run
from vru_model.parameters.register import load_programme
from vru_model.parameters.shocks import Shock
from vru_model.place import load_place
from vru_model.scenario import Scenario

TITLE = "Virtual trial: hot-spot patrol"
TARGETS = {"street incidents, patrol days": "hot_spot_ratio"}
_TREATED, _BESIDE = 1, 2
_MOVED = {"": 0.0, ", were half displaced": 0.5}
"""What groups are called besides → the share of what patrols prevent that happens near by."""
_NOT_MOVED = ("street incidents, days without", "other incidents, patrol days",
              "all violence in treated places")  # fmt: skip


def scenario(places: int, moved: float = 0.0) -> Scenario:
    """Return patrol on every day of year 1 in so many neighbourhoods: all of the first decile.

    `moved` is the share of what patrols prevent that happens in a near neighbourhood instead.
    """
    patrol = changed(
        load_programme("hot_spot_patrol"),
        reach={"share_of_days": 1.0, "share_of_place": 1.0, "reached_per_unit": 1.0},
        timing=AT_ONCE, cost=A_POUND,
    )  # fmt: skip
    where = {"first_year": 1, "last_year": 1, "deprivation_deciles": (_TREATED,)}
    if not moved:
        return funded("trial_hot_spots", "Patrols in the most deprived tenth",
                      [(patrol, places, where)])  # fmt: skip
    title = "Patrols in the most deprived tenth, with displacement"
    plain = funded("trial_hot_spots_displaced", title, [(patrol, places, where)])
    return replace(plain, shock=Shock(displacement=moved))


def run_all(size: Size, report: Report | None = None) -> dict[str, Run]:
    """Run the patrols, or find them on disk; what groups are called besides → run."""
    decile = load_place(size.place, size.scale).neighbourhoods["deprivation_decile"]
    places = int((decile == _TREATED).sum())
    return {words: size.run(scenario(places, moved), report, incidents=True)
            for words, moved in _MOVED.items()}  # fmt: skip


def carry_out(size: Size, base: Run, report: Report | None = None) -> pd.DataFrame:
    """Return incidents with patrols over without, by world; columns are groups."""
    table = load_place(size.place, size.scale).neighbourhoods
    decile = table.set_index("neighbourhood")["deprivation_decile"]
    found: dict = {}
    for words, run in run_all(size, report).items():
        for key, without, patrolled in pairs(base, run, "incidents"):
            before, after = (_counts(frame, decile) for frame in (without, patrolled))
            found.setdefault(key, {}).update(
                {f"{name}{words}": _over(after[name], before[name])
                 for name in before if not (words and name in _NOT_MOVED)}
            )  # fmt: skip
    return by_world(found)


def _counts(incidents: pd.DataFrame, decile: pd.Series) -> dict[str, int]:
    year = months_since_start(incidents["date"]) // 12 + 1
    where = incidents["neighbourhood"].map(decile).to_numpy()
    street = (incidents["venue"] == "neighbourhood").to_numpy()
    treated, first = where == _TREATED, year == 1
    return {
        "street incidents, patrol days": int(np.sum(street & treated & first)),
        "street incidents, days without": int(np.sum(street & treated & (year == 2))),
        "other incidents, patrol days": int(np.sum(~street & treated & first)),
        "places beside, street incidents": int(np.sum(street & (where == _BESIDE) & first)),
        "places without patrols, street incidents": int(np.sum(street & ~treated & first)),
        "everywhere, street incidents": int(np.sum(street & first)),
        "all violence in treated places": int(np.sum(treated & first)),
    }


def _over(one: int, other: int) -> float:
    return one / other if other else float("nan")
