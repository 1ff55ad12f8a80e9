"""What each programme adds to the strategy: the strategy against itself less that programme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vru_model.analysis.measures import arranged, world_counts
from vru_model.analysis.plausibility import FAR_ABOVE, PRICE_OF_AN_ADMISSION
from vru_model.analysis.wording import rounding_step
from vru_model.experiments import Run, compare
from vru_model.experiments.intervals import FEWEST_DRAWS, Spread, spread
from vru_model.parameters.accounts.measures import MeasureCatalogue, load_measures
from vru_model.parameters.programmes import Programme
from vru_model.reporting.blocks import Block, Chart, Prose, Table
from vru_model.reporting.board.case import BASELINE, STRATEGY, BoardCase
from vru_model.reporting.board.impact.charts import is_clear, png, ranked_chart
from vru_model.reporting.board.impact.runs import ImpactRuns
from vru_model.reporting.estimates import Estimate, Estimates
from vru_model.reporting.measures import ALL_AGES, HEADLINE_GROUP, HEADLINE_MEASURE, Measure
from vru_model.reporting.words import in_words, interval, money, rounded

ADMISSIONS = Measure(
    name="expected_admissions",
    definition="First emergency admission to hospital after violence.",
)
_ADMISSIONS = "admissions"


@dataclass(frozen=True)
class Increment:
    """What one programme adds to the rest of the strategy by the last year.

    Parameters
    ----------
    programme
        The programme.
    admissions
        Hospital admissions that its money averts beyond the rest of the strategy.
    headline
        The same of the headline measure and group.
    money
        £ spent on it over the years, in the strategy's prices: what stopping it would free.
    run_id
        The run without it.
    """

    programme: Programme
    admissions: Estimate
    headline: Estimate
    money: float
    run_id: str

    @property
    def clear(self) -> bool:
        """Whether the 80% interval lies above nothing, even as it is printed."""
        return self.admissions.averted > 0 and is_clear(self.admissions)

    @property
    def worse(self) -> bool:
        """Whether the 80% interval lies on the side of more violence, even as it is printed."""
        return self.admissions.averted < 0 and is_clear(self.admissions)

    @property
    def each(self) -> tuple[float, float, float] | None:
        """£ for each admission averted with the ends of its 95% interval.

        None where the 95% interval of what is averted holds nothing, as it is printed, because a
        ratio whose denominator may be nought has no interval; and below 20 draws.
        """
        found = self.admissions
        if found.low95 < found.step / 2 or found.worlds < FEWEST_DRAWS:
            return None
        return tuple(self.money / each for each in (found.averted, found.high95, found.low95))  # type: ignore[return-value]

    @property
    def implausible(self) -> bool:
        """Whether it averts far more than the same money was found to avert nationally."""
        return self.admissions.averted > FAR_ABOVE * self.money / PRICE_OF_AN_ADMISSION

    @property
    def cost_for_each(self) -> str:
        """The £ for each admission averted in words, the range first."""
        if self.each is None:
            return "cannot be told"
        central, low, high = self.each
        return f"{_pounds(low)} to {_pounds(high)} (mean {_pounds(central)})"


def increments(case: BoardCase, runs: ImpactRuns) -> dict[str, Increment]:
    """Return each programme's increment, the largest first."""
    last, found = case.options.years, []
    for name, dropped in runs.dropped.items():
        comparison = compare(dropped, case.run(STRATEGY), [last])
        estimates = Estimates({name: comparison.table})
        spent = comparison.spend
        found.append(
            Increment(
                programme=case.strategy.programmes[name],
                admissions=estimates.get(name, ADMISSIONS, ALL_AGES, last),
                headline=estimates.get(name, HEADLINE_MEASURE, HEADLINE_GROUP, last),
                money=float(spent.loc[spent["programme"] == name, "extra"].sum()),
                run_id=dropped.run_id,
            )
        )
    ordered = sorted(found, key=lambda one: -one.admissions.averted)
    return {one.programme.name: one for one in ordered}


def increment_blocks(case: BoardCase, runs: ImpactRuns, found: Mapping[str, Increment]
                     ) -> list[Block]:
    """Return what each programme adds: in words, as a chart and as its table."""
    years, price = case.options.years, case.strategy.price_year
    chart = Chart(
        name="increments",
        png=png(ranked_chart(
            message(found, years),
            f"Hospital admissions averted beyond the rest of the strategy, by year {years}",
            {one.programme.title: one.admissions for one in found.values()},
            "stopping it would change nothing",
        )),
        alt=_alt(found, years),
        caption=f"What each programme adds to the rest of the strategy by year {years}: mean, 80% "
        "interval (thick) and 95% interval (thin); filled where the 80% interval is clear of zero",
        source=_source(case, runs),
    )  # fmt: skip
    words = (
        f"Each line compares the strategy with the strategy less that programme, in the same "
        f"worlds, by year {years}. Stopping a programme frees its money, and nothing takes its "
        f"place. Money is in {price} prices, not discounted. {message(found, years)}."
    )
    return [Prose(words), chart, _table(case, runs, found)]


