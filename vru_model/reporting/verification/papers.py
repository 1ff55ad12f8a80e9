"""A finished paper, made again with its runs and compared table by table, figure by figure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from vru_model import paths
from vru_model.errors import InputError, Problem, nearest
from vru_model.reporting.findings import Report
from vru_model.reporting.paper_kinds import PAPERS, Paper
from vru_model.reporting.papers import build
from vru_model.reporting.verification.finding import (
    Finding,
    Verification,
    changes,
    compare_bytes,
    compare_pictures,
    compare_tables,
)
from vru_model.reporting.verification.runs import IDENTITY

Compare = Callable[[str, bytes | None, bytes | None], Finding]
_PARTS: dict[str, tuple[str, str, Compare]] = {
    "table": ("tables", ".csv", compare_tables),
    "figure": ("figures", ".png", compare_pictures),
}
_DOCUMENTS = (".html", ".docx", ".pdf")


def verify_paper(
    folder: Path, trust_runs: bool = False, runs: Path | None = None, workers: int | None = None,
    report: Report | None = None, papers: Mapping[str, Paper] = PAPERS,
) -> Verification:  # fmt: skip
    """Make a paper again in a temporary folder and compare every part of both versions.

    Parameters
    ----------
    folder
        The paper's folder, with its `paper.json`.
    trust_runs
        Take the runs as they are on disk; otherwise they are made again too, in a temporary folder.
    runs
        The folder of runs to trust; outputs/runs where None.

    Raises InputError where there is no such kind of paper or its parameters are no longer allowed,
    PaperError where it can no longer be made.
    """
    told = json.loads((folder / "paper.json").read_text(encoding="utf-8"))
    if told["paper"] not in papers:
        raise InputError([Problem(folder / "paper.json", None, "paper", told["paper"],
                                  ", ".join(papers), nearest(told["paper"], papers))])  # fmt: skip
    with TemporaryDirectory(prefix="vru-verify-") as work:
        store = (runs or paths.OUTPUTS / "runs") if trust_runs else Path(work) / "runs"
        (page,) = build(
            only=told["paper"], out=Path(work) / "papers", report=report, papers=papers,
            earlier=folder.absolute().parent, runs=str(store), workers=workers or 0,
            date=told["date"], **told["parameters"],
        )  # fmt: skip
        findings = tuple(_compared(folder, page.parent, told["paper"]))
        again = json.loads((page.parent / "paper.json").read_text(encoding="utf-8"))
    return Verification(told["id"], findings, tuple(_changes(told, again)))


def _compared(was: Path, now: Path, name: str) -> Iterable[Finding]:
    for version_of in ("", "exempt"):
        before, after = was / version_of, now / version_of
        prefix = "exempt " if version_of else ""
        for kind, (part, ending, compare) in _PARTS.items():
            for each in _names(before / part, after / part, ending):
                files = (before / part / f"{each}{ending}", after / part / f"{each}{ending}")
                yield compare(f"{prefix}{kind} {each}", *map(_read, files))
        for ending in _DOCUMENTS:
            file = f"{name}{ending}"
            yield compare_bytes(
                f"{prefix}document {file}", _read(before / file), _read(after / file)
            )


def _names(before: Path, after: Path, ending: str) -> list[str]:
    return sorted({path.stem for part in (before, after) for path in part.glob(f"*{ending}")})


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _changes(told: dict[str, Any], again: dict[str, Any]) -> list[str]:
    found = changes(told.get("identity", {}), again.get("identity", {}), IDENTITY)
    names = {name: f"version of {name}" for name in told.get("versions", {})}
    found += changes(told.get("versions", {}), again.get("versions", {}), names)
    names = {name: f"file that is given as {name}" for name in told.get("files", {})}
    found += changes(told.get("files", {}), again.get("files", {}), names)
    if told["runs"] != again["runs"]:
        found.append(
            f"The paper rests on other runs: it was {', '.join(told['runs'])}, it is "
            f"{', '.join(again['runs'])}."
        )
    return found
