"""The logs in docs/assurance that are written from the documents, so that they cannot go stale.

``python -m vru_model.analysis.assurance`` rewrites the blocks between markers; a test fails when
one is out of date. Everything else on those pages is written by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np

from vru_model.analysis import written_pages
from vru_model.errors import write_as_command
from vru_model.parameters import load_model_parameters
from vru_model.parameters.dictionary import table
from vru_model.parameters.documents import built_in, built_in_names, read_document
from vru_model.parameters.programmes import Programme
from vru_model.parameters.register import load_programme
from vru_model.parameters.rows import Parameter
from vru_model.paths import ROOT

FOLDER = ROOT / "docs" / "assurance"
COMMAND = "python -m vru_model.analysis.assurance"
ASSUMPTIONS, DATA = "assumptions_log.md", "data_log.md"

_BELIEVED = frozenset({"prior", "recalled"})
_HEAD = ("assumption", "what is assumed", "value (range)", "how it is known", "why")


def generated() -> dict[str, dict[str, str]]:
    """Return page → block name → Markdown, of every block that is written from the documents."""
    parameters = load_model_parameters()
    rows, varying = list(parameters.parameters.values()), parameters.varying
    programmes = [load_programme(name) for name in built_in_names("programmes")]
    believed = [row for row in rows if row.name not in varying and _is_believed(row)]
    return {
        ASSUMPTIONS: {
            "standing": _standing(rows, varying),
            "varied": table(_HEAD, (_row(row) for row in rows if row.name in varying)),
            "held with a range": table(_HEAD, (_row(row) for row in believed if _span(row))),
            "held": table(_HEAD, (_row(row) for row in believed if not _span(row))),
            "programmes": _effects(programmes),
            "money": _money(programmes),
        },
        DATA: {"places": _places(), "evidence": _evidence(programmes)},
    }


def renewed(page: str, text: str) -> str:
    """Return a page with every block rewritten; raise ValueError where a marker is missing."""
    return written_pages.renewed(text, generated()[page], COMMAND, f"docs/assurance/{page}")


def write() -> list[Path]:
    """Rewrite the blocks of every page in place, and return the pages."""
    return written_pages.write({FOLDER / page: partial(renewed, page) for page in generated()})


def _is_believed(row: Parameter) -> bool:
    return row.row.status == "judgement" or row.row.grade in _BELIEVED


def _standing(rows: Iterable[Parameter], varying: set[str]) -> str:
    """Return how many parameters of each status there are, by how their numbers are known."""
    counted = Counter((row.row.status, row.row.grade) for row in rows)
    varied = Counter((row.row.status, row.row.grade) for row in rows if row.name in varying)
    return table(
        ("what it is", "how it is known", "parameters", "of these varied between draws"),
        [(*kind, str(number), str(varied[kind])) for kind, number in sorted(counted.items())],
    )


def _row(row: Parameter) -> tuple[str, ...]:
    value = "a table" if isinstance(row.value, np.ndarray) else f"{row.value:g}"
    return (
        f"`{row.name}`", row.row.meaning, f"{value}{_span(row)} {row.unit.name}",
        f"{row.row.grade}, {row.row.status}", row.row.source,
    )  # fmt: skip


def _span(row: Parameter) -> str:
    low, high = row.row.low, row.row.high
    return "" if low is None or high is None else f" ({low:g} to {high:g})"


def _effects(programmes: Iterable[Programme]) -> str:
    head = ("programme", "what it changes", "size (range)", "how it is known", "why")
    return table(head, [
        (
            programme.title, change.target.replace("_", " "),
            f"{change.value:g}"
            + ("" if change.low is None else f" ({change.low:g} to {change.high:g})")
            + f" {change.unit}",
            change.grade, change.source,
        )
        for programme in programmes for change in programme.changes
    ])  # fmt: skip


def _money(programmes: Iterable[Programme]) -> str:
    head = ("programme", "one unit", "£ a year (range)", "prices of", "how it is known", "why")
    return table(head, [
        (
            each.title, each.cost.per,
            f"{each.cost.unit_cost:,.0f} ({each.cost.low:,.0f} to {each.cost.high:,.0f})",
            each.cost.price_year, each.cost.basis, each.cost.source,
        )
        for each in programmes
    ])  # fmt: skip


def _places() -> str:
    head = ("place", "table", "source", "licence", "how it is known")
    return table(head, [
        (name, what.replace("_", " "), entry["source"], entry["licence"], entry["grade"])
        for name in built_in_names("places")
        for what, entry in read_document(built_in("places", name)).data["tables"].items()
    ])  # fmt: skip


def _evidence(programmes: Iterable[Programme]) -> str:
    head = ("programme", "what to expect", "published effect", "design", "British trial",
            "strength", "study", "other studies, nulls included")  # fmt: skip
    return table(head, [
        (
            each.title, each.standing,
            "none published" if each.evidence.effect is None
            else f"{each.evidence.effect:g}: {each.evidence.scale}",
            each.evidence.design, "yes" if each.evidence.uk else "no", each.evidence.grade,
            each.evidence.citation, "; ".join(each.evidence.others) or "none entered",
        )
        for each in programmes
    ])  # fmt: skip


if __name__ == "__main__":
    write_as_command(write)
