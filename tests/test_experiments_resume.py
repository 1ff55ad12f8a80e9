"""Runs that are killed, interrupted or broken go on; a pool equals one process."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import doubles
import numba
import pytest

from vru_model.experiments import Interrupted
from vru_model.experiments import run as run_model
from vru_model.experiments.pool import Task, WorkerDied, has_to_compile
from vru_model.experiments.store import RunFolder
from vru_model.experiments.world import World, WorldKey
from vru_model.experiments.world import simulate as simulate_world


def content(folder: Path, table: str = "measures") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob(f"{table}/part-*.parquet")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return an uninterrupted run of eight worlds."""
    return doubles.run_double(tmp_path_factory.mktemp("whole"), draws=1, replicates=8)


def start_and_stop(out: Path, workers: int, stop: signal.Signals) -> RunFolder:
    """Start a run of eight slow worlds in a process of its own; stop it after the second."""
    process = subprocess.Popen(
        [sys.executable, doubles.__file__, str(out), str(workers)],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    folder = RunFolder(out / doubles.setting().run_id)
    try:
        deadline = time.monotonic() + 60
        while len(folder.stored("measures")) < 2 and time.monotonic() < deadline:
            assert process.poll() is None, "the run ended before it could be stopped"
            time.sleep(0.02)
        process.send_signal(stop)
        process.wait(timeout=30)
    finally:
        process.kill()
    return folder


RUN_THE_MODEL = """
import sys
from pathlib import Path
from vru_model.experiments import run
run("quick", scale=0.002, years=1, replicates=6, workers=int(sys.argv[2]), out=Path(sys.argv[1]))
"""


def kill_at_random(command: list[str], folder: RunFolder, rng: random.Random, most: float) -> bool:
    """Start a run, kill it and its workers together after a while; say whether it was going on."""
    process = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 120
        while not folder.path.exists() and time.monotonic() < deadline:
            assert process.poll() is None, "the run ended before it began to write"
            time.sleep(0.01)
        time.sleep(rng.uniform(0.0, most))
        going_on = process.poll() is None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)
    return going_on


