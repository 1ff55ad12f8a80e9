"""The residents with whom a model begins, as columns."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np


@dataclass(frozen=True)
class Population:
    """The founders: one entry a resident, ordered by neighbourhood, then household.

    Attributes
    ----------
    identifier
        Permanent 64-bit identifier, uint64.
    birth_month
        Months from the start of year 1, int16: at most 0. The age in months at the start is
        ``-birth_month``, so somebody of 0 years has a birth month in -11..0.
    male
        Sex, bool.
    neighbourhood
        Row in ``Place.neighbourhoods``, int32.
    household
        0, 1, 2 ... over the whole place, int32; the members of one stand together.
    carer
        Index of the main carer, int32: of everybody under 18, and of adults who live with a
        parent; otherwise -1. Carers have no carer themselves.
    partner
        Index of the partner with whom an adult lives, int32; symmetric; otherwise -1.
    liability
        Lasting individual liability, float32, standard normal; a child's is correlated with
        the carer's.
    """

    identifier: np.ndarray
    birth_month: np.ndarray
    male: np.ndarray
    neighbourhood: np.ndarray
    household: np.ndarray
    carer: np.ndarray
    partner: np.ndarray
    liability: np.ndarray

    def __len__(self) -> int:
        """Return the number of residents."""
        return len(self.identifier)

    @property
    def age(self) -> np.ndarray:
        """Return ages in completed years at the start, int16."""
        return (-self.birth_month // 12).astype(np.int16)

    def columns(self) -> dict[str, np.ndarray]:
        """Return the columns by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
