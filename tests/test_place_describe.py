"""The needs-assessment view of a place."""

from __future__ import annotations

from pathlib import Path

import pytest
from place_packs import write_pack

from vru_model.errors import InputError
from vru_model.place import describe
from vru_model.place.plots import plot_deprivation, plot_population


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("places") / "small_place")


def test_the_description_says_what_is_synthetic_and_where_figures_come_from() -> None:
    text = str(describe("west_midlands", scale=0.01))
    assert text.startswith("West Midlands (synthetic neighbourhoods)")
    assert "2,919,651 residents in 1,719 synthetic neighbourhoods of 7 local authorities" in text
    assert "29,197 residents" in text and "each standing for 100" in text
    assert "Open Government Licence v3.0" in text
    assert "Birmingham +20" in text
    assert "Source: ONS, Census 2021" in text


def test_published_and_simulated_stand_side_by_side(pack: Path) -> None:
    description = describe(pack)
    assert description.title == "Small Place"
    assert list(description.tables["Residents by local authority"]["Published"]) == [
        "4,510",
        "2,960",
    ]
    for caption in ("Residents by local authority", "Residents by age (Census bands)"):
        table = description.tables[caption]
        assert list(table["Published"]) == list(table["Simulated"])
        assert set(table["Difference"]) == {"0"}
    sizes = description.tables["Households by size"]
    shares = sizes["Households"].str.rstrip("%").astype(float)
    assert shares.sum() == pytest.approx(100, abs=0.4)


def test_a_map_is_drawn_of_real_neighbourhoods_alone(pack: Path, tmp_path: Path) -> None:
    out = tmp_path / "place.png"
    description = describe(pack, out=out)
    assert out.stat().st_size > 10_000
    assert (tmp_path / "place-map.png").stat().st_size > 5_000
    alts = [note for note in description.notes if note.startswith("Picture")]
    assert len(alts) == 2 and "Population pyramid" in alts[0] and "Map of the 5" in alts[1]
    out = tmp_path / "synthetic.svg"
    describe("west_midlands", scale=0.01, out=out)
    assert "<svg" in out.read_text("utf-8")
    assert not (tmp_path / "synthetic-map.svg").exists()


def test_pictures_say_something_and_have_words(pack: Path) -> None:
    from vru_model.place import build_population, load_place

    place = load_place(pack)
    picture = plot_population(place, build_population(place, 1))
    for axes in picture.figure.axes:
        assert axes.get_title(loc="left") and axes.get_xlabel() and axes.get_ylabel()
    assert "under 25" in picture.alt and "aged 65 and over" in picture.alt
    assert place.attribution in picture.figure.get_supxlabel()
    shown = plot_deprivation(place)
    assert shown is not None and "1 the most deprived" in shown.alt


@pytest.mark.parametrize("name", ["place.docx", "nowhere/place.png"])
def test_pictures_that_cannot_be_written_are_refused_first(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="out"):
        describe("no such place is looked for", out=tmp_path / name)


def test_a_place_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        describe("nowhere")
