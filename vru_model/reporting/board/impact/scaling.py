"""What more or less money for the same programmes would do, and where people run out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from vru_model.analysis.pathways import pathways
from vru_model.analysis.plausibility import PRICE_OF_AN_ADMISSION
from vru_model.experiments import compare
from vru_model.reporting.blocks import Block, Chart, Prose, Table
from vru_model.reporting.board.case import BASELINE, BoardCase
from vru_model.reporting.board.impact.charts import png, scaling_chart
from vru_model.reporting.board.impact.delivery import capacity
from vru_model.reporting.board.impact.incremental import ADMISSIONS
from vru_model.reporting.board.impact.runs import ImpactRuns
from vru_model.reporting.estimates import Estimate, Estimates
from vru_model.reporting.measures import ALL_AGES
from vru_model.reporting.words import in_words, money, percentage, two_figures

_FULL = 0.9
_MILLION = 1e6


@dataclass(frozen=True)
class Step:
    """From one level of money to the next: what the step averts.

    Parameters
    ----------
    lower, upper
        Factors on the strategy's money.
    extra
        £ more that the step spends over the years.
    averted
        Admissions that it averts beyond the lower level.
    """

    lower: float
    upper: float
    extra: float
    averted: Estimate

    def for_a_million(self, value: float) -> float:
        """Return admissions averted for each extra £1 million."""
        return value * _MILLION / self.extra if self.extra > 0 else float("nan")


def steps(case: BoardCase, runs: ImpactRuns) -> list[Step]:
    """Return the steps between neighbouring levels of money, from none upwards."""
    last, levels = case.options.years, list(runs.scaled)
    return [
        _step(runs, lower, upper, last)
        for lower, upper in zip(levels, levels[1:], strict=False)
    ]  # fmt: skip


def _step(runs: ImpactRuns, lower: float, upper: float, last: int) -> Step:
    comparison = compare(runs.scaled[lower], runs.scaled[upper], [last])
    found = Estimates({"step": comparison.table}).get("step", ADMISSIONS, ALL_AGES, last)
    return Step(lower, upper, float(comparison.spend["extra"].sum()), found)


def totals(case: BoardCase, runs: ImpactRuns) -> dict[float, tuple[float, Estimate | None]]:
    """Return factor → (£ spent a year, what is averted against the baseline; None at none)."""
    last = case.options.years
    found: dict[float, tuple[float, Estimate | None]] = {}
    for factor, run in runs.scaled.items():
        if factor == 0:
            found[factor] = (0.0, None)
            continue
        comparison = compare(case.run(BASELINE), run, [last])
        estimates = Estimates({"level": comparison.table})
        spent = float(comparison.spend["extra"].sum()) / last
        found[factor] = (spent, estimates.get("level", ADMISSIONS, ALL_AGES, last))
    return found


def used(runs: ImpactRuns, years: int) -> dict[float, dict[str, float]]:
    """Return factor → programme → share of funded places that are used, from year 2 on."""
    span = range(min(2, years), years + 1)
    found: dict[float, dict[str, float]] = {}
    for factor, scenario in runs.scenarios.items():
        table = pathways(runs.scaled[factor], span)
        started = table[table["stage"] == "started"].set_index("programme")["a_year"]
        found[factor] = {}
        for name, programme in scenario.programmes.items():
            places = 0.0 if programme.of_places else capacity(scenario, name, span)
            if places > 0:
                found[factor][name] = float(started.get(name, 0.0)) / places
    return found


def scaling_blocks(
    case: BoardCase, runs: ImpactRuns, places: Mapping[float, Mapping[str, float]]
) -> list[Block]:
    """Return the scaling curve, the marginal return and where people run out."""
    levels, moved, years = totals(case, runs), steps(case, runs), case.options.years
    points = {spent / _MILLION: found for spent, found in levels.values()}
    title = message(moved)
    chart = Chart(
        name="scaling",
        png=png(scaling_chart(
            title,
            (f"Spent on the programmes, £ million a year ({case.strategy.price_year} prices)",
             f"Hospital admissions averted by year {years}"),
            points,
        )),
        alt=_alt(points, years),
        caption=f"Admissions averted by year {years} at half, once and twice the strategy’s money, "
        "shared out over its programmes in the same proportions; mean with 80% and 95% bands, "
        "straight lines between the levels that were run",
        source=_source(runs),
    )  # fmt: skip
    return [
        Prose(f"{title}. {ceiling(case, places)} {_KNOWN}"), chart,
        _marginal(case, runs, moved), _places(case, runs, places),
    ]  # fmt: skip


_KNOWN = (
    "The model lets every extra pound buy the same staff at the same price. A shortage of staff, "
    "or of people easy to reach, would bend the curve further than shown."
)


def message(moved: list[Step]) -> str:
    """Return what the last step allows to say, beside the one before it."""
    last, before = moved[-1], moved[-2]
    if last.averted.verdict == "fewer":
        return (
            f"Doubling the money averts {last.averted.size80} more admissions (80% interval): "
            f"{_rate(last)} for each extra £1 million, beside {_rate(before)} for the step before"
        )
    if last.averted.verdict == "more":
        return "Doubling the money brings more admissions than it averts (80% interval)"
    return "What doubling the money would add cannot be told from nothing (80% interval)"


def ceiling(case: BoardCase, places: Mapping[float, Mapping[str, float]]) -> str:
    """Return which programmes run out of people as money grows."""
    top = max(places)
    short = [
        f"{case.strategy.programmes[name].title} ({percentage(share)} of places used)"
        for name, share in places[top].items()
        if share < _FULL and share < _FULL * places[1.0].get(name, 0.0)
    ]
    if not short:
        return (
            f"At {top:g} times the money no programme runs out of eligible people who accept: "
            "each uses about as large a share of its places as now."
        )
    return f"At {top:g} times the money eligible people who accept run out in {in_words(short)}."


def _rate(step: Step) -> str:
    low, high = (step.for_a_million(each) for each in (step.averted.low80, step.averted.high80))
    return f"{two_figures(low)} to {two_figures(high)}"


def _name(factor: float) -> str:
    return {0.0: "nothing", 0.5: "half", 1.0: "the strategy’s money", 2.0: "twice"}.get(
        factor, f"{factor:g} times"
    )


def _marginal(case: BoardCase, runs: ImpactRuns, moved: list[Step]) -> Table:
    rows, data = [], []
    for step in moved:
        found = step.averted
        rows.append({
            "Step": f"from {_name(step.lower)} to {_name(step.upper)}",
            "Extra money": money(round(step.extra, -4)),
            "Admissions averted: 80% interval": found.interval80,
            "95% interval": found.interval95,
            "Mean": found.central,
            "For each extra £1 million (80% interval)": _rate(step),
            "Chance that it adds": found.chance,
        })  # fmt: skip
        data.append({"from": step.lower, "to": step.upper, "extra": step.extra} | vars(found))
    years = case.options.years
    nationally = two_figures(_MILLION / PRICE_OF_AN_ADMISSION)
    return Table(
        name="marginal-return",
        caption=f"Marginal return of the money by year {years}, {case.strategy.price_year} "
        f"prices, not discounted; the national evaluation found some {nationally} admissions "
        "averted for each £1 million",
        frame=pd.DataFrame(rows), data=pd.DataFrame(data), source=_source(runs),
    )  # fmt: skip


def _places(
    case: BoardCase, runs: ImpactRuns, places: Mapping[float, Mapping[str, float]]
) -> Table:
    rows = []
    for name, programme in case.strategy.programmes.items():
        rows.append({"Programme": programme.title} | {
            f"Places used at {_name(factor)}":
                percentage(shares[name]) if name in shares else "nobody is enrolled"
            for factor, shares in places.items()
        })  # fmt: skip
    data = [
        {"programme": name, "factor": factor, "share_used": share}
        for factor, shares in places.items() for name, share in shares.items()
    ]  # fmt: skip
    return Table(
        name="capacity",
        caption="Share of funded places that are used, by how many times the money: mean over "
        "draws, from year 2 on. A share that falls as money grows shows that eligible people who "
        "accept run out; unit costs differ between draws, so that full use is near 100%",
        frame=pd.DataFrame(rows), data=pd.DataFrame(data), source=_source(runs),
    )  # fmt: skip


def _alt(points: Mapping[float, Estimate | None], years: int) -> str:
    lines = [
        f"At £{place:.2f} million a year: 80% interval {found.interval80}, mean {found.central}."
        for place, found in points.items() if found is not None
    ]  # fmt: skip
    return (
        f"A line with bands: hospital admissions averted by year {years} over money a year, from "
        f"nothing. {' '.join(lines)} The tables that follow give the steps."
    )


def _source(runs: ImpactRuns) -> str:
    names = ", ".join(run.run_id for run in runs.scaled.values())
    return f"model runs {names}; modelled, not recorded"
