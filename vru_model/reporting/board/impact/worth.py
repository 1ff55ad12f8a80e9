"""What the strategy is worth for its money: cost for each outcome, benefits against costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vru_model.analysis.appraisal.value import cost_effectiveness
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.words import MINUS, chance, money, sentence_case, two_figures


def value_blocks(case: BoardCase) -> list[Block]:
    """Return the cost-effectiveness table and the appraisal with its other ways of counting."""
    return [Prose(_words(case)), _effectiveness(case), _appraisal(case)]


def _words(case: BoardCase) -> str:
    profile = case.streams().profile
    return (
        f"Over {case.options.years} years, against the baseline, in {profile.price_base} prices. A "
        "cost for each outcome is given an interval only where the whole 95% interval of the "
        "outcome is better than the baseline. Savings are not cash: most of what is averted frees "
        "staff and beds for others."
    )


def _effectiveness(case: BoardCase) -> Table:
    table = cost_effectiveness(case.streams())
    rows = []
    for row in table.to_dict("records"):
        known = np.isfinite(row["each_low95"])
        rows.append({
            "Outcome": sentence_case(row["outcome"]),
            "Averted or gained (95% interval)": _signed(row["low95"], row["high95"],
                                                        row["averted"]),
            "Cost": money(round(row["cost"], -4)),
            "Cost for each (95% interval)":
                f"{_pounds(row['each_low95'])} to {_pounds(row['each_high95'])} "
                f"(mean {_pounds(row['cost_for_each'])})" if known else "cannot be told",
        })  # fmt: skip
    price = case.streams().profile.price_base
    return Table(
        name="cost-effectiveness",
        caption=f"Cost for each outcome, programmes’ money alone, {price} prices; costs and QALYs "
        "discounted, admissions counted as they fall; nothing corrected for optimism",
        frame=pd.DataFrame(rows), data=table, source=case.source,
    )  # fmt: skip


def _appraisal(case: BoardCase) -> Table:
    table = case.appraisal()
    rows = []
    for row in table.to_dict("records"):
        rows.append({
            "Way of counting": row["title"],
            "Benefit for each £1 (80% interval)": f"{_pounds(row['bcr_low80'])} to "
            f"{_pounds(row['bcr_high80'])} (mean {_pounds(row['bcr'])})",
            "95% interval": f"{_pounds(row['bcr_low95'])} to {_pounds(row['bcr_high95'])}",
            "Chance that benefits exceed costs": chance(
                row["chance_benefits_exceed_costs"], int(row["draws"])
            ),
        })  # fmt: skip
    return Table(
        name="appraisal",
        caption="Benefits for each £1 of cost, by way of counting; "
        f"{case.streams().profile.price_base} prices, discounted",
        frame=pd.DataFrame(rows), data=table, source=case.source,
    )  # fmt: skip


def _signed(low: float, high: float, mean: float) -> str:
    if not np.isfinite(low):
        return two_figures(mean)
    return f"{two_figures(low)} to {two_figures(high)} (mean {two_figures(mean)})"


def _pounds(value: float) -> str:
    if not np.isfinite(value):
        return "not known"
    return f"{MINUS if value < 0 else ''}£{two_figures(abs(value))}"
