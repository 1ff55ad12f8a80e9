"""How hard a text is to read is counted as the formula says, and words of the trade are found."""

import pytest

from vru_model.reporting.board.community.readability import (
    BANNED,
    LIMIT,
    banned_words,
    read,
    syllables,
)


@pytest.mark.parametrize(("word", "number"), [
    ("hurt", 1), ("people", 2), ("hospital", 3), ("police", 2), ("changed", 1), ("wanted", 2),
    ("little", 2), ("tables", 2), ("places", 2), ("school", 1), ("young", 1), ("families", 3),
    ("made-up", 2), ("2,100", 1),
])  # fmt: skip
def test_syllables_are_counted_as_they_are_heard(word, number):
    assert syllables(word) == number


def test_the_grade_is_that_of_the_formula():
    found = read("The cat sat on the mat. It was hot.")
    assert (found.words, len(found.sentences), found.syllables) == (9, 2, 9)
    assert found.grade == pytest.approx(0.39 * 9 / 2 + 11.8 * 9 / 9 - 15.59)


def test_a_board_s_sentence_is_far_above_the_limit():
    hard = (
        "The committee is asked to consider the implementation of a multi-agency strategy for the "
        "reduction of serious violence across organisational boundaries."
    )
    assert read(hard).grade > 2 * LIMIT and read(hard).too_long == []
    assert read("").grade == 0.0


def test_words_of_the_trade_are_found_in_any_form_and_others_are_not():
    assert banned_words("The parameters were calibrated.") == ["calibrated", "parameter"]
    assert banned_words("Half the people meant what they said in the interview.") == []
    assert {"counterfactual", "interval", "parameter"} <= set(BANNED)
