"""What all schemas share: strict models, units beside fields, errors in the user's words."""

from __future__ import annotations

import types
import typing
from typing import Annotated, Any, TypeVar

from pydantic import AllowInfNan, BaseModel, ConfigDict, Field, Strict, ValidationError

from vru_model.errors import Problem, nearest
from vru_model.parameters.documents import NOTHING, Document, Location, words

Number = Annotated[float, Strict(), AllowInfNan(False)]
Whole = Annotated[int, Strict()]
YesNo = Annotated[bool, Strict()]
Text = Annotated[str, Field(min_length=1)]
PROGRAMME_PATTERN = "^[a-z][a-z0-9_]*$"
SCENARIO_PATTERN = "^[a-z][a-z0-9_+]*$"
AUTHORITY_PATTERN = r"^[EWSN]\d{8}$"
_PATTERNS_IN_WORDS = {
    PROGRAMME_PATTERN: "small letters, figures and _, beginning with a letter",
    SCENARIO_PATTERN: "small letters, figures, _ and +, beginning with a letter",
    AUTHORITY_PATTERN: "the code of a local authority, such as E08000025",
}
Part = TypeVar("Part", bound="Schema")


class Schema(BaseModel):
    """A mapping in a document. Unknown names are refused; an object once made never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def quantity(unit: str, meaning: str, **bounds: Any) -> Any:
    """Return a field with its unit and meaning, which the data dictionary prints."""
    return Field(description=meaning, json_schema_extra={"unit": unit}, **bounds)


def validate(schema: type[Schema], document: Document, data: Any = None,
             location: Location = ()) -> tuple[Any, list[Problem]]:
    """Return the object that a document holds, and everything that is wrong with it.

    Parameters
    ----------
    schema
        What the data must be.
    document
        Where the data stands, for lines.
    data
        The data; the whole document unless given.
    location
        Where in the document the data stands.

    Returns
    -------
    tuple
        The object (None when there are problems) and the problems.
    """
    data = document.data if data is None else data
    if not isinstance(data, dict):
        allowed = f"a mapping with the names {', '.join(schema.model_fields)}"
        return None, [document.problem(location, data, allowed)]
    try:
        return schema.model_validate(data), []
    except ValidationError as error:
        return None, [
            _problem(schema, document, location, detail)
            for detail in error.errors(include_url=False)
        ]


def readable(schema: type[Part], data: Any) -> Part | None:
    """Return a part of a document if it can be read at all, so that it too is checked."""
    try:
        return schema.model_validate(data)
    except ValidationError:
        return None


def _problem(schema: type[Schema], document: Document, location: Location,
             detail: Any) -> Problem:
    """Turn one of pydantic's errors into one line in the user's words."""
    inner = tuple(detail["loc"])
    where, kind = (*location, *inner), detail["type"]
    if kind == "extra_forbidden":
        names = field_names(schema, inner[:-1])
        return document.problem(where, words("an unknown name"), ", ".join(names),
                                nearest(str(inner[-1]), names))
    if kind == "missing":
        return document.problem(where, NOTHING, "a value", "this name is missing")
    given, context = detail["input"], detail.get("ctx", {})
    if kind == "literal_error":
        allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        return document.problem(where, given, allowed, nearest(str(given), allowed.split(", ")))
    if kind == "string_pattern_mismatch":
        pattern = context["pattern"]
        return document.problem(where, given, _PATTERNS_IN_WORDS.get(pattern, pattern))
    return document.problem(where, given, _allowed(detail["msg"]), _number_hint(kind, given))


def _allowed(message: str) -> str:
    """Shorten pydantic's "Input should be a valid number" to "a valid number"."""
    for start in ("Input should be ", "Value error, "):
        message = message.removeprefix(start)
    return message[0].lower() + message[1:]


def _number_hint(kind: str, given: Any) -> str:
    """Explain a number that YAML reads as text, such as 1e-3 or 3,370,000 or £5."""
    if kind in ("float_type", "int_type") and isinstance(given, str):
        return "write numbers without quotation marks, commas or signs of currency, 1e-3 as 0.001"
    return ""


def field_names(schema: type[BaseModel], location: Location) -> list[str]:
    """Return the names that a schema allows at a place below it."""
    model: Any = schema
    for part in location:
        if isinstance(part, int) or model is None:
            continue
        field = model.model_fields.get(part)
        model = nested_schema(field.annotation) if field is not None else model
    return [] if model is None else list(model.model_fields)


def nested_schema(annotation: Any) -> type[Schema] | None:
    """Return the schema inside an annotation such as ``tuple[Change, ...]``, or None."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, Schema) else None
    for part in typing.get_args(annotation):
        if (found := nested_schema(part)) is not None:
            return found
    return None
