"""Knock-outs: direct and total kept apart, each mechanism really off, limits judged."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from typer.testing import CliRunner
from worlds import changed

from vru_model.analysis.knockout import MECHANISMS, Knockouts, knockout
from vru_model.analysis.knockout_rendering import render_knockouts, write_knockouts
from vru_model.cli import app
from vru_model.errors import InputError
from vru_model.parameters.switches import SWITCHES
from vru_model.scenario import Scenario

TINY = {"scale": 0.003, "years": 1, "replicates": 2, "workers": 1}


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> Knockouts:
    return knockout(
        mechanisms=["retaliation", "repeated_pairs", "patrol_follows_hot_spots"],
        out=tmp_path_factory.mktemp("runs"), **TINY,
    )  # fmt: skip


def shown(knockouts: Knockouts) -> str:
    console = Console(file=io.StringIO(), width=200)
    for block in render_knockouts(knockouts):
        console.print(block)
    return console.file.getvalue()


def test_every_loop_with_a_switch_can_be_knocked_out_and_the_aces_and_pairs():
    names = [each.name for each in MECHANISMS]
    assert set(names) == {*SWITCHES, "aces", "repeated_pairs"}
    for each in MECHANISMS:
        scenario = each.knocked_out(Scenario.baseline())
        assert not scenario.changes_nothing
        scenario.parameters()
        assert scenario.resolved()["name"] == f"baseline_without_{each.name}"
    assert len({each.knocked_out(Scenario.baseline()).digest for each in MECHANISMS}) == len(names)


def test_a_knock_out_wins_over_what_the_scenario_says_and_keeps_the_rest():
    aces = next(each for each in MECHANISMS if each.name == "aces")
    scenario = replace(changed({"acting.ace": 0.2, "acting.male": 1.0}, base="quick"), name="mine")
    without = aces.knocked_out(scenario)
    assert without.overrides["acting.ace"].value == 0.0
    assert without.overrides["acting.male"].value == 1.0
    assert without.funding == scenario.funding and without.name == "mine_without_aces"
    values = without.parameters().central()
    assert values.schooling.neet_ace == values.early_life.self_regulation_loss == 0.0


def test_direct_shares_are_those_of_the_incidents(found):
    incidents = found.base.incidents()
    rows = found.table.set_index("mechanism")
    for mechanism, origin in (("retaliation", "triggered"), ("repeated_pairs", "pair")):
        by_world = (incidents["origin"] == origin).groupby(incidents["replicate"]).mean()
        assert rows.loc[mechanism, "direct"] == pytest.approx(by_world.mean())
    assert np.isnan(rows.loc["patrol_follows_hot_spots", "direct"])


def test_totals_are_what_is_gone_without_the_mechanism(found):
    rows = found.table.set_index("mechanism")
    base, without = (
        run.totals(by=("measure",), measures=["incidents"], roles=["victim"])["value"]
        for run in (found.base, found.runs["repeated_pairs"])
    )
    share = (1.0 - without / base).to_numpy()
    assert rows.loc["repeated_pairs", "total"] == pytest.approx(share.mean())
    assert rows.loc["repeated_pairs", "low95"] < share.mean() < rows.loc["repeated_pairs", "high95"]
    assert rows.loc["patrol_follows_hot_spots", "total"] == 0.0  # the baseline patrols nowhere
    assert found.table["total"].is_monotonic_decreasing
    assert rows.loc["retaliation", "limit"] == 0.45 and (found.table["replicates"] == 2).all()


def test_each_knock_out_has_a_warm_up_of_its_own(found):
    people = {run.run_id for run in (found.base, *found.runs.values())}
    assert len(people) == 4


def test_what_is_shown_tells_direct_from_total_and_judges_the_limit(found):
    text = shown(found)
    for words in ("directly triggered", "total: gone without it", "at most", "repeated pairs",
                  "The constraint that retaliation carry at most 45.0%", "do not add up",
                  "Modelled, not recorded", "chance between replicates alone"):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.1, 0.2, "holds"), (0.5, 0.6, "IS BROKEN"), (0.4, 0.5, "may be broken"),
     (np.nan, np.nan, "cannot be judged")],
)  # fmt: skip
def test_a_limit_is_judged_by_the_interval(found, low, high, verdict):
    table = found.table.assign(low95=low, high95=high)
    assert f"at most 45.0% {verdict}" in shown(replace(found, table=table))


def test_the_table_is_written_with_its_source(found, tmp_path):
    table = pd.read_csv(write_knockouts(found, tmp_path))
    assert list(table["mechanism"]) == list(found.table["mechanism"])
    assert table["source"].str.contains("Modelled, not recorded").all()


def test_everything_wrong_is_told_at_once():
    with pytest.raises(InputError) as wrong:
        knockout("slw", mechanisms=["retaliaton", "aces"])
    text = str(wrong.value)
    assert "did you mean 'slow'" in text and "did you mean 'retaliation'" in text


def test_the_command_prints_and_writes(tmp_path):
    arguments = ["knockout", "--only", "retaliation", "--scale", "0.002", "--years", "1",
                 "--replicates", "1", "--workers", "1", "--out", str(tmp_path)]  # fmt: skip
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "directly triggered" in result.stdout and "one world has none" in result.stdout
    assert result.stdout.splitlines()[-1] == str(tmp_path / "knockout.csv")
    assert CliRunner().invoke(app, ["knockout", "--only", "peer"]).exit_code == 2
