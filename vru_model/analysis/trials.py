"""What virtual trials show of each programme, and the size of a change at which they show enough.

A published effect is what a study saw in those who took part, everything in between included: the
calmer peers, the retaliation that did not come, the history that was not made. The model has those
paths too, so a published effect put straight into the rate of acting would be counted again by
them. The size of one change of a programme is therefore found by inverting its virtual trial: it
is set so that the trial shows what is believed, the other changes paid first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vru_model.errors import InputError, Problem, nearest
from vru_model.experiments import Progress
from vru_model.experiments.intervals import limits_of_draws
from vru_model.experiments.trial import Count, VirtualTrial
from vru_model.experiments.trials import carry_out
from vru_model.parameters.conversions import Estimate
from vru_model.parameters.documents import built_in_names
from vru_model.parameters.programmes import TARGETS, Programme
from vru_model.parameters.register import load_programme

REPLICATES, DRAWS = 8, 20
_CORRECTIONS = 2
_NEAR = 0.02  # log ratios this near are alike for every purpose here
_FEWEST = 0.5  # counted in place of nothing, so that a ratio exists

Report = Callable[[str, Progress], None]


@dataclass(frozen=True)
class Result:
    """What the virtual trials of one programme showed.

    Attributes
    ----------
    programme
        The programme.
    ratio
        Events of the treated over those of the same people without it, over all replicates at
        central values, with the 95% interval of chance alone; None where it has no trial.
    over_draws
        The mean and 95% interval of the ratio over draws of effects and parameters; None where
        fewer than two draws were made.
    followed, events
        People or places followed, and events counted in them without the programme.
    """

    programme: Programme
    ratio: Estimate | None = None
    over_draws: Estimate | None = None
    followed: int = 0
    events: float = 0.0


@dataclass(frozen=True)
class Fit:
    """The size at which a virtual trial shows what is believed.

    Attributes
    ----------
    programme
        With the fitted change in it.
    target, before, after
        The change, and its value before and after, with the new range.
    believed, shown
        Log ratios of rates: what is believed, and what the trial shows with the new size.
    chance
        Half of the 95% interval of ``shown`` that chance alone leaves.
    """

    programme: Programme
    target: str
    before: float
    after: Estimate
    believed: float
    shown: float
    chance: float


def chosen(names: Iterable[str] | None) -> list[Programme]:
    """Return programmes by name, all unless given; raise InputError listing the unknown."""
    known = built_in_names("programmes")
    asked = list(known) if not names else list(dict.fromkeys(names))
    unknown = [Problem(None, None, "programme", name, ", ".join(known), nearest(name, known))
               for name in asked if name not in known]
    if unknown:
        raise InputError(unknown)
    return [load_programme(name) for name in asked]


def show(programmes: Sequence[Programme], *, draws: int = DRAWS, replicates: int = REPLICATES,
         workers: int | None = None, report: Report | None = None, **options) -> list[Result]:
    """Return what virtual trials show of programmes.

    Parameters
    ----------
    programmes
        Those without a trial are returned as they are.
    draws
        Of effects and parameters; below two there is no interval over them.
    replicates
        Random worlds at central values.
    workers, report
        Processes, and who is told of progress.
    options
        place, scale, seed, population_seed: those of :class:`VirtualTrial`.
    """
    trials: list[VirtualTrial] = []
    for each in programmes:
        if each.trial is not None:
            trials += [VirtualTrial(each, replicate=n, **options) for n in range(replicates)]
            trials += [VirtualTrial(each, draw=n, **options) for n in range(draws if draws > 1
                                                                            else 0)]
    told = None if report is None else lambda progress: report("virtual trials", progress)
    counts = dict(zip(trials, carry_out(trials, workers, told), strict=True))
    return [_result(each, {trial: count for trial, count in counts.items()
                           if trial.programme.name == each.name}) for each in programmes]


def _result(programme: Programme, counts: dict[VirtualTrial, Count]) -> Result:
    if not counts:
        return Result(programme)
    central = [count for trial, count in counts.items() if trial.draw is None]
    drawn = [log_ratio([count]) for trial, count in counts.items() if trial.draw is not None]
    value, spread = log_ratio(central), chance(central)
    ratio = Estimate(*(math.exp(x) for x in (value, value - spread, value + spread)))
    over = None
    if len(drawn) > 1:
        low, high = np.exp(limits_of_draws(np.array(drawn), [2.5, 97.5]))
        over = Estimate(float(np.exp(drawn).mean()), float(low), float(high))
    return Result(programme, ratio, over, sum(count.followed for count in central),
                  sum(count.control for count in central))


def log_ratio(counts: Sequence[Count]) -> float:
    """Return the log of events with the programme over events without, over all worlds."""
    treated, control = (sum(column) for column in list(zip(*counts, strict=True))[:2])
    return math.log(max(treated, _FEWEST) / max(control, _FEWEST))


def jackknife_error(counts: Sequence[Count]) -> float:
    """Return the standard error of :func:`log_ratio` by leaving out one world at a time."""
    number = len(counts)
    if number < 2:
        return math.inf
    left = np.array([log_ratio([*counts[:n], *counts[n + 1 :]]) for n in range(number)])
    return float(math.sqrt((number - 1) / number * ((left - left.mean()) ** 2).sum()))


def chance(counts: Sequence[Count]) -> float:
    """Return half of the 95% interval of :func:`log_ratio` that chance alone leaves (t)."""
    from scipy.stats import t

    if len(counts) < 2:
        return math.inf
    return float(t.ppf(0.975, len(counts) - 1)) * jackknife_error(counts)


def fit(programme: Programme, *, replicates: int = REPLICATES, workers: int | None = None,
        report: Report | None = None, **options) -> Fit | None:
    """Set the change that the programme's trial fits; None where it fits none.

    The log ratio that the trial shows is close to a straight line in the size of the change, so a
    few secants find where it is what is believed. What is believed of the programme, and so the
    interval of the change, passes through the same line. Where the other changes alone already
    show more than is believed, the change does nothing: a remainder never turns into harm.
    """
    if programme.trial is None or programme.trial.fits is None or programme.believed is None:
        return None
    name, believed = programme.trial.fits, programme.believed
    (change,) = (each for each in programme.changes if each.target == name)
    told = None if report is None else lambda progress: report(programme.name, progress)

    def shown(value: float) -> tuple[float, float]:
        trials = [VirtualTrial(resized(programme, name, value), replicate=n, **options)
                  for n in range(replicates)]
        counts = carry_out(trials, workers, told)
        return log_ratio(counts), chance(counts)

    unit, neutral = TARGETS[name].unit, TARGETS[name].neutral
    start = change.value if change.value != neutral else believed.value
    points = {neutral: shown(neutral), start: shown(start)}
    for _ in range(_CORRECTIONS):
        value = _where(points, neutral, believed.value, unit)
        points[value] = shown(value)
    value = min(points, key=lambda x: abs(points[x][0] - believed.value))
    if (points[neutral][0] - believed.value) * (believed.value or 1.0) > 0.0:
        value = neutral
    slope = _slope(points, neutral, start)
    ends = sorted(value + (end - believed.value) / slope for end in believed[1:])
    low, high = (min(max(end, unit.minimum), unit.maximum) for end in ends)
    after = Estimate(*(round(x, 3) + 0.0 for x in (value, low, high)))  # no minus zero
    shown_now, leeway = points[value]
    return Fit(resized(programme, name, after.value, after), name, change.value, after,
               believed.value, shown_now, leeway)


def _slope(points: dict[float, tuple[float, float]], neutral: float, start: float) -> float:
    rise = points[start][0] - points[neutral][0]
    return rise / (start - neutral) if rise else math.copysign(1.0, start - neutral)


def _where(points, neutral: float, wanted: float, unit) -> float:
    """Return where the line through no change and the nearest point so far meets what is wanted."""
    near = min((x for x in points if x != neutral), key=lambda x: abs(points[x][0] - wanted))
    value = neutral + (wanted - points[neutral][0]) / _slope(points, neutral, near)
    return min(max(value, unit.minimum), unit.maximum)


def resized(programme: Programme, target: str, value: float,
            span: Estimate | None = None) -> Programme:
    """Return a programme with another size of one change, and with another range if given."""
    def changed(change):
        if change.target != target:
            return change
        update: dict[str, Any] = {"value": value}
        update |= {"low": None, "high": None, "distribution": "fixed"} if span is None else {
            "low": span.low, "high": span.high}  # fmt: skip
        return change.model_copy(update=update)

    return programme.model_copy(update={"changes": tuple(map(changed, programme.changes))})


def verdict(result: Result) -> str:
    """Return how what the trial shows compares with what is believed, in a few words."""
    believed = result.programme.believed
    if result.ratio is None:
        return "nobody is enrolled: no trial can be made"
    if believed is None:
        return "no effect was published: shown for what it is"
    shown = math.log(result.ratio.value)
    leeway = max(math.log(result.ratio.high) - shown, _NEAR)
    if abs(shown - believed.value) <= leeway:
        return f"not told apart from what is believed (±{100 * math.expm1(leeway):.0f}%)"
    if abs(believed.value) < 0.05 and abs(shown) < 0.05:
        return "no effect, as believed"
    if shown * believed.value < 0.0:
        return "the other way"
    return "weaker than believed" if abs(shown) < abs(believed.value) else "stronger than believed"


__all__ = ["Fit", "Result", "chosen", "fit", "log_ratio", "resized", "show", "verdict"]
