"""Money by year: at constant prices, in cash, and what flat cash would buy."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from vru_model.parameters.accounts.appraisal import Rules, load_rules
from vru_model.reporting import strategies
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.programme.spells import financial_year, spells
from vru_model.reporting.words import money, plural, sentence_case, thousands
from vru_model.scenario import Scenario

_DECADE = 10


class Growth(NamedTuple):
    """Two rates at which prices may rise, a year."""

    low: float
    high: float


def finance_blocks(case: BoardCase) -> list[Block]:
    """Return money by year in real and in cash terms, then by programme."""
    rules = load_rules()
    growth = price_growth(rules)
    table = cash_table(case, rules, growth)
    return [Prose(finance_message(case, table.data, growth)), table, by_programme(case)]


def price_growth(rules: Rules) -> Growth:
    """Return the rates at which prices may rise: the flat-cash scenario's, and the last decade's.

    The order is by size. The second is the mean growth a year of the GDP deflator over the last
    ten years known.
    """
    known = sorted(rules.deflators)
    last, first = known[-1], known[-1 - min(_DECADE, len(known) - 1)]
    years = int(last[:4]) - int(first[:4])
    past = (rules.deflators[last].index / rules.deflators[first].index) ** (1 / years) - 1
    planned = Scenario.load("flat_cash").shock.inflation
    return Growth(min(planned, past), max(planned, past))


def finance_message(case: BoardCase, data: pd.DataFrame | None, growth: Growth) -> str:
    """Return what flat cash would be worth at the end, and what would keep its worth."""
    assert data is not None
    funded = data[data["real"] > 0]
    if funded.empty:
        return "The strategy spends no money."
    first, last = funded.iloc[0], funded.iloc[-1]
    least, most = (1 - last[f"flat_{end}"] / last["real"] for end in ("high", "low"))
    return (
        f"The strategy costs {money(funded['real'].sum())} over {plural(len(funded), 'year')} at "
        f"{case.strategy.price_year} prices. To buy the same, cash has to rise with prices: to "
        f"between {money(thousands(last['cash_low']))} and {money(thousands(last['cash_high']))} "
        f"in {last['financial_year']}, from {money(first['real'])}. A grant that stays at "
        f"{money(first['real'])} in cash would by then buy {_percent(least)} to "
        f"{_percent(most)} less. Results in this paper assume that the money keeps its worth. "
        f"The rates, {_rate(growth.low)} and {_rate(growth.high)} a year, are the "
        "assumption of the flat-cash preset and the mean growth of the GDP deflator over the last "
        "ten years known; they are no forecast."
    )


def cash_table(case: BoardCase, rules: Rules, growth: Growth) -> Table:
    """Return money by year at constant prices and in cash, at both rates of price growth."""
    profile = rules.profiles[rules.default]
    behind = int(profile.first_year[:4]) - int(case.strategy.price_year[:4])
    flat = float(next((case.strategy.money_in(y) for y in _all_years(case)
                       if case.strategy.money_in(y)), 0))  # fmt: skip
    rows, data = [], []
    for year in _all_years(case):
        real = float(_whole(case.strategy, year))
        worth = {name: (1 + rate) ** (behind + year - 1)
                 for name, rate in growth._asdict().items()}  # fmt: skip
        here = flat if real else 0.0
        record = {
            "year": year, "financial_year": financial_year(profile.first_year, year), "real": real,
            "cash_low": real * worth["low"], "cash_high": real * worth["high"],
            "flat_low": here / worth["high"], "flat_high": here / worth["low"],
        }  # fmt: skip
        data.append(record)
        rows.append({
            "Year": f"{year} ({record['financial_year']})",
            f"Real, {case.strategy.price_year} prices": money(real),
            f"Cash needed at {_rate(growth.low)} a year": money(
                thousands(record["cash_low"])),
            f"Cash needed at {_rate(growth.high)} a year": money(
                thousands(record["cash_high"])),
            "What flat cash would buy, real": f"{money(thousands(record['flat_low']))} to "
            f"{money(thousands(record['flat_high']))}",
        })  # fmt: skip
    return Table(
        name="finance",
        caption="The strategy's money by year: at constant prices, in the cash that would buy the "
        f"same, and what {money(flat)} of flat cash would buy. Year 1 is taken as "
        f"{profile.first_year}",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame(data),
        source="the strategy's document; parameters/appraisal.yaml (deflators, some of them "
        "recalled: replace them by the published table before a business case)",
    )


def by_programme(case: BoardCase) -> Table:
    """Return the money of each programme in each spell of years, most first."""
    strategy = case.strategy
    totals = strategies.money_by_programme(case.alone, strategy.name)
    order = sorted(totals, key=lambda name: (-totals[name], name))
    data = pd.DataFrame([
        {"year": year} | {name: sum(strategy.shock.money(line.money_per_year, year)
                                    for line in strategy.funding
                                    if line.programme == name and line.covers(year))
                          for name in order}
        for year in _all_years(case)
    ])  # fmt: skip
    frame = pd.DataFrame({
        "Programme": [*(strategy.programmes[name].title for name in order), "All programmes"]
    })  # fmt: skip
    for years, spell in spells(data, order):
        first = spell.iloc[0]
        frame[f"{sentence_case(years)}, £ a year"] = [
            *(f"{first[name]:,.0f}" for name in order), f"{sum(first[name] for name in order):,.0f}"
        ]  # fmt: skip
    spent = case.alone.delivered
    spent = spent[spent["strategy"] == strategy.name].groupby("programme")["spend"].sum()
    mean = [float(spent.get(name, 0.0)) / case.options.years for name in order]
    frame["Spent in the model, £ a year"] = [
        *(f"{thousands(each):,.0f}" for each in mean), f"{thousands(sum(mean)):,.0f}"
    ]  # fmt: skip
    return Table(
        name="finance-programmes",
        caption=f"Money by programme and year, {strategy.price_year} prices, and what the model "
        "spends of it",
        frame=frame,
        data=data,
        source=f"the strategy's document; {case.source}",
    )


def _whole(strategy: Scenario, year: int) -> float:
    spent = strategy.money_in(year)
    return spent + (strategy.team_per_year + strategy.evaluation_per_year if spent else 0)


def _all_years(case: BoardCase) -> range:
    return range(1, case.options.years + 1)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _rate(share: float) -> str:
    """Return a yearly rate with the digits by which a reader finds the sums of a decade again."""
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"
