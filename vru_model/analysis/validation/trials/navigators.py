"""A virtual trial of hospital navigators: who engages is chosen, and who engages chooses.

Each young victim whom an emergency department saw in year 1 lives twice: in the world without
navigators and in the one where everybody is met and takes part. The randomised reading compares
the two lives of all of them. The published design compares those who engaged with those who did
not, each in the one life that they then had. Who engages depends on what makes anybody act, with
a strength that is not known: here one standard deviation of risk halves the odds, a judgement
written down before any result. The gap between the two readings is selection and nothing else.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from vru_model.analysis.patterns.world_lives import ATTENDED, Lives
from vru_model.analysis.statistics.association import Parts, rate_parts
from vru_model.analysis.validation.trials.worlds import (
    A_POUND,
    AT_ONCE,
    Report,
    Size,
    by_world,
    changed,
    funded,
    pairs,
)
from vru_model.experiments import Run
from vru_model.parameters.register import load_programme
from vru_model.randomness import PARAMETER, uniform, word, world_key
from vru_model.scenario import Scenario

TITLE = "Virtual trial: hospital navigators"
TARGETS = {"back in hospital, engaged over not (self-selected)": "navigator_engaged_ratio"}
AGES = (11, 25)
SELECTION = -math.log(2.0)
"""Log odds of engaging for each standard deviation of risk: a judgement."""
_ENOUGH = 1_000
"""Hospitals' worth of navigators: room for everybody who comes."""


def scenario() -> Scenario:
    """Return navigators who meet everybody, and with whom everybody stays."""
    programme = changed(
        load_programme("hospital_navigators"),
        referral={"identified": 1.0, "consent": 1.0},
        reach={"take_up": 1.0, "take_up_by_deprivation": 0.0, "drop_out_per_month": 0.0},
        timing=AT_ONCE, cost=A_POUND,
        eligibility={"minimum_age": AGES[0], "maximum_age": AGES[1] - 1},
    )  # fmt: skip
    title = "Navigators for every young patient"
    return funded("trial_navigators", title, [(programme, _ENOUGH, {})])


def run_all(size: Size, report: Report | None = None) -> Run:
    """Run the navigators, or find them on disk."""
    return size.run(scenario(), report, incidents=True)


def carry_out(size: Size, base: Run, report: Report | None = None) -> pd.DataFrame:
    """Return ratios of coming back and of acting within a year, by world; columns are groups.

    `base` is the baseline with incidents and people.
    """
    run = run_all(size, report)
    found = {}
    for key, without, met in pairs(base, run, "incidents"):
        people = base.query("select * from people", worlds=[key])
        one, other = (Lives.of(people, table, base.years) for table in (without, met))
        found[key] = ratios(one, other, size.seed)
    return by_world(found)


def ratios(without: Lives, met: Lives, seed: int = 1) -> dict[str, Parts]:
    """Return the ratios of the trial in one world, lived without and with navigators.

    In parts, because few come back in one world.
    """
    cohort, month = _patients(without)
    back, acted = (
        [_within_a_year(lives, role, cohort, month) for lives in (without, met)]
        for role in ("victim", "aggressor")
    )
    engaged = _engaged(without, cohort, seed)
    return {
        "back in hospital, all met over none (randomised)": _over(back[1], back[0]),
        "violence, all met over none (randomised)": _over(acted[1], acted[0]),
        "back in hospital, engaged over not (self-selected)": _over(
            back[1][engaged], back[0][~engaged]),
        "violence, engaged over not (self-selected)": _over(acted[1][engaged], acted[0][~engaged]),
        "violence, engaged over not, had navigators no effect": _over(
            acted[0][engaged], acted[0][~engaged]),
    }  # fmt: skip


def _patients(lives: Lives) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of the young patients of year 1, and the month in which each first came."""
    incidents = lives.incidents
    seen = (
        incidents["severity"].isin(ATTENDED) & (incidents["severity"] != "death")
        & (incidents["year"] == 1) & incidents["victim_age"].between(AGES[0], AGES[1] - 1)
    )  # fmt: skip
    first = incidents[seen].groupby("victim_row")["week"].min()
    return first.index.to_numpy(), first.to_numpy()


def _within_a_year(lives: Lives, role: str, rows: np.ndarray, since: np.ndarray) -> np.ndarray:
    """Return the incidents of each in the 52 weeks after the first: as patient, or as aggressor."""
    kept = lives.incidents
    if role == "victim":
        kept = kept[kept["severity"].isin(ATTENDED)]
    start = pd.Series(since, index=rows)
    weeks = kept["week"].to_numpy() - kept[f"{role}_row"].map(start).to_numpy(float)
    inside = (weeks > 0) & (weeks <= 52)
    return np.bincount(
        kept[f"{role}_row"].to_numpy()[inside], minlength=len(lives.people)
    )[rows]  # fmt: skip


def _engaged(lives: Lives, rows: np.ndarray, seed: int) -> np.ndarray:
    """Return who would engage: half of those of mean risk, fewer of those of high risk."""
    people = lives.people.iloc[rows]
    risk = people["liability"].to_numpy(float) - people["self_regulation"].to_numpy(float)
    risk = (risk - risk.mean()) / (risk.std() or 1.0)
    chance = 1.0 / (1.0 + np.exp(-SELECTION * risk))
    key = world_key(seed, 0)
    drawn = [uniform(word(key, np.uint64(who), 0, PARAMETER, 0)) for who in people["resident"]]
    return np.array(drawn) < chance


def _over(one: np.ndarray, other: np.ndarray) -> Parts:
    return rate_parts(one.sum(), len(one), other.sum(), len(other))
