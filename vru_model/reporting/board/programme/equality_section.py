"""Equality and place: who benefits, who takes part, and whether inequality narrows."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vru_model.analysis.wording import rounding_step
from vru_model.reporting.blocks import Block, Chart, Prose, Table, escape
from vru_model.reporting.board.case import STRATEGY, BoardCase
from vru_model.reporting.board.programme.place_map import map_blocks
from vru_model.reporting.board.programme.readings import Readings
from vru_model.reporting.charts import INK, STYLES, look, png
from vru_model.reporting.estimates import label, told
from vru_model.reporting.lettering import headed
from vru_model.reporting.words import (
    MINUS,
    chance,
    count,
    in_words,
    interval,
    plural,
    rounded,
    sentence_case,
    two_figures,
)

_UNIT = "admissions averted a year for 100,000 residents of the group"
FIFTHS = {"Fifth 1": "Most deprived fifth", "Fifth 2": "2nd fifth", "Fifth 3": "3rd fifth",
          "Fifth 4": "4th fifth", "Fifth 5": "Least deprived fifth"}  # fmt: skip


def equality_blocks(case: BoardCase, readings: Readings) -> list[Block]:
    """Return who benefits by deprivation, age and sex, the verdict, and who takes part."""
    groups = {
        "Deprivation of the neighbourhood": named(readings.by_deprivation, FIFTHS),
        "Age of the victim": readings.by_age,
        "Sex of the victim": readings.by_sex,
    }
    groups = {name: table[table["baseline"] > 0] for name, table in groups.items()}
    verdict = readings.inequality(STRATEGY)
    return [
        Prose(message(case, groups["Deprivation of the neighbourhood"], verdict)),
        benefit_chart(case, groups),
        benefit_table(case, groups),
        inequality_table(case, verdict),
        *uptake_blocks(case, readings),
    ]


def place_blocks(case: BoardCase, readings: Readings) -> list[Block]:
    """Return who benefits by authority, in the order of their codes, and a map where there is one.

    Authorities are never ranked: their order says nothing of them.
    """
    table = readings.by_authority
    clear = [row["group"] for _, row in table.iterrows() if told(row) > 0]
    worse = [row["group"] for _, row in table.iterrows() if told(row) < 0]
    first = (
        f"In {in_words(clear)} the strategy has fewer admissions for violence than business as "
        "usual (80% interval)." if clear
        else "In no single authority can the strategy be told from business as usual in "
        "admissions for violence."
    )  # fmt: skip
    second = f" In {in_words(worse)} it has more." if worse else ""
    words = (
        f"{escape(first)}{escape(second)} Smaller numbers are known less well; that an authority "
        "cannot be told from business as usual is not a finding that nothing is gained there. "
        "Authorities stand in the order of their codes and are not ranked."
    )
    blocks: list[Block] = [Prose(words), authority_table(case, table)]
    return [*blocks, *map_blocks(case, readings)]


def named(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return the table with its groups under the names that readers know."""
    return table.assign(group=table["group"].map(names))


def message(case: BoardCase, fifths: pd.DataFrame, verdict: pd.DataFrame) -> str:
    """Return who gains, and what becomes of inequality, as far as intervals can tell."""
    most, whole = fifths.iloc[0], float(fifths["averted"].sum())
    people = float(most["people"] / fifths["people"].sum())
    if told(most) > 0 and whole > 0:
        share = float(most["averted"]) / whole
        first = (
            f"Residents of neighbourhoods in the most deprived fifth of England, "
            f"{100 * people:.0f}% of all, gain about {100 * min(share, 1.0):.0f}% of what is "
            "averted in admissions for violence."
        )
    else:
        first = ("What residents of neighbourhoods in the most deprived fifth of England gain in "
                 "admissions for violence cannot be told from nothing (80% interval).")  # fmt: skip
    if verdict.empty:
        return f"{first} Whether inequality narrows is not known: the runs did not count it."
    row = verdict.iloc[0]
    return (
        f"{first} Absolute inequality over deprivation: **{row['absolute']}**; relative "
        f"inequality: **{row['relative']}** (both have to be asked, because a fall that all share "
        "alike narrows the gap and leaves the ratio as it was). Violence of and against children "
        "under ten is outside the model, and ethnicity has no effect in it: what protected "
        "characteristics beyond age and sex mean here is for the equality statement."
    )


