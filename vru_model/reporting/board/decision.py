"""The decision box: one page that a chair can decide on, the same in every board paper."""

from __future__ import annotations

from datetime import date

import numpy as np

from vru_model.analysis.appraisal.value import CENTRAL
from vru_model.analysis.plausibility import HOW_SURE
from vru_model.experiments.intervals import FEWEST_DRAWS
from vru_model.parameters.accounts.appraisal import load_rules
from vru_model.reporting import recorded, result_tables, strategies
from vru_model.reporting.blocks import Panel, Prose, Table, Terms, escape
from vru_model.reporting.board.case import MAXIMUM, MINIMUM, STRATEGY, BoardCase
from vru_model.reporting.board.standing import standing
from vru_model.reporting.estimates import averted_message, label
from vru_model.reporting.measures import HEADLINE_GROUP, HEADLINE_MEASURE, HEADLINE_YEARS
from vru_model.reporting.provenance import how_sure
from vru_model.reporting.words import (
    chance,
    in_words,
    money,
    pounds,
    sentence_case,
    two_figures,
)

_SERIES = "sharp_object_admissions"


def headline_years(case: BoardCase) -> list[int]:
    """Return years 3 and 10, or as far as the runs reach."""
    return sorted({min(year, case.options.years) for year in HEADLINE_YEARS})


def decision_box(case: BoardCase, question: str, day: date, answer: str = "") -> Panel:
    """Return the decision box of a paper.

    Parameters
    ----------
    question
        The question that this paper puts to its board.
    day
        The date on the paper, from which its last day of use is counted.
    answer
        What the paper answers, where the recommendation on the strategy does not answer it.
    """
    asked = {
        "Question": question,
        **({"Answer": answer} if answer else {}),
        "Recommendation": recommendation(case),
        "Options compared": options_compared(case),
        "Headline": " ".join(f"{line}." for line in headlines(case)),
    }
    weighed = {
        "Cost and payer": f"{cost(case)} Paid by: {escape(case.options.payer)}.",
        "Value for money": benefits_against_costs(case),
        "What it hangs on": hangs_on(case),
        "Inequality": inequality(case),
        "What will be seen": seen(case),
        "Is it plausible?": plausible(case),
        "How sure": how_sure(case.findings),
        "Assurance": standing().sentence,
        "Made from": ", ".join(f"`{run}`" for run in case.findings.run_ids),
        "Standing": f"{'Draft until the logs are signed. ' if standing().draft else ''}"
        f"Not to be used after {standing().sunset(day)}.",
    }
    content: list[Prose | Terms | Table] = [
        Terms(asked),
        result_tables.headline(case.findings, headline_years(case)),
        Terms(weighed),
    ]
    return Panel("decision", "Decision box", content)


def headlines(case: BoardCase) -> list[str]:
    """Return the headline measure's message at the headline years."""
    estimates = case.findings.estimates
    return [
        averted_message(
            HEADLINE_MEASURE, HEADLINE_GROUP, year,
            estimates.at(HEADLINE_MEASURE, HEADLINE_GROUP, year),
        )
        for year in headline_years(case)
    ]  # fmt: skip


def recommendation(case: BoardCase) -> str:
    """Return what the board is asked to do: the director's word, else what the rule suggests."""
    name = escape(label(case.strategy.name))
    suggested, why = suggestion(case)
    given = case.options.recommendation
    if given:
        return (
            f"**{sentence_case(given)}** {name} (the director’s recommendation). By the program’s "
            f"rule the evidence suggests to {suggested}: {why}."
        )
    return (
        f"**{sentence_case(suggested)}** {name}, by the program’s rule: {why}. *To be confirmed or "
        "changed by the Director of the Violence Reduction Unit.*"
    )


def suggestion(case: BoardCase) -> tuple[str, str]:
    """Return "approve", "note" or "defer", and why, by a fixed rule.

    Defer where the result is implausibly good, or where fewer than 20 draws leave out what is
    unknown; approve where the 80% interval of the headline holds fewer alone and benefits exceed
    costs in as many draws as ``parameters/appraisal.yaml`` asks; otherwise note. A rule of this
    project, not of the boards.
    """
    if case.gates[case.strategy.name].warning:
        return "defer", "the result is far better than any unit was found to be"
    if case.options.draws < FEWEST_DRAWS:
        return "defer", f"fewer than {FEWEST_DRAWS} draws do not cover what is unknown"
    last = headline_years(case)[-1]
    found = case.findings.estimates.get(case.strategy.name, HEADLINE_MEASURE, HEADLINE_GROUP, last)
    worth = float(_central(case, STRATEGY)["chance_benefits_exceed_costs"])
    sure, least = chance(worth, case.options.draws), load_rules().worth.least_chance
    what = HEADLINE_MEASURE.of(HEADLINE_GROUP)
    can = {
        "fewer": f"has fewer {what} than the baseline",
        "more": f"has more {what} than the baseline",
    }.get(found.verdict, f"cannot be told from the baseline in {what}")
    told = f"by year {last} it {can} (80% interval)"
    if found.verdict == "fewer" and worth >= least:
        return "approve", f"{told}, and the chance that benefits exceed costs is {sure}"
    return "note", (
        f"{told}, and the chance that benefits exceed costs is {sure}; approval asks for "
        f"fewer, and for a chance of at least {least:.0%}"
    )


