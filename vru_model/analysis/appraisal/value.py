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
from vru_model.experiments.intervals import spread

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

    Columns: case, title, benefits, costs, npsv with 80% and 95% intervals, bcr with its
    intervals (benefits over costs), chance_benefits_exceed_costs, payback_year (not a number
    where it is beyond the horizon), draws. £ of the price base, discounted to model year 1.
    """
    rows = []
    for case in chosen or cases(streams):
        found = present(streams, case)
        benefits, cost = found.benefits.sum(axis=-1), found.costs.sum()
        net = spread((benefits - cost)[..., None])
        row = {"case": case.name, "title": case.title, "benefits": _mean(benefits), "costs": cost,
               "npsv": net.mean[0]}  # fmt: skip
        row |= {f"npsv_{name}": getattr(net, name)[0] for name in _SPREAD}
        ratio = _over(benefits, cost)
        row |= {"bcr": _mean(benefits) / cost if cost > 0 else np.nan}
        row |= {f"bcr_{name}": getattr(ratio, name)[0] for name in _SPREAD}
        row["chance_benefits_exceed_costs"] = net.chance_better[0]
        row["payback_year"] = payback_year(found)
        rows.append(row)
    return pd.DataFrame(rows).assign(draws=streams.comparison.draws)


def payback_year(found: Present) -> float:
    """Return the first year by whose end benefits so far have paid for costs so far."""
    benefits = np.nanmean(found.benefits, axis=1).mean(axis=0)
    ahead = np.flatnonzero((np.cumsum(benefits - found.costs) >= 0) & (np.cumsum(found.costs) > 0))
    return float(ahead[0] + 1) if len(ahead) else float("nan")


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

    Columns: assumption, now, switch, factor (switch over now; not a number where no value of it
    alone can turn the result), comment. Means over draws of the central case.
    """
    central = Case(CENTRAL, "")
    found = present(streams, central)
    benefits, cost = _mean(found.benefits.sum(axis=-1)), float(found.costs.sum())
    health = benefits - _mean(present(streams, Case("", "", qaly_value=0.0)).benefits.sum(axis=-1))
    homicide = benefits - _mean(
        present(streams, Case("", "", homicide=False)).benefits.sum(axis=-1)
    )
    qaly = float(streams.prices.qaly_value.mean())
    rows = [
        _switch("effect of the strategy (all benefits), £", benefits, benefits, benefits, cost),
        _switch("cost of the strategy, £", cost, -cost, benefits, cost),
        _switch("value of a QALY, £", qaly, health, benefits, cost),
        _switch("benefits from homicide, £", homicide, homicide, benefits, cost),
    ]
    return pd.DataFrame(rows)


def _switch(name: str, now: float, part: float, benefits: float, cost: float) -> dict:
    """Return the factor on a part of the net value at which benefits equal costs."""
    net = benefits - cost
    factor = 1 - net / part if part else np.nan
    if not np.isfinite(factor) or factor < 0:
        comment = "no value of it alone turns the result"
        return {"assumption": name, "now": now, "switch": np.nan, "factor": np.nan,
                "comment": comment}  # fmt: skip
    verb = "fall" if factor < 1 else "rise"
    return {"assumption": name, "now": now, "switch": now * factor, "factor": factor,
            "comment": f"would have to {verb} to {factor:.2g} times what it is"}  # fmt: skip


def _over(benefits: np.ndarray, cost: float) -> Spread:
    return spread((benefits / cost if cost > 0 else np.full_like(benefits, np.nan))[..., None])


def _mean(values: np.ndarray) -> float:
    return float(np.nanmean(values, axis=1).mean())
