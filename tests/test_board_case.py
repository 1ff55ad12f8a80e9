"""What a case is made of: each scenario under a name of its own, or an error that says why not."""

import pytest
from board_doubles import board_options as options

from vru_model.errors import InputError
from vru_model.paths import PARAMETERS
from vru_model.reporting.board.case import ENDED, SLOWER, STRATEGY, load_case


def changed_copy(folder, name):
    text = (PARAMETERS / "strategies" / f"{name}.yaml").read_text("utf-8")
    file = folder / f"{name}.yaml"
    file.write_text(text.replace("1500000", "1400000").replace("900000", "1000000"), "utf-8")
    return str(file)


def test_a_changed_copy_of_a_built_in_strategy_gets_a_name_of_its_own(tmp_path):
    found = load_case(options(strategy=changed_copy(tmp_path, "slow")))
    assert found[STRATEGY].name == "slow_proposed"
    assert found[SLOWER].name == "slow"
    assert found[STRATEGY].digest != found[SLOWER].digest
    assert found[ENDED].name.startswith("slow_proposed+")


def test_the_same_strategy_twice_is_one_scenario():
    found = load_case(options(strategy="slow"))
    assert found[STRATEGY].name == found[SLOWER].name == "slow"


def test_two_alternatives_of_one_name_are_refused(tmp_path):
    asked = options(minimum=changed_copy(tmp_path, "slow"))
    with pytest.raises(InputError) as refused:
        load_case(asked)
    assert any("a name of its own" in str(problem) for problem in refused.value.problems)
