"""The schema of ``parameters/calibration.yaml``: which parameters are searched, how widely and how.

The ranges stand here, not in ``model.yaml``: they are what was believed before the targets were
looked at, and a second search must not begin from what the first one found.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from vru_model.errors import Problem, nearest
from vru_model.parameters.accounts.documents import Fault, account_problems, load_account
from vru_model.parameters.documents import built_in_names
from vru_model.parameters.overrides import known_names, model_coefficients, place_of
from vru_model.parameters.ranges import range_faults
from vru_model.parameters.schema import Number, Schema, Text, Whole, quantity


class Dimension(Schema):
    """One parameter that is searched, or one cell of a table: what was believed beforehand."""

    role: Literal["fitted", "deep"] = quantity(
        "", "Fitted to the targets, or deeply uncertain: kept as wide as it was believed to be, "
        "while the others are fitted anew to each value of it.")
    distribution: Literal["uniform", "triangular", "normal"] = quantity(
        "", "How it was believed to be spread.")
    value: Number = quantity("as the parameter", "The most likely value; of a uniform range, its "
                             "middle or where the search was begun.")
    low: Number = quantity("as the parameter", "Lower end (of the 95% interval, if normal).")
    high: Number = quantity("as the parameter", "Upper end of it.")


class Settings(Schema):
    """How long and in which worlds the search goes on."""

    waves: Whole = quantity("", "Waves, the first of them over the whole range.", ge=2, le=20)
    first_sets: Whole = quantity("", "Parameter sets of the first wave.", ge=4)
    sets: Whole = quantity("", "Parameter sets of each later wave.", ge=4)
    cut: Number = quantity(
        "", "A set is ruled out where its second-highest implausibility is this or more.", gt=0)
    repeats: Whole = quantity("", "Worlds from which the noise of chance is found.", ge=3)
    scale: Number = quantity("share", "Simulated residents for each real one.", gt=0, le=1)
    years: Whole = quantity("years", "The horizon of a world.", ge=1, le=5)
    level_step: Number = quantity(
        "log ratio", "By how much the level of acting is raised to measure branching.", gt=0, le=1)
    other_populations: tuple[Whole, ...] = quantity(
        "", "Population seeds on which kept sets are tried again.", min_length=1)
    sets_elsewhere: Whole = quantity(
        "", "About how many kept sets are tried again, evenly chosen.", default=60, ge=1)


class SearchPlan(Schema):
    """What is searched, and how."""

    begins_from: Text | None = quantity(
        "", "The frozen parameters (a name in parameters/versions) at whose values chance is "
        "measured, so that a search can be made again after its sets were adopted; the most "
        "likely values unless given.", default=None)
    settings: Settings = quantity("", "How long, and in which worlds.")
    space: dict[str, Dimension] = quantity(
        "", "Parameter, or cell of a table (section.name.label) → its range.", min_length=1)


NAME = "calibration"


def load_search_plan(path: str | Path | None = None) -> SearchPlan:
    """Return the plan of the search; raise InputError listing all that is wrong with it."""
    return load_account(SearchPlan, NAME, plan_faults, path)


def check_search_plan(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a plan of the search."""
    return account_problems(SearchPlan, plan_faults, path)


def plan_faults(plan: SearchPlan) -> Iterable[Fault]:
    """Yield what no single field shows."""
    known = known_names(model_coefficients())
    versions = built_in_names("versions")
    if plan.begins_from is not None and plan.begins_from not in versions:
        yield Fault(("begins_from",), plan.begins_from, ", ".join(versions),
                    nearest(plan.begins_from, versions))
    for name, each in plan.space.items():
        place = place_of(name, known)
        if place is None:
            yield Fault(("space", name), name, "a parameter of parameters/model.yaml, or a cell "
                        "of a table, as section.name.label", nearest(name, known))
            continue
        for fault in range_faults(place.unit, each.value, each.low, each.high, each.distribution):
            yield Fault(("space", name, fault.field), fault.given, fault.allowed)
        if each.low == each.high:
            yield Fault(("space", name, "high"), each.high, "more than low, for what is searched")
