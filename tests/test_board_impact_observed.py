"""Recorded counts of the partnership's own beside the model, in the paper on impact."""

from __future__ import annotations

from types import SimpleNamespace

import measure_doubles
import pytest
from board_doubles import board_options
from typer.testing import CliRunner

from vru_model.cli import app
from vru_model.errors import InputError
from vru_model.reporting import papers
from vru_model.reporting.blocks import Chart, Prose, Table
from vru_model.reporting.board import case as cases
from vru_model.reporting.board.case import BASELINE, STRATEGY
from vru_model.reporting.board.impact import observed
from vru_model.reporting.board.impact.options import ImpactOptions
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.lettering import outside

COUNTED = """measure,area,period,age_band,count
Violence,E08000025,2024/25,15-19,1700
Violence,E08000025,2027/28,15-19,1400
Violence,Coventry,2026/27,15-19,3
Violence,E08000025,2028/29,15-19,1150
Violence,E08000025,2029/30,15-19,1150
Violence,E08000025,2028/29,12-14,900
"""
WRONG = """measure,area,period,age_band,count
Stabings,Brum,2023/24,15-19,12
Emergency admissions for violence,Birmingham,2023/24,15-19,20
Emergency admissions for violence,Coventri,2023/24,15-19,20
"""


def options(file, **changes):
    """Return the options of the paper with a file of counts."""
    given = board_options().model_dump() | {
        "observed": str(file), "compared_with": {"Violence": "incidents"},
    }  # fmt: skip
    return ImpactOptions.checked({**given, **changes}, "a test")


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    file = tmp_path_factory.mktemp("observed") / "recorded.csv"
    file.write_text(COUNTED, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """Return a case of stored runs whose every count can be worked out by hand.

    Ages 15 to 19 of one authority have 1,320 to 2,112 incidents a year over the draws, and with the
    strategy 0.827 of that.
    """
    out = tmp_path_factory.mktemp("runs")
    runs = {BASELINE: measure_doubles.run(out, years=2, draws=4),
            STRATEGY: measure_doubles.run(out, "helps", 0.5, years=2, draws=4)}  # fmt: skip
    for run in runs.values():
        run.manifest["place"]["authorities"] = {"E08000025": "Birmingham", "E08000026": "Coventry"}
    return SimpleNamespace(run=runs.__getitem__, source="model runs a-1, b-2; modelled")


@pytest.fixture(scope="module")
def blocks(case, counted):
    return observed.observed_blocks(case, options(counted))


@pytest.mark.parametrize(
    ("period", "year"),
    [("2027/28", 1), ("2026/27", 0), ("2036/37", 10), ("2027", 1), ("2027 Q1", 0), ("2027 Q2", 1),
     ("2028 Q1", 1), ("2027-03", 0), ("2027-04", 1), ("2028-03", 1), ("2023/24", -3)],
)  # fmt: skip
def test_a_period_stands_beside_the_model_year_in_which_it_lies(period, year):
    assert observed.model_year(period) == year


def test_a_figure_is_laid_beside_both_runs_from_the_first_year_on(blocks):
    tables = {block.name: block.frame.set_index(["Area", "Ages"]) for block in blocks
              if isinstance(block, Table)}  # fmt: skip
    now, then = "As now, 95% interval", "With the strategy, 95% interval"
    before = tables["observed-violence-2024-25"].loc["E08000025", "15 to 19"]
    assert before["Recorded"] == "1,700" and before[then] == "not yet begun"
    assert before[now] == "1,400 to 2,200 (mean 1,800)"
    assert before["In words"] == "cannot be told apart"
    first = tables["observed-violence-2027-28"].loc["E08000025", "15 to 19"]
    assert "mean 1,800" in first[now] and "mean 1,500" in first[then]
    assert first["In words"] == "fits both: cannot be told apart"
    second = tables["observed-violence-2028-29"].loc["E08000025", "15 to 19"]
    assert second["In words"] == "fits with the strategy; as now the model has more"
    late = tables["observed-violence-2029-30"].loc["E08000025", "15 to 19"]
    assert late["In words"] == "after the years of the run" and late[now] == "not compared"
    apart = tables["observed-violence-2028-29"].loc["E08000025", "12 to 14"]
    assert apart["In words"] == "ages that the model does not tell apart"


def test_small_numbers_are_hidden_and_every_block_says_where_it_comes_from(blocks):
    text = "\n".join(block.markdown() for block in blocks)
    assert "hidden: a small number" in text and "yours" not in text
    assert "| 3 |" not in text and "2026/27" in text
    for block in (each for each in blocks if isinstance(each, Table | Chart)):
        assert "recorded.csv (SHA-256 " in block.source and "model runs a-1, b-2" in block.source
    assert "does not show that the strategy works" in blocks[-1].markdown()


def test_the_totals_are_drawn_with_intervals_and_words(case, counted):
    file = counted.with_name("whole.csv")
    file.write_text("\n".join(COUNTED.splitlines()[:3]) + "\n", encoding="utf-8")
    found = observed.observed_blocks(case, options(file))
    chart = next(block for block in found if isinstance(block, Chart))
    assert "2027/28: recorded 1,400" in chart.alt and "as now" in chart.alt
    table = observed.together(case, observed.read_mine(file), {"Violence": "incidents"})
    totals = table[observed._is_total(table)]
    title = observed._message("Violence " * 14, totals)
    assert "fits the model in 2 of 2 periods" in title
    assert not outside(observed.draw(title, totals))


def test_without_a_file_the_paper_says_how_to_give_one(monkeypatch):
    from vru_model.reporting.board.impact import series

    monkeypatch.setattr(series.recorded, "checks", lambda _: [])
    monkeypatch.setattr(series.recorded, "sentence", lambda _: "Made up.")
    monkeypatch.setattr(series.recorded, "table", lambda *_: Prose("a table"))
    gates = {"x": SimpleNamespace(warning=False, sentence="Plausible.")}
    made_up = SimpleNamespace(findings=None, gates=gates, strategy=SimpleNamespace(name="x"))
    assert "vru papers --observed" in series.recorded_blocks(made_up)[0].text
    assert series.recorded_blocks(made_up, given=True)[0].text.startswith("### Published totals")


def test_everything_wrong_with_a_file_is_told_at_once_with_its_lines(tmp_path):
    file = tmp_path / "wrong.csv"
    file.write_text(WRONG, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        options(file, compared_with={"Violense": "incidents"}, years=0)
    told = [(problem.line, problem.name, problem.given) for problem in refused.value.problems]
    assert told == [
        (None, "years", "0"), (None, "compared_with", "'Violense'"),
        (2, "measure", "'Stabings'"), (2, "area", "'Brum'"), (4, "area", "'Coventri'"),
    ]  # fmt: skip
    assert "Birmingham or E08000025" in str(refused.value) and "Coventry" in str(refused.value)


def test_areas_that_are_unknown_are_told_with_what_else_is_wrong_and_each_cell_once(tmp_path):
    file = tmp_path / "recorded.csv"
    file.write_text("measure,area,period,age_band,count\n"
                    "Incidents,Birmngham,2027/28,fifteen,3\nIncidents,All,2027/28,16,3\n",
                    encoding="utf-8")  # fmt: skip
    with pytest.raises(InputError) as refused:
        ImpactOptions.checked({"observed": str(file), "place": "west_midlands"}, "command line")
    told = {(each.line, each.name): each for each in refused.value.problems}
    assert len(told) == len(refused.value.problems)
    assert {(2, "area"), (2, "age_band"), (3, "area")} <= set(told)
    assert told[2, "area"].hint == "did you mean 'Birmingham'?"
    assert "no totals" in told[3, "area"].allowed


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "an empty file"), (b"measure,area\n", "no rows"), (b"\xff\xfe\x00", "not UTF-8"),
     (b"measure;area;period;age_band;count\nx;y;2024;15;3\n", "by semicolons")],
)  # fmt: skip
def test_the_command_refuses_a_file_that_is_no_table_of_counts(tmp_path, content, told):
    file, out = tmp_path / "bad.csv", tmp_path / "papers"
    file.write_bytes(content)
    ended = CliRunner().invoke(app, ["papers", "--observed", str(file), "--out", str(out)])
    assert ended.exit_code == 2 and told in ended.stderr.replace("\n", " ")
    assert not out.exists()


