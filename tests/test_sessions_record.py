"""The record of a session: what is kept, what is refused, what participants take away."""

from __future__ import annotations

import datetime
import threading

import pytest

from vru_model.errors import InputError
from vru_model.reporting.accessibility import problems
from vru_model.workbook.sessions import report
from vru_model.workbook.sessions.keeping import Keeper, read_session
from vru_model.workbook.sessions.record import (
    PSEUDONYMS,
    Criterion,
    Question,
    judgement_faults,
    swing_faults,
)

DAY = datetime.date(2026, 11, 25)
SHARE = Question(title="Take-up", unit="share", minimum=0.0, maximum=1.0)
CRITERIA = {
    "injuries": Criterion(title="Injuries averted", unit="incidents", worst=10, best=90),
    "support": Criterion(title="Support", unit="0 to 100", worst=40, best=70),
}


@pytest.fixture
def keeper(tmp_path):
    kept = Keeper(tmp_path / "session.yaml")
    kept.begin("Take-up in the county", "the unit's analyst", 6, date=DAY)
    kept.ask("take_up", SHARE)
    return kept


def test_a_session_is_on_disk_after_every_entry_and_goes_on_where_it_was(keeper):
    keeper.judge("take_up", "Avocet", (0.1, 0.3, 0.4, 0.5, 0.8), "slack months")
    again = Keeper(keeper.path)
    same = again.begin("Another title", "somebody else", 3)
    assert same.title == "Take-up in the county"
    assert same.questions["take_up"].judgements["Avocet"].values == (0.1, 0.3, 0.4, 0.5, 0.8)
    again.judge("take_up", "Bittern", (0.2, 0.4, 0.5, 0.6, 0.9))
    assert set(keeper.session.questions["take_up"].judgements) == {"Avocet", "Bittern"}


def test_participants_have_pseudonyms_of_the_program_and_no_names(keeper):
    assert keeper.session.participants == PSEUDONYMS[:6]
    with pytest.raises(InputError, match="a pseudonym that the program hands out"):
        keeper.change(lambda data: data["participants"].append("Jane Smith"))
    with pytest.raises(InputError, match="a participant of the session"):
        keeper.judge("take_up", "Wagtail", (0.1, 0.3, 0.4, 0.5, 0.8))
    assert "no name of a person" in keeper.path.read_text("utf-8")


def test_a_judgement_that_does_not_grow_or_lies_outside_says_which_number_and_why():
    faults = judgement_faults((0.1, 0.5, 0.4, None, 1.2), (0.0, 1.0))
    assert faults == [
        ("median", "0.4", "more than the lower quartile, 0.5"),
        ("upper quartile", "nothing", "a number"),
        ("upper limit", "1.2", "0 to 1"),
    ]
    assert judgement_faults((0.1, 0.3, 0.4, 0.5, 0.8), (0.0, 1.0)) == []
    assert judgement_faults((1, 2), (0, 9))[0][1] == "2 numbers"


def test_what_would_not_hold_is_refused_and_the_file_stays_as_it_was(keeper):
    before = keeper.path.read_text("utf-8")
    with pytest.raises(InputError, match="more than the lower quartile"):
        keeper.judge("take_up", "Avocet", (0.1, 0.5, 0.4, 0.6, 0.8))
    with pytest.raises(InputError, match="nothing, until somebody has judged"):
        keeper.choose("take_up", "pool")
    with pytest.raises(InputError, match="pool, until the group has one"):
        keeper.choose("take_up", "consensus")
    assert keeper.path.read_text("utf-8") == before


def test_a_file_changed_by_hand_is_checked_with_lines(keeper):
    text = keeper.path.read_text("utf-8").replace("- Coot", "- Cooot").replace(
        "unit: share", "units: share")  # fmt: skip
    keeper.path.write_text(text, "utf-8")
    with pytest.raises(InputError) as error:
        read_session(keeper.path)
    assert all(problem.line for problem in error.value.problems)
    assert "unit" in str(error.value)


