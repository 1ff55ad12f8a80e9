"""The assumption that a comparison hangs on most, for a paper that has room for one."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from vru_model.errors import InputError, Problem

TABLE = "assumptions.csv"
"""The file in which a written analysis keeps its table."""


class Biggest(NamedTuple):
    """The assumption that matters most, and where it alone would turn the comparison round.

    `switch` is the switching value, NaN where there is none; `low` and `high` bound the
    assumption's range. What `verdict` may be stands at
    :class:`vru_model.analysis.sensitivity.switching.Switching`.
    """

    name: str
    title: str
    unit: str
    value: float
    low: float
    high: float
    verdict: str
    switch: float
    switch_low: float
    switch_high: float

    @property
    def sentence(self) -> str:
        """Return it as a paper says it."""
        title = self.title.rstrip(".")
        taken = (f"{title} (taken as {self.value:.3g}, believed {self.low:.3g} to {self.high:.3g}; "
                 f"{self.unit})")  # fmt: skip
        between = (
            f" (by chance {self.switch_low:.3g} to {self.switch_high:.3g})"
            if math.isfinite(self.switch_low) and self.switch_low < self.switch_high
            else ""
        )
        at = "" if math.isnan(self.switch) else f" at {self.switch:.3g}{between}"
        ends = {
            "flips": f"It alone would turn the comparison round{at}.",
            "may flip": f"It alone might turn the comparison round{at}; chance leaves that open.",
            "does not flip": "No value in that range turns the comparison round by itself.",
            "undecided": "The comparison cannot be told from no difference to begin with.",
        }
        return f"{taken}. {ends[self.verdict]}"


def biggest_assumption(source: pd.DataFrame | str | Path) -> Biggest:
    """Return the first assumption of an analysis.

    Parameters
    ----------
    source
        The table of a study, or the folder to which `vru sensitivity --out` wrote it.

    Raises
    ------
    InputError
        Where the folder holds no such table.
    """
    if isinstance(source, pd.DataFrame):
        table = source
    else:
        file = Path(source) / TABLE
        if not file.is_file():
            allowed = f"a folder that `vru sensitivity --out` wrote, with {TABLE} in it"
            raise InputError([Problem(None, None, "folder", repr(str(source)), allowed)])
        table = pd.read_csv(file)
    row = table.loc[table["rank"].idxmin()]
    return Biggest(*(row[name] for name in Biggest._fields))
