"""Issues of the needs assessment: the document, what a strategy covers, what it contributes."""

from __future__ import annotations

from pathlib import Path

import measure_doubles
import numpy as np
import pytest

from vru_model.analysis import needs
from vru_model.errors import InputError
from vru_model.parameters.accounts.needs import load_needs
from vru_model.parameters.checking import check
from vru_model.parameters.documents import built_in_names
from vru_model.paths import PARAMETERS
from vru_model.processes.counters import AGGRESSOR_MEASURES, RESIDENT_MEASURES, VICTIM_MEASURES
from vru_model.scenario import Scenario

FILE = PARAMETERS / "needs.yaml"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    return (measure_doubles.run(out, years=2),
            measure_doubles.run(out, "helps", reduction=0.5, years=2))


@pytest.fixture(scope="module")
def table(runs):
    return needs.progress(*runs, Scenario.load("balanced")).set_index("issue")


def _written(tmp_path: Path, old: str, new: str) -> Path:
    text = FILE.read_text("utf-8")
    assert old in text
    path = tmp_path / "needs.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_built_in_issues_are_checked_by_vru_check_and_hold():
    assert check([FILE]) == []
    assert load_needs().issues


def test_every_programme_of_the_register_acts_on_some_issue_or_is_left_out_for_a_reason():
    named = {each for issue in load_needs().issues.values() for each in issue.programmes}
    assert set(built_in_names("programmes")) == named


def test_each_issue_has_a_number_or_says_why_not_and_programmes_or_says_why_not():
    for issue in load_needs().issues.values():
        assert (issue.indicator is None) == (issue.not_measured is not None)
        assert bool(issue.programmes) == (issue.no_programme is None)


