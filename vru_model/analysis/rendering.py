"""A comparison for the eye and for the spreadsheet: text tables, and files on disk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vru_model.analysis.headline import HOME_OFFICE_MEASURES
from vru_model.analysis.plausibility import SOURCE, plausibility
from vru_model.analysis.wording import averted_sentence, figure, pounds, rounding_step, times_better
from vru_model.experiments.compare import ALL_AGES, BY_YEAR, COMPARED
from vru_model.experiments.store import write_text

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from vru_model.experiments.compare import Comparison


def render(comparison: Comparison) -> Iterator[Any]:
    """Yield what the command line prints of a comparison, one paragraph or table at a time."""
    base, other = comparison.base.manifest["scenario"], comparison.other.manifest["scenario"]
    place = comparison.base.manifest["place"]["title"]
    yield f"{place}: {other['title']} against {base['title']}"
    yield f"{other['sentence']} The baseline: {base['sentence']}"
    table = comparison.table[comparison.table["window"] == BY_YEAR]
    home_office = table["measure"].isin(HOME_OFFICE_MEASURES)
    yield _averted_table("Averted, all ages", table[~home_office & (table["group"] == ALL_AGES)])
    yield _averted_table("Averted, the three Home Office measures", table[home_office])
    yield _spend_table(comparison.spend)
    gate = plausibility(comparison)
    yield ("WARNING, check before use: " if gate.warning else "Benchmark: ") + gate.sentence
    pairs = comparison.pairs
    yield (
        f"Rests on {pairs} pair{'' if pairs == 1 else 's'} of worlds: "
        f"{comparison.base.run_id} and {comparison.other.run_id}."
    )
    yield " ".join((*comparison.notes, *comparison.attribution))


def _averted_table(title: str, rows: pd.DataFrame) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("measure", no_wrap=True)
    table.add_column("victims")
    unit = "draws" if (rows["draws"] > 1).all() else "replicates"
    headings = (
        "by year", "baseline", "averted", "80% interval", "95% interval", f"better in ({unit})",
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading, justify="right")
    previous = None
    for _, row in rows.iterrows():
        group = (row["measure"], row["group"])
        if previous not in (None, group):
            table.add_section()
        step = rounding_step(row["averted"], row["low95"], row["high95"])
        table.add_row(
            *(("", "") if group == previous else (COMPARED[row["measure"]], row["group"])),
            str(row["year"]),
            figure(row["baseline"], rounding_step(row["baseline"])),
            figure(row["averted"], step),
            _range(row["low80"], row["high80"], step),
            _range(row["low95"], row["high95"], step),
            times_better(row),
        )
        previous = group
    return table


def _range(low: float, high: float, step: float) -> str:
    return "none" if low != low else f"{figure(low, step)} to {figure(high, step)}"


def _spend_table(spend: pd.DataFrame) -> Table | str:
    """Return the money by programme over the whole horizon, a year on average."""
    from rich import box
    from rich.table import Table

    if spend.empty:
        return "Neither scenario spends money on programmes."
    years = spend["year"].max()
    table = Table(title="Money a year, on average", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("programme")
    for heading in ("baseline", "scenario", "extra"):
        table.add_column(heading, justify="right")
    totals = spend.groupby("programme")[["baseline", "scenario", "extra"]].sum() / years
    for programme, row in totals.iterrows():
        table.add_row(str(programme).replace("_", " "), *(pounds(amount) for amount in row))
    table.add_section()
    table.add_row("total", *(pounds(amount) for amount in totals.sum()))
    return table


def write_comparison(comparison: Comparison, folder: Path) -> list[Path]:
    """Write a comparison's tables as CSV, and what they rest on as JSON; return the files.

    Every row of the tables ends in its source, so that a sheet cut loose from its neighbours
    still says that it is modelled, and whose data it rests on.
    """
    source = " ".join((*comparison.notes, *comparison.attribution))
    files = []
    for name, table in (("comparison", comparison.table), ("spend", comparison.spend)):
        text = table.assign(source=source).to_csv(index=False, lineterminator="\n")
        files.append(folder / f"{name}.csv")
        write_text(files[-1], text)
    files.append(folder / "about.json")
    write_text(files[-1], json.dumps(_about(comparison), indent=2, ensure_ascii=False) + "\n")
    return files


def _about(comparison: Comparison) -> dict[str, Any]:
    gate = plausibility(comparison)
    rows = comparison.table[comparison.table["window"] == BY_YEAR]
    return {
        "baseline": comparison.base.run_id,
        "scenario": comparison.other.run_id,
        "worlds": [key.label for key in comparison.worlds],
        "notes": list(comparison.notes),
        "attribution": list(comparison.attribution),
        "plausibility": {"warning": gate.warning, "text": gate.sentence, "source": SOURCE},
        "sentences": [averted_sentence(row) for _, row in rows.iterrows()],
    }
