"""Rows on one world: speed, size, and how both go with the number of residents."""

from __future__ import annotations

import multiprocessing
import time
from functools import lru_cache

import psutil

from vru_model.benchmarks.child import ask
from vru_model.benchmarks.rows import Measured, Row

_REPEATS = 3
_BYTES_OF_FOUR_COUNTIES = 6e9


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
    setting_up = sum(w["setting_up"] for w in worlds) / len(worlds)
    note = (
        f"Besides, {setting_up:.1f} s to read documents, residents and the stored warm-up. A "
        "draw's first world also runs its warm-up of 48 months."
    )
    return Measured.median_of([w["seconds"] for w in worlds], note)


def memory(quick: bool) -> Measured:
    """Measure bytes a resident: peak of the process less what the program takes before."""
    worlds = _county(quick)
    tables = worlds[0]["bytes_of_tables"]
    note = f"Of these, tables of residents, columns, pools and ties are {tables:.0f} B."
    return Measured.median_of([w["bytes_a_resident"] for w in worlds], note)


def growth(quick: bool) -> Measured:
    """Measure the time of a resident-month at four counties against a tenth of one."""
    sizes = [("0.1", 1), ("1.0", 1)]
    if not quick and psutil.virtual_memory().available > _BYTES_OF_FOUR_COUNTIES:
        sizes.append(("1.0", 4))
    times, said = [], []
    for scale, copies in sizes:
        ask("world", scale, 1, copies)  # build, warm up and keep
        found = ask("world", scale, 2, copies)
        times.append(1e9 * found["seconds"] / found["resident_months"])
        said.append(f"{found['residents']:,} residents {times[-1]:.1f} ns")
    note = (
        f"{'; '.join(said)}. The 58 million of England were not run: the chances of where people "
        "move are kept for every pair of neighbourhoods, 9 GB for its twenty counties."
    )
    return Measured(max(times) / times[0], tuple(times), note)


def two_workers(quick: bool) -> Measured:
    """Measure how many more worlds two processes finish than one in the same time."""
    scale, years = (0.05, 2) if quick else (0.3, 3)
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
        "Two worlds in two processes against one world in one. A world itself uses one thread: "
        "worlds side by side need no others."
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
        "growth", "Time a resident-month, most against fewest residents", "×", 1.5, 1.05, growth,
        False,
    ),
)  # fmt: skip
