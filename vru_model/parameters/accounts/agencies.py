"""The schema of ``parameters/agencies.yaml``: who pays, who saves, who sits where, when."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

from vru_model.errors import Problem, nearest
from vru_model.parameters.accounts.documents import (
    Fault,
    account_problems,
    load_account,
    not_one,
)
from vru_model.parameters.documents import Location
from vru_model.parameters.programmes import Share
from vru_model.parameters.schema import Number, Schema, Text, YesNo, quantity


class Body(Schema):
    """An organisation that fills the place of an agency for some time."""

    title: Text = quantity("", "Its name.")
    since: datetime.date = quantity("", "First day.")
    until: datetime.date | None = quantity("", "Last day; null: none is set.", default=None)
    source: Text = quantity("", "Where the dates come from.")


class Agency(Schema):
    """A place in the partnership, and the bodies that have filled it."""

    title: Text = quantity("", "What the place is called, whoever fills it.")
    bodies: tuple[Body, ...] = quantity("", "In order of time.", min_length=1)
    public: YesNo = quantity("", "Whether its money is public.")
    executive: YesNo = quantity("", "Whether it sits on the executive oversight group.")

    def body(self, day: datetime.date) -> Body | None:
        """Return the body that fills the place on a day, None where nobody does."""
        return next((each for each in self.bodies
                     if each.since <= day and (each.until is None or day <= each.until)), None)


class Board(Schema):
    """A board and who chairs it."""

    title: Text = quantity("", "Its remit.")
    chair: Text = quantity("", "Name of the agency that chairs it.")
    since: datetime.date = quantity("", "First day.")
    until: datetime.date | None = quantity("", "Last day; null: none is set.", default=None)
    source: Text = quantity("", "Where this comes from.")


class Payer(Schema):
    """The share of a programme's money that one agency pays."""

    agency: Text = quantity("", "Name of the agency.")
    share: Number = quantity("share", "Of the money.", **Share)


class AgencyBook(Schema):
    """Agencies, boards, and who pays for programmes."""

    agencies: dict[str, Agency] = quantity("", "Name → agency.", min_length=1)
    boards: dict[str, Board] = quantity("", "Name → board.")
    payers: tuple[Payer, ...] = quantity("", "Who pays for programmes now.", min_length=1)
    sharers: tuple[Text, ...] = quantity(
        "", "Agencies among which a cost could be shared by rule.", min_length=1)


NAME = "agencies"


def load_agencies(path: str | Path | None = None) -> AgencyBook:
    """Return agencies and boards; raise InputError listing all that is wrong."""
    return load_account(AgencyBook, NAME, agency_faults, path)


def check_agencies(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a file of agencies."""
    return account_problems(AgencyBook, agency_faults, path)


def agency_faults(book: AgencyBook) -> Iterable[Fault]:
    """Yield what no single field shows."""
    for name, agency in book.agencies.items():
        for index, (earlier, later) in enumerate(zip(agency.bodies, agency.bodies[1:],
                                                     strict=False)):
            if earlier.until is None or later.since <= earlier.until:
                yield Fault(("agencies", name, "bodies", index + 1, "since"), str(later.since),
                            "a day after the one before it ends")
    named: dict[Location, str] = {
        ("boards", name, "chair"): board.chair for name, board in book.boards.items()
    }
    named |= {("payers", n, "agency"): payer.agency for n, payer in enumerate(book.payers)}
    named |= {("sharers", n): each for n, each in enumerate(book.sharers)}
    for where, given in named.items():
        if given not in book.agencies:
            yield Fault(where, given, ", ".join(book.agencies), nearest(given, book.agencies))
    yield from not_one(("payers",), (payer.share for payer in book.payers), "shares")
