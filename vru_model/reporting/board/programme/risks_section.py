"""Risks and assumptions: what the strategy hangs on, when money would not be worth it, harms."""

from __future__ import annotations

import pandas as pd

from vru_model.analysis.sensitivity.rendering import short
from vru_model.analysis.wording import rounding_step
from vru_model.reporting import result_tables, strategies
from vru_model.reporting.blocks import Block, Chart, Prose, Table, escape
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.estimates import label
from vru_model.reporting.sensitivity.chart import BARS
from vru_model.reporting.words import (
    MINUS,
    chance,
    count,
    interval,
    money,
    percentage,
    rounded,
    sentence_case,
    two_figures,
)

_WEAK = "CD"
_VERDICTS = {"flips": "yes", "may flip": "it might", "does not flip": "no",
             "undecided": "cannot be told", "not sought": "not looked for"}  # fmt: skip
_STUDY = "The search for the assumption that matters most, filed beside the runs of this paper"


def assumption_blocks(case: BoardCase) -> list[Block]:
    """Return what the strategy hangs on: in words, the tornado chart and its table."""
    study = case.study
    words = study.words
    chart = Chart(
        name="tornado",
        png=study.chart,
        alt=words["alt"],
        caption=f"What each assumption does alone to admissions averted by year {words['year']}, "
        "at the ends of the range in which it is believed; an end within "
        f"{_chance(study.table)} of the middle may be chance",
        source=_STUDY,
    )
    return [Prose(assumption_message(case)), chart, _tornado_table(case)]


def assumption_message(case: BoardCase) -> str:
    """Return the assumption that matters most, and which ones alone turn gain into loss."""
    study = case.study
    turned = [short(title, 90) for title in study.harmful_alone]
    ends = (
        "At an end of its believed range, and by more than chance would do, the strategy averts "
        f"less than nothing by one assumption alone: {escape('; '.join(turned))}." if turned
        else "At no end of its believed range does any one assumption alone make the strategy do "
        "harm by more than chance would."
    )  # fmt: skip
    return (
        "The strategy hangs most on one assumption, ranked by what each does while others vary. "
        f"{escape(study.biggest.sentence)} {ends} The search uses smaller worlds and looks at year "
        f"{study.words['year']}; the chart moves one assumption at a time."
    )


def money_blocks(case: BoardCase) -> list[Block]:
    """Return how far each money assumption must move for benefits to equal costs."""
    table = case.switching()
    return [Prose(money_message(case, table)), _switching_table(case, table)]


def risk_blocks(case: BoardCase) -> list[Block]:
    """Return the risks that the numbers and documents themselves show, then harms."""
    return [_risk_table(case), strategies.harms(case.alone)]


def money_message(case: BoardCase, table: pd.DataFrame) -> str:
    """Return how far the effect may fall short before benefits no longer exceed costs."""
    row = table.iloc[0]
    factor = float(row["factor"])
    name = sentence_case(label(case.strategy.name))
    if pd.isna(factor):
        return f"{name} is not worth its money at any size of its effect."
    if factor < 1:
        return (
            f"By the central estimate, {label(case.strategy.name)} would still be worth its money "
            f"if it did {percentage(factor)} of what the model says; below that, costs exceed "
            f"benefits. {_turns(row)}"
        )
    return (
        f"By the central estimate, the benefits of {label(case.strategy.name)} do not reach its "
        f"costs: its effect would have to be {two_figures(factor)} times what the model says. "
        f"{_turns(row)}"
    )


def _turns(row: pd.Series) -> str:
    if pd.isna(row["factor_low95"]):
        return "Over the draws that factor is not known."
    low, high = row["factor_low95"], row["factor_high95"]
    ends = interval(low, high, rounding_step(row["factor"], low, high))
    return f"The factor that single draws would need is {ends} (95% interval)."


