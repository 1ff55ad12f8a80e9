"""The plausibility gate: is a result far better than any unit was ever found to be?

The national evaluation estimated that the Violence Reduction Units and hot-spot ("Grip") policing
averted some 3,220 hospital admissions for violence between 2019 and March 2023, for £315 million:
about £98,000 each. A scenario that claims to avert admissions at less than half that price is not
impossible, but a board has to see the benchmark before it believes it.

The benchmark is itself unsure. Its interval was not read; a year later the same evaluation found
10.39 fewer admissions per 100,000 with p = 0.08, which is an interval from 22.0 fewer to 1.2 more
(derived). The £315 million are recalled: £254 million for 2019-22 were read.

Twice the benchmark is the line, because the evaluation's own figure per resident (7.96 fewer per
100,000 over four years), shared out to a place like the West Midlands, is already 1.7 times what
its grant of £3.37 million a year would buy at the national price: places differ by that much.
Prices are not brought to one year: that moves the ratio by a fifth at the most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vru_model.analysis.wording import figure, pounds, rounding_step
from vru_model.experiments.compare import ALL_AGES, BY_YEAR

if TYPE_CHECKING:
    from vru_model.experiments.compare import Comparison

ADMISSIONS = "expected_admissions"
NATIONAL_SPEND = 315e6
"""£, nominal, Violence Reduction Units and Grip, April 2019 to March 2023."""
NATIONAL_ADMISSIONS_AVERTED = 3220
NATIONAL_PER_100_000 = 7.96
NATIONAL_YEARS = 4
PRICE_OF_AN_ADMISSION = NATIONAL_SPEND / NATIONAL_ADMISSIONS_AVERTED
FAR_ABOVE = 2.0
SOURCE = (
    "Home Office, Violence Reduction Units: evaluation reports for the years ending March 2023 "
    "and March 2024; the £315 million are recalled and to be verified (£254 million for 2019-22 "
    "were read)."
)
HOW_SURE = (
    "one estimate, interval not read; a year later, 22.0 fewer to 1.2 more admissions per 100,000"
)
"""What is to be said wherever the benchmark stands: it is an estimate, too."""


@dataclass(frozen=True)
class Plausibility:
    """A scenario's averted admissions beside those that the national evaluation would expect.

    Counts and money are totals from the start to the end of `year`, against the baseline;
    `ratio` is averted over `benchmark`, NaN where no extra money is spent.
    """

    year: int
    extra_spend: float
    averted: float
    low95: float
    high95: float
    benchmark: float
    national_share: float

    @property
    def ratio(self) -> float:
        """Return how many times the benchmark the scenario averts."""
        return self.averted / self.benchmark if self.benchmark > 0 else float("nan")

    @property
    def warning(self) -> bool:
        """Say whether the scenario is far above the benchmark."""
        return self.ratio > FAR_ABOVE or (self.benchmark <= 0 and self.low95 > 0)

    @property
    def sentence(self) -> str:
        """Return the benchmark and the scenario beside it, in words, with the figures."""
        step = rounding_step(self.averted, self.low95, self.high95)
        found = f"this scenario averts about {figure(self.averted, step)}"
        if np.isfinite(self.low95):
            found += f" (95% interval {figure(self.low95, step)} to {figure(self.high95, step)})"
        if self.benchmark <= 0:
            return f"No extra money is spent by year {self.year}, so no benchmark applies; {found}."
        expected = figure(self.benchmark, rounding_step(self.benchmark))
        share = figure(self.national_share, rounding_step(self.national_share))
        text = (
            f"The national evaluation estimated {NATIONAL_ADMISSIONS_AVERTED:,} hospital "
            f"admissions averted for {pounds(NATIONAL_SPEND).replace('.00', '')}, about "
            f"{pounds(PRICE_OF_AN_ADMISSION)} each ({HOW_SURE}). At that price the extra "
            f"{pounds(self.extra_spend)} spent by year {self.year} would avert about {expected}, "
            f"and this place's share of the national result would be about {share}; {found}"
        )
        return f"{text}, {self.ratio:.1f} times the first figure." if self.warning else f"{text}."


def plausibility(comparison: Comparison) -> Plausibility:
    """Return the gate at the last year shown, or at the year furthest above where one warns."""
    table = comparison.table
    rows = table[
        (table["measure"] == ADMISSIONS)
        & (table["group"] == ALL_AGES)
        & (table["window"] == BY_YEAR)
    ]
    residents = comparison.base.manifest["place"]["residents"]
    a_year = NATIONAL_PER_100_000 / NATIONAL_YEARS * residents / 1e5
    gates = []
    for _, row in rows.iterrows():
        spend = comparison.spend.loc[comparison.spend["year"] <= row["year"], "extra"].sum()
        gates.append(
            Plausibility(
                year=int(row["year"]),
                extra_spend=float(spend),
                averted=float(row["averted"]),
                low95=float(row["low95"]),
                high95=float(row["high95"]),
                benchmark=float(spend / PRICE_OF_AN_ADMISSION),
                national_share=a_year * int(row["year"]),
            )
        )
    warnings = [gate for gate in gates if gate.warning]
    return max(warnings, key=lambda gate: np.nan_to_num(gate.ratio)) if warnings else gates[-1]
