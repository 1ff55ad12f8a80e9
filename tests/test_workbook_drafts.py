"""A strategy while it is being built, and the session that keeps it."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from vru_model.errors import InputError
from vru_model.parameters.documents import built_in, read_document
from vru_model.parameters.loading import Override, override_problems
from vru_model.scenario import Scenario
from vru_model.workbook import entries
from vru_model.workbook.explore import doubts, saved
from vru_model.workbook.explore.draft import Draft, conditions, presets
from vru_model.workbook.explore.factor import overridden_by
from vru_model.workbook.explore.saved import Session
from vru_model.workbook.explore.sharing import read_strategy, strategy_files


@pytest.fixture(autouse=True)
def outputs(tmp_path, monkeypatch):
    monkeypatch.setattr("vru_model.paths.OUTPUTS", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("text", "pounds"), [
    ("350,000", 350_000), ("£350000", 350_000), ("350k", 350_000), ("0.35m", 350_000),
    ("3.37 million", 3_370_000), (" 0 ", 0), ("1 234", 1_234),
])  # fmt: skip
def test_money_is_read_as_people_write_it(text, pounds):
    assert entries.pounds(text) == pounds


@pytest.mark.parametrize(("text", "said"), [
    ("lots", "not an amount of money"), ("", "not an amount"), ("-5", "less than nought"),
    ("10.5", "not whole pounds"), ("99999999m", "more than"), ("1.2.3", "not an amount"),
])  # fmt: skip
def test_money_that_cannot_be_read_is_explained(text, said):
    with pytest.raises(entries.Unreadable, match=said):
        entries.pounds(text)


@pytest.mark.parametrize("name", presets())
def test_every_preset_becomes_a_draft_that_is_the_same_strategy(name, tmp_path):
    draft = Draft.from_preset(name)
    assert draft.problems == {} and draft.balance == "Every pound is placed."
    assert Draft.from_document(json.loads(json.dumps(draft.kept()))) == draft
    file = tmp_path / f"{name}.yaml"
    file.write_text(draft.yaml(), "utf-8")
    assert Scenario.load(file).digest == Scenario.load(name).digest
    assert draft.name == name  # so that the runs of the preset are used again


def test_what_is_left_is_said_to_the_pound():
    draft = Draft.from_preset("balanced").entered("0.money_per_year", "659,999")
    assert draft.balance == "£1 is left to place."
    assert draft.problems[""] == "£1 is left to place."
    assert draft.entered("0.money_per_year", "660,002").balance == "£2 too much is placed."


def test_money_that_ends_early_is_left_in_the_years_after_it():
    draft = Draft.from_preset("balanced").entered("0.last_year", "3")
    assert draft.balance == "£660,000 is left to place from year 4 on."
    by_year = replace(draft.entered("budget", "3.37m; 3.37m; 3.37m"), lines=tuple(
        line.model_copy(update={"last_year": 3}) for line in draft.lines))
    assert by_year.problems == {}


def test_a_bad_entry_is_kept_and_explained_and_the_last_good_value_stays():
    draft = Draft.from_preset("balanced").entered("0.money_per_year", "a lot")
    assert draft.lines[0].money_per_year == 660_000
    assert "“a lot” is not an amount" in draft.problems["0.money_per_year"]
    kept = Draft.from_document(json.loads(json.dumps(draft.kept())))
    assert kept.unread == {"0.money_per_year": "a lot"}
    assert kept.entered("0.money_per_year", "660k").problems == {}


def test_money_that_does_not_pay_the_fixed_cost_is_refused_at_its_line():
    draft = Draft.from_preset("balanced").entered("0.money_per_year", "50,000")
    assert "more than the fixed cost of 60,000" in draft.problems["0.money_per_year"]


def test_removing_a_programme_moves_what_was_typed_below_it():
    draft = Draft.from_preset("balanced").entered("2.money_per_year", "??")
    assert draft.without_line(1).unread == {"1.money_per_year": "??"}
    assert draft.without_line(2).unread == {}


def test_a_programme_that_is_added_takes_what_is_left():
    draft = Draft.from_preset("balanced").without_line(0).with_programme("greening")
    assert draft.lines[-1].money_per_year == 660_000
    assert draft.problems == {} and draft.preset == ""


def test_a_changed_strategy_is_named_by_its_title():
    draft = Draft.from_preset("balanced").entered("title", "More navigators!")
    assert (draft.name, draft.title) == ("more_navigators", "More navigators!")
    assert replace(draft, title="2027 plan").name == "strategy_2027_plan"
    assert "Write a few words" in draft.entered("title", " ").problems["title"]


@pytest.mark.parametrize("condition", conditions())
def test_what_happens_to_the_money_is_what_the_scenario_says(condition, tmp_path):
    draft = Draft.from_preset("quick").changed(condition=condition)
    assert draft.problems == {}
    file = tmp_path / f"{draft.name}.yaml"
    file.write_text(draft.yaml(), "utf-8")
    assert Scenario.load(file).digest == Scenario.load(f"quick+{condition}").digest


def test_a_shared_file_opens_as_the_strategy_it_was():
    draft = Draft.from_preset("unit_2022_25").entered("title", "Three years")
    files = strategy_files([draft, draft.entered("budget", "?")])
    assert list(files) == ["three_years.yaml"]
    assert read_strategy(files["three_years.yaml"]).document == draft.document
    with pytest.raises(InputError, match="funding"):
        read_strategy("name: x\ntitle: X\nquestion: Y?\nfunding: none\n")


def test_a_session_is_read_back_whole():
    opened = saved.new_session()
    session = opened.session.adding(Draft.from_preset("quick").entered("budget", "oops"))
    contested = saved.Contested("acting.ace", 0.1, 0.2, "why", "who", "today", ("so",))
    session = replace(session, entries={"place": "nowhere"}, asking={"value": "1e"},
                      contested=(contested,))  # fmt: skip
    session.save()
    assert saved.read_session(session.folder) == session
    assert session.chosen == 1 and not session.ready


def test_four_strategies_fit_and_each_has_its_own_name():
    session = Session("here", "Here")
    for _ in range(4):
        session = session.adding(Draft.from_preset("quick"))
    assert [draft.title for draft in session.drafts][:2] == [
        "Quick programmes first", "Quick programmes first (2)"]
    assert session.clashes == {} and session.ready
    with pytest.raises(ValueError, match="4 strategies"):
        session.adding(Draft.from_preset("slow"))
    same = session.with_draft(session.drafts[3].changed(title="Quick programmes first (2)"))
    assert list(same.clashes) == [3] and not same.ready
    assert session.removing(3).chosen == 2


def test_a_second_window_gets_a_copy_and_a_closed_one_gives_way():
    first = saved.new_session()
    second = saved.open_session(first.session.identity, patience=0.1)
    assert second.session.identity != first.session.identity
    assert second.session.title.endswith("(2)") and "another window" in second.words
    second.lock.release()
    first.lock.release()
    again = saved.open_session(first.session.identity, patience=0.1)
    assert again.session == first.session and again.words == ""
    again.lock.release()


def test_a_kernel_that_dies_loses_nothing_and_holds_nobody_up(outputs):
    code = (
        "import os\n"
        "from vru_model.workbook.explore import saved\n"
        "opened = saved.new_session()\n"
        "draft = opened.session.drafts[0].entered('0.money_per_year', 'half a mill')\n"
        "opened.session.with_draft(draft).save()\n"
        "os.kill(os.getpid(), 9)\n"
    )
    environment = os.environ | {"VRU_OUTPUTS": str(outputs)}
    ended = subprocess.run([sys.executable, "-c", code], env=environment)
    assert ended.returncode == -9
    opened = saved.open_session(patience=0.1)
    assert opened.words == ""
    assert opened.session.drafts[0].unread == {"0.money_per_year": "half a mill"}


def test_the_session_used_last_opens_where_none_is_asked_for():
    first, second = saved.new_session(), saved.new_session()
    for opened, when in ((first, 2_000_000_000), (second, 1_000_000_000)):
        opened.lock.release()
        os.utime(opened.session.folder / "session.json", (when, when))
    opened = saved.open_session()
    assert opened.session.identity == first.session.identity
    assert "no session called “nonsense”" in saved.open_session("nonsense").words


def test_a_session_that_cannot_be_read_is_left_and_said():
    opened = saved.new_session()
    opened.lock.release()
    file = opened.session.folder / "session.json"
    file.write_text("{broken", "utf-8")
    again = saved.open_session(opened.session.identity)
    assert "cannot be read" in again.words and "left as it is" in again.words
    assert file.read_text("utf-8") == "{broken"


def test_every_assumption_says_what_it_is_where_from_and_who_set_it():
    found = doubts.assumptions(["hospital_navigators", "early_years"])
    assert len(found) > 100 and len({each.name for each in found}) == len(found)
    for each in found:
        assert all(text.strip() for _, text in each.rows), each.name
        assert each.minimum <= each.value <= each.maximum, each.name
    assert found[0].group == "Hospital navigators"


def test_a_contested_value_that_makes_no_sense_is_refused_in_words():
    session = Session("here", "Here").adding(Draft.from_preset("balanced"))
    by_name = {each.name: each for each in doubts.assumptions(["hospital_navigators"])}
    take_up = by_name["programmes.hospital_navigators.reach.take_up"]
    assert "lies between 0 and 1" in take_up.refuses(7.0)
    assert "already" in take_up.refuses(take_up.value)
    assert take_up.refuses(0.5) == "" and doubts.problem(session, take_up.name, 0.5) == ""
    assert doubts.problem(session, take_up.name, 7.0) != ""
    assert doubts.problem(session, "acting.ace", 0.2) == ""


def test_every_assumption_offered_can_be_overridden():
    session = Session("here", "Here").adding(Draft.from_preset("balanced"))
    found = doubts.assumptions(["hospital_navigators"])
    of_model = [each for each in found if not each.name.startswith("programmes.")]
    assert override_problems([
        Override(name, number, "why", "who") for each in of_model
        for name, number in overridden_by(each.name, each.value).items()]) == []  # fmt: skip
    for each in found[: len(found) - len(of_model)]:
        assert doubts.problem(session, each.name, each.value) == "", each.name


def test_presets_are_read_from_the_parameters():
    assert presets()["balanced"] == read_document(built_in("strategies", "balanced")).data["title"]
