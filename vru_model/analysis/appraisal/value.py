"""Net present social value, benefits for each pound, payback, switching values.

Source: HM Treasury, The Green Book (2022): social cost-benefit analysis in real prices, discounted
at the social time preference rate; health at its own rate; optimism bias; switching values. What
has no price stands beside the totals and is never set to nought in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vru_model.analysis.appraisal.prices import CENTRAL, chosen_items, discount_factors
from vru_model.analysis.appraisal.streams import Streams
from vru_model.experiments.intervals import limits_of_draws, nothing_known, spread

if TYPE_CHECKING:
    from vru_model.experiments.intervals import Spread

_SPREAD = ("low80", "high80", "low95", "high95")


@dataclass(frozen=True)
class Case:
    """One way of counting: the central case, or a named departure from it."""

    name: str
    title: str
    items: str = CENTRAL
    homicide: bool = True
    optimism: bool = True
    equity_weights: bool = False
    qaly_value: float | None = None


@dataclass(frozen=True)
class Present:
    """Present values of a case by world, £ of the price base, discounted to model year 1.

    Attributes
    ----------
    benefits
        Shape (draws, replicates, years), discounted.
    costs
        Shape (years,), discounted.
    """

    benefits: np.ndarray
    costs: np.ndarray


def cases(streams: Streams) -> tuple[Case, ...]:
    """Return the central case and its sensitivities."""
    profile, rules = streams.profile, streams.rules
    low, high = (
        rules.deflated(value, profile.qaly_year, profile.price_base)
        for value in (profile.qaly_low, profile.qaly_high)
    )
    named = sorted({item.sensitivity for item in streams.book.items.values() if item.sensitivity})
    return (
        Case(CENTRAL, "Central case"),
        Case("without_homicide", "Without homicide, whose rare cost dominates", homicide=False),
        Case("without_optimism_bias", "Without correction for optimism", optimism=False),
        Case("qaly_low", f"A QALY at the low end, £{low:,.0f}", qaly_value=low),
        Case("qaly_high", f"A QALY at the high end, £{high:,.0f}", qaly_value=high),
        Case("equity_weighted", "Benefits weighted by income (illustrative)", equity_weights=True),
        *(Case(name, f"With {name.replace('_', ' ')}", items=name) for name in named),
    )


def present(streams: Streams, case: Case) -> Present:
    """Return the discounted benefits and costs of a case."""
    years, profile = streams.years, streams.profile
    general = discount_factors(profile, years, "general")[:, None]
    health = discount_factors(profile, years, "health")[:, None]
    value = streams.prices.qaly_value if case.qaly_value is None else np.full(
        len(streams.prices.qaly_value), case.qaly_value)  # fmt: skip
    total = streams.qalys(case.homicide) * streams.by_draw(value) * health
    for name, item in chosen_items(streams.book, case.items).items():
        if case.homicide or not streams.book.events[item.event].homicide:
            total = total + streams.item(name) * general
    if case.equity_weights:
        total = total * equity_weights(streams)
    if case.optimism:
        total = total * (1 - streams.benefit_cut())
    costs = streams.costs(case.optimism) * general[:, 0]
    return Present(total.sum(axis=-1), costs)


def equity_weights(streams: Streams) -> np.ndarray:
    """Return the welfare weight of each quintile: relative income to the power of -elasticity.

    Scaled so that a benefit spread as the population is counts for what it is.
    Source: HM Treasury Green Book, annex on distributional appraisal.
    """
    given = streams.profile.equity
    weights = np.asarray(given.relative_income) ** -given.income_elasticity
    return weights / np.average(weights, weights=streams.people)


def appraisal_table(streams: Streams, chosen: Sequence[Case] | None = None) -> pd.DataFrame:
    """Return one row a case.

    Columns: case, title, benefits, npsv and bcr (benefits over costs) with 80% and 95% intervals,
    costs (what the strategy spends, with the uplift for optimism: the same in every draw),
    chance_benefits_exceed_costs, payback_year (not a number where it is beyond the horizon) with
    its 95% interval (an upper end beyond the horizon is not a number), draws. £ of the price base,
    discounted to model year 1.
    """
    rows = []
    for case in chosen or cases(streams):
        found = present(streams, case)
        benefits, cost = found.benefits.sum(axis=-1), found.costs.sum()
        net = spread((benefits - cost)[..., None])
        row = {"case": case.name, "title": case.title, "costs": cost}
        for name, values in {
            "benefits": spread(benefits[..., None]), "npsv": net, "bcr": _over(benefits, cost),
        }.items():  # fmt: skip
            row[name] = values.mean[0]
            row |= {f"{name}_{limit}": getattr(values, limit)[0] for limit in _SPREAD}
        row["chance_benefits_exceed_costs"] = net.chance_better[0]
        row["payback_year"] = payback_year(found)
        row["payback_year_low95"], row["payback_year_high95"] = _payback_limits(found)
        rows.append(row)
    return pd.DataFrame(rows).assign(draws=streams.comparison.draws)


def payback_year(found: Present) -> float:
    """Return the first year by whose end benefits so far have paid for costs so far."""
    return _payback(np.nanmean(found.benefits, axis=1).mean(axis=0), found.costs)


def _payback(benefits: np.ndarray, costs: np.ndarray) -> float:
    ahead = np.flatnonzero((np.cumsum(benefits - costs) >= 0) & (np.cumsum(costs) > 0))
    return float(ahead[0] + 1) if len(ahead) else float("nan")


def _payback_limits(found: Present) -> tuple[float, float]:
    """Return the 95% interval of the payback year over draws; beyond the horizon counts as last."""
    by_draw = np.nanmean(found.benefits, axis=1)
    if len(by_draw) < 2:
        return float("nan"), float("nan")
    years = np.array([_payback(each, found.costs) for each in by_draw])
    late = np.where(np.isnan(years), len(found.costs) + 1.0, years)
    low, high = np.percentile(late, [2.5, 97.5], method="nearest")
    beyond = len(found.costs)
    return (low if low <= beyond else np.nan), (high if high <= beyond else np.nan)


def cost_effectiveness(streams: Streams) -> pd.DataFrame:
    """Return the cost of each admission averted and of each QALY, for programmes' money alone.

    Columns: outcome, averted with its 95% interval, cost, cost_for_each with its 95% interval;
    an interval is given only where the outcome is better in all of its 95% interval, because a
    ratio with a denominator around nought has none. Costs are discounted at the general rate and
    QALYs at the health rate; admissions are counted as they fall. Neither side is corrected for
    optimism, so that the figures compare with published ones.
    """
    years = streams.years
    health = discount_factors(streams.profile, years, "health")[:, None]
    money = streams.costs(optimism=False)
    cost = float((money * discount_factors(streams.profile, years)).sum())
    outcomes = {
        "admission averted": streams.averted["admission"].sum(axis=(-1, -2)),
        "QALY": (streams.qalys() * health).sum(axis=(-1, -2)),
        "QALY, without homicide": (streams.qalys(homicide=False) * health).sum(axis=(-1, -2)),
    }
    rows = []
    for name, gained in outcomes.items():
        found = spread(gained[..., None])
        clear = bool(found.low95[0] > 0)
        rows.append({
            "outcome": name, "averted": found.mean[0], "low95": found.low95[0],
            "high95": found.high95[0], "cost": cost,
            "cost_for_each": cost / found.mean[0] if found.mean[0] > 0 else np.nan,
            "each_low95": cost / found.high95[0] if clear else np.nan,
            "each_high95": cost / found.low95[0] if clear else np.nan,
        })  # fmt: skip
    return pd.DataFrame(rows).assign(draws=streams.comparison.draws)


def switching_values(streams: Streams) -> pd.DataFrame:
    """Return how far each assumption must move, alone, for benefits just to equal costs.

    Columns: assumption, now with its 95% interval over draws, switch, factor (switch over now; not
    a number where no value of it alone can turn the result) with the 95% interval of the factors
    that single draws would need, share_of_draws_that_can_turn, comment, draws. Of the central case;
    the factor is that of the mean over draws.
    """
    found = present(streams, Case(CENTRAL, ""))
    benefits, cost = _by_draw(found), float(found.costs.sum())
    health = benefits - _by_draw(present(streams, Case("", "", qaly_value=0.0)))
    homicide = benefits - _by_draw(present(streams, Case("", "", homicide=False)))
    qaly, constant = streams.prices.qaly_value, np.full(len(benefits), cost)
    rows = [
        _switch("effect of the strategy (all benefits), £", benefits, benefits, benefits, cost),
        _switch("cost of the strategy, £", constant, -constant, benefits, cost),
        _switch("value of a QALY, £", qaly, health, benefits, cost),
        _switch("benefits from homicide, £", homicide, homicide, benefits, cost),
    ]
    return pd.DataFrame(rows).assign(draws=len(benefits))


def _by_draw(found: Present) -> np.ndarray:
    return np.nanmean(found.benefits.sum(axis=-1), axis=1)


def _switch(
    name: str, now: np.ndarray, part: np.ndarray, benefits: np.ndarray, cost: float
) -> dict[str, object]:
    """Return the factor on a part of the net value at which benefits equal costs."""
    factor = float(_factor(part.mean(), benefits.mean(), cost))
    each = _factor(part, benefits, cost)
    can = np.isfinite(each)
    row: dict[str, object] = {"assumption": name, "now": float(now.mean())}
    row["now_low95"], row["now_high95"] = _limits95(now)
    row |= {"switch": float(now.mean()) * factor, "factor": factor}
    row["factor_low95"], row["factor_high95"] = _limits95(each[can])
    row["share_of_draws_that_can_turn"] = float(can.mean())
    if np.isnan(factor):
        return row | {"comment": "no value of it alone turns the result"}
    verb = "fall" if factor < 1 else "rise"
    return row | {"comment": f"would have to {verb} to {factor:.2g} times what it is"}


def _factor(part: np.ndarray | float, benefits: np.ndarray | float, cost: float) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = 1 - (np.asarray(benefits) - cost) / np.asarray(part)
    return np.where(np.isfinite(factor) & (factor >= 0), factor, np.nan)


def _limits95(values: np.ndarray) -> tuple[float, float]:
    if len(values) < 2:
        return float("nan"), float("nan")
    low, high = limits_of_draws(values, [2.5, 97.5])
    return float(low), float(high)


def _over(benefits: np.ndarray, cost: float) -> Spread:
    return spread((benefits / cost)[..., None]) if cost > 0 else nothing_known()