def options_compared(case: BoardCase) -> str:
    """Return the options with their titles, the baseline first."""
    named = {"baseline": case.baseline, **case.findings.scenarios}
    return "; ".join(
        f"**{escape(name.replace('_', ' '))}** ({escape(scenario.title)})"
        for name, scenario in named.items()
    ) + "."  # fmt: skip


def cost(case: BoardCase) -> str:
    """Return what each option costs a year and over the horizon, with its price year."""
    years = case.options.years
    parts = []
    for name, scenario in case.findings.scenarios.items():
        yearly = strategies.budget(case.findings, name)
        parts.append(
            f"{_short(name)}: {money(yearly)} a year on average, {money(years * yearly)} over "
            f"{years} years ({scenario.price_year} prices)"
        )
    return f"{sentence_case('; '.join(parts))}."


def benefits_against_costs(case: BoardCase) -> str:
    """Return the chance that each option's benefits exceed its costs, and the ratio's interval."""
    parts = []
    for part in dict.fromkeys((STRATEGY, MINIMUM, MAXIMUM)):
        row = _central(case, part)
        sure = chance(float(row["chance_benefits_exceed_costs"]), case.options.draws)
        parts.append(
            f"{_short(case.scenarios[part].name)}: {ratio(row)}, chance that it exceeds £1 {sure}"
        )
    profile = case.streams().profile
    return (
        f"{sentence_case('; '.join(parts))}. {profile.price_base} prices, discounted, corrected "
        "for optimism."
    )


def _short(strategy: str) -> str:
    return strategy.replace("_", " ")


def ratio(row) -> str:
    """Return benefits for each £1 spent with the 80% interval, before the mean."""
    low, high, mean = (pounds(float(row[name])) for name in ("bcr_low80", "bcr_high80", "bcr"))
    return f"{low} to {high} of benefit for each £1 (80% interval; mean {mean})"


def hangs_on(case: BoardCase) -> str:
    """Return the assumption that matters most, and which alone would turn gain into harm."""
    found = f"{escape(case.study.biggest.sentence)}"
    if alone := case.study.harmful_alone:
        found += (" At an end of its range, and by more than chance would, one assumption alone "
                  f"turns gain into harm: {escape('; '.join(alone))}.")  # fmt: skip
    return f"{found} {_study_scope(case)}"


def inequality(case: BoardCase) -> str:
    """Return what happens to absolute and relative inequality in injuries of the headline kind."""
    table = case.inequality()
    chosen = table[table["measure"] == "admissions"]
    if chosen.empty:
        return "Not known: the runs did not count admissions by deprivation."
    row = chosen.iloc[0]
    what = f"Inequality over deprivation in {row['title'].lower()}, {label(case.strategy.name)}"
    return f"{what}: absolute {row['absolute']}, relative {row['relative']}."


def seen(case: BoardCase) -> str:
    """Return where and when the strategy would show in a published series, or that it will not."""
    table = case.visibility()
    visible = table[np.isfinite(table["first_year_visible"])]
    if len(visible):
        first = visible.sort_values("first_year_visible").iloc[0]
        return str(first["sentence"])
    headline = table[(table["measure"] == _SERIES) & (table["group"] == HEADLINE_GROUP)]
    row = (headline if len(headline) else table).iloc[0]
    return f"In no published series. {row['sentence']} A fall there will not show that it works."


def plausible(case: BoardCase) -> str:
    """Return what the options avert beside what the same money averted nationally."""
    gates = case.gates
    warned = [label(name) for name, gate in gates.items() if gate.warning]
    gate = gates[case.strategy.name]
    sure = "" if not warned else f"**Warning, far too good:** {in_words(warned)}. "
    return (
        f"{recorded.sentence(recorded.checks(case.findings))} {sure}"
        f"{sentence_case(label(case.strategy.name))} averts {result_tables.interval95(gate)} "
        f"hospital admissions for violence by year {gate.year} (95% interval; mean "
        f"{result_tables.averted(gate)}); nationally the same money was estimated to avert "
        f"{two_figures(gate.benchmark)} ({HOW_SURE})."
    )


def _central(case: BoardCase, part: str):
    table = case.appraisal(part)
    return table.loc[table["case"] == CENTRAL].iloc[0]


def _study_scope(case: BoardCase) -> str:
    return f"(Admissions averted by year {case.study.words['year']}, smaller worlds.)"
