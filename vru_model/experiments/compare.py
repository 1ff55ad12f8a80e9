"""Two runs, paired draw by draw and replicate by replicate.

Both runs draw the same random numbers, so the difference of two paired worlds holds what the
scenarios do and little of the chance that each world has of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from vru_model.errors import InputError, Problem
from vru_model.experiments.cubes import (
    ALL_AGES,
    COMPARED,
    GROUPS,
    UNDER_25,
    by_draw,
    cube_of,
)
from vru_model.experiments.intervals import CHANCE, FEWEST_DRAWS, LIMITS, spread
from vru_model.experiments.request import gather
from vru_model.experiments.results import Run
from vru_model.experiments.runner import MODELLED
from vru_model.experiments.world import WorldKey

__all__ = [
    "ALL_AGES", "BY_YEAR", "COMPARED", "GROUPS", "HORIZONS", "IN_YEAR", "UNDER_25", "WINDOWS",
    "Comparison", "compare",
]  # fmt: skip

HORIZONS = (1, 3, 5, 10)
IN_YEAR, BY_YEAR = "in year", "by year"
WINDOWS = (IN_YEAR, BY_YEAR)

_SETTINGS = {
    "place": "place",
    "scale": "scale",
    "years": "years",
    "step": "step",
    "seed": "seed",
    "population_seed": "population seed",
    "parameter_values": "parameter values",
    "parameters": "version of the model parameters",
    "code": "version of the code",
    "store_format": "format of the store",
}

# Sums of the same cells in another order differ by less than this share of them.
_NOISE = 1e-12

_SPEND = """
select measure, year, draw, replicate, sum(value) as value
from measures
where role = 'programme' and starts_with(measure, 'spend:')
group by measure, year, draw, replicate
"""


@dataclass(frozen=True)
class Comparison:
    """What a scenario averts against a baseline.

    Attributes
    ----------
    base, other
        The two runs.
    table
        One row for each measure, group of victims, year and window, with the columns measure,
        group, year, window ("in year", or "by year" from the start), baseline, scenario,
        averted (baseline less scenario), low80, high80, low95, high95, chance_better,
        chance_equal, monte_carlo_error and monte_carlo_95 (standard error of `averted` by chance
        alone, and half the width of its 95% interval), parameter_spread (standard deviation
        between draws, chance taken out), draws, replicates. Counts are at the full size of the
        place.
    spend
        Money a year by programme, £ in the scenario's price year: programme, year, baseline,
        scenario, extra.
    worlds
        The pairs of worlds it rests on.
    """

    base: Run
    other: Run
    table: pd.DataFrame
    spend: pd.DataFrame
    worlds: tuple[WorldKey, ...]

    @cached_property
    def draws(self) -> int:
        """Return how many draws were paired."""
        return len({key.draw for key in self.worlds})

    @property
    def pairs(self) -> int:
        """Return how many pairs of worlds were compared."""
        return len(self.worlds)

    @property
    def same(self) -> tuple[str, ...]:
        """Return that a run was compared with itself, in a sentence; nothing where it was not."""
        if self.base.run_id != self.other.run_id:
            return ()
        return (f"Both are the same run, {self.base.run_id}: nothing can differ.",)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what a reader of the table has to know, in sentences."""
        notes = [MODELLED]
        if self.pairs == 1:
            notes.append(
                "One pair of worlds: no interval can be given. Add --replicates and --draws."
            )
        elif self.draws < 2:
            notes.append(
                f"One draw of the parameters and {self.pairs} replicates: the intervals show "
                "chance alone and do not cover parameter uncertainty."
            )
        elif self.draws < FEWEST_DRAWS:
            notes.append(
                f"{self.draws} draws: parameter uncertainty is not covered (that takes at least "
                f"{FEWEST_DRAWS})."
            )
        return tuple(notes)

    def _repr_html_(self) -> str:
        """Return the comparison as a notebook shows it: the last year, with both uncertainties."""
        from vru_model.experiments.showing import comparison_html

        return comparison_html(self)

    @property
    def attribution(self) -> tuple[str, ...]:
        """Return the lines that every output from the comparison has to carry."""
        return tuple(dict.fromkeys([*self.base.attribution, *self.other.attribution]))


def horizons(last: int) -> tuple[int, ...]:
    """Return the years that are shown of runs of so many: the usual ones, and the last."""
    return (*(year for year in HORIZONS if year < last), last)


