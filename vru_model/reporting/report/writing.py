"""`vru report`: tables as Parquet, CSV and one spreadsheet, charts as PNG and SVG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from vru_model.errors import InputError, Problem
from vru_model.experiments import Comparison, Run, compare
from vru_model.experiments.intervals import FEWEST_DRAWS
from vru_model.experiments.request import check_out, gather
from vru_model.experiments.runner import MODELLED
from vru_model.experiments.store import write_parquet, write_text
from vru_model.reporting.report.charts import Chart, alone, encoded, one_page, report_charts
from vru_model.reporting.report.tables import ReportTable, comparison_tables, run_tables
from vru_model.reporting.spreadsheet import Sheet, workbook


def write_report(
    run: str | Path | Run, against: str | Path | Run | None = None, out: str | Path | None = None
) -> list[Path]:
    """Write the report on a run, or on a run against its baseline; return the files.

    Parameters
    ----------
    run, against
        Runs, their folders or their ids; `against` is the baseline.
    out
        The folder; `report` in the run's own folder unless given.

    The same runs give the same bytes.

    Raises
    ------
    InputError
        Listing runs that do not exist or do not pair, and a folder that cannot be written to.
    """
    folder = Path(out) if out is not None else None
    (found, base, _), problems = gather(
        lambda: run if isinstance(run, Run) else Run.open(run),
        lambda: against if against is None or isinstance(against, Run) else Run.open(against),
        lambda: _refuse_folder(folder),
    )
    if problems:
        raise InputError(problems)
    if not found.worlds():
        raise InputError([Problem(found.folder, None, "worlds", "none finished", "at least one")])
    comparison = None if base is None else compare(base, found)
    tables = list(run_tables(found))
    if comparison is not None:
        tables += comparison_tables(comparison)
    where = folder if folder is not None else found.folder / "report"
    source = source_line(found, comparison)
    charts = report_charts({each.name: each.frame for each in tables}, _name(found))
    files = [*_write_tables(tables, where, source)]
    files.append(_write(where / "report.xlsx", _spreadsheet(tables, found, base, source)))
    files += _write_charts(charts, where, _heading(found, base), source)
    return files


def source_line(run: Run, comparison: Comparison | None) -> str:
    """Return what every output carries: modelled, from which runs, on whose data, how sure."""
    if comparison is None:
        worlds, runs, attribution = len(run.worlds()), run.run_id, run.attribution
        draws = len({key.draw for key in run.worlds()})
        cautions = [] if draws >= FEWEST_DRAWS else [
            f"{draws} draw{'' if draws == 1 else 's'}: parameter uncertainty is not covered."
        ]  # fmt: skip
    else:
        worlds, cautions = comparison.pairs, list(comparison.notes[1:])
        runs = f"{run.run_id} against {comparison.base.run_id}"
        attribution = list(comparison.attribution)
    about = f"Runs: {runs}; {worlds} world{'' if worlds == 1 else 's'} each."
    return " ".join([MODELLED, about, *cautions, *attribution])


def _write_tables(tables: Sequence[ReportTable], where: Path, source: str) -> list[Path]:
    import pyarrow as pa

    files = []
    for table in tables:
        frame = table.frame.assign(source=source)
        csv, parquet = (where / kind / f"{table.name}.{kind}" for kind in ("csv", "parquet"))
        write_text(csv, frame.to_csv(index=False, lineterminator="\n"))
        content = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
        write_parquet(content, parquet)
        files += [csv, parquet]
    return files


def _spreadsheet(tables: Sequence[ReportTable], run: Run, base: Run | None, source: str) -> bytes:
    title = _heading(run, base)
    about = [
        run.manifest["scenario"]["sentence"],
        f"Place: {run.manifest['place']['title']}. Horizon: {run.years} years.",
        source,
        "Every number has its interval in the same row, where one can be given; [x] means that it "
        "cannot. Small numbers are not hidden, because nobody was counted.",
    ]
    contents = pd.DataFrame(
        {"sheet": [each.name for each in tables], "what it shows": [each.title for each in tables],
         "rows": [len(each.frame) for each in tables]}
    )  # fmt: skip
    notes = pd.DataFrame(
        {"sheet": [each.name for each in tables], "note": [each.note for each in tables]}
    )
    sheets = [
        Sheet("Cover", title, about),
        Sheet("Contents", "Contents", ["One table a sheet."], contents, links=True),
        Sheet("Notes", "Notes", ["What a reader of each table has to know."], notes, links=True),
        *(Sheet(each.name, each.title, [each.note, source], each.frame) for each in tables),
    ]
    return workbook(sheets, title)


def _write_charts(
    charts: Sequence[Chart], where: Path, heading: str, source: str
) -> list[Path]:
    files, words = [], [f"# {heading}", source]
    for chart in charts:
        figure = alone(chart)
        for kind in ("png", "svg"):
            path = where / "charts" / f"{chart.name}.{kind}"
            files.append(_write(path, encoded(figure, kind, chart.alt)))
        words.append(
            f"## {chart.title}\n\n![{chart.alt}](charts/{chart.name}.png)\n\nEvery number: "
            f"[{chart.table}](csv/{chart.table}.csv)."
        )
    page = one_page(charts, heading, source)
    alt = " ".join(f"{chart.title}. {chart.alt}" for chart in charts)
    for kind in ("png", "svg"):
        files.append(_write(where / f"figures.{kind}", encoded(page, kind, alt)))
    write_text(where / "figures.md", "\n\n".join(words) + "\n")
    return [*files, where / "figures.md"]


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(io.BytesIO(content).getbuffer())
    temporary.replace(path)
    return path


def _heading(run: Run, base: Run | None) -> str:
    place, scenario = run.manifest["place"]["title"], run.manifest["scenario"]["title"]
    against = "" if base is None else f", against {base.manifest['scenario']['title'].lower()}"
    return f"{place}: {scenario}{against}"


def _name(run: Run) -> str:
    return run.manifest["scenario"]["name"].replace("_", " ")


def _refuse_folder(folder: Path | None) -> None:
    problems = [] if folder is None else check_out(folder)
    if problems:
        raise InputError(problems)
