"""The cache of warm-ups: it keeps to its size, whoever else makes room at the same time."""

import os
from pathlib import Path

import numpy as np

from vru_model import warm_up


def kept(folder, monkeypatch, most):
    monkeypatch.setattr(warm_up, "FOLDER", folder)
    monkeypatch.setattr(warm_up, "_MOST_BYTES", most)
    for age, key in enumerate(("newest", "older", "oldest")):
        warm_up.save(key, {"states": np.zeros(100)})
        os.utime(folder / key, (1_000_000 - age, 1_000_000 - age))


def test_the_warm_ups_used_longest_ago_make_room(tmp_path, monkeypatch):
    kept(tmp_path, monkeypatch, 10_000)
    monkeypatch.setattr(warm_up, "_MOST_BYTES", 2_000)
    warm_up._make_room()
    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["newest", "older"]


def test_the_newest_warm_up_stays_however_large(tmp_path, monkeypatch):
    kept(tmp_path, monkeypatch, 10_000)
    monkeypatch.setattr(warm_up, "_MOST_BYTES", 100)
    warm_up._make_room()
    assert [folder.name for folder in tmp_path.iterdir()] == ["newest"]


def test_a_warm_up_that_another_process_removes_meanwhile_is_no_fault(tmp_path, monkeypatch):
    kept(tmp_path, monkeypatch, 10_000)
    look = os.scandir

    def gone(folder):
        if isinstance(folder, Path) and folder.name == "older":
            raise FileNotFoundError(folder)
        return look(folder)

    warm_up._size_of.cache_clear()
    monkeypatch.setattr(os, "scandir", gone)
    monkeypatch.setattr(warm_up, "_MOST_BYTES", 1_000)
    warm_up._make_room()
    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["newest", "older"]
