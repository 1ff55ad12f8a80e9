"""Who is a victim, how often, and who is both victim and aggressor, through each lens."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vru_model.analysis.patterns.world_lives import Lives
from vru_model.analysis.statistics.association import odds_ratio

ADULTS = (16, 200)
AGES = {"10 to 12": (10, 13), "13 to 17": (13, 18), "16 to 24": (16, 25), "25 to 34": (25, 35),
        "35 to 49": (35, 50), "50 to 64": (50, 65), "65 and over": (65, 200)}  # fmt: skip
_MAXIMUM = 200


def survey_prevalence(
    lives: Lives, survey: Mapping[str, float], which: np.ndarray | None = None
) -> dict[str, float]:
    """Return the share of adults who would tell the Crime Survey of violence in a year.

    Parameters
    ----------
    lives
        The world.
    survey
        Venue → chance that the survey sees an incident there.
    which
        Keeps some of the incidents.

    A victim is one of whose incidents of the year at least one is seen; the chance of that is
    summed, not drawn. Groups: all, by sex, by age, by fifth of deprivation of the home.
    """
    kept = (lives.incidents["victim_age"] >= ADULTS[0]).to_numpy()
    incidents = lives.incidents[kept if which is None else kept & which]
    unseen = np.log1p(-incidents["venue"].map(survey).to_numpy(float))
    yearly = (
        incidents[["victim_row", "year", "victim_age"]].assign(unseen=unseen)
        .groupby(["victim_row", "year"]).agg(age=("victim_age", "first"), unseen=("unseen", "sum"))
    )  # fmt: skip
    seen = -np.expm1(yearly["unseen"].to_numpy())
    row, age = yearly.index.get_level_values("victim_row").to_numpy(), yearly["age"].to_numpy()
    return _by_group(lives, row, age, seen, _adult_groups(lives))


def child_prevalence(lives: Lives) -> dict[str, float]:
    """Return the share of children who are victims of physical violence in a year, by age."""
    yearly = _victims(lives)
    groups = {name: (AGES[name], np.ones(len(lives.people), bool))
              for name in ("10 to 12", "13 to 17")}  # fmt: skip
    return _by_group(lives, yearly["row"], yearly["age"], np.ones(len(yearly)), groups)


def survey_shares(lives: Lives, survey: Mapping[str, float]) -> dict[str, float]:
    """Return of the incidents that the Crime Survey finds: recorded, with a knife, with a weapon.

    And the shares of men and of women who would tell it of a stranger in a year.
    """
    adult = (lives.incidents["victim_age"] >= ADULTS[0]).to_numpy()
    incidents = lives.incidents[adult]
    seen = incidents["venue"].map(survey).to_numpy(float)
    weapon = incidents["weapon"].to_numpy()
    stranger = (lives.incidents["relationship"] == "stranger").to_numpy()
    of_strangers = survey_prevalence(lives, survey, stranger)
    return {
        "recorded by the police": _share(seen[incidents["recorded_by_police"]].sum(), seen.sum()),
        "knife": _share(seen[weapon == "knife"].sum(), seen.sum()),
        "any weapon": _share(seen[weapon != "none"].sum(), seen.sum()),
        "men, by a stranger": of_strangers["men"],
        "women, by a stranger": of_strangers["women"],
    }


def child_violence(lives: Lives) -> dict[str, float]:
    """Return shares of children of 13 to 17 who act in a year, and of whose harm family did."""
    youngest, oldest = AGES["13 to 17"]
    incidents = lives.incidents
    acted = incidents[incidents["aggressor_age"].between(youngest, oldest - 1)]
    suffered = incidents[incidents["victim_age"].between(youngest, oldest - 1)]
    actors = len(acted[["aggressor_row", "year"]].drop_duplicates())
    by_family = suffered["relationship"].isin(["partner", "family"]).sum()
    return {
        "acted": _share(actors, lives.years_at(youngest, oldest).sum()),
        "the other was family": _share(by_family, len(suffered)),
    }


def repeat_victimisation(lives: Lives) -> dict[str, float]:
    """Return how much violence falls on the same people within a year, by age of the victim.

    "incidents, AGE": share of incidents suffered by those with two or more; "victims, AGE": share
    of victims with two or more; "poly, AGE": share of victims in two or more kinds of place.
    """
    yearly = _victims(lives)
    found = {}
    for name, (youngest, oldest) in {"10 to 15": (10, 16), "16 to 24": (16, 25),
                                     "25 and over": (25, _MAXIMUM),
                                     "16 and over": ADULTS}.items():  # fmt: skip
        some = yearly[(yearly["age"] >= youngest) & (yearly["age"] < oldest)]
        more = some["number"] >= 2
        whole = some["number"].sum()
        found[f"incidents, {name}"] = _share(some.loc[more, "number"].sum(), whole)
        found[f"victims, {name}"] = _share(more.sum(), len(some))
        found[f"poly, {name}"] = _share((some["venues"] >= 2).sum(), len(some))
    return found


def overlap(lives: Lives, youngest: int = 13, oldest: int = 17) -> dict[str, float]:
    """Return how far victims and aggressors are the same young people, within year 1.

    Of those of the ages at the start: shares of victims who acted and of aggressors who were
    victims, and the odds ratio of acting, victims against others.
    """
    age = lives.people["age_months"].to_numpy() // 12
    young = (age >= youngest) & (age <= oldest) & lives.people["at_start"].to_numpy()
    first = lives.incidents["year"] == 1
    was_victim, acted = (lives.counts(role, first)[young] > 0 for role in ("victim", "aggressor"))
    return {
        "victims who acted": _share((was_victim & acted).sum(), was_victim.sum()),
        "aggressors who were victims": _share((was_victim & acted).sum(), acted.sum()),
        "odds ratio": odds_ratio(was_victim, acted),
        "victims": _share(was_victim.sum(), young.sum()),
        "aggressors": _share(acted.sum(), young.sum()),
    }


def _victims(lives: Lives) -> pd.DataFrame:
    """Return each victim of each year: row, year, age at the first incident, number, venues."""
    columns = ["victim_row", "year", "victim_age", "venue"]
    yearly = lives.incidents[columns].groupby(["victim_row", "year"], as_index=False).agg(
        age=("victim_age", "first"), number=("venue", "size"), venues=("venue", "nunique")
    )
    return yearly.rename(columns={"victim_row": "row"})


def _adult_groups(lives: Lives) -> dict[str, tuple[tuple[int, int], np.ndarray]]:
    """Return the groups of adults: the ages, and which residents belong."""
    male, decile = (lives.people[name].to_numpy() for name in ("male", "deprivation_decile"))
    everybody = np.ones(len(male), bool)
    return {
        "all": (ADULTS, everybody), "men": (ADULTS, male), "women": (ADULTS, ~male),
        **{name: (ages, everybody) for name, ages in AGES.items() if ages[0] >= ADULTS[0]},
        "most deprived fifth": (ADULTS, decile <= 2),
        "middle three fifths": (ADULTS, (decile > 2) & (decile < 9)),
        "least deprived fifth": (ADULTS, decile >= 9),
    }  # fmt: skip


def _by_group(
    lives: Lives, row: np.ndarray, age: np.ndarray, weight: np.ndarray,
    groups: Mapping[str, tuple[tuple[int, int], np.ndarray]],
) -> dict[str, float]:  # fmt: skip
    """Return victims a person-year in each group."""
    row, age = np.asarray(row), np.asarray(age)
    found = {}
    for name, ((youngest, oldest), members) in groups.items():
        some = (age >= youngest) & (age < oldest) & members[row]
        found[name] = _share(weight[some].sum(), lives.years_at(youngest, oldest)[members].sum())
    return found


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
