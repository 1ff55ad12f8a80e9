"""What each strategy consists of, and how far its evidence carries.

Everything here is read from the documents of the scenario and its programmes, and from the money
and people that the runs counted; no effect is worked out anew.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from vru_model.parameters.programmes import Eligibility, Evidence, Programme
from vru_model.reporting.blocks import Block, Prose, Table, escape
from vru_model.reporting.estimates import label
from vru_model.reporting.findings import Findings, yearly
from vru_model.reporting.words import (
    MINUS,
    count,
    in_words,
    money,
    sentence_case,
    slug,
    two_figures,
)

# Weakest first, as the assumption that a strategy rests on is looked for.
_GRADES = "DCBA"


def strategy_blocks(findings: Findings) -> list[Block]:
    """Return a heading, a sentence and the table of programmes for each strategy."""
    blocks: list[Block] = []
    for name, scenario in findings.scenarios.items():
        words = (
            f"### {sentence_case(label(name)[4:])}\n\n"
            f"{escape(scenario.sentence())} {escape(scenario.budget_source)}\n\n"
        )
        plain = "\n".join(
            f"- **{escape(programme.title)}**: {escape(programme.plain)}"
            for programme in _funded(findings, name)
        )
        blocks += [Prose(words + plain), _programme_table(findings, name)]
    return blocks


def evidence_table(findings: Findings) -> Table:
    """Return what was published about each funded programme, and how much of it is believed."""
    rows = [
        {
            "Programme": programme.title,
            "Published effect (95% interval)": published_effect(programme.evidence),
            "How it was studied": programme.evidence.design,
            "Tried in the UK": "yes" if programme.evidence.uk else "no",
            "Grade": programme.evidence.grade,
            "How sure": programme.evidence.security,
            "Kept of it": f"{100 * programme.shrinkage:.0f}%",
            "Source": programme.evidence.citation,
        }
        for programme in _all_funded(findings)
    ]
    return Table(
        name="evidence",
        caption="Published evidence for each programme; grade A is the strongest, D the weakest; "
        "“kept of it” is the share of the effect (on a logarithmic scale) that the model believes "
        "to hold here",
        frame=pd.DataFrame(rows),
        source="the documents in parameters/programmes, which say how each figure was derived",
        text_columns=(
            "Published effect (95% interval)",
            "How it was studied",
            "Tried in the UK",
            "Grade",
            "How sure",
            "Source",
        ),  # fmt: skip
    )


def harms(findings: Findings) -> Prose:
    """Return what each programme may do that nobody wants, and what is not known of it."""
    lines = [
        f"- **{escape(programme.title)}**: {escape(programme.harms)} {escape(programme.limits)}"
        for programme in _all_funded(findings)
    ]
    intro = "Harms that the evidence points to, and what the model does not know of each programme:"
    return Prose(f"{intro}\n\n" + "\n".join(lines))


def weakest_link(findings: Findings, strategy: str) -> str:
    """Return the assumption on which a strategy rests most: weakest evidence, then most money."""
    spent = money_by_programme(findings, strategy)
    programme = min(
        _funded(findings, strategy),
        key=lambda one: (_GRADES.index(one.evidence.grade), -spent[one.name]),
    )
    return (
        f"**{sentence_case(label(strategy))}**: that what was found of "
        f"{escape(programme.title.lower())} ({money(spent[programme.name])} a year) holds here. "
        f"The evidence is of grade {programme.evidence.grade}; the model keeps "
        f"{100 * programme.shrinkage:.0f}% of it."
    )


def money_by_programme(findings: Findings, strategy: str) -> dict[str, float]:
    """Return what a strategy spends on each programme a year, £, the mean over the years."""
    years = range(1, findings.options.years + 1)
    spent: dict[str, float] = {}
    for line in findings.scenarios[strategy].funding:
        covered = sum(line.covers(year) for year in years)
        mean = line.money_per_year * covered / len(years)
        spent[line.programme] = spent.get(line.programme, 0.0) + mean
    return spent


def budget(findings: Findings, strategy: str) -> float:
    """Return the money that a strategy spends a year, £, the mean over the years."""
    return sum(money_by_programme(findings, strategy).values())


def published_effect(evidence: Evidence) -> str:
    """Return the published effect with its interval and scale, as the study gave it."""
    if evidence.effect is None:
        return f"none: {evidence.scale}"
    numbers = f"{evidence.effect:g}"
    if evidence.low is not None and evidence.high is not None:
        numbers += f" ({evidence.low:g} to {evidence.high:g})"
    return f"{numbers.replace('-', MINUS)}, {evidence.scale}"


def who(eligibility: Eligibility) -> str:
    """Return who may take part, in a few words."""
    if eligibility.selection == "place":
        return _PLACES[eligibility.places]
    if eligibility.selection == "none":
        return "the services that deliver the other programmes"
    young = eligibility.maximum_age < 18
    words = _PEOPLE[eligibility.sex][young]
    if eligibility.maximum_age < 100:
        words += f" aged {eligibility.minimum_age} to {eligibility.maximum_age}"
    elif eligibility.minimum_age:
        words += f" aged {eligibility.minimum_age} or over"
    if eligibility.event != "none":
        words += f" after {_AFTER[eligibility.event]}"
    if eligibility.deprivation_deciles:
        numbers = in_words([str(decile) for decile in eligibility.deprivation_deciles])
        words += f" in deprivation deciles {numbers}"
    return words


_PEOPLE = {
    "any": ("people", "children"),
    "female": ("girls and women", "girls"),
    "male": ("boys and men", "boys"),
}
_PLACES = {
    "most_violent": "neighbourhoods with most recent violence",
    "night_time_economy": "neighbourhoods where people go out at night",
    "most_deprived": "the most deprived neighbourhoods",
}
_AFTER = {
    "emergency_department_attendance": "an attendance at an emergency department",
    "violence_suffered": "violence suffered outside the home",
    "violence_suffered_at_home": "violence suffered at home",
    "exclusion": "an exclusion from school",
    "charge": "a charge for violence",
    "charge_for_violence_at_home": "a charge for violence at home",
    "release_from_custody": "release from custody",
    "birth": "birth",
}


def _programme_table(findings: Findings, strategy: str) -> Table:
    reached = yearly(findings.delivered, strategy)
    spent = money_by_programme(findings, strategy)
    rows, data = [], []
    for programme in _funded(findings, strategy):
        pounds = spent[programme.name]
        people = float(reached["enrolments"].get(programme.name, 0.0))
        planned = programme.reached_for(pounds)
        places = programme.eligibility.selection == "place"
        rows.append(
            {
                "Programme": programme.title,
                "Led by": programme.lead,
                "£ a year": count(pounds),
                "Whom it is for": who(programme.eligibility),
                "What the money buys a year": f"{two_figures(planned)} "
                + ("neighbourhoods" if places else "people"),
                "Reached a year in the model": "does not apply" if places else two_figures(people),
            }
        )
        data.append(
            {
                "strategy": strategy,
                "programme": programme.name,
                "money_a_year": pounds,
                "planned_a_year": planned,
                "enrolled_a_year": people,
                "spent_a_year": float(reached["spend"].get(programme.name, 0.0)),
            }
        )
    return Table(
        name=f"programmes-{slug(strategy)}",
        caption=f"{sentence_case(label(strategy)[4:])}: {money(sum(spent.values()))} a year at "
        f"{findings.scenarios[strategy].price_year} prices, and whom it reaches",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame(data),
        source=findings.source,
        text_columns=("Led by", "Whom it is for"),
    )


def _funded(findings: Findings, strategy: str) -> list[Programme]:
    """Return a strategy's programmes, most money first."""
    programmes = findings.scenarios[strategy].programmes
    spent = money_by_programme(findings, strategy)
    return [programmes[name] for name in sorted(spent, key=lambda name: (-spent[name], name))]


def _all_funded(findings: Findings) -> Iterable[Programme]:
    found = {
        programme.name: programme
        for strategy in findings.scenarios
        for programme in _funded(findings, strategy)
    }
    return found.values()
