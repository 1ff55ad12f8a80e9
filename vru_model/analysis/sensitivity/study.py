"""A sensitivity analysis of one comparison, from the first world to the switching values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vru_model.analysis.sensitivity.asking import Design, Question, ask
from vru_model.analysis.sensitivity.emulator import Emulator, fit, space_filling
from vru_model.analysis.sensitivity.enough import Enough, between_parameters
from vru_model.analysis.sensitivity.indices import emulated_indices
from vru_model.analysis.sensitivity.pairs import Pair, Pairs, Values, chance_variance
from vru_model.analysis.sensitivity.reading import Biggest, biggest_assumption
from vru_model.analysis.sensitivity.screening import design, ends, points_at, screen
from vru_model.analysis.sensitivity.switching import At, Switching, switching
from vru_model.analysis.sensitivity.tables import (
    SOBOL,
    assumption_table,
    ends_table,
    point_table,
    switching_table,
)
from vru_model.experiments import Progress
from vru_model.experiments.log import MODELLED
from vru_model.experiments.results import Run
from vru_model.experiments.runner import runs_folder

if TYPE_CHECKING:
    from vru_model.scenario import Scenario

__all__ = ["Design", "Study", "sensitivity"]

_ENOUGH_FOR_OWN_ERROR = 8
_NORMAL_95 = 1.96


@dataclass(frozen=True)
class Study:
    """What a comparison hangs on.

    Attributes
    ----------
    question
        What was asked: scenarios, measure, year, assumptions, design.
    central
        The comparison at the central values.
    table
        One row an assumption, the most important first: rank, name, title, unit, value, low,
        high, distribution, known; at_low, at_high, at_low_percent, at_high_percent (the
        difference with it alone at an end, and as a share of the base scenario), error95 (half
        the interval that chance leaves in these), swing; mu, mu_star, mu_star_conf, sigma,
        chance, dismissed (Morris); first, first_error, total, total_error (Sobol; NaN where it
        was not emulated or the emulator does not predict); verdict, switch, switch_low,
        switch_high (the most important ones); base_at_low, other_at_low, base_at_high,
        other_at_high (run ids); source.
    points
        Every point that was run: stage, difference, percent, replicates, base_run, other_run,
        and what was moved.
    switchings
        Switching values of the most important assumptions.
    emulator, emulated
        The emulator (None where none could be fitted) and the assumptions that it covers.
    enough
        How many worlds a precision takes.
    ranked_by
        Why the first assumption comes first.
    """

    question: Question
    central: Pair
    table: pd.DataFrame
    points: pd.DataFrame
    switchings: tuple[Switching, ...]
    emulator: Emulator | None
    emulated: tuple[str, ...]
    enough: Enough
    ranked_by: str
    base: Run
    other: Run

    @property
    def biggest(self) -> Biggest:
        """Return the assumption that matters most, with its switching value."""
        return biggest_assumption(self.table)

    @property
    def headline(self) -> str:
        """Return the difference at the central values in a sentence."""
        question, central = self.question, self.central
        interval = central.spread
        unit = f"per cent of the {question.what}" if question.relative else question.what
        return (
            f"{question.other.title} against {question.base.title[:1].lower()}"
            f"{question.base.title[1:]}: {central.difference:.3g} {unit} averted by year "
            f"{question.year} at the central values (95% interval of chance "
            f"{interval.low95[0]:.3g} to {interval.high95[0]:.3g}; {100 * central.share:.2g}% of "
            f"{central.before.mean():,.0f})."
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what a reader of the tables has to know, in sentences."""
        place = self.base.manifest["place"]["title"]
        options = self.question.options
        return (
            MODELLED,
            f"{place} at scale {options['scale']:g}, {options['years']} years; runs "
            f"{self.base.run_id} and {self.other.run_id}, and {len(self.points):,} points in all. "
            "All that is not moved has its central value.",
            "An assumption that is moved alone leaves the set of values that fits what is known: "
            "the level of violence is then no longer calibrated. Read the difference between the "
            "paired worlds, best as a share of the base scenario, and not the level.",
            "A switching value is where the difference would be zero if that assumption alone were "
            "wrong. It says nothing of several wrong at once.",
            f"Ranked by {self.ranked_by}.",
        )


def sensitivity(
    base: str | Path | Scenario = "baseline",
    other: str | Path | Scenario = "quick",
    *,
    measure: str = "admissions",
    group: str = "all ages",
    year: int | None = None,
    relative: bool = False,
    only: Iterable[str] | None = None,
    precision: float | str = "0.1%",
    design: Design | None = None,
    report: Callable[[str, Progress], None] | None = None,
    **options: Any,
) -> Study:
    """Say which assumptions a comparison of two scenarios hangs on, and where each turns it round.

    Parameters
    ----------
    base, other
        Names, files or Scenarios: what `other` averts against `base`.
    measure, group, year
        A compared measure by any of its names, the victims ("all ages", "under 25"), and the year
        by whose end it is added up; the horizon unless given.
    relative
        Analyse the difference as a percentage of the base scenario's count.
    only
        Assumptions to look at, or how their names begin; all unless given.
    precision
        For how many replicates and draws are enough: a share of the base scenario's count.
    design
        How many worlds each part takes.
    report
        Is called with the name of a part and its progress.
    options
        Those of :func:`vru_model.experiments.run` but draws and replicates; scale is 0.03 and
        years 5 unless given. Runs that are on disk are used again, so an interrupted analysis
        goes on where it stopped.

    Raises
    ------
    InputError
        Listing everything that is wrong with what was asked; nothing is written then.
    """
    question = ask(
        base, other, measure=measure, group=group, year=year, relative=relative, only=only,
        precision=precision, design=design or Design(), options=options,
    )  # fmt: skip
    return _Analysis(question, report).study()


