"""Worlds, runs and comparisons: what is computed, where it is kept and how it is read."""

from vru_model.experiments.adaptive import Precise, only_with_precision, run_to_precision
from vru_model.experiments.compare import Comparison, compare
from vru_model.experiments.results import Run
from vru_model.experiments.runner import Interrupted, Progress, run
from vru_model.experiments.timing import Profile, profile

__all__ = [
    "Comparison", "Interrupted", "Precise", "Profile", "Progress", "Run", "compare",
    "only_with_precision", "profile", "run", "run_to_precision",
]  # fmt: skip
