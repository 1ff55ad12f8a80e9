"""The needs assessment: burden, own data beside the model's, issues; as a page and in a batch."""

from __future__ import annotations

import asyncio
import re

import measure_doubles
import numpy as np
import pytest
from ipywidgets import Button, Dropdown, FileUpload, Text

from vru_model.errors import InputError
from vru_model.people import AGE_BANDS
from vru_model.reporting import beside
from vru_model.reporting.accessibility import problems
from vru_model.reporting.blocks import Chart, Table
from vru_model.scenario import Scenario
from vru_model.workbook.as_html import shown
from vru_model.workbook.computing import carry_out
from vru_model.workbook.jobs import CANCELLED, give, tell, told
from vru_model.workbook.needs import NeedsOptions, assessment, burden, issues, working
from vru_model.workbook.needs.page import NeedsPage, page

GIVEN = {
    "place": "west_midlands", "strategy": "balanced", "measure": "admissions", "scale": 0.01,
    "years": 2, "draws": 2, "replicates": 1, "seed": 1, "workers": 0, "runs": "", "date": "",
    "observed": "", "compared_with": {}, "issues": "", "interactive": True,
}  # fmt: skip
MINE = """measure,area,period,age_band,count
Emergency admissions for violence,E08000025,2023/24,15-19,120
Emergency admissions for violence,E08000025,2023/24,20-24,60
Emergency admissions for violence,E08000026,2023/24,15-19,3
Emergency admissions for violence,E08000026,2023/24,20-24,80
Stabbings,Elsewhere,2023/24,15-19,30
Stabbings,E08000025,2023/24,12-14,40
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    found = (measure_doubles.run(out, years=2),
             measure_doubles.run(out, "helps", reduction=0.5, years=2))  # fmt: skip
    for run in found:
        run.manifest["place"]["authorities"] = {"E08000025": "Birmingham", "E08000026": "Coventry"}
    return found


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(MINE, encoding="utf-8")
    return beside.read_mine(path)


def of_kind(blocks, kind):
    return [block for block in blocks if isinstance(block, kind)]


def test_options_are_checked_all_at_once_before_anything_runs():
    wrong = {"strategy": "balancd", "measure": "admission", "observed": "nowhere.csv",
             "scale": 2.0, "drawz": 3}  # fmt: skip
    with pytest.raises(InputError) as error:
        NeedsOptions.checked(GIVEN | wrong, "here")
    assert {problem.name for problem in error.value.problems} == set(wrong)
    assert "did you mean 'balanced'" in str(error.value)
    assert NeedsOptions.checked(GIVEN | {"strategy": ""}, "here").strategy == ""


def test_the_population_is_told_with_what_is_made_up():
    blocks = burden.population_blocks("west_midlands", 0.002)
    text = shown(blocks)
    assert "2,919,651 residents" in text and "synthetic" in text
    assert [table.caption for table in of_kind(blocks, Table)][0] == "Residents by local authority"


def test_burden_has_a_chart_with_a_message_and_a_table_for_each_dimension(runs):
    blocks = burden.burden_blocks(runs[0], "admissions")
    charts, tables = of_kind(blocks, Chart), of_kind(blocks, Table)
    assert [chart.name for chart in charts] == [
        "rate_by_deprivation_quintile", "rate_by_age_band", "rate_by_sex",
        "rate_by_local_authority",
    ]  # fmt: skip
    # Deciles weigh 1.0 and 0.9 in the first fifth, 0.2 and 0.1 in the last; 0.5 a cell of 1,000.
    first = tables[0].data.set_index("deprivation_quintile")["rate"]
    assert first[1] == pytest.approx(0.5 * 0.95 * 1.155 * 100)
    assert first[1] / first[5] == pytest.approx(1.9 / 0.3)
    assert len(tables) == 4 and all("95%" in " ".join(table.frame.columns) for table in tables)


def test_authorities_stand_in_the_order_of_codes_and_are_not_ranked(runs):
    table = of_kind(burden.burden_blocks(runs[0], "admissions"), Table)[-1]
    assert list(table.frame.iloc[:, 0]) == ["Birmingham (E08000025)", "Coventry (E08000026)"]
    chart = of_kind(burden.burden_blocks(runs[0], "admissions"), Chart)[-1]
    assert not re.search(r"highest|worst|first", chart.alt)


def test_ages_stand_in_order_and_those_of_the_group_alone(runs):
    for group, bands in (("all ages", AGE_BANDS), ("under 25", AGE_BANDS[:7])):
        table = of_kind(burden.burden_blocks(runs[0], "incidents", group), Table)[1]
        assert list(table.frame["Age"]) == list(bands)


def test_recorded_stands_beside_true_with_the_share(runs):
    table = of_kind(burden.recorded_blocks(runs[0]), Table)[0]
    row = table.frame.set_index("What is recorded").loc["Incidents recorded by the police"]
    assert row["Share recorded"].startswith("25% ")  # 10 of 40 in every cell


def test_own_counts_are_protected_and_what_is_hidden_stays_hidden(mine, runs):
    assert mine.protected.figures == {}
    table = beside.beside(runs[0], mine, beside.suggested(mine.measures))
    hidden = table[table["recorded"] == "*"]
    assert len(hidden) and hidden["recorded_low95"].isna().all()
    text = shown(beside.beside_blocks(runs[0], mine, beside.suggested(mine.measures)))
    assert "small number" in text and ">3<" not in text


def test_measures_are_matched_by_name_and_nothing_is_guessed(mine):
    assert beside.suggested(mine.measures) == {"Emergency admissions for violence": "admissions"}


def test_the_model_s_count_of_the_same_area_and_ages_by_hand(tmp_path, runs):
    path = tmp_path / "one.csv"
    path.write_text("measure,area,period,age_band,count\nx,E08000025,2024,15-19,121\n", "utf-8")
    row = beside.beside(runs[0], beside.read_mine(path), {"x": "admissions"}).iloc[0]
    # 0.5 a cell, deciles add up to 5.5, two sexes, three bands (15, 16-17, 18-19), mean level
    # 1.155.
    assert row["modelled"] == pytest.approx(0.5 * 5.5 * 2 * 3 * 1.155)
    assert row["recorded"] == "120"
    # Byar's limits of 118 and of 122, the ends of what 120 may stand for.
    assert row["recorded_low95"] == pytest.approx(97.67, abs=0.1)
    assert row["recorded_high95"] == pytest.approx(145.67, abs=0.1)
    assert row["verdict"] == "the model has fewer"


def test_what_cannot_be_compared_says_why(mine, runs):
    table = beside.beside(runs[0], mine, {"Stabbings": "sharp_object_admissions"})
    verdicts = table.set_index(["measure", "area", "age_band"])["verdict"]
    assert verdicts["Stabbings", "Elsewhere", "15-19"] == "no authority of this place"
    assert verdicts["Stabbings", "E08000025", "12-14"] == "ages that the model does not tell apart"
    assert verdicts["Emergency admissions for violence", "E08000025", "15-19"] == "not compared"


def test_an_area_is_known_by_its_name_too_and_a_quarter_is_a_quarter(tmp_path, runs):
    path = tmp_path / "quarter.csv"
    path.write_text("measure,area,period,age_band,count\nx,birmingham,2024 Q1,15-19,30\n", "utf-8")
    row = beside.beside(runs[0], beside.read_mine(path), {"x": "admissions"}).iloc[0]
    assert row["modelled"] == pytest.approx(0.5 * 5.5 * 2 * 3 * 1.155 / 4)


def test_a_true_measure_beside_a_service_s_figure_is_cautioned(mine, runs):
    text = shown(beside.beside_blocks(runs[0], mine, beside.suggested(mine.measures)))
    assert "belong beside a recorded measure" in text
    recorded = {"Emergency admissions for violence": "hospital_records"}
    assert "belong beside" not in shown(beside.beside_blocks(runs[0], mine, recorded))


def test_an_uploaded_file_is_refused_with_every_line_under_its_own_name():
    text = MINE.replace("15-19,120", "15-19,many").replace("2023/24,20-24,60", "23,20-24,60")
    with pytest.raises(InputError) as error:
        beside.read_uploaded("ward counts.csv", text.encode())
    assert {problem.line for problem in error.value.problems} == {2, 3}
    assert all(problem.file == "ward counts.csv" for problem in error.value.problems)


def test_issues_have_a_chart_their_numbers_and_gaps(runs):
    blocks = issues.issue_blocks(*runs, Scenario.load("balanced"))
    [chart] = of_kind(blocks, Chart)
    assert "not funded" in chart.alt and "80% intervals" in chart.alt
    names = [table.name for table in of_kind(blocks, Table)]
    assert names == ["issues_indicators", "issues_programmes", "gaps"]
    gaps = of_kind(blocks, Table)[-1].frame.set_index("Issue")
    assert "Violence at home" in gaps.index
    assert "no drug market" in gaps.loc["Exploitation of children, and county lines", "Note"]
    assert "beyond these runs" in " ".join(of_kind(blocks, Table)[0].frame["Target"])


def test_without_a_strategy_there_are_indicators_and_no_chart(runs):
    blocks = issues.issue_blocks(runs[0], None, Scenario.baseline())
    assert of_kind(blocks, Chart) == []
    assert "Chance of better" not in of_kind(blocks, Table)[0].frame


@pytest.fixture
def doubled(monkeypatch, runs):
    """Let the assessment take the stand-in's runs instead of simulating."""
    def run(scenario, **_):
        return runs[0] if scenario == "baseline" else runs[1]

    monkeypatch.setattr(assessment, "run", run)