def test_all_that_is_wrong_is_told_at_once_with_the_nearest_spelling(tmp_path):
    path = _written(tmp_path, "measure: exclusions", "measure: exclusion")
    text = path.read_text("utf-8").replace("[school_inclusion,", "[school_inclusions,")
    text = text.replace("change: -0.5", "change: 0.5").replace("sex: female", "sex: women")
    path.write_text(text.replace("      sex: women", "      sex: female"), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_needs(path)
    told = str(error.value)
    for wanted in ("did you mean 'exclusions'?", "did you mean 'school_inclusion'?",
                   "a share below 0, for what should be lower"):
        assert wanted in told
    assert len(error.value.problems) == 3
    assert all(problem.line for problem in error.value.problems)


def test_a_ratio_needs_other_residents_told_apart_alike(tmp_path):
    path = _written(tmp_path, "against:\n        deprivation_quintile: 5",
                    "against:\n        sex: male")  # fmt: skip
    with pytest.raises(InputError, match="told apart by the same dimensions"):
        load_needs(path)


def test_a_file_elsewhere_is_known_for_what_it_is(tmp_path):
    path = _written(tmp_path, "status: read", "status: sure")
    [problem] = check([path])
    assert "read, derived, recalled, prior" in problem.allowed


def test_indicators_are_counted_by_every_run_of_the_model():
    counted = {"victim": VICTIM_MEASURES, "aggressor": AGGRESSOR_MEASURES,
               "resident": RESIDENT_MEASURES}  # fmt: skip
    needed = needs.needed_measures(load_needs()).measures
    for measure in needed.values():
        assert set(measure.counters) | set(measure.less) <= set(counted[measure.role])


def test_what_a_strategy_funds_what_it_does_not_and_the_gap():
    table = needs.coverage(Scenario.load("balanced")).set_index("issue")
    knives = table.loc["under_25_knife_injury"]
    assert "Hospital navigators" in knives["funded"]
    assert "Violence interruption" in knives["not_funded"]
    assert knives["gap"] == needs.ADDRESSED
    # 660,000 + 696,000 + 265,000 + 500,000 + 380,000: the lines of the document that act on it.
    assert knives["money_per_year"] == 2_501_000
    assert table.loc["domestic_violence", "gap"] == needs.NONE_FUNDED
    assert table.loc["exploitation", "gap"] == needs.NO_PROGRAMME_EXISTS
    assert "no drug market" in table.loc["exploitation", "note"]


def test_money_on_what_does_not_help_leaves_a_gap_and_says_so():
    table = needs.coverage(Scenario.load("what_fails")).set_index("issue")
    again = table.loc["reoffending"]
    assert again["gap"] == needs.NONE_HELPFUL
    assert any("(harmful)" in title for title in again["funded"])


def test_no_strategy_leaves_every_issue_open_and_gaps_lists_them():
    nothing = Scenario.baseline()
    open_issues = needs.gaps(nothing)
    assert list(open_issues["issue"]) == list(load_needs().issues)
    assert len(needs.gaps(Scenario.load("balanced"))) < len(open_issues)


def test_a_programme_that_no_issue_names_is_told(tmp_path):
    path = _written(tmp_path, "programmes: [nurse_home_visiting, early_years]",
                    "programmes: [nurse_home_visiting]")  # fmt: skip
    balanced = Scenario.load("balanced")
    assert needs.beside_the_needs(balanced) == []
    assert needs.beside_the_needs(balanced, load_needs(path)) == ["Early years support"]


def test_counts_contributions_and_intervals_by_hand(table):
    # The double: admissions 0.5 a cell at level 1; two authorities, two sexes, every age band;
    # deciles 1 and 2 weigh 1.0 and 0.9. Levels over draws 1.0 and 1.2, replicates 1.0 and 1.1.
    from vru_model.people import AGE_BANDS

    cells = 2 * 2 * len(AGE_BANDS) * 0.5 * (1.0 + 0.9)
    levels = [1.0 * 1.05, 1.2 * 1.05]
    row = table.loc["most_deprived_fifth"]
    assert row["now"] == pytest.approx(cells * np.mean(levels))
    assert row["with"] == pytest.approx(cells * np.mean(levels) / 2)
    assert row["contribution"] == pytest.approx(cells * np.mean(levels) / 2)
    assert row["contribution_by_year"] == pytest.approx(cells * np.mean(levels))
    assert row["low95"] == pytest.approx(min(cells * x / 2 for x in levels))
    assert row["chance_better"] == 1.0
    # 1,000 residents a cell: 0.5 x (1.0 + 0.9) / 2 for 1,000, times 100,000.
    assert row["rate"] == pytest.approx(0.5 * 0.95 / 1_000 * 100_000 * np.mean(levels))


def test_a_ratio_of_rates_and_a_share_by_hand(table):
    # Deciles 1 and 2 against 9 and 10: (1.0 + 0.9) / (0.2 + 0.1); halved by the scenario.
    ratio = table.loc["inequality"]
    assert ratio["kind"] == "ratio"
    assert ratio["now"] == pytest.approx(1.9 / 0.3)
    assert ratio["contribution"] == pytest.approx(1.9 / 0.3 / 2)
    assert np.isnan(ratio["contribution_by_year"])
    # 5 of 20 injuries recorded, in every cell and in both runs.
    share = table.loc["violence_that_nobody_records"]
    assert share["now"] == pytest.approx(0.25)
    assert share["contribution"] == pytest.approx(0.0)
    assert share["wanted"] == "higher"


def test_a_target_beyond_the_run_is_said_and_never_judged(table):
    knives = table.loc["knife_violence"]
    assert knives["target_year"] == 10
    assert knives["target"] == pytest.approx(knives["now"] / 2)
    assert np.isnan(knives["chance_target"])


def test_a_target_within_the_run_is_judged_draw_by_draw(runs, tmp_path):
    path = _written(tmp_path, "change: -0.5\n      by_year: 10",
                    "change: -0.05\n      by_year: 2")  # fmt: skip
    found = needs.progress(*runs, Scenario.load("balanced"), load_needs(path)).set_index("issue")
    assert found.loc["knife_violence", "chance_target"] == 1.0
    alone = needs.progress(runs[0], None, Scenario.load("balanced"), load_needs(path))
    assert alone.set_index("issue").loc["knife_violence", "chance_target"] == 0.0


def test_what_is_not_measured_stays_in_the_table_without_a_number(table):
    row = table.loc["sexual_violence"]
    assert np.isnan(row["now"])
    assert row["differs"] == "Sexual offences are outside the model."
    assert list(table.index) == list(load_needs().issues)


def test_without_a_second_run_there_are_indicators_and_no_contribution(runs):
    alone = needs.progress(runs[0], None, Scenario.baseline(), year=1).set_index("issue")
    row = alone.loc["under_25_knife_injury"]
    assert row["now"] > 0
    assert np.isnan(row["contribution"])
    assert row["indicator"] == "Sharp-object admissions, aged under 25"


def test_a_year_that_the_run_does_not_reach_is_refused(runs):
    with pytest.raises(InputError, match="1 to 2"):
        needs.progress(*runs, Scenario.baseline(), year=3)


def test_runs_that_differ_in_more_than_their_scenario_are_refused(runs, tmp_path):
    other = measure_doubles.run(tmp_path, "helps", reduction=0.5, years=2, seed=2)
    with pytest.raises(InputError, match="seed"):
        needs.progress(runs[0], other, Scenario.baseline())


def test_a_share_of_nothing_is_no_number_and_no_warning(recwarn):
    values = needs.Values(np.full((2, 2, 1), np.nan), None, None, 1.0, False)
    issue = load_needs().issues["violence_that_nobody_records"]
    assert np.isnan(needs._numbers(issue, values, 1)["now"])
    assert not recwarn.list


def test_of_whom_is_said_in_words(table):
    assert table.loc["domestic_violence", "indicator"] == "Domestic incidents, women and girls"
    assert table.loc["inequality", "indicator"] == (
        "Emergency admissions for violence, the most deprived fifth: rate over that of the least "
        "deprived fifth")
