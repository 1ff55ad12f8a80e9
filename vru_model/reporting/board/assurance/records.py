"""A record as rows: what is asked, what is so, and who has to say it where no document does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from vru_model.reporting.blocks import Table


class Field(NamedTuple):
    """One field of a record.

    Parameters
    ----------
    name
        What is asked.
    answer
        What the documents or the runs say; "" where they do not.
    owner
        Whoever has to say it then.
    asked
        What that role is asked.
    """

    name: str
    answer: str = ""
    owner: str = ""
    asked: str = ""

    @property
    def words(self) -> str:
        """The answer, or the prompt to its owner. A field with neither is refused (ValueError)."""
        if self.answer:
            return self.answer
        if not (self.owner and self.asked):
            raise ValueError(f"the field {self.name!r} has neither an answer nor an owner")
        return f"To be completed by the {self.owner}: {self.asked}"


def record(name: str, caption: str, source: str, fields: Iterable[Field]) -> Table:
    """Return a record as a table of two columns."""
    rows = [{"Field": field.name, "What is recorded": field.words} for field in fields]
    return Table(
        name=name, caption=caption, frame=pd.DataFrame(rows), source=source,
        text_columns=("What is recorded",),
    )  # fmt: skip
