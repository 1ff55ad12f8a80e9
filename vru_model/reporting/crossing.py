"""Does the second strategy overtake the first, and when?

Two strategies of the same cost are compared world by world, so that the difference between them
is known better than either's own effect.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from vru_model.reporting.blocks import Block, Chart, Prose, Table
from vru_model.reporting.charts import png, trajectory_chart
from vru_model.reporting.estimates import Estimate, label
from vru_model.reporting.findings import Findings
from vru_model.reporting.measures import (
    ALL_AGES,
    HEADLINE_MEASURE,
    HOME_OFFICE_MEASURES,
    Measure,
)
from vru_model.reporting.words import in_words, sentence_case


def crossing_blocks(findings: Findings) -> list[Block]:
    """Return the answer in words, its chart and its table."""
    if findings.lead is None:
        return [Prose("There is one strategy, so there is nothing for it to overtake.")]
    measure = HEADLINE_MEASURE
    names = pair(findings)
    lead = leads(findings, measure)
    title = f"{sentence_case(measure.plural)}: {message(lead, names)}"
    figure = trajectory_chart(title, measure, findings.estimates, lead, names)
    chart = Chart(
        name="crossing",
        png=png(figure),
        alt=f"Two line charts over years 1 to {max(lead)}. On the left, {measure.plural} averted "
        f"since the start by {in_words([label(name) for name in names])}, with 80% bands. On the "
        f"right, how many more {label(names[1])} averts, with 80% and 95% bands: "
        f"{_ends(lead)}. The table that follows gives every number.",
        caption=f"{sentence_case(measure.plural)} averted since the start, victims of all ages",
        source=findings.source,
    )
    return [Prose(_answer(findings, names)), chart, _table(findings, measure, names)]


def pair(findings: Findings) -> tuple[str, str]:
    """Return the two strategies that are compared: the first two given."""
    first, second = list(findings.scenarios)[:2]
    return first, second


def leads(findings: Findings, measure: Measure, window: str = "by year") -> dict[int, Estimate]:
    """Return year → what the second strategy averts beyond the first."""
    assert findings.lead is not None
    _, second = pair(findings)
    years = range(1, findings.options.years + 1)
    return {year: findings.lead.get(second, measure, ALL_AGES, year, window) for year in years}


def crossing_year(lead: Mapping[int, Estimate]) -> int | None:
    """Return the year from which the second strategy stays ahead, by the central estimates.

    None where it is ahead from the first year on, or not at the end.
    """
    behind = [year for year, found in lead.items() if found.averted <= 0]
    if not behind or max(behind) == max(lead):
        return None
    return max(behind) + 1


def message(lead: Mapping[int, Estimate], names: tuple[str, str]) -> str:
    """Return the sentence that the chart states: only what 80% intervals can tell."""
    first, second = (label(name) for name in names)
    last = max(lead)
    # "fewer" means that the second strategy has fewer incidents than the first.
    ahead = [year for year, found in lead.items() if found.verdict == "fewer"]
    behind = [year for year, found in lead.items() if found.verdict == "more"]
    if not ahead and not behind:
        return f"{first} and {second} cannot be told apart in any year"
    if last in ahead and behind:
        return f"{second} is behind in year {behind[-1]} and ahead by year {ahead[0]}"
    if last in ahead:
        return f"{second} is ahead by year {ahead[0]} and stays so"
    if last in behind:
        return f"{first} is ahead by year {behind[0]} and still is by year {last}"
    leader, years = (second, ahead) if ahead else (first, behind)
    when = f"in year {years[-1]}" if len(years) == 1 else f"until year {years[-1]}"
    return f"{leader} is ahead {when}; by year {last} the two cannot be told apart"


def _answer(findings: Findings, names: tuple[str, str]) -> str:
    first, second = (label(name) for name in names)
    lead = leads(findings, HEADLINE_MEASURE)
    end = lead[max(lead)]
    sentences = [
        f"On {HEADLINE_MEASURE.plural}, {message(lead, names)}.",
        f"The chance that {second} has averted more than {first} by year {max(lead)} "
        f"is {end.chance}.",
    ]
    return f"{' '.join(sentences)}\n\n{_central_estimates(findings, second)}"


def _central_estimates(findings: Findings, second: str) -> str:
    """Return when the second strategy moves ahead on each measure, whatever the intervals."""
    intro = "By the central estimates alone, without regard to their intervals,"
    found = {
        measure.plural: (
            _when(leads(findings, measure)),
            _when(leads(findings, measure, "in year")),
        )
        for measure in HOME_OFFICE_MEASURES
    }
    if len({when for both in found.values() for when in both}) == 1:
        when = next(iter(found.values()))[0]
        moves = f"moves ahead {when} on every measure"
        if when.startswith("not "):
            moves = f"does not move ahead {when.removeprefix('not ')} on any measure"
        return (
            f"{intro} {second} {moves}, whether counted since the start or in each year alone "
            "(victims of all ages)."
        )
    lines = "\n".join(
        f"- {what}: {since} counted since the start, {alone} counted in each year alone."
        for what, (since, alone) in found.items()
    )
    return f"{intro} {second} moves ahead for good as follows (victims of all ages):\n\n{lines}"


def _when(lead: Mapping[int, Estimate]) -> str:
    year = crossing_year(lead)
    if year is not None:
        return f"in year {year}"
    ahead = lead[max(lead)].averted > 0
    return "from year 1" if ahead else f"not by year {max(lead)}"


def _ends(lead: Mapping[int, Estimate]) -> str:
    return "; ".join(
        f"in year {year}, {lead[year].central} (80% interval {lead[year].interval80})"
        for year in sorted({min(lead), max(lead)})
    )


def _table(findings: Findings, measure: Measure, names: tuple[str, str]) -> Table:
    first, second = (name.replace("_", " ") for name in names)
    lead = leads(findings, measure)
    rows, data = [], []
    for year, found in lead.items():
        ours = findings.estimates.at(measure, ALL_AGES, year)
        rows.append(
            {
                "By the end of year": str(year),
                f"{first.capitalize()} (80% interval)": _with_interval(ours[names[0]]),
                f"{second.capitalize()} (80% interval)": _with_interval(ours[names[1]]),
                f"{second.capitalize()} less {first} (80% interval)": _with_interval(found),
                "95% interval": found.interval95,
                f"Chance that {second} is ahead": found.chance,
            }
        )
        data.append({"year": year, "measure": measure.name, **_unrounded(found)})
    return Table(
        name="crossing",
        caption=f"{sentence_case(measure.plural)} averted since the start, victims of all ages",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame(data),
        source=findings.source,
    )


def _with_interval(found: Estimate) -> str:
    return f"{found.central} ({found.interval80})"


def _unrounded(found: Estimate) -> dict[str, float]:
    names = ("averted", "low80", "high80", "low95", "high95", "chance_better")
    return {name: getattr(found, name) for name in names}
