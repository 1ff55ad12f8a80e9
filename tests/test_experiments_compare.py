"""Paired comparisons: the arithmetic by hand, the intervals, and what is refused."""

from __future__ import annotations

import json

import doubles
import numpy as np
import pytest
from scipy import stats

from vru_model.errors import InputError
from vru_model.experiments import compare
from vru_model.experiments.compare import COMPARED, horizons
from vru_model.experiments.intervals import limits_of_draws, spread
from vru_model.experiments.store import RunFolder
from vru_model.experiments.world import WorldKey

BETTER = doubles.DoubleScenario("better", reduction=0.1, spend=250.0)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    base = doubles.run_double(out, draws=3, replicates=2)
    return base, doubles.run_double(out, BETTER, draws=3, replicates=2)


def by_hand(run, measure, group, years):
    cells = run.measures(years=years, measures=[measure], roles=["victim"])
    if group == "under 25":
        cells = cells[cells["age_band"].isin(["5-9", "10-14", "16-17", "20-24"])]
    return cells.groupby(["draw", "replicate"])["value"].sum()


@pytest.mark.parametrize("group", ["all ages", "under 25"])
@pytest.mark.parametrize(("window", "years"), [("in year", [3]), ("by year", [1, 2, 3])])
def test_the_table_agrees_with_the_cells_paired_by_hand(pair, group, window, years):
    measure = "expected_admissions"
    comparison = compare(*pair)
    row = comparison.table.query(
        "measure == @measure and group == @group and window == @window and year == 3"
    ).iloc[0]
    base, other = (by_hand(run, measure, group, years) for run in pair)
    means = (base - other).groupby("draw").mean()
    assert row["baseline"] == pytest.approx(base.groupby("draw").mean().mean())
    assert row["scenario"] == pytest.approx(other.groupby("draw").mean().mean())
    assert row["averted"] == pytest.approx(means.mean())
    assert row["low95"] == pytest.approx(means.min())  # of three draws: all that they tell
    assert row["high80"] == pytest.approx(means.max())
    assert row["chance_better"] == 1.0
    assert (row["draws"], row["replicates"]) == (3, 2)


def test_a_further_draw_lies_within_the_limits_as_often_as_they_are_called():
    assert limits_of_draws(np.arange(19.0), 10.0) == 1.0  # the second of nineteen, of twenty gaps
    draws = np.random.default_rng(3).normal(size=(20, 200_000))
    low, high = limits_of_draws(draws[:19], [10.0, 90.0])
    assert np.mean((low < draws[19]) & (draws[19] < high)) == pytest.approx(0.8, abs=0.005)
    low, high = limits_of_draws(draws[:19], [2.5, 97.5])  # too few: from the least to the greatest
    assert np.mean((low < draws[19]) & (draws[19] < high)) == pytest.approx(0.9, abs=0.005)


def test_the_table_holds_every_measure_group_year_and_window(pair):
    table = compare(*pair).table
    assert list(table.columns) == [
        "measure", "group", "year", "window", "baseline", "scenario", "averted", "low80",
        "high80", "low95", "high95", "chance_better", "chance_equal", "monte_carlo_error",
        "monte_carlo_95", "parameter_spread", "draws", "replicates",
    ]  # fmt: skip
    assert len(table) == len(COMPARED) * 2 * 2 * 2  # groups, years 1 and 3, windows
    assert len(compare(*pair, years=range(1, 4)).table) == len(COMPARED) * 2 * 3 * 2
    first = table[table["year"] == 1].set_index(["measure", "group", "window"])["averted"]
    assert first.xs("in year", level="window").equals(first.xs("by year", level="window"))


@pytest.mark.parametrize(("last", "shown"), [
    (1, (1,)), (2, (1, 2)), (3, (1, 3)), (10, (1, 3, 5, 10)), (12, (1, 3, 5, 10, 12)),
])
def test_the_last_year_of_the_runs_is_always_shown(last, shown):
    assert horizons(last) == shown


def test_a_comparison_shows_the_last_year_of_runs_that_stop_between_the_usual_ones(tmp_path):
    pair = (doubles.run_double(tmp_path, years=2), doubles.run_double(tmp_path, BETTER, years=2))
    assert set(compare(*pair).table["year"]) == {1, 2}
    assert set(compare(*pair, years=[1]).table["year"]) == {1}


