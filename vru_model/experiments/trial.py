"""Virtual trials: what a programme does to those enrolled, in the model, counted as a study would.

Two worlds share every random number. In one the programme works as its document says, in the
other the same people are enrolled in a programme that changes nothing. Everybody who is offered a
place takes it and no treated place is left alone, because the published effect is of taking part;
who is eligible, how they are chosen, how long it lasts and who leaves early stay as written. Each
person is followed from the own enrolment.
"""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from vru_model.experiments.world import release
from vru_model.parameters.funding import Funding
from vru_model.parameters.programmes import TARGETS, Programme, Trial
from vru_model.provenance import code_version
from vru_model.scenario import Scenario

if TYPE_CHECKING:
    from vru_model.model import ViolenceModel

SHARE_OF_ELIGIBLE = 0.25
"""Of those eligible, at most so many are enrolled in the year of recruitment: in a larger share
the treated would change the world of one another."""

MOST_ENROLLED = 0.01
"""Of all residents, at most so many."""

FORMAT = 1
"""Raised when trials are counted in another way, so that old counts are not taken for new."""

NOT_CATCHING = ("exclusions", "aces")
"""Outcomes that nobody catches from another and that are rare: everybody eligible is enrolled."""

SHARE_OF_PLACES = 0.2
"""Of the neighbourhoods that may be treated, so many are."""


class Count(NamedTuple):
    """What was counted in a trial: events or people with one, and who was followed."""

    treated: float
    control: float
    followed: int


def trial_of(programme: Programme) -> Trial:
    """Return how a programme is tried; raise ValueError where its document does not say."""
    if programme.trial is None:
        raise ValueError(f"{programme.name} has no virtual trial in its document")
    return programme.trial


