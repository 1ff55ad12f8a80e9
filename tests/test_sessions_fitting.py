"""Distributions fitted to judgements, their pool, and what is handed to the program."""

from __future__ import annotations

import datetime
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats

from vru_model.errors import InputError
from vru_model.parameters.distributions import quantile
from vru_model.parameters.register import load_programme
from vru_model.scenario import Scenario
from vru_model.workbook.sessions import elicited, feeding, fitting, quantities
from vru_model.workbook.sessions.keeping import Keeper
from vru_model.workbook.sessions.record import PSEUDONYMS, Question

QUARTILES = (0.25, 0.5, 0.75)
TAKE_UP = "programmes.hospital_navigators.reach.take_up"
EFFECT = "programmes.hospital_navigators.changes.acting.value"


def test_quartiles_that_are_normal_give_the_normal_by_hand():
    # 25, 30, 35 as quartiles: the mean is 30, the s.d. 5 / 0.6745 = 7.413.
    fit = fitting.best_fit((25, 30, 35), QUARTILES, 0, 100)
    assert fit.family == "normal"
    assert fit.parameters["mean"] == pytest.approx(30, abs=1e-3)
    assert fit.parameters["sd"] == pytest.approx(7.413, abs=1e-3)
    assert fit.error < 1e-9


@pytest.mark.parametrize(("family", "made"), [
    ("normal", stats.norm(0.4, 0.05)),
    ("lognormal", stats.lognorm(0.5, scale=0.2)),
    ("gamma", stats.gamma(2.5, scale=0.1)),
    ("beta", stats.beta(2.0, 5.0)),
])  # fmt: skip
def test_each_family_finds_its_own_quantiles_again(family, made):
    values = made.ppf(fitting.PROBABILITIES)
    found = {fit.family: fit for fit in fitting.fits(values, lower=0.0, upper=1.0)}
    assert found[family].error < 1e-8
    assert found[family].quantile(fitting.PROBABILITIES) == pytest.approx(values, rel=1e-3)


def test_what_puts_chance_where_the_quantity_cannot_be_comes_last():
    # Quartiles close to nought: a normal would put much below it.
    values = (0.001, 0.02, 0.06, 0.15, 0.6)
    found = fitting.fits(values, lower=0.0, upper=1.0)
    assert found[-1].family == "normal"
    assert found[-1].outside > 0.01
    assert found[0].outside < 0.01


def test_a_quantity_without_ends_takes_a_normal_alone():
    assert [fit.family for fit in fitting.fits((-5, -1, 0, 1, 5))] == ["normal"]


@pytest.mark.parametrize("values", [(1, 2, 2, 3, 4), (4, 3, 2, 1, 0), (1, 2, 3)])
def test_values_that_do_not_grow_are_refused(values):
    with pytest.raises(ValueError, match="grow"):
        fitting.fits(values)


@settings(max_examples=12, deadline=None)
@given(some.lists(some.floats(0.02, 0.98), min_size=5, max_size=5, unique=True).map(sorted)
       .filter(lambda each: min(np.diff(each)) > 0.01))
def test_any_judgement_that_grows_is_fitted_with_quantiles_that_grow(values):
    for fit in fitting.fits(values, lower=0.0, upper=1.0):
        shown = fit.quantile(np.array(fitting.SHOWN))
        assert np.all(np.isfinite(shown))
        assert np.all(np.diff(shown) >= 0)


def test_a_pool_is_the_mean_of_distributions_and_keeps_disagreement():
    first = fitting.best_fit((30, 40, 50), QUARTILES, 0, 100)
    second = fitting.best_fit((20, 25, 35), QUARTILES, 0, 100)
    pool = fitting.Pool((first, second), (1, 1))
    assert pool.cdf(40) == pytest.approx((first.cdf(40) + second.cdf(40)) / 2)
    assert pool.cdf(pool.quantile(0.3)) == pytest.approx(0.3)
    apart = fitting.Pool(tuple(fitting.best_fit(each, QUARTILES, 0, 100)
                               for each in ((10, 12, 14), (60, 62, 64))), (1, 1))  # fmt: skip
    assert apart.quantile(0.75) - apart.quantile(0.25) == pytest.approx(50, abs=1)


def test_weights_of_a_pool_move_it_and_a_weight_of_nought_leaves_one_out():
    first, second = (fitting.best_fit(each, QUARTILES, 0, 100)
                     for each in ((30, 40, 50), (20, 25, 35)))  # fmt: skip
    alone = fitting.Pool((first, second), (2, 0))
    assert alone.quantile(0.5) == pytest.approx(float(first.quantile(0.5)), abs=1e-6)
    with pytest.raises(ValueError, match="weight"):
        fitting.Pool((first,), (0,))


@pytest.fixture
def keeper(tmp_path):
    kept = Keeper(tmp_path / "session.yaml")
    kept.begin("Navigators", "the analyst", 6, "balanced", datetime.date(2026, 11, 25))
    return kept


def ask(keeper, name, parameter):
    """Ask about a parameter of the session's strategy."""
    [given] = [each for each in quantities(Scenario.load("balanced"))
               if each.parameter == parameter]  # fmt: skip
    low, high = (each if math.isfinite(each) else None for each in (given.minimum, given.maximum))
    keeper.ask(name, Question(title=given.title, unit=given.unit, parameter=parameter,
                              asked=given.asked, minimum=low, maximum=high))  # fmt: skip
    return given


