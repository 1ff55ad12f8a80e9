"""The schema of ``parameters/targets.yaml``: what the world is like, as each lens sees it.

One truth, several lenses: a survey of adults, one of children, the police, ambulances, emergency
departments, hospitals and courts each see their own part of it, and none is read as another. A
target says for what it is used. Calibration asks for :func:`load_calibration_targets` and is
never given what is held back for validation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from vru_model.errors import Problem
from vru_model.parameters.accounts.documents import Fault, account_problems, load_account
from vru_model.parameters.schema import Number, Schema, Text, quantity

Lens = Literal[
    "truth", "crime_survey", "children_survey", "police", "ambulance", "emergency_department",
    "hospital", "court", "school", "health_survey", "cohort", "trial", "model",
]  # fmt: skip
Use = Literal["calibration", "constraint", "validation"]


class Target(Schema):
    """One pattern: what was found, how surely, and how the model computes the same."""

    pattern: Text = quantity("", "What it is, in words.")
    lens: Lens = quantity(
        "", "Who sees it: what happens (truth), or the source that sees a part of it. What only "
        "the model has, such as a share triggered, is seen by the model.")
    statistic: Text | None = quantity(
        "", "How the model computes it: the name of a registered statistic; the target's own name "
        "unless given.", default=None)
    value: Number = quantity("as unit says", "What was found, or the limit of a constraint.")
    unit: Text = quantity("", "The unit of value.")
    observation_sd: Number | None = quantity(
        "as unit says", "How unsure the figure itself is: one standard deviation.",
        default=None, ge=0)
    discrepancy_sd: Number | None = quantity(
        "as unit says", "How far a model that is right about everything that matters may lie "
        "from it: one standard deviation.", default=None, ge=0)
    discrepancy: Text | None = quantity("", "Why the model may lie off.", default=None)
    source: Text = quantity("", "Where the figure comes from.")
    status: Literal["read", "derived", "recalled", "prior"] = quantity(
        "", "How the figure is known.")
    use: Use = quantity(
        "", "Calibration fits it; a constraint bounds it from above; validation looks at it once, "
        "when the parameters are frozen, and never fits it.")
    held_back: Text | None = quantity(
        "", "Why a pattern is held back, where that is not plain.", default=None)

    @property
    def tolerance(self) -> float:
        """One standard deviation of observation and discrepancy together."""
        return math.hypot(self.observation_sd or 0.0, self.discrepancy_sd or 0.0)


class TargetBook(Schema):
    """All patterns, in the order in which reports show them."""

    targets: dict[str, Target] = quantity("", "Name → target.", min_length=1)
    not_targets: dict[str, Text] = quantity(
        "", "Figures that look like targets and are none, with the reason.", default={})


NAME = "targets"


def load_targets(path: str | Path | None = None) -> TargetBook:
    """Return all patterns, those held back too; raise InputError listing all that is wrong.

    For validation and for documents. Calibration uses :func:`load_calibration_targets`.
    """
    return load_account(TargetBook, NAME, target_faults, path)


def load_calibration_targets(path: str | Path | None = None) -> dict[str, Target]:
    """Return name → target of what may be fitted, and of the constraints: nothing else.

    Raises InputError listing all that is wrong with the document.
    """
    book = load_account(TargetBook, NAME, target_faults, path)
    return {name: target for name, target in book.targets.items() if target.use != "validation"}


def check_targets(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a file of targets."""
    return account_problems(TargetBook, target_faults, path)


def target_faults(book: TargetBook) -> Iterable[Fault]:
    """Yield what no single field shows."""
    for name, target in book.targets.items():
        here = ("targets", name)
        if target.use == "calibration":
            for field in ("observation_sd", "discrepancy_sd"):
                if getattr(target, field) is None:
                    yield Fault((*here, field), "nothing", "a number, for what is calibrated")
            if target.tolerance == 0.0:
                yield Fault(here, "no uncertainty at all",
                            "an observation or a discrepancy above 0, for what is calibrated")
        if target.discrepancy_sd and target.discrepancy is None:
            yield Fault((*here, "discrepancy"), "nothing",
                        "a reason for the standard deviation of the discrepancy")
        if target.use != "validation" and target.held_back is not None:
            yield Fault((*here, "held_back"), target.held_back, "nothing, for what is used")
    for name in book.not_targets:
        if name in book.targets:
            yield Fault(("not_targets", name), "a target of that name", "one or the other")
