"""Rows against other ways of writing the model: an object a resident, and Starsim."""

from __future__ import annotations

import sys
import time
from statistics import median

import numpy as np

from vru_model.benchmarks import toy
from vru_model.benchmarks.rows import Measured, Row
from vru_model.paths import ROOT

_REPEATS = 3
_TOWN, _CITY = 0.004, 0.05  # shares of the county's residents
_MONTHS = 12  # a whole year, with what is done once in it


def reference(quick: bool) -> Measured:
    """Measure the plain model of the tests against ours: the same residents and rules.

    Of two sizes the larger counts: in the smaller ours spends its time between the kernels.
    """
    ratios, said = [], []
    for scale in (_TOWN,) if quick else (_TOWN, _CITY):
        residents, slow, fast = _year_of_both(scale)
        ratios = [slow / each for each in fast]
        said.append(
            f"{residents:,} residents {median(ratios):,.0f} ×, from "
            f"{1e9 * slow / _MONTHS / residents:,.0f} ns a resident-month to "
            f"{1e9 * median(fast) / _MONTHS / residents:,.0f}"
        )
    note = f"The same residents in both, a whole year: {'; '.join(said)}. The last is the row."
    return Measured.median_of(ratios, note)


def _year_of_both(scale: float) -> tuple[int, float, list[float]]:
    """Return residents, and seconds of a year of the plain model and of repeats of ours."""
    from vru_model.model import ViolenceModel
    from vru_model.place import load_place
    from vru_model.scenario import Scenario

    place, scenario = load_place("west_midlands", 1.0), Scenario.load("baseline")
    plain = _plain_model()(place, scenario, scale, years=1)
    residents = len(plain.residents)
    slow = _time_steps(plain)
    ViolenceModel(place, scenario, scale, years=1).run()  # compile and warm up
    repeats = range(_REPEATS)
    fast = [_time_steps(ViolenceModel(place, scenario, scale, years=1)) for _ in repeats]
    return residents, slow, fast


def _plain_model() -> type:
    """Return the plain model, which stands among the tests."""
    tests = str(ROOT / "tests")
    sys.path.insert(0, tests)
    try:
        from reference_model import ReferenceModel
    finally:
        sys.path.remove(tests)
    return ReferenceModel


def _time_steps(model) -> float:
    begun = time.perf_counter()
    for _ in range(_MONTHS):
        model.step()
    return time.perf_counter() - begun


def starsim(quick: bool) -> Measured:
    """Measure Starsim against our primitives: the same contagion on the same network."""
    residents, months = (20_000, 12) if quick else (200_000, 60)
    ours = toy.Contagion(residents, toy.months_in_starsim(toy.in_starsim(residents, months)))
    ours.run()  # compile
    ratios, shares = [], []
    for _ in range(1 if quick else _REPEATS):
        theirs = toy.in_starsim(residents, months)
        begun = time.perf_counter()
        theirs.run()
        slow = time.perf_counter() - begun
        begun = time.perf_counter()
        shares = [float(np.mean(ours.run())), toy.share_in_starsim(theirs)]
        ratios.append(slow / (time.perf_counter() - begun))
    note = (
        f"Not our model: a contagion with recovery on three fixed ties a person, {residents:,} "
        f"people, {ours.months} months, one draw a tie. At the end {shares[0]:.1%} are affected "
        f"with ours, {shares[1]:.1%} with Starsim."
    )
    return Measured.median_of(ratios, note)


ROWS = (
    Row("reference", "Against an object a resident, same residents and rules", "×", 200, 1000,
        reference, True),
    Row("starsim", "Against Starsim, the same toy rule and network", "×", 10, 30, starsim, True),
)  # fmt: skip
