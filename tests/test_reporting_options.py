"""Papermill takes any name and any value; a paper takes only those that it understands."""

import nbformat
import pytest

from vru_model.errors import InputError
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.options import PaperOptions, declared_parameters
from vru_model.reporting.papers import PAPERS, build

GOOD = {
    "place": "west_midlands", "baseline": "baseline", "strategy": "balanced",
    "minimum": "do_minimum", "maximum": "do_maximum", "ending": "grant_ends_after_3",
    "contrast": ["quick", "slow"], "scale": 0.1, "years": 10, "draws": 24, "replicates": 1,
    "seed": 1, "workers": 0, "runs": "", "date": "", "effort": 1.0, "payer": "The Home Office",
    "recommendation": "", "earlier": "",
}  # fmt: skip


def problems(given):
    with pytest.raises(InputError) as caught:
        BoardOptions.checked(given, "notebook")
    return {problem.name: problem for problem in caught.value.problems}


def test_good_options_are_taken_as_they_are():
    options = BoardOptions.checked(GOOD, "notebook")
    assert options.parameters == GOOD
    assert set(GOOD) - set(options.numbers) == {"workers", "runs", "date", "earlier"}


def test_every_mistake_is_listed_at_once_with_the_nearest_right_spelling():
    found = problems(
        GOOD | {"scale": 2, "years": "ten", "strategy": "quik", "drawz": 3, "seed": True,
                "date": "22/11/2026", "place": "west_midland"}
    )  # fmt: skip
    assert set(found) == {"scale", "years", "strategy", "drawz", "seed", "date", "place"}
    assert found["scale"].allowed == "a number above 0 and at most 1"
    assert "did you mean 'draws'?" in found["drawz"].hint
    assert "did you mean 'quick'?" in found["strategy"].hint
    assert "did you mean 'west_midlands'?" in found["place"].hint
    assert found["years"].given == "'ten'"


def test_a_missing_parameter_and_a_strategy_given_twice_are_named():
    found = problems({**{k: v for k, v in GOOD.items() if k != "payer"},
                      "contrast": ["quick", "quick"]})  # fmt: skip
    assert found["payer"].given == "nothing"
    assert "given twice: quick" in found["contrast"].hint


def test_scenarios_may_be_files_and_sums(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text("name: own")
    options = BoardOptions.checked(GOOD | {"contrast": ["quick+slow", str(own)]}, "notebook")
    assert options.contrast == ["quick+slow", str(own)]


def test_a_notebook_gives_its_own_variables_and_nothing_that_it_did_not_declare():
    namespace = {**GOOD, "In": [], "Out": {}, "_": 3, "__name__": "x", "build": build}
    assert BoardOptions.from_notebook(namespace).parameters == GOOD
    with pytest.raises(InputError, match="one of place.*did you mean 'strategy'"):
        BoardOptions.from_notebook({**namespace, "strategi": "quick"})


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_a_paper_s_notebook_declares_exactly_the_parameters_that_are_checked(paper):
    declared = declared_parameters(paper.notebook)
    assert set(declared) == set(paper.options.model_fields)
    assert set(paper.settings) <= set(declared)
    paper.options.checked({**declared, **paper.settings}, paper.name)


def test_a_notebook_without_a_cell_of_parameters_is_a_fault(tmp_path):
    path = tmp_path / "none.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)
    with pytest.raises(ValueError, match="0 cells tagged 'parameters'"):
        declared_parameters(path)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"strateg": "quick"}, "strateg"),
        ({"scale": "large"}, "scale"),
        ({"draws": 0}, "draws"),
        ({"only": "programme_and_strategie"}, "only"),
    ],
)
def test_the_command_refuses_before_anything_runs_or_is_written(tmp_path, given, name, monkeypatch):
    monkeypatch.setattr("vru_model.reporting.papers.papermill", None)
    out = tmp_path / "papers"
    with pytest.raises(InputError) as caught:
        build(out=out, runs=str(tmp_path / "runs"), **given)
    assert [problem.name for problem in caught.value.problems] == [name]
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(InputError, match="out"):
        build(out=blocked / "papers")


def test_every_option_says_what_is_allowed():
    for schema in (PaperOptions, BoardOptions):
        assert all(field.description for field in schema.model_fields.values())
