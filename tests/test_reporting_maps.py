"""A map of change: what cannot be told stays grey, and nobody is ranked."""

import pandas as pd
import pytest
from place_packs import write_pack

from vru_model.place import load_place
from vru_model.reporting import maps


@pytest.fixture
def place(tmp_path):
    return load_place(write_pack(tmp_path / "pack"))


def test_only_what_can_be_told_is_coloured_and_no_place_is_named(place, monkeypatch):
    codes = list(place.neighbourhoods["neighbourhood"])
    rates = pd.DataFrame({"averted": 0.5, "low80": -1.0, "high80": 2.0}, index=codes)
    rates.loc[codes[0]] = [5.0, 2.5, 8.0]
    rates.loc[codes[1]] = [-3.0, -5.0, -1.0]
    monkeypatch.setattr(maps, "neighbourhood_rates", lambda comparison: rates)
    chart, table = maps.change_map(place, None, "A mix", "run x")
    counts = dict(zip(table.frame.iloc[:, 0], table.frame["Neighbourhoods"], strict=True))
    assert list(counts.values()) == ["1", "0", str(len(codes) - 2), "1"]
    assert "cannot be told" in chart.alt and place.attribution in chart.caption
    shown = chart.alt + chart.caption + table.frame.to_string()
    assert not any(code in shown for code in codes)
    assert chart.png[:4] == b"\x89PNG"


def test_a_place_without_boundaries_has_no_map():
    with pytest.raises(ValueError, match="no boundaries"):
        maps.change_map(load_place("west_midlands"), None, "A mix", "")
