"""The benchmarks judge what they measure, and the toy is the same contagion in every run."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from vru_model import randomness, setting_up
from vru_model.benchmarks import child, speed, toy
from vru_model.benchmarks.places import county
from vru_model.benchmarks.rows import AIM, AT_LEAST, FALLS_SHORT, Measured, Row, document, markdown
from vru_model.errors import InputError


def row(more_is_better: bool) -> Row:
    at_least, aim = (10, 30) if more_is_better else (3.5, 1.2)
    return Row("one", "What is measured", "×", at_least, aim, lambda quick: None, more_is_better)


@pytest.mark.parametrize(
    ("value", "more", "verdict"),
    [(9.9, True, FALLS_SHORT), (10.0, True, AT_LEAST), (30.0, True, AIM),
     (3.6, False, FALLS_SHORT), (3.5, False, AT_LEAST), (1.2, False, AIM)],
)  # fmt: skip
def test_a_verdict_says_what_is_reached(value, more, verdict):
    assert row(more).verdict(value) == verdict


def test_a_slower_change_is_seen():
    slower = document(row(False), Measured(2.0), "", {"value": 1.0})
    fewer = document(row(True), Measured(10.0), "", {"value": 20.0})
    assert slower["better_than_before"] == fewer["better_than_before"] == 0.5
    assert "0.50 ×" in markdown([slower])


def test_what_could_not_be_measured_is_told():
    result = document(row(True), None, "Could not be measured: no memory", None)
    assert result["verdict"] == "not measured"
    assert "no memory" in markdown([result])


def test_the_toy_spreads_and_stays_the_same():
    ours = toy.Contagion(5_000, 24)
    end = ours.run()
    assert np.array_equal(end, toy.Contagion(5_000, 24).run())
    spared = toy.Contagion(5_000, 24)
    spared.first, spared.second = np.zeros_like(ours.first), np.zeros_like(ours.second)
    assert 0.01 < spared.run().mean() < end.mean() < 0.5


def test_the_toy_is_the_rule_written_plainly():
    ours = toy.Contagion(400, 9)
    rate, until = -math.expm1(-toy.RATE), np.zeros(400)
    for i in range(400):
        words = randomness.four_words(ours.key, i, 0, randomness.TRAUMA, 0)
        if randomness.happens(words[0], toy.SHARE_AT_START):
            until[i] = -toy.MEAN_MONTHS * math.log(randomness.uniform(words[1]))
    for month in range(9):
        affected = until > month
        for tie, (i, j) in enumerate(zip(*toy.network(400), strict=True)):
            call = randomness.four_words(ours.key, tie // 4, month, randomness.WITNESS, 0)
            if affected[i] != affected[j] and randomness.happens(call[tie % 4], rate):
                other = j if affected[i] else i
                word = randomness.word(ours.key, other, month, randomness.TRAUMA, 1)
                until[other] = month - toy.MEAN_MONTHS * math.log(randomness.uniform(word))
    end = until > 8
    assert np.array_equal(ours.run(), end)
    assert 0 < end.sum() < 400


@pytest.mark.parametrize(
    ("gibibytes", "copies", "said"), [(22, 20, ""), (8, 8, "as many residents as England has")]
)
def test_as_many_counties_are_measured_as_fit(monkeypatch, gibibytes, copies, said):
    free = SimpleNamespace(available=gibibytes * 2**30)
    monkeypatch.setattr(speed.psutil, "virtual_memory", lambda: free)
    found, why = speed._most_copies()
    assert found == copies
    assert said in why and bool(why) == bool(said)


def test_where_not_even_two_counties_fit_it_is_told(monkeypatch):
    monkeypatch.setattr(
        speed.psutil, "virtual_memory", lambda: SimpleNamespace(available=2**30)
    )
    with pytest.raises(MemoryError, match=r"1\.0 GiB are free"):
        speed._most_copies()


def test_a_world_is_measured_in_a_process_of_its_own():
    found = child.ask("world", 0.002, 1)
    assert found["resident_months"] == 12 * found["residents"] > 12 * 5_000
    assert found["peak"] > 50e6
    assert 50 < found["bytes_of_tables"] < 300


def test_copies_of_the_county_are_as_many_counties():
    one, three = county(0.01), county(0.01, 3)
    assert three.full_population == 3 * one.full_population
    assert three.neighbourhoods["neighbourhood"].is_unique
    assert len({authority.code for authority in three.authorities}) == 3 * len(one.authorities)


def test_a_place_of_more_neighbourhoods_than_rows_can_hold_is_refused():
    with pytest.raises(InputError, match=r"67,041 in west_midlands_39.*at most 65,535"):
        setting_up.the_place(county(0.0001, 39), 0.0001)