def born(folder: RunFolder) -> dict[Path, tuple[int, int]]:
    """Return each finished part with what would change if it were written again."""
    return {
        path: (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.path.glob("*/part-*.parquet")
    }


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_killed_again_and_again_at_random_ends_with_the_same_bytes(tmp_path, whole, workers):
    """Some kills strike between two parts of a world, or while one is written."""
    rng, kills = random.Random(workers), 0
    folder = RunFolder(tmp_path / doubles.setting().run_id)
    command = [sys.executable, doubles.__file__, str(tmp_path), str(workers)]
    for _ in range(6):
        before = born(folder)
        kills += kill_at_random(command, folder, rng, most=1.2)
        after = born(folder)
        assert before.items() <= after.items(), "a finished part was written again"
    assert kills >= 2
    before = born(folder)
    run = doubles.run_double(tmp_path, draws=1, replicates=8)
    assert before.items() <= born(folder).items()
    assert content(run.folder) == content(whole.folder)
    assert run.manifest == whole.manifest


@pytest.mark.parametrize("workers", [1, 2])
def test_the_model_killed_at_random_with_its_workers_goes_on_to_the_same_bytes(tmp_path, workers):
    options = {"scale": 0.002, "years": 1, "replicates": 6}
    untouched = run_model("quick", out=tmp_path / "whole", workers=1, **options)
    folder = RunFolder(tmp_path / "killed" / untouched.run_id)
    command = [sys.executable, "-c", RUN_THE_MODEL, str(tmp_path / "killed"), str(workers)]
    rng, kills = random.Random(10 + workers), 0
    for _ in range(4):
        before = born(folder)
        kills += kill_at_random(command, folder, rng, most=1.5)
        assert before.items() <= born(folder).items()
    assert kills >= 1
    before, seen = born(folder), []
    run = run_model("quick", out=tmp_path / "killed", workers=workers, progress=seen.append,
                    **options)  # fmt: skip
    assert before.items() <= born(folder).items()
    assert seen[0].found == len(set(before) & set((folder.path / "neighbourhoods").iterdir()))
    for table in ("measures", "neighbourhoods"):
        assert content(run.folder, table) == content(untouched.folder, table)
    assert run.manifest == untouched.manifest


@pytest.mark.parametrize(("workers", "stop"), [(1, signal.SIGKILL), (2, signal.SIGKILL)])
def test_a_killed_run_goes_on_and_equals_one_that_was_not(tmp_path, whole, workers, stop):
    folder = start_and_stop(tmp_path, workers, stop)
    time.sleep(0.5)  # processes of a killed pool end with their parent
    kept = content(folder.path)
    assert 2 <= len(kept) < 8
    assert folder.read_json("manifest.json")["status"] == "running"
    seen = []
    run = doubles.run_double(tmp_path, draws=1, replicates=8, progress=seen.append)
    assert seen[0].found == len(folder.finished()) - len(seen) + 1 >= 1
    assert content(run.folder) == content(whole.folder)
    assert run.manifest == whole.manifest


def test_an_interrupted_run_says_where_it_stands(tmp_path):
    def stop(progress):
        if progress.finished == 3:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        doubles.run_double(tmp_path, draws=1, replicates=8, progress=stop)
    assert (caught.value.finished, caught.value.total) == (3, 8)
    folder = RunFolder(caught.value.folder)
    assert folder.read_json("manifest.json")["status"] == "interrupted"
    assert len(folder.finished()) == 3


def test_interrupting_a_pool_ends_its_processes_at_once(tmp_path):
    def stop(progress):
        if progress.finished == 2:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        doubles.run_double(
            tmp_path, draws=1, replicates=30, workers=2, progress=stop,
            simulate=doubles.simulate_slowly,
        )  # fmt: skip
    run = RunFolder(tmp_path / doubles.setting().run_id)
    finished = run.finished()
    time.sleep(0.7)
    assert run.finished() == finished


def test_a_pool_gives_the_bytes_of_one_process(tmp_path, whole):
    run = doubles.run_double(tmp_path, draws=1, replicates=8, workers=2)
    assert content(run.folder) == content(whole.folder)
    assert run.manifest == whole.manifest


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_world_is_named_and_the_others_stay(tmp_path, workers):
    with pytest.raises(ArithmeticError) as caught:
        doubles.run_double(
            tmp_path, draws=1, replicates=4, workers=workers, simulate=doubles.fail_in_third_world
        )
    assert "d0000-r0002" in "".join(caught.value.__notes__)
    folder = RunFolder(tmp_path / doubles.setting().run_id)
    assert WorldKey(0, 0) in folder.finished()
    assert folder.read_json("manifest.json")["status"] == "failed"


def test_a_dead_worker_is_told_apart_from_a_wrong_model(tmp_path):
    with pytest.raises(WorkerDied, match="memory"):
        doubles.run_double(
            tmp_path, draws=1, replicates=4, workers=2, simulate=doubles.die_in_third_world
        )


def test_progress_counts_up_and_tells_the_time_left(tmp_path):
    doubles.run_double(tmp_path, draws=1, replicates=2)
    seen = []
    doubles.run_double(
        tmp_path, draws=1, replicates=5, progress=seen.append, simulate=doubles.simulate_slowly
    )
    assert [state.finished for state in seen] == [2, 3, 4, 5]
    assert seen[0].seconds_left is None and seen[-1].seconds_left == 0
    assert 0.5 < seen[1].seconds_left < 3 and seen[2].seconds_left < seen[1].seconds_left
    assert not any(state.compiling for state in seen)


def test_a_version_of_the_model_is_compiled_once(tmp_path, monkeypatch):
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    world = World(doubles.setting(), WorldKey(0, 0))
    folder = RunFolder(tmp_path / "run")
    model = [Task(world, folder, False, False, simulate_world)]
    double = [Task(world, folder, False, False, doubles.simulate)]
    assert has_to_compile(model) and not has_to_compile(double)
    (tmp_path / "compiled-c1").touch()
    assert not has_to_compile(model)


def test_leftovers_of_killed_runs_are_removed_in_time(tmp_path):
    run = doubles.run_double(tmp_path)
    old, young = (run.folder / "measures" / f".part-{name}.parquet.1.tmp" for name in "ab")
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    doubles.run_double(tmp_path)
    assert not old.exists() and young.exists()
