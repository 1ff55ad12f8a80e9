"""The benchmarks judge what they measure, and the toy is the same contagion in every run."""

import numpy as np
import pytest

from vru_model.benchmarks import toy
from vru_model.benchmarks.places import county
from vru_model.benchmarks.rows import AIM, AT_LEAST, FALLS_SHORT, Measured, Row, document, markdown


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


def test_copies_of_the_county_are_as_many_counties():
    one, three = county(0.01), county(0.01, 3)
    assert three.full_population == 3 * one.full_population
    assert three.neighbourhoods["neighbourhood"].is_unique
    assert len({authority.code for authority in three.authorities}) == 3 * len(one.authorities)