def believe(keeper, name, *judgements):
    """Let the first participants judge, and choose the pool."""
    for who, values in zip(PSEUDONYMS, judgements, strict=False):
        keeper.judge(name, who, values)
    keeper.choose(name, "pool")


def test_a_logarithm_is_asked_as_the_ratio():
    known = {each.parameter: each for each in quantities(Scenario.load("balanced"))}
    given = known[EFFECT]
    assert given.asked == "as a ratio"
    (change, *_) = load_programme("hospital_navigators").changes
    assert given.now[0] == pytest.approx(math.exp(change.value))
    assert known["grievance.retaliation"].asked == "as it is"
    assert not known[TAKE_UP].spread


def test_a_number_of_the_model_is_handed_over_as_its_own_kind_of_distribution(keeper):
    ask(keeper, "excluded", "acting.excluded")
    believe(keeper, "excluded", (1.5, 1.9, 2.1, 2.3, 2.7))
    found = feeding.handed(keeper.session, "excluded")
    assert found.distribution == "normal"  # as in model.yaml
    assert found.value == pytest.approx(math.log(2.1), abs=0.01)
    assert found.low < found.value < found.high
    believed, drawn = found.check["believed"], found.check["drawn"]
    assert drawn.to_numpy() == pytest.approx(believed.to_numpy(), rel=0.05)
    again = [quantile("normal", found.value, found.low, found.high, -6, 6, p)
             for p in fitting.SHOWN]  # fmt: skip
    assert np.exp(again) == pytest.approx(drawn.to_numpy())


def test_a_triangle_is_brought_near_to_what_is_believed(keeper):
    ask(keeper, "male", "acting.male")
    believe(keeper, "male", (2, 3, 4, 5, 7))
    found = feeding.handed(keeper.session, "male")
    assert found.distribution == "triangular"
    assert found.check["drawn"].to_numpy() == pytest.approx(
        found.check["believed"].to_numpy(), rel=0.05)


def test_the_written_scenario_runs_with_the_group_s_numbers_and_says_whose_they_are(
    keeper, tmp_path
):
    ask(keeper, "male", "acting.male")
    believe(keeper, "male", (2, 3, 4, 5, 7), (3, 3.5, 4, 4.5, 5))
    scenario = feeding.write_scenario(keeper.session, ["male"], tmp_path / "believed.yaml")
    [change] = scenario.overrides_made
    assert change.name == "acting.male" and change.author.startswith("the group, facilitated by")
    for words in ("25 November 2026", "2 participants", "linear pool", "Sheffield"):
        assert words in change.reason
    drawn = [scenario.parameters().draw(index, seed=1).acting.male for index in range(200)]
    pool = elicited(keeper.session.questions["male"]).pool
    assert np.exp(np.median(drawn)) == pytest.approx(pool.quantile(0.5), rel=0.1)
    assert len(set(drawn)) == 200
    # It goes with any other scenario, the baseline's too.
    both = Scenario.load("balanced") + scenario
    assert both.overrides["acting.male"] == change and both.funding


def test_numbers_of_programmes_come_in_the_strategy_that_funds_them(keeper, tmp_path):
    ask(keeper, "take_up", TAKE_UP)
    believe(keeper, "take_up", (0.2, 0.5, 0.6, 0.7, 0.9))
    ask(keeper, "effect", EFFECT)
    believe(keeper, "effect", (0.5, 0.8, 0.9, 1.0, 1.2))
    scenario = feeding.write_scenario(keeper.session, ["take_up", "effect"],
                                      tmp_path / "believed.yaml")  # fmt: skip
    programme = scenario.programmes["hospital_navigators"]
    assert programme.reach.take_up == pytest.approx(0.6, abs=0.01)
    [acting] = [each for each in programme.changes if each.target == "acting"]
    assert acting.value == pytest.approx(math.log(0.9), abs=0.01)
    assert acting.low < acting.value < acting.high
    balanced = Scenario.load("balanced")
    assert scenario.funding == balanced.funding and scenario.digest != balanced.digest


def test_the_group_s_own_distribution_goes_before_the_pool_where_it_is_chosen(keeper):
    ask(keeper, "take_up", TAKE_UP)
    believe(keeper, "take_up", (0.2, 0.5, 0.6, 0.7, 0.9))
    keeper.agree("take_up", (0.1, 0.3, 0.4, 0.5, 0.8), "Slack months are short")
    found = feeding.handed(keeper.session, "take_up")
    assert found.value == pytest.approx(0.4, abs=0.02)
    told = feeding.provenance(keeper.session, "take_up")
    assert "rational impartial observer" in told and "Slack months are short" in told


def test_what_cannot_be_handed_over_is_told_at_once_and_nothing_is_written(keeper, tmp_path):
    keeper.ask("own", Question(title="Buses on a Saturday", unit="buses", minimum=0))
    ask(keeper, "male", "acting.male")
    with pytest.raises(InputError) as error:
        feeding.write_scenario(keeper.session, ["own", "male"], tmp_path / "x.yaml")
    assert len(error.value.problems) == 3  # two have no choice, one feeds nothing
    assert not (tmp_path / "x.yaml").exists()
