"""The register of programmes: reading, checking and overriding their documents."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vru_model.errors import InputError, Problem, nearest
from vru_model.parameters.documents import Document, Location, built_in, read_document, words
from vru_model.parameters.programme_faults import (
    eligibility_faults,
    evidence_faults,
    trial_faults,
)
from vru_model.parameters.programmes import (
    TARGETS,
    Change,
    Cost,
    Eligibility,
    Evidence,
    Programme,
    Reach,
    Trial,
)
from vru_model.parameters.ranges import Fault, range_faults
from vru_model.parameters.schema import readable, validate

KIND = "programmes"


def load_programme(source: str | Path) -> Programme:
    """Return a programme, by the name of a built-in one or by the path of its file.

    Raises
    ------
    InputError
        Listing everything that is wrong with the document.
    """
    path = Path(source)
    if path.suffix not in (".yaml", ".yml"):
        path = built_in(KIND, str(source))
    programme, problems = read_programme(read_document(path), name=path.stem)
    if programme is None or problems:
        raise InputError(problems)
    return programme


def read_programme(document: Document, location: Location = (), data: Any = None,
                   name: str | None = None) -> tuple[Programme | None, list[Problem]]:
    """Return the programme at a place in a document, and everything that is wrong with it.

    ``name`` is what it must be called: the name of its file, or of its entry.
    """
    programme, problems = validate(Programme, document, data, location)
    data = document.data if data is None else data
    problems = [*(document.problems if not location else ()), *problems]
    if isinstance(data, dict):
        problems += [
            document.problem((*location, *where, fault.field), fault.given, fault.allowed)
            for where, fault in _faults(data, name)
        ]
    return programme, sorted(problems, key=lambda problem: problem.line or 0)


def _faults(data: dict[str, Any], name: str | None) -> list[tuple[Location, Fault]]:
    """Return what the schema alone cannot see, in every part that can be read."""
    faults: list[tuple[Location, Fault]] = []
    given = data.get("name")
    if name is not None and given is not None and given != name:
        faults.append(((), Fault("name", given, f"{name}, as the file is named")))
    changes = data.get("changes")
    targets: list[str] = []
    for index, item in enumerate(changes if isinstance(changes, list) else []):
        change = readable(Change, item)
        if change is not None:
            faults += [(("changes", index), fault) for fault in _change_faults(change)]
            if change.target in targets:
                faults.append((("changes", index), Fault("target", change.target, "each once")))
            targets.append(change.target)
    eligibility, reach = readable(Eligibility, data.get("eligibility")), data.get("reach")
    if eligibility is not None:
        found = eligibility_faults(eligibility, data.get("level"), targets,
                                   readable(Reach, reach))
        faults += [(("eligibility",), fault) for fault in found]
        if (eligibility.event == "none") != (data.get("referral") is None):
            faults.append(((), Fault("referral", words(
                "none" if data.get("referral") is None else "one"),
                "a referral where an event is named, and only there")))
    cost, evidence = readable(Cost, data.get("cost")), readable(Evidence, data.get("evidence"))
    if cost is not None and not cost.low <= cost.unit_cost <= cost.high:
        allowed = f"low to high, {cost.low:g} to {cost.high:g}"
        faults.append((("cost",), Fault("unit_cost", cost.unit_cost, allowed)))
    if evidence is not None:
        faults += [(("evidence",), fault) for fault in evidence_faults(evidence)]
    trial = readable(Trial, data.get("trial"))
    if trial is not None:
        faults += [(("trial",), fault) for fault in trial_faults(trial, targets)]
    return faults


def _change_faults(change: Change) -> list[Fault]:
    unit = TARGETS[change.target].unit
    faults = range_faults(unit, change.value, change.low, change.high, change.distribution)
    if change.unit != unit.name:
        faults.append(Fault("unit", change.unit, unit.name))
    return faults


def overridden(data: Mapping[str, Any], path: list[str], value: Any) -> dict[str, Any] | str:
    """Return a copy of a programme's data with one field replaced.

    Parameters
    ----------
    data
        The programme as data.
    path
        The names that lead to the field; a change is named by its target:
        ``["changes", "acting", "value"]``.
    value
        The new value.

    Returns
    -------
    dict or str
        The new data; where there is no such field, a hint with the nearest name.
    """
    result = copy.deepcopy(dict(data))
    place: Any = result
    for depth, part in enumerate(path):
        if isinstance(place, list):
            names = {item["target"]: index for index, item in enumerate(place)}
        elif isinstance(place, dict):
            names = {name: name for name in place}
        else:
            return f"{path[depth - 1]} has no parts"
        if part not in names:
            return nearest(part, names) or f"known: {', '.join(names)}"
        if depth == len(path) - 1:
            place[names[part]] = value
        place = place[names[part]]
    return result


def unknown_field(document: Document, where: Location, hint: str) -> Problem:
    """Return the problem of an override that names no field of its programme."""
    return document.problem(where, words("an unknown field"), "a field of the programme", hint)
