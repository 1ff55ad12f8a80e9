"""The built-in place: published totals, agreed with exactly by synthetic neighbourhoods."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vru_model.errors import InputError
from vru_model.place import Place, build_population, check_totals, load_place
from vru_model.place.ages import BANDS
from vru_model.place.neighbourhoods import Draws, deal_bands, deal_sizes
from vru_model.place.plots import plot_deprivation
from vru_model.place.published import PublishedTotals, load_totals


@pytest.fixture(scope="module")
def document(repository_root: Path) -> Path:
    return repository_root / "parameters" / "places" / "west_midlands.yaml"


@pytest.fixture(scope="module")
def totals(document: Path) -> PublishedTotals:
    return load_totals(document)


@pytest.fixture(scope="module")
def place() -> Place:
    return load_place()


def test_published_totals_are_those_of_the_census(totals: PublishedTotals) -> None:
    assert sum(authority.residents for authority in totals.authorities) == 2_919_651
    assert [one.name for one in totals.authorities] == [
        "Birmingham", "Coventry", "Dudley", "Sandwell", "Solihull", "Walsall", "Wolverhampton",
    ]  # fmt: skip
    assert sum(one.neighbourhoods for one in totals.authorities) == 1_719


def test_neighbourhoods_agree_exactly_with_authorities_and_deciles(
    place: Place, totals: PublishedTotals
) -> None:
    table = place.neighbourhoods
    groups = table.groupby(["local_authority", "deprivation_decile"])["residents"]
    for i, authority in enumerate(totals.authorities):
        for label, decile in authority.deprivation_deciles.items():
            if decile.neighbourhoods:
                assert groups.get_group((i, int(label))).agg(["count", "sum"]).tolist() == [
                    decile.neighbourhoods,
                    decile.residents,
                ]
        here = (table["local_authority"] == i).to_numpy()
        bands = place.residents_by_band[here].sum(axis=0)
        assert dict(zip(BANDS, bands, strict=True)) == authority.age_bands
        assert table["households"][here].sum() == authority.households
    assert (place.residents_by_band.sum(axis=1) == table["residents"]).all()


def test_neighbourhoods_vary_as_real_ones_do(place: Place) -> None:
    residents = place.neighbourhoods["residents"]
    assert residents.between(1_000, 3_000).all()
    assert 0.1 < residents.std() / residents.mean() < 0.25
    young = place.residents_by_band[:, 0] / residents
    deciles = place.neighbourhoods["deprivation_decile"]
    assert young[deciles == 1].mean() > 1.3 * young[deciles == 10].mean()


def test_residents_at_full_size_agree_exactly_with_the_published_totals(
    place: Place, totals: PublishedTotals
) -> None:
    population = build_population(place, seed=1)
    authority = place.neighbourhoods["local_authority"].to_numpy()[population.neighbourhood]
    decile = place.neighbourhoods["deprivation_decile"].to_numpy()[population.neighbourhood]
    band = np.searchsorted([16, 25, 35, 50, 65], population.age, side="right")
    for i, published in enumerate(totals.authorities):
        here = authority == i
        assert here.sum() == published.residents
        assert np.bincount(band[here], minlength=6).tolist() == list(published.age_bands.values())
        lived = np.bincount(decile[here], minlength=11)[1:].tolist()
        assert lived == [one.residents for one in published.deprivation_deciles.values()]
        assert population.male[here].sum() == published.sex["male"]
        residual = published.sex["female"] - (~population.male[here]).sum()
        assert abs(residual) <= 28
        assert f"{published.name} {residual:+}" in " ".join(place.notes)


def test_it_is_called_synthetic_and_has_no_map(place: Place) -> None:
    assert place.synthetic
    assert place.neighbourhoods["name"].str.contains("synthetic").all()
    assert any("synthetic" in note for note in place.notes)
    assert plot_deprivation(place) is None
    assert "Open Government Licence" in place.attribution


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60), st.integers(0, 2**32), st.integers(600, 2_900))
def test_dealing_keeps_both_margins(count: int, number: int, mean: int) -> None:
    draws = Draws.of(np.uint64(number), 0, count)
    residents = count * mean + count // 2
    sizes = deal_sizes(residents, draws)
    assert sizes.sum() == residents
    shares = np.array([0.21, 0.12, 0.14, 0.19, 0.18])
    bands = np.append(np.floor(shares * residents), 0).astype(int)
    bands[-1] = residents - bands.sum()
    dealt = deal_bands(sizes, bands, np.linspace(-1.6, 1.6, count), draws)
    assert (dealt.sum(axis=1) == sizes).all()
    assert (dealt.sum(axis=0) == bands).all()
    assert dealt.min() >= 0


def spoil(document: Path, folder: Path, *changes: tuple[str, str]) -> Path:
    text = document.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "spoilt.yaml"
    path.write_text(text, "utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    lines = path.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_every_mistake_in_totals_is_told_at_once_with_its_line(
    document: Path, tmp_path: Path
) -> None:
    path = spoil(
        document,
        tmp_path,
        ("0-15: 255296", "0-15: 255297"),
        ("residents: 345316", "residents: -5"),
        ("name: Dudley", "nmae: Dudley"),
        ("female: 173574", "females: 173574"),
        ("licence: Open Government Licence v3.0\n    grade: read", "grade: guess"),
        ("code: E08000031", "code: E08000030"),
        ("1: {neighbourhoods: 18, residents: 28068}", "1: {neighbourhoods: 0, residents: 28068}"),
    )
    problems = check_totals(path)
    told = {problem.name: problem for problem in problems}
    assert told["authorities.0.age_bands"].given == "1,144,904 residents"
    assert told["authorities.1.residents"].given == "-5"
    assert told["authorities.2.name"].hint == "this name is missing"
    assert "'name'" in told["authorities.2.nmae"].hint
    assert "'female'" in told["authorities.3.sex.females"].hint
    assert "tables.residents.licence" in told
    assert told["tables.residents.grade"].given == "'guess'"
    assert "authorities.6.code" in told
    assert "500 to 6,000" in told["authorities.4.deprivation_deciles.1"].allowed
    assert told["authorities.1.residents"].line == line_of(path, "residents: -5")
    assert told["authorities.2.nmae"].line == line_of(path, "nmae")
    with pytest.raises(InputError) as raised:
        load_place(path)
    assert raised.value.problems == problems


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("female: 584501", "female: 594501", "authorities.0.sex"),
        ("0-4: 78928", "0-4: 98928", "authorities.0.fine_ages"),
        ("neighbourhoods: 80, ", "neighbourhoods: 81, ", "authorities.0.deprivation_deciles"),
        ("residents: 137161}", "residents: 137162}", "authorities.0.deprivation_deciles"),
        ("households: 423447", "households: many", "authorities.0.households"),
        ("65+: 150483", "66+: 150483", "authorities.0.age_bands.65+"),
        ("title: West Midlands", "title:", "title"),
    ],
)
def test_totals_that_do_not_agree_are_refused(
    document: Path, tmp_path: Path, old: str, new: str, name: str
) -> None:
    problems = check_totals(spoil(document, tmp_path, (old, new)))
    assert name in [problem.name for problem in problems]
    assert all(problem.line for problem in problems)


def test_an_unknown_place_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match="did you mean 'west_midlands'"):
        load_place("west_midland")


@pytest.mark.parametrize("scale", [0.0, -0.1, 1.5, float("nan"), 1e-9])
def test_an_impossible_scale_is_refused(scale: float) -> None:
    with pytest.raises(InputError, match="scale"):
        load_place(scale=scale)


def test_the_digest_knows_the_place_and_not_the_scale(
    place: Place, document: Path, tmp_path: Path
) -> None:
    assert load_place(scale=0.1).digest == place.digest
    moved = ("0-15: 255296, 16-24: 163732", "0-15: 255295, 16-24: 163733")
    changed = spoil(document, tmp_path, moved)
    assert load_place(changed).digest != place.digest
