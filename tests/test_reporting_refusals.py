"""A paper that would not bear its numbers is not built, and the reader is told why."""

import pandas as pd
import pytest
from paper_doubles import BODY, PNG, RUN, SOURCE, notebook_of, small_paper, stored_run

from vru_model.reporting.blocks import Chart, Panel, Prose, Table
from vru_model.reporting.formats.source import PaperError
from vru_model.reporting.paper_checks import check_sources
from vru_model.reporting.papers import build

OTHER = "quick-ba9876543210"
FRAME = pd.DataFrame({"A": ["x"], "B": ["1"]})


def refused(tmp_path, runs=(RUN,), body=BODY, **parameters):
    """Build and return why not; nothing may be left."""
    with pytest.raises(PaperError) as error:
        build(papers=small_paper(tmp_path, body, runs), out=tmp_path / "papers",
              runs=str(tmp_path / "runs"), **parameters)  # fmt: skip
    assert not (tmp_path / "papers").exists() or not list((tmp_path / "papers").iterdir())
    return str(error.value)


def test_a_run_that_is_not_there_refuses_the_paper(tmp_path):
    assert f"the run {RUN} is not in" in refused(tmp_path)


def test_an_incomplete_run_refuses_the_paper(tmp_path):
    stored_run(tmp_path / "runs", finished=3, draws=4)
    said = refused(tmp_path, draws=4)
    assert f"the run {RUN} is incomplete: 3 of 4 worlds" in said


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("code", "version of the code"),
        ("parameters", "version of the model parameters"),
        ("place", "place"),
        ("store_format", "format of the store"),
    ],
)
def test_runs_of_different_versions_refuse_the_paper(tmp_path, name, title):
    stored_run(tmp_path / "runs")
    stored_run(tmp_path / "runs", OTHER, **{name: "another"})
    said = refused(tmp_path, (RUN, OTHER))
    assert f"the runs differ in the {title}" in said and "another: " + OTHER in said


def test_everything_that_is_wrong_with_runs_is_said_at_once(tmp_path):
    stored_run(tmp_path / "runs", finished=0)
    stored_run(tmp_path / "runs", OTHER, code="another")
    said = refused(tmp_path, (RUN, OTHER, "slow-000000000000"))
    assert "0 of 1 worlds" in said and "differ" in said and "slow-000000000000 is not" in said


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        (Table("t", "C", FRAME), "the table 't' has no source"),
        (Chart("c", PNG, "alt", "caption"), "the figure 'c' has no source"),
        (Table("t", "C", FRAME, source="the model; modelled, not recorded"), "names no run"),
        (Table("t", "C", FRAME, source=f"model runs {OTHER}"), f"of the run {OTHER}, on which"),
        (Panel("note", "N", [Table("t", "C", FRAME)]), "the table 't' has no source"),
    ],
)
def test_a_figure_that_does_not_say_its_run_refuses_the_paper(block, reason):
    with pytest.raises(PaperError, match=reason):
        check_sources(notebook_of(block), [RUN])


def test_figures_that_name_their_run_or_a_document_are_accepted():
    blocks = [
        Table("t", "C", FRAME, source=SOURCE),
        Chart("c", PNG, "alt", "caption", source="the documents in parameters/programmes"),
        Prose("No number."),
    ]
    check_sources(notebook_of(*blocks), [RUN])


def test_a_notebook_whose_table_names_another_run_is_not_built(tmp_path):
    stored_run(tmp_path / "runs")
    assert OTHER in refused(tmp_path, body=BODY.replace(RUN, OTHER))
