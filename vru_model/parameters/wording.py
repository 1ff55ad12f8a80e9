"""A scenario in one sentence of plain English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vru_model.parameters.funding import Funding
from vru_model.parameters.loading import Override
from vru_model.parameters.programmes import Programme
from vru_model.parameters.shocks import Shock
from vru_model.parameters.switches import SWITCHES


def scenario_sentence(title: str, funding: Iterable[Funding], programmes: Mapping[str, Programme],
                      price_year: str, overrides: Iterable[Override],
                      switches: Mapping[str, bool], shock: Shock) -> str:
    """Return who is paid what, where and when, and what else is assumed otherwise."""
    lines = sorted(funding, key=lambda line: -line.money_per_year)
    parts = []
    if lines:
        prices = f" (prices of {price_year})" if price_year else ""
        money = [_money(line, programmes) for line in lines]
        parts.append(f"{_year_of(lines)}{prices} on {_listed(money)}")
    parts += [f"{change.name} is {change.value} instead ({change.author}: {change.reason})"
              for change in overrides]
    parts += [f"{'with' if on else 'without'} the loop {name.replace('_', ' ')} ({SWITCHES[name]})"
              for name, on in switches.items()]
    parts += shock.words()
    return f"{title}: {'; '.join(parts) if parts else 'nothing is added to things as they are'}."


def _year_of(lines: list[Funding]) -> str:
    """Return the money a year, or that it differs between years."""
    if len({(line.first_year, line.last_year) for line in lines}) == 1:
        return f"£{sum(line.money_per_year for line in lines):,} a year{_years(lines[0])}"
    return "money that differs between years"


def _money(line: Funding, programmes: Mapping[str, Programme]) -> str:
    title = programmes[line.programme].title
    name = title[:1].lower() + title[1:]
    return f"{name} (£{line.money_per_year:,}{_where(line)})"


def _where(line: Funding) -> str:
    places = [*line.authorities]
    if line.wards:
        places.append(f"wards {_listed(list(line.wards))}")
    if line.neighbourhoods:
        places.append(f"{len(line.neighbourhoods)} named neighbourhoods")
    if line.deprivation_deciles:
        places.append("deprivation deciles "
                      + _listed([str(decile) for decile in line.deprivation_deciles]))
    if line.most_in_need is not None:
        places.append(f"the {line.most_in_need} most deprived neighbourhoods")
    return f", in {_listed(places)}" if places else ""


def _years(line: Funding) -> str:
    if line.last_year is None:
        return "" if line.first_year == 1 else f" from year {line.first_year}"
    return f" in years {line.first_year} to {line.last_year}"


def _listed(items: list[str]) -> str:
    """Return "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
