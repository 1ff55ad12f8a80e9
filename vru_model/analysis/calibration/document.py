"""The tables of docs/calibration.md, written from the record so that they cannot go stale.

``python -m vru_model.analysis.calibration.document`` rewrites the blocks between markers; a test
fails when one is out of date. The words are written by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from vru_model.analysis import written_pages
from vru_model.errors import write_as_command
from vru_model.parameters.accounts.record import Range, Record, Spread, load_record
from vru_model.parameters.accounts.targets import load_calibration_targets
from vru_model.parameters.dictionary import table
from vru_model.paths import ROOT

FILE = ROOT / "docs" / "calibration.md"

_COMMAND = "python -m vru_model.analysis.calibration.document"
_TITLES = {
    "incident_rate": "incidents per 1,000 residents a year",
    "crime_survey_prevalence": "Crime Survey prevalence",
    "recorded_violence_with_injury_rate": "recorded violence with injury per 1,000",
    "emergency_department_rate": "attendances per 1,000",
    "admission_rate": "admissions per 100,000",
    "homicide_rate": "homicides per million",
    "below_cut": "sets still not ruled out",
}


def blocks(record: Record) -> dict[str, str]:
    """Return the text of each block by its name."""
    return {
        "search": _search(record), "targets": _targets(record), "failures": _failures(record),
        "constraints": _constraints(record), "deep": _ranges(record.deep),
        "fitted": _ranges(record.fitted), "populations": _populations(record),
    }  # fmt: skip


def renewed(page: str, record: Record) -> str:
    """Return the page with its blocks written anew; ValueError where a marker is missing."""
    return written_pages.renewed(page, blocks(record), _COMMAND, "docs/calibration.md")


def write() -> list[Path]:
    """Write the blocks of the page anew, and return it."""
    return written_pages.write({FILE: partial(renewed, record=load_record())})


def _search(record: Record) -> str:
    world = record.world
    shared = world.population_seed
    residents = "residents of its own" if shared is None else f"the residents of seed {shared}"
    words = (
        f"{record.date}: {record.tried:,} sets of {record.searched} parameters were tried, each "
        f"in a world of its own (scale {world.scale:g}, {world.years} years after a warm-up, "
        f"{residents}). The targets do not rule out "
        f"{record.not_ruled_out}, and {record.kept} of these keep every constraint. Set "
        f"{record.central_set} is the most central and stands in `parameters/model.yaml`."
    )
    rows = [
        (str(wave.wave), str(wave.sets), str(wave.exploded),
         f"{wave.median_second_highest:.3g}", str(wave.below_cut), str(wave.kept))
        for wave in record.waves
    ]  # fmt: skip
    head = ("wave", "sets", "explode", "median second-highest implausibility",
            f"below {record.cut:g}", "kept in the end")  # fmt: skip
    return f"{words}\n\n{table(head, rows)}"


def _targets(record: Record) -> str:
    patterns = load_calibration_targets()
    rows = [
        (patterns[name].pattern, patterns[name].lens.replace("_", " "), _short(fit.value),
         _short(fit.tolerance), _short(fit.noise), _with_range(fit),
         f"{fit.median_implausibility:.2f}", f"{fit.missed_by:.0%}")
        for name, fit in record.targets.items()
    ]  # fmt: skip
    return table(("pattern", "lens", "found", "tolerance", "chance", "kept sets: median (95%)",
                  "median implausibility", "sets that miss it"), rows)  # fmt: skip


def _failures(record: Record) -> str:
    said = record.failures or ("No target is missed by a tenth of the kept sets or more.",)
    return "\n".join(f"- {sentence}" for sentence in said)


def _constraints(record: Record) -> str:
    patterns = load_calibration_targets()
    rows = [
        (patterns[name].pattern, _short(kept.limit), _with_range(kept), _short(kept.highest),
         str(kept.broken_by))
        for name, kept in record.constraints.items()
    ]  # fmt: skip
    return table(("constraint", "at most", "kept sets: median (95%)", "highest",
                  "sets left out for it"), rows)  # fmt: skip


def _ranges(ranges: Mapping[str, Range]) -> str:
    rows = [
        (f"`{name}`", _with_range(one.before), _with_range(one.after), f"{one.narrowed_to:.2f}")
        for name, one in sorted(ranges.items(), key=lambda pair: pair[1].narrowed_to)
    ]
    return table(("parameter", "before: median (95%)", "kept sets: median (95%)", "width kept"),
                 rows)  # fmt: skip


def _populations(record: Record) -> str:
    seeds = list(record.populations)
    rows = []
    for name, title in _TITLES.items():
        cells = [record.populations[seed].get(name) for seed in seeds]
        rows.append((title, *(
            f"{_short(cell.median)} ({_short(cell.low80)} to {_short(cell.high80)})"
            if isinstance(cell, Spread) else "" if cell is None else f"{cell:.0%}"
            for cell in cells
        )))  # fmt: skip
    heads = (f"residents of seed {seed}" if seed else "residents of their own" for seed in seeds)
    return table(("median (80%)", *heads), rows)


def _with_range(spread: Spread) -> str:
    return f"{_short(spread.median)} ({_short(spread.low95)} to {_short(spread.high95)})"


def _short(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


if __name__ == "__main__":
    write_as_command(write)
