"""What a paper must rest on before it is written: whole runs, of one version, that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any

from nbformat import NotebookNode

from vru_model.errors import InputError
from vru_model.experiments import Run
from vru_model.experiments.log import versions as model_versions
from vru_model.provenance import code_version
from vru_model.reporting import render
from vru_model.reporting.formats.source import PaperError
from vru_model.reporting.options import PaperOptions

# Runs of one paper may differ in scenario, size and years, but not in these.
_SAME = {
    "code": "version of the code",
    "parameters": "version of the model parameters",
    "place": "place",
    "store_format": "format of the store",
}
_RUN_ID = re.compile(r"(?<![\w+-])[a-z][\w+]*-[0-9a-f]{12}(?![\w-])")
_MODELLED = re.compile(r"\bmodel runs?\b|\bmodelled\b", re.IGNORECASE)
_PACKAGES = ("matplotlib", "nbconvert", "papermill", "pypandoc-binary", "python-docx", "typst")


def open_runs(run_ids: Sequence[str], options: PaperOptions) -> list[Run]:
    """Return the runs on which a paper rests.

    Raises PaperError with everything that is wrong with them: a run that is not there or not
    whole, runs of different versions or places.
    """
    runs, found = [], []
    for run_id in run_ids:
        try:
            run = Run.open(options.store / run_id)
        except InputError:
            found.append(f"the run {run_id} is not in {options.store}")
            continue
        runs.append(run)
        found += _missing(run, options)
    found += _mixed(runs)
    if found:
        raise PaperError("the paper does not rest on whole runs of one version:\n"
                         + "\n".join(found))  # fmt: skip
    return runs


def _missing(run: Run, options: PaperOptions) -> list[str]:
    """Return a line where a run has fewer finished worlds than were asked for."""
    asked = run.manifest["asked"]
    draws = min(options.draws, asked["draws"])
    replicates = min(options.replicates, asked["replicates"])
    done = [key for key in run.worlds() if key.draw < draws and key.replicate < replicates]
    if len(done) == draws * replicates:
        return []
    return [f"the run {run.run_id} is incomplete: {len(done)} of {draws * replicates} worlds"]


def _mixed(runs: Sequence[Run]) -> list[str]:
    lines = []
    for name, title in _SAME.items():
        values: dict[Any, list[str]] = {}
        for run in runs:
            values.setdefault(run.manifest["identity"].get(name), []).append(run.run_id)
        if len(values) > 1:
            told = "; ".join(f"{value}: {', '.join(ids)}" for value, ids in values.items())
            lines.append(f"the runs differ in the {title} ({told})")
    return lines


def check_sources(notebook: NotebookNode, run_ids: Iterable[str]) -> None:
    """Raise PaperError where a figure or table does not say where its numbers come from.

    Where its source calls them modelled, it has to name the runs, and the paper has to rest on
    each of them.
    """
    known, found = set(run_ids), []
    for kind, name, source in render.sources(notebook):
        what = f"the {kind} {name!r}"
        named = _RUN_ID.findall(source)
        if not source.strip():
            found.append(f"{what} has no source")
        elif _MODELLED.search(source) and not named:
            found.append(f"{what} is modelled but names no run")
        if _MODELLED.search(source):
            strange = [run for run in named if run not in known]
            found += [f"{what} is of the run {run}, on which the paper does not rest"
                      for run in strange]  # fmt: skip
    if found:
        raise PaperError("\n".join(found))


def provenance(runs: Sequence[Run]) -> dict[str, Any]:
    """Return what `paper.json` says of versions: code, parameters, place and packages."""
    identity = runs[0].manifest["identity"] if runs else {"code": code_version()}
    told = {name: identity[name] for name in ("code", "parameters", "place") if name in identity}
    packages = {name: version(name) for name in _PACKAGES}
    return {"identity": told, "versions": {**model_versions(), **packages}}
