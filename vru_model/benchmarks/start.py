"""Rows on how soon there is a first result."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from vru_model.benchmarks.child import ask
from vru_model.benchmarks.rows import Measured, Row
from vru_model.paths import ROOT

_REPEATS = 5


def package(quick: bool) -> Measured:
    """Measure seconds of ``import vru_model`` beyond an empty Python."""
    return _import("import vru_model", quick)


def model(quick: bool) -> Measured:
    """Measure seconds until ``ViolenceModel`` is imported, beyond an empty Python."""
    return _import("from vru_model import ViolenceModel", quick)


def _import(statement: str, quick: bool) -> Measured:
    times = []
    for _ in range(1 if quick else _REPEATS):
        empty, full = _seconds("pass"), _seconds(statement)
        times.append(max(full - empty, 0.0))
    return Measured.median_of(times)


def _seconds(statement: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], cwd=ROOT, check=True)
    return time.perf_counter() - begun


def first_result(quick: bool) -> Measured:
    """Measure seconds of a first run with nothing compiled and nothing kept."""
    with tempfile.TemporaryDirectory() as home:
        places = {"XDG_CACHE_HOME": home, "LOCALAPPDATA": home, "VRU_OUTPUTS": home}
        begun = time.perf_counter()
        subprocess.run(
            [str(Path(sys.executable).with_name("vru")), "run", "baseline", "--scale", "0.01",
             "--years", "1", "--workers", "1"],
            cwd=ROOT, env={**os.environ, **places}, check=True, capture_output=True,
        )  # fmt: skip
        seconds = time.perf_counter() - begun
    return Measured(seconds, (seconds,), "A year of a hundredth of the county; kernels compiled.")


def built(quick: bool) -> Measured:
    """Measure seconds of building the county's residents."""
    found = ask("residents")
    note = f"Mapped from disk the next time in {found['mapped']:.3f} s."
    return Measured(found["built"], (found["built"],), note)


ROWS = (
    Row("package", "`import vru_model`", "s", 0.2, 0.1, package, False),
    Row("model", "`ViolenceModel` imported", "s", 1.2, 0.8, model, False),
    Row("first", "First result on a fresh machine", "s", 60, 20, first_result, False),
    Row("residents", "Building the county's residents", "s", 5, 2, built, False),
)
