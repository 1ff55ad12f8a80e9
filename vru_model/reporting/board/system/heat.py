"""A heat-table: a grid of coloured cells, each with its number, so that colour is no cue alone."""

from __future__ import annotations

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from vru_model.reporting.charts import INK, look
from vru_model.reporting.lettering import headed, rows_height, wrapped_to
from vru_model.reporting.words import MINUS

# Orange for below zero, blue for above (Okabe and Ito), both pale enough for black numbers.
_COLOURS = LinearSegmentedColormap.from_list("net", ["#F0A36B", "#FFFFFF", "#8EC1E8"])
_EDGE = "#6b6b6b"


def heat_table(
    title: str, values: pd.DataFrame, printed: pd.DataFrame, bar: str, unit: str
) -> Figure:
    """Return a figure of a grid of numbers.

    Parameters
    ----------
    title
        The message.
    values
        Rows and columns with what colours the cells; 0 is white, and colours are by order of
        size, so that small amounts are still seen beside large ones.
    printed
        The same grid as it is printed.
    bar
        What stands beneath the grid: what a minus sign and the colours mean.
    unit
        The unit of the numbers, beneath the columns.
    """
    rows, columns = values.shape
    with matplotlib.rc_context(look()):
        names = [wrapped_to(str(each), 2.7) for each in values.index]
        figure = headed(title, 9.2, 1.5 + rows_height(names, 0.34))
        axes = figure.subplots()
        _cells(axes, values.to_numpy(float), printed.to_numpy(str))
        axes.set_xticks(np.arange(columns), list(values.columns))
        axes.set_yticks(np.arange(rows), names)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.set_xlabel("\n".join(wrapped_to(each, 6.2) for each in (unit, bar)))
        axes.set_ylabel("Agency")
        for side in axes.spines.values():
            side.set_visible(False)
    return figure


def _cells(axes: Axes, values: np.ndarray, printed: np.ndarray) -> None:
    size = np.sign(values) * np.log1p(np.abs(values))
    limit = max(float(np.abs(size).max()), 1.0)
    axes.imshow(size, cmap=_COLOURS, vmin=-limit, vmax=limit, aspect="auto")
    rows, columns = values.shape
    axes.hlines(np.arange(rows + 1) - 0.5, -0.5, columns - 0.5, _EDGE, linewidth=0.5)
    axes.vlines(np.arange(columns + 1) - 0.5, -0.5, rows - 0.5, _EDGE, linewidth=0.5)
    for row in range(rows):
        for column in range(columns):
            axes.text(column, row, printed[row, column].replace("-", MINUS),
                      ha="center", va="center", color=INK, fontsize=9.5)  # fmt: skip
