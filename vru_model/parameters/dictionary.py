"""The data dictionary, ``parameters/README.md``, written from the schemas and the documents.

``python -m vru_model.parameters.dictionary`` writes it; a test fails when it is stale.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic.fields import FieldInfo

from vru_model.errors import write_as_command
from vru_model.parameters.accounts.needs import Issue, NeedsAssessment, load_needs
from vru_model.parameters.accounts.targets import Target, TargetBook, load_targets
from vru_model.parameters.accounts.validation import ValidationBook
from vru_model.parameters.documents import built_in_names, read_document
from vru_model.parameters.loading import load_model_parameters, model_coefficients
from vru_model.parameters.programmes import TARGETS, Programme
from vru_model.parameters.ranges import bounds_in_words
from vru_model.parameters.register import load_programme
from vru_model.parameters.rows import Parameter, Row
from vru_model.parameters.scenario_document import ScenarioDocument
from vru_model.parameters.schema import Schema, nested_schema
from vru_model.parameters.switches import SWITCHES
from vru_model.parameters.units import AXES, Table
from vru_model.paths import PARAMETERS

FILE = PARAMETERS / "README.md"

_INTRODUCTION = """\
# Parameters: the data dictionary

Every number that the program uses stands in a document in this folder, with its unit, its range,
what it means, where it comes from and how it is known. This page is written from those documents:
change them, not this page, then run

    python -m vru_model.parameters.dictionary

`vru check` says everything that is wrong with the documents at once: file, line, name, what was
given, what is allowed, and the nearest right spelling.

| documents | what they hold |
|---|---|
| [model.yaml](model.yaml) | how people behave in the model |
| [programmes](programmes) | interventions: what each changes, whom it reaches, cost, evidence |
| [strategies](strategies) | portfolios of programmes: money over years and places |
| [scenarios](scenarios) | small named differences: shocks to the money, loops switched off |
| [places](places) | published totals of a defined population |
| [measures.yaml](measures.yaml) | what is measured, and what each measure leaves out |
| [costs.yaml](costs.yaml) | what violence costs, whom, by component |
| [appraisal.yaml](appraisal.yaml) | dated rules: discounting, deflators, what is worth its money |
| [grant_rules.yaml](grant_rules.yaml) | conditions of grants, as checks on a strategy |
| [agencies.yaml](agencies.yaml) | who pays, who saves, who chairs which board, since when |
| [assurance.yaml](assurance.yaml) | who answers for the papers, and which logs were signed |
| [community.yaml](community.yaml) | what groups said and what changed; the model in plain words |
| [needs.yaml](needs.yaml) | issues of the needs assessment, and the programmes that act on each |
| [targets.yaml](targets.yaml) | what the model is fitted to, held to, and judged by |
| [redaction.yaml](redaction.yaml) | what the public version of a paper withholds, and why |
| [validation.yaml](validation.yaml) | why it may miss a target, and what it cannot show |

