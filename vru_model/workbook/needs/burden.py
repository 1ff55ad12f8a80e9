"""Who lives here, and on whom violence falls: tables and charts of a baseline run.

Rates come with two intervals that are never mixed: over draws, what the model does not know; of
counting, how much one year's figure would jump about by chance. Authorities stand in the order of
their codes and are never ranked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
import pandas as pd

from vru_model.analysis.inequality import inequality
from vru_model.analysis.measures import Card, burden, recorded_beside_true
from vru_model.analysis.wording import figure, rounding_step
from vru_model.experiments.intervals import FEWEST_DRAWS
from vru_model.parameters.accounts.measures import load_measures
from vru_model.place import build_population, describe, load_place
from vru_model.reporting.blocks import Block, Chart, Prose, Table, escape
from vru_model.reporting.charts import INK, STYLES, look, png, wrapped
from vru_model.reporting.lettering import headed
from vru_model.reporting.words import in_words, interval, percentage, two_figures

if TYPE_CHECKING:
    from vru_model.experiments import Run

FIFTHS = {1: "1 (most deprived)", 2: "2", 3: "3", 4: "4", 5: "5 (least deprived)"}
SEXES = {"female": "Women and girls", "male": "Men and boys"}
_DIMENSIONS = {
    "deprivation_quintile": "Deprivation fifth of the home",
    "age_band": "Age",
    "sex": "Sex",
    "local_authority": "Local authority, by code",
}


def population_blocks(place: str, scale: float, seed: int = 1) -> list[Block]:
    """Return the defined population: how many, where, of which age, how deprived."""
    loaded = load_place(place, scale=scale)
    found = describe(loaded, build_population(loaded, seed))
    blocks: list[Block] = [Prose(escape(" ".join((found.title + ".", *found.summary))))]
    for caption, table in list(found.tables.items())[:3]:
        shown = table.reset_index().astype(str)
        blocks.append(Table(f"population_{len(blocks)}", caption, shown))
    return [*blocks, Prose("\n".join(f"- {escape(note)}" for note in found.notes))]


def burden_blocks(run: Run, measure: str, group: str = "all ages") -> list[Block]:
    """Return a measure's rates by deprivation, age, sex and authority, each with its chart."""
    given = load_measures().measures[measure]
    blocks: list[Block] = [Prose(escape(Card(measure, given).text))]
    catalogue = load_measures().model_copy(update={"measures": {measure: given}})
    for dimension, title in _DIMENSIONS.items():
        table = _labelled(burden(run, (dimension,), group, catalogue), dimension, run)
        blocks += [_chart(table, dimension, title, given.title, group),
                   _table(table, dimension, title, given.title, group, run)]  # fmt: skip
        if dimension == "deprivation_quintile":
            blocks += _inequality(run, measure, group)
    return [*blocks, *_cautions(run)]


def recorded_blocks(run: Run, group: str = "all ages") -> list[Block]:
    """Return what services record beside what happens, a year of the run."""
    table = recorded_beside_true(run, (), group)
    shown = pd.DataFrame({
        "What is recorded": table["title"],
        "Recorded a year": [_of(row, "recorded", run.years) for row in table.to_dict("records")],
        "Happens a year": [_of(row, "true", run.years) for row in table.to_dict("records")],
        "Share recorded": [_share(row) for row in table.to_dict("records")],
    })  # fmt: skip
    low, high = table["share"].min(), table["share"].max()
    return [
        Prose(f"Services and surveys see from {percentage(low)} to {percentage(high)} of what "
              "happens: what is recorded moves with reporting and recording as well as with "
              "violence."),
        Table("recorded", f"Recorded and true, victims of {group}, a year, with 95% intervals over "
              "draws", shown, table, source=run.run_id),
    ]  # fmt: skip


def _labelled(table: pd.DataFrame, dimension: str, run: Run) -> pd.DataFrame:
    """Return a burden table with a column of labels, in the order in which it is shown."""
    authorities = run.manifest["place"].get("authorities", {})
    names: dict[str, dict[Any, str]] = {
        "deprivation_quintile": FIFTHS, "sex": SEXES,
        "local_authority": {code: f"{name} ({code})" for code, name in authorities.items()},
    }  # fmt: skip
    key = (table[dimension].str.extract(r"^(\d+)")[0].astype(int) if dimension == "age_band"
           else table[dimension])  # fmt: skip
    ordered = table.assign(_order=key).sort_values("_order", kind="stable")
    known = names.get(dimension, {})
    return ordered.assign(
        label=[known.get(each, str(each)) for each in ordered[dimension]]
    ).drop(columns="_order").reset_index(drop=True)


