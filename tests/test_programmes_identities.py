"""Every programme of the register, without effect or before its start, leaves the world as it was.

Bit for bit: incidents with all that is recorded of them, counts, and the state of every resident.
Programmes run under the conditions of a virtual trial, so that many are enrolled even in a tiny
world; those without effect have to enrol people or cover places, or the test would show nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from worlds import same_worlds, world

from vru_model.experiments.trial import under_trial_conditions, without_effect
from vru_model.parameters.documents import built_in_names
from vru_model.parameters.funding import Funding
from vru_model.parameters.programmes import TARGETS
from vru_model.parameters.register import load_programme
from vru_model.scenario import Scenario

YEARS, SCALE = 2, 0.006
every_programme = pytest.mark.parametrize("name", built_in_names("programmes"))


def funded(programme, first_year: int = 1) -> Scenario:
    """Return a scenario in which £20 million a year go on one programme."""
    return replace(
        Scenario.baseline(),
        funding=(Funding(programme=programme.name, money_per_year=20_000_000,
                         first_year=first_year),),
        programmes_funded=(programme,),
        price_year=programme.cost.price_year,
    )  # fmt: skip


def counts(model) -> pd.DataFrame:
    frame = model.measures()
    return frame[frame["role"] != "programme"].reset_index(drop=True)


@pytest.fixture(scope="module")
def baseline():
    return world(scale=SCALE, years=YEARS)


@every_programme
def test_without_effect_it_changes_nothing(baseline, name):
    programme = without_effect(under_trial_conditions(load_programme(name)))
    other = world(funded(programme), scale=SCALE, years=YEARS)
    (delivered,) = other.portfolio.programmes
    if programme.of_places:
        assert len(other.portfolio.treated[0].rows) > 0
    elif programme.eligibility.selection == "none":
        assert delivered.strength > 0.0
    else:
        assert len(other.portfolio.register.rows) > 0
    assert same_worlds(baseline, other)
    pd.testing.assert_frame_equal(counts(baseline), counts(other))


@every_programme
def test_before_its_start_it_changes_nothing(baseline, name):
    programme = under_trial_conditions(load_programme(name))
    other = world(funded(programme, first_year=YEARS + 1), scale=SCALE, years=YEARS)
    assert same_worlds(baseline, other)
    pd.testing.assert_frame_equal(counts(baseline), counts(other))


def greatly(name: str):
    """Return a programme with every change ten times as large as it says, within its bounds."""
    programme = under_trial_conditions(load_programme(name))
    changes = []
    for change in programme.changes:
        unit, neutral = TARGETS[change.target].unit, TARGETS[change.target].neutral
        value = neutral + 10.0 * ((change.value - neutral) or 0.05)
        value = min(max(value, unit.minimum), unit.maximum)
        changes.append(change.model_copy(update={"value": value}))
    return programme.model_copy(update={"changes": tuple(changes)})


@every_programme
def test_with_a_great_effect_it_changes_something(baseline, name):
    programme = greatly(name)
    if programme.eligibility.selection == "none":
        pytest.skip("it works on other programmes, of which there are none here")
    other = world(funded(programme), scale=SCALE, years=YEARS)
    columns = ("self_regulation", "ace", "history", "protection", "grievance", "sanction",
               "exclusion_protection", "ace_protection")  # fmt: skip
    differs = [
        not np.array_equal(
            baseline.people.column(column)[: baseline.people.founders],
            other.people.column(column)[: baseline.people.founders],
        )
        for column in columns
    ]
    assert any(differs) or not baseline.incidents().equals(other.incidents())
