"""A reader's own counts laid beside the model's: same area, ages and length of time.

Counts of real people are protected first (:mod:`vru_model.analysis.protection`), and nothing here
is worked out from what was hidden: a shown figure was rounded to the nearest 5, so its interval is
that of counting around every number that it may stand for.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vru_model.analysis.disclosure import HIDDEN, ROUNDED_TO
from vru_model.analysis.measures import arranged, world_counts
from vru_model.analysis.observed import Observed, ages_of, read_observed
from vru_model.analysis.protection import ALL, Protected, protect_observed
from vru_model.analysis.statistics.rates import count_limits
from vru_model.analysis.wording import figure, rounding_step
from vru_model.errors import InputError
from vru_model.experiments.intervals import spread
from vru_model.parameters.accounts.measures import Measure, load_measures
from vru_model.reporting.blocks import Block, Prose, Table, Terms, escape
from vru_model.reporting.words import interval

if TYPE_CHECKING:
    from vru_model.experiments import Run

FRACTIONS = {"years": 1.0, "financial years": 1.0, "quarters": 0.25, "months": 1 / 12}
"""Kind of period → its share of a year."""

FORM = ("A CSV file with the columns measure, area, period, age_band, count: one line a cell, no "
        "totals. An area is the code or the name of a local authority; a period is 2024, 2023/24, "
        "2024 Q1 or 2024-05; an age band is 15-19, 16 or 90+.")  # fmt: skip


@dataclass(frozen=True)
class Mine:
    """A reader's counts, checked and protected; the unprotected ones are not kept."""

    file: str
    periods: str
    protected: Protected

    @property
    def measures(self) -> list[str]:
        """Return the measures in the file, in its order."""
        return list(dict.fromkeys(self.protected.frame["measure"]))


def read_mine(path: str | Path) -> Mine:
    """Return a file's counts as they may be shown; raise InputError listing all that is wrong."""
    return _protected(read_observed(path))


def read_uploaded(name: str, content: bytes) -> Mine:
    """Return the counts of an uploaded file; problems name it as it was called."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "uploaded.csv"
        path.write_bytes(content)
        try:
            return _protected(replace(read_observed(path), file=name))
        except InputError as error:
            raise InputError([replace(each, file=name) for each in error.problems]) from None


def _protected(observed: Observed) -> Mine:
    found = protect_observed(observed)
    # The figures that a release shows are kept with their true counts, to protect later ones by.
    return Mine(observed.file, observed.periods, replace(found, figures={}))


def suggested(measures: Iterable[str]) -> dict[str, str]:
    """Return measure of a file → the model's measure whose name or title is like it."""
    known = load_measures().measures
    spelt = {each.title.lower(): name for name, each in known.items()}
    spelt |= {name.replace("_", " "): name for name in known}
    found = {}
    for measure in measures:
        near = get_close_matches(measure.lower().replace("_", " "), spelt, n=1, cutoff=0.75)
        if near:
            found[measure] = spelt[near[0]]
    return found


def beside(
    run: Run, mine: Mine, compared_with: Mapping[str, str],
    year_of: Callable[[str], int] = lambda period: 1,
) -> pd.DataFrame:  # fmt: skip
    """Return the reader's shown figures beside the model's.

    Parameters
    ----------
    year_of
        Period → the model year that it stands beside; the first where none is given.

    Columns: measure, model_measure, area, period, age_band, recorded (as shown: text), its 95%
    limits recorded_low95 and recorded_high95 (of counting, around what the rounded figure may
    stand for), modelled with low95 and high95 over draws, verdict. Rows of measures that are not
    compared, and of areas or ages that the model does not tell apart, say so in their verdict.
    """
    rows = []
    cells = {name: _cells(run, name) for name in set(compared_with.values())}
    for (measure, period), table in mine.protected.frame.groupby(["measure", "period"],
                                                                 sort=False):  # fmt: skip
        whole_areas = [each for each in table["area"].unique() if each != ALL]
        whole_ages = [each for each in table["age_band"].unique() if each != ALL]
        for row in table.to_dict("records"):
            found = {"measure": measure, "model_measure": compared_with.get(measure, ""),
                     "area": row["area"], "period": period, "age_band": row["age_band"],
                     "recorded": row["count"], **_recorded(row["count"])}  # fmt: skip
            areas = whole_areas if row["area"] == ALL else [row["area"]]
            ages = whole_ages if row["age_band"] == ALL else [row["age_band"]]
            counted = cells.get(found["model_measure"])
            found |= _modelled(run, counted, year_of(period), areas, ages,
                               FRACTIONS[mine.periods])  # fmt: skip
            rows.append({**found, "verdict": _verdict(found)})
    return pd.DataFrame(rows)