def _chart(table: pd.DataFrame, dimension: str, title: str, what: str, group: str) -> Chart:
    """Return points of the rate with 95% intervals over draws."""
    per = f"{table['per'].iloc[0]:,.0f}"
    places = np.arange(len(table))
    low, high = table["rate_low95"].to_numpy(), table["rate_high95"].to_numpy()
    with matplotlib.rc_context(look()):
        figure_ = headed(_message(table, dimension, what), 8.2, 4.0)
        axes = figure_.subplots()
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        if np.isfinite(low).all():
            axes.vlines(places, low, high, INK, linewidth=1.4)
        axes.plot(places, table["rate"], "o", color=STYLES[0].colour, markersize=8,
                  markeredgecolor="white")  # fmt: skip
        axes.set_ylim(bottom=0)
        axes.set_xlim(-0.6, len(table) - 0.4)
        narrow = [wrapped(str(each).split(" (E")[0], 14) for each in table["label"]]
        axes.set_xticks(places, narrow, rotation=60 if dimension == "age_band" else 0)
        axes.set_xlabel(title)
        axes.set_ylabel(f"{what}\na year for {per}" if len(what) < 34
                        else f"A year for {per}")  # fmt: skip
    said = "; ".join(f"{row['label']} {_rate(row)}" for row in table.to_dict("records"))
    return Chart(
        f"rate_by_{dimension}", png(figure_),
        f"Points of the yearly rate for {per} residents by {title.lower()}, with 95% intervals "
        f"over draws: {said}. The table that follows gives every number.",
        f"{what}, victims of {group}.",
    )  # fmt: skip


def _message(table: pd.DataFrame, dimension: str, what: str) -> str:
    """Return what a chart says, in a sentence."""
    rows = table.to_dict("records")
    if dimension == "deprivation_quintile" and rows[-1]["rate"] > 0:
        ratio = rows[0]["rate"] / rows[-1]["rate"]
        return (f"{what}: {_rate(rows[0])} in the most deprived fifth, {_rate(rows[-1])} in the "
                f"least: {two_figures(ratio)} times as many")  # fmt: skip
    if dimension == "age_band":
        top = max(rows, key=lambda row: row["rate"])
        return (f"{what}: the rate is highest at ages {top['label'].replace('-', ' to ')}, "
                f"{_rate(top)}")  # fmt: skip
    if dimension == "local_authority":
        return (f"{what}: authorities lie between {two_figures(min(r['rate'] for r in rows))} and "
                f"{two_figures(max(r['rate'] for r in rows))}; in the order of codes, no ranking")
    return f"{what}: " + in_words([f"{row['label'].lower()} {_rate(row)}" for row in rows])


def _table(
    table: pd.DataFrame, dimension: str, title: str, what: str, group: str, run: Run
) -> Table:
    per = f"{table['per'].iloc[0]:,.0f}"
    shown = pd.DataFrame({
        title: table["label"],
        "A year": [two_figures(each / run.years) for each in table["count"]],
        f"Rate for {per}": [_number(row) for row in table.to_dict("records")],
        "95% over draws": [_limits(row, "rate") for row in table.to_dict("records")],
        "95% of counting": [_limits(row, "counting") for row in table.to_dict("records")],
    })  # fmt: skip
    return Table(
        f"burden_by_{dimension}",
        f"{what} by {title.lower()}, victims of {group}, mean of {run.years} years", shown,
        table.drop(columns="label"), source=run.run_id,
    )  # fmt: skip


def _inequality(run: Run, measure: str, group: str) -> list[Block]:
    """Return the slope and the ratio over deprivation, in words."""
    given = load_measures()
    table = inequality(run, group, given.model_copy(
        update={"measures": {measure: given.measures[measure]}}))  # fmt: skip
    if table.empty:
        return []
    row = table.iloc[0]
    slope = _value(row, "slope_index")
    gap = _value(row, "absolute_gap")
    convex = (" Violence rises faster towards the most deprived places than a straight line, so "
              "that the slope alone understates it." if row["convex"] else "")  # fmt: skip
    return [Prose(
        f"From the least to the most deprived places the rate rises by {slope} for "
        f"{row['per']:,.0f} (slope index of inequality; 95% limits of counting in brackets), and "
        f"the gap between the outer fifths is {gap}.{convex} Deprivation goes with violence; that "
        "does not say how much of it it causes.")]  # fmt: skip


def _cautions(run: Run) -> list[Block]:
    draws = len({key.draw for key in run.worlds()})
    few = (f" {draws} draws: what is not known is not covered (that takes {FEWEST_DRAWS})."
           if draws < FEWEST_DRAWS else "")  # fmt: skip
    return [Prose(escape(run.manifest["note"]) + few + " Ethnicity is not in the model. "
                  + escape(" ".join(run.attribution)))]  # fmt: skip


def _value(row: pd.Series, name: str) -> str:
    low, high = row[f"{name}_low95"], row[f"{name}_high95"]
    step = rounding_step(row[name], low, high)
    return f"{figure(row[name], step)} ({interval(low, high, step)})"


def _of(row: dict, name: str, years: int) -> str:
    value, low, high = (row[each] / years for each in (name, f"{name}_low95", f"{name}_high95"))
    step = rounding_step(value, low, high)
    return f"{figure(value, step)} ({interval(low, high, step)})"


def _share(row: dict) -> str:
    low, high = (100 * row[f"share_{end}"] for end in ("low95", "high95"))
    step = rounding_step(100 * row["share"], low, high)
    return f"{figure(100 * row['share'], step)}% ({interval(low, high, step)})"


def _rate(row: dict) -> str:
    limits = _limits(row, "rate")
    return f"{_number(row)} (95% interval {limits})" if limits != "not known" else _number(row)


def _number(row: dict) -> str:
    return figure(row["rate"], _step(row))


def _limits(row: dict, name: str) -> str:
    return interval(row[f"{name}_low95"], row[f"{name}_high95"], _step(row))


def _step(row: dict) -> float:
    return rounding_step(row["rate"], row["rate_low95"], row["rate_high95"])

