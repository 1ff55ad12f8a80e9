"""The description of the model cannot go stale: its tables are what the program says."""

import pytest

from vru_model.analysis import odd
from vru_model.model import ViolenceModel
from vru_model.schedule import Schedule


def test_the_page_is_what_the_program_writes():
    text = odd.FILE.read_text(encoding="utf-8")
    assert odd.renewed(text) == text, "stale: run `python -m vru_model.analysis.odd`"


def test_the_order_of_phases_is_the_schedule():
    described = [entry.number for entry, _ in odd.order_of_step()]
    assert set(described) == {entry.number for entry in Schedule(ViolenceModel)}
    assert described[0] == 1
    assert described[-1] == 12


def test_a_missing_marker_is_told():
    with pytest.raises(ValueError, match="must hold once"):
        odd.renewed("a page without markers")
