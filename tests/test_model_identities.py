"""The three identities, bit for bit: worlds stay the same until something differs."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from vru_model.model import ViolenceModel
from vru_model.parameters.programmes import TARGETS
from vru_model.people import STATES
from vru_model.scenario import Scenario
from vru_model.workspace import Workspace

SCALE = 0.004


def _world(scenario="baseline", years=3, **options) -> ViolenceModel:
    return ViolenceModel(
        scenario=scenario, scale=SCALE, years=years, keep_incidents=True, **options
    ).run()


def _counts(model: ViolenceModel) -> pd.DataFrame:
    frame = model.measures()
    return frame[frame["role"] != "programme"].reset_index(drop=True)


def assert_same_world(one: ViolenceModel, other: ViolenceModel) -> None:
    pd.testing.assert_frame_equal(one.incidents(), other.incidents())
    pd.testing.assert_frame_equal(_counts(one), _counts(other))
    for name in STATES:
        assert np.array_equal(one.people.column(name), other.people.column(name)), name


@pytest.fixture(scope="module")
def baseline() -> ViolenceModel:
    return _world()


def _without_effect(scenario: Scenario) -> Scenario:
    """The same programmes, money and reach; every size at the value that changes nothing."""
    programmes = tuple(
        programme.model_copy(
            update={
                "changes": tuple(
                    change.model_copy(
                        update={
                            "value": TARGETS[change.target].neutral,
                            "low": None,
                            "high": None,
                            "distribution": "fixed",
                        }
                    )
                    for change in programme.changes
                )
            }
        )
        for programme in scenario.programmes_funded
    )
    return replace(scenario, programmes_funded=programmes)


@pytest.mark.parametrize("name", ["quick", "slow"])
def test_a_programme_without_effect_changes_nothing(baseline, name):
    other = _world(_without_effect(Scenario.load(name)))
    enrolled = other.measures().query("measure.str.startswith('enrolments')")["value"].sum()
    assert enrolled > 0
    assert_same_world(baseline, other)


@pytest.mark.parametrize("name", ["quick", "slow"])
def test_a_programme_changes_nothing_before_it_starts(baseline, name):
    scenario = Scenario.load(name)
    later = tuple(line.model_copy(update={"first_year": 4}) for line in scenario.funding)
    other = _world(replace(scenario, funding=later))
    assert other.people.count > other.people.founders  # births and deaths lie in between
    assert (~other.people.alive).any()
    assert_same_world(baseline, other)


@pytest.mark.parametrize("name", ["quick", "slow"])
def test_a_programme_with_effect_changes_something(baseline, name):
    other = _world(name)
    different = [
        column
        for column in STATES
        if not np.array_equal(
            baseline.people.column(column), other.people.column(column)[: baseline.people.count]
        )
    ]
    assert different


def test_the_same_world_twice_is_the_same(baseline):
    assert_same_world(baseline, _world())


def test_worlds_do_not_depend_on_what_ran_before(baseline):
    _world("quick", years=1, replicate=7)
    assert_same_world(baseline, _world())


def test_replicates_share_their_founders_and_differ_in_what_happens(baseline):
    other = _world(replicate=1)
    founders = slice(0, baseline.people.founders)
    for name in ("identifier", "liability", "male"):
        assert np.array_equal(
            baseline.people.column(name)[founders], other.people.column(name)[founders]
        )
    assert not baseline.incidents().equals(other.incidents())


def test_one_person_more_leaves_the_others_draws_alone(baseline):
    """Born residents are who they are in every world in which they are born."""
    other = _world("slow")
    mine = set(baseline.people.column("identifier")[baseline.people.founders :].tolist())
    theirs = set(other.people.column("identifier")[other.people.founders :].tolist())
    assert len(mine & theirs) / len(mine | theirs) > 0.99


def test_a_world_in_the_memory_of_an_earlier_one_is_the_same_world(baseline):
    space = Workspace()
    ViolenceModel(scenario="quick", scale=0.006, years=2, replicate=5, workspace=space).run()
    assert_same_world(_world(workspace=space), baseline)
