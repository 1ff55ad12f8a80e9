"""Many runs in one pool: the same parts as one by one, each under its own name, resumable."""

import json

import doubles
import numpy as np
import pytest

from vru_model.errors import InputError
from vru_model.experiments.batch import carry_out_many, run_many, totals_by
from vru_model.experiments.cubes import ALL_AGES, UNDER_25
from vru_model.experiments.in_use import is_in_use
from vru_model.experiments.request import Request
from vru_model.experiments.results import Run
from vru_model.scenario import Scenario


def requests(number=3, draws=1, replicates=2):
    scenarios = [doubles.DoubleScenario(f"s{n}", reduction=0.1 * n) for n in range(number)]
    return [Request(doubles.setting(each), draws, replicates) for each in scenarios]


def carry_out(asked, out, **options):
    options = {"workers": 1, "simulate": doubles.simulate} | options
    carry_out_many(asked, doubles.ABOUT_PLACE, out, **options)
    return [Run(out / request.setting.run_id) for request in asked]


def parts(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.parquet")}


@pytest.mark.parametrize("workers", [1, 2])
def test_each_run_is_as_if_it_had_run_alone(tmp_path, workers):
    together = carry_out(requests(), tmp_path / "together", workers=workers)
    for number, run in enumerate(together):
        scenario = doubles.DoubleScenario(f"s{number}", reduction=0.1 * number)
        alone = doubles.run_double(tmp_path / "alone", scenario, draws=1, replicates=2)
        assert run.run_id == alone.run_id and parts(run.folder) == parts(alone.folder)
        assert run.manifest["status"] == "complete"
        assert run.manifest["asked"] == alone.manifest["asked"]
        assert len(json.loads((run.folder / "timings.json").read_text())) == 2
        assert (run.folder / "scenario.yaml").is_file()


def test_progress_counts_the_worlds_of_all_and_what_is_there_is_not_computed_again(tmp_path):
    carry_out(requests(2), tmp_path)
    seen = []
    carry_out(requests(3), tmp_path, progress=seen.append)
    assert (seen[0].found, seen[0].total, seen[-1].finished) == (4, 6, 6)
    assert len(seen) == 3 and seen[-1].seconds_left == 0


def test_an_interruption_keeps_what_is_finished_and_says_so(tmp_path):
    def stop(progress):
        if progress.finished == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="3 of 6 worlds are finished and kept"):
        carry_out(requests(), tmp_path, progress=stop)
    states = {Run(tmp_path / each.setting.run_id).manifest["status"] for each in requests()}
    assert "interrupted" in states and "running" not in states
    assert not is_in_use(tmp_path)
    assert all(len(run.worlds()) == 2 for run in carry_out(requests(), tmp_path))


def test_the_folder_of_all_runs_is_marked_while_they_are_made(tmp_path):
    seen = []
    carry_out(requests(), tmp_path, progress=lambda _: seen.append(is_in_use(tmp_path)))
    assert all(seen) and not is_in_use(tmp_path)


def test_totals_are_those_of_each_run(tmp_path):
    runs = carry_out(requests(), tmp_path)
    for group, ages in ((ALL_AGES, 6), (UNDER_25, 4)):
        found = totals_by([*runs, runs[0]], 2, "expected_admissions", group, 2)
        assert found.shape == (4, 2) and (found[0] == found[3]).all()
        for row, run in enumerate(runs):
            cells = run.measures(years=[1, 2], measures=["expected_admissions"])
            young = cells["age_band"].astype(str).str.extract(r"^(\d+)")[0].astype(int) < 25
            kept = cells if group == ALL_AGES else cells[young]
            assert kept["age_band"].nunique() == ages
            assert found[row] == pytest.approx(kept.groupby("replicate")["value"].sum())
    assert np.all(np.diff(totals_by(runs, 2, "incidents", ALL_AGES, 3), axis=0) < 0)


def test_scenarios_that_are_alike_share_a_run_and_mistakes_are_told_at_once(tmp_path):
    options = {"scale": 0.001, "years": 1, "workers": 1, "out": tmp_path}
    base = Scenario.baseline()
    first, second = run_many([base, base], **options)
    assert first.folder == second.folder and len(list(tmp_path.glob("baseline-*"))) == 1
    with pytest.raises(InputError) as wrong:
        run_many([base], place="nowhere", **(options | {"years": 0}))
    assert len(wrong.value.problems) == 2
    with pytest.raises(TypeError, match="unexpected arguments: yeers"):
        run_many([base], yeers=1)
