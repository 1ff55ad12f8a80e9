"""The schema of ``parameters/costs.yaml``: what violence costs, whom, by component."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import StringConstraints

from vru_model.errors import Problem, nearest
from vru_model.parameters.accounts.documents import (
    FINANCIAL_YEAR,
    Fault,
    account_problems,
    load_account,
    not_one,
    out_of_order,
)
from vru_model.parameters.programmes import Share
from vru_model.parameters.rows import Grade
from vru_model.parameters.schema import Number, Schema, Text, YesNo, quantity

FinancialYear = Annotated[str, StringConstraints(pattern=FINANCIAL_YEAR)]
Block = Literal["anticipation", "consequence", "response"]
Use = Literal["central", "sensitivity", "context"]


class Bearer(Schema):
    """The part of a cost that one agency bears."""

    agency: Text = quantity("", "Name of the agency.")
    share: Number = quantity("share", "Of the cost.", **Share)
    cashable: Number = quantity(
        "share", "Of this agency's part, what could be taken out of a budget within the year; "
        "the rest sets staff and beds free for other work.", default=0.0, **Share)


class Item(Schema):
    """One component of the cost of one kind of event."""

    event: Text = quantity("", "Name of the event.")
    block: Block = quantity("", "In anticipation, as a consequence, or in response.")
    amount: Number = quantity("£ an event", "The unit cost.", ge=0.0)
    low: Number = quantity("£ an event", "Lower end of the range.", ge=0.0)
    high: Number = quantity("£ an event", "Upper end of it.", ge=0.0)
    price_year: FinancialYear = quantity("", "Financial year whose prices these are.")
    use: Use = quantity(
        "", "Counted in the central case, only in the named sensitivity, or shown as context.")
    sensitivity: Text | None = quantity(
        "", "The sensitivity in which it is counted.", default=None)
    instead_of: tuple[Text, ...] = quantity(
        "", "Items that it replaces there, so that nothing is counted twice.", default=())
    bearers: tuple[Bearer, ...] = quantity("", "Who bears it.", min_length=1)
    grade: Grade = quantity("", "How the number is known.")
    source: Text = quantity("", "Where it comes from.")


class Event(Schema):
    """A kind of event that costs: how it is counted, and the health that it takes."""

    title: Text = quantity("", "As a reader sees it.")
    counters: tuple[Text, ...] = quantity("", "Counters that are added up.", min_length=1)
    less: tuple[Text, ...] = quantity("", "Counters that are taken off.", default=())
    role: Literal["victim", "resident"] = quantity("", "Whose counters.", default="victim")
    divide_by: Number = quantity(
        "", "What the count is divided by: 12 turns months into years.", default=1, gt=0)
    homicide: YesNo = quantity(
        "", "Left out of the appraisal without homicide.", default=False)
    qalys_lost: Number = quantity("QALYs an event", "Health lost by victims.", default=0.0, ge=0)
    qalys_low: Number = quantity("QALYs an event", "Lower end.", default=0.0, ge=0)
    qalys_high: Number = quantity("QALYs an event", "Upper end.", default=0.0, ge=0)
    qalys_source: Text = quantity("", "Where the loss comes from.", default="none is counted")


class CostBook(Schema):
    """Unit costs by item, the events that they belong to, and what has no price."""

    events: dict[str, Event] = quantity("", "Name → event.", min_length=1)
    items: dict[str, Item] = quantity("", "Name → item.", min_length=1)
    unmonetised: dict[str, Text] = quantity(
        "", "What is not valued in money, and what stands beside the totals for it.")


NAME = "costs"


def load_costs(path: str | Path | None = None) -> CostBook:
    """Return the unit costs; raise InputError listing all that is wrong."""
    return load_account(CostBook, NAME, cost_faults, path)


def check_costs(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a file of unit costs."""
    return account_problems(CostBook, cost_faults, path)


def cost_faults(book: CostBook) -> Iterable[Fault]:
    """Yield what no single field shows."""
    for name, event in book.events.items():
        yield from out_of_order(("events", name, "qalys_lost"), event.qalys_low,
                                event.qalys_lost, event.qalys_high)
    for name, item in book.items.items():
        yield from _item_faults(book, name, item)


def _item_faults(book: CostBook, name: str, item: Item) -> Iterable[Fault]:
    here = ("items", name)
    yield from out_of_order((*here, "amount"), item.low, item.amount, item.high)
    yield from not_one((*here, "bearers"), (bearer.share for bearer in item.bearers), "shares")
    if item.event not in book.events:
        yield Fault((*here, "event"), item.event, ", ".join(book.events),
                    nearest(item.event, book.events))
    if (item.use == "sensitivity") != (item.sensitivity is not None):
        yield Fault((*here, "sensitivity"), item.sensitivity or "nothing",
                    "a name where use is sensitivity, and only there")
    if len({bearer.agency for bearer in item.bearers}) != len(item.bearers):
        yield Fault((*here, "bearers"), "an agency twice", "each agency once")
    for other in item.instead_of:
        if other not in book.items:
            yield Fault((*here, "instead_of"), other, "names of items",
                        nearest(other, book.items))
