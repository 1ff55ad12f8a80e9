"""Patterns counted in small worlds whose answers are worked by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from validation_doubles import incidents, lives, people

from vru_model.analysis.patterns import (
    adversity,
    convictions,
    places,
    profiles,
    services_seen,
    timing,
    victimisation,
)
from vru_model.analysis.patterns.tables import WorldTables
from vru_model.analysis.patterns.world_lives import Lives
from vru_model.processes.calendar import Clock

SURVEY = {"peer": 0.5, "neighbourhood": 0.8, "night_time_economy": 0.8, "household": 0.25}
CHILD, TEEN = {"age_months": 14 * 12}, {"age_months": 15 * 12}


def test_lives_know_when_and_how_old():
    found = lives([{"age_months": 191}, {}], [{"date": "2027-04-01"}, {"date": "2028-06-01"}], 2)
    assert found.incidents["aggressor_age"].tolist() == [15, 17]
    assert found.incidents["year"].tolist() == [1, 2]
    assert found.incidents["week"].tolist() == [0, 52 + 8]
    # A year at 15 to 16: one month of it, then the rest above.
    assert found.years_at(15, 16)[0] == pytest.approx(1 / 12)
    assert found.years_at(0, 200) == pytest.approx([2, 2])


def test_incidents_of_a_week_carry_the_date_of_the_week():
    dates = [Clock(step, 52).date for step in range(2 * 52)]
    assert len(set(dates)) == 104 and dates == sorted(dates)
    acts = [{"date": str(date)} for date in dates]
    assert lives([{}, {}], acts, 2).incidents["week"].tolist() == list(range(104))
    assert [Clock(step, 12).date.isoformat() for step in (0, 11, 12)] == [
        "2027-04-01", "2028-03-01", "2028-04-01"]  # fmt: skip


def test_who_comes_later_or_dies_counts_for_the_years_that_they_are_there():
    table = people({}, {})
    table = table[~((table["when"] == "end") & (table["resident"] == 2))]
    born = {**table.iloc[0].to_dict(), "when": "end", "resident": 3, "age_months": 6}
    table = pd.concat([table, pd.DataFrame([born])], ignore_index=True)
    found = Lives.of(table, incidents(), 1)
    assert found.years_at(0, 200).tolist() == [1, 0.5, 0.5]
    assert found.people["at_end"].tolist() == [True, False, True]


def test_an_incident_of_somebody_unknown_is_left_out():
    assert len(lives([{}, {}], [{}, {"victim": 9}]).incidents) == 1


def test_survey_prevalence_sums_the_chance_that_anything_is_seen():
    # Resident 2 has two incidents, seen by 1/2 and 1/4; resident 3, a woman, one seen by 4/5.
    found = victimisation.survey_prevalence(
        lives([{}, {}, {"sex": "female"}, CHILD],
              [{}, {"venue": "household"}, {"victim": 3, "venue": "neighbourhood"},
               {"victim": 4}]), SURVEY)  # fmt: skip
    assert found["men"] == pytest.approx((1 - 0.5 * 0.75) / 2)
    assert found["women"] == pytest.approx(0.8)
    assert found["all"] == pytest.approx((0.625 + 0.8) / 3)
    assert math.isnan(found["least deprived fifth"])


def test_shares_of_what_the_survey_finds():
    found = victimisation.survey_shares(
        lives([{}, {}], [{"recorded_by_police": True, "weapon": "knife"},
                         {"venue": "household", "weapon": "other", "relationship": "stranger"}]),
        SURVEY)  # fmt: skip
    assert found["recorded by the police"] == pytest.approx(0.5 / 0.75)
    assert found["knife"] == pytest.approx(0.5 / 0.75)
    assert found["any weapon"] == pytest.approx(1.0)
    assert found["men, by a stranger"] == pytest.approx(0.25 / 2)


def test_repeat_and_poly_victimisation():
    # 2 has three incidents in two kinds of place, 3 has one.
    found = victimisation.repeat_victimisation(
        lives([{}, {}, {}], [{}, {}, {"venue": "household"}, {"victim": 3}]))  # fmt: skip
    assert found["incidents, 25 and over"] == pytest.approx(3 / 4)
    assert found["victims, 25 and over"] == pytest.approx(1 / 2)
    assert found["poly, 25 and over"] == pytest.approx(1 / 2)


def test_overlap_of_victims_and_aggressors():
    # Of five teenagers 1 and 2 act; 2 and 3 are victims: one is both.
    acts = [{"aggressor": 1, "victim": 2}, {"aggressor": 2, "victim": 3}]
    found = victimisation.overlap(lives([TEEN] * 5, acts))
    assert found["victims who acted"] == pytest.approx(1 / 2)
    assert found["aggressors who were victims"] == pytest.approx(1 / 2)
    assert found["odds ratio"] == pytest.approx(1 * 2 / (1 * 1))
    assert found["victims"] == pytest.approx(2 / 5)


def test_children_s_violence():
    found = victimisation.child_violence(
        lives([CHILD, CHILD, {}], [{"relationship": "family"}, {}, {"aggressor": 3}]))  # fmt: skip
    assert found["acted"] == pytest.approx(1 / 2)
    assert found["the other was family"] == pytest.approx(1 / 3)


def test_patients_and_deaths():
    seen = {"recorded_by_hospital": True, "severity": "admission"}
    found = services_seen.patients(lives(
        [{}, {}, {"sex": "female", "deprivation_decile": 10}, {"deprivation_decile": 9}],
        [{**seen, "weapon": "knife"}, seen, {**seen, "victim": 3},
         {"recorded_by_emergency_department": True, "severity": "emergency_department"}]
    ))  # fmt: skip
    assert found["attendances, men"] == pytest.approx(1000 / 3)
    assert found["admissions, most over least deprived fifth"] == pytest.approx((2 / 2) / (1 / 2))
    assert found["admissions, men over women"] == pytest.approx(2 / 3)
    assert found["admissions for a knife, 10 to 24"] == 0


def test_deaths_are_counted_by_their_chances():
    chances = [("10-14", "male", 2.0), ("16-17", "male", 3.0), ("25-29", "female", 5.0)]
    cells = [("victim", "expected_homicides", *each) for each in chances]
    cells += [("resident", "person_months", "16-17", sex, months)
              for sex, months in (("male", 12.0), ("female", 24.0))]  # fmt: skip
    measures = pd.DataFrame(cells, columns=["role", "measure", "age_band", "sex", "value"])
    # Of the band 10 to 14 one of four with attended injuries was 13 or 14.
    residents = [{"age_months": age * 12} for age in (11, 11, 11, 14)]
    world = lives(residents, [{"victim": n, "severity": "admission"} for n in (1, 2, 3, 4)])
    tables = WorldTables(measures, world.incidents, world.people, None, 1)
    found = services_seen.deaths(tables, world)
    assert found["males over females"] == pytest.approx(5.0 / (5.0 / 2.0))
    assert found["aged 13 to 19"] == pytest.approx((3.0 + 0.25 * 2.0) / 10.0)


def test_the_peak_is_of_the_rate_and_not_of_the_number():
    at_risk = np.full(40, 10.0)
    at_risk[18:24] = 1000.0
    assert profiles.peak_age(np.array([14] * 30 + [20] * 60), at_risk) == 13
    assert math.isnan(profiles.peak_age(np.array([], int), at_risk))


def test_concentration_of_convictions():
    # 200 of the cohort: one holds 6 of 10 convictions, four hold one each; 1% are two people.
    cohort = [{"age_months": 13 * 12}] * 200
    acts = [{"convicted": True, "aggressor": 1}] * 6
    acts += [{"convicted": True, "aggressor": who} for who in (3, 4, 5, 6)]
    found = convictions.concentration(lives(cohort, acts))
    assert found["ever convicted"] == pytest.approx(5 / 200)
    assert found["convictions held by 1%"] == pytest.approx(0.7)


def test_odds_ratios_in_families():
    # Carer 1 (convicted) has 3 and 4, both convicted; carer 2 has 5 and 6, of whom 5 is;
    # carer 7 has 8 and 9, neither.
    def child(carer):
        return {**CHILD, "carer": carer}

    residents = [{}, {}, child(1), child(1), child(2), child(2), {}, child(7), child(7)]
    acts = [{"convicted": True, "aggressor": who} for who in (1, 3, 4, 5)]
    found = convictions.familial_odds_ratios(lives(residents, acts))
    assert found["siblings"] == pytest.approx(4 * 1 * 1 / 1**2)
    # Of convicted carers' two children 2 and 0; of the other four 1 and 3, halves added.
    assert found["parent and child"] == pytest.approx(2.5 * 3.5 / (0.5 * 1.5))


def test_aces_crude():
    # Of four with many ACEs two act, of eight with none one does; one with one ACE does not.
    residents = [{"ace": 5}] * 4 + [{"ace": 0}] * 8 + [{"ace": 1}]
    acts = [{"aggressor": who, "victim": 12} for who in (1, 2, 5)]
    found = adversity.ace_odds_ratios(lives(residents, acts))
    assert found["perpetration, crude"] == pytest.approx(2 * 7 / (2 * 1))
    # Risk ratios 4 among 4/13, and 0 among 1/13.
    excess = 4 / 13 * 3 + 1 / 13 * -1
    assert found["attributable share"] == pytest.approx(excess / (1 + excess))
    assert adversity.ace_prevalence(lives(residents, acts)) == {
        "at least one": pytest.approx(5 / 13), "four or more": pytest.approx(4 / 13)}  # fmt: skip


def test_trauma_crude_and_within_strata():
    # Violent before: rates 2 with and 2 without; others: 1 of 1 with, 1 of 4 without... by hand.
    past = {"history": 1.0}
    residents = [{**past, "trauma": True}] * 3 + [past] + [{"trauma": True}] + [{}] * 4
    acts = [{"aggressor": who, "victim": 9} for who in (1, 1, 2, 2, 3, 3, 4, 4, 6)]
    found = adversity.trauma_rate_ratios(lives(residents, acts))
    assert found["crude"] == pytest.approx((6 / 4) / (3 / 5))
    # Strata: 6 x 1/4 + 0 over 2 x 3/4 + 1 x 1/5.
    assert found["within strata"] == pytest.approx(1.5 / 1.7)


def test_exclusion_crude_and_matched():
    out, inside = {**CHILD, "status": "excluded"}, {**CHILD, "status": "in school"}
    residents = [{**out, "ace": 3}, {**inside, "ace": 3}, inside, inside]
    acts = [{"aggressor": 1}, {"aggressor": 1}, {"aggressor": 2}, {"aggressor": 3},
            {"aggressor": 3, "date": "2027-09-01"}]  # fmt: skip
    found = adversity.exclusion_rate_ratios(lives(residents, acts))
    assert found["crude"].ratio == pytest.approx(2 / (2 / 3))
    assert found["matched"].ratio == pytest.approx(2.0)


NEIGHBOURHOODS = pd.DataFrame({
    "neighbourhood": ["A", "B", "C"], "local_authority": ["one", "two", "three"],
    "deprivation_decile": [1, 2, 3], "residents": [10, 10, 10],
})  # fmt: skip


def test_places():
    hurt = {"severity": "injury", "recorded_by_police": True}
    residents = [{"neighbourhood": name, "local_authority": code}
                 for name, code in (("A", "one"), ("B", "two"), ("C", "three"))]  # fmt: skip
    acts = [hurt, hurt, hurt, {**hurt, "neighbourhood": "B"}, {"neighbourhood": "C"}]
    world = lives(residents, acts, 1)
    assert places.recorded_by_decile(world, NEIGHBOURHOODS)["decile 1"] == pytest.approx(3000.0)
    series = {
        "alike": {"one": 9, "two": 5, "three": 1}, "other": {"one": 1, "two": 2, "three": 3},
    }  # fmt: skip
    found = places.authority_correlations(world, series, NEIGHBOURHOODS)
    assert (found["alike"], found["other"]) == (pytest.approx(1), pytest.approx(-1))
    spread = places.concentration_of_places(world, NEIGHBOURHOODS["neighbourhood"])
    # Lorenz curve of 1, 1 and 3 of 5 over thirds.
    assert spread["gini"] == pytest.approx(1 - 2 * (0.1 + 0.3 + 0.7) / 3)
    assert spread["top 20%"] == pytest.approx(0.6 * 0.6)
    widely = places.rates_of_places(world, NEIGHBOURHOODS)
    # Three, one and none recorded, one resident each.
    assert [widely[f"authorities: {name}"] for name in
            ("the lowest", "the middle one", "the highest")] == [0, 1000, 3000]  # fmt: skip
    assert widely["neighbourhoods: 50% lie below"] == 1000
    assert widely["neighbourhoods: 90% lie below"] == pytest.approx(2600)
    moran = places.spatial_autocorrelation(world, NEIGHBOURHOODS, np.array([[0, 1], [1, 2]]))
    # Rates apart from their mean: 4/3, -2/3, -2/3 (tenths): products -8/9 and 4/9.
    assert moran["Moran's I"] == pytest.approx(3 / 4 * 2 * (-4 / 9) / (24 / 9))


def test_the_order_of_neighbourhoods_over_time_and_by_deprivation():
    residents = [{"neighbourhood": name} for name in "ABC"]
    late = {"date": "2028-05-01"}
    acts = [{}, {}, {"neighbourhood": "B"}, late, {**late, "neighbourhood": "C"},
            {**late, "neighbourhood": "C"}]  # fmt: skip
    found = places.ranking_of_places(lives(residents, acts, 2), NEIGHBOURHOODS)
    # First year 2, 1, 0; second 1, 0, 2; together 3, 1, 2 by deciles 1, 2, 3.
    assert found["ranking, one half of the years with the other"] == pytest.approx(-0.5)
    assert found["ranking with deprivation"] == pytest.approx(0.5)


def test_near_repeats_leave_out_homes_and_go_by_area():
    weeks = ["2027-04-01", "2027-04-08", "2027-06-24"]
    acts = [{"date": week} for week in weeks] + [{"venue": "household"}] * 5
    areas = pd.Series({"A": 0})
    found = timing.near_repeat_ratios(lives([{}, {}], acts), areas)
    assert found["within 1 week"] == pytest.approx(1.0)
    assert timing.triggered_shares(lives([{}, {}], acts)) == {"triggered": 0.0, "pair": 0.0}


def test_acting_after_being_a_victim():
    # Resident 2 acts in week 70; was a victim in week 69 and in one of 26 control weeks.
    acts = [{"aggressor": 2, "victim": 1, "date": "2028-08-03"}, {"date": "2028-07-27"},
            {"date": "2027-10-28"}]  # fmt: skip
    found = timing.ratios_after_exposure(lives([{}, {}], acts, 2))
    assert found["week 1"] == pytest.approx(26.0)
    assert found["week 2"] == 0.0
