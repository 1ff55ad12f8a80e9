"""The paper on impact and evaluation: the rule, the sizes of trials, and what its words follow."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from vru_model.analysis.statistics.trial_size import (
    people_per_arm,
    place_years_per_condition,
    risk_from_rate_ratio,
)
from vru_model.parameters.accounts.appraisal import load_rules
from vru_model.parameters.register import load_programme
from vru_model.reporting.blocks import Table
from vru_model.reporting.board.impact import (
    benefits,
    described,
    designs,
    incremental,
    register,
    scaling,
    series,
)
from vru_model.reporting.board.impact.delivery import Reached
from vru_model.reporting.board.impact.incremental import Increment
from vru_model.reporting.board.impact.runs import displaced, scaled, without
from vru_model.reporting.board.impact.verdicts import (
    ADAPT,
    CONTINUE,
    SCALE,
    STOP,
    UNCLEAR,
    Weighed,
    summary,
    verdict,
    verdict_blocks,
)
from vru_model.reporting.board.impact.worth import Worth
from vru_model.reporting.estimates import Estimate
from vru_model.scenario import Scenario


def estimate(mean, half=1.0, worlds=20):
    """Return an estimate with 80% limits `half` either side and 95% limits twice as far."""
    return Estimate(1000.0, 1000.0 - mean, mean, mean - half, mean + half, mean - 2 * half,
                    mean + 2 * half, float(mean > 0), worlds)  # fmt: skip


def reached(name="mentoring", used=1.0, left=0.1, for_need="cannot be told"):
    programme = load_programme(name)
    begin = 100.0 * used
    amounts = {
        "offered": 200.0, "accepted": begin, "started": begin,
        "completed": begin * (1 - left), "left_early": begin * left,
    }  # fmt: skip
    stages = {stage: (value, value, value) for stage, value in amounts.items()}
    return Reached(programme, 100.0, stages, for_need)


def worth(sure=0.9, draws=20):
    return Worth(3.0, 0.9, 5.0, 0.4, 6.0, 1e6, sure, draws, "2024/25")


def weighed(name="mentoring", mean=5.0, half=1.0, draws=20, money=5e6, twice=1.0, sure=0.9,
            **delivery):  # fmt: skip
    added = estimate(mean, half, draws)
    increment = Increment(load_programme(name), added, added, money, "run-0123456789ab")
    trial = register.virtual_trials()[name]
    return Weighed(increment, reached(name, **delivery), trial, draws, twice, worth(sure, draws))


def test_people_per_arm_follow_the_textbook():
    # Fleiss, without continuity correction, worked by hand for risks of 0.40 and 0.30.
    a, b = norm.ppf(0.975), norm.ppf(0.8)
    by_hand = (a * math.sqrt(2 * 0.35 * 0.65) + b * math.sqrt(0.4 * 0.6 + 0.3 * 0.7)) ** 2 / 0.01
    ratio = math.log(1 - 0.3) / math.log(1 - 0.4)
    assert risk_from_rate_ratio(0.4, ratio) == pytest.approx(0.3)
    assert people_per_arm(0.4, ratio) == pytest.approx(by_hand)
    assert 355 < by_hand < 358
    assert people_per_arm(0.4, ratio, lost=0.5) == pytest.approx(2 * by_hand)


def test_a_trial_that_compares_offers_grows_as_fewer_take_part():
    sizes = [people_per_arm(0.3, 0.8, share) for share in (1.0, 0.5, 0.25)]
    assert sizes[0] < sizes[1] < sizes[2]
    assert sizes[1] / sizes[0] == pytest.approx(4, rel=0.1)
    assert people_per_arm(0.3, 1.0) == math.inf == place_years_per_condition(10, 1.0)


def test_place_years_find_the_effect_as_often_as_the_power_says():
    ratio, count = 0.8, 40.0
    needed = math.ceil(place_years_per_condition(count, ratio))
    random = np.random.default_rng(1)
    without_it = random.poisson(count * needed, 4000)
    with_it = random.poisson(count * ratio * needed, 4000)
    z = np.log(with_it / without_it) / np.sqrt(1 / with_it + 1 / without_it)
    assert (z < norm.ppf(0.025)).mean() == pytest.approx(0.8, abs=0.03)


def test_trial_sizes_refuse_what_is_no_risk():
    for wrong in (lambda: people_per_arm(0.0, 0.8), lambda: people_per_arm(0.3, 0.8, 0.0),
                  lambda: place_years_per_condition(0.0, 0.8)):  # fmt: skip
        with pytest.raises(ValueError):
            wrong()


def test_the_rule_stops_what_does_nothing_or_harms_whatever_it_seems_to_add():
    found = verdict(weighed("scared_straight", mean=5.0))
    assert found.word == STOP and "harmful" in found.why
    assert verdict(weighed("boot_camps")).word == STOP
    assert verdict(weighed(mean=-5.0)).word == STOP


def test_the_rule_adapts_what_is_unused_left_early_or_misses_the_deprived():
    assert "50%" in verdict(weighed(used=0.5)).why
    assert verdict(weighed(used=0.5)).word == ADAPT
    assert verdict(weighed(left=0.4)).word == ADAPT
    assert verdict(weighed(for_need="the less deprived")).word == ADAPT
    assert verdict(weighed(for_need="the more deprived")).word == SCALE
    assert verdict(weighed(mean=-1.5)).word == ADAPT


def test_what_is_not_seen_or_comes_later_is_not_called_nothing():
    unseen = verdict(weighed(mean=0.0, half=0.0))
    assert unseen.word == UNCLEAR and "does not say that there is none" in unseen.why
    assert "0 to 0" not in unseen.why
    young = verdict(weighed("early_years", mean=1.0, half=5.0))
    assert young.word == UNCLEAR and "small children" in young.why and "holds zero" in young.why
    assert "small children" not in verdict(weighed(mean=1.0, half=5.0)).why


def test_the_rule_scales_only_what_meets_every_condition():
    assert verdict(weighed()).word == SCALE
    weak = verdict(weighed("hospital_navigators"))
    assert weak.word == CONTINUE and "grade D" in weak.why
    assert verdict(weighed(twice=0.5)).word == CONTINUE
    too_good = verdict(weighed(mean=500.0, half=1.0))
    assert too_good.word == CONTINUE and "nationally" in too_good.why
    other_way = replace(weighed().trial, verdict="the other way")
    assert verdict(replace(weighed(), trial=other_way)).word == CONTINUE
    assert verdict(replace(weighed(), trial=None)).word == CONTINUE


def test_the_rule_scales_only_what_is_worth_its_money_by_the_threshold_of_the_decision_box():
    least = load_rules().worth.least_chance
    assert verdict(weighed(sure=least)).word == SCALE
    dear = verdict(weighed(sure=least - 0.05))
    assert dear.word == CONTINUE
    assert "its benefits exceed its costs is 75%, and scaling asks for at least 80%" in dear.why
    # It is asked of nothing else: what adds nothing that can be told is not made dear or cheap.
    assert verdict(weighed(mean=-5.0, sure=1.0)).word == STOP
    assert verdict(weighed(used=0.5, sure=0.0)).word == ADAPT
    every = {"mentoring": weighed(sure=0.1)}
    found = {name: verdict(one) for name, one in every.items()}
    rule, _, table, following = verdict_blocks(found, every, "a test")
    for words in ("in at least 80% of the draws", "2024/25 prices", "parameters/appraisal.yaml"):
        assert words in rule.text
    assert "£0.90 to £5.0; 10%" in list(table.frame.iloc[0])
    assert "**Continue**: Keep the money" in following.text and "Stop" not in following.text
    assert replace(worth(), low80=math.nan, high80=math.nan).interval80 == "not known"


def test_the_rule_says_that_it_cannot_be_told():
    assert verdict(weighed(mean=0.5)).word == UNCLEAR
    assert verdict(weighed(mean=10.05, half=10.0)).word == UNCLEAR  # 0 to 20, as it is printed
    few = verdict(weighed(draws=4))
    assert few.word == UNCLEAR and "4 draws" in few.why
    assert verdict(weighed("scared_straight", draws=4)).word == STOP
    every = {"mentoring": weighed(), "early_years": weighed("early_years", mean=0.5)}
    words = summary({name: verdict(one) for name, one in every.items()}, every)
    assert words == "By the rule, scale: Mentoring; cannot be told: Early years support"


def test_a_price_of_an_admission_needs_a_whole_interval_above_nothing():
    clear = weighed(mean=10.0, half=2.0, money=1e6).increment
    central, low, high = clear.each
    assert (central, low, high) == pytest.approx((1e5, 1e6 / 14, 1e6 / 6))
    assert clear.cost_for_each == "£71,000 to £170,000 (mean £100,000)"
    assert weighed(mean=1.5).increment.cost_for_each == "cannot be told"
    assert weighed(mean=10.0, draws=4).increment.each is None


def test_the_message_of_the_increments_follows_their_intervals():
    clear, unclear = weighed().increment, weighed("early_years", mean=0.2).increment
    worse = weighed("summer_jobs", mean=-5.0).increment
    both = incremental.message({"a": clear, "b": unclear}, 10)
    assert both == (
        "By year 10, Mentoring clearly adds to the rest; what the other adds cannot be told "
        "(80% intervals)"
    )
    assert "no single programme" in incremental.message({"b": unclear}, 10)
    assert "clearly takes away" in incremental.message({"a": clear, "c": worse}, 10)


def test_designs_follow_the_rule():
    def of(name, **delivery):
        found = designs.design(load_programme(name), reached(name, **delivery), 4e5, 30.0)
        return found.name, found

    name, person = of("focused_deterrence")
    assert name.startswith("randomised trial of the offer, pooled over")
    assert person.units == math.ceil(person.years / designs.RECRUITING_YEARS) <= 10
    name, long = of("early_years")
    assert "permanent exclusions as the early measure" in name and "linked" in name
    assert math.isnan(long.needed) and long.size == "does not apply"
    assert "comparison areas" in of("trauma_informed_training")[0]
    assert "stepped wedge" in of("night_time_licensing")[0]
    assert of("hot_spot_patrol")[0].startswith("no trial of the neighbourhoods’ totals")
    assert person.cost == pytest.approx(0.1 * 4e5 * 4)
    nothing = of("boot_camps")[1]
    assert nothing.needed > 1e4 and nothing.name.startswith("no local trial")


def test_a_planning_figure_is_called_one():
    risk, words = designs.base_risk(load_programme("hospital_navigators"))
    assert risk == designs.PLANNING_RISK and "planning figure" in words
    risk, words = designs.base_risk(load_programme("mentoring"))
    assert risk == 0.25 and "25%" in words


def test_shares_of_a_pathway_add_up_and_name_the_biggest_loss():
    found = reached(left=0.4)
    assert sum(found.parts) == pytest.approx(1.0)
    assert found.take_up == 0.5 and found.left == pytest.approx(0.4)
    assert found.biggest_loss == "decline (50%)"


def test_scaling_says_what_doubling_adds_and_where_people_run_out():
    def step(lower, upper, mean):
        return scaling.Step(lower, upper, 1e7, estimate(mean, 2.0))

    moved = [step(0.5, 1.0, 20.0), step(1.0, 2.0, 10.0)]
    assert scaling.message(moved) == (
        "Doubling the money averts 8 to 12 more admissions (80% interval): 0.80 to 1.2 for each "
        "extra £1 million, beside 1.8 to 2.2 for the step before"
    )
    assert "cannot be told" in scaling.message([moved[0], step(1.0, 2.0, 1.0)])
    case = SimpleNamespace(strategy=Scenario.load("balanced"))
    short = {1.0: {"mentoring": 0.95}, 2.0: {"mentoring": 0.6}}
    assert "run out in Mentoring (60% of places used)" in scaling.ceiling(case, short)
    assert "no programme runs out" in scaling.ceiling(case, {1.0: short[1.0], 2.0: short[1.0]})


def test_a_strategy_without_a_programme_and_scaled_adds_up_and_loads_again():
    balanced = Scenario.load("balanced")
    less = without(balanced, "mentoring")
    assert "mentoring" not in less.programmes and less.budget_per_year == 3_370_000 - 380_000
    twice, half = scaled(balanced, 2.0), scaled(balanced, 0.5)
    assert twice.budget_per_year == 6_740_000 and half.budget_per_year == 1_685_000
    assert all(
        after.money_per_year == 2 * before.money_per_year
        for before, after in zip(balanced.funding, twice.funding, strict=True)
    )
    assert displaced(balanced).shock.displacement > 0
    assert displaced(displaced(balanced)).shock == displaced(balanced).shock
    assert len({each.digest for each in (balanced, less, twice, half, displaced(balanced))}) == 5


def test_virtual_trials_and_the_evidence_log_are_read_whole():
    trials = register.virtual_trials()
    assert len(trials) == 40
    too_strong = trials["violence_interruption"]
    assert too_strong.verdict == "stronger than believed" and not too_strong.agrees
    assert trials["mentoring"].verdict.startswith("not told apart") and trials["mentoring"].agrees
    log = register.evidence_log([load_programme("mentoring")])
    assert len(log.frame) == 1 + len(load_programme("mentoring").evidence.others)


def test_the_model_in_a_page_is_the_description_s_own():
    blocks = described.summary_blocks()
    words = "\n".join(block.markdown() for block in blocks)
    assert "not a forecast" in words and "commit" not in words[:50]
    assert "How contagious violence is" in words and "](" not in words
    schedule = next(block for block in blocks if isinstance(block, Table))
    assert list(schedule.frame.columns) == ["Phase", "Title", "What it does"]
    with pytest.raises(ValueError, match="no section"):
        described.section("## 1. Purpose\n\nx", "What nobody wrote")


def test_validation_lists_failures_first():
    prose, table = series.validation_blocks()
    assert "fails" in prose.text
    order = {"Fail": 0, "Not shown": 1, "Partial": 2}
    found = [order[each] for each in table.frame["The model"]]
    assert found == sorted(found) and found[0] == 0


def test_who_benefits_says_so_only_where_the_interval_is_clear():
    def row(kind, group, low, high):
        return {"kind": kind, "group": group, "averted": (low + high) / 2, "low80": low,
                "high80": high, "low95": low - 1, "high95": high + 1}  # fmt: skip

    table = pd.DataFrame([row("fifth", 1, 2, 9), row("age", "under 18", -1, 5),
                          row("sex", "male", -9, -2), row("sex", "female", 0.3, 60)])  # fmt: skip
    words = benefits.message(table)
    assert "among: the most deprived fifth of neighbourhoods." in words
    assert "Clearly more among: male victims." in words and "under 18" not in words
    assert "female" not in words  # printed "0 to 60"
