"""What each strategy on the page consists of, and the programme on which it rests most."""

from __future__ import annotations

import pandas as pd

from vru_model.reporting.blocks import Block, Prose, Table, escape
from vru_model.reporting.estimates import label
from vru_model.reporting.findings import Findings, yearly
from vru_model.reporting.strategies import funded, money_by_programme, who
from vru_model.reporting.words import count, money, sentence_case, slug, two_figures

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
            for programme in funded(findings, name)
        )
        blocks += [Prose(words + plain), _programme_table(findings, name)]
    return blocks


def weakest_link(findings: Findings, strategy: str) -> str:
    """Return the assumption on which a strategy rests most: weakest evidence, then most money."""
    spent = money_by_programme(findings, strategy)
    programme = min(
        funded(findings, strategy),
        key=lambda one: (_GRADES.index(one.evidence.grade), -spent[one.name]),
    )
    return (
        f"**{sentence_case(label(strategy))}**: that what was found of "
        f"{escape(programme.title.lower())} ({money(spent[programme.name])} a year) holds here. "
        f"The evidence is of grade {programme.evidence.grade}; the model keeps "
        f"{100 * programme.shrinkage:.0f}% of it."
    )


def _programme_table(findings: Findings, strategy: str) -> Table:
    reached = yearly(findings.delivered, strategy)
    spent = money_by_programme(findings, strategy)
    rows, data = [], []
    for programme in funded(findings, strategy):
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
