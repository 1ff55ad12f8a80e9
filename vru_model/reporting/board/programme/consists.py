"""What each option consists of: its money by programme, side by side, and the programmes once."""

from __future__ import annotations

import pandas as pd

from vru_model.reporting import strategies
from vru_model.reporting.blocks import Block, Prose, Table, escape
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.findings import yearly
from vru_model.reporting.words import money, sentence_case, two_figures

_NONE = "none"


def consists_blocks(case: BoardCase) -> list[Block]:
    """Return where each option's money comes from, its programmes, and what each of them is."""
    findings = case.findings
    budgets = "\n".join(
        f"- **{escape(_heading(name))}** ({money(strategies.budget(findings, name))} a year): "
        f"{escape(scenario.budget_source)}"
        for name, scenario in findings.scenarios.items()
    )
    programmes = "\n".join(
        f"- **{escape(programme.title)}**: {escape(programme.plain)}"
        for programme in strategies.all_funded(findings)
    )
    return [Prose(budgets), money_table(case), Prose(programmes), reach_table(case)]


def money_table(case: BoardCase) -> Table:
    """Return £ a year by programme, a column an option."""
    findings = case.findings
    spent = {name: strategies.money_by_programme(findings, name) for name in findings.scenarios}
    programmes = list(strategies.all_funded(findings))
    rows = [
        {"Programme": programme.title}
        | {_heading(name): _amount(mine.get(programme.name, 0.0)) for name, mine in spent.items()}
        for programme in programmes
    ]
    rows.append({"Programme": "All programmes"}
                | {_heading(name): _amount(sum(mine.values())) for name, mine in spent.items()})
    data = [{"strategy": name, "programme": each, "money_a_year": pounds}
            for name, mine in spent.items() for each, pounds in mine.items()]  # fmt: skip
    return Table(
        name="programmes",
        caption=f"What each option spends on each programme, £ a year, the mean over "
        f"{case.options.years} years, {case.strategy.price_year} prices",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame(data),
        source="the documents of the options",
    )


def reach_table(case: BoardCase) -> Table:
    """Return whom each programme of the strategy is for, and how many it reaches."""
    findings, name = case.alone, case.strategy.name
    reached, spent = yearly(findings.delivered, name), strategies.money_by_programme(findings, name)
    rows, data = [], []
    for programme in strategies.all_funded(findings):
        places = programme.eligibility.selection == "place"
        planned = programme.reached_for(spent[programme.name])
        people = float(reached["enrolments"].get(programme.name, 0.0))
        rows.append({
            "Programme": programme.title,
            "Led by": programme.lead,
            "Whom it is for": strategies.who(programme.eligibility),
            "The money buys, a year": f"{two_figures(planned)} "
            + ("neighbourhoods" if places else "people"),
            "Reached in the model, a year": "does not apply" if places else two_figures(people),
        })  # fmt: skip
        data.append({"programme": programme.name, "planned_a_year": planned,
                     "enrolled_a_year": people})  # fmt: skip
    return Table(
        name="who-is-reached",
        caption=f"{_heading(name)}: whom each programme is for and how many it reaches",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame(data),
        source=case.source,
        text_columns=("Led by", "Whom it is for"),
    )


def _heading(name: str) -> str:
    return sentence_case(name.replace("_", " "))


def _amount(pounds: float) -> str:
    return f"{pounds:,.0f}" if pounds else _NONE
