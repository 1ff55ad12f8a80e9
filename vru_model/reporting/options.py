"""The parameters of a paper's notebook, checked before anything runs.

Papermill takes any name and any value: a misspelt parameter runs on the default and exits 0. So
the same model checks them twice: the command before it starts anything, and each notebook in its
first cell, because people also run notebooks by hand and with plain papermill.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Self

import nbformat
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from vru_model import paths
from vru_model.errors import InputError, Problem, nearest

# What IPython itself puts into a notebook's namespace.
_IPYTHON_NAMES = {"In", "Out", "exit", "quit", "get_ipython", "open"}
_DATA = (str, int, float, bool, list, tuple, dict, set, type(None))


class PaperOptions(BaseModel):
    """What every paper is told: the place, the size of the experiment and the date on it.

    `description` of each field is what a reader of an error is told to be allowed.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    place: str = Field(description="a name in parameters/places, or the folder of a place pack")
    scale: float = Field(gt=0, le=1, description="a number above 0 and at most 1")
    years: int = Field(ge=1, le=25, description="a whole number of years from 1 to 25")
    draws: int = Field(ge=1, le=10_000, description="a whole number, 1 or more")
    replicates: int = Field(ge=1, le=10_000, description="a whole number, 1 or more")
    seed: int = Field(ge=0, lt=2**32, description="a whole number, 0 or more")
    workers: int = Field(ge=0, le=1_000, description="a whole number; 0 means one for each core")
    runs: str = Field(description="a folder for runs, or nothing for outputs/runs")
    date: str = Field(description="a date such as 2026-11-22, or nothing for today")

    @field_validator("date")
    @classmethod
    def _date(cls, value: str) -> str:
        if value:
            date.fromisoformat(value)
        return value

    @field_validator("place")
    @classmethod
    def _place(cls, value: str) -> str:
        return value if Path(value).is_dir() else _known(value, _documents("places"))

    @classmethod
    def checked(cls, given: Mapping[str, Any], where: str) -> Self:
        """Return the options; raise InputError with every problem at once.

        `where` is what the reader is told to look at: a notebook's path or "command line".
        """
        try:
            return cls(**given)
        except ValidationError as error:
            raise InputError([_problem(cls, found, where) for found in error.errors()]) from None

    @classmethod
    def from_notebook(cls, namespace: Mapping[str, Any], where: str = "parameters") -> Self:
        """Return the options that stand in a notebook's variables: call with `globals()`.

        Every plain value that the notebook holds at this point must be a parameter, so that a
        name that plain papermill injected and nobody declared is refused too.
        """
        given = {
            name: value
            for name, value in namespace.items()
            if not name.startswith("_") and name not in _IPYTHON_NAMES and isinstance(value, _DATA)
        }
        return cls.checked(given, where)

    @property
    def parameters(self) -> dict[str, Any]:
        """The values as papermill takes them."""
        return self.model_dump()

    @property
    def numbers(self) -> dict[str, Any]:
        """The values that the paper's numbers depend on: not where, when or how fast."""
        return self.model_dump(exclude={"workers", "runs", "date", "earlier"})

    @property
    def contents(self) -> dict[str, str]:
        """Parameter → digest of its file, where what a file holds makes another paper."""
        return {}

    @property
    def store(self) -> Path:
        """The folder of runs."""
        return Path(self.runs).expanduser() if self.runs else paths.OUTPUTS / "runs"


def known_scenario(value: str) -> str:
    """Return a scenario's file or its built-in names joined by +; raise ValueError otherwise."""
    if not Path(value).is_file():
        for part in value.split("+"):
            _known(part.strip(), _documents("scenarios") + _documents("strategies"))
    return value


def declared_parameters(notebook: Path) -> dict[str, Any]:
    """Return the names and default values in a notebook's cell tagged `parameters`."""
    cells = nbformat.read(notebook, as_version=4).cells
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise ValueError(f"{notebook} has {len(tagged)} cells tagged 'parameters', not one")
    values = {}
    for statement in ast.parse(tagged[0].source).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            values[statement.targets[0].id] = ast.literal_eval(statement.value)
    return values


def undeclared(given: Mapping[str, Any], declared: Mapping[str, Any], where: str) -> list[Problem]:
    """Return a problem for every given name that the notebook does not declare."""
    allowed = ", ".join(declared)
    return [
        Problem(where, None, name, repr(value), f"one of {allowed}", nearest(name, declared))
        for name, value in given.items()
        if name not in declared
    ]


def _documents(folder: str) -> list[str]:
    return sorted(path.stem for path in (paths.PARAMETERS / folder).glob("*.yaml"))


def _known(name: str, allowed: list[str]) -> str:
    if name not in allowed:
        hint = nearest(name, allowed)
        raise ValueError(f"{name!r} is none of {', '.join(allowed)}{'; ' if hint else ''}{hint}")
    return name


def _problem(options: type[BaseModel], error: Any, where: str) -> Problem:
    """Return one of pydantic's errors in the user's words."""
    name = str(error["loc"][0])
    if name not in options.model_fields:
        return Problem(
            where, None, name, repr(error["input"]),
            f"one of {', '.join(options.model_fields)}", nearest(name, options.model_fields),
        )  # fmt: skip
    allowed = options.model_fields[name].description or ""
    if error["type"] == "missing":
        return Problem(where, None, name, "nothing", allowed)
    context = error.get("ctx", {}).get("error")
    return Problem(where, None, name, repr(error["input"]), allowed, str(context or ""))
