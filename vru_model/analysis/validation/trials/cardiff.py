"""The Cardiff series: what sharing of health data did to admissions and to police records.

One authority of about Cardiff's size shares data; the same worlds without it are the comparison,
which no comparison city equals. The authority's admissions and its recorded violence are read
from the second year on, with over without.

Where the register of programmes has one for the sharing of health data, that programme is
delivered. Where it has none, patrols stand in a tenth of the authority's neighbourhoods, where
most violence was lately, every other day. That recording itself grows fuller is then left out, so
the rows on records can only follow the violence.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vru_model.analysis.patterns.world_lives import months_since_start
from vru_model.analysis.validation.trials.worlds import (
    Report,
    Size,
    by_world,
    changed,
    funded,
    pairs,
)
from vru_model.experiments import Run
from vru_model.parameters.documents import built_in_names
from vru_model.parameters.register import load_programme
from vru_model.place import Place, load_place
from vru_model.scenario import Scenario

TITLE = "The Cardiff series: sharing of health data"
ADMISSIONS = "admissions, from year 2"
WOUNDINGS = "recorded violence with injury, from year 2"
COMMON = "recorded violence without injury, from year 2"
TARGETS = {ADMISSIONS: "cardiff_admissions_ratio", WOUNDINGS: "cardiff_woundings_ratio",
           COMMON: "cardiff_recorded_ratio"}  # fmt: skip
PROGRAMME = "health_data_sharing"
CARDIFF = 324_800
"""Residents of Cardiff in 2001 (Florence and others 2011, BMJ 342:d3313; read)."""
_SHARE_OF_PLACES, _SHARE_OF_DAYS = 0.1, 0.5
_MONEY = 250_000
"""£ a year: £210,433 of running costs in 2003 (read), at prices of 2024/25 more."""


def city(place: Place) -> str:
    """Return the code of the authority whose residents come nearest to Cardiff's."""
    table = place.neighbourhoods
    residents = table.groupby("local_authority")["residents"].sum()
    return place.authorities[int((residents - CARDIFF).abs().idxmin())].code


def has_programme() -> bool:
    """Say whether the register of programmes has one for the sharing of health data."""
    return PROGRAMME in built_in_names("programmes")


def scenario(place: Place) -> Scenario:
    """Return the sharing of health data in one authority."""
    code = city(place)
    where = {"authorities": (code,)}
    title = "Sharing of health data in one authority"
    if has_programme():
        programme = load_programme(PROGRAMME)
        money = max(_MONEY, int(programme.cost.unit_cost + programme.cost.fixed_cost_per_year))
        return funded("trial_cardiff", title, [(programme, money, where)])
    row = [authority.code for authority in place.authorities].index(code)
    places = int(np.ceil(_SHARE_OF_PLACES * (place.neighbourhoods["local_authority"] == row).sum()))
    patrol = changed(
        load_programme("hot_spot_patrol"),
        reach={"patrol_days_per_day": _SHARE_OF_DAYS, "share_of_place": 1.0},
    )
    money = int(patrol.cost.unit_cost * places)
    return funded("trial_cardiff", title, [(patrol, money, where)])


def run_all(size: Size, report: Report | None = None) -> Run:
    """Run the sharing of health data, or find it on disk."""
    return size.run(scenario(load_place(size.place, size.scale)), report, incidents=True)


def carry_out(size: Size, base: Run, report: Report | None = None) -> pd.DataFrame:
    """Return counts with the sharing of data over without, by world; columns are groups."""
    place = load_place(size.place, size.scale)
    table = place.neighbourhoods
    row = [authority.code for authority in place.authorities].index(city(place))
    inside = set(table.loc[table["local_authority"] == row, "neighbourhood"])
    run = run_all(size, report)
    found = {}
    for key, without, sharing in pairs(base, run, "incidents"):
        before, after = (_counts(frame, inside) for frame in (without, sharing))
        found[key] = {name: after[name] / before[name] if before[name] else float("nan")
                      for name in before}  # fmt: skip
    return by_world(found)


def _counts(incidents: pd.DataFrame, inside: set[str]) -> dict[str, int]:
    here = incidents["neighbourhood"].isin(inside).to_numpy()
    later = months_since_start(incidents["date"]) >= 12
    recorded = incidents["recorded_by_police"].to_numpy(bool)
    unhurt = (incidents["severity"] == "none").to_numpy()
    admitted = (incidents["severity"] == "admission").to_numpy()
    return {
        ADMISSIONS: int(np.sum(here & later & admitted)),
        WOUNDINGS: int(np.sum(here & later & recorded & ~unhurt)),
        COMMON: int(np.sum(here & later & recorded & unhurt)),
    }
