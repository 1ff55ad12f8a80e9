"""Milestones: what should be seen when, from the programmes' documents and the runs.

Model year 1 has four quarters; which calendar they fall in follows from the financial year that
the rules of appraisal take for year 1.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import pandas as pd

from vru_model.parameters.accounts.appraisal import load_rules
from vru_model.parameters.funding import Funding
from vru_model.parameters.programmes import Programme
from vru_model.reporting.blocks import Block, Prose, Table, escape
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.programme.spells import financial_year
from vru_model.reporting.strategies import money_by_programme
from vru_model.reporting.words import in_words, plural, sentence_case, two_figures

_QUARTERS = ("April to June", "July to September", "October to December", "January to March")
_BEHIND = 0.8
"""Of the people planned for a year: fewer is worth a question at the review."""

_PEOPLE = "the first people start"
_OTHERS = {"place": "the first places are covered", "none": "services begin to work otherwise"}
"""How those who take part are chosen → what begins; of all others, people start."""


class Quarter(NamedTuple):
    """A quarter of a model year."""

    year: int
    quarter: int

    @property
    def words(self) -> str:
        """Year and quarter: "year 1, quarter 2"."""
        return f"year {self.year}, quarter {self.quarter}"


def quarter_of(month: float) -> Quarter:
    """Return the quarter in which so many months after the start of year 1 lie."""
    whole = math.floor(month)
    return Quarter(whole // 12 + 1, whole % 12 // 3 + 1)


def milestone_blocks(case: BoardCase) -> list[Block]:
    """Return when each programme begins, is fully staffed and ends, whom it reaches, reviews."""
    return [
        Prose(message(case)), programme_table(case), reach_table(case),
        Prose("### Review points"), review_table(case),
    ]  # fmt: skip


def message(case: BoardCase) -> str:
    """Return when programmes first begin, and by when all are fully staffed."""
    lines = [(line, case.strategy.programmes[line.programme]) for line in case.strategy.funding]
    if not lines:
        return "The strategy funds no programme, so there are no milestones."
    started = [(start(line, programme), programme) for line, programme in lines]
    staffed = {programme.title: full_staff(line, programme) for line, programme in lines}
    first = quarter_of(min(month for month, _ in started))
    early = dict.fromkeys(programme for month, programme in started if quarter_of(month) == first)
    last = max(staffed.values())
    late = [title.lower() for title, month in staffed.items() if month == last]
    return (
        f"{escape(_beginning(list(early)))} in {first.words}; all programmes are fully staffed by "
        f"{quarter_of(last).words} ({escape(in_words(late))} last). Effects come later still: each "
        "sets in, and fades, at its own pace."
    )


def _beginning(programmes: list[Programme]) -> str:
    """Return what begins with programmes: people start, places are covered, services change."""
    found: dict[str, list[str]] = {words: [] for words in (_PEOPLE, *_OTHERS.values())}
    for programme in programmes:
        words = _OTHERS.get(programme.eligibility.selection, _PEOPLE)
        found[words].append(programme.title[:1].lower() + programme.title[1:])
    parts = [f"{words} ({in_words(titles)})" for words, titles in found.items() if titles]
    return sentence_case(in_words(parts))


def start(line: Funding, programme: Programme) -> float:
    """Return the months from the start of year 1 to the first enrolment."""
    return 12.0 * (line.first_year - 1) + programme.timing.lag_months


def full_staff(line: Funding, programme: Programme) -> float:
    """Return the months from the start of year 1 to full staff."""
    return start(line, programme) + programme.timing.hiring_months


def programme_table(case: BoardCase) -> Table:
    """Return the milestones of each programme, by model year and quarter."""
    rows, data = [], []
    for line, programme in _lines(case):
        begins, staffed = start(line, programme), full_staff(line, programme)
        ends = _ends(case, line)
        notice = 12.0 * ends - programme.timing.notice_months if ends else math.nan
        money = Quarter(line.first_year, 1)
        rows.append({
            "Programme": programme.title,
            "Led by": programme.lead,
            "Money begins": sentence_case(money.words),
            "First start": sentence_case(quarter_of(begins).words),
            "Full staff": sentence_case(quarter_of(staffed).words),
            "Staff begin to leave": sentence_case(quarter_of(notice).words)
            if ends and programme.timing.notice_months else "no end planned" if not ends
            else "at the end",
            "Money ends": f"After year {ends}" if ends else "no end planned",
        })  # fmt: skip
        data.append({"programme": programme.name, "first_year": line.first_year,
                     "months_to_first_start": begins, "months_to_full_staff": staffed,
                     "months_to_first_leaving": notice, "last_year": ends})  # fmt: skip
    return Table(
        name="milestones",
        caption=f"What should be seen when, by model year and quarter. {_calendar()}",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame(data),
        source="the strategy's document and the timing of each programme in parameters/programmes",
        text_columns=("Led by", "Money begins", "First start", "Full staff",
                      "Staff begin to leave", "Money ends"),
    )  # fmt: skip


def reach_table(case: BoardCase) -> Table:
    """Return how many people each programme should have started by each review, from the runs."""
    mine = case.alone.delivered
    mine = mine[mine["strategy"] == case.strategy.name]
    years = case.alone.years
    rows, data = [], []
    for programme in dict.fromkeys(programme for _, programme in _lines(case)):
        if programme.eligibility.selection == "place":
            continue
        own = mine[mine["programme"] == programme.name].set_index("year")["enrolments"]
        total = own.cumsum()
        row = {"Programme": programme.title}
        record: dict[str, object] = {"programme": programme.name}
        for year in years:
            reached = float(total[total.index <= year].iloc[-1]) if len(total) else 0.0
            row[f"By year {year}"] = two_figures(reached)
            record[f"by_year_{year}"] = reached
        in_last = float(own.get(years[-1], 0.0))
        row["Ask why if a full year has fewer than"] = two_figures(_BEHIND * in_last)
        rows.append(row)
        data.append(record | {"in_last_year": in_last})
    return Table(
        name="reach",
        caption="People who should have started each programme by the end of each year, as the "
        f"model delivers it; {100 * _BEHIND:.0f}% of the last year's number is a rule of this "
        "paper for when to ask",
        frame=pd.DataFrame(rows) if rows else pd.DataFrame({"Programme": []}),
        data=pd.DataFrame(data),
        source=case.source,
    )


def review_table(case: BoardCase) -> Table:
    """Return when the board should look again, and at what."""
    rows = [
        {
            "When": f"{sentence_case(Quarter(year, 4).words)} "
            f"({financial_year(load_rules().profiles[load_rules().default].first_year, year)})",
            "What to look at": _look_at(case, year),
        }
        for year in case.alone.years
    ]
    ending = _last_planned(case)
    if ending:
        rows.append({
            "When": f"{sentence_case(Quarter(max(1, ending - 1), 1).words)}",
            "What to look at": f"Money ends after year {ending}: decide a year before, because "
            "staff leave before a known end",
        })  # fmt: skip
    return Table(
        name="reviews",
        caption="When to look again, and at what",
        frame=pd.DataFrame(rows),
        source="the reported years of this paper and the strategy's document",
        text_columns=("What to look at",),
    )


def _look_at(case: BoardCase, year: int) -> str:
    """Return what a review of a year asks: reach first, effects when they can be seen."""
    staffed = max((full_staff(line, programme) for line, programme in _lines(case)), default=0.0)
    parts = ["people started, take-up and early leaving against the table above"]
    if staffed >= 12 * (year - 1):
        parts.append("whether every programme is fully staffed")
    seen = case.visibility()
    shown = seen[seen["first_year_visible"] <= year]
    parts.append(
        f"{plural(len(shown), 'published series', 'published series')} in which the strategy "
        "would show by now" if len(shown)
        else "no published series would show the strategy by now: a rise or fall there decides "
        "nothing"
    )  # fmt: skip
    parts.append("whether this paper's parameters still hold")
    return sentence_case("; ".join(parts))


def _lines(case: BoardCase) -> list[tuple[Funding, Programme]]:
    """Return the funded lines with their programmes, most money first."""
    money = money_by_programme(case.alone, case.strategy.name)
    order = sorted(case.strategy.funding,
                   key=lambda line: (-money[line.programme], line.programme, line.first_year))
    return [(line, case.strategy.programmes[line.programme]) for line in order]  # fmt: skip


def _ends(case: BoardCase, line: Funding) -> int | None:
    """Return the last year of a line's money; None where it goes on beyond the paper."""
    shock = case.strategy.shock.ends_after_year
    ends = [year for year in (line.last_year, shock) if year is not None]
    return min(ends) if ends else None


def _last_planned(case: BoardCase) -> int | None:
    ends = [_ends(case, line) for line, _ in _lines(case)]
    known = [year for year in ends if year is not None]
    return max(known) if known and len(known) == len(ends) else None


def _calendar() -> str:
    rules = load_rules()
    first = rules.profiles[rules.default].first_year
    return f"Year 1 is taken as {first}: quarter 1 is {_QUARTERS[0]} {first[:4]}"
