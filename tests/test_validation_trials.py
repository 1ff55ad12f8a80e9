"""Virtual trials: their arithmetic by hand, and that each changes delivery and nothing else."""

import math

import numpy as np
import pandas as pd
import pytest
from validation_doubles import incidents, lives

from vru_model.analysis.validation.trials import cardiff, hot_spots, national, navigators, new_york
from vru_model.analysis.validation.trials.worlds import Size, changed, funded, with_size
from vru_model.parameters.register import load_programme
from vru_model.place import load_place
from vru_model.scenario import Scenario

PLACE = load_place("west_midlands", 0.01)


def test_a_trial_changes_delivery_and_leaves_the_effect():
    document = load_programme("hot_spot_patrol")
    trial = changed(document, reach={"share_of_days": 1.0})
    assert trial.reach.share_of_days == 1.0 != document.reach.share_of_days
    assert trial.changes == document.changes and trial.cost == document.cost
    fixed = with_size(load_programme("focused_deterrence"), "acting", -0.5)
    assert fixed.central() == {"acting": -0.5} == fixed.draw(3, 1)


def test_a_scenario_made_in_code_loads_again_from_its_own_words(tmp_path):
    import yaml

    scenario = new_york.scenarios(1719)[new_york.BOTH]
    path = tmp_path / "scenario.yaml"
    path.write_text(yaml.safe_dump(scenario.resolved(), sort_keys=False), "utf-8")
    assert Scenario.load(path).digest == scenario.digest


def test_interrupters_halve_the_rate_of_as_many_as_ten_to_a_neighbourhood():
    from vru_model.parameters import load_model_parameters

    scenario = new_york.scenarios(1719)[new_york.INTERRUPTERS]
    (line, delivery), = scenario.deliveries(1)
    assert delivery.capacity_per_month * 12 == pytest.approx(17_190)
    ceiling = load_model_parameters().central().acting.protection_ceiling
    size = -scenario.programmes[line.programme].central()["acting"]
    assert math.exp(-ceiling * (1 - math.exp(-size / ceiling))) == pytest.approx(0.5)


def test_police_are_in_a_tenth_of_places_times_the_force():
    scenarios = new_york.scenarios(1000)
    (_, doubled), = scenarios[new_york.POLICE].deliveries(1)
    places = {line.programme: delivery.places
              for line, delivery in scenarios[new_york.BOTH].deliveries(1)}  # fmt: skip
    assert (doubled.places, doubled.presence, places["hot_spot_patrol"]) == (200, 1.0, 140)


def test_adult_victims_by_hand():
    # In the last of two years 2 (an adult) and 3 (17 at the end) are victims; 4 was earlier.
    acts = [{"date": "2028-05-01"}, {"date": "2028-05-01", "victim": 3}, {"victim": 4}]
    world = lives([{}, {}, {"age_months": 15 * 12}, {}], acts, 2)
    assert new_york.adult_victims(world) == pytest.approx(1 / 3)


def test_hot_spots_are_counted_by_place_and_year():
    street = {"venue": "neighbourhood"}
    beside, later = {**street, "neighbourhood": "B"}, {**street, "date": "2028-04-01"}
    table = incidents(street, {}, beside, later)
    found = hot_spots._counts(table, pd.Series({"A": 1, "B": 2}))
    assert found == {
        "street incidents, patrol days": 1, "street incidents, days without": 1,
        "other incidents, patrol days": 1, "places beside, street incidents": 1,
        "places without patrols, street incidents": 1, "everywhere, street incidents": 2,
        "all violence in treated places": 2,
    }  # fmt: skip
    (line, delivery), = hot_spots.scenario(281).deliveries(1)
    assert (delivery.places, delivery.presence, line.deprivation_deciles) == (281, 1.0, (1,))
    assert not hot_spots.scenario(281).deliveries(2)
    assert hot_spots.scenario(281).shock.displacement == 0.0
    assert hot_spots.scenario(281, 0.5).shock.displacement == 0.5


def test_navigators_self_selected_and_not():
    # Two young patients come in April; without navigators both come back, with them one does.
    young = {"age_months": 15 * 12}
    hurt = {"severity": "emergency_department"}
    first = [{**hurt, "victim": 2}, {**hurt, "victim": 3}]
    again = [{**hurt, "victim": who, "date": "2027-06-01"} for who in (2, 3)]
    without, met = (
        lives([{}, young, young], first + acts, 2) for acts in (again, again[:1])
    )
    found = navigators.ratios(without, met)
    assert found["back in hospital, all met over none (randomised)"].ratio == pytest.approx(0.5)
    assert math.isnan(found["violence, all met over none (randomised)"].ratio)


def test_who_engages_is_of_lower_risk():
    rng = np.random.default_rng(1)
    world = lives([{"liability": value} for value in rng.standard_normal(400)], [])
    engaged = navigators._engaged(world, np.arange(400), 1)
    risk = world.people["liability"].to_numpy()
    assert 0.4 < engaged.mean() < 0.6 and risk[engaged].mean() < risk[~engaged].mean() - 0.3


def test_cardiff_is_read_where_its_size_is_and_in_later_years():
    assert cardiff.city(PLACE) == "E08000027"  # 323,487 residents; Cardiff had 324,800
    seen = {"recorded_by_police": True, "date": "2028-04-01"}
    table = incidents({**seen, "date": "2027-04-01"}, {**seen, "severity": "injury"}, seen, seen,
                      {**seen, "neighbourhood": "B"}, {"date": "2028-04-01"})  # fmt: skip
    assert cardiff._recorded(table, {"A"}, 2) == {cardiff.WOUNDINGS: 1, cardiff.COMMON: 2}
    (line, delivery), = cardiff.scenario(PLACE).deliveries(1)
    assert line.authorities == ("E08000027",) and delivery.places > 0


def test_trials_run_paired_worlds(tmp_path):
    size = Size(scale=0.02, years=2, draws=1, out=str(tmp_path), workers=1)
    base = size.run("baseline", incidents=True, people=True)
    street = hot_spots.carry_out(size, base).iloc[0]
    assert street["street incidents, patrol days"] < 1
    assert street["street incidents, days without"] == pytest.approx(1, abs=0.2)
    everywhere = "everywhere, street incidents"
    assert street[everywhere] < street[f"{everywhere}, were half displaced"] <= 1
    whole = national.carry_out(size, base)
    assert list(whole.columns) == list(national.targets())
    assert funded("nothing", "Nothing", []).changes_nothing
