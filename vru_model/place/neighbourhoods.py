"""Synthetic neighbourhoods from the published totals of authorities.

An authority says how many neighbourhoods and residents it has in each decile of deprivation,
and how many residents in each Census band. Sizes and ages of single neighbourhoods are made up
so that all of these agree exactly; they vary as those of real ones do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from vru_model.place.draws import identify, normals, uniforms
from vru_model.randomness import PLACE_NEIGHBOURHOOD, population_key

SIZE_SPREAD = 0.16
"""Standard deviation of log residents among neighbourhoods of a decile.

Status: derived from the 1,719 LSOAs (2021) of the West Midlands, Census 2021: 0.13-0.22.
"""
SMALLEST, LARGEST = 1_000, 3_000  # ONS's rule for the residents of an LSOA
BAND_SLOPE = np.array([0.17, 0.11, 0.14, 0.03, -0.10, -0.26])
"""Rise of the log share of each Census band with the normal score of deprivation.

Status: derived, by regression within authorities over the 1,719 LSOAs of the West Midlands
(Census 2021; English Indices of Deprivation 2025).
"""
BAND_SPREAD = np.array([0.20, 0.25, 0.18, 0.12, 0.17, 0.28])
"""Standard deviation of what is left of the log share. Status: derived, as above; the long tail
of campuses and retirement villages is left out."""
GRID_KM = 0.72  # side of a square of 0.52 km2, the mean area of those LSOAs
AUTHORITY_GAP_KM = 40.0  # so far apart that "nearby" means the same authority
MIXING = 2.0  # deciles by which the order of deprivation is blurred on the grid
_SIZE, _FIRST_BAND, _POSITION = 0, 1, 8  # attempts of the decision, so that draws differ


@cache
def _key() -> np.uint64:
    """Return the key of every place: the same whatever the seed of its residents."""
    return population_key(0)


@dataclass(frozen=True)
class Draws:
    """Keyed draws of neighbourhoods, one identifier each."""

    identifiers: np.ndarray

    @classmethod
    def of(cls, place: np.uint64, authority: int, count: int) -> Draws:
        """Return the draws of an authority's neighbourhoods."""
        rank = np.arange(count)
        return cls(identify(place, np.full(count, authority), rank))

    def order(self) -> np.ndarray:
        """Return a random order of the neighbourhoods."""
        return np.argsort(uniforms(_key(), self.identifiers, PLACE_NEIGHBOURHOOD), kind="stable")

    def normal(self, attempt: int) -> np.ndarray:
        """Return a standard normal number for each, clipped at 2.5."""
        draws = normals(_key(), self.identifiers, PLACE_NEIGHBOURHOOD, attempt)
        return np.clip(draws, -2.5, 2.5)


def deal_sizes(residents: int, draws: Draws) -> np.ndarray:
    """Return residents of each neighbourhood: log-normal around the mean, adding up exactly.

    Between 1,000 and 3,000 residents where the mean allows.
    """
    count = len(draws.identifiers)
    mean = residents / count
    low, high = min(SMALLEST, 0.8 * mean), max(LARGEST, 1.25 * mean)
    sizes = mean * np.exp(SIZE_SPREAD * draws.normal(_SIZE))
    for _ in range(20):  # scaling and clipping settle in a few rounds
        sizes = np.clip(sizes * (residents / sizes.sum()), low, high)
    return np.diff(np.rint(np.cumsum(sizes * (residents / sizes.sum()))), prepend=0).astype(int)


def deal_bands(
    sizes: np.ndarray, bands: np.ndarray, deprivation: np.ndarray, draws: Draws
) -> np.ndarray:
    """Deal an authority's Census bands over its neighbourhoods, both margins exact.

    Proportional fitting gives fractions with the right margins; differences of their rounded
    two-way cumulative sums are whole numbers with the same margins, within 2 of the fractions.

    Parameters
    ----------
    sizes
        Residents of each neighbourhood.
    bands
        Residents of the authority by Census band, with the same sum.
    deprivation
        Normal score of each neighbourhood's decile.

    Returns
    -------
    Residents, whole numbers, shape (neighbourhoods, 6).
    """
    noise = np.column_stack([draws.normal(_FIRST_BAND + band) for band in range(len(bands))])
    tilt = np.exp(np.outer(deprivation, BAND_SLOPE) + noise * BAND_SPREAD)
    cells = sizes[:, None] * (bands / bands.sum()) * tilt
    for _ in range(200):
        cells *= (sizes / cells.sum(axis=1))[:, None]
        cells *= bands / cells.sum(axis=0)
    corners = np.zeros((len(sizes) + 1, len(bands) + 1))
    corners[1:, 1:] = np.rint(np.cumsum(np.cumsum(cells, axis=0), axis=1))
    return np.diff(np.diff(corners, axis=0), axis=1).astype(int)


def lay_out(decile: np.ndarray, authority: int, draws: Draws) -> np.ndarray:
    """Return the place of each of an authority's neighbourhoods on a grid, int (count, 2).

    Neighbourhoods of like deprivation stand near one another, as they do in cities. The grid is
    a device for nearness, not a map.
    """
    order = np.argsort(decile + MIXING * draws.normal(_POSITION), kind="stable")
    side = int(np.ceil(np.sqrt(len(decile))))
    steps = np.arange(len(decile))
    row, column = steps // side, steps % side
    column = np.where(row % 2 == 0, column, side - 1 - column)
    cells = np.empty((len(decile), 2), dtype=int)
    cells[order] = np.column_stack([column + authority * 100_000, row])
    return cells


def grid_to_km(cells: np.ndarray) -> np.ndarray:
    """Return kilometres on the made-up plane on which authorities stand far apart."""
    authority, column = np.divmod(cells[:, 0], 100_000)
    return np.column_stack([column * GRID_KM + authority * AUTHORITY_GAP_KM, cells[:, 1] * GRID_KM])


def touching(cells: np.ndarray) -> np.ndarray:
    """Return the pairs of neighbourhoods side by side on the grid, first < second, int32."""
    place = {(int(x), int(y)): row for row, (x, y) in enumerate(cells)}
    pairs = [
        tuple(sorted((row, place[other])))
        for (x, y), row in place.items()
        for other in ((x + 1, y), (x, y + 1))
        if other in place
    ]
    return np.array(sorted(pairs), dtype=np.int32).reshape(-1, 2)
