"""What all schemas share: strict models, units beside fields, errors in the user's words."""

from __future__ import annotations

import types
import typing
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AllowInfNan, BaseModel, ConfigDict, Field, Strict, ValidationError
from pydantic.fields import FieldInfo

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
_OF_SCHEMAS = ("model_type", "model_attributes_type")
_KINDS_IN_WORDS = {
    "float_type": "a number", "float_parsing": "a number", "finite_number": "a finite number",
    "int_type": "a whole number", "int_parsing": "a whole number",
    "int_from_float": "a whole number", "string_type": "text", "string_too_short": "text",
    "bool_type": "yes or no", "bool_parsing": "yes or no", "none_required": "nothing",
    "dict_type": "a mapping", "list_type": "a list", "tuple_type": "a list",
    "too_short": "a list of {min_length} or more", "too_long": "a list of {max_length} or fewer",
    "greater_than": "more than {gt:g}", "greater_than_equal": "{ge:g} or more",
    "less_than": "less than {lt:g}", "less_than_equal": "{le:g} or less",
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
        details = error.errors(include_url=False)
        hollow = _hollow(schema, details)
        return None, [
            *(document.problem((*location, *inner), words("hardly any of the names it needs"),
                               _mapping_of(schema, inner)) for inner in hollow),
            *(_problem(schema, document, location, detail) for detail in details
              if not (detail["type"] == "missing" and tuple(detail["loc"][:-1]) in hollow)),
        ]


def readable(schema: type[Part], data: Any) -> Part | None:
    """Return a part of a document if it can be read at all, so that it too is checked."""
    try:
        return schema.model_validate(data)
    except ValidationError:
        return None


def _hollow(schema: type[Schema], details: list[Any]) -> list[Location]:
    """Return the parts that lack most of the names they need: each is one mistake, not many."""
    lacking = Counter(tuple(detail["loc"][:-1]) for detail in details
                      if detail["type"] == "missing" and len(detail["loc"]) > 1)
    return [inner for inner, number in lacking.items()
            if number > max(1, len(needed_names(schema, inner)) / 2)]


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
    allowed = (_mapping_of(schema, inner) if kind in _OF_SCHEMAS
               else _allowed(kind, context, detail["msg"]))
    return document.problem(where, given, allowed, _number_hint(kind, given))


def _mapping_of(schema: type[Schema], location: Location) -> str:
    return f"a mapping with the names {', '.join(field_names(schema, location))}"


def _allowed(kind: str, context: Mapping[str, Any], message: str) -> str:
    """Return what a kind of error would have allowed, in plain words."""
    if kind in _KINDS_IN_WORDS:
        return _KINDS_IN_WORDS[kind].format(**context)
    words_of_schema = message.removeprefix("Value error, ")
    return words_of_schema[0].lower() + words_of_schema[1:]


def _number_hint(kind: str, given: Any) -> str:
    """Explain a number that YAML reads as text, such as 1e-3 or 3,370,000 or £5."""
    if kind in ("float_type", "int_type") and isinstance(given, str):
        return "write numbers without quotation marks, commas or signs of currency, 1e-3 as 0.001"
    return ""


def field_names(schema: type[BaseModel], location: Location) -> list[str]:
    """Return the names that a schema allows at a place below it."""
    return list(_fields(schema, location))


def needed_names(schema: type[BaseModel], location: Location = ()) -> list[str]:
    """Return the names that a schema asks for at a place below it."""
    return [name for name, field in _fields(schema, location).items() if field.is_required()]


def _fields(schema: type[BaseModel], location: Location) -> Mapping[str, FieldInfo]:
    model: Any = schema
    for part in location:
        if isinstance(part, int) or model is None:
            continue
        field = model.model_fields.get(part)
        model = nested_schema(field.annotation) if field is not None else model
    return {} if model is None else model.model_fields


def nested_schema(annotation: Any) -> type[Schema] | None:
    """Return the schema inside an annotation such as ``tuple[Change, ...]``, or None."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, Schema) else None
    for part in typing.get_args(annotation):
        if (found := nested_schema(part)) is not None:
            return found
    return None