def benefit_chart(case: BoardCase, groups: Mapping[str, pd.DataFrame]) -> Chart:
    """Return the rates of what is averted by group, with intervals."""
    title = benefit_title(case, groups)
    return Chart(
        name="who-benefits",
        png=png(_benefit_figure(title, groups)),
        alt=_benefit_alt(groups),
        caption=f"{sentence_case(_UNIT)} (all years together), with 80% (thick) and 95% (thin) "
        "intervals",
        source=case.source,
    )


def benefit_title(case: BoardCase, groups: Mapping[str, pd.DataFrame]) -> str:
    """Return what the chart says: which groups' gain can be told from nothing."""
    clear = [
        str(row["group"]).lower() for table in groups.values() for _, row in table.iterrows()
        if told(row, "rate") > 0
    ]  # fmt: skip
    if not clear:
        return f"No group’s gain from {label(case.strategy.name)} can be told from nothing"
    return f"A gain from {label(case.strategy.name)} can be told for: {', '.join(clear)}"


def benefit_table(case: BoardCase, groups: Mapping[str, pd.DataFrame]) -> Table:
    """Return who benefits by group of residents."""
    rows = [_benefit_row("Group", table_row) for table in groups.values()
            for _, table_row in table.iterrows()]  # fmt: skip
    data = pd.concat([table.assign(dimension=name) for name, table in groups.items()])
    return Table(
        name="who-benefits",
        caption=f"Emergency admissions for violence averted over {case.options.years} years by "
        "group of victims, all years together",
        frame=pd.DataFrame(rows),
        data=data,
        source=case.source,
    )


def authority_table(case: BoardCase, table: pd.DataFrame) -> Table:
    """Return who benefits by authority, in the order of their codes."""
    return Table(
        name="authorities",
        caption=f"Emergency admissions for violence averted over {case.options.years} years by "
        "authority, in the order of their codes (not ranked)",
        frame=pd.DataFrame([_benefit_row("Authority", row) for _, row in table.iterrows()]),
        data=table,
        source=case.source,
    )


def inequality_table(case: BoardCase, verdict: pd.DataFrame) -> Table:
    """Return the change in absolute and relative inequality with its verdict."""
    rows = []
    for _, row in verdict.iterrows():
        for kind, key, words in (
            ("absolute", "slope", "Absolute: slope index, admissions a year for 100,000 residents"),
            ("relative", "relative", "Relative: ratio of the most to the least deprived end"),
        ):
            low, high, mean = (row[f"{key}_change{end}"] for end in ("_low80", "_high80", ""))
            step = rounding_step(mean, low, high)
            rows.append({
                "Inequality over deprivation": words,
                "Change, 80% interval": f"{interval(low, high, step)} (mean {rounded(mean, step)})",
                "Verdict": str(row[kind]),
            })  # fmt: skip
    if not rows:
        rows = [{"Inequality over deprivation": "not counted", "Change, 80% interval": "not known",
                 "Verdict": "not known"}]  # fmt: skip
    return Table(
        name="inequality",
        caption="What the strategy does to inequality in emergency admissions for violence (below "
        "0: less unequal)",
        frame=pd.DataFrame(rows),
        data=verdict,
        source=case.source,
        text_columns=("Verdict",),
    )


def uptake_blocks(case: BoardCase, readings: Readings) -> list[Block]:
    """Return who takes part along deprivation, and whether that is where the violence is."""
    table = readings.uptake
    if table.empty:
        return [Prose("The runs did not count who takes part by deprivation.")]
    less = [_title(case, row["programme"]) for _, row in table.iterrows()
            if row["for_need_reached_more"] == "the less deprived"]  # fmt: skip
    words = (
        f"Measured against where violence is committed, {plural(len(less), 'programme')} "
        f"{'reaches' if len(less) == 1 else 'reach'} the less deprived more than need would call "
        f"for: {escape(in_words([each.lower() for each in less]))}. Their take-up in the most "
        "deprived places is the first thing to watch." if less
        else "For no programme can it be said that the less deprived are reached more than need "
        "would call for."
    )  # fmt: skip
    return [Prose(f"### Who takes part\n\n{words}"), _uptake_table(case, table)]


