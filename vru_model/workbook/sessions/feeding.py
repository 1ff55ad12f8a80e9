"""From what a group believes to a scenario that the program runs: overrides with provenance.

A parameter keeps the kind of distribution that its document gives it, so what is handed over are
that kind's three numbers: value, low and high. How near they come to what the group believed is
told quantile by quantile. The median is kept as the value (the most likely value, for a
triangular one).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from scipy import optimize
from scipy.special import ndtri

from vru_model.analysis.sensitivity.assumptions import six_figures
from vru_model.errors import InputError, Problem
from vru_model.experiments.store import write_text
from vru_model.parameters.distributions import quantile
from vru_model.parameters.documents import parse_document
from vru_model.parameters.loading import load_model_parameters
from vru_model.parameters.scenario_document import PROGRAMMES, read_scenario
from vru_model.reporting.words import long_date, plural
from vru_model.scenario import Scenario
from vru_model.workbook.sessions.askable import Quantity, quantities
from vru_model.workbook.sessions.believed import COLUMNS, elicited
from vru_model.workbook.sessions.fitting import SHOWN, Fitted, Pool
from vru_model.workbook.sessions.record import Question, Session

_POINTS = np.array([0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975])


@dataclass(frozen=True)
class Handed:
    """What is handed over for one question.

    Attributes
    ----------
    parameter, distribution
        The parameter, and the kind of its distribution ("fixed": the median alone).
    value, low, high
        As the parameter counts them.
    check
        quantile, believed and drawn: in the unit in which it was asked.
    """

    parameter: str
    distribution: str
    value: float
    low: float
    high: float
    check: pd.DataFrame


def handed(session: Session, name: str) -> Handed:
    """Return what a question's chosen distribution comes to as its parameter's value and range.

    Raises
    ------
    InputError
        Where the question feeds no parameter, nothing is chosen, or the strategy does not have
        the parameter.
    """
    question = session.questions[name]
    chosen = elicited(question).chosen(question)
    asked = {each.parameter: each for each in quantities(_strategy(session))}
    problems = []
    if chosen is None:
        problems.append(_wrong(name, "nothing chosen", "the pool or the group's distribution"))
    if question.parameter not in asked:
        problems.append(_wrong(
            name, repr(question.parameter) if question.parameter else "a question of its own",
            "an uncertain number of the model or of a programme that the strategy funds"))
    if problems or chosen is None:
        raise InputError(problems)
    given = asked[question.parameter]
    kind = _kind(given, session)
    numbers = _numbers(kind, chosen, question, given)
    return Handed(question.parameter, kind, *numbers, _check(kind, numbers, chosen, question))


def override_document(session: Session, *names: str) -> dict[str, Any]:
    """Return a scenario's document that carries the answers to some questions.

    Numbers of the model stand in a scenario that changes nothing else, to be put together with
    any other by `+`, the baseline too. Where numbers of programmes are among them, the document is
    the session's strategy with these numbers in it.

    Raises
    ------
    InputError
        Where :func:`handed` does, for every question at once.
    """
    overrides: dict[str, Any] = {}
    problems = []
    for name in names:
        try:
            overrides |= _entries(session, name)
        except InputError as error:
            problems += error.problems
    if problems or not names:
        raise InputError(problems or [_wrong("questions", "none", "one question or more")])
    start: dict[str, Any] = {
        "name": "elicited", "title": f"What a group believes ({session.title})",
        "question": "What if the group's beliefs hold?",
    }  # fmt: skip
    if any(each.startswith(PROGRAMMES) for each in overrides):
        strategy = Scenario.load(session.strategy)
        start = strategy.resolved()
        start["name"] = f"{strategy.name}_elicited".replace("+", "_")
        start["title"] = f"{strategy.title}, as a group believes ({session.title})"
        overrides = {**start.pop("overrides", {}), **overrides}
    return {**start, "overrides": overrides}


def write_scenario(session: Session, names: list[str], path: str | Path) -> Scenario:
    """Write the document of :func:`override_document`, named as its file, and return it loaded.

    Raises
    ------
    InputError
        Listing everything that would be wrong with it; nothing is written then.
    """
    file = Path(path).expanduser()
    content = {**override_document(session, *names), "name": file.stem}
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    problems = read_scenario(parse_document(text, file.name), file.stem).problems
    if file.suffix not in (".yaml", ".yml"):
        problems.append(_wrong("file", str(file), "a name ending in .yaml"))
    if problems:
        raise InputError(problems)
    write_text(file, "# Written from the record of a facilitated session.\n" + text)
    return Scenario.load(file)


def provenance(session: Session, name: str) -> str:
    """Return who believed it, when, how many and by which method, in a sentence or two."""
    question = session.questions[name]
    people = len(question.judgements)
    how = {
        "consensus": "the group's own distribution after discussion (rational impartial observer)",
        "pool": "the linear pool of their distributions, "
        + ("weighted as stated in the record" if question.weights else "all weighted alike"),
    }.get(question.chosen or "", "nothing chosen")
    reason = question.consensus.reason if question.consensus and question.consensus.reason else ""
    told = f" Their reason: {reason.rstrip('.')}." if reason else ""
    return (
        f"Elicited on {long_date(session.date)} in the session \"{session.title}\": "
        f"{plural(people, 'participant')} judged alone first (limits, quartiles, median; Sheffield "
        f"Elicitation Framework), then {how}.{told}"
    )


def _entries(session: Session, name: str) -> dict[str, Any]:
    """Return the overrides of one question: of a programme, value and range each by itself."""
    found = handed(session, name)
    words = {"reason": provenance(session, name),
             "author": f"the group, facilitated by {session.facilitator}"}  # fmt: skip
    if not found.parameter.startswith(PROGRAMMES):
        return {found.parameter: {"value": found.value, **words, "low": found.low,
                                  "high": found.high}}  # fmt: skip
    if found.distribution == "fixed":
        return {found.parameter: {"value": found.value, **words}}
    within = found.parameter.rpartition(".")[0]
    return {
        found.parameter: {"value": found.value, **words},
        f"{within}.low": {"value": found.low, **words},
        f"{within}.high": {"value": found.high, **words},
    }


def _strategy(session: Session) -> Scenario | None:
    return Scenario.load(session.strategy) if session.strategy else None


def _kind(given: Quantity, session: Session) -> str:
    """Return the kind of distribution from which the program will draw the parameter."""
    if not given.spread:
        return "fixed"
    if not given.programme:
        row = load_model_parameters().parameters[given.parameter]
        return row.distribution if row.uncertain else "triangular"
    if given.parameter.endswith(".cost.unit_cost"):
        return "triangular"
    target = given.parameter.split(".")[-2]
    programme = Scenario.load(session.strategy).programmes[given.programme]
    return next(each.distribution for each in programme.changes if each.target == target)


def _numbers(
    kind: str, chosen: Fitted | Pool, question: Question, given: Quantity
) -> tuple[float, float, float]:
    """Return value, low and high of a kind of distribution, as the parameter counts them."""
    back: Callable[[Any], Any] = np.log if question.asked == "as a ratio" else np.asarray
    believed = back(chosen.quantile(_POINTS))
    least, most = (_counted(each, question) for each in (given.minimum, given.maximum))
    if kind in ("triangular", "uniform"):
        low, middle, high = _ends(kind, believed, least, most)
    else:
        low, middle, high = _around_the_median(kind, believed, least, most)
    return tuple(six_figures(each) for each in (middle, low, high))  # type: ignore[return-value]


def _around_the_median(
    kind: str, believed: np.ndarray, least: float, most: float
) -> tuple[float, float, float]:
    """Return low, value and high of a normal or lognormal around the median, or it alone."""
    middle = float(believed[len(believed) // 2])
    if kind == "fixed":
        return middle, middle, middle
    of_log = kind == "lognormal"
    away = np.log(believed / middle) if of_log else believed - middle
    scores = ndtri(_POINTS)
    half = float(scores @ away / (scores @ scores)) * ndtri(0.975)
    ends = (middle * math.exp(-half), middle * math.exp(half)) if of_log else (
        middle - half, middle + half)  # fmt: skip
    return max(ends[0], least), middle, min(ends[1], most)


def _ends(
    kind: str, believed: np.ndarray, least: float, most: float
) -> tuple[float, float, float]:
    """Return low, value and high of the triangle or the even spread nearest to quantiles."""
    spread = float(believed[-1] - believed[0])
    middle = float(believed[len(believed) // 2])

    def ends(free: np.ndarray) -> tuple[float, float, float]:
        low = max(float(believed[0]) - abs(free[0]) * spread, least)
        high = min(float(believed[-1]) + abs(free[1]) * spread, most)
        value = low + (high - low) / (1 + math.exp(-free[2]))
        return low, value if kind == "triangular" else (low + high) / 2, high

    def misses(free: np.ndarray) -> float:
        low, value, high = ends(free)
        drawn = [quantile(kind, value, low, high, least, most, p) for p in _POINTS]
        return float(np.sum((np.array(drawn) - believed) ** 2)) / spread**2

    inside = (middle - believed[0]) / spread
    found = optimize.minimize(misses, np.array([0.1, 0.1, math.log(inside / (1 - inside))]),
                              method="Nelder-Mead", options={"maxiter": 2000})  # fmt: skip
    return ends(found.x)


def _check(
    kind: str, numbers: tuple[float, float, float], chosen: Fitted | Pool, question: Question
) -> pd.DataFrame:
    """Return what was believed beside what will be drawn, as it was asked."""
    there: Callable[[Any], Any] = np.exp if question.asked == "as a ratio" else np.asarray
    value, low, high = numbers
    least, most = (_counted(each, question) for each in question.bounds)
    drawn = [float(there(quantile(kind, value, low, high, least, most, p))) for p in SHOWN]
    return pd.DataFrame({"quantile": COLUMNS, "believed": chosen.quantile(np.array(SHOWN)),
                         "drawn": drawn})  # fmt: skip


def _counted(value: float, question: Question) -> float:
    """Return an end of what can be asked as the parameter counts it."""
    if question.asked == "as a ratio":
        return math.log(value) if value > 0 else -math.inf
    return value


def _wrong(name: str, given: str, allowed: str) -> Problem:
    return Problem("session", None, name, given, allowed)
