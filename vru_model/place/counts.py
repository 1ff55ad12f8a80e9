"""Whole residents from fractional ones, at any scale, without bias."""

import numpy as np

from vru_model.place.ages import BAND_EDGES, BANDS


def whole_bands(
    residents_by_band: np.ndarray, order: np.ndarray, total: int, start: float
) -> np.ndarray:
    """Return whole residents of every neighbourhood and Census band, adding up to `total`.

    Systematic rounding: the expected residents of all cells are laid end to end, in the order
    band, neighbourhood, and counted by a ruler with marks one resident apart that begins at a
    random place. So every cell is right on average; every run of cells (a band, an authority
    within a band) is right within one; and at full size every cell is exact.

    Parameters
    ----------
    residents_by_band
        Residents at full size, whole numbers, shape (neighbourhoods, 6).
    order
        Order of the neighbourhoods along the ruler.
    total
        Residents to be built.
    start
        Where the ruler begins: a random number between 0 and 1.
    """
    reached = np.cumsum(residents_by_band[order].T.ravel())
    marks = np.floor(reached * total / reached[-1] + start)
    counts = np.empty_like(residents_by_band)
    counts[order] = np.diff(marks, prepend=0.0).reshape(len(BANDS), -1).T
    return counts


def whole_years(
    residents_by_age: np.ndarray, whole: np.ndarray, starts: np.ndarray
) -> np.ndarray:
    """Share the whole residents of every band out to its single years, by the same kind of ruler.

    Each band of each neighbourhood has a ruler of its own, so that roundings of many
    neighbourhoods cancel.

    Parameters
    ----------
    residents_by_age
        Residents at full size by single year, shape (neighbourhoods, 91).
    whole
        Whole residents by band, shape (neighbourhoods, 6).
    starts
        Where the rulers begin: random numbers between 0 and 1, of the same shape.

    Returns
    -------
    Whole numbers, shape (neighbourhoods, 91).
    """
    counts = np.zeros(residents_by_age.shape, dtype=np.int64)
    for band in range(len(BANDS)):
        years = slice(BAND_EDGES[band], BAND_EDGES[band + 1])
        reached = np.cumsum(residents_by_age[:, years], axis=1)
        reached /= np.maximum(reached[:, -1:], np.finfo(float).tiny)
        marks = np.floor(reached * whole[:, band, None] + starts[:, band, None])
        marks[:, -1] = whole[:, band]
        counts[:, years] = np.diff(marks, axis=1, prepend=0.0)
    return counts


def whole_parts(expected: np.ndarray, start: float) -> np.ndarray:
    """Return whole numbers for a few expected ones, by a ruler that begins at `start`."""
    return np.diff(np.floor(np.cumsum(expected) + start), prepend=0.0).astype(np.int64)
