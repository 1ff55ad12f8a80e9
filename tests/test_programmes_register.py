"""The register: forty programmes, each with what it declares, and what follows from it."""

from __future__ import annotations

import math

import pytest

from vru_model.parameters.accounts.agencies import load_agencies
from vru_model.parameters.accounts.measures import load_measures
from vru_model.parameters.documents import built_in_names
from vru_model.parameters.programmes import STANDINGS, TARGETS, TargetName
from vru_model.parameters.programmes.targets import PLACE_TARGETS, SYSTEM_TARGETS
from vru_model.parameters.register import load_programme
from vru_model.paths import ROOT

NAMES = built_in_names("programmes")
REGISTER = {name: load_programme(name) for name in NAMES}
every_programme = pytest.mark.parametrize("programme", REGISTER.values(), ids=NAMES)


def test_the_register_spans_what_a_unit_can_do():
    assert len(NAMES) == 40  # as README and docs/programmes.md say
    assert "forty programmes" in (ROOT / "README.md").read_text("utf-8")
    programmes = REGISTER.values()
    assert {each.prevention for each in programmes} == {"primary", "secondary", "tertiary"}
    assert {each.level for each in programmes} == {"person", "place", "system"}
    assert {each.standing for each in programmes} == set(STANDINGS)
    used = {change.target for each in programmes for change in each.changes}
    assert used >= {"acting", "activation", "pair_closing", "victimisation", "sanction",
                    "trauma_recovery", "exclusion", "ace", "self_regulation", "neet_exit",
                    "acting_after_leaving_early", "police_recording", "take_up_of_others",
                    *PLACE_TARGETS}  # fmt: skip
    lags = [each.trial.last_month for each in programmes if each.trial]
    assert min(lags) <= 6 and max(lags) >= 192  # quick ones, and ones that take a childhood


@pytest.mark.parametrize("name, standing", [
    ("scared_straight", "harmful"), ("boot_camps", "no benefit"), ("family_therapy", "no benefit"),
    ("bystander_programmes", "no benefit"), ("knife_crime_education", "unknown, may harm"),
    ("police_in_schools", "unknown, may harm"), ("stop_and_search", "unknown, may harm"),
])  # fmt: skip
def test_what_fails_is_graded_so(name, standing):
    assert REGISTER[name].standing == standing


def test_the_harmful_one_harms_in_every_draw_that_is_believed():
    (acting,) = (each for each in REGISTER["scared_straight"].changes if each.target == "acting")
    assert acting.value > 0.0
    drawn = [REGISTER["scared_straight"].draw(n, 1)["acting"] for n in range(200)]
    assert sum(size > 0 for size in drawn) > 180


@pytest.mark.parametrize("name", [
    "boot_camps", "family_therapy", "bystander_programmes", "stop_and_search",
])  # fmt: skip
def test_a_null_keeps_both_sides_of_its_interval(name):
    spans = [(each.low, each.high) for each in REGISTER[name].changes
             if TARGETS[each.target].unit.minimum < TARGETS[each.target].neutral]
    assert spans
    if name != "stop_and_search":  # whose harm to persons is one-sided on purpose
        assert all(low < TARGETS["acting"].neutral < high for low, high in spans)


@every_programme
def test_each_is_led_by_an_agency_of_the_partnership(programme):
    assert programme.lead_agency in load_agencies().agencies


@every_programme
def test_each_changes_named_things_within_their_range(programme):
    for change in programme.changes:
        target = TARGETS[change.target]
        assert change.unit == target.unit.name
        assert change.low is not None and change.high is not None
        assert target.unit.allows(change.value)
        assert change.low <= change.value <= change.high
        assert len(change.source) > 40 and len(change.meaning) > 15


@every_programme
def test_each_states_the_arithmetic_of_what_is_believed(programme):
    """What the derivation says is what the program computes, to two decimals."""
    believed = programme.believed
    if believed is None:
        assert programme.evidence.effect is None
        return
    said = (f"{abs(believed.value):.3f}", f"{math.exp(believed.value):.2f}",
            f"{abs(believed.value):g} (")
    assert any(number in programme.derivation for number in said)
    assert believed.low < believed.value < believed.high or believed.low < 0.0 < believed.high


@every_programme
def test_each_has_a_cost_with_a_range_and_says_how_it_is_known(programme):
    cost = programme.cost
    assert cost.low < cost.unit_cost <= cost.high
    assert cost.price_year == "2024/25"
    if cost.basis == "judgement":
        assert cost.high / cost.low >= 1.5  # a judgement is not a precise figure
    drawn = [programme.drawn_unit_cost(n, 1) for n in range(100)]
    assert cost.low <= min(drawn) < max(drawn) <= cost.high


@every_programme
def test_each_can_be_held_to_its_study_or_says_why_not(programme):
    if set(change.target for change in programme.changes) <= SYSTEM_TARGETS:
        assert programme.trial is None
        return
    trial = programme.trial
    assert trial is not None and len(trial.comment) > 40
    if trial.fits is not None:
        assert programme.believed is not None
        (change,) = (each for each in programme.changes if each.target == trial.fits)
        assert change.distribution != "fixed"


def test_targets_say_where_they_show_first():
    measures = load_measures().measures
    assert set(TargetName.__args__) == set(TARGETS)
    for name, target in TARGETS.items():
        assert set(target.measures) <= set(measures), name
        assert target.through and target.title
        assert target.unit.allows(target.neutral)


def test_published_numbers_become_log_ratios_of_rates():
    """By hand: odds of 1.68 at a risk of 25% are a risk of 0.42 / 1.17 = 0.359."""
    evidence = REGISTER["scared_straight"].evidence
    assert (evidence.effect, evidence.kind, evidence.baseline_risk) == (1.68, "odds_ratio", 0.25)
    by_hand = math.log(math.log(1 - 0.42 / 1.17) / math.log(1 - 0.25))
    assert evidence.published().value == pytest.approx(by_hand)
    shared = REGISTER["health_data_sharing"]
    assert shared.evidence.published().value == pytest.approx(math.log(0.58))
    assert shared.believed.value == pytest.approx(
        shared.shrinkage * shared.causal_share * math.log(0.58))


def test_an_effect_of_the_offer_is_greater_in_those_who_took_part():
    """By hand: 0.57 of all offered, of whom 96% took part, is 1 - 0.43/0.96 = 0.552 of those."""
    evidence = REGISTER["summer_jobs"].evidence
    assert (evidence.effect, evidence.took_part) == (0.57, 0.96)
    assert math.exp(evidence.published().value) == pytest.approx(1 - 0.43 / 0.96)
