"""Where neighbourhoods stand: projection, nearness, centres, groups, destinations of moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from vru_model.place.definition import Place

KM_PER_DEGREE = 111.195  # of latitude; mean radius of the Earth 6,371.0 km
NIGHT_EXPOSURE_OF_CENTRE = 2.5
"""Exposure of a centre's neighbourhoods to the night-time economy.

Used for want of counts of workplaces, shops and bars. Status: prior.
"""
CENTRE_SHARE = 0.01
"""Share of an authority's neighbourhoods that make its centre, at least one. Status: prior."""
MOST_DESTINATIONS = 1024
_ROWS_AT_ONCE = 64  # keeps what is worked out for a block inside a few megabytes
_ROUNDING = 1e-9


def project(latitude: np.ndarray, longitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return kilometres east and north of the mean point (equirectangular projection).

    Distances within a county are right to about 0.1%.
    """
    stretch = np.cos(np.radians(latitude.mean()))
    x_km = (longitude - longitude.mean()) * KM_PER_DEGREE * stretch
    y_km = (latitude - latitude.mean()) * KM_PER_DEGREE
    return x_km, y_km


def number_of_centres(neighbourhoods: int) -> int:
    """Return how many of an authority's neighbourhoods make its centre: 1%, at least one."""
    return max(1, round(CENTRE_SHARE * neighbourhoods))


def expose_centres(
    authority: np.ndarray, residents: np.ndarray, x_km: np.ndarray, y_km: np.ndarray
) -> np.ndarray:
    """Return night-time exposure: that of a centre in the neighbourhoods nearest the middle.

    The middle of an authority is the mean point of its residents.
    """
    exposure = np.zeros(len(authority))
    for one in np.unique(authority):
        rows = np.flatnonzero(authority == one)
        x = np.average(x_km[rows], weights=residents[rows])
        y = np.average(y_km[rows], weights=residents[rows])
        distance = np.hypot(x_km[rows] - x, y_km[rows] - y)
        nearest = np.argsort(distance, kind="stable")[: number_of_centres(len(rows))]
        exposure[rows[nearest]] = NIGHT_EXPOSURE_OF_CENTRE
    return exposure


def group_neighbourhoods(neighbourhoods: pd.DataFrame, scale: float) -> np.ndarray:
    """Group near neighbourhoods of an authority until each holds a full-size number of residents.

    Friends are found among people of one's own age nearby; in a tenth-size neighbourhood there
    would be too few. So each authority is cut in two, and again, along its longer side, into as
    many groups as it would have neighbourhoods of the usual size. At scale 1 every
    neighbourhood is its own group.

    Returns
    -------
    Group of each neighbourhood, int32, counted from 0.
    """
    count = len(neighbourhoods)
    if scale >= 1.0:
        return np.arange(count, dtype=np.int32)
    groups = np.empty(count, dtype=np.int32)
    points = neighbourhoods[["x_km", "y_km"]].to_numpy(dtype=float)
    residents = neighbourhoods["residents"].to_numpy(dtype=float)
    authority = neighbourhoods["local_authority"].to_numpy()
    first = 0
    for one in np.unique(authority):
        rows = np.flatnonzero(authority == one)
        parts = max(1, round(scale * len(rows)))
        for part in _cut(rows, parts, points, residents):
            groups[part] = first
            first += 1
    return groups


def _cut(
    rows: np.ndarray, parts: int, points: np.ndarray, residents: np.ndarray
) -> list[np.ndarray]:
    """Cut rows into so many parts of near points with about equal residents."""
    if parts <= 1 or len(rows) <= 1:
        return [rows]
    spans = np.ptp(points[rows], axis=0)
    order = rows[np.argsort(points[rows, int(spans[1] > spans[0])], kind="stable")]
    left = parts // 2
    reached = np.cumsum(residents[order])
    at = 1 + int(np.argmin(np.abs(reached - reached[-1] * left / parts)))
    at = min(max(at, left), len(order) - (parts - left))
    return _cut(order[:at], left, points, residents) + _cut(
        order[at:], parts - left, points, residents
    )


def _nearest_of(points: np.ndarray, rows: slice, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the k nearest others of some rows, nearest first, and their distances in km.

    Looked at are only those near enough to the middle of these rows: whoever is among the k
    nearest of one of them lies at most twice as far from the middle as the farthest of the rows
    beyond the k-th from the middle. So a country costs what its counties cost one by one.
    """
    here = np.arange(*rows.indices(len(points)))
    from_middle = np.hypot(*(points - points[here].mean(axis=0)).T)
    reach = np.partition(from_middle, k)[k] + 2.0 * from_middle[here].max()
    others = np.flatnonzero(from_middle <= reach * (1.0 + _ROUNDING))
    difference = points[here, None, :] - points[None, others, :]
    distance = np.hypot(difference[..., 0], difference[..., 1])
    distance[np.arange(len(here)), np.searchsorted(others, here)] = np.inf
    index = np.argsort(distance, axis=1, kind="stable")[:, :k]
    return others[index], np.take_along_axis(distance, index, axis=1)


def nearest_neighbourhoods(place: Place, k: int) -> np.ndarray:
    """Return the k nearest other neighbourhoods of each, nearest first, int32 (n, k).

    k is at most the number of others. Ties go to the lower row.
    """
    points = place.neighbourhoods[["x_km", "y_km"]].to_numpy(dtype=float)
    k = min(k, len(points) - 1)
    nearest = np.empty((len(points), k), np.int32)
    for rows in _blocks(len(points)):
        nearest[rows] = _nearest_of(points, rows, k)[0]
    return nearest


def move_destinations(
    place: Place, distance_km: float = 4.0, deprivation: float = 0.7
) -> tuple[np.ndarray, np.ndarray]:
    """Return where people who move may go, and the cumulative chances of going there.

    The weight of a destination is residents x exp(-km / distance_km) x
    exp(-|difference of deprivation| / deprivation); at most the 1,024 nearest others count. Those
    take all but 4 in 10 million of the county's moves. Fewer would not do, because who lives alike
    lives further off: the 512 nearest lose 0.9%, and the 256 nearest 6.9%, up to 40% from single
    neighbourhoods of the largest authority.

    Returns
    -------
    index
        Rows of the destinations, nearest first, uint16 (n, k).
    cumulative
        Cumulative chances, float32 (n, k), ending at exactly 1.
    """
    points = place.neighbourhoods[["x_km", "y_km"]].to_numpy(dtype=float)
    residents = place.neighbourhoods["residents"].to_numpy(dtype=float)
    score = place.neighbourhoods["deprivation"].to_numpy(dtype=float)
    k = min(MOST_DESTINATIONS, len(points) - 1)
    destinations = np.empty((len(points), k), np.uint16)
    chances = np.empty((len(points), k), np.float32)
    for rows in _blocks(len(points)):
        index, distance = _nearest_of(points, rows, k)
        unlike = np.abs(score[index] - score[rows, None])
        # Measured from the nearest, so that a far-off neighbourhood's weights do not all vanish.
        apart = (distance - distance[:, :1]) / distance_km + unlike / deprivation
        cumulative = np.cumsum(residents[index] * np.exp(-apart), axis=1)
        destinations[rows] = index
        chances[rows] = cumulative / cumulative[:, -1:]
    return destinations, chances


def _blocks(count: int) -> list[slice]:
    return [slice(at, min(at + _ROWS_AT_ONCE, count)) for at in range(0, count, _ROWS_AT_ONCE)]
