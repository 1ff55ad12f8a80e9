"""Harms: what programmes may do that nobody wants, what never helped, and displacement."""

from __future__ import annotations

import pandas as pd

from vru_model.experiments import compare
from vru_model.parameters.programmes import Programme
from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.case import STRATEGY, BoardCase
from vru_model.reporting.board.impact.incremental import ADMISSIONS
from vru_model.reporting.board.impact.register import NO_USE, no_use_table, ordered
from vru_model.reporting.board.impact.runs import ImpactRuns
from vru_model.reporting.estimates import Estimate, Estimates
from vru_model.reporting.measures import ALL_AGES, HEADLINE_MEASURE
from vru_model.reporting.words import in_words, percentage, sentence_case
from vru_model.scenario import Scenario


def harm_blocks(case: BoardCase, runs: ImpactRuns) -> list[Block]:
    """Return the harms of each programme, those that never helped, and displacement."""
    programmes = ordered(case)
    funded = [one.title for one in programmes if one.standing in NO_USE]
    words = (
        f"The strategy pays for {in_words(funded)}, which the evidence says does nothing or harms."
        if funded
        else "The strategy pays for nothing that was found to do nothing or to harm. The table of "
        "those that were stands here so that they are not taken up by another name."
    )
    return [
        _harms(programmes), Prose(words), no_use_table(case), *displacement_blocks(case, runs),
    ]  # fmt: skip


def _harms(programmes: list[Programme]) -> Table:
    rows = [
        {"Programme": one.title, "What it may do that nobody wants": one.harms,
         "What is not known, or not in the model": one.limits}
        for one in programmes
    ]  # fmt: skip
    return Table(
        name="harms",
        caption="Harms that the evidence points to, and limits",
        frame=pd.DataFrame(rows),
        source="the documents in parameters/programmes",
        text_columns=("What it may do that nobody wants", "What is not known, or not in the model"),
    )


def displacement_blocks(case: BoardCase, runs: ImpactRuns) -> list[Block]:
    """Return what would be lost if part of what places prevent happened near by instead."""
    places = [one.title for one in case.strategy.programmes_funded if one.of_places]
    if runs.displaced is None:
        return [Prose("The strategy has its own setting of displacement; no other was run.")]
    share = _share(case)
    last = case.options.years
    comparison = compare(runs.displaced, case.run(STRATEGY), [last])
    estimates = Estimates({"lost": comparison.table})
    found = {
        measure.plural: estimates.get("lost", measure, ALL_AGES, last)
        for measure in (ADMISSIONS, HEADLINE_MEASURE)
    }
    rows = [
        {"Lost to displacement": sentence_case(what), "80% interval": one.interval80,
         "95% interval": one.interval95, "Mean": one.central}
        for what, one in found.items()
    ]  # fmt: skip
    table = Table(
        name="displacement",
        caption=f"What the strategy would avert less by year {last} if {percentage(share)} of what "
        "covered places prevent happened near by instead; a minus sign means more averted",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame([{"measure": what} | vars(one) for what, one in found.items()]),
        source=f"model runs {case.run(STRATEGY).run_id}, {runs.displaced.run_id}; modelled, not "
        "recorded",
    )
    return [Prose(_words(places, share, found["admissions"], last)), table]


def _share(case: BoardCase) -> float:
    from vru_model.reporting.board.impact.runs import DISPLACEMENT

    return float(Scenario.load(DISPLACEMENT).shock.displacement)


def _words(places: list[str], share: float, found: Estimate, last: int) -> str:
    if not places:
        return (
            "Displacement does not arise: no programme of the strategy works on places. The run "
            "with displacement stands below as a check and shows no difference."
        )
    told = {
        "fewer": f"the strategy would avert {found.size80} admissions less by year {last} "
        "(80% interval)",
        "more": f"the strategy would avert {found.size80} admissions more by year {last} (80% "
        "interval), which is chance or a side effect and not a benefit to count on",
    }.get(
        found.verdict, f"the difference by year {last} cannot be told from nothing (80% interval)"
    )
    return (
        "The average finding is that violence does not move next door when places are covered. If "
        f"{percentage(share)} of what {in_words(places)} prevents happened near by instead, {told}."
    )
