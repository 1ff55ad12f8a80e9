"""Checking documents of every kind, and the data dictionary that is written from them."""

from __future__ import annotations

import shutil

import pytest
import yaml

from vru_model.errors import InputError, Problem, nearest
from vru_model.parameters import dictionary
from vru_model.parameters.accounts.costs import CostBook
from vru_model.parameters.checking import Checker, check
from vru_model.parameters.documents import PARAMETERS, Document, built_in_names
from vru_model.parameters.loading import load_model_parameters
from vru_model.parameters.programmes import Programme
from vru_model.parameters.scenario_document import ScenarioDocument
from vru_model.parameters.schema import validate
from vru_model.scenario import scenario_checkers


def test_every_built_in_document_is_right():
    assert check(more=[*scenario_checkers()]) == []


def test_a_folder_is_checked_and_nothing_is_written(tmp_path):
    for kind in ("programmes", "strategies"):
        shutil.copytree(PARAMETERS / kind, tmp_path / kind)
    wrong = tmp_path / "programmes" / "early_years.yaml"
    wrong.write_text(wrong.read_text("utf-8").replace("take_up: 0.6", "take_up: 6"), "utf-8")
    money = tmp_path / "strategies" / "slow.yaml"
    money.write_text(money.read_text("utf-8").replace("900000", "-900000"), "utf-8")
    before = sorted(tmp_path.rglob("*"))
    found = check([tmp_path], more=[*scenario_checkers()])
    assert {problem.name for problem in found} == {"reach.take_up", "funding.2.money_per_year"}
    assert {problem.file.rpartition("/")[2] for problem in found} == {
        "early_years.yaml", "slow.yaml"}
    assert sorted(tmp_path.rglob("*")) == before


def test_a_document_elsewhere_is_known_by_its_names(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\ntitle: Mine\nfunding: []\n", "utf-8")
    (problem,) = check([path], more=[*scenario_checkers()])
    assert problem.name == "question"
    path.write_text("colour: red\n", "utf-8")
    (problem,) = check([path], more=[*scenario_checkers()])
    assert "no known kind" in problem.given and "a scenario" in problem.allowed


def test_of_kinds_that_share_as_many_names_the_one_with_least_wrong_is_meant(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("programmes: {mentorin: {cost: 300000}}\n", "utf-8")
    names = {problem.name for problem in check([path], more=[*scenario_checkers()])}
    assert names == {"name", "title", "question", "programmes.mentorin"}


@pytest.mark.parametrize("schema", [Programme, ScenarioDocument, CostBook])
@pytest.mark.parametrize("wrong", ["words", [], {}, 0.5, True, -7])
def test_no_problem_of_a_schema_is_told_in_the_terms_of_the_code(schema, wrong):
    data = dict.fromkeys(schema.model_fields, wrong)
    _, problems = validate(schema, Document("a.yaml", data, {}))
    assert problems
    for problem in problems:
        told = problem.allowed.lower()
        assert not any(each in told for each in (
            "valid", "instance", "dictionary", "input", "integer", "string", "boolean", "tuple"))


def test_a_mapping_that_lacks_most_of_its_names_is_one_mistake():
    text = (PARAMETERS / "programmes" / "mentoring.yaml").read_text("utf-8")
    data = yaml.safe_load(text)
    data["cost"] = {"unit_cost": 3000.0}
    del data["reach"]["take_up"]
    _, problems = validate(Programme, Document("mentoring.yaml", data, {}))
    told = {problem.name: problem for problem in problems}
    assert set(told) == {"cost", "reach.take_up"}
    assert told["cost"].allowed.startswith("a mapping with the names unit_cost, per")


MISPLACED = """\
name: trial
title: A trial
question: What then?
price_year: 2024/25
programmes:
  mentorin: {cost: 300000}
  hot_spot_patrol: lots
switches: {peers: maybe}
shock: 4
"""


def test_money_under_programmes_is_one_mistake_each_and_told_where_it_belongs(tmp_path):
    path = tmp_path / "trial.yaml"
    path.write_text(MISPLACED, "utf-8")
    found = check([path], more=[*scenario_checkers()])
    assert [(each.line, each.name) for each in found] == [
        (6, "programmes.mentorin"), (7, "programmes.hot_spot_patrol"), (8, "switches.peers"),
        (9, "shock")]
    mentoring, patrol, switch, shock = found
    assert all("funding:" in each.allowed for each in (mentoring, patrol))
    assert mentoring.hint == "did you mean 'mentoring'?" and not patrol.hint
    assert switch.allowed == "yes or no"
    assert shock.allowed.startswith("a mapping with the names ends_after_year, ")


def test_other_kinds_can_be_added(tmp_path):
    def refuse(path):
        return [Problem(path, 1, "title", "nothing", "a title")]

    path = tmp_path / "here.yaml"
    path.write_text("authorities: []\n", "utf-8")
    places = Checker("place", "none/*.yaml", frozenset({"authorities"}), refuse)
    assert [problem.name for problem in check([path], more=[places])] == ["title"]


def test_a_path_that_is_not_there_is_told(tmp_path):
    (problem,) = check([tmp_path / "none.yaml"])
    assert "No such file" in problem.given


def test_a_problem_reads_as_one_line():
    problem = Problem("a.yaml", 3, "reach.take_up", "6", "0 to 1", "a share, not a percentage")
    assert str(problem) == (
        "a.yaml:3: reach.take_up: given 6; allowed: 0 to 1 (a share, not a percentage)")
    assert str(InputError([problem, problem])).count("\n") == 1


@pytest.mark.parametrize("given, found", [("take_upp", "take_up"), ("xyz", "")])
def test_the_nearest_spelling_is_offered_only_when_near(given, found):
    hint = nearest(given, ["take_up", "drop_out"])
    assert (found in hint) if found else hint == ""


def test_the_data_dictionary_is_up_to_date():
    told = "run: python -m vru_model.parameters.dictionary"
    assert dictionary.FILE.read_text("utf-8") == dictionary.dictionary(), told


def test_the_data_dictionary_names_every_parameter_programme_and_scenario():
    text = dictionary.dictionary()
    for name in load_model_parameters().parameters:
        assert f"| `{name.partition('.')[2]}` |" in text
    for name in [*built_in_names("programmes"), *built_in_names("scenarios")]:
        assert f"/{name}.yaml)" in text