**Grade** says how a number is known: *read* in its source; *derived* by arithmetic from such
numbers; *recalled* from general knowledge, to be verified before it is quoted; *prior*, a choice
to be varied. **Status** says what it is: *measured*, *derived*, a *judgement*, or *calibrated*.
**Range**: the ends of a uniform or triangular distribution, the 95% interval of a normal or
lognormal one; of a *gamma*, 0 and the end of the 95% interval of a normal one of the same mean (the
value) and standard deviation. A *fixed* number is the same in every draw, its range is only said,
except where its status is *calibrated*: draws take those numbers together, from the [parameter sets
that were kept](../docs/calibration.md), whatever the distribution says.
"""


def dictionary() -> str:
    """Return the data dictionary as Markdown."""
    parts = [_INTRODUCTION, *_model(), *_programmes(), *_scenarios(), *_switches(),
             *_targets(), *_needs(), *_axes()]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def write() -> list[Path]:
    """Write the data dictionary to ``parameters/README.md``, and return it."""
    FILE.write_text(dictionary(), encoding="utf-8")
    return [FILE]


def _model() -> Iterable[str]:
    yield "## Model parameters"
    yield "Each row of `model.yaml` has these fields:"
    yield _fields(Row)
    parameters = load_model_parameters().parameters
    head = ("name", "value", "range", "distribution", "allowed (unit)", "meaning", "source",
            "grade", "status")
    for section, kind in typing.get_type_hints(model_coefficients()).items():
        rows = [row for name, row in parameters.items() if name.startswith(f"{section}.")]
        yield f"### {section}"
        yield (kind.__doc__ or "").strip()
        yield table(head, [_parameter(row) for row in rows])


def _parameter(row: Parameter) -> tuple[str, ...]:
    written = row.row
    low, high = written.low, written.high
    span = "" if low is None or high is None else f"{low:g} to {high:g}"
    name = f"`{row.name.partition('.')[2]}`"
    grade = f"{written.grade}, {written.evidence}" if written.evidence else written.grade
    return (name, _value(row), span, row.distribution, bounds_in_words(row.unit), written.meaning,
            written.source, grade, written.status)


def _value(row: Parameter) -> str:
    """Return a number, or a table's values with their labels."""
    if not isinstance(row.kind, Table):
        return f"{row.value:g}"
    if len(row.kind.axes) > 1:
        return f"{' × '.join(str(size) for size in row.kind.shape)} values, in the file"
    labels = AXES[row.kind.axes[0]]
    return "; ".join(f"{label}: {number:g}"
                     for label, number in zip(labels, np.asarray(row.value), strict=True))


def _programmes() -> Iterable[str]:
    programmes = [load_programme(name) for name in built_in_names("programmes")]
    yield "## Programmes"
    yield ("A programme changes rates, states and exposures in the model, never an outcome. These "
           "are the things that it may change:")
    yield table(("target", "unit", "no change", "what is changed"), [
        (f"`{name}`", target.unit.name, f"{target.neutral:g}", target.meaning)
        for name, target in TARGETS.items()
    ])
    yield "### The register"
    yield table(("name", "changes (range)", "whom", "unit cost", "grade", "impact", "security"),
                 [_programme(programme) for programme in programmes])
    yield "### Fields of a programme"
    yield _fields(Programme)


def _programme(programme: Programme) -> tuple[str, ...]:
    who, cost = programme.eligibility, programme.cost
    ages = {"place": "places", "none": "services"}.get(
        who.selection, f"{who.minimum_age}-{who.maximum_age}")
    changes = "; ".join(
        f"{change.target} {change.value:g}"
        + ("" if change.low is None else f" ({change.low:g} to {change.high:g})")
        for change in programme.changes
    )
    price = (f"£{cost.unit_cost:,.0f} per {cost.per}, and £{cost.fixed_cost_per_year:,.0f} a year "
             f"({cost.price_year})")
    evidence = programme.evidence
    link = f"[{programme.title}](programmes/{programme.name}.yaml)"
    return (link, changes, ages, price, evidence.grade, evidence.impact, evidence.security)


def _scenarios() -> Iterable[str]:
    for kind, words in (
        ("strategies", "A strategy is a portfolio: programmes, places, years and money."),
        ("scenarios", "A scenario is a small difference, to be put together with a strategy by +: "
         "`balanced+grant_ends_after_3`."),
    ):
        yield f"## {kind.capitalize()}"
        yield words
        rows = []
        for name in built_in_names(kind):
            data = read_document(PARAMETERS / kind / f"{name}.yaml").data
            rows.append((f"[{name}]({kind}/{name}.yaml)", data["title"], data["question"],
                         _budget(data)))
        yield table(("name", "title", "question", "money a year"), rows)
    yield "### Fields of a strategy or scenario"
    yield _fields(ScenarioDocument)


def _budget(data: dict[str, Any]) -> str:
    by_year = data.get("budget_by_year")
    if by_year:
        return ", ".join(f"£{pounds:,} in year {year}" for year, pounds in enumerate(by_year, 1))
    return f"£{data['budget_per_year']:,}" if data.get("budget_per_year") else "none"


