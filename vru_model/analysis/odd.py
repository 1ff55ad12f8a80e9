"""The parts of docs/ODD.md that are written from the program, so that they cannot go stale.

``python -m vru_model.analysis.odd`` rewrites the blocks between markers; a test fails when one is
out of date. Everything else on that page is written by hand.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import typing
from collections.abc import Callable
from pathlib import Path

import numpy as np

from vru_model import randomness, warm_up
from vru_model.analysis import written_pages
from vru_model.errors import write_as_command
from vru_model.model import ViolenceModel
from vru_model.parameters import load_model_parameters
from vru_model.parameters.dictionary import table
from vru_model.parameters.loading import model_coefficients
from vru_model.parameters.programmes import TARGETS
from vru_model.parameters.rows import Parameter
from vru_model.parameters.switches import SWITCHES
from vru_model.parameters.units import AXES, Table
from vru_model.paths import ROOT
from vru_model.processes.records import AREA
from vru_model.rows import COLUMN, PROFILE, STATE
from vru_model.schedule import Phase

FILE = ROOT / "docs" / "ODD.md"

_COMMAND = "python -m vru_model.analysis.odd"

RESIDENT_MEANINGS = {
    "birth_month": "month of birth, from the start of year 1",
    "status": "pre-school, in school, excluded, work or education, NEET, custody, dead",
    "male": "sex",
    "neighbourhood": "where the resident lives",
    "liability": "u, lasting individual liability, standard normal",
    "self_regulation": "S, standard score",
    "peer_norm": "N, 0 to 3",
    "grievance": "G, in units of one injury suffered; fades",
    "history": "H, own recent acts; fades",
    "sanction": "L, formal sanctions; fades",
    "protection": "what programmes take off the log rate of acting, before saturation",
    "ace": "A, adverse childhood experiences, 0 to 9",
    "trauma_until": "T, post-traumatic stress, lasts until this step of fading",
    "opponent_kind": "none; somebody to retaliate against; or the victim of an own repeated pair",
    "ever_excluded": "has ever been permanently excluded from school",
    "opponent": "the last counterpart",
    "opponent_until": "step until which that counts",
    "peer_row": "row in this year's table of ties",
    "carer": "the main carer, if any",
    "partner": "the cohabiting partner, if any",
    "next_in_household": "the next member: a household is a ring",
    "household_ace": "has had the one ACE of seeing violence at home",
    "faded_at": "steps of fading behind the world when G, H and L were as they are kept",
    "norm_level": "the level that N moves towards",
    "norm_at": "steps of norms behind the world when N was as it is kept",
}

COLUMN_MEANINGS = {
    "identifier": "permanent number, a hash of who the resident is",
    "household": "number of the household",
    "act_bound": "no draw at or above it means an act; saves looking closer, changes nothing",
    "child_bound": "the same for ACEs and exclusions",
    "victim_bound": "the same for becoming the victim as a candidate",
    "status_until": "step at which the status ends by itself: a birthday, or drawn when it began",
    "exclusion_protection": "what programmes take off the log hazard of exclusion, if any does",
    "ace_protection": "what programmes take off the log hazard of an ACE, if any does",
}

AREA_MEANINGS = {
    "deprivation": "D, standard score, higher is more deprived",
    "own_efficacy": "the level to which collective efficacy returns",
    "efficacy": "CE, collective efficacy",
    "efficacy_bounded": "CE when bounds were last renewed; changes nothing",
    "act_term": "what the place adds to a log rate of acting, for bounds; changes nothing",
    "ace_term": "the same of a log hazard of an ACE",
    "exclusion_term": "the same of a log hazard of exclusion",
    "fear": "F, 1 is usual",
    "recent": "C, incidents per 1,000 residents a month; fades",
    "residents": "simulated residents, counted once a year",
    "street_prevention": "Y, share of street incidents that programmes prevent",
    "night_prevention": "the same of incidents of the night-time economy",
    "peer_prevention": "the same of incidents among peers of a resident who acts",
    "authority": "the local authority",
}


def generated() -> dict[str, str]:
    """Return block name → Markdown, of every block that is written from the program."""
    blocks: dict[str, Callable[[], str]] = {
        "phases": _phases,
        "warm-up": _warm_up,
        "residents": lambda: _columns((PROFILE, STATE), RESIDENT_MEANINGS),
        "columns": lambda: _columns((COLUMN,), COLUMN_MEANINGS),
        "neighbourhoods": lambda: _columns((AREA,), AREA_MEANINGS),
        "decisions": _decisions,
        "switches": _switches,
        "targets": _targets,
        "parameters": _parameters,
    }
    return {name: write() for name, write in blocks.items()}


def renewed(text: str) -> str:
    """Return the page with every block rewritten; raise ValueError where a marker is missing."""
    return written_pages.renewed(text, generated(), _COMMAND, "docs/ODD.md")


def write() -> list[Path]:
    """Rewrite the blocks of the page in place, and return it."""
    return written_pages.write({FILE: renewed})


def order_of_step() -> list[tuple[Phase, str]]:
    """Return the phases in the order in which ``step()`` calls them, with their arguments."""
    return _phases_called(ViolenceModel.step, "self")


def order_of_warm_up() -> list[tuple[Phase, str]]:
    """Return the phases that a step of the warm-up calls, in order."""
    return _phases_called(warm_up._settle, "model")


def _phases_called(function: Callable, owner: str) -> list[tuple[Phase, str]]:
    found = []
    for line in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        match line:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method))):
                phase = getattr(getattr(ViolenceModel, method, None), "phase", None)
                if name == owner and phase is not None:
                    arguments = ast.unparse(line.value).partition("(")[2][:-1]
                    found.append((line.lineno, phase, arguments))
    return [(phase, arguments) for _, phase, arguments in sorted(found, key=lambda row: row[0])]


def _phases() -> str:
    rows = [
        (str(phase.number), phase.title + (", second wave" if arguments else ""),
         f"`{phase.method}({arguments})`", phase.meaning)
        for phase, arguments in order_of_step()
    ]  # fmt: skip
    return table(("phase", "title", "method", "what it does"), rows)


def _warm_up() -> str:
    return " → ".join(
        f"`{phase.method}({arguments})`" for phase, arguments in order_of_warm_up()
    )


def _columns(dtypes: tuple[np.dtype, ...], meanings: dict[str, str]) -> str:
    kinds = {name: str(dtype[name]) for dtype in dtypes for name in dtype.names or ()}
    if set(meanings) != set(kinds):
        raise ValueError(f"say what these are: {set(kinds) ^ set(meanings)}")
    return table(
        ("name", "type", "what it is"),
        [(f"`{name}`", kind, meanings[name]) for name, kind in kinds.items()],
    )


def _decisions() -> str:
    """Return the decisions that draw random numbers, by the numbers that name them."""
    source = inspect.getsource(randomness)
    found = re.findall(r"^([A-Z][A-Z_]+) = (\d+)(?:  #.*)?$", source, re.MULTILINE)
    others = [path for path in (ROOT / "vru_model").rglob("*.py") if path.stem != "randomness"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in others)
    found = [(name, number) for name, number in found if re.search(rf"\b{name}\b", code)]
    return "; ".join(f"{number} {name.lower().replace('_', ' ')}" for name, number in found) + "."


def _switches() -> str:
    rows = [(f"`{name}`", text) for name, text in SWITCHES.items()]
    return table(("switch", "the loop that it turns off"), rows)


def _targets() -> str:
    return table(
        ("target", "unit", "what a programme changes"),
        [(f"`{name}`", target.unit.name, target.meaning) for name, target in TARGETS.items()],
    )


def _parameters() -> str:
    parameters = load_model_parameters().parameters
    parts = []
    for section, kind in typing.get_type_hints(model_coefficients()).items():
        rows = [row for name, row in parameters.items() if name.startswith(f"{section}.")]
        parts.append(f"**{section}**: {(kind.__doc__ or '').strip()}")
        head = ("name", "value", "range", "unit", "meaning", "source", "known")
        parts.append(table(head, [_parameter(row) for row in rows]))
    return "\n\n".join(parts)


def _parameter(row: Parameter) -> tuple[str, ...]:
    written = row.row
    span = ""
    if written.low is not None and written.high is not None:
        varies = row.distribution if row.uncertain else "not drawn"
        if written.status == "calibrated":
            varies = "searched; drawn from the kept sets"
        span = f"{written.low:g} to {written.high:g} ({varies})"
    return (
        f"`{row.name.partition('.')[2]}`", _value(row), span, row.unit.name, written.meaning,
        written.source, f"{written.grade}, {written.status}",
    )  # fmt: skip


def _value(row: Parameter) -> str:
    if not isinstance(row.kind, Table):
        return f"{row.value:g}"
    labels = AXES[row.kind.axes[0]]
    values = np.asarray(row.value)
    return "; ".join(f"{label} {value:g}" for label, value in zip(labels, values, strict=True))


if __name__ == "__main__":
    write_as_command(write)
