"""Small worlds for tests of the model: the baseline with parameters and loops changed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from vru_model.model import ViolenceModel
from vru_model.parameters.loading import Override
from vru_model.people import STATES
from vru_model.place import Place, load_place
from vru_model.place.definition import Authority
from vru_model.scenario import Scenario

NO_FEEDBACK = {
    "acting.history": 0.0,
    "acting.peer_norm": 0.0,
    "acting.trauma": 0.0,
    "acting.sanction": 0.0,
    "acting.excluded": 0.0,
    "acting.neet": 0.0,
    "acting.collective_efficacy": 0.0,
    "acting.season": 0.0,
    "acting.season_school_august": 0.0,
    "acting.season_school_holiday": 0.0,
    "grievance.acts_per_month": 0.0,
    "pairs.child": 0.0,
    "pairs.partner": 0.0,
    "pairs.adult": 0.0,
}
"""Overrides by which nothing that happens changes what happens next."""


def changed(
    overrides: Mapping[str, float] | None = None, off: Iterable[str] = (), base: str = "baseline"
) -> Scenario:
    """Return a built-in scenario with parameters replaced and loops switched off."""
    changes = tuple(
        Override(name, float(value), "to verify the model", "tests")
        for name, value in sorted((overrides or {}).items())
    )
    switches = tuple((name, False) for name in sorted(off))
    return replace(Scenario.load(base), overrides_made=changes, switches_set=switches)


@lru_cache(maxsize=8)
def place_at(scale: float) -> Place:
    """Return the built-in place at a scale."""
    return load_place("west_midlands", scale)


def world(scenario: Scenario | str = "baseline", *, scale: float = 0.004, years: int = 1,
          **options: Any) -> ViolenceModel:  # fmt: skip
    """Return a world at its horizon, with its incidents kept."""
    place = options.pop("place", None) or place_at(scale)
    scale = place.scale
    options = {"keep_incidents": True, **options}
    return ViolenceModel(place=place, scenario=scenario, scale=scale, years=years, **options).run()


def same_worlds(one: ViolenceModel, other: ViolenceModel) -> bool:
    """Say whether the same happened to the same people in two worlds, bit for bit."""
    if not one.incidents().equals(other.incidents()) or one.people.count != other.people.count:
        return False
    return all(
        np.array_equal(one.people.column(name), other.people.column(name))
        for name in STATES
    )


@lru_cache(maxsize=8)
def village(residents: int = 900, neighbourhoods: int = 1) -> Place:
    """Return a place of one local authority and a few neighbourhoods, made by hand.

    It has all its residents (scale 1), and a world of it is built in a moment.
    """
    rows = np.arange(neighbourhoods)
    table = pd.DataFrame(
        {
            "neighbourhood": [f"V{row:03d}" for row in rows],
            "name": [f"Village {row}" for row in rows],
            "local_authority": np.zeros(neighbourhoods, np.int64),
            "deprivation_decile": (rows % 10 + 1).astype(np.int8),
            "deprivation": 1.5 - 0.3 * (rows % 10),
            "x_km": rows.astype(float),
            "y_km": np.zeros(neighbourhoods),
            "night_exposure": np.where(rows == 0, 2.5, 0.0),
            "residents": np.full(neighbourhoods, residents // neighbourhoods),
            "households": np.full(neighbourhoods, residents // neighbourhoods * 2 // 5),
            "peer_area": rows,
        }
    )
    by_age = np.tile(np.linspace(1.4, 0.6, 91), (neighbourhoods, 1))
    by_age *= (table["residents"].to_numpy() / by_age.sum(axis=1))[:, None]
    return Place(
        name="village", title="A village", synthetic=True, source="Made up for tests.",
        attribution="None.", authorities=(Authority("V1", "Village"),), neighbourhoods=table,
        residents_by_age=by_age, males=np.array([table["residents"].sum() // 2]),
        adjacency=np.zeros((0, 2), np.int32),
    )  # fmt: skip


def assert_sound(model: ViolenceModel) -> None:
    """Fail unless nobody is lost, nothing is NaN, and every state lies within its range."""
    people = model.people
    state = people.column
    assert len(np.unique(state("identifier"))) == people.count
    for name in STATES:
        assert np.isfinite(state(name).astype(float)).all(), name
    assert (state("ace") <= 9).all()
    assert ((state("peer_norm") >= 0) & (state("peer_norm") <= 100)).all()
    for name in ("grievance", "history", "sanction"):
        assert (state(name) >= 0).all(), name
    for name in ("recent", "fear", "efficacy", "residents"):
        assert np.isfinite(model.areas[name]).all(), name
    measures = model.measures()
    assert np.isfinite(measures["value"]).all() and (measures["value"] >= 0).all()
    incidents = model.incidents()
    assert (incidents["aggressor"] != incidents["victim"]).all()
    known = set(state("identifier").tolist())
    assert known.issuperset(incidents["aggressor"]) and known.issuperset(incidents["victim"])
    for role in ("victim", "aggressor"):
        of_role = measures[(measures["role"] == role) & (measures["measure"] == "incidents")]
        assert np.isclose(of_role["value"].sum() / model.weight, len(incidents)), role
    months = measures.loc[measures["measure"] == "person_months", "value"].sum() / model.weight
    assert months <= 12 * model.years * people.count
