"""Burden tables against counts that were worked out by hand."""

from __future__ import annotations

import json

import measure_doubles
import numpy as np
import pytest

from vru_model.analysis.measures import (
    averted,
    burden,
    cards,
    recorded_beside_true,
    standardised,
)
from vru_model.analysis.statistics.rates import crude_rate
from vru_model.errors import InputError
from vru_model.experiments.results import Run
from vru_model.parameters.accounts.measures import AGE_CUTS
from vru_model.people import AGE_BAND_STARTS, AGE_BANDS

CELLS = 2 * len(AGE_BANDS) * 2  # authorities, ages, sexes: a decile's
GRADIENT = sum((11 - decile) / 10 for decile in range(1, 11))  # 5.5
LEVEL = (1.05 + 1.26) / 2  # draws 1.0 and 1.2, each the mean of replicates 1 and 1.1


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    return [
        measure_doubles.run(out),
        measure_doubles.run(out, "better", 0.5, 1e6),
    ]


def one(table, name, **where):
    rows = table[table["measure"] == name]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1
    return rows.iloc[0]


def test_counts_and_rates_by_hand(runs):
    row = one(burden(runs[0]), "incidents", year=2)
    assert row["person_years"] == pytest.approx(1000 * CELLS * 10)
    assert row["count"] == pytest.approx(40 * LEVEL * GRADIENT * CELLS)
    assert row["rate"] == pytest.approx(row["count"] / row["person_years"] * 1000)
    # Two draws are too few for limits inside the means of both.
    low, high = (40 * level * GRADIENT * CELLS for level in (1.05, 1.26))
    assert row["low80"] == pytest.approx(low)
    assert row["high95"] == pytest.approx(high)
    counting = crude_rate(row["count"], row["person_years"], 1000)
    assert row["counting_low95"] == pytest.approx(counting.low)


def test_taken_off_and_divided(runs):
    table = burden(runs[0])
    assert one(table, "incidents_without_injury", year=1)["count"] == pytest.approx(
        20 * LEVEL * GRADIENT * CELLS
    )
    assert one(table, "custody", year=1)["count"] == pytest.approx(0.1 / 12 * CELLS * 10)


def test_cells_add_up_to_the_whole(runs):
    whole = burden(runs[0], by=())
    for by in ("local_authority", "deprivation_decile", "deprivation_quintile", "age_band", "sex"):
        parts = burden(runs[0], by=(by,)).groupby("measure")["count"].sum()
        for _, row in whole.iterrows():
            assert parts[row["measure"]] == pytest.approx(row["count"]), by


def test_quintiles_are_pairs_of_deciles(runs):
    quintiles = burden(runs[0], by=("deprivation_quintile",))
    first = one(quintiles, "injuries", deprivation_quintile=1)
    assert first["count"] == pytest.approx(20 * LEVEL * (1.0 + 0.9) * CELLS * 3)
    assert sorted(set(quintiles["deprivation_quintile"])) == [1, 2, 3, 4, 5]


def test_under_25_goes_by_the_victims_age(runs):
    young = [band for band in AGE_BANDS if int(band.split("-")[0].rstrip("+")) < 25]
    row = one(burden(runs[0], group="under 25"), "admissions", year=1)
    assert row["person_years"] == pytest.approx(1000 * 2 * len(young) * 2 * 10)
    assert row["count"] == pytest.approx(0.5 * LEVEL * GRADIENT * 2 * len(young) * 2)


def test_what_is_averted_is_paired(runs):
    row = one(averted(*runs, by=("deprivation_quintile",)), "incidents", deprivation_quintile=1)
    assert row["averted"] == pytest.approx(0.5 * row["baseline"])
    assert row["chance_better"] == 1 and row["draws"] == 2
    other = one(averted(*runs, by=("deprivation_quintile",)), "incidents", deprivation_quintile=3)
    assert other["averted"] == other["low95"] == other["high95"] == 0


def test_people_hurt_again_by_hand(runs):
    # In a cell of level and gradient 1: 40 incidents of 30 people, six of them hurt again.
    table = burden(runs[0])
    people = LEVEL * GRADIENT * CELLS
    assert one(table, "victims", year=1)["count"] == pytest.approx(30 * people)
    assert one(table, "repeat_victims", year=1)["count"] == pytest.approx(6 * people)
    assert one(table, "repeat_victimisation", year=1)["count"] == pytest.approx(10 * people)
    assert one(table, "non_domestic_incidents", year=1)["count"] == pytest.approx(28 * people)


