"""Switching values on differences whose zero is known."""

import numpy as np
import pytest

from vru_model.analysis.sensitivity.assumptions import Assumption
from vru_model.analysis.sensitivity.switching import At, judge, switching


def assumption(low=0.0, value=1.0, high=3.0):
    return Assumption("toy.x", "A toy", "share", "made up", "prior, judgement", value, low, high,
                      "triangular", -np.inf, np.inf)  # fmt: skip


class Toy:
    """A difference that is known everywhere, with an error by chance; counts how often it runs."""

    def __init__(self, function, error=0.0):
        self.function, self.error, self.asked = function, error, []

    def __call__(self, points):
        self.asked.append([point["toy.x"] for point in points])
        return [At(x, self.function(x), self.error) for x in self.asked[-1]]

    def found(self, **ends):
        one = assumption(**ends)
        central = At(np.nan, self.function(one.value), self.error)
        return switching([one], central, self)[0]


def test_a_straight_difference_flips_where_it_is_zero():
    found = Toy(lambda x: 2.0 - 0.8 * x).found()
    assert found.verdict == "flips" and found.value == pytest.approx(2.5)
    assert found.low == found.high == found.value
    assert found.words == "flips at 2.5 (2.5 to 2.5)"


def test_a_curve_is_followed_until_its_zero_is_found():
    toy = Toy(lambda x: 1.5 - np.exp(0.4 * x - 0.2))
    found = toy.found()
    truth = (np.log(1.5) + 0.2) / 0.4
    assert found.value == pytest.approx(truth, abs=0.03)
    assert toy.asked[0] == [0.0, 0.5, 2.0, 3.0] and len(toy.asked) <= 3


def test_the_zero_nearest_to_the_central_value_counts():
    found = Toy(lambda x: (x - 0.4) * (x - 2.8)).found()
    assert found.value == pytest.approx(0.4, abs=0.05)


def test_a_difference_that_keeps_its_sign_does_not_flip():
    toy = Toy(lambda x: 1.0 + x, error=0.2)
    found = toy.found()
    assert found.verdict == "does not flip" and np.isnan(found.value)
    assert found.words == "does not flip within its range" and len(toy.asked) == 1
    assert [at.value for at in found.profile] == [0.0, 0.5, 1.0, 2.0, 3.0]


def test_chance_widens_the_switching_value():
    found = Toy(lambda x: 2.0 - 0.8 * x, error=0.24).found()
    assert found.verdict == "flips"
    assert (found.low, found.high) == pytest.approx((2.2, 2.8), abs=0.01)


def test_what_chance_leaves_open_is_not_called_a_flip():
    crossing = Toy(lambda x: 2.0 - 0.7 * x, error=0.3).found()  # -0.1 at the high end
    assert crossing.verdict == "may flip" and crossing.value == pytest.approx(2.857, abs=0.01)
    assert crossing.high == pytest.approx(3.0)
    touching = Toy(lambda x: 2.0 - 0.6 * x, error=0.3).found()  # 0.2 at the high end
    assert touching.verdict == "may flip" and np.isnan(touching.value)
    assert touching.words == "may flip"


def test_a_comparison_that_is_undecided_has_nothing_to_flip():
    found = Toy(lambda x: 0.1 - x + 1.0, error=0.5).found()
    assert found.verdict == "undecided" and "undecided" in found.words


def test_a_comparison_that_goes_the_other_way_flips_too():
    found = judge(assumption(), [At(0.0, 1.0, 0.1), At(1.0, -1.0, 0.1), At(3.0, -2.0, 0.1)])
    assert found.verdict == "flips" and found.value == pytest.approx(0.5)


def test_a_central_value_at_an_end_is_run_once():
    toy = Toy(lambda x: 1.0 + x)
    toy.found(low=1.0)
    assert toy.asked == [[2.0, 3.0]]


def test_several_assumptions_are_run_together():
    first, second = assumption(), assumption(high=5.0)
    second = Assumption(**{**vars(second), "name": "toy.y"})
    asked = []

    def run(points):
        asked.append(points)
        return [At(next(iter(point.values())), 1.0, 0.1) for point in points]

    found = switching([first, second], At(np.nan, 1.0, 0.1), run)
    assert len(asked) == 1 and len(asked[0]) == 8
    assert [each.assumption.name for each in found] == ["toy.x", "toy.y"]