def test_a_run_compared_with_itself_averts_nothing_and_says_that_it_is_the_same(pair):
    comparison = compare(pair[0], pair[0])
    assert comparison.same == (
        f"Both are the same run, {pair[0].run_id}: nothing can differ.",
    )
    assert not compare(*pair).same
    table = comparison.table
    zero = ["averted", "low80", "high80", "low95", "high95", "chance_better", "monte_carlo_error"]
    assert (table[zero] == 0).all(axis=None)
    assert (table["chance_equal"] == 1).all()


def test_draws_with_as_many_count_as_neither_better_nor_worse():
    values = np.array([2.0, 0.0, 0.0, -1.0, 0.0])
    for worlds in (values.reshape(5, 1, 1), values.reshape(1, 5, 1)):
        found = spread(worlds)
        assert (found.chance_better[0], found.chance_equal[0]) == pytest.approx((0.2, 0.6))


def test_spending_is_told_by_programme_and_year(pair):
    spend = compare(*pair).spend
    assert list(spend.columns) == ["programme", "year", "baseline", "scenario", "extra"]
    assert spend["programme"].unique().tolist() == ["navigators"]
    assert spend["year"].tolist() == [1, 2, 3]
    assert spend["extra"].tolist() == [250.0] * 3


def test_only_worlds_that_both_have_finished_are_paired(pair, tmp_path):
    base = doubles.run_double(tmp_path, draws=3, replicates=2)
    other = doubles.run_double(tmp_path, BETTER, draws=2, replicates=3)
    RunFolder(other.folder).part("measures", WorldKey(1, 0)).unlink()
    comparison = compare(base, other)
    assert comparison.worlds == (WorldKey(0, 0), WorldKey(0, 1), WorldKey(1, 1))
    assert (comparison.draws, comparison.pairs) == (2, 3)
    assert comparison.table["averted"].notna().all()
    assert comparison.table["monte_carlo_error"].notna().all()


def test_runs_that_differ_in_more_than_the_scenario_are_refused_with_every_difference(tmp_path):
    base = doubles.run_double(tmp_path)
    other = doubles.run_double(tmp_path, BETTER, scale=0.2, years=2, seed=7, code_version="c2")
    with pytest.raises(InputError) as caught:
        compare(base, other)
    names = [problem.name for problem in caught.value.problems]
    assert names == ["scale", "years", "seed", "version of the code"]
    assert base.run_id in str(caught.value)


def test_central_values_and_sampled_ones_do_not_pair(tmp_path):
    base = doubles.run_double(tmp_path)
    other = doubles.run_double(tmp_path, BETTER, parameter_values="central")
    with pytest.raises(InputError, match="parameter values"):
        compare(base, other)


def test_what_cannot_be_compared_is_refused(pair, tmp_path):
    with pytest.raises(InputError) as caught:
        compare(tmp_path / "one", tmp_path / "two")
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError, match="1 to 3"):
        compare(*pair, years=[1, 5])
    empty = doubles.run_double(tmp_path, draws=1, replicates=1)
    RunFolder(empty.folder).part("measures", WorldKey(0, 0)).unlink()
    with pytest.raises(InputError, match="at least one pair"):
        compare(empty, empty)


def test_notes_say_what_the_intervals_do_not_cover(pair, tmp_path):
    assert "3 draws: parameter uncertainty is not covered" in compare(*pair).notes[1]
    one = doubles.run_double(tmp_path, draws=1, replicates=3)
    assert "chance alone" in compare(one, one).notes[1]
    single = doubles.run_double(tmp_path, draws=1, replicates=1, seed=2)
    comparison = compare(single, single)
    assert "no interval" in comparison.notes[1]
    assert comparison.table["low95"].isna().all()
    many = doubles.run_double(tmp_path, draws=20, replicates=1, years=1)
    assert len(compare(many, many).notes) == 1
    assert compare(*pair).attribution == (doubles.ABOUT_PLACE["attribution"],)


def test_one_draw_gives_the_t_interval_over_replicates():
    values = np.array([3.0, 5.0, 4.0, 8.0])
    found = spread(values.reshape(1, 4, 1))
    low, high = stats.t.interval(0.95, 3, loc=values.mean(), scale=stats.sem(values))
    assert found.low95[0] == pytest.approx(low) and found.high95[0] == pytest.approx(high)
    assert found.monte_carlo_error[0] == pytest.approx(stats.sem(values))
    assert found.chance_better[0] == 1.0