def _switches() -> Iterable[str]:
    yield "## Switches"
    yield "A scenario may switch a loop of the model off, to see what it contributes."
    yield table(("switch", "what it is"), [(f"`{name}`", text) for name, text in SWITCHES.items()])


def _targets() -> Iterable[str]:
    targets = load_targets().targets
    yield "## Targets"
    yield ("What was found, one lens at a time. *Tolerance* is one standard deviation of "
           "observation and discrepancy together. Validation is looked at once, after the "
           "parameters are frozen, and never fitted.")
    yield table(("name", "pattern", "lens", "value", "tolerance", "unit", "use", "status",
                 "source"), [_target(name, target) for name, target in targets.items()])
    yield "### Fields of the targets"
    yield _fields(TargetBook)
    yield "### Fields of what is said beside them"
    yield _fields(ValidationBook)


def _target(name: str, target: Target) -> tuple[str, ...]:
    tolerance = f"{target.tolerance:.3g}" if target.tolerance else ""
    value = f"at most {target.value:g}" if target.use == "constraint" else f"{target.value:g}"
    return (f"`{name}`", target.pattern, target.lens.replace("_", " "), value, tolerance,
            target.unit, target.use, target.status, target.source)


def _needs() -> Iterable[str]:
    needs = load_needs()
    yield "## Issues of the needs assessment"
    yield (f"{needs.title}. The order is that of a life and then of the system, and no ranking; "
           "another assessment is a file of the same form.")
    yield table(("name", "issue", "indicator", "wanted", "programmes", "status", "source"),
                 [_issue(name, issue) for name, issue in needs.issues.items()])
    yield "### Fields of the issues"
    yield _fields(NeedsAssessment)


def _issue(name: str, issue: Issue) -> tuple[str, ...]:
    seen = "not measured" if issue.indicator is None else f"`{issue.indicator.measure}`"
    if issue.indicator is not None and issue.indicator.group != "all ages":
        seen += f", {issue.indicator.group}"
    programmes = ", ".join(f"[{each}](programmes/{each}.yaml)" for each in issue.programmes)
    return (f"`{name}`", issue.title, seen, issue.wanted, programmes or "none", issue.status,
            issue.source)


def _axes() -> Iterable[str]:
    yield "## Axes of tables"
    yield table(("axis", "labels, in order"),
                 [(f"`{axis}`", ", ".join(labels)) for axis, labels in AXES.items()])


def _fields(schema: type[Schema]) -> str:
    return table(("field", "unit", "allowed", "needed", "meaning"), _field_rows(schema, ""))


def _field_rows(schema: type[Schema], prefix: str) -> Iterable[tuple[str, ...]]:
    """Yield a row for each field, and for the fields of the schemas inside it."""
    for name, field in schema.model_fields.items():
        extra = field.json_schema_extra
        unit = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
        inner = nested_schema(field.annotation)
        meaning = field.description or (inner.__doc__ or "" if inner else "")
        needed = "yes" if field.is_required() else ""
        yield (f"`{prefix}{name}`", unit, _allowed(field), needed, meaning)
        if inner is not None and inner is not Programme:
            yield from _field_rows(inner, f"{prefix}{name}.")


def _allowed(field: FieldInfo) -> str:
    """Return the choices of a field, or its bounds."""
    if choices := _choices(field.annotation):
        return ", ".join(choices)
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    bounds = [f"{sign} {getattr(mark, name):g}" for mark in field.metadata
              for name, sign in signs.items() if hasattr(mark, name)]
    return ", ".join(bounds)


def _choices(annotation: Any) -> list[str]:
    """Return the words of a Literal, also of one inside a tuple or beside None."""
    if typing.get_origin(annotation) is Literal:
        return [str(word) for word in typing.get_args(annotation)]
    inner = typing.get_args(annotation)
    return next((found for part in inner if (found := _choices(part))), [])


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a pipe table; signs that would end a cell are escaped."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


if __name__ == "__main__":
    write_as_command(write)
