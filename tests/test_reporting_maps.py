"""A map of change: what cannot be told stays grey, and nobody is ranked."""

import pandas as pd
import pytest
from place_packs import write_pack
from small_papers import STRATEGY_FILE

from vru_model.experiments import compare
from vru_model.place import load_place
from vru_model.reporting import maps
from vru_model.reporting.blocks import Chart, Table
from vru_model.reporting.board.case import (
    BASELINE,
    ENDED,
    MAXIMUM,
    MINIMUM,
    QUICKER,
    SLOWER,
    STRATEGY,
    BoardCase,
)
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.board.programme.place_map import map_blocks
from vru_model.reporting.board.programme.readings import Readings
from vru_model.reporting.findings import run_together
from vru_model.scenario import Scenario


@pytest.fixture
def place(tmp_path):
    return load_place(write_pack(tmp_path / "pack"))


def rates_of(place, changed):
    """Return rates of every kind that cannot be told, but for those of (authority, fifth)."""
    kinds = pd.MultiIndex.from_frame(maps.kinds_of(place).drop_duplicates()).sort_values()
    rates = pd.DataFrame({"averted": 0.5, "low80": -1.0, "high80": 2.0}, index=kinds)
    for kind, values in changed.items():
        rates.loc[kind] = values
    return rates


def test_only_what_can_be_told_is_coloured_and_no_place_is_named(place, monkeypatch):
    rates = rates_of(place, {("E1", 1): [5.0, 2.5, 8.0], ("E2", 4): [-3.0, -5.0, -1.0]})
    monkeypatch.setattr(maps, "kind_rates", lambda *_: rates)
    chart, table = maps.change_map(place, None, "A mix", "run x")
    people = place.neighbourhoods.set_index("neighbourhood")["residents"]
    share, other = (100 * people[code] / people.sum() for code in ("N1", "N5"))
    assert (f"A mix: fewer admissions where {share:.0f}% of residents live and more admissions "
            f"where {other:.0f}% of residents live (80% intervals)") in chart.alt
    assert "cannot be told (80% interval holds nought): 3 with" in chart.alt
    cells = table.frame.set_index("Authority")
    assert list(cells.index) == ["Northtown", "Southtown"]
    assert cells.loc["Northtown", "1st fifth (most deprived)"] == "2.5 to 8.0"
    assert cells.loc["Northtown", "2nd"] == "no such place"
    assert place.attribution in chart.caption and chart.png[:4] == b"\x89PNG"
    shown = chart.alt + chart.caption + table.frame.to_string()
    assert not any(code in shown for code in people.index)


def test_a_place_without_boundaries_has_no_map():
    with pytest.raises(ValueError, match="no boundaries"):
        maps.change_map(load_place("west_midlands"), None, "A mix", "")


def mapped(folder, pack, scale):
    """Return the blocks of the paper's map after real runs in a place pack."""
    file = folder / "two_and_a_place.yaml"
    file.write_text(STRATEGY_FILE)
    options = BoardOptions(
        place=str(pack), scale=scale, years=2, draws=2, replicates=1, seed=1, workers=1,
        runs=str(folder / "runs"), date="2026-11-22", baseline="baseline", strategy=str(file),
        minimum=str(file), maximum=str(file), ending="grant_ends_after_1",
        contrast=["quick", "slow"], effort=0.1, payer="A made-up payer", recommendation="",
    )  # fmt: skip
    baseline, strategy = Scenario.load("baseline"), Scenario.load(file)
    runs = run_together([baseline, strategy], options)
    parts = dict.fromkeys((STRATEGY, MINIMUM, MAXIMUM, ENDED, QUICKER, SLOWER), strategy)
    case = BoardCase(options, {BASELINE: baseline, **parts}, runs)
    return map_blocks(case, Readings(case)), runs


@pytest.mark.parametrize("which", ["made up", "west_midlands"])
def test_a_place_pack_gives_the_paper_its_map_from_real_runs(which, tmp_path, request):
    made_up = which == "made up"
    pack = write_pack(tmp_path / "pack") if made_up else request.getfixturevalue(
        "west_midlands_pack")  # fmt: skip
    (chart, note, table), runs = mapped(tmp_path, pack, 0.2 if made_up else 0.003)
    assert isinstance(chart, Chart) and isinstance(table, Table) and chart.name == "map"
    place = load_place(pack)
    assert f"Map of the {len(place.neighbourhoods):,} neighbourhoods" in chart.alt
    assert list(table.frame["Authority"]) == [each.name for each in sorted(
        place.authorities, key=lambda each: each.code)]  # fmt: skip
    assert all(run.run_id in table.source for run in runs.values())
    assert "too small" in note.text
    # What every kind averts, weighed by its people, is what the whole place averts.
    compared = compare(runs["baseline"], runs["two_and_a_place"], (1, 2))
    data, kinds = table.data, maps.kinds_of(place)
    people = place.neighbourhoods.set_index("neighbourhood")["residents"].groupby(
        [kinds["local_authority"], kinds["fifth"]]).sum()  # fmt: skip
    rate = (data.set_index(["local_authority", "fifth"])["averted"] * people).sum() / people.sum()
    found = compared.table.query("measure == 'expected_admissions' and group == 'all ages' "
                                 "and window == 'by year' and year == 2")  # fmt: skip
    assert rate == pytest.approx(float(found["averted"].iloc[0]) / 2 / people.sum() * 1e5,
                                 rel=0.15, abs=0.02)  # fmt: skip