def test_beginning_without_a_title_or_with_too_many_people_says_both(tmp_path):
    with pytest.raises(InputError) as error:
        Keeper(tmp_path / "s.yaml").begin(" ", "role", 99)
    assert {problem.name for problem in error.value.problems} == {"title", "participants"}
    assert not (tmp_path / "s.yaml").exists()


def test_swings_are_kept_without_pseudonyms_and_in_no_order_of_coming(tmp_path):
    texts = []
    for order in (1, -1):
        kept = Keeper(tmp_path / f"{order}.yaml")
        kept.begin("Mix", "analyst", 6, date=DAY)
        kept.compare_by(CRITERIA, {}, {})
        for weight in (20.0, 60.0, 80.0)[::order]:
            kept.swing({"injuries": 100.0, "support": weight})
        texts.append(kept.path.read_text("utf-8"))
    assert texts[0] == texts[1]
    given = texts[0][texts[0].index("swings:"):]
    assert not any(bird in given for bird in PSEUDONYMS)


def test_swings_need_every_criterion_within_0_and_100_and_one_of_100():
    assert swing_faults({"injuries": 100, "support": 30}, CRITERIA) == []
    assert swing_faults({"injuries": 90, "support": 30}, CRITERIA) == [
        ("90 at the most", "100 for the swing that matters most to you")]
    told = swing_faults({"injuries": 120, "trust": 5}, CRITERIA)
    assert [each[0] for each in told] == ["nothing for support", "trust", "120 for injuries"]


def test_other_swings_than_before_drop_what_was_given_and_the_same_keep_it(tmp_path):
    kept = Keeper(tmp_path / "s.yaml")
    kept.begin("Mix", "analyst", 6, date=DAY)
    kept.compare_by(CRITERIA, {}, {})
    kept.swing({"injuries": 100.0, "support": 50.0})
    assert len(kept.compare_by(CRITERIA, {}, {"quick": 3.0}).swings.given) == 1
    wider = {**CRITERIA, "support": CRITERIA["support"].model_copy(update={"best": 90.0})}
    assert kept.compare_by(wider, {}, {}).swings.given == ()


def test_two_browsers_on_one_session_lose_nothing_of_each_other_s(keeper):
    def judge(who):
        Keeper(keeper.path).judge("take_up", who, (0.1, 0.3, 0.4, 0.5, 0.8))

    threads = [threading.Thread(target=judge, args=(who,)) for who in PSEUDONYMS[:6]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(keeper.session.questions["take_up"].judgements) == set(PSEUDONYMS[:6])


def test_the_record_holds_everything_and_a_machine_finds_it_accessible(keeper):
    keeper.judge("take_up", "Avocet", (0.1, 0.3, 0.4, 0.5, 0.8), "slack <months>")
    keeper.judge("take_up", "Coot", (0.2, 0.5, 0.6, 0.7, 0.9))
    keeper.weigh("take_up", {"Avocet": 2.0, "Coot": 1.0})
    keeper.agree("take_up", (0.1, 0.35, 0.45, 0.55, 0.8), "between the two")
    keeper.decide("Ask again in March", "the group")
    keeper.contest("Take-up", "Coot", "0.5 in Walsall", "two posts are vacant")
    markdown, page = report.write_record(keeper.session, keeper.path)
    text = page.read_text("utf-8")
    assert problems(text) == []
    for words in ("Avocet", "slack &lt;months&gt;", "between the two", "Ask again in March",
                  "0.5 in Walsall", "25 November 2026", "the unit's analyst".replace("'", "'")):
        assert words in text, words
    assert "Chart: Horizontal lines" in markdown.read_text("utf-8")


def test_a_record_of_an_empty_session_says_so(keeper):
    _, page = report.write_record(keeper.session, keeper.path)
    text = page.read_text("utf-8")
    assert "Nobody has judged yet." in text and text.count("None so far.") == 2
