"""What removing each boundary is worth, in words, a chart and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import matplotlib
import pandas as pd
from matplotlib.figure import Figure

from vru_model.analysis.measures import averted
from vru_model.analysis.wording import rounding_step
from vru_model.experiments import Run
from vru_model.parameters.accounts.measures import MeasureCatalogue, load_measures
from vru_model.reporting.blocks import Block, Chart, Panel, Prose, Table, Terms, escape
from vru_model.reporting.board.system.boundaries import (
    DATA_SHARING,
    WAITING,
    Boundary,
    money_or_unknown,
    remaining,
)
from vru_model.reporting.board.system.differences import (
    ADMISSIONS,
    ASKED,
    counts,
    estimate,
    shared_worlds,
)
from vru_model.reporting.charts import INK, STYLES, look, png
from vru_model.reporting.estimates import Estimate
from vru_model.reporting.measures import ALL_AGES, Measure
from vru_model.reporting.words import MINUS, in_words, interval, money, sentence_case, two_figures

_RECORDED = "police_recorded_violence_with_injury"
_BY_POLICE = ("police_recorded_incidents", _RECORDED)


@dataclass(frozen=True)
class Tested:
    """Boundaries with their runs.

    Parameters
    ----------
    tests
        The boundaries.
    runs
        Run of every scenario that they name, by its name.
    years
        The horizon.
    """

    tests: Sequence[Boundary]
    runs: Mapping[str, Run]
    years: int

    @cached_property
    def tried(self) -> list[Boundary]:
        """The boundaries that there are to remove."""
        return [test for test in self.tests if test.scenario is not None]

    @cached_property
    def found(self) -> dict[str, list[Estimate]]:
        """Boundary → the estimates of :data:`ASKED`, over all years."""
        return {test.name: [self._estimate(test, *asked) for asked in ASKED]
                for test in self.tried}  # fmt: skip

    def pair(self, test: Boundary) -> tuple[Run, Run]:
        """Return the runs with the boundary and without."""
        if test.scenario is None:
            raise ValueError(f"{test.name} was not run")
        return self.runs[test.held_against.name], self.runs[test.scenario.name]

    @property
    def source(self) -> str:
        """The line under what rests on these runs."""
        names = dict.fromkeys(run.run_id for test in self.tried for run in self.pair(test))
        return f"model runs {', '.join(names)}; modelled, not recorded"

    def _estimate(self, test: Boundary, measure: Measure, group: str) -> Estimate:
        with_it, without = self.pair(test)
        runs = {"with": with_it, "without": without}
        found = counts(runs, shared_worlds(list(runs.values())), measure, group)
        return estimate(found["with"], found["with"] - found["without"])


def boundary_blocks(tested: Tested) -> list[Block]:
    """Return the boundaries one by one, then compared."""
    blocks: list[Block] = [Prose(summary(tested))]
    if tested.tried:
        blocks += [_chart(tested), _table(tested)]
    blocks.append(_costs(tested))
    for test in tested.tests:
        blocks += [Prose(f"### {test.title}"), Terms(_terms(tested, test))]
    return [*blocks, recording_warning(tested)]


def summary(tested: Tested) -> str:
    """Return which boundaries are worth removing, as far as the intervals can tell."""
    if not tested.tried:
        return "The strategy has none of the four boundaries to remove."
    better, worse, unclear = (
        [test.title for test in tested.tried if tested.found[test.name][0].verdict == verdict]
        for verdict in ("fewer", "more", "unclear")
    )
    lines = []
    if better:
        lines.append(f"Removing it surely averts admissions (80% interval): {_listed(better)}.")
    if worse:
        lines.append(f"Removing it surely adds admissions (80% interval): {_listed(worse)}.")
    if unclear:
        lines.append(
            f"What it is worth cannot be told from nothing by year {tested.years}: "
            f"{_listed(unclear)}."
        )
    return " ".join(lines)


def _terms(tested: Tested, test: Boundary) -> dict[str, str]:
    rows = {
        "Between": sentence_case(test.between) + ".",
        "The test": escape(test.done),
        "What it costs": escape(sentence_case(money_or_unknown(test))) + ".",
    }
    if test.scenario is None:
        return rows
    held = escape(test.held_against.name.replace("_", " "))
    found = tested.found[test.name]
    rows["What it is worth"] = " ".join(
        _worth(one, measure, group, tested.years, held)
        for one, (measure, group) in zip(found, ASKED, strict=True)
    )
    if test.cost_per_year is not None:
        rows["For the money"] = _per_admission(found[0], test.cost_per_year * tested.years)
    if test.name == WAITING:
        rows["What is left of the queue"] = _queue(*tested.pair(test))
    return rows


def _worth(one: Estimate, measure: Measure, group: str, years: int, held: str) -> str:
    what = f"{measure.of(group)} by year {years}, against {held}"
    range95 = f"95% interval {one.interval95}; chance of fewer {one.chance}"
    if one.verdict == "unclear":
        return (
            f"It cannot be told from nothing on {what}: {one.interval80} averted (80% interval; "
            f"{range95})."
        )
    fewer = "fewer" if one.verdict == "fewer" else "more"
    return f"{sentence_case(one.size80)} {fewer} {what} (80% interval; {range95})."


def _per_admission(one: Estimate, pounds: float) -> str:
    if one.low80 <= 0:
        return (
            f"{money(round(pounds, -4))} in all. What an averted admission costs cannot be said, "
            "since the 80% interval holds none at all."
        )
    low, high = (pounds / each for each in (one.high80, one.low80))
    step = rounding_step(low, low, high)
    return f"£{interval(low, high, step)} for each admission averted (80% interval)."


def _queue(before: Run, after: Run) -> str:
    return " ".join(
        f"{sentence_case(name.replace('_', ' '))}: {two_figures(lost)} people a year are lost with "
        f"the boundary and {two_figures(left)} without; {two_figures(started)} start with it and "
        f"{two_figures(now)} without."
        for name, lost, left, started, now in remaining(before, after)
    )


def _table(tested: Tested) -> Table:
    rows, data = [], []
    for test in tested.tried:
        row = {"Boundary removed": test.title,
               "Held against": sentence_case(test.held_against.name.replace("_", " "))}  # fmt: skip
        for one, (measure, group) in zip(tested.found[test.name], ASKED, strict=True):
            what = sentence_case(measure.of(group))
            row[f"{what}: 80% interval"] = one.interval80
            row[f"{what}: 95% interval"] = one.interval95
            row[f"{what}: central"] = one.central
            row[f"{what}: chance of fewer"] = one.chance
            data.append({"boundary": test.name, "measure": measure.name, "group": group}
                        | vars(one))  # fmt: skip
        rows.append(row)
    return Table(
        "boundaries",
        f"What is averted by year {tested.years} where a boundary is gone, beyond what the "
        "strategy averts with it (a minus sign means more)",
        pd.DataFrame(rows),
        data=pd.DataFrame(data),
        source=tested.source,
        text_columns=("Held against",),
    )


def _costs(tested: Tested) -> Table:
    rows = [
        {
            "Boundary": test.title,
            "Cost a year": "not known" if test.cost_per_year is None else money(test.cost_per_year),
            "What it is made of, or who supplies it": sentence_case(test.cost_words),
        }
        for test in tested.tests
    ]
    return Table(
        "boundary-costs",
        "What removing each boundary costs, beyond the strategy’s money",
        pd.DataFrame(rows),
        source="documents of the programmes in parameters/programmes"
        + (f"; {tested.source}" if tested.tried else ""),
        text_columns=("What it is made of, or who supplies it",),
    )


def _chart(tested: Tested) -> Chart:
    title = f"Admissions averted by year {tested.years}: {_message(tested)}"
    told = " ".join(
        f"{test.title}: {one.central} (80% interval {one.interval80}, 95% interval "
        f"{one.interval95})."
        for test in tested.tried for one in tested.found[test.name][:1]
    )  # fmt: skip
    return Chart(
        "boundaries",
        png(_forest(title, tested)),
        f"One line for each boundary, with the {ADMISSIONS.of(ALL_AGES)} averted by year "
        f"{tested.years} where it is gone, and 80% (thick) and 95% (thin) intervals. {told} The "
        "table that follows gives every number.",
        "Admissions averted by removing each boundary, with 80% (thick) and 95% (thin) intervals",
        tested.source,
    )


def _message(tested: Tested) -> str:
    clear = [test.title for test in tested.tried if tested.found[test.name][0].verdict == "fewer"]
    if not clear:
        return "no boundary’s removal can be told from nothing"
    if len(clear) == len(tested.tried):
        return "each boundary’s removal does better than leaving it"
    return f"better without: {_listed(clear)}; the others cannot be told from nothing"


def _forest(title: str, tested: Tested) -> Figure:
    with matplotlib.rc_context(look()):
        figure = Figure(figsize=(9.2, 1.6 + 0.6 * len(tested.tried)), layout="constrained")
        figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold", wrap=True)
        axes = figure.subplots()
        for row, test in enumerate(tested.tried):
            one, style = tested.found[test.name][0], STYLES[row % len(STYLES)]
            axes.hlines(row, one.low95, one.high95, style.colour, linewidth=1.2)
            axes.hlines(row, one.low80, one.high80, style.colour, linewidth=4.5)
            axes.plot(one.averted, row, style.marker, color=style.colour, markersize=8,
                      markeredgecolor="white", markeredgewidth=1.2)  # fmt: skip
        axes.axvline(0, color=INK, linewidth=1)
        axes.set_yticks(range(len(tested.tried)), [test.title for test in tested.tried])
        axes.set_ylim(len(tested.tried) - 0.5, -0.5)
        axes.set_ylabel("Boundary removed")
        axes.set_xlabel("Admissions averted (right of the line: fewer than with the boundary)")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.4g}".replace("-", MINUS))
    return figure


def recording_warning(tested: Tested) -> Panel:
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


def _listed(titles: Sequence[str]) -> str:
    return in_words([title[:1].lower() + title[1:] for title in titles])
