"""Words no more precise than their intervals, the three headline measures, the gate."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import doubles
import pandas as pd
import pytest
from rich.console import Console

from vru_model.analysis.headline import HOME_OFFICE_MEASURES, headline, headline_sentences
from vru_model.analysis.plausibility import PRICE_OF_AN_ADMISSION, plausibility
from vru_model.analysis.rendering import render, write_comparison
from vru_model.analysis.wording import averted_sentence, figure, pounds, rounding_step
from vru_model.experiments import compare


def row(**changes):
    fields = {
        "measure": "expected_admissions", "group": "all ages", "year": 3, "window": "by year",
        "averted": 42.0, "low95": 12.1, "high95": 74.9, "chance_better": 0.94, "draws": 100,
        "replicates": 2,
    }  # fmt: skip
    return fields | changes


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {},
            "about 40 fewer admissions by year 3 (95% interval 10 to 75); "
            "better than the baseline in 94 of 100 draws",
        ),
        (
            {"low95": -12.0, "group": "under 25", "window": "in year"},
            "about 40 fewer admissions of under-25s in year 3 (95% interval 10 more to 75 fewer); "
            "better than the baseline in 94 of 100 draws",
        ),
        (
            {"averted": -42.0, "low95": -74.9, "high95": -12.1, "chance_better": 0.0, "draws": 1},
            "about 40 more admissions by year 3 (95% interval 10 to 75); "
            "better than the baseline in 0 of 2 replicates",
        ),
        (
            {"low95": float("nan"), "high95": float("nan"), "chance_better": 1.0, "draws": 1,
             "replicates": 1},
            "about 42 fewer admissions by year 3 (no interval); "
            "better than the baseline in 1 of 1 replicate",
        ),
    ],
)  # fmt: skip
def test_a_difference_in_words(changes, sentence):
    assert averted_sentence(row(**changes)) == sentence


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (43.21, 30.0, 50.0, "44"),
        (43.21, 0.0, 100.0, "40"),
        (0.4321, 0.39, 0.49, "0.43"),
        (12345.0, 9000.0, 15000.0, "12,000"),
        (0.6912, 0.678, 0.704, "0.69"),
        (12345.0, float("nan"), float("nan"), "12,000"),
        (0.0, 0.0, 0.0, "0"),
        (-0.2, -5.0, 5.0, "0"),
    ],
)
def test_figures_end_where_precision_ends(value, low, high, text):
    assert figure(value, rounding_step(value, low, high)) == text


def test_money_in_words():
    assert [pounds(each) for each in (3_370_000, 97_826, 812, -33_700_000)] == [
        "£3.37 million", "£98,000", "£812", "\N{MINUS SIGN}£33.70 million",
    ]  # fmt: skip


def gate(averted, low95, high95, extra):
    table = pd.DataFrame([row(averted=averted, low95=low95, high95=high95, year=1)])
    spend = pd.DataFrame({"programme": ["p"], "year": [1], "extra": [extra]})
    manifest = {"place": {"residents": 2_919_651}}
    comparison = SimpleNamespace(
        table=table, spend=spend, base=SimpleNamespace(manifest=manifest)
    )  # fmt: skip
    return plausibility(comparison)


def test_the_gate_carries_the_published_figures():
    assert pytest.approx(97_826, abs=1) == PRICE_OF_AN_ADMISSION
    found = gate(30.0, 10.0, 50.0, 3_370_000.0)
    assert found.benchmark == pytest.approx(34.4, abs=0.1)
    assert found.national_share == pytest.approx(58.1, abs=0.1)
    assert not found.warning
    for words in ("3,220", "£315 million", "£98,000", "about 34", "about 58", "about 30"):
        assert words in found.sentence


def test_the_gate_warns_far_above_the_benchmark_only():
    assert not gate(68.0, 60.0, 76.0, 3_370_000.0).warning
    above = gate(100.0, 60.0, 140.0, 3_370_000.0)
    assert above.warning and "2.9 times" in above.sentence
    assert gate(1.0, 0.5, 2.0, 0.0).warning, "something for nothing"
    assert not gate(1.0, -0.5, 2.0, 0.0).warning
    assert not gate(-5.0, -9.0, -1.0, 3_370_000.0).warning


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    better = doubles.DoubleScenario("better", reduction=0.1, spend=1e5)
    return compare(doubles.run_double(out), doubles.run_double(out, better))


def test_the_headline_is_the_three_measures_for_both_groups(comparison):
    rows = headline(comparison)
    assert rows["measure"].unique().tolist() == list(HOME_OFFICE_MEASURES)
    assert set(rows["group"]) == {"all ages", "under 25"} and set(rows["year"]) == {1, 3}
    sentences = headline_sentences(comparison, year=1)
    assert len(sentences) == 6
    assert sentences[0].startswith("About") and "sharp-object admissions by year 1" in sentences[0]


def test_the_rendering_says_what_it_is_and_whose_data(comparison):
    console = Console(width=140, record=True, file=io.StringIO())
    for block in render(comparison):
        console.print(block)
    text = " ".join(console.export_text().split())
    for words in (
        "Better against Baseline", "emergency-department attendances", "under 25", "navigators",
        "95% interval", "parameter uncertainty is not covered", "Modelled, not recorded",
        "OGL v3.0", comparison.base.run_id, "£100,000",
    ):  # fmt: skip
        assert words in text


def test_written_tables_carry_their_source_on_every_row(comparison, tmp_path):
    files = write_comparison(comparison, tmp_path / "new")
    assert [path.name for path in files] == ["comparison.csv", "spend.csv", "about.json"]
    table = pd.read_csv(files[0])
    pd.testing.assert_frame_equal(
        table.drop(columns="source"), comparison.table, check_dtype=False, check_exact=False
    )
    assert table["source"].str.contains("OGL v3.0").all()
    about = json.loads(files[2].read_text())
    assert about["scenario"] == comparison.other.run_id and about["plausibility"]["text"]
    again = write_comparison(comparison, tmp_path / "again")
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in files]
