"""Programmes: what their documents say, how evidence became effects, and delivery for money."""

from __future__ import annotations

import copy
import math

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from vru_model.errors import InputError
from vru_model.parameters import conversions as convert
from vru_model.parameters.documents import PARAMETERS, built_in_names, parse_document
from vru_model.parameters.programmes import STATUSES, TARGETS, Status
from vru_model.parameters.register import load_programme, read_programme

NAMES = built_in_names("programmes")
REGISTER = {name: load_programme(name) for name in NAMES}


def raw(name="school_inclusion"):
    """Return a programme's document as data."""
    return yaml.safe_load((PARAMETERS / "programmes" / f"{name}.yaml").read_text("utf-8"))


def problems_of(data, name="school_inclusion"):
    """Return the problems of a document that says this."""
    document = parse_document(yaml.safe_dump(data, sort_keys=False), f"{name}.yaml")
    return read_programme(document, name=name)[1]


def change(name, target):
    """Return one change of a programme."""
    return next(item for item in load_programme(name).changes if item.target == target)


def near(value, **within):
    """Return the value, to the second decimal that the documents give."""
    return pytest.approx(value, abs=0.0051, **within)


def test_every_programme_loads_under_its_own_name():
    assert {"hospital_navigators", "focused_deterrence", "hot_spot_patrol", "early_years",
            "school_inclusion", "social_skills"} <= set(NAMES)
    for name in NAMES:
        assert load_programme(name).name == name


def test_an_unknown_programme_is_offered_the_nearest():
    with pytest.raises(InputError, match="hot_spot_patrol"):
        load_programme("hotspot_patrol")


# The arithmetic from what was published to what is believed, made again for each programme.


@pytest.mark.parametrize("name", NAMES)
def test_shrinkage_is_the_rule_or_is_explained(name):
    programme = load_programme(name)
    evidence = programme.evidence
    rule = convert.SHRINKAGE[evidence.grade][0 if evidence.uk else 1]
    assert programme.shrinkage == rule or "not shrunk" in programme.derivation


def test_navigators_split_one_shrunk_effect_between_their_paths():
    programme = load_programme("hospital_navigators")
    evidence = programme.evidence
    error = convert.standard_error(math.log(evidence.low), math.log(evidence.high))
    believed = convert.shrink(-math.log(evidence.effect), error, "D", False)
    assert believed.value == near(0.214)
    assert programme.believed.value == pytest.approx(-believed.value)
    half = (believed.value - 0.002) / 2  # trauma is paid first, the rest in halves
    activation = change("hospital_navigators", "activation")
    assert activation.value == near((1 - math.exp(-half)) / 0.25)


def test_focused_deterrence_is_converted_on_the_scale_of_rates():
    programme = load_programme("focused_deterrence")
    evidence = programme.evidence
    rates = [convert.rate_reduction(risk, 0.5)
             for risk in (evidence.high, evidence.effect, evidence.low)]
    believed = convert.shrink(rates[1], convert.standard_error(rates[0], rates[2]), "B", True)
    assert programme.believed.value == pytest.approx(-believed.value)
    assert programme.believed.low == pytest.approx(-believed.high)


def test_hot_spot_patrol_prevents_what_the_pooled_ratio_says():
    programme = load_programme("hot_spot_patrol")
    assert change(programme.name, "street_prevention").value == near(1 - programme.evidence.effect)
    assert programme.reach.share_of_days == near(11_000 / 57 / 365)
    assert programme.cost.unit_cost == pytest.approx(273 * 11_000 / 57 * 1.10, rel=0.01)


def test_school_inclusion_is_a_shrunk_log_odds_ratio():
    programme = load_programme("school_inclusion")
    published = convert.log_odds_ratio_from_difference(programme.evidence.effect)
    assert math.exp(-published) == near(0.58)
    rate = convert.rate_reduction(
        convert.relative_risk_from_odds_ratio(math.exp(-published), 0.03), 0.03)
    assert programme.believed.value == pytest.approx(-0.65 * rate)


