"""Worlds, runs and comparisons: what is computed, where it is kept and how it is read."""

from vru_model.experiments.compare import Comparison, compare
from vru_model.experiments.results import Run
from vru_model.experiments.runner import Interrupted, Progress, run

__all__ = ["Comparison", "Interrupted", "Progress", "Run", "compare", "run"]
