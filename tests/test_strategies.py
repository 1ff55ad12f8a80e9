"""Strategies and shocks: money to the pound, rules of grants, and the map of how it should work."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from typer.testing import CliRunner

from vru_model.analysis.grant_rules import check_grant, money_by_purpose
from vru_model.cli import app
from vru_model.errors import InputError
from vru_model.parameters.accounts.grant_rules import (
    GrantProfile,
    check_grant_rules,
    grant_profile,
    load_grant_rules,
)
from vru_model.parameters.documents import built_in_names
from vru_model.parameters.programmes import TARGETS
from vru_model.parameters.shocks import Shock
from vru_model.reporting.register import theory_of_change
from vru_model.reporting.register.strategy_view import write_strategy
from vru_model.scenario import Scenario, check_scenario

STRATEGIES = built_in_names("strategies")
SHOCKS = [name for name in built_in_names("scenarios") if name != "baseline"]


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_strategy_spends_its_budget_to_the_pound(name):
    scenario = Scenario.load(name)
    plain = replace(scenario, shock=Shock())
    other = scenario.team_per_year + scenario.evaluation_per_year
    budgets = scenario.budget_by_year or (scenario.budget_per_year,) * 3
    assert [plain.money_in(year) + other for year in range(1, len(budgets) + 1)] == list(budgets)
    assert scenario.price_year == "2024/25" and "judgement" in scenario.budget_source or name in (
        "quick", "slow")  # fmt: skip


def test_the_presets_that_were_asked_for_are_there():
    assert {"unit_2019_22", "unit_2022_25", "flat_cash", "balanced", "early_years_heavy",
            "enforcement_heavy", "place_based_pilots", "health_led"} <= set(STRATEGIES)
    first = Scenario.load("unit_2019_22")
    assert first.grant_per_year == 3_370_000
    assert first.budget_per_year - first.grant_per_year == 524_000 + 140_000
    assert sum(Scenario.load("unit_2022_25").budget_by_year) == pytest.approx(14.5e6, rel=0.005)
    assert Scenario.load("flat_cash").shock.inflation > 0.0


@pytest.mark.parametrize("shock", SHOCKS)
def test_every_shock_composes_with_a_strategy_and_says_itself(shock):
    both, alone = Scenario.load(f"balanced+{shock}"), Scenario.load("balanced")
    assert both.digest != alone.digest
    assert len(both.sentence()) > len(alone.sentence())
    again = Scenario.load(shock) + alone
    assert again.digest == both.digest
    assert Scenario.load(shock).changes_nothing is False


def test_shocks_do_to_money_what_they_say():
    plain = Scenario.load("balanced")
    ends = plain + Scenario.load("grant_ends_after_3")
    assert [ends.money_in(year) for year in (3, 4)] == [3_370_000, 0]
    cut = plain + Scenario.load("grant_cut_by_a_fifth")
    assert [cut.money_in(year) for year in (1, 2)] == [3_370_000, 2_696_000]
    flat = Scenario.load("flat_cash")
    assert flat.money_in(11) / flat.money_in(1) == pytest.approx(1.02**-10, rel=1e-5)


def test_shocks_that_contradict_each_other_are_refused():
    with pytest.raises(InputError, match="ends_after_year"):
        Scenario.load("balanced+grant_ends_after_1+grant_ends_after_3")
    late = Scenario.load("balanced+grant_ends_after_3+award_a_quarter_late")
    assert set(late.shock.made) == {"ends_after_year", "late_months"}


def test_effects_fade_faster_only_where_they_fade():
    scenario = Scenario.load("balanced+effects_fade_faster")
    for programme in scenario.programmes_funded:
        half_life = programme.timing.half_life_months
        expected = math.inf if half_life is None else half_life / 2.0
        assert scenario.terms(programme).half_life_months == expected


def test_a_resolved_strategy_with_a_shock_loads_again(tmp_path):
    import yaml

    scenario = Scenario.load("unit_2019_22+grant_cut_by_a_fifth")
    path = tmp_path / "scenario.yaml"
    path.write_text(yaml.safe_dump(scenario.resolved(), allow_unicode=True), "utf-8")
    again = Scenario.load(path)
    assert again == scenario and again.digest == scenario.digest


BY_YEAR = """\
name: mine
title: Mine
question: What?
price_year: 2024/25
budget_by_year: [1000000, 500000]
team_per_year: 100000
funding:
  - {programme: mentoring, money_per_year: 900000, last_year: 1}
  - {programme: mentoring, money_per_year: 400000, first_year: 2, last_year: 2}
