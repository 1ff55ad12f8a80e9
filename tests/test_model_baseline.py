"""A tiny world's counts, written down: a change of numbers is seen, and meant.

The same counts are expected of every supported version of Python and Mesa. After a change that
is meant, say why in CHANGELOG.md and write them anew with `.venv/bin/python
tests/test_model_baseline.py`.
"""

from pathlib import Path

import yaml

from vru_model.model import ViolenceModel

BASELINE = Path(__file__).parent / "baseline.yaml"
HEADER = """\
# Counts of one tiny world (strategy `quick`, scale 0.01, two years, draw 3), unweighted.
# Written by tests/test_model_baseline.py; CHANGELOG.md says why they change.
"""


def counts() -> dict:
    """Return what happened in the tiny world, as plain whole numbers."""
    model = ViolenceModel(
        scenario="quick", scale=0.01, years=2, draw=3, keep_incidents=True
    ).run()
    incidents = model.incidents()
    enrolled = model.measures().query("measure.str.startswith('enrolments')")
    names = ("venue", "severity", "weapon", "origin", "relationship")
    return {
        "residents_ever": len(model.people),
        "residents_alive": int(model.people.alive.sum()),
        "incidents": len(incidents),
        **{
            name: {str(k): int(v) for k, v in incidents[name].value_counts(sort=False).items()}
            for name in names
        },
        "recorded_by_police": int(incidents["recorded_by_police"].sum()),
        "enrolments": {
            name.split(":")[1]: round(value / model.weight)
            for name, value in enrolled.groupby("measure")["value"].sum().items()
        },
    }


def test_the_tiny_world_is_as_it_was_written_down():
    assert counts() == yaml.safe_load(BASELINE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    BASELINE.write_text(HEADER + yaml.safe_dump(counts(), sort_keys=False), encoding="utf-8")
