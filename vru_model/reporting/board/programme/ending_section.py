"""What if the grant ends: what is averted with and without it, what is lost after, what is left."""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib
import pandas as pd

from vru_model.reporting.blocks import Block, Chart, Prose, Table, escape
from vru_model.reporting.board.case import ENDED, STRATEGY, BoardCase
from vru_model.reporting.board.programme.fans import averted_fan, finish
from vru_model.reporting.board.programme.readings import Readings
from vru_model.reporting.charts import GREY, STYLES, look, png, wrapped
from vru_model.reporting.estimates import Estimate, label
from vru_model.reporting.lettering import headed
from vru_model.reporting.measures import HEADLINE_GROUP, HEADLINE_MEASURE
from vru_model.reporting.words import money, percentage, plural, sentence_case

_WHAT = HEADLINE_MEASURE.of(HEADLINE_GROUP)


@dataclass(frozen=True)
class Ending:
    """What the end of the money does, in estimates of the headline measure.

    Parameters
    ----------
    year
        The last year in which the money is as planned.
    whole, ended
        Averted over all years: while the money goes on, and where it ends.
    after_whole, after_ended
        Averted in the years after the end alone, likewise.
    lost
        How many more the strategy averts after the end where its money goes on (paired).
    unspent
        £ that the end saves, in the strategy's prices.
    """

    year: int
    whole: Estimate
    ended: Estimate
    after_whole: Estimate
    after_ended: Estimate
    lost: Estimate
    unspent: float


def ending_blocks(case: BoardCase, readings: Readings) -> list[Block]:
    """Return the answer in words, a chart of the years after, and the table."""
    year = last_funded_year(case)
    if year is None:
        return [Prose(
            f"“{escape(case.scenarios[ENDED].title)}” changes no money within the "
            f"{plural(case.options.years, 'year')} of this paper, so there is nothing to compare."
        )]  # fmt: skip
    found = read_ending(case, readings, year)
    return [Prose(message(case, found)), _chart(case, found), _table(case, found)]


def last_funded_year(case: BoardCase) -> int | None:
    """Return the last year in which the money is as planned; None where it stays so."""
    ended, planned = case.scenarios[ENDED], case.strategy
    years = range(1, case.options.years + 1)
    changed = [year for year in years if ended.money_in(year) != planned.money_in(year)]
    return changed[0] - 1 if changed else None


def read_ending(case: BoardCase, readings: Readings, year: int) -> Ending:
    """Return what the runs say of an end of the money after a year."""
    last, after = case.options.years, year + 1
    ended, planned = case.scenarios[ENDED], case.strategy
    return Ending(
        year=year,
        whole=readings.span(STRATEGY, 1, last),
        ended=readings.span(ENDED, 1, last),
        after_whole=readings.span(STRATEGY, after, last),
        after_ended=readings.span(ENDED, after, last),
        lost=readings.spans_lost(STRATEGY, ENDED, after, last),
        unspent=float(sum(planned.money_in(each) - ended.money_in(each)
                          for each in range(after, last + 1))),
    )  # fmt: skip


def message(case: BoardCase, found: Ending) -> str:
    """Return what is lost when the money ends, and what is left, as far as intervals can tell."""
    last = case.options.years
    span = f"in years {found.year + 1} to {last}" if found.year + 1 < last else f"in year {last}"
    if found.lost.verdict == "fewer":
        lost = (
            f"If the money ends after year {found.year}, {found.lost.size80} {_WHAT} that the "
            f"strategy would have averted {span} are not averted (80% interval, against the same "
            "strategy with its money)."
        )
    else:
        lost = (
            f"If the money ends after year {found.year}, what is lost {span} cannot be told from "
            f"nothing in {_WHAT} (80% interval {found.lost.interval80})."
        )
    return f"{lost} {_left(found, span)} {_money(case, found)}"


