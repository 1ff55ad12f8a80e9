"""As many worlds as a precision takes: replicates are added until chance leaves little enough.

The precision is about chance alone: half the width of the 95% interval that replicates leave in
the mean of the paired difference, as a share of the baseline's total. What we do not know about
the parameters is covered by draws, and no number of replicates makes it smaller.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from vru_model.errors import InputError, Problem, nearest
from vru_model.experiments.cubes import ALL_AGES, COMPARED, GROUPS, by_draw, compared, cube_of
from vru_model.experiments.intervals import spread
from vru_model.experiments.log import Progress
from vru_model.experiments.request import Request, gather, load_request
from vru_model.experiments.results import Run
from vru_model.experiments.runner import carry_out, connected, runs_folder, with_defaults
from vru_model.experiments.world import WorldKey
from vru_model.scenario import Scenario

DEFAULT_MEASURES = ("admissions",)
DEFAULT_MOST = 400

_FEWEST_REPLICATES = 4
"""Below this many the error itself is too uncertain to stop by, however many draws share them."""


class Estimate(NamedTuple):
    """A total over the horizon, victims of all ages, at full size; chance alone.

    `value` is the paired difference (averted), or the baseline's own mean where the run is the
    baseline's. `half_width` is half its 95% interval and `share` that as a share of `baseline`.
    """

    measure: str
    baseline: float
    value: float
    half_width: float
    share: float


@dataclass(frozen=True)
class Precise:
    """What it took to reach a precision.

    Attributes
    ----------
    run, base
        The run, and the baseline's with which it is paired (None where the run is the baseline).
    wanted
        The share of the baseline's total asked for.
    estimates
        One for each measure.
    draws, replicates
        The worlds of each of the two runs that the estimates rest on.
    """

    run: Run
    base: Run | None
    wanted: float
    estimates: tuple[Estimate, ...]
    draws: int
    replicates: int

    @property
    def worlds(self) -> int:
        """Return how many worlds of each run it took."""
        return self.draws * self.replicates

    @property
    def reached(self) -> bool:
        """Say whether chance leaves no more than was asked, for every measure."""
        return all(estimate.share <= self.wanted for estimate in self.estimates)

    @property
    def sentences(self) -> list[str]:
        """Return what was reached, in a sentence a measure and one about the worlds it took."""
        years = "the year" if self.run.years == 1 else f"{self.run.years} years"
        said = []
        for estimate in self.estimates:
            what = COMPARED[estimate.measure] + ("" if self.base is None else " averted")
            about = f"{_figure(estimate.value)} {what} over {years}"
            error = f"give or take {_figure(estimate.half_width)} by chance alone"
            share = f"{estimate.share:.2%} of the baseline's {_figure(estimate.baseline)}"
            said.append(f"{about}, {error} ({share}).")
        each = "" if self.base is None else " of each"
        worlds = f"{self.worlds} world{'s' * (self.worlds != 1)}{each}"
        wanted = f"{100 * self.wanted:.3g}%"
        took = (
            f"It took {worlds} to reach {wanted}."
            if self.reached
            else f"Not reached: {wanted} takes more than the {worlds} allowed (--most)."
        )
        return [*said, took]


def run_to_precision(
    scenario: str | Path | Scenario = "baseline",
    *,
    precision: float | str,
    measures: Iterable[str] | None = None,
    most: int | None = None,
    baseline: str | Path | Scenario = "baseline",
    report: Callable[[str, Progress], None] | None = None,
    **options: Any,
) -> Precise:
    """Run a scenario and its baseline with as many replicates as a precision takes.

    Parameters
    ----------
    scenario
        As for :func:`run`. Where it is the baseline itself, the precision is of its own mean.
    precision
        Half the width of the 95% interval that chance leaves, as a share of the baseline's
        total over the horizon: 0.005 or "0.5%".
    measures
        Names of compared measures, such as "admissions"; all of them have to be precise enough.
    most
        At most so many worlds of each run.
    baseline
        The scenario to pair with.
    report
        Is called with a name and the progress of the run of that name.
    options
        Those of :func:`run`; `replicates` is the number to begin with.

    Raises
    ------
    InputError
        Listing everything wrong; nothing is written then.
    """
    options = with_defaults("run_to_precision", options)
    out = runs_folder(options.pop("out"))
    place = options.pop("place")
    share, names, problems = _check(precision, measures, most, options)
    asked, found = gather(
        lambda: load_request(scenario, place, out, options),
        lambda: load_request(baseline, place, out, options),
    )
    problems += [problem for problem in dict.fromkeys(found) if problem not in problems]
    if problems:
        raise InputError(problems)
    (own, about), (other, about_too) = asked
    cap = (DEFAULT_MOST if most is None else most) // own.draws
    with connected(options["cluster"]) as workplace:

        def carry(request: Request) -> Run:
            name = request.setting.scenario.name
            return carry_out(
                request, about if request.setting == own.setting else about_too, out,
                workers=options["workers"], cluster=workplace,
                progress=None if report is None else lambda progress: report(name, progress),
            )  # fmt: skip

        return reach(own, other, share, names, cap, carry)


def reach(
    own: Request,
    other: Request,
    wanted: float,
    measures: Sequence[str],
    cap: int,
    carry: Callable[[Request], Run],
) -> Precise:
    """Carry out a request and its baseline's with ever more replicates, up to a cap.

    The answer depends on the worlds alone and not on which of them were on disk before: a call
    that was interrupted comes to the same one.
    """
    paired = own.setting.run_id != other.setting.run_id
    replicates = min(max(own.replicates, _FEWEST_REPLICATES), cap)
    while True:
        base = carry(replace(other, replicates=replicates)) if paired else None
        run = carry(replace(own, replicates=replicates))
        estimates = estimate(run, base, measures, own.draws, replicates)
        precise = Precise(run, base, wanted, estimates, own.draws, replicates)
        if precise.reached or replicates >= cap:
            return precise
        replicates = min(next_replicates(replicates, wanted, estimates), cap)


def estimate(
    run: Run, base: Run | None, measures: Sequence[str], draws: int, replicates: int
) -> tuple[Estimate, ...]:
    """Return how precise the worlds of a run, paired with its baseline's, make each measure."""
    worlds = [WorldKey(draw, replicate) for draw in range(draws) for replicate in range(replicates)]
    rows = [list(COMPARED).index(measure) for measure in measures]
    ages = GROUPS.index(ALL_AGES)

    def totals(of: Run) -> np.ndarray:
        return cube_of(of, worlds)[:, rows, ages].sum(axis=-1)

    first = totals(base or run)
    level = first.mean(axis=0)
    values = first if base is None else first - totals(run)
    found = spread(by_draw(values, worlds))
    return tuple(
        Estimate(name, baseline, value, half, _share(half, baseline))
        for name, baseline, value, half in zip(
            measures, level.tolist(), found.mean.tolist(), found.monte_carlo_95.tolist(),
            strict=True,
        )
    )  # fmt: skip


