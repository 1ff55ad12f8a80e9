"""What each programme adds: Shapley's axioms, hand-worked games, and real sub-strategies."""

from __future__ import annotations

import math

import measure_doubles
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from vru_model.analysis.attribution import (
    ADD,
    DROP,
    SHAPLEY,
    _needed,
    attribute,
    sub_strategy,
)
from vru_model.analysis.statistics.shapley import coalitions, exact_shapley, sampled_shapley
from vru_model.cli import app
from vru_model.errors import InputError
from vru_model.experiments import runner
from vru_model.reporting.attribution.rendering import render_attribution, write_attribution
from vru_model.scenario import Scenario

players = st.integers(1, 5).map(lambda n: list("abcde")[:n])


def game(names, values):
    worths = dict(zip(coalitions(names), values, strict=False))
    worths[frozenset()] = 0.0
    return lambda some: np.array([worths[some]])


def test_a_game_by_hand():
    # a alone 10, b 20, c 0; ab 50, ac 10, bc 20, abc 60. What each adds in the six orders abc,
    # acb, bac, bca, cab, cba: a 10, 10, 30, 40, 10, 40, together 140; b 40, 50, 20, 20, 50, 20,
    # together 200; c 10, 0, 10, 0, 0, 0, together 20. A sixth of the sum, 360, is 60.
    worth = game(["a", "b", "c"], [0, 10, 20, 0, 50, 10, 20, 60])
    found = exact_shapley(["a", "b", "c"], worth)
    assert [float(found[name][0]) * 6 for name in "abc"] == pytest.approx([140, 200, 20])


@given(players, st.lists(st.floats(-100, 100), min_size=32, max_size=32))
def test_values_add_up_to_the_whole(names, values):
    worth = game(names, values)
    whole = worth(frozenset(names))
    for found in (exact_shapley(names, worth), sampled_shapley(names, worth, 3, 1)):
        assert sum(found.values()) == pytest.approx(whole, abs=1e-9)


@given(players, st.lists(st.floats(0, 100), min_size=5, max_size=5))
def test_where_nothing_overlaps_each_gets_its_own(names, values):
    own = dict(zip(names, values, strict=False))
    found = exact_shapley(names, lambda some: np.array([sum(own[name] for name in some)]))
    for name in names:
        assert float(found[name][0]) == pytest.approx(own[name], abs=1e-9)


def test_who_adds_nothing_gets_nothing_and_equals_get_the_same():
    def worth(some):
        return np.array([12.0 if {"a", "b"} <= some else 4.0 * len(some & {"a", "b"})])

    found = exact_shapley(["a", "b", "idle"], worth)
    assert found["idle"] == pytest.approx(0) and found["a"] == pytest.approx(found["b"])


def test_sampling_comes_near_to_the_exact_value():
    names = list("abcde")
    worth = game(names, np.random.default_rng(3).normal(10, 5, 32))
    exact, sampled = exact_shapley(names, worth), sampled_shapley(names, worth, 400, 2)
    for name in names:
        assert sampled[name] == pytest.approx(exact[name], abs=0.8)


REDUCTIONS = {"focused_deterrence": 0.2, "hospital_navigators": 0.1, "hot_spot_patrol": 0.3}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    asked = []

    def carry_out(one):
        names = sorted({line.programme for line in one.funding})
        asked.append(names)
        kept = math.prod(1 - REDUCTIONS[name] for name in names)
        return measure_doubles.run(out, one.name, 1 - kept, 1.0, years=1)

    return attribute("quick", carry_out=carry_out), asked


def test_every_combination_is_run_once(found):
    attribution, asked = found
    assert len(asked) == 8 == len(attribution.runs) and attribution.exact
    assert len({tuple(each) for each in asked}) == 8 and [] in asked


def test_shares_that_multiply_overlap(found):
    attribution, _ = found
    table = attribution.table.set_index(["programme", "question"])["averted"]
    package = attribution.package.set_index("what")["averted"]
    whole = package["the whole strategy"]
    # Kept: 0.8 x 0.9 x 0.7 = 0.504, so 0.496 goes; alone they take 0.2 + 0.1 + 0.3 = 0.6.
    assert package["its programmes one by one, added up"] == pytest.approx(whole * 0.6 / 0.496)
    assert package["what the package adds to that"] < 0
    assert table["hot_spot_patrol", ADD] == pytest.approx(whole * 0.3 / 0.496)
    assert table["hot_spot_patrol", DROP] == pytest.approx(whole * (0.496 - 0.28) / 0.496)
    fair = [table[name, SHAPLEY] for name in REDUCTIONS]
    assert sum(fair) == pytest.approx(whole)
    for name, value in zip(REDUCTIONS, fair, strict=True):
        assert table[name, DROP] < value < table[name, ADD]
    assert (attribution.table["low95"] < attribution.table["high95"]).all()


