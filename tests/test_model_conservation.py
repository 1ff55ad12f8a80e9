"""Nobody is lost or doubled, and every incident is between people who can be in it."""

import numpy as np
import pytest

from vru_model.model import ViolenceModel
from vru_model.people import DEAD, NOBODY

SCALE, YEARS = 0.01, 4


@pytest.fixture(scope="module")
def model() -> ViolenceModel:
    return ViolenceModel(
        scenario="quick", scale=SCALE, years=YEARS, keep_incidents=True, keep_people=True
    ).run()


def test_residents_are_founders_and_births_less_deaths(model):
    people = model.people
    assert len(np.unique(people.column("identifier"))) == people.count
    born = people.count - people.founders
    dead = (people.column("status") == DEAD).sum()
    assert born > 0
    assert dead > 0
    living = model.people_table().query("when == 'end'")
    assert len(living) == people.founders + born - dead


def test_vital_rates_are_plausible(model):
    people = model.people
    births_per_thousand = (people.count - people.founders) / people.founders / YEARS * 1000
    deaths_per_thousand = (~people.alive).sum() / people.founders / YEARS * 1000
    assert 9 < births_per_thousand < 15
    assert 6 < deaths_per_thousand < 11


def test_households_are_rings_of_people_who_live_together(model):
    people = model.people
    following = people.column("next_in_household")
    living = np.flatnonzero(people.alive)
    household, place = people.column("household"), people.column("neighbourhood")
    assert people.alive[following[living]].all()
    assert (household[following[living]] == household[living]).all()
    assert (place[following[living]] == place[living]).all()
    assert len(np.unique(following[living])) == len(living)
    ring_members = np.bincount(household[living])
    i = int(living[7])
    size, j = 1, following[i]
    while j != i:
        size, j = size + 1, following[j]
    assert size == ring_members[household[i]]


def test_partners_are_partners_of_one_another_and_alive(model):
    partner = model.people.column("partner")
    paired = np.flatnonzero(model.people.alive & (partner != NOBODY))
    assert len(paired) > 0
    assert (partner[partner[paired]] == paired).all()
    assert model.people.alive[partner[paired]].all()


def test_every_incident_has_an_aggressor_and_a_victim_of_an_age_to_be_there(model):
    incidents, people = model.incidents(), model.people
    rows = {identifier: n for n, identifier in enumerate(people.column("identifier").tolist())}
    month = (incidents["date"].dt.year - 2027) * 12 + incidents["date"].dt.month - 4
    births = people.column("birth_month")
    for who in ("aggressor", "victim"):
        index = incidents[who].map(rows)
        assert index.notna().all()
        assert (month.to_numpy() - births[index] >= 120).all()
    assert (incidents["aggressor"] != incidents["victim"]).all()
    night = incidents["venue"] == "night_time_economy"
    ages = month[night].to_numpy() - births[incidents["victim"][night].map(rows)]
    assert (ages >= 192).all()


def test_nobody_is_hurt_after_death(model):
    incidents = model.incidents()
    last = incidents.groupby("victim")["incident"].max()
    killed = incidents[incidents["severity"] == "death"].set_index("victim")["incident"]
    assert (last.reindex(killed.index) == killed).all()
    acted = incidents.groupby("aggressor")["date"].max().reindex(killed.index).dropna()
    died = incidents[incidents["severity"] == "death"].set_index("victim")["date"]
    assert (acted <= died.reindex(acted.index)).all()


def test_tallies_equal_the_incidents(model):
    incidents = model.incidents()
    totals = model.measures().groupby(["role", "measure"])["value"].sum() / model.weight
    injured = incidents["severity"] != "none"
    knife = incidents["weapon"] == "knife"
    expected = {
        ("victim", "incidents"): len(incidents),
        ("aggressor", "incidents"): len(incidents),
        ("victim", "injuries"): injured.sum(),
        ("victim", "admissions"): (incidents["severity"] == "admission").sum(),
        ("victim", "police_recorded_violence_with_injury"): (
            injured & incidents["recorded_by_police"]
        ).sum(),
        ("victim", "knife_enabled_serious_violence"): (
            knife & ~incidents["robbery"] & incidents["recorded_by_police"]
        ).sum(),
    }
    for (role, measure), count in expected.items():
        assert totals[(role, measure)] == pytest.approx(count), measure
    by_place = model.neighbourhood_measures().query("measure == 'incidents'")["value"].sum()
    assert by_place / model.weight == pytest.approx(len(incidents))


def test_expected_counts_agree_with_counts(model):
    totals = model.measures().query("role == 'victim'").groupby("measure")["value"].sum()
    totals = totals / model.weight
    for measure in ("emergency_department_attendances", "admissions",
                    "knife_enabled_serious_violence"):  # fmt: skip
        happened, expected = totals[measure], totals[f"expected_{measure}"]
        assert abs(happened - expected) < 4 * np.sqrt(expected), measure


def test_triggered_incidents_follow_the_incident_that_triggered_them(model):
    incidents = model.incidents().set_index("incident")
    triggered = incidents[incidents["triggered_by"] >= 0]
    assert len(triggered) > 0
    cause = incidents.loc[triggered["triggered_by"]]
    assert (cause.index < triggered.index).all()
    assert (cause["victim"].to_numpy() == triggered["aggressor"].to_numpy()).all()


def test_results_are_at_full_size(model):
    months = model.measures().query("measure == 'person_months' and year == 1")["value"].sum()
    assert months / 12 == pytest.approx(model.place.full_population, rel=0.01)


def test_states_stay_in_range(model):
    people = model.people
    assert (people.column("ace") <= 9).all()
    assert ((people.column("peer_norm") >= 0) & (people.column("peer_norm") <= 3)).all()
    for name in ("grievance", "history", "sanction"):
        column = people.column(name)
        assert np.isfinite(column).all()
        assert (column >= 0).all()