def only_with_precision(measures: Sequence[str] | None, most: int | None) -> list[Problem]:
    """Return what is wrong with options that mean nothing without a precision."""
    given = {"measure": measures or None, "most": most}
    return [
        _wrong(name, value, "only together with --precision")
        for name, value in given.items()
        if value is not None
    ]


def next_replicates(replicates: int, wanted: float, estimates: Sequence[Estimate]) -> int:
    """Return how many replicates to try next: what the error so far asks for, at most twice.

    The error falls with the square root of the number of worlds. Few looks are taken, because
    each is a chance to stop on a lucky one.
    """
    worst = max(estimate.share for estimate in estimates) / wanted
    asked = math.ceil(replicates * min(worst, 2.0) ** 2)
    return max(min(asked, 2 * replicates), replicates + 1)


def _share(half_width: float, baseline: float) -> float:
    if not half_width > 0:
        return math.inf if math.isnan(half_width) else 0.0
    return half_width / abs(baseline) if baseline else math.inf


def _check(
    precision: float | str, measures: Iterable[str] | None, most: int | None, options: dict
) -> tuple[float, list[str], list[Problem]]:
    """Return the share, the measures by their full names, and what is wrong with all three."""
    problems, names = [], []
    for measure in DEFAULT_MEASURES if measures is None else measures:
        name = compared(measure)
        if name is None:
            plain = sorted({*COMPARED.values()})
            problems.append(_wrong("measure", measure, ", ".join(plain), nearest(measure, plain)))
        else:
            names.append(name)
    share = as_share(precision)
    if not 0 < share < 1:
        problems.append(_wrong("precision", precision, "a share such as 0.5% or 0.005"))
    draws = options["draws"]
    fewest = _FEWEST_REPLICATES * draws if isinstance(draws, int) and draws > 0 else 1
    if most is not None and not most >= fewest:
        allowed = f"a whole number, {fewest} or more: fewer worlds cannot tell their own error"
        problems.append(_wrong("most", most, allowed))
    return share, names, problems


def as_share(precision: float | str) -> float:
    """Return 0.005 for "0.5%" and for 0.005; not a number where it is none."""
    text = str(precision).strip()
    try:
        return float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
    except ValueError:
        return math.nan


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _wrong(name: str, given: Any, allowed: str, hint: str = "") -> Problem:
    return Problem(None, None, name, repr(given), allowed, hint)