def test_pairs_of_measures_are_given_on_the_command_line(counted, tmp_path, monkeypatch):
    asked = {}
    monkeypatch.setattr(papers, "build", lambda **given: asked.update(given) or [])
    ended = CliRunner().invoke(app, ["papers", "--observed", str(counted), "--compared-with",
                                     "Violence = incidents"])  # fmt: skip
    assert ended.exit_code == 0
    assert asked["compared_with"] == {"Violence": "incidents"}
    monkeypatch.undo()
    ended = CliRunner().invoke(app, ["papers", "--observed", str(counted), "--compared-with",
                                     "Violence", "--out", str(tmp_path / "out")])  # fmt: skip
    assert ended.exit_code == 2 and "compared_with" in ended.stderr


def test_an_option_of_one_paper_may_be_given_with_all_and_not_without_it(counted):
    every, given = list(papers.PAPERS.values()), {"observed": str(counted),
                                                  "compared_with": {"Violence": "incidents"}}
    jobs = papers._checked(every, given, counted.parent / "papers", [])
    assert len(jobs) == 5 and sum(hasattr(asked, "observed") for _, asked in jobs) == 1
    with pytest.raises(InputError, match="observed"):
        papers._checked([papers.PAPERS["community_sheet"]], given, counted.parent / "papers", [])


def test_a_changed_file_makes_another_paper_and_the_same_case(tmp_path):
    file = tmp_path / "recorded.csv"
    file.write_text(COUNTED, encoding="utf-8")
    before = options(file)
    names = [papers.paper_id("x", before, ["a-1"])]
    file.write_text(COUNTED.replace("1700", "1750"), encoding="utf-8")
    names.append(papers.paper_id("x", options(file), ["a-1"]))
    plain = BoardOptions(**board_options().model_dump())
    names.append(papers.paper_id("x", plain, ["a-1"]))
    assert len(set(names)) == 3
    assert cases._key(before, {}) == cases._key(plain, {})