@dataclass(frozen=True)
class VirtualTrial:
    """One pair of worlds.

    Parameters
    ----------
    programme
        As its document says; it must have a ``trial``.
    place, scale, seed, population_seed, draw, replicate
        Those of ``ViolenceModel``.
    """

    programme: Programme
    place: str = "west_midlands"
    scale: float = 0.1
    seed: int = 1
    population_seed: int = 1
    draw: int | None = None
    replicate: int = 0

    @property
    def years(self) -> int:
        """The years to simulate: one of recruitment, and the follow-up."""
        recruitment = 0 if self.programme.of_places else 12
        return min(25, -(-(recruitment + trial_of(self.programme).last_month) // 12))

    def digest(self, parameters: str) -> str:
        """Return a hash of what determines the counts; ``parameters`` is their version."""
        content = {**asdict(self), "format": FORMAT, "parameters": parameters,
                   "code": code_version(),
                   "programme": self.programme.numbers(),
                   "trial": trial_of(self.programme).model_dump(exclude={"comment", "fits"})}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:24]

    def run(self) -> Count:
        """Simulate both worlds and count."""
        conditions = under_trial_conditions(self.programme)
        options = {name: getattr(self, name) for name in (
            "place", "scale", "seed", "population_seed", "draw", "replicate")}
        treated = _arm(conditions, self.years, **options)
        control = _placebo(without_effect(conditions), self.years, **options)
        gc.collect()  # a model refers to itself: nobody else frees it in time
        return compare(treated, control, self.programme)


def under_trial_conditions(programme: Programme) -> Programme:
    """Return a programme that everybody takes up at once, and that leaves no treated place."""
    reach = {"take_up": 1.0, "take_up_by_deprivation": 0.0}
    if programme.of_places:
        reach |= {"share_of_days": 1.0, "share_of_place": 1.0}
    at_once = {"identified": 1.0, "consent": 1.0, "delay_months": 0.0, "waiting_months": 0.0}
    referral = programme.referral and programme.referral.model_copy(update=at_once)
    timing = {"lag_months": 0.0, "hiring_months": 0.0, "notice_months": 0.0}
    return programme.model_copy(update={
        "reach": programme.reach.model_copy(update=reach), "referral": referral,
        "timing": programme.timing.model_copy(update=timing),
    })  # fmt: skip


def without_effect(programme: Programme) -> Programme:
    """Return the same programme, with every change at the size that changes nothing."""
    nothing = {"low": None, "high": None, "distribution": "fixed"}
    return programme.model_copy(update={"changes": tuple(
        change.model_copy(update={**nothing, "value": TARGETS[change.target].neutral})
        for change in programme.changes
    )})  # fmt: skip


class Watched(NamedTuple):
    """What was seen in one world: identifiers or rows of places, each with the step."""

    enrolled: np.ndarray  # uint64
    enrolled_at: np.ndarray  # int64
    places: np.ndarray  # rows of the treated neighbourhoods
    whom: np.ndarray  # to whom, or where, the outcome happened: uint64
    when: np.ndarray  # int64


@lru_cache(maxsize=1)
def _placebo(programme: Programme, years: int, **options: Any) -> Watched:
    """Return the world without effect, which trials of other sizes of one change share."""
    return _arm(programme, years, **options)


def _arm(programme: Programme, years: int, **options: Any) -> Watched:
    """Simulate one world and watch it."""
    from vru_model.model import ViolenceModel

    scenario = Scenario(
        name="trial", title="A virtual trial", question="What does it do to those enrolled?",
        funding=(Funding(programme=programme.name, money_per_year=1),),
        switches_set=(("patrol_follows_hot_spots", False),), programmes_funded=(programme,),
        price_year=programme.cost.price_year,
    )  # fmt: skip
    model = ViolenceModel(scenario=scenario, years=years, **options)
    (delivered,) = model.portfolio.programmes
    delivered.funds = _recruitment(model, delivered)
    outcome = OUTCOMES[trial_of(programme).outcome]
    enrolled, seen = [], []
    while model.running:
        step = model.clock.step
        model.step()
        rows = model.portfolio.register.rows
        enrolled.append((_identifiers(model, rows["resident"][rows["start"] == step]), step))
        seen.append((outcome(model), step))
    treated = model.portfolio.treated.get(0)
    places = np.empty(0, np.int64) if treated is None else treated.rows.copy()
    release(model)
    return Watched(*_flat(enrolled), places, *_flat(seen))


def _flat(found: list[tuple[np.ndarray, int]]) -> tuple[np.ndarray, np.ndarray]:
    whom = np.concatenate([each.astype(np.uint64) for each, _ in found])
    return whom, np.repeat([step for _, step in found], [len(each) for each, _ in found])


def _recruitment(model: ViolenceModel, delivered):
    """Return funds that pay for one year of recruitment, or for places all along."""
    from vru_model.programmes.eligibility import eligible
    from vru_model.programmes.funds import Recruitment

    if delivered.document.of_places:
        places = max(1, round(SHARE_OF_PLACES * int(delivered.places.sum())))
        people = places * delivered.document.reach.people_per_place / model.weight / 12.0
        return Recruitment(delivered.funds, people, places, last_month=None)
    everybody = np.arange(model.people.count, dtype=np.int32)
    able = len(eligible(model.people, everybody, delivered.rule, delivered.places))
    number = min(SHARE_OF_ELIGIBLE * able, MOST_ENROLLED * len(everybody))
    if trial_of(delivered.document).outcome in NOT_CATCHING:
        number = float(able)
    if delivered.rule.event != "none":  # everybody to whom it happens
        number = float(len(everybody))
    return Recruitment(delivered.funds, max(number, 12.0) / 12.0, 0, last_month=12)


def compare(treated: Watched, control: Watched, programme: Programme) -> Count:
    """Return what happened to the same people or places in both worlds."""
    trial = trial_of(programme)
    if programme.of_places and trial.outcome in OF_PLACES:
        rows = np.intersect1d(treated.places, control.places).astype(np.uint64)
        start = dict.fromkeys(rows.tolist(), 0)
    else:
        start = _followed(treated, control)
    # Those whom an event brings are followed from the step after it.
    first = trial.first_month + (programme.eligibility.event != "none")
    last = trial.last_month + (programme.eligibility.event != "none")
    ours, theirs = (
        _counted(each, start, first, last, trial.statistic) for each in (treated, control)
    )
    return Count(ours, theirs, len(start))


def _followed(treated: Watched, control: Watched) -> dict[int, int]:
    """Return identifier → step of enrolment of those first enrolled alike in both worlds."""
    firsts = []
    for arm in (treated, control):
        who, at = np.unique(arm.enrolled, return_index=True)
        firsts.append(dict(zip(who.tolist(), arm.enrolled_at[at].tolist(), strict=True)))
    ours, theirs = firsts
    return {who: step for who, step in ours.items() if theirs.get(who) == step}


def _counted(arm: Watched, start: dict[int, int], first: int, last: int, statistic: str) -> float:
    """Return events, or people with one, in the window of follow-up of each."""
    inside = [
        who for who, when in zip(arm.whom.tolist(), arm.when.tolist(), strict=True)
        if who in start and first <= when - start[who] < last
    ]  # fmt: skip
    return float(len(inside) if statistic == "rate" else len(set(inside)))


# --- outcomes: to whom, or where, something happened in a step ---------------------------------


def _identifiers(model: ViolenceModel, residents: np.ndarray) -> np.ndarray:
    return model.people.rows.identifier[residents]


def _of_people(role: str, where: Callable) -> Callable:
    def outcome(model: ViolenceModel) -> np.ndarray:
        happened = model.happened
        return _identifiers(model, happened[role][where(happened)])

    return outcome


def _of_places(where: Callable) -> Callable:
    def outcome(model: ViolenceModel) -> np.ndarray:
        return model.happened["neighbourhood"][where(model.happened)]

    return outcome


def _of_events(measure: str) -> Callable:
    def outcome(model: ViolenceModel) -> np.ndarray:
        return _identifiers(model, model.events.get(measure, np.empty(0, np.int32)))

    return outcome


def _all(happened: np.ndarray) -> np.ndarray:
    return np.ones(len(happened), bool)


def _venue(name: str) -> Callable:
    def where(happened: np.ndarray) -> np.ndarray:
        from vru_model.processes.records import VENUES

        return happened["venue"] == VENUES.index(name)

    return where


def _attended(happened: np.ndarray) -> np.ndarray:
    from vru_model.processes.records import DEATH, EMERGENCY_DEPARTMENT

    return (happened["severity"] >= EMERGENCY_DEPARTMENT) & (happened["severity"] < DEATH)


OUTCOMES: dict[str, Callable] = {
    "acts": _of_people("aggressor", _all),
    "acts_at_home": _of_people("aggressor", _venue("household")),
    "charges": _of_people("aggressor", lambda happened: happened["charged"]),
    "convictions": _of_people("aggressor", lambda happened: happened["convicted"]),
    "attendances": _of_people("victim", _attended),
    "victimisation": _of_people("victim", _all),
    "victimisation_at_home": _of_people("victim", _venue("household")),
    "victimisation_among_peers": _of_people("victim", _venue("peer")),
    "exclusions": _of_events("exclusions"),
    "aces": _of_events("aces"),
    "trauma": _of_events("trauma_onsets"),
    "street_incidents": _of_places(_venue("neighbourhood")),
    "night_incidents": _of_places(_venue("night_time_economy")),
    "peer_incidents": _of_places(_venue("peer")),
    "recorded_violence": _of_places(lambda happened: happened["recorded_by_police"]),
}
OF_PLACES = frozenset(
    ("street_incidents", "night_incidents", "peer_incidents", "recorded_violence")
)
