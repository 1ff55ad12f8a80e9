"""Worlds computed by a real Dask scheduler and two workers equal those of this process."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time

import doubles
import pytest
from clusters import started

from vru_model.errors import InputError
from vru_model.experiments import run, run_to_precision
from vru_model.experiments.pool import WorkerDied
from vru_model.experiments.store import RunFolder, WorldChanged

pytest.importorskip(
    "distributed", reason='Dask is not installed: pip install -e ".[cluster]" to test clusters'
)
from vru_model.experiments import cluster as clusters  # noqa: E402

SMALL = {"scale": 0.002, "years": 1, "replicates": 3}


def parts(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("*/part-*.parquet")
    }


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """Return a scheduler with two workers, which all tests of this file share."""
    with started(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


def run_double(out, address, **options):
    with clusters.connect(address) as cluster:
        return doubles.run_double(out, cluster=cluster, **options)


@pytest.mark.parametrize("scenario", ["baseline", "quick"])
def test_the_model_gives_the_same_bytes_on_a_cluster(local, tmp_path, scenario):
    here = run(scenario, out=tmp_path / "here", workers=1, incidents=True, **SMALL)
    there = run(scenario, out=tmp_path / "there", cluster=local.address, incidents=True, **SMALL)
    assert len(parts(here.folder)) == 3 * 3
    assert parts(there.folder) == parts(here.folder)
    assert there.manifest == here.manifest
    assert not list(there.folder.glob(".*"))


def test_workers_write_where_they_see_the_folder_and_send_back_where_they_do_not(
    local, tmp_path, monkeypatch
):
    seen = []
    store = RunFolder.store

    def watch(folder, key, content):
        seen.append(key)
        store(folder, key, content)

    monkeypatch.setattr(RunFolder, "store", watch)
    whole = doubles.run_double(tmp_path / "whole")
    assert len(seen) == 4
    written = run_double(tmp_path / "written", local.address)
    assert len(seen) == 4  # the parts came into being elsewhere
    monkeypatch.setattr(clusters, "leave_token", lambda task: tmp_path / "not-there")
    sent = run_double(tmp_path / "sent", local.address)
    assert len(seen) == 8
    assert parts(written.folder) == parts(sent.folder) == parts(whole.folder)
    assert written.manifest == sent.manifest == whole.manifest


def test_both_workers_take_part(local, tmp_path):
    found = set()
    with clusters.connect(local.address) as cluster:
        assert cluster.workers == 2
        begun = time.perf_counter()
        doubles.run_double(
            tmp_path, draws=1, replicates=8, cluster=cluster, simulate=doubles.simulate_slowly,
            progress=lambda progress: found.add(progress.finished),
        )  # fmt: skip
    assert time.perf_counter() - begun < 8 * 0.3
    assert found == set(range(9))


def test_a_cluster_goes_on_from_what_is_on_disk(local, tmp_path):
    doubles.run_double(tmp_path, draws=1, replicates=3)
    seen = []
    run_double(tmp_path, local.address, draws=1, replicates=5, progress=seen.append)
    assert [state.finished for state in seen] == [3, 4, 5] and seen[0].found == 3


def test_a_precision_is_reached_on_a_cluster(local, tmp_path):
    options = {"precision": 0.5, "most": 4, "scale": 0.002, "years": 1}
    there = run_to_precision("quick", out=tmp_path / "a", cluster=local.address, **options)
    here = run_to_precision("quick", out=tmp_path / "b", workers=1, **options)
    assert there.estimates == here.estimates
    assert parts(there.run.folder) == parts(here.run.folder)


def test_a_relative_place_and_folder_mean_the_same_to_the_workers(
    local, tmp_path, monkeypatch, repository_root
):
    totals = (repository_root / "parameters" / "places" / "west_midlands.yaml").read_text("utf-8")
    (tmp_path / "mine.yaml").write_text(totals, "utf-8")
    monkeypatch.chdir(tmp_path)
    options = {"scale": 0.002, "years": 1, "place": "./mine.yaml"}
    found = run("baseline", out="runs", cluster=local.address, **options)
    assert len(parts(tmp_path / found.folder)) == 2


def test_a_world_that_fails_is_named(local, tmp_path):
    with pytest.raises(ArithmeticError, match="third world"):
        run_double(
            tmp_path, local.address, draws=1, replicates=4, simulate=doubles.fail_in_third_world
        )
    folder = RunFolder(tmp_path / doubles.setting().run_id)
    assert folder.read_json("manifest.json")["status"] == "failed"


def test_a_world_that_comes_out_differently_is_refused(local, tmp_path, monkeypatch):
    run = doubles.run_double(tmp_path, draws=1, replicates=1)
    (run.folder / "neighbourhoods" / "part-d0000-r0000.parquet").unlink()
    with pytest.raises(WorldChanged, match="differently"):
        run_double(tmp_path, local.address, draws=1, replicates=1, simulate=doubles.drifting)


def test_workers_that_differ_are_refused_before_anything_is_written(local, tmp_path, monkeypatch):
    ours = clusters.versions_that_count()
    monkeypatch.setattr(clusters, "_ours", lambda: ours | {"code": "0123456789ab", "numpy": "0.1"})
    with pytest.raises(clusters.ClusterUnfit) as caught:
        run("baseline", out=tmp_path / "new", cluster=local.address, **SMALL)
    assert str(caught.value).count("numpy ") == 2
    assert "here 0123456789ab" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_joins_with_another_version_is_refused():
    task = None
    with pytest.raises(clusters.ClusterUnfit, match="code .*, here another"):
        clusters.compute_for(task, None, clusters.versions_that_count() | {"code": "another"})


def test_a_scheduler_that_is_not_there_is_told_plainly(tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "_SECONDS_TO_CONNECT", 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(clusters.ClusterUnfit, match="No Dask scheduler answers"):
        run("baseline", out=tmp_path / "new", cluster=address, **SMALL)
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_none_is_refused_with_everything_else(tmp_path):
    with pytest.raises(InputError) as caught:
        run("baseline", out=tmp_path / "new", cluster="somewhere", workers=2, years=0)
    assert {problem.name for problem in caught.value.problems} == {"cluster", "workers", "years"}
    assert list(tmp_path.iterdir()) == []


def test_a_scheduler_without_workers_is_told_plainly(tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "_SECONDS_FOR_A_WORKER", 1)
    with started(tmp_path, workers=0) as empty:
        with pytest.raises(clusters.ClusterUnfit, match="has no workers"):
            run("baseline", out=tmp_path / "new", cluster=empty.address, **SMALL)
        assert not (tmp_path / "new").exists()


def test_a_worker_killed_in_the_middle_loses_nothing(tmp_path):
    whole = doubles.run_double(tmp_path / "whole", draws=1, replicates=8)
    with started(tmp_path / "cluster") as cluster:

        def kill(progress):
            if progress.finished == 2:
                os.killpg(cluster.workers[0].pid, signal.SIGKILL)

        run = run_double(
            tmp_path / "killed", cluster.address, draws=1, replicates=8, progress=kill,
            simulate=doubles.simulate_slowly,
        )  # fmt: skip
    assert parts(run.folder) == parts(whole.folder)


def test_a_world_that_kills_every_worker_is_told_plainly(tmp_path):
    settings = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with started(tmp_path / "cluster", **settings) as cluster, pytest.raises(WorkerDied):
        run_double(
            tmp_path, cluster.address, draws=1, replicates=4, simulate=doubles.die_in_third_world
        )


def test_a_scheduler_lost_in_the_middle_leaves_what_is_finished(tmp_path):
    whole = doubles.run_double(tmp_path / "whole", draws=1, replicates=6)
    with started(tmp_path / "cluster") as cluster:
        client_side = []

        def end(progress):
            if progress.finished == 2 and not client_side:
                client_side.append(threading.Thread(target=_kill_scheduler, args=[cluster]))
                client_side[0].start()

        with pytest.raises(clusters.ClusterUnfit, match="the same call goes on"):
            run_double(
                tmp_path / "run", cluster.address, draws=1, replicates=6, progress=end,
                simulate=doubles.simulate_slowly,
            )  # fmt: skip
    run = doubles.run_double(tmp_path / "run", draws=1, replicates=6)
    assert parts(run.folder) == parts(whole.folder)


def _kill_scheduler(cluster) -> None:
    os.killpg(cluster.scheduler.pid, signal.SIGKILL)
