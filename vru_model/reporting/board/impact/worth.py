"""What the strategy and each programme are worth for their money: benefits against costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vru_model.analysis.appraisal.streams import read_streams
from vru_model.analysis.appraisal.value import CENTRAL, appraisal_table, cases, cost_effectiveness
from vru_model.experiments import compare
from vru_model.parameters.accounts.appraisal import load_rules
from vru_model.parameters.accounts.costs import load_costs
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.case import STRATEGY, BoardCase
from vru_model.reporting.board.impact.runs import ImpactRuns
from vru_model.reporting.words import MINUS, chance, money, sentence_case, two_figures


@dataclass(frozen=True)
class Worth:
    """What a programme's part in the strategy is worth for its money.

    Counted as in the decision box: discounted, in one year's prices, corrected for optimism.

    Parameters
    ----------
    mean, low80, high80, low95, high95
        Benefits for each £1 of its cost, with intervals over draws; NaN where it costs nothing.
    cost
        £ spent on it, discounted, with the uplift for optimism.
    chance
        Share of draws in which its benefits exceed its costs.
    draws
        How many there are.
    price_year
        In whose prices the money is.
    """

    mean: float
    low80: float
    high80: float
    low95: float
    high95: float
    cost: float
    chance: float
    draws: int
    price_year: str

    @property
    def enough(self) -> bool:
        """Whether it is worth its money as surely as ``parameters/appraisal.yaml`` asks."""
        return self.chance >= load_rules().worth.least_chance

    @property
    def sure(self) -> str:
        """The chance that its benefits exceed its costs, in words."""
        return chance(self.chance, self.draws)

    @property
    def interval80(self) -> str:
        """Benefits for each £1 in words: the 80% interval."""
        return _interval(self.low80, self.high80)


def worths(case: BoardCase, runs: ImpactRuns) -> dict[str, Worth]:
    """Return programme → what its part is worth: the strategy against itself less that programme.

    Benefits and costs are those of the difference, so that what the other programmes do, or would
    do in its place, is not counted for it.
    """
    rules, book = load_rules(), load_costs()
    profile, years = rules.profiles[rules.default], range(1, case.options.years + 1)
    found = {}
    for name, dropped in runs.dropped.items():
        streams = read_streams(compare(dropped, case.run(STRATEGY), years), book, rules, profile)
        central = [each for each in cases(streams) if each.name == CENTRAL]
        row = appraisal_table(streams, central).iloc[0]
        ratio = {
            limit: float(row[f"bcr_{limit}"]) for limit in ("low80", "high80", "low95", "high95")
        }
        found[name] = Worth(
            float(row["bcr"]), **ratio, cost=float(row["costs"]),
            chance=float(row["chance_benefits_exceed_costs"]), draws=int(row["draws"]),
            price_year=profile.price_base,
        )  # fmt: skip
    return found


def value_blocks(case: BoardCase, runs: ImpactRuns, found: Mapping[str, Worth]) -> list[Block]:
    """Return the value of the strategy, by outcome and way of counting, then by programme."""
    return [
        Prose(_words(case)), _effectiveness(case), _appraisal(case),
        Prose(f"### Programme by programme\n\n{_programme_words(found)}"),
        _by_programme(case, runs, found),
    ]  # fmt: skip


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


def _programme_words(found: Mapping[str, Worth]) -> str:
    least = load_rules().worth.least_chance
    enough = sum(one.enough for one in found.values())
    return (
        "For each programme: the benefits that would be lost by stopping it, beside the money that "
        "this would free, counted as for the whole strategy. So two programmes that stand in for "
        "one another may each seem to be worth little. The rule for scaling asks that benefits "
        f"exceed costs in at least {least:.0%} of draws (parameters/appraisal.yaml, a judgement): "
        f"{enough} of {len(found)} {'is' if enough == 1 else 'are'} as sure as that, at the money "
        "of now. What more money would buy is under “More money, or less”."
    )


def _by_programme(case: BoardCase, runs: ImpactRuns, found: Mapping[str, Worth]) -> Table:
    rows, data = [], []
    for name, one in found.items():
        rows.append({
            "Programme": case.strategy.programmes[name].title,
            "Cost": money(round(one.cost, -3)),
            "Benefit for each £1 (80% interval)": f"{one.interval80} (mean {_pounds(one.mean)})",
            "95% interval": _interval(one.low95, one.high95),
            "Chance that benefits exceed costs": one.sure,
        })  # fmt: skip
        data.append({"programme": name} | vars(one))
    names = [case.run(STRATEGY).run_id, *(run.run_id for run in runs.dropped.values())]
    return Table(
        name="worth-by-programme",
        caption="What each programme adds to the rest, in benefits for each £1 of its cost; "
        f"{case.streams().profile.price_base} prices, discounted, costs and benefits corrected "
        "for optimism",
        frame=pd.DataFrame(rows), data=pd.DataFrame(data),
        source=f"model runs {', '.join(names)}; modelled, not recorded. Unit costs: "
        "parameters/costs.yaml; rules: parameters/appraisal.yaml",
    )  # fmt: skip


def _signed(low: float, high: float, mean: float) -> str:
    if not np.isfinite(low):
        return two_figures(mean)
    return f"{two_figures(low)} to {two_figures(high)} (mean {two_figures(mean)})"


def _interval(low: float, high: float) -> str:
    return f"{_pounds(low)} to {_pounds(high)}" if np.isfinite(low) else "not known"


def _pounds(value: float) -> str:
    if not np.isfinite(value):
        return "not known"
    return f"{MINUS if value < 0 else ''}£{two_figures(abs(value))}"
