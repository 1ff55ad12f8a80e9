"""The needs-assessment view of a place."""

from __future__ import annotations

from pathlib import Path

import pytest
from place_packs import write_pack

from vru_model.errors import InputError
from vru_model.place import Place, build_population, describe, load_place
from vru_model.place.plots import check_picture, draw_place, plot_deprivation, plot_population


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return load_place(write_pack(tmp_path_factory.mktemp("places") / "small_place"))


@pytest.fixture(scope="module")
def synthetic() -> Place:
    return load_place(scale=0.01)


def test_the_description_says_what_is_synthetic_and_where_figures_come_from(
    synthetic: Place,
) -> None:
    text = str(describe(synthetic, build_population(synthetic, 1)))
    assert text.startswith("West Midlands (synthetic neighbourhoods)")
    assert "2,919,651 residents in 1,719 synthetic neighbourhoods of 7 local authorities" in text
    assert "29,197 residents" in text and "each standing for 100" in text
    assert "Open Government Licence v3.0" in text
    assert "Birmingham +20" in text
    assert "Source: ONS, Census 2021" in text


def test_published_and_simulated_stand_side_by_side(real: Place) -> None:
    description = describe(real, build_population(real, 1))
    assert description.title == "Small Place"
    authorities = description.tables["Residents by local authority"]
    assert list(authorities["Published"]) == ["4,510", "2,960"]
    for caption in ("Residents by local authority", "Residents by age (Census bands)"):
        table = description.tables[caption]
        assert list(table["Published"]) == list(table["Simulated"])
        assert set(table["Difference"]) == {"0"}
    sizes = description.tables["Households by size"]
    shares = sizes["Households"].str.rstrip("%").astype(float)
    assert shares.sum() == pytest.approx(100, abs=0.4)


def test_a_map_is_drawn_of_real_neighbourhoods_alone(
    real: Place, synthetic: Place, tmp_path: Path
) -> None:
    drawn = draw_place(real, build_population(real, 1), tmp_path / "place.png")
    assert [path.name for path, _ in drawn] == ["place.png", "place-map.png"]
    assert all(path.stat().st_size > 5_000 for path, _ in drawn)
    assert "Population pyramid" in drawn[0][1] and "Map of the 5" in drawn[1][1]
    drawn = draw_place(synthetic, build_population(synthetic, 1), tmp_path / "synthetic.svg")
    assert [path.name for path, _ in drawn] == ["synthetic.svg"]
    assert not (tmp_path / "synthetic-map.svg").exists()


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_the_same_place_gives_the_same_picture(synthetic: Place, tmp_path: Path, form: str) -> None:
    population = build_population(synthetic, 1)
    content = []
    for name in ("one", "other"):
        ((path, _),) = draw_place(synthetic, population, tmp_path / f"{name}.{form}")
        content.append(path.read_bytes())
    assert content[0] == content[1]


def test_pictures_say_something_and_have_words(real: Place) -> None:
    picture = plot_population(real, build_population(real, 1))
    for axes in picture.figure.axes:
        assert axes.get_title(loc="left") and axes.get_xlabel() and axes.get_ylabel()
    assert "under 25" in picture.alt and "aged 65 and over" in picture.alt
    assert real.attribution in picture.figure.get_supxlabel()
    shown = plot_deprivation(real)
    assert shown is not None and "1 the most deprived" in shown.alt


@pytest.mark.parametrize("name", ["place.docx", "nowhere/place.png"])
def test_pictures_that_cannot_be_written_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="out"):
        check_picture(tmp_path / name)
