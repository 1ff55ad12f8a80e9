"""Issues of the needs assessment → programmes → what they contribute → gaps.

:func:`progress` is the table of a board's first question (is the strategy about what the needs
assessment found?), :func:`coverage` its part that needs no run, :func:`gaps` what is left open.
Indicators are counted as all measures are (:mod:`vru_model.analysis.measures`), world by world,
so that a contribution is a paired difference against the same world without the strategy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from vru_model.analysis.indicators import Values, in_words, needed_measures, values_of
from vru_model.errors import InputError, Problem
from vru_model.experiments.compare import compare
from vru_model.experiments.intervals import spread
from vru_model.parameters.accounts.needs import Issue, NeedsAssessment, load_needs
from vru_model.parameters.register import load_programme
from vru_model.parameters.years import PLANNED_YEARS
from vru_model.paths import PARAMETERS

if TYPE_CHECKING:
    from vru_model.experiments.results import Run

NO_PROGRAMME_EXISTS = "no programme of the register addresses this"
NONE_FUNDED = "no programme in this strategy addresses this"
NONE_HELPFUL = "only programmes that are not expected to help are funded"
ADDRESSED = ""
"""What the column `gap` says; nothing where an issue is addressed."""

_NOT_HELPFUL = ("no benefit", "unknown, may harm", "harmful")
_LIMITS = ("low80", "high80", "low95", "high95")
# Sums of the same cells in another order differ by less than this share of them.
_NOISE = 1e-12
_NUMBERS = (
    "now", "now_low95", "now_high95", "rate", "rate_low95", "rate_high95", "per", "year",
    "without", "without_low95", "without_high95", "with", "with_low95", "with_high95",
    "contribution", *_LIMITS, "chance_better", "contribution_by_year",
    *(f"by_year_{name}" for name in _LIMITS), "target", "target_year", "chance_target", "draws",
)  # fmt: skip


class FundedLine(Protocol):
    """What is read of a line of funding (:class:`vru_model.parameters.funding.Funding`)."""

    @property
    def programme(self) -> str:
        """Name of the programme."""

    @property
    def money_per_year(self) -> float:
        """£ a year."""

    def covers(self, year: int) -> bool:
        """Say whether there is money in this year."""


class Funded(Protocol):
    """What is read of a strategy (:class:`vru_model.scenario.Scenario` is one)."""

    @property
    def funding(self) -> Sequence[FundedLine]:
        """Lines of money."""


def coverage(scenario: Funded, needs: NeedsAssessment | None = None) -> pd.DataFrame:
    """Return what a strategy funds for each issue, what it does not, and the gap.

    Columns: issue, title, meaning, wanted, source, status, funded and not_funded (lists of
    titles; harm or no benefit is said behind the title), money_per_year (£ in the strategy's
    prices on the funded programmes, of each in its fullest year and before shocks; they may act on
    other issues too, so that the column must not be added up), gap (see the constants of this
    module; nothing where addressed), note.
    """
    money = _money(scenario)
    rows = []
    for name, issue in (needs or load_needs()).issues.items():
        funded = [each for each in issue.programmes if money.get(each, 0) > 0]
        rest = [each for each in issue.programmes if each not in funded]
        rows.append({
            "issue": name, "title": issue.title, "meaning": issue.meaning,
            "wanted": issue.wanted, "source": issue.source, "status": issue.status,
            "funded": [_called(each) for each in funded],
            "not_funded": [_called(each) for each in rest],
            "money_per_year": sum(money[each] for each in funded),
            "gap": _gap(issue, funded), "note": _note(issue),
        })  # fmt: skip
    return pd.DataFrame(rows)


def gaps(scenario: Funded, needs: NeedsAssessment | None = None) -> pd.DataFrame:
    """Return the issues that a strategy leaves open: the rows of :func:`coverage` with a gap."""
    table = coverage(scenario, needs)
    return table[table["gap"] != ADDRESSED].reset_index(drop=True)


def beside_the_needs(scenario: Funded, needs: NeedsAssessment | None = None) -> list[str]:
    """Return the titles of funded programmes that no issue names."""
    named = {each for issue in (needs or load_needs()).issues.values()
             for each in issue.programmes}
    return [_called(each) for each, pounds in _money(scenario).items()
            if pounds > 0 and each not in named]


def progress(
    base_run: Run, other_run: Run | None, scenario: Funded, needs: NeedsAssessment | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Return each issue with its indicator, what the strategy contributes to it, and its gap.

    Parameters
    ----------
    base_run
        A stored run without the strategy.
    other_run
        The same run with the strategy; None for the indicators alone.
    scenario
        The strategy: its money decides what is funded.
    needs
        The issues; those of ``parameters/needs.yaml`` unless given.
    year
        In which year the strategy is looked at; the last of the run unless given.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`coverage`, and: indicator (in words), differs, unit, kind ("count",
        "share" or "ratio"); now, its value in year 1 without the strategy, with its 95% interval
        over draws; rate and per (of a count), likewise; year; without and with (the strategy), in
        that year; contribution in that year, above 0 where it goes the way that is wanted, with
        low80, high80, low95, high95 and chance_better; contribution_by_year, added up from year 1
        (counts alone), with by_year_low80 and so on; target (value wanted), target_year and
        chance_target, the share of draws that reach it (with the strategy where there is one);
        draws. Numbers that cannot be given are NaN, among them all of an issue that the model
        does not measure.

    Raises
    ------
    InputError
        Where the run does not reach the year, or the runs differ in more than their scenario.
    """
    found = needs or load_needs()
    last = base_run.years if year is None else year
    if not 1 <= last <= base_run.years:
        raise InputError([Problem(None, None, "year", str(last), f"1 to {base_run.years}")])
    if other_run is not None:
        compare(base_run, other_run, (last,))  # refuses what cannot be paired
    catalogue = needed_measures(found)
    runs = (base_run,) if other_run is None else (base_run, other_run)
    rows = []
    for name, issue in found.issues.items():
        row: dict[str, object] = {
            "issue": name, "indicator": "", "unit": "", "kind": "",
            "differs": issue.not_measured or "This run did not count it.",
            **dict.fromkeys(_NUMBERS, np.nan),
        }  # fmt: skip
        if issue.indicator is not None:
            values = values_of(runs, issue.indicator, catalogue)
            if values is not None:
                measure = catalogue.measures[issue.indicator.measure]
                row |= in_words(issue.indicator, measure)
                row |= _numbers(issue, values, last)
        rows.append(row)
    return coverage(scenario, found).merge(pd.DataFrame(rows), on="issue", validate="one_to_one")