"""


@pytest.mark.parametrize("old, new, name, words", [
    ("900000", "899999", "budget_by_year.0", "£1 too little"),
    ("first_year: 2, last_year: 2", "first_year: 2", "budget_by_year.1", "£500,000 too much"),
    ("team_per_year: 100000", "team_per_year: 200000", "budget_by_year.0", "£100,000 too much"),
    ("price_year", "budget_per_year: 5\nprice_year", "budget_by_year", "one budget"),
    ("price_year", "shock: {late_months: 13}\nprice_year", "shock.late_months", "12"),
    ("price_year", "shock: {ends: 3}\nprice_year", "shock.ends", "ends_after_year"),
])  # fmt: skip
def test_a_budget_by_year_is_held_to_the_pound(tmp_path, old, new, name, words):
    path = tmp_path / "mine.yaml"
    path.write_text(BY_YEAR, "utf-8")
    assert check_scenario(path) == []
    path.write_text(BY_YEAR.replace(old, new, 1), "utf-8")
    problems = {problem.name: problem for problem in check_scenario(path)}
    assert name in problems
    told = problems[name]
    assert words in f"{told.allowed} {told.hint}" and told.line is not None


# Rules of grants.


def rules(**shares) -> GrantProfile:
    return GrantProfile.model_validate({
        "title": "A grant", "since": "2026-04-01", "rules": {
            name: {"title": name, "of": name, "to": whole, **limits, "source": "a test",
                   "verified": True}
            for name, (whole, limits) in shares.items()
        },
    })  # fmt: skip


def test_grant_rules_by_hand():
    """Budget £4.034m: grant 3.37, match 0.664, programmes 3.234, evaluation 0.2."""
    scenario = Scenario.load("unit_2019_22")
    money = money_by_purpose(scenario, 1)
    assert money["match_funding"] == 664_000 and money["programmes"] == 3_234_000
    found = check_grant(scenario, 3, rules(
        match_funding=("grant", {"minimum": [0.10, 0.15, 0.20]}),
        evaluation=("programmes", {"minimum": [0.05], "maximum": [0.06]}),
    )).set_index(["rule", "year"])  # fmt: skip
    share = found.loc[("match_funding", 1), "share"]
    assert share == pytest.approx(664_000 / 3_370_000)
    assert found.loc["match_funding"]["kept"].tolist() == [True, True, False]
    assert found.loc[("match_funding", 3), "headroom"] == pytest.approx(664_000 - 674_000)
    assert not found.loc[("evaluation", 1), "kept"]
    assert found.loc[("evaluation", 1), "headroom"] == pytest.approx(0.06 * 3_234_000 - 200_000)


def test_high_impact_is_what_the_toolkit_calls_so():
    scenario = Scenario.load("quick")
    expected = sum(line.money_per_year for line in scenario.funding
                   if scenario.programmes[line.programme].evidence.toolkit == "high")
    assert money_by_purpose(scenario, 1)["high_impact_programmes"] == expected > 0


def test_years_without_money_are_not_judged():
    assert check_grant(Scenario.baseline()).empty
    assert check_grant(Scenario.load("unit_2022_25"), 5)["year"].max() == 3


def test_the_rules_say_that_they_were_not_read():
    for profile in load_grant_rules().profiles.values():
        for rule in profile.rules.values():
            assert rule.verified is False and "recalled" in rule.source
    with pytest.raises(InputError, match="home_office_2022_25"):
        grant_profile("home_office")


def test_a_rule_without_a_limit_or_with_a_share_above_1_is_told(tmp_path):
    path = tmp_path / "grant_rules.yaml"
    path.write_text(
        "profiles:\n  one:\n    title: One\n    since: 2026-04-01\n    rules:\n"
        "      a: {title: A, of: team, to: budget, source: s, verified: false}\n"
        "      b: {title: B, of: team, to: budget, maximum: [1.2], source: s, verified: false}\n",
        "utf-8")
    told = {problem.name for problem in check_grant_rules(path)}
    assert told == {"profiles.one.rules.a.minimum", "profiles.one.rules.b.maximum.0"}


# The theory-of-change map.


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_map_is_the_declarations(name):
    scenario = Scenario.load(name)
    table = theory_of_change.table(scenario)
    expected = {(each.title, TARGETS[change.target].title)
                for each in scenario.programmes_funded for change in each.changes}
    assert set(zip(table["Programme"], table["Changes"], strict=True)) == expected
    links = theory_of_change.links(scenario)
    assert {link.start for link in links if link.column == 0} == set(table["Programme"])
    words = theory_of_change.alternative_text(scenario)
    assert all(title in words for title in table["Programme"])


def test_the_map_is_drawn_alike_twice_with_its_table(tmp_path):
    scenario = Scenario.load("health_led")
    first, second = (write_strategy(scenario, tmp_path / name) for name in ("a", "b"))
    assert [path.name for path in first] == [path.name for path in second]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name
    assert (tmp_path / "a" / "theory_of_change.png").stat().st_size > 20_000
    money = pd.read_csv(tmp_path / "a" / "money.csv")
    assert money["£ in year 1"].str.replace(",", "").astype(int).sum() == 3_370_000


# The command line.


def answer(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def test_programmes_are_listed_and_one_is_shown_with_its_sources():
    listed = answer("programmes")
    assert listed.exit_code == 0
    assert all(name in listed.stdout for name in ("mentoring", "scared_straight"))
    card = answer("programmes", "mentoring")
    assert card.exit_code == 0
    for words in ("Tolan", "What it changes in the model", "Believed here", "Harms", "Limits"):
        assert words in card.stdout


def test_an_unknown_programme_is_offered_the_nearest():
    wrong = answer("programmes", "mentorings")
    assert wrong.exit_code == 2 and "mentoring" in wrong.stderr


def test_a_strategy_is_described_before_it_is_run(tmp_path):
    told = answer("strategy", "what_fails", "--out", str(tmp_path / "out"))
    assert told.exit_code == 0
    assert "Take care" in told.stdout and "harmful" in told.stdout
    assert (tmp_path / "out" / "theory_of_change.svg").is_file()
    assert answer("strategy", "baseline").exit_code == 0
    assert answer("strategy", "balance").exit_code == 2
