"""One comparison at a glance, for a notebook: what it says, a chart, a table, how sure it is."""

from __future__ import annotations

import pandas as pd

from vru_model.experiments import Comparison
from vru_model.reporting.blocks import Block, Chart, Prose, Table, escape
from vru_model.reporting.charts import averted_alt, averted_chart, png
from vru_model.reporting.estimates import Estimates, averted_message
from vru_model.reporting.measures import (
    ALL_AGES,
    GROUPS,
    HEADLINE_MEASURE,
    HEADLINE_YEARS,
    HOME_OFFICE_MEASURES,
)
from vru_model.reporting.words import sentence_case, slug, two_figures


def at_a_glance(comparison: Comparison) -> list[Block]:
    """Return what to show of a comparison: ``display(*at_a_glance(comparison))``.

    A sentence for each of the Home Office's three measures by the last year compared, a chart of
    sharp-object admissions, a table of all three, and what a reader has to know before trusting
    them.
    """
    name = comparison.other.manifest["scenario"]["name"]
    estimates = Estimates({name: comparison.table})
    years = [int(year) for year in sorted(comparison.table["year"].unique())]
    source = f"model runs {comparison.base.run_id}, {comparison.other.run_id}"
    sentences = [
        averted_message(measure, ALL_AGES, years[-1], estimates.at(measure, ALL_AGES, years[-1]))
        for measure in HOME_OFFICE_MEASURES
    ]
    chart = Chart(
        name=slug(HEADLINE_MEASURE.plural),
        png=png(averted_chart(HEADLINE_MEASURE, estimates, years)),
        alt=averted_alt(HEADLINE_MEASURE, estimates, years),
        caption=f"{sentence_case(HEADLINE_MEASURE.plural)} averted since the start, with 80% "
        "(thick) and 95% (thin) intervals",
        source=source,
    )
    notes = " ".join((*comparison.notes, *comparison.attribution))
    return [
        Prose("\n".join(f"- {sentence}." for sentence in sentences) + f"\n\n*{escape(notes)}*"),
        chart,
        _table(estimates, name, sorted({min(year, years[-1]) for year in HEADLINE_YEARS}), source),
    ]


def _table(estimates: Estimates, name: str, years: list[int], source: str) -> Table:
    rows = []
    for measure in HOME_OFFICE_MEASURES:
        for group in GROUPS:
            for year in years:
                found = estimates.get(name, measure, group, year)
                rows.append(
                    {
                        "Measure": sentence_case(measure.of(group)),
                        "By the end of year": str(year),
                        "Baseline": two_figures(found.baseline),
                        "Averted": found.central,
                        "80% interval": found.interval80,
                        "95% interval": found.interval95,
                        "Chance of fewer": found.chance,
                    }
                )
    return Table(
        name=f"glance-{slug(name)}",
        caption="Averted since the start (a minus sign means more than the baseline)",
        frame=pd.DataFrame(rows),
        source=source,
    )
