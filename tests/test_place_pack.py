"""Place packs: what a good one gives, and that everything wrong with a bad one is told at once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from place_packs import Rows, write_pack

from vru_model.errors import InputError
from vru_model.place import Place, build_population, check_pack, load_place

Tables = dict[str, Rows]


@pytest.fixture(scope="module")
def west_midlands(west_midlands_pack: Path) -> Place:
    return load_place(west_midlands_pack)


def test_the_west_midlands_pack_agrees_exactly(
    west_midlands: Place, west_midlands_pack: Path
) -> None:
    assert check_pack(west_midlands_pack) == []
    table = pd.read_csv(west_midlands_pack / "neighbourhoods.csv")
    table = table.sort_values(["local_authority", "neighbourhood"], ignore_index=True)
    population = build_population(west_midlands, seed=1)
    band = np.searchsorted([16, 25, 35, 50, 65], population.age, side="right")
    found = np.zeros((len(table), 6), dtype=int)
    np.add.at(found, (population.neighbourhood, band), 1)
    bands = [name for name in table if name.startswith("residents_")]
    assert (found == table[bands].to_numpy()).all()
    assert list(west_midlands.neighbourhoods["neighbourhood"]) == list(table["neighbourhood"])
    sexes = pd.read_csv(west_midlands_pack / "residents_by_sex.csv")
    authority = west_midlands.neighbourhoods["local_authority"].to_numpy()
    lived = authority[population.neighbourhood]
    assert np.bincount(lived[population.male]).tolist() == sexes["male"].tolist()
    residuals = sexes["female"].to_numpy() - np.bincount(lived[~population.male])
    assert residuals.tolist() == [20, -1, -27, 12, 7, 16, -28]
    notes = " ".join(west_midlands.notes)
    assert "Birmingham +20" in notes and "Wolverhampton -28" in notes
    assert "pupils for 84 and free school meals for 177 of 1,233 schools" in notes


def test_the_west_midlands_pack_and_the_built_in_place_agree(west_midlands: Place) -> None:
    built_in = load_place()
    assert built_in.authorities == west_midlands.authorities
    for columns in (["local_authority"], ["local_authority", "deprivation_decile"]):
        one, other = (
            place.neighbourhoods.groupby(columns)["residents"].agg(["sum", "count"])
            for place in (built_in, west_midlands)
        )
        pd.testing.assert_frame_equal(one, other)
    assert (built_in.males == west_midlands.males).all()
    households = [
        place.neighbourhoods.groupby("local_authority")["households"].sum().tolist()
        for place in (built_in, west_midlands)
    ]
    assert households[0] == households[1]
    for place in (built_in, west_midlands):
        residents = place.neighbourhoods["residents"]
        national = (10.5 - place.neighbourhoods["deprivation_decile"]) / 10
        assert np.average(place.neighbourhoods["deprivation"], weights=residents) == pytest.approx(
            np.average(built_in.neighbourhoods["deprivation"],
                       weights=built_in.neighbourhoods["residents"])
        )  # fmt: skip
        assert np.corrcoef(place.neighbourhoods["deprivation"], national)[0, 1] > 0.85


def test_the_single_years_of_a_pack_are_kept(
    west_midlands: Place, west_midlands_pack: Path
) -> None:
    ages = pd.read_csv(west_midlands_pack / "residents_by_age.csv").set_index("neighbourhood")
    ages = ages.loc[west_midlands.neighbourhoods["neighbourhood"]]
    assert np.abs(west_midlands.residents_by_age - ages.to_numpy()).max() < 0.2
    population = build_population(west_midlands, seed=1)
    found = np.bincount(np.minimum(population.age, 90), minlength=91)
    assert found == pytest.approx(ages.sum().to_numpy(), abs=60)


def test_a_small_pack(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "small_place")
    assert check_pack(folder) == []
    place = load_place(folder)
    assert (place.name, place.title, place.synthetic) == ("small_place", "Small Place", False)
    assert place.full_population == 7_470
    assert [authority.name for authority in place.authorities] == ["Northtown", "Southtown"]
    assert place.adjacency.tolist() == [[0, 1], [1, 2], [3, 4]]
    assert place.attribution == "Contains figures under the Open Government Licence v3.0."
    assert "Northtown +1, Southtown +1" in " ".join(place.notes)
    assert "pupils for 1 and free school meals for 1 of 2 schools" in " ".join(place.notes)
    deprivation = place.neighbourhoods["deprivation"]
    assert list(deprivation.sort_values(ascending=False).index) == [0, 3, 1, 4, 2]


def test_neither_the_order_of_lines_nor_the_folder_matters(tmp_path: Path) -> None:
    def shuffle(tables: Tables) -> None:
        for rows in tables.values():
            rows.reverse()

    place = load_place(write_pack(tmp_path / "one"))
    shuffled = load_place(write_pack(tmp_path / "two", shuffle))
    assert place.digest == shuffled.digest
    one, other = (build_population(p, 1) for p in (place, shuffled))
    assert np.array_equal(one.identifier, other.identifier)
    assert np.array_equal(one.liability, other.liability)


def test_columns_of_the_users_own_are_let_be(tmp_path: Path) -> None:
    def add(tables: Tables) -> None:
        for row in tables["neighbourhoods.csv"]:
            row["remark"] = "ours"

    assert check_pack(write_pack(tmp_path / "more", add)) == []


def test_a_pack_without_sources_says_what_is_assumed(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "bare")
    (folder / "SOURCES.md").unlink()
    place = load_place(folder)
    assert "Open Government Licence v3.0" in place.attribution
    assert any("assumed" in note for note in place.notes)


def change(file: str, row: int, **cells: object) -> Callable[[Tables], None]:
    """Return a change of some cells of one row."""
    return lambda tables: tables[file][row].update(cells)


def repeat(file: str, row: int) -> Callable[[Tables], None]:
    """Return a change that writes one row twice."""
    return lambda tables: tables[file].append(dict(tables[file][row]))


def drop(file: str, row: int) -> Callable[[Tables], object]:
    """Return a change that leaves one row out."""
    return lambda tables: tables[file].pop(row)


def rename(file: str, old: str, new: str) -> Callable[[Tables], None]:
    """Return a change of the name of a column."""

    def apply(tables: Tables) -> None:
        tables[file] = [
            {new if name == old else name: cell for name, cell in row.items()}
            for row in tables[file]
        ]

    return apply


HOME, AGES, SEX = "neighbourhoods.csv", "residents_by_age.csv", "residents_by_sex.csv"
FREE_MEALS = "free_school_meals_percent"
NEAR, SCHOOLS, HOSPITALS = "adjacency.csv", "schools.csv", "emergency_departments.csv"

SPOILT: list[tuple[Callable[[Tables], object], str, int | None, str, str]] = [
    # change, file, line, name, part of what is told
    (change(HOME, 1, residents="lots"), HOME, 3, "residents", "'lots'"),
    (change(HOME, 1, residents="1,510"), HOME, 3, "residents", "without commas"),
    (change(HOME, 1, residents=-4), HOME, 3, "residents", "1 or more"),
    (change(HOME, 1, residents=1510.5), HOME, 3, "residents", "a whole number"),
    (change(HOME, 1, households=""), HOME, 3, "households", "a blank cell"),
    (change(HOME, 1, households=9999), HOME, 3, "households", "9,999 households"),
    (change(HOME, 0, residents=1501), HOME, 2, "residents", "add up to 1,500"),
    (change(HOME, 2, imd_decile=0), HOME, 4, "imd_decile", "from 1 to 10"),
    (change(HOME, 2, imd_decile=11), HOME, 4, "imd_decile", "from 1 to 10"),
    (change(HOME, 2, imd_decile="nan"), HOME, 4, "imd_decile", "'nan'"),
    (change(HOME, 2, income_score=25), HOME, 4, "income_score", "from 0 to 1"),
    (change(HOME, 2, latitude=-1.9), HOME, 4, "latitude", "from 49 to 61"),
    (change(HOME, 2, longitude=52.4), HOME, 4, "longitude", "from -9 to 2"),
    (change(HOME, 2, name=""), HOME, 4, "name", "a blank cell"),
    (repeat(HOME, 0), HOME, 7, "neighbourhood", "stands in line 2 too"),
    (change(HOME, 1, local_authority_name="Nrth"), HOME, 3, "local_authority_name", "'Northtown'"),
    (change(HOME, 3, local_authority_name="Northtown"), HOME, 5, "local_authority", "'E1'"),
    (rename(HOME, "imd_decile", "imd_decil"), HOME, 1, "imd_decile", "did you mean 'imd_decil'"),
    (change(AGES, 0, age_7="x"), AGES, 2, "age_7", "'x'"),
    (change(AGES, 0, age_7=-1), AGES, 2, "age_7", "0 or more"),
    (change(AGES, 0, age_7=99), AGES, 2, "residents_0_15", "300 in N1"),
    (change(AGES, 0, neighbourhood="N9"), AGES, 2, "neighbourhood", "a neighbourhood of"),
    (drop(AGES, 0), AGES, None, "neighbourhood", "no row for 'N1'"),
    (repeat(AGES, 0), AGES, 7, "neighbourhood", "stands in line 2 too"),
    (rename(AGES, "age_90p", "age_90"), AGES, 1, "age_90p", "did you mean 'age_90'"),
    (change(SEX, 0, male=1), SEX, 2, "female + male", "within 0.1% for rounding"),
    (change(SEX, 0, local_authority="E9"), SEX, 2, "local_authority", "'E9'"),
    (change(SEX, 0, local_authority_name="Nrth"), SEX, 2, "local_authority_name", "'Northtown'"),
    (drop(SEX, 1), SEX, None, "local_authority", "no row for 'E2'"),
    (change(NEAR, 0, neighbour="N0"), NEAR, 2, "neighbour", "'N0'"),
    (change(NEAR, 0, neighbourhood="N3"), NEAR, 2, "neighbour", "the lower code first"),
    (change(NEAR, 0, neighbourhood="N2"), NEAR, 2, "neighbour", "the lower code first"),
    (repeat(NEAR, 0), NEAR, 5, "neighbour", "stands in line 2 too"),
    (change(SCHOOLS, 0, neighbourhood="N7"), SCHOOLS, 2, "neighbourhood", "'N7'"),
    (change(SCHOOLS, 0, pupils="some"), SCHOOLS, 2, "pupils", "or blank"),
    (change(SCHOOLS, 0, free_school_meals_percent=133), SCHOOLS, 2, FREE_MEALS, "from 0 to 100"),
    (change(SCHOOLS, 1, urn=100), SCHOOLS, 3, "urn", "100, which stands in line 2 too"),
    (change(HOSPITALS, 0, neighbourhood=""), HOSPITALS, 2, "neighbourhood", "a blank cell"),
    (change(HOSPITALS, 0, latitude="north"), HOSPITALS, 2, "latitude", "'north'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "file", "line", "name", "told"), SPOILT, ids=[f"{s[1]}-{s[4]}" for s in SPOILT]
)
def test_what_is_wrong_is_told_with_file_line_and_name(
    tmp_path: Path,
    spoil: Callable[[Tables], object],
    file: str,
    line: int | None,
    name: str,
    told: str,
) -> None:
    problems = check_pack(write_pack(tmp_path / "spoilt", spoil))
    found = [
        problem
        for problem in problems
        if str(problem.file).endswith(file) and problem.line == line and problem.name == name
    ]
    assert any(told in str(problem) for problem in found), "\n".join(map(str, problems))


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    def spoil_all(tables: Tables) -> None:
        change(HOME, 1, residents="lots")(tables)
        change(AGES, 0, age_7=99)(tables)
        change(SEX, 1, male=1)(tables)
        change(NEAR, 0, neighbour="N0")(tables)

    folder = write_pack(tmp_path / "spoilt", spoil_all)
    (folder / SCHOOLS).unlink()
    (folder / "boundaries.geojson").write_text('{"features": [', "utf-8")
    files = {Path(str(problem.file)).name for problem in check_pack(folder)}
    assert files == {HOME, AGES, SEX, NEAR, SCHOOLS, "boundaries.geojson"}
    with pytest.raises(InputError) as raised:
        load_place(folder)
    assert raised.value.problems == check_pack(folder)


def test_many_problems_of_one_kind_are_counted(tmp_path: Path) -> None:
    def spoil(tables: Tables) -> None:
        tables[NEAR] += [{"neighbourhood": "N1", "neighbour": f"X{i}"} for i in range(1000)]

    problems = check_pack(write_pack(tmp_path / "spoilt", spoil))
    assert len(problems) == 21
    assert problems[-1].given == "980 more like these"


SHAPE = {"type": "Polygon", "coordinates": [[[-1.9, 52], [-1.8, 52], [-1.8, 52.1], [-1.9, 52]]]}
BAD_SHAPES = [
    ("[]", "FeatureCollection"),
    ("{", "GeoJSON"),
    ('{"features": []}', "FeatureCollection"),
    ('{"features": [7]}', "no code"),
    ("[" * 100_000, "GeoJSON"),
    ({"properties": {"neighbourhood": "N1"}, "geometry": None}, "no polygon"),
    ({"properties": {"neighbourhood": "N1"}, "geometry": {"type": "Point", "coordinates": [1, 2]}},
     "no polygon"),
    ({"properties": {"neighbourhood": "N8"}, "geometry": SHAPE}, "'N8'"),
    ({"properties": {"neighbourhood": "N1"}, "geometry": {**SHAPE, "coordinates": [[1, 2]]}},
     "a ring that is none"),
    ({"properties": {"neighbourhood": "N1"},
      "geometry": {**SHAPE, "coordinates": [[[52, -1.9]] * 4]}}, "latitudes from 49 to 61"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "told"), BAD_SHAPES)
def test_bad_shapes_are_told(tmp_path: Path, content: object, told: str) -> None:
    folder = write_pack(tmp_path / "spoilt")
    if isinstance(content, dict):
        content = json.dumps({"type": "FeatureCollection", "features": [content]})
    (folder / "boundaries.geojson").write_text(str(content), "utf-8")
    problems = check_pack(folder)
    assert {Path(str(problem.file)).name for problem in problems} == {"boundaries.geojson"}
    assert any(told in str(problem) for problem in problems), "\n".join(map(str, problems))


BROKEN: list[tuple[bytes, str]] = [
    (b"", "an empty file"),
    (b"\xff\xfe\x00\x01", "not UTF-8"),
    (b'neighbourhood,neighbour\n"N1,N2\n', "comma-separated"),
    (b"neighbourhood,neighbour\nN1,N2,N3\n", "3 cells"),
    (b"neighbourhood,neighbour\n", "no rows"),
    (b"neighbourhood,neighbourhood,neighbour\nN1,N1,N2\n", "2 columns"),
]


@pytest.mark.parametrize(("content", "told"), BROKEN)
def test_broken_files_are_told(tmp_path: Path, content: bytes, told: str) -> None:
    folder = write_pack(tmp_path / "broken")
    (folder / NEAR).write_bytes(content)
    assert any(told in str(problem) for problem in check_pack(folder))


def test_missing_things_are_told(tmp_path: Path) -> None:
    assert "no such folder" in str(check_pack(tmp_path / "nowhere")[0])
    (tmp_path / "file").write_text("text", "utf-8")
    assert "a file" in str(check_pack(tmp_path / "file")[0])
    (tmp_path / "empty").mkdir()
    assert len(check_pack(tmp_path / "empty")) == 8
    with pytest.raises(InputError, match="no such folder"):
        load_place(tmp_path / "nowhere" / "pack")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_content_ever_breaks_the_check(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = write_pack(tmp_path_factory.mktemp("fuzz") / "pack")
    try:
        file = data.draw(st.sampled_from(sorted(p.name for p in folder.iterdir())))
        content = (folder / file).read_bytes()
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 200)))
        new = data.draw(st.binary(max_size=20) | st.sampled_from([b",", b'"', b"\n", b"-1", b"[]"]))
        (folder / file).write_bytes(content[:start] + new + content[end:])
        if not check_pack(folder):
            assert load_place(folder).full_population > 0
    finally:
        shutil.rmtree(folder)
