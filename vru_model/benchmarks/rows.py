"""What is measured, what it has to reach, and how a table is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

Number = float
FALLS_SHORT, AT_LEAST, AIM, UNKNOWN = "falls short", "at least", "reaches the aim", "not measured"


@dataclass(frozen=True)
class Measured:
    """One result, with the single values of its repeats and what a reader should know."""

    value: float
    values: tuple[float, ...] = ()
    note: str = ""

    @classmethod
    def median_of(cls, values: list[float], note: str = "") -> Measured:
        """Return the median of repeats."""
        return cls(median(values), tuple(values), note)


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes
    ----------
    name, what, unit
        The row's name for ``--only``, what it is in words, and the unit of its value.
    at_least, aim
        What it has to reach, and what it should.
    measure
        Called with whether to be quick.
    more_is_better
        Whether larger values are better.
    """

    name: str
    what: str
    unit: str
    at_least: float
    aim: float
    measure: Callable[[bool], Measured]
    more_is_better: bool

    def verdict(self, value: float | None) -> str:
        """Say what a value reaches."""
        if value is None:
            return UNKNOWN
        reaches = (lambda mark: value >= mark) if self.more_is_better else (
            lambda mark: value <= mark
        )
        if reaches(self.aim):
            return AIM
        return AT_LEAST if reaches(self.at_least) else FALLS_SHORT


def document(
    row: Row, measured: Measured | None, why: str, before: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return a row's result as it is stored; ``before`` is the last stored one of the row.

    ``faster`` is by what factor it is better than then: only worlds of one machine compare.
    """
    value = measured.value if measured else None
    last = before.get("value") if before else None
    ratio = None
    if value and last:
        ratio = value / last if row.more_is_better else last / value
    return {
        "name": row.name, "what": row.what, "unit": row.unit, "at_least": row.at_least,
        "aim": row.aim, "value": value, "verdict": row.verdict(value),
        "better_than_before": ratio,
        **({k: v for k, v in asdict(measured).items() if k != "value"} if measured
           else {"values": (), "note": why}),
    }  # fmt: skip


def markdown(results: list[dict[str, Any]]) -> str:
    """Return the table as Markdown, with the notes below it."""
    lines = [
        "| what | measured | at least | aim | verdict | against last time |",
        "| --- | ---: | ---: | ---: | --- | ---: |",
    ]
    notes = []
    for result in results:
        value, unit = result["value"], result["unit"]
        ratio = result["better_than_before"]
        lines.append(
            f"| {result['what']} | {'–' if value is None else written(value, unit)} "
            f"| {written(result['at_least'], unit)} | {written(result['aim'], unit)} "
            f"| {result['verdict']} | {'–' if ratio is None else f'{ratio:.2f} ×'} |"
        )
        if result["note"]:
            notes.append(f"- **{result['what']}**: {result['note']}")
    return "\n".join([*lines, "", *notes])


def written(value: float, unit: str) -> str:
    """Return a value to three figures with its unit."""
    figures = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{figures} {unit}"
