"""Observed counts: everything wrong is told at once, and no release gives a small number away."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from vru_model.analysis.disclosure import HIDDEN
from vru_model.analysis.observed import Observed, ages_of, period_kind, read_observed
from vru_model.analysis.protection import ALL, protect_observed
from vru_model.cli import app
from vru_model.errors import InputError
from vru_model.reporting.protection.writing import protect_file

HEAD = "measure,area,period,age_band,count\n"


def written(folder, name, *rows):
    path = folder / name
    path.write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    return path


def released(observed, *earlier):
    """Return (area, age band) -> what is shown, of one measure and period."""
    frame = protect_observed(observed, earlier).frame
    cells = zip(frame["area"], frame["age_band"], strict=True)
    return dict(zip(cells, frame["count"], strict=True))


def observed(cells, measure="admissions", period="2023/24"):
    """Return counts of one period: {area: {band: count}}."""
    rows = [(measure, area, period, band, count)
            for area, bands in cells.items() for band, count in bands.items()]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["measure", "area", "period", "age_band", "count"])
    return Observed("made-up.csv", frame, period_kind(period))


def test_a_release_by_hand():
    shown = released(observed({"A": {"0-24": 3, "25+": 30}, "B": {"0-24": 22, "25+": 41}}))
    # 3 is small; 30 (alone in its row) and 22 (alone in its column) go with it, and then 41.
    assert shown == {
        ("A", "0-24"): HIDDEN, ("A", "25+"): HIDDEN, ("A", ALL): "35",
        ("B", "0-24"): HIDDEN, ("B", "25+"): HIDDEN, ("B", ALL): "65",
        (ALL, "0-24"): "25", (ALL, "25+"): "70", (ALL, ALL): "95",
    }  # fmt: skip


def test_two_releases_do_not_undo_one_another_by_hand():
    # All ages were shown before. 60 - 55 leaves 5 people of 25 or over in A: 55 must not be shown.
    whole = observed({"A": {"0-120": 60}, "B": {"0-120": 200}, "C": {"0-120": 90}})
    young = observed({"A": {"0-24": 55}, "B": {"0-24": 100}, "C": {"0-24": 40}})
    assert released(young)["A", "0-24"] == "55"
    shown = released(young, whole)
    assert shown["A", "0-24"] == HIDDEN and shown["C", "0-24"] == HIDDEN  # a second beside it
    assert shown["B", "0-24"] == "100"
    # The other way round it is the whole that has to go, and again one that it would add up to.
    shown = released(whole, young)
    assert shown["A", "0-120"] == HIDDEN and shown["B", "0-120"] == "200"


def test_a_total_that_gives_something_away_takes_two_cells_with_it():
    young = observed({"A": {"0-24": 50}, "B": {"0-24": 300}})
    whole = observed({"A": {"0-24": 50, "25-64": 3, "65+": 2}, "B": {"0-24": 300, "25-64": 80,
                                                                   "65+": 90}})  # fmt: skip
    shown = released(whole, young)
    assert shown["A", ALL] == HIDDEN, "55 - 50 leaves 5 people of 25 or over"
    row = [shown["A", band] for band in ("0-24", "25-64", "65+")]
    assert row.count(HIDDEN) >= 2


def test_a_revision_by_a_few_people_is_not_shown():
    first = observed({"A": {"0-120": 40}, "B": {"0-120": 50}, "C": {"0-120": 60}})
    revised = observed({"A": {"0-120": 43}, "B": {"0-120": 50}, "C": {"0-120": 80}})
    shown = released(revised, first)
    assert shown["A", "0-120"] == HIDDEN and shown["C", "0-120"] == "80"


def test_other_measures_and_periods_do_not_meet():
    young = observed({"A": {"0-24": 55}})
    for other in (observed({"A": {"0-120": 60}}, measure="offences"),
                  observed({"A": {"0-120": 60}}, period="2022/23")):  # fmt: skip
        assert released(young, other)["A", "0-24"] == "55"


counts = st.integers(0, 60)
tables = st.fixed_dictionaries({
    area: st.fixed_dictionaries({band: counts for band in ("0-17", "18-24", "25+")})
    for area in ("A", "B", "C")
})  # fmt: skip


def merged(cells):
    return {area: {"0-24": bands["0-17"] + bands["18-24"], "25+": bands["25+"]}
            for area, bands in cells.items()}  # fmt: skip


@settings(deadline=None)
@given(tables, st.booleans())
def test_no_pair_of_shown_figures_leaves_a_small_number(cells, finer_first):
    fine, coarse = observed(cells), observed(merged(cells))
    first, second = (fine, coarse) if finer_first else (coarse, fine)
    key = ("admissions", "2023/24")
    known = protect_observed(first).figures[key]
    new = protect_observed(second, [first])
    for figure in new.figures[key]:
        assert not 1 <= figure.number <= 7
        for other in known:
            pair = sorted((figure, other), key=lambda each: (len(each.areas), len(each.ages)))
            if pair[0].areas <= pair[1].areas and pair[0].ages <= pair[1].ages:
                assert not 1 <= abs(figure.number - other.number) <= 7
    for text in new.frame["count"]:
        assert text == HIDDEN or int(text) % 5 == 0


@settings(deadline=None)
@given(tables, st.randoms())
def test_the_order_of_the_rows_does_not_matter(cells, chance):
    one = observed(cells)
    order = list(range(len(one.frame)))
    chance.shuffle(order)
    other = Observed(one.file, one.frame.iloc[order].reset_index(drop=True), one.periods)
    shown, again = released(one), released(other)
    # Which of two equal cells goes second may depend on the order; the small ones always go.
    small = {(row.area, row.age_band) for row in one.frame.itertuples() if 1 <= row[5] <= 7}
    assert all(shown[cell] == again[cell] == HIDDEN for cell in small)
    assert shown[ALL, ALL] == again[ALL, ALL]


def test_everything_wrong_with_a_file_is_told_at_once(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(
        "measure,area,period,age_band,count,sex\n"
        "admissions,A,2023/24,15-19,12,f\n"  # 2: right but for the sixth column
        "admissions,A,2023/25,15-19,5,f\n"  # 3: no financial year
        "admissions,All,2023/24,17-24,4.5,f\n"  # 4: a total, an overlap, no whole number
        "admissions,A,2023/24,15-19,13,f\n"  # 5: twice
        "admissions,=1+1,2024-05,old,-2,f\n",  # 6: a formula, another kind, no band, below zero
        "utf-8",
    )
    with pytest.raises(InputError) as refused:
        read_observed(path)
    found = [(problem.line, problem.name) for problem in refused.value.problems]
    assert sorted(found) == sorted([
        (1, "sex"), (3, "period"), (4, "area"), (4, "age_band"), (4, "count"), (5, "count"),
        (6, "area"), (6, "period"), (6, "age_band"), (6, "count"),
    ])  # fmt: skip
    assert all(str(path) in str(problem) for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("2024", "years"), ("2023/24", "financial years"), ("1999/00", "financial years"),
     ("2024 Q3", "quarters"), ("2024-12", "months"), ("2024-13", ""), ("2023/25", ""),
     ("April", "")],
)  # fmt: skip
def test_periods(text, kind):
    assert period_kind(text) == kind


@pytest.mark.parametrize(
    ("band", "ages"),
    [("15-19", (15, 19)), ("16", (16, 16)), ("90+", (90, 120)), ("19-15", None), ("130", None),
     ("under 18", None)],
)  # fmt: skip
def test_bands(band, ages):
    assert ages_of(band) == ages


def test_a_file_of_another_kind_of_period_is_refused(tmp_path):
    new = written(tmp_path, "new.csv", "admissions,A,2023/24,0-120,50")
    old = written(tmp_path, "old.csv", "admissions,A,2024-01,0-120,50")
    part = written(tmp_path, "part.csv", "admissions,A,2023/24,0-24,51")
    with pytest.raises(InputError) as refused:
        protect_file(new, [old])
    assert [problem.name for problem in refused.value.problems] == ["period"]
    with pytest.raises(InputError, match="at most 50"):
        protect_file(new, [part])
    with pytest.raises(InputError) as refused:
        protect_file(new, [tmp_path / "none.csv"], out=new)
    assert len(refused.value.problems) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.csv", "old.csv", "part.csv"]


def test_the_command_writes_what_may_be_released(tmp_path):
    source = written(tmp_path, "admissions.csv", "admissions,A,2023/24,0-24,3",
                     "admissions,A,2023/24,25+,30", "admissions,B,2023/24,25+,41")  # fmt: skip
    result = CliRunner().invoke(app, ["protect", str(source)])
    assert result.exit_code == 0, result.output
    target = tmp_path / "admissions_protected.csv"
    assert result.stdout.splitlines()[-1] == str(target)
    text = target.read_text("utf-8")
    assert "rounded to the nearest 5" in text and "1 cell absent" in text
    table = pd.read_csv(io.StringIO(text), dtype=str)
    assert list(table.columns) == ["measure", "area", "period", "age_band", "count", "protection"]
    assert table["protection"].nunique() == 1 and "modelled" not in text.lower()
    assert set(table["count"]) <= {HIDDEN, "0", "35", "40", "70", "75"}
    wrong = CliRunner().invoke(app, ["protect", str(tmp_path / "none.csv")])
    assert wrong.exit_code == 2
