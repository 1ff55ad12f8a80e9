"""Stop, adapt, continue or scale: one fixed rule for each programme, which may say neither.

The rule weighs what a programme adds (with its interval), how firm its evidence is, harm, whether
the result is plausible, and before money is added whether it is worth what it costs. It is a rule
of this project, stated in the paper; a verdict is never forced, and below 20 draws none rests on
what a programme adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from vru_model.experiments.intervals import FEWEST_DRAWS
from vru_model.parameters.accounts.appraisal import load_rules
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.impact.delivery import Reached
from vru_model.reporting.board.impact.incremental import Increment
from vru_model.reporting.board.impact.register import NO_USE, VirtualTrial, firm
from vru_model.reporting.board.impact.worth import Worth
from vru_model.reporting.words import in_words, percentage, sentence_case

STOP, ADAPT, CONTINUE, SCALE = "stop", "adapt", "continue", "scale"
UNCLEAR = "cannot be told"
VERDICTS = (STOP, ADAPT, CONTINUE, SCALE, UNCLEAR)
_TOO_YOUNG = 12 * 6  # months of age; nobody acts before ten
LEAST_USED, MOST_LEFT = 0.8, 0.3
"""Funded places that have to be used, and drop-out that has to be mended: shares, a judgement."""

RULE = (
    "The rule is the same for every programme, and the first line that applies decides. An "
    "interval is clear of zero where it is so as printed, rounded.",
    "**Stop**: it was found to do nothing or to harm, or the whole 95% interval of what it adds "
    "is on the side of more violence.",
    f"**Adapt**: it is of a kind that may harm, or fewer than {LEAST_USED:.0%} of the places that "
    f"its money buys are used, or more than {MOST_LEFT:.0%} of those who start leave early, or it "
    "reaches the more deprived less than their need, or the 80% interval of what it adds is on "
    "the side of more violence.",
    "**Scale**: the 80% interval of what it adds is clear of zero, its evidence is firm (grade A "
    "or B, security moderate or high), its virtual trial shows no more than is believed, what it "
    "averts is no more than twice what the same money is estimated to avert nationally, twice the "
    "money would still find people, and it is **worth its money**, as explained below.",
    "**Continue**: the 80% interval of what it adds is clear of zero, but one of the other "
    "conditions of scaling is missing.",
    f"**Cannot be told**: everything else, and everything that rests on what it adds with fewer "
    f"than {FEWEST_DRAWS} draws. It is not a weak “stop”: it says that these runs do not decide.",
)


def worth_its_money(price_year: str) -> str:
    """Return what the rule means by worth its money, in plain words."""
    least = load_rules().worth.least_chance
    return (
        "*Worth its money* means that the benefits of what it adds exceed its costs in at least "
        f"{least:.0%} of the draws. Benefits are what services no longer spend and what the health "
        "that victims keep is worth; costs are the programme’s own money. Both are counted as in "
        f"the decision box: in {price_year} prices, later years discounted, costs raised and "
        "benefits cut for optimism, the more the weaker the evidence. Below £1 of benefit for each "
        "£1 a programme costs more than it is worth. The threshold is a judgement of this project "
        "(parameters/appraisal.yaml), the same that the decision box asks before it suggests "
        "approval. It is asked only before money is added: what is not worth more money may still "
        "be worth keeping for those whom it helps."
    )


@dataclass(frozen=True)
class Verdict:
    """What the rule says of one programme.

    Parameters
    ----------
    word
        One of :data:`VERDICTS`.
    reasons
        Why, in words, the deciding ones first.
    following
        What a reviewer would do next.
    """

    word: str
    reasons: tuple[str, ...]
    following: str

    @property
    def why(self) -> str:
        """The reasons as one sentence."""
        return f"{sentence_case('; '.join(self.reasons))}."


@dataclass(frozen=True)
class Weighed:
    """Everything of one programme that the rule looks at.

    Parameters
    ----------
    increment, reached, trial
        What it adds; how it reaches people; what its virtual trial shows, if there is one.
    draws
        Draws that the increment rests on.
    full_at_twice
        Share of funded places used at twice the money; None where that was not run or nobody is
        enrolled.
    worth
        What it adds is worth for its money.
    """

    increment: Increment
    reached: Reached
    trial: VirtualTrial | None
    draws: int
    full_at_twice: float | None
    worth: Worth


def verdict(weighed: Weighed) -> Verdict:
    """Return the verdict of the fixed rule on one programme: see :data:`RULE`."""
    programme = weighed.increment.programme
    added, enough = weighed.increment.admissions, weighed.draws >= FEWEST_DRAWS
    if programme.standing in NO_USE:
        return _of(STOP, [f"the evidence is of “{programme.standing}”"])
    if enough and added.high95 < 0:
        return _of(STOP, ["without it there would be less violence (95% interval)"])
    mend = _to_mend(weighed, enough)
    if mend:
        return _of(ADAPT, mend)
    if not enough:
        return _of(UNCLEAR, [f"{weighed.draws} draws leave out what is unknown"])
    if not weighed.increment.clear:
        return _of(UNCLEAR, [*_unclear(weighed), *_missing(weighed)])
    missing = _missing(weighed)
    adds = f"it adds {added.size80} admissions averted (80% interval)"
    if missing:
        return _of(CONTINUE, [adds, *missing])
    return _of(SCALE, [
        adds, "its evidence is firm",
        f"the chance that its benefits exceed its costs is {weighed.worth.sure}",
    ])


def _to_mend(weighed: Weighed, enough: bool) -> list[str]:
    reached, programme = weighed.reached, weighed.increment.programme
    reasons = []
    if programme.standing == "unknown, may harm":
        reasons.append("harm cannot be ruled out")
    if reached.enrols and reached.used < LEAST_USED:
        reasons.append(f"only {percentage(reached.used)} of its funded places are used")
    if reached.enrols and reached.left > MOST_LEFT:
        reasons.append(f"{percentage(reached.left)} of those who start leave early, as planned for "
                       "here; nobody was observed")
    if reached.for_need == "the less deprived":
        reasons.append("for their need, the more deprived are reached less")
    if enough and weighed.increment.worse:
        reasons.append("the 80% interval of what it adds is on the side of more violence")
    return reasons


def _unclear(weighed: Weighed) -> list[str]:
    """Return why nothing can be told: too little is seen, or what it does comes later."""
    programme, added = weighed.increment.programme, weighed.increment.admissions
    reasons = [f"the 80% interval of what it adds, {added.interval80} admissions, holds zero"]
    if max(abs(added.low80), abs(added.high80)) < added.step / 2:
        reasons = ["no difference is seen among the residents simulated, which does not say that "
                   "there is none"]
    if programme.eligibility.maximum_age_months <= _TOO_YOUNG:
        reasons.append("those it reaches are small children, who act only years later: most of "
                       "what it does comes after ten years")
    return reasons


def _missing(weighed: Weighed) -> list[str]:
    """Return the conditions of scaling that are missing, other than what it adds."""
    programme, trial = weighed.increment.programme, weighed.trial
    evidence = programme.evidence
    reasons = []
    if not firm(programme):
        reasons.append(f"its evidence is of grade {evidence.grade}, security {evidence.security}")
    if trial is None or not trial.agrees:
        shown = "is missing" if trial is None else f"shows an effect that is {trial.verdict}"
        reasons.append(f"its virtual trial {shown}")
    if weighed.increment.implausible:
        reasons.append("it averts more than twice what the same money is estimated to avert "
                       "nationally")
    if weighed.full_at_twice is not None and weighed.full_at_twice < LEAST_USED:
        reasons.append("at twice the money people run out")
    if not weighed.worth.enough:
        reasons.append(
            f"the chance that its benefits exceed its costs is {weighed.worth.sure}, and scaling "
            f"asks for at least {load_rules().worth.least_chance:.0%}"
        )
    return reasons


_FOLLOWING = {
    STOP: "Ask for a reason not to; end it so that nobody enrolled is dropped.",
    ADAPT: "Agree with the provider what to mend by when; look at monitoring in a year.",
    CONTINUE: "Keep the money; evaluate as recommended before any expansion.",
    SCALE: "Enlarge in stages, evaluating as recommended; check that staff can be found.",
    UNCLEAR: "Do not decide on the model: check monitoring, begin the recommended evaluation.",
}


def _of(word: str, reasons: list[str]) -> Verdict:
    return Verdict(word, tuple(reasons), _FOLLOWING[word])


def verdict_blocks(
    found: Mapping[str, Verdict], weighed: Mapping[str, Weighed], source: str
) -> list[Block]:
    """Return the rule, a summary and each programme's verdict with its reasons."""
    first, *lines = RULE
    rule = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    rows, data = [], []
    for name, one in found.items():
        of = weighed[name]
        programme = of.increment.programme
        rows.append({
            "Programme": programme.title,
            "By the rule": one.word,
            "It adds, admissions averted (80% interval)": of.increment.admissions.interval80,
            f"Benefit for each £1, {of.worth.price_year} prices (80% interval; chance that it "
            "exceeds £1)": f"{of.worth.interval80}; {of.worth.sure}",
            "Evidence: grade, security, standing": f"{programme.evidence.grade}, "
            f"{programme.evidence.security}, {programme.standing}",
            "Why": one.why,
        })  # fmt: skip
        data.append({"programme": name, "verdict": one.word, "why": one.why,
                     "low80": of.increment.admissions.low80,
                     "high80": of.increment.admissions.high80,
                     "bcr_low80": of.worth.low80, "bcr_high80": of.worth.high80,
                     "chance_benefits_exceed_costs": of.worth.chance})  # fmt: skip
    table = Table(
        name="verdicts",
        caption="Stop, adapt, continue or scale, by the rule above",
        frame=pd.DataFrame(rows), data=pd.DataFrame(data), source=source,
        text_columns=("By the rule", "Evidence: grade, security, standing", "Why"),
    )  # fmt: skip
    following = dict.fromkeys((one.word, one.following) for one in found.values())
    next_steps = "\n".join(f"- **{sentence_case(word)}**: {what}" for word, what in following)
    price_year = next((one.worth.price_year for one in weighed.values()), "")
    return [
        Prose(f"{first}\n\n{rule}\n\n{worth_its_money(price_year)}"),
        Prose(f"{summary(found, weighed)}."), table,
        Prose(f"What a reviewer would do next:\n\n{next_steps}"),
    ]  # fmt: skip


def summary(found: Mapping[str, Verdict], weighed: Mapping[str, Weighed]) -> str:
    """Return in one sentence which programmes have which verdict."""
    parts = []
    for word in VERDICTS:
        names = [
            weighed[name].increment.programme.title for name, one in found.items()
            if one.word == word
        ]  # fmt: skip
        if names:
            parts.append(f"{word}: {in_words(names)}")
    return f"By the rule, {'; '.join(parts)}"
