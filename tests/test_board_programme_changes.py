"""What the programme paper says of the last paper, and why a rebuild says the same."""

import json
from datetime import date

import pandas as pd
import pytest
from board_programme_doubles import programme_paper

from vru_model import paths
from vru_model.reporting.blocks import Prose, Table
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.programme import changes_section
from vru_model.reporting.board.programme.paper import ProgrammePaper
from vru_model.reporting.board.programme.previous import (
    changed_parameters,
    frozen_parameters,
    previous_paper,
)

DAY = date(2026, 11, 22)


def earlier(folder, name="programme_and_strategy-0123456789ab", day="2026-05-01", **changes):
    """Write the files of a paper that was built before."""
    paper = programme_paper()
    numbers = {**paper.case.options.numbers, **changes.pop("parameters", {})}
    manifest = {
        "paper": "programme_and_strategy", "id": name, "date": day, "runs": ["old-0123456789ab"],
        "parameters": numbers,
    }  # fmt: skip
    target = folder / name
    (target / "tables").mkdir(parents=True)
    (target / "paper.json").write_text(json.dumps({**manifest, **changes}))
    rows = [{"strategy": "balanced", "year": year, "averted": averted, "low80": averted - 2,
             "high80": averted + 2} for year, averted in ((3, 4.0), (10, 90.0))]  # fmt: skip
    pd.DataFrame(rows).to_csv(target / "tables" / "headline.csv", index=False)
    money = pd.DataFrame([{"year": 1, "mentoring": 100_000, "hospital_navigators": 660_000}])
    money.to_csv(target / "tables" / "finance-programmes.csv", index=False)
    return target


def test_earlier_papers_are_looked_for_where_the_options_say(tmp_path, monkeypatch):
    case = programme_paper().case
    monkeypatch.setattr(BoardCase, "prepare", classmethod(lambda *_: case))
    default = case.options.model_copy(update={"earlier": ""})
    assert ProgrammePaper.prepare(default).papers == paths.OUTPUTS / "papers"
    elsewhere = ProgrammePaper.prepare(default.model_copy(update={"earlier": str(tmp_path)}))
    assert elsewhere.papers == tmp_path
    earlier(tmp_path)
    assert "1 May 2026" in "\n".join(each.markdown() for each in elsewhere.changes())
    # Where papers stand changes no number, and so no name of a paper.
    assert "earlier" not in default.numbers


def found(folder, day=DAY):
    case = programme_paper().case
    return previous_paper(case.options, case.run_ids, day, folder)


def test_a_first_paper_says_that_it_is_one_and_compares_with_the_frozen_parameters(tmp_path):
    blocks = programme_paper(tmp_path).changes()
    words = "\n".join(block.text for block in blocks if isinstance(block, Prose))
    assert "first paper of its kind" in words
    assert all(name in words for name in frozen_parameters())


def test_the_newest_older_paper_counts(tmp_path):
    earlier(tmp_path, "programme_and_strategy-aaaaaaaaaaaa", "2025-05-01")
    earlier(tmp_path, "programme_and_strategy-bbbbbbbbbbbb", "2026-05-01")
    assert found(tmp_path).name == "programme_and_strategy-bbbbbbbbbbbb"


@pytest.mark.parametrize(
    "change",
    [{"day": "2026-11-22"}, {"day": "2027-01-01"}, {"paper": "another_kind"},
     {"day": "no date"}],
)  # fmt: skip
def test_a_paper_of_the_same_day_or_later_or_of_another_kind_does_not(tmp_path, change):
    earlier(tmp_path, **change)
    assert found(tmp_path) is None


def test_this_paper_built_before_is_not_the_last_paper(tmp_path):
    earlier(tmp_path, runs=list(programme_paper().case.run_ids))
    assert found(tmp_path) is None


def test_a_broken_folder_stops_nothing(tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "paper.json").write_text("{")
    assert found(tmp_path) is None


def test_what_changed_is_said_with_the_numbers_of_both_papers(tmp_path):
    earlier(tmp_path, parameters={"draws": 40})
    blocks = programme_paper(tmp_path).changes()
    words = blocks[0].text
    assert "1 May 2026" in words and "draws (was 40, is 24)" in words
    assert "moved beyond both 80% intervals" in words
    (table,) = [block for block in blocks if isinstance(block, Table) and block.name == "changes"]
    frame = table.frame.set_index("What")
    headline = frame.loc["Sharp-object admissions of under-25s averted by year 10, 80% interval"]
    assert headline["Last paper"] == "90 to 90 (mean 90)"
    assert headline["This paper"] == "5 to 40 (mean 25)"
    assert frame.loc["Mentoring, £ in year 1", "Last paper"] == "100,000"
    assert "Hospital navigators, £ in year 1" not in frame.index


def test_another_strategy_is_not_called_a_change_in_the_headline(tmp_path):
    earlier(tmp_path, parameters={"strategy": "quick"})
    words = changes_section.message(programme_paper(tmp_path).case, found(tmp_path))
    assert "It put another strategy to the board" in words
    assert "cannot be compared" in words


def test_only_values_that_differ_count_as_changed(tmp_path):
    sizes = {}
    for name, file in frozen_parameters().items():
        table = changed_parameters(file)
        assert (table["before"] != table["now"]).all()
        sizes[name] = len(table)
    assert 0 in sizes.values() and max(sizes.values()) > 50
    other = tmp_path / "nonsense.yaml"
    other.write_text("a: 1\n")
    assert changed_parameters(other) is None
