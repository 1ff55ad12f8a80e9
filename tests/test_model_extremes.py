"""Extremes, switches, and any values within their ranges: worlds stay sound, or are refused."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import assert_sound, changed, place_at, same_worlds, village, world

from vru_model.errors import InputError
from vru_model.model import ViolenceModel
from vru_model.parameters.loading import load_model_parameters
from vru_model.parameters.switches import SWITCHES
from vru_model.people import CUSTODY, DEAD


def town(scenario="baseline", **options) -> ViolenceModel:
    """Return a world of 6,000 residents in eight neighbourhoods, two years long."""
    return world(scenario, place=village(6000, 8), **{"years": 2, **options})


# Extremes


@pytest.mark.parametrize(
    ("overrides", "off"),
    [
        ({"grievance.acts_per_month": 0.0}, ()),
        ({"early_life.base": -20.0, "witnesses.ace": 0.0}, ()),
        ({"trauma.injured": 0.0, "trauma.uninjured": 0.0, "trauma.witness": 0.0,
          "trauma.at_start": 0.0}, ()),
        ({"acting.base": -20.0}, ()),
        ({"acting.base": -3.0}, ()),
        ({"trauma.injured": 1.0, "trauma.uninjured": 1.0, "pairs.adult": 1.0,
          "witnesses.household": 1.0, "services.conviction": 1.0}, ()),
        ({"demography.death_male": -4.0, "demography.death_female": -4.0}, ()),
        ({}, tuple(SWITCHES)),
    ],
    ids=["no excitation", "no ACE", "no trauma", "no violence", "much violence", "much harm",
         "many deaths", "no loop"],
)  # fmt: skip
def test_extreme_values_make_sound_worlds(overrides, off):
    model = town(changed(overrides, off))
    assert_sound(model)
    people, incidents = model.people, model.incidents()
    if "grievance.acts_per_month" in overrides:
        assert "triggered" not in set(incidents["origin"])
    if "early_life.base" in overrides:
        assert people.column("ace").max() == 0
    if "trauma.at_start" in overrides:
        assert not people.column("trauma").any()
    if overrides.get("acting.base") == -20.0:
        assert len(incidents) == 0
    if "demography.death_male" in overrides:
        assert (people.column("status") == DEAD).mean() > 0.02


@pytest.mark.parametrize("residents", [1, 2, 40, 900])
@pytest.mark.parametrize("neighbourhoods", [1, 3])
def test_the_smallest_places_make_sound_worlds(residents, neighbourhoods):
    whole = village(900, neighbourhoods)
    place = whole.at_scale(residents / whole.full_population)
    model = world(changed({"acting.base": -6.0}), place=place, years=3)
    assert_sound(model)
    assert model.people.founders == pytest.approx(residents, abs=1)
    if residents == 1:
        assert len(model.incidents()) == 0  # there is nobody to hurt
    if residents == 900:
        assert set(model.incidents()["venue"]) == {
            "peer", "neighbourhood", "night_time_economy", "household",
        }  # fmt: skip


# Switches


@pytest.mark.parametrize(
    ("switch", "strength", "weak", "strong"),
    [
        ("retaliation", "grievance.acts_per_month", 0.02, 0.12),
        ("trauma", "trauma.injured", 0.0, 1.0),
        ("intergenerational_ace", "early_life.carer_ace", 0.0, 1.0),
        ("peers", "peers.learning", 0.01, 1.0),
        ("exclusion", "acting.excluded", 0.0, 3.0),
        ("fear_and_efficacy", "neighbourhoods.efficacy_fear", -3.0, 0.0),
    ],
)
def test_with_a_loop_off_its_strength_no_longer_matters(switch, strength, weak, strong):
    def incidents(value, off):
        return town(changed({strength: value}, off)).incidents()

    assert incidents(weak, (switch,)).equals(incidents(strong, (switch,)))
    assert not incidents(weak, ()).equals(incidents(strong, ()))


def test_with_exclusion_off_it_does_not_matter_who_is_excluded():
    """Neither by the rate of acting, nor by knives, nor by being out of work later."""
    def incidents(hazard, off):
        return town(changed({"schooling.exclusion": hazard}, off), years=3).incidents()

    assert incidents(-20.0, ["exclusion"]).equals(incidents(-3.0, ["exclusion"]))
    assert not incidents(-20.0, []).equals(incidents(-3.0, []))


def test_without_retaliation_nothing_is_triggered():
    assert "triggered" in set(town().incidents()["origin"])
    assert "triggered" not in set(town(changed(off=["retaliation"])).incidents()["origin"])


def test_without_ageing_nobody_is_born_ages_moves_or_gains_an_ace():
    """Nor dies, but for those who are killed."""
    scenario = changed(off=["ageing"])
    before = ViolenceModel(place=village(6000, 8), scenario=scenario, scale=1.0)
    after = town(scenario)
    for name in ("birth_month", "household", "neighbourhood", "partner", "ace"):
        assert np.array_equal(before.people.column(name), after.people.column(name)), name
    assert after.month == before.month
    ages = after.measures().query("measure == 'person_months'").groupby(["year", "age_band"])
    assert ages["value"].sum().unstack("year").std(axis=1).max() < 1.0


def test_patrols_stay_where_they_began_or_follow_the_violence():
    def places(off):
        model = ViolenceModel(
            place=place_at(0.01), scenario=changed(off=off, base="quick"), scale=0.01, years=3
        )
        seen = []
        while model.running:
            model.step()
            seen.append(frozenset(np.flatnonzero(model.areas["street_prevention"] > 0).tolist()))
        return set(seen) - {frozenset()}

    assert len(places(["patrol_follows_hot_spots"])) == 1
    assert len(places([])) > 1


def test_without_incapacitation_nobody_is_in_custody():
    def in_custody(off):
        model = town(changed({"acting.base": -7.5}, off))
        return (model.people.column("status") == CUSTODY).sum()

    assert in_custody([]) > 0
    assert in_custody(["incapacitation"]) == 0


@pytest.mark.parametrize("switch", SWITCHES)
def test_every_switch_makes_a_sound_world_of_its_own(switch):
    base = "quick" if switch == "patrol_follows_hot_spots" else "baseline"
    # Otherwise hardly anybody of so small a town is excluded.
    values = {"schooling.exclusion": -6.5} if switch == "exclusion" else {}
    model, other = (
        world(changed({"acting.base": -8.0}, off, base), scale=0.004, years=2) if base == "quick"
        else town(changed(values, off=off, base=base))
        for off in ([switch], [])
    )  # fmt: skip
    assert_sound(model)
    assert not same_worlds(model, other)


# Anything within the ranges


RANGES = {
    name: (row.low, row.high)
    for name, row in load_model_parameters().parameters.items()
    if isinstance(row.value, float) and row.low < row.high
}


def test_nearly_every_parameter_has_a_range():
    assert len(RANGES) > 120


@settings(
    max_examples=25, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(st.fixed_dictionaries({name: st.floats(0.0, 1.0) for name in RANGES}))
def test_any_values_within_their_ranges_make_a_sound_world_or_are_refused(shares):
    overrides = {
        name: low + shares[name] * (high - low) for name, (low, high) in RANGES.items()
    }
    try:
        model = town(changed(overrides), years=1)
    except InputError as refused:
        assert [problem.name for problem in refused.problems] == ["grievance"]
        assert "less than 1" in refused.problems[0].allowed
    else:
        assert_sound(model)


@pytest.mark.validate
@pytest.mark.parametrize("draw", range(40))
def test_any_draw_of_what_is_uncertain_makes_a_sound_world(draw):
    assert_sound(world("quick+slow", scale=0.004, years=5, draw=draw))


def test_values_by_which_violence_would_explode_are_refused():
    with pytest.raises(InputError, match="less than 1, or violence would explode"):
        town(changed({"grievance.acts_per_month": 3.0}))
