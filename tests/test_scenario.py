"""Scenarios: what they hold, how they add up, what they say, and how wrong ones are refused."""

from __future__ import annotations

import pickle

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from vru_model.errors import InputError
from vru_model.parameters.documents import built_in_names
from vru_model.parameters.funding import Funding
from vru_model.place import load_place
from vru_model.scenario import Scenario, check_scenario

GRANT = 3_370_000
HEAD = """\
name: trial
title: A trial
question: What then?
"""
FUNDED = HEAD + """\
price_year: 2024/25
budget_per_year: 1000000
funding:
  - programme: early_years
    money_per_year: 1000000
"""


@pytest.fixture
def load(tmp_path):
    """Return a function that loads a scenario from text."""
    def load_text(text, name="trial"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return Scenario.load(path)
    return load_text


def problems_of(load, text):
    """Return the problems that this text raises."""
    with pytest.raises(InputError) as caught:
        load(text)
    return caught.value.problems


def test_the_built_in_scenarios_load():
    assert "baseline" in built_in_names("scenarios")
    assert {"quick", "slow"} <= set(built_in_names("strategies"))
    assert Scenario.baseline().changes_nothing


@pytest.mark.parametrize("name, programmes", [
    ("quick", {"hospital_navigators", "focused_deterrence", "hot_spot_patrol"}),
    ("slow", {"early_years", "school_inclusion", "social_skills"}),
])
def test_each_strategy_spends_the_grant_to_the_pound(name, programmes):
    scenario = Scenario.load(name)
    assert set(scenario.programmes) == programmes
    assert scenario.budget_per_year == GRANT
    assert [scenario.money_in(year) for year in (1, 3, 10, 25)] == [GRANT] * 4
    assert "2019/20" in scenario.budget_source


def test_scenarios_are_frozen_hashable_and_travel():
    quick = Scenario.load("quick")
    with pytest.raises(AttributeError):
        quick.name = "other"
    assert {quick: 1}[Scenario.load("quick")] == 1
    again = pickle.loads(pickle.dumps(quick))
    assert again == quick and again.digest == quick.digest


def test_the_digest_follows_numbers_and_not_words(load):
    base = load(FUNDED).digest
    assert load(FUNDED.replace("A trial", "Another")).digest == base
    assert load(FUNDED.replace("1000000", "1000001")).digest != base
    assert load(FUNDED + "    last_year: 3\n").digest != base
    assert load(FUNDED + "    deprivation_deciles: [1]\n").digest != base
    assert load(FUNDED + "switches: {retaliation: no}\n").digest != base
    take_up = "programmes.early_years.reach.take_up"
    override = f"overrides: {{{take_up}: {{value: %s, reason: r, author: a}}}}\n"
    assert load(FUNDED + override % 0.5).digest != base
    assert load(FUNDED + override % 0.6).digest == base


def test_a_resolved_scenario_loads_again(tmp_path):
    both = Scenario.load("quick+slow")
    path = tmp_path / "scenario.yaml"
    path.write_text(yaml.safe_dump(both.resolved(), sort_keys=False, allow_unicode=True), "utf-8")
    assert Scenario.load(path) == both


# Adding up.


def test_baseline_adds_nothing():
    quick, baseline = Scenario.load("quick"), Scenario.baseline()
    assert quick + baseline == quick == baseline + quick
    assert baseline + baseline == baseline


def test_two_strategies_add_money_and_programmes():
    quick, slow = Scenario.load("quick"), Scenario.load("slow")
    both = quick + slow
    assert both.name == "quick+slow" and both == Scenario.load("quick+slow")
    assert both.money_in(1) == both.budget_per_year == 2 * GRANT
    assert len(both.programmes) == 6
    assert both.digest == (slow + quick).digest
    assert (quick + quick).money_in(1) == 2 * GRANT
    assert len((quick + quick).funding) == len(quick.funding)


@given(order=st.permutations(["quick", "slow", "baseline", "quick"]))
@settings(deadline=None, max_examples=10)
def test_the_order_of_adding_does_not_matter(order):
    first, second, third, fourth = map(Scenario.load, order)
    assert (first + second + third + fourth).digest == (first + (second + (third + fourth))).digest
    assert (first + second + third + fourth).digest == (
        Scenario.load("quick+slow+quick").digest)


def test_contradictions_are_refused(load):
    override = "overrides: {acting.male: {value: %s, reason: r, author: a}}\n"
    first = load(FUNDED + override % 1.1 + "switches: {peers: no}\n")
    second = load(FUNDED + override % 1.3 + "switches: {peers: yes}\n")
    with pytest.raises(InputError) as caught:
        first + second
    assert {problem.name for problem in caught.value.problems} == {"acting.male", "peers"}
    assert (first + first).parameters().central().acting.male == 1.1


def test_only_scenarios_are_added():
    with pytest.raises(TypeError):
        Scenario.baseline() + 1


# Money, years and places.


def test_fixed_costs_are_paid_once_over_places(load):
    text = FUNDED.replace("    money_per_year: 1000000\n", """\
    money_per_year: 750000
    authorities: [E08000025]
  - programme: early_years
    money_per_year: 250000
    deprivation_deciles: [1, 2]
    authorities: [E08000026]
""")
    deliveries = load(text).deliveries(1, scale=0.1)
    whole = load(FUNDED).deliveries(1, scale=0.1)[0][1]
    capacities = sorted(delivery.capacity_per_month for _, delivery in deliveries)
    assert sum(capacities) == pytest.approx(whole.capacity_per_month)
    assert capacities[1] == pytest.approx(3 * capacities[0])


def test_money_stops_and_starts_with_its_years(load):
    text = FUNDED + "    last_year: 2\n  - programme: school_inclusion\n" \
        "    money_per_year: 1000000\n    first_year: 3\n"
    scenario = load(text)
    assert [line.programme for line, _ in scenario.deliveries(2)] == ["early_years"]
    assert [line.programme for line, _ in scenario.deliveries(3)] == ["school_inclusion"]
    assert load(FUNDED + "    last_year: 2\n").deliveries(3) == []


@given(first=st.integers(1, 30), length=st.integers(0, 30), year=st.integers(1, 70))
@settings(deadline=None)
def test_a_line_covers_its_years(first, length, year):
    line = Funding(programme="x", money_per_year=1, first_year=first, last_year=first + length)
    assert line.covers(year) == (first <= year <= first + length)


def test_places_are_held_against_the_place(load):
    county = load_place("west_midlands")
    scenario = load(FUNDED + "    authorities: [E08000025, E08000099]\n    wards: [E05011186]\n"
                    "    neighbourhoods: [E01008881]\n")
    with pytest.raises(InputError) as caught:
        scenario.check_places(county)
    for code in ("E08000099", "E05011186", "E01008881"):
        assert code in str(caught.value)
    assert county.title in str(caught.value) and "which has none" in str(caught.value)
    load(FUNDED).check_places(county)


def test_unknown_authorities_of_a_document_are_told_with_their_line(tmp_path):
    path = tmp_path / "trial.yaml"
    path.write_text(FUNDED + "    authorities:\n      - E08000025\n      - E08000099\n", "utf-8")
    assert check_scenario(path) == []
    (problem,) = check_scenario(path, ["E08000025", "E08000026"])
    assert problem.line == 11 and problem.given == "'E08000099'"


def test_no_money_reaches_nobody(load):
    text = FUNDED.replace("1000000", "0")
    ((_, delivery),) = load(text).deliveries(1)
    assert delivery.capacity_per_month == 0.0


# What a scenario says.


def test_a_scenario_says_itself_in_one_sentence(load):
    said = Scenario.load("quick").sentence()
    for words in ("£3,370,000 a year", "prices of 2024/25", "hospital navigators (£660,000)"):
        assert words in said
    assert said.endswith(".") and said.count(". ") == 0
    assert "nothing is added" in Scenario.baseline().sentence()
    text = FUNDED + "    first_year: 2\n    last_year: 4\n    authorities: [E08000025]\n" \
        "overrides: {acting.male: {value: 1.0, reason: A test, author: The board}}\n" \
        "switches: {retaliation: no}\n"
    said = load(text).sentence()
    for words in ("in years 2 to 4", "E08000025", "acting.male", "The board: A test",
                  "without the loop retaliation"):
        assert words in said


def test_overrides_reach_the_models_parameters_and_programmes(load):
    scenario = load(FUNDED + """\
overrides:
  acting.male: {value: 1.0, reason: A test, author: The board}
  programmes.early_years.reach.take_up: {value: 0.5, reason: A test, author: The board}
  programmes.early_years.changes.ace.value: {value: 0.0, reason: A test, author: The board}
""")
    assert scenario.parameters().central().acting.male == 1.0
    assert scenario.parameters().draw(3, 1).acting.male == 1.0
    programme = scenario.programmes["early_years"]
    assert programme.reach.take_up == 0.5 and programme.central()["ace"] == 0.0
    assert list(scenario.overrides) == ["acting.male"]


# What a wrong scenario is told.


EVERYTHING_WRONG = """\
name: trail
titel: A trial
question: What then?
price_year: 2019/20
budget_per_year: 3370000
funding:
  - programme: early_yeers
    money_per_year: 1000000
  - programme: early_years
    money_per_year: -5
  - programme: school_inclusion
    money_per_year: 60000
    first_year: 4
    last_year: 2
    authorities: [Birmingham]
    deprivation_deciles: [0]
overrides:
  acting.mail: {value: 1.0, reason: A test, author: The board}
  acting.male: {value: 99.0, reason: A test, author: The board}
  acting.ace: {value: 0.1, author: The board}
  programmes.early_years.reach.takeup: {value: 0.5, reason: A test, author: The board}
  programmes.social_skills.reach.take_up: {value: 0.5, reason: A test, author: The board}
switches: {retalliation: no, peers: maybe}
"""


def test_everything_wrong_is_told_at_once_with_its_line(load):
    found = problems_of(load, EVERYTHING_WRONG)
    told = {(problem.line, problem.name) for problem in found}
    assert told >= {
        (1, "name"), (1, "title"), (2, "titel"), (7, "funding.0.programme"),
        (10, "funding.1.money_per_year"), (15, "funding.2.authorities.0"),
        (18, "overrides.acting.mail"), (19, "overrides.acting.male.value"),
        (20, "overrides.acting.ace.reason"),
        (21, "overrides.programmes.early_years.reach.takeup"),
        (22, "overrides.programmes.social_skills.reach.take_up"),
        (23, "switches.retalliation"), (23, "switches.peers"),
    }
    hints = {problem.name: problem.hint for problem in found}
    assert "early_years" in hints["funding.0.programme"]
    assert "acting.male" in hints["overrides.acting.mail"]
    assert "retaliation" in hints["switches.retalliation"]
    allowed = {problem.name: problem.allowed for problem in found}
    assert "E08000025" in allowed["funding.2.authorities.0"]
    assert len(told) == len(found)


@pytest.mark.parametrize("was, becomes, name, words", [
    ("budget_per_year: 1000000", "budget_per_year: 1000001", "budget_per_year", "£1 too little"),
    ("price_year: 2024/25\n", "", "price_year", "year of the prices"),
    ("price_year: 2024/25", "price_year: 2019/20", "funding.0.programme", "2019/20"),
    ("money_per_year: 1000000", "money_per_year: 90000", "funding.0.money_per_year", "fixed cost"),
    ("money_per_year: 1000000", "money_per_year: 1e6", "funding.0.money_per_year",
     "a whole number"),
    ("    money_per_year: 1000000", "    money_per_year: 1000000\n    last_year: 0",
     "funding.0.last_year", "1"),
    ("    money_per_year: 1000000", "    money_per_year: 1000000\n    first_year: 3\n"
     "    last_year: 2", "funding.0.last_year", "3, the first"),
    ("    money_per_year: 1000000", "    money_per_year: 1000000\n    deprivation_deciles: [11]",
     "funding.0.deprivation_deciles", "1 to 10"),
])
def test_each_fault_of_money_is_told(load, was, becomes, name, words):
    found = problems_of(load, FUNDED.replace(was, becomes))
    told = {problem.name: str(problem) for problem in found}
    assert words in told[name]


def test_a_name_that_is_not_built_in_is_offered_the_nearest():
    with pytest.raises(InputError, match="quick"):
        Scenario.load("quik")


@pytest.mark.parametrize("path, given, hint", [
    ("README.md", "a file, but not a scenario (.yaml)", ""),
    ("run", "a folder, not a scenario", "did you mean 'run/scenario.yaml'?"),
    ("empty", "a folder, not a scenario", ""),
    ("mine/quik", "a file that does not exist", "did you mean 'quick'?"),
    ("other.txt", "a file that does not exist", ""),
])
def test_a_path_that_leads_to_no_scenario_is_told_as_what_it_is(
        tmp_path, monkeypatch, path, given, hint):
    monkeypatch.chdir(tmp_path)
    for folder in ("run", "empty", "baseline"):
        (tmp_path / folder).mkdir()
    (tmp_path / "README.md").write_text("Read me", encoding="utf-8")
    (tmp_path / "run" / "scenario.yaml").write_text(FUNDED, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Scenario.load(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.given, problem.hint) == (path, given, hint)
    assert Scenario.load("baseline").changes_nothing  # a name that is built in goes before a folder


def test_checking_a_scenario_returns_what_loading_raises(tmp_path):
    path = tmp_path / "trial.yaml"
    path.write_text(EVERYTHING_WRONG, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Scenario.load(path)
    assert check_scenario(path) == caught.value.problems
    assert list(tmp_path.iterdir()) == [path]