class _Analysis:
    """The parts of one analysis, in order."""

    def __init__(
        self, question: Question, report: Callable[[str, Progress], None] | None
    ) -> None:
        self.question, self.design = question, question.design
        self.assumptions = question.assumptions
        self.names = [each.name for each in self.assumptions]
        self.pairs = Pairs(
            question.base, question.other, question.measure, question.group, question.year,
            question.relative, question.options, report,
        )  # fmt: skip
        self.stages: dict[str, list[Pair]] = {}
        self.chance = float("nan")

    def study(self) -> Study:
        """Carry out all parts."""
        [central] = self._run("central values", [{}], self.design.central_replicates)
        alone = self._run("one at a time", ends(self.assumptions), self.design.replicates)
        self.chance = chance_variance([central, *alone])
        screened = self._screened()
        kept = screened[~screened["dismissed"]].index[: self.design.most_emulated]
        emulator, indices, spread = self._emulated(list(kept))
        order, ranked_by = ranking(screened, indices)
        found = self._switchings(order[: self.design.top], central)
        table = assumption_table(
            ends_table(self.assumptions, alone, self._error95), screened.loc[order], indices,
            switching_table(found),
        )  # fmt: skip
        level = 100.0 if self.question.relative else float(central.before.mean())
        share = self.question.precision
        enough = Enough(share * level, share, float(np.sqrt(self.chance)), spread)
        folder = runs_folder(self.question.options["out"])
        return Study(
            self.question, central, table, point_table(self.stages), tuple(found), emulator,
            tuple(kept), enough, ranked_by, Run(folder / central.base_run),
            Run(folder / central.other_run),
        )  # fmt: skip

    def _run(self, stage: str, points: Sequence[Values], replicates: int) -> list[Pair]:
        pairs = self.pairs.at(points, replicates, stage)
        self.stages.setdefault(stage, []).extend(pairs)
        return pairs

    def _error95(self, pair: Pair) -> float:
        """Return half the 95% interval by chance: its own, or the pooled one of few replicates."""
        if len(pair.before) >= _ENOUGH_FOR_OWN_ERROR:
            return pair.error95
        return _NORMAL_95 * float(np.sqrt(self.chance / len(pair.before)))

    def _screened(self) -> pd.DataFrame:
        """Return Morris's table, the largest mean effect first."""
        seed = self.question.seed
        probabilities, points = design(self.assumptions, self.design.trajectories, seed)
        pairs = self._run("Morris screening", points, 1)
        outcomes = np.array([pair.difference for pair in pairs])
        table = screen(self.names, probabilities, outcomes, self.chance, seed)
        return table.sort_values("mu_star", ascending=False)

    def _emulated(self, names: list[str]) -> tuple[Emulator | None, pd.DataFrame, float]:
        """Return the emulator, the indices, and the spread between parameters (NaN if unknown)."""
        known = {each.name: each for each in self.assumptions}
        nothing = pd.DataFrame(index=pd.Index(names, name="name"), columns=SOBOL, dtype=float)
        number, seed = self.design.emulator_points, self.question.seed
        if not names or number == 0:
            return None, nothing, float("nan")
        probabilities = space_filling(number, len(names), seed)
        points = points_at([known[name] for name in names], probabilities)
        pairs = self._run("emulator", points, self.design.emulator_replicates)
        outcomes = np.array([pair.difference for pair in pairs])
        chance = self.chance / self.design.emulator_replicates
        emulator = fit(probabilities, outcomes, chance, seed)
        indices = nothing if emulator is None else emulated_indices(emulator, names, seed)
        return emulator, indices, between_parameters(outcomes, chance)

    def _switchings(self, names: Sequence[str], central: Pair) -> list[Switching]:
        known = {each.name: each for each in self.assumptions}

        def run(points: list[dict[str, float]]) -> list[At]:
            pairs = self._run("switching values", points, self.design.top_replicates)
            return [
                At(next(iter(pair.values.values())), pair.difference, self._error95(pair))
                for pair in pairs
            ]

        middle = At(float("nan"), central.difference, self._error95(central))
        return switching([known[name] for name in names], middle, run)


def ranking(screened: pd.DataFrame, indices: pd.DataFrame) -> tuple[list[str], str]:
    """Return the assumptions, the most important first, and what that rests on."""
    by_effect = screened.sort_values("mu_star", ascending=False).index
    totals = indices["total"].dropna().sort_values(ascending=False)
    if totals.empty:
        return list(by_effect), "Morris's mean effect, since no emulator predicts"
    rest = [name for name in by_effect if name not in totals.index]
    return (
        [*totals.index, *rest],
        "Sobol's total index where it was emulated, then by Morris's mean effect",
    )
