"""The schema of ``parameters/community.yaml``: what people said, and the model in plain words.

It holds what the community sheet cannot take from a run: who answers a challenge, what was said by
which group and what changed, and the assumptions and programmes in words for a reader of ten.
A group is declared before it can be quoted, so that no person is.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from pathlib import Path

from vru_model.errors import Problem, nearest
from vru_model.parameters.accounts.documents import Fault, account_problems, load_account
from vru_model.parameters.documents import built_in_names
from vru_model.parameters.overrides import known_names, model_coefficients
from vru_model.parameters.schema import Schema, Text, Whole, quantity

_NAMES_A_PERSON = re.compile(
    r"@|\b(Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Cllr|Councillor|Sir|Dame|Rev|Reverend)\b\.?"
)


class Said(Schema):
    """One thing that a group said, and what came of it."""

    date: datetime.date = quantity("", "When it was said.")
    group: Text = quantity("", "Which group said it: one of `groups`, never a person.")
    said: Text = quantity("", "What they said, in plain words.")
    changed: Text | None = quantity(
        "", "What was changed, or why nothing was; null: not answered yet.", default=None)
    changed_on: datetime.date | None = quantity(
        "", "When it was answered; null: not yet.", default=None)


class PlainProgramme(Schema):
    """A programme as the community sheet calls it."""

    called: Text = quantity("", "What it is, as it stands in a list: 'youth workers in hospitals'.")
    harm: Text = quantity("", "What it may make worse, in one short sentence.")


class Help(Schema):
    """Where a reader who is hurt or afraid finds help."""

    when: Text = quantity("", "For whom or when: the beginning of a sentence.")
    call: Text = quantity("", "Whom to call, with the number.")


class CommunityBook(Schema):
    """What the community sheet says beside the numbers of a run."""

    owner: Text = quantity("", "The role that answers whoever challenges an assumption.")
    contact: Text | None = quantity(
        "", "How to reach that role: telephone, address or e-mail; null: not filled in yet.",
        default=None)
    answer_days: Whole | None = quantity(
        "days", "Within how many days an answer is promised; null: nothing is promised yet.",
        default=None, ge=1, le=365)
    groups: list[Text] = quantity("", "The groups that may be quoted.", min_length=1)
    said: list[Said] = quantity("", "What was said and what changed; may be empty.")
    assumptions: dict[str, Text] = quantity(
        "", "Uncertain number of the model → what it assumes, in plain words.")
    programmes: dict[str, PlainProgramme] = quantity(
        "", "Programme → what the sheet calls it, and its harm.")
    help: list[Help] = quantity("", "Where to find help.", min_length=1)


NAME = "community"


def load_community(path: str | Path | None = None) -> CommunityBook:
    """Return the document; raise InputError listing all that is wrong."""
    return load_account(CommunityBook, NAME, community_faults, path)


def check_community(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a file of the community sheet."""
    return account_problems(CommunityBook, community_faults, path)


def community_faults(book: CommunityBook) -> Iterable[Fault]:
    """Yield what no single field shows."""
    for number, entry in enumerate(book.said):
        yield from _entry_faults(number, entry, book.groups)
    for number, group in enumerate(book.groups):
        if _NAMES_A_PERSON.search(group):
            yield Fault(("groups", number), group, "a group, never a person")
    yield from _unknown("assumptions", book.assumptions, known_names(model_coefficients()))
    yield from _unknown("programmes", book.programmes, built_in_names("programmes"))


def _entry_faults(number: int, entry: Said, groups: list[str]) -> Iterable[Fault]:
    where = ("said", number)
    if entry.group not in groups:
        yield Fault((*where, "group"), entry.group, f"one of groups: {', '.join(groups)}",
                    nearest(entry.group, groups))
    for field in ("said", "changed"):
        words = getattr(entry, field) or ""
        if _NAMES_A_PERSON.search(words):
            yield Fault((*where, field), words, "words that name no person")
    if (entry.changed is None) != (entry.changed_on is None):
        yield Fault((*where, "changed_on"), entry.changed_on or "nothing",
                    "changed and changed_on together, or neither of them")
    if entry.changed_on is not None and entry.changed_on < entry.date:
        yield Fault((*where, "changed_on"), entry.changed_on, f"{entry.date} or later")


def _unknown(field: str, given: Iterable[str], known: Iterable[str]) -> Iterable[Fault]:
    names = list(known)
    for name in given:
        if name not in names:
            yield Fault((field, name), name, "a name that the documents have",
                        nearest(name, names))