def beside_blocks(run: Run, mine: Mine, compared_with: Mapping[str, str]) -> list[Block]:
    """Return the comparison as tables, with the definitions of both sides and its limits."""
    table, file = beside(run, mine, compared_with), Path(mine.file).name
    blocks: list[Block] = [
        Prose(escape(f"{len(table)} figures of {file}, {mine.protected.hidden} of them hidden. "
                     f"{mine.protected.note}")),
        Terms(definitions(mine, compared_with)),
    ]  # fmt: skip
    for (measure, period), rows in table.groupby(["measure", "period"], sort=False):
        shown = pd.DataFrame({
            "Area": rows["area"],
            "Ages": [each.replace("-", " to ") for each in rows["age_band"]],
            "Yours": rows["recorded"],
            "95% of counting": [limits(row, "recorded_low95", "recorded_high95")
                                for row in rows.to_dict("records")],
            "The model": [_figure(row) for row in rows.to_dict("records")],
            "95% over draws": [limits(row, "low95", "high95") for row in rows.to_dict("records")],
            "In words": rows["verdict"],
        })  # fmt: skip
        name = "".join(sign if sign.isalnum() else "_" for sign in f"{measure}_{period}")
        blocks.append(Table(
            f"beside_{name}", f"{measure}, {period}: yours, and the first year of {run.run_id}",
            shown, rows, source=f"{file}; {run.run_id}", text_columns=("Ages", "In words"),
        ))  # fmt: skip
    return [*blocks, Prose(
        "The model is calibrated to published totals of the county and not to your file. Where "
        "the two differ, ask first whether they count the same: whose home or whose place, which "
        "codes, which ages, first or all episodes. Places that are synthetic have the county's "
        "totals, and not the character of the place. Quarters and months are compared with that "
        "share of a year, season left out.")]  # fmt: skip


def _cells(run: Run, measure: str) -> pd.Series:
    """Return counts by draw, replicate, year, authority and age band."""
    known = load_measures()
    catalogue = known.model_copy(update={"measures": {measure: known.measures[measure]}})
    counted = world_counts(run, catalogue, ("year", "local_authority", "age_band"))
    if measure not in counted:
        return pd.Series(dtype=float)
    return counted[measure]


def _modelled(
    run: Run, counted: pd.Series | None, year: int, areas: list[str], ages: list[str],
    fraction: float,
) -> dict[str, object]:
    """Return the model's count with its limits, or why there is none."""
    nothing = {"modelled": np.nan, "low95": np.nan, "high95": np.nan}
    if counted is None:
        return {**nothing, "why": "not compared"}
    if counted.empty:
        return {**nothing, "why": "this run did not count it"}
    if year > run.years:
        return {**nothing, "why": "after the years of the run"}
    counted = counted.xs(year, level="year")
    codes = [_code(run, each) for each in areas]
    if None in codes:
        return {**nothing, "why": "no authority of this place"}
    bands = [_bands(each, set(counted.index.get_level_values("age_band"))) for each in ages]
    if any(not each for each in bands):
        return {**nothing, "why": "ages that the model does not tell apart"}
    inside = {band for each in bands for band in each}
    index = counted.index
    chosen = counted[index.get_level_values("local_authority").isin(codes)
                     & index.get_level_values("age_band").isin(inside)]  # fmt: skip
    worlds = fraction * chosen.groupby(level=["draw", "replicate"]).sum()
    found = spread(arranged(worlds, ()).values)
    return {"modelled": float(found.mean[0]), "low95": float(found.low95[0]),
            "high95": float(found.high95[0]), "why": ""}  # fmt: skip