def test_monte_carlo_error_is_chance_alone_however_far_the_draws_lie_apart():
    rng = np.random.default_rng(1)
    levels = np.array([0.0, 100.0, -50.0])[:, None, None]
    found = spread(levels + rng.normal(0.0, 2.0, (3, 400, 1)))
    assert found.monte_carlo_error[0] == pytest.approx(2.0 / np.sqrt(1200), rel=0.15)
    assert found.low80[0] < -30 and found.high80[0] > 70
    assert np.isnan(spread(levels).monte_carlo_error[0])


def test_what_we_do_not_know_is_told_apart_from_chance():
    rng = np.random.default_rng(2)
    draws, replicates = 400, 5
    levels = rng.normal(10.0, 3.0, (draws, 1, 1))
    values = levels + rng.normal(0.0, 4.0, (draws, replicates, 1))
    found = spread(values)
    assert found.parameter_spread[0] == pytest.approx(3.0, rel=0.1)  # not sqrt(9 + 16 / 5) = 3.5
    error = stats.sem(values[:, :, 0].mean(axis=0))
    assert found.monte_carlo_error[0] == pytest.approx(error)
    half = stats.t.ppf(0.975, replicates - 1) * error
    assert found.monte_carlo_95[0] == pytest.approx(half)


def test_more_draws_do_not_lessen_the_chance_that_worlds_of_one_replicate_share():
    rng = np.random.default_rng(3)
    draws, replicates = 20, 400
    shared, own = rng.normal(0.0, 2.0, (1, replicates, 1)), rng.normal(0.0, 4.0, (draws, 1, 1))
    found = spread(own + shared + rng.normal(0.0, 1.0, (draws, replicates, 1)))
    expected = np.sqrt((4.0 + 1.0 / draws) / replicates)
    assert found.monte_carlo_error[0] == pytest.approx(expected, rel=0.1)
    assert found.parameter_spread[0] == pytest.approx(own.std(ddof=1), rel=0.05)


def test_replicates_that_one_draw_lacks_do_not_count_for_chance():
    values = np.random.default_rng(4).normal(size=(3, 6, 1))
    short = values.copy()
    short[1, 4:] = np.nan
    found, whole = spread(short), spread(values[:, :4])
    assert found.monte_carlo_error == pytest.approx(whole.monte_carlo_error)
    assert found.monte_carlo_95 == pytest.approx(whole.monte_carlo_95)


def test_chance_cannot_be_told_apart_with_one_replicate_nor_ignorance_with_one_draw(tmp_path):
    one = doubles.run_double(tmp_path, draws=4, replicates=1)
    table = compare(one, one).table
    assert table[["monte_carlo_95", "parameter_spread"]].isna().all(axis=None)
    chance = doubles.run_double(tmp_path, draws=1, replicates=4)
    table = compare(chance, doubles.run_double(tmp_path, BETTER, draws=1, replicates=4)).table
    assert table["parameter_spread"].isna().all() and (table["monte_carlo_95"] > 0).all()
    width = table["high95"] - table["low95"]
    assert width.to_numpy() == pytest.approx(2 * table["monte_carlo_95"].to_numpy())


def test_chosen_worlds_alone_are_compared(pair):
    chosen = [(0, 0), WorldKey(2, 1)]
    comparison = compare(*pair, worlds=chosen)
    assert comparison.worlds == (WorldKey(0, 0), WorldKey(2, 1))
    by_hand_too = [by_hand(run, "incidents", "all ages", [1]).loc[[(0, 0), (2, 1)]].mean()
                   for run in pair]  # fmt: skip
    row = comparison.table.query("measure == 'incidents' and year == 1").iloc[0]
    assert [row["baseline"], row["scenario"]] == pytest.approx(by_hand_too)
    with pytest.raises(InputError, match="d0009-r0000"):
        compare(*pair, worlds=[(0, 0), (9, 0)])


def test_a_notebook_shows_both_uncertainties_and_the_notes(pair):
    comparison = compare(*pair)
    shown = comparison._repr_html_()
    row = comparison.table.query(
        "measure == 'incidents' and group == 'all ages' and window == 'by year' and year == 3"
    ).iloc[0]
    assert f"{row['averted']:,.0f}" in shown and f"{row['baseline']:,.0f}" in shown
    assert "of which chance alone" in shown and "Better against Baseline, by year 3" in shown
    assert "parameter uncertainty is not covered" in shown and "OGL v3.0" in shown
    assert '<th scope="row">homicides</th>' in shown


def test_the_manifest_of_a_compared_run_is_enough_to_compare(pair):
    manifest = json.loads((pair[0].folder / "manifest.json").read_text())
    assert {"scale", "years", "seed", "code", "place"} <= set(manifest["identity"])
