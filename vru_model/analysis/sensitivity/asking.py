"""What is asked of a sensitivity analysis, checked whole before the first world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from vru_model.analysis.sensitivity.assumptions import Assumption, assumptions
from vru_model.errors import InputError, Problem, nearest
from vru_model.experiments.adaptive import as_share
from vru_model.experiments.cubes import COMPARED, GROUPS, UNDER_25, compared
from vru_model.experiments.request import gather, load_request
from vru_model.experiments.runner import runs_folder, with_defaults
from vru_model.scenario import Scenario

DEFAULTS: dict[str, Any] = {"scale": 0.03, "years": 5}
"""Options of runs that differ from those of a single run: many small worlds, not a few large."""

_LEAST = {"central_replicates": 2, "trajectories": 2, "emulator_points": 0}
"""The fewest of each number of a design, where that is not 1: two tell chance apart."""


@dataclass(frozen=True)
class Design:
    """How many worlds each part of an analysis takes.

    For a preset strategy against the baseline, with its 41 assumptions or more, it comes to some
    1,700 worlds.

    Parameters
    ----------
    central_replicates
        Pairs at the central values; their spread says what chance does.
    replicates
        Pairs at each end of each assumption.
    trajectories
        Morris's paths through all assumptions, one pair a step.
    emulator_points, emulator_replicates
        Points on which the emulator learns, and pairs at each.
    most_emulated
        At most so many assumptions are emulated: those that Morris ranks first.
    top, top_replicates
        For how many assumptions a switching value is sought, and pairs at each value tried.
    """

    central_replicates: int = 16
    replicates: int = 2
    trajectories: int = 6
    emulator_points: int = 80
    emulator_replicates: int = 2
    most_emulated: int = 8
    top: int = 5
    top_replicates: int = 12

    def times(self, effort: float) -> Design:
        """Return a design of so many times the worlds in every part, and no part without any."""
        grown = {
            field.name: max(_LEAST.get(field.name, 1), round(effort * getattr(self, field.name)))
            for field in fields(self)
            if field.name not in ("most_emulated", "top")
        }
        return replace(self, **grown)

    def problems(self) -> list[Problem]:
        """Return what is wrong with the numbers."""
        return [
            Problem(None, None, field.name, repr(number), f"a whole number, {lowest} or more")
            for field in fields(self)
            for number, lowest in [(getattr(self, field.name), _LEAST.get(field.name, 1))]
            if isinstance(number, bool) or not isinstance(number, int) or number < lowest
        ]


@dataclass(frozen=True)
class Question:
    """A checked question: see :func:`vru_model.analysis.sensitivity.sensitivity`."""

    base: Scenario
    other: Scenario
    measure: str
    group: str
    year: int
    relative: bool
    precision: float
    assumptions: tuple[Assumption, ...]
    design: Design
    options: Mapping[str, Any]

    @property
    def what(self) -> str:
        """Return what is counted, in plain words: "admissions of under-25s"."""
        return COMPARED[self.measure] + (" of under-25s" if self.group == UNDER_25 else "")

    @property
    def unit(self) -> str:
        """Return what follows a difference: "admissions", or "% of admissions"."""
        return f"% of {self.what}" if self.relative else self.what

    @property
    def seed(self) -> int:
        """Return the seed of the designs: that of the runs."""
        return self.options["seed"]


def ask(
    base: str | Path | Scenario,
    other: str | Path | Scenario,
    *,
    measure: str,
    group: str,
    year: int | None,
    relative: bool,
    only: Iterable[str] | None,
    precision: float | str,
    design: Design,
    options: Mapping[str, Any],
) -> Question:
    """Return the checked question; raise InputError with everything that is wrong with it."""
    chosen = _options(options)
    (first, second), problems = gather(
        lambda: base if isinstance(base, Scenario) else Scenario.load(base),
        lambda: other if isinstance(other, Scenario) else Scenario.load(other),
    )
    place, out = chosen["place"], runs_folder(chosen["out"])
    run_options = {name: chosen[name] for name in chosen if name not in ("place", "out")}
    for scenario in (first, second) if not problems else ("baseline",):
        problems += gather(partial(load_request, scenario, place, out, run_options))[1]
    name, share = compared(measure), as_share(precision)
    last = chosen["years"] if year is None else year
    problems += _problems(measure, name, group, last, chosen["years"], precision, share)
    problems += design.problems()
    found: list[Assumption] = []
    if first and second:
        problems += _same(first, second)
        (taken,), more = gather(lambda: assumptions(first, second, only))
        problems, found = [*problems, *more], taken or []
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    del chosen["replicates"], chosen["draws"]
    return Question(
        first, second, str(name), group, last, relative, share, tuple(found), design, chosen
    )


def _options(options: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := sorted({"draws", "replicates", "incidents", "people"} & set(options)):
        raise TypeError(f"sensitivity() sets these itself: {', '.join(unknown)}")
    return with_defaults("sensitivity", DEFAULTS | dict(options))


def _problems(
    measure: str, name: str | None, group: str, year: Any, years: Any, precision: Any, share: float
) -> list[Problem]:
    plain = sorted({*COMPARED.values()})
    checks = [
        (name is None, "measure", measure, ", ".join(plain), nearest(str(measure), plain)),
        (group not in GROUPS, "group", group, ", ".join(GROUPS), nearest(str(group), GROUPS)),
        (
            not isinstance(year, int) or not isinstance(years, int) or not 1 <= year <= years,
            "year", year, f"a year of the horizon, 1 to {years}", "",
        ),
        (not 0 < share < 1, "precision", precision, "a share such as 0.1% or 0.001", ""),
    ]  # fmt: skip
    return [
        Problem(None, None, what, repr(given), allowed, hint)
        for wrong, what, given, allowed, hint in checks
        if wrong
    ]


def _same(first: Scenario, second: Scenario) -> list[Problem]:
    if first.digest != second.digest:
        return []
    given = f"{first.name} and {second.name}, which are alike"
    return [Problem(None, None, "scenarios", given, "two scenarios that differ")]
