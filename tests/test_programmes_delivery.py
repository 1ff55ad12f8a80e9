"""Delivery: staff that come and go with the money, ways in, queues, and who is lost where."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import place_at, world

from vru_model.parameters.funding import Funding
from vru_model.parameters.programmes import Delivery
from vru_model.parameters.register import load_programme
from vru_model.parameters.shocks import Shock
from vru_model.parameters.years import PLANNED_YEARS, FundedYear, funded_years
from vru_model.processes.calendar import Clock
from vru_model.programmes.eligibility import covered
from vru_model.programmes.funds import Funds
from vru_model.scenario import Scenario

PLAIN = Delivery(10.0, 0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 6.0, math.inf)


def month(number: int) -> Clock:
    return Clock(number, 12)


def funds(years: dict[int, int], terms: Delivery = PLAIN, late: float = 0.0) -> Funds:
    """Return funds with money (£) in some years."""
    paid = tuple(FundedYear(years.get(year, 0), float(years.get(year, 0)), late, terms)
                 for year in range(1, PLANNED_YEARS + 1))
    return Funds(Funding(programme="x", money_per_year=1), paid, terms)


def scenario_of(programme, money: int = 2_000_000, shock: Shock | None = None,
                **line) -> Scenario:  # fmt: skip
    return replace(
        Scenario.baseline(), programmes_funded=(programme,), shock=shock or Shock(),
        funding=(Funding(programme=programme.name, money_per_year=money, **line),),
        price_year=programme.cost.price_year,
    )  # fmt: skip


# Staff.


def test_staff_are_hired_in_a_straight_line_after_the_lag():
    terms = PLAIN._replace(lag_months=2.0, hiring_months=4.0)
    staffed = [terms.staffed(since, math.inf) for since in range(8)]
    assert staffed == [0.0, 0.0, 0.25, 0.5, 0.75, 1.0, 1.0, 1.0]


def test_staff_leave_before_a_known_end_of_the_money():
    terms = PLAIN._replace(notice_months=3.0)
    staffed = [terms.staffed(20, left) for left in (5, 4, 3, 2, 1, 0)]
    assert staffed == [1.0, 1.0, 0.75, 0.5, 0.25, 0.0]


@given(lag=st.integers(0, 12), hiring=st.integers(0, 12), notice=st.integers(0, 12),
       since=st.integers(0, 60), left=st.integers(0, 60))  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_staff_are_never_less_than_none_or_more_than_all(lag, hiring, notice, since, left):
    terms = PLAIN._replace(lag_months=lag, hiring_months=hiring, notice_months=notice)
    assert 0.0 <= terms.staffed(since, left) <= 1.0
    assert terms.staffed(since, left) <= terms.staffed(since + 1, left) or since < lag


def test_a_horizon_is_no_end_of_the_money_but_a_last_year_is():
    forever, ending = funds(dict.fromkeys(range(1, 27), 9)), funds({1: 9, 2: 9})
    assert forever.steps_left(month(299)) > 1000
    assert [ending.steps_left(month(number)) for number in (0, 12, 23)] == [24, 12, 1]
    assert ending.staffed(month(24)) == 0.0 and ending.money_in(3) == 0.0


def test_a_late_award_closes_the_first_months_of_its_years_and_is_not_spent():
    line, programme = Funding(programme="mentoring", money_per_year=1_000_000), load_programme(
        "mentoring")
    shock = Shock(late_months=3.0, late_in_years=(2,))
    years = funded_years(line, [line], programme, shock)
    assert [year.spent for year in years[:3]] == [1_000_000, 750_000, 1_000_000]
    late = Funds(line, years, PLAIN)
    open_in = [late.staffed(month(number)) > 0.0 for number in range(24, 36)]
    assert all(open_in)
    closed = [late.staffed(month(number)) for number in (12, 13, 14)]
    assert closed == [0.0, 0.0, 0.0] and late.staffed(month(15)) > 0.0


def test_a_cut_buys_less_and_pays_the_fixed_cost_all_the_same():
    line, programme = Funding(programme="mentoring", money_per_year=1_080_000), load_programme(
        "mentoring")
    before, after = (funded_years(line, [line], programme, shock)[2].delivery.capacity_per_month
                     for shock in (Shock(), Shock(cut_share=0.2, cut_from_year=3)))  # fmt: skip
    fixed = programme.cost.fixed_cost_per_year
    assert before / after == pytest.approx((1_080_000 - fixed) / (864_000 - fixed))


def test_cash_that_stays_the_same_buys_less_each_year():
    shock = Shock(inflation=0.02)
    assert [shock.money(1_000_000, year) for year in (1, 2, 3)] == [1_000_000, 980_392, 961_169]


# The way in.


def stages(model, name: str) -> dict[str, float]:
    frame = model.measures()
    frame = frame[frame["measure"].str.startswith(f"pathway:{name}:")]
    totals = frame.groupby("measure")["value"].sum() / model.weight
    return {measure.rpartition(":")[2]: round(value) for measure, value in totals.items()}


def test_people_are_lost_at_each_stage_and_none_appears_from_nowhere():
    model = world(scenario_of(load_programme("hospital_navigators"), 300_000), scale=0.02, years=2)
    found = stages(model, "hospital_navigators")
    order = ["events", "identified", "consented", "offered", "accepted", "started"]
    assert all(found[one] >= found[other] for one, other in zip(order, order[1:], strict=False))
    ends = ("completed", "left_early", "cut_short")
    assert found["started"] == sum(found.get(end, 0) for end in ends)
    assert found["lost_waiting"] > 0
    assert found["accepted"] >= found["started"] + found["lost_waiting"]


def test_a_referral_with_a_delay_starts_as_much_later():
    programme = load_programme("restorative_justice")
    at_once = programme.model_copy(update={"referral": programme.referral.model_copy(update={
        "identified": 1.0, "consent": 1.0, "delay_months": 0.0, "waiting_months": 0.0}),
        "timing": programme.timing.model_copy(update={"lag_months": 0.0, "hiring_months": 0.0})})
    later = at_once.model_copy(update={"referral": at_once.referral.model_copy(update={
        "delay_months": 4.0})})
    first = []
    for each in (at_once, later):
        model = world(scenario_of(each, 20_000_000), scale=0.02, years=1)
        first.append(int(model.portfolio.register.rows["start"].min()))
    assert first[1] - first[0] in (4, 5)


def test_who_waits_too_long_is_lost_and_who_can_wait_is_served_later():
    programme = load_programme("hospital_navigators")
    started = []
    for waiting in (0.0, 6.0):
        patient = programme.model_copy(update={"referral": programme.referral.model_copy(update={
            "waiting_months": waiting})})
        model = world(scenario_of(patient, 900_000), scale=0.02, years=2)
        started.append(stages(model, "hospital_navigators")["started"])
    assert started[1] > started[0] > 0


def test_the_poorer_take_up_less_where_the_register_says_so():
    programme = load_programme("social_skills")
    for slope, differs in ((0.0, False), (-1.5, True)):
        reach = programme.reach.model_copy(update={"take_up": 0.5, "take_up_by_deprivation": slope})
        one = programme.model_copy(update={"reach": reach})
        model = world(scenario_of(one, 40_000_000), scale=0.02, years=1)
        frame = model.measures()
        of = {stage: frame[frame["measure"] == f"pathway:social_skills:{stage}"].groupby(
            "deprivation_decile")["value"].sum() for stage in ("offered", "accepted")}
        share = of["accepted"] / of["offered"]
        poor, rich = share.loc[[1, 2]].mean(), share.loc[[8, 9, 10]].mean()
        assert (rich - poor > 0.15) == differs


def test_when_the_money_ends_enrolments_are_cut_short():
    programme = load_programme("focused_deterrence")
    model = world(scenario_of(programme, 20_000_000, last_year=1), scale=0.01, years=2)
    rows = model.portfolio.register.rows
    assert len(rows) and rows["end"].max() <= 12
    assert stages(model, "focused_deterrence")["cut_short"] > 0
    assert model.measures().query("measure == 'spend:focused_deterrence'")["value"].tolist() == [
        20_000_000.0, 0.0]


# Places.


def test_money_reaches_the_places_that_a_line_names():
    place = place_at(1.0)
    table = place.neighbourhoods
    rule = load_programme("mentoring").eligibility
    code = table["neighbourhood"].iat[5]
    named = covered(place, Funding(programme="x", money_per_year=1, neighbourhoods=(code,)), rule)
    assert np.flatnonzero(named).tolist() == [5]
    solihull = place.authorities[3].code
    needy = covered(place, Funding(programme="x", money_per_year=1, authorities=(solihull,),
                                   most_in_need=7), rule)
    inside = table[table["local_authority"] == 3]
    assert needy.sum() == 7 and set(np.flatnonzero(needy)) <= set(inside.index)
    least = table["deprivation"][needy].min()
    assert (inside["deprivation"] > least).sum() <= 7


def test_wards_of_a_real_place_can_be_named(west_midlands_pack):
    from vru_model.place import load_place

    place = load_place(west_midlands_pack)
    ward = place.neighbourhoods["ward"].iat[0]
    line = Funding(programme="mentoring", money_per_year=1, wards=(ward,))
    found = covered(place, line, load_programme("mentoring").eligibility)
    assert 1 <= found.sum() < 40
    assert set(place.neighbourhoods["ward"][found]) == {ward}


def test_what_is_displaced_happens_near_by_between_the_same_people():
    programme = load_programme("hot_spot_patrol")
    everything = programme.model_copy(update={
        "changes": tuple(each.model_copy(update={"value": 1.0}) for each in programme.changes),
        "reach": programme.reach.model_copy(update={"share_of_days": 1.0, "share_of_place": 1.0})})
    plain, prevented, displaced = (
        world(scenario_of(everything, money, Shock(displacement=share)), scale=0.006, years=1)
        for money, share in ((0, 0.0), (100_000_000, 0.0), (100_000_000, 1.0)))
    street = [model.incidents().query("venue == 'neighbourhood'") for model in (
        plain, prevented, displaced)]
    assert len(street[1]) < 0.3 * len(street[0])
    assert len(street[2]) == pytest.approx(len(street[0]), rel=0.1)


# Many programmes, the same people.


def test_four_programmes_on_the_same_people_do_not_give_four_full_effects():
    programme = load_programme("focused_deterrence")
    acting = programme.changes[0].model_copy(update={"value": -0.8, "low": -1.0, "high": -0.5})
    four = [programme.model_copy(update={"name": f"copy_{n}", "changes": (acting,)})
            for n in range(4)]
    lines = tuple(Funding(programme=each.name, money_per_year=20_000_000) for each in four)
    scenario = replace(Scenario.baseline(), programmes_funded=tuple(four), funding=lines,
                       price_year="2024/25")  # fmt: skip
    model = world(scenario, scale=0.01, years=2)
    frame = model.measures()
    totals = frame[frame["measure"].str.startswith("overlap:")].groupby("measure")["value"].sum()
    assert totals["overlap:in_3_or_more_programmes"] > totals["overlap:in_1_programme"]
    asked, given = totals["overlap:protection_asked"], totals["overlap:protection_given"]
    ceiling = model.coefficients.acting.protection_ceiling
    assert given < 0.8 * asked
    assert model.people.column("protection").max() > ceiling  # asked for more than can be given


def test_a_system_programme_changes_the_take_up_of_the_others():
    trained = load_programme("trauma_informed_training")
    better = trained.model_copy(update={
        "changes": (trained.changes[0].model_copy(update={"value": 0.5}),),
        "timing": trained.timing.model_copy(update={"lag_months": 0.0, "ramp_up_months": 0.0})})
    other = load_programme("social_skills")
    lines = (Funding(programme="social_skills", money_per_year=10_000_000),
             Funding(programme="trauma_informed_training", money_per_year=500_000))
    both = replace(Scenario.baseline(), programmes_funded=(other, better), funding=lines,
                   price_year="2024/25")  # fmt: skip
    alone = scenario_of(other, 10_000_000)
    share = []
    for scenario in (alone, both):
        found = stages(world(scenario, scale=0.01, years=1), "social_skills")
        share.append(found["accepted"] / found["offered"])
    assert share[1] == pytest.approx(0.5 * share[0], rel=0.2)


# Where people are lost, from stored runs.


def test_a_run_tells_where_people_are_lost_and_how_far_programmes_overlap(tmp_path):
    from vru_model import experiments
    from vru_model.analysis.pathways import overlap, pathways

    run = experiments.run("quick", scale=0.01, years=2, replicates=2, out=tmp_path, workers=1)
    table = pathways(run).set_index(["programme", "stage"])["a_year"]
    navigators = table["hospital_navigators"]
    assert list(navigators.index)[:3] == ["events", "identified", "consented"]
    assert navigators["events"] > navigators["identified"] > navigators["started"] > 0.0
    rows = run.totals(by=("measure",), roles=["programme"]).groupby("measure")["value"].sum()
    mean = rows["enrolments:hospital_navigators"] / (2 * 2)  # worlds and years
    assert navigators["started"] == pytest.approx(mean)
    shared = overlap(run).set_index("measure")["value"]
    assert 0.0 <= shared["protection_lost"] < 1.0 and shared["in_1_programme"] > 0.0
    assert pathways(experiments.run("baseline", scale=0.01, years=1, out=tmp_path,
                                    workers=1)).empty  # fmt: skip
