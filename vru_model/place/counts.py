"""Whole residents from fractional ones, at any scale, without bias."""

import numpy as np

from vru_model.place.ages import BAND_EDGES, BANDS


def whole_residents(
    residents_by_age: np.ndarray,
    residents_by_band: np.ndarray,
    order: np.ndarray,
    total: int,
    start: float,
) -> np.ndarray:
    """Return whole residents of every neighbourhood and single year, adding up to `total`.

    Systematic rounding: the expected residents of all cells are laid end to end, in the order
    band, neighbourhood, age, and counted by a ruler with marks one resident apart that begins at
    a random place. So every cell is right on average; every run of cells (a band, an authority
    within a band) is right within one; and at full size, where bands of neighbourhoods are whole
    numbers, each of those is exact.

    Parameters
    ----------
    residents_by_age
        Residents at full size by single year, shape (neighbourhoods, 91).
    residents_by_band
        Their sums by Census band, whole numbers, shape (neighbourhoods, 6).
    order
        Order of the neighbourhoods along the ruler.
    total
        Residents to be built.
    start
        Where the ruler begins: a random number between 0 and 1.

    Returns
    -------
    Whole numbers, shape (neighbourhoods, 91).
    """
    full = int(residents_by_band.sum())
    counts = np.zeros(residents_by_age.shape, dtype=np.int64)
    before = 0
    for band in range(len(BANDS)):
        years = slice(BAND_EDGES[band], BAND_EDGES[band + 1])
        ends = before + np.cumsum(residents_by_band[order, band])
        begins = np.concatenate([[before], ends[:-1]])
        inside = begins[:, None] + np.cumsum(residents_by_age[order, years], axis=1)
        # The ends are whole numbers: kept so, free of the rounding of floating-point sums.
        inside[:, -1] = ends
        marks = np.floor(np.minimum(inside, ends[:, None]) * total / full + start)
        first = np.floor(begins * total / full + start)
        counts[order, years] = np.diff(marks, axis=1, prepend=first[:, None])
        before = int(ends[-1])
    return counts


def whole_parts(expected: np.ndarray, start: float) -> np.ndarray:
    """Return whole numbers for a few expected ones, by the same ruler."""
    return np.diff(np.floor(np.cumsum(expected) + start), prepend=0.0).astype(np.int64)
