"""Each partner's page: its levers, costs, savings, risk factors and what it is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from vru_model.analysis.appraisal.agencies import CAPACITY, CASHABLE, PAID, AgencyAccount
from vru_model.parameters.accounts.agencies import Agency
from vru_model.parameters.programmes import TARGETS, Programme
from vru_model.programmes.pathway import (
    ACCEPTED,
    COMPLETED,
    CONSENTED,
    EVENTS,
    IDENTIFIED,
    LOST_WAITING,
    OFFERED,
    STARTED,
)
from vru_model.reporting.blocks import Block, Prose, Terms, escape
from vru_model.reporting.board.system.differences import pounds
from vru_model.reporting.words import in_words, money, sentence_case, two_figures
from vru_model.scenario import Scenario

# Programmes name who takes part in words. Longer names stand before those that they contain.
_KNOWN_AS = {
    "violence_reduction_unit": r"violence reduction unit",
    "police_governance": r"police governance|police and crime commissioner",
    "police": r"police",
    "nhs": r"nhs|hospital|midwifery|health visiting|triage|emergency department"
    r"|child and adolescent mental health|alcohol care",
    "integrated_care_boards": r"integrated care|general practi",
    "local_authorities": r"local authorit|public health|licensing authorit|children’s services"
    r"|children's services|community safety partnership|youth services",
    "youth_justice": r"youth justice|youth offending",
    "courts": r"court|crown prosecution",
    "prisons_probation": r"prison|probation|secure homes",
    "schools": r"school|nurser|educational psychologist",
    "sport": r"sport",
    "combined_authority": r"combined authority",
}
_WORTH_LEADING = ("promising", "mixed")
_READINESS = "readiness to act"


def named_in(text: str) -> set[str]:
    """Return the agencies that a programme's own words name."""
    found, rest = set(), text.lower()
    for agency, pattern in _KNOWN_AS.items():
        rest, times = re.subn(pattern, " ", rest)
        if times:
            found.add(agency)
    return found


@dataclass(frozen=True)
class Part:
    """What an agency does in one programme."""

    programme: Programme
    leads: bool
    joins: bool
    refers: bool


def part_of(agency: str, programme: Programme) -> Part | None:
    """Return an agency's part in a programme, None where it has none."""
    leads = programme.lead_agency == agency
    joins = any(agency in named_in(each) for each in (*programme.partners, programme.lead))
    refers = programme.referral is not None and agency in named_in(programme.referral.by)
    if not (leads or joins or refers):
        return None
    return Part(programme, leads, joins and not leads, refers)


def parts_of(agency: str, scenario: Scenario) -> list[Part]:
    """Return an agency's parts in a scenario's programmes, those that it leads first."""
    found = [part_of(agency, each) for each in scenario.programmes.values()]
    return sorted(filter(None, found), key=lambda part: (not part.leads, part.programme.name))


def page(
    name: str,
    agency: Agency,
    day: date,
    strategy: Scenario,
    register: Mapping[str, Programme],
    account: AgencyAccount,
    stages: pd.DataFrame,
    years: int,
    price_base: str,
) -> list[Block]:
    """Return one agency's page.

    Parameters
    ----------
    register
        All programmes that there are: what the agency could lead besides.
    stages
        The strategy's pathways (:func:`vru_model.analysis.pathways.pathways`).
    """
    parts = parts_of(name, strategy)
    body = agency.body(day)
    row = account.totals.set_index("agency").loc[name]
    rows = {
        "Who it is": f"{escape(body.title)} (since {_month(body.since)})"
        if body else "Nobody fills this place on the date of the paper.",
        "Levers": _levers(parts, strategy),
        "Other levers": _other_levers(name, strategy, register),
        "Risk factors": _risk_factors(parts),
        "Costs": _costs(row, years, price_base, bool(parts)),
        "Savings": _savings(row, years, price_base),
        "Asks": " ".join(f"({number}) {ask}" for number, ask
                         in enumerate(asks(name, parts, stages, row, register), 1)),
    }  # fmt: skip
    return [Prose(f"### {escape(agency.title)}"), Terms(rows)]


def asks(
    name: str, parts: list[Part], stages: pd.DataFrame, row: pd.Series,
    register: Mapping[str, Programme],
) -> list[str]:  # fmt: skip
    """Return what an agency is asked for, each from a number of the runs or a document."""
    found = []
    for part in parts:
        title = escape(part.programme.title)
        flow = _flow(stages, part.programme.name)
        if part.refers and {EVENTS, CONSENTED} <= set(flow.index):
            found.append(_ask_to_refer(title, flow))
        if part.leads and not flow.empty:
            found += _ask_to_keep(title, flow)
        if part.joins:
            found.append(f"Confirm its part in **{title}**, and the staff that this takes.")
    spared = float(row[CASHABLE] + row[CAPACITY])
    if spared > 0 and row[PAID] == 0:
        sure = "" if row["services_low95"] > 0 else ", although it might be spared nothing"
        found.append(f"Say whether part of what it is spared could be pooled{sure}.")
    if not parts:
        could = _could_lead(name, register, set())
        found.append(
            f"Say whether it would lead {in_words([each.title.lower() for each in could], 'or')}."
            if could else "Say what part it would take: no programme of the register names it as "
            "its lead."
        )
    return found