def test_the_batch_shows_everything_in_reading_order_and_is_accessible(doubled, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(MINE, encoding="utf-8")
    given = GIVEN | {"observed": str(path), "interactive": False, "scale": 0.002}
    whole = page(NeedsOptions.checked(given, "here"))
    text = shown(whole.blocks)
    headings = re.findall(r"<h2>(.*?)</h2>", text)
    assert headings == ["The defined population", "Burden and inequalities", "What is recorded",
                        "Your own data", "Issues, programmes and gaps"]  # fmt: skip
    whole_page = (f'<html lang="en-GB"><head><title>t</title></head><body><main><h1>t</h1>{text}'
                  "</main></body></html>")  # fmt: skip
    assert problems(whole_page) == []
    assert "Widget" not in repr(whole)


class Here:
    """A stand-in for the process that computes: it does a job at once, or never ends it."""

    def __init__(self, endless=False):
        self.endless, self.folder, self.begun = endless, None, []

    def do(self, folder):
        self.folder = folder
        self.begun.append(folder)
        if not self.endless:
            carry_out(folder, working.work, give(folder))

    def cancel(self):
        tell(self.folder, CANCELLED, "Cancelled.")

    def look(self):
        return told(self.folder)


@pytest.fixture
def served(doubled, tmp_path, monkeypatch):
    """Return a page whose process stands in, and what presses a button and waits for the end."""
    monkeypatch.setattr("vru_model.paths.OUTPUTS", tmp_path)
    made = NeedsPage(NeedsOptions.checked(GIVEN | {"scale": 0.002}, "here"))
    made.watching.worker = Here()

    def press(*buttons):
        async def pressed():
            for button in buttons:
                button.click()
            await made.watching.task

        asyncio.run(pressed())

    return made, press


def test_the_page_runs_shows_and_lays_own_data_beside(served, tmp_path):
    made, press = served
    made.size["draws"].write("many")
    made.run()
    assert "draws" in made.said.value and made.burden.value == ""
    assert made.watching.worker.begun == []
    made.size["draws"].write("2")
    press(made.go)
    assert "Shown" in made.said.value
    assert "rate is highest" not in made.population.value
    assert "Emergency admissions for violence" in made.burden.value
    assert "Violence at home" in made.issues.value
    made.measure.box.value = "incidents"
    assert "Incidents of violence" in made.burden.value
    path = tmp_path / "mine.csv"
    path.write_text(MINE, encoding="utf-8")
    made.path.write(str(path))
    made.read_path()
    assert made.pairs["Emergency admissions for violence"].value == "admissions"
    assert "the model has fewer" in made.own.value
    made.pairs["Stabbings"].box.value = "sharp_object_admissions"
    assert "no authority of this place" in made.own.value


def test_a_run_is_cancelled_what_stood_there_stays_and_run_has_the_focus(served):
    made, press = served
    press(made.go)
    shown_before = made.burden.value
    made.watching.worker = Here(endless=True)
    focused = []
    made.go.focus = lambda: focused.append(made.go.disabled)
    press(made.go, made.go, made.watching.cancel, made.watching.cancel)
    assert len(made.watching.worker.begun) == 1  # pressed twice, begun once
    assert "Cancelled." in made.said.value and made.burden.value == shown_before
    assert not made.go.disabled and made.watching.cancel.layout.display == "none"
    assert focused == [False] and made.watching.bar.value == ""
    assert not made.watching.worker.begun[0].exists()  # nothing is left of the job but its worlds


def test_a_run_that_is_refused_or_fails_is_said_and_leaves_its_reason(served, monkeypatch):
    made, press = served
    monkeypatch.setattr(assessment, "run", lambda *_, **__: 1 / 0)
    press(made.go)
    assert "Something went wrong" in made.said.value and "vru-bad" in made.said.value
    assert "ZeroDivisionError" in (made.watching.worker.folder / "error.txt").read_text("utf-8")
    assert not made.watching.busy and not made.go.disabled


def test_a_wrong_file_is_explained_and_nothing_of_it_is_shown(tmp_path):
    made = NeedsPage(NeedsOptions.checked(GIVEN, "here"))
    path = tmp_path / "mine.csv"
    path.write_text(MINE.replace("15-19,120", "15-19,-4"), encoding="utf-8")
    made.path.write(str(path))
    made.read_path()
    assert "count" in made.own_said.value and made.own.value == "" and made.pairs == {}
    made.path.write(str(tmp_path / "none.csv"))
    made.read_path()
    assert "alert" in made.own_said.value


def test_own_data_can_be_read_before_anything_was_run(tmp_path):
    made = NeedsPage(NeedsOptions.checked(GIVEN, "here"))
    path = tmp_path / "mine.csv"
    path.write_text(MINE, encoding="utf-8")
    made.path.write(str(path))
    made.read_path()
    assert "Run the baseline above" in made.own.value


def test_every_control_has_a_visible_name_of_its_own():
    def everything(widget):
        yield widget
        for child in getattr(widget, "children", ()):
            yield from everything(child)

    made = NeedsPage(NeedsOptions.checked(GIVEN, "here"))
    named = [each.description for each in everything(made)
             if isinstance(each, Text | Dropdown | Button | FileUpload)]  # fmt: skip
    assert all(named) and len(set(named)) == len(named) > 8


def test_the_limits_of_counting_of_a_shown_nought_are_those_of_nought():
    found = beside._recorded("0")
    assert found["recorded_low95"] == 0
    assert found["recorded_high95"] == pytest.approx(3.69, abs=0.01)
    assert np.isnan(beside._recorded("*")["recorded_low95"])
