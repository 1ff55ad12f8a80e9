"""The parameters of the paper on impact: those of all board papers, and observed counts."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, field_validator

from vru_model.errors import InputError, Problem, nearest
from vru_model.reporting.board.options import BoardOptions

if TYPE_CHECKING:
    from vru_model.analysis.observed import Observed


class ImpactOptions(BoardOptions):
    """What the paper on impact is told: a file of recorded counts may be laid beside the model."""

    observed: str = Field(
        default="", description="a CSV file of counts by area, period and age, or nothing"
    )
    compared_with: dict[str, str] = Field(
        default={}, description="measure in that file → measure in parameters/measures.yaml"
    )

    @field_validator("observed")
    @classmethod
    def _observed(cls, value: str) -> str:
        if value and not Path(value).expanduser().is_file():
            raise ValueError(f"there is no file {value!r}")
        return value

    @field_validator("compared_with")
    @classmethod
    def _compared_with(cls, value: dict[str, str]) -> dict[str, str]:
        from vru_model.parameters.accounts.measures import load_measures

        known = load_measures().measures
        for name in value.values():
            if name not in known:
                raise ValueError(f"{name!r} is no measure. {nearest(name, known)}".strip())
        return value

    @classmethod
    def checked(cls, given: Mapping[str, Any], where: str) -> Self:
        """Return the options; raise InputError with every problem, those of the file included."""
        problems: list[Problem] = []
        options = None
        try:
            options = super().checked(given, where)
        except InputError as error:
            problems += error.problems
        problems += _problems_of_file(given, where)
        if problems or options is None:
            raise InputError(problems)
        return options

    @property
    def file(self) -> Path | None:
        """The file of observed counts; None where there is none."""
        return Path(self.observed).expanduser() if self.observed else None

    @property
    def contents(self) -> dict[str, str]:
        """Parameter → digest of its file: a paper is another one where its file has changed."""
        if self.file is None:
            return {}
        return {"observed": hashlib.sha256(self.file.read_bytes()).hexdigest()}


def _problems_of_file(given: Mapping[str, Any], where: str) -> Iterator[Problem]:
    """Yield all that is wrong with a file of counts, and what in it nothing can be compared with.

    Measures and areas that the model does not know would be rows that say nothing; ages that it
    does not tell apart are left to the paper, which says so beside their totals.
    """
    from vru_model.analysis.observed import read_observed

    observed, pairs = given.get("observed"), given.get("compared_with")
    pairs = pairs if isinstance(pairs, dict) else {}
    file = Path(observed).expanduser() if isinstance(observed, str) and observed else None
    if file is None or not file.is_file():
        if file is None and pairs:
            yield Problem(where, None, "compared_with", repr(pairs),
                          "nothing, where no file of observed counts is given")  # fmt: skip
        return
    try:
        read_observed(file, lambda found: _unknown(found, pairs, given.get("place"), where))
    except InputError as error:
        yield from error.problems


def _unknown(
    found: Observed, pairs: Mapping[str, str], place: Any, where: str
) -> Iterator[Problem]:
    """Yield which measures and areas of a file the model does not know."""
    from vru_model.parameters.accounts.measures import load_measures
    from vru_model.reporting.beside import suggested

    measures = list(dict.fromkeys(found.frame["measure"]))
    for name in pairs:
        if name not in measures:
            yield Problem(where, None, "compared_with", repr(name),
                          f"a measure of {found.file}", nearest(name, measures))  # fmt: skip
    paired = {**suggested(measures), **pairs}
    titles = [each.title for each in load_measures().measures.values()]
    yield from _strangers(
        found, "measure", paired, titles, "the name or title of a measure in "
        "parameters/measures.yaml, or one that compared_with pairs with such a name",
    )  # fmt: skip
    authorities = _authorities(place)
    if authorities:
        known = {each.lower() for pair in authorities.items() for each in pair}
        listed = ", ".join(f"{name} or {code}" for code, name in authorities.items())
        yield from _strangers(found, "area", known, [*authorities.values()],
                              f"a local authority of the place: {listed}")  # fmt: skip


def _strangers(
    found: Observed, column: str, known: Collection[str], names: Collection[str], allowed: str
) -> Iterator[Problem]:
    """Yield a problem where each text of a column that is not known stands first."""
    told: set[str] = set()
    for text, line in zip(found.frame[column], found.lines, strict=True):
        if text not in told and text not in known and text.strip().lower() not in known:
            yield Problem(found.file, line, column, repr(text), allowed, nearest(text, names))
        told.add(text)


def _authorities(place: Any) -> dict[str, str]:
    """Return code → name of a place's authorities; none where it is no place, which is told."""
    from vru_model.place import load_place

    try:
        return {each.code: each.name for each in load_place(str(place)).authorities}
    except InputError:
        return {}
