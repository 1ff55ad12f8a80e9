"""The schema of ``parameters/assurance.yaml``: who answers for the papers, and what was signed."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from pathlib import Path

from vru_model import paths
from vru_model.errors import Problem
from vru_model.parameters.accounts.documents import Fault, account_problems, load_account
from vru_model.parameters.documents import words
from vru_model.parameters.schema import Schema, Text, Whole, quantity


class Log(Schema):
    """A log that a named person signs before a paper stops being a draft."""

    title: Text = quantity("", "What it is called.")
    file: Text = quantity("", "Where it stands, from the top of the repository.")
    owner: Text = quantity("", "The role that answers for it.")
    signed_by: Text | None = quantity("", "Who signed it; null: nobody.", default=None)
    signed_on: datetime.date | None = quantity("", "When; null: not signed.", default=None)
    digest: Text | None = quantity(
        "", "First 12 hex digits of the SHA-256 of the file as it was signed: a log that was "
        "changed since is no longer signed.", default=None)

    @property
    def current_digest(self) -> str:
        """The digest of the log as it is now; "" where there is no such file."""
        file = paths.ROOT / self.file
        return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else ""

    @property
    def signed(self) -> bool:
        """Whether the log, as it is now, was signed."""
        return bool(self.signed_by) and self.digest == self.current_digest


class Assurance(Schema):
    """Who answers for the papers, how long they hold, and the logs."""

    owner: Text = quantity("", "The role that answers for the use of the model.")
    valid_months: Whole = quantity(
        "months", "For how long a paper may be used after its date.", ge=1, le=36)
    logs: dict[str, Log] = quantity("", "Name → log.", min_length=1)


NAME = "assurance"


def load_assurance(path: str | Path | None = None) -> Assurance:
    """Return who answers for what; raise InputError listing all that is wrong."""
    return load_account(Assurance, NAME, assurance_faults, path)


def check_assurance(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a file of assurance."""
    return account_problems(Assurance, assurance_faults, path)


def assurance_faults(book: Assurance) -> Iterable[Fault]:
    """Yield what no single field shows."""
    for name, log in book.logs.items():
        if not (paths.ROOT / log.file).is_file():
            yield Fault(("logs", name, "file"), log.file, "a file of this repository")
        given = (log.signed_by, log.signed_on, log.digest)
        if any(given) and not all(given):
            yield Fault(("logs", name, "signed_by"), words(log.signed_by or "nothing"),
                        "signed_by, signed_on and digest together, or none of them")
