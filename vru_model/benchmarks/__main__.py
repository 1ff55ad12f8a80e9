"""``python -m vru_model.benchmarks [--quick] [--only NAME]... [--busy]``: measure and write."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Annotated, Any

import typer

from vru_model.benchmarks import comparators, ensembles, machine, speed, start
from vru_model.benchmarks.rows import Measured, Row, document, markdown, written
from vru_model.paths import ROOT
from vru_model.provenance import code_version

LATEST = ROOT / "benchmarks" / "latest.json"
PAGE = ROOT / "docs" / "benchmarks.md"
ROWS: tuple[Row, ...] = (*start.ROWS, *speed.ROWS, *comparators.ROWS, *ensembles.ROWS)


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Small and once; writes nothing.")] = False,
    only: Annotated[list[str] | None, typer.Option("--only", help="A row's name.")] = None,
    busy: Annotated[bool, typer.Option("--busy", help="Measure on a busy machine too.")] = False,
) -> None:
    """Measure every row in turn and say what it reaches."""
    names = [row.name for row in ROWS]
    if unknown := sorted(set(only or ()) - set(names)):
        print(f"There is no row {', '.join(unknown)}. Rows: {', '.join(names)}.", file=sys.stderr)
        raise typer.Exit(2)
    share = machine.busy_share()
    if machine.is_busy(share) and not (busy or quick):
        print(f"The machine is busy ({share:.0%}): close what runs, or say --busy.",
              file=sys.stderr)  # fmt: skip
        raise typer.Exit(1)
    before = _stored()
    results = [_measure(row, quick, before) for row in ROWS if not only or row.name in only]
    if not quick:
        kept = {**{result["name"]: result for result in before.get("rows", ())},
                **{result["name"]: result for result in results}}  # fmt: skip
        _write([kept[name] for name in names if name in kept], share)


def _measure(row: Row, quick: bool, before: dict[str, Any]) -> dict[str, Any]:
    measured: Measured | None = None
    why = ""
    try:
        measured = row.measure(quick)
    except (RuntimeError, ImportError, OSError, MemoryError) as error:
        why = f"Could not be measured: {error}"
    last = next((old for old in before.get("rows", ()) if old["name"] == row.name), None)
    result = document(row, measured, why, None if quick else last)
    value = "–" if measured is None else written(measured.value, row.unit)
    print(f"{row.what}: {value} ({result['verdict']}). {result['note']}", flush=True)
    return result


def _stored() -> dict[str, Any]:
    return json.loads(LATEST.read_text(encoding="utf-8")) if LATEST.is_file() else {}


def _write(results: list[dict[str, Any]], share: float) -> None:
    today = date.today()
    about = {
        "date": today.isoformat(),
        "code": code_version(),
        "busy_share_before": round(share, 3),
        **machine.description(),
    }
    LATEST.parent.mkdir(exist_ok=True)
    content = {"machine": about, "rows": results}
    LATEST.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(_page(results, about, f"{today.day} {today:%B %Y}"), encoding="utf-8")
    print(f"Wrote {LATEST.relative_to(ROOT)} and {PAGE.relative_to(ROOT)}.")


def _page(results: list[dict[str, Any]], about: dict[str, Any], when: str) -> str:
    place = (
        f"{about['processor']}, {about['cores']} cores, {about['memory_gib']} GiB, "
        f"{about['system']}, Python {about['python']}, numba {about['numba']}, "
        f"NumPy {about['numpy']}, Mesa {about['mesa']}"
    )
    return f"""# Benchmarks

Written by `make bench` on {when}; code {about["code"]}. {place}. {about["busy_share_before"]:.0%}
of the machine was in use by others before it began. Medians of repeats; what is compared takes
turns. "Against last time" is above 1 where this time was better: only times of one machine compare.

{markdown(results)}
"""


if __name__ == "__main__":
    typer.run(main)
