"""Residents in households and families: what must hold for every one of them."""

from __future__ import annotations

import weakref
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from place_packs import Rows, write_pack

from vru_model.place import Place, Population, build_population, cached_population, load_place
from vru_model.place.counts import whole_bands, whole_parts, whole_years
from vru_model.place.synthesis import residents_by_authority


@pytest.fixture(scope="module")
def tenth() -> Place:
    return load_place(scale=0.1)


@pytest.fixture(scope="module")
def population(tenth: Place) -> Population:
    return build_population(tenth, seed=1)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return load_place(write_pack(tmp_path_factory.mktemp("places") / "small"))


def check_invariants(place: Place, population: Population) -> None:
    """Assert what holds for every population."""
    index = np.arange(len(population))
    assert len(population) == round(place.scale * place.full_population)
    assert len(np.unique(population.identifier)) == len(population)
    assert (population.birth_month <= 0).all() and (population.age <= 99).all()
    # Households stand together, each in one neighbourhood.
    assert (np.diff(population.neighbourhood) >= 0).all()
    steps = np.diff(population.household, prepend=-1)
    assert set(np.unique(steps)) <= {0, 1} and steps[0] == 1
    assert (np.diff(population.neighbourhood)[np.diff(population.household) == 0] == 0).all()
    # Partners are two adults of one household.
    paired = np.flatnonzero(population.partner >= 0)
    partner = population.partner[paired]
    assert (population.partner[partner] == paired).all() and (partner != paired).all()
    assert (population.household[partner] == population.household[paired]).all()
    assert (population.age[paired] >= 18).all()
    # Carers are adults of the same household without a carer themselves.
    cared = np.flatnonzero(population.carer >= 0)
    carer = population.carer[cared]
    assert (population.household[carer] == population.household[cared]).all()
    assert (population.age[carer] >= 18).all() and (population.carer[carer] == -1).all()
    assert (population.partner[cared] == -1).all()
    # Every child has a carer wherever an adult lives.
    adults = np.bincount(
        population.neighbourhood[population.age >= 18], minlength=len(place.neighbourhoods)
    )
    alone = index[(population.age < 18) & (population.carer < 0)]
    assert (adults[population.neighbourhood[alone]] == 0).all()


def gaps(population: Population) -> np.ndarray:
    """Return by how many years carers are older."""
    cared = np.flatnonzero(population.carer >= 0)
    months = population.birth_month.astype(int)
    return (months[cared] - months[population.carer[cared]]) / 12


def test_invariants(tenth: Place, population: Population) -> None:
    check_invariants(tenth, population)
    assert ((gaps(population) >= 16) & (gaps(population) <= 45)).all()


@settings(max_examples=40, deadline=None)
@given(scale=st.floats(0.001, 1.0), seed=st.integers(0, 2**63))
def test_invariants_hold_at_any_scale_and_seed(small: Place, scale: float, seed: int) -> None:
    place = small.at_scale(scale)
    check_invariants(place, build_population(place, seed))


def test_the_same_seed_gives_the_same_residents(tenth: Place, population: Population) -> None:
    again = build_population(load_place(scale=0.1), seed=1)
    for name, column in population.columns().items():
        assert np.array_equal(column, again.columns()[name]), name
    other = build_population(tenth, seed=2)
    assert not np.array_equal(other.liability, population.liability)
    assert (other.male != population.male).mean() > 0.4


def test_dtypes(population: Population) -> None:
    assert {name: str(column.dtype) for name, column in population.columns().items()} == {
        "identifier": "uint64", "birth_month": "int16", "male": "bool", "neighbourhood": "int32",
        "household": "int32", "carer": "int32", "partner": "int32", "liability": "float32",
    }  # fmt: skip


