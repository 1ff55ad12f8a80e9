"""`vru verify` says the same of what is the same, and finds every change."""

import io
import json
import shutil

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imsave
from paper_doubles import BODY, PNG, RUN, small_paper, stored_run
from typer.testing import CliRunner

from vru_model.cli import app
from vru_model.errors import InputError
from vru_model.experiments import Run
from vru_model.experiments import run as run_model
from vru_model.reporting.papers import build
from vru_model.reporting.verification.command import find
from vru_model.reporting.verification.finding import (
    Finding,
    Verification,
    changes,
    compare_pictures,
    compare_tables,
    difference,
)
from vru_model.reporting.verification.papers import verify_paper
from vru_model.reporting.verification.runs import verify_run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return run_model(scale=0.001, years=1, draws=2, out=tmp_path_factory.mktemp("runs"), workers=1)


def test_a_run_is_the_same_again_and_nothing_is_written_to_it(run):
    before = {path: path.stat().st_mtime_ns for path in run.folder.rglob("*")}
    found = verify_run(run, worlds=1, workers=1)
    assert found.same and [str(each) for each in found.findings] == [
        "world d0000-r0000, measures: same", "world d0000-r0000, neighbourhoods: same",
    ]  # fmt: skip
    assert found.changes == () and "all 2 parts came out the same" in found.summary
    assert {path: path.stat().st_mtime_ns for path in run.folder.rglob("*")} == before


def test_a_run_that_was_tampered_with_is_found_out(run, tmp_path):
    folder = tmp_path / run.run_id
    shutil.copytree(run.folder, folder)
    part = folder / "measures" / "part-d0001-r0000.parquet"
    table = pd.read_parquet(part)
    table.loc[3, "value"] *= 1.5
    table.to_parquet(part, index=False)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["identity"]["code"] = "0" * 12
    (folder / "manifest.json").write_text(json.dumps(manifest))
    shown = CliRunner().invoke(app, ["verify", str(folder), "--workers", "1"])
    assert shown.exit_code == 1
    assert "world d0001-r0000, measures: different: 1 of" in shown.stdout
    assert "world d0000-r0000, measures: same" in shown.stdout
    assert "by 33% at most (row 4, value: " in shown.stdout
    assert "The version of the code has changed since: it was 000000000000" in shown.stdout


def test_a_run_without_a_world_cannot_be_verified(tmp_path):
    with pytest.raises(InputError, match="finished worlds"):
        verify_run(Run.open(stored_run(tmp_path, finished=0)))


CHART = f"""
import base64
from vru_model.reporting.blocks import Chart
picture = base64.b64decode("PNG")
display(Chart("dots", picture, "A picture of dots", "Dots", source="model runs {RUN}"))
"""


def test_a_paper_is_the_same_again_until_a_number_changes(tmp_path):
    import base64

    runs = stored_run(tmp_path / "runs").parent
    body = BODY + CHART.replace("PNG", base64.b64encode(PNG).decode())
    papers = small_paper(tmp_path, body)
    (page,) = build(papers=papers, out=tmp_path / "papers", runs=str(runs), date="2026-11-22")
    again = {"trust_runs": True, "runs": runs, "papers": papers}
    found = verify_paper(page.parent, **again)
    assert found.same and found.changes == (), [str(each) for each in found.findings]
    parts = {each.part for each in found.findings}
    assert {"table numbers", "figure dots", "document small.pdf", "exempt table numbers",
            "exempt document small.docx"} <= parts  # fmt: skip

    table = page.parent / "tables" / "numbers.csv"
    table.write_text(table.read_text().replace("34", "35"))
    told = json.loads((page.parent / "paper.json").read_text())
    told["versions"]["numpy"] = "1.0"
    (page.parent / "paper.json").write_text(json.dumps(told))
    found = verify_paper(page.parent, **again)
    assert [str(each) for each in found.findings if not each.same] == [
        "table numbers: different: 1 of 2 cells, by 2.9% at most (row 1, Number: 35, now 34)"
    ]
    assert "The version of numpy has changed since: it was 1.0" in found.changes[0]


def test_tables_say_which_cells_differ_and_by_how_much():
    frame = pd.DataFrame({"a": ["x", "y"], "b": ["1", "2"]})
    assert difference(frame, frame.copy()) == ""
    assert difference(frame, frame.head(1)) == "it had 2 rows, it has 1"
    assert "its columns were a, b" in difference(frame, frame.rename(columns={"b": "c"}))
    many = frame.assign(b=["2", "4"], a=["p", "q"])
    assert difference(frame, many) == (
        "4 of 4 cells, by 100% at most (row 1, a: x, now p; row 1, b: 1, now 2; row 2, a: y, "
        "now q; and 1 more)"
    )
    assert compare_tables("t", b"a\n1\n", None).difference == "it is missing"
    assert compare_tables("t", None, b"a\n1\n").difference == "it was not there before"


def test_pictures_say_how_many_points_differ():
    picture, other = np.zeros((4, 5, 3)), io.BytesIO()
    before = io.BytesIO()
    imsave(before, picture)
    picture[0, :2] = 1
    imsave(other, picture)
    found = compare_pictures("figure f", before.getvalue(), other.getvalue())
    assert str(found) == "figure f: different: 2 of 20 points"
    assert compare_pictures("figure f", before.getvalue(), before.getvalue()).same


def test_nothing_compared_is_not_the_same():
    assert not Verification("x", ()).same
    assert not Verification("x", (Finding("a"), Finding("b", "gone"))).same
    assert changes({"code": "a"}, {"code": "b"}, {"code": "version of the code"}) == [
        "The version of the code has changed since: it was a, it is b."
    ]


def test_what_is_meant_is_found_from_a_folder_or_a_file(tmp_path):
    run = stored_run(tmp_path)
    (tmp_path / "paper").mkdir()
    for name in ("paper.json", "small.html", "small.pdf"):
        (tmp_path / "paper" / name).touch()
    assert find(str(run), False, False, False) == ("run", run)
    for name in ("", "small.html", "small.pdf", "paper.json"):
        given = str(tmp_path / "paper" / name)
        assert find(given, False, True, False) == ("paper", tmp_path / "paper")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nowhere"], "the folder or a file of a paper"), (["{run}", "--trust-runs"], "for a run")],
)
def test_wrong_input_ends_with_2(tmp_path, arguments, said):
    run = str(stored_run(tmp_path))
    shown = CliRunner().invoke(app, ["verify", *(each.format(run=run) for each in arguments)])
    assert shown.exit_code == 2 and said in shown.stderr
