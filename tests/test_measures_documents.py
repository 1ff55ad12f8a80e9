"""Measures, unit costs, appraisal rules and agencies: right as they stand, refused when wrong."""

from __future__ import annotations

import datetime

import pytest

from vru_model import provenance
from vru_model.errors import InputError
from vru_model.parameters.accounts.agencies import load_agencies
from vru_model.parameters.accounts.appraisal import load_rules
from vru_model.parameters.accounts.costs import load_costs
from vru_model.parameters.accounts.measures import load_measures
from vru_model.parameters.accounts.targets import load_targets
from vru_model.parameters.checking import check
from vru_model.paths import PARAMETERS
from vru_model.processes.counters import AGGRESSOR_MEASURES, RESIDENT_MEASURES, VICTIM_MEASURES

COUNTED = {
    "victim": VICTIM_MEASURES, "aggressor": AGGRESSOR_MEASURES, "resident": RESIDENT_MEASURES,
}  # fmt: skip


def test_every_counter_that_a_measure_names_is_counted_by_the_model():
    for name, measure in load_measures().measures.items():
        for counter in (*measure.counters, *measure.less):
            assert counter in COUNTED[measure.role], f"{name}: {counter}"
    for name, event in load_costs().events.items():
        for counter in (*event.counters, *event.less):
            assert counter in COUNTED[event.role], f"{name}: {counter}"


def test_the_components_add_up_to_the_published_unit_costs():
    # Home Office Research Report 99: £3,217,740, £14,050 and £5,930 at 2015/16 prices.
    items = load_costs().items
    total = {
        start: sum(item.amount for name, item in items.items() if name.startswith(start))
        for start in ("homicide_", "injury_", "no_injury_")
    }
    assert total == {"homicide_": 3_217_740, "injury_": 14_050, "no_injury_": 5_930}


def test_every_bearer_is_an_agency_and_every_price_year_has_a_deflator():
    costs, agencies, rules = load_costs(), load_agencies(), load_rules()
    for item in costs.items.values():
        assert {bearer.agency for bearer in item.bearers} <= set(agencies.agencies)
        assert item.price_year in rules.deflators


def test_deflating_by_hand():
    # 2020/21 is 85.10 where 2024/25 is 100: £70,000 becomes £82,256, and back.
    rules = load_rules()
    assert rules.deflated(70_000, "2020/21", "2024/25") == pytest.approx(82_256.2, abs=0.1)
    there = rules.deflated(123.0, "2015/16", "2020/21")
    assert rules.deflated(there, "2020/21", "2015/16") == pytest.approx(123.0)
    assert rules.deflated(1.0, "2015/16", "2024/25") == pytest.approx(1.34, abs=0.005)


def test_who_an_agency_is_depends_on_the_day():
    agencies = load_agencies().agencies
    boards = agencies["integrated_care_boards"]
    assert boards.body(datetime.date(2022, 6, 30)).title == "Clinical commissioning groups"
    assert boards.body(datetime.date(2022, 7, 1)).title == "Integrated care boards"
    governance = agencies["police_governance"]
    assert governance.body(datetime.date(2028, 5, 1)).title == "Police and Crime Commissioner"
    assert "Mayor" in governance.body(datetime.date(2029, 1, 1)).title
    assert agencies["violence_reduction_unit"].body(datetime.date(2010, 1, 1)) is None


@pytest.mark.parametrize(
    ("document", "right", "wrong", "load", "fields"),
    [
        ("measures", "truth: injuries", "truth: injurie", load_measures, "truth"),
        ("measures", "counters: [aces]", "counters: []", load_measures, "measures.aces"),
        ("measures", "ages: [10, 17]", "ages: [11, 17]", load_measures, "ages"),
        ("costs", "amount: 11960", "amount: 1", load_costs, "items.homicide_police.amount"),
        ("costs", "share: 0.8", "share: 0.9", load_costs, "bearers"),
        ("costs", "instead_of: [injury_health]", "instead_of: [injury_helth]", load_costs,
         "instead_of"),
        ("appraisal", "default: green_book_2022", "default: blue", load_rules, "default"),
        ("appraisal", "[0.26,", "[0.36,", load_rules, "opportunity_cost"),
        ("appraisal", "from_year: 31", "from_year: 0", load_rules, "discounting"),
        ("agencies", "chair: police_governance", "chair: police_gov", load_agencies, "chair"),
        ("agencies", "share: 1.0", "share: 0.7", load_agencies, "payers"),
        ("targets", "use: calibration", "use: validate", load_targets,
         "crime_survey_prevalence.use"),
        ("targets", "observation_sd: 0.0006", "observation_sd: -1", load_targets, "observation_sd"),
        ("targets", "    discrepancy: \"Few a year\"\n", "", load_targets,
         "homicide_rate.discrepancy"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(tmp_path, document, right, wrong, load, fields):
    text = (PARAMETERS / f"{document}.yaml").read_text("utf-8")
    assert right in text
    path = tmp_path / f"{document}.yaml"
    path.write_text(text.replace(right, wrong), "utf-8")
    with pytest.raises(InputError) as refused:
        load(path)
    assert all(problem.line for problem in refused.value.problems)
    assert any(fields in problem.name for problem in refused.value.problems)
    assert check([path]) == refused.value.problems, "vru check says the same"


def test_everything_wrong_comes_at_once(tmp_path):
    text = (PARAMETERS / "costs.yaml").read_text("utf-8")
    path = tmp_path / "costs.yaml"
    text = text.replace("amount: 11960", "amount: £3").replace("use: central", "use: centre", 1)
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as refused:
        load_costs(path)
    found = {problem.name for problem in refused.value.problems}
    assert found == {"items.homicide_police.amount", "items.homicide_defensive.use"}


def test_an_account_does_not_rename_worlds(monkeypatch, tmp_path):
    package = tmp_path / "vru_model"
    for name in ("parameters/accounts/costs.py", "parameters/loading.py", "provenance.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("one = 1\n", "utf-8")
    monkeypatch.setattr(provenance, "__file__", str(package / "provenance.py"))
    version = provenance.code_version.__wrapped__
    before = version()
    (package / "parameters/accounts/costs.py").write_text("one = 2\n", "utf-8")
    assert version() == before
    (package / "parameters/loading.py").write_text("one = 2\n", "utf-8")
    assert version() != before