def test_worlds_that_all_runs_share_are_compared_and_no_others(tmp_path):
    def carry_out(one):
        alone = len(one.funding) == 1
        return measure_doubles.run(tmp_path, one.name, 0.1 * len(one.funding), 1.0, years=1,
                                   draws=2 if alone else 3)  # fmt: skip

    found = attribute("quick", carry_out=carry_out)
    assert {key.draw for key in found.worlds} == {0, 1} and (found.table["draws"] == 2).all()


def test_more_than_six_programmes_run_only_what_sampled_orders_need():
    names = list("abcdefgh")
    needed, exact = _needed(names, orders=2)
    assert not exact and len(needed) < 2**8
    for some in (frozenset(), frozenset(names), *(frozenset({each}) for each in names),
                 *(frozenset(names) - {each} for each in names)):  # fmt: skip
        assert some in needed
    sampled_shapley(names, lambda some: np.array([needed.index(some)]), 2, 1)  # none is missing


def test_health_lost_can_be_attributed_too(found):
    attribution, _ = found
    again = attribute("quick", measures=["qalys_lost", "admissions"], group="under 25",
                      carry_out=lambda one: _stored(attribution, one))  # fmt: skip
    assert set(again.table["measure"]) == {"qalys_lost", "admissions"}
    assert again.runs.keys() == attribution.runs.keys()
    package = again.package.set_index(["measure", "what"])["averted"]
    parts = again.table[again.table["question"] == SHAPLEY].groupby("measure")["averted"].sum()
    for name, value in parts.items():
        assert value == pytest.approx(package[name, "the whole strategy"])


def _stored(attribution, one):
    programmes = frozenset(line.programme for line in one.funding)
    return attribution.runs[programmes]


def test_what_is_printed_and_written_says_its_counterfactual(found, tmp_path):
    attribution, _ = found
    console = Console(width=200, record=True)
    for block in render_attribution(attribution):
        console.print(block)
    text = console.export_text()
    for words in ("hot spot patrol", "averted on its own", "they overlap", "Counterfactual",
                  "Modelled, not recorded", "parameter uncertainty is not covered"):  # fmt: skip
        assert words in text, words
    for path in write_attribution(attribution, tmp_path):
        table = pd.read_csv(path)
        assert table["source"].str.contains("Counterfactual: the same worlds").all()
        assert {"low95", "high95", "averted"} <= set(table)
    assert len(pd.read_csv(tmp_path / "combinations.csv")) == 8


TWO = """\
name: two
title: Two programmes
question: What do two do?
price_year: 2024/25
budget_per_year: 2326000
budget_source: Made up for tests.
funding:
  - {programme: focused_deterrence, money_per_year: 1666000}
  - {programme: hospital_navigators, money_per_year: 660000}
"""


@pytest.fixture
def _own_outputs(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "OUTPUTS", tmp_path / "outputs")


@pytest.mark.usefixtures("_own_outputs")
def test_the_command_goes_on_from_what_is_on_disk(tmp_path):
    strategy = tmp_path / "two.yaml"
    strategy.write_text(TWO, "utf-8")
    arguments = ["attribute", str(strategy), "--scale", "0.002", "--years", "1", "--replicates",
                 "2", "--workers", "1", "--out", str(tmp_path / "tables")]  # fmt: skip
    first = CliRunner().invoke(app, arguments)
    assert first.exit_code == 0, first.output
    assert "4 of 4: all programmes: 2 worlds" in first.output
    assert len(list((tmp_path / "outputs" / "runs").iterdir())) == 4
    again = CliRunner().invoke(app, arguments)
    assert again.output.count("2 of them on disk already") == 4
    assert again.stdout == first.stdout
    assert CliRunner().invoke(app, ["attribute", "baseline"]).exit_code == 2


def test_a_sub_strategy_is_a_scenario_that_loads_and_hashes_as_its_money():
    quick = Scenario.load("quick")
    one = sub_strategy(quick, frozenset({"hot_spot_patrol"}))
    assert [line.programme for line in one.funding] == ["hot_spot_patrol"]
    assert one.budget_per_year == one.money_in(1) == 1_044_000
    assert list(one.programmes) == ["hot_spot_patrol"]
    nothing = sub_strategy(quick, frozenset())
    assert nothing == Scenario.baseline(), "the baseline's worlds are used again"


def test_what_cannot_be_attributed_is_told():
    with pytest.raises(InputError) as refused:
        attribute("baseline", measures=["admission"], group="children", orders=0)
    names = [problem.name for problem in refused.value.problems]
    assert sorted(names) == ["group", "measure", "orders", "scenario"]
    assert "admissions" in str(refused.value)
