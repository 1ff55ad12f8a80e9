"""Does the baseline look like the world? Its first year beside what is recorded.

A strategy can only prevent what the baseline holds: a model that starts with twice the real
number of admissions averts twice too many. The ranges are rates, so that they serve a place of
any size; they were read or derived for the West Midlands, from the sources named.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vru_model.experiments.compare import ALL_AGES, COMPARED
from vru_model.reporting.blocks import Table
from vru_model.reporting.findings import Findings
from vru_model.reporting.words import in_words, sentence_case, two_figures


@dataclass(frozen=True)
class Recorded:
    """What is recorded of a measure: a range of yearly counts per 100,000 residents."""

    measure: str
    low: float
    high: float
    source: str


RECORDED = (
    Recorded(
        "expected_emergency_department_attendances", 280.0, 440.0,
        "360 per 100,000, a fifth either way: national surveys of emergency departments, derived",
    ),
    Recorded(
        "expected_admissions", 46.0, 72.0,
        "72 in Birmingham and the Black Country in 2014/15 (HSCIC); about 46 since, derived",
    ),
    Recorded(
        "expected_sharp_object_admissions", 6.8, 9.5,
        "3,900 in England in 2023/24 (NHS England); 19% of 50 admissions per 100,000, derived",
    ),
    Recorded(
        "expected_knife_enabled_serious_violence", 85.0, 110.0,
        "178 knife offences per 100,000 in the year to March 2024, West Midlands Police (ONS), "
        "robbery taken off, derived",
    ),
    Recorded(
        "expected_homicides", 1.23, 1.71,
        "36 to 50 homicides a year, West Midlands Police, 2017 to 2024 (ONS)",
    ),
)  # fmt: skip

# The ends of the ranges are rounded themselves.
_HAIR = 0.05


@dataclass(frozen=True)
class Check:
    """One measure of the baseline's first year beside its recorded range, as counts."""

    recorded: Recorded
    modelled: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """Where the baseline lies: "within" (near enough counts), "above" or "below"."""
        if self.modelled > self.high * (1 + _HAIR):
            return "above"
        return "below" if self.modelled < self.low * (1 - _HAIR) else "within"

    @property
    def name(self) -> str:
        """What a paper calls the measure."""
        return COMPARED[self.recorded.measure]


def checks(findings: Findings) -> list[Check]:
    """Return the baseline's first year beside what is recorded, a row for each measure."""
    residents = findings.place["residents"]
    table = next(iter(findings.comparisons.values())).table
    first = table[(table["year"] == 1) & (table["group"] == ALL_AGES)]
    yearly = first[first["window"] == "in year"].set_index("measure")["baseline"]
    return [
        Check(
            one,
            float(yearly[one.measure]),
            one.low * residents / 1e5,
            one.high * residents / 1e5,
        )
        for one in RECORDED
    ]


def sentence(found: list[Check]) -> str:
    """Return in words which measures of the baseline lie outside what is recorded."""
    outside = [
        f"{check.name} ({two_figures(check.modelled)}, {check.verdict} "
        f"{two_figures(check.low)} to {two_figures(check.high)})"
        for check in found
        if check.verdict != "within"
    ]
    if not outside:
        return "The baseline’s first year lies within what is recorded, on every measure compared."
    return (
        f"**Caution**: the baseline’s first year lies outside what is recorded in "
        f"{in_words(outside)}. What a strategy averts there is out by about as much."
    )


def table(findings: Findings, found: list[Check]) -> Table:
    """Return the baseline's first year beside what is recorded."""
    rows = [
        {
            "Measure, a year": sentence_case(check.name),
            "Baseline, year 1": two_figures(check.modelled),
            "Recorded": f"{two_figures(check.low)} to {two_figures(check.high)}",
            "The baseline is": check.verdict,
            "Where the range comes from": check.recorded.source,
        }
        for check in found
    ]
    return Table(
        name="baseline",
        caption="The first year of the baseline beside what is recorded, victims of all ages, "
        "for a place of this size",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame(
            [
                {"measure": check.recorded.measure, "modelled": check.modelled}
                | {"recorded_low": check.low, "recorded_high": check.high}
                for check in found
            ]
        ),
        source=findings.source,
        text_columns=("The baseline is", "Where the range comes from"),
    )
