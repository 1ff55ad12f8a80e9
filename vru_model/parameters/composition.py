"""Putting scenarios together: what both say must agree, and what one says is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from vru_model.errors import InputError, Problem
from vru_model.parameters.loading import Override
from vru_model.parameters.shocks import Shock


def by_name(overrides: Iterable[Override]) -> tuple[Override, ...]:
    """Return overrides in the order of their names, each once."""
    named = {change.name: change for change in overrides}
    return tuple(named[name] for name in sorted(named))


def override_entry(change: Override) -> dict[str, Any]:
    """Return an override as it is written in a document."""
    entry = {"value": change.value, "reason": change.reason, "author": change.author}
    return entry if change.low is None else {**entry, "low": change.low, "high": change.high}


def contradictions(names: str, pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]],
                   prices: tuple[str, str]) -> list[Problem]:
    """Return where two scenarios cannot both hold.

    Parameters
    ----------
    names
        The scenarios, as a message names them.
    pairs
        What the one and the other say, by name: of each thing only one value may be said.
    prices
        The price year of each; "" where there is no money.
    """
    problems = [
        Problem(names, None, name, f"{ours[name]!r:.40} and {theirs[name]!r:.40}",
                "one value in both")
        for ours, theirs in pairs for name in sorted(ours.keys() & theirs.keys())
        if ours[name] != theirs[name]
    ]
    if all(prices) and prices[0] != prices[1]:
        problems.append(Problem(names, None, "price_year", f"{prices[0]} and {prices[1]}",
                                "the same prices"))
    return problems


def both_shocks(first: Shock, second: Shock) -> Shock:
    """Return what happens where both happen; they must not contradict each other."""
    return Shock(**{**first.made, **second.made})


def refuse(problems: list[Problem]) -> None:
    """Raise InputError where there are problems."""
    if problems:
        raise InputError(problems)