def compare(
    base: str | Path | Run,
    other: str | Path | Run,
    years: Sequence[int] | None = None,
    worlds: Iterable[WorldKey | tuple[int, int]] | None = None,
) -> Comparison:
    """Compare two runs over the worlds that both have finished.

    Parameters
    ----------
    base, other
        Runs, their folders or their ids; the first is the baseline.
    years
        The years to show; by default those of 1, 3, 5 and 10 that the runs reach, and their last.
    worlds
        Which worlds to compare, as (draw, replicate); by default all that both have finished.

    Raises
    ------
    InputError
        Where the runs differ in more than their scenario, share no finished world or not those
        asked for, or do not reach the years.
    """
    first, second = _open(base, other)
    problems = _differences(first, second)
    shown = horizons(first.years) if years is None else years
    problems += [
        Problem(None, None, "years", str(year), f"1 to {first.years}, the years of the runs")
        for year in shown
        if not 1 <= year <= first.years
    ]
    shared = set(first.worlds()) & set(second.worlds())
    asked = shared if worlds is None else {_key(world) for world in worlds}
    problems += [
        Problem(second.folder, None, "worlds", key.label, "worlds that both runs have finished")
        for key in sorted(asked - shared)
    ]
    paired = tuple(sorted(asked & shared))
    if not paired and not problems:
        problems.append(
            Problem(second.folder, None, "worlds", "none finished in both", "at least one pair")
        )
    if problems:
        raise InputError(problems)
    table = _table(cube_of(first, paired), cube_of(second, paired), paired, tuple(shown))
    return Comparison(first, second, table, _spend_table(first, second, paired), paired)


def _key(world: WorldKey | tuple[int, int]) -> WorldKey:
    return world if isinstance(world, WorldKey) else WorldKey(*world)


def _open(*sources: str | Path | Run) -> list[Run]:
    runs, problems = gather(
        *(lambda source=source: source if isinstance(source, Run) else Run.open(source)
          for source in sources)
    )  # fmt: skip
    if problems:
        raise InputError(problems)
    return runs


def _differences(base: Run, other: Run) -> list[Problem]:
    """Return every setting but the scenario in which the runs differ."""
    ours, theirs = base.manifest["identity"], other.manifest["identity"]
    return [
        Problem(
            other.folder, None, title, str(theirs.get(name)),
            f"{ours.get(name)}, as in {base.run_id}",
            "worlds pair only where all but the scenario is the same",
        )
        for name, title in _SETTINGS.items()
        if ours.get(name) != theirs.get(name)
    ]  # fmt: skip


def _table(
    base: np.ndarray, other: np.ndarray, worlds: Sequence[WorldKey], years: tuple[int, ...]
) -> pd.DataFrame:
    """Return the comparison's table; see :class:`Comparison`."""
    chosen = np.array(years, dtype=int) - 1
    ours, theirs = (
        # measures, groups, years, windows last but for the worlds in front
        np.stack([cube, np.cumsum(cube, axis=-1)], axis=-1)[:, :, :, chosen]
        for cube in (base, other)
    )
    labels = pd.MultiIndex.from_product(
        [COMPARED, GROUPS, years, WINDOWS], names=["measure", "group", "year", "window"]
    )
    averted = ours - theirs
    averted[np.abs(averted) < _NOISE * ours] = 0.0
    found = spread(by_draw(averted.reshape(len(worlds), -1), worlds))
    table = pd.DataFrame(index=labels)
    table["baseline"] = _level(ours, worlds)
    table["scenario"] = _level(theirs, worlds)
    table["averted"] = found.mean
    for name in (*LIMITS, "chance_better", "chance_equal", *CHANCE):
        table[name] = getattr(found, name)
    table["draws"] = len({key.draw for key in worlds})
    table["replicates"] = max(
        sum(key.draw == draw for key in worlds) for draw in {key.draw for key in worlds}
    )
    return table.reset_index()


def _level(cube: np.ndarray, worlds: Sequence[WorldKey]) -> np.ndarray:
    """Return the mean over draws of the replicate means, one entry a quantity."""
    return np.nanmean(by_draw(cube.reshape(len(worlds), -1), worlds), axis=1).mean(axis=0)


def _spend_table(base: Run, other: Run, worlds: Sequence[WorldKey]) -> pd.DataFrame:
    """Return the money a year by programme, the mean over worlds."""
    sides = {}
    for name, run in (("baseline", base), ("scenario", other)):
        spend = run.query(_SPEND, (), worlds)
        spend["programme"] = spend["measure"].str.removeprefix("spend:")
        sides[name] = spend.groupby(["programme", "year"])["value"].sum() / len(worlds)
    table = pd.DataFrame(sides).fillna(0.0).reset_index()
    table["extra"] = table["scenario"] - table["baseline"]
    return table
