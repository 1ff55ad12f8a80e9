"""A place from published totals: real totals, synthetic neighbourhoods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from vru_model.place.ages import BANDS, FINE_GROUPS, fit_to_bands, spread_fine_groups
from vru_model.place.definition import Authority, Place
from vru_model.place.draws import place_number
from vru_model.place.geography import NIGHT_EXPOSURE_OF_CENTRE, number_of_centres
from vru_model.place.neighbourhoods import (
    Draws,
    deal_bands,
    deal_sizes,
    grid_to_km,
    lay_out,
    touching,
)
from vru_model.place.notes import sex_notes
from vru_model.place.published import DECILES, AuthorityTotals, PublishedTotals

NOTE_SYNTHETIC = (
    "The neighbourhoods are synthetic: made up so that residents by authority, Census age band "
    "and deprivation decile agree exactly with the published totals. No map is drawn of them."
)
NOTE_NEARNESS = (
    "Near neighbourhoods are always of the same authority, and people move within it; which of "
    "them have a night-time economy is chosen at random."
)
NOTE_AGES = (
    "Single years of age inside the Census bands are approximate: flat within the published finer "
    "groups, the same profile in every neighbourhood of an authority."
)
NOTE_HOUSEHOLDS = "Households are the authority's, shared out by residents aged 16 and over."


def normal_score(decile: np.ndarray) -> np.ndarray:
    """Return the standard score of the middle of a national decile; 1 is the most deprived."""
    return ndtri((10.5 - np.asarray(decile)) / 10.0)


@dataclass(frozen=True)
class _Neighbourhoods:
    """The synthetic neighbourhoods of one authority."""

    table: pd.DataFrame
    residents_by_age: np.ndarray
    cells: np.ndarray


def synthesise_place(name: str, totals: PublishedTotals) -> Place:
    """Return a place with synthetic neighbourhoods whose totals are the published ones."""
    published = sorted(totals.authorities, key=lambda authority: authority.code)
    number = place_number(authority.code for authority in published)
    parts = [_synthesise_authority(number, i, one) for i, one in enumerate(published)]
    cells = np.concatenate([part.cells for part in parts])
    table = pd.concat([part.table for part in parts], ignore_index=True)
    x_km, y_km = grid_to_km(cells).T
    residuals = {
        one.name: one.sex["female"] + one.sex["male"] - one.residents for one in published
    }
    place = Place(
        name=name,
        title=totals.title,
        synthetic=True,
        source=totals.tables.residents.source,
        attribution=totals.attribution,
        authorities=tuple(Authority(one.code, one.name) for one in published),
        neighbourhoods=table.assign(x_km=x_km, y_km=y_km),
        residents_by_age=np.concatenate([part.residents_by_age for part in parts]),
        males=np.array([one.sex["male"] for one in published]),
        adjacency=touching(cells),
        notes=(NOTE_SYNTHETIC, NOTE_NEARNESS, NOTE_AGES, NOTE_HOUSEHOLDS, *sex_notes(residuals)),
    )
    return place.at_scale(1.0)


def _synthesise_authority(number: np.uint64, i: int, authority: AuthorityTotals) -> _Neighbourhoods:
    """Make up the neighbourhoods of one authority, from the most to the least deprived."""
    counts = [authority.deprivation_deciles[label].neighbourhoods for label in DECILES]
    decile = np.repeat(np.arange(1, 11), counts)
    draws = Draws.of(number, i, len(decile))
    sizes = np.concatenate(
        [
            deal_sizes(totals.residents, Draws(draws.identifiers[decile == int(label)]))
            for label, totals in authority.deprivation_deciles.items()
            if totals.neighbourhoods
        ]
    )
    deprivation = normal_score(decile)
    totals_by_band = np.array([authority.age_bands[band] for band in BANDS])
    bands = deal_bands(sizes, totals_by_band, deprivation, draws)
    profile = spread_fine_groups([authority.fine_ages[group] for group in FINE_GROUPS])
    centres = draws.order()[: number_of_centres(len(decile))]
    within = np.concatenate([np.arange(1, count + 1) for count in counts])
    table = pd.DataFrame(
        {
            "neighbourhood": [
                f"{authority.code}-D{d:02d}-{k:03d}" for d, k in zip(decile, within, strict=True)
            ],
            "name": [
                f"{authority.name}, synthetic neighbourhood {k} of decile {d}"
                for d, k in zip(decile, within, strict=True)
            ],
            "local_authority": i,
            "deprivation_decile": decile.astype(np.int8),
            "deprivation": deprivation,
            "night_exposure": np.where(
                np.isin(np.arange(len(decile)), centres), NIGHT_EXPOSURE_OF_CENTRE, 0.0
            ),
            "residents": sizes,
            "households": share_out(authority.households, bands[:, 1:].sum(axis=1)),
        }
    )
    return _Neighbourhoods(
        table, fit_to_bands(np.tile(profile, (len(decile), 1)), bands), lay_out(decile, i, draws)
    )


def share_out(total: int, weights: np.ndarray) -> np.ndarray:
    """Share a whole number out in proportion to weights; the parts are whole and add up."""
    return np.diff(np.rint(np.cumsum(weights) * (total / weights.sum())), prepend=0).astype(int)
