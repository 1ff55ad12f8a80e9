"""Processes of a pool are kept for the next run, and never longer than they should be."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from concurrent.futures import wait
from pathlib import Path

import doubles
import pytest

from vru_model.experiments import workers as room
from vru_model.experiments.batch import _Book, _in_turn
from vru_model.experiments.request import Request
from vru_model.experiments.workers import dismiss, workers


@pytest.fixture(autouse=True)
def nobody_kept(monkeypatch):
    dismiss()
    yield
    dismiss()


def pids(number: int) -> set[int]:
    with workers(number) as pool:
        pool.submit(os.getpid).result()
        return {process.pid for process in pool._processes.values()}


def gone(processes, seconds: float = 20.0) -> bool:
    """Say whether processes end within some seconds."""
    deadline = time.monotonic() + seconds
    while any(process.is_alive() for process in processes) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(process.is_alive() for process in processes)


def ours() -> set:
    return set(multiprocessing.active_children())


def test_runs_that_follow_one_another_share_their_processes():
    first = pids(2)
    assert len(first) == 2 and pids(2) == first


def test_another_number_or_another_environment_takes_other_processes(monkeypatch):
    first = pids(2)
    monkeypatch.setenv("VRU_OUTPUTS", "elsewhere")
    other = pids(2)
    assert not first & other
    assert not other & pids(1)


def test_two_who_work_at_a_time_do_not_share():
    with workers(1) as one, workers(1) as other:
        assert one.submit(os.getpid).result() != other.submit(os.getpid).result()


def test_processes_that_nobody_asks_for_again_are_let_go(monkeypatch):
    monkeypatch.setattr(room, "_KEPT_SECONDS", 0.2)
    before = ours()
    pids(1)
    assert gone(ours() - before)


def test_work_that_is_given_up_ends_its_processes_at_once():
    before = ours()
    with pytest.raises(KeyboardInterrupt), workers(1) as pool:
        future = pool.submit(time.sleep, 60)
        while not future.running():
            time.sleep(0.01)
        raise KeyboardInterrupt
    assert gone(ours() - before, seconds=5.0)
    assert pids(1)


def test_work_that_fails_is_finished_and_its_processes_are_not_kept():
    before = ours()
    with pytest.raises(ZeroDivisionError), workers(1) as pool:
        in_hand = pool.submit(time.sleep, 0.3)
        while not in_hand.running():
            time.sleep(0.01)
        raise ZeroDivisionError
    assert in_hand.done() and not in_hand.cancelled()
    assert gone(ours() - before)


def test_letting_go_of_nobody_changes_nothing():
    dismiss()
    assert pids(1)


def test_a_process_that_died_while_it_was_kept_is_replaced():
    first = pids(2)
    (victim, *_) = (process for process in ours() if process.pid in first)
    victim.kill()
    victim.join()
    with workers(2) as pool:
        assert wait([pool.submit(os.getpid)]).done
    assert not first & pids(2)


def test_a_program_that_keeps_processes_ends_when_it_is_done(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import os\n"
        "from vru_model.experiments.workers import workers\n"
        "if __name__ == '__main__':\n"
        "    with workers(2) as pool:\n"
        "        print(pool.submit(os.getpid).result())\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(program)], env=environment, check=True, capture_output=True,
        text=True, timeout=50,
    )  # fmt: skip
    assert int(done.stdout) > 0 and time.monotonic() - begun < 50


def test_worlds_of_one_warm_up_are_not_begun_side_by_side(tmp_path):
    settings = [doubles.setting(doubles.DoubleScenario(name)) for name in ("baseline", "quick")]
    requests = [Request(each, draws=4, replicates=1) for each in settings]
    books = [_Book.open(each, doubles.ABOUT_PLACE, tmp_path) for each in requests]
    order = [task.world.key.draw for task in _in_turn(books, 2, doubles.simulate)]
    pairs = list(zip(order[::2], order[1::2], strict=True))
    assert len(order) == 8 and all(one != other for one, other in pairs)
    assert pairs[0] == pairs[1] == (0, 1)  # the second scenario finds the warm-ups of the first
