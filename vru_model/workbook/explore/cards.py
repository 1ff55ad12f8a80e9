"""A programme as a card: what it is, three dials, what to expect; sources one click away."""

from __future__ import annotations

import html

from vru_model.parameters.documents import built_in_names
from vru_model.parameters.programmes import STANDINGS, Programme
from vru_model.parameters.register import load_programme
from vru_model.reporting.register.cards import facts, in_order
from vru_model.reporting.words import count, money, sentence_case

_FULL = {"high": 3, "moderate": 2, "low": 1, "very low": 0.5, "none": 0, "unknown": 0,
         "harmful": 0}  # fmt: skip
_MARK = {"promising": "good", "mixed": "fair"}
_DIALS = {
    "impact": "How large the effect was where it was studied",
    "security": "How sure one can be of that",
    "cost": "What it costs for each person or place",
}
SHOWN = {
    "promising": "Promising", "mixed": "Mixed evidence",
    "no benefit": "Known to bring nothing, or harm", "": "All programmes",
}  # fmt: skip


def register(shown: str = "") -> list[Programme]:
    """Return the programmes as they are listed; those of one kind of expectation if named."""
    found = in_order(load_programme(name) for name in built_in_names("programmes"))
    if shown == "no benefit":
        return [each for each in found if STANDINGS.index(each.standing) >= 2]
    return [each for each in found if shown in ("", each.standing)]


def card(programme: Programme, level: int = 4) -> str:
    """Return the card of a programme as HTML; `level` is that of its heading."""
    mark = _MARK.get(programme.standing, "poor")
    return (
        f'<h{level} class="vru-card-title">{html.escape(programme.title)}</h{level}>'
        f'<p class="vru-expect vru-{mark}"><span>Expect: {html.escape(programme.standing)}</span>'
        f"</p><p>{html.escape(programme.plain)}</p>{dials(programme)}"
        f'<p class="vru-small">{html.escape(price(programme))}</p>{source(programme)}'
    )


def dials(programme: Programme) -> str:
    """Return the three dials: a bar each, with its word."""
    parts = []
    for name, meaning in _DIALS.items():
        word = getattr(programme.evidence, name)
        parts.append(
            f'<div class="vru-dial" title="{html.escape(meaning)}"><dt>{name.capitalize()}</dt>'
            f'<dd><span class="vru-bar" aria-hidden="true"><span style="width:'
            f'{round(100 * _FULL[word] / 3)}%"></span></span>{html.escape(word)}</dd></div>'
        )
    return f'<dl class="vru-dials">{"".join(parts)}</dl>'


def price(programme: Programme) -> str:
    """Return what one unit costs and how many it reaches."""
    cost = programme.cost
    fixed = (f", and {money(cost.fixed_cost_per_year)} a year to run it at all"
             if cost.fixed_cost_per_year else "")
    return f"{money(cost.unit_cost)} a {cost.per}{fixed}. Led by {programme.lead}."


def buys(programme: Programme, pounds: int) -> str:
    """Return whom a year's money reaches, with the range that its cost leaves."""
    low, mean, high = (programme.reached_for(pounds, cost) for cost in (
        programme.cost.high, None, programme.cost.low))  # fmt: skip
    unit = {"place": "neighbourhoods", "none": "staff"}.get(programme.eligibility.selection,
                                                            "people")
    if mean <= 0:
        return "This does not pay for one unit."
    return f"Reaches about {count(mean)} {unit} a year ({count(low)} to {count(high)})."


def source(programme: Programme) -> str:
    """Return the sources and everything else that is known, folded away."""
    rows = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(sentence_case(text))}</dd>"
                   for name, text in facts(programme))
    others = "".join(f"<li>{html.escape(each)}</li>" for each in programme.evidence.others)
    return (
        f"<details><summary>Source and detail of {html.escape(programme.title)}</summary>"
        f"<p>{html.escape(programme.evidence.citation)}</p>"
        f'<dl class="vru-facts">{rows}</dl>'
        + (f"<p>Also:</p><ul>{others}</ul>" if others else "")
        + f"<p>{html.escape(programme.derivation)}</p></details>"
    )
