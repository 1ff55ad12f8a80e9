"""Evidence of the strategy's programmes with its security, and what virtual trials show of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from vru_model import paths
from vru_model.analysis.trials import chosen
from vru_model.parameters.conversions import Estimate as Ratio
from vru_model.parameters.programmes import Programme
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.strategies import published_effect
from vru_model.reporting.words import in_words

PAGE = paths.ROOT / "docs" / "programmes.md"
FIRM_GRADES, FIRM_SECURITY = ("A", "B"), ("moderate", "high")
NO_USE = ("no benefit", "harmful")
_COLUMNS = ("title", "standing", "published", "believed", "shown", "counted", "verdict", "comment")
_SOURCE = "the documents in parameters/programmes; virtual trials: docs/programmes.md"


@dataclass(frozen=True)
class VirtualTrial:
    """What the model shows where a programme is tried as its study tried it.

    Parameters
    ----------
    shown
        Ratio of events with the programme over events without, as printed with its interval.
    verdict
        How that compares with what is believed.
    counted, comment
        What was counted in whom, and how it differs from the study.
    """

    shown: str
    verdict: str
    counted: str
    comment: str

    @property
    def agrees(self) -> bool:
        """Whether it shows no more than is believed, and not the other way."""
        return self.verdict not in ("the other way", "stronger than believed")


@lru_cache(maxsize=1)
def virtual_trials() -> Mapping[str, VirtualTrial]:
    """Return programme → its virtual trial, read from the page that ``vru trial`` writes.

    Raises
    ------
    ValueError
        Where a row of the page's table has not the columns that are looked for.
    """
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| ") or "(`" not in line:
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != len(_COLUMNS):
            raise ValueError(f"{PAGE.name}: {len(cells)} columns, not {len(_COLUMNS)}: {line}")
        row = dict(zip(_COLUMNS, cells, strict=True))
        name = row["title"].rpartition("(`")[2].removesuffix("`)")
        found[name] = VirtualTrial(row["shown"], row["verdict"], row["counted"], row["comment"])
    return found


def firm(programme: Programme) -> bool:
    """Whether evidence is firm enough to scale on: grade A or B, security moderate or high."""
    evidence = programme.evidence
    return evidence.grade in FIRM_GRADES and evidence.security in FIRM_SECURITY


def evidence_blocks(case: BoardCase) -> list[Block]:
    """Return what was published, how much of it is believed, and what virtual trials show."""
    programmes = ordered(case)
    weak = [one.title for one in programmes if not firm(one)]
    words = (
        f"The evidence of {in_words(weak)} is not firm: below grade B, or of low security. A large "
        "published effect on weak evidence is a reason to evaluate, not to expand."
        if weak
        else "The evidence of every programme of the strategy is firm: grade A or B, of moderate "
        "or high security. That is security about what was found elsewhere, not about here."
    )
    return [Prose(words), _published(programmes), *_trials(programmes)]


def ordered(case: BoardCase) -> list[Programme]:
    """Return the strategy's programmes, most money first."""
    money: dict[str, int] = {}
    for line in case.strategy.funding:
        money[line.programme] = money.get(line.programme, 0) + line.money_per_year
    names = sorted(money, key=lambda name: (-money[name], name))
    return [case.strategy.programmes[name] for name in names]


def _published(programmes: Iterable[Programme]) -> Table:
    rows = [
        {
            "Programme": one.title,
            "Published effect (95% interval)": published_effect(one.evidence),
            "Design": one.evidence.design,
            "UK trial": "yes" if one.evidence.uk else "no",
            "Grade": one.evidence.grade,
            "Security": one.evidence.security,
            "Impact": one.evidence.impact,
            "Cost a head": one.evidence.cost,
            "Share believed": f"{100 * one.shrinkage * one.causal_share:.0f}%",
        }
        for one in programmes
    ]
    words = ("Published effect (95% interval)", "Design", "UK trial", "Grade", "Security",
             "Impact", "Cost a head")  # fmt: skip
    return Table(
        name="evidence-security",
        caption="Published evidence: grade A is the strongest, D the weakest; impact, security and "
        "cost as plain words; the share believed is of the logarithm of the effect",
        frame=pd.DataFrame(rows),
        source="the documents in parameters/programmes; citations stand in the evidence log",
        text_columns=words,
    )


def _trials(programmes: Iterable[Programme]) -> list[Block]:
    trials, rows = virtual_trials(), []
    for one in programmes:
        trial = trials.get(one.name)
        if trial is None:
            continue
        rows.append({
            "Programme": one.title,
            "Believed here: ratio (95% interval)": ratio_in_words(one),
            "The virtual trial shows (interval over draws; their mean)": trial.shown,
            "That is": trial.verdict,
            "Counted": trial.counted,
            "How it differs from the study": trial.comment,
        })  # fmt: skip
    if not rows:
        return [Prose("None of the programmes stands in the register’s page of virtual trials.")]
    table = Table(
        name="virtual-trials",
        caption="A virtual trial enrols people in the model as a study would and follows them; "
        "ratios of events with the programme over events without, below 1 is better",
        frame=pd.DataFrame(rows),
        source=_SOURCE,
        text_columns=("That is", "Counted", "How it differs from the study"),
    )
    return [table]


def ratio_in_words(programme: Programme) -> str:
    """Return the believed ratio of rates with its interval; "none" where none was published."""
    ratio = believed_ratio(programme)
    return "none" if ratio is None else f"{ratio.value:.2f} ({ratio.low:.2f} to {ratio.high:.2f})"


def believed_ratio(programme: Programme) -> Ratio | None:
    """Return the ratio of rates that is believed, with its 95% interval."""
    found = programme.believed
    return None if found is None else Ratio(*(math.exp(value) for value in found))


def evidence_log(programmes: Iterable[Programme]) -> Table:
    """Return the studies behind each programme, those that found nothing included."""
    rows = []
    for one in programmes:
        rows.append({
            "Programme": one.title, "Study": one.evidence.citation,
            "Who was studied": one.evidence.baseline, "How the effect became the model’s":
            one.derivation,
        })  # fmt: skip
        rows += [
            {"Programme": one.title, "Study": other, "Who was studied": "another study",
             "How the effect became the model’s": "weighed in the grade; no number taken"}
            for other in one.evidence.others
        ]  # fmt: skip
    return Table(
        name="evidence-log",
        caption="Evidence log: every study that a programme’s document names, nulls included",
        frame=pd.DataFrame(rows),
        source="the documents in parameters/programmes",
        text_columns=("Study", "Who was studied", "How the effect became the model’s"),
    )


def no_use_table(case: BoardCase) -> Table:
    """Return the register's programmes that do nothing or harm, and whether the strategy has them.
    """
    funded, trials, rows = set(case.strategy.programmes), virtual_trials(), []
    for one in chosen(None):
        if one.standing in ("promising", "mixed"):
            continue
        trial = trials.get(one.name)
        rows.append({
            "Programme": one.title,
            "Standing": one.standing,
            "Published effect (95% interval)": published_effect(one.evidence),
            "The virtual trial shows": trial.shown if trial else "not known",
            "In the strategy": "yes" if one.name in funded else "no",
        })  # fmt: skip
    return Table(
        name="no-benefit-or-harm",
        caption="Programmes of the register that were found to do nothing, to harm, or of which "
        "neither can be ruled out",
        frame=pd.DataFrame(rows),
        source=_SOURCE,
        text_columns=("Standing", "Published effect (95% interval)", "In the strategy"),
    )