def _ask_to_refer(title: str, flow: pd.DataFrame) -> str:
    events, seen, agreed = (flow.loc[stage] for stage in (EVENTS, IDENTIFIED, CONSENTED))
    return (
        f"Notice and refer to **{title}**: it happens to {_people(events)} people a year (95% "
        f"interval), of whom {_share(1 - _ratio(seen, events))} are not noticed and a further "
        f"{_share(_ratio(seen, events) - _ratio(agreed, events))} do not agree to a referral."
    )


def _ask_to_keep(title: str, flow: pd.DataFrame) -> list[str]:
    """Return where the lead of a programme loses people, the greatest loss alone."""
    losses = {
        "are offered a place and do not take it up": (OFFERED, _lost(flow, OFFERED, ACCEPTED)),
        "take it up and are lost while they wait": (
            ACCEPTED, float(flow["a_year"].get(LOST_WAITING, 0.0))),
        "start and do not complete": (STARTED, _lost(flow, STARTED, COMPLETED)),
    }  # fmt: skip
    words, (stage, people) = max(losses.items(), key=lambda item: item[1][1])
    if people < 1:
        return []
    share = people / float(flow.loc[stage, "a_year"])
    return [
        f"Keep people in **{title}**: of {_people(flow.loc[stage])} a year (95% interval), "
        f"{_share(share)} {words}."
    ]


def _flow(stages: pd.DataFrame, programme: str) -> pd.DataFrame:
    return stages[stages["programme"] == programme].set_index("stage")


def _lost(flow: pd.DataFrame, before: str, after: str) -> float:
    if before not in flow.index:
        return 0.0
    return float(flow.loc[before, "a_year"] - flow["a_year"].get(after, 0.0))


def _ratio(part: pd.Series, whole: pd.Series) -> float:
    return float(part["a_year"] / whole["a_year"])


def _people(stage: pd.Series) -> str:
    if stage["low95"] != stage["low95"]:  # one draw: no interval
        return f"about {two_figures(float(stage['a_year']))}"
    return f"{two_figures(float(stage['low95']))} to {two_figures(float(stage['high95']))}"


def _levers(parts: list[Part], strategy: Scenario) -> str:
    if not parts:
        return f"None in {escape(strategy.title.lower())}: no programme of it names this partner."
    return "In brackets, what each changes in the model. " + " ".join(
        f"{_role(part)} **{escape(part.programme.title)}** ({_changed(part.programme)})."
        for part in parts
    )


def _role(part: Part) -> str:
    roles = [word for word, has in (("leads", part.leads), ("joins", part.joins),
                                    ("refers to", part.refers)) if has]  # fmt: skip
    return sentence_case(in_words(roles))


def _changed(programme: Programme) -> str:
    return in_words([TARGETS[change.target].title for change in programme.changes])


def _could_lead(
    name: str, register: Mapping[str, Programme], funded: set[str]
) -> list[Programme]:
    return [
        each for each in register.values()
        if each.lead_agency == name and each.name not in funded
        and each.standing in _WORTH_LEADING
    ]  # fmt: skip


def _other_levers(name: str, strategy: Scenario, register: Mapping[str, Programme]) -> str:
    others = _could_lead(name, register, set(strategy.programmes))
    if not others:
        return "The register has no other programme of promising or mixed evidence that it leads."
    listed = in_words([f"{escape(each.title.lower())} ({each.standing})" for each in others])
    return f"Not in the strategy, by what the register says of their evidence: {listed}."


def _risk_factors(parts: list[Part]) -> str:
    through = dict.fromkeys(
        state for part in parts for change in part.programme.changes
        for state in TARGETS[change.target].through if state != _READINESS
    )  # fmt: skip
    if not through:
        return "None of the model’s is moved by a lever of this partner."
    return f"Its levers work through {in_words(list(through))}."


def _costs(row: pd.Series, years: int, base: str, takes_part: bool) -> str:
    if row[PAID] < 0:
        return (
            f"{money(round(-row[PAID] / 100, -4))} over {years} years ({base} prices), the money "
            "of the programmes. Its own team and offices are not counted."
        )
    if takes_part:
        return (
            "Nothing of the programmes’ money. What its own staff time costs is not known: to be "
            "supplied by its finance lead."
        )
    return "Nothing of the programmes’ money."


def _savings(row: pd.Series, years: int, base: str) -> str:
    spared = float(row[CASHABLE] + row[CAPACITY])
    if spared == 0 == row["services_high95"]:
        return "None that the model counts."
    found = pounds(row["services_low95"], row["services_high95"], spared)
    share = (
        "no share of it can be called cash" if spared <= 0
        else "all of it capacity" if row[CASHABLE] == 0
        else f"{_share(float(row[CASHABLE]) / spared)} of it cash that could be taken out, the "
        "rest capacity"
    )  # fmt: skip
    return (
        f"Its services are spared {found} over {years} years (95% interval, {base} prices); "
        f"{share}."
    )


def _share(share: float) -> str:
    """Return a share of people or money as a whole alike on every page."""
    return f"{round(100 * share)}%"


def _month(day: date) -> str:
    return f"{day:%Y}"
