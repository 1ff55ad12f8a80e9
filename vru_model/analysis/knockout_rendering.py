"""Loop knock-outs for the eye and for the spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vru_model.analysis.knockout import MECHANISMS
from vru_model.experiments.store import write_text

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from vru_model.analysis.knockout import Knockouts

_SOURCES = {each.name: each.limit_source for each in MECHANISMS}


def render_knockouts(knockouts: Knockouts) -> Iterator[Any]:
    """Yield what the command line prints of knock-outs, one paragraph or table at a time."""
    place = knockouts.base.manifest["place"]["title"]
    yield f"{place}: {knockouts.base.manifest['scenario']['title']}"
    yield _table(knockouts.table)
    yield from (sentence for _, row in knockouts.table.iterrows() if (sentence := _verdict(row)))
    yield " ".join((*knockouts.notes, *knockouts.base.attribution))


def _table(rows: pd.DataFrame) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title="Share of incidents", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("mechanism", no_wrap=True)
    for heading in ("directly triggered", "total: gone without it", "95% interval", "at most"):
        table.add_column(heading, justify="right")
    table.add_column("what it is")
    for _, row in rows.iterrows():
        table.add_row(
            row["mechanism"].replace("_", " "), _percent(row["direct"]), _percent(row["total"]),
            _interval(row), _percent(row["limit"]), row["meaning"],
        )  # fmt: skip
    return table


def _percent(share: float) -> str:
    return f"{100.0 * share + 0.0:.1f}%" if np.isfinite(share) else ""


def _interval(row: Any) -> str:
    low, high = row["low95"], row["high95"]
    return f"{_percent(low)} to {_percent(high)}" if np.isfinite(low) else "none"


def _verdict(row: Any) -> str:
    """Return whether a mechanism stays within its limit, "" where it has none."""
    if not np.isfinite(row["limit"]):
        return ""
    if not np.isfinite(row["low95"]):
        verdict = "cannot be judged from one world"
    elif row["high95"] <= row["limit"]:
        verdict = "holds"
    elif row["low95"] > row["limit"]:
        verdict = "IS BROKEN"
    else:
        verdict = "may be broken: more replicates would tell"
    name = row["mechanism"].replace("_", " ")
    return (
        f"The constraint that {name} carry at most {_percent(row['limit'])} {verdict}. "
        f"{_SOURCES[row['mechanism']]}."
    )


def write_knockouts(knockouts: Knockouts, folder: Path) -> Path:
    """Write the table as CSV, each row with its source and notes; return the file."""
    source = " ".join((*knockouts.notes, *knockouts.base.attribution))
    file = folder / "knockout.csv"
    write_text(file, knockouts.table.assign(source=source).to_csv(index=False, lineterminator="\n"))
    return file
