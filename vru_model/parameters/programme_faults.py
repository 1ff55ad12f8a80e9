"""What can be wrong between the fields of a programme, which no single field shows."""

from __future__ import annotations

from typing import Any

from vru_model.parameters.documents import NOTHING
from vru_model.parameters.programmes import Eligibility, Evidence, Reach, Trial
from vru_model.parameters.programmes.targets import PERSON_TARGETS, PLACE_TARGETS, SYSTEM_TARGETS
from vru_model.parameters.ranges import Fault

_COMPARES_RISKS = ("ratio_of_risks", "odds_ratio", "standardised_difference")


def eligibility_faults(who: Eligibility, level: Any, targets: list[str],
                       reach: Reach | None) -> list[Fault]:
    """Return what is wrong with who may take part, given the level and what is changed."""
    faults = []
    if who.minimum_age > who.maximum_age:
        allowed = f"at most the maximum age, {who.maximum_age}"
        faults.append(Fault("minimum_age", who.minimum_age, allowed))
    if (who.event == "none") == (who.selection == "event"):
        allowed = "event where an event is named, and only there"
        faults.append(Fault("selection", who.selection, allowed))
    if level == "place" and who.selection != "place":
        faults.append(Fault("selection", who.selection, "place for programmes on that level"))
    if level == "person" and who.selection in ("place", "none"):
        allowed = "score, random or event for programmes on the level of persons"
        faults.append(Fault("selection", who.selection, allowed))
    faults += _targets_and_selection(who, targets, reach)
    if any(not 1 <= decile <= 10 for decile in who.deprivation_deciles):
        faults.append(Fault("deprivation_deciles", list(who.deprivation_deciles), "1 to 10"))
    if who.carer_maximum_age is not None and who.event != "birth":
        faults.append(Fault("carer_maximum_age", who.carer_maximum_age,
                            "null, unless the event is a birth"))
    return faults


def _targets_and_selection(who: Eligibility, targets: list[str],
                           reach: Reach | None) -> list[Fault]:
    """Return where what is changed does not fit how those who take part are chosen."""
    faults = []
    if targets and (who.selection == "place") != bool(PLACE_TARGETS & set(targets)):
        allowed = f"place for programmes that change one of {', '.join(sorted(PLACE_TARGETS))}, " \
            "and only there"
        faults.append(Fault("selection", who.selection, allowed))
    if targets and (who.selection == "none") != (set(targets) <= SYSTEM_TARGETS):
        allowed = f"none for programmes that change {', '.join(sorted(SYSTEM_TARGETS))} alone, " \
            "and only there"
        faults.append(Fault("selection", who.selection, allowed))
    falls_on_people = bool(PERSON_TARGETS & set(targets))
    if who.selection == "place" and reach and falls_on_people != (reach.people_per_place > 0.0):
        allowed = "place with reach.people_per_place above 0 where a place programme changes " \
            "persons too, and only there"
        faults.append(Fault("selection", who.selection, allowed))
    return faults


def evidence_faults(evidence: Evidence) -> list[Fault]:
    """Return what is wrong between the published number, its kind and its baseline."""
    faults = []
    if (evidence.effect is None) != (evidence.kind == "none"):
        faults.append(Fault("kind", evidence.kind, "none where no effect is given, and only there"))
    if evidence.kind in _COMPARES_RISKS and evidence.baseline_risk is None:
        faults.append(Fault("baseline_risk", NOTHING, f"a risk, as the kind is {evidence.kind}"))
    if (evidence.low is None) != (evidence.high is None):
        faults.append(Fault("low", evidence.low, "both low and high, or neither"))
    ratios = [number for number in (evidence.effect, evidence.low, evidence.high)
              if number is not None]
    if evidence.kind not in ("none", "standardised_difference", "share_prevented"):
        faults += [Fault("effect", number, "a ratio above 0") for number in ratios if number <= 0]
    if evidence.kind == "share_prevented":
        faults += [Fault("effect", number, "a share below 1") for number in ratios if number >= 1]
    return faults


def trial_faults(trial: Trial, targets: list[str]) -> list[Fault]:
    """Return what is wrong with a virtual trial."""
    faults = []
    if trial.fits is not None and trial.fits not in targets:
        faults.append(Fault("fits", trial.fits, f"one of its changes: {', '.join(targets)}"))
    if trial.last_month <= trial.first_month:
        faults.append(Fault("last_month", trial.last_month,
                            f"later than the first, {trial.first_month}"))
    return faults
