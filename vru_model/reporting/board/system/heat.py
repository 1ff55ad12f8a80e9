"""A heat-table: a grid of coloured cells, each with its number, so that colour is no cue alone."""

from __future__ import annotations

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from vru_model.reporting.charts import INK, look
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
        figure = Figure(figsize=(9.2, 1.5 + 0.34 * rows), layout="constrained")
        figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold", wrap=True)
        axes = figure.subplots()
        _cells(axes, values.to_numpy(float), printed.to_numpy(str))
        axes.set_xticks(np.arange(columns), list(values.columns))
        axes.set_yticks(np.arange(rows), list(values.index))
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.set_xlabel(f"{unit}. {bar}")
        axes.set_ylabel("Agency")
        for side in axes.spines.values():
            side.set_visible(False)
    return figure


def _cells(axes: Axes, values: np.ndarray, printed: np.ndarray) -> None:
    size = np.sign(values) * np.log1p(np.abs(values))
    limit = max(float(np.abs(size).max()), 1.0)
    axes.pcolormesh(size, cmap=_COLOURS, vmin=-limit, vmax=limit, edgecolors=_EDGE, linewidth=0.5)
    rows, columns = values.shape
    axes.set_xlim(0, columns)
    axes.set_ylim(rows, 0)
    for collection in axes.collections:
        collection.set_offset_transform(axes.transData)
    for row in range(rows):
        for column in range(columns):
            axes.text(column + 0.5, row + 0.5, printed[row, column].replace("-", MINUS),
                      ha="center", va="center", color=INK, fontsize=9.5)  # fmt: skip
