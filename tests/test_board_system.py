"""The paper on system change: what it says must follow from its numbers and documents."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from board_system_doubles import account, averted, nobody, stages

from vru_model import paths
from vru_model.parameters.accounts.agencies import load_agencies
from vru_model.parameters.documents import built_in_names
from vru_model.parameters.register import load_programme
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.board.system import boundaries, readiness
from vru_model.reporting.board.system.differences import thousands, verdict
from vru_model.reporting.board.system.package import halves
from vru_model.reporting.board.system.paper import SystemChange
from vru_model.reporting.board.system.partners import asks, named_in, page, parts_of
from vru_model.reporting.board.system.pilots import rings
from vru_model.reporting.options import declared_parameters
from vru_model.reporting.paper_kinds import PAPERS
from vru_model.scenario import Scenario

NOTEBOOK = paths.NOTEBOOKS / "papers" / "system_change.ipynb"
# Partners that have no place on the executive oversight group.
NO_SEAT = (
    "voluntary", "community organisations", "charities", "housing associations", "employers",
    "licensed trade", "job centres", "victim", "scrutiny panels",
)  # fmt: skip


@pytest.fixture(scope="module")
def balanced():
    return Scenario.load("balanced")


def lost(monkeypatch, people):
    """Let the boundaries read pathways in which so many are lost while they wait."""
    table = stages("hospital_navigators", accepted=2 * people, lost_waiting=people, started=people)
    monkeypatch.setattr(boundaries, "pathways", lambda run: table)


def test_a_change_of_one_field_changes_nothing_else(balanced):
    name = "programmes.mentoring.eligibility.maximum_age"
    changed = boundaries.with_changes(balanced, "x", "changed", {name: 24}, "A test.")
    for programme, before in balanced.programmes.items():
        after = changed.programmes[programme]
        if programme == "mentoring":
            assert after.eligibility.maximum_age == 24
            before = before.model_copy(
                update={"eligibility": before.eligibility.model_copy(update={"maximum_age": 24})}
            )
        assert after == before
    assert changed.funding == balanced.funding and changed.digest != balanced.digest


def test_a_field_that_is_not_there_is_refused(balanced):
    with pytest.raises(ValueError, match="no such field"):
        boundaries.with_changes(balanced, "x", "t", {"programmes.mentoring.reach.x": 1}, "A test.")
    with pytest.raises(ValueError, match="does not fund"):
        boundaries.with_changes(balanced, "x", "t", {"programmes.greening.x": 1}, "A test.")


def test_every_boundary_s_scenario_loads_again_from_its_own_document(
    balanced, monkeypatch, tmp_path
):
    lost(monkeypatch, 500)
    for test in boundaries.boundaries(balanced, None):
        path = tmp_path / f"{test.name}.yaml"
        document = test.scenario.resolved() | {"name": test.name}
        path.write_text(yaml.safe_dump(document, sort_keys=False))
        assert Scenario.load(path).digest == test.scenario.digest


def test_data_sharing_is_added_at_the_cost_of_its_document(balanced):
    test = boundaries.data_sharing(balanced)
    cost = load_programme("health_data_sharing").cost
    assert test.cost_per_year == cost.unit_cost + cost.fixed_cost_per_year
    assert test.scenario.money_in(1) - balanced.money_in(1) == test.cost_per_year
    assert boundaries.data_sharing(Scenario.load("health_led")).scenario is None


def test_delay_is_cut_where_the_strategy_has_any_and_tried_elsewhere_where_not(balanced):
    elsewhere = boundaries.referral_delay(balanced)
    assert elsewhere.held_against.name == boundaries.REFERRING and "nothing to" in elsewhere.done
    led = Scenario.load("health_led")
    own = boundaries.referral_delay(led)
    assert own.held_against == led and "nothing to" not in own.done
    delays = {
        name: (each.referral.delay_months, own.scenario.programmes[name].referral.delay_months)
        for name, each in led.programmes.items() if each.referral
    }  # fmt: skip
    assert any(before != after for before, after in delays.values())
    assert all(after == min(before, boundaries.ONE_WEEK) for before, after in delays.values())


@pytest.mark.parametrize("people", [300, 900])
def test_waiting_pays_for_as_many_places_as_are_lost(balanced, monkeypatch, people):
    lost(monkeypatch, people)
    test = boundaries.waiting(balanced, None)
    programme = load_programme("hospital_navigators")
    exact = people / programme.reach.reached_per_unit * programme.cost.unit_cost
    assert test.cost_per_year == pytest.approx(exact, abs=500)
    assert test.affected == ("hospital_navigators",)


def test_where_nobody_waits_there_is_nothing_to_remove(balanced, monkeypatch):
    lost(monkeypatch, 0)
    test = boundaries.waiting(balanced, None)
    assert test.scenario is None and "Nobody is lost" in test.done


def test_only_programmes_that_end_with_childhood_are_bridged(balanced):
    test = boundaries.eighteen(balanced)
    changed = {
        name for name, each in balanced.programmes.items()
        if test.scenario.programmes[name] != each
    }  # fmt: skip
    assert changed == {"mentoring", "cognitive_behavioural_therapy"}
    assert test.cost_per_year is None and "to be supplied by" in test.cost_words


def test_a_policeman_is_not_the_police_and_crime_commissioner():
    assert named_in("Office of the Police and Crime Commissioner") == {"police_governance"}
    assert named_in("West Midlands Police, at the decision to charge") == {"police"}
    assert named_in("Police, courts and probation") == {"police", "courts", "prisons_probation"}


def test_every_partner_in_the_register_has_a_seat_or_is_known_to_have_none():
    unknown = {
        text
        for name in built_in_names("programmes")
        for text in load_programme(name).partners
        if not named_in(text) and not any(each in text.lower() for each in NO_SEAT)
    }
    assert not unknown


def test_every_lead_names_its_own_agency_in_words():
    for name in built_in_names("programmes"):
        programme = load_programme(name)
        assert programme.lead_agency in named_in(programme.lead), name


def test_the_ask_follows_where_people_are_lost(balanced):
    row = account({}).totals.set_index("agency").loc["nhs"]
    parts = [part for part in parts_of("nhs", balanced)
             if part.programme.name == "hospital_navigators"]  # fmt: skip
    flow = {"events": 4_000.0, "identified": 3_000.0, "consented": 2_000.0, "offered": 2_000.0}
    queue = stages("hospital_navigators", **flow, accepted=1_900.0, lost_waiting=1_500.0,
                   started=400.0, completed=390.0)  # fmt: skip
    leavers = stages("hospital_navigators", **flow, accepted=1_900.0, lost_waiting=0.0,
                     started=1_900.0, completed=400.0)  # fmt: skip
    refer, keep = asks("nhs", parts, queue, row, {})
    assert "25% are not noticed" in refer and "79% take it up and are lost while they wait" in keep
    assert "start and do not complete" in asks("nhs", parts, leavers, row, {})[1]


def test_an_agency_that_is_spared_costs_is_asked_whether_it_would_pool(balanced):
    for spared, asked in (({"police": 10**8}, True), ({}, False)):
        row = account(spared).totals.set_index("agency").loc["police"]
        found = " ".join(asks("police", [], nobody(), row, {}))
        assert ("could be pooled" in found) == asked


def test_every_executive_agency_has_a_page_with_the_body_of_the_day(balanced):
    agencies = load_agencies()
    register = {name: load_programme(name) for name in built_in_names("programmes")}
    told = {}
    for day in (datetime.date(2021, 6, 1), datetime.date(2026, 11, 25)):
        blocks = page(
            "integrated_care_boards", agencies.agencies["integrated_care_boards"], day, balanced,
            register, account({}), nobody(), 10, "2024/25",
        )  # fmt: skip
        told[day.year] = blocks[1].rows["Who it is"]
        assert all(blocks[1].rows.values())
    assert "Clinical commissioning groups" in told[2021]
    assert "Integrated care boards" in told[2026]


def test_no_programme_known_to_harm_is_offered_to_a_partner(balanced):
    agencies = load_agencies()
    register = {name: load_programme(name) for name in built_in_names("programmes")}
    for name, agency in agencies.agencies.items():
        rows = page(name, agency, datetime.date(2026, 11, 25), balanced, register, account({}),
                    nobody(), 10, "2024/25")[1].rows  # fmt: skip
        assert "scared straight" not in (rows["Other levers"] + rows["Asks"]).lower()


def test_the_halves_hold_every_programme_once(balanced):
    first, second = halves(balanced, load_agencies())
    assert not set(first.programmes) & set(second.programmes)
    assert {*first.programmes, *second.programmes} == set(balanced.programmes)
    assert {line.money_per_year for line in (*first.funding, *second.funding)} == {
        line.money_per_year for line in balanced.funding
    }
    assert halves(Scenario.load("early_years_heavy"), load_agencies()) is None


def test_next_door_is_what_touches_a_pilot(balanced):
    line = SimpleNamespace(programme="a")
    programme = SimpleNamespace(eligibility=None)
    scenario = SimpleNamespace(funding=(line,), programmes={"a": programme})
    place = SimpleNamespace(
        neighbourhoods=pd.DataFrame({"neighbourhood": list("abcd")}),
        adjacency=np.array([[0, 1], [1, 2], [2, 3]]),
    )
    inside = np.array([True, False, False, False])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vru_model.reporting.board.system.pilots.covered", lambda *_: inside)
        assert list(rings(place, scenario)) == [0, 1, 2, 2]
        patch.setattr("vru_model.reporting.board.system.pilots.covered", lambda *_: inside | True)
        assert list(rings(place, scenario)) == [2, 2, 2, 2]


def test_a_verdict_says_no_more_than_its_interval():
    assert "cannot be told" in verdict(averted(1.0, 9.0), "admissions")
    assert "fewer admissions" in verdict(averted(50.0, 9.0), "admissions")
    assert "more admissions" in verdict(averted(-50.0, 9.0), "admissions")
    assert "No difference at all" in verdict(averted(0.0, 0.0), "admissions")


def test_an_interval_that_rounds_to_one_number_is_written_once():
    assert thousands(-4e8, -4.001e8, -3.999e8) == "−4,000"
    assert thousands(1e8, -2e8, 4e8) == "−2,000 to 4,000 (central 1,000)"


def test_status_is_left_to_people_and_prompts_have_owners(balanced):
    _, what = readiness.readiness_tables(balanced)
    assert set(what.frame["Status"]) == {"to be filled by the lead"}
    assert all("To be completed by" in block.markdown()
               for block in readiness.information_prompts())  # fmt: skip


def test_a_referral_or_a_score_needs_an_agreement_and_a_place_does_not():
    for name in ("hospital_navigators", "mentoring"):
        assert readiness.needs_agreement(load_programme(name)), name
    for name in ("hot_spot_patrol", "greening"):
        assert not readiness.needs_agreement(load_programme(name)), name


def test_the_notebook_declares_what_all_board_papers_declare():
    assert set(declared_parameters(NOTEBOOK)) == set(BoardOptions.model_fields)
    assert PAPERS["system_change"].options is BoardOptions


def test_a_source_line_is_no_paragraph(balanced, monkeypatch):
    monkeypatch.setattr("vru_model.reporting.board.system.paper.pathways", lambda run: nobody())
    case = SimpleNamespace(
        options=SimpleNamespace(years=10), strategy=balanced, run=lambda name: None,
        streams=lambda: SimpleNamespace(profile=SimpleNamespace(price_base="2024/25")),
        source="model runs a-1", day=None,
    )  # fmt: skip
    paper = SystemChange(case, (), None, {})
    monkeypatch.setattr(SystemChange, "day", datetime.date(2026, 11, 25))
    paper.__dict__["account"] = account({})
    assert paper.partners()[-1].markdown() == (
        "::: source\nSource: model runs a-1; parameters/agencies.yaml\n:::"
    )
