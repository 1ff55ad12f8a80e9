"""Scenarios in which every programme of the register is funded, and much happens soon."""

import math
from dataclasses import replace
from pathlib import Path

from vru_model.parameters.funding import Funding
from vru_model.parameters.loading import Override
from vru_model.parameters.programmes import TARGETS, Programme
from vru_model.parameters.register import load_programme
from vru_model.parameters.shocks import Shock
from vru_model.scenario import Scenario

REGISTER = Path(__file__).parents[2] / "parameters" / "programmes"
PEOPLE_A_YEAR, PLACES = 240, 6  # that the money reaches, at full size
# Sizes that show within two years, for all that would hardly show.
SIZES = {
    "acting": -0.4, "acting_at_home": -2.0, "acting_after_leaving_early": 0.5,
    "victimisation": -0.5, "activation": 0.5, "sanction": 0.9, "trauma_recovery": 6.0,
    "self_regulation": 0.3, "exclusion": -0.6, "excluded_relief": 0.7, "neet_exit": 8.0,
    "pair_closing": 40.0, "ace": -0.5, "street_prevention": 0.5, "night_prevention": 0.5,
    "peer_prevention": 0.5, "take_up_of_others": 1.3, "police_recording": 1.5,
}  # fmt: skip
# What no programme of the register does is added to one that could.
MORE_CHANGES = {
    "perpetrator_programmes": ("acting_at_home",),
    "family_therapy": ("acting_at_home", "pair_closing"),
    "school_inclusion": ("excluded_relief",),
}


def changed(name: str, values: dict[str, float], switches: dict[str, bool] | None = None):
    """Return a scenario with other values and switches."""
    return replace(
        Scenario.load(name),
        overrides_made=tuple(
            Override(parameter, float(value), "to see it", "a test")
            for parameter, value in values.items()
        ),
        switches_set=tuple(sorted((switches or {}).items())),
    )


def everything(
    values: dict[str, float], shock: Shock | None = None, as_they_are: bool = False, **terms
) -> Scenario:
    """Return a scenario that funds every programme of the register, made busy.

    ``values`` replace parameters of the model; ``terms`` say, of some programmes, what is
    different about each of their lines of funding.
    """
    programmes = [load_programme(path) for path in sorted(REGISTER.glob("*.yaml"))]
    if not as_they_are:
        programmes = [busy(programme) for programme in programmes]
    lines = [
        Funding(programme=one.name, **{"money_per_year": enough_for(one), **line})
        for one in programmes
        for line in terms.get(one.name, [{}])
    ]
    return replace(
        changed("baseline", values),
        funding=tuple(lines),
        programmes_funded=tuple(programmes),
        price_year="2024/25",
        shock=shock or Shock(),
    )


def enough_for(programme: Programme) -> int:
    """Return the £ a year that reach as many people, or places, as the tests look at."""
    reached = PLACES if programme.of_places else PEOPLE_A_YEAR
    units = reached / programme.reach.reached_per_unit
    return math.ceil(programme.cost.fixed_cost_per_year + units * programme.cost.unit_cost)


def busy(programme: Programme) -> Programme:
    """Return a programme that starts soon, misses few, ends soon and has effects that show."""
    timing = programme.timing
    timing = timing.model_copy(update={
        "lag_months": min(timing.lag_months, 2.0),
        "hiring_months": min(timing.hiring_months, 3.0),
        "notice_months": min(timing.notice_months, 3.0),
        "ramp_up_months": min(timing.ramp_up_months, 3.0),
        "duration_months": min(timing.duration_months, 6.0),
    })  # fmt: skip
    referral = programme.referral
    if referral is not None:
        referral = referral.model_copy(update={"identified": 0.9, "consent": 0.9})
    reach = programme.reach
    if reach.people_per_place:
        reach = reach.model_copy(update={"people_per_place": 40.0})
    elif not programme.of_places:
        reach = reach.model_copy(update={"drop_out_per_month": 0.05})
    return programme.model_copy(update={
        "timing": timing, "referral": referral, "reach": reach,
        "changes": tuple(busy_changes(programme)),
        **exclusion_as_event(programme),
    })  # fmt: skip


def busy_changes(programme: Programme) -> list:
    """Return a programme's changes, those that hardly show enlarged."""
    changes = []
    for change in programme.changes:
        neutral = TARGETS[change.target].neutral
        small = abs(change.value - neutral) < abs(SIZES[change.target] - neutral)
        harm = change.target in ("acting", "exclusion") and change.value > neutral
        changes.append(with_size(change, SIZES[change.target]) if small and not harm else change)
    like = programme.changes[0]
    for target in MORE_CHANGES.get(programme.name, ()):
        changes.append(with_size(like.model_copy(update={"target": target}), SIZES[target]))
    return changes


def with_size(change, value: float):
    """Return a change with another size, the same in every draw."""
    fixed = {"value": value, "low": None, "high": None, "distribution": "fixed"}
    return change.model_copy(update=fixed)


def exclusion_as_event(programme: Programme) -> dict:
    """Return what is different about school inclusion: it hears of the children excluded."""
    if programme.name != "school_inclusion":
        return {}
    rule = programme.eligibility.model_copy(
        update={"event": "exclusion", "selection": "event", "statuses": ("excluded",)}
    )
    like = load_programme(REGISTER / "nurse_home_visiting.yaml").referral
    return {"eligibility": rule, "referral": like.model_copy(
        update={"by": "schools", "identified": 0.9, "consent": 0.9, "delay_months": 0.0}
    )}  # fmt: skip


def without(scenario: Scenario, target: str) -> Scenario:
    """Return a scenario whose programmes leave a target alone."""
    neutral = TARGETS[target].neutral
    return replace(
        scenario,
        programmes_funded=tuple(
            programme.model_copy(update={"changes": tuple(
                with_size(change, neutral) if change.target == target else change
                for change in programme.changes
            )})
            for programme in scenario.programmes_funded
        ),
    )  # fmt: skip
