"""What a contested assumption does to a comparison, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vru_model.reporting.blocks import Table
from vru_model.reporting.estimates import Estimate
from vru_model.reporting.findings import Findings
from vru_model.reporting.measures import ALL_AGES, HEADLINE_GROUP, HEADLINE_MEASURE
from vru_model.reporting.words import sentence_case
from vru_model.workbook.explore.answer import ADMISSIONS
from vru_model.workbook.explore.factor import change_in_words
from vru_model.workbook.explore.saved import Contested
from vru_model.workbook.explore.section import table_html, titles


@dataclass(frozen=True)
class Effect:
    """What a contested value does to a comparison: sentences, and a table as HTML."""

    sentences: tuple[str, ...]
    html: str


def effect(contested: Contested, before: Findings, after: Findings) -> Effect:
    """Return what another value does to what each strategy averts."""
    names, last = titles(before), before.options.years
    sentences, rows = [], []
    for name, title in names.items():
        for measure, group in ((HEADLINE_MEASURE, HEADLINE_GROUP), (ADMISSIONS, ALL_AGES)):
            ours = before.estimates.get(name, measure, group, last)
            theirs = after.estimates.get(f"{name}_contested", measure, group, last)
            rows.append({
                "Strategy and measure": f"{title}: {measure.of(group)} averted by year {last}",
                "As it was (80% interval)": f"{ours.central} ({ours.interval80})",
                "With the contested value (80% interval)":
                    f"{theirs.central} ({theirs.interval80})",
                "95% interval as it was": ours.interval95,
                "95% interval contested": theirs.interval95,
            })  # fmt: skip
        measure, group = HEADLINE_MEASURE, HEADLINE_GROUP
        sentences.append(_sentence(
            title, measure.of(group), last, before.estimates.get(name, measure, group, last),
            after.estimates.get(f"{name}_contested", measure, group, last)))  # fmt: skip
    table = Table(
        "contested", f"{contested.parameter}: "
        f"{change_in_words(contested.parameter, contested.before, contested.value)}",
        pd.DataFrame(rows), None,
        f"model runs {', '.join(after.run_ids)}; modelled, not recorded",
    )  # fmt: skip
    return Effect(tuple(sentences), table_html(table))


def _sentence(title: str, what: str, year: int, ours: Estimate, theirs: Estimate) -> str:
    """Return what becomes of one strategy, with both intervals; a tie is called a tie."""
    numbers = (f"by year {year} it averts {theirs.interval80} {what} (80% interval) instead of "
               f"{ours.interval80}")
    if (ours.averted, ours.low95, ours.high95) == (theirs.averted, theirs.low95, theirs.high95):
        return f"“{title}”: nothing changes; {ours.interval80} {what} averted by year {year}."
    if ours.verdict != theirs.verdict:
        turn = {"fewer": "does better than business as usual", "more": "does worse than it",
                "unclear": "cannot be told from it"}  # fmt: skip
        return (f"“{title}”: the answer changes. {sentence_case(numbers)}; it now "
                f"{turn[theirs.verdict]}.")
    apart = abs(theirs.averted - ours.averted)
    wide = max(ours.high80 - ours.low80, 1e-12)
    size = "hardly moves" if apart < 0.1 * wide else (
        "averts more" if theirs.averted > ours.averted else "averts less")
    return f"“{title}”: the answer stays the same, and {size}: {numbers}."
