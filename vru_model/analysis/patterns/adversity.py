"""What goes with violence in later life: ACEs, PTSD, exclusion. Crude, adjusted and causal apart.

Each ratio is computed as the study computed it with which it is compared. The model's own causal
part is a coefficient, or a knock-out; the difference between them is confounding, which an
observer of the model's world would see and could not tell from cause.
"""

from __future__ import annotations

import numpy as np

from vru_model.analysis.patterns.world_lives import Lives
from vru_model.analysis.statistics.association import (
    Parts,
    attributable_share,
    logistic_odds_ratios,
    odds_ratio,
    rate_parts,
    rate_ratio,
    stratified_rate_parts,
    stratified_rate_ratio,
)

MANY = 4
_ADULTS = (18, 70)
_VIOLENT_BEFORE = 0.3
"""History from which somebody counts as lately violent."""


def ace_odds_ratios(lives: Lives) -> dict[str, float]:
    """Return odds ratios of violence in year 1, four ACEs or more against none, ages 18 to 69.

    Crude; adjusted for age, sex and deprivation, as the English survey was; and, beyond what a
    survey can see, for liability and self-regulation as well. The share attributable takes the
    crude risk ratios at 1, 2 to 3 and 4 or more. Of custody: in custody at the start.
    """
    people, age = lives.people, lives.people["age_months"].to_numpy() / 12.0
    adult = people["at_start"].to_numpy() & (age >= _ADULTS[0]) & (age < _ADULTS[1])
    first = lives.incidents["year"] == 1
    acted, victim = (lives.counts(role, first)[adult] > 0 for role in ("aggressor", "victim"))
    ace = people["ace"].to_numpy()[adult]
    inside = (people["status"].astype(str) == "custody").to_numpy()[adult]
    compared = (ace >= MANY) | (ace == 0)
    many = ace[compared] >= MANY
    seen = np.column_stack([_age_bands(age[adult][compared]),
                            people["male"].to_numpy()[adult][compared],
                            people["deprivation_decile"].to_numpy()[adult][compared]])  # fmt: skip
    unseen = people[["liability", "self_regulation"]].to_numpy(float)[adult][compared]
    detained = inside[compared]
    adjusted = logistic_odds_ratios(acted[compared], np.column_stack([many, seen]))
    fully = logistic_odds_ratios(acted[compared], np.column_stack([many, seen, unseen]))
    return {
        "perpetration, crude": odds_ratio(many, acted[compared]),
        "perpetration, adjusted": float(adjusted[0]),
        "perpetration, liability and self-regulation too": float(fully[0]),
        "victimisation, crude": odds_ratio(many, victim[compared]),
        "victimisation, adjusted, log": _log(
            logistic_odds_ratios(victim[compared], np.column_stack([many, seen]))[0]),
        "custody, adjusted, log": _log(
            logistic_odds_ratios(detained, np.column_stack([many, seen]))[0]),
        "attributable share": _attributable(ace, acted),
    }


def ace_prevalence(lives: Lives) -> dict[str, float]:
    """Return the shares of those aged 18 to 69 with any ACE, and with four or more."""
    age = lives.people["age_months"].to_numpy() / 12.0
    adult = lives.people["at_start"].to_numpy() & (age >= _ADULTS[0]) & (age < _ADULTS[1])
    ace = lives.people["ace"].to_numpy()[adult]
    return {"at least one": float((ace >= 1).mean()), "four or more": float((ace >= MANY).mean())}


def trauma_rate_ratios(lives: Lives) -> dict[str, float]:
    """Return the ratio of acts in year 1, with PTSD at the start against without, ages 10 to 59.

    Crude, and within strata of age, sex, ACEs, earlier violence and fifth of deprivation.
    """
    people, age = lives.people, lives.people["age_months"].to_numpy() / 12.0
    some = people["at_start"].to_numpy() & (age >= 10) & (age < 60)
    acts = lives.counts("aggressor", lives.incidents["year"] == 1)[some]
    ill = people["trauma"].to_numpy(bool)[some]
    strata = _codes(
        np.digitize(age[some], [14, 18, 25, 35, 45]), people["male"].to_numpy()[some],
        np.minimum(people["ace"].to_numpy()[some], MANY),
        people["history"].to_numpy()[some] > _VIOLENT_BEFORE,
        (people["deprivation_decile"].to_numpy()[some] - 1) // 2,
    )  # fmt: skip
    return {
        "crude": rate_ratio(acts[ill].sum(), ill.sum(), acts[~ill].sum(), (~ill).sum()),
        "within strata": stratified_rate_ratio(ill, acts, np.ones(len(acts)), strata),
    }


def exclusion_rate_ratios(lives: Lives, months: int = 3) -> dict[str, Parts]:
    """Return the ratio of acts soon after the start, excluded pupils against others, ages 11 to 15.

    In parts, because few are excluded in one world.

    Crude, and within strata of age, sex, ACEs, earlier violence and self-regulation (quarters), as
    a matched study would. `months` is short because exclusion ends by return to school.
    """
    people, age = lives.people, lives.people["age_months"].to_numpy() / 12.0
    status = people["status"].astype(str).to_numpy()
    some = people["at_start"].to_numpy() & (age >= 11) & (age < 16)
    some &= np.isin(status, ["in school", "excluded"])
    soon = (lives.incidents["week"] < months * 52 // 12).to_numpy()
    acts = lives.counts("aggressor", soon)[some]
    out = status[some] == "excluded"
    regulation = people["self_regulation"].to_numpy()[some]
    quarters = np.digitize(regulation, np.quantile(regulation, [0.25, 0.5, 0.75]))
    strata = _codes(
        age[some].astype(int), people["male"].to_numpy()[some],
        np.minimum(people["ace"].to_numpy()[some], 3),
        np.digitize(people["history"].to_numpy()[some], [_VIOLENT_BEFORE, 1.0]), quarters,
    )  # fmt: skip
    return {
        "crude": rate_parts(acts[out].sum(), out.sum(), acts[~out].sum(), (~out).sum()),
        "matched": stratified_rate_parts(out, acts, np.ones(len(acts)), strata),
    }


def _attributable(ace: np.ndarray, acted: np.ndarray) -> float:
    """Return the population attributable share of having acted, by level of ACEs."""
    none = acted[ace == 0].mean() if (ace == 0).any() else 0.0
    if none <= 0:
        return float("nan")
    levels = [ace == 1, (ace >= 2) & (ace < MANY), ace >= MANY]
    present = [level for level in levels if level.any()]
    return attributable_share(
        [level.mean() for level in present], [acted[level].mean() / none for level in present]
    )


def _log(ratio: float) -> float:
    return float(np.log(ratio)) if ratio > 0 else float("nan")


def _age_bands(age: np.ndarray) -> np.ndarray:
    """Return indicators of the age bands 30-39, 40-49, 50-59 and 60-69, shape (people, 4)."""
    return np.column_stack([(age >= low) & (age < low + 10) for low in (30, 40, 50, 60)])


def _codes(*levels: np.ndarray) -> np.ndarray:
    """Return one code for each combination of levels, each below 64."""
    code = np.zeros(len(levels[0]), np.int64)
    for level in levels:
        code = code * 64 + np.asarray(level, np.int64)
    return code
