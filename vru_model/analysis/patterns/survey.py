"""What surveys see: the Crime Survey of adults, and children's answers about assaults.

The Crime Survey sees an incident with a chance that depends on its venue. Statistics add up what
it would find on average, so that no second draw of chance comes in.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vru_model.analysis.patterns.registry import statistic
from vru_model.analysis.patterns.tables import WorldTables, ratio

_ADULT = 16


@statistic
def crime_survey_prevalence(world: WorldTables) -> float:
    """Share of adults whom the Crime Survey finds victims of violence in a year."""
    return _prevalence(world, world.start["age"] >= _ADULT)


@statistic
def crime_survey_sex_ratio(world: WorldTables) -> float:
    """Share of men whom the Crime Survey finds victims, against that of women."""
    adult, male = world.start["age"] >= _ADULT, world.start["male"]
    return ratio(_prevalence(world, adult & male), _prevalence(world, adult & ~male))


@statistic
def crime_survey_young_ratio(world: WorldTables) -> float:
    """Share of people of 16 to 24 whom the Crime Survey finds victims, against all adults."""
    young = world.start["age"].between(_ADULT, 24)
    return ratio(_prevalence(world, young), crime_survey_prevalence(world))


@statistic
def crime_survey_repeat_share(world: WorldTables) -> float:
    """Share of the incidents that the Crime Survey finds whose victims it finds twice or more."""
    chances = _found(world)
    # Of a victim's incidents, those expected less the chance of exactly one.
    once = (chances["none"] * chances["odds"]).sum()
    return 1.0 - ratio(float(once), float(chances["expected"].sum()))


@statistic
def crime_survey_uninjured_share(world: WorldTables) -> float:
    """Share of the incidents that the Crime Survey finds in which nobody was hurt."""
    return _seen_share(world, lambda seen: seen["harm"] == 0)


@statistic
def crime_survey_stranger_share(world: WorldTables) -> float:
    """Share of the incidents that the Crime Survey finds by strangers."""
    return _seen_share(world, lambda seen: seen["relationship"] == "stranger")


@statistic
def crime_survey_domestic_share(world: WorldTables) -> float:
    """Share of the incidents that the Crime Survey finds by partners and family."""
    return _seen_share(world, lambda seen: seen["relationship"].isin(["partner", "family"]))


@statistic
def children_assaulted_share(world: WorldTables) -> float:
    """Share of children of 13 to 17 who suffer at least one incident in a year."""
    of_children = world.happened[world.happened["victim_age"].between(13, 17)]
    victims = len(of_children[["year", "victim"]].drop_duplicates())
    return ratio(victims / world.years, world.heads(13, 17))


def adults_suffered(world: WorldTables) -> pd.DataFrame:
    """Return the incidents against adults, with the chance `seen` of each."""
    return world.happened[world.happened["victim_age"] >= _ADULT]


def _found(world: WorldTables) -> pd.DataFrame:
    """Return, for each adult victim and year, what the survey would find of their incidents.

    Columns: `expected` incidents, the chance of `none`, and the sum of the `odds` of each: the
    chance of exactly one is none times odds.
    """
    seen = adults_suffered(world)
    frame = pd.DataFrame({
        "victim": seen["victim"], "year": seen["year"], "expected": seen["seen"],
        "hidden": np.log1p(-seen["seen"]), "odds": seen["seen"] / (1.0 - seen["seen"]),
    })  # fmt: skip
    found = frame.groupby(["victim", "year"]).sum()
    return found.assign(none=np.exp(found["hidden"]))


def _prevalence(world: WorldTables, group: pd.Series) -> float:
    found = _found(world)
    victims = world.start.index.get_indexer(found.index.get_level_values("victim"))
    of_group = (victims >= 0) & group.to_numpy()[victims]
    people = float(group.sum()) * world.years
    return ratio(float((1.0 - found["none"].to_numpy())[of_group].sum()), people)


def _seen_share(world: WorldTables, which) -> float:
    seen = adults_suffered(world)
    return ratio(float(seen.loc[which(seen), "seen"].sum()), float(seen["seen"].sum()))
