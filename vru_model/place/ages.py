"""Ages: the Census's six bands, the finer published groups, and single years 0 to 90+."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

YEARS = 91  # single years 0..89 and, last, 90 and over
OLDEST = 99  # residents of 90 and over are spread over 90..99
SURVIVAL_OF_OLDEST = 0.78
"""Residents of one age for each resident a year younger, from 85 on.

Status: recalled (English life tables: yearly deaths of 15% at 87 to 30% at 97).
"""

BANDS = ("0-15", "16-24", "25-34", "35-49", "50-64", "65+")
BAND_STARTS = np.array([0, 16, 25, 35, 50, 65])
BAND_EDGES = np.array([0, 16, 25, 35, 50, 65, YEARS])
BAND_OF_YEAR = np.repeat(np.arange(len(BANDS)), np.diff(BAND_EDGES))

FINE_GROUPS = (
    "0-4", "5-9", "10-12", "13-15",
    "16-17", "18-20", "21-24",
    "25-29", "30-34",
    "35-39", "40-44", "45-49",
    "50-54", "55-59", "60-64",
    "65-69", "70-74", "75-79", "80-84", "85+",
)  # fmt: skip
FINE_STARTS = np.array([int(group.split("-")[0].rstrip("+")) for group in FINE_GROUPS])
FINE_EDGES = np.append(FINE_STARTS, YEARS)


def sum_bands(residents_by_age: np.ndarray) -> np.ndarray:
    """Return residents by Census band, shape (..., 6), from single years, shape (..., 91)."""
    return np.add.reduceat(residents_by_age, BAND_STARTS, axis=-1)


def spread_fine_groups(residents: Sequence[float]) -> np.ndarray:
    """Return residents by single year (91) from the 20 finer groups.

    Flat within a group, for want of anything finer; from 85 on each year of age holds
    `SURVIVAL_OF_OLDEST` of the one before. Approximate by construction.
    """
    shares = np.concatenate(
        [_shares_within(start, end) for start, end in zip(FINE_EDGES, FINE_EDGES[1:], strict=False)]
    )
    return shares * np.repeat(np.asarray(residents, dtype=float), np.diff(FINE_EDGES))


def _shares_within(start: int, end: int) -> np.ndarray:
    """Return the share of each single year in the group of ages start..end-1."""
    width = end - start
    if end < YEARS:
        return np.full(width, 1.0 / width)
    shares = SURVIVAL_OF_OLDEST ** np.arange(width)
    shares[-1] /= 1.0 - SURVIVAL_OF_OLDEST  # 90 and over holds the whole tail
    return shares / shares.sum()


def fit_to_bands(residents_by_age: np.ndarray, residents_by_band: np.ndarray) -> np.ndarray:
    """Scale single years so that every band of every neighbourhood holds its published residents.

    Parameters
    ----------
    residents_by_age
        Profiles, shape (neighbourhoods, 91); only their shape inside a band matters.
    residents_by_band
        Residents by Census band, shape (neighbourhoods, 6).

    Returns
    -------
    Residents by single year, shape (neighbourhoods, 91). A band whose profile is empty is
    spread flat.
    """
    profile = np.asarray(residents_by_age, dtype=float)
    sums = sum_bands(profile)
    flat = (sums <= 0.0)[:, BAND_OF_YEAR]
    profile = np.where(flat, 1.0, profile)
    sums = sum_bands(profile)
    return profile * (residents_by_band / sums)[:, BAND_OF_YEAR]
