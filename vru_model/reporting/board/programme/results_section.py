"""What happens by years 1, 3, 5 and 10: each measure in words, charts and tables."""

from __future__ import annotations

import pandas as pd

from vru_model.reporting import crossing, recorded, result_tables
from vru_model.reporting.blocks import Block, Chart, Panel, Prose, Table, escape
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.board.programme.fans import course_blocks
from vru_model.reporting.board.programme.readings import Readings
from vru_model.reporting.charts import averted_alt, averted_chart, png
from vru_model.reporting.estimates import Estimate, averted_message, label
from vru_model.reporting.measures import GROUPS, HOME_OFFICE_MEASURES
from vru_model.reporting.words import MINUS, percentage, sentence_case, slug, two_figures

MEASURES = {measure.key: measure for measure in HOME_OFFICE_MEASURES}
_YARDSTICK = (
    "The national evaluation of Violence Reduction Units gives a yardstick for what is averted. A "
    "result more than twice as good is more likely to be a fault of the model than a discovery, "
    "so it carries a warning."
)


def measure_blocks(case: BoardCase, readings: Readings, key: str) -> list[Block]:
    """Return what happens to one measure: since the start for all options, then year by year."""
    findings, measure = case.findings, MEASURES[key]
    estimates, years = findings.estimates, findings.years
    last = years[-1]
    paragraphs = []
    for group in GROUPS:
        found = estimates.at(measure, group, last)
        words = [f"{averted_message(measure, group, last, found)}."]
        words += [_share(name, one) for name, one in found.items()]
        paragraphs.append(" ".join(word for word in words if word))
    paragraphs.append(measure.definition)
    chart = Chart(
        name=slug(measure.plural),
        png=png(averted_chart(measure, estimates, years)),
        alt=averted_alt(measure, estimates, years),
        caption=f"{sentence_case(measure.plural)} averted since the start, with 80% (thick) "
        "and 95% (thin) intervals",
        source=findings.source,
    )
    return [
        Prose("\n\n".join(paragraphs)), chart, since_the_start(case, key),
        *course_blocks(case, readings, measure),
    ]  # fmt: skip


def since_the_start(case: BoardCase, key: str) -> Table:
    """Return one measure since the start: a row an option, group of victims and year."""
    findings, measure = case.findings, MEASURES[key]
    rows, data = [], []
    for group in GROUPS:
        for year in findings.years:
            for name, one in findings.estimates.at(measure, group, year).items():
                option = sentence_case(name.replace("_", " "))
                rows.append({
                    "Victims, by the end of year, option": f"{sentence_case(group)}, year {year}, "
                    f"{option}",
                    "Business as usual": two_figures(one.baseline),
                    "Averted": one.central,
                    "80% interval": one.interval80,
                    "95% interval": one.interval95,
                    "Chance of fewer": one.chance,
                })  # fmt: skip
                data.append({"measure": measure.name, "group": group, "year": year,
                             "strategy": name} | vars(one))  # fmt: skip
    return Table(
        name=slug(measure.plural),
        caption=f"{sentence_case(measure.plural)} since the start: how many as now, and how many "
        "fewer each option has (a minus sign means more)",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame(data),
        source=findings.source,
    )


def crossing_blocks(case: BoardCase) -> list[Block]:
    """Return whether the slower of two strategies overtakes the quicker, and what they are."""
    sentences = [
        f"- **{escape(sentence_case(name.replace('_', ' ')))}**: {escape(scenario.sentence())}"
        for name, scenario in case.contrast.scenarios.items()
    ]
    answer, *others = crossing.crossing_blocks(case.contrast)
    return [answer, Prose("\n".join(sentences)), *others]


def plausibility_blocks(case: BoardCase) -> list[Block]:
    """Return the baseline beside records, then a warning where a result is too good."""
    findings, checks = case.findings, recorded.checks(case.findings)
    blocks: list[Block] = [
        Prose(recorded.sentence(checks)),
        recorded.table(findings, checks),
        Prose(_YARDSTICK),
    ]
    for name, gate in case.gates.items():
        if not gate.warning and name != case.strategy.name:
            continue
        kind, heading = ("warning", "Warning") if gate.warning else ("note", "No warning")
        content = [Prose(escape(gate.sentence.replace("-", MINUS)))]
        blocks.append(Panel(kind, f"{heading}: {label(name)}", content, level=3))
    return [*blocks, result_tables.plausibility(findings, case.gates)]


def _share(name: str, found: Estimate) -> str:
    if found.verdict == "unclear":
        return ""
    change = "fewer" if found.averted > 0 else "more"
    return (
        f"Central estimate for {label(name)}: {found.central.lstrip(MINUS)} {change}, "
        f"{percentage(abs(found.reduction))} of the baseline’s {two_figures(found.baseline)}."
    )
