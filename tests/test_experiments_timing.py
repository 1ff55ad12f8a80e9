"""Where the time of a run went: by phase, by world, and in resident-months a second."""

from __future__ import annotations

import json

import doubles
import pytest

from vru_model.experiments import profile, run
from vru_model.experiments.timing import rate
from vru_model.housekeeping import render_profile


def text_of(blocks) -> str:
    from rich.console import Console

    console = Console(width=132)
    with console.capture() as caught:
        for block in blocks:
            console.print(block)
    return caught.get()


def test_a_profile_is_the_median_world(tmp_path):
    run = doubles.run_double(tmp_path, draws=1, replicates=3)
    path = run.folder / "timings.json"
    times = json.loads(path.read_text())
    times["d0000-r0000"] |= {"simulating": 99.0, "phases": {"violence": 98.0}}  # it compiled
    path.write_text(json.dumps(times))
    found = profile(run)
    assert (found.worlds, found.resident_months) == (3, 1000 * 36)
    assert found.simulating == 0.02 and found.phases == {"violence": 0.01}
    assert found.rate == pytest.approx(36_000 / 0.02)
    assert [row.phase for row in found.table] == ["violence", "between the phases"]
    assert [row.share for row in found.table] == pytest.approx([0.5, 0.5])
    assert found.table[0].nanoseconds == pytest.approx(0.01 / 36_000 * 1e9)


def test_a_run_whose_worlds_were_never_timed_has_no_profile(tmp_path):
    run = doubles.run_double(tmp_path)
    (run.folder / "timings.json").write_text('{"d0000-r0000": {"seconds": 1, "violence": 0.5}}')
    assert profile(run) is None
    assert "nothing to show" in text_of(render_profile("baseline", None))
    assert rate(100.0, 0.0) == 0.0


def test_the_model_tells_its_phases_without_the_warm_up(tmp_path):
    found = profile(run("baseline", scale=0.002, years=1, workers=1, out=tmp_path))
    assert len(found.phases) >= 12
    assert 0 < sum(found.phases.values()) <= found.simulating
    assert found.resident_months == pytest.approx(0.002 * 2_919_651 * 12, rel=0.01)
    shown = text_of(render_profile("baseline", found))
    assert "violence: who acts" in shown and "resident-months a second" in shown
