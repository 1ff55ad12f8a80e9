"""The report: every format says the same, says that it is modelled, and repeats byte for byte."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import measure_doubles
import pandas as pd
import pytest

from vru_model.analysis.appraisal import streams
from vru_model.analysis.inequality import inequality, inequality_change
from vru_model.cli import main
from vru_model.errors import InputError
from vru_model.reporting.report.writing import write_report
from vru_model.reporting.spreadsheet import Sheet, workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    return measure_doubles.run(out), measure_doubles.run(out, "better", 0.5, 1e6)


@pytest.fixture(scope="module")
def report(runs, tmp_path_factory):
    """Write the report twice; the grades stand in for programmes, which the doubles lack."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "_of_scenario", lambda _: ({"navigators": "B"}, "2024/25"))
        folders = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
        return folders[0], [write_report(runs[1], runs[0], folder) for folder in folders]


def sheets_of(content):
    """Return sheet name -> rows of text, as any program would read them."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    names = [each.get("name") for each in book.iter(f"{MAIN}sheet")]
    found = {}
    for number, name in enumerate(names, 1):
        page = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
        found[name] = [
            ["".join(cell.itertext()) for cell in row] for row in page.iter(f"{MAIN}row")
        ]
    return found


def test_every_format_of_a_table_holds_the_same_numbers(report):
    folder, (files, _) = report
    assert all(path.exists() for path in files)
    book = sheets_of((folder / "report.xlsx").read_bytes())
    assert list(book)[:3] == ["Cover", "Contents", "Notes"]
    names = sorted(path.stem for path in (folder / "csv").iterdir())
    assert names == sorted(list(book)[3:])
    assert {"appraisal", "agencies", "inequality_change", "visibility", "cards"} <= set(names)
    for name in names:
        stored = pd.read_parquet(folder / "parquet" / f"{name}.parquet")
        text = pd.read_csv(folder / "csv" / f"{name}.csv")
        assert list(text.columns) == list(stored.columns) and len(text) == len(stored)
        for column in stored.select_dtypes("number"):
            assert text[column].to_numpy() == pytest.approx(stored[column], nan_ok=True)
        head = book[name].index(list(stored.columns[:-1]))
        assert len(book[name]) - head - 1 == len(stored)
        assert stored["source"].str.contains("Modelled, not recorded").all()
        assert stored["source"].str.contains("parameter uncertainty is not covered").all()


# Comma, double quotes, UTF-8, from line 1, all sheets, values rather than what is shown.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


def test_a_spreadsheet_program_reads_the_same_numbers(report, tmp_path):
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice Calc is not installed: no spreadsheet program opens the report")
    folder, _ = report
    subprocess.run(
        [program, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", AS_CSV, "--outdir", str(tmp_path), str(folder / "report.xlsx")],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    read = 0
    for path in (folder / "parquet").iterdir():
        stored = pd.read_parquet(path)
        sheet = (tmp_path / f"report-{path.stem}.csv").read_text("utf-8")
        found = pd.read_csv(io.StringIO(sheet[sheet.index(",".join(stored.columns[:3])) :]))
        assert len(found) == len(stored)
        for column in stored.select_dtypes("number"):
            numbers = pd.to_numeric(found[column].replace("[x]", float("nan")))
            assert numbers.to_numpy() == pytest.approx(stored[column].to_numpy(), nan_ok=True)
            read += 1
    assert read > 100


def test_money_carries_its_price_year_and_its_intervals(report):
    folder, _ = report
    table = pd.read_csv(folder / "csv" / "appraisal.csv")
    assert (table["price_base"] == "2024/25").all()
    assert {"npsv_low95", "npsv_high95", "bcr_low80", "chance_benefits_exceed_costs"} <= set(table)


# Columns of numbers that need no interval, because they are no estimates, and those whose interval
# has a name of its own.
EXACT = {
    "year", "deprivation_quintile", "deprivation_decile", "first_year", "last_year", "by_year",
    "years_after", "aversion",  # which cell it is
    "per", "draws", "person_years", "people", "overdispersion",  # of how many, by what rule
    "costs", "cost", "paid", "pays", "extra_spend", "given_up",  # what is spent is planned
    "benchmark", "national_share", "detectable",  # what is compared with
}  # fmt: skip
CHANCES = {"chance_better", "chance_benefits_exceed_costs", "chance_above_zero",
           "chance_visible", "share_of_draws_that_can_turn", "monte_carlo_error"}  # fmt: skip
LIMITS = {
    "count": "low95", "averted": "low95", "rate": "low95", "events": "low95", "pence": "low95",
    "weighted": "low95", "change": "low95", "fall": "fall_low", "fall_in_counts": "fall_low",
    "cost_for_each": "each_low95", "first_year_visible": "chance_visible",
    "switch": "factor_low95",
}  # fmt: skip


def test_no_number_stands_without_its_interval(report):
    folder, _ = report
    checked = 0
    for path in (folder / "parquet").iterdir():
        table = pd.read_parquet(path)
        for column in table.select_dtypes("number"):
            if re.search(r"_?(low|high)(80|95)?$", column) or column in EXACT | CHANCES:
                continue
            limit = f"{column}_low95"
            limit = limit if limit in table else LIMITS.get(column, limit)
            assert limit in table, f"{path.stem}: {column}"
            checked += 1
    assert checked > 60


def test_the_same_runs_give_the_same_bytes(report):
    _, (first, second) = report
    assert len(first) == len(second) > 40
    for one, other in zip(first, second, strict=True):
        assert one.name == other.name and one.read_bytes() == other.read_bytes()


def test_charts_have_words_and_no_date(report):
    folder, _ = report
    words = (folder / "figures.md").read_text("utf-8")
    pictures = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", words)
    assert len(pictures) == 6
    for alt, path in pictures:
        assert len(alt) > 60 and (folder / path).exists()
    for link in re.findall(r"\]\((csv/[^)]+)\)", words):
        assert (folder / link).exists(), "each chart has its table beside it"
    for picture in (folder / "charts").glob("*.svg"):
        text = picture.read_text("utf-8")
        assert "<dc:date>" not in text and "<dc:description>" in text


def test_a_run_alone_has_no_money(runs, tmp_path):
    names = {path.stem for path in write_report(runs[0], out=tmp_path)}
    assert "burden_by_year" in names and "appraisal" not in names


def test_runs_that_do_not_exist_are_told_at_once(tmp_path):
    with pytest.raises(InputError) as refused:
        write_report(tmp_path / "none", tmp_path / "neither", tmp_path / "out")
    assert len(refused.value.problems) == 2 and not (tmp_path / "out").exists()


def test_the_command(runs, tmp_path, monkeypatch, capsys):
    out = tmp_path / "out"
    monkeypatch.setattr(sys, "argv", ["vru", "report", str(runs[0].folder), "--out", str(out)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert str(out / "report.xlsx") in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["vru", "report", str(tmp_path / "none")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2 and "none" in capsys.readouterr().err


def test_a_sheet_is_marked_up_as_a_table():
    table = pd.DataFrame(
        {"place": ["A & B", "C"], "rate": [1.5, float("nan")], "up": [True, False]}
    )
    content = workbook([Sheet("One", "A title", ["A <line>"], table), Sheet("Two", "Words")], "T")
    assert sheets_of(content)["One"] == [
        ["A title"], ["A <line>"], ["place", "rate", "up"], ["A & B", "1.5", "yes"],
        ["C", "[x]", "no"],
    ]  # fmt: skip
    archive = zipfile.ZipFile(io.BytesIO(content))
    marked = ElementTree.fromstring(archive.read("xl/tables/table1.xml"))
    assert marked.get("ref") == "A3:C5"
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    for name in archive.namelist():
        ElementTree.fromstring(archive.read(name))
    assert b"created" not in archive.read("docProps/core.xml")


@pytest.mark.parametrize("name", ["", "a" * 32, "a/b", "what?"])
def test_names_that_cannot_stand_on_a_tab_are_refused(name):
    with pytest.raises(ValueError, match="cannot stand"):
        workbook([Sheet(name, "T")], "T")


def test_inequality_by_hand(runs):
    # Rates fall evenly from decile 1 (10 tenths) to 10 (1 tenth): on ridits .05 to .95 the line has
    # the ends 10.5 and 0.5 tenths, so the ratio is 21, and 10 tenths apart.
    row = inequality(runs[0]).set_index("measure").loc["incidents"]
    level = (1.05 + 1.26) / 2
    assert row["fit"] == "linear" and not row["convex"]
    assert row["slope_index"] == pytest.approx(40 * level)
    assert row["relative_index"] == pytest.approx(21)
    assert row["absolute_gap"] == pytest.approx(40 * level * 0.9)
    assert row["relative_gap"] == pytest.approx(10)
    # Concentration: twice the covariance of rate and rank over the mean: -2 x 0.0825 / 0.55.
    assert row["concentration_index"] == pytest.approx(-0.3)


def test_a_strategy_for_the_deprived_narrows_both(tmp_path):
    options = {"draws": 20, "replicates": 1, "years": 1}
    runs = [measure_doubles.run(tmp_path, **options),
            measure_doubles.run(tmp_path, "better", 0.5, **options)]  # fmt: skip
    row = inequality_change(*runs).set_index(["measure", "group"]).loc[("incidents", "all ages")]
    assert row["cell"] == "better both ways"
    assert row["slope_index_scenario"] < row["slope_index_baseline"]
    same = inequality_change(runs[0], runs[0])
    assert (same["cell"] == "neither can be told").all()


def test_below_twenty_draws_nothing_is_told_of_inequality(runs):
    table = inequality_change(*runs)
    assert (table["draws"] == 2).all() and (table["cell"] == "neither can be told").all()
