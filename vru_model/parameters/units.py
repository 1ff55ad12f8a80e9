"""Units, and the axes of tables, by which the sections of the model parameters are declared.

A field of a section is annotated with one of them::

    LogRate = Annotated[float, Unit("log acts per resident-month", -20, 5)]
    ByVenueAge = Annotated[np.ndarray, Table(LOG_ODDS, "venue_age")]
    VenueShares = Annotated[np.ndarray, Table(SHARE, ("venue_age", "venue"))]
"""

from __future__ import annotations

from dataclasses import dataclass

AXES: dict[str, tuple[str, ...]] = {
    "venue_age": (
        "10-12", "13-15", "16-17", "18-20", "21-24", "25-34", "35-49", "50-64", "65+",
    ),
    "victim_age": ("10-12", "13-15", "16-24", "25-34", "35-49", "50-64", "65+"),
    "venue": ("peer", "neighbourhood", "night_time_economy", "household"),
    "severity": ("none", "injury", "emergency_department", "admission", "death"),
    "move_age": ("0-15", "16-19", "20-29", "30-44", "45-64", "65+"),
    "birth_age": ("15-19", "20-24", "25-29", "30-34", "35-39", "40-44"),
    "season_month": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
"""The labels of each axis, in the order in which a table lists its values."""


@dataclass(frozen=True)
class Unit:
    """A unit of measure and the values it allows.

    Parameters
    ----------
    name
        As written in the document's ``unit`` field ("log odds ratio", "months").
    minimum, maximum
        The smallest and largest value that makes sense at all: a share lies in 0..1, whatever
        is believed about this share. Draws never leave these bounds.
    """

    name: str
    minimum: float = float("-inf")
    maximum: float = float("inf")

    def __post_init__(self) -> None:
        """Refuse bounds the wrong way round."""
        if not self.minimum <= self.maximum:
            raise ValueError(f"unit {self.name!r}: minimum {self.minimum} > {self.maximum}")

    def allows(self, value: float) -> bool:
        """Say whether the value lies within the bounds (NaN does not)."""
        return self.minimum <= value <= self.maximum


@dataclass(frozen=True)
class Table:
    """A table of values of one unit, fixed, along one or two axes of :data:`AXES`.

    With one axis the document gives a list in the axis's order, or a mapping label → value.
    With two it gives a mapping label of the first axis → list along the second, or a list of
    lists. The kernels get a float64 array of shape ``shape``.
    """

    unit: Unit
    axis: str | tuple[str, str]

    def __post_init__(self) -> None:
        """Refuse an axis that is not declared."""
        for axis in self.axes:
            if axis not in AXES:
                raise ValueError(f"unknown axis {axis!r}; known: {', '.join(AXES)}")

    @property
    def axes(self) -> tuple[str, ...]:
        """The names of the axes, one or two."""
        return (self.axis,) if isinstance(self.axis, str) else tuple(self.axis)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of labels along each axis."""
        return tuple(len(AXES[axis]) for axis in self.axes)
