"""The controls that all pages of the workbook share, driven without a browser."""

from __future__ import annotations

import pytest

from vru_model.errors import InputError, Problem
from vru_model.workbook import entries
from vru_model.workbook.controls import Choice, Field, Said


@pytest.mark.parametrize(("text", "value"), [
    ("1,200", 1200.0), ("40%", 0.4), ("£75,000", 75000.0), ("−0.5", -0.5), ("-7e-1", -0.7),
])  # fmt: skip
def test_numbers_are_read_as_people_write_them(text, value):
    assert entries.number(text) == pytest.approx(value)
    assert Field("A number", text).number == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "many", "nan", "inf", "%", "4 %%"])
def test_what_is_no_number_is_explained_and_never_guessed(text):
    with pytest.raises(entries.Unreadable, match="is not a number"):
        entries.number(text)
    assert Field("A number", text).number is None


def test_a_field_tells_what_the_reader_typed_and_not_what_the_page_wrote():
    told = []
    field = Field("Money", "1", told.append)
    field.write("2")
    assert told == [] and field.text == "2"
    field.box.value = " 3 "
    assert told == [" 3 "] and field.text == "3"


def test_a_complaint_stands_beside_its_field_is_announced_and_goes():
    field = Field("Money")
    field.complain("Less than <nought>.")
    assert "role='alert'" in field.error.value and "Less than &lt;nought&gt;." in field.error.value
    assert "vru-wrong" in field._dom_classes
    field.complain()
    assert field.error.value == "" and "vru-wrong" not in field._dom_classes


def test_other_options_keep_what_is_chosen_where_they_can_and_tell_nobody():
    told = []
    choice = Choice("Strategy", [("One", 1), ("Two", 2)], chosen=told.append)
    assert choice.value == 1
    choice.box.value = 2
    choice.offer([("Two", 2), ("Three", 3)])
    assert choice.value == 2
    choice.offer([("Three", 3), ("Four", 4)])
    assert choice.value == 3
    choice.offer([("Three", 3), ("Four", 4)], 4)
    assert choice.value == 4 and told == [2]


def test_what_came_of_a_button_is_said_or_every_problem_is_listed():
    said = Said()
    assert said.doing(lambda: "Kept: <Avocet>.") and "Kept: &lt;Avocet&gt;." in said.value

    def refused():
        raise InputError([Problem("page", None, "years", "'x'", "a number"),
                          Problem("page", None, "draws", "'y'", "a number")])

    assert not said.doing(refused)
    assert said.value.count("<li>") == 2 and "role='alert'" in said.value
    said.tell("")
    assert said.value == ""
