"""A programme on one card, and all programmes in one list: every figure with its source."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from rich.table import Table

from vru_model.parameters.programmes import STANDINGS, TARGETS, Change, Programme
from vru_model.reporting.strategies import published_effect, who
from vru_model.reporting.words import MINUS, count, money

_ORDER = {"primary": 0, "secondary": 1, "tertiary": 2}


def in_order(programmes: Iterable[Programme]) -> list[Programme]:
    """Return programmes as they are listed: by standing, then prevention, then title."""
    return sorted(programmes, key=lambda each: (STANDINGS.index(each.standing),
                                                _ORDER[each.prevention], each.title))


def listed(programmes: Iterable[Programme]) -> Iterator[Any]:
    """Yield the register as one table, and what its words mean."""
    table = Table(title="Programmes: what a unit could do")
    headings = ("name", "what it is", "for", "impact", "security", "cost", "expect", "£ a unit")
    for heading in headings:
        table.add_column(heading, justify="right" if heading.startswith("£") else "left")
    for each in in_order(programmes):
        table.add_row(
            each.name, each.title, who(each.eligibility), each.evidence.impact,
            each.evidence.security, each.evidence.cost, each.standing,
            f"{count(each.cost.unit_cost)} a {each.cost.per}",
        )  # fmt: skip
    yield table
    yield ("Impact, security and cost are those of the published evidence. Expect: promising, "
           "mixed, no benefit, unknown and may harm, or harmful. `vru programmes NAME` prints one "
           "card with its sources.")


def card(programme: Programme) -> Iterator[Any]:
    """Yield everything that is known of one programme: tables and paragraphs."""
    yield f"{programme.title} ({programme.name})"
    yield programme.plain
    yield _facts(programme)
    yield _changes(programme.changes)
    yield _sources(programme)


def _facts(programme: Programme) -> Table:
    table = Table(show_header=False, title="What it is")
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, text in facts(programme):
        table.add_row(name, text)
    return table


def facts(programme: Programme) -> list[tuple[str, str]]:
    """Return what a programme is, for whom, by whom and at what cost, as name and text."""
    reach, cost, evidence = programme.reach, programme.cost, programme.evidence
    rows = [
        ("Expect", programme.standing),
        ("Kind", f"{programme.family}; {programme.prevention} prevention, works on the level of a "
         f"{programme.level}"),
        ("Led by", _with_partners(programme)),
        ("For", who(programme.eligibility)),
    ]
    if programme.referral is not None:
        rows.append(("Way in", way_in(programme)))
    rows += [
        ("Take-up", f"{100 * reach.take_up:.0f}% of those offered; of those enrolled, "
         f"{100 * reach.drop_out_per_month:.1f}% leave each month"),
        ("Time", time_course(programme)),
        ("Cost", f"{money(cost.unit_cost)} ({money(cost.low)} to {money(cost.high)}) a {cost.per} "
         f"and {money(cost.fixed_cost_per_year)} a year besides, prices of {cost.price_year}; "
         f"{_BASIS[cost.basis]}"),
        ("Published", f"{published_effect(evidence)}; {evidence.baseline}"),
        ("Study", f"{evidence.design}; grade {evidence.grade}; "
         f"{'tried' if evidence.uk else 'not tried'} in the United Kingdom"),
        ("Dials", f"impact {evidence.impact}, security {evidence.security}, cost {evidence.cost}; "
         f"Youth Endowment Fund Toolkit: {evidence.toolkit}"),
        ("Believed here", believed_in_words(programme)),
        ("Harms", programme.harms),
        ("Limits", programme.limits),
    ]
    return rows


_BASIS = {"read": "read in its source", "derived": "derived from figures that were read",
          "judgement": "a range that is a judgement: no source gives it"}  # fmt: skip


def _with_partners(programme: Programme) -> str:
    partners = f", with {', '.join(programme.partners)}" if programme.partners else ""
    return f"{programme.lead}{partners}"


def way_in(programme: Programme) -> str:
    """Return how an event becomes a first contact, in a sentence."""
    referral = programme.referral
    assert referral is not None
    event = programme.eligibility.event.replace("_", " ")
    delay = "on the spot" if referral.delay_months == 0 else (
        f"after {referral.delay_months:g} months")
    return (f"{event}; {referral.by} notices {100 * referral.identified:.0f}% of them, of whom "
            f"{100 * referral.consent:.0f}% agree to be referred; an offer {delay}; people wait up "
            f"to {referral.waiting_months:g} months for a place")


def time_course(programme: Programme) -> str:
    """Return lag, staffing, duration and fading, in a sentence."""
    timing = programme.timing
    fades = ("does not fade" if timing.half_life_months is None else
             f"halves every {timing.half_life_months:g} months after the end")
    return (f"begins {timing.lag_months:g} months after the money, fully staffed "
            f"{timing.hiring_months:g} months later; staff leave in the last "
            f"{timing.notice_months:g} months of money; lasts {timing.duration_months:g} months "
            f"for one person; sets in over {timing.ramp_up_months:g} months and {fades}")


def believed_in_words(programme: Programme) -> str:
    """Return the ratio that is believed here, with its interval, and how much was kept."""
    believed = programme.believed
    kept = f"{100 * programme.shrinkage:.0f}% of the log effect is kept"
    if programme.causal_share < 1.0:
        kept += f", {100 * programme.causal_share:.0f}% of it as caused"
    if believed is None:
        return "no effect was published: the changes are judgements"
    value, low, high = (math.exp(x) for x in believed)
    return f"a ratio of {value:.2f} ({low:.2f} to {high:.2f}); {kept}"


def _changes(changes: Iterable[Change]) -> Table:
    table = Table(title="What it changes in the model, and nothing else")
    for heading in ("what", "size (range)", "means", "how known"):
        table.add_column(heading, overflow="fold")
    for each in changes:
        known = f"{each.grade}: {each.source}" + (f" {each.fitted}" if each.fitted else "")
        table.add_row(f"{each.target}: {TARGETS[each.target].meaning}", size(each), each.meaning,
                      known)
    return table


def size(change: Change) -> str:
    """Return the size of a change with its range and unit, with true minus signs."""
    span = "" if change.low is None else f" ({change.low:g} to {change.high:g})"
    return f"{change.value:g}{span} {change.unit}".replace("-", MINUS)


def _sources(programme: Programme) -> Table:
    table = Table(show_header=False, title="Sources")
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    rows = [("Study", programme.evidence.citation),
            *(("Also", other) for other in programme.evidence.others),
            ("Arithmetic", programme.derivation), ("Cost", programme.cost.source),
            ("Reach", programme.reach.source), ("Time", programme.timing.source)]
    if programme.referral is not None:
        rows.append(("Way in", programme.referral.source))
    for row in rows:
        table.add_row(*row)
    return table
