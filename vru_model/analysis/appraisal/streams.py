"""Events averted, money and health set free, and money spent: year by year, before discounting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vru_model.analysis.appraisal.prices import Prices, draw_prices
from vru_model.analysis.counting import counts
from vru_model.analysis.measures import arranged
from vru_model.errors import InputError, Problem
from vru_model.experiments import compare
from vru_model.parameters.accounts.appraisal import Bias, Profile, Rules
from vru_model.parameters.accounts.costs import CostBook

if TYPE_CHECKING:
    from vru_model.experiments.compare import Comparison

QUINTILES = 5
_BY = ("year", "deprivation_quintile")


@dataclass(frozen=True)
class Streams:
    """What a scenario changes against its baseline, in £ of the profile's price base.

    Arrays of events have the shape (draws, replicates, years, quintiles), paired world by world,
    not a number where a world is not finished. Above zero: averted.

    Attributes
    ----------
    averted
        Event → events averted.
    people
        Residents by quintile in the baseline's first year.
    spend
        Programme → extra £ a year, before optimism bias.
    grades
        Programme → grade of its evidence.
    """

    comparison: Comparison
    book: CostBook
    rules: Rules
    profile: Profile
    prices: Prices
    averted: dict[str, np.ndarray]
    people: np.ndarray
    spend: dict[str, np.ndarray]
    grades: Mapping[str, str]

    @property
    def years(self) -> int:
        """Return the horizon in years."""
        return self.comparison.base.years

    def bias(self, programme: str) -> Bias:
        """Return the optimism bias that a programme's grade of evidence calls for."""
        return self.profile.optimism_bias[self.grades[programme]]

    def costs(self, optimism: bool = True) -> np.ndarray:
        """Return extra £ a year on programmes, with or without the uplift for optimism."""
        return sum(
            (money * (1 + self.bias(name).cost_uplift * optimism)
             for name, money in self.spend.items()),
            start=np.zeros(self.years),
        )  # fmt: skip

    def benefit_cut(self) -> float:
        """Return the share taken off benefits for optimism: the mean over programmes by money."""
        total = {name: float(money.sum()) for name, money in self.spend.items() if money.sum() > 0}
        if not total:
            return 0.0
        cuts = sum(money * self.bias(name).benefit_cut for name, money in total.items())
        return cuts / sum(total.values())

    def by_draw(self, values: np.ndarray) -> np.ndarray:
        """Return one number a draw in a shape that multiplies events."""
        return values[:, None, None, None]

    def item(self, name: str) -> np.ndarray:
        """Return the £ that an item's events no longer cost, by world, year and quintile."""
        event = self.book.items[name].event
        return self.averted[event] * self.by_draw(self.prices.items[name])

    def qalys(self, homicide: bool = True) -> np.ndarray:
        """Return the QALYs that victims keep, by world, year and quintile."""
        return sum(
            self.averted[name] * self.by_draw(self.prices.qalys[name])
            for name, event in self.book.events.items()
            if event.qalys_lost > 0 and (homicide or not event.homicide)
        )  # type: ignore[return-value]


def read_streams(
    comparison: Comparison,
    book: CostBook,
    rules: Rules,
    profile: Profile,
    grades: Mapping[str, str] | None = None,
    price_year: str | None = None,
) -> Streams:
    """Return the streams of a comparison.

    Parameters
    ----------
    comparison
        Of two stored runs.
    book, rules, profile
        Unit costs, the deflators, and the rules to appraise by.
    grades, price_year
        Evidence grade by programme, and the price year of the money spent; read from the
        scenario of the run unless given.

    Raises
    ------
    InputError
        Where the price year has no deflator, or a programme has no grade.
    """
    draws = sorted({key.draw for key in comparison.worlds})
    seed = comparison.base.manifest["identity"]["seed"]
    if grades is None or price_year is None:
        found_grades, found_year = _of_scenario(comparison)
        grades, price_year = grades or found_grades, price_year or found_year
    price_year = price_year or profile.price_base
    spend = _spend(comparison, rules, profile, price_year)
    _refuse(spend, grades, rules, price_year)
    before, after = (
        counts(run, book.events, _BY, worlds=comparison.worlds)
        for run in (comparison.base, comparison.other)
    )
    shape = (comparison.base.years, QUINTILES)
    averted = {
        name: _cube(before[name] - after[name], shape) for name in book.events
    }
    people = _cube(before["person_years"], shape)[:, :, 0].mean(axis=(0, 1))
    prices = draw_prices(book, rules, profile, draws, seed)
    return Streams(
        comparison, book, rules, profile, prices, averted, people, spend, grades
    )


def appraised_runs(base: object, other: object) -> Comparison:
    """Return the comparison of two runs, by folder or id; InputError where they do not pair."""
    return compare(base, other)  # type: ignore[arg-type]


def _cube(values, shape: tuple[int, int]) -> np.ndarray:
    found = arranged(values, _BY)
    cube = np.zeros((*found.values.shape[:2], *shape))
    year = found.cells["year"].to_numpy(int) - 1
    quintile = found.cells["deprivation_quintile"].to_numpy(int) - 1
    cube[:, :, year, quintile] = found.values
    return np.where(np.isnan(found.values).any(axis=-1)[:, :, None, None], np.nan, cube)


def _spend(
    comparison: Comparison, rules: Rules, profile: Profile, price_year: str
) -> dict[str, np.ndarray]:
    if price_year not in rules.deflators:
        return {}
    factor = rules.deflated(1.0, price_year, profile.price_base)
    money: dict[str, np.ndarray] = {}
    for _, row in comparison.spend.iterrows():
        years = money.setdefault(str(row["programme"]), np.zeros(comparison.base.years))
        years[int(row["year"]) - 1] += float(row["extra"]) * factor
    return money


def _of_scenario(comparison: Comparison) -> tuple[dict[str, str], str]:
    """Return the grades of all programmes that either scenario funds, and the price year."""
    from vru_model.scenario import Scenario

    grades: dict[str, str] = {}
    years: list[str] = []
    for run in (comparison.base, comparison.other):
        scenario = Scenario.load(run.folder / "scenario.yaml")
        grades |= {name: each.evidence.grade for name, each in scenario.programmes.items()}
        years.append(scenario.price_year)
    return grades, next((year for year in reversed(years) if year), "")


def _refuse(
    spend: Mapping[str, np.ndarray], grades: Mapping[str, str], rules: Rules, price_year: str
) -> None:
    problems = []
    if price_year not in rules.deflators:
        problems.append(Problem(None, None, "price_year", price_year,
                                f"a year with a deflator: {', '.join(rules.deflators)}"))
    problems += [
        Problem(None, None, f"grades.{name}", "nothing", "the grade of its evidence, A to D")
        for name in spend if name not in grades
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
