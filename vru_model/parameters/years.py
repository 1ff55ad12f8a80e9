"""One year of one line of funding: the money after shocks, and what it buys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from vru_model.parameters.funding import Funding
from vru_model.parameters.programmes import Delivery, Programme
from vru_model.parameters.shocks import Shock

PLANNED_YEARS = 26
"""Years for which money is known: one more than the longest horizon, so that a horizon does not
look like an end of the money."""


class FundedYear(NamedTuple):
    """One year of one line of funding."""

    money: int  # £ that the line promises, after shocks, at full size
    spent: float  # £ of it that is spent: less where the award comes late
    late_months: float  # months of the year before anything can be done
    delivery: Delivery


def money_in(line: Funding, shock: Shock, year: int) -> int:
    """Return the £ of a line in a year, counted from 1, after what happens to the money."""
    return shock.money(line.money_per_year, year) if line.covers(year) else 0


def funded_years(line: Funding, lines: Iterable[Funding], programme: Programme, shock: Shock,
                 scale: float = 1.0, unit_cost: float | None = None) -> tuple[FundedYear, ...]:
    """Return what a line of funding buys in each year, for ``PLANNED_YEARS`` years.

    A programme that several lines pay for pays its fixed cost once; its reach is shared out in
    proportion to their money. ``scale`` and ``unit_cost`` are those of ``Programme.delivery``.
    """
    lines = [each for each in lines if each.programme == line.programme]
    years = []
    for year in range(1, PLANNED_YEARS + 1):
        money = money_in(line, shock, year)
        whole = sum(money_in(each, shock, year) for each in lines)
        late = shock.late(year)
        years.append(FundedYear(
            money, money * (1.0 - late / 12.0), late,
            programme.delivery(whole, scale, money / max(whole, 1), unit_cost),
        ))
    return tuple(years)


def terms(programme: Programme, shock: Shock) -> Delivery:
    """Return the numbers of a programme's delivery that do not depend on the money."""
    plain = programme.delivery(0.0)
    return plain._replace(half_life_months=plain.half_life_months / shock.fading)
