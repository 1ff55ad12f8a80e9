"""The schema of ``parameters/grant_rules.yaml``: conditions of grants, as checks on a strategy."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from vru_model.errors import InputError, Problem, nearest
from vru_model.parameters.accounts.documents import Fault, account_problems, load_account
from vru_model.parameters.documents import words
from vru_model.parameters.schema import Number, Schema, Text, YesNo, quantity

Purpose = Literal["match_funding", "high_impact_programmes", "evaluation", "team"]
Whole = Literal["grant", "budget", "programmes"]


class GrantRule(Schema):
    """One condition: a least or greatest share of the money that goes on some purpose."""

    title: Text = quantity("", "What is compared, in plain words.")
    of: Purpose = quantity("", "The money whose share is looked at.")
    to: Whole = quantity("", "The money of which it is a share.")
    minimum: tuple[Number, ...] | None = quantity(
        "share", "The least share in year 1, year 2 and so on; the last one holds afterwards.",
        default=None, min_length=1)
    maximum: tuple[Number, ...] | None = quantity(
        "share", "The greatest share, likewise.", default=None, min_length=1)
    source: Text = quantity("", "Where the condition comes from.")
    verified: YesNo = quantity("", "Whether it was read in the grant agreement.")

    def limits(self, year: int) -> tuple[float | None, float | None]:
        """Return the least and the greatest share in a year, None where there is no such limit."""
        ends = []
        for shares in (self.minimum, self.maximum):
            ends.append(None if shares is None else shares[min(year, len(shares)) - 1])
        return ends[0], ends[1]


class GrantProfile(Schema):
    """The conditions of one grant."""

    title: Text = quantity("", "Which grant.")
    since: datetime.date = quantity("", "From when it applies.")
    rules: dict[str, GrantRule] = quantity("", "Name → condition.", min_length=1)


class GrantRules(Schema):
    """All grants whose conditions are known."""

    profiles: dict[str, GrantProfile] = quantity("", "Name → grant.", min_length=1)


NAME = "grant_rules"


def load_grant_rules(path: str | Path | None = None) -> GrantRules:
    """Return the conditions of grants; raise InputError listing all that is wrong."""
    return load_account(GrantRules, NAME, rule_faults, path)


def check_grant_rules(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a file of grant rules."""
    return account_problems(GrantRules, rule_faults, path)


def grant_profile(name: str | None = None, rules: GrantRules | None = None) -> GrantProfile:
    """Return one grant's conditions by name, the latest unless given.

    Raises
    ------
    InputError
        Where there is no such grant.
    """
    known = (rules or load_grant_rules()).profiles
    if name is None:
        return max(known.values(), key=lambda profile: profile.since)
    if name not in known:
        raise InputError([Problem(None, None, "grant rules", name, ", ".join(known),
                                  nearest(name, known))])
    return known[name]


def rule_faults(book: GrantRules) -> Iterable[Fault]:
    """Yield what no single field shows."""
    for name, profile in book.profiles.items():
        for rule_name, rule in profile.rules.items():
            where = ("profiles", name, "rules", rule_name)
            if rule.minimum is None and rule.maximum is None:
                yield Fault((*where, "minimum"), words("nothing"), "a minimum or a maximum")
            for field in ("minimum", "maximum"):
                for index, share in enumerate(getattr(rule, field) or ()):
                    if not 0.0 <= share <= 1.0:
                        yield Fault((*where, field, index), share, "a share, 0 to 1")