def _numbers(issue: Issue, values: Values, year: int) -> dict[str, float]:
    """Return the numbers of one row of :func:`progress`."""
    at = year - 1
    sign = 1.0 if issue.wanted == "lower" else -1.0
    found = {"year": float(year), "per": values.per if values.added_up else np.nan,
             "draws": float(len(values.without))}
    level = {"": "mean", "_low95": "low95", "_high95": "high95"}
    found |= _spread(values.without[..., :1], {f"now{end}": each for end, each in level.items()})
    found |= _spread(values.without[..., at:year],
                     {f"without{end}": each for end, each in level.items()})
    if values.rate is not None:
        found |= _spread(values.rate[..., :1], {f"rate{end}": each for end, each in level.items()})
    if values.with_it is not None:
        found |= _spread(values.with_it[..., at:year],
                         {f"with{end}": each for end, each in level.items()})
        gained = sign * (values.without - values.with_it)
        gained[np.abs(gained) < _NOISE * np.abs(values.without)] = 0.0
        found |= _spread(gained[..., at:year], {
            "contribution": "mean", "chance_better": "chance_better",
            **{name: name for name in _LIMITS}})
        if values.added_up:
            found |= _spread(gained[..., :year].sum(axis=-1, keepdims=True), {
                "contribution_by_year": "mean", **{f"by_year_{name}": name for name in _LIMITS}})
    return found | _target(issue, values)


def _target(issue: Issue, values: Values) -> dict[str, float]:
    """Return the value wanted, and in how many draws it is reached by its year."""
    if issue.target is None:
        return {}
    wanted = 1.0 + issue.target.change
    now = np.nanmean(values.without[..., 0], axis=1)
    found = {"target": float(now.mean()) * wanted, "target_year": float(issue.target.by_year)}
    course = values.without if values.with_it is None else values.with_it
    if issue.target.by_year <= course.shape[-1]:
        then = np.nanmean(course[..., issue.target.by_year - 1], axis=1)
        reached = then <= now * wanted if issue.wanted == "lower" else then >= now * wanted
        found["chance_target"] = float(reached.mean())
    return found


def _spread(values: np.ndarray, columns: Mapping[str, str]) -> dict[str, float]:
    """Return columns of the spread of one quantity; NaN where some draw has none of it."""
    if np.isnan(values).all(axis=1).any():
        return dict.fromkeys(columns, np.nan)
    found = spread(values)
    return {column: float(getattr(found, name)[0]) for column, name in columns.items()}


def _money(scenario: Funded) -> Mapping[str, float]:
    """Return programme → £ in the year in which it gets most, of all places together."""
    money: dict[str, float] = {}
    for year in range(1, PLANNED_YEARS + 1):
        of_year: dict[str, float] = {}
        for line in scenario.funding:
            if line.covers(year):
                of_year[line.programme] = of_year.get(line.programme, 0) + line.money_per_year
        for name, pounds in of_year.items():
            money[name] = max(money.get(name, 0), pounds)
    return money


def _gap(issue: Issue, funded: list[str]) -> str:
    if not issue.programmes:
        return NO_PROGRAMME_EXISTS
    if not funded:
        return NONE_FUNDED
    helpful = [each for each in funded if _standing(each)[1] not in _NOT_HELPFUL]
    return ADDRESSED if helpful else NONE_HELPFUL


def _note(issue: Issue) -> str:
    return " ".join(part for part in (issue.no_programme, issue.not_measured) if part)


def _called(name: str) -> str:
    """Return a programme's title, with its standing where nothing good is expected of it."""
    title, standing = _standing(name)
    return f"{title} ({standing})" if standing in _NOT_HELPFUL else title


def _standing(name: str) -> tuple[str, str]:
    """Return title and standing of a programme; of one that is not in the register, its name."""
    file = PARAMETERS / "programmes" / f"{name}.yaml"
    if not file.is_file():
        return name.replace("_", " "), ""
    return _read(name, file.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _read(name: str, changed: int) -> tuple[str, str]:
    """Return what a programme's document says; it is read once until it changes."""
    programme = load_programme(name)
    return programme.title, programme.standing
