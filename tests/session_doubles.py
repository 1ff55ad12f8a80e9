"""Stored runs whose every count can be worked out by hand, with real scenarios' documents."""

from __future__ import annotations

import json

import measure_doubles
import yaml

from vru_model.experiments import Run
from vru_model.scenario import Scenario

REDUCTIONS = {"quick": 0.5, "slow": 0.2}


def stored(out, **options):
    """Return name → run id of the baseline and two strategies, as a page would find them."""
    runs = {"baseline": measure_doubles.run(out, **options)}
    for name, reduction in REDUCTIONS.items():
        runs[name] = measure_doubles.run(out, name, reduction=reduction, spend=1e6, **options)
    for name, run in runs.items():
        scenario = Scenario.load(name)
        text = yaml.safe_dump(scenario.resolved(), sort_keys=False, allow_unicode=True)
        (run.folder / "scenario.yaml").write_text(text, encoding="utf-8")
        manifest = json.loads((run.folder / "manifest.json").read_text("utf-8"))
        manifest["scenario"] |= {"name": name, "digest": scenario.digest}
        (run.folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return {name: Run.open(run.folder) for name, run in runs.items()}
