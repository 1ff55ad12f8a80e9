"""Morris, Sobol and the emulator on functions whose answers are known."""

import math

import numpy as np
import pytest

from vru_model.analysis.sensitivity.emulator import fit, space_filling
from vru_model.analysis.sensitivity.enough import Enough, between_parameters, replicates_for
from vru_model.analysis.sensitivity.indices import emulated_indices, indices_of
from vru_model.analysis.sensitivity.screening import STEP, screen, screen_function

NAMES = ["a", "b", "c"]
# Ishigami and Homma (1990) with 7 and 0.1: the variance splits in closed form.
V1, V2, V13 = 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2, 7**2 / 8, 0.1**2 * math.pi**8 * 8 / 225
FIRST = np.array([V1, V2, 0.0]) / (V1 + V2 + V13)
TOTAL = np.array([V1 + V13, V2, V13]) / (V1 + V2 + V13)


def ishigami(probabilities):
    x, y, z = np.pi * (2.0 * probabilities.T - 1.0)
    return np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def straight(probabilities):
    return probabilities @ np.array([3.0, -1.0, 0.0])


@pytest.fixture(scope="module")
def emulator():
    points = space_filling(200, 3, seed=1)
    return fit(points, ishigami(points), 0.0, seed=1)


def test_indices_of_a_known_function_are_those_of_its_closed_form():
    found = indices_of(ishigami, NAMES, seed=1)
    assert found["first"].to_numpy() == pytest.approx(FIRST, abs=0.03)
    assert found["total"].to_numpy() == pytest.approx(TOTAL, abs=0.03)
    assert (np.abs(found["first"] - FIRST) < found["first_error"]).all()
    assert (np.abs(found["total"] - TOTAL) < found["total_error"]).all()


def test_indices_by_the_emulator_agree_within_the_error_that_they_state(emulator):
    found = emulated_indices(emulator, NAMES, seed=1)
    assert emulator.predicts and emulator.explained > 0.9
    assert (np.abs(found["first"] - FIRST) < found["first_error"]).all()
    assert (np.abs(found["total"] - TOTAL) < found["total_error"]).all()
    # The emulator's own points leave more open than the sampling does.
    direct = indices_of(emulator.model.predict, NAMES, seed=1)
    assert (found["total_error"] > direct["total_error"]).all()


def test_the_leave_out_error_is_about_what_was_not_seen(emulator):
    unseen = np.random.default_rng(5).random((500, 3))
    truly = np.sqrt(np.mean((emulator.model.predict(unseen) - ishigami(unseen)) ** 2))
    assert emulator.error == pytest.approx(truly, rel=0.5)
    on_its_own_points = emulator.model.predict(space_filling(200, 3, seed=1))
    assert np.abs(on_its_own_points - emulator.outcomes).mean() < emulator.error / 5


def test_chance_is_told_apart_from_what_the_emulator_misses():
    points = space_filling(150, 3, seed=2)
    noise = np.random.default_rng(2).normal(0.0, 0.6, 150)
    found = fit(points, straight(points) + noise, 0.36, seed=2)
    assert found.chance_share == pytest.approx(0.36 / (10 / 12 + 0.36), abs=0.07)
    assert found.explained < 0.8 < found.explained_of_signal and found.predicts
    assert "It predicts" in found.sentence and "the rest is chance" in found.sentence


def test_an_emulator_that_predicts_nothing_gives_no_index():
    points = space_filling(80, 3, seed=3)
    found = fit(points, np.random.default_rng(3).normal(size=80), 1.0, seed=3)
    assert not found.predicts and "NOT" in found.sentence
    assert emulated_indices(found, NAMES, seed=3).isna().all(axis=None)


def test_there_is_no_emulator_of_too_few_points_or_of_outcomes_that_are_alike():
    assert fit(space_filling(10, 3, seed=1), np.arange(10.0), 0.0, seed=1) is None
    assert fit(space_filling(40, 3, seed=1), np.ones(40), 0.0, seed=1) is None


def test_morris_measures_of_a_straight_function_are_its_slopes():
    found = screen_function(straight, NAMES, trajectories=10, seed=1)
    # In units of the range of Morris's design, which leaves a fortieth at either end.
    assert found["mu"].to_numpy() == pytest.approx(np.array([3.0, -1.0, 0.0]) * 0.95)
    assert found["mu_star"].to_numpy() == pytest.approx(np.array([3.0, 1.0, 0.0]) * 0.95)
    assert found["sigma"].to_numpy() == pytest.approx(0.0, abs=1e-12)
    assert list(found["dismissed"]) == [False, False, True]


def test_morris_sees_that_effects_depend_on_others():
    found = screen_function(ishigami, NAMES, trajectories=40, seed=1)
    assert (found["sigma"] > 1.0).all() and not found["dismissed"].any()


def test_what_chance_alone_explains_is_dismissed_and_little_else():
    rng, names = np.random.default_rng(4), [f"p{number}" for number in range(30)]
    slopes = np.zeros(30)
    slopes[:2] = 20.0

    def noisy(points):
        return points @ slopes + rng.normal(0.0, 2.0, len(points))

    from SALib.sample import morris

    from vru_model.analysis.sensitivity.screening import problem_of

    design = morris.sample(problem_of(names, 0.025, 0.975), 12, num_levels=4, seed=4)
    found = screen(names, design, noisy(design), chance=4.0, seed=4)
    assert not found["dismissed"].iloc[:2].any()
    assert found["dismissed"].iloc[2:].mean() > 0.8  # nineteen of twenty, but for chance
    pure = np.abs(rng.normal(0.0, np.sqrt(8.0) / STEP, (4000, 12))).mean(axis=1)
    assert (pure <= found["chance"].iloc[0]).mean() == pytest.approx(0.95, abs=0.015)


def test_so_many_replicates_and_no_fewer_reach_a_precision():
    from scipy import stats

    for wanted in (0.5, 2.0, 11.0):
        number = replicates_for(wanted, deviation=10.0)
        half = [stats.t.ppf(0.975, n - 1) * 10.0 / math.sqrt(n) for n in (number - 1, number)]
        assert half[1] <= wanted < half[0]


def test_draws_are_enough_for_the_mean_and_the_ends_of_the_interval():
    enough = Enough(wanted=0.5, share=0.001, chance=3.0, parameters=4.0)
    assert enough.draws == math.ceil(1.96**2 * 25.0 / 0.25)
    rng = np.random.default_rng(6)
    ends = np.percentile(rng.normal(0.0, 5.0, (300, enough.draws_for_the_ends)), 97.5, axis=1)
    assert 1.96 * ends.std() == pytest.approx(0.5, rel=0.15)
    unknown = Enough(wanted=0.5, share=0.001, chance=3.0, parameters=float("nan"))
    assert unknown.draws is None and len(unknown.sentences("admissions")) == 2
    assert "no number of worlds makes it smaller" in enough.sentences("admissions")[1]


def test_chance_is_taken_out_of_the_spread_between_parameters():
    rng = np.random.default_rng(7)
    outcomes = rng.normal(0.0, 4.0, 20_000) + rng.normal(0.0, 3.0, 20_000)
    assert between_parameters(outcomes, 9.0) == pytest.approx(4.0, rel=0.03)
    assert between_parameters(rng.normal(size=50), 100.0) == 0.0
