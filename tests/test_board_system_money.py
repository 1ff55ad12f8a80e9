"""What a removal is worth and who pays: sentences, charts and tables follow from the numbers."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pandas as pd
import pytest
from board_system_doubles import PAID, account, averted

from vru_model.analysis.appraisal.agencies import shared_cost
from vru_model.parameters.accounts.agencies import load_agencies
from vru_model.reporting.board.system import (
    boundaries,
    boundary_blocks,
    money_blocks,
    package,
    partners,
)
from vru_model.reporting.board.system.boundary_blocks import implausible, message, summary
from vru_model.reporting.board.system.differences import thousands
from vru_model.reporting.board.system.gains import gain_blocks
from vru_model.reporting.board.system.heat import heat_table
from vru_model.reporting.board.system.package import (
    FIRST,
    MORE,
    SECOND,
    SUM,
    WHOLE,
    interaction,
)
from vru_model.reporting.board.system.removals import Removals
from vru_model.scenario import Scenario


@pytest.fixture(scope="module")
def balanced():
    return Scenario.load("balanced")


def removed(balanced, mean, spread=20.0, draws=24):
    """Return data sharing as the one boundary that was removed, with what that averts."""
    test = boundaries.data_sharing(balanced)
    runs = {name: SimpleNamespace(run_id=f"{name}-1") for name in
            (test.held_against.name, test.scenario.name)}  # fmt: skip
    tested = Removals([test], runs, 10)
    tested.__dict__["found"] = {test.name: [averted(mean, spread, draws)] * 2}
    return tested, test


@pytest.mark.parametrize(("mean", "said"), [
    (50.0, "averts admissions"), (-50.0, "adds admissions"), (1.0, "cannot be told"),
])  # fmt: skip
def test_the_summary_follows_the_intervals_and_warns_of_few_draws(balanced, mean, said):
    for draws, warned in ((4, True), (24, False)):
        tested, _ = removed(balanced, mean, draws=draws)
        words = summary(tested)
        removing = f"removing the boundary “data that stay in the hospital” {said}"
        assert words.startswith(f"By year 10, as far as the 80% intervals tell, {removing}")
        assert ("not for a decision" in words) == warned


def test_the_chart_says_what_the_removal_does_and_not_what_the_boundary_does(balanced):
    first, second = boundaries.data_sharing(balanced), boundaries.eighteen(balanced)

    def told(*means):
        tested = Removals([first, second], {}, 10)
        tested.__dict__["found"] = {
            test.name: [averted(mean, 20.0)] * 2
            for test, mean in zip((first, second), means, strict=True)
        }
        return message(tested)

    sharing = "removing the boundary “data that stay in the hospital”"
    assert told(50.0, 1.0) == (
        f"By year 10 {sharing} averts admissions; no other removal can be told from leaving the "
        "boundary in place"
    )
    assert told(50.0, 50.0) == (
        f"By year 10 {sharing[:-1]}” or “the change of services at 18” averts admissions"
    )
    assert told(-50.0, 50.0) == (
        "By year 10 removing the boundary “the change of services at 18” averts admissions; "
        f"{sharing} adds admissions"
    )
    assert "no boundary’s removal can be told" in told(1.0, 1.0)


def test_the_price_of_an_admission_has_its_sign_on_both_ends(balanced, monkeypatch):
    monkeypatch.setattr(boundary_blocks, "flows", lambda *_: [])
    tested, test = removed(balanced, 900.0, 500.0)
    words = boundary_blocks._terms(tested, test)["For the money"]
    assert re.match(r"£[\d,]+ to £[\d,]+ for each admission averted", words)


@pytest.mark.parametrize(("mean", "warned"), [(900.0, True), (50.0, False)])
def test_a_removal_far_better_than_any_unit_was_carries_a_warning(balanced, mean, warned):
    tested, test = removed(balanced, mean)
    words = implausible(tested, test)
    assert bool(words) == warned == ("averts far more admissions" in summary(tested))
    if warned:
        assert "Warning, far too good" in words and "grade B" in words
        assert "about 40 admissions" in words


def test_the_matrix_says_who_is_spared_for_certain():
    sure = money_blocks.matrix_message(account({"police": 10**9, "nhs": 10**8}))
    assert "two others are spared costs, all of them for certain" in sure
    unsure = money_blocks.matrix_message(account({"police": 10**9}, spread=1.5))
    assert "one other is spared costs, none of them for certain" in unsure


def test_the_matrix_keeps_the_kinds_of_money_apart_and_prints_each_with_its_interval():
    made_up = account({"police": 8_900_000_00}, spread=1.5)
    colours, printed = money_blocks.matrix_cells(made_up)
    assert list(printed) == list(colours) == [
        "Pays", "Cash that could be taken out", "Capacity set free"]
    assert printed.loc["Violence reduction unit", "Pays"] == "10,000"
    assert colours.loc["Violence reduction unit", "Pays"] == -10_000
    assert printed.loc["Police", "Capacity set free"] == "−4,000 to 20,000 (central 8,000)"
    assert "Sports partnership" in printed.index and "society" not in printed.index


def test_a_partner_s_page_rounds_as_the_table_does(balanced):
    row = account({"police": 8_900_000_00}, spread=1.5).totals.set_index("agency").loc["police"]
    table = thousands(row["cashable"] + row["capacity"], row["services_low95"],
                      row["services_high95"])  # fmt: skip
    assert table == "−4,000 to 22,000 (central 8,000)"
    told = partners._savings(row, 10, "2024/25")
    assert "−£4 million to £22 million (central £8 million) over 10 years" in told


@pytest.mark.parametrize(("cash", "said"), [
    (0.0999, "10% of it cash"), (0.1, "10% of it cash"), (0.0, "all of it capacity"),
])  # fmt: skip
def test_a_share_of_cash_is_a_whole_percentage(cash, said):
    row = pd.Series({"cashable": cash * 1e9, "capacity": (1 - cash) * 1e9,
                     "services_low95": -1e9, "services_high95": 2e9})  # fmt: skip
    assert said in partners._savings(row, 10, "2024/25")


def test_a_heat_table_prints_every_number():
    values = pd.DataFrame({"Pays": [-5.0, 0.0], "Spared": [1.0, 2_000.0]}, index=["a", "b"])
    figure = heat_table("message", values, values.map(str), "bar", "£ thousand")
    printed = {text.get_text() for text in figure.axes[0].texts}
    assert printed == {"−5.0", "0.0", "1.0", "2000.0"}


@pytest.mark.parametrize("rule", ["equal", "by saving"])
def test_what_the_partners_pay_adds_up_to_the_cost(rule):
    made_up = account({"police": 10**8, "nhs": 3 * 10**8})
    assert shared_cost(made_up, load_agencies(), rule)["pays"].sum() == PAID


def test_what_is_spared_less_what_is_paid_is_not_called_money_in_hand():
    agencies = load_agencies()
    found = {rule: shared_cost(account({"police": 10**8}), agencies, rule)
             for rule in ("equal", "by saving")}  # fmt: skip
    titles = {name: agency.title for name, agency in agencies.agencies.items()}
    table = money_blocks._shares(found, tuple(found), titles, "pooling", "£ thousand", "a source")
    assert "Spared less paid if equal" in table.frame
    assert not [column for column in table.frame if column.startswith("Net")]
    assert "pay more than their services are spared" in money_blocks._losers(found)


def test_the_package_is_only_said_to_differ_where_the_interval_can_tell():
    assert "cannot be told" in interaction({MORE: averted(1.0, 20.0)}, 10)
    assert "fewer admissions than its halves" in interaction({MORE: averted(-50.0, 20.0)}, 10)
    assert "more admissions than its halves" in interaction({MORE: averted(50.0, 20.0)}, 10)


def test_the_package_s_numbers_are_rounded_alike_so_that_they_can_be_added_up():
    made_up = dict(zip((WHOLE, FIRST, SECOND, SUM, MORE), (
        averted(8.3, 30.0), averted(0.2, 20.0), averted(6.1, 24.0), averted(6.3, 35.0),
        averted(2.0, 6.0),
    ), strict=True))  # fmt: skip
    made = SimpleNamespace(effects=[made_up] * 2, years=10, source="model runs")
    for table in package._tables(made):
        assert list(table.frame["Central"]) == ["8", "0", "6", "6", "2"]
        assert "of unrounded numbers" in table.caption


def test_who_gains_by_a_removal_is_named_by_the_central_estimate(balanced):
    tested, test = removed(balanced, 50.0)
    blocks = gain_blocks(tested, {test.title: account({"police": 10**9, "nhs": 10**8})})
    assert "at: Police and NHS providers" in blocks[0].markdown()
    assert list(blocks[1].frame["Agency"])[0].startswith("Violence reduction unit")
    assert len(blocks[1].frame) == 3
    assert "has a price" in gain_blocks(tested, {})[0].markdown()
    unsure = gain_blocks(tested, {test.title: account({"police": 10**9}, spread=60.0)})
    assert "no agency is spared anything by the central estimate" in unsure[0].markdown()
    assert "−600,000 to 600,000 (central 0)" in unsure[1].markdown()


@pytest.mark.parametrize(("mean", "warned"), [(900.0, True), (50.0, False)])
def test_who_gains_by_a_result_that_is_too_good_carries_its_warning(balanced, mean, warned):
    tested, test = removed(balanced, mean)
    prose, table = gain_blocks(tested, {test.title: account({"police": 10**9})})
    assert ("Warning, far too good" in prose.markdown()) == warned
    assert ("is no reason yet" in prose.markdown()) == warned
    assert ("Warning: removing the boundary" in table.caption) == warned
    assert (f"{test.title}: is spared (far too good)" in table.frame) == warned
