"""What removing each boundary is worth, in words, a chart and tables."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
import pandas as pd
from matplotlib.figure import Figure

from vru_model.analysis.measures import averted
from vru_model.analysis.plausibility import PRICE_OF_AN_ADMISSION, Plausibility
from vru_model.analysis.wording import rounding_step
from vru_model.experiments import Run
from vru_model.experiments.intervals import FEWEST_DRAWS
from vru_model.parameters.accounts.measures import MeasureCatalogue, load_measures
from vru_model.reporting.blocks import Block, Chart, Panel, Prose, Table, Terms, escape
from vru_model.reporting.board.system.boundaries import (
    DATA_SHARING,
    Boundary,
    flows,
)
from vru_model.reporting.board.system.differences import (
    ADMISSIONS,
    ASKED,
    effects_table,
    verdict,
)
from vru_model.reporting.board.system.removals import Removals
from vru_model.reporting.charts import INK, STYLES, look, png
from vru_model.reporting.estimates import Estimate, label
from vru_model.reporting.lettering import headed, rows_height, wrapped_to
from vru_model.reporting.measures import ALL_AGES
from vru_model.reporting.words import (
    MINUS,
    in_words,
    interval,
    money,
    rounded,
    sentence_case,
    two_figures,
)

_RECORDED = "police_recorded_violence_with_injury"
_BY_POLICE = ("police_recorded_incidents", _RECORDED)


def boundary_blocks(tested: Removals) -> list[Block]:
    """Return the boundaries one by one, then compared."""
    blocks: list[Block] = [Prose(summary(tested))]
    if tested.tried:
        blocks += [_chart(tested), *_tables(tested)]
    blocks.append(_costs(tested))
    for test in tested.tests:
        blocks += [Prose(f"### {test.title}"), Terms(_terms(tested, test))]
    return [*blocks, recording_warning(tested)]


def summary(tested: Removals) -> str:
    """Return which boundaries are worth removing, as far as the intervals can tell."""
    if not tested.tried:
        return "The strategy has none of the four boundaries to remove."
    lines = _found_to(tested)
    if unclear := tested.judged("unclear"):
        lines.append(f"removing {_any_of(unclear)} cannot be told from leaving it in place")
    draws = min(one.worlds for found in tested.found.values() for one in found)
    few = "" if draws >= FEWEST_DRAWS else (
        f" **With {draws} draws the intervals do not cover what is unknown: not for a decision.**"
    )
    warned = f" **Warning: {good}.**" if (good := too_good(tested)) else ""
    told = f"By year {tested.years}, as far as the 80% intervals tell, {'; '.join(lines)}."
    return f"{told}{warned}{few}"


def too_good(tested: Removals) -> str:
    """Return which removals are far better than any unit was found to be, "" where none is."""
    good = [test.title for test in tested.tried if implausible(tested, test)]
    more = "averts far more admissions for the money than units were found to"
    return f"removing {_any_of(good)} {more}" if good else ""


def _terms(tested: Removals, test: Boundary) -> dict[str, str]:
    rows = {
        "Between": sentence_case(test.between) + ".",
        "The test": escape(test.done),
        "What it costs": escape(sentence_case(_money_or_unknown(test))) + ".",
    }
    if test.scenario is None:
        return rows
    held = escape(label(test.held_against.name))
    found = tested.found[test.name]
    rows["What it is worth"] = " ".join(
        verdict(one, f"{measure.of(group)} by year {tested.years}, against {held}")
        for one, (measure, group) in zip(found, ASKED, strict=True)
    )
    if test.cost_per_year is not None:
        price = _per_admission(found[0], test.cost_per_year * tested.years)
        rows["For the money"] = f"{price} {escape(sentence_case(test.priced_by))}."
        if warning := implausible(tested, test):
            rows["Is it plausible?"] = warning
    starts = _starts(tested, test)
    if starts:
        rows["Who starts"] = starts
    return rows


def _money_or_unknown(test: Boundary) -> str:
    """Return the cost a year in words, with what it is made of and where the prices come from."""
    if test.cost_per_year is None:
        return sentence_case(test.cost_words)
    return f"{money(test.cost_per_year)} a year: {test.cost_words}; {test.priced_by}"


def implausible(tested: Removals, test: Boundary) -> str:
    """Return a warning where a removal averts far more than units were found to, else ""."""
    if test.scenario is None or test.cost_per_year is None:
        return ""
    one, spend = tested.found[test.name][0], float(test.cost_per_year * tested.years)
    gate = Plausibility(
        tested.years, spend, one.averted, one.low95, one.high95, spend / PRICE_OF_AN_ADMISSION,
        float("nan"),
    )  # fmt: skip
    if not gate.warning:
        return ""
    return (
        "**Warning, far too good:** units were estimated to avert about "
        f"{two_figures(gate.benchmark)} admissions for that money, and this is "
        f"{two_figures(gate.ratio)} times as many. It rests on "
        f"{escape(in_words(sorted(_evidence(test))))} and is more likely a fault of what was "
        "carried over than a discovery."
    )


def _evidence(test: Boundary) -> set[str]:
    """Return the evidence of the programmes that the removal adds or changes, in a few words."""
    assert test.scenario is not None
    before = test.held_against.programmes
    return {
        f"one programme, {each.title.lower()}, with evidence of grade {each.evidence.grade}"
        for name, each in test.scenario.programmes.items()
        if before.get(name) != each
    } or {"more of the same programmes"}


def _per_admission(one: Estimate, pounds: float) -> str:
    if one.low80 <= 0:
        return (
            f"{money(round(pounds, -4))} in all. What an averted admission costs cannot be said, "
            "since the 80% interval holds none at all."
        )
    low, high = (pounds / each for each in (one.high80, one.low80))
    step = rounding_step(low, low, high)
    span = f"£{rounded(low, step)} to £{rounded(high, step)}"
    return f"{span} for each admission averted (80% interval)."


def _starts(tested: Removals, test: Boundary) -> str:
    """Return how many start and are lost with the boundary and without: whether it binds."""
    programmes = test.held_against.programmes
    return " ".join(
        f"{escape(programmes[name].title)}: {two_figures(one.started)} people a year start "
        f"with the boundary and {two_figures(two.started)} without; {two_figures(one.lost)} are "
        f"lost while they wait with it and {two_figures(two.lost)} without."
        for name, one, two in flows(*tested.pair(test), test.affected)
    )


def _tables(tested: Removals) -> list[Table]:
    held = {"": "Held against"} | {
        test.title: sentence_case(label(test.held_against.name)) for test in tested.tried
    }
    return [
        effects_table(
            f"boundaries-{measure.key.replace('_', '-')}",
            f"{sentence_case(measure.of(group))} averted by year {tested.years} where a boundary "
            "is gone, beyond what is averted with it (a minus sign means more)",
            "Boundary removed",
            {test.title: tested.found[test.name][n] for test in tested.tried},
            tested.source,
            before=held,
        )
        for n, (measure, group) in enumerate(ASKED)
    ]


def _costs(tested: Removals) -> Table:
    rows = [
        {
            "Boundary": test.title,
            "Cost a year": "not known" if test.cost_per_year is None else money(test.cost_per_year),
            "What it is made of, or who supplies it": sentence_case(test.cost_words),
            "Where the price comes from": sentence_case(test.priced_by or "no price"),
        }
        for test in tested.tests
    ]
    return Table(
        "boundary-costs",
        "What removing each boundary costs, beyond the strategy’s money",
        pd.DataFrame(rows),
        source="documents of the programmes in parameters/programmes"
        + (f"; {tested.source}" if tested.tried else ""),
        text_columns=("What it is made of, or who supplies it", "Where the price comes from"),
    )


def _chart(tested: Removals) -> Chart:
    warned = f". Warning: {good}" if (good := too_good(tested)) else ""
    told = " ".join(
        f"{test.title}: {one.central} (80% interval {one.interval80}, 95% interval "
        f"{one.interval95})."
        for test in tested.tried for one in tested.found[test.name][:1]
    )  # fmt: skip
    return Chart(
        "boundaries",
        png(_forest(message(tested), tested)),
        f"One line for each boundary, with the {ADMISSIONS.of(ALL_AGES)} averted by year "
        f"{tested.years} where it is gone, and 80% (thick) and 95% (thin) intervals. {told} The "
        "table that follows gives every number.",
        "Admissions averted by removing each boundary, with 80% (thick) and 95% (thin) intervals"
        f"{warned}",
        tested.source,
    )


def message(tested: Removals) -> str:
    """Return the sentence that the chart states, from its numbers alone."""
    when, lines = f"By year {tested.years}", _found_to(tested)
    if not lines:
        return f"{when} no boundary’s removal can be told from leaving it in place"
    if tested.judged("unclear"):
        lines.append("no other removal can be told from leaving the boundary in place")
    return f"{when} {'; '.join(lines)}"


def _found_to(tested: Removals) -> list[str]:
    """Return what the removals do whose effect the interval can tell."""
    return [
        f"removing {_any_of(titles)} {verb} admissions"
        for found, verb in (("fewer", "averts"), ("more", "adds"))
        if (titles := tested.judged(found))
    ]


def _forest(title: str, tested: Removals) -> Figure:
    with matplotlib.rc_context(look()):
        names = [wrapped_to(test.title, 2.7) for test in tested.tried]
        figure = headed(title, 9.2, 1.6 + rows_height(names, 0.6))
        axes = figure.subplots()
        for row, test in enumerate(tested.tried):
            one, style = tested.found[test.name][0], STYLES[row % len(STYLES)]
            axes.hlines(row, one.low95, one.high95, style.colour, linewidth=1.2)
            axes.hlines(row, one.low80, one.high80, style.colour, linewidth=4.5)
            axes.plot(one.averted, row, style.marker, color=style.colour, markersize=8,
                      markeredgecolor="white", markeredgewidth=1.2)  # fmt: skip
        axes.axvline(0, color=INK, linewidth=1)
        axes.set_yticks(range(len(tested.tried)), names)
        axes.set_ylim(len(tested.tried) - 0.5, -0.5)
        axes.set_ylabel("Boundary removed")
        axes.set_xlabel("Admissions averted (right of the line: fewer than with the boundary)")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.4g}".replace("-", MINUS))
    return figure


def recording_warning(tested: Removals) -> Panel:
    """Return the warning that better recording raises recorded crime, with its size here."""
    general = (
        "Where partners share what they know, more of what happens comes to be recorded. Recorded "
        "crime can then rise while harm falls. Judge by admissions, and say so beforehand."
    )
    test = next((each for each in tested.tried if each.name == DATA_SHARING), None)
    words = general if test is None else f"{general} {_recorded(*tested.pair(test))}"
    return Panel("warning", "Warning: recorded crime may rise", [Prose(words)], level=3)


def _recorded(before: Run, after: Run) -> str:
    catalogue = load_measures()
    chosen = {name: catalogue.measures[name] for name in _BY_POLICE if name in catalogue.measures}
    table = averted(before, after, by=(), catalogue=MeasureCatalogue(measures=chosen))
    lines = []
    for _, row in table.iterrows():
        more, low, high = (
            -100 * float(row[name]) / float(row["baseline"])
            for name in ("averted", "high80", "low80")
        )
        span = interval(low, high, rounding_step(more, low, high))
        lines.append(f"{str(row['title']).lower()} change by {span}%")
    return f"With data sharing, over all years (80% intervals), {in_words(lines)}."


def _any_of(titles: Sequence[str]) -> str:
    """Return boundaries as they stand in a sentence, quoted: a title may hold a verb itself."""
    quoted = [f"“{title[:1].lower()}{title[1:]}”" for title in titles]
    return f"the boundary {in_words(quoted, 'or')}"
