"""The session's page, driven without a browser: what is entered, what is said, what is kept."""

from __future__ import annotations

import pytest
import session_doubles

from vru_model.workbook.controls import Choice, Field, Said
from vru_model.workbook.needs.page import NeedsPage
from vru_model.workbook.sessions.elicitation_page import GROUP, ElicitationPage, weights_in
from vru_model.workbook.sessions.keeping import Keeper
from vru_model.workbook.sessions.page import Agreed, SessionPage
from vru_model.workbook.sessions.swings_page import SwingsPage

TAKE_UP = "programmes.hospital_navigators.reach.take_up"


@pytest.fixture
def page(tmp_path):
    made = SessionPage(tmp_path / "session.yaml", tmp_path / "runs")
    made.title.write("Navigators")
    made.facilitator.write("the unit's analyst")
    made.people.write("6")
    made.strategy.box.value = "balanced"
    made.begin()
    return made


def fill(page, *numbers):
    for field, text in zip(page.elicitation.numbers, numbers, strict=True):
        field.write(text)


def asked(page):
    page.elicitation.quantity.box.value = TAKE_UP
    page.elicitation.ask()
    return page.elicitation


def everything(widget):
    """Yield a widget and all that it holds."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from everything(child)


def test_a_session_begins_hands_out_pseudonyms_and_goes_on(page):
    assert "Avocet, Bittern" in page.said.value
    again = SessionPage(page.file.text, page.runs)
    again.begin()
    assert "Going on with: Navigators" in again.said.value


def test_what_is_missing_to_begin_is_listed_and_nothing_is_written(tmp_path):
    made = SessionPage(tmp_path / "s.yaml")
    made.people.write("a dozen")
    made.begin()
    assert "a whole number from 1 to 40" in made.said.value
    made.people.write("12")
    made.begin()
    assert "title" in made.said.value and "facilitator" in made.said.value
    assert not (tmp_path / "s.yaml").exists()


def test_a_judgement_is_read_back_and_kept_and_the_next_person_sees_none_of_it(page):
    part = asked(page)
    fill(page, "0.2", "50%", "0.6", "0.7", "0.9")
    part.keep()
    assert "fits this best" in part.fit.value and "even chances" in part.fit.value
    kept = Keeper(page.file.text).session.questions
    [question] = kept.values()
    assert question.judgements["Avocet"].values == (0.2, 0.5, 0.6, 0.7, 0.9)
    part.who.box.value = "Bittern"
    assert part.fit.value == "" and all(field.text == "" for field in part.numbers)
    assert part.all.value == ""


def test_a_wrong_judgement_says_why_beside_the_number_and_keeps_what_was_typed(page):
    part = asked(page)
    fill(page, "0.2", "0.7", "0.6", "x", "1.9")
    part.keep()
    errors = [field.error.value for field in part.numbers]
    assert errors[0] == "" and errors[1] == ""
    assert "more than the lower quartile" in errors[2]
    assert "a number" in errors[3] and "0 to 1" in errors[4]
    assert part.numbers[3].text == "x"
    assert Keeper(page.file.text).session.questions[part.question.value].judgements == {}


def test_the_group_agrees_with_reasons_and_the_scenario_is_written(page, tmp_path):
    part = asked(page)
    fill(page, "0.2", "0.5", "0.6", "0.7", "0.9")
    part.keep()
    part.who.box.value = GROUP
    fill(page, "0.1", "0.3", "0.4", "0.5", "0.8")
    part.keep()
    assert "reasons go with its numbers" in part.reason.error.value
    part.reason.write("Slack months are short")
    part.keep()
    part.show()
    assert "The group, after discussion" in part.all.value
    assert "handed over as the median alone" in part.all.value
    assert "What the program has now: 0.7" in part.all.value
    part.file.write(str(tmp_path / "believed.yaml"))
    part.write()
    assert "Written" in part.said.value and (tmp_path / "believed.yaml").exists()


def test_weights_are_read_from_words_and_refused_for_strangers(page):
    assert weights_in("Avocet 2, Coot 1.5") == {"Avocet": 2.0, "Coot": 1.5}
    assert weights_in("") == {}
    part = asked(page)
    fill(page, "0.2", "0.5", "0.6", "0.7", "0.9")
    part.keep()
    part.weights.write("Wagtail 2, Coot")
    part.weigh()
    assert "Avocet 2, Coot 1" in part.said.value
    part.weights.write("Wagtail 2")
    part.weigh()
    assert "a participant of the session" in part.said.value
    part.weights.write("Avocet 2")
    part.weigh()
    assert "Pool of all" in part.all.value


def test_swings_are_set_out_taken_and_shown_from_five_on(page):
    runs = session_doubles.stored(page.runs, years=3)
    part = page.swings
    part.refresh()
    assert part.baseline.value == runs["baseline"].run_id
    for choice, field, name in zip(part.strategies, part.support, ("quick", "slow"), strict=False):
        choice.box.value = runs[name].run_id
        field.write("60" if name == "quick" else "40")
    part.set_out()
    assert "do not differ in: Money spent" in part.said.value
    assert "injuries_by_year_3" in part.swings and "community_support" in part.swings
    for person in range(5):
        for field in part.swings.values():
            field.write("100")
        part.give()
        assert f"{person + 1} of 6 participants" in part.said.value
        part.show()
        assert ("Weights over 5 people" in part.result.value) == (person == 4)
    assert all(field.text == "" for field in part.swings.values())


def test_swings_that_are_wrong_say_so_beside_the_box(page):
    runs = session_doubles.stored(page.runs, years=2)
    part = page.swings
    part.refresh()
    for choice, name in zip(part.strategies, ("quick", "slow"), strict=False):
        choice.box.value = runs[name].run_id
    part.set_out()
    for field in part.swings.values():
        field.write("90")
    part.give()
    assert "100 for the swing that matters most" in part.said.value
    first = next(iter(part.swings.values()))
    first.write("all")
    part.give()
    assert "0 to 100" in first.error.value and first.text == "all"
    assert Keeper(page.file.text).session.swings.given == ()


def test_decisions_and_changes_go_into_the_record(page, tmp_path):
    [part] = [each for each in everything(page) if isinstance(each, Agreed)]
    part.decide()
    assert "Write a few words" in part.decision.error.value
    part.decision.write("Ask again in March")
    part.decide()
    for field, text in ((part.what, "Take-up"), (part.change, "0.5"), (part.reason, "vacancies")):
        field.write(text)
    part.contest()
    part.write()
    page_text = (tmp_path / "session.html").read_text("utf-8")
    assert "Ask again in March" in page_text and "vacancies" in page_text


def test_every_control_has_a_visible_name_of_its_own(page):
    session_doubles.stored(page.runs, years=2)
    page.swings.refresh()
    named = [each.description for each in everything(page) if hasattr(each, "description")
             and type(each).__name__ in ("Text", "Dropdown", "Button")]  # fmt: skip
    assert all(named) and len(named) > 30
    assert len(set(named)) == len(named)


def test_no_method_of_ours_stands_in_the_way_of_a_widget_s_own():
    # ipywidgets opens a widget by its own `open`: a method of that name would keep it from pages.
    for kind in (SessionPage, Agreed, ElicitationPage, SwingsPage, NeedsPage, Field, Choice, Said):
        own = {name for name in vars(kind) if not name.startswith("_")}
        assert not own & set(dir(kind.__mro__[1])), kind.__name__
