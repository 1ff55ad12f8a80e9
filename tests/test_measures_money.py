"""The appraisal against figures worked out by hand, and sums that must hold to the penny."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace

import measure_doubles
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vru_model.analysis.appraisal.agencies import (
    CAPACITY,
    CASHABLE,
    PAID,
    SOCIAL,
    agency_account,
    largest_remainder,
    shared_cost,
)
from vru_model.analysis.appraisal.fairness import bearers, equity_table, health_by_quintile
from vru_model.analysis.appraisal.prices import chosen_items, discount_factors, draw_prices
from vru_model.analysis.appraisal.streams import read_streams
from vru_model.analysis.appraisal.value import (
    Case,
    appraisal_table,
    cases,
    cost_effectiveness,
    equity_weights,
    present,
    switching_values,
)
from vru_model.errors import InputError
from vru_model.experiments import compare
from vru_model.parameters.accounts.agencies import load_agencies
from vru_model.parameters.accounts.appraisal import load_rules
from vru_model.parameters.accounts.costs import CostBook, load_costs

RULES = load_rules()
PROFILE = RULES.profiles[RULES.default]
CELLS = 2 * 21 * 2  # authorities, ages, sexes
# A book of two prices: £100 of police time an incident, and a tenth of a QALY an injury.
SMALL = CostBook.model_validate({
    "events": {
        "incident": {"title": "Incident", "counters": ["incidents"]},
        "injury": {"title": "Injury", "counters": ["injuries"], "qalys_lost": 0.1,
                   "qalys_low": 0.1, "qalys_high": 0.1},
        "admission": {"title": "Admission", "counters": ["expected_admissions"]},
        "homicide": {"title": "Homicide", "counters": ["expected_homicides"], "homicide": True,
                     "qalys_lost": 30.0, "qalys_low": 30.0, "qalys_high": 30.0},
    },
    "items": {
        "police_time": {
            "event": "incident", "block": "response", "amount": 100, "low": 100, "high": 100,
            "price_year": "2024/25", "use": "central", "grade": "prior", "source": "Made up.",
            "bearers": [{"agency": "police", "share": 0.7, "cashable": 0.1},
                        {"agency": "society", "share": 0.3}],
        },
    },
    "unmonetised": {},
})  # fmt: skip


@pytest.fixture(scope="module")
def streams(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    base = measure_doubles.run(out, draws=1, replicates=1)
    other = measure_doubles.run(out, "better", 0.5, 1e5, draws=1, replicates=1)
    return read_streams(compare(base, other), SMALL, RULES, PROFILE, {"navigators": "B"}, "2024/25")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    base = measure_doubles.run(out, draws=3)
    other = measure_doubles.run(out, "better", 0.5, 1e5, draws=3)
    return read_streams(
        compare(base, other), load_costs(), RULES, PROFILE, {"navigators": "B"}, "2020/21"
    )


# Deciles 1 and 2 (quintile 1) have levels 1.0 and 0.9 and lose half of it, every year.
AVERTED = 0.5 * 1.9 * CELLS  # of a counter of 1


def test_discounting_by_hand():
    general, health = (discount_factors(PROFILE, 33, kind) for kind in ("general", "health"))
    assert general[:3] == pytest.approx([1, 1 / 1.035, 1 / 1.035**2])
    assert health[:2] == pytest.approx([1, 1 / 1.015])
    # The lower rate begins in year 31 from now.
    assert general[31] == pytest.approx(1 / 1.035**30 / 1.03)
    assert health[32] == pytest.approx(1 / 1.015**30 / 1.0129**2)


def test_what_is_averted_falls_where_it_was_averted(streams):
    assert streams.averted["incident"].shape == (1, 1, 3, 5)
    assert streams.averted["incident"][0, 0, 1] == pytest.approx([40 * AVERTED, 0, 0, 0, 0])
    assert streams.people == pytest.approx([1000 * CELLS * 2] * 5)


def test_net_present_value_by_hand(streams):
    # A year: 40 x AVERTED incidents at £100; 20 x AVERTED injuries at 0.1 QALY; 0.01 x AVERTED
    # deaths at 30. A QALY is £70,000 x 100 / 85.10. Grade B takes 10% off and adds 10%.
    general, health = 1 + 1 / 1.035 + 1 / 1.035**2, 1 + 1 / 1.015 + 1 / 1.015**2
    qalys = AVERTED * (20 * 0.1 + 0.01 * 30)
    value = 70_000 * 100 / 85.10
    benefits = 0.9 * (40 * AVERTED * 100 * general + qalys * value * health)
    costs = 1.1 * 1e5 * general
    row = appraisal_table(streams).set_index("case").loc["central"]
    assert row["benefits"] == pytest.approx(benefits)
    assert row["costs"] == pytest.approx(costs)
    assert row["npsv"] == pytest.approx(benefits - costs)
    assert row["bcr"] == pytest.approx(benefits / costs)
    assert row["payback_year"] == 1
    assert math.isnan(row["npsv_low95"]), "one world has no interval"


def test_sensitivities_by_hand(streams):
    table = appraisal_table(streams).set_index("case")
    health = 1 + 1 / 1.015 + 1 / 1.015**2
    death = 0.9 * AVERTED * 0.01 * 30 * 70_000 * 100 / 85.10 * health
    gone = table.loc["central", "benefits"] - table.loc["without_homicide", "benefits"]
    assert gone == pytest.approx(death)
    assert table.loc["without_optimism_bias", "benefits"] == pytest.approx(
        table.loc["central", "benefits"] / 0.9
    )
    # All benefits fall on the most deprived fifth, whose income is 0.75 of the median.
    weights = np.array([0.75, 0.87, 1.0, 1.13, 1.3]) ** -1.3
    ratio = table.loc["equity_weighted", "benefits"] / table.loc["central", "benefits"]
    assert ratio == pytest.approx(weights[0] / weights.mean())
    assert equity_weights(streams).mean() == pytest.approx(1)


def test_cost_for_each_by_hand(streams):
    table = cost_effectiveness(streams).set_index("outcome")
    cost = 1e5 * (1 + 1 / 1.035 + 1 / 1.035**2)
    assert table.loc["admission averted", "cost_for_each"] == pytest.approx(
        cost / (0.5 * AVERTED * 3)
    )


def test_at_its_switching_value_a_strategy_breaks_even(drawn):
    table = switching_values(drawn).set_index("assumption")
    factor = table.loc["effect of the strategy (all benefits), £", "factor"]
    row = appraisal_table(drawn).set_index("case").loc["central"]
    assert row["benefits"] * factor == pytest.approx(row["costs"])
    value = table.loc["value of a QALY, £", "switch"]
    if np.isfinite(value):
        at_switch = present(drawn, Case("central", "", qaly_value=value))
        assert np.nanmean(at_switch.benefits, axis=1).mean(axis=0).sum() == pytest.approx(
            row["costs"], rel=0.05
        )


def test_prices_are_drawn_one_by_one_and_repeat():
    book = load_costs()
    found = draw_prices(book, RULES, PROFILE, range(200), 7)
    again = draw_prices(book, RULES, PROFILE, [5], 7)
    item = book.items["homicide_police"]
    factor = 100 / RULES.deflators["2015/16"].index
    prices = found.items["homicide_police"]
    assert item.low * factor <= prices.min() < prices.max() <= item.high * factor
    assert again.items["homicide_police"][0] == pytest.approx(item.amount * factor), "central"
    repeated = draw_prices(book, RULES, PROFILE, range(200), 7).items["homicide_police"]
    assert (prices == repeated).all()
    assert np.corrcoef(prices, found.items["injury_police"])[0, 1] ** 2 < 0.1


def test_nothing_is_counted_twice():
    book = load_costs()
    central, events = chosen_items(book), chosen_items(book, "hospital_events")
    assert "injury_health" in central and "emergency_admission" not in central
    assert "injury_health" not in events and "emergency_admission" in events
    assert not any(name.endswith("_harm") for name in central), "harm is counted as QALYs"
    with pytest.raises(InputError, match="hospital_events"):
        chosen_items(book, "hospital_event")


def test_money_of_another_year_is_brought_to_the_base(drawn):
    assert drawn.costs(optimism=False) == pytest.approx([1e5 * 100 / 85.10] * 3)


def test_what_cannot_be_priced_is_told(tmp_path):
    base = measure_doubles.run(tmp_path, draws=1, replicates=1, years=1)
    other = measure_doubles.run(tmp_path, "b", 0.5, 1e5, draws=1, replicates=1, years=1)
    with pytest.raises(InputError) as refused:
        read_streams(compare(base, other), SMALL, RULES, PROFILE, {"x": "A"}, "1999/00")
    assert [problem.name for problem in refused.value.problems] == ["price_year"]


def test_rows_add_up_to_totals_to_the_penny(drawn):
    account = agency_account(drawn, load_agencies())
    assert account.matrix["pence"].dtype.kind == "i"
    for agency, rows in account.matrix.groupby("agency"):
        total = account.totals.set_index("agency").loc[agency]
        assert rows["pence"].sum() == total["net"]
        for kind in (CASHABLE, CAPACITY, SOCIAL, PAID):
            assert rows.loc[rows["kind"] == kind, "pence"].sum() == total[kind]
    paid = account.matrix.loc[account.matrix["kind"] == PAID, "pence"]
    assert -paid.sum() == 3 * round(1e5 * 100 / 85.10 * 100)


def test_who_saves_by_hand(streams):
    account = agency_account(streams, load_agencies()).totals.set_index("agency")
    # £100 x 40 x AVERTED x 3 years, 10% off: the police save 70% of it, a tenth of that cashable.
    saved = 0.9 * 100 * 40 * AVERTED * 3 * 100
    assert account.loc["police", CASHABLE] == pytest.approx(0.07 * saved, abs=3)
    assert account.loc["police", CAPACITY] == pytest.approx(0.63 * saved, abs=3)
    value = 70_000 * 100 / 85.10
    health = 0.9 * AVERTED * 2.3 * value * 3 * 100
    assert account.loc["society", SOCIAL] == pytest.approx(0.3 * saved + health, abs=6)
    assert account.loc["violence_reduction_unit", "net"] == -3e5 * 100


def test_shared_costs_are_the_cost(drawn):
    agencies = load_agencies()
    account = agency_account(drawn, agencies)
    cost = -account.totals["paid"].sum()
    people = {"E08000025": 1_144_923, "E08000026": 345_315, "E08000027": 323_487}
    for rule in ("equal", "by saving", "by population"):
        table = shared_cost(account, agencies, rule, people)
        assert table["pays"].sum() == cost
        assert (table["net"] == table["saves"] - table["pays"]).all()
    saving = shared_cost(account, agencies, "by saving").set_index("partner")
    assert saving.loc["schools", "pays"] == 0, "who saves nothing pays nothing"
    with pytest.raises(ValueError, match="a rule is"):
        shared_cost(account, agencies, "by luck")


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.floats(0, 1e6).map(lambda x: round(x, 4)), min_size=1, max_size=12),
)
def test_parts_add_up_and_lie_within_one_of_their_share(total, weights):
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    if sum(weights) > 0:
        for part, weight in zip(parts, weights, strict=True):
            # Weights are taken as fractions of a billion: the last figures of a huge total move.
            assert abs(part - total * weight / sum(weights)) <= 1 + abs(total) * 1e-8


def test_parts_by_hand():
    # 10 in thirds: 3.33 each; one penny is left and goes to the first of equals.
    assert largest_remainder(10, [1, 1, 1]) == [4, 3, 3]
    # 7 by 0.5, 0.3, 0.2: 3.5, 2.1, 1.4; the penny goes to the largest fraction.
    assert largest_remainder(7, [0.5, 0.3, 0.2]) == [4, 2, 1]
    assert largest_remainder(-7, [0.5, 0.3, 0.2]) == [-4, -2, -1]
    assert largest_remainder(5, [0, 0]) == [3, 2]


def test_health_given_and_taken(streams):
    table = health_by_quintile(streams)
    health = 1 + 1 / 1.015 + 1 / 1.015**2
    assert table["gained"].to_numpy() == pytest.approx(
        [0.9 * AVERTED * 2.3 * health, 0, 0, 0, 0]
    )
    # People are spread evenly here, so the published shares of what is given up stand.
    assert bearers(streams) == pytest.approx([0.26, 0.22, 0.22, 0.16, 0.14])
    price = 15_000 * 100 / 85.10
    cost = 1.1e5 * (1 + 1 / 1.035 + 1 / 1.035**2)
    assert table["given_up"].sum() == pytest.approx(cost / price)
    worth = equity_table(streams).set_index("aversion")["weighted"]
    assert worth[0] == pytest.approx(table["net"].sum(), rel=1e-6)
    assert worth[20] > worth[0], "the most deprived gain, so aversion to inequality adds to it"


def test_every_case_has_a_title_and_runs(drawn):
    table = appraisal_table(drawn)
    assert list(table["case"]) == [case.name for case in cases(drawn)]
    assert {"hospital_events", "lifetime_cost_of_exclusion"} <= set(table["case"])
    assert (table["npsv_low95"] < table["npsv"]).all() and (table["draws"] == 3).all()


def test_what_costs_nothing_has_no_ratio_and_makes_no_noise(streams):
    free = replace(streams, spend={})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = appraisal_table(free)
    assert table[["bcr", "bcr_low80", "bcr_high95"]].isna().all(axis=None)
    assert table["npsv"].tolist() == pytest.approx(table["benefits"].tolist())