def test_small_scales_are_close_in_every_total(tenth: Place, population: Population) -> None:
    table = tenth.neighbourhoods
    authority = table["local_authority"].to_numpy()
    decile = table["deprivation_decile"].to_numpy()
    band = np.searchsorted([16, 25, 35, 50, 65], population.age, side="right")
    simulated = np.zeros((len(table), 6))
    np.add.at(simulated, (population.neighbourhood, band), 1)
    excess = simulated - 0.1 * tenth.residents_by_band
    assert abs(excess.sum()) < 0.5
    assert np.abs(excess.sum(axis=0)).max() < 1.0
    for one in range(7):
        assert np.abs(excess[authority == one].sum(axis=0)).max() < 1.0
    # A decile is a run of the ruler in each authority and band: 42 roundings of less than one.
    assert max(abs(excess[decile == one].sum()) for one in range(1, 11)) < 10
    males = np.bincount(authority[population.neighbourhood[population.male]], minlength=7)
    assert np.abs(males - 0.1 * tenth.males).max() < 1.5


@pytest.mark.parametrize("scale", [0.1, 0.01])
def test_small_scales_are_right_on_average(scale: float) -> None:
    place = load_place(scale=scale)
    seeds = range(20)
    decile = place.neighbourhoods["deprivation_decile"].to_numpy()
    expected = scale * np.bincount(decile, place.neighbourhoods["residents"], minlength=11)[1:]
    found = np.array(
        [
            np.bincount(decile[build_population(place, seed).neighbourhood], minlength=11)[1:]
            for seed in seeds
        ]
    )
    assert np.abs(found.mean(axis=0) - expected).max() < 2.0


@settings(max_examples=50, deadline=None)
@given(
    profile=st.lists(st.floats(0, 50), min_size=91, max_size=91),
    share=st.floats(0.01, 1.0),
    start=st.floats(0.001, 0.999),
)
def test_the_rulers_miss_no_cell_by_much(profile: list[float], share: float, start: float) -> None:
    edges = [0, 16, 25, 35, 50, 65]
    ages = np.array([profile, profile[::-1]]) + 0.5
    bands = np.ceil(np.add.reduceat(ages, edges, axis=1))
    ages *= np.repeat(bands / np.add.reduceat(ages, edges, axis=1), np.diff([*edges, 91]), axis=1)
    bands = bands.astype(int)
    full = int(bands.sum())
    total = max(1, round(share * full))
    whole = whole_bands(bands, np.arange(2), total, start)
    assert whole.sum() == total
    assert np.abs(whole - bands * total / full).max() < 1.0 + 1e-6
    counts = whole_years(ages, whole, np.full(whole.shape, start))
    assert (np.add.reduceat(counts, edges, axis=1) == whole).all() and counts.min() >= 0
    assert np.abs(counts - ages * total / full).max() < 2.0 + 1e-6
    assert (whole_bands(bands, np.arange(2), full, start) == bands).all()


def test_the_ruler_is_unbiased() -> None:
    expected = np.array([0.3, 1.7, 0.04, 5.5])
    starts = (np.arange(1000) + 0.5) / 1000
    mean = np.mean([whole_parts(expected, start) for start in starts], axis=0)
    assert mean == pytest.approx(expected, abs=0.002)


def test_families_are_plausible(tenth: Place, population: Population) -> None:
    child = population.age < 18
    carer = population.carer[child]
    children = np.bincount(population.household[child], minlength=population.household[-1] + 1)
    couple = np.zeros(len(children), dtype=bool)
    couple[population.household[carer[population.partner[carer] >= 0]]] = True
    families = children > 0
    assert 0.20 < (~couple & families).sum() / families.sum() < 0.28
    assert 1.7 < children[families].mean() < 2.1
    assert 0.85 < 1 - population.male[carer].mean() < 0.93
    paired = np.flatnonzero(population.partner >= 0)
    same_sex = population.male[paired] == population.male[population.partner[paired]]
    assert 0.012 < same_sex.mean() < 0.022
    young = (population.age >= 18) & (population.age < 25)
    assert 0.5 < (population.carer[young] >= 0).mean() < 0.7


def test_households_meet_the_published_number(tenth: Place, population: Population) -> None:
    wanted = 0.1 * tenth.neighbourhoods["households"].sum()
    assert population.household[-1] + 1 == pytest.approx(wanted, rel=0.01)
    size = np.bincount(population.household)[population.household]
    old = population.age >= 75
    assert (size[old] == 1).mean() > 1.5 * (size[population.age < 50] == 1).mean()


