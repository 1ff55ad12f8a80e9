"""What a place is: a defined population with its neighbourhoods."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from vru_model.errors import InputError, Problem
from vru_model.place.ages import sum_bands
from vru_model.place.geography import group_neighbourhoods
from vru_model.place.population import Population


@dataclass(frozen=True, order=True)
class Authority:
    """A local authority."""

    code: str
    name: str


@dataclass(frozen=True, eq=False, repr=False)
class Place:
    """A defined population with its neighbourhoods; everything from which residents are built.

    Attributes
    ----------
    name, title
        Short name, and the name for people.
    synthetic
        True where the neighbourhoods are made up from published totals: no map may be drawn.
    source, attribution
        Where the figures come from; the line that the licence asks for.
    authorities
        Local authorities in the order of their codes.
    neighbourhoods
        Ordered by authority. Columns: neighbourhood (code), name, ward (code; only where
        the neighbourhoods are real), local_authority (index into `authorities`),
        deprivation_decile (1 = most deprived), deprivation (standard score, higher = more
        deprived), x_km, y_km (local projection), night_exposure (exposure to the night-time
        economy, 0 or more), residents and households (full size), peer_area (group of near
        neighbourhoods with about as many residents, at this scale, as one full-size
        neighbourhood).
    residents_by_age
        Residents at full size by single year 0..90+, shape (neighbourhoods, 91).
    males
        Male residents of each authority at full size.
    adjacency
        Pairs of touching neighbourhoods (rows of `neighbourhoods`), shape (m, 2).
    folder
        The place pack's folder, or None.
    scale
        The share of residents asked for; 1.0 is full size.
    notes
        What was filled in, accepted or left over: to be shown with the results.
    """

    name: str
    title: str
    synthetic: bool
    source: str
    attribution: str
    authorities: tuple[Authority, ...]
    neighbourhoods: pd.DataFrame
    residents_by_age: np.ndarray
    males: np.ndarray
    adjacency: np.ndarray
    folder: Path | None = None
    scale: float = 1.0
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return the place in a line."""
        kind = "synthetic" if self.synthetic else "real"
        return (
            f"<Place {self.name}: {self.full_population:,} residents, "
            f"{len(self.neighbourhoods):,} {kind} neighbourhoods, scale {self.scale:g}>"
        )

    def __eq__(self, other: object) -> bool:
        """Say whether two places give the same residents."""
        if not isinstance(other, Place):
            return NotImplemented
        return (self.digest, self.scale) == (other.digest, other.scale)

    def __hash__(self) -> int:
        """Return a hash of what determines the residents."""
        return hash((self.digest, self.scale))

    @cached_property
    def full_population(self) -> int:
        """Return the number of residents at full size."""
        return int(self.neighbourhoods["residents"].sum())

    @property
    def residents(self) -> int:
        """Return the number of residents to simulate: at most half a resident from the share."""
        return round(self.scale * self.full_population)

    @cached_property
    def residents_by_band(self) -> np.ndarray:
        """Return residents at full size by Census age band, whole numbers, (neighbourhoods, 6)."""
        return np.rint(sum_bands(self.residents_by_age)).astype(np.int64)

    def weight(self, population: Population) -> float:
        """Return how many residents at full size one simulated resident stands for."""
        return self.full_population / len(population)

    def at_scale(self, scale: float) -> Place:
        """Return this place with another share of its residents.

        Raises InputError for a share outside 0..1, or so small that it holds nobody.
        """
        if not (0.0 < scale <= 1.0) or round(scale * self.full_population) < 1:
            raise InputError([Problem(None, None, "scale", f"{scale}", "above 0, at most 1")])
        if scale == self.scale and "peer_area" in self.neighbourhoods:
            return self
        groups = group_neighbourhoods(
            self.neighbourhoods, round(scale * self.full_population) / self.full_population
        )
        neighbourhoods = self.neighbourhoods.assign(peer_area=groups)
        return dataclasses.replace(self, scale=scale, neighbourhoods=neighbourhoods)

    @cached_property
    def digest(self) -> str:
        """Return a hash of everything that determines the residents, but for the scale."""
        content = hashlib.sha256()
        table = self.neighbourhoods.drop(columns="peer_area")
        for authority in self.authorities:
            content.update(f"{authority.code}|{authority.name}\n".encode())
        content.update(table.to_csv(index=False, lineterminator="\n").encode())
        for array in (self.residents_by_age, self.males, self.adjacency):
            content.update(np.ascontiguousarray(array).tobytes())
        return content.hexdigest()
