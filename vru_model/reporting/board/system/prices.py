"""Where prices in the paper come from, so that nobody takes them for what a provider charges."""

from __future__ import annotations

from collections.abc import Iterable

from vru_model.parameters.programmes import Programme
from vru_model.reporting.words import in_words

_PRICED = {
    "read": "published unit cost",
    "derived": "unit cost derived from published figures",
    "judgement": "unit cost by judgement (none is published)",
}


def priced_by(programmes: Iterable[Programme]) -> str:
    """Return where the unit costs of programmes come from, as their documents say."""
    named: dict[str, list[str]] = {}
    for each in programmes:
        named.setdefault(_PRICED[each.cost.basis], []).append(each.title.lower())
    if len(named) == 1:
        return f"{next(iter(named))}, not a provider’s price"
    told = "; ".join(f"{words} for {in_words(titles)}" for words, titles in named.items())
    return f"{told}; not providers’ prices"
