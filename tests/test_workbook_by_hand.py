"""The working in notebook 03 comes to what the model did, for this and other incidents."""

import numpy as np
import pytest

from vru_model import paths
from vru_model.processes.acting import age_tables
from vru_model.processes.calendar import season
from vru_model.workbook import by_hand
from vru_model.workbook.by_hand import WatchedIncident
from vru_model.workbook.by_hand.watched import Line


@pytest.fixture(scope="module", params=[(1, "month"), (2, "week")], ids=["month", "week"])
def incident(request) -> WatchedIncident:
    seed, step = request.param
    return by_hand.an_incident(scale=0.01, years=5, seed=seed, step=step)


def last(lines, what):
    return [line for line in lines if line.what == what][-1]


def test_the_rate_by_hand_means_at_least_one_act(incident):
    acts = by_hand.acts(incident)
    assert last(acts, "acts").number >= 1 + (incident.number > 0)
    assert acts[-1].arithmetic == "it did not"  # the incident is one of their own accord
    mean = by_hand.hazard(incident)[-1].number
    assert last(acts, "one or more").number == pytest.approx(1 - np.exp(-mean))


def test_the_place_the_victim_and_the_harm_by_hand_are_the_model_s(incident):
    recorded = incident.as_recorded()
    assert by_hand.venue(incident)[-1].arithmetic == f"falls on {recorded['venue']}"
    assert sum(line.number for line in by_hand.venue(incident)[:4]) == pytest.approx(1.0)
    assert last(by_hand.tries(incident), "met").number >= 1
    rungs = [line.what for line in by_hand.ladder(incident) if line.arithmetic.startswith("chance")]
    reached = [line.arithmetic == "so it is" for line in by_hand.ladder(incident)
               if line.what == "the draw"]  # fmt: skip
    highest = [rung for rung, yes in zip(rungs, reached, strict=True) if yes][-1]
    assert recorded["severity"] == highest
    weapon = by_hand.weapon(incident)[-1].arithmetic
    assert weapon == {"knife": "a knife", "other": "another weapon", "none": "no weapon"}[
        recorded["weapon"]
    ]


def test_what_is_left_by_hand_is_what_the_model_keeps(incident):
    """Single precision: to five places. Witnessing another incident may add to a grievance."""
    history, grievance = (line.number for line in by_hand.consequences(incident))
    after = incident.model.after
    assert after["history"][incident.row["aggressor"]] == pytest.approx(history, abs=1e-5)
    kept = after["grievance"][incident.row["victim"]]
    assert kept == pytest.approx(grievance, abs=1e-5) or kept > grievance


def test_the_chances_by_hand_are_the_model_s_own(incident):
    chances = [
        line.number for line in by_hand.ladder(incident) if line.arithmetic.startswith("chance")
    ]
    injury, emergency = chances[:2]
    assert incident.row["p_injury"] == pytest.approx(injury, rel=1e-5)
    assert incident.row["p_emergency"] == pytest.approx(injury * emergency, rel=1e-5)


def test_the_curves_by_hand_are_those_that_the_model_tabulates(incident):
    model, age = incident.model, incident.age(incident.aggressor)
    values = model.coefficients
    _, pupils = season(model.then, values.acting)
    table = age_tables(values.age_curves, values.grievance, pupils).venue[age]
    assert by_hand.age_curves(incident) == pytest.approx(table.tolist())


def test_a_world_too_small_says_so():
    with pytest.raises(ValueError, match="simulate more residents"):
        by_hand.an_incident(scale=0.0005, years=1)


def test_a_working_is_printed_to_four_places(capsys):
    by_hand.show([Line("a", "b", -0.00001), Line("c", "d", 1234)])
    assert capsys.readouterr().out == "a  b      0.0000\nc  d       1,234\n"


def test_notebooks_can_be_renewed(tmp_path):
    nbformat = pytest.importorskip("nbformat")
    from vru_model.workbook.renew import renew

    notebook = nbformat.v4.new_notebook()
    kept, gone = nbformat.v4.new_code_cell("print(6 * 7)"), nbformat.v4.new_code_cell("print(1)")
    kept.metadata["tags"] = ["keep_output", "nbval-check-output"]
    notebook.cells = [gone, kept]
    path = tmp_path / "page.ipynb"
    nbformat.write(notebook, path)
    renew(path)
    cells = nbformat.read(path, 4).cells
    assert cells[0].outputs == [] and cells[0].execution_count is None
    assert cells[1].outputs[0].text == "42\n" and cells[1].execution_count == 1
    assert (paths.NOTEBOOKS / "03_one_step_by_hand.ipynb").is_file()
