"""The picture of the model's parts and loops in the assurance pack."""

import numpy as np
from matplotlib.patches import FancyArrowPatch

from vru_model.parameters.loading import load_model_parameters
from vru_model.parameters.switches import SWITCHES
from vru_model.reporting.board.assurance import model_map


def test_the_diagram_names_known_boxes_and_switches_and_says_which_it_leaves_out():
    for arrow in model_map.ARROWS:
        assert {arrow.start, arrow.end} <= set(model_map.BOXES)
        assert arrow.switch in {"", *SWITCHES}
    drawn = {arrow.switch for arrow in model_map.ARROWS} - {""}
    assert all(name in model_map.uncut() for name in set(SWITCHES) - drawn)
    assert all(box in model_map.alternative_text() for box in model_map.BOXES)


def test_every_arrow_of_the_diagram_runs_from_the_edge_of_a_box_to_the_edge_of_another():
    figure = model_map.draw()
    figure.draw_without_rendering()
    (axes,) = figure.axes
    names = {name.replace(", ", ",\n"): name for name in model_map.BOXES}
    boxes = {names[text.get_text()]: text.get_bbox_patch().get_window_extent()
             for text in axes.texts if text.get_text() in names}  # fmt: skip
    drawn = [each for each in axes.patches if isinstance(each, FancyArrowPatch)]
    for arrow, patch in zip(model_map.ARROWS, drawn, strict=True):
        path = axes.transData.transform(patch.get_path().vertices)
        for name, tip in ((arrow.start, path[0]), (arrow.end, path)):
            box = boxes[name].padded(8)
            assert any(box.contains(*point) for point in np.atleast_2d(tip)), (arrow, name)


def test_grievance_acts_within_months_as_its_time_constant_says():
    months = load_model_parameters().parameters["grievance.decay"].value
    assert 1 < months < 12
    (acts,) = [each for each in model_map.ARROWS if each.start == "Grievance"]
    assert acts.pace == "months" and "within months through grievance" in model_map.TITLE
    assert {each.pace for each in model_map.ARROWS} == {"at once", "months", "years"}