def test_what_can_happen_to_some_ages_alone_is_a_rate_of_these(runs):
    # Ages 10 to 17 are three of the bands: half a first sanction for each thousand of them.
    row = one(burden(runs[0], by=("deprivation_decile",)), "first_time_entrants",
              deprivation_decile=1)  # fmt: skip
    assert row["person_years"] == pytest.approx(3 * 1000 * 2 * 3 * 2)
    by_age = burden(runs[0], by=("age_band",))
    entrants = by_age[by_age["measure"] == "first_time_entrants"]
    assert sorted(entrants["age_band"]) == ["10-14", "15", "16-17"]
    assert one(by_age, "first_time_entrants", age_band="15")["rate"] == pytest.approx(
        0.5 * LEVEL * GRADIENT / 10 / 1000 * 1e5
    )
    young = burden(runs[0], group="under 25")
    assert one(young, "aces", year=1)["person_years"] == pytest.approx(
        one(burden(runs[0]), "aces", year=1)["person_years"]
    )


def test_health_lost_by_hand(runs, tmp_path):
    # 20 injuries less 0.01 deaths at 0.127, 20 without injury at 0.043, 0.01 deaths at 32 QALYs.
    alone = measure_doubles.run(tmp_path, draws=1, replicates=1, years=1)
    expected = (19.99 * 0.127 + 20 * 0.043 + 0.01 * 32) * GRADIENT * CELLS
    assert one(burden(alone), "qalys_lost", year=1)["count"] == pytest.approx(expected)
    row = one(burden(runs[0]), "qalys_lost", year=1)
    assert row["low95"] < row["count"] < row["high95"] and np.isnan(row["counting_low95"])
    spared = one(averted(*runs, by=("deprivation_quintile",)), "qalys_lost",
                 deprivation_quintile=1)  # fmt: skip
    assert spared["averted"] == pytest.approx(0.5 * spared["baseline"])


def test_what_a_run_did_not_count_is_a_gap_and_no_nought(tmp_path):
    run = measure_doubles.run(tmp_path, draws=1, replicates=1, years=1)
    assert np.isnan(burden(run)["low95"]).all(), "one world has no interval"
    older = dict(run.manifest)
    older["counters"] = [each for each in older["counters"] if each != "victim:victims"]
    (run.folder / "manifest.json").write_text(json.dumps(older), "utf-8")
    table = set(burden(Run.open(run.folder))["measure"])
    assert "incidents" in table and not {"victims", "repeat_victimisation"} & table
    del older["counters"]
    (run.folder / "manifest.json").write_text(json.dumps(older), "utf-8")
    assert "victims" in set(burden(Run.open(run.folder))["measure"]), "it holds rows of them"


def test_records_stand_beside_what_happened(runs):
    table = recorded_beside_true(runs[0])
    row = one(table, "police_recorded_violence_with_injury", year=3)
    assert (row["recorded"], row["true"]) == (
        pytest.approx(5 * LEVEL * GRADIENT * CELLS), pytest.approx(20 * LEVEL * GRADIENT * CELLS)
    )  # fmt: skip
    assert row["share"] == pytest.approx(0.25) and row["share_low95"] == pytest.approx(0.25)
    assert row["recorded_low95"] < row["recorded"] < row["recorded_high95"]


def test_records_stand_beside_what_happened_in_every_fifth(runs):
    # In every fifth the police record 10 of 40, however many those are.
    table = recorded_beside_true(runs[0], ("deprivation_quintile",))
    for quintile in range(1, 6):
        row = one(table, "police_recorded_incidents", deprivation_quintile=quintile)
        assert row["share"] == pytest.approx(0.25)
        gradient = (11 - 2 * quintile) / 10 + (12 - 2 * quintile) / 10
        assert row["true"] == pytest.approx(40 * LEVEL * gradient * CELLS * 3)


def test_a_standardised_rate_of_equal_rates_is_that_rate(runs):
    # Every age has the same rate here, so standardising cannot change it: 0.5 admissions a cell
    # of a thousand person-years at level and gradient, three years pooled.
    (row,) = standardised(runs[0], "admissions").to_dict("records")
    assert row["rate"] == pytest.approx(0.5 * LEVEL * GRADIENT / 10 / 1000 * 1e5)
    assert (row["first_year"], row["last_year"]) == (1, 3)
    assert row["events"] == pytest.approx(0.5 * LEVEL * GRADIENT * CELLS * 3)
    assert row["dobson_low95"] < row["rate"] < row["dobson_high95"]
    by_place = standardised(runs[0], "admissions", by=("local_authority",))
    assert by_place["rate"].to_numpy() == pytest.approx([row["rate"]] * 2)


def test_what_cannot_be_asked_is_told(runs):
    with pytest.raises(InputError) as refused:
        burden(runs[0], by=("ward",), group="children")
    assert [problem.name for problem in refused.value.problems] == ["by", "group"]


def test_every_measure_has_a_card():
    for card in cards():
        assert "does not include" in card.text and "Modelled, not recorded" in card.text


def test_ages_of_measures_are_whole_bands():
    assert tuple(AGE_BAND_STARTS) == AGE_CUTS