def _uptake_table(case: BoardCase, table: pd.DataFrame) -> Table:
    rows = []
    for _, row in table.iterrows():
        step = rounding_step(row["slope_index"], row["slope_index_low95"],
                             row["slope_index_high95"])  # fmt: skip
        rows.append({
            "Programme": _title(case, row["programme"]),
            "Enrolments": two_figures(row["enrolments"]),
            "Most less least deprived end, a year for 1,000 residents (95% interval)": (
                f"{interval(row['slope_index_low95'], row['slope_index_high95'], step)} "
                f"(mean {rounded(row['slope_index'], step)})"),
            "Reached more": row["reached_more"],
            "Reached more, for their need": row["for_need_reached_more"],
        })  # fmt: skip
    return Table(
        name="uptake",
        caption=f"Enrolments over {case.options.years} years along the deprivation of where people "
        "live; need is the violence that residents of a place commit",
        frame=pd.DataFrame(rows),
        data=table,
        source=case.source,
        text_columns=("Reached more", "Reached more, for their need"),
    )


def _title(case: BoardCase, name: str) -> str:
    found = case.strategy.programmes.get(name)
    return found.title if found else name.replace("_", " ")


def _benefit_row(heading: str, row: pd.Series) -> dict[str, str]:
    step = rounding_step(row["averted"], row["low95"], row["high95"])
    rate = rounding_step(row["rate"], row["rate_low95"], row["rate_high95"])
    return {
        heading: str(row["group"]),
        "Residents": count(float(f"{row['people']:.3g}")),
        "Admissions as now": two_figures(row["baseline"]),
        "Averted, 80% interval": f"{interval(row['low80'], row['high80'], step)} "
        f"(mean {rounded(row['averted'], step)})",
        "95% interval": interval(row["low95"], row["high95"], step),
        "A year for 100,000 residents, 80% interval":
            interval(row["rate_low80"], row["rate_high80"], rate),
        "Chance of fewer": chance(float(row["chance_better"]), int(row["draws"])),
    }  # fmt: skip


def _benefit_figure(title: str, groups: Mapping[str, pd.DataFrame]) -> Figure:
    rows = sum(len(table) for table in groups.values())
    with matplotlib.rc_context(look()):
        figure = headed(title, 9.2, 1.6 + 0.36 * rows)
        axes = figure.subplots()
        place, ticks, names = 0.0, [], []
        for (dimension, table), style in zip(groups.items(), STYLES, strict=False):
            axes.annotate(dimension, (0.005, place), xycoords=("axes fraction", "data"),
                          va="center", fontsize=9, fontweight="bold")  # fmt: skip
            place -= 1.0
            for _, row in table.iterrows():
                axes.hlines(place, row["rate_low95"], row["rate_high95"], style.colour, lw=1.2)
                axes.hlines(place, row["rate_low80"], row["rate_high80"], style.colour, lw=4.5)
                axes.plot(row["rate"], place, style.marker, color=style.colour, markersize=8,
                          markeredgecolor="white", markeredgewidth=1.2)  # fmt: skip
                ticks.append(place)
                names.append(str(row["group"]))
                place -= 1.0
        axes.set_yticks(ticks, names)
        axes.axvline(0, color=INK, linewidth=1)
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.set_xlabel(f"{sentence_case(_UNIT)} (below 0: more admissions)")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.4g}".replace("-", MINUS))
    return figure


def _benefit_alt(groups: Mapping[str, pd.DataFrame]) -> str:
    parts = []
    for dimension, table in groups.items():
        rows = [
            f"{row['group']} {rounded(row['rate'], step)} (80% interval "
            f"{interval(row['rate_low80'], row['rate_high80'], step)})"
            for _, row in table.iterrows()
            if np.isfinite(step := rounding_step(row["rate"], row["rate_low95"],
                                                 row["rate_high95"]))
        ]  # fmt: skip
        parts.append(f"{dimension}: {'; '.join(rows)}.")
    return (f"Dots with 80% and 95% intervals of {_UNIT}, one row a group. {' '.join(parts)} The "
            "table that follows gives every number.")  # fmt: skip
