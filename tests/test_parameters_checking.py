"""Checking documents of every kind, and the data dictionary that is written from them."""

from __future__ import annotations

import shutil

import pytest

from vru_model.errors import InputError, Problem, nearest
from vru_model.parameters import dictionary
from vru_model.parameters.checking import Checker, check
from vru_model.parameters.documents import PARAMETERS, built_in_names
from vru_model.parameters.loading import load_model_parameters
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
