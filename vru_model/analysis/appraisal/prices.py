"""Unit costs of a draw, in the prices of the appraisal; and discounting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vru_model.errors import InputError, Problem, nearest
from vru_model.parameters.accounts.appraisal import Profile, Rules
from vru_model.parameters.accounts.costs import CostBook, Item
from vru_model.parameters.distributions import quantile
from vru_model.parameters.draws import uniforms

CENTRAL = "central"


@dataclass(frozen=True)
class Prices:
    """What one event costs and takes, by draw, in £ of the profile's price base.

    Attributes
    ----------
    items
        Item → £ an event, one entry a draw.
    qalys
        Event → QALYs that one takes, one entry a draw.
    qaly_value
        £ a QALY, one entry a draw.
    """

    items: dict[str, np.ndarray]
    qalys: dict[str, np.ndarray]
    qaly_value: np.ndarray


def chosen_items(book: CostBook, case: str = CENTRAL) -> dict[str, Item]:
    """Return the items that a case counts: the central ones, or those with a sensitivity's swaps.

    Raises
    ------
    InputError
        Where no item has such a sensitivity.
    """
    added = {name: item for name, item in book.items.items() if item.sensitivity == case}
    if case != CENTRAL and not added:
        known = {item.sensitivity for item in book.items.values() if item.sensitivity}
        allowed = ", ".join(sorted(known))
        raise InputError([Problem(None, None, "sensitivity", case, allowed, nearest(case, known))])
    replaced = {name for item in added.values() for name in item.instead_of}
    central = {
        name: item
        for name, item in book.items.items()
        if item.use == CENTRAL and name not in replaced
    }
    return central | added


def draw_prices(
    book: CostBook, rules: Rules, profile: Profile, draws: Sequence[int], seed: int
) -> Prices:
    """Return the prices of each draw: central values where there is one draw, else drawn.

    Amounts are drawn from a triangular distribution over their range; each draw of an amount
    depends on its own name, the draw and the seed alone, so that adding an item moves no other.
    """
    base = profile.price_base

    def drawn(name: str, value: float, low: float, high: float) -> np.ndarray:
        return _drawn((value, low, high), _chances(name, draws, seed))

    losses = draw_losses(book, draws, seed)
    return Prices(
        items={
            name: rules.deflated(1.0, item.price_year, base)
            * drawn(name, item.amount, item.low, item.high)
            for name, item in book.items.items()
        },
        qalys={name: losses[name].to_numpy() for name in book.events},
        qaly_value=rules.deflated(1.0, profile.qaly_year, base)
        * drawn("qaly_value", profile.qaly_value, profile.qaly_low, profile.qaly_high),
    )


def draw_losses(book: CostBook, draws: Sequence[int], seed: int) -> pd.DataFrame:
    """Return the QALYs that one event takes: one row a draw, one column an event.

    One belief moves all of them: which value of a QALY the source divided by.
    """
    chances = _chances("qalys_lost", draws, seed)
    return pd.DataFrame(
        {
            name: _drawn((event.qalys_lost, event.qalys_low, event.qalys_high), chances)
            for name, event in book.events.items()
        },
        index=pd.Index(draws, name="draw"),
    )


def _chances(name: str, draws: Sequence[int], seed: int) -> list[float | None]:
    """Return where in its range a price lies in each draw; None, its centre, in a single draw."""
    if len(draws) == 1:
        return [None]
    return [float(uniforms([f"prices.{name}"], draw, seed)[0]) for draw in draws]


def _drawn(
    range_of: tuple[float, float, float], chances: Sequence[float | None]
) -> np.ndarray:
    """Return a value (central, low, high) at each chance."""
    return np.array([
        range_of[0] if chance is None else quantile("triangular", *range_of, 0.0, np.inf, chance)
        for chance in chances
    ])  # fmt: skip


def discount_factors(profile: Profile, years: int, kind: str = "general") -> np.ndarray:
    """Return the present value of £1 (or of a QALY) in each model year; year 1 counts in full.

    Source: HM Treasury Green Book, annex on discounting: the rate falls after 30 years, and the
    factor of a year is the product over the years before it.
    """
    factors = np.ones(years)
    for year in range(1, years):
        rate = next(each for each in reversed(profile.discounting) if each.from_year <= year)
        factors[year] = factors[year - 1] / (1 + getattr(rate, kind))
    return factors
