"""How people live together: shares by age and sex from which households are built.

No area publishes who lives with whom, person by person. These shares describe England and Wales
about 2021; each says how it is known. The published number of households of each neighbourhood
is met on top of them, by how many single people share a home.
"""

from typing import NamedTuple

import numpy as np

from vru_model.place.ages import OLDEST

MALE_SHARE_NODES = (
    (0, 0.512), (18, 0.510), (25, 0.500), (35, 0.490), (50, 0.493), (65, 0.485), (75, 0.465),
    (85, 0.405), (90, 0.335), (99, 0.230),
)  # fmt: skip
"""Share of males by age. Status: recalled (ONS mid-year estimates, England)."""

PARTNERED_NODES = (
    (18, 0.02), (20, 0.08), (22, 0.18), (25, 0.40), (30, 0.60), (35, 0.67), (45, 0.66),
    (55, 0.66), (65, 0.64), (75, 0.53), (85, 0.27), (95, 0.08), (99, 0.04),
)  # fmt: skip
"""Share of women who live with a partner. Status: recalled (ONS, Census 2021, living
arrangements by age), lowered by some points for a county with more lone parents."""

WITH_PARENT_NODES = (
    (18, 0.90), (20, 0.74), (22, 0.66), (25, 0.56), (28, 0.45), (30, 0.38), (35, 0.28),
    (40, 0.22), (50, 0.15), (60, 0.05), (65, 0.0),
)  # fmt: skip
"""Of adults with neither partner nor child at home, the share who live with a parent.

Status: recalled (ONS, Families and households 2021: about a third of men and a fifth of women
of 20-34 live with their parents)."""

SHARING_NODES = (
    (18, 0.85), (22, 0.75), (25, 0.55), (30, 0.40), (40, 0.25), (50, 0.18), (65, 0.12),
    (75, 0.14), (85, 0.25), (99, 0.50),
)  # fmt: skip
"""Of the other adults, how readily each shares a home, relative to others. Status: prior."""

SIBLING_GROUPS = (0.35, 0.41, 0.155, 0.06, 0.025)
"""Chances of families meant for 1, 2, 3, 4 and 5 children; fewer are at home at any one time.

Status: prior, set so that families have about 1.85 dependent children (recalled: ONS, Families
and households 2021)."""


class Customs(NamedTuple):
    """Everything that the kernels need to build households; ages and spacings in months."""

    partnered: np.ndarray  # share of women with a partner, shape (100,)
    with_parent: np.ndarray  # shape (100,)
    sharing: np.ndarray  # log odds, shape (100,)
    siblings: np.ndarray  # cumulative chances of family sizes, shape (5,)
    spacing: float  # mean months between siblings; status recalled
    spacing_spread: float
    least_spacing: int
    most_spacing: int
    mother_age: float  # mean age at the first birth still at home, months; status recalled
    mother_age_spread: float
    least_gap: int  # a carer is 16 to 45 years older
    most_gap: int
    lone_parents: float  # share of families with dependent children; status recalled
    lone_fathers: float  # share of lone parents; status recalled
    father_carers: float  # share of couples where the father is the main carer; status prior
    partner_gap: float  # months by which men are older than their partners; status recalled
    partner_gap_spread: float
    usual_partner_gap: int  # first somebody within this many months is looked for
    most_partner_gap: int
    crossing: float  # chance to stand on the side of the other sex: about half of same-sex couples
    most_children: int
    most_adult_children: int
    most_sharers: int  # guests in a shared home, besides its head
    sharers_gap_spread: float  # months of age between sharers; status prior
    living_with_grown_child: float  # of people over 60 who share a home; status prior


def standard_customs() -> Customs:
    """Return the customs with the values of this module."""
    sharing = np.maximum(_by_age(SHARING_NODES), 0.01)  # children are never asked
    return Customs(
        partnered=_by_age(PARTNERED_NODES),
        with_parent=_by_age(WITH_PARENT_NODES),
        sharing=np.log(sharing / (1.0 - sharing)),
        siblings=np.cumsum(SIBLING_GROUPS),
        spacing=36.0,
        spacing_spread=14.0,
        least_spacing=11,
        most_spacing=108,
        mother_age=12 * 27.5,
        mother_age_spread=12 * 5.6,
        least_gap=12 * 16,
        most_gap=12 * 45,
        lone_parents=0.235,
        lone_fathers=0.13,
        father_carers=0.10,
        partner_gap=28.0,
        partner_gap_spread=50.0,
        usual_partner_gap=12 * 8,
        most_partner_gap=12 * 20,
        crossing=0.010,
        most_children=5,
        most_adult_children=2,
        most_sharers=5,
        sharers_gap_spread=36.0,
        living_with_grown_child=0.5,
    )


def male_share() -> np.ndarray:
    """Return the share of males at each age 0..99."""
    return _by_age(MALE_SHARE_NODES)


def _by_age(nodes: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Return values at ages 0..99, on straight lines between nodes; zero before an adult start."""
    ages, values = np.array(nodes, dtype=float).T
    table = np.interp(np.arange(OLDEST + 1), ages, values)
    if ages[0] >= 18:
        table[: int(ages[0])] = 0.0
    return table
