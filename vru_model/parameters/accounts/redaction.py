"""The schema of ``parameters/redaction.yaml``: what the public version of a paper withholds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from vru_model.errors import InputError, Problem, nearest
from vru_model.parameters.accounts.documents import Fault, account_problems, load_account
from vru_model.parameters.schema import Schema, Text, Whole, quantity

Search = Literal["nothing", "numbers", "words"]

NAME = "redaction"
SMALL_NUMBERS = "small_numbers"
LEAST_LARGEST = 7  # the rule by which hospital data are published; a unit may be stricter


class RedactionRule(Schema):
    """One kind of exempt material."""

    title: Text = quantity("", "What the public reads in its place: 'withheld: …'.")
    withholds: Text = quantity("", "What falls under the rule.")
    because: Text = quantity("", "Why the public may not see it.")
    basis: Text = quantity("", "On what the rule rests, and how that is known.")
    owner: Text = quantity("", "Who decides in cases of doubt.")
    largest: Whole | None = quantity(
        "people", "The largest count of real people that is small.", default=None)
    search: Search = quantity(
        "", "What of the withheld is looked for in the public version before it is written.")
    patterns: tuple[Text, ...] = quantity(
        "", "Regular expressions of what may stand nowhere in a public version.")


class RedactionRules(Schema):
    """Everything that the public version of a paper withholds."""

    rules: dict[str, RedactionRule] = quantity("", "Name → rule.", min_length=1)

    def rule(self, name: str) -> RedactionRule:
        """Return a rule; raise InputError where there is none of this name."""
        if name not in self.rules:
            raise InputError([Problem(f"{NAME}.yaml", None, "exempt", repr(name),
                                      ", ".join(self.rules), nearest(name, self.rules))])
        return self.rules[name]


def load_redaction(path: str | Path | None = None) -> RedactionRules:
    """Return the rules; raise InputError listing all that is wrong."""
    return load_account(RedactionRules, NAME, redaction_faults, path)


def check_redaction(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a file of redaction rules."""
    return account_problems(RedactionRules, redaction_faults, path)


def redaction_faults(book: RedactionRules) -> Iterable[Fault]:
    """Yield what no single field shows."""
    if SMALL_NUMBERS not in book.rules:
        yield Fault(("rules",), ", ".join(book.rules), f"{SMALL_NUMBERS} among the rules")
    for name, rule in book.rules.items():
        where = ("rules", name)
        if name == SMALL_NUMBERS and (rule.largest is None or rule.largest < LEAST_LARGEST):
            yield Fault((*where, "largest"), rule.largest, f"{LEAST_LARGEST} or more")
        if name != SMALL_NUMBERS and rule.largest is not None:
            yield Fault((*where, "largest"), rule.largest, f"nothing, but in {SMALL_NUMBERS}")
        for index, pattern in enumerate(rule.patterns):
            try:
                re.compile(pattern)
            except re.error as error:
                yield Fault((*where, "patterns", index), pattern,
                            f"a regular expression ({error})")
