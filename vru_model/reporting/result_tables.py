"""The tables of a paper's results: as they are read, and unrounded for those who work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from vru_model.analysis.plausibility import SOURCE, Plausibility
from vru_model.analysis.wording import rounding_step
from vru_model.reporting.blocks import Table
from vru_model.reporting.estimates import Estimate
from vru_model.reporting.findings import Findings
from vru_model.reporting.measures import GROUPS, HEADLINE_GROUP, HEADLINE_MEASURE, Measure
from vru_model.reporting.words import interval, money, rounded, sentence_case, slug, two_figures


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


def plausibility(findings: Findings, gates: Mapping[str, Plausibility]) -> Table:
    """Return averted admissions beside what the national evaluation would suggest."""
    rows = []
    for name, gate in gates.items():
        rows.append(
            {
                "Strategy, by the end of year": f"{_heading(name)}, year {gate.year}",
                "Spent": money(gate.extra_spend),
                "Admissions averted, by the model": averted(gate),
                "95% interval": interval95(gate),
                "The same money at the national cost": two_figures(gate.benchmark),
                "This place's share of the national result": two_figures(gate.national_share),
            }
        )
    return Table(
        name="plausibility",
        caption="Hospital admissions for violence averted since the start, beside the national "
        "evaluation; the year is the last, or the one furthest above the national cost",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame([{"strategy": name, **vars(gate)} for name, gate in gates.items()]),
        source=f"{findings.source}. National figures: {SOURCE}",
    )


def averted(gate: Plausibility) -> str:
    """Return the admissions that a gate weighs, rounded as their interval bears."""
    return rounded(gate.averted, _step(gate))


def interval95(gate: Plausibility) -> str:
    """Return the 95% interval of the admissions that a gate weighs."""
    return interval(gate.low95, gate.high95, _step(gate))


def _step(gate: Plausibility) -> float:
    return rounding_step(gate.averted, gate.low95, gate.high95)


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
