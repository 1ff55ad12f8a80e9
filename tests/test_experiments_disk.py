"""What is on disk is shown and freed, and nothing that a living process works in is touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import doubles
import pytest

from vru_model.errors import InputError
from vru_model.experiments import disk
from vru_model.experiments.in_use import in_use, is_in_use
from vru_model.provenance import code_version

LONG_AGO = time.time() - 30 * 86400


def make(folder: Path, *, size: int = 1000, changed: float | None = LONG_AGO) -> Path:
    folder.mkdir(parents=True)
    (folder / "content.npy").write_bytes(bytes(size))
    if changed is not None:
        for path in (folder / "content.npy", folder):
            os.utime(path, (changed, changed))
    return folder


@pytest.fixture
def outputs(tmp_path):
    """Return an outputs folder with something of every kind, all of it a month old."""
    outputs = tmp_path / "outputs"
    run = doubles.run_double(outputs / "runs").folder
    for path in [*run.rglob("*"), run]:
        os.utime(path, (LONG_AGO, LONG_AGO))
    make(outputs / "papers" / "a-paper")
    make(outputs / "cache" / "warm_up" / "one", size=5000)
    make(outputs / "cache" / "warm_up" / "two")
    make(outputs / "cache" / "population" / "population-one")
    make(tmp_path / "kernels" / "old")
    make(tmp_path / "kernels" / code_version())
    return outputs


def survey(outputs: Path) -> list[disk.Item]:
    return disk.survey(outputs, outputs.parent / "kernels")


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_every_kind_is_found_with_its_size(outputs):
    items = survey(outputs)
    assert [item.kind for item in items] == [
        "runs", "papers", "warm-ups", "warm-ups", "residents", "kernels",
        "kernels of this version",
    ]  # fmt: skip
    assert [item.bytes for item in items[1:]] == [1000, 5000, 1000, 1000, 1000, 1000]
    assert items[0].bytes == sum(path.stat().st_size for path in files(outputs / "runs"))
    assert not any(item.in_use for item in items)
    assert all(29 < item.days < 31 for item in items)


def test_looking_and_choosing_remove_nothing(outputs):
    before = files(outputs.parent)
    assert len(disk.chosen(survey(outputs), disk.ALL)) == 7
    assert files(outputs.parent) == before


@pytest.mark.parametrize(
    ("kinds", "left"),
    [
        (disk.RUNS, {"papers", "warm-ups", "residents", "kernels", "kernels of this version"}),
        (disk.CACHE, {"runs", "papers", "kernels of this version"}),
        (disk.ALL, set()),
        ((), {"runs", "papers", "warm-ups", "residents", "kernels", "kernels of this version"}),
    ],
)
def test_what_is_asked_goes_and_the_rest_stays(outputs, kinds, left):
    chosen = disk.chosen(survey(outputs), kinds)
    freed = disk.free(chosen)
    assert freed.items == chosen and freed.kept == []
    assert {item.kind for item in survey(outputs)} == left
    assert (outputs / "runs").is_dir()


def test_only_what_is_older_goes(outputs):
    make(outputs / "cache" / "warm_up" / "young", changed=time.time() - 2 * 86400)
    items = survey(outputs)
    assert len(disk.chosen(items, disk.CACHE, older_than=7)) == 4
    assert len(disk.chosen(items, disk.CACHE, older_than=1)) == 5
    for days in (-1, float("nan")):
        with pytest.raises(InputError, match="days"):
            disk.chosen(items, disk.CACHE, older_than=days)


def test_what_was_written_a_moment_ago_stays(outputs):
    make(outputs / "cache" / "warm_up" / ".building-x", changed=None)
    make(outputs / "cache" / "warm_up" / ".building-dead")
    make(outputs / "papers" / ".paper.12.tmp", changed=None)
    kept = {item.path.name for item in survey(outputs) if item.in_use}
    assert kept == {".building-x", ".paper.12.tmp"}
    disk.free(disk.chosen(survey(outputs), disk.ALL))
    assert {item.path.name for item in survey(outputs)} == kept


def test_folders_that_are_none_of_ours_stay(outputs):
    make(outputs / "runs" / ".git")
    (outputs / "runs" / "notes.txt").write_text("mine")
    disk.free(disk.chosen(survey(outputs), disk.ALL))
    assert files(outputs / "runs") == {
        outputs / "runs" / ".git" / "content.npy", outputs / "runs" / "notes.txt",
    }  # fmt: skip


def test_a_run_and_the_caches_are_kept_while_a_process_works_in_them(outputs):
    run = next((outputs / "runs").iterdir())
    with in_use(run, outputs / "cache"):
        used = {item.kind for item in survey(outputs) if item.in_use}
        assert used == {"runs", "warm-ups", "residents", "kernels of this version"}
        left = disk.chosen(survey(outputs), disk.ALL)
        assert {item.kind for item in left} == {"papers", "kernels"}
    assert not any(item.in_use for item in survey(outputs))
    assert not list(run.glob(".in-use*"))


def test_what_came_into_use_since_it_was_chosen_is_kept(outputs):
    (item,) = disk.chosen(survey(outputs), disk.RUNS)
    with in_use(item.path):
        freed = disk.free([item])
    assert freed.items == [] and freed.kept[0][0] == item and item.path.is_dir()


def test_a_killed_process_holds_nothing_up(tmp_path):
    folder = tmp_path / "run"
    code = (
        "import sys, time; from pathlib import Path\n"
        "from vru_model.experiments.in_use import in_use\n"
        "with in_use(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    try:
        assert process.stdout.readline() == "held\n"
        assert is_in_use(folder)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    finally:
        process.kill()
    assert list(folder.glob(".in-use*")) and not is_in_use(folder)
    with in_use(folder):
        assert len(list(folder.glob(".in-use*"))) == 1


def test_a_run_going_on_marks_its_folder_and_the_caches(tmp_path, monkeypatch):
    monkeypatch.setattr("vru_model.experiments.runner.OUTPUTS", tmp_path)
    seen = []

    def look(progress):
        run = tmp_path / "runs" / doubles.setting().run_id
        seen.append((is_in_use(run), is_in_use(tmp_path / "cache")))

    doubles.run_double(tmp_path / "runs", progress=look)
    assert seen and all(seen) and all(all(pair) for pair in seen)
    assert not is_in_use(tmp_path / "cache")