def _left(found: Ending, span: str) -> str:
    after, whole = found.after_ended, found.after_whole
    if after.verdict != "fewer":
        return (
            f"What is left of the effect {span} cannot be told from business as usual "
            f"(80% interval {after.interval80}; chance of fewer {after.chance})."
        )
    left = f"What is left of it still averts {after.size80} {span} (80% interval)"
    if whole.verdict == "fewer" and 0 < after.averted < whole.averted:
        left += f", about {percentage(after.averted / whole.averted)} of what the money would buy"
    return f"{left}."


def _money(case: BoardCase, found: Ending) -> str:
    return (
        f"The end saves {money(found.unspent)} ({case.strategy.price_year} prices). Staff leave "
        "before a known end and enrolments are cut short, so the loss begins before the money "
        "stops; what people have gained by then fades at each programme’s own pace."
    )


def _chart(case: BoardCase, found: Ending) -> Chart:
    name, ended = case.strategy.name, case.scenarios[ENDED].name
    years = range(1, case.options.years + 1)
    estimates = case.ending.estimates
    title = _title(found)
    courses = {
        "The money goes on": {y: _in_year(estimates, name, y) for y in years},
        f"The money ends after year {found.year}": {
            y: _in_year(estimates, ended, y) for y in years
        },
    }
    with matplotlib.rc_context(look()):
        figure = headed(title, 9.2, 4.0)
        panels = figure.subplots(1, 2, sharey=True)
        for axes, (words, course), style in zip(
            panels, courses.items(), STYLES[:2], strict=True
        ):
            averted_fan(axes, course, style)
            finish(axes, list(years))
            axes.axvline(found.year + 0.5, color=GREY, linewidth=1, linestyle=":")
            axes.set_title(words, loc="left", fontsize=10)
        panels[1].annotate(
            "end of the money", (found.year + 0.5, 1.0), xycoords=("data", "axes fraction"),
            xytext=(4, -10), textcoords="offset points", fontsize=8.5,
        )  # fmt: skip
        panels[0].set_ylabel(wrapped(f"{sentence_case(_WHAT)} averted a year", 34))
    return Chart(
        name="ending",
        png=png(figure),
        alt=f"Two fan charts over years 1 to {case.options.years} of {_WHAT} averted in each year "
        f"by {label(name)}: while its money goes on, and where it ends after year {found.year}, "
        f"with 80% and 95% bands. After the end: {found.after_whole.central} with the money (80% "
        f"interval {found.after_whole.interval80}), {found.after_ended.central} without it (80% "
        f"interval {found.after_ended.interval80}). The table that follows gives every number.",
        caption=f"{sentence_case(_WHAT)} averted in each year, with 80% (dark) and 95% (light) "
        "bands; the dotted line is the end of the money",
        source=case.ending.source,
    )


def _in_year(estimates, name: str, year: int) -> Estimate:
    return estimates.get(name, HEADLINE_MEASURE, HEADLINE_GROUP, year, "in year")


def _title(found: Ending) -> str:
    if found.lost.verdict == "fewer":
        return (f"When the money ends after year {found.year}, {found.lost.size80} {_WHAT} are no "
                "longer averted")  # fmt: skip
    return f"What the end of the money after year {found.year} costs cannot be told from nothing"


def _table(case: BoardCase, found: Ending) -> Table:
    last = case.options.years
    lines = {
        f"Years 1 to {last}: averted while the money goes on": found.whole,
        f"Years 1 to {last}: averted where it ends after year {found.year}": found.ended,
        f"After year {found.year}: averted while the money goes on": found.after_whole,
        f"After year {found.year}: still averted where it ended (what is left)": found.after_ended,
        f"After year {found.year}: lost by the end (paired)": found.lost,
    }
    rows = [
        {"What": words, sentence_case(_WHAT): one.central, "80% interval": one.interval80,
         "95% interval": one.interval95, "Chance of more than 0": one.chance}
        for words, one in lines.items()
    ]  # fmt: skip
    data = [{"what": words, **vars(one)} for words, one in lines.items()]
    return Table(
        name="ending",
        caption="What the end of the money does, against business as usual unless said otherwise "
        "(averted, below 0: more than as usual; lost, below 0: fewer once it ends)",
        frame=pd.DataFrame(rows),
        data=pd.DataFrame(data),
        source=case.ending.source,
    )
