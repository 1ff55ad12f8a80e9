"""The tables of a paper's results: as they are read, and unrounded for those who work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from vru_model.reporting.blocks import Table
from vru_model.reporting.estimates import Estimate
from vru_model.reporting.findings import Findings
from vru_model.reporting.measures import GROUPS, HEADLINE_GROUP, HEADLINE_MEASURE, Measure
from vru_model.reporting.plausibility import SOURCE, Plausibility
from vru_model.reporting.words import interval, sentence_case, slug, two_figures


def headline(findings: Findings, years: Sequence[int]) -> Table:
    """Return the headline measure of each strategy at a few years, for the decision box."""
    rows, data = [], []
    for name in findings.scenarios:
        for year in years:
            found = findings.estimates.get(name, HEADLINE_MEASURE, HEADLINE_GROUP, year)
            rows.append(
                {
                    "Strategy, by the end of year": f"{_heading(name)}, year {year}",
                    "Averted": found.central,
                    "80% interval": found.interval80,
                    "95% interval": found.interval95,
                    "Chance of doing better than the baseline": found.chance,
                }
            )
            data.append({"strategy": name, "year": year, **vars(found)})
    what = sentence_case(HEADLINE_MEASURE.of(HEADLINE_GROUP))
    return Table(
        name="headline",
        caption=f"{what} averted since the start",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame(data),
        source=findings.source,
    )


def of_measure(findings: Findings, measure: Measure) -> Table:
    """Return one measure of every strategy, by group of victims and year."""
    rows, data = [], []
    for group in GROUPS:
        for year in findings.years:
            found = findings.estimates.at(measure, group, year)
            rows.append(_row(group, year, found))
            data += [
                {"measure": measure.name, "group": group, "year": year, "strategy": name}
                | vars(one)
                for name, one in found.items()
            ]
    return Table(
        name=slug(measure.plural),
        caption=f"{sentence_case(measure.plural)} since the start: the baseline's number and "
        "how many fewer each strategy has (a minus sign means more)",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame(data),
        source=findings.source,
    )


def plausibility(findings: Findings, weighed: Mapping[str, Plausibility]) -> Table:
    """Return averted admissions a year beside what the national evaluation would suggest."""
    rows = [
        {
            "Strategy": _heading(name),
            "Admissions averted a year, by the model": two_figures(found.averted),
            "80% interval": interval(found.low80, found.high80),
            "The same money at the national cost": two_figures(found.at_national_cost),
            "This place at the national rate": two_figures(found.at_national_rate),
            "Spent for each admission averted": found.cost_per_admission,
        }
        for name, found in weighed.items()
    ]
    return Table(
        name="plausibility",
        caption="Hospital admissions for violence averted a year, the mean over "
        f"{findings.options.years} years, beside the national evaluation",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame([{"strategy": name, **vars(found)} for name, found in weighed.items()]),
        source=f"{findings.source}. National figures: {SOURCE}",
    )


def _row(group: str, year: int, found: Mapping[str, Estimate]) -> dict[str, str]:
    first = next(iter(found.values()))
    row = {
        "Victims, by the end of year": f"{sentence_case(group)}, year {year}",
        "Baseline": two_figures(first.baseline),
    }
    for name, one in found.items():
        title = _heading(name)
        row[f"{title}: averted"] = one.central
        row[f"{title}: 80% interval"] = one.interval80
        row[f"{title}: 95% interval"] = one.interval95
        row[f"{title}: chance of fewer"] = one.chance
    return row


def _heading(name: str) -> str:
    return sentence_case(name.replace("_", " "))
