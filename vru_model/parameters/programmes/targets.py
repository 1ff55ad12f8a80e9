"""What in the model a programme may change: named rates, states and exposures, and no outcome."""

from __future__ import annotations

from typing import Literal, NamedTuple

from vru_model.parameters.units import Unit

Level = Literal["person", "place", "system"]


class Target(NamedTuple):
    """Something in the model that a programme may change, and the size that changes nothing.

    ``through`` says in plain words by which states of the model it reaches violence, in order;
    ``measures`` names the measures in which that is seen first. The theory-of-change map is drawn
    from both.
    """

    unit: Unit
    neutral: float
    level: Level
    title: str
    meaning: str
    through: tuple[str, ...]
    measures: tuple[str, ...]


_LOG_RATE_RATIO = Unit("log rate ratio", -6.0, 6.0)
_LOG_RATE_RATIO_BELOW_1 = Unit("log rate ratio", -6.0, 0.0)  # acts can only be prevented
_LOG_HAZARD_RATIO = Unit("log hazard ratio", -6.0, 6.0)
_RATE_RATIO = Unit("rate ratio", 0.0, 100.0)
_SHARE_REMOVED = Unit("share removed", 0.0, 1.0)
_SHARE_PREVENTED = Unit("share prevented", 0.0, 1.0)
_ACTS = ("incidents", "emergency_department_attendances", "admissions")

TARGETS: dict[str, Target] = {
    "acting": Target(
        _LOG_RATE_RATIO, 0.0, "person",
        "rate of violence",
        "The rate of committing violence, while enrolled (and fading after).",
        ("readiness to act",), _ACTS),
    "acting_at_home": Target(
        _LOG_RATE_RATIO_BELOW_1, 0.0, "person",
        "rate of violence at home",
        "The rate of committing violence at home, against partner or family, while enrolled (and "
        "fading after).",
        ("readiness to act at home",), _ACTS),
    "acting_after_leaving_early": Target(
        _LOG_RATE_RATIO, 0.0, "person",
        "violence after leaving early",
        "The rate of committing violence of those who left early, fading from then on.",
        ("readiness to act",), _ACTS),
    "victimisation": Target(
        _LOG_RATE_RATIO_BELOW_1, 0.0, "person",
        "violence suffered",
        "The rate of violence suffered by those enrolled, while enrolled (and fading after); what "
        "is prevented does not fall on somebody else.",
        ("exposure as a victim",), _ACTS),
    "activation": Target(
        _SHARE_REMOVED, 0.0, "person",
        "grievance after violence",
        "Grievance after violence, once, at enrolment.",
        ("grievance", "retaliation"), _ACTS),
    "sanction": Target(
        _SHARE_REMOVED, 0.0, "person",
        "mark of sanctions",
        "The mark of formal sanctions, once, at enrolment.",
        ("formal sanction", "readiness to act"), _ACTS),
    "trauma_recovery": Target(
        _RATE_RATIO, 1.0, "person",
        "recovery from trauma",
        "The rate of recovery from post-traumatic stress, while enrolled (and fading after).",
        ("post-traumatic stress", "readiness to act"), ("trauma", *_ACTS)),
    "self_regulation": Target(
        Unit("standard deviations", -3.0, 3.0), 0.0, "person",
        "self-regulation",
        "Self-regulation: attention, impulse control, thinking before acting.",
        ("self-regulation", "readiness to act"), ("exclusions", *_ACTS)),
    "exclusion": Target(
        _LOG_HAZARD_RATIO, 0.0, "person",
        "exclusion from school",
        "The hazard of permanent exclusion from school, while enrolled (and fading after).",
        ("exclusion from school", "readiness to act"), ("exclusions", *_ACTS)),
    "excluded_relief": Target(
        _SHARE_REMOVED, 0.0, "person",
        "harm of being excluded",
        "What being excluded from school adds to the rate of acting, while enrolled (and fading "
        "after).",
        ("life outside school", "readiness to act"), _ACTS),
    "neet_exit": Target(
        _RATE_RATIO, 1.0, "person",
        "finding work or education",
        "The rate of finding work or education of those without, while enrolled.",
        ("work or education", "readiness to act"), _ACTS),
    "pair_closing": Target(
        _RATE_RATIO, 1.0, "person",
        "end of repeated violence",
        "The rate at which repeated violence of an enrolled person against another, or of somebody "
        "in their household against them, comes to an end, while enrolled.",
        ("repeated violence in a pair",), _ACTS),
    "ace": Target(
        _LOG_HAZARD_RATIO, 0.0, "person",
        "adverse childhood experiences",
        "The hazard of adverse childhood experiences of children aged 0-4, while enrolled (and "
        "fading after).",
        ("adverse childhood experiences", "self-regulation", "readiness to act"),
        ("aces", *_ACTS)),
    "street_prevention": Target(
        _SHARE_PREVENTED, 0.0, "place",
        "street incidents prevented",
        "Street incidents prevented where and when the place is covered.",
        ("guardianship of streets",), _ACTS),
    "night_prevention": Target(
        _SHARE_PREVENTED, 0.0, "place",
        "night-time incidents prevented",
        "Incidents of the night-time economy prevented where and when the place is covered.",
        ("the night-time economy",), _ACTS),
    "peer_prevention": Target(
        _SHARE_PREVENTED, 0.0, "place",
        "incidents among peers prevented",
        "Incidents among young people who know each other prevented where and when the place "
        "(the neighbourhood of the one who acts) is covered.",
        ("guardianship among peers",), _ACTS),
    "take_up_of_others": Target(
        _RATE_RATIO, 1.0, "system",
        "take-up of other programmes",
        "The share who take up the strategy's other programmes.",
        ("take-up of other programmes",), ()),
    "police_recording": Target(
        _RATE_RATIO, 1.0, "system",
        "what the police record",
        "The chance that the police record an incident that did not lead to admission or death: "
        "records change, and with them charges, but not what happens.",
        ("recording",), ("police_recorded_violence_with_injury",)),
}

TargetName = Literal[
    "acting", "acting_at_home", "acting_after_leaving_early", "victimisation", "activation",
    "sanction", "trauma_recovery", "self_regulation", "exclusion", "excluded_relief", "neet_exit",
    "pair_closing", "ace", "street_prevention", "night_prevention", "peer_prevention",
    "take_up_of_others", "police_recording",
]  # fmt: skip

PLACE_TARGETS = frozenset(name for name, each in TARGETS.items() if each.level == "place")
SYSTEM_TARGETS = frozenset(name for name, each in TARGETS.items() if each.level == "system")
PERSON_TARGETS = frozenset(TARGETS) - PLACE_TARGETS - SYSTEM_TARGETS