def message(found: Mapping[str, Increment], years: int) -> str:
    """Return what the increments allow to say, by their 80% intervals alone."""
    clear = [one for one in found.values() if one.clear]
    worse = [one for one in found.values() if one.worse]
    rest = len(found) - len(clear) - len(worse)
    parts = []
    if clear:
        names = in_words([one.programme.title for one in clear])
        parts.append(f"{names} clearly add{'s' if len(clear) == 1 else ''} to the rest")
    if worse:
        names = in_words([one.programme.title for one in worse])
        verb = "takes" if len(worse) == 1 else "take"
        parts.append(f"{names} clearly {verb} away from the rest")
    if not parts:
        return f"By year {years}, no single programme’s part can be told from nothing"
    if rest:
        which = "the other adds" if rest == 1 else f"the other {rest} add"
        parts.append(f"what {which} cannot be told")
    return f"By year {years}, {'; '.join(parts)} (80% intervals)"


def together_blocks(case: BoardCase, runs: ImpactRuns) -> list[Block]:
    """Return whether the strategy averts more than its programmes' separate increments."""
    whole, parts = _whole_and_parts(case, runs)
    figures = {
        "The whole strategy, against the baseline": spread(whole),
        "What would be lost by stopping each programme alone, added up": spread(parts),
        "The second less the first": spread(parts - whole),
    }
    rows, data = [], []
    for what, each in figures.items():
        mean, low80, high80, low95, high95 = _limits(each)
        step = max(0.1, rounding_step(mean, low95, high95))
        rows.append({
            "Hospital admissions averted": what, "80% interval": interval(low80, high80, step),
            "95% interval": interval(low95, high95, step), "Mean": rounded(mean, step),
        })  # fmt: skip
        data.append({"what": what, "mean": mean, "low80": low80, "high80": high80,
                     "low95": low95, "high95": high95})  # fmt: skip
    table = Table(
        name="parts-and-whole",
        caption=f"The strategy beside the sum of its programmes’ parts, by year "
        f"{case.options.years}",
        frame=pd.DataFrame(rows), data=pd.DataFrame(data), source=_source(case, runs),
    )  # fmt: skip
    _, low80, high80, *_ = _limits(figures["The second less the first"])
    return [Prose(_together(low80, high80)), table]


def _together(low: float, high: float) -> str:
    if low > 0:
        return (
            "Programmes lean on one another: the losses from stopping each alone add up to more "
            "than the whole strategy averts (80% interval)."
        )
    if high < 0:
        return (
            "Programmes stand in for one another: the losses from stopping each alone add up to "
            "less than the whole strategy averts (80% interval). Where one is stopped, the others "
            "make up for part of it."
        )
    return (
        "Whether programmes stand in for one another, or lean on one another, cannot be told from "
        "these runs: the 80% interval of the difference holds zero."
    )


def _whole_and_parts(case: BoardCase, runs: ImpactRuns) -> tuple[np.ndarray, np.ndarray]:
    """Return admissions averted by the strategy, and the increments added up, world by world."""
    measures = load_measures().measures
    only = MeasureCatalogue(measures={_ADMISSIONS: measures[_ADMISSIONS]})

    def count(run: Run) -> np.ndarray:
        return arranged(world_counts(run, only, ())[_ADMISSIONS], ()).values

    strategy = count(case.run(STRATEGY))
    parts: Iterable[np.ndarray] = (count(run) - strategy for run in runs.dropped.values())
    return count(case.run(BASELINE)) - strategy, sum(parts, start=np.zeros_like(strategy))


def _limits(found: Spread) -> tuple[float, ...]:
    names = ("mean", "low80", "high80", "low95", "high95")
    return tuple(float(getattr(found, name)[0]) for name in names)


def _table(case: BoardCase, runs: ImpactRuns, found: Mapping[str, Increment]) -> Table:
    rows, data = [], []
    for one in found.values():
        rows.append({
            "Programme": one.programme.title,
            "Admissions averted: 80% interval": one.admissions.interval80,
            "95% interval": one.admissions.interval95,
            "Mean": one.admissions.central,
            "Chance that it adds": one.admissions.chance,
            "Money freed by stopping it": money(round(one.money, -3)),
            "£ for each admission averted": one.cost_for_each,
        })  # fmt: skip
        data.append(
            {"programme": one.programme.name, "run_without_it": one.run_id, "money": one.money}
            | vars(one.admissions)
            | {f"headline_{name}": value for name, value in vars(one.headline).items()}
        )
    years = case.options.years
    return Table(
        name="incremental-value",
        caption=f"What each programme adds to the rest of the strategy by year {years}; money over "
        f"all years in {case.strategy.price_year} prices. A price of an admission is given only "
        "where the whole 95% interval averts some",
        frame=pd.DataFrame(rows), data=pd.DataFrame(data), source=_source(case, runs),
    )  # fmt: skip


def _alt(found: Mapping[str, Increment], years: int) -> str:
    lines = [
        f"{one.programme.title}: 80% interval {one.admissions.interval80}, mean "
        f"{one.admissions.central}."
        for one in found.values()
    ]
    return (
        f"Dots with 80% and 95% intervals, one line a programme, of hospital admissions averted "
        f"beyond the rest of the strategy by year {years}. {' '.join(lines)} The table that "
        "follows gives every number."
    )


def _source(case: BoardCase, runs: ImpactRuns) -> str:
    names = [case.run(STRATEGY).run_id, *(run.run_id for run in runs.dropped.values())]
    return f"model runs {', '.join(dict.fromkeys(names))}; modelled, not recorded"


def _pounds(value: float) -> str:
    return money(float(f"{value:.2g}"))
