"""As many worlds as a precision takes: no fewer, not many more, and the same whatever is stored."""

from __future__ import annotations

from dataclasses import replace

import doubles
import pytest
from scipy import stats

from vru_model.errors import InputError
from vru_model.experiments import run_to_precision
from vru_model.experiments.adaptive import Estimate, estimate, next_replicates, reach
from vru_model.experiments.request import Request
from vru_model.experiments.runner import carry_out

ADMISSIONS = "expected_admissions"
BETTER = doubles.DoubleScenario("better", reduction=0.1)


def reach_double(out, wanted, *, scenario=BETTER, draws=1, cap=200, measures=(ADMISSIONS,)):
    requests = [
        Request(doubles.setting(one), draws, 1) for one in (scenario, doubles.DoubleScenario())
    ]
    computed = []

    def simulate(world, *asked):
        computed.append((world.setting.scenario.name, world.key.label))
        return doubles.simulate(world, *asked)

    def carry(request):
        return carry_out(request, doubles.ABOUT_PLACE, out, workers=1, simulate=simulate)

    precise = reach(*requests, wanted, measures, cap, carry)
    return precise, computed


def half_width_by_hand(precise, measure=ADMISSIONS):
    """Return half the 95% interval of the paired difference, and the baseline's total."""
    totals = [
        run.totals((), measures=[measure], roles=["victim"]).set_index(["draw", "replicate"])
        for run in (precise.base, precise.run)
    ]
    paired = (totals[0] - totals[1])["value"]
    by_replicate = paired.groupby("replicate").mean()
    half = stats.t.ppf(0.975, len(by_replicate) - 1) * stats.sem(by_replicate)
    return half, totals[0]["value"].mean()


@pytest.mark.parametrize("draws", [1, 3])
def test_it_stops_when_chance_leaves_little_enough_and_not_much_later(tmp_path, draws):
    precise, _ = reach_double(tmp_path, 0.001, draws=draws)
    (found,) = precise.estimates
    half, baseline = half_width_by_hand(precise)
    assert precise.reached and found.share <= 0.001
    assert found.half_width == pytest.approx(half) and found.baseline == pytest.approx(baseline)
    assert found.value == pytest.approx(0.1 * baseline)
    before = estimate(precise.run, precise.base, [ADMISSIONS], draws, precise.replicates // 2)
    assert before[0].share > 0.001


def test_half_the_error_takes_about_four_times_the_worlds(tmp_path):
    wide, _ = reach_double(tmp_path, 0.0016)
    narrow, _ = reach_double(tmp_path, 0.0008)
    assert 2 <= narrow.worlds / wide.worlds <= 8


def test_every_measure_has_to_be_precise_enough(tmp_path):
    one, _ = reach_double(tmp_path / "one", 0.002)
    both, _ = reach_double(tmp_path / "both", 0.002, measures=(ADMISSIONS, "incidents"))
    assert [found.measure for found in both.estimates] == [ADMISSIONS, "incidents"]
    assert both.worlds >= one.worlds
    assert all(found.share <= 0.002 for found in both.estimates)


def test_no_world_is_computed_twice_and_the_baseline_is_shared(tmp_path):
    precise, computed = reach_double(tmp_path, 0.001)
    assert len(computed) == len(set(computed)) == 2 * precise.worlds
    again, nothing = reach_double(tmp_path, 0.001)
    assert nothing == [] and again == precise
    much_better = replace(BETTER, name="much-better", reduction=0.15)
    other, computed = reach_double(tmp_path, 0.001, scenario=much_better)
    baseline = [label for name, label in computed if name == "baseline"]
    assert len(baseline) == max(other.worlds - precise.worlds, 0)


def test_worlds_on_disk_do_not_change_how_many_it_takes(tmp_path):
    fresh, _ = reach_double(tmp_path / "fresh", 0.001)
    for scenario in (BETTER, doubles.DoubleScenario()):
        doubles.run_double(tmp_path / "full", scenario, draws=1, replicates=40)
    stored, computed = reach_double(tmp_path / "full", 0.001)
    assert computed == []
    assert (stored.replicates, stored.estimates) == (fresh.replicates, fresh.estimates)


def test_it_stops_at_the_cap_and_says_so(tmp_path):
    precise, _ = reach_double(tmp_path, 1e-6, cap=10)
    assert precise.worlds == 10 and not precise.reached
    assert precise.sentences[-1].startswith("Not reached: 0.0001% takes more than the 10 worlds")


def test_the_baseline_alone_is_measured_by_its_own_mean(tmp_path):
    precise, _ = reach_double(tmp_path, 0.05, scenario=doubles.DoubleScenario())
    (found,) = precise.estimates
    assert precise.base is None and found.value == pytest.approx(found.baseline)
    paired, _ = reach_double(tmp_path, 0.05)
    assert paired.worlds <= precise.worlds


def test_draws_far_apart_do_not_count_as_chance(tmp_path):
    """The double's level differs by a fifth between draws; its chance does not grow with that."""
    few, _ = reach_double(tmp_path, 0.001, draws=2)
    many, _ = reach_double(tmp_path, 0.001, draws=8)
    assert many.replicates <= 2 * few.replicates


def test_the_next_number_of_replicates_follows_from_the_error():
    def at(share):
        return [Estimate("incidents", 1.0, 1.0, share, share)]

    assert next_replicates(10, 0.01, at(0.011)) == 13
    assert next_replicates(10, 0.01, at(0.5)) == 20
    assert next_replicates(10, 0.01, at(0.0101)) == 11
    assert next_replicates(4, 0.01, at(float("inf"))) == 8


def test_everything_wrong_is_listed_at_once_and_nothing_written(tmp_path):
    with pytest.raises(InputError) as caught:
        run_to_precision(
            "slw", precision="lots", measures=["admisions"], most=2, years=0, out=tmp_path / "new"
        )
    problems = {problem.name: problem for problem in caught.value.problems}
    assert {"precision", "measure", "most", "years"} <= set(problems)
    assert "did you mean 'admissions'" in problems["measure"].hint
    assert "'slow'" in str(caught.value)
    assert len(caught.value.problems) == len(set(caught.value.problems))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("given", "share"), [("0.5%", 0.005), (0.005, 0.005), ("0.02", 0.02)])
def test_a_precision_is_a_share_or_a_percentage(given, share, monkeypatch, tmp_path):
    seen = []
    monkeypatch.setattr(
        "vru_model.experiments.adaptive.reach", lambda *asked: seen.append(asked[2])
    )
    run_to_precision("baseline", precision=given, scale=0.001, years=1, out=tmp_path)
    assert seen == [pytest.approx(share)]
    with pytest.raises(TypeError, match="replicate"):
        run_to_precision("baseline", precision=given, replicate=3)