def test_old_age_is_spread_and_mostly_female(population: Population) -> None:
    oldest = population.age >= 90
    assert set(range(90, 98)) <= set(population.age[oldest])
    assert 0.2 < population.male[oldest].mean() < 0.42
    months = -population.birth_month[population.age == 0]
    assert set(months) == set(range(12))


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.8])
def test_liability_runs_in_families(tenth: Place, correlation: float) -> None:
    population = build_population(tenth, seed=3, family_correlation=correlation)
    cared = population.carer >= 0
    found = np.corrcoef(population.liability[cared], population.liability[population.carer[cared]])
    assert found[0, 1] == pytest.approx(correlation, abs=0.02)
    for group in (cared, ~cared):
        assert population.liability[group].mean() == pytest.approx(0.0, abs=0.02)
        assert population.liability[group].std() == pytest.approx(1.0, abs=0.02)


def test_a_neighbourhood_without_adults_leaves_children_without_carer(tmp_path: Path) -> None:
    def only_children(tables: dict[str, Rows]) -> None:
        row, ages = tables["neighbourhoods.csv"][0], tables["residents_by_age.csv"][0]
        row.update({name: 0 for name in row if name.startswith("residents_")})
        ages.update({name: 0 for name in ages if name.startswith("age_")})
        row["residents_0_15"] = ages["age_7"] = row["residents"]

    place = load_place(write_pack(tmp_path / "children", only_children))
    population = build_population(place, seed=1)
    check_invariants(place, population)
    here = population.neighbourhood == 0
    assert (population.carer[here] == -1).all()
    assert len(np.unique(population.household[here])) == 1
    assert (population.carer[~here & (population.age < 18)] >= 0).all()


def test_the_weight_is_the_one_scale_factor(tenth: Place, population: Population) -> None:
    assert tenth.weight(population) * len(population) == pytest.approx(2_919_651)
    assert tenth.weight(population) == pytest.approx(10, rel=1e-4)


def test_residents_are_stored_once_and_mapped(small: Place, tmp_path: Path) -> None:
    first = cached_population(small, 1, tmp_path / "cache")
    again = cached_population(small, 1, tmp_path / "cache")
    assert isinstance(again.liability, np.memmap)
    for name, column in build_population(small, 1).columns().items():
        assert np.array_equal(first.columns()[name], column)
        assert np.array_equal(again.columns()[name], column)
    stored = {path.name for path in (tmp_path / "cache").iterdir()}
    assert len(stored) == 1
    cached_population(small, 2, tmp_path / "cache")
    cached_population(small.at_scale(0.5), 1, tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 3


def test_residents_are_built_authority_by_authority(tenth: Place, population: Population) -> None:
    blocks = list(residents_by_authority(tenth, seed=1))
    assert len(blocks) == len(tenth.authorities)
    authority = tenth.neighbourhoods["local_authority"].to_numpy()
    for one, block in enumerate(blocks):
        assert (authority[block.neighbourhood] == one).all()
    for name, column in population.columns().items():
        assert np.array_equal(np.concatenate([block.columns()[name] for block in blocks]), column)


def test_an_authority_too_small_for_anybody_is_no_fault(small: Place) -> None:
    nobody = small.at_scale(1.5 / small.full_population)
    check_invariants(nobody, build_population(nobody, seed=1))


def test_a_stored_column_is_mapped_no_longer_than_it_is_held(small: Place, tmp_path: Path) -> None:
    stored = cached_population(small, 1, tmp_path)
    held = stored.liability
    mapped = weakref.ref(held)
    assert mapped() is not None
    del held
    assert mapped() is None


def test_damaged_storage_is_written_anew(small: Place, tmp_path: Path) -> None:
    cached_population(small, 1, tmp_path)
    (home,) = tmp_path.iterdir()
    (home / "carer.npy").write_bytes(b"half a fi")
    again = cached_population(small, 1, tmp_path)
    assert np.array_equal(again.carer, build_population(small, 1).carer)
    assert isinstance(again.carer, np.memmap)
    assert [path.name for path in tmp_path.iterdir()] == [home.name]
