"""`vru validate`: the document, its table and pictures, and what it rests on."""

import re

import pandas as pd
import pytest
from typer.testing import CliRunner

from vru_model import experiments, paths
from vru_model.analysis.validation.judging import (
    COLUMNS,
    FAIL,
    NOT_JUDGED,
    NOT_SHOWN,
    PARTIAL,
    PASS,
)
from vru_model.cli import app
from vru_model.parameters.accounts.targets import load_targets
from vru_model.reporting.validation import figures
from vru_model.reporting.validation.options import ValidationOptions
from vru_model.reporting.validation.paper import ValidationPaper
from vru_model.reporting.validation.writing import NOTEBOOK, SETTINGS

DOCUMENT = paths.ROOT / "docs" / "validation.md"
VERDICTS = {PASS, PARTIAL, FAIL, NOT_JUDGED, NOT_SHOWN}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return a tiny run that kept its incidents and people."""
    return experiments.run(
        "baseline", scale=0.002, years=2, draws=2, incidents=True, people=True, workers=1,
        out=tmp_path_factory.mktemp("runs"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def paper(run):
    """Return the document of the tiny run, as the notebook shows it."""
    return ValidationPaper.prepare(options(run))


def call(*arguments):
    return CliRunner().invoke(app, ["validate", *(str(each) for each in arguments)])


def options(run):
    return ValidationOptions(
        place="west_midlands", given=[str(run.folder)], trials=False, scale=0.002, years=2, draws=2,
        replicates=1, seed=1, workers=1, runs="", date="",
    )  # fmt: skip


def test_a_run_becomes_a_document_with_its_table_and_figures(run, tmp_path):
    done = call(run.folder, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    text = (tmp_path / "validation.md").read_text("utf-8")
    identity = run.manifest["identity"]
    for fact in (run.run_id, identity["code"], identity["parameters"][:12], "2 draws"):
        assert fact in text
    assert re.search(r"not calibrated|calibrated ensemble `[0-9a-f]{12}` of \d+ sets", text)
    table = pd.read_csv(tmp_path / "validation.csv")
    assert list(table.columns) == list(COLUMNS)
    assert set(table["verdict"]) <= VERDICTS
    for alt, picture in re.findall(r"!\[(.*?)\]\((.*?)\)", text):
        assert len(alt) > 60 and (tmp_path / picture).stat().st_size < 250_000
    missed = table[table["verdict"] == FAIL]
    misses = text[text.index("## What it misses"):text.index("## What the parameters")]
    assert misses.count("| fail |") == len(missed) > 0
    assert "Moran's I of neighbourhoods" in text and "Not applicable" in text


def test_every_target_has_one_row_or_more(paper):
    rows = paper.rows
    assert set(load_targets().targets) <= set(rows["name"])
    held = rows[(rows["use"] == "validation") & (rows["verdict"] == NOT_SHOWN)]
    assert held["source"].str.len().min() > 20


def test_the_same_runs_give_the_same_numbers_words_and_pictures(run, paper):
    again = ValidationPaper.prepare(options(run))
    pd.testing.assert_frame_equal(paper.rows, again.rows)
    for section in ("front", "glance", "misses", "table", "sources", "not_shown"):
        blocks = [getattr(each, section)() for each in (paper, again)]
        assert [each._repr_mimebundle_() for each in blocks[0]] == [
            each._repr_mimebundle_() for each in blocks[1]]  # fmt: skip


def test_what_was_asked_wrongly_is_said_at_once_and_nothing_is_written(run, tmp_path):
    bare = experiments.run("baseline", scale=0.002, years=1, draws=1, workers=1, out=tmp_path / "r")
    out = tmp_path / "out"
    done = call("no-such-run", bare.folder, run.folder, run.folder, "--scale", 7, "--out", out)
    assert done.exit_code == 2 and not out.exists()
    for word in ("no-such-run", "neither kept", "one run that answers", "scale"):
        assert word in done.output


def test_help_is_one_screen():
    shown = call("--help")
    assert shown.exit_code == 0 and len(shown.output.splitlines()) <= 45


def test_the_command_and_the_notebook_know_the_same_parameters():
    from vru_model.reporting.options import declared_parameters

    declared = set(declared_parameters(NOTEBOOK))
    assert set(SETTINGS) <= declared == set(ValidationOptions.model_fields)


def made_up(**columns):
    """Return rows of a table of verdicts."""
    base = {"pattern": "p", "group": "g", "value": 2.0, "low": 1.0, "high": 3.0, "target": 2.0,
            "tolerance": 1.0, "verdict": PASS, "use": "validation", "name": ""}  # fmt: skip
    return pd.DataFrame([{**base, **dict(zip(columns, row, strict=True))}
                         for row in zip(*columns.values(), strict=True)])  # fmt: skip


def test_figures_say_what_they_show():
    rows = made_up(name=[f"recorded_violence_decile_{n}" for n in range(1, 11)], value=range(1, 11))
    chart = figures.deciles(rows)
    assert "from 1.0 in the most deprived tenth to 10.0" in chart.caption
    assert chart.png == figures.deciles(rows).png
    seen = figures.all_verdicts(made_up(verdict=[PASS, FAIL, PARTIAL]), "v", "title")
    assert "1 pass, 1 partial, 1 fail" in seen.alt
    york = made_up(name=["new_york_police"], group=["change of victims, police"], value=[-0.1],
                   high=[-0.2])  # fmt: skip
    assert "−10.0%" in figures.new_york(york).caption
    assert figures.new_york(rows) is None and figures.after_exposure(rows) is None


def test_the_published_document_says_which_ensemble_and_code_it_rests_on():
    text = DOCUMENT.read_text("utf-8")
    assert re.search(r"code version `[0-9a-f]{12}`", text)
    assert re.search(r"not calibrated|calibrated ensemble `[0-9a-f]{12}` of \d+ sets", text)
    table = pd.read_csv(DOCUMENT.with_suffix(".csv"))
    assert list(table.columns) == list(COLUMNS) and set(table["verdict"]) <= VERDICTS
    assert set(table["name"].dropna()) == set(load_targets().targets)
    for picture in re.findall(r"\]\((images/.*?)\)", text):
        assert (DOCUMENT.parent / picture).exists()
