"""The Cardiff series: what sharing of health data did to admissions and to police records.

One authority of about Cardiff's size shares data; the same worlds without it are the comparison,
which no comparison city equals.

The programme is the register's own, with one partnership for the authority. Sharing sets in over
33 months, so the last year is read. Admissions are expected ones, of residents, because a city of
a simulated county has few; records are of what happened there.
"""

from __future__ import annotations

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
from vru_model.place import Place, load_place
from vru_model.scenario import Scenario

TITLE = "The Cardiff series: sharing of health data"
ADMISSIONS = "admissions, last year"
WOUNDINGS = "recorded violence with injury, last year"
COMMON = "recorded violence without injury, last year"
TARGETS = {ADMISSIONS: "cardiff_admissions_ratio", WOUNDINGS: "cardiff_woundings_ratio",
           COMMON: "cardiff_recorded_ratio"}  # fmt: skip
_PARTNERSHIPS = 2
"""More than one, so that it reaches all of the authority's neighbourhoods."""
CARDIFF = 324_800
"""Residents of Cardiff in 2001 (Florence and others 2011, BMJ 342:d3313; read)."""


def city(place: Place) -> str:
    """Return the code of the authority whose residents come nearest to Cardiff's."""
    residents = place.neighbourhoods.groupby("local_authority")["residents"].sum()
    return place.authorities[int((residents - CARDIFF).abs().idxmin())].code


def scenario(place: Place) -> Scenario:
    """Return the sharing of health data in one authority, from the first day."""
    programme = changed(load_programme("health_data_sharing"), timing=AT_ONCE, cost=A_POUND)
    where = {"authorities": (city(place),)}
    title = "Sharing of health data in one authority"
    return funded("trial_cardiff", title, [(programme, _PARTNERSHIPS, where)])


def run_all(size: Size, report: Report | None = None) -> Run:
    """Run the sharing of health data, or find it on disk."""
    return size.run(scenario(load_place(size.place, size.scale)), report, incidents=True)


def carry_out(size: Size, base: Run, report: Report | None = None) -> pd.DataFrame:
    """Return the last year with the sharing of data over without, by world; columns are groups."""
    place = load_place(size.place, size.scale)
    code, table = city(place), place.neighbourhoods
    row = [authority.code for authority in place.authorities].index(code)
    inside = set(table.loc[table["local_authority"] == row, "neighbourhood"])
    run = run_all(size, report)
    admitted = [_admissions(each, code) for each in (run, base)]
    found = {}
    for key, without, sharing in pairs(base, run, "incidents"):
        before, after = (_recorded(frame, inside, base.years) for frame in (without, sharing))
        found[key] = {name: after[name] / before[name] if before[name] else float("nan")
                      for name in before}  # fmt: skip
    records = by_world(found)
    records.insert(0, ADMISSIONS, (admitted[0] / admitted[1]).reindex(records.index))
    return records


def _admissions(run: Run, code: str) -> pd.Series:
    """Return the expected admissions of an authority's residents in the last year, by world."""
    totals = run.totals(by=("year", "local_authority"), measures=["expected_admissions"])
    kept = totals[(totals["year"] == run.years) & (totals["local_authority"] == code)]
    return kept.set_index(["draw", "replicate"])["value"]


def _recorded(incidents: pd.DataFrame, inside: set[str], years: int) -> dict[str, int]:
    here = incidents["neighbourhood"].isin(inside).to_numpy()
    last = months_since_start(incidents["date"]) // 12 + 1 == years
    recorded = here & last & incidents["recorded_by_police"].to_numpy(bool)
    unhurt = (incidents["severity"] == "none").to_numpy()
    return {WOUNDINGS: int(np.sum(recorded & ~unhurt)), COMMON: int(np.sum(recorded & unhurt))}
