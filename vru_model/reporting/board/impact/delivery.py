"""Reach, take-up and fidelity: where people are lost, and how much of what is funded is used."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from vru_model.analysis.pathways import overlap, pathways
from vru_model.analysis.uptake import uptake_gradient
from vru_model.parameters.programmes import Programme
from vru_model.reporting.blocks import Block, Chart, Prose, Table
from vru_model.reporting.board.case import STRATEGY, BoardCase
from vru_model.reporting.board.impact.charts import funnel_chart, png
from vru_model.reporting.words import in_words, percentage, sentence_case, two_figures
from vru_model.scenario import Scenario

_PARTS = (
    "complete it", "leave early", "cut short, no place in time, or closed", "decline",
    "not noticed, or not agreed to be referred",
)  # fmt: skip
_PLACE, _SERVICES = "works on places: nobody is enrolled", "works on services: nobody is enrolled"


@dataclass(frozen=True)
class Reached:
    """How one programme reaches people, a year, once it is staffed.

    Parameters
    ----------
    programme
        The programme.
    capacity
        People whom the money lets start in a year; 0 where nobody is enrolled.
    stages
        Stage of the pathway → (mean, low and high end of the 95% interval), people a year.
    for_need
        Who is reached more than their violence would call for, in words.
    """

    programme: Programme
    capacity: float
    stages: Mapping[str, tuple[float, float, float]]
    for_need: str

    @property
    def enrols(self) -> bool:
        """Whether people are enrolled at all."""
        return self.capacity > 0

    @property
    def started(self) -> float:
        """People who start in a year."""
        return self._at("started")

    @property
    def used(self) -> float:
        """Share of funded places that are used; not a number where nobody is enrolled."""
        return self.started / self.capacity if self.enrols else math.nan

    @property
    def left(self) -> float:
        """Of those who start, the share that leaves early."""
        return self._at("left_early") / self.started if self.started else math.nan

    @property
    def take_up(self) -> float:
        """Of those who are offered a place, the share that accepts."""
        offered = self._at("offered")
        return self._at("accepted") / offered if offered else math.nan

    @property
    def parts(self) -> list[float]:
        """Shares of what becomes of those whom it could reach, in the order of the chart."""
        first, offered, accepted = self._first(), self._at("offered"), self._at("accepted")
        if not first:
            return []
        completed, left = self._at("completed"), self._at("left_early")
        amounts = [completed, left, accepted - completed - left, offered - accepted,
                   first - offered]  # fmt: skip
        return [max(amount, 0.0) / first for amount in amounts]

    @property
    def biggest_loss(self) -> str:
        """Where most people are lost, in words; nothing where nobody is."""
        losses = dict(zip(_PARTS[1:], self.parts[1:], strict=False))
        where = max(losses, key=lambda name: losses[name], default="")
        return f"{where} ({percentage(losses[where])})" if where and losses[where] > 0 else ""

    def _first(self) -> float:
        return self._at("events") or self._at("offered")

    def _at(self, stage: str) -> float:
        return self.stages.get(stage, (0.0, 0.0, 0.0))[0]


def reached(case: BoardCase) -> dict[str, Reached]:
    """Return how each programme of the strategy reaches people, from its second year on."""
    run, years = case.run(STRATEGY), case.options.years
    span = range(min(2, years), years + 1)
    table, gradient = pathways(run, span), uptake_gradient(run)
    needs = (
        {} if gradient.empty
        else dict(zip(gradient["programme"], gradient["for_need_reached_more"], strict=True))
    )  # fmt: skip
    found = {}
    for name, programme in case.strategy.programmes.items():
        rows = table[table["programme"] == name]
        stages = {
            str(row.stage): (row.a_year, row.low95, row.high95) for row in rows.itertuples()
        }
        places = 0.0 if programme.of_places else capacity(case.strategy, name, span)
        found[name] = Reached(programme, places, stages, needs.get(name, "cannot be told"))
    return found


def capacity(scenario: Scenario, programme: str, years: range) -> float:
    """Return the people whom a programme's money lets start a year at full size, the mean."""
    lines = [line for line in scenario.funding if line.programme == programme]
    total = sum(
        scenario.funded_years(line)[year - 1].delivery.capacity_per_month * 12.0
        for line in lines for year in years
    )  # fmt: skip
    return total / len(years)


def delivery_blocks(case: BoardCase, found: Mapping[str, Reached]) -> list[Block]:
    """Return where people are lost, capacity used and drop-out, and how programmes overlap."""
    enrolling = {name: one for name, one in found.items() if one.enrols and one.parts}
    blocks: list[Block] = [Prose(_words(found))]
    if enrolling:
        title = _message(enrolling)
        shares = {one.programme.title: one.parts for one in enrolling.values()}
        chart = Chart(
            name="reach",
            png=png(funnel_chart(title, _PARTS, shares, "Share of those whom it could reach, %")),
            alt=_alt(enrolling),
            caption="What becomes of those whom each programme could reach: everybody to whom the "
            "event happened, where an event brings people, otherwise everybody offered a place",
            source=case.source,
        )
        blocks.append(chart)
    return [*blocks, _table(case, found), *_overlap(case)]