def _tornado_table(case: BoardCase) -> Table:
    found = case.study.table
    shown = found.sort_values("swing", ascending=False, kind="stable").head(BARS)
    step = rounding_step(float(shown["swing"].max()), 0.0, float(shown["swing"].max()))
    rows = [
        {
            "Assumption": short(str(row["title"]), 110),
            "Taken as": f"{_short(row['value'])} {row['unit']}",
            "Believed": f"{_short(row['low'])} to {_short(row['high'])}",
            "Averted at the low end": rounded(row["at_low"], step),
            "Averted at the high end": rounded(row["at_high"], step),
            "Turns the comparison round alone": _VERDICTS.get(row["verdict"], row["verdict"]),
        }
        for _, row in shown.iterrows()
    ]
    return Table(
        name="tornado",
        caption="Assumptions that move the result most alone: admissions averted by year "
        f"{case.study.words['year']}. Chance alone moves a number by {_chance(found)} either way "
        "(95%)",
        frame=pd.DataFrame(rows),
        data=shown,
        source=_STUDY,
        text_columns=("Taken as", "Believed", "Turns the comparison round alone"),
    )


def _chance(table: pd.DataFrame) -> str:
    """Return by how much chance alone moves what a search found, 95%."""
    return two_figures(float(table["error95"].iloc[0]))


def _switching_table(case: BoardCase, table: pd.DataFrame) -> Table:
    rows = []
    for _, row in table.iterrows():
        known = pd.notna(row["factor"])
        rows.append({
            "Assumption": sentence_case(str(row["assumption"])),
            "Now": money(_significant(float(row["now"]))),
            "Benefits equal costs at": money(_significant(float(row["switch"])))
            if known else "no value of it",
            "That is": f"{two_figures(row['factor'])} times as much" if known else "does not apply",
            "Draws in which it alone can turn the result": chance(
                float(row["share_of_draws_that_can_turn"]), int(row["draws"])),
        })  # fmt: skip
    profile = case.streams().profile
    return Table(
        name="switching-values",
        caption="How far each money assumption would have to move, alone, for benefits to equal "
        f"costs; {profile.price_base} prices, discounted, corrected for optimism",
        frame=pd.DataFrame(rows),
        data=table,
        source=f"{case.source}; parameters/costs.yaml and parameters/appraisal.yaml",
        text_columns=("That is",),
    )


def _risk_table(case: BoardCase) -> Table:
    columns = ["Risk", "What the numbers and documents say", "Answer that is built in"]
    rows = [dict(zip(columns, risk, strict=True)) for risk in _risks(case)]
    return Table(
        name="risks",
        caption="Risks that show in the numbers and documents of this paper; owners and likelihood "
        "are for the unit's own register of risks",
        frame=pd.DataFrame(rows),
        source=f"{case.findings.source}; the documents in parameters",
        text_columns=("What the numbers and documents say", "Answer that is built in"),
    )


def _risks(case: BoardCase) -> list[tuple[str, str, str]]:
    name = case.strategy.name
    spent = strategies.money_by_programme(case.alone, name)
    programmes = case.strategy.programmes
    weak = sum(pounds for each, pounds in spent.items()
               if programmes[each].evidence.grade in _WEAK)  # fmt: skip
    whole = sum(spent.values())
    late = max(programmes.values(), key=lambda each: each.timing.lag_months
               + each.timing.hiring_months)  # fmt: skip
    months = late.timing.lag_months + late.timing.hiring_months
    gate = case.gates[name]
    seen = case.visibility()
    shown = seen[seen["first_year_visible"].notna()]
    return [
        ("Effects found elsewhere do not hold here",
         f"{percentage(weak / whole) if whole else 'None'} of the money rests on evidence of grade "
         "C or D.",
         "Only a share of each published effect is believed; benefits are cut for optimism by "
         "grade."),
        ("Delivery is late",
         f"{late.title} takes {two_figures(months)} months from the money to full staff, the "
         "longest of all.",
         "Set-up and hiring are in every run; the milestones below say what should be seen when."),
        ("The fall does not show in published figures",
         f"{count(len(shown))} of {count(len(seen))} series would show the strategy within "
         f"{case.options.years} years.",
         "Judge by people followed and by the milestones, not by a series."),
        ("The result is too good to be true",
         f"{result_tables.interval95(gate)} admissions averted by year {gate.year} (95% interval; "
         f"mean {result_tables.averted(gate)}), beside {two_figures(gate.benchmark)} estimated for "
         "the same money nationally.",
         "A result more than twice as good carries a warning."),
        ("The model leaves out what matters here",
         "Provider performance, displaced budgets and violence outside its scope are not in it.",
         "What this is not, and the statements by named officers."),
    ]  # fmt: skip


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", MINUS)


def _significant(value: float) -> float:
    step = rounding_step(value)
    return round(value / step) * step
