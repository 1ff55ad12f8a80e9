"""Rows on one world: speed, size, and how both go with the number of residents."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from functools import lru_cache
from statistics import median

import psutil

from vru_model.benchmarks.child import ask
from vru_model.benchmarks.rows import Measured, Row
from vru_model.paths import OUTPUTS

_REPEATS = 3
_COPIES = (20, 8, 4, 2)  # of the county: the most that fit are measured; twenty are England
_COUNTY = 2_919_651
_BYTES_A_RESIDENT = 230  # at the peak, with a tenth to spare
_SMALL = 0.01


@lru_cache
def _county(quick: bool) -> list[dict]:
    """Return repeats of a county of ten years; the first, which may warm up, is left out."""
    scale, years = (0.1, 2) if quick else (1.0, 10)
    ask("world", scale, 1)
    return [ask("world", scale, years) for _ in range(1 if quick else _REPEATS)]


def rate(quick: bool) -> Measured:
    """Measure millions of resident-months a second of one core."""
    rates = [w["resident_months"] / w["seconds"] / 1e6 for w in _county(quick)]
    return Measured.median_of(rates, "Stepping only; the full model, births and collection too.")


def county(quick: bool) -> Measured:
    """Measure the seconds of the county's ten years."""
    worlds = _county(quick)
    setting_up = median(w["setting_up"] for w in worlds)
    loading = median(w["loading"] for w in worlds)
    note = (
        f"Besides, {setting_up:.1f} s to read documents, residents and the stored warm-up, and "
        f"{loading:.1f} s once a process to load compiled kernels and step a tiny world. A "
        "draw's first world also runs its warm-up of 48 months."
    )
    return Measured.median_of([w["seconds"] for w in worlds], note)


def memory(quick: bool) -> Measured:
    """Measure bytes a resident at the peak of a process: what the county adds to a small world.

    A hundredth of the county loads the same program, kernels and neighbourhoods; the difference
    is the residents'.
    """
    worlds = _county(quick)
    small = ask("world", _SMALL, worlds[0]["years"])
    bytes_each = [
        (w["peak"] - small["peak"]) / (w["residents"] - small["residents"]) for w in worlds
    ]
    note = (
        f"The peak of the whole process is {worlds[0]['peak'] / 1e6:,.0f} MB, of which the program "
        f"takes {small['peak'] / 1e6:,.0f} MB whatever the residents. Tables of residents, "
        f"columns, pools and ties are {worlds[0]['bytes_of_tables']:.0f} B a resident."
    )
    return Measured.median_of(bytes_each, note)


def growth(quick: bool) -> Measured:
    """Measure the time of a resident-month from a tenth of the county to as many as fit.

    The slowest size against the fastest: larger worlds must not cost more for each resident, and
    smaller ones must not spend their time on what does not depend on residents.
    """
    times, said = [], []
    for scale in ("0.1", "1.0"):
        ask("world", scale, 1)  # build, warm up and keep
        found = ask("world", scale, 2)
        times.append(1e9 * found["seconds"] / found["resident_months"])
        said.append(f"{found['residents']:,} residents {times[-1]:.1f} ns")
    if not quick:
        copies, why = _most_copies()
        found = _without_traces("1.0", 2, copies)
        times.append(1e9 * found["seconds"] / found["resident_months"])
        said.append(
            f"{found['residents']:,} residents {times[-1]:.1f} ns, {found['setting_up']:.0f} s to "
            f"build and warm up, {found['peak'] / 2**30:.1f} GiB at the peak of building, warm-up "
            f"and two years{why}"
        )
    note = f"Two years each: {'; '.join(said)}."
    return Measured(max(times) / min(times), tuple(times), note)


def _most_copies() -> tuple[int, str]:
    """Return how many copies of the county fit into free memory, and what to say of others."""
    free = psutil.virtual_memory().available
    fit = [copies for copies in _COPIES if copies * _COUNTY * _BYTES_A_RESIDENT < free]
    if not fit:
        raise MemoryError(f"{free / 2**30:.1f} GiB are free; two counties need more.")
    if fit[0] == _COPIES[0]:
        return fit[0], ""
    needed = _COPIES[0] * _COUNTY * _BYTES_A_RESIDENT / 2**30
    return fit[0], (
        f" ({_COPIES[0]} counties, as many residents as England has, want {needed:.0f} GiB free; "
        f"{free / 2**30:.0f} GiB were)"
    )


def _without_traces(scale: str, years: int, copies: int) -> dict:
    """Measure a world whose residents and warm-up, gigabytes of them, are not kept."""
    OUTPUTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=OUTPUTS) as folder:
        environment = {**os.environ, "VRU_OUTPUTS": folder}
        return ask("world", scale, years, copies, environment=environment)


def two_workers(quick: bool) -> Measured:
    """Measure how many more worlds two processes finish than one in the same time."""
    scale, years = (0.05, 2) if quick else (1.0, 2)
    _world(scale, years)
    ratios = []
    for _ in range(_REPEATS):
        begun = time.perf_counter()
        _in_processes(1, scale, years)
        alone = time.perf_counter() - begun
        begun = time.perf_counter()
        _in_processes(2, scale, years)
        ratios.append(2.0 * alone / (time.perf_counter() - begun))
    note = (
        "Two worlds of the county in two processes against one in one, two years each, reading "
        "what is stored included. A world itself uses one thread: an ensemble fills every core "
        "with worlds of its own."
    )
    return Measured.median_of(ratios, note)


def _in_processes(number: int, scale: float, years: int) -> None:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_world, args=(scale, years)) for _ in range(number)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


def _world(scale: float, years: int) -> None:
    from vru_model.model import ViolenceModel

    ViolenceModel(scale=scale, years=years).run()


ROWS = (
    Row("rate", "Resident-months a second of one core, county", "million", 100, 300, rate, True),
    Row("county", "County, ten years, one world, one core", "s", 3.5, 1.2, county, False),
    Row("memory", "Memory a resident, all in", "B", 100, 64, memory, False),
    Row("two", "Two processes against one", "×", 1.6, 1.9, two_workers, True),
    Row(
        "growth", "Time a resident-month, slowest against fastest size", "×", 1.5, 1.05, growth,
        False,
    ),
)  # fmt: skip
