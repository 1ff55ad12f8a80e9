"""What a comparison says, in the order in which a strategist asks: the answer of a stage.

The core stands within a second of the last world; the details, who gains and who pays among them,
follow.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

import pandas as pd

from vru_model.analysis.appraisal.value import appraisal_table
from vru_model.analysis.plausibility import Plausibility, plausibility
from vru_model.analysis.wording import rounding_step
from vru_model.experiments.intervals import FEWEST_DRAWS
from vru_model.reporting import recorded, result_tables
from vru_model.reporting.blocks import Chart, Table
from vru_model.reporting.charts import png
from vru_model.reporting.estimates import averted_message
from vru_model.reporting.fan import fan_alt, fan_chart
from vru_model.reporting.findings import Findings
from vru_model.reporting.measures import (
    GROUPS,
    HEADLINE_GROUP,
    HEADLINE_MEASURE,
    HEADLINE_YEARS,
    HOME_OFFICE_MEASURES,
    Measure,
)
from vru_model.reporting.provenance import how_sure
from vru_model.reporting.report.tables import read_appraisal
from vru_model.reporting.strategies import budget
from vru_model.reporting.words import (
    MINUS,
    chance,
    money,
    rounded,
    sentence_case,
    two_figures,
)
from vru_model.workbook.explore.job import ENOUGH
from vru_model.workbook.explore.section import (
    Part,
    Section,
    chart_html,
    kept_table,
    named,
    table_html,
    titles,
)

ADMISSIONS = Measure("expected_admissions", "People admitted to hospital after violence.")
MEASURES = (*HOME_OFFICE_MEASURES, ADMISSIONS)


def core(findings: Findings) -> list[Section]:
    """Return the answer itself: the sentence, strategies side by side, the years, the gate."""
    return [_answer(findings), _course(findings, MEASURES[:1]), _plausible(findings)]


def all_measures(findings: Findings) -> Section:
    """Return the course of every measure, where the core has that of the first alone."""
    return _course(findings, MEASURES)


def details(findings: Findings) -> list[Section]:
    """Return for whom, at whose cost, what it hangs on and how it was made."""
    from vru_model.workbook.explore import details as parts

    return [parts.who(findings), parts.pays(findings), parts.hangs(findings),
            *parts.where(findings), parts.evidence(findings), parts.made(findings)]


def sureness(findings: Findings, share: float) -> str:
    """Return how sure the answer is, in words that cannot be switched off."""
    text = how_sure(findings).replace("**", "")
    if math.isfinite(share):
        verdict = "little enough" if share <= ENOUGH else "more than it should be"
        text += (f" Chance alone leaves {100 * share:.2g}% of the admissions of business as usual "
                 f"in the difference: {verdict}.")
    if findings.options.draws < FEWEST_DRAWS:
        text += f" Below {FEWEST_DRAWS} draws parameter uncertainty is not covered."
    return text


def ending(findings: Findings, share: float) -> str:
    """Return why sharpening ended."""
    if share <= ENOUGH:
        return "Done: chance now hides little; what is left in the intervals is what nobody knows."
    return "Done: as sharp as this size allows. A larger population would leave less to chance."


def _answer(findings: Findings) -> Section:
    part = Part("answer", "The answer")
    names, estimates = titles(findings), findings.estimates
    for year in _headline_years(findings):
        found = estimates.at(HEADLINE_MEASURE, HEADLINE_GROUP, year)
        text = averted_message(HEADLINE_MEASURE, HEADLINE_GROUP, year, found)
        part.say(f"{named(text, names)}.", "sentence")
    part.table(scoreboard(findings))
    return part.section


def _headline_years(findings: Findings) -> list[int]:
    return sorted({min(year, findings.options.years) for year in HEADLINE_YEARS})


def scoreboard(findings: Findings) -> Table:
    """Return the strategies side by side: money, what they avert, how sure, what it is worth."""
    names = titles(findings)
    shown: dict[str, dict[str, str]] = {}
    data: list[dict[str, object]] = []
    for name, title in names.items():
        column = {"Money": f"{money(budget(findings, name))} a year"}
        for year in _headline_years(findings):
            for measure, group in ((HEADLINE_MEASURE, HEADLINE_GROUP), (ADMISSIONS, GROUPS[0])):
                found = findings.estimates.get(name, measure, group, year)
                row = f"{sentence_case(measure.of(group))} averted by year {year}"
                column[row] = (f"{found.interval80} (80%); {found.interval95} (95%); central "
                               f"{found.central}")
                column[f"Chance of fewer {measure.of(group)} by year {year}"] = found.chance
                data.append({"strategy": title, "measure": measure.name, "group": group,
                             "year": year} | vars(found))
        column |= _worth(findings, name)
        shown[title] = column
    frame = pd.DataFrame(shown).rename_axis("Against business as usual").reset_index()
    return Table("side_by_side", "The strategies side by side, against business as usual", frame,
                 pd.DataFrame(data), findings.source, tuple(shown))


def _worth(findings: Findings, name: str) -> dict[str, str]:
    """Return what the benefits are worth against the cost, and how sure that is."""
    streams = read_appraisal(findings.comparisons[name])
    row = appraisal_table(streams).iloc[0]
    step = rounding_step(row["bcr"], row["bcr_low95"], row["bcr_high95"])
    prices = streams.profile.price_base
    draws = int(row["draws"])
    return {
        f"Benefits for each £1 spent ({prices} prices)":
            f"{_in_pounds(row['bcr_low80'], row['bcr_high80'], step)} (80%); "
            f"{_in_pounds(row['bcr_low95'], row['bcr_high95'], step)} (95%); central "
            f"{_in_pounds(row['bcr'], row['bcr'], step).partition(' ')[0]}",
        "Chance that benefits exceed the cost":
            chance(row["chance_benefits_exceed_costs"], draws),
    }  # fmt: skip


def _in_pounds(low: float, high: float, step: float) -> str:
    """Return "−£1 to £6": the sign before the pound."""
    ends = (f"£{rounded(end, step)}".replace(f"£{MINUS}", f"{MINUS}£") for end in (low, high))
    return " to ".join(ends) if math.isfinite(low) and math.isfinite(high) else "not known"


def _course(findings: Findings, measures: Sequence[Measure]) -> Section:
    """Return how each measure goes over the years; the reader chooses the measure."""
    part = Part("course", "Year by year")
    for measure in measures:
        table = years_table(findings, measure)
        names = titles(findings)
        every = range(1, findings.options.years + 1)
        last = findings.years[-1]
        found = findings.estimates.at(measure, GROUPS[0], last)
        message = named(averted_message(measure, GROUPS[0], last, found), names)
        shown = [*names.values()]
        chart = Chart(
            f"fan-{measure.key}",
            png(fan_chart(measure, findings.estimates, every, shown, message)),
            fan_alt(measure, findings.estimates, every, shown),
            f"{sentence_case(measure.plural)} averted since the start, against business as usual. "
            "Dotted edges hold 80% of the results, the wider bands 95%.",
            findings.source,
        )
        words = f"<p>{html.escape(measure.definition)}</p>"
        part.section.views[measure.key] = [
            sentence_case(measure.plural), f"{words}{chart_html(chart)}{table_html(table)}"]
        part.section.tables.append(kept_table(table))
    return part.section


def years_table(findings: Findings, measure: Measure) -> Table:
    """Return a measure by the end of years 1, 3, 5 and 10, by group of victims."""
    rows, data = [], []
    for group in GROUPS:
        for year in findings.years:
            row: dict[str, str] = {}
            for name, title in titles(findings).items():
                found = findings.estimates.get(name, measure, group, year)
                if not row:
                    row = {"Victims, by the end of year": f"{sentence_case(group)}, year {year}",
                           "Business as usual": two_figures(found.baseline)}
                row[f"{title}: averted"] = found.central
                row[f"{title}: 80% interval"] = found.interval80
                row[f"{title}: 95% interval"] = found.interval95
                row[f"{title}: chance of fewer"] = found.chance
                data.append({"strategy": title, "measure": measure.name, "group": group,
                             "year": year} | vars(found))
            rows.append(row)
    caption = (f"{sentence_case(measure.plural)} since the start: business as usual, and how many "
               "fewer with each strategy (a minus sign means more)")
    return Table(measure.key, caption, pd.DataFrame(rows), pd.DataFrame(data), findings.source)


def _plausible(findings: Findings) -> Section:
    part = Part("plausible", "Is it plausible?")
    gates: dict[str, Plausibility] = {}
    for name, title in titles(findings).items():
        gate = plausibility(findings.comparisons[name])
        gates[name] = gate
        text = gate.sentence.replace("-", MINUS)
        if gate.warning:
            part.say(f"Warning, far too good. “{title}”: {text} More likely a fault of the model "
                     "than a discovery.", "warning")
        else:
            part.say(f"“{title}”: {text}", "note")
    part.table(result_tables.plausibility(findings, gates))
    checks = recorded.checks(findings)
    part.say(recorded.sentence(checks).replace("**", ""))
    part.table(recorded.table(findings, checks))
    return part.section