def _words(found: Mapping[str, Reached]) -> str:
    unused = [one for one in found.values() if one.enrols and one.used < 0.8]
    without = [one for one in found.values() if not one.enrols]
    words = (
        "Every programme of the strategy that enrols people fills at least four in five of the "
        "places that its money buys."
        if not unused
        else "Funded places that stay empty: "
        + in_words([f"{one.programme.title} ({percentage(one.used)} used)" for one in unused])
        + "."
    )
    if without:
        words += f" Nobody is enrolled in {in_words([one.programme.title for one in without])}."
    return (
        f"{words} Take-up, waiting and drop-out are planning figures of each programme’s document, "
        "played out person by person; none was observed here. Where a provider’s own monitoring "
        "differs, it should replace them."
    )


def _message(found: Mapping[str, Reached]) -> str:
    lowest = min(found.values(), key=lambda one: one.parts[0])
    return (
        f"{lowest.programme.title}: fewest of those whom it could reach complete it "
        f"({percentage(lowest.parts[0])}); most are lost where they {_plain(lowest)}"
    )


def _plain(one: Reached) -> str:
    losses = one.parts[1:]
    worst = losses.index(max(losses))
    return ("leave early", "find no place in time or are cut short", "decline",
            "are not noticed or do not agree to be referred")[worst]  # fmt: skip


def _alt(found: Mapping[str, Reached]) -> str:
    lines = [
        f"{one.programme.title}: "
        + "; ".join(
            f"{part} {percentage(share)}"
            for part, share in zip(_PARTS, one.parts, strict=True) if share > 0
        ) + "."
        for one in found.values()
    ]  # fmt: skip
    return (
        "Horizontal bars, one a programme, split into what becomes of those whom it could reach. "
        f"{' '.join(lines)} The table that follows gives the numbers of people."
    )


def _table(case: BoardCase, found: Mapping[str, Reached]) -> Table:
    rows, data = [], []
    for name, one in found.items():
        if one.enrols:
            mean, low, high = one.stages.get("started", (0.0, 0.0, 0.0))
            cells = {
                "Funded places a year": two_figures(one.capacity),
                "Start a year (95% interval)": f"{two_figures(low)} to {two_figures(high)} "
                f"(mean {two_figures(mean)})" if math.isfinite(low) else two_figures(mean),
                "Places used": percentage(one.used),
                "Take up an offer": percentage(one.take_up),
                "Leave early": percentage(one.left),
                "Most are lost": sentence_case(one.biggest_loss) or "nobody is lost",
                "For their need, reached more": one.for_need,
            }  # fmt: skip
        else:
            cells = {
                "Funded places a year": "none", "Start a year (95% interval)": "none",
                "Places used": "does not apply", "Take up an offer": "does not apply",
                "Leave early": "does not apply",
                "Most are lost": _PLACE if one.programme.of_places else _SERVICES,
                "For their need, reached more": "does not apply",
            }  # fmt: skip
        rows.append({"Programme": one.programme.title} | cells)
        data.append({
            "programme": name, "capacity": one.capacity, "used": one.used, "take_up": one.take_up,
            "left_early": one.left, "for_need_reached_more": one.for_need,
            **{f"{stage}_{part}": value for stage, values in one.stages.items()
               for part, value in zip(("a_year", "low95", "high95"), values, strict=True)},
        })  # fmt: skip
    return Table(
        name="delivery",
        caption="Reach, take-up and drop-out of each programme, people a year from year 2 on; "
        "“for their need” compares enrolments with the violence of residents of more and less "
        "deprived neighbourhoods",
        frame=pd.DataFrame(rows), data=pd.DataFrame(data), source=case.source,
        text_columns=("Most are lost", "For their need, reached more"),
    )  # fmt: skip


_OVERLAP = {
    "in_1_programme": "people in one programme at any time",
    "in_2_programmes": "people in two at once",
    "in_3_or_more_programmes": "people in three or more at once",
    "protection_lost": "share of the programmes’ protection that is lost because effects on one "
    "person approach a ceiling",
}


def _overlap(case: BoardCase) -> list[Block]:
    table = overlap(case.run(STRATEGY))
    if table.empty:
        return [Prose("The run did not count how far programmes share people.")]
    rows = []
    for row in table.itertuples():
        say = percentage if row.measure == "protection_lost" else two_figures
        limits = (row.low95, row.high95)
        known = all(math.isfinite(limit) for limit in limits)
        rows.append({
            "How programmes share people": sentence_case(_OVERLAP[str(row.measure)]),
            "95% interval": f"{say(limits[0])} to {say(limits[1])}" if known else "not known",
            "Mean": say(row.value),
        })  # fmt: skip
    return [
        Table(
            name="overlap",
            caption="How far the strategy’s programmes work on the same people",
            frame=pd.DataFrame(rows), data=table, source=case.source,
        )
    ]  # fmt: skip
