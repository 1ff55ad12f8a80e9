"""What has to be in place before each programme starts, and who has to say that it is."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from vru_model.parameters.accounts.agencies import AgencyBook
from vru_model.parameters.programmes import Programme
from vru_model.reporting.blocks import Block, Panel, Prose, Table, escape
from vru_model.reporting.board.system.partners import named_in
from vru_model.reporting.words import count, in_words, money, percentage, plural, sentence_case
from vru_model.scenario import Scenario

PROMPTS = (
    (
        "Data-protection impact assessment",
        "the Data Protection Officer of each organisation that leads a programme",
        "Which programmes need an assessment before they start, which have one, and who signed it "
        "when? What was found, and what was changed?",
    ),
    (
        "Lawful basis",
        "the Information Governance Lead of the Office of the Police and Crime Commissioner",
        "On which lawful basis does each referral pass on a name, and on which condition where "
        "health, a child or an alleged offence is concerned? What happens where consent is "
        "refused or withdrawn?",
    ),
    (
        "Sharing agreements",
        "the Caldicott Guardian of each NHS trust and the Information Manager of West Midlands "
        "Police",
        "Which agreements cover these flows, between whom, until when? What is the least that "
        "need be shared, who may see it, and when is it deleted?",
    ),
    (
        "Names in small numbers",
        "the statistician who releases the counts",
        "From which counts of people could somebody be known, by place, age or sex, and what is "
        "withheld?",
    ),
    (
        "Safeguarding",
        "the chair of each local safeguarding partnership",
        "Who acts, how fast, where a referral shows that a child or an adult is in danger? What "
        "is told to the family?",
    ),
)
"""Title, owner and question of each statement on information that people must write."""


def readiness_tables(strategy: Scenario) -> list[Table]:
    """Return who takes part in each programme, and what it needs before its first start."""
    programmes = list(strategy.programmes.values())
    source = "documents of the programmes in parameters/programmes"
    who = pd.DataFrame([_who(each) for each in programmes])
    what = pd.DataFrame([_what(each) for each in programmes])
    return [
        Table("readiness-who", "Who leads, joins and refers", who, source=source,
              text_columns=tuple(who)[1:]),
        Table("readiness", "What must be in place before each programme starts; the last column "
              "is for its lead to fill", what, source=source, text_columns=tuple(what)[1:]),
    ]  # fmt: skip


def readiness_blocks(strategy: Scenario) -> list[Block]:
    """Return what must be in place, the slowest first start in words, and the table."""
    programmes = list(strategy.programmes.values())
    if not programmes:
        return [Prose("The strategy funds no programme.")]
    slowest = max(programmes, key=_months_to_full_staff)
    crossing = [each for each in programmes if needs_agreement(each)]
    words = (
        f"The slowest is {escape(slowest.title.lower())}: "
        f"{_months(_months_to_full_staff(slowest))} from the money to full staff. "
        f"{_agreements(crossing, len(programmes))} The program knows what the documents of the "
        "programmes say and not how far the partners are; *status* is a question to a person."
    )
    return [Prose(words), *readiness_tables(strategy)]


def information_prompts() -> list[Block]:
    """Return a box for each statement on information, with its owner."""
    return [
        Panel("prompt", title, [Prose(f"*To be completed by {owner}.* {asked}")], level=3)
        for title, owner, asked in PROMPTS
    ]


def needs_agreement(programme: Programme) -> bool:
    """Say whether names or counts pass from one agency to another."""
    if programme.referral is not None:
        return bool(named_in(programme.referral.by) - {programme.lead_agency}) or any(
            named_in(each) - {programme.lead_agency} for each in programme.partners
        )
    return programme.eligibility.selection == "score" or programme.level == "system"


def joint_table(strategy: Scenario, agencies: AgencyBook) -> Table:
    """Return the money of programmes in which two agencies or more take part."""
    titles = {name: agency.title for name, agency in agencies.agencies.items()}
    spent = _money(strategy)
    rows = []
    for each in strategy.programmes.values():
        others = sorted(set().union(*map(named_in, each.partners)) - {each.lead_agency})
        if others:
            rows.append(
                {
                    "Programme": each.title,
                    "Money a year": money(spent[each.name]),
                    "Leads": _short(titles[each.lead_agency]),
                    "Joins": sentence_case(in_words([_short(titles[name]) for name in others])),
                    "Who would hold a pooled budget": "to be filled by the finance leads of these "
                    "partners",
                }
            )
    return Table(
        "joint",
        f"What could be pooled: money in year 1 ({strategy.price_year} prices) of programmes in "
        "which two agencies or more take part",
        pd.DataFrame(rows, columns=["Programme", "Money a year", "Leads", "Joins",
                                    "Who would hold a pooled budget"]),
        source="the strategy’s document and those of its programmes",
        text_columns=("Leads", "Joins", "Who would hold a pooled budget"),
    )  # fmt: skip


def _who(programme: Programme) -> dict[str, str]:
    referral = programme.referral
    return {
        "Programme": programme.title,
        "Leads": programme.lead,
        "Partners": in_words(programme.partners) or "none named",
        "Who refers": referral.by if referral else _chosen(programme),
    }


def _what(programme: Programme) -> dict[str, str]:
    referral = programme.referral
    consent = "to be asked for with the offer" if referral is None else (
        f"{percentage(referral.consent)} are taken to agree to a referral"
    )
    if programme.of_places or programme.eligibility.selection == "none":
        consent = "nobody is enrolled by name"
    return {
        "Programme": programme.title,
        "Consent": consent,
        "To the first start": _months(programme.timing.lag_months),
        "To full staff": _months(_months_to_full_staff(programme)),
        "Sharing agreement": "needed" if needs_agreement(programme) else "not for names",
        "Status": "to be filled by the lead",
    }


def _chosen(programme: Programme) -> str:
    return {
        "score": "chosen once a year by what practitioners see",
        "random": "offered to anyone eligible",
        "place": "places are chosen, not people",
    }.get(programme.eligibility.selection, "nobody")


def _agreements(crossing: list[Programme], of: int) -> str:
    if not crossing:
        return "None passes names or counts between agencies."
    listed = in_words([escape(each.title.lower()) for each in crossing])
    return (
        f"{sentence_case(plural(len(crossing), 'programme'))} of {count(of)} cannot start without "
        f"an agreement to share information: {listed}."
    )


def _months_to_full_staff(programme: Programme) -> float:
    return programme.timing.lag_months + programme.timing.hiring_months


def _months(months: float) -> str:
    return f"{months:g} month{'' if months == 1 else 's'}"


def _money(strategy: Scenario) -> Mapping[str, int]:
    found: dict[str, int] = dict.fromkeys(strategy.programmes, 0)
    for line in strategy.funding:
        if line.covers(1):
            found[line.programme] += line.money_per_year
    return found


def _short(title: str) -> str:
    return title.partition(" (")[0]
