"""Where neighbourhoods stand, which are near, and where people move."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from place_packs import write_pack

from vru_model.benchmarks.places import county
from vru_model.place import Place, load_place, move_destinations, nearest_neighbourhoods
from vru_model.place.geography import NIGHT_EXPOSURE_OF_CENTRE, group_neighbourhoods, project
from vru_model.place.pack import score_deprivation


@pytest.fixture(scope="module")
def place() -> Place:
    return load_place()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return load_place(write_pack(tmp_path_factory.mktemp("places") / "small"))


def points(place: Place) -> np.ndarray:
    return place.neighbourhoods[["x_km", "y_km"]].to_numpy()


def test_kilometres_are_kilometres() -> None:
    # Birmingham (St Philip's) to Coventry (St Michael's): 27.2 km by great circle.
    x, y = project(np.array([52.4812, 52.4081]), np.array([-1.8989, -1.5073]))
    assert np.hypot(x[1] - x[0], y[1] - y[0]) == pytest.approx(27.8, abs=0.3)
    assert x.sum() == pytest.approx(0) and x[1] > x[0] and y[1] < y[0]


@pytest.mark.parametrize("k", [1, 8, 10_000])
def test_the_nearest_are_the_nearest(place: Place, k: int) -> None:
    index = nearest_neighbourhoods(place, k)
    where = points(place)
    assert index.shape == (1719, min(k, 1718)) and index.dtype == np.int32
    rows = [0, 700, 1718]
    for row in rows:
        distance = np.hypot(*(where - where[row]).T)
        assert row not in index[row]
        found = distance[index[row]]
        assert (np.diff(found) >= 0).all()
        others = np.delete(distance, row)
        assert found == pytest.approx(np.sort(others)[: len(found)])


def test_near_means_the_same_authority_where_neighbourhoods_are_synthetic(place: Place) -> None:
    authority = place.neighbourhoods["local_authority"].to_numpy()
    assert (authority[nearest_neighbourhoods(place, 8)] == authority[:, None]).all()
    assert (authority[place.adjacency[:, 0]] == authority[place.adjacency[:, 1]]).all()
    assert (place.adjacency[:, 0] < place.adjacency[:, 1]).all()


def test_like_neighbourhoods_are_near_one_another(place: Place) -> None:
    decile = place.neighbourhoods["deprivation_decile"].to_numpy(dtype=float)
    one, other = place.adjacency.T
    assert 0.2 < np.corrcoef(decile[one], decile[other])[0, 1] < 0.9


def test_destinations_weigh_residents_distance_and_likeness(small: Place) -> None:
    index, cumulative = move_destinations(small, distance_km=4.0, deprivation=0.7)
    table = small.neighbourhoods
    assert index.shape == cumulative.shape == (5, 4)
    assert index.dtype == np.uint16 and cumulative.dtype == np.float32
    assert (cumulative[:, -1] == 1.0).all()
    where = points(small)
    for row in range(5):
        others = index[row]
        kilometres = np.hypot(*(where[others] - where[row]).T)
        unlike = np.abs(table["deprivation"][others] - table["deprivation"][row])
        weight = table["residents"][others] * np.exp(-kilometres / 4.0) * np.exp(-unlike / 0.7)
        expected = np.cumsum(weight) / weight.sum()
        assert cumulative[row] == pytest.approx(expected.to_numpy(), abs=1e-6)


def test_destinations_of_a_county(place: Place) -> None:
    index, cumulative = move_destinations(place)
    assert index.shape == cumulative.shape == (1719, 1024)
    assert (np.diff(cumulative, axis=1) >= 0).all() and (cumulative[:, -1] == 1.0).all()
    assert (index != np.arange(1719)[:, None]).all()


def test_the_destinations_that_count_take_almost_all_moves(place: Place) -> None:
    index, cumulative = move_destinations(place)
    table, where = place.neighbourhoods, points(place)
    residents, score = table["residents"].to_numpy(), table["deprivation"].to_numpy()
    for row in (0, 658, 659, 1718):
        kilometres = np.hypot(*(where - where[row]).T)
        weight = residents * np.exp(-kilometres / 4.0 - np.abs(score - score[row]) / 0.7)
        chance = weight[index[row]] / (weight.sum() - weight[row])
        assert chance.sum() == pytest.approx(1.0, abs=1e-5)
        assert np.cumsum(chance) == pytest.approx(cumulative[row], abs=1e-5)


def test_the_nearest_lie_in_the_own_county_where_counties_lie_apart(place: Place) -> None:
    three = county(1.0, 3)
    index = nearest_neighbourhoods(three, 8)
    where = points(three)
    for row in (0, 1719, 3437, 5156):
        distance = np.hypot(*(where - where[row]).T)
        distance[row] = np.inf
        assert index[row].tolist() == np.argsort(distance, kind="stable")[:8].tolist()
    assert (index // 1719 == np.arange(3 * 1719)[:, None] // 1719).all()


@pytest.mark.parametrize("scale", [1.0, 0.5, 0.1, 0.01])
def test_peers_are_as_many_at_every_scale(place: Place, scale: float) -> None:
    table = place.at_scale(scale).neighbourhoods
    area = table["peer_area"].to_numpy()
    assert sorted(set(area)) == list(range(area.max() + 1))
    assert (table.groupby("peer_area")["local_authority"].nunique() == 1).all()
    residents = scale * table.groupby("peer_area")["residents"].sum()
    assert residents.mean() == pytest.approx(1_700, rel=0.05)
    assert residents.between(680, 3_400).all()


def test_groups_are_of_near_neighbourhoods(place: Place) -> None:
    tenth = place.at_scale(0.1)
    assert tenth.at_scale(0.1) is tenth
    table = tenth.neighbourhoods
    birmingham = table[table["local_authority"] == 0]
    spread = birmingham.groupby("peer_area")[["x_km", "y_km"]].std().mean()
    assert (spread < 0.4 * birmingham[["x_km", "y_km"]].std()).all()


def test_one_neighbourhood_is_a_place_too() -> None:
    table = pd.DataFrame(
        {"x_km": [0.0], "y_km": [0.0], "residents": [1700], "local_authority": [0]}
    )
    assert group_neighbourhoods(table, 0.1).tolist() == [0]


def test_centres_have_the_night_time_economy(place: Place, small: Place) -> None:
    for one in (place, small):
        table = one.neighbourhoods
        centres = table[table["night_exposure"] > 0]
        assert set(centres["night_exposure"]) == {NIGHT_EXPOSURE_OF_CENTRE}
        size = table["local_authority"].value_counts().sort_index()
        expected = np.maximum(1, np.rint(0.01 * size)).astype(int)
        assert centres["local_authority"].value_counts().sort_index().tolist() == expected.tolist()
    assert small.neighbourhoods["night_exposure"].to_numpy()[1] > 0  # the middle of three


def test_deprivation_is_measured_against_england() -> None:
    residents = np.array([1000, 3000, 1000])
    decile = np.array([1, 5, 9])
    income, employment = np.array([0.5, 0.25, 0.08]), np.array([0.3, 0.15, 0.05])
    score = score_deprivation(income, employment, decile, residents)
    national = np.array([1.6449, 0.1257, -1.0364])
    assert np.average(score, weights=residents) == pytest.approx(
        np.average(national, weights=residents), abs=1e-4
    )
    spread = [
        np.sqrt(np.cov(values, aweights=residents, bias=True)) for values in (score, national)
    ]
    assert spread[0] == pytest.approx(spread[1], abs=1e-4)
    assert (np.diff(score) < 0).all()
    flat = score_deprivation(np.full(3, 0.2), np.full(3, 0.1), np.full(3, 5), residents)
    assert flat == pytest.approx(np.full(3, 0.12566), abs=1e-4)
