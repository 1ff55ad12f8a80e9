"""The schema of ``parameters/validation.yaml``: what is said beside the patterns.

Targets stand in ``parameters/targets.yaml``. Here stand the likely causes where a pattern is
missed, what the model has no state for, series that are compared by rank alone, and every time
that the patterns held back were looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from vru_model.errors import Problem
from vru_model.parameters.accounts.documents import Fault, account_problems, load_account
from vru_model.parameters.schema import Number, Schema, Text, Whole, quantity


class Cause(Schema):
    """Why the model may miss a pattern, and what was tried."""

    likely: Text = quantity("", "The likely cause, in words.")
    targets: tuple[Text, ...] = quantity(
        "", "Names of the targets that it is said of; its own name unless given.", default=())
    tried: Text | None = quantity("", "What was tried.", default=None)


class Missing(Schema):
    """A pattern that the model cannot show."""

    pattern: Text = quantity("", "What it is, in words.")
    reason: Text = quantity("", "Why the model cannot show it.")


class Series(Schema):
    """A published series over authorities, compared by rank alone."""

    values: dict[str, Number] = quantity("as published", "Code of an authority → value.",
                                         min_length=3)
    source: Text = quantity("", "Where it comes from.")


class Looked(Schema):
    """A time that the patterns held back were looked at, and how they were judged."""

    day: Text = quantity("", "The day.")
    passed: Whole = quantity("patterns", "How many passed.", ge=0)
    partly: Whole = quantity("patterns", "How many passed in part.", ge=0)
    failed: Whole = quantity("patterns", "How many failed.", ge=0)
    changed: Text = quantity("", "What had changed since the time before.")


class ValidationBook(Schema):
    """What is said beside the patterns."""

    causes: dict[str, Cause] = quantity(
        "", "Name of a target, or of several together → why the model may miss it.", default={})
    not_shown: dict[str, Missing] = quantity(
        "", "Name → pattern that the model cannot show; the name of its target where it has one.",
        default={})
    series_by_authority: dict[str, Series] = quantity(
        "", "Name of a published series → its values.", default={})
    looks: tuple[Looked, ...] = quantity(
        "", "Every time that what was held back was looked at, the first above.", default=())

    @property
    def cause_of(self) -> dict[str, Cause]:
        """Name of a target → why the model may miss it."""
        return {target: cause for name, cause in self.causes.items()
                for target in cause.targets or (name,)}


NAME = "validation"


def load_validation_book(path: str | Path | None = None) -> ValidationBook:
    """Return what is said beside the patterns; raise InputError listing all that is wrong."""
    return load_account(ValidationBook, NAME, validation_faults, path)


def check_validation_book(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a file of it."""
    return account_problems(ValidationBook, validation_faults, path)


def validation_faults(book: ValidationBook) -> Iterable[Fault]:
    """Yield causes for targets that do not exist or that are said not to be shown."""
    from vru_model.parameters.accounts.targets import load_targets

    known = load_targets().targets
    for name, cause in book.causes.items():
        for target in cause.targets or (name,):
            if target not in known:
                yield Fault(("causes", name), target, "the name of a target in targets.yaml")
            if target in book.not_shown:
                yield Fault(("causes", name), target, "a cause, or a place among what is not shown")
