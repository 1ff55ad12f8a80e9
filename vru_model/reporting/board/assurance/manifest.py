"""What determined every number of the papers, and the commands that make them again."""

from __future__ import annotations

import shlex

import pandas as pd

from vru_model.reporting.blocks import Block, Prose, Table
from vru_model.reporting.board.case import BoardCase
from vru_model.reporting.paper_checks import provenance
from vru_model.reporting.words import count, sentence_case

_PART_WORDS = {
    "baseline": "things as they are", "strategy": "the strategy", "minimum": "do minimum",
    "maximum": "do maximum", "ended": "the strategy, the money ended",
    "quicker": "the quicker of a pair", "slower": "the slower of a pair",
}  # fmt: skip


def blocks(case: BoardCase) -> list[Block]:
    """Return the runs, the versions, and the commands."""
    return [_runs(case), _versions(case), Prose(commands(case))]


def commands(case: BoardCase) -> str:
    """Return the commands that make the runs, the papers and the check of both again."""
    options = case.options
    asked = (
        f"--place {shlex.quote(options.place)} --scale {options.scale:g} --years {options.years} "
        f"--draws {options.draws} --replicates {options.replicates} --seed {options.seed}"
    )
    given = {
        "baseline": options.baseline, "strategy": options.strategy, "minimum": options.minimum,
        "maximum": options.maximum, "ended": f"{options.strategy}+{options.ending}",
        "quicker": options.contrast[0], "slower": options.contrast[1],
    }  # fmt: skip
    compared = " ".join(
        f"--{name} {shlex.quote(getattr(options, name))}"
        for name in ("baseline", "strategy", "minimum", "maximum", "ending")
    ) + "".join(f" --contrast {shlex.quote(name)}" for name in options.contrast)
    lines = [f"- `vru run {shlex.quote(name)} {asked}`" for name in dict.fromkeys(given.values())]
    return "\n".join([
        "With the version of the code named above, these commands make the same numbers again:",
        "",
        *lines,
        f"- `vru papers {compared} {asked} --effort {options.effort:g}` makes the papers of them, "
        "the search for the assumption that matters most included",
        *(f"- `vru verify {run}` runs one again and compares it" for run in case.run_ids[:1]),
    ])  # fmt: skip


def _runs(case: BoardCase) -> Table:
    parts: dict[str, list[str]] = {}
    for part, scenario in case.scenarios.items():
        parts.setdefault(scenario.name, []).append(_PART_WORDS.get(part, part))
    rows = []
    for name, run in case.runs.items():
        manifest = run.manifest
        identity = manifest["identity"]
        rows.append({
            "Run": run.run_id,
            "Part": sentence_case("; ".join(parts.get(name, ["another run"]))),
            "Scenario digest": identity["scenario"][:12],
            "Scale": f"{identity['scale']:g}", "Years": str(identity["years"]),
            "Step": identity["step"], "Seed": str(identity["seed"]),
            "Population seed": str(identity["population_seed"]),
            "Worlds used": count(len(run.worlds())),
        })  # fmt: skip
    return Table(
        name="manifest-runs",
        caption="Every run on which the papers rest",
        frame=pd.DataFrame(rows),
        source="the manifests of the runs",
        text_columns=("Part", "Scenario digest", "Step"),
    )


def _versions(case: BoardCase) -> Table:
    identity = case.manifest["identity"]
    told = provenance(list(case.runs.values()))
    facts = {
        "Code version (hash of the sources that determine numbers)": identity["code"],
        "Parameters digest": identity["parameters"],
        "Place and its digest": f"{case.manifest['place']['name']}, {identity['place']}",
        "Draws are taken from": case.manifest.get("draws_from", "not said"),
        "Parameter values": identity["parameter_values"],
        "Format of the store": str(identity["store_format"]),
        "Search for what matters most": case.study.folder.name,
    } | {
        f"Version: {name.replace('_', ' ')}": str(each)
        for name, each in sorted(told["versions"].items())
    }
    return Table(
        name="manifest-versions",
        caption="Versions and digests, the same for every run",
        frame=pd.DataFrame({"What": list(facts), "Value": list(facts.values())}),
        source=f"the manifest of {case.run_ids[0]}",
        text_columns=("Value",),
    )
