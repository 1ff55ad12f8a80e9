"""Small numbers of observed people are protected before a table leaves the program.

This is for counts of real people that a user brings. Results of the model count nobody: they carry
"modelled, not recorded" instead, and are never suppressed, which would make them look recorded.

The rules are those by which hospital data are published in England (NHS England, Hospital Episode
Statistics analysis guide): counts of 1 to 7 are shown as `*`, all others are rounded to the
nearest 5, noughts stay. A suppressed cell alone in its row or column is joined by a second, so
that no subtraction finds it. What the rules leave open all the same is looked for at the end
(``disclosure_audit``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vru_model.analysis.disclosure_audit import hide_what_tells

HIDDEN = "*"
SMALLEST, LARGEST = 1, 7
ROUNDED_TO = 5
_SHOWN, _SMALL, _SECOND = 0, 1, 2


@dataclass(frozen=True)
class Also:
    """What has to be hidden besides, because something published before would give it away.

    `cells`, `rows` and `columns` mark cells and totals; `whole` is the total of everything. A
    total that is hidden takes two of its cells with it, or they would add up to it.
    """

    cells: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    whole: bool = False


def protect(
    counts: pd.DataFrame, totals: bool = True, also: Also | None = None
) -> pd.DataFrame:
    """Return a table of counts as it may be shown: text, small numbers hidden, others rounded.

    Parameters
    ----------
    counts
        Whole numbers, one cell a group, without totals: rows and columns that add up to something.
    totals
        Whether row and column totals ("All") are added. They are of the true counts, rounded on
        their own, and hidden where they are small themselves.
    also
        What has to be hidden besides.

    Raises
    ------
    ValueError
        Where a cell is not a whole number, or is below zero.
    """
    values = _whole(counts)
    hidden = np.where((values >= SMALLEST) & (values <= LARGEST), _SMALL, _SHOWN)
    if also is not None:
        hidden = _besides(values, hidden, also)
    if totals:
        hidden = _second(values, hidden)
    shown = pd.DataFrame(_texts(values, hidden), index=counts.index, columns=counts.columns)
    if not totals:
        return shown
    rows, columns = values.sum(axis=1), values.sum(axis=0)
    table = _with_totals(shown, rows, columns, hidden)
    if also is not None:
        table.iloc[:-1, -1] = np.where(also.rows | also.whole, HIDDEN, table.iloc[:-1, -1])
        table.iloc[-1, :-1] = np.where(also.columns | also.whole, HIDDEN, table.iloc[-1, :-1])
        table.iloc[-1, -1] = HIDDEN if also.whole else table.iloc[-1, -1]
    return hide_what_tells(table, values, (SMALLEST, LARGEST), HIDDEN)


def protect_nested(
    whole: pd.DataFrame, parts: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return tables of parts of a whole (under 25 of all ages) that no subtraction can undo.

    A part's cell is hidden too where what is left of the whole is a small number, and where
    another part of the same whole is hidden. Totals are not added: the whole has them.

    Raises
    ------
    ValueError
        Where a part is larger than its whole.
    """
    everything = _whole(whole)
    found = {name: _whole(part) for name, part in parts.items()}
    small = np.zeros(everything.shape, bool)
    for name, part in found.items():
        rest = everything - part
        if np.any(rest < 0):
            raise ValueError(f"{name} is larger than the whole that it is part of")
        for each in (part, rest):
            small |= (each >= SMALLEST) & (each <= LARGEST)
    return {
        name: pd.DataFrame(
            _texts(values, np.where(small, _SECOND, _SHOWN)),
            index=parts[name].index, columns=parts[name].columns,
        )
        for name, values in found.items()
    }  # fmt: skip


def rounded(count: int) -> int:
    """Return a count rounded to the nearest 5."""
    return int(ROUNDED_TO * np.floor(count / ROUNDED_TO + 0.5))


def _besides(values: np.ndarray, hidden: np.ndarray, also: Also) -> np.ndarray:
    """Return what is hidden with all that the marks ask for, and two cells of a hidden total."""
    hidden = np.where(also.cells & (hidden == _SHOWN), _SECOND, hidden)
    lines = [(values[n], hidden[n]) for n in np.flatnonzero(also.rows)]
    lines += [(values[:, n], hidden[:, n]) for n in np.flatnonzero(also.columns)]
    if also.whole:
        everything = hidden.reshape(-1)  # the same memory: a view
        lines.append((values.reshape(-1), everything))
    for line, marks in lines:
        order = sorted(np.flatnonzero(marks == _SHOWN), key=lambda n: (line[n] == 0, line[n], n))
        for n in order[: max(0, 2 - int(np.count_nonzero(marks)))]:
            marks[n] = _SECOND
    return hidden


def _second(values: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Return what is hidden once no row or column hides one cell alone.

    The second cell is the smallest that still has people in it; where there is none, a nought.
    """
    hidden, changed = hidden.copy(), True
    while changed:
        changed = False
        for axis in (0, 1):
            table, marks = (each if axis else each.T for each in (values, hidden))
            for row, mark in zip(table, marks, strict=True):
                if np.count_nonzero(mark) == 1 and len(row) > 1:
                    candidates = np.flatnonzero(mark == _SHOWN)
                    order = sorted(candidates, key=lambda n: (row[n] == 0, row[n], n))
                    mark[order[0]] = _SECOND
                    changed = True
    return hidden


def _with_totals(
    shown: pd.DataFrame, rows: np.ndarray, columns: np.ndarray, hidden: np.ndarray
) -> pd.DataFrame:
    # A total over one cell would give that cell away.
    alone_in_row = (hidden != _SHOWN).any(axis=1) & (hidden.shape[1] == 1)
    alone_in_column = (hidden != _SHOWN).any(axis=0) & (hidden.shape[0] == 1)
    table = shown.copy()
    table["All"] = _totals(rows, alone_in_row)
    only = hidden.size == 1 and bool(hidden.any())
    last = _totals(columns, alone_in_column)
    table.loc["All"] = [*last, HIDDEN if only else _text(int(rows.sum()))]
    return table


def _totals(totals: np.ndarray, alone: np.ndarray) -> list[str]:
    """Return totals as text; one hidden alone is joined by a second, as a cell would be.

    Even rounded, the others and the total of everything would leave it little room.
    """
    texts = [HIDDEN if one else _text(total) for total, one in zip(totals, alone, strict=True)]
    if len(texts) > 1 and texts.count(HIDDEN) == 1:
        shown = [n for n, text in enumerate(texts) if text != HIDDEN]
        texts[min(shown, key=lambda n: (totals[n] == 0, totals[n], n))] = HIDDEN
    return texts


def _texts(values: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    texts = np.array([[str(rounded(int(each))) for each in row] for row in values], dtype=object)
    texts = texts.reshape(values.shape)
    texts[hidden != _SHOWN] = HIDDEN
    return texts


def _text(total: int) -> str:
    return HIDDEN if SMALLEST <= total <= LARGEST else str(rounded(int(total)))


def _whole(counts: pd.DataFrame) -> np.ndarray:
    values = counts.to_numpy(dtype=float)
    if not np.all(np.isfinite(values)) or np.any(values < 0) or np.any(values % 1):
        raise ValueError("counts of people are whole numbers, none below zero")
    return values.astype(np.int64)
