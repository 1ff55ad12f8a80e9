"""Rows against other ways of writing the model: an object a resident, and Starsim."""

from __future__ import annotations

import sys
import time

import numpy as np

from vru_model.benchmarks import toy
from vru_model.benchmarks.rows import Measured, Row
from vru_model.paths import ROOT

_REPEATS = 3


def reference(quick: bool) -> Measured:
    """Measure the plain model of the tests against ours: the same residents and rules."""
    from vru_model.model import ViolenceModel
    from vru_model.place import load_place
    from vru_model.scenario import Scenario

    tests = str(ROOT / "tests")
    sys.path.insert(0, tests)
    try:
        from reference_model import ReferenceModel
    finally:
        sys.path.remove(tests)
    scale, months = 0.002 if quick else 0.004, 3
    place, scenario = load_place("west_midlands", 1.0), Scenario.load("baseline")
    ViolenceModel(place, scenario, scale, years=1).run()
    ratios = []
    for _ in range(1 if quick else _REPEATS):
        plain = ReferenceModel(place, scenario, scale, years=1)
        slow = _time_steps(plain, months)
        fast = _time_steps(ViolenceModel(place, scenario, scale, years=1), months)
        ratios.append(slow / fast)
    each = 1e9 * slow / months / len(plain.residents)
    note = (
        f"The same {len(plain.residents):,} residents, {each:,.0f} ns each in a plain step; "
        "with so few, ours spends most of its time between the kernels."
    )
    return Measured.median_of(ratios, note)


def _time_steps(model, months: int) -> float:
    begun = time.perf_counter()
    for _ in range(months):
        model.step()
    return time.perf_counter() - begun


def starsim(quick: bool) -> Measured:
    """Measure Starsim against our primitives: the same contagion on the same network."""
    residents, months = (20_000, 12) if quick else (200_000, 60)
    ours = toy.Contagion(residents, months)
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
        f"people, {months} months, one draw a tie at risk. At the end {shares[0]:.1%} are affected "
        f"with ours, {shares[1]:.1%} with Starsim."
    )
    return Measured.median_of(ratios, note)


ROWS = (
    Row("reference", "Against an object a resident, same residents and rules", "×", 200, 1000,
        reference, True),
    Row("starsim", "Against Starsim, the same toy rule and network", "×", 10, 30, starsim, True),
)  # fmt: skip