def test_social_skills_pay_self_regulation_first():
    programme = load_programme("social_skills")
    evidence = programme.evidence
    odds_ratio = math.exp(-convert.log_odds_ratio_from_difference(evidence.effect))
    risk = convert.relative_risk_from_odds_ratio(odds_ratio, 0.25)
    assert risk == near(0.70)
    believed = 0.65 * convert.rate_reduction(risk, 0.25)
    assert programme.believed.value == pytest.approx(-believed)
    assert change("social_skills", "self_regulation").value == near(0.65 * evidence.effect)


def test_early_years_weigh_two_bodies_of_evidence():
    evidence = load_programme("early_years").evidence
    believed = convert.shrink(convert.rate_reduction(evidence.effect, 0.03), 0.0, "B", True)
    assert believed.value == near(0.092)
    estimates = [((believed.value - 0.008) / 0.35, 0.12 / 0.35), (0.5 * 0.37, 0.10)]
    weights = [1 / error**2 for _, error in estimates]
    middle = sum(w * value for w, (value, _) in zip(weights, estimates, strict=True)) / sum(weights)
    gain = change("early_years", "self_regulation")
    assert gain.value == near(middle)
    assert gain.high - gain.value == near(1.96 / math.sqrt(sum(weights)))


@given(risk=st.floats(0.05, 1.5), baseline=st.floats(0.01, 0.6))
@settings(deadline=None)
def test_conversions_keep_no_effect_and_direction(risk, baseline):
    assert convert.rate_reduction(1.0, baseline) == pytest.approx(0.0, abs=1e-12)
    assert (convert.rate_reduction(risk, baseline) > 0) == (risk < 1)
    assert convert.relative_risk_of_an_area(risk, 1.0) == pytest.approx(risk)
    assert convert.relative_risk_of_the_treated(risk, 1.0) == pytest.approx(risk)
    assert convert.relative_risk_from_odds_ratio(1.0, baseline) == pytest.approx(1.0)


def test_the_mean_dose_is_the_area_under_the_curve():
    duration, ramp_up, half_life, follow_up, step = 3.0, 0.5, 6.0, 12.0, 0.001

    def strength(month):
        if month < duration:
            return 1 - math.exp(-month / ramp_up)
        return (1 - math.exp(-duration / ramp_up)) * 0.5 ** ((month - duration) / half_life)

    months = [(i + 0.5) * step for i in range(int(follow_up / step))]
    area = sum(strength(month) for month in months) * step / follow_up
    assert convert.average_dose(duration, ramp_up, half_life, follow_up) == pytest.approx(area)


# Draws.


@given(index=st.integers(0, 10_000), seed=st.integers(0, 2**40))
@settings(max_examples=50, deadline=None)
def test_every_draw_lies_within_the_targets_bounds(index, seed):
    for programme in REGISTER.values():
        for target, size in programme.draw(index, seed).items():
            unit = TARGETS[target].unit
            assert unit.minimum <= size <= unit.maximum


def test_draws_centre_on_the_central_values():
    programme = load_programme("focused_deterrence")
    drawn = sorted(programme.draw(i, 1)["acting"] for i in range(400))
    assert drawn[200] == pytest.approx(programme.central()["acting"], abs=0.03)
    assert drawn[10] == pytest.approx(change(programme.name, "acting").low, abs=0.07)


def test_a_change_is_drawn_by_its_own_name():
    programme = load_programme("hospital_navigators")
    alone = programme.model_copy(update={"changes": programme.changes[-1:]})
    assert alone.draw(5, 1)["trauma_recovery"] == programme.draw(5, 1)["trauma_recovery"]


# Delivery: money buys reach.


def test_money_buys_people_after_the_fixed_cost():
    programme = load_programme("early_years")
    assert programme.reached_for(1_500_000) == pytest.approx(1_400_000 / 2700)
    assert programme.reached_for(100_000) == programme.reached_for(0) == 0.0
    delivery = programme.delivery(1_500_000, scale=0.1)
    assert delivery.capacity_per_month == pytest.approx(1_400_000 / 2700 * 0.1 / 12)
    assert delivery.half_life_months == math.inf
    assert delivery.places == 0