def _code(run: Run, area: str) -> str | None:
    """Return the authority that an area names, by code or by name."""
    authorities = run.manifest["place"].get("authorities", {})
    named = {name.lower(): code for code, name in authorities.items()}
    return area if area in authorities else named.get(area.strip().lower())


def _bands(ages: str, known: set[str]) -> list[str]:
    """Return the model's bands that make up a band of ages exactly; none where none do."""
    wanted = ages_of(ages)
    if wanted is None:
        return []
    inside = []
    for band in known:
        own = ages_of(band)
        if own is not None and wanted[0] <= own[0] and own[1] <= wanted[1]:
            inside.append((*own, band))
    inside.sort()
    whole = bool(inside) and inside[0][0] == wanted[0] and inside[-1][1] == wanted[1]
    joined = all(after[0] == before[1] + 1
                 for before, after in zip(inside, inside[1:], strict=False))  # fmt: skip
    return [band for _, _, band in inside] if whole and joined else []


def _recorded(shown: str) -> dict[str, float]:
    """Return the limits of counting around all that a shown figure may stand for."""
    if shown == HIDDEN:
        return {"recorded_low95": np.nan, "recorded_high95": np.nan}
    count, half = int(shown), (ROUNDED_TO - 1) // 2
    least, most = (0, 0) if count == 0 else (count - half, count + half)
    limits = count_limits(np.array([least, most]))
    return {"recorded_low95": float(limits.low[0]), "recorded_high95": float(limits.high[1])}


def _verdict(row: Mapping[str, object]) -> str:
    """Return in words how the two stand to each other."""
    if row["why"]:
        return str(row["why"])
    if row["recorded"] == HIDDEN:
        return "yours is hidden: a small number, or one that would give one away"
    low, high = float(row["low95"]), float(row["high95"])  # type: ignore[arg-type]
    if not (np.isfinite(low) and np.isfinite(high)):
        return "the model has no interval: more draws are needed"
    if low > float(row["recorded_high95"]):  # type: ignore[arg-type]
        return "the model has more"
    if high < float(row["recorded_low95"]):  # type: ignore[arg-type]
        return "the model has fewer"
    return "cannot be told apart"


def definitions(mine: Mine, compared_with: Mapping[str, str]) -> dict[str, str]:
    """Return measure of the file → what it is compared with, as Markdown."""
    known = load_measures().measures
    words = {}
    for measure in mine.measures:
        name = compared_with.get(measure)
        words[escape(measure)] = (
            "is compared with nothing." if name is None else _definition(known[name]))
    return words


def _definition(given: Measure) -> str:
    caution = {
        "true": " This is what happens, whether or not anybody records it: figures of a service "
        "belong beside a recorded measure.",
        "survey": " This is what a survey would find, and no service's figure.",
    }.get(given.lens, "")
    return escape(f"is compared with: {given.title}. {given.definition} It does not include: "
                  f"{given.leaves_out}{caution}")  # fmt: skip


def _figure(row: Mapping[str, float]) -> str:
    if not np.isfinite(row["modelled"]):
        return ""
    return figure(row["modelled"], rounding_step(row["modelled"], row["low95"], row["high95"]))


def limits(row: Mapping[str, float], low: str, high: str) -> str:
    """Return two limits of a row as words; "" where there are none."""
    if not np.isfinite(row[low]):
        return ""
    return interval(row[low], row[high], rounding_step((row[low] + row[high]) / 2, row[low],
                                                       row[high]))  # fmt: skip
