"""Years in words, and tables cut into spells of years in which nothing changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from vru_model.reporting.words import in_words


def year_words(years: Sequence[int]) -> str:
    """Return "year 3", "years 3 to 10" or "years 2, 5 and 6"."""
    if len(years) == 1:
        return f"year {years[0]}"
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"years {years[0]} to {years[-1]}"
    return f"years {in_words([str(year) for year in years])}"


def spells(table: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield (years in words, rows) of rows that follow one another with the same values.

    `table` has a column `year`, in rising order; `columns` are those that have to stay the same.
    """
    chosen = table[list(columns)]
    before = chosen.shift()
    same = (chosen == before) | (chosen.isna() & before.isna())
    for _, rows in table.groupby((~same.all(axis=1)).cumsum(), sort=True):
        yield year_words([int(year) for year in rows["year"]]), rows


def financial_year(first: str, year: int) -> str:
    """Return the financial year of a model year, the first of which is given."""
    start = int(first[:4]) + year - 1
    return f"{start}/{(start + 1) % 100:02d}"
