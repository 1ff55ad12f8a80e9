"""Rows on many worlds: how long ensembles take, and what common random numbers save."""

from __future__ import annotations

import tempfile
import time

import numpy as np

from vru_model.benchmarks.rows import Measured, Row

_DRAWS, _SCENARIOS, _WORKERS = 100, ("baseline", "quick"), 2
_CENTRAL = 0.95


def whole(quick: bool) -> Measured:
    """Measure minutes of 100 draws of two scenarios of the county, from four draws."""
    draws = 4
    taken = _ensemble(0.1 if quick else 1.0, draws) / 60.0
    note = (
        f"From {draws} draws of {' and '.join(_SCENARIOS)}, warm-ups included, on {_WORKERS} "
        f"workers, times {_DRAWS // draws}: extrapolated, not run whole."
    )
    return Measured(taken * _DRAWS / draws, (), note)


def tenth(quick: bool) -> Measured:
    """Measure seconds of the same at a tenth of the residents, all 100 draws."""
    draws = 4 if quick else _DRAWS
    taken = _ensemble(0.1, draws)
    whole = "run whole" if draws == _DRAWS else f"from {draws} draws, extrapolated"
    note = f"{whole.capitalize()}: start of the workers, warm-ups and tables included."
    return Measured(taken * _DRAWS / draws, (), note)


def _ensemble(scale: float, draws: int) -> float:
    """Return the seconds of both scenarios together, draw by draw: they share each warm-up."""
    from vru_model.experiments import run
    from vru_model.experiments.batch import run_many
    from vru_model.experiments.workers import dismiss
    from vru_model.scenario import Scenario
    from vru_model.warm_up import FOLDER

    run("baseline", scale=0.01, years=1, workers=1)  # compile, where that is still to be done
    scenarios = [Scenario.load(name) for name in _SCENARIOS]
    known = set(FOLDER.glob("*"))
    dismiss()  # to start them is part of it
    with tempfile.TemporaryDirectory() as out:
        begun = time.perf_counter()
        run_many(scenarios, scale=scale, years=10, draws=draws, seed=9, workers=_WORKERS, out=out)
        seconds = time.perf_counter() - begun
    for folder in set(FOLDER.glob("*")) - known:  # of these draws: nobody else asks for them
        for file in folder.glob("*"):
            file.unlink()
        folder.rmdir()
    return seconds


def common_numbers(quick: bool) -> Measured:
    """Measure how many times fewer runs the same precision takes thanks to common numbers.

    The variance of the difference between worlds of different numbers, over that of worlds of
    the same ones; incidents of three years, by replicate.
    """
    replicates = 8 if quick else 24
    base = [_incidents("baseline", number) for number in range(replicates)]
    ratios, said = [], []
    for scenario in ("quick", "slow"):
        other = [_incidents(scenario, number) for number in range(replicates)]
        apart = np.var(base, ddof=1) + np.var(other, ddof=1)
        paired = np.var(np.subtract(base, other), ddof=1)
        if paired == 0.0:
            raise RuntimeError(f"{scenario} changed nothing in so small a world.")
        ratio = apart / paired
        ratios.append(float(ratio))
        low, high = ratio * _interval(replicates)
        said.append(f"{scenario} {ratio:.0f} × (95%: {low:.0f} to {high:.0f})")
    note = f"{'; '.join(said)}; {replicates} pairs each, a twentieth of the county, three years."
    return Measured(min(ratios), tuple(ratios), note)


def _interval(replicates: int) -> np.ndarray:
    """Return the factors of the interval of a ratio of variances of as many values each (F)."""
    from scipy.stats import f

    degrees = replicates - 1
    return f.ppf([(1 - _CENTRAL) / 2, (1 + _CENTRAL) / 2], degrees, degrees)


def _incidents(scenario: str, replicate: int) -> float:
    from vru_model.model import ViolenceModel

    world = ViolenceModel(scenario=scenario, scale=0.05, years=3, replicate=replicate).run()
    counts = world.measures().query("role == 'victim' and measure == 'incidents'")
    return float(counts["value"].sum())


ROWS = (
    Row("ensemble", "100 draws × 2 scenarios × county × ten years, two cores", "min", 12, 4, whole,
        False),
    Row("tenth", "The same at a tenth of the residents", "s", 90, 30, tenth, False),
    Row("common", "Fewer runs for the same precision by common random numbers", "×", 10, 30,
        common_numbers, True),
)  # fmt: skip
