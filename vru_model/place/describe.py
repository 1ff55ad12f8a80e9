"""The needs-assessment view: who lives here, and how well residents agree with the totals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vru_model.place.ages import BAND_EDGES, BAND_OF_YEAR, BANDS, YEARS
from vru_model.place.definition import Place
from vru_model.place.population import Population

DECILE_CAPTION = "Residents by deprivation decile (1 = most deprived tenth of England)"
NOTE_CUSTOMS = (
    "Who lives with whom is approximate: shares of couples, lone parents, grown children and "
    "people alone are general knowledge of England and Wales about 2021."
)


@dataclass(frozen=True)
class Description:
    """A place in words and tables; `str` is the whole of it as plain text.

    Attributes
    ----------
    title
        The name of the place, and "synthetic neighbourhoods" where they are.
    summary
        A few sentences.
    tables
        Tables by their captions. Residents are shown at full size.
    notes
        Notes, source and attribution: to be shown wherever the tables are.
    """

    title: str
    summary: tuple[str, ...]
    tables: dict[str, pd.DataFrame]
    notes: tuple[str, ...]

    def __str__(self) -> str:
        """Return everything as plain text."""
        parts = [self.title, "=" * len(self.title), "", *self.summary]
        for caption, table in self.tables.items():
            parts += ["", caption, "-" * len(caption), table.to_string()]
        return "\n".join([*parts, "", "Notes", "-----", *(f"- {note}" for note in self.notes)])


def describe(place: Place, population: Population) -> Description:
    """Return the description of a place and of its residents as built.

    Residents are counted at full size (each stands for `place.weight`), beside the published
    totals: at scale 1 the two are the same, but for the rounding of sex that the notes give.
    """
    families, sentences = _families(population)
    return Description(
        title=place.title + (" (synthetic neighbourhoods)" if place.synthetic else ""),
        summary=(*_summary(place, population), *sentences),
        tables={
            "Residents by local authority": _by_authority(place, population),
            "Residents by age (Census bands)": _by_band(place, population),
            DECILE_CAPTION: _by_decile(place, population),
            "Households by size": _household_sizes(population),
            "Families with children under 18": families,
            "Adults by how they live": _living(population),
        },
        notes=(
            *place.notes,
            NOTE_CUSTOMS,
            f"Source: {place.source}.",
            place.attribution,
        ),
    )


def _summary(place: Place, population: Population) -> list[str]:
    """Return in sentences how large the place is, and how much of it is simulated."""
    kind = "synthetic" if place.synthetic else "real"
    households = int(population.household[-1]) + 1
    built = f"{len(population):,} residents in {households:,} households"
    scale = "all of them are simulated"
    if len(population) < place.full_population:
        scale = f"{built} are simulated, each standing for {place.weight(population):.4g}"
    wanted = int(place.neighbourhoods["households"].sum())
    return [
        f"{place.full_population:,} residents in {len(place.neighbourhoods):,} {kind} "
        f"neighbourhoods of {len(place.authorities)} local authorities; {scale}.",
        f"A household has {len(population) / households:.2f} residents on average (published: "
        f"{place.full_population / wanted:.2f}, communal establishments counted in).",
    ]


def _by_authority(place: Place, population: Population) -> pd.DataFrame:
    """Return residents and males of every authority, published and simulated."""
    home = place.neighbourhoods["local_authority"].to_numpy()
    weight = place.weight(population)
    count = len(place.authorities)
    authority = home[population.neighbourhood]
    return _compare(
        pd.Index([one.name for one in place.authorities], name="Local authority"),
        np.bincount(home, weights=place.neighbourhoods["residents"], minlength=count),
        weight * np.bincount(authority, minlength=count),
    ).assign(
        **{
            "Males, published": [f"{number:,}" for number in place.males],
            "Males, simulated": _whole(
                weight * np.bincount(authority[population.male], minlength=count)
            ),
        }
    )


def _by_band(place: Place, population: Population) -> pd.DataFrame:
    """Return residents by Census age band, published and simulated."""
    band = BAND_OF_YEAR[np.minimum(population.age, YEARS - 1)]
    return _compare(
        pd.Index(BANDS, name="Age"),
        place.residents_by_band.sum(axis=0),
        place.weight(population) * np.bincount(band, minlength=len(BANDS)),
    )


def _by_decile(place: Place, population: Population) -> pd.DataFrame:
    """Return residents by decile of deprivation, published and simulated, and their ages."""
    decile = place.neighbourhoods["deprivation_decile"].to_numpy()
    lived = decile[population.neighbourhood]
    under_25 = population.age < BAND_EDGES[2]
    simulated = np.bincount(lived, minlength=11)[1:]
    young = np.bincount(lived[under_25], minlength=11)[1:]
    table = _compare(
        pd.Index(range(1, 11), name="Decile"),
        np.bincount(decile, weights=place.neighbourhoods["residents"], minlength=11)[1:],
        place.weight(population) * simulated,
    )
    share = [f"{y / n:.0%}" if n else "-" for y, n in zip(young, simulated, strict=True)]
    return table.assign(**{"Under 25": share})


def _household_sizes(population: Population) -> pd.DataFrame:
    """Return the share of households and of residents by size of household."""
    size = np.bincount(population.household)
    capped = np.minimum(size, 7)
    households = np.bincount(capped, minlength=8)[1:]
    residents = np.bincount(capped, weights=size, minlength=8)[1:]
    return pd.DataFrame(
        {
            "Households": [f"{share:.1%}" for share in households / households.sum()],
            "Residents": [f"{share:.1%}" for share in residents / residents.sum()],
        },
        index=pd.Index(["1", "2", "3", "4", "5", "6", "7 or more"], name="Residents in it"),
    )


def _families(population: Population) -> tuple[pd.DataFrame, list[str]]:
    """Return families by number of children and kind, and what there is to say of carers."""
    child = population.age < 18
    cared = child & (population.carer >= 0)
    carer = population.carer[cared]
    children = np.bincount(population.household[child], minlength=population.household[-1] + 1)
    couple = np.zeros(len(children), dtype=bool)
    couple[population.household[carer[population.partner[carer] >= 0]]] = True
    size = np.minimum(children, 5)
    table = pd.DataFrame(
        {
            name: [f"{share:.1%}" for share in np.bincount(size[kind], minlength=6)[1:] / total]
            for name, kind, total in (
                ("Couples", couple, max(1, (children > 0).sum())),
                ("Lone parents", ~couple, max(1, (children > 0).sum())),
            )
        },
        index=pd.Index(["1", "2", "3", "4", "5 or more"], name="Children"),
    )
    if not len(carer):
        return table, ["There are no children with a carer."]
    gap = (population.birth_month[cared].astype(int) - population.birth_month[carer]) / 12
    sentences = [
        f"{(~couple & (children > 0)).sum() / (children > 0).sum():.0%} of families with children "
        f"have one parent; {1 - population.male[carer].mean():.0%} of children have a woman as "
        f"main carer, {np.median(gap):.0f} years older (median).",
    ]
    alone = int((child & (population.carer < 0)).sum())
    if alone:
        sentences.append(f"{alone:,} children have no carer: no adult lives in the neighbourhood.")
    return table, sentences


def _living(population: Population) -> pd.DataFrame:
    """Return by age how many adults live with a partner, with a parent and alone."""
    edges = (18, 25, 35, 50, 65, 75, 85, 200)
    size = np.bincount(population.household)[population.household]
    rows = {}
    for low, high in zip(edges, edges[1:], strict=False):
        here = (population.age >= low) & (population.age < high)
        label = f"{low} and over" if high == edges[-1] else f"{low}-{high - 1}"
        count = max(1, here.sum())
        rows[label] = {
            "With partner, women": _share(population.partner >= 0, here & ~population.male),
            "With partner, men": _share(population.partner >= 0, here & population.male),
            "With a parent": _share(population.carer >= 0, here),
            "Alone": f"{(size[here] == 1).sum() / count:.0%}",
        }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index.name = "Age"
    return table


def _compare(index: pd.Index, published: np.ndarray, simulated: np.ndarray) -> pd.DataFrame:
    """Return a table of published and simulated residents and their difference."""
    difference = np.rint(simulated - published).astype(int)
    return pd.DataFrame(
        {
            "Published": _whole(published),
            "Simulated": _whole(simulated),
            "Difference": ["0" if number == 0 else f"{number:+,}" for number in difference],
        },
        index=index,
    )


def _whole(numbers: np.ndarray) -> list[str]:
    return [f"{number:,.0f}" for number in numbers]


def _share(what: np.ndarray, here: np.ndarray) -> str:
    return f"{what[here].mean():.0%}" if here.any() else "-"