def test_money_buys_whole_hot_spots_at_every_scale():
    programme = load_programme("hot_spot_patrol")
    assert programme.delivery(1_044_000).places == 18
    assert programme.delivery(1_043_999).places == 17
    assert programme.delivery(1_044_000, scale=0.1).places == 18
    assert programme.delivery(1_044_000).presence == pytest.approx(0.53 * 0.4)
    assert programme.delivery(1_044_000).capacity_per_month == 0.0


def test_eight_hospitals_reach_960_people():
    assert load_programme("hospital_navigators").reached_for(660_000) == pytest.approx(960)


@given(money=st.floats(0, 5e6), more=st.floats(0, 5e6), scale=st.floats(0.01, 1.0))
@settings(deadline=None)
def test_more_money_never_buys_less(money, more, scale):
    for programme in REGISTER.values():
        less, greater = (programme.delivery(m, scale) for m in (money, money + more))
        assert less.capacity_per_month <= greater.capacity_per_month
        assert less.places <= greater.places


def test_ages_are_inclusive_years():
    who = load_programme("school_inclusion").eligibility
    assert (who.minimum_age_months, who.maximum_age_months) == (11 * 12, 16 * 12)


def test_statuses_are_those_of_the_model():
    from vru_model import people

    assert Status.__args__ == STATUSES
    assert [getattr(people, status.upper()) for status in STATUSES] == list(range(len(STATUSES)))


# What a wrong document is told.


@pytest.mark.parametrize("path, value, name, allowed", [
    (("reach", "take_up"), 1.5, "reach.take_up", "1 or less"),
    (("changes", 0, "target"), "exlusion", "changes.0.target", "exclusion"),
    (("changes", 0, "value"), -7.0, "changes.0.value", "-6 to 6"),
    (("changes", 0, "unit"), "percent", "changes.0.unit", "log hazard ratio"),
    (("changes", 0, "low"), None, "changes.0.low", "as the distribution is normal"),
    (("cost", "unit_cost"), -5, "cost.unit_cost", "more than 0"),
    (("cost", "unit_cost"), "£1,500", "cost.unit_cost", "a number"),
    (("cost", "unit_cost"), 5000, "cost.unit_cost", "low to high"),
    (("eligibility", "minimum_age"), 17, "eligibility.minimum_age", "maximum age"),
    (("eligibility", "selection"), "event", "eligibility.selection", "event"),
    (("eligibility", "selection"), "place", "eligibility.selection", "place"),
    (("eligibility", "statuses"), ["at school"], "eligibility.statuses.0", "in_school"),
    (("eligibility", "deprivation_deciles"), [0, 3], "eligibility.deprivation_deciles", "1 to 10"),
    (("name",), "inclusion", "name", "school_inclusion"),
    (("evidence", "grade"), "E", "evidence.grade", "A, B, C, D"),
    (("price",), 3, "price", "unit"),
])
def test_each_wrong_field_is_told(path, value, name, allowed):
    data = raw()
    place = data
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    told = {problem.name: problem for problem in problems_of(data)}
    assert name in told
    if name != "price":
        assert allowed in told[name].allowed
    assert told[name].line is not None


def test_faults_of_schema_and_of_sense_are_told_together():
    data = copy.deepcopy(raw())
    data["reach"]["take_upp"] = data["reach"].pop("take_up")
    data["changes"][0]["unit"] = "percent"
    data["changes"].append(dict(raw()["changes"][0]))
    data["cost"]["low"] = 9000
    del data["limits"]
    told = {problem.name for problem in problems_of(data)}
    assert {"reach.take_upp", "reach.take_up", "changes.0.unit", "changes.1.target",
            "cost.unit_cost", "limits"} <= told


def test_evidence_may_ask_for_a_wider_belief_than_its_grade():
    programme = load_programme("summer_jobs")
    assert programme.evidence.standard_error == 0.18  # least of grade B: 0.12
    wide = programme.believed.high - programme.believed.value
    assert wide == pytest.approx(1.96 * 0.18, abs=1e-3)
    usual = programme.evidence.model_copy(update={"standard_error": None})
    plain = programme.model_copy(update={"evidence": usual})
    assert plain.believed.high - plain.believed.value == pytest.approx(1.96 * 0.12, abs=1e-3)
