"""Who is reached: enrolments along deprivation against figures worked out by hand."""

from __future__ import annotations

import warnings

import measure_doubles
import numpy as np
import pytest

from vru_model.analysis import uptake as module
from vru_model.analysis.uptake import uptake, uptake_gradient

CELLS = 2 * 21 * 2  # authorities, ages, sexes: of each decile and year


@pytest.fixture(scope="module")
def reached(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    return measure_doubles.run(out, spend=1e6, draws=20, replicates=1, years=1)


def test_uptake_by_hand(reached):
    # Two enrolments a cell of a thousand residents at level 1, whatever the decile; levels are
    # 1, 1.2 ... 4.8, in the mean 2.9. Acts are 40 times level and gradient.
    table = uptake(reached).set_index("deprivation_quintile")
    assert (table["programme"] == "navigators").all() and len(table) == 5
    assert table["enrolments"].to_numpy() == pytest.approx([2 * 2.9 * CELLS * 2] * 5)
    assert table["rate"].to_numpy() == pytest.approx([2 * 2.9] * 5)
    # Deciles 1 and 2 have gradients 1.0 and 0.9, deciles 9 and 10 0.2 and 0.1: the same number
    # enrolled stands beside 76 acts a cell there and 12 here, times level.
    assert table.loc[1, "for_each_100_acts"] == pytest.approx(100 * 4 / (40 * 1.9))
    assert table.loc[5, "for_each_100_acts"] == pytest.approx(100 * 4 / (40 * 0.3))
    # Enrolments and acts move together from draw to draw: their ratio does not move.
    assert table.loc[1, "for_each_100_acts_low95"] == pytest.approx(100 * 4 / (40 * 1.9))
    assert table.loc[1, "rate_low95"] < 2 * 2.9 < table.loc[1, "rate_high95"]


def test_a_gradient_by_hand(reached):
    row = uptake_gradient(reached).iloc[0]
    assert row["enrolments"] == pytest.approx(2 * 2.9 * CELLS * 10)
    for name, value in {"slope_index": 0, "relative_index": 1, "concentration_index": 0,
                        "index_to_need": 0.3}.items():  # fmt: skip
        assert row[name] == pytest.approx(value, abs=1e-9), name
        assert row[f"{name}_low95"] == pytest.approx(value, abs=1e-9)
    # Everybody is reached alike, but violence is concentrated by -0.3 on the deprived.
    assert row["for_need_reached_more"] == "the less deprived"
    assert row["reached_more"] == "cannot be told"


def test_below_twenty_draws_nobody_is_said_to_be_reached_more(tmp_path):
    few = measure_doubles.run(tmp_path, spend=1e6, draws=2, replicates=1, years=1)
    row = uptake_gradient(few).iloc[0]
    assert row["for_need_reached_more"] == row["reached_more"] == "cannot be told"


def test_a_programme_that_nobody_joined_has_no_gradient_and_makes_no_noise():
    nobody, people = np.zeros((2, 1, 10)), np.full((2, 1, 10), 1000.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = module._indices(nobody, people, people)
    assert all(np.isnan(each.mean).all() and np.isnan(each.low95).all() for each in found.values())
    # Where one draw has no enrolments, the index is that of the others.
    some = np.stack([nobody[0], people[0] / 10])
    assert module._indices(some, people, people)["slope_index"].mean == pytest.approx(0.0)


def test_a_run_without_enrolments_by_place_has_no_table(tmp_path):
    run = measure_doubles.run(tmp_path, draws=1, replicates=1, years=1)
    assert uptake(run).empty and uptake_gradient(run).empty
