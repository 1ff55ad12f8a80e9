"""Attribution as text tables and sentences, and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vru_model.analysis.attribution import ADD, DROP, SHAPLEY, Attribution
from vru_model.analysis.wording import figure, rounding_step
from vru_model.experiments.store import write_text
from vru_model.reporting.words import MINUS

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

_HEADINGS = {DROP: "lost if it alone stopped", ADD: "averted on its own",
             SHAPLEY: "fair part of the whole"}  # fmt: skip


def render_attribution(found: Attribution) -> Iterator[Any]:
    """Yield what the command line prints, one paragraph or table at a time."""
    about = found.whole.manifest
    yield f"{about['place']['title']}: {about['scenario']['title']}"
    yield about["scenario"]["sentence"]
    for name, rows in found.table.groupby("measure", sort=False):
        yield _table(rows)
        yield from _sentences(found.package[found.package["measure"] == name])
    yield " ".join((*found.notes, *found.whole.attribution))


def _table(rows: pd.DataFrame) -> Table:
    from rich import box
    from rich.table import Table

    first = rows.iloc[0]
    title = f"{first['title']} averted, all years, {first['group']} (95% interval)"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("programme", no_wrap=True)
    for heading in _HEADINGS.values():
        table.add_column(heading, justify="right")
    for programme, answers in rows.groupby("programme", sort=False):
        by_question = answers.set_index("question")
        cells = (_with_interval(by_question.loc[question]) for question in _HEADINGS)
        table.add_row(str(programme).replace("_", " "), *cells)
    return table


def _sentences(package: pd.DataFrame) -> Iterator[str]:
    """Yield the package against the sum of its parts, and whether they overlap."""
    whole, parts, more = (row for _, row in package.iterrows())
    unit = whole["unit"]
    yield (
        f"Together the programmes avert {_with_interval(whole)} {unit}; one by one, added up, "
        f"{_with_interval(parts)}. What the package adds to that is {_with_interval(more)}: "
        f"{_verdict(more)}"
    )


def _verdict(more: Any) -> str:
    if not np.isfinite(more["low95"]):
        return "one world gives no interval, so whether they overlap cannot be told."
    if more["low95"] == more["high95"] == 0:
        return "in these worlds they do not meet."
    if more["high95"] < 0:
        return "they overlap, and a figure for each alone promises too much."
    if more["low95"] > 0:
        return "they strengthen one another."
    return "whether they overlap or strengthen one another cannot be told."


def _with_interval(row: Any) -> str:
    step = rounding_step(row["averted"], row["low95"], row["high95"])
    value = _signed(row["averted"], step)
    if not np.isfinite(row["low95"]):
        return f"{value} (no interval)"
    return f"{value} ({_signed(row['low95'], step)} to {_signed(row['high95'], step)})"


def _signed(value: float, step: float) -> str:
    return figure(value, step).replace("-", MINUS)


def write_attribution(found: Attribution, folder: Path) -> list[Path]:
    """Write the three tables as CSV, each row with its source and counterfactual."""
    source = " ".join((*found.notes, *found.whole.attribution))
    tables = {"attribution": found.table, "package": found.package,
              "combinations": found.combinations}  # fmt: skip
    files = []
    for name, table in tables.items():
        files.append(folder / f"{name}.csv")
        text = table.assign(source=source).to_csv(index=False, lineterminator="\n")
        write_text(files[-1], text)
    return files
