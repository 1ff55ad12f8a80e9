"""What a protected table still tells whoever knows the rules, and what has to be hidden for it.

Hidden numbers can be narrowed down by solving for all whole tables that would be shown alike:
rounding leaves each number and total a little room, and where all of it is used up in one
direction, a small number has none. That is rare, so it is looked for at the end, and totals are
hidden until no small number can be told.
"""

from __future__ import annotations

from itertools import chain

import numpy as np
import pandas as pd

ROOM = 3
"""By how much the least and the most that a small number can be have to differ."""

_HIGHEST = 1e6


def hide_what_tells(
    table: pd.DataFrame, values: np.ndarray, small: tuple[int, int], hidden: str
) -> pd.DataFrame:
    """Return a table with totals hidden until every small number in it has room.

    Parameters
    ----------
    table
        Text: cells, the totals of rows in the last column, those of columns in the last row.
    values
        The whole numbers behind the cells.
    small
        The least and the largest of the numbers that must not be told.
    hidden
        The text of what is hidden.
    """
    sums = _with_sums(values)
    at_risk = [
        (int(row), int(column))
        for row, column in np.argwhere((sums >= small[0]) & (sums <= small[1]))
    ]
    table = table.copy()
    while told := [place for place in at_risk if _range_of(place, table, small[1], hidden) < ROOM]:
        next_hidden = chain.from_iterable(_totals_of(place, table.shape) for place in told)
        shown = [place for place in next_hidden if table.iat[place] != hidden]
        if not shown:  # every total that says something about them is hidden already
            shown = [place for place in _all_totals(table.shape) if table.iat[place] != hidden]
        for row, column in shown:
            table.iat[row, column] = hidden
        if not shown:
            break
    return table


def _with_sums(values: np.ndarray) -> np.ndarray:
    wide = np.column_stack([values, values.sum(axis=1)])
    return np.vstack([wide, wide.sum(axis=0)])


def _totals_of(place: tuple[int, int], shape: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the totals that a number is part of: of its row, its column, or everything."""
    (row, column), (last_row, last_column) = place, (shape[0] - 1, shape[1] - 1)
    return [(row, last_column), (last_row, column)]


def _all_totals(shape: tuple[int, int]) -> list[tuple[int, int]]:
    rows, columns = shape
    margin = [(row, columns - 1) for row in range(rows)]
    return margin + [(rows - 1, column) for column in range(columns - 1)]


def _range_of(place: tuple[int, int], table: pd.DataFrame, largest: int, hidden: str) -> float:
    """Return how far apart the least and the most are that a number can be."""
    from scipy.optimize import linprog

    rows, columns = table.shape[0] - 1, table.shape[1] - 1
    limits = np.array([[_limits(text, largest, hidden) for text in line] for line in table.values])
    # A number of the margins is a sum of cells: what is 1 for a cell is 1 for its three sums.
    unit = np.eye(rows * columns).reshape(rows * columns, rows, columns)
    parts = np.array([_with_sums(cell) for cell in unit])
    margin = np.array(_all_totals(table.shape))
    sums = parts[:, margin[:, 0], margin[:, 1]].T
    low, high = limits[margin[:, 0], margin[:, 1]].T
    sought = parts[:, place[0], place[1]]
    found = [
        linprog(
            sign * sought, np.vstack([sums, -sums]), np.concatenate([high, -low]),
            bounds=limits[:-1, :-1].reshape(-1, 2),
        )
        for sign in (1, -1)
    ]  # fmt: skip
    return float(-found[1].fun - found[0].fun)


def _limits(text: str, largest: int, hidden: str) -> tuple[float, float]:
    """Return the least and the most that stands behind a text."""
    if text == hidden:
        return 0.0, _HIGHEST
    number = int(text)
    return (0.0, 0.0) if number == 0 else (max(largest + 1.0, number - 2.0), number + 2.0)
