"""The assumption that a strategy hangs on: searched for once, kept beside the runs.

The search moves every uncertain assumption within its range (``vru sensitivity``), with fewer
worlds than that command takes by default, so that the papers are made in minutes. What it found is
filed under a name that says what was asked, and read again by every paper.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from vru_model.analysis.sensitivity.asking import Design
from vru_model.analysis.sensitivity.reading import TABLE, Biggest, biggest_assumption
from vru_model.analysis.sensitivity.study import sensitivity
from vru_model.experiments import Progress
from vru_model.provenance import code_version
from vru_model.reporting.board.options import BoardOptions
from vru_model.reporting.sensitivity.writing import CHART, write_study
from vru_model.scenario import Scenario

DESIGN = Design(
    central_replicates=8, replicates=1, trajectories=2, emulator_points=0, top=1, top_replicates=6
)
SCALE, YEARS = 0.02, 5
"""Small worlds and five years: the search ranks assumptions, it does not measure the strategy."""
_WORDS = "words.json"


@dataclass(frozen=True)
class FiledStudy:
    """A finished search, as its folder holds it.

    Parameters
    ----------
    folder
        With the table of assumptions, the tornado chart and its words.
    """

    folder: Path

    @property
    def table(self) -> pd.DataFrame:
        """The assumptions with their ranges, effects and switching values, by rank."""
        return pd.read_csv(self.folder / TABLE).sort_values("rank", ignore_index=True)

    @property
    def biggest(self) -> Biggest:
        """The assumption that matters most."""
        return biggest_assumption(self.folder)

    @property
    def harmful_alone(self) -> tuple[str, ...]:
        """Titles of what alone, at an end of its range, turns gain into harm beyond chance."""
        table = self.table
        worst = table[["at_low", "at_high"]].min(axis=1)
        return tuple(table.loc[worst < -table["error95"], "title"])

    @property
    def chart(self) -> bytes:
        """The tornado chart as PNG."""
        return (self.folder / f"{CHART}.png").read_bytes()

    @property
    def words(self) -> dict[str, str]:
        """What stands for the chart (alt), its message, what was asked and how far it carries."""
        return json.loads((self.folder / _WORDS).read_text(encoding="utf-8"))


def study(
    baseline: Scenario,
    strategy: Scenario,
    options: BoardOptions,
    report: Callable[[str, Progress], None] | None = None,
) -> FiledStudy:
    """Return the search for the assumption that matters most, carrying it out where it is new."""
    years, scale = min(YEARS, options.years), min(SCALE, options.scale)
    design = DESIGN.times(options.effort)
    asked = {
        "baseline": baseline.digest, "strategy": strategy.digest, "place": options.place,
        "seed": options.seed, "scale": scale, "years": years, "design": asdict(design),
        "code": code_version(),
    }  # fmt: skip
    name = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]
    folder = options.studies / f"{strategy.name}-{name}"
    if not (folder / _WORDS).is_file():
        found = sensitivity(
            baseline, strategy, design=design, report=report, place=options.place, scale=scale,
            years=years, seed=options.seed, out=options.store, workers=options.workers or None,
        )  # fmt: skip
        work = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
        try:
            write_study(found, work)
            words = {"headline": found.headline, "year": str(years), "notes": " ".join(found.notes)}
            (work / _WORDS).write_text(json.dumps(words | _said(found), ensure_ascii=False))
            shutil.rmtree(folder, ignore_errors=True)
            work.rename(folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return FiledStudy(folder)


def _said(found) -> dict[str, str]:
    from vru_model.reporting.sensitivity.chart import alt, message

    return {"alt": alt(found), "message": message(found)}
