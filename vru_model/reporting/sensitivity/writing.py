"""`vru sensitivity --out`: tables as CSV, the chart as PNG and SVG, and a page with all of it."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from vru_model.analysis.sensitivity.reading import TABLE
from vru_model.analysis.sensitivity.rendering import (
    emulator_sentence,
    number,
    short,
    step_of,
    total,
    verdicts,
)
from vru_model.analysis.sensitivity.study import Study
from vru_model.experiments.store import write_bytes, write_text
from vru_model.parameters.dictionary import table
from vru_model.reporting.report.charts import encoded
from vru_model.reporting.sensitivity.chart import alt, message, tornado

PAGE, POINTS, CHART = "sensitivity.md", "points.csv", "tornado"


def write_study(study: Study, folder: str | Path) -> list[Path]:
    """Write a study to a folder; return the files. The same runs give the same bytes."""
    where = Path(folder)
    source = " ".join((*study.notes, *study.base.attribution))
    words = alt(study)
    files = [where / name for name in (TABLE, POINTS, f"{CHART}.png", f"{CHART}.svg", PAGE)]
    for file, frame in zip(files, (study.table, study.points), strict=False):
        write_text(file, _csv(frame, source))
    figure = tornado(study)
    for file in files[2:4]:
        write_bytes(file, encoded(figure, file.suffix[1:], words))
    write_text(files[-1], page(study, source))
    return files


def page(study: Study, source: str) -> str:
    """Return the page: what was asked, the chart and its words, the table, how sure."""
    asked = study.question
    parts = [
        f"# What the comparison of {asked.other.name} with {asked.base.name} hangs on",
        study.headline,
        f"## {message(study)}",
        f"![{alt(study)}]({CHART}.png)",
        alt(study),
        "## The assumptions, the most important first",
        _table(study),
        f"All of them, with sources and run ids: [{TABLE}]({TABLE}); every pair: "
        f"[{POINTS}]({POINTS}).",
        "## Where each of the most important would turn the comparison round",
        "\n".join(verdicts(study)),
        "## How sure",
        emulator_sentence(study),
        *study.enough.sentences(asked.unit),
        source,
    ]
    return "\n\n".join(parts) + "\n"


def _table(study: Study) -> str:
    step, unit = step_of(study), study.question.unit
    words = {each.assumption.name: each.words for each in study.switchings}
    head = ("assumption", "believed", "known as", f"{unit} averted at its low", "at its high",
            "by chance", "Morris", "Sobol total (95%)", "alone turns it round")  # fmt: skip
    return table(head, [
        (
            f"{short(row['title'], 90)} (`{row['name']}`)",
            f"{row['value']:g} ({row['low']:g} to {row['high']:g})", row["known"],
            number(row["at_low"], step), number(row["at_high"], step),
            f"± {number(row['error95'], step)}",
            "within chance" if row["dismissed"] else number(row["mu_star"], step),
            total(row) if math.isfinite(row["total"]) else "not given",
            words.get(row["name"], "not sought"),
        )
        for _, row in study.table.iterrows()
    ])  # fmt: skip


def _csv(frame: pd.DataFrame, source: str) -> str:
    kept = frame.rename(columns={"source": "source_of_value"}) if "source" in frame else frame
    return kept.assign(source=source).to_csv(index=False, lineterminator="\n")
