"""The three measures by which the Home Office judges a Violence Reduction Unit.

Fewer hospital admissions for assault with a sharp object, less knife-enabled serious violence and
fewer non-domestic homicides, each for all ages and for victims under 25: the age is always the
victim's (Home Office, grant conditions and evaluations of Violence Reduction Units since 2019).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vru_model.analysis.wording import averted_sentence
from vru_model.experiments.compare import BY_YEAR

if TYPE_CHECKING:
    import pandas as pd

    from vru_model.experiments.compare import Comparison

HOME_OFFICE_MEASURES = (
    "expected_sharp_object_admissions",
    "expected_knife_enabled_serious_violence",
    "expected_non_domestic_homicides",
)
"""Names as the model counts them: expected numbers, with less noise than counts of rare events."""


def headline(comparison: Comparison, window: str = BY_YEAR) -> pd.DataFrame:
    """Return the rows of a comparison for the three measures, all ages and under 25."""
    table = comparison.table
    chosen = table["measure"].isin(HOME_OFFICE_MEASURES) & (table["window"] == window)
    return table[chosen].reset_index(drop=True)


def headline_sentences(comparison: Comparison, year: int | None = None) -> list[str]:
    """Return one sentence a measure and group, by the given year (default: the last shown)."""
    rows = headline(comparison)
    last = rows["year"].max() if year is None else year
    return [
        f"{text[:1].upper()}{text[1:]}."
        for text in (averted_sentence(row) for _, row in rows[rows["year"] == last].iterrows())
    ]
